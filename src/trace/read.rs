//! Builds the traced form of any values struct: a deserializer that answers each field with its
//! path.
//!
//! The expression of a place stands in a slot of the thread, and each leaf takes it from there
//! before it reads. Without an expression a leaf reads exactly as its plain type does.

use super::expr::{Expr, Type};
use super::tracer::Refusal;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use std::cell::{Cell, RefCell};

thread_local! {
    static SLOT: RefCell<Option<Expr>> = const { RefCell::new(None) };
    static TRACING: Cell<bool> = const { Cell::new(false) };
}

/// The expression that the leaf now being read should hold; `None` when values are read plain.
#[inline]
pub(crate) fn slot() -> Option<Expr> {
    if TRACING.get() { SLOT.take() } else { None }
}

/// The traced form of what stands at an expression.
///
/// # Errors
/// When the type cannot be traced.
pub(crate) fn at<'de, V: serde::Deserialize<'de>, E: serde::de::Error>(expr: Expr) -> Result<V, E> {
    let was = TRACING.replace(true);
    SLOT.set(Some(expr));
    let read = V::deserialize(Trace).map_err(E::custom);
    SLOT.set(None);
    TRACING.set(was);
    read
}

/// The traced form of a values struct whose fields stand below `path`.
///
/// # Errors
/// A field of a type that cannot be traced, by its path: bare `String`, `Vec`, `Option`, maps and
/// tuples, flattened structs, untagged and tagged enums. Use the leaves of [`crate::leaf`].
pub fn traced<V: DeserializeOwned>(path: &[&str]) -> Result<V, Refusal> {
    let path = path.iter().map(|&key| key.into()).collect();
    at::<V, Error>(Expr::Value(path, Type::Any)).map_err(|error| Refusal(error.to_string()))
}

/// Variants of an enum, learnt from how it reads itself.
pub(crate) fn variants<'de, T: serde::Deserialize<'de>>() -> Vec<(&'static str, T)> {
    let names = Cell::new(&[] as &[&str]);
    let mut all = Vec::new();
    while let Ok(value) = T::deserialize(Variant { nth: all.len(), names: &names }) {
        all.push((names.get()[all.len()], value));
    }
    all
}

struct Variant<'a> {
    nth: usize,
    names: &'a Cell<&'static [&'static str]>,
}

impl<'de> Deserializer<'de> for Variant<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("only an enum of names can be traced"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.names.set(names);
        let name = names.get(self.nth).ok_or_else(|| Error::custom("no more variants"))?;
        visitor.visit_enum(StrDeserializer::new(name))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Trace;

impl Trace {
    fn refuse<T>(what: &str) -> Result<T, Error> {
        let place = slot().map(|expr| expr.to_string()).unwrap_or_default();
        Err(Error::custom(format!("`{place}` is {what}, which cannot be traced")))
    }
}

macro_rules! refuse {
    ($($method:ident $what:literal),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
            Self::refuse($what)
        })*
    };
}

impl<'de> Deserializer<'de> for Trace {
    type Error = Error;

    refuse! {
        deserialize_any "an untagged or internally tagged type",
        deserialize_map "a flattened struct or a bare map (use `Map`)",
        deserialize_seq "a bare list (use `List`)",
        deserialize_option "a bare `Option` (use `Opt`)",
        deserialize_bool "a bare `bool` (use `Val<bool>`)",
        deserialize_string "a bare `String` (use `Text`)",
        deserialize_str "a bare string (use `Text`)",
        deserialize_i32 "a bare `i32` (use `Val<i32>`)",
        deserialize_i64 "a bare `i64` (use `Val<i64>`)",
        deserialize_u16 "a bare `u16` (use `Val<u16>`)",
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match slot() {
            Some(place) => visitor.visit_map(Fields { place, fields: fields.iter(), next: "" }),
            None => Self::refuse("read twice"),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        Self::refuse("a bare enum (use `One`)")
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Self::refuse("a tuple")
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        _: V,
    ) -> Result<V::Value, Error> {
        Self::refuse("a tuple")
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        drop(slot());
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i128 u8 u32 u64 u128 f32 f64 char bytes byte_buf unit identifier ignored_any
    }
}

struct Fields {
    place: Expr,
    fields: std::slice::Iter<'static, &'static str>,
    next: &'static str,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(name) = self.fields.next() else { return Ok(None) };
        self.next = name;
        seed.deserialize(StrDeserializer::<Error>::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        SLOT.set(self.place.field(self.next));
        let value = seed.deserialize(Trace);
        SLOT.set(None);
        value
    }
}
