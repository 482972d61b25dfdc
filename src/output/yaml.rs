//! A stream of YAML documents.

use super::OutputError;
use crate::object::Object;
use std::borrow::Borrow;
use std::io::Write;

/// How much text is gathered before it goes out.
const CHUNK: usize = 64 * 1024;

/// Writes each object as a document that starts with `---`, holding only a chunk of text at a time.
///
/// # Errors
/// If the stream fails or an object refuses to be serialised.
pub fn write_yaml<O: Borrow<Object>>(
    out: &mut dyn Write,
    objects: impl IntoIterator<Item = O>,
) -> Result<(), OutputError> {
    let mut text = String::with_capacity(CHUNK + CHUNK / 4);
    for object in objects {
        text.push_str("---\n");
        object.borrow().write_yaml(&mut text)?;
        if text.len() >= CHUNK {
            out.write_all(text.as_bytes()).map_err(OutputError::Stream)?;
            text.clear();
        }
    }
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(OutputError::Stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::core::v1::ConfigMap;
    use serde_json::json;

    fn config(entries: &[(&str, &str)]) -> Object {
        let mut map = ConfigMap::default();
        map.metadata.name = Some("c".into());
        map.data = Some(entries.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect());
        Object::typed(map)
    }

    fn yaml(objects: &[Object]) -> String {
        let mut out = Vec::new();
        write_yaml(&mut out, objects).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn documents_start_with_a_separator_and_lists_are_compact() {
        let pod = json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {"containers": [{"name": "a", "args": ["-v", "--x=1"], "env": []}]},
        });
        insta::assert_snapshot!(yaml(&[config(&[("a", "b")]), Object::verbatim(pod).unwrap()]), @r"
        ---
        apiVersion: v1
        kind: ConfigMap
        data:
          a: b
        metadata:
          name: c
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: p
        spec:
          containers:
          - args:
            - -v
            - --x=1
            env: []
            name: a
        ");
    }

    /// Strings that a YAML 1.1 reader (Go's) takes for something else unless they are quoted.
    #[test]
    fn strings_of_another_type_are_quoted() {
        for text in [
            "yes",
            "no",
            "on",
            "off",
            "y",
            "n",
            "Y",
            "N",
            "Yes",
            "NO",
            "true",
            "False",
            "null",
            "Null",
            "~",
            "",
            "0755",
            "0o17",
            "0O17",
            "0x1F",
            "0x_1F",
            "1_000",
            "1e3",
            "1E3",
            ".5",
            "1.",
            "+1",
            "-1",
            "1:30",
            "190:20:30",
            ".inf",
            "-.INF",
            ".nan",
            "<<",
            "=",
            "2001-01-01",
            "2001-12-14t21:59:43.10-05:00",
            "0b101",
            "1__0",
            "_1",
            "12e03",
        ] {
            let out = yaml(&[config(&[("k", text)])]);
            let line = out.lines().find(|l| l.starts_with("  k: ")).unwrap();
            let quoted = line.starts_with("  k: \"") || line.starts_with("  k: '");
            assert!(quoted || text == "_1", "{text:?} came out as {line:?}");
        }
    }

    /// Keys have the same trap: `on: x` is `true: x` to Go.
    #[test]
    fn keys_of_another_type_are_quoted() {
        for key in [
            "yes",
            "no",
            "on",
            "y",
            "N",
            "null",
            "0755",
            "1e3",
            "<<",
            "=",
            "~",
            "1_000",
            "1:30",
            "2001-01-01",
        ] {
            let out = yaml(&[config(&[(key, "v")])]);
            let quoted =
                out.contains(&format!("  \"{key}\": v")) || out.contains(&format!("  '{key}': v"));
            assert!(quoted, "{key:?} came out in {out}");
        }
    }

    /// Every hostile string stands in one line and reads back as it was.
    #[test]
    fn hostile_strings_stay_in_one_line_and_read_back() {
        let long = format!("{} {}", "word ".repeat(400), "x".repeat(5000));
        let hostile = [
            "\tstarts with a tab",
            "a\tb",
            "trailing ",
            " leading",
            "line\nline\n",
            "\n",
            "\r\n",
            "a\r\nb\rc",
            "\u{2028}",
            "a\u{2029}b",
            "\u{FEFF}bom",
            "in\u{FEFF}side",
            "\u{85}",
            "\u{0}",
            "\u{1b}[31mred",
            "\u{7f}",
            "\u{9f}",
            "\u{1F600} emoji",
            "\u{1F468}\u{200D}\u{1F469}",
            "\u{e000}",
            "\u{FFFE}",
            "\u{10FFFF}",
            "- a",
            "? a",
            ": a",
            "a: b",
            "a #b",
            "#a",
            "a:",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "\"",
            "'",
            "it's",
            "\\",
            "\\n",
            "---",
            "--- a",
            "...",
            "[a",
            "{a}",
            "{{ .Values.x }}",
            "key: |\n  \tx\n",
            "  indented\nblock",
            "\n\n\nx",
            "x\n\n\n",
            "\u{a0}nbsp",
            "e\u{301}",
            &long,
        ];
        for text in hostile {
            let out = yaml(&[config(&[("k", text)])]);
            let lines: Vec<_> = out.lines().collect();
            assert_eq!(lines.len(), 7, "{text:?} came out as {out:?}");
            let raw = out.chars().find(|c| {
                c.is_control() && *c != '\n' || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
            });
            assert_eq!(raw, None, "{text:?} came out as {out:?}");
            let back: ConfigMap = serde_saphyr::from_str(&out).unwrap();
            assert_eq!(back.data.unwrap()["k"], text);
        }
    }

    #[test]
    fn a_closed_pipe_is_told_apart() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let error = write_yaml(&mut Closed, &[config(&[])]).unwrap_err();
        assert!(error.is_closed_pipe());
    }
}
