//! Values in JSON. `serde_json` parses; raw slices of the text tell where each value stands.

use super::{At, Entry, Mistake, Node, SourceId, Value, file::DEPTH_LIMIT, tree};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt, sync::Arc};

/// Reads a document. A `$schema` at its top is for editors and is dropped.
///
/// # Errors
/// Every mistake: of syntax (the first), doubled keys, and numbers out of range.
pub(super) fn read(text: &str, source: SourceId) -> Result<Node, Vec<Mistake>> {
    let mut reader = Reader { text, source, keys: tree::Keys::default(), mistakes: Vec::new() };
    if text.trim_ascii().is_empty() {
        return Ok(Node::empty(At::new(source, 0..text.len())));
    }
    let mut node = reader.top()?;
    if let Some(table) = node.table_mut() {
        table.remove("$schema");
    }
    tree::finish(node, reader.mistakes)
}

/// Reads one value that need not be a table, such as the argument of `--set-json`.
///
/// `offset` is where `text` begins in its source.
///
/// # Errors
/// As [`read`].
pub(super) fn value(text: &str, source: SourceId, offset: usize) -> Result<Node, Vec<Mistake>> {
    let mut reader = Reader { text, source, keys: tree::Keys::default(), mistakes: Vec::new() };
    let result = match reader.top() {
        Ok(node) if reader.mistakes.is_empty() => Ok(node),
        Ok(_) => Err(reader.mistakes),
        Err(mistakes) => Err(mistakes),
    };
    let shift = u32::try_from(offset).unwrap_or(u32::MAX);
    match result {
        Ok(mut node) => {
            if shift > 0 {
                move_places(&mut node, shift);
            }
            Ok(node)
        }
        Err(mut mistakes) => {
            for at in mistakes.iter_mut().flat_map(places) {
                *at = moved(*at, shift);
            }
            Err(mistakes)
        }
    }
}

fn places(mistake: &mut Mistake) -> impl Iterator<Item = &mut At> {
    mistake.at.iter_mut().chain(mistake.related.iter_mut().map(|(at, _)| at))
}

fn moved(at: At, by: u32) -> At {
    At { start: at.start.saturating_add(by), end: at.end.saturating_add(by), ..at }
}

fn move_places(node: &mut Node, by: u32) {
    node.at = moved(node.at, by);
    match &mut node.value {
        Value::List(list) => {
            Arc::make_mut(list).iter_mut().for_each(|item| move_places(item, by));
        }
        Value::Table(table) => {
            for entry in Arc::make_mut(table).iter_mut() {
                entry.key_at = moved(entry.key_at, by);
                move_places(&mut entry.node, by);
            }
        }
        _ => {}
    }
}

struct Reader<'t> {
    text: &'t str,
    source: SourceId,
    keys: tree::Keys,
    mistakes: Vec<Mistake>,
}

impl<'t> Reader<'t> {
    fn top(&mut self) -> Result<Node, Vec<Mistake>> {
        match serde_json::from_str::<&RawValue>(self.text) {
            Ok(raw) => Ok(self.node(raw.get(), 0)),
            Err(error) => Err(vec![self.syntax(&error, self.text)]),
        }
    }

