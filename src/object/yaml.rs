//! Objects as YAML: the layout is ours, for speed; what a text looks like is serde-saphyr's.
//!
//! A serialiser for any value looks long at every key and text, and most of those in a render are
//! plain words: names of fields, labels, images. Here a plain word goes out as it is, after a short
//! look, and every other text is written by serde-saphyr. Tests hold the two to the same bytes.
//! What Kubernetes objects do not hold (lists in lists, floats, enums with data) is left to
//! serde-saphyr as a whole.

use serde::Serialize;
use serde::ser::{self, Impossible, Serializer};
use std::fmt::{self, Write as _};

/// How objects are written as YAML.
///
/// Block scalars stay off: they are the one form in which a string can come out that Go reads back
/// as another (a block that starts with a tab), and folding would break long lines. Lists are not
/// indented below their key, as kubectl and Go print them.
fn options() -> serde_saphyr::SerializerOptions {
    serde_saphyr::ser_options! {
        prefer_block_scalars: false,
        compact_list_indent: true,
    }
}

/// Appends a value as a document without a separator.
///
/// # Errors
/// The value's own words, where it refuses to be written.
pub(super) fn write<T: Serialize>(value: &T, out: &mut String) -> Result<(), String> {
    let start = out.len();
    match value.serialize(Node { out, indent: 0, place: Place::Document }) {
        Ok(()) => Ok(()),
        Err(Stop::Refused(why)) => Err(why),
        Err(Stop::Unusual) => {
            out.truncate(start);
            slow(value, out)
        }
    }
}

fn slow<T: Serialize>(value: &T, out: &mut String) -> Result<(), String> {
    serde_saphyr::to_fmt_writer_with_options(out, value, options()).map_err(|e| e.to_string())
}

/// Why a value was not written.
#[derive(Debug)]
enum Stop {
    /// It is of a form that Kubernetes objects do not have.
    Unusual,
    /// It refuses itself.
    Refused(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusual => f.write_str("of a form that Kubernetes objects do not have"),
            Self::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Stop {}

impl ser::Error for Stop {
    fn custom<T: fmt::Display>(why: T) -> Self {
        Self::Refused(why.to_string())
    }
}

/// What stands before a value.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Nothing.
    Document,
    /// `key:`
    Value,
    /// `- `
    Item,
    /// A key is written here; only texts are keys of Kubernetes objects.
    Key,
}

/// A value about to be written.
struct Node<'o> {
    out: &'o mut String,
    /// The column of the keys or dashes around it.
    indent: usize,
    place: Place,
}

impl<'o> Node<'o> {
    fn scalar(self, write: impl FnOnce(&mut String) -> Result<(), Stop>) -> Result<(), Stop> {
        match self.place {
            Place::Document | Place::Key => return Err(Stop::Unusual),
            Place::Value => self.out.push(' '),
            Place::Item => {}
        }
        write(self.out)?;
        self.out.push('\n');
        Ok(())
    }

    fn whole(self, number: impl fmt::Display) -> Result<(), Stop> {
        self.scalar(|out| write!(out, "{number}").map_err(|_| Stop::Unusual))
    }

    /// The entries or items below this value, at a column.
    fn block(self, indent: usize) -> Block<'o> {
        Block { out: self.out, indent, place: self.place, empty: true }
    }

    fn entries(self) -> Result<Block<'o>, Stop> {
        let indent = match self.place {
            Place::Document => 0,
            Place::Value | Place::Item => self.indent + 2,
            Place::Key => return Err(Stop::Unusual),
        };
        Ok(self.block(indent))
    }
}

/// A map or list being written; nothing of it stands there before its first entry.
struct Block<'o> {
    out: &'o mut String,
    indent: usize,
    place: Place,
    empty: bool,
}

