//! The deserializer of one node.

use super::{
    Context, Fault, Frame, RESOLVED,
    access::{EnumReader, ListReader, MapReader, StructReader},
    missing::{Missing, Why},
    text::TextReader,
};
use crate::values::{Mistake, Node, Value, nearest};
use serde::de::{Deserializer, Visitor};

/// The largest whole number that JSON and Helm hold exactly.
const EXACT: i64 = (1 << 53) - 1;

/// Reads one node.
#[derive(Clone, Copy)]
pub(super) struct NodeReader<'a, 'p> {
    pub(super) node: &'a Node,
    pub(super) frame: &'p Frame<'p>,
    pub(super) cx: &'p Context<'p>,
}

impl<'a, 'p> NodeReader<'a, 'p> {
    fn mistake(&self, message: impl Into<String>) -> Mistake {
        Mistake::new(self.frame.path(), Some(self.node.at), message)
    }

    fn note(&self, message: impl Into<String>) -> Fault {
        self.cx.note(self.mistake(message))
    }

    /// The mistake of a node of another kind.
    fn wrong(&self, expected: &str) -> Fault {
        let mistake =
            self.mistake(format!("expected {expected}, found {}", self.node.value.kind()));
        let scalar = matches!(self.node.value, Value::Bool(_) | Value::Int(_) | Value::Float(_));
        let help = match &self.node.value {
            _ if expected == "a string" && scalar => Some("put it in quotes"),
            Value::Text(text) if expected == "a whole number" && text.parse::<i64>().is_ok() => {
                Some("write it without quotes")
            }
            Value::Text(text) if expected == "a boolean" && text.parse::<bool>().is_ok() => {
                Some("write it without quotes")
            }
            _ => None,
        };
        self.cx.note(match help {
            Some(help) => mistake.help(help),
            None => mistake,
        })
    }

    /// The result with its error noted.
    pub(super) fn settle<T>(&self, result: Result<T, Fault>) -> Result<T, Fault> {
        result.map_err(|fault| match fault {
            Fault::Noted => Fault::Noted,
            Fault::Type(expected) => self.wrong(&expected),
            Fault::Other(message) => self.note(message),
        })
    }

    fn missing(self) -> Missing<'p> {
        Missing { at: self.node.at, why: Why::Null, frame: self.frame, cx: self.cx }
    }

    /// Nothing, after the mistake of a node that is no collection: reading goes on behind it.
    fn instead(self, expected: &str) -> Missing<'p> {
        let _ = self.wrong(expected);
        Missing { why: Why::Told, ..self.missing() }
    }

    fn table<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Table(table) => {
                self.settle(visitor.visit_map(MapReader::new(table, self.frame, self.cx)))
            }
            Value::Null => self.missing().deserialize_map(visitor),
            _ => self.instead("a table").deserialize_map(visitor),
        }
    }

    fn list<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::List(list) => {
                self.settle(visitor.visit_seq(ListReader::new(list, self.frame, self.cx)))
            }
            Value::Null => self.missing().deserialize_seq(visitor),
            _ => self.instead("a list").deserialize_seq(visitor),
        }
    }

    /// The whole number within a range; `3.0` is one, as it is for Helm.
    fn whole(&self, min: i64, max: i64) -> Result<i64, Fault> {
        let (min, max) = (min.max(-EXACT), max.min(EXACT));
        let number = match self.node.value {
            Value::Int(i) => Some(i),
            #[allow(clippy::cast_possible_truncation, reason = "saturates, and so is out of range")]
            Value::Float(x) if x.fract() == 0.0 => Some(x as i64),
            _ => None,
        };
        match number {
            Some(i) if (min..=max).contains(&i) => Ok(i),
            Some(_) => Err(self.note(format!("expected a whole number from {min} to {max}"))),
            None if matches!(self.node.value, Value::Null) => {
                Err(self.missing().absent("a whole number"))
            }
            None => Err(self.wrong("a whole number")),
        }
    }

    fn real(&self) -> Result<f64, Fault> {
        match self.node.value {
            #[allow(clippy::cast_precision_loss, reason = "the field holds no more")]
            Value::Int(i) => Ok(i as f64),
            Value::Float(x) => Ok(x),
            Value::Null => Err(self.missing().absent("a number")),
            _ => Err(self.wrong("a number")),
        }
    }
}

