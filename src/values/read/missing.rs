//! The deserializer of what is not there.

use super::{Context, Fault, Frame, access::StructReader};
use crate::values::{At, Mistake};
use serde::de::{
    Deserializer, Visitor,
    value::{MapDeserializer, SeqDeserializer},
};

/// Reads as `None`, an empty collection, a struct of missing fields; anything else is a mistake.
#[derive(Clone, Copy)]
pub(super) struct Missing<'p> {
    /// The table around it, or the null in its place.
    pub(super) at: At,
    pub(super) why: Why,
    pub(super) frame: &'p Frame<'p>,
    pub(super) cx: &'p Context<'p>,
}

/// Why nothing is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Nobody wrote it.
    Absent,
    /// A null stands in its place.
    Null,
    /// Something of another kind stands in its place, and that is told already: what is read
    /// from here on only keeps the rest going.
    Told,
}

impl Missing<'_> {
    /// The mistake of a value that must be there.
    pub(super) fn absent(&self, expected: &str) -> Fault {
        let path = self.frame.path();
        let message = match self.why {
            Why::Told => return self.cx.told(),
            Why::Null => format!("null where {expected} is expected"),
            Why::Absent => format!("missing: expected {expected}"),
        };
        let help = format!("set `{path}`");
        self.cx.note(Mistake::new(path, Some(self.at), message).help(help))
    }

    /// Tells of a table that is not there once, not for each field that it must have.
    fn tell_once(&self, before: usize) {
        let mut mistakes = self.cx.mistakes.borrow_mut();
        if mistakes.len() < before + 2 {
            return;
        }
        let path = self.frame.path();
        let below = |m: &Mistake| m.path.strip_prefix(&format!("{path}.")).map(str::to_owned);
        let fields: Vec<String> = mistakes.drain(before..).filter_map(|m| below(&m)).collect();
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        mistakes.push(Mistake::new(&path, Some(self.at), "missing: expected a table").help(
            format!(
                "null deletes a table with its defaults; leave it out, or set {}",
                crate::values::nearest::names(&fields)
            ),
        ));
    }

    /// The result with its error noted.
    pub(super) fn settle<T>(&self, result: Result<T, Fault>) -> Result<T, Fault> {
        result.map_err(|fault| match fault {
            Fault::Noted => Fault::Noted,
            _ if self.why == Why::Told => self.cx.told(),
            Fault::Type(expected) => self.absent(&expected),
            Fault::Other(message) => {
                self.cx.note(Mistake::new(self.frame.path(), Some(self.at), message))
            }
        })
    }
}

macro_rules! absent {
    ($($method:ident $expected:literal)*) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fault> {
            Err(self.absent($expected))
        })*
    };
}

impl<'de> Deserializer<'de> for Missing<'_> {
    type Error = Fault;

    absent! {
        deserialize_bool "a boolean"
        deserialize_i8 "a whole number" deserialize_i16 "a whole number"
        deserialize_i32 "a whole number" deserialize_i64 "a whole number"
        deserialize_i128 "a whole number"
        deserialize_u8 "a whole number" deserialize_u16 "a whole number"
        deserialize_u32 "a whole number" deserialize_u64 "a whole number"
        deserialize_u128 "a whole number"
        deserialize_f32 "a number" deserialize_f64 "a number"
        deserialize_char "a character" deserialize_str "a string" deserialize_string "a string"
        deserialize_bytes "a string" deserialize_byte_buf "a string"
        deserialize_identifier "a string"
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.settle(visitor.visit_unit())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.settle(visitor.visit_none())
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.settle(visitor.visit_unit())
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.settle(visitor.visit_newtype_struct(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let none: SeqDeserializer<_, Fault> = SeqDeserializer::new(std::iter::empty::<()>());
        self.settle(visitor.visit_seq(none))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Err(self.absent("a list"))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let none: MapDeserializer<'_, _, Fault> =
            MapDeserializer::new(std::iter::empty::<((), ())>());
        self.settle(visitor.visit_map(none))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let before = self.cx.mistakes.borrow().len();
        let result = self.settle(visitor.visit_map(StructReader::absent(self, fields)));
        self.tell_once(before);
        result
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Fault> {
        Err(self.absent(&format!("one of {}", crate::values::nearest::names(variants))))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }
}
