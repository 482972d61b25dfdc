//! Secrets never show: which values are secret, and texts with those values starred out.

use super::{At, Format, Mistake, Mistakes, Node, Shape, SourceId, Sources, Value, schema::Schema};
use std::ops::Range;

/// Where plain secrets stand in a tree, by a schema that marks them `writeOnly`.
///
/// A secret that is taken from elsewhere (`{ env = "NAME", default = ".." }`) is secret only in
/// its `default`: names may show.
pub fn secret_spans(schema: &serde_json::Value, tree: &Node) -> Vec<At> {
    let mut spans = Vec::new();
    visit(tree, &Schema::new(schema), &mut spans);
    spans.sort();
    spans.dedup();
    spans
}

fn visit(node: &Node, schema: &Schema<'_>, spans: &mut Vec<At>) {
    if schema.is_secret() {
        return secret(node, spans);
    }
    match &node.value {
        Value::Table(table) => {
            table.iter().for_each(|e| visit(&e.node, &schema.key(&e.key), spans));
        }
        Value::List(list) => {
            let schema = schema.item();
            list.iter().for_each(|item| visit(item, &schema, spans));
        }
        _ => {}
    }
}

fn secret(node: &Node, spans: &mut Vec<At>) {
    const NAMES: [&str; 3] = ["env", "file", "generate"];
    match &node.value {
        Value::Table(table) => {
            let plain = table.iter().filter(|e| !NAMES.contains(&&*e.key));
            plain.for_each(|e| secret(&e.node, spans));
        }
        Value::List(list) => list.iter().for_each(|item| secret(item, spans)),
        Value::Null => {}
        _ => spans.push(node.at),
    }
}

impl Sources {
    /// The same texts with every character of these places as `*`, line breaks kept.
    ///
    /// Lengths in bytes stay, so places stay right.
    #[must_use]
    pub fn masked(&self, spans: &[At]) -> Self {
        let mut masked = self.clone();
        for (id, source) in self.iter() {
            let mut text: Option<Vec<u8>> = None;
            for at in spans.iter().filter(|at| at.source == id) {
                let bytes = text.get_or_insert_with(|| source.text.as_bytes().to_vec());
                star(bytes, at.start as usize..at.end as usize);
            }
            if let Some(text) = text {
                // Whole characters were replaced, so this is text still.
                masked.replace(id, String::from_utf8_lossy(&text).into_owned());
            }
        }
        masked
    }
}

fn star(bytes: &mut [u8], range: Range<usize>) {
    let end = range.end.min(bytes.len());
    for byte in &mut bytes[range.start.min(end)..end] {
        if !matches!(*byte, b'\n' | b'\r') {
            *byte = b'*';
        }
    }
}

/// The mistakes with the secrets of all trees masked, and with every value masked in sources
/// that could not be read.
pub(super) fn mistakes<'t>(
    mut list: Vec<Mistake>,
    sources: &Sources,
    shape: &dyn Shape,
    trees: impl Iterator<Item = &'t Node>,
    unread: &[(SourceId, Format)],
) -> Mistakes {
    let schema = shape.schema();
    let mut spans: Vec<At> = trees.flat_map(|tree| secret_spans(&schema, tree)).collect();
    spans.sort();
    spans.dedup();
    for mistake in &mut list {
        quiet(mistake, sources, &spans);
    }
    let mut masked = sources.masked(&spans);
    for (id, format) in unread {
        let places = list.iter().filter_map(|m| m.at).filter(|at| at.source == *id);
        let keep: Vec<Range<usize>> = places.map(|at| at.start as usize..at.end as usize).collect();
        let text = masked_syntax(&sources.get(*id).text, *format, &keep);
        masked.replace(*id, text);
    }
    Mistakes::new(list, masked)
}

/// Takes a secret out of the words of a mistake about it.
fn quiet(mistake: &mut Mistake, sources: &Sources, spans: &[At]) {
    let Some(at) = mistake.at else { return };
    for span in spans.iter().filter(|span| span.contains(at) || at.contains(**span)) {
        let text = &sources.get(span.source).text;
        let written = text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let bare = written.trim_matches(['"', '\'']);
        for secret in [written, bare].into_iter().filter(|s| !s.is_empty()) {
            // A secret of a letter or two is part of many words; as a value it stands in backticks.
            let (from, to) = match secret.len() {
                ..4 => (format!("`{secret}`"), "`***`"),
                _ => (secret.to_owned(), "***"),
            };
            mistake.message = mistake.message.replace(&from, to);
            mistake.help = mistake.help.take().map(|help| help.replace(&from, to));
        }
    }
}

/// A text that cannot be read, with everything starred but what cannot be a value: keys,
/// punctuation, and the places in `keep` as far as they are punctuation.
///
/// Without a tree nobody knows which values are secret, so all of them are taken for it.
pub fn masked_syntax(text: &str, format: Format, keep: &[Range<usize>]) -> String {
    let mut masked = text.as_bytes().to_vec();
    let mut offset = 0;
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let shown = match (format, fence) {
            (Format::Toml, Some(_)) => 0,
            (Format::Toml, None) => toml_key(line),
            (Format::Yaml, _) => yaml_key(line),
            (Format::Json, _) => json_key(line),
        };
        if format == Format::Toml {
            fence = fence_after(line, fence);
        }
        star_values(&mut masked, offset + shown..offset + line.len(), keep);
        offset += line.len();
    }
    String::from_utf8_lossy(&masked).into_owned()
}

