//! Names of objects are legal for their kind, and only namespaced kinds have a namespace.

use super::finding::{Findings, quoted};
use super::index::Index;
use crate::model::naming::Rule;
use crate::object::Identity;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for object in index.objects {
        let identity = object.identity();
        if identity.name.is_empty() {
            findings
                .error(object, "metadata.name", "the object has no name")
                .help("kgen manages objects by their names; `generateName` is not supported");
            continue;
        }
        let (rule, most, why) = rule(identity);
        if let Some(broken) = rule.broken_by(&identity.name) {
            let message = format!("{} is not a legal name: it {broken}", quoted(&identity.name));
            findings.error(object, "metadata.name", message);
        } else if identity.name.len() > most {
            let length = identity.name.len();
            let message =
                format!("{} has {length} characters, {most} are allowed", quoted(&identity.name));
            findings.error(object, "metadata.name", message).help(why);
        }
        let Some(namespace) = &identity.namespace else { continue };
        if let Some(broken) = Rule::Label.broken_by(namespace) {
            let message = format!("{} is not a legal name: it {broken}", quoted(namespace));
            findings.error(object, "metadata.namespace", message);
        }
        if object.kind().is_some_and(|kind| !kind.namespaced) {
            let message = format!("a {} is not in a namespace", identity.kind);
            findings.error(object, "metadata.namespace", message).help("remove the field");
        }
    }
}

/// The rule for a kind's names, the length beyond which it fails for another reason, and that.
fn rule(identity: &Identity) -> (Rule, usize, &'static str) {
    const ANY: usize = usize::MAX;
    match (identity.kind.as_ref(), identity.group()) {
        ("Service", "") => (Rule::Host, ANY, ""),
        ("Namespace", "") => (Rule::Label, ANY, ""),
        ("Job", "batch") => (Rule::Subdomain, 63, "its pods carry the name as a label's value"),
        ("StatefulSet", "apps") => {
            (Rule::Subdomain, 63, "its pods carry the name in a label and in their host names")
        }
        ("CronJob", "batch") => {
            (Rule::Subdomain, 52, "its jobs add 11 characters to the name, and have 63")
        }
        (_, "rbac.authorization.k8s.io") => (Rule::Segment, ANY, ""),
        _ => (Rule::Subdomain, ANY, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, run};
    use serde_json::{Value, json};

    fn named(api_version: &str, kind: &str, name: &str) -> Value {
        json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}})
    }

    #[test]
    fn legal_names() {
        let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "system:A"}});
        assert_eq!(run([role, named("v1", "ConfigMap", "a.b")]), findings([]));
    }

    #[test]
    fn illegal_names() {
        let long = "x".repeat(53);
        let cron = json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": long}, "spec": {
            "schedule": "* * * * *", "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "b"}]}}}},
        }});
        let mut space = named("v1", "Namespace", "a");
        space["metadata"]["namespace"] = json!("B");
        assert_eq!(
            run([named("v1", "ConfigMap", "A_b"), named("v1", "Service", "1.a"), cron, space]),
            findings([
                "Namespace/B/a: metadata.namespace: `B` is not a legal name: it must consist of lowercase letters, digits and `-`, and start and end with a letter or digit",
                "Namespace/B/a: metadata.namespace: a Namespace is not in a namespace; remove the field",
                "ConfigMap/A_b: metadata.name: `A_b` is not a legal name: it must consist of lowercase letters, digits, `-` and `.`, and start and end with a letter or digit",
                "Service/1.a: metadata.name: `1.a` is not a legal name: it must consist of lowercase letters, digits and `-`, start with a letter, and end with a letter or digit",
                &format!(
                    "CronJob/{long}: metadata.name: `{long}` has 53 characters, 52 are allowed; its jobs add 11 characters to the name, and have 63"
                ),
            ])
        );
    }
}
