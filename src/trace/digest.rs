//! SHA-256 over JSON as Go writes it, so that a chart and a render agree on checksums.

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, Write};

/// The SHA-256, in hexadecimal, of a value's JSON as `encoding/json` and Helm's `toJson` write it:
/// `<`, `>`, `&`, U+2028 and U+2029 escaped. Maps must already be sorted, as `BTreeMap`s are.
///
/// The JSON is hashed while it is written; it never stands in memory.
pub(crate) fn sha256_json<T: Serialize + ?Sized>(value: &T) -> String {
    let mut hash = Hashing(Sha256::new());
    let mut json = serde_json::Serializer::with_formatter(&mut hash, GoJson);
    // Values of Kubernetes types and JSON always have a JSON form, and hashing cannot fail.
    let _ = value.serialize(&mut json);
    hash.0.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct GoJson;

impl Formatter for GoJson {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        w: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let mut start = 0;
        for (i, c) in text.char_indices() {
            let escape = match c {
                '<' => "\\u003c",
                '>' => "\\u003e",
                '&' => "\\u0026",
                '\u{2028}' => "\\u2028",
                '\u{2029}' => "\\u2029",
                _ => continue,
            };
            w.write_all(&text.as_bytes()[start..i])?;
            w.write_all(escape.as_bytes())?;
            start = i + c.len_utf8();
        }
        w.write_all(&text.as_bytes()[start..])
    }

    fn write_char_escape<W: Write + ?Sized>(&mut self, w: &mut W, c: CharEscape) -> io::Result<()> {
        let escape: &[u8] = match c {
            CharEscape::Quote => b"\\\"",
            CharEscape::ReverseSolidus => b"\\\\",
            CharEscape::Solidus => b"/",
            CharEscape::Backspace => b"\\b",
            CharEscape::FormFeed => b"\\f",
            CharEscape::LineFeed => b"\\n",
            CharEscape::CarriageReturn => b"\\r",
            CharEscape::Tab => b"\\t",
            CharEscape::AsciiControl(byte) => return write!(w, "\\u{byte:04x}"),
        };
        w.write_all(escape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn is_what_go_writes() {
        // Go: sha256.Sum256(json.Marshal(map[string]string{"a": "<&>\u2028\"\\\b\f\n\r\t\u0001é"}))
        // over {"a":"\u003c\u0026\u003e\u2028\"\\\b\f\n\r\t\u0001é"}
        let escaped = "{\"a\":\"\\u003c\\u0026\\u003e\\u2028\\\"\\\\\\b\\f\\n\\r\\t\\u0001é\"}";
        let want = Sha256::digest(escaped.as_bytes())
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect::<String>();
        assert_eq!(sha256_json(&json!({"a": "<&>\u{2028}\"\\\u{8}\u{c}\n\r\t\u{1}é"})), want);
    }

    #[test]
    fn of_an_empty_object() {
        assert_eq!(
            sha256_json(&json!({})),
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
    }
}
