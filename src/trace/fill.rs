//! Makes a value of any type around one marker, so that the marker can be found again in the
//! object it becomes part of.
//!
//! A deserializer that answers every text and number with the marker. Of a struct it fills one
//! field, and goes on to the next field where the type refuses (a boolean cannot carry a marker).

use serde::de::value::Error;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess,
    SeqAccess, Visitor,
};
use std::cell::RefCell;

/// How many fields are tried before a type counts as one that cannot carry a marker.
const TRIES: usize = 500;

/// A value of the type with the marker in it; `None` where it has no place for one.
pub(super) fn fill<T: DeserializeOwned>(text: &str, whole: i64) -> Option<T> {
    let search = RefCell::new(Search::default());
    for _ in 0..TRIES {
        search.borrow_mut().restart();
        if let Ok(value) = T::deserialize(Fill { text, whole, search: &search }) {
            return Some(value);
        }
        if !search.borrow_mut().advance() {
            return None;
        }
    }
    None
}

/// Which field of each struct on the way is filled: a depth-first search.
#[derive(Default)]
struct Search {
    choice: Vec<usize>,
    fields: Vec<usize>,
    at: usize,
}

impl Search {
    fn restart(&mut self) {
        self.at = 0;
        self.fields.clear();
    }

    fn choose(&mut self, fields: usize) -> usize {
        self.fields.push(fields);
        if self.choice.len() <= self.at {
            self.choice.push(0);
        }
        self.at += 1;
        self.choice[self.at - 1]
    }

    fn advance(&mut self) -> bool {
        self.choice.truncate(self.fields.len());
        while let Some(last) = self.choice.last_mut() {
            *last += 1;
            if *last < self.fields[self.choice.len() - 1] {
                return true;
            }
            self.choice.pop();
        }
        false
    }
}

#[derive(Clone, Copy)]
struct Fill<'a> {
    text: &'a str,
    whole: i64,
    search: &'a RefCell<Search>,
}

impl<'de> Deserializer<'de> for Fill<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.text.to_owned())
    }

    fn deserialize_bool<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("a boolean cannot carry a marker"))
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(self.whole)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(self.whole)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Single { fill: self, key: None, done: false })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Single { fill: self, key: None, done: false })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let chosen = self.search.borrow_mut().choose(fields.len());
        visitor.visit_map(Single { fill: self, key: fields.get(chosen).copied(), done: false })
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        tuple tuple_struct enum identifier ignored_any
    }
}

/// One item, or one entry: of a struct the chosen field, of a map the marker as its key.
struct Single<'a> {
    fill: Fill<'a>,
    key: Option<&'static str>,
    done: bool,
}

impl<'de> MapAccess<'de> for Single<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if std::mem::replace(&mut self.done, true) {
            return Ok(None);
        }
        match self.key {
            Some(key) => seed.deserialize(key.into_deserializer()).map(Some),
            None => seed.deserialize(self.fill.text.to_owned().into_deserializer()).map(Some),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.fill)
    }
}

impl<'de> SeqAccess<'de> for Single<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if std::mem::replace(&mut self.done, true) {
            return Ok(None);
        }
        seed.deserialize(self.fill).map(Some)
    }
}
