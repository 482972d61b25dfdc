//! Amounts of a resource.

use super::amount::Amount;
use crate::leaf::{Scalar, Word};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

/// An amount as Kubernetes writes it: `250m`, `0.5`, `512Mi`, `1e3`. Kept as it was written; a
/// number is kept as its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity(String);

impl Quantity {
    /// The quantity, if the text is one.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.parse::<Amount>() {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => {
                Err(format!("expected a quantity like `250m`, `0.5` or `512Mi`, found `{text}`"))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Amount;
        impl Visitor<'_> for Amount {
            type Value = Quantity;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a quantity like `250m`, `0.5` or `512Mi`")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Quantity, E> {
                Quantity::parse(text).map_err(E::custom)
            }
            fn visit_i64<E>(self, number: i64) -> Result<Quantity, E> {
                Ok(Quantity(number.to_string()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Quantity, E> {
                Ok(Quantity(number.to_string()))
            }
            // Between these bounds Go and Rust write a number alike, without an exponent.
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Quantity, E> {
                if number == 0.0 || (1e-6..1e21).contains(&number.abs()) {
                    Ok(Quantity(number.to_string()))
                } else {
                    Err(E::custom(format!("the number `{number}` is too small or large; quote it")))
                }
            }
        }
        deserializer.deserialize_any(Amount)
    }
}

impl Scalar for Quantity {
    type Class = Word;
    fn give(&self) -> Cow<'_, str> {
        (&self.0).into()
    }
}

impl JsonSchema for Quantity {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Quantity".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "number"],
            "pattern": "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?$",
            "examples": ["250m", "0.5", 1, 0.25, "512Mi", "1e3"],
        })
    }
}
