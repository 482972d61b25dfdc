//! A workload's selector finds its own pods, and nobody else's.

use super::finding::{Findings, quoted};
use super::index::{Index, fits};
use super::workload::Form;
use std::collections::BTreeMap;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for workload in &index.workloads {
        let Some(selector) = workload.selector else { continue };
        let is_empty = selector.match_labels.as_ref().is_none_or(BTreeMap::is_empty)
            && selector.match_expressions.as_ref().is_none_or(Vec::is_empty);
        if is_empty {
            findings
                .error(workload.object, "spec.selector", "the selector is empty")
                .help("give it labels that the pod template carries");
            continue;
        }
        if !fits(selector, workload.labels()) {
            let missing =
                selector.match_labels.iter().flatten().find(|(key, value)| {
                    workload.labels().and_then(|l| l.get(*key)) != Some(value)
                });
            let message = match missing {
                Some((key, value)) => format!(
                    "the pod template does not carry the label {}",
                    quoted(&format!("{key}: {value}"))
                ),
                None => "the labels of the pod template do not fit the expressions".to_owned(),
            };
            findings
                .error(workload.object, "spec.selector", message)
                .help("a workload must select its own pods");
        }
        for other in index.selected(workload.namespace, selector) {
            if std::ptr::eq(other, workload) {
                continue;
            }
            let identity = other.object.identity();
            let message = format!("the selector matches the pods of `{identity}` as well");
            // Jobs and single pods keep their pods; only counting them is wrong.
            let finding = match other.form {
                Form::Controller => findings.error(workload.object, "spec.selector", message),
                Form::Job | Form::Pod => {
                    findings.warning(workload.object, "spec.selector", message)
                }
            };
            finding
                .help("give the pods of one of them another label, and select by it")
                .related(other.object);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, run, with};
    use serde_json::json;

    #[test]
    fn a_selector_must_match_its_pods() {
        assert_eq!(run([deployment(json!({}))]), findings([]));
        let wrong = json!({"spec": {"selector": {"matchLabels": {"app": "wbe"}}}});
        assert_eq!(
            run([with(deployment(json!({})), wrong)]),
            findings([
                "Deployment/web: spec.selector: the pod template does not carry the label `app: wbe`; a workload must select its own pods"
            ])
        );
        let empty = json!({"spec": {"selector": {"matchLabels": null}}});
        assert_eq!(
            run([with(deployment(json!({})), empty)]),
            findings([
                "Deployment/web: spec.selector: the selector is empty; give it labels that the pod template carries"
            ])
        );
        let expression = json!({"spec": {"selector": {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["back"]}]}}});
        assert_eq!(
            run([with(deployment(json!({})), expression)]),
            findings([
                "Deployment/web: spec.selector: the labels of the pod template do not fit the expressions; a workload must select its own pods"
            ])
        );
    }

    #[test]
    fn a_selector_must_not_match_the_pods_of_others() {
        let other = with(
            deployment(json!({})),
            json!({
                "metadata": {"name": "other"},
                "spec": {"selector": {"matchLabels": {"app": "web", "tier": "back"}}, "template": {"metadata": {"labels": {"tier": "back"}}}},
            }),
        );
        assert_eq!(
            run([deployment(json!({})), other.clone()]),
            findings([
                "Deployment/web: spec.selector: the selector matches the pods of `Deployment/other` as well; give the pods of one of them another label, and select by it"
            ])
        );
        let elsewhere = with(other, json!({"metadata": {"namespace": "b"}}));
        assert_eq!(run([deployment(json!({})), elsewhere]), findings([]));
    }
}
