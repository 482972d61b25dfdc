//! Offline validation: objects against the schema of the Kubernetes version kgen is built with.
//!
//! The schemas come out of k8s-openapi, so nothing is fetched; those of custom resources come out
//! of definitions in the same render. Both are closed: a field that they do not name is an error.
//! Compiling them costs milliseconds a kind, so this is for `kgen check`, not for a render.

mod strict;

use super::check::{Finding, Severity};
use super::fields::{self, Path};
use super::{Identity, Kind, Object, ObjectError, Objects};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Validator};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde_json::Value;
use std::collections::HashMap;

/// What became of a validation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validated {
    /// What does not fit its schema, in the order of the objects.
    pub findings: Vec<Finding>,
    /// Objects of kinds that no schema is known of: they were not validated.
    pub skipped: Vec<Identity>,
}

/// Validates every object against the schema of its kind.
///
/// # Errors
/// If an object refuses to be serialised.
pub fn validate(objects: &Objects) -> Result<Validated, ObjectError> {
    let mut schemas = Schemas { custom: definitions(objects), compiled: HashMap::new() };
    let mut validated = Validated::default();
    for object in objects {
        match schemas.of(object.identity()) {
            None => validated.skipped.push(object.identity().clone()),
            Some(Ok(schema)) => check(object, schema, &mut validated.findings)?,
            Some(Err(reason)) => validated.findings.push(finding(
                object,
                String::new(),
                format!("the schema of its definition is refused: {reason}"),
            )),
        }
    }
    Ok(validated)
}

type Key = (String, String);

/// The schemas of a run, each compiled when its first object comes.
struct Schemas {
    custom: HashMap<Key, Value>,
    compiled: HashMap<Key, Option<Result<Schema, String>>>,
}

struct Schema {
    source: Value,
    validator: Validator,
}

impl Schemas {
    fn of(&mut self, identity: &Identity) -> Option<Result<&Schema, &str>> {
        let key = (identity.api_version.to_string(), identity.kind.to_string());
        let custom = &self.custom;
        let entry = self.compiled.entry(key).or_insert_with_key(|key| {
            let source = match Kind::of(&key.0, &key.1) {
                Some(kind) => (kind.schema)().to_value(),
                None => custom.get(key)?.clone(),
            };
            Some(compile(source))
        });
        entry.as_ref().map(|schema| schema.as_ref().map_err(String::as_str))
    }
}

/// Compiles a schema that stands by itself: jsonschema is built without its resolvers, and a
/// reference that leaves the document is refused before it could look for one.
fn compile(mut source: Value) -> Result<Schema, String> {
    strict::close(&mut source)?;
    let validator = jsonschema::options()
        .with_draft(Draft::Draft7)
        .should_validate_formats(false)
        .build(&source)
        .map_err(|error| error.to_string())?;
    Ok(Schema { source, validator })
}

/// The schemas that the custom resource definitions of a render hold.
fn definitions(objects: &Objects) -> HashMap<Key, Value> {
    let mut schemas = HashMap::new();
    for definition in objects.iter().filter_map(Object::get::<CustomResourceDefinition>) {
        let spec = &definition.spec;
        for version in &spec.versions {
            let schema = version.schema.as_ref().and_then(|s| s.open_api_v3_schema.as_ref());
            if let Some(Ok(schema)) = schema.map(serde_json::to_value) {
                let api_version = format!("{}/{}", spec.group, version.name);
                let schema = strict::custom(schema);
                schemas.insert((api_version, spec.names.kind.clone()), schema);
            }
        }
    }
    schemas
}

