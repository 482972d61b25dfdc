//! A disruption budget covers pods, and leaves room to drain a node.

use super::finding::Findings;
use super::index::Index;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for object in index.objects.iter().filter(|o| o.identity().kind == "PodDisruptionBudget") {
        let Some(spec) = object.get::<PodDisruptionBudget>().and_then(|b| b.spec.as_ref()) else {
            continue;
        };
        if spec.min_available.is_some() && spec.max_unavailable.is_some() {
            findings
                .error(object, "spec", "`minAvailable` and `maxUnavailable` exclude each other")
                .help("keep one of the two");
        }
        let Some(selector) = &spec.selector else { continue };
        let namespace = object.identity().namespace.as_deref().unwrap_or_default();
        let pods = index.selected(namespace, selector);
        if pods.is_empty() {
            findings
                .error(object, "spec.selector", "no pods of the render carry these labels")
                .help("select by the labels of a pod template");
            continue;
        }
        if is(spec.max_unavailable.as_ref(), 0, "0%") {
            findings
                .warning(
                    object,
                    "spec.maxUnavailable",
                    "no pod may ever be away, so that no node can be drained",
                )
                .help("allow 1");
        }
        let Some(available) = &spec.min_available else { continue };
        // One workload of unknown size (an autoscaler's) makes the sum unknown.
        let replicas = pods.iter().map(|workload| workload.replicas).sum::<Option<i32>>();
        let blocks = match (available, replicas) {
            (IntOrString::Int(least), Some(replicas)) => *least >= replicas,
            (IntOrString::String(percent), _) => percent == "100%",
            (IntOrString::Int(_), None) => false,
        };
        if blocks {
            let message = match (available, replicas) {
                (IntOrString::Int(least), Some(replicas)) => {
                    format!(
                        "`{least}` of {replicas} replicas must stay, so that no node can be drained"
                    )
                }
                _ => "all replicas must stay, so that no node can be drained".to_owned(),
            };
            findings
                .warning(object, "spec.minAvailable", message)
                .help("lower it, or raise `replicas`");
        }
    }
}

fn is(value: Option<&IntOrString>, number: i32, percent: &str) -> bool {
    match value {
        Some(IntOrString::Int(value)) => *value == number,
        Some(IntOrString::String(value)) => value == percent,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, object, run, with};
    use serde_json::{Value, json};

    fn budget(labels: Value, more: Value) -> Vec<String> {
        let spec = with(json!({"selector": {"matchLabels": labels}}), more);
        let web = with(deployment(json!({})), json!({"spec": {"replicas": 2}}));
        run([object("policy/v1", "PodDisruptionBudget", spec), web])
    }

    #[test]
    fn pods_are_covered_and_can_move() {
        assert_eq!(budget(json!({"app": "web"}), json!({"minAvailable": 1})), findings([]));
        assert_eq!(budget(json!({"app": "web"}), json!({"maxUnavailable": 1})), findings([]));
        assert_eq!(
            budget(json!({"app": "x"}), json!({"minAvailable": 1})),
            findings([
                "PodDisruptionBudget/web: spec.selector: no pods of the render carry these labels; select by the labels of a pod template"
            ])
        );
        assert_eq!(
            budget(json!({"app": "web"}), json!({"minAvailable": 2})),
            findings([
                "warning: PodDisruptionBudget/web: spec.minAvailable: `2` of 2 replicas must stay, so that no node can be drained; lower it, or raise `replicas`"
            ])
        );
        assert_eq!(budget(json!({"app": "web"}), json!({"minAvailable": "100%"})).len(), 1);
        assert_eq!(budget(json!({"app": "web"}), json!({"maxUnavailable": 0})).len(), 1);
    }
}
