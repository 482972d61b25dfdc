//! Labels, selectors and annotations are legal.

use super::finding::{Findings, quoted};
use super::index::Index;
use crate::model::naming::{LABEL_KEY, LABEL_VALUE, is_label_key, is_label_value};
use crate::object::Object;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use std::collections::BTreeMap;

/// How much all annotations of an object may hold together.
const MOST_ANNOTATIONS: usize = 256 * 1024;

/// Keys that were found legal: a render has a handful of them, a hundred thousand times.
#[derive(Default)]
struct Legal<'a>(Vec<&'a str>);

impl<'a> Legal<'a> {
    fn has(&mut self, key: &'a str) -> bool {
        const MOST: usize = 16;
        if self.0.contains(&key) {
            return true;
        }
        let legal = is_label_key(key);
        if legal && self.0.len() < MOST {
            self.0.push(key);
        }
        legal
    }
}

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    let mut known = Legal::default();
    for object in index.objects {
        metadata(object, object.metadata(), "metadata", &mut known, findings);
    }
    for workload in &index.workloads {
        if workload.metadata_path != "metadata"
            && let Some(pods) = workload.metadata
        {
            metadata(workload.object, pods, workload.metadata_path, &mut known, findings);
        }
        if let Some(matched) = workload.selector.and_then(|s| s.match_labels.as_ref()) {
            labels(workload.object, matched, "spec.selector.matchLabels", &mut known, findings);
        }
    }
    for service in &index.services {
        if let Some(selector) = service.it.spec.as_ref().and_then(|spec| spec.selector.as_ref()) {
            labels(service.object, selector, "spec.selector", &mut known, findings);
        }
    }
}

fn metadata<'a>(
    object: &'a Object,
    metadata: &'a ObjectMeta,
    path: &str,
    known: &mut Legal<'a>,
    findings: &mut Findings,
) {
    if let Some(list) = &metadata.labels {
        labels(object, list, &format_args!("{path}.labels"), known, findings);
    }
    let Some(annotations) = &metadata.annotations else { return };
    let mut size = 0;
    for (key, value) in annotations {
        size += key.len() + value.len();
        // The prefix of an annotation may be written in capitals.
        if !is_label_key(key) && !is_label_key(&key.to_ascii_lowercase()) {
            let field = format!("{path}.annotations");
            let message = format!("{} is not a legal key", quoted(key));
            findings.error(object, field, message).help(LABEL_KEY);
        }
    }
    if size > MOST_ANNOTATIONS {
        let message = format!("the annotations have {size} bytes, {MOST_ANNOTATIONS} are allowed");
        findings
            .error(object, format!("{path}.annotations"), message)
            .help("put long text into a ConfigMap");
    }
}

fn labels<'a>(
    object: &'a Object,
    labels: &'a BTreeMap<String, String>,
    path: &(impl std::fmt::Display + ?Sized),
    known: &mut Legal<'a>,
    findings: &mut Findings,
) {
    for (key, value) in labels {
        if !known.has(key) {
            let message = format!("{} is not a legal key", quoted(key));
            findings.error(object, path.to_string(), message).help(LABEL_KEY);
        }
        if !is_label_value(value) {
            let message =
                format!("{} is not a legal value of the label {}", quoted(value), quoted(key));
            findings.error(object, path.to_string(), message).help(LABEL_VALUE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, run, with};
    use serde_json::json;

    #[test]
    fn legal_and_illegal() {
        let web = with(
            deployment(json!({})),
            json!({"metadata": {"labels": {"a/b": "c"}, "annotations": {"Example.org/A": "anything at all"}}}),
        );
        assert!(run([web.clone()]).is_empty());
        let web = with(
            web,
            json!({
                "metadata": {"labels": {"-a": "b"}, "annotations": {"a b": ""}},
                "spec": {"template": {"metadata": {"labels": {"version": "1.0+build"}}}},
            }),
        );
        let found = run([web]);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].starts_with("Deployment/web: metadata.labels: `-a` is not a legal key; "));
        assert!(found[1].starts_with("Deployment/web: metadata.annotations: `a b` is not"));
        assert!(found[2].starts_with("Deployment/web: spec.template.metadata.labels: `1.0+build` is not a legal value of the label `version`; "));
    }

    #[test]
    fn annotations_have_a_limit() {
        let web = with(
            deployment(json!({})),
            json!({"metadata": {"annotations": {"a": "x".repeat(256 * 1024)}}}),
        );
        let found = run([web]);
        assert!(
            found[0].contains("the annotations have 262145 bytes, 262144 are allowed"),
            "{found:?}"
        );
    }
}
