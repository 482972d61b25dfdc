//! Paths to values, in the spelling that people write: `backend.ports[0]."a.b"`.

use super::{At, Entry, Node, Table, Value};
use std::{fmt, str::FromStr, sync::Arc};

/// A path from the top of a document: keys of tables and indices of lists.
///
/// A key that holds a dot is written `"a.b"` or `a\.b`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Into a table, by key.
    Key(Arc<str>),
    /// Into a list, by index from 0.
    Index(usize),
}

/// A text that is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a path: {reason}; write it as `backend.ports.http` or `a.\"b.c\"[0]`")]
pub struct PathError {
    text: String,
    reason: &'static str,
}

impl Path {
    /// The steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Adds a step at the end.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// The tables and lists of this path around a value, with nothing else in them.
    pub fn around(&self, value: Node) -> Node {
        self.0.iter().rev().fold(value, |node, step| {
            let at = node.at;
            Node::new(
                match step {
                    Step::Key(key) => {
                        let entry = Entry { key: Arc::clone(key), key_at: at, node };
                        Value::Table(Arc::new(Table::new(vec![entry])))
                    }
                    Step::Index(_) => Value::List(Arc::new(vec![node])),
                },
                at,
            )
        })
    }

    /// Takes the last step off.
    pub fn pop(&mut self) -> Option<Step> {
        self.0.pop()
    }
}

impl From<Vec<Step>> for Path {
    fn from(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let fail = |reason| PathError { text: text.to_owned(), reason };
        let mut steps = Vec::new();
        let mut rest = text;
        let mut key_must_follow = true;
        while !rest.is_empty() || key_must_follow {
            if let Some(index) = rest.strip_prefix('[').filter(|_| !key_must_follow) {
                let (digits, after) =
                    index.split_once(']').ok_or_else(|| fail("`]` is missing"))?;
                let index = digits.parse().map_err(|_| fail("an index is a whole number"))?;
                steps.push(Step::Index(index));
                rest = after;
            } else {
                if !key_must_follow {
                    return Err(fail("expected `.` or `[` between steps"));
                }
                let (key, after) = take_key(rest).map_err(fail)?;
                steps.push(Step::Key(key.into()));
                rest = after;
            }
            key_must_follow = false;
            if let Some(after) = rest.strip_prefix('.') {
                rest = after;
                key_must_follow = true;
            }
        }
        Ok(Self(steps))
    }
}

/// The key that `text` starts with, unescaped, and what follows it.
fn take_key(text: &str) -> Result<(String, &str), &'static str> {
    let quoted = text.starts_with('"');
    let mut key = String::new();
    let mut chars = text.char_indices();
    if quoted {
        chars.next();
    }
    while let Some((i, c)) = chars.next() {
        match c {
            '\\' => key.push(unescape(&mut chars)?),
            '"' if quoted => return Ok((key, &text[i + 1..])),
            '.' | '[' if !quoted => return nonempty(key, &text[i..]),
            c => key.push(c),
        }
    }
    if quoted { Err("a quote is not closed") } else { nonempty(key, "") }
}

fn nonempty(key: String, rest: &str) -> Result<(String, &str), &'static str> {
    if key.is_empty() { Err("a key is empty") } else { Ok((key, rest)) }
}

fn unescape(chars: &mut std::str::CharIndices<'_>) -> Result<char, &'static str> {
    match chars.next().map(|(_, c)| c) {
        None => Err("a `\\` stands at the end"),
        Some('u') => {
            let rest = chars.as_str();
            let code = rest.strip_prefix('{').and_then(|r| r.split_once('}'));
            let (hex, _) = code.ok_or("`\\u` needs `{..}`")?;
            let c = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
            chars.nth(hex.chars().count() + 1);
            c.ok_or("`\\u{..}` holds no character")
        }
        Some(c) => Ok(c),
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for step in &self.0 {
            match step {
                Step::Key(key) => push_key(&mut text, key),
                Step::Index(index) => push_index(&mut text, *index),
            }
        }
        f.write_str(&text)
    }
}

/// Adds a key to a path in text, in quotes where it would not read back as one key.
pub(super) fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    let odd =
        |c: char| matches!(c, '.' | '[' | ']' | '"' | '\\') || c.is_whitespace() || c.is_control();
    if !key.is_empty() && !key.contains(odd) {
        path.push_str(key);
        return;
    }
    path.push('"');
    for c in key.chars() {
        match c {
            '"' | '\\' => path.extend(['\\', c]),
            c if c.is_control() => path.extend(c.escape_unicode()),
            c => path.push(c),
        }
    }
    path.push('"');
}

/// Adds an index to a path in text.
pub(super) fn push_index(path: &mut String, index: usize) {
    path.push('[');
    path.push_str(&index.to_string());
    path.push(']');
}

impl Node {
    /// The value below this one at a path.
    pub fn find(&self, path: &Path) -> Option<&Self> {
        path.steps().iter().try_fold(self, Self::step)
    }

    pub(super) fn step(&self, step: &Step) -> Option<&Self> {
        match (&self.value, step) {
            (Value::Table(t), Step::Key(key)) => t.get(key),
            (Value::List(l), Step::Index(index)) => l.get(*index),
            _ => None,
        }
    }

    /// The path of the value that was written at a place, if it is in this tree.
    ///
    /// Readers note only places while they read, and look paths up when there is a mistake.
    pub(super) fn path_of(&self, at: At) -> Option<Path> {
        if self.at == at {
            return None;
        }
        let mut path = Path::default();
        self.seek(at, &mut path).then_some(path)
    }

    fn seek(&self, at: At, path: &mut Path) -> bool {
        if self.at == at {
            return true;
        }
        let mut into = |step, node: &Self| {
            path.push(step);
            let found = node.seek(at, path);
            if !found {
                path.pop();
            }
            found
        };
        match &self.value {
            Value::Table(t) => t.iter().any(|e| {
                if e.key_at == at {
                    return into(Step::Key(Arc::clone(&e.key)), &Self::new(Value::Null, at));
                }
                into(Step::Key(Arc::clone(&e.key)), &e.node)
            }),
            Value::List(l) => l.iter().enumerate().any(|(i, n)| into(Step::Index(i), n)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(k: &str) -> Step {
        Step::Key(k.into())
    }

    #[test]
    fn reads_the_spellings() {
        for (text, steps) in [
            ("a", vec![key("a")]),
            ("a.b[0].c", vec![key("a"), key("b"), Step::Index(0), key("c")]),
            (r"a\.b.c", vec![key("a.b"), key("c")]),
            (r#"a."b.c"[1][2]"#, vec![key("a"), key("b.c"), Step::Index(1), Step::Index(2)]),
            (r#""".x"#, vec![key(""), key("x")]),
        ] {
            assert_eq!(text.parse::<Path>(), Ok(Path(steps)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_path() {
        for text in ["", ".", "a.", "a..b", "a[x]", "a[0", "[0]", "a[0]b", "\"a", r"a\"] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(
            first in any::<String>(),
            rest in prop::collection::vec(prop_oneof![
                any::<String>().prop_map(|s| Step::Key(s.into())),
                any::<usize>().prop_map(Step::Index),
            ], 0..6),
        ) {
            let path = Path([vec![Step::Key(first.into())], rest].concat());
            prop_assert_eq!(path.to_string().parse::<Path>(), Ok(path));
        }
    }
}
