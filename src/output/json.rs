//! A JSON `List`, as `kubectl get -o json` gives it.

use super::OutputError;
use crate::object::Object;
use std::borrow::Borrow;
use std::io::Write;

/// How much text is gathered before it goes out.
const CHUNK: usize = 64 * 1024;

/// Writes the objects as one `v1` `List`, each on a line of its own, holding only a chunk of text
/// at a time.
///
/// # Errors
/// If the stream fails or an object refuses to be serialised.
pub fn write_json<O: Borrow<Object>>(
    out: &mut dyn Write,
    objects: impl IntoIterator<Item = O>,
) -> Result<(), OutputError> {
    let mut text = Vec::with_capacity(CHUNK + CHUNK / 4);
    text.extend_from_slice(b"{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[");
    for (i, object) in objects.into_iter().enumerate() {
        text.extend_from_slice(if i == 0 { b"\n" } else { b",\n" });
        object.borrow().write_json(&mut text)?;
        if text.len() >= CHUNK {
            out.write_all(&text).map_err(OutputError::Stream)?;
            text.clear();
        }
    }
    text.extend_from_slice(b"\n]}\n");
    out.write_all(&text).and_then(|()| out.flush()).map_err(OutputError::Stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_list_of_all_objects() {
        let items = [
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}),
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "b"}}),
        ];
        for count in 0..=2 {
            let objects = items.iter().take(count).map(|i| Object::verbatim(i.clone()).unwrap());
            let mut out = Vec::new();
            write_json(&mut out, objects).unwrap();
            assert_eq!(out.iter().filter(|&&b| b == b'\n').count(), count + 2);
            let value: Value = serde_json::from_slice(&out).unwrap();
            let expected = json!({"apiVersion": "v1", "kind": "List", "items": items[..count]});
            assert_eq!(value, expected);
        }
    }
}
