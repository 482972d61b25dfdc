//! Values in TOML. `unset = ["path"]` at the top stands for the null that TOML has not.

use super::{At, Entry, Mistake, Node, Path, SourceId, Step, Table, Value, tree};
use std::{ops::Range, sync::Arc};
use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue},
};

/// The key at the top of a document whose list of paths is set to null.
const UNSET: &str = "unset";

/// How many doubled keys are told with both places; each costs another parse.
const DOUBLES_TOLD: usize = 10;

/// Reads a document.
///
/// # Errors
/// Every mistake: of syntax, doubled keys, dates, and numbers out of range.
pub(super) fn read(text: &str, source: SourceId) -> Result<Node, Vec<Mistake>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(syntax(text, &errors, source));
    }
    let mut reader = Reader { source, keys: tree::Keys::default(), mistakes: Vec::new() };
    let top = At::new(source, 0..text.len());
    let mut node = Node::new(Value::Table(Arc::new(reader.table(table.into_inner()))), top);
    reader.unset(&mut node);
    tree::finish(node, reader.mistakes)
}

struct Reader {
    source: SourceId,
    keys: tree::Keys,
    mistakes: Vec<Mistake>,
}

impl Reader {
    fn at(&self, range: Range<usize>) -> At {
        At::new(self.source, range)
    }

    fn table(&mut self, table: DeTable<'_>) -> Table {
        let entries = table.into_iter().map(|(key, value)| Entry {
            key_at: self.at(key.span()),
            key: self.keys.share(key.get_ref()),
            node: self.node(value),
        });
        Table::new(entries.collect())
    }

    fn list(&mut self, list: DeArray<'_>) -> Vec<Node> {
        list.into_iter().map(|item| self.node(item)).collect()
    }

    fn node(&mut self, value: Spanned<DeValue<'_>>) -> Node {
        let at = self.at(value.span());
        let value = match value.into_inner() {
            DeValue::String(text) => Value::Text(text.into()),
            DeValue::Boolean(b) => Value::Bool(b),
            DeValue::Integer(i) => match i64::from_str_radix(i.as_str(), i.radix()) {
                Ok(i) => Value::Int(i),
                Err(_) => self.refuse(at, format!("`{i}` is beyond the whole numbers of 64 bits")),
            },
            DeValue::Float(x) => match x.as_str().parse::<f64>() {
                Ok(x) if x.is_finite() => Value::Float(x),
                _ => self.refuse(at, format!("`{x}` is not a finite number")),
            },
            DeValue::Datetime(date) => {
                let message = format!("`{date}` is a date, which values cannot hold");
                let mistake = Mistake::new("", Some(at), message);
                self.mistakes.push(mistake.help(format!("quote it: \"{date}\"")));
                Value::Null
            }
            DeValue::Array(list) => Value::List(Arc::new(self.list(list))),
            DeValue::Table(table) => Value::Table(Arc::new(self.table(table))),
        };
        Node::new(value, at)
    }

    fn refuse(&mut self, at: At, message: String) -> Value {
        let mistake = Mistake::new("", Some(at), message);
        self.mistakes.push(mistake.help("quote it if it is meant as a string"));
        Value::Null
    }

    /// Takes the list of unset paths off and puts null at each of them.
    fn unset(&mut self, top: &mut Node) {
        let Some(entry) = top.table_mut().and_then(|t| t.remove(UNSET)) else { return };
        let Value::List(paths) = &entry.node.value else {
            let message = format!("expected a list of paths, found {}", entry.node.value.kind());
            let mistake = Mistake::new(UNSET, Some(entry.node.at), message);
            self.mistakes.push(mistake.help("write it as `unset = [\"backend.resources\"]`"));
            return;
        };
        for item in paths.iter() {
            if let Err(mistake) = unset_one(top, item) {
                self.mistakes.push(mistake);
            }
        }
    }
}

