//! Texts that may be written as a reference: to another service, or to where a secret lies.

use crate::leaf::{Scalar, Str, Word};
use crate::trace::REFERABLE;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

macro_rules! referable {
    ($name:ident, $reference:literal) => {
        impl $name {
            /// What a reader of values is asked to resolve in its place.
            pub(crate) const REFERENCE: &'static str = $reference;
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Content;
                impl<'de> Visitor<'de> for Content {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a string")
                    }
                    fn visit_newtype_struct<D: Deserializer<'de>>(
                        self,
                        text: D,
                    ) -> Result<$name, D::Error> {
                        Str::deserialize(text).map(|Str(text)| $name(text))
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        Ok($name(text.to_owned()))
                    }
                }
                // The name tells the reader of values which kind of table it may resolve here.
                deserializer.deserialize_newtype_struct(concat!("$kgen::", $reference), Content)
            }
        }

        impl Scalar for $name {
            type Class = Word;
            fn give(&self) -> Cow<'_, str> {
                (&self.0).into()
            }
        }
    };
}

/// A text, or the URL of another service: `{ service = "mcp" }`, with `port` (the name of one of
/// its ports), `path` and `scheme` where the first port, no path and `http` are not meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting(String);
referable!(Setting, "service");

/// A secret text: the text itself, or where it comes from: `{ env = "NAME", default = ".." }`,
/// `{ file = "PATH" }`, `{ generate = 32 }` (made once, that many characters). Never shown by
/// `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);
referable!(Secret, "secret");

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl JsonSchema for Setting {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Setting".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "$comment": REFERABLE,
            "anyOf": [
                { "type": ["string", "integer", "boolean"] },
                {
                    "type": "object",
                    "description": "The URL of another service",
                    "properties": {
                        "service": {
                            "type": "string",
                            "description": "Its table in the values",
                        },
                        "port": { "type": "string", "description": "The name of its port" },
                        "path": { "type": "string", "description": "Put behind the port" },
                        "scheme": { "type": "string", "description": "`http` unless set" },
                    },
                    "required": ["service"],
                    "additionalProperties": false,
                },
            ]
        })
    }
}

impl JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "writeOnly": true,
            "$comment": REFERABLE,
            "anyOf": [
                { "type": ["string", "integer", "boolean"] },
                {
                    "type": "object",
                    "description": "An environment variable of whoever runs kgen",
                    "properties": {
                        "env": { "type": "string", "description": "Its name" },
                        "default": {
                            "type": "string",
                            "description": "Used where the variable is not set",
                        },
                    },
                    "required": ["env"],
                    "additionalProperties": false,
                },
                {
                    "type": "object",
                    "description": "The content of a file",
                    "properties": {
                        "file": { "type": "string", "description": "From the project directory" },
                    },
                    "required": ["file"],
                    "additionalProperties": false,
                },
                {
                    "type": "object",
                    "description": "Letters and digits, made once and kept in values/.secrets.toml",
                    "properties": {
                        "generate": {
                            "type": "integer",
                            "description": "How many characters",
                            "minimum": 8,
                            "maximum": 1024,
                        },
                    },
                    "required": ["generate"],
                    "additionalProperties": false,
                },
            ]
        })
    }
}
