//! A render for a test: objects written as JSON, findings read as text.

use super::{Severity, check, external::External};
use crate::object::{Object, Objects};
use serde_json::{Value, json};

/// The findings of a render without external objects.
pub(super) fn run<const N: usize>(objects: [Value; N]) -> Vec<String> {
    run_with([], objects)
}

/// The findings of a render, one line each; warnings say so.
pub(super) fn run_with<const N: usize, const M: usize>(
    external: [&str; M],
    objects: [Value; N],
) -> Vec<String> {
    let objects = objects.into_iter().map(|o| Object::verbatim(o).unwrap()).collect();
    check(&Objects::new(objects).unwrap(), &External::parse(external).unwrap())
        .iter()
        .map(|finding| match finding.severity {
            Severity::Error => finding.to_string(),
            Severity::Warning => format!("warning: {finding}"),
        })
        .collect()
}

/// What is expected of [`run`].
pub(super) fn findings<const N: usize>(list: [&str; N]) -> Vec<String> {
    list.into_iter().map(str::to_owned).collect()
}

/// An object of a kind named `web`, with a spec.
pub(super) fn object(api_version: &str, kind: &str, spec: Value) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "web"}, "spec": spec})
}

/// A Deployment named `web` of one container, with more fields in the container.
pub(super) fn deployment(container: Value) -> Value {
    let mut object = object(
        "apps/v1",
        "Deployment",
        json!({
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web", "tier": "front"}},
                "spec": {"containers": [{"name": "main", "image": "web:1"}]},
            },
        }),
    );
    merge(&mut object["spec"]["template"]["spec"]["containers"][0], container);
    object
}

/// The object with the fields of `more` set, maps merged.
pub(super) fn with(mut object: Value, more: Value) -> Value {
    merge(&mut object, more);
    object
}

fn merge(target: &mut Value, more: Value) {
    match (target, more) {
        (Value::Object(target), Value::Object(more)) => {
            for (key, value) in more {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
        (target, more) => *target = more,
    }
}
