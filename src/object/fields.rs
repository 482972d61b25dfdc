//! Fields that a kind does not have: found by comparing what was given with what is written.

use super::{Identity, Kind};
use crate::values::nearest::nearest as nearest_name;
use serde_json::Value;
use std::fmt;

/// A path into an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if key.contains(['.', '/', '[']) => write!(f, "[{key}]")?,
                Step::Key(key) if i == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl Path {
    /// The path that a JSON pointer takes through `value`, and one more key.
    pub(super) fn at_pointer(value: &Value, pointer: &str, key: Option<&str>) -> Self {
        let mut steps = Vec::new();
        let mut at = Some(value);
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            match (at, step.parse::<usize>()) {
                (Some(Value::Array(list)), Ok(index)) => {
                    at = list.get(index);
                    steps.push(Step::Index(index));
                }
                _ => {
                    at = at.and_then(|at| at.get(&step));
                    steps.push(Step::Key(step));
                }
            }
        }
        steps.extend(key.map(|key| Step::Key(key.to_owned())));
        Self(steps)
    }
}

/// The first field of `given` that `written` lacks.
///
/// Only presence counts: the typed form may write a value in another way (a number as a quantity),
/// and drops nulls and empty collections, which mean nothing to Kubernetes.
pub(super) fn lost(given: &Value, written: &Value) -> Option<Path> {
    let mut steps = Vec::new();
    find_lost(given, written, &mut steps).then_some(Path(steps))
}

fn find_lost(given: &Value, written: &Value, steps: &mut Vec<Step>) -> bool {
    match (given, written) {
        (Value::Object(given), Value::Object(written)) => given.iter().any(|(key, value)| {
            steps.push(Step::Key(key.clone()));
            let lost = match written.get(key) {
                Some(written) => find_lost(value, written, steps),
                None => !is_empty(value),
            };
            if !lost {
                steps.pop();
            }
            lost
        }),
        (Value::Array(given), Value::Array(written)) => {
            given.iter().zip(written).enumerate().any(|(index, (given, written))| {
                steps.push(Step::Index(index));
                let lost = find_lost(given, written, steps);
                if !lost {
                    steps.pop();
                }
                lost
            })
        }
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// The known field most similar to the last step of `path`, out of the kind's schema.
///
/// It builds the schema, so it is for the way to an error only.
pub(super) fn nearest(identity: &Identity, path: &Path) -> Option<String> {
    let kind = Kind::of(&identity.api_version, &identity.kind)?;
    nearest_in(&(kind.schema)().to_value(), path)
}

/// The same for a schema at hand.
pub(super) fn nearest_in(schema: &Value, path: &Path) -> Option<String> {
    let (Step::Key(last), before) = path.0.split_last()? else { return None };
    let mut at = schema;
    for step in before {
        at = match step {
            Step::Key(key) => resolve(schema, at.get("properties")?.get(key)?),
            Step::Index(_) => resolve(schema, at.get("items")?),
        };
    }
    let known = at.get("properties")?.as_object()?;
    nearest_name(last, known.keys().map(String::as_str)).map(str::to_owned)
}

/// Follows a local `$ref`, also where it stands inside a single `allOf`.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = match schema.get("allOf").and_then(Value::as_array) {
        Some(all) if all.len() == 1 => &all[0],
        _ => schema,
    };
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| root.pointer(reference.strip_prefix('#')?))
        .unwrap_or(schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn presence_counts_and_emptiness_does_not() {
        let written = json!({"a": {"b": "1"}, "l": [{"x": 1}]});
        assert_eq!(lost(&json!({"a": {"b": 1, "c": null, "d": {}}}), &written), None);
        let path = lost(&json!({"l": [{"x": 1, "y": 2}]}), &written).unwrap();
        assert_eq!(path.to_string(), "l[0].y");
    }
}
