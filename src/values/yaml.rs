//! Values in YAML, read as Helm reads them: anchors, merge keys and the scalars of YAML 1.1.

use super::{
    At, Entry, Mistake, Node, SourceId, Value,
    file::DEPTH_LIMIT,
    scalar::{self, Tag},
    tree,
};
use serde_saphyr::granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StrInput, Tag as WrittenTag,
};
use std::{borrow::Cow, collections::HashMap, sync::Arc};

/// How many values aliases may stand for in one document, all together.
const ALIAS_BUDGET: usize = 1_000_000;

/// Reads a document; an empty one is an empty table.
///
/// # Errors
/// Every mistake up to the first of syntax.
pub(super) fn read(text: &str, source: SourceId) -> Result<Node, Vec<Mistake>> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = DEPTH_LIMIT;
    options.block_nesting_limit = DEPTH_LIMIT;
    let mut reader = Reader {
        parser: Parser::new_from_str_with_options(text, options),
        text,
        source,
        anchors: HashMap::new(),
        alias_size: 0,
        keys: tree::Keys::default(),
        mistakes: Vec::new(),
    };
    reader.foreign_characters()?;
    let whole = At::new(source, 0..text.len());
    let node = match reader.document() {
        Ok(Some(node)) if !node.is_null() => node,
        Ok(_) => Node::empty(whole),
        Err(Stop) => Node::new(Value::Null, whole),
    };
    tree::finish(node, reader.mistakes)
}

/// The rest cannot be read; the mistake that says why is noted.
struct Stop;

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    source: SourceId,
    anchors: HashMap<usize, Built>,
    alias_size: usize,
    keys: tree::Keys,
    mistakes: Vec<Mistake>,
}

/// A value with how many values it holds, itself among them, and how deep they are nested.
#[derive(Clone)]
struct Built {
    node: Node,
    size: usize,
    height: usize,
}

impl Built {
    fn leaf(node: Node) -> Self {
        Self { node, size: 1, height: 0 }
    }
}

