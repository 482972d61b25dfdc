//! ConfigMaps and Secrets fit into the store, and their keys are legal.

use super::finding::{Findings, quoted};
use super::index::Index;
use crate::model::naming::is_config_key;
use crate::object::Object;

/// How much data a ConfigMap or Secret may hold.
const MOST_DATA: usize = 1024 * 1024;

/// How large any object may be: what etcd takes in one request.
const MOST_OBJECT: usize = 3 * 512 * 1024;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for map in &index.config_maps {
        let text = map.it.data.iter().flatten().map(|(key, value)| ("data", key, value.len()));
        let binary = map.it.binary_data.iter().flatten();
        let binary = binary.map(|(key, value)| ("binaryData", key, value.0.len()));
        data(map.object, text.chain(binary), findings);
        for key in map.it.data.iter().flatten().map(|(key, _)| key) {
            if map.it.binary_data.as_ref().is_some_and(|binary| binary.contains_key(key)) {
                let message = format!("{} stands in `data` as well", quoted(key));
                findings.error(map.object, "binaryData", message).help("keep one of the two");
            }
        }
    }
    for secret in &index.secrets {
        let bytes = secret.it.data.iter().flatten().map(|(key, v)| ("data", key, v.0.len()));
        let text = secret.it.string_data.iter().flatten();
        let text = text.map(|(key, value)| ("stringData", key, value.len()));
        data(secret.object, bytes.chain(text), findings);
    }
    // Only a verbatim object can be that large by itself: what builders make is bounded by its
    // data, which stands above, and by annotations.
    let mut text = Vec::new();
    for object in index.objects.iter().filter(|o| o.body().verbatim().is_some()) {
        text.clear();
        if object.write_json(&mut text).is_ok() && text.len() > MOST_OBJECT {
            let message = format!("the object has {} bytes, {MOST_OBJECT} are allowed", text.len());
            findings.error(object, "", message).help("split it");
        }
    }
}

fn data<'a>(
    object: &Object,
    entries: impl Iterator<Item = (&'static str, &'a String, usize)>,
    findings: &mut Findings,
) {
    let mut size = 0;
    for (field, key, length) in entries {
        size += length;
        if !is_config_key(key) {
            findings
                .error(object, field, format!("{} is not a legal key", quoted(key)))
                .help("a key is up to 253 letters, digits, `-`, `_` and `.`, not `.`, and does not start with `..`");
        }
    }
    if size > MOST_DATA {
        let message = format!("the data has {size} bytes, {MOST_DATA} are allowed");
        findings.error(object, "data", message).help("split it, or mount a volume");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, run};
    use serde_json::{Value, json};

    fn config(data: Value) -> Value {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": data})
    }

    #[test]
    fn data_has_a_limit_and_legal_keys() {
        assert_eq!(run([config(json!({"a.b": "x".repeat(1024 * 1024)}))]), findings([]));
        let found = run([config(json!({"a": "x".repeat(1024 * 1024), "b": "x"}))]);
        assert!(found[0].contains("the data has 1048577 bytes, 1048576 are allowed"), "{found:?}");
        let found = run([config(json!({"a/b": "x"}))]);
        assert!(found[0].starts_with("ConfigMap/c: data: `a/b` is not a legal key; "), "{found:?}");
    }
}
