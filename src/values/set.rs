//! The flags `--set`, `--set-string`, `--set-json` and `--set-file`, with Helm's syntax.

use super::{Assignment, At, Mistake, Node, Path, SourceId, Step, Value, file, json};
use std::{path, sync::Arc};

/// The largest index of a list that a flag may set.
const INDEX_LIMIT: usize = 65_536;

/// The most dots in the name of a value.
const DOT_LIMIT: usize = 30;

/// The most steps in the name of a value, indices among them.
const STEP_LIMIT: usize = 64;

/// What a flag makes of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetKind {
    /// `--set-json`: JSON. Helm applies these first, whatever the order of the flags.
    Json,
    /// `--set`: whole numbers, booleans and null are told from strings.
    Typed,
    /// `--set-string`: strings.
    Text,
    /// `--set-file`: the value names a file, whose text is taken.
    File,
}

impl SetKind {
    /// The flag as it is written.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Json => "--set-json",
            Self::Typed => "--set",
            Self::Text => "--set-string",
            Self::File => "--set-file",
        }
    }
}

/// Reads the argument of a flag: `a.b=1,c[0].d={x,y}`.
///
/// # Errors
/// The first mistake of the argument; for `--set-file`, of the file too.
pub(super) fn read(
    kind: SetKind,
    text: &str,
    source: SourceId,
) -> Result<Vec<Assignment>, Vec<Mistake>> {
    let mut reader = Reader { kind, text, source, position: 0 };
    if kind == SetKind::Json && text.trim_start().starts_with('{') {
        let start = text.len() - text.trim_start().len();
        let node = json::value(text.trim(), source, start)?;
        return Ok(vec![Assignment { path: Path::default(), node, merge: true }]);
    }
    let mut assignments = Vec::new();
    while let Some(assignment) = reader.assignment()? {
        assignments.push(assignment);
    }
    Ok(assignments)
}