impl<'t> Reader<'t> {
    /// Characters that Go's reader refuses, or takes for line breaks where YAML 1.2 does not.
    fn foreign_characters(&self) -> Result<(), Vec<Mistake>> {
        let odd = |c: char| match c {
            '\t' | '\n' | '\r' => false,
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => true,
            c => c.is_control(),
        };
        let Some((start, c)) = self.text.char_indices().find(|(_, c)| odd(*c)) else {
            return Ok(());
        };
        let at = At::new(self.source, start..start + c.len_utf8());
        let message = format!("character U+{:04X} cannot stand in YAML", u32::from(c));
        let help = format!("write it in double quotes as `\\u{:04x}`", u32::from(c));
        Err(vec![Mistake::new("", Some(at), message).help(help)])
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Stop> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let mistake = self.syntax(&error);
                self.mistakes.push(mistake);
                Err(Stop)
            }
            None => Err(Stop),
        }
    }

    fn syntax(&self, error: &ScanError) -> Mistake {
        let start = error.marker().byte_offset().unwrap_or(0);
        let at = At::new(self.source, start..start + 1);
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => tree::too_deep(at),
            _ => Mistake::new("", Some(at), error.info().to_string()),
        }
    }

    fn at(&self, span: &Span) -> At {
        At::new(self.source, span.byte_range().unwrap_or(0..0))
    }

    fn document(&mut self) -> Result<Option<Node>, Stop> {
        let mut top = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(top),
                Event::DocumentStart(..) if top.is_some() => {
                    let message = "a second document in one file, expected one";
                    let mistake = Mistake::new("", Some(self.at(&span)), message);
                    self.mistakes.push(mistake.help("give each document its own file"));
                    return Err(Stop);
                }
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                event => top = Some(self.value(event, &span, 0)?.node),
            }
        }
    }

    /// The value that begins with an event.
    fn value(&mut self, event: Event<'t>, span: &Span, depth: usize) -> Result<Built, Stop> {
        let at = self.at(span);
        if depth > DEPTH_LIMIT {
            self.mistakes.push(tree::too_deep(at));
            return Err(Stop);
        }
        let (built, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let at = self.content(at, style);
                (Built::leaf(self.scalar(&text, style, tag.as_deref(), at)), anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.collection_tag(tag, "seq", at);
                (self.list(at, depth)?, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.collection_tag(tag, "map", at);
                (self.table(at, depth)?, anchor)
            }
            Event::Alias(anchor) => return self.alias(anchor, at, depth),
            _ => return Err(Stop),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, built.clone());
        }
        Ok(built)
    }

    fn alias(&mut self, anchor: usize, at: At, depth: usize) -> Result<Built, Stop> {
        let Some(built) = self.anchors.get(&anchor).cloned() else {
            let mistake = Mistake::new("", Some(at), "an alias stands inside its own anchor");
            self.mistakes.push(mistake.help("write the value out"));
            return Err(Stop);
        };
        self.alias_size = self.alias_size.saturating_add(built.size);
        if self.alias_size > ALIAS_BUDGET {
            let message = format!("aliases stand for more than {ALIAS_BUDGET} values, the limit");
            let mistake = Mistake::new("", Some(at), message);
            self.mistakes.push(mistake.help("write the values out, or use fewer aliases"));
            return Err(Stop);
        }
        if depth + built.height > DEPTH_LIMIT {
            self.mistakes.push(tree::too_deep(at));
            return Err(Stop);
        }
        Ok(built)
    }

    fn list(&mut self, opens: At, depth: usize) -> Result<Built, Stop> {
        let (mut items, mut size, mut height) = (Vec::new(), 1, 0);
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                let at = self.whole(opens, &span);
                let node = Node::new(Value::List(Arc::new(items)), at);
                return Ok(Built { node, size, height: height + 1 });
            }
            let item = self.value(event, &span, depth + 1)?;
            size += item.size;
            height = height.max(item.height);
            items.push(item.node);
        }
    }

    fn table(&mut self, opens: At, depth: usize) -> Result<Built, Stop> {
        let (mut entries, mut size, mut height) = (Vec::new(), 1, 0);
        let mut merge: Option<Merge> = None;
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                let at = self.whole(opens, &span);
                if let Some(merge) = merge {
                    self.merge_into(&mut entries, merge);
                }
                let table = tree::table(entries, &mut self.mistakes);
                let node = Node::new(Value::Table(Arc::new(table)), at);
                return Ok(Built { node, size, height: height + 1 });
            }
            let key_at = self.at(&span);
            let is_merge = is_merge(&event);
            let key = self.key(event, &span)?;
            let (event, span) = self.next()?;
            let alias = matches!(event, Event::Alias(_));
            let value = self.value(event, &span, depth + 1)?;
            size += value.size;
            height = height.max(value.height);
            if !is_merge {
                let key = self.keys.share(&key);
                entries.push(Entry { key, key_at, node: value.node });
            } else if let Some(first) = &merge {
                self.mistakes.push(tree::doubled("<<", key_at, Some(first.at)));
            } else {
                let tables = self.merged_tables(&value.node, alias);
                merge = Some(Merge { at: key_at, own_before: entries.len(), tables });
            }
        }
    }

    /// A table or list from its opening mark to its end; blank lines after a block are no part.
    fn whole(&self, opens: At, end: &Span) -> At {
        let end = self.at(end);
        At { end: end.end.max(opens.end), ..opens }
    }

    /// The key in the spelling that Helm gives it: `on` becomes `true`, `0x10` becomes `16`.
    fn key(&mut self, event: Event<'t>, span: &Span) -> Result<String, Stop> {
        let at = self.at(span);
        if is_merge(&event) {
            return Ok("<<".to_owned());
        }
        let value = match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                let mistake = Mistake::new("", Some(at), "a key that is a table or a list");
                self.mistakes.push(mistake.help("use a string as key; quote it if it has braces"));
                return Err(Stop);
            }
            event => self.value(event, span, 0)?.node.value,
        };
        match value {
            Value::Text(text) => Ok(text.to_string()),
            Value::Bool(b) => Ok(b.to_string()),
            Value::Int(i) => Ok(i.to_string()),
            other => {
                let message = format!("a key that is {}, expected a string", other.kind());
                self.mistakes.push(Mistake::new("", Some(at), message).help("quote the key"));
                let written = self.text.get(at.start as usize..at.end as usize);
                Ok(written.unwrap_or_default().to_owned())
            }
        }
    }

    /// The place of a scalar; a block's own ends before the blanks of the line after it.
    fn content(&self, at: At, style: ScalarStyle) -> At {
        let written = self.text.get(at.start as usize..at.end as usize).unwrap_or_default();
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let start = at.start as usize;
                At::new(at.source, start..start + written.trim_end().len())
            }
            _ => at,
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&WrittenTag>, at: At) -> Node {
        let value = match tag.map(|tag| (tag.core_suffix(), tag.original())) {
            None if style == ScalarStyle::Plain => scalar::plain(text),
            None => Ok(Value::Text(text.into())),
            Some((Some("str"), _)) => scalar::tagged(text, Tag::Str),
            Some((Some("bool"), _)) => scalar::tagged(text, Tag::Bool),
            Some((Some("int"), _)) => scalar::tagged(text, Tag::Int),
            Some((Some("float"), _)) => scalar::tagged(text, Tag::Float),
            Some((Some("null"), _)) => scalar::tagged(text, Tag::Null),
            Some((None, tag)) if tag == "!" => Ok(Value::Text(text.into())),
            Some((_, tag)) => Err(unknown_tag(&tag)),
        };
        let value = value.unwrap_or_else(|message| {
            let mistake = Mistake::new("", Some(at), message);
            self.mistakes.push(mistake.help("quote it if it is meant as a string"));
            Value::Null
        });
        Node::new(value, at)
    }

    fn collection_tag(&mut self, tag: Option<Cow<'_, WrittenTag>>, own: &str, at: At) {
        if let Some(tag) = tag.filter(|tag| tag.core_suffix() != Some(own)) {
            self.mistakes.push(Mistake::new("", Some(at), unknown_tag(&tag.original())));
        }
    }

    /// The tables that a merge key names, the strongest first.
    fn merged_tables(&mut self, node: &Node, alias: bool) -> Vec<Node> {
        let tables = match &node.value {
            Value::Table(_) => vec![node.clone()],
            Value::List(list) if !alias => list.to_vec(),
            _ => vec![node.clone()],
        };
        if let Some(other) = tables.iter().find(|n| n.table().is_none()) {
            let message = format!("`<<` merges tables, found {}", other.value.kind());
            let mistake = Mistake::new("", Some(node.at), message);
            self.mistakes.push(mistake.help("name a table or a list of tables"));
        }
        tables
    }

    /// Adds the entries of merged tables that the table does not set itself.
    ///
    /// YAML lets a table's own keys win; Go lets whatever is written later win. They differ only
    /// for an own key that stands before `<<`, so that is refused.
    fn merge_into(&mut self, entries: &mut Vec<Entry>, merge: Merge) {
        let own: HashMap<Arc<str>, (usize, At)> =
            entries.iter().enumerate().map(|(i, e)| (Arc::clone(&e.key), (i, e.key_at))).collect();
        let mut added: HashMap<Arc<str>, ()> = HashMap::new();
        for entry in merge.tables.iter().filter_map(Node::table).flatten() {
            match own.get(&entry.key) {
                Some((i, at)) if *i < merge.own_before => {
                    let message = format!(
                        "`{}` stands before `<<`, and Helm would let `<<` override it",
                        entry.key
                    );
                    let mistake = Mistake::new("", Some(*at), message);
                    self.mistakes.push(mistake.help("put `<<` first in its table"));
                }
                Some(_) => {}
                None => {
                    if added.insert(Arc::clone(&entry.key), ()).is_none() {
                        entries.push(entry.clone());
                    }
                }
            }
        }
    }
}

