//! Values from the environment: `KGEN_BACKEND__IMAGE__PULL_POLICY=Always`.
//!
//! Variables have no upper and lower case worth the name, so their parts are matched to the keys
//! that the schema knows. The schema also tells what the text becomes: a tag `1.10` stays text.

use super::{
    Assignment, At, Mistake, Node, Path, SourceId, Step, Value, json, nearest::did_you_mean,
    schema::Schema,
};
use std::sync::Arc;

/// What the names of all of kgen's variables begin with.
pub(super) const PREFIX: &str = "KGEN_";

/// What separates the keys in a name. A variable without it is a setting of kgen, not a value.
const SEPARATOR: &str = "__";

/// Whether a variable of this name sets a value.
pub(super) fn is_value(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|keys| keys.contains(SEPARATOR))
}

/// The value that a variable sets.
///
/// `known` is the document as far as files set it, for keys that the schema leaves free.
///
/// # Errors
/// No such key, or a text that is not of the key's type. The text itself is not told: it may be
/// a secret.
pub(super) fn read(
    name: &str,
    text: &str,
    known: &Node,
    schema: Schema<'_>,
    source: SourceId,
) -> Result<Assignment, Mistake> {
    let at = At::new(source, 0..text.len());
    let (mut path, mut schema, mut node) = (Path::default(), schema, Some(known));
    for part in name.strip_prefix(PREFIX).unwrap_or(name).split(SEPARATOR) {
        let key = key(part, node, &schema, path.steps().is_empty()).map_err(|known| {
            let message = match part {
                "" => format!("`{name}` holds an empty key"),
                _ => format!("`{name}` sets `{part}`, which is no key here"),
            };
            let mistake = Mistake::new(path.to_string(), Some(at), message);
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            match did_you_mean(part, &names) {
                Some(help) => mistake.help(help),
                None => mistake.help("see the schema for the keys, and join them with `__`"),
            }
        })?;
        schema = schema.key(&key);
        node = node.and_then(Node::table).and_then(|t| t.get(&key));
        path.push(Step::Key(key.into()));
    }
    match typed(text, &schema, source) {
        Ok(value) => Ok(Assignment { path, node: Node::new(value, at), merge: false }),
        Err(expected) => {
            let message = format!("expected {expected} in `{name}`");
            Err(Mistake::new(path.to_string(), Some(at), message).help("correct the variable"))
        }
    }
}

/// The key that a part of a name stands for, or else the keys that are known.
fn key(
    part: &str,
    node: Option<&Node>,
    schema: &Schema<'_>,
    top: bool,
) -> Result<String, Vec<String>> {
    let named = schema.names();
    let free = schema.is_free();
    let there = node.and_then(Node::table).into_iter().flatten().map(|e| &*e.key);
    let mut known: Vec<&str> = if free { there.collect() } else { Vec::new() };
    known.extend(&named);
    let exact = known.iter().find(|key| **key == part);
    let found = exact.or_else(|| known.iter().find(|key| same(key, part)));
    match found {
        Some(key) => Ok((*key).to_owned()),
        // A service exists only where a file or the schema says so; a misspelt one is none.
        None if free && !top && !part.is_empty() => Ok(part.to_owned()),
        None => Err(known.into_iter().map(str::to_owned).collect()),
    }
}

/// Whether two names are the same but for case, `_` and `-`.
fn same(a: &str, b: &str) -> bool {
    fn letters(s: &str) -> impl Iterator<Item = char> + '_ {
        s.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase)
    }
    letters(a).eq(letters(b))
}