struct Reader<'t> {
    kind: SetKind,
    text: &'t str,
    source: SourceId,
    /// How many bytes are read.
    position: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.position += next.len_utf8();
        Some(next)
    }

    /// Reads on over a character, if it is the next one.
    fn skip(&mut self, c: char) -> bool {
        let found = self.rest().starts_with(c);
        self.position += if found { c.len_utf8() } else { 0 };
        found
    }

    fn at(&self, range: std::ops::Range<usize>) -> At {
        At::new(self.source, range)
    }

    /// A mistake from `start` to here. It quotes nothing: what seems to be a name may be the end
    /// of a password that holds a comma.
    fn fail(&self, start: usize, message: impl Into<String>) -> Vec<Mistake> {
        let mistake = Mistake::new("", Some(self.at(start..self.position)), message);
        vec![mistake.help("write it as `a.b=1,c[0].d=2`, and a comma in a value as `\\,`")]
    }

    /// One `name=value`, or nothing at the end.
    fn assignment(&mut self) -> Result<Option<Assignment>, Vec<Mistake>> {
        let start = self.position;
        if self.rest().is_empty() {
            return Ok(None);
        }
        let path = self.name(start)?;
        if self.rest().is_empty() && self.kind != SetKind::Json && in_list(&path) {
            // Helm loses such a value, and the item of the list with it.
            let message = "an empty value at the end, below an item of a list";
            let mistake = Mistake::new("", Some(self.at(start..self.position)), message);
            return Err(vec![mistake.help("end it with a comma: `a[0].b=,`")]);
        }
        let node = if self.kind == SetKind::Json { self.json()? } else { self.value()? };
        Ok(Some(Assignment { path, node, merge: false }))
    }

    fn name(&mut self, start: usize) -> Result<Path, Vec<Mistake>> {
        let mut steps = Vec::new();
        let mut dots = 0;
        loop {
            let (key, stop, _) = self.until(&['=', '[', ',', '.']);
            if stop.is_none() || stop == Some(',') {
                return Err(self.fail(start, "a name without a value, expected `name=value`"));
            }
            if key.is_empty() {
                return Err(self.fail(start, "an empty key, expected a name"));
            }
            steps.push(Step::Key(key.into()));
            let mut stop = stop;
            while stop == Some('[') {
                steps.push(Step::Index(self.index(start)?));
                let (junk, next, _) = self.until(&['[', '.', '=']);
                if !junk.is_empty() {
                    return Err(self.fail(start, "expected `.`, `[` or `=` after an index"));
                }
                if next.is_none() {
                    return Err(self.fail(start, "a name without a value, expected `name=value`"));
                }
                stop = next;
            }
            if steps.len() > STEP_LIMIT {
                let message = format!("more than {STEP_LIMIT} steps in one name");
                return Err(self.fail(start, message));
            }
            if stop == Some('=') {
                return Ok(Path::from(steps));
            }
            dots += 1;
            if dots > DOT_LIMIT {
                return Err(self.fail(start, format!("more than {DOT_LIMIT} dots in one name")));
            }
        }
    }

    fn index(&mut self, start: usize) -> Result<usize, Vec<Mistake>> {
        let (digits, stop, _) = self.until(&[']']);
        if stop.is_none() {
            return Err(self.fail(start, "`]` is missing after an index"));
        }
        match digits.parse::<usize>() {
            Ok(index) if index <= INDEX_LIMIT => Ok(index),
            _ => {
                let message = format!("expected an index from 0 to {INDEX_LIMIT}");
                Err(self.fail(start, message))
            }
        }
    }

    /// The characters up to one of `stops`, a `\` taking the next one as it is; where they end.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>, usize) {
        let mut text = String::new();
        loop {
            let end = self.position;
            match self.next() {
                Some(c) if stops.contains(&c) => return (text, Some(c), end),
                Some('\\') => text.extend(self.next()),
                Some(c) => text.push(c),
                None => return (text, None, end),
            }
        }
    }

    fn value(&mut self) -> Result<Node, Vec<Mistake>> {
        let start = self.position;
        if self.skip('{') {
            return self.list(start);
        }
        let (text, _, end) = self.until(&[',']);
        let at = self.at(start..end);
        // An empty value names no file: Helm takes it as the empty string everywhere.
        if text.is_empty() {
            return Ok(Node::of_text("", at));
        }
        self.typed(text, at)
    }

    fn list(&mut self, start: usize) -> Result<Node, Vec<Mistake>> {
        let mut items = Vec::new();
        loop {
            let from = self.position;
            let (text, stop, end) = self.until(&[',', '}']);
            if stop.is_none() {
                let place = self.at(start..self.position);
                let mistake = Mistake::new("", Some(place), "a list is not closed, expected `}`");
                return Err(vec![mistake.help("write it as `name={a,b}`")]);
            }
            items.push(self.typed(text, self.at(from..end))?);
            if stop == Some('}') {
                let at = self.at(start..self.position);
                self.skip(',');
                return Ok(Node::new(Value::List(Arc::new(items)), at));
            }
        }
    }

    fn typed(&self, text: String, at: At) -> Result<Node, Vec<Mistake>> {
        let value = match self.kind {
            SetKind::Typed => typed(&text),
            SetKind::File => {
                let text = file::text(path::Path::new(&text));
                Value::Text(text.map_err(|m| vec![Mistake { at: Some(at), ..m }])?.into())
            }
            SetKind::Text | SetKind::Json => Value::Text(text.into()),
        };
        Ok(Node::new(value, at))
    }

    /// A JSON value up to the end of the argument or the comma after it; nothing is null.
    fn json(&mut self) -> Result<Node, Vec<Mistake>> {
        self.blanks();
        let start = self.position;
        if self.skip(',') || self.rest().is_empty() {
            return Ok(Node::new(Value::Null, self.at(start..start)));
        }
        let values = serde_json::Deserializer::from_str(self.rest());
        let mut values = values.into_iter::<serde::de::IgnoredAny>();
        let end = match values.next() {
            Some(Ok(_)) => start + values.byte_offset(),
            // The reader of whole values says what is wrong and where.
            _ => self.text.len(),
        };
        let node = json::value(&self.text[start..end], self.source, start)?;
        self.position = end;
        self.blanks();
        self.skip(',');
        Ok(node)
    }

    fn blanks(&mut self) {
        self.position = self.text.len() - self.rest().trim_start().len();
    }
}