/// Puts null at the path that an item of the list names.
fn unset_one(top: &mut Node, item: &Node) -> Result<(), Mistake> {
    let fail = |message: String| Mistake::new(UNSET, Some(item.at), message);
    let text = item
        .text()
        .ok_or_else(|| fail(format!("expected a path as a string, found {}", item.value.kind())))?;
    let path: Path = text.parse().map_err(|e: super::PathError| fail(e.to_string()))?;
    let mut node = top;
    for (i, step) in path.steps().iter().enumerate() {
        let Step::Key(key) = step else {
            let mistake = fail(format!("`{text}` leads into a list, which is replaced as a whole"));
            return Err(mistake.help("set the whole list instead"));
        };
        let last = i + 1 == path.steps().len();
        let place = node.at;
        let Some(table) = node.table_mut() else {
            let mistake = fail(format!("`{text}` is unset below a value of the same file"));
            return Err(mistake
                .related(place, "the value stands here")
                .help("remove one of the two"));
        };
        if let Some(set) = table.entry(key).filter(|_| last) {
            let mistake = fail(format!("`{text}` is both set and unset in one file"));
            return Err(mistake.related(set.key_at, "set here").help("remove one of the two"));
        }
        if table.get(key).is_none() {
            let value = if last { Value::Null } else { Value::Table(Arc::default()) };
            let node = Node::new(value, item.at);
            table.insert(Entry { key: Arc::clone(key), key_at: item.at, node });
        }
        match table.get_mut(key) {
            Some(next) => node = next,
            None => return Ok(()),
        }
    }
    Ok(())
}

/// Mistakes of the parser, in our words where ours say more.
fn syntax(text: &str, errors: &[toml::de::Error], source: SourceId) -> Vec<Mistake> {
    let deep = |error: &&toml::de::Error| {
        ["recurse further", "recursion limit"].iter().any(|words| error.message().contains(words))
    };
    if let Some(error) = errors.iter().find(deep) {
        // What is left open behind that point is no mistake of its own.
        return vec![tree::too_deep(At::new(source, error.span().unwrap_or(0..0)))];
    }
    let mut doubles = 0;
    let tell = |error: &toml::de::Error| {
        let span = error.span().unwrap_or(0..0);
        let at = At::new(source, span.clone());
        if error.message().contains("duplicate key") {
            doubles += 1;
            let first = (doubles <= DOUBLES_TOLD).then(|| first_of_two(text, span)).flatten();
            let key = text.get(at.start as usize..at.end as usize).unwrap_or_default();
            return tree::doubled(key, at, first.map(|span| At::new(source, span)));
        }
        let message = error.message().trim_end();
        let mistake = Mistake::new("", Some(at), message);
        if message.starts_with("invalid float") || message.contains("expected `=`") {
            return mistake.help("in TOML it is `key = value`, and a string stands in quotes");
        }
        mistake
    };
    errors.iter().map(tell).collect()
}

/// Where a key stands that is written again at `second`.
///
/// The parser names only the second place. Renamed to a key that nothing else uses, the second
/// one parses, and its neighbour of the old name is the first one.
fn first_of_two(text: &str, second: Range<usize>) -> Option<Range<usize>> {
    const PROBE: &str = "kgen-probe-for-the-second-key";
    let written = text.get(second.clone())?;
    let name = format!("{written} = 0");
    let (name, _) = DeTable::parse_recoverable(&name).0.into_inner().into_iter().next()?;
    let renamed = format!("{}{PROBE}{}", &text[..second.start], &text[second.end..]);
    let (table, _) = DeTable::parse_recoverable(&renamed);
    sibling(table.get_ref(), PROBE, name.get_ref())
}

/// The place of the key `name` in the table that holds the key `probe`.
fn sibling(table: &DeTable<'_>, probe: &str, name: &str) -> Option<Range<usize>> {
    let key = |name: &str| table.keys().find(|key| key.get_ref() == name).map(Spanned::span);
    if key(probe).is_some() {
        return key(name);
    }
    table.values().find_map(|value| sibling_below(value.get_ref(), probe, name))
}

