//! Objects of any kind, written in values as Kubernetes writes them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value as Json;
use std::borrow::Cow;

/// Any Kubernetes object, verbatim.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Verbatim(pub Json);

impl<'de> Deserialize<'de> for Verbatim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        // A traced run makes one out of a marker.
        if crate::trace::active() {
            return Ok(Self(json));
        }
        for pointer in ["/apiVersion", "/kind", "/metadata/name"] {
            if json.pointer(pointer).and_then(Json::as_str).unwrap_or_default().is_empty() {
                let field = pointer[1..].replace('/', ".");
                return Err(D::Error::custom(format!(
                    "expected a Kubernetes object, but it has no `{field}`"
                )));
            }
        }
        Ok(Self(json))
    }
}

impl JsonSchema for Verbatim {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Verbatim".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "A Kubernetes object",
            "properties": {
                "apiVersion": { "type": "string", "minLength": 1 },
                "kind": { "type": "string", "minLength": 1 },
                "metadata": {
                    "type": "object",
                    "properties": { "name": { "type": "string", "minLength": 1 } },
                    "required": ["name"],
                },
            },
            "required": ["apiVersion", "kind", "metadata"],
        })
    }
}
