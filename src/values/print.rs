//! Trees of values as TOML, YAML or JSON text.

use super::{At, Format, Node, Value};
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_saphyr::SerializerOptions;

/// What stands in place of a secret.
const MASK: &str = "***";

/// A tree that cannot be written in a format.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// TOML has no null, and lists may hold one.
    #[error("cannot write the values as TOML; write them as YAML if a list holds null")]
    Toml(#[from] toml::ser::Error),
    /// The writer of YAML failed.
    #[error("cannot write the values as YAML")]
    Yaml(#[from] serde_saphyr::ser::Error),
    /// The writer of JSON failed.
    #[error("cannot write the values as JSON")]
    Json(#[from] serde_json::Error),
}

/// The tree as text that ends with a line break, with `***` at the places in `secret`.
///
/// # Errors
/// The format cannot hold the tree: null in a list, in TOML.
pub fn print(node: &Node, format: Format, secret: &[At]) -> Result<String, PrintError> {
    let mut secret = secret.to_vec();
    secret.sort();
    let shown = Shown { node, secret: &secret };
    match format {
        Format::Toml => Ok(toml::to_string_pretty(&shown)?),
        Format::Yaml => {
            let mut options = SerializerOptions::default();
            options.prefer_block_scalars = false;
            let mut text = String::new();
            serde_saphyr::to_fmt_writer_with_options(&mut text, &shown, options)?;
            Ok(text)
        }
        Format::Json => Ok(serde_json::to_string_pretty(&shown)? + "\n"),
    }
}

/// A node with secrets masked.
struct Shown<'a> {
    node: &'a Node,
    secret: &'a [At],
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of = |node| Shown { node, secret: self.secret };
        match &self.node.value {
            Value::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|item| seq.serialize_element(&of(item)))?;
                seq.end()
            }
            Value::Table(table) => {
                let mut map = serializer.serialize_map(Some(table.len()))?;
                table.iter().try_for_each(|e| map.serialize_entry(&*e.key, &of(&e.node)))?;
                map.end()
            }
            Value::Null => serializer.serialize_none(),
            _ if self.secret.binary_search(&self.node.at).is_ok() => serializer.serialize_str(MASK),
            Value::Bool(b) => serializer.serialize_bool(*b),
            Value::Int(i) => serializer.serialize_i64(*i),
            Value::Float(x) => serializer.serialize_f64(*x),
            Value::Text(s) => serializer.serialize_str(s),
        }
    }
}

/// The value without its places.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shown { node: self, secret: &[] }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{SourceId, parse, testing};
    use insta::assert_snapshot;
    use serde_json::json;

    const TEXT: &str = "a = 1\nb = [1.5, 'x', {c = true}]\nz = {s = 'hidden', n = 'no'}\n\n[d.e]\nf = \"two\\nlines\"\n";

    #[test]
    fn prints_in_each_format_with_secrets_masked() {
        let node = parse(TEXT, Format::Toml, SourceId(0)).unwrap();
        let secret = [node.get(["z", "s"]).unwrap().at];
        assert_snapshot!(print(&node, Format::Toml, &secret).unwrap(), @r#"
a = 1
b = [
    1.5,
    "x",
    { c = true },
]

[d.e]
f = """
two
lines"""

[z]
n = "no"
s = "***"
"#);
        assert_snapshot!(print(&node, Format::Yaml, &secret).unwrap(), @r#"
a: 1
b:
- 1.5
- x
- c: true
d:
  e:
    f: "two\nlines"
z:
  "n": "no"
  s: "***"
"#);
        assert_snapshot!(print(&node, Format::Json, &secret).unwrap(), @r#"
{
  "a": 1,
  "b": [
    1.5,
    "x",
    {
      "c": true
    }
  ],
  "d": {
    "e": {
      "f": "two\nlines"
    }
  },
  "z": {
    "n": "no",
    "s": "***"
  }
}
"#);
    }

    #[test]
    fn what_is_printed_reads_back() {
        let node = parse(TEXT, Format::Toml, SourceId(0)).unwrap();
        for format in [Format::Toml, Format::Yaml, Format::Json] {
            let text = print(&node, format, &[]).unwrap();
            assert_eq!(testing::read_text(&text, format), Ok(testing::json_of(&node)), "{text}");
        }
    }

    #[test]
    fn toml_holds_no_null() {
        assert!(print(&testing::node(&json!({"a": [null]})), Format::Toml, &[]).is_err());
    }
}
