//! Whole numbers with a range.

use crate::leaf::{Scalar, Whole};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident: $least:literal to $most:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(i64);

        impl $name {
            /// The number.
            pub fn get(self) -> i64 {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Number;
                impl Visitor<'_> for Number {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a whole number")
                    }
                    fn visit_i64<E: de::Error>(self, number: i64) -> Result<$name, E> {
                        if ($least..=$most).contains(&number) {
                            return Ok($name(number));
                        }
                        Err(E::custom(format!(
                            "expected a whole number from {} to {}, found `{number}`",
                            $least, $most
                        )))
                    }
                    fn visit_u64<E: de::Error>(self, number: u64) -> Result<$name, E> {
                        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
                    }
                }
                deserializer.deserialize_i64(Number)
            }
        }

        impl Scalar for $name {
            type Class = Whole;
            fn give(&self) -> i64 {
                self.0
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "integer", "minimum": $least, "maximum": $most })
            }
        }
    };
}

number! {
    /// The number of a port.
    PortNumber: 1 to 65_535
}

number! {
    /// How many, or how many seconds: none is allowed.
    Count: 0 to 2_147_483_647
}

number! {
    /// How many, or how many seconds: at least one.
    Positive: 1 to 2_147_483_647
}

number! {
    /// A user or group inside a container.
    UserId: 0 to 2_147_483_647
}