fn sibling_below(value: &DeValue<'_>, probe: &str, name: &str) -> Option<Range<usize>> {
    match value {
        DeValue::Table(table) => sibling(table, probe, name),
        DeValue::Array(list) => {
            list.iter().find_map(|item| sibling_below(item.get_ref(), probe, name))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::values::{Format, SourceId, parse, testing};
    use insta::assert_snapshot;
    use serde_json::{Value, json};

    fn read(text: &str) -> Result<Value, String> {
        testing::read_text(text, Format::Toml)
    }

    fn mistake(text: &str) -> String {
        read(text).unwrap_err()
    }

    #[test]
    fn reads_values_with_their_places() {
        let text = "a = 1\nb.c = 'x'\n[d.\"e f\"]\ng = [true, {h = 1.5}]\n[[i]]\nj = \"\\u0041\"\n";
        assert_eq!(
            read(text),
            Ok(json!({
                "a": 1, "b": {"c": "x"}, "d": {"e f": {"g": [true, {"h": 1.5}]}},
                "i": [{"j": "A"}],
            }))
        );
        let node = parse(text, Format::Toml, SourceId(0)).unwrap();
        assert_snapshot!(testing::places(&node, text).join("\n"), @r#"
.a = 1
.a @ a
.b @ b
.b.c = 'x'
.b.c @ c
.d @ d
.d.e f @ "e f"
.d.e f.g @ g
.d.e f.g[0] = true
.d.e f.g[1].h = 1.5
.d.e f.g[1].h @ h
.i @ i
.i[0].j = "\u0041"
.i[0].j @ j
"#);
    }

    #[test]
    fn an_empty_file_is_an_empty_table() {
        for text in ["", "# nothing\n", "\r\n# nothing\r\n"] {
            assert_eq!(read(text), Ok(json!({})), "{text:?}");
        }
    }

    #[test]
    fn a_doubled_key_names_both_lines() {
        assert_snapshot!(mistake("a = 1\nb = 2\na = 3\n"), @"v.toml:3:1: key `a` stands twice in a table; first set here at v.toml:1:1; remove one of the two");
        assert_snapshot!(mistake("[a]\nx = 1\n[b]\n[a]\ny = 1\n"), @"v.toml:4:2: key `a` stands twice in a table; first set here at v.toml:1:2; remove one of the two");
        assert_snapshot!(mistake("[a]\nx.y = 1\nx.\"y\" = 1\n"), @r#"v.toml:3:3: key `"y"` stands twice in a table; first set here at v.toml:2:3; remove one of the two"#);
        assert_snapshot!(mistake("a = [{b = {x = 1, x = 2}}]"), @"v.toml:1:19: key `x` stands twice in a table; first set here at v.toml:1:12; remove one of the two");
    }

    #[test]
    fn refuses_what_values_cannot_hold() {
        assert_snapshot!(mistake("a.b = 2020-01-01\n"), @r#"v.toml:1:7: a.b: `2020-01-01` is a date, which values cannot hold; quote it: "2020-01-01""#);
        assert_snapshot!(mistake("x = [nan, inf, 1e400, 9223372036854775808, 0xffffffffffffffff]"), @"
v.toml:1:6: x[0]: `nan` is not a finite number; quote it if it is meant as a string
v.toml:1:11: x[1]: `inf` is not a finite number; quote it if it is meant as a string
v.toml:1:16: x[2]: `1e400` is not a finite number; quote it if it is meant as a string
v.toml:1:23: x[3]: `9223372036854775808` is beyond the whole numbers of 64 bits; quote it if it is meant as a string
v.toml:1:44: x[4]: `0xffffffffffffffff` is beyond the whole numbers of 64 bits; quote it if it is meant as a string
");
    }

    #[test]
    fn tells_several_mistakes_of_syntax() {
        assert_snapshot!(mistake("a = \nb = 'x\n[c\n"), @"
v.toml:1:5: string values must be quoted, expected literal string
v.toml:2:7: invalid literal string, expected `'`
v.toml:3:3: unclosed table, expected `]`
");
    }

    #[test]
    fn survives_deep_nesting() {
        for deep in [
            format!("a = {}", "[".repeat(100_000)),
            format!("a = {}", "{a=".repeat(100_000)),
            format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
            format!("{}a = 1", "a.".repeat(100_000)),
            format!("[{}a]", "a.".repeat(100_000)),
        ] {
            assert!(mistake(&deep).contains("nested too deep"), "{}", mistake(&deep));
        }
    }

    #[test]
    fn unset_stands_for_null() {
        assert_eq!(
            read("unset = ['a.b', 'c', 'd.\"e.f\"']\n[a]\nx = 1\n"),
            Ok(json!({"a": {"b": null, "x": 1}, "c": null, "d": {"e.f": null}}))
        );
        assert_snapshot!(mistake("unset = ['a.b', 'a.b.c', 'x[0]', 1, '..']\n[a]\nb = 1\n"), @r#"
v.toml:1:10: unset: `a.b` is both set and unset in one file; set here at v.toml:3:1; remove one of the two
v.toml:1:17: unset: `a.b.c` is unset below a value of the same file; the value stands here at v.toml:3:5; remove one of the two
v.toml:1:26: unset: `x[0]` leads into a list, which is replaced as a whole; set the whole list instead
v.toml:1:34: unset: expected a path as a string, found a whole number
v.toml:1:37: unset: `..` is not a path: a key is empty; write it as `backend.ports.http` or `a."b.c"[0]`
"#);
        assert_snapshot!(mistake("unset = 'a'"), @r#"v.toml:1:9: unset: expected a list of paths, found a string; write it as `unset = ["backend.resources"]`"#);
    }
}
