//! Random values that a JSON Schema allows, for comparing a tree with its builder.

use fastrand::Rng;
use serde_json::{Map, Value as Json, json};

/// Texts that templates and YAML readers get wrong.
const HOSTILE: [&str; 28] = [
    "",
    "a",
    "yes",
    "no",
    "null",
    "~",
    "1.10",
    "0123",
    "0755",
    "1e3",
    "1_000",
    "<<",
    "{{ .x }}",
    "%d%s",
    "\"q\"",
    "'",
    "multi\nline\n",
    "  lead",
    "trail  ",
    "\ttab",
    ": x",
    "# c",
    "- a",
    "é<&>\u{2028}",
    "\u{7f}\u{85}\u{1}",
    "😀",
    "\\n",
    "a\r\nb",
];

/// What types of Kubernetes hold that write more than their schema says.
const KUBERNETES: [(&str, &[Example]); 3] = [
    (".IntOrString", &[Example::Whole(1), Example::Text("25%"), Example::Text("http")]),
    (".Quantity", &[Example::Text("250m"), Example::Text("1Gi")]),
    (".Time", &[Example::Text("2026-01-02T03:04:05Z")]),
];

enum Example {
    Whole(i64),
    Text(&'static str),
}

impl Example {
    fn json(&self) -> Json {
        match self {
            Self::Whole(n) => (*n).into(),
            Self::Text(text) => (*text).into(),
        }
    }
}

/// What the schema says of a text that may be a reference; it stands first among the alternatives.
pub(crate) const REFERABLE: &str = "a text, or where it comes from";

/// How deep subtrees of Kubernetes types go.
const DEPTH: usize = 9;

/// Makes random values that a schema allows.
pub struct Sampler<'a> {
    schema: &'a Json,
    rng: Rng,
}

impl<'a> Sampler<'a> {
    /// A sampler over a JSON Schema with its `$defs`; equal seeds make equal values.
    pub fn new(schema: &'a Json, seed: u64) -> Self {
        Self { schema, rng: Rng::with_seed(seed) }
    }

    /// One value.
    pub fn value(&mut self) -> Json {
        self.sample(self.schema, 0)
    }

    fn sample(&mut self, schema: &'a Json, depth: usize) -> Json {
        if let Some(target) = schema["$ref"].as_str() {
            let name = target.rsplit('/').next().unwrap_or_default();
            if let Some((_, examples)) = KUBERNETES.iter().find(|(ty, _)| name.ends_with(ty)) {
                return self.choose(&examples.iter().map(Example::json).collect::<Vec<_>>());
            }
            return self.sample(&self.schema["$defs"][name], depth + 1);
        }
        if let Some(examples) = schema["examples"].as_array() {
            return self.choose(examples);
        }
        for alternatives in ["anyOf", "oneOf"] {
            if let Some(all) = schema[alternatives].as_array() {
                // References stand beside the text that they resolve to.
                if schema["$comment"] == REFERABLE {
                    return self.sample(&all[0], depth);
                }
                // Null stands last: half of the time, where it may be.
                let at = if all.last().is_some_and(|last| last["type"] == "null") {
                    if self.rng.bool() { all.len() - 1 } else { self.rng.usize(..all.len() - 1) }
                } else {
                    self.rng.usize(..all.len())
                };
                return all.get(at).map_or(Json::Null, |one| self.sample(one, depth));
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.choose(values);
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        match &schema["type"] {
            Json::Array(types) => {
                let at = if types.iter().any(|t| t == "null") && self.rng.bool() {
                    return Json::Null;
                } else {
                    self.rng.usize(..types.len())
                };
                let ty = types.get(at).and_then(Json::as_str).unwrap_or("null");
                self.typed(ty, schema, depth)
            }
            Json::String(ty) => self.typed(ty, schema, depth),
            // Anything goes.
            _ => json!({ "any": self.text() }),
        }
    }

    fn typed(&mut self, ty: &str, schema: &'a Json, depth: usize) -> Json {
        match ty {
            "boolean" => self.rng.bool().into(),
            "integer" | "number" => {
                let least = schema["minimum"].as_i64().unwrap_or(0);
                let most = schema["maximum"].as_i64().unwrap_or(i64::from(i32::MAX));
                let near = self.rng.i64(least..=most.min(least.saturating_add(5000)));
                [least, most, near][self.rng.usize(..3)].into()
            }
            "string" => self.text().into(),
            "array" => {
                let n = if depth > DEPTH { 0 } else { self.rng.usize(..3) };
                (0..n).map(|_| self.sample(&schema["items"], depth + 1)).collect()
            }
            "object" => self.object(schema, depth),
            _ => Json::Null,
        }
    }

    fn object(&mut self, schema: &'a Json, depth: usize) -> Json {
        let mut object = Map::new();
        let required = |key: &str| {
            schema["required"].as_array().is_some_and(|all| all.iter().any(|k| k == key))
        };
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            // Optional fields of Kubernetes types are many: few of them at a time.
            let keep = if depth < 4 { self.rng.bool() } else { self.rng.u8(..8) == 0 };
            if required(key) || (keep && depth <= DEPTH) {
                let value = self.sample(property, depth + 1);
                if required(key) || !value.is_null() || depth < 4 {
                    object.insert(key.clone(), value);
                }
            }
        }
        let items = &schema["additionalProperties"];
        if items.is_object() && depth <= DEPTH {
            let names = schema["propertyNames"]["examples"].as_array();
            for _ in 0..self.rng.usize(..4) {
                let key = match names {
                    Some(names) => self.choose(names).as_str().unwrap_or("key").to_owned(),
                    // Some collide with labels that builders write themselves.
                    None => ["team", "a.b/c", "z-1", "app.kubernetes.io/name", "1"]
                        [self.rng.usize(..5)]
                    .to_owned(),
                };
                object.insert(key, self.sample(items, depth + 1));
            }
        }
        Json::Object(object)
    }

    fn text(&mut self) -> String {
        (0..=self.rng.usize(..2)).map(|_| HOSTILE[self.rng.usize(..HOSTILE.len())]).collect()
    }

    fn choose(&mut self, from: &[Json]) -> Json {
        if from.is_empty() { Json::Null } else { from[self.rng.usize(..from.len())].clone() }
    }
}
