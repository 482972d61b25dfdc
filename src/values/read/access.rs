//! Tables, lists and enums, entry by entry.

use super::{
    Context, Fault, Frame,
    missing::{Missing, Why},
    node::NodeReader,
    text::TextReader,
};
use crate::values::{At, Entry, Mistake, Node, Table, nearest};
use serde::de::{
    DeserializeSeed, Deserializer as _, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
    value::BorrowedStrDeserializer,
};

/// A table read as a map.
pub(super) struct MapReader<'a, 'p> {
    entries: std::slice::Iter<'a, Entry>,
    value: Option<&'a Entry>,
    frame: &'p Frame<'p>,
    cx: &'p Context<'p>,
}

impl<'a, 'p> MapReader<'a, 'p> {
    pub(super) fn new(table: &'a Table, frame: &'p Frame<'p>, cx: &'p Context<'p>) -> Self {
        Self { entries: table.iter(), value: None, frame, cx }
    }
}

impl<'de> MapAccess<'de> for MapReader<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some(entry) = self.entries.next() else { return Ok(None) };
        self.value = Some(entry);
        let frame = self.frame.key(&entry.key);
        let reader = TextReader { text: &entry.key, at: entry.key_at, frame: &frame, cx: self.cx };
        let key = seed.deserialize(reader);
        reader.settle(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some(entry) = self.value.take() else {
            return Err(Fault::Other("a value was asked for before its key".to_owned()));
        };
        let frame = self.frame.key(&entry.key);
        let reader = NodeReader { node: &entry.node, frame: &frame, cx: self.cx };
        reader.settle(seed.deserialize(reader))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// A table read as a struct: every field once, those that are not there as missing.
pub(super) struct StructReader<'a, 'p> {
    table: Option<&'a Table>,
    at: At,
    why: Why,
    fields: &'static [&'static str],
    /// How many fields are asked for, the last of them being read.
    next: usize,
    found: usize,
    frame: &'p Frame<'p>,
    cx: &'p Context<'p>,
}

impl<'a, 'p> StructReader<'a, 'p> {
    pub(super) fn new(
        table: &'a Table,
        at: At,
        fields: &'static [&'static str],
        frame: &'p Frame<'p>,
        cx: &'p Context<'p>,
    ) -> Self {
        Self { table: Some(table), at, why: Why::Absent, fields, next: 0, found: 0, frame, cx }
    }

    /// A struct of which nothing is there.
    pub(super) fn absent(missing: Missing<'p>, fields: &'static [&'static str]) -> Self {
        let Missing { at, why, frame, cx } = missing;
        Self { table: None, at, why, fields, next: 0, found: 0, frame, cx }
    }
}

fn unknown_keys(table: &Table, fields: &[&str], frame: &Frame<'_>, cx: &Context<'_>) {
    let top = matches!(frame.step, super::FrameStep::Start(_));
    let known = |key: &str| fields.contains(&key) || (top && cx.beside.contains(&key));
    for entry in table.iter().filter(|e| !known(&e.key)) {
        let path = frame.key(&entry.key).path();
        let mistake =
            Mistake::new(path, Some(entry.key_at), format!("unknown key `{}`", entry.key));
        cx.mistakes.borrow_mut().push(match nearest::did_you_mean(&entry.key, fields) {
            Some(help) => mistake.help(help),
            None => mistake,
        });
    }
}

impl<'de> MapAccess<'de> for StructReader<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some(field) = self.fields.get(self.next) else {
            if let Some(table) = self.table.filter(|t| self.found < t.len()) {
                unknown_keys(table, self.fields, self.frame, self.cx);
            }
            return Ok(None);
        };
        self.next += 1;
        seed.deserialize(BorrowedStrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let field = self.next.checked_sub(1).and_then(|last| self.fields.get(last));
        let Some(field) = field else {
            return Err(Fault::Other("a value was asked for before its key".to_owned()));
        };
        let node = self.table.and_then(|t| t.get(field));
        self.found += usize::from(node.is_some());
        let frame = self.frame.key(field);
        if let Some(node) = node {
            let reader = NodeReader { node, frame: &frame, cx: self.cx };
            return reader.settle(seed.deserialize(reader));
        }
        let missing = Missing { at: self.at, why: self.why, frame: &frame, cx: self.cx };
        missing.settle(seed.deserialize(missing))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.fields.len() - self.next)
    }
}

/// A list, item by item.
pub(super) struct ListReader<'a, 'p> {
    items: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
    frame: &'p Frame<'p>,
    cx: &'p Context<'p>,
}

impl<'a, 'p> ListReader<'a, 'p> {
    pub(super) fn new(list: &'a [Node], frame: &'p Frame<'p>, cx: &'p Context<'p>) -> Self {
        Self { items: list.iter().enumerate(), frame, cx }
    }
}

impl<'de> SeqAccess<'de> for ListReader<'de, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some((index, node)) = self.items.next() else { return Ok(None) };
        let frame = self.frame.index(index);
        let reader = NodeReader { node, frame: &frame, cx: self.cx };
        reader.settle(seed.deserialize(reader)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// An enum: the name of a variant, or a table from that name to its content.
pub(super) struct EnumReader<'a, 'p> {
    pub(super) outer: NodeReader<'a, 'p>,
    pub(super) variant: &'a str,
    pub(super) content: Option<&'a Node>,
}

impl<'de, 'p> EnumAccess<'de> for EnumReader<'de, 'p> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let variant = seed.deserialize(BorrowedStrDeserializer::new(self.variant))?;
        Ok((variant, self))
    }
}

impl<'de> EnumReader<'de, '_> {
    fn content<T>(
        self,
        read: impl FnOnce(NodeReader<'de, '_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let Some(node) = self.content else {
            return Err(Fault::Type(format!("a table `{{ {} = .. }}`", self.variant)));
        };
        let frame = self.outer.frame.key(self.variant);
        let reader = NodeReader { node, frame: &frame, cx: self.outer.cx };
        reader.settle(read(reader))
    }
}

impl<'de> VariantAccess<'de> for EnumReader<'de, '_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(Fault::Type(format!("the name `{}` alone", self.variant))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        self.content(|reader| seed.deserialize(reader))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        self.content(|reader| reader.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.content(|reader| reader.deserialize_struct("", fields, visitor))
    }
}