/// Whether a path leads through an item of a list into a table.
fn in_list(path: &Path) -> bool {
    path.steps().windows(2).any(|pair| matches!(pair, [Step::Index(_), Step::Key(_)]))
}

/// What `--set` makes of a value. A leading zero keeps a number a string, as do fractions.
fn typed(text: &str) -> Value {
    if text.eq_ignore_ascii_case("true") {
        Value::Bool(true)
    } else if text.eq_ignore_ascii_case("false") {
        Value::Bool(false)
    } else if text.eq_ignore_ascii_case("null") {
        Value::Null
    } else if text == "0" {
        Value::Int(0)
    } else {
        let number = if text.starts_with('0') { None } else { text.parse().ok() };
        number.map_or_else(|| Value::Text(text.into()), Value::Int)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Mistakes, Origin, Sources, testing};
    use insta::assert_snapshot;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    /// The tree that flags make of an empty one, or of `under`.
    fn set_on(under: &Json, kind: SetKind, text: &str) -> Result<Json, String> {
        let mut sources = Sources::default();
        let source = sources.add(Origin::Flag(kind.flag()), text);
        let mut tree = testing::node(under);
        let result = read(kind, text, source)
            .and_then(|all| all.iter().try_for_each(|a| a.apply(&mut tree).map_err(|m| vec![m])));
        match result {
            Ok(()) => Ok(testing::json_of(&tree)),
            Err(list) => Err(Mistakes::new(list, sources).to_string()),
        }
    }

    fn set(text: &str) -> Result<Json, String> {
        set_on(&json!({}), SetKind::Typed, text)
    }

    /// Each pair was made by Helm's `strvals` too.
    #[test]
    fn reads_as_helm_does() {
        for (text, value) in [
            ("a=1", json!({"a": 1})),
            ("a.b=1,c[0].d=x", json!({"a": {"b": 1}, "c": [{"d": "x"}]})),
            ("a=", json!({"a": ""})),
            ("a=,b=", json!({"a": "", "b": ""})),
            ("", json!({})),
            ("a=1,", json!({"a": 1})),
            ("a={x,1,true}", json!({"a": ["x", 1, true]})),
            ("a={},b=1", json!({"a": [""], "b": 1})),
            (r"a=x\,z,b\.c=2", json!({"a": "x,z", "b.c": 2})),
            (r"a=\{x", json!({"a": "{x"})),
            (r"a\=b=c=d", json!({"a=b": "c=d"})),
            ("a=007", json!({"a": "007"})),
            ("a=-05", json!({"a": -5})),
            ("a=1.5", json!({"a": "1.5"})),
            ("a=0", json!({"a": 0})),
            ("a=TRUE,b=Null", json!({"a": true, "b": null})),
            ("a[2]=x", json!({"a": [null, null, "x"]})),
            ("a[1][0]=x", json!({"a": [null, ["x"]]})),
            ("a[0].b=1,a[0].c=2", json!({"a": [{"b": 1, "c": 2}]})),
            ("a=ä,ö=1", json!({"a": "ä", "ö": 1})),
            ("a=12345678901234567890", json!({"a": "12345678901234567890"})),
        ] {
            assert_eq!(set(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn goes_on_from_what_is_there() {
        let under = json!({"a": [1, {"b": 2}], "n": null});
        for (text, value) in [
            ("a[0]=5", json!({"a": [5, {"b": 2}], "n": null})),
            ("a[1].c=3", json!({"a": [1, {"b": 2, "c": 3}], "n": null})),
            ("a[0].c=3", json!({"a": [{"c": 3}, {"b": 2}], "n": null})),
            ("n=1", json!({"a": [1, {"b": 2}], "n": 1})),
        ] {
            assert_eq!(set_on(&under, SetKind::Typed, text), Ok(value), "{text}");
        }
        for text in ["n.x=1", "a.x=1", "n[0]=1", "a[0][0]=1"] {
            assert!(set_on(&under, SetKind::Typed, text).is_err(), "{text}");
        }
        assert_snapshot!(set_on(&under, SetKind::Typed, "n.x=1").unwrap_err(), @"--set n.x=1: n.x: `n` was set to null before, expected a table; set the whole value instead");
    }

    #[test]
    fn strings_and_json() {
        let text = |t| set_on(&json!({}), SetKind::Text, t);
        assert_eq!(text("a=1,b=null,c={1}"), Ok(json!({"a": "1", "b": "null", "c": ["1"]})));
        let js = |t| set_on(&json!({"a": {"x": 1}}), SetKind::Json, t);
        assert_eq!(
            js(r#"b={"c": [1, "x"]} ,d="e",f=,g=1.5,a.y=true"#),
            Ok(
                json!({"a": {"x": 1, "y": true}, "b": {"c": [1, "x"]}, "d": "e", "f": null, "g": 1.5})
            )
        );
        assert_eq!(js(r#" {"a": {"z": 2}}"#), Ok(json!({"a": {"x": 1, "z": 2}})));
        assert_snapshot!(js("a={x}").unwrap_err(), @"--set-json a={x}: key must be a string");
        assert_snapshot!(js("b=1,a={\"x\": 1, \"x\": 2}").unwrap_err(), @r#"--set-json b=1,a={"x": 1, "x": 2}: key `x` stands twice in a table; first set here at --set-json b=1,a={"x": 1, "x": 2}; remove one of the two"#);
    }

    #[test]
    fn takes_the_text_of_files() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key.pem");
        std::fs::write(&file, "two\nlines\n").unwrap();
        assert_eq!(
            set_on(&json!({}), SetKind::File, &format!("a={}", file.display())),
            Ok(json!({"a": "two\nlines\n"}))
        );
        let told = set_on(&json!({}), SetKind::File, "a=no/such.pem").unwrap_err();
        assert_snapshot!(told, @"--set-file a=no/such.pem: no file `no/such.pem`; there is no directory `no` either");
    }

    #[test]
    fn refuses_with_what_is_wrong() {
        for text in [
            "a",
            "a,b=1",
            "=1",
            "a..b=1",
            "a[x]=1",
            "a[-1]=1",
            "a[0",
            "a[0]",
            "a[0]x=1",
            "a={1,2",
            "a[65537]=1",
            ".a=1",
            "a.=1",
            "a[0].b=",
        ] {
            assert!(set(text).is_err(), "{text}");
        }
        assert!(set(&format!("{}a=1", "a.".repeat(30))).is_ok());
        assert!(set(&format!("{}a=1", "a.".repeat(31))).is_err());
        assert!(set(&format!("a{}=1", "[0]".repeat(100_000))).is_err());
        assert!(set(&format!("a{}=1", "[65536]".repeat(20))).is_err());
        assert_snapshot!(set("a.b").unwrap_err(), @r#"--set a.b: a name without a value, expected `name=value`; write it as `a.b=1,c[0].d=2`, and a comma in a value as `\,`"#);
        assert_snapshot!(set("a=1,b[x]=2").unwrap_err(), @r#"--set a=1,b[x]=2: expected an index from 0 to 65536; write it as `a.b=1,c[0].d=2`, and a comma in a value as `\,`"#);
        assert_snapshot!(set("a={1,2").unwrap_err(), @"--set a={1,2: a list is not closed, expected `}`; write it as `name={a,b}`");
    }

    proptest! {
        #[test]
        fn never_fails_otherwise(text in r#"[ab01.,=\[\]{}\\" ]{0,24}"#, json in any::<bool>()) {
            let _ = set_on(&json!({}), if json { SetKind::Json } else { SetKind::Typed }, &text);
        }

        #[test]
        fn an_escaped_string_reads_back(key in "[^\u{0}]{1,8}", value in any::<String>()) {
            let escape = |s: &str| s.chars().flat_map(|c| ['\\', c]).collect::<String>();
            let text = format!("{}={}", escape(&key), escape(&value));
            prop_assert_eq!(set_on(&json!({}), SetKind::Text, &text), Ok(json!({key: value})));
        }
    }
}
