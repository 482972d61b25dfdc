//! The deserializer of a text that is no node: a key of a table, or what a source resolves to.

use super::{Context, Fault, Frame};
use crate::values::{At, Mistake};
use serde::de::{Deserializer, Visitor, value::StrDeserializer};
use serde::forward_to_deserialize_any;

/// Reads a text, as a number where one is asked for.
#[derive(Clone, Copy)]
pub(super) struct TextReader<'t, 'p> {
    pub(super) text: &'t str,
    pub(super) at: At,
    pub(super) frame: &'p Frame<'p>,
    pub(super) cx: &'p Context<'p>,
}

impl TextReader<'_, '_> {
    /// The result with its error noted.
    pub(super) fn settle<T>(&self, result: Result<T, Fault>) -> Result<T, Fault> {
        result.map_err(|fault| {
            let message = match fault {
                Fault::Noted => return Fault::Noted,
                Fault::Type(expected) => format!("expected {expected}, found a string"),
                Fault::Other(message) => message,
            };
            self.cx.note(Mistake::new(self.frame.path(), Some(self.at), message))
        })
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $expected:literal)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let result = match self.text.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Fault::Type($expected.to_owned())),
            };
            self.settle(result)
        })*
    };
}

impl<'de> Deserializer<'de> for TextReader<'_, '_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.settle(visitor.visit_str(self.text))
    }

    parsed! {
        deserialize_bool visit_bool "a boolean"
        deserialize_i8 visit_i8 "a whole number" deserialize_i16 visit_i16 "a whole number"
        deserialize_i32 visit_i32 "a whole number" deserialize_i64 visit_i64 "a whole number"
        deserialize_u8 visit_u8 "a whole number" deserialize_u16 visit_u16 "a whole number"
        deserialize_u32 visit_u32 "a whole number" deserialize_u64 visit_u64 "a whole number"
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.settle(visitor.visit_some(self))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.settle(visitor.visit_newtype_struct(self))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let text: StrDeserializer<'_, Fault> = StrDeserializer::new(self.text);
        self.settle(text.deserialize_enum(name, variants, visitor))
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct
        map struct identifier ignored_any
    }
}
