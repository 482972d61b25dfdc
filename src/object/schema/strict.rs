//! Closes a schema: what it does not name is refused, as the API server does under strict field
//! validation.

use serde_json::{Map, Value, json};

/// Refuses unknown fields wherever a schema lists fields, gives ambiguous types their meaning, and
/// fails on a reference that leaves the document.
pub(super) fn close(schema: &mut Value) -> Result<(), String> {
    let Value::Object(schema) = schema else { return Ok(()) };
    if let Some(Value::String(reference)) = schema.get("$ref")
        && !reference.starts_with('#')
    {
        return Err(format!(
            "it refers to `{reference}`; only references within the schema are followed"
        ));
    }
    if is_true(schema, "x-kubernetes-int-or-string") {
        schema.insert("type".into(), json!(["number", "string"]));
        // Structural schemas say the same again as `anyOf`, with `integer` only.
        schema.remove("anyOf");
    }
    if is_true(schema, "nullable") {
        // Nulls are dropped before validation, as the API server drops them.
        schema.remove("enum");
    }
    let is_open = is_true(schema, "x-kubernetes-preserve-unknown-fields")
        || is_true(schema, "x-kubernetes-embedded-resource");
    if schema.contains_key("properties") && !schema.contains_key("additionalProperties") && !is_open
    {
        schema.insert("additionalProperties".into(), Value::Bool(false));
    }
    // Only where the value is a schema: a field may be called `items` as well.
    for key in ["properties", "definitions", "$defs"] {
        if let Some(Value::Object(schemas)) = schema.get_mut(key) {
            schemas.values_mut().try_for_each(close)?;
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(key) {
            close(inner)?;
        }
    }
    // Branches repeat a part of the fields to constrain them, so they stay open.
    for key in ["allOf", "anyOf", "oneOf"] {
        for inner in schema.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            refuse_references(inner)?;
        }
    }
    if let Some(inner) = schema.get("not") {
        refuse_references(inner)?;
    }
    Ok(())
}

fn refuse_references(schema: &Value) -> Result<(), String> {
    match schema {
        Value::Object(map) => match map.get("$ref") {
            Some(Value::String(reference)) if !reference.starts_with('#') => Err(format!(
                "it refers to `{reference}`; only references within the schema are followed"
            )),
            _ => map.values().try_for_each(refuse_references),
        },
        Value::Array(list) => list.iter().try_for_each(refuse_references),
        _ => Ok(()),
    }
}

/// Adds to a custom resource's schema what every object has.
pub(super) fn custom(mut schema: Value) -> Value {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for field in ["apiVersion", "kind"] {
            properties.entry(field).or_insert_with(|| json!({"type": "string"}));
        }
        // Held to its form when the object was read.
        properties.insert("metadata".into(), json!({"type": "object"}));
    }
    schema
}

/// Removes nulls from maps, which Kubernetes takes as absent.
pub(super) fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn is_true(schema: &Map<String, Value>, key: &str) -> bool {
    schema.get(key) == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lists_of_fields_are_closed() {
        let mut schema = json!({
            "properties": {
                "items": {"type": "array", "items": {"properties": {"a": {}}}},
                "labels": {"additionalProperties": {"type": "string"}},
                "any": {"x-kubernetes-preserve-unknown-fields": true, "properties": {"a": {}}},
            },
        });
        close(&mut schema).unwrap();
        assert_eq!(
            schema,
            json!({
                "properties": {
                    "items": {
                        "type": "array",
                        "items": {"properties": {"a": {}}, "additionalProperties": false},
                    },
                    "labels": {"additionalProperties": {"type": "string"}},
                    "any": {"x-kubernetes-preserve-unknown-fields": true, "properties": {"a": {}}},
                },
                "additionalProperties": false,
            })
        );
    }

    #[test]
    fn nulls_go() {
        let mut value = json!({"a": null, "b": {"c": null}, "d": [{"e": null}]});
        drop_nulls(&mut value);
        assert_eq!(value, json!({"b": {}, "d": [{}]}));
    }
}