    /// Where a slice of the text begins in it.
    fn offset(&self, slice: &str) -> usize {
        (slice.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    fn at(&self, slice: &str) -> At {
        let start = self.offset(slice);
        At::new(self.source, start..start + slice.len())
    }

    fn node(&mut self, raw: &'t str, depth: usize) -> Node {
        let at = self.at(raw);
        let collection = raw.starts_with(['{', '[']);
        if collection && depth >= DEPTH_LIMIT {
            self.mistakes.push(tree::too_deep(At { end: at.start + 1, ..at }));
            return Node::new(Value::Null, at);
        }
        let value = match raw.as_bytes().first() {
            Some(b'{') => self.table(raw, depth),
            Some(b'[') => self.list(raw, depth),
            Some(b'"') => self.parsed::<Cow<'_, str>>(raw).map(|s| Value::Text(s.into())),
            Some(b't' | b'f') => self.parsed(raw).map(Value::Bool),
            Some(b'n') => Some(Value::Null),
            _ => self.number(raw, at),
        };
        Node::new(value.unwrap_or(Value::Null), at)
    }

    fn table(&mut self, raw: &'t str, depth: usize) -> Option<Value> {
        let Pairs(pairs) = self.parsed(raw)?;
        let mut entries = Vec::with_capacity(pairs.len());
        // Between two values stand only blanks, a comma, the key in quotes and a colon.
        let mut before = self.offset(raw);
        for (key, value) in pairs {
            let start = self.offset(value.get());
            let gap = &self.text[before..start];
            let opens = before + gap.find('"').unwrap_or(0);
            let closes = before + gap.rfind('"').map_or(gap.len(), |i| i + 1);
            before = start + value.get().len();
            entries.push(Entry {
                key: self.keys.share(&key),
                key_at: At::new(self.source, opens..closes),
                node: self.node(value.get(), depth + 1),
            });
        }
        Some(Value::Table(Arc::new(tree::table(entries, &mut self.mistakes))))
    }

    fn list(&mut self, raw: &'t str, depth: usize) -> Option<Value> {
        let items: Vec<&RawValue> = self.parsed(raw)?;
        let items = items.into_iter().map(|item| self.node(item.get(), depth + 1));
        Some(Value::List(Arc::new(items.collect())))
    }

    fn number(&mut self, raw: &str, at: At) -> Option<Value> {
        if !raw.contains(['.', 'e', 'E']) {
            if let Ok(i) = raw.parse() {
                return Some(Value::Int(i));
            }
            let message = format!("`{raw}` is beyond the whole numbers of 64 bits");
            self.mistakes.push(Mistake::new("", Some(at), message).help("quote it"));
            return None;
        }
        match raw.parse::<f64>() {
            Ok(x) if x.is_finite() => Some(Value::Float(x)),
            _ => {
                let message = format!("`{raw}` is beyond the numbers of 64 bits");
                self.mistakes.push(Mistake::new("", Some(at), message).help("quote it"));
                None
            }
        }
    }

    fn parsed<T: Deserialize<'t>>(&mut self, raw: &'t str) -> Option<T> {
        serde_json::from_str(raw)
            .map_err(|error| {
                let mistake = self.syntax(&error, raw);
                self.mistakes.push(mistake);
            })
            .ok()
    }

    /// What the parser says of a slice, without its line and column: the place tells them.
    fn syntax(&self, error: &serde_json::Error, slice: &str) -> Mistake {
        let lines: usize =
            slice.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let start = (lines + error.column().saturating_sub(1)).min(slice.len());
        let start = self.offset(slice) + slice.floor_char_boundary(start);
        let end = self.text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        Mistake::new("", Some(At::new(self.source, start..end)), message)
    }
}

/// The keys of an object and their values as slices of the text, doubled ones and all.
struct Pairs<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

#[cfg(test)]
mod tests {
    use crate::values::{Format, SourceId, parse, testing};
    use insta::assert_snapshot;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn read(text: &str) -> Result<Value, String> {
        testing::read_text(text, Format::Json)
    }

    fn mistake(text: &str) -> String {
        read(text).unwrap_err()
    }

    #[test]
    fn reads_values_with_their_places() {
        let text = r#" { "$schema": "x", "a" : [1, -0, 2.5, 1e2], "b\"c":{"d": "\ud83d\ude00", "": null}} "#;
        assert_eq!(read(text), Ok(json!({"a": [1, 0, 2.5, 100.0], "b\"c": {"d": "😀", "": null}})));
        let node = parse(text, Format::Json, SourceId(0)).unwrap();
        assert_snapshot!(testing::places(&node, text).join("\n"), @r#"
.a @ "a"
.a[0] = 1
.a[1] = -0
.a[2] = 2.5
.a[3] = 1e2
.b"c @ "b\"c"
.b"c. = null
.b"c. @ ""
.b"c.d = "\ud83d\ude00"
.b"c.d @ "d"
"#);
    }

    #[test]
    fn an_empty_file_is_an_empty_table() {
        assert_eq!(read(" \n"), Ok(json!({})));
    }

    #[test]
    fn refuses_with_places() {
        assert_snapshot!(mistake("{\"a\": {\"x\": 1,\n \"y\": 2,\n \"x\": 3}}"), @"v.json:3:2: a.x: key `x` stands twice in a table; first set here at v.json:1:8; remove one of the two");
        assert_snapshot!(mistake("{\"a\": 1e400, \"b\": [18446744073709551616]}"), @"
v.json:1:7: a: `1e400` is beyond the numbers of 64 bits; quote it
v.json:1:20: b[0]: `18446744073709551616` is beyond the whole numbers of 64 bits; quote it
");
        assert_snapshot!(mistake("{\"a\": 1,\n \"b\": }"), @"v.json:2:7: expected value");
        assert_snapshot!(mistake("{\"a\": \"\\ud800\"}"), @"v.json:1:14: unexpected end of hex escape");
        assert_snapshot!(mistake("[1]"), @"v.json:1:1: expected a table at the top, found a list; start with keys, such as `app` and the names of services");
        assert_snapshot!(mistake("{} {}"), @"v.json:1:4: trailing characters");
    }

    #[test]
    fn survives_deep_nesting() {
        for deep in
            [format!("{}{}", "{\"a\":[".repeat(100_000), "]}".repeat(100_000)), "[".repeat(100_000)]
        {
            assert!(read(&deep).is_err());
        }
    }

    proptest! {
        #[test]
        fn never_fails_otherwise(text in any::<String>()) {
            let _ = read(&text);
        }

        #[test]
        fn every_string_reads_back(key in any::<String>(), text in any::<String>()) {
            prop_assume!(key != "$schema");
            let value = json!({key: {"x": [text]}});
            prop_assert_eq!(read(&value.to_string()), Ok(value));
        }
    }
}