macro_rules! whole_numbers {
    ($($method:ident $visit:ident $type:ty),*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let max = i64::try_from(<$type>::MAX).unwrap_or(i64::MAX);
            let min = i64::try_from(<$type>::MIN).unwrap_or(i64::MIN);
            let number = <$type>::try_from(self.whole(min, max)?);
            let number = number.map_err(|_| self.wrong("a whole number"))?;
            self.settle(visitor.$visit(number))
        })*
    };
}

impl<'de> Deserializer<'de> for NodeReader<'de, '_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Null => self.settle(visitor.visit_unit()),
            Value::Bool(b) => self.settle(visitor.visit_bool(*b)),
            Value::Int(i) => self.settle(visitor.visit_i64(*i)),
            Value::Float(x) => self.settle(visitor.visit_f64(*x)),
            Value::Text(s) => self.settle(visitor.visit_borrowed_str(s)),
            Value::List(_) => self.list(visitor),
            Value::Table(_) => self.table(visitor),
        }
    }

    whole_numbers! {
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_i128 visit_i128 i128,
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64, deserialize_u128 visit_u128 u128
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let x = self.real()?;
        self.settle(visitor.visit_f64(x))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.value {
            Value::Bool(b) => self.settle(visitor.visit_bool(b)),
            Value::Null => Err(self.missing().absent("a boolean")),
            _ => Err(self.wrong("a boolean")),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Text(s) => self.settle(visitor.visit_borrowed_str(s)),
            Value::Null => Err(self.missing().absent("a string")),
            _ => Err(self.wrong("a string")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fault> {
        Err(self.note("bytes cannot stand in values, expected a string in base64"))
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.value {
            Value::Null => self.settle(visitor.visit_none()),
            _ => self.settle(visitor.visit_some(self)),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.value {
            Value::Null => self.settle(visitor.visit_unit()),
            _ => Err(self.wrong("null")),
        }
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
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if let Some(kind) = name.strip_prefix(RESOLVED)
            && self.node.table().is_some()
        {
            let resolved = self.cx.resolve.resolve(kind, self.node, &self.frame.path());
            let text = resolved.map_err(|mistake| self.cx.note(mistake))?;
            let reader =
                TextReader { text: &text, at: self.node.at, frame: self.frame, cx: self.cx };
            return self.settle(visitor.visit_newtype_struct(reader));
        }
        self.settle(visitor.visit_newtype_struct(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.list(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        match self.node.value {
            Value::Null => Err(self.missing().absent("a list")),
            _ => self.list(visitor),
        }
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
        self.table(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Table(table) => {
                let reader = StructReader::new(table, self.node.at, fields, self.frame, self.cx);
                self.settle(visitor.visit_map(reader))
            }
            Value::Null => self.missing().deserialize_struct(name, fields, visitor),
            _ => self.instead("a table").deserialize_struct(name, fields, visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let expected = || format!("one of {}", nearest::names(variants));
        let (variant, content) = match &self.node.value {
            Value::Text(variant) => (&**variant, None),
            Value::Table(table) if table.len() == 1 => match table.iter().next() {
                Some(entry) => (&*entry.key, Some(&entry.node)),
                None => return Err(self.wrong(&expected())),
            },
            Value::Null => return Err(self.missing().absent(&expected())),
            _ => return Err(self.wrong(&expected())),
        };
        if !variants.contains(&variant) {
            let mistake = self.mistake(format!("expected {}, found `{variant}`", expected()));
            let near = nearest::nearest(variant, variants.iter().copied());
            return Err(self.cx.note(match near {
                Some(near) => mistake.help(format!("did you mean `{near}`?")),
                None => mistake,
            }));
        }
        let reader = EnumReader { outer: self, variant, content };
        self.settle(visitor.visit_enum(reader))
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }
}
