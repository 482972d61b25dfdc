//! The tree of values: what every reader makes and every later step reads.

use std::sync::Arc;

/// Where a value was written: a range of bytes in the text of one [`Source`](super::Source).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// Which source.
    pub source: SourceId,
    /// First byte of the value in the text of its source.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl At {
    /// The place of a range of bytes. Texts are far below 4 GiB, so the numbers fit.
    pub fn new(source: SourceId, range: std::ops::Range<usize>) -> Self {
        let offset = |n| u32::try_from(n).unwrap_or(u32::MAX);
        Self { source, start: offset(range.start), end: offset(range.end) }
    }

    /// Whether the other place lies within this one.
    pub fn contains(&self, other: Self) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }
}

/// The number of a source among the [`Sources`](super::Sources) of one load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// One value and the place it was written at.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it was written.
    pub at: At,
}

/// What a value can be. There are no dates: readers refuse them.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`: deletes the default it is laid over.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A finite number with a fraction or an exponent.
    Float(f64),
    /// A string.
    Text(Arc<str>),
    /// A list; a later layer replaces it whole.
    List(Arc<Vec<Node>>),
    /// A table; layers merge into it key by key.
    Table(Arc<Table>),
}

/// A table, sorted by the bytes of its keys; no key stands twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table(Vec<Entry>);

/// A key of a table with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Arc<str>,
    /// Where the key was written.
    pub key_at: At,
    /// Its value.
    pub node: Node,
}

impl Table {
    /// A table of the entries, in any order. Of entries with one key the last is kept; readers
    /// that must refuse them look for them first.
    pub fn new(mut entries: Vec<Entry>) -> Self {
        if !entries.is_sorted_by(|a, b| a.key < b.key) {
            entries.reverse();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            entries.dedup_by(|later, kept| later.key == kept.key);
        }
        Self(entries)
    }

    /// A table of entries that stand in the order of their keys already, each key once.
    pub(super) fn sorted(mut entries: Vec<Entry>) -> Self {
        debug_assert!(entries.is_sorted_by(|a, b| a.key < b.key), "a merge keeps the order");
        entries.shrink_to_fit();
        Self(entries)
    }

    /// The value at `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.node)
    }

    /// The entry at `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.find(key).ok().map(|i| &self.0[i])
    }

    /// The value at `key`, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.find(key).ok().map(|i| &mut self.0[i].node)
    }

    /// Puts an entry in, in place of one with the same key.
    pub fn insert(&mut self, entry: Entry) {
        match self.find(&entry.key) {
            Ok(i) => self.0[i] = entry,
            Err(i) => self.0.insert(i, entry),
        }
    }

    /// Takes the entry at `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        self.find(key).ok().map(|i| self.0.remove(i))
    }

    /// The entries in the order of their keys.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.0.iter()
    }

    /// The entries, their values to be changed; keys must stay.
    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Entry> {
        self.0.iter_mut()
    }

    /// The entries, taken out.
    pub fn into_entries(self) -> Vec<Entry> {
        self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|e| (*e.key).cmp(key))
    }
}

impl<'a> IntoIterator for &'a Table {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Node {
    /// A node of a value at a place.
    pub fn new(value: Value, at: At) -> Self {
        Self { value, at }
    }

    /// A table without entries.
    pub fn empty(at: At) -> Self {
        Self::new(Value::Table(Arc::default()), at)
    }

    /// A string.
    pub fn of_text(text: &str, at: At) -> Self {
        Self::new(Value::Text(text.into()), at)
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The table, if this is one.
    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(t) => Some(t),
            _ => None,
        }
    }

    /// The table to be changed, if this is one; copied first where it is shared.
    pub fn table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.value {
            Value::Table(t) => Some(Arc::make_mut(t)),
            _ => None,
        }
    }

    /// The string, if this is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(s) => Some(s),
            _ => None,
        }
    }

    /// The value below this one at a path of keys and list indices.
    pub fn get<'k>(&self, path: impl IntoIterator<Item = &'k str>) -> Option<&Self> {
        path.into_iter().try_fold(self, |node, key| match &node.value {
            Value::Table(t) => t.get(key),
            Value::List(l) => l.get(key.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

impl Value {
    /// What people call this kind of value in an error: `a string`, `a table`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a number with a fraction",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}