impl Block<'_> {
    /// Goes to where the next entry or item begins.
    fn next(&mut self) {
        if std::mem::replace(&mut self.empty, false) {
            match self.place {
                Place::Value => self.out.push('\n'),
                // The first entry stands behind the dash.
                Place::Item => return,
                Place::Document | Place::Key => {}
            }
        }
        self.out.extend(std::iter::repeat_n(' ', self.indent));
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Stop> {
        self.next();
        key.serialize(Node { out: self.out, indent: self.indent, place: Place::Key })?;
        self.out.push(':');
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        value.serialize(Node { out: self.out, indent: self.indent, place: Place::Value })
    }

    fn end(self, nothing: &str) -> Result<(), Stop> {
        if self.empty {
            if self.place == Place::Value {
                self.out.push(' ');
            }
            self.out.push_str(nothing);
            self.out.push('\n');
        }
        Ok(())
    }
}

/// A key: a text that is plain as a value may still be quoted as a key.
fn key(key: &str, out: &mut String) -> Result<(), Stop> {
    let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'-');
    if key.bytes().all(word) && plain(key) {
        out.push_str(key);
    } else {
        let text = slow_text(&Single(key, ()))?;
        out.push_str(text.strip_suffix(": null\n").ok_or(Stop::Unusual)?);
    }
    Ok(())
}

/// A text as serde-saphyr writes it.
fn text(text: &str, out: &mut String) -> Result<(), Stop> {
    let line = slow_text(&Single("k", text))?;
    out.push_str(line.strip_prefix("k: ").and_then(|l| l.strip_suffix('\n')).ok_or(Stop::Unusual)?);
    Ok(())
}

fn slow_text(value: &impl Serialize) -> Result<String, Stop> {
    let mut text = String::new();
    slow(value, &mut text).map_err(Stop::Refused)?;
    Ok(text)
}

/// A map of one entry.
struct Single<'a, V>(&'a str, V);

impl<V: Serialize> Serialize for Single<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(self.0, &self.1)])
    }
}

/// Words that a reader of YAML 1.1 or 1.2 takes for something else, and serde-saphyr quotes.
const WORDS: [&str; 11] =
    ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];

/// Whether a text is surely the same without quotes. Most are; of the others some are too.
fn plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    let inside =
        bytes.iter().zip(bytes.iter().skip(1).chain([&0])).all(|(byte, next)| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => true,
            b':' | b' ' | b',' | b'=' => next.is_ascii_alphanumeric() || *next == b'/',
            _ => false,
        });
    if !inside || !last.is_ascii_alphanumeric() {
        return false;
    }
    match first {
        b'a'..=b'z' | b'A'..=b'Z' => {
            bytes.len() > 5 || !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
        }
        b'/' => true,
        // A number, a date and a time hold none of these letters: an amount does.
        b'0'..=b'9' => {
            bytes
                .iter()
                .any(|b| matches!(b, b'g'..=b'n' | b'p'..=b's' | b'u'..=b'w' | b'M' | b'G' | b'K'))
                && !bytes.contains(&b':')
        }
        _ => false,
    }
}

impl<'o> Serializer for Node<'o> {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Block<'o>;
    type SerializeTuple = Impossible<(), Stop>;
    type SerializeTupleStruct = Impossible<(), Stop>;
    type SerializeTupleVariant = Impossible<(), Stop>;
    type SerializeMap = Block<'o>;
    type SerializeStruct = Block<'o>;
    type SerializeStructVariant = Impossible<(), Stop>;

