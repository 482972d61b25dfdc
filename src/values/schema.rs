//! A way through a JSON Schema along the path of a value, as far as values need one: to match
//! environment variables to keys and to know which values are secret.

use serde_json::Value as Json;

/// How many references may lead to one another.
const REFERENCE_LIMIT: usize = 32;

/// All schemas that may apply to one value: `anyOf` and the like opened, references followed.
pub(super) struct Schema<'s> {
    root: &'s Json,
    any_of: Vec<&'s Json>,
}

impl<'s> Schema<'s> {
    /// The schema of a whole document. References lead only into itself.
    pub(super) fn new(root: &'s Json) -> Self {
        Self::of(root, [root])
    }

    fn of(root: &'s Json, schemas: impl IntoIterator<Item = &'s Json>) -> Self {
        let mut any_of = Vec::new();
        for schema in schemas {
            open(root, schema, REFERENCE_LIMIT, &mut any_of);
        }
        Self { root, any_of }
    }

    /// The schema of the value at a key, named or free.
    pub(super) fn key(&self, key: &str) -> Self {
        let named: Vec<&Json> = self.each("properties").filter_map(|p| p.get(key)).collect();
        if named.is_empty() { self.free() } else { Self::of(self.root, named) }
    }

    /// The schema of values at keys that have no name of their own.
    pub(super) fn free(&self) -> Self {
        let free = self.each("additionalProperties").filter(|s| s.is_object());
        let patterns = self.each("patternProperties").filter_map(Json::as_object);
        Self::of(self.root, free.chain(patterns.flat_map(|p| p.values())))
    }

    /// The schema of the items of a list.
    pub(super) fn item(&self) -> Self {
        Self::of(self.root, self.each("items").filter(|s| s.is_object()))
    }

    /// The keys that have a name of their own.
    pub(super) fn names(&self) -> Vec<&'s str> {
        let named = self.each("properties").filter_map(Json::as_object);
        named.flat_map(|p| p.keys().map(String::as_str)).collect()
    }

    /// Whether keys without a name of their own may stand here.
    pub(super) fn is_free(&self) -> bool {
        self.any_of.iter().any(|s| match s.get("additionalProperties") {
            Some(more) => more != &Json::Bool(false),
            None => {
                s.get("patternProperties").is_some()
                    || (s.get("properties").is_none() && (says_table(s) || says_nothing(s)))
            }
        })
    }

    /// Whether a value of this JSON type may stand here.
    pub(super) fn allows(&self, kind: &str) -> bool {
        self.any_of.iter().any(|s| match s.get("type") {
            Some(Json::String(name)) => name == kind,
            Some(Json::Array(names)) => names.iter().any(|name| name == kind),
            _ => {
                let listed = s.get("enum").and_then(Json::as_array).into_iter().flatten();
                says_nothing(s)
                    || listed.chain(s.get("const")).any(|v| kind == "string" && v.is_string())
            }
        })
    }

    /// Whether the value is secret.
    pub(super) fn is_secret(&self) -> bool {
        self.each("writeOnly").any(|w| w == &Json::Bool(true))
    }

    fn each<'a>(&'a self, keyword: &'a str) -> impl Iterator<Item = &'s Json> + 'a {
        self.any_of.iter().filter_map(move |s| s.get(keyword))
    }
}

fn says_table(schema: &Json) -> bool {
    schema.get("type").is_some_and(|t| t == "object")
}

/// A schema that lets everything through: `true`, or one of annotations only.
fn says_nothing(schema: &Json) -> bool {
    const TELLING: [&str; 9] =
        ["type", "enum", "const", "$ref", "anyOf", "oneOf", "allOf", "properties", "items"];
    match schema {
        Json::Bool(all) => *all,
        Json::Object(keywords) => !TELLING.iter().any(|k| keywords.contains_key(*k)),
        _ => false,
    }
}

fn open<'s>(root: &'s Json, schema: &'s Json, limit: usize, into: &mut Vec<&'s Json>) {
    if limit == 0 {
        return;
    }
    into.push(schema);
    let target = schema.get("$ref").and_then(Json::as_str).and_then(|r| r.strip_prefix('#'));
    if let Some(target) = target.and_then(|pointer| root.pointer(pointer)) {
        open(root, target, limit - 1, into);
    }
    for keyword in ["anyOf", "oneOf", "allOf"] {
        for schema in schema.get(keyword).and_then(Json::as_array).into_iter().flatten() {
            open(root, schema, limit - 1, into);
        }
    }
}