fn check(object: &Object, schema: &Schema, findings: &mut Vec<Finding>) -> Result<(), ObjectError> {
    let mut value = object.to_value()?;
    strict::drop_nulls(&mut value);
    let first = findings.len();
    for error in schema.validator.iter_errors(&value) {
        let pointer = error.instance_path().as_str();
        if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
            for field in unexpected {
                let path = Path::at_pointer(&value, pointer, Some(field));
                let kind = &object.identity().kind;
                let mut finding =
                    finding(object, path.to_string(), format!("{kind} has no such field"));
                finding.help = fields::nearest_in(&schema.source, &path)
                    .map(|near| format!("did you mean `{near}`?"));
                findings.push(finding);
            }
        } else {
            let path = Path::at_pointer(&value, pointer, None).to_string();
            // The validator's words quote the value, which may be a secret.
            let message = match object.is_secret() {
                true => error.masked().to_string(),
                false => error.to_string(),
            };
            findings.push(finding(object, path, message));
        }
    }
    // The validator promises no order.
    findings[first..].sort_by(|a, b| (&a.field, &a.message).cmp(&(&b.field, &b.message)));
    Ok(())
}

fn finding(object: &Object, field: String, message: String) -> Finding {
    let identity = object.identity().clone();
    let severity = Severity::Error;
    Finding { severity, object: identity, field, message, help: None, related: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn run<const N: usize>(objects: [Value; N]) -> Validated {
        let objects = objects.into_iter().map(|o| Object::verbatim(o).unwrap()).collect();
        validate(&Objects::new(objects).unwrap()).unwrap()
    }

    fn texts<const N: usize>(objects: [Value; N]) -> Vec<String> {
        run(objects).findings.iter().map(ToString::to_string).collect()
    }

    fn deployment(container: Value) -> Value {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "web", "labels": {"a": "b"}, "creationTimestamp": null},
            "spec": {
                "selector": {"matchLabels": {"a": "b"}},
                "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}},
                "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [container]}},
            },
        })
    }

    #[test]
    fn a_sound_object_passes() {
        let sound = json!({"name": "a", "image": "b", "resources": {"limits": {"cpu": 0.5, "memory": "1Gi"}}});
        assert_eq!(run([deployment(sound)]), Validated::default());
    }

    #[test]
    fn unknown_and_missing_fields_and_wrong_types() {
        let bad = deployment(json!({"imag": "b", "ports": [{"containerPort": "http"}]}));
        assert_eq!(
            texts([bad]),
            [
                "Deployment/web: spec.template.spec.containers[0]: \"name\" is a required property",
                "Deployment/web: spec.template.spec.containers[0].imag: Deployment has no such field; did you mean `image`?",
                "Deployment/web: spec.template.spec.containers[0].ports[0].containerPort: \"http\" is not of type \"integer\"",
            ]
        );
    }

    #[test]
    fn a_secret_is_not_quoted() {
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": "hunter2"});
        assert_eq!(texts([secret]), ["Secret/s: stringData: value is not of type \"object\""]);
    }

    #[test]
    fn every_schema_of_the_table_compiles() {
        for kind in crate::object::KINDS {
            let schema = compile((kind.schema)().to_value());
            assert!(schema.is_ok(), "{}: {:?}", kind.kind, schema.err());
        }
    }

    fn definition(spec: Value) -> Value {
        json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "widgets.example.org"},
            "spec": {
                "group": "example.org", "scope": "Namespaced",
                "names": {"kind": "Widget", "plural": "widgets"},
                "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                    "type": "object", "properties": {"spec": spec},
                }}}],
            },
        })
    }

    fn widget(spec: Value) -> Value {
        json!({"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": spec})
    }

    #[test]
    fn custom_resources_are_held_to_their_definition() {
        assert_eq!(run([widget(json!({}))]).skipped.len(), 1);
        let size =
            || definition(json!({"type": "object", "properties": {"size": {"type": "integer"}}}));
        assert_eq!(run([size(), widget(json!({"size": 1}))]), Validated::default());
        assert_eq!(
            texts([size(), widget(json!({"sise": 1}))]),
            ["Widget/w: spec.sise: Widget has no such field; did you mean `size`?"]
        );
    }

    #[test]
    fn a_reference_out_of_the_document_is_refused() {
        for reference in ["file:///etc/passwd", "https://example.org/schema.json", "other.json"] {
            let found = texts([definition(json!({"$ref": reference})), widget(json!({}))]);
            assert!(found[0].contains("the schema of its definition is refused"), "{found:?}");
        }
    }
}