fn star_values(bytes: &mut [u8], range: Range<usize>, keep: &[Range<usize>]) {
    for i in range {
        let blank = bytes[i].is_ascii_whitespace();
        let punctuation =
            matches!(bytes[i], b'[' | b']' | b'{' | b'}' | b',' | b':' | b'=' | b'"' | b'\'');
        let kept = punctuation && keep.iter().any(|k| k.contains(&i));
        if !blank && !kept {
            bytes[i] = b'*';
        }
    }
}

/// How much of a line of TOML is surely no value: `key = `, or a whole header.
fn toml_key(line: &str) -> usize {
    let content = line.trim_end();
    if content.starts_with('[') && !content.contains(['=', ',', '{', '"', '\'']) {
        return content.len();
    }
    match key_before(content, '=') {
        // YAML, in a file that is named TOML.
        0 => key_before(content, ':'),
        shown => shown,
    }
}

/// How much of a line of YAML is surely no value: `- key: `.
fn yaml_key(line: &str) -> usize {
    key_before(line.trim_end(), ':')
}

fn json_key(line: &str) -> usize {
    let content = line.trim_end();
    let Some((key, _)) = content.split_once("\":") else { return 0 };
    let bare = key.trim_start().trim_start_matches(['{', ',', ' ']).trim_start_matches('"');
    if is_key(bare) { key.len() + 2 } else { 0 }
}

/// The length of `key` and the mark after it, if a bare key stands there with a value after it.
/// In a line of a longer text, such as one in base64, the mark stands at the end.
fn key_before(line: &str, mark: char) -> usize {
    let Some((key, value)) = line.split_once(mark) else { return 0 };
    let bare = key.trim().trim_start_matches("- ").trim();
    let bare = bare.trim_matches('"');
    let apart =
        mark == '=' && !value.starts_with('=') || value.is_empty() || value.starts_with(' ');
    let valued = mark == ':' || !value.is_empty();
    if is_key(bare) && apart && valued { key.len() + 1 } else { 0 }
}

fn is_key(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
    !text.is_empty() && text.len() <= 64 && text.chars().all(plain)
}

/// The fence of a string of several lines that is open after a line of TOML.
fn fence_after<'a>(line: &str, open: Option<&'a str>) -> Option<&'a str> {
    let mut open = open;
    let mut rest = line;
    loop {
        let next = match open {
            Some(fence) => rest.find(fence).map(|i| (i, fence)),
            None => ["\"\"\"", "'''"].iter().filter_map(|f| Some((rest.find(f)?, *f))).min(),
        };
        let Some((i, fence)) = next else { return open };
        open = if open.is_some() { None } else { Some(fence) };
        rest = &rest[i + fence.len()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Origin, parse, testing::App};
    use insta::assert_snapshot;
    use proptest::prelude::*;

    #[test]
    fn stars_the_secrets_of_a_tree() {
        let text = "app: {name: x}\nbackend:\n  image: {tag: shown}\n  secret:\n    A: hidden\n    \
                    B: {env: SHOWN, default: 'hidden'}\n    C: {file: shown}\n    D: |\n      hidden\n      \
                    hidden ö\n    E: {typo: hidden}\n    F: [hidden, 12345]\n";
        let mut sources = Sources::default();
        let source = sources.add(Origin::File("v.yaml".into()), text);
        let node = parse(text, Format::Yaml, source).unwrap();
        let masked = sources.masked(&secret_spans(&App.schema(), &node));
        let shown = &masked.get(source).text;
        assert_eq!(shown.len(), text.len());
        assert_snapshot!(shown, @"
app: {name: x}
backend:
  image: {tag: shown}
  secret:
    A: ******
    B: {env: SHOWN, default: ********}
    C: {file: shown}
    D: |
      ******
***************
    E: {typo: ******}
    F: [******, *****]
");
    }

    #[test]
    fn stars_all_values_of_a_text_that_cannot_be_read() {
        let toml = "[a.b]\nkey = \"hidden\" # hidden\n# hidden\ntext = \"\"\"\nc2VjcmV0Cg==\nx = hidden\n\"\"\"\n[[c]]\nd = [ {\n hidden ]\nc2VjcmV0Cg=\n";
        assert_snapshot!(masked_syntax(toml, Format::Toml, &[]), @"
[a.b]
key = ******** * ******
* ******
text = ***
************
* * ******
***
[[c]]
d = * *
 ****** *
***********
");
        let yaml = "a:\n  - key: hidden\n    text: |\n      -----BEGIN\n      hidden\n  - hidden\nurl:hidden\n\"b\": [hidden\n";
        assert_snapshot!(masked_syntax(yaml, Format::Yaml, &[]), @r#"
a:
  - key: ******
    text: *
      **********
      ******
  * ******
**********
"b": *******
"#);
        let json = "{\"a\": \"hidden\",\n \"b\": [\"hidden\",\n  \"hidden: x\"\n}";
        assert_snapshot!(masked_syntax(json, Format::Json, std::slice::from_ref(&(45..50))), @r#"
{"a": *********
 "b": **********
  ******** *"
}
"#);
    }

    proptest! {
        #[test]
        fn lengths_and_lines_stay(text in any::<String>()) {
            for format in [Format::Toml, Format::Yaml, Format::Json] {
                let masked = masked_syntax(&text, format, &[]);
                prop_assert_eq!(masked.len(), text.len());
                prop_assert_eq!(masked.matches('\n').count(), text.matches('\n').count());
            }
        }
    }
}
