//! Whole numbers with a range.

use crate::leaf::{Scalar, Whole};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::borrow::Cow;

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
                let number = i64::deserialize(deserializer)?;
                if ($least..=$most).contains(&number) {
                    return Ok(Self(number));
                }
                Err(D::Error::custom(format!(
                    "expected a whole number from {} to {}, found `{number}`",
                    $least, $most
                )))
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
