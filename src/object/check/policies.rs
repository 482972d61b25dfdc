//! A network policy applies to pods that exist.

use super::finding::Findings;
use super::index::Index;
use k8s_openapi::api::networking::v1::NetworkPolicy;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for object in index.objects.iter().filter(|o| o.identity().kind == "NetworkPolicy") {
        let spec = object.get::<NetworkPolicy>().and_then(|policy| policy.spec.as_ref());
        let Some(selector) = spec.and_then(|spec| spec.pod_selector.as_ref()) else { continue };
        // A policy for all pods of a namespace is meant for those of others too.
        if selector.match_labels.is_none() && selector.match_expressions.is_none() {
            continue;
        }
        let namespace = object.identity().namespace.as_deref().unwrap_or_default();
        if index.selected(namespace, selector).is_empty() {
            findings
                .warning(object, "spec.podSelector", "no pods of the render carry these labels")
                .help("select by the labels of a pod template");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, object, run};
    use serde_json::{Value, json};

    fn policy(selector: Value) -> Vec<String> {
        let policy =
            object("networking.k8s.io/v1", "NetworkPolicy", json!({"podSelector": selector}));
        run([policy, deployment(json!({}))])
    }

    #[test]
    fn pods_are_found() {
        assert_eq!(policy(json!({})), findings([]));
        assert_eq!(policy(json!({"matchLabels": {"app": "web"}})), findings([]));
        assert_eq!(
            policy(json!({"matchLabels": {"app": "x"}})),
            findings([
                "warning: NetworkPolicy/web: spec.podSelector: no pods of the render carry these labels; select by the labels of a pod template"
            ])
        );
    }
}