/// A merge key of a table.
struct Merge {
    at: At,
    own_before: usize,
    tables: Vec<Node>,
}

fn is_merge(event: &Event<'_>) -> bool {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, _, None) => text == "<<",
        Event::Scalar(text, _, _, Some(tag)) => {
            text == "<<"
                && tag.suffix_in_namespace("tag:yaml.org,2002:").as_deref() == Some("merge")
        }
        _ => false,
    }
}

fn unknown_tag(tag: &str) -> String {
    format!("unknown tag `{tag}`, expected `!!str`, `!!int`, `!!float`, `!!bool` or `!!null`")
}

#[cfg(test)]
mod tests {
    use crate::values::{Format, SourceId, parse, testing};
    use insta::assert_snapshot;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn read(text: &str) -> Result<Value, String> {
        testing::read_text(text, Format::Yaml)
    }

    fn mistake(text: &str) -> String {
        read(text).unwrap_err()
    }

    #[test]
    fn reads_values_with_their_places() {
        let text = "a: 0755\r\nb:\r\n  - yes\r\n  - {c: 'x y', \"d\": |-\r\n}\r\n";
        assert!(read(text).is_err());
        let text = "a: 0755\r\nb:\r\n  - yes\r\n  - {c: 'x y', \"d\": }\r\ne: |\r\n  text\r\n";
        assert_eq!(
            read(text),
            Ok(json!({"a": 493, "b": [true, {"c": "x y", "d": null}], "e": "text\n"}))
        );
        let node = parse(text, Format::Yaml, SourceId(0)).unwrap();
        assert_snapshot!(testing::places(&node, text).join("\n"), @r#"
.a = 0755
.a @ a
.b @ b
.b[0] = yes
.b[1].c = 'x y'
.b[1].c @ c
.b[1].d = 
.b[1].d @ "d"
.e = text
.e @ e
"#);
    }

    #[test]
    fn an_empty_file_is_an_empty_table() {
        for text in ["", "# nothing\n", "---\n# nothing\n", "null\n", "---\n...\n"] {
            assert_eq!(read(text), Ok(json!({})), "{text:?}");
        }
    }

    #[test]
    fn keys_become_what_helm_makes_of_them() {
        assert_eq!(
            read("on: 1\n8080: 2\n0x10: 3\n'no': 4\n2001-01-01: 5\n"),
            Ok(json!({"true": 1, "8080": 2, "16": 3, "no": 4, "2001-01-01": 5}))
        );
        assert_snapshot!(mistake("~: 1\n1.5: 2\n"), @r#"
v.yaml:1:1: ~: a key that is null, expected a string; quote the key
v.yaml:2:1: "1.5": a key that is a number with a fraction, expected a string; quote the key
"#);
        assert_snapshot!(mistake("? [a]\n: 1\n"), @"v.yaml:1:3: a key that is a table or a list; use a string as key; quote it if it has braces");
    }

    #[test]
    fn anchors_and_merge_keys() {
        assert_eq!(
            read("a: &a {x: 1, z: 2}\nb:\n  <<: *a\n  z: 3\nc: *a\n"),
            Ok(json!({"a": {"x": 1, "z": 2}, "b": {"x": 1, "z": 3}, "c": {"x": 1, "z": 2}}))
        );
        assert_eq!(
            read("a: &a {x: 1}\nb: &b {x: 2, z: 2}\nc:\n  <<: [*a, *b]\n  '<<': 3\n"),
            Ok(json!({"a": {"x": 1}, "b": {"x": 2, "z": 2}, "c": {"x": 1, "z": 2, "<<": 3}}))
        );
        assert_snapshot!(mistake("a: &a {x: 1}\nb:\n  x: 2\n  <<: *a\n"), @"v.yaml:3:3: b.x: `x` stands before `<<`, and Helm would let `<<` override it; put `<<` first in its table");
        assert_snapshot!(mistake("a: &a [{x: 1}]\nb:\n  <<: *a\n"), @"v.yaml:1:7: a: `<<` merges tables, found a list; name a table or a list of tables");
        assert_snapshot!(mistake("a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n"), @"v.yaml:4:3: key `<<` stands twice in a table; first set here at v.yaml:3:3; remove one of the two");
        assert_snapshot!(mistake("a: &a\n  b: *a\n"), @"v.yaml:2:6: an alias stands inside its own anchor; write the value out");
        assert_snapshot!(mistake("a: *b\n"), @"v.yaml:1:4: while parsing node, found unknown anchor");
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for i in 1..12 {
            let aliases = vec![format!("*a{}", i - 1); 9].join(", ");
            bomb.push_str(&format!("a{i}: &a{i} [{aliases}]\n"));
        }
        assert_snapshot!(mistake(&bomb), @"v.yaml:7:10: aliases stand for more than 1000000 values, the limit; write the values out, or use fewer aliases");
        let mut deep = "a0: &a0 {x: 1}\n".to_owned();
        for i in 1..200 {
            deep.push_str(&format!("a{i}: &a{i} {{x: *a{}}}\n", i - 1));
        }
        assert_snapshot!(mistake(&deep), @"v.yaml:128:17: nested too deep; the limit is 128 tables and lists; flatten the values");
    }

    #[test]
    fn survives_deep_nesting() {
        for deep in [
            "[".repeat(100_000),
            "{a: ".repeat(100_000),
            "- ".repeat(100_000),
            (0..2_000).map(|i| format!("{}a:\n", " ".repeat(i))).collect(),
        ] {
            let told = mistake(&deep);
            assert!(told.contains("nested too deep"), "{told}");
        }
        assert!(read(&"? ".repeat(100_000)).is_err());
    }

    #[test]
    fn tags() {
        assert_eq!(
            read("a: !!str 5\nb: !!int '5'\nc: ! 5\nd: !!map {}\ne: !!seq []\nf: !!float 1\n"),
            Ok(json!({"a": "5", "b": 5, "c": "5", "d": {}, "e": [], "f": 1.0}))
        );
        assert_snapshot!(mistake("a: !foo 5\nb: !!binary eA==\nc: !!set {}\nd: !!int x\n"), @"
v.yaml:1:9: a: unknown tag `!foo`, expected `!!str`, `!!int`, `!!float`, `!!bool` or `!!null`; quote it if it is meant as a string
v.yaml:2:13: b: unknown tag `!!binary`, expected `!!str`, `!!int`, `!!float`, `!!bool` or `!!null`; quote it if it is meant as a string
v.yaml:3:10: unknown tag `!!set`, expected `!!str`, `!!int`, `!!float`, `!!bool` or `!!null`
v.yaml:4:10: d: `x` is a string, not what its tag says; quote it if it is meant as a string
");
    }

    #[test]
    fn refuses_with_places() {
        assert_snapshot!(mistake("a:\n  x: 1\n  y: 2\n  x: 3\n"), @"v.yaml:4:3: a.x: key `x` stands twice in a table; first set here at v.yaml:2:3; remove one of the two");
        assert_snapshot!(mistake("a: .nan\nb: [-.inf, 1e400, 0xffffffffffffffff]\n"), @"
v.yaml:1:4: a: `.nan` is not a finite number; quote it if it is meant as a string
v.yaml:2:5: b[0]: `-.inf` is not a finite number; quote it if it is meant as a string
v.yaml:2:12: b[1]: `1e400` is beyond the numbers of 64 bits; quote it if it is meant as a string
v.yaml:2:19: b[2]: `0xffffffffffffffff` is beyond the whole numbers of 64 bits; quote it if it is meant as a string
");
        assert_snapshot!(mistake("a: 1\n---\nb: 2\n"), @"v.yaml:2:1: a second document in one file, expected one; give each document its own file");
        assert_snapshot!(mistake("a: [1\nb: 2\n"), @"v.yaml:2:2: illegal placement of ':' indicator");
        assert_snapshot!(mistake("a: \"\u{7f}\"\n"), @r#"v.yaml:1:5: character U+007F cannot stand in YAML; write it in double quotes as `\u007f`"#);
        assert_snapshot!(mistake("a: \"x\u{2028}\"\n"), @r#"v.yaml:1:6: character U+2028 cannot stand in YAML; write it in double quotes as `\u2028`"#);
        assert_snapshot!(mistake("just text"), @"v.yaml:1:1: expected a table at the top, found a string; start with keys, such as `app` and the names of services");
    }

    proptest! {
        #[test]
        fn never_fails_otherwise(text in "[-a:?{}\\[\\],&*!|>'\"# \n\t~<0-9]{0,40}") {
            let _ = read(&text);
        }
    }
}