/// The text as the type that the schema wants.
fn typed(text: &str, schema: &Schema<'_>, source: SourceId) -> Result<Value, &'static str> {
    if schema.allows("string") {
        return Ok(Value::Text(text.into()));
    }
    if text == "null" {
        return Ok(Value::Null);
    }
    if schema.allows("integer") {
        return text.parse().map(Value::Int).map_err(|_| "a whole number");
    }
    if schema.allows("number") {
        let number = text.parse().ok().filter(|x: &f64| x.is_finite());
        return number.map(Value::Float).ok_or("a number");
    }
    if schema.allows("boolean") {
        return text.parse().map(Value::Bool).map_err(|_| "`true` or `false`");
    }
    let (list, table) = (schema.allows("array"), schema.allows("object"));
    if !list && !table {
        return Ok(Value::Text(text.into()));
    }
    let expected = if table { "a table as JSON" } else { "a list as JSON" };
    let mut node = json::value(text, source, 0).map_err(|_| expected)?;
    match &mut node.value {
        Value::List(_) if list => Ok(node.value),
        Value::Table(table_value) if table => Ok(Value::Table(Arc::clone(table_value))),
        _ => Err(expected),
    }
}

#[cfg(test)]
mod tests {
    use crate::values::testing::{base, load};
    use insta::assert_snapshot;
    use serde_json::{Value as Json, json};

    const BASE: &str = "[backend.config]\nlogFormat = 'x'\n[my-api]\n";

    fn with(variables: &[(&str, &str)]) -> Result<Json, String> {
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let document = load(base(BASE).env(variables))?;
        let pick = |path: &str| {
            let found = document.root().find(&path.parse().unwrap());
            found.map(crate::values::testing::json_of)
        };
        let service = pick("backend");
        Ok(json!([service, pick("my-api.image")]))
    }

    fn backend(variables: &[(&str, &str)], pointer: &str) -> Json {
        with(variables).unwrap().pointer(pointer).cloned().unwrap_or_default()
    }

    #[test]
    fn keys_match_without_case_and_text_takes_the_type_of_its_key() {
        for (name, text, pointer, value) in [
            ("KGEN_BACKEND__IMAGE__TAG", "1.10", "/0/image/tag", json!("1.10")),
            ("KGEN_BACKEND__IMAGE__PULL_POLICY", "Never", "/0/image/pullPolicy", json!("Never")),
            ("KGEN_backend__image__pullPolicy", "Never", "/0/image/pullPolicy", json!("Never")),
            ("KGEN_MY_API__IMAGE__TAG", "007", "/1/tag", json!("007")),
            ("KGEN_BACKEND__REPLICAS", "3", "/0/replicas", json!(3)),
            ("KGEN_BACKEND__REPLICAS", "null", "/0/replicas", Json::Null),
            ("KGEN_BACKEND__ENABLED", "false", "/0/enabled", json!(false)),
            ("KGEN_BACKEND__ARGS", "[\"a\"]", "/0/args", json!(["a"])),
            ("KGEN_BACKEND__CONFIG__LOG_LEVEL", "debug", "/0/config/LOG_LEVEL", json!("debug")),
            ("KGEN_BACKEND__CONFIG__LOG_FORMAT", "y", "/0/config/logFormat", json!("y")),
            ("KGEN_BACKEND__CONFIG__NEW_ONE", "", "/0/config/NEW_ONE", json!("")),
            ("KGEN_BACKEND__SECRET__A", "{\"x\"", "/0/secret/A", json!("{\"x\"")),
        ] {
            assert_eq!(backend(&[(name, text)], pointer), value, "{name}");
        }
    }

    #[test]
    fn other_variables_are_no_values() {
        let none = with(&[]).unwrap();
        let others = [("KGEN_LOG", "x"), ("BACKEND__REPLICAS", "9"), ("kgen_A__B", "x")];
        assert_eq!(with(&others), Ok(none));
    }

    #[test]
    fn refuses_what_is_unknown_or_of_another_type() {
        assert_snapshot!(
            with(&[
                ("KGEN_BACKEND__REPLICA", "3"),
                ("KGEN_BACKEND__REPLICAS", "many"),
                ("KGEN_BACKEND__ENABLED", "yes"),
                ("KGEN_BACKEND__ARGS", "a"),
                ("KGEN_BACKEND____X", "a"),
                ("KGEN_BACKND__REPLICAS", "3"),
                ("KGEN_BACKEND__IMAGE__TAG__X", "3"),
            ])
            .unwrap_err(), @"
KGEN_BACKEND__ARGS: backend.args: expected a list as JSON in `KGEN_BACKEND__ARGS`; correct the variable
KGEN_BACKEND__ENABLED: backend.enabled: expected `true` or `false` in `KGEN_BACKEND__ENABLED`; correct the variable
KGEN_BACKEND__IMAGE__TAG__X: backend.image.tag: `KGEN_BACKEND__IMAGE__TAG__X` sets `X`, which is no key here; see the schema for the keys, and join them with `__`
KGEN_BACKEND__REPLICA: backend: `KGEN_BACKEND__REPLICA` sets `REPLICA`, which is no key here; did you mean `replicas`?
KGEN_BACKEND__REPLICAS: backend.replicas: expected a whole number in `KGEN_BACKEND__REPLICAS`; correct the variable
KGEN_BACKEND____X: backend: `KGEN_BACKEND____X` holds an empty key; known here: `args`, `config`, `enabled`, `image`, `name`, `replicas`, `secret`
KGEN_BACKND__REPLICAS: `KGEN_BACKND__REPLICAS` sets `BACKND`, which is no key here; did you mean `backend`?
");
    }
}