    fn serialize_bool(self, value: bool) -> Result<(), Stop> {
        self.whole(value)
    }
    fn serialize_i8(self, value: i8) -> Result<(), Stop> {
        self.whole(value)
    }
    fn serialize_i16(self, value: i16) -> Result<(), Stop> {
        self.whole(value)
    }
    fn serialize_i32(self, value: i32) -> Result<(), Stop> {
        self.whole(value)
    }
    fn serialize_i64(self, value: i64) -> Result<(), Stop> {
        self.whole(value)
    }
    fn serialize_u8(self, value: u8) -> Result<(), Stop> {
        self.whole(value)
    }
    fn serialize_u16(self, value: u16) -> Result<(), Stop> {
        self.whole(value)
    }
    fn serialize_u32(self, value: u32) -> Result<(), Stop> {
        self.whole(value)
    }
    fn serialize_u64(self, value: u64) -> Result<(), Stop> {
        self.whole(value)
    }
    fn serialize_f32(self, _: f32) -> Result<(), Stop> {
        Err(Stop::Unusual)
    }
    fn serialize_f64(self, _: f64) -> Result<(), Stop> {
        Err(Stop::Unusual)
    }
    fn serialize_char(self, _: char) -> Result<(), Stop> {
        Err(Stop::Unusual)
    }
    fn serialize_str(self, value: &str) -> Result<(), Stop> {
        if self.place == Place::Key {
            return key(value, self.out);
        }
        self.scalar(|out| {
            if plain(value) {
                out.push_str(value);
                Ok(())
            } else {
                text(value, out)
            }
        })
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<(), Stop> {
        Err(Stop::Unusual)
    }
    fn serialize_none(self) -> Result<(), Stop> {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Stop> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Stop> {
        self.whole("null")
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Stop> {
        Err(Stop::Unusual)
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Stop> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Stop> {
        Err(Stop::Unusual)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Block<'o>, Stop> {
        if self.place == Place::Value {
            let indent = self.indent;
            Ok(self.block(indent))
        } else {
            Err(Stop::Unusual)
        }
    }
    fn serialize_tuple(self, _: usize) -> Result<Impossible<(), Stop>, Stop> {
        Err(Stop::Unusual)
    }
    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Stop>, Stop> {
        Err(Stop::Unusual)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Stop>, Stop> {
        Err(Stop::Unusual)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Block<'o>, Stop> {
        self.entries()
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Block<'o>, Stop> {
        self.entries()
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Stop>, Stop> {
        Err(Stop::Unusual)
    }
}

impl ser::SerializeSeq for Block<'_> {
    type Ok = ();
    type Error = Stop;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        self.next();
        self.out.push_str("- ");
        value.serialize(Node { out: self.out, indent: self.indent, place: Place::Item })
    }
    fn end(self) -> Result<(), Stop> {
        Block::end(self, "[]")
    }
}

impl ser::SerializeStruct for Block<'_> {
    type Ok = ();
    type Error = Stop;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        self.key(key)?;
        self.value(value)
    }
    fn end(self) -> Result<(), Stop> {
        Block::end(self, "{}")
    }
}

impl ser::SerializeMap for Block<'_> {
    type Ok = ();
    type Error = Stop;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Stop> {
        self.key(key)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        self.value(value)
    }
    fn end(self) -> Result<(), Stop> {
        Block::end(self, "{}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Service;
    use crate::trace::Sampler;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// The same bytes, or where it is a list in a list, at least the same way.
    fn same(value: &Value) {
        let (mut fast, mut whole) = (String::new(), String::new());
        write(value, &mut fast).unwrap();
        slow(value, &mut whole).unwrap();
        assert_eq!(fast, whole, "of {value}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn texts_are_written_as_saphyr_writes_them(text in "[-+a-zA-Z0-9/._:=, #'\"\\\\\n\t~!&*%@{}\\[\\]|>?<é]{0,14}") {
            same(&json!({ "k": text, "l": [text, { "k": text }], (text.as_str()): 1 }));
        }

        #[test]
        fn words_and_amounts_too(text in "([yYnN]|[yY][eE][sS]|[nN][oO]|[oO](n|ff|N|FF)|[tT]rue|FALSE|[nN]ull|NaN|inf|[0-9]{1,4}[a-zA-Z]{0,2}|0[xob][0-9a-f_]{1,4}|[0-9]+[eE][0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]{5})?|[0-9]{1,2}:[0-9]{2})") {
            same(&json!({ "k": text, "l": [text], (text.as_str()): { "a": [] } }));
        }
    }

    #[test]
    fn every_form_of_object_is_written_as_saphyr_writes_it() {
        same(&json!({
            "empty": {}, "none": [], "null": null, "bool": true, "n": -5,
            "list": [{}, [], null, 1, { "a": { "b": [1] } }, { "c": [{ "d": 1 }], "e": 2 }],
            "nested": [[1, [2]]], "float": 1.5, "on": { "y": "n" },
        }));
        let schema = schemars::schema_for!(Service).to_value();
        for seed in 0..60 {
            same(&Sampler::new(&schema, seed).value());
        }
    }
}
