//! Tables, lists and enums, entry by entry.

use super::{
    Context, Fault, Frame,
    missing::{Missing, Why},
    node::NodeReader,
    text::TextReader,
};
use crate::values::{At, Entry, Mistake, Node, Table, nearest};
use rustc_hash::FxHashMap;
use serde::de::{
    DeserializeSeed, Deserializer as _, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
    value::BorrowedStrDeserializer,
};
use std::cell::RefCell;
use std::iter::Peekable;
use std::rc::Rc;

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
///
/// The fields are read in the order of their names, which is the order of the table, so that both
/// are gone through once.
pub(super) struct StructReader<'a, 'p> {
    table: Option<&'a Table>,
    rest: Peekable<std::slice::Iter<'a, Entry>>,
    at: At,
    why: Why,
    fields: &'static [&'static str],
    /// The places of the fields in the order of their names.
    order: Rc<[usize]>,
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
        let rest = table.iter().peekable();
        let (table, order) = (Some(table), by_name(fields));
        Self { table, rest, at, why: Why::Absent, fields, order, next: 0, found: 0, frame, cx }
    }

    /// A struct of which nothing is there.
    pub(super) fn absent(missing: Missing<'p>, fields: &'static [&'static str]) -> Self {
        let Missing { at, why, frame, cx } = missing;
        let rest = [].iter().peekable();
        let order = by_name(fields);
        Self { table: None, rest, at, why, fields, order, next: 0, found: 0, frame, cx }
    }

    /// The field being read.
    fn field(&self) -> Option<&'static str> {
        self.fields.get(*self.order.get(self.next.checked_sub(1)?)?).copied()
    }
}

/// The places of a struct's fields in the order of their names; worked out once for each struct.
fn by_name(fields: &'static [&'static str]) -> Rc<[usize]> {
    /// By address and length: every struct has one list of fields.
    type Orders = FxHashMap<(usize, usize), Rc<[usize]>>;
    thread_local! {
        static ORDERS: RefCell<Orders> = RefCell::default();
    }
    let id = (fields.as_ptr().addr(), fields.len());
    ORDERS.with_borrow_mut(|orders| {
        let order = orders.entry(id).or_insert_with(|| {
            let mut order: Vec<usize> = (0..fields.len()).collect();
            order.sort_by_key(|i| fields[*i]);
            order.into()
        });
        Rc::clone(order)
    })
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
        self.next += 1;
        let Some(field) = self.field() else {
            if let Some(table) = self.table.filter(|t| self.found < t.len()) {
                unknown_keys(table, self.fields, self.frame, self.cx);
            }
            return Ok(None);
        };
        seed.deserialize(BorrowedStrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some(field) = self.field() else {
            return Err(Fault::Other("a value was asked for before its key".to_owned()));
        };
        while self.rest.next_if(|entry| &*entry.key < field).is_some() {}
        let node = self.rest.next_if(|entry| &*entry.key == field).map(|entry| &entry.node);
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
        Some(self.fields.len().saturating_sub(self.next))
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
