//! Rendered objects: found by name, and compared field by field.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// `Kind/name`.
pub(crate) fn name(object: &Json) -> String {
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    format!("{}/{}", text(&object["kind"]), text(&object["metadata"]["name"]))
}

/// The names of all objects, in their order.
pub(crate) fn names(objects: &[Json]) -> Vec<String> {
    objects.iter().map(name).collect()
}

/// The object of a `Kind/name`.
#[track_caller]
pub(crate) fn get<'o>(objects: &'o [Json], wanted: &str) -> &'o Json {
    let found = objects.iter().find(|object| name(object) == wanted);
    found.unwrap_or_else(|| panic!("no {wanted} among {:?}", names(objects)))
}

/// The only container of a workload.
#[track_caller]
pub(crate) fn container(workload: &Json) -> &Json {
    let containers = workload["spec"]["template"]["spec"]["containers"].as_array().unwrap();
    assert_eq!(containers.len(), 1, "{workload}");
    &containers[0]
}

/// The pod templates, by the name of their workload.
pub(crate) fn pods(objects: &[Json]) -> BTreeMap<String, Json> {
    let workloads = objects.iter().filter(|o| !o["spec"]["template"].is_null());
    workloads.map(|o| (name(o), o["spec"]["template"].clone())).collect()
}

/// Every field that differs, a line each: `Deployment/web spec.replicas: 1 -> 2`. A checksum is
/// told without its digits.
pub(crate) fn difference(old: &[Json], new: &[Json]) -> Vec<String> {
    let by_name = |objects: &[Json]| -> BTreeMap<String, Json> {
        let all: BTreeMap<_, _> = objects.iter().map(|o| (name(o), o.clone())).collect();
        assert_eq!(all.len(), objects.len(), "two objects of one name");
        all
    };
    let (old, new) = (by_name(old), by_name(new));
    let mut lines = Vec::new();
    for (name, old) in &old {
        match new.get(name) {
            None => lines.push(format!("- {name}")),
            Some(new) => fields(name, "", old, new, &mut lines),
        }
    }
    lines.extend(new.keys().filter(|name| !old.contains_key(*name)).map(|n| format!("+ {n}")));
    lines
}

fn fields(object: &str, path: &str, old: &Json, new: &Json, lines: &mut Vec<String>) {
    let below = |key: &str| match path {
        "" => key.to_owned(),
        _ => format!("{path}.{key}"),
    };
    match (old, new) {
        _ if old == new => {}
        (Json::Object(old), Json::Object(new)) => {
            let mut keys: Vec<_> = old.keys().chain(new.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let field = |map: &serde_json::Map<_, _>| map.get(key).cloned().unwrap_or_default();
                fields(object, &below(key), &field(old), &field(new), lines);
            }
        }
        (Json::Array(old), Json::Array(new)) if old.len() == new.len() => {
            for (i, (old, new)) in old.iter().zip(new).enumerate() {
                fields(object, &format!("{path}[{i}]"), old, new, lines);
            }
        }
        _ if path.contains(".checksum/") && old.is_string() && new.is_string() => {
            lines.push(format!("{object} {path}"));
        }
        _ => lines.push(format!("{object} {path}: {old} -> {new}")),
    }
}
