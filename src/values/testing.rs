//! What the tests of this room share.

use super::{
    At, Defaults, Document, Entry, Format, Layers, Mistakes, Node, Origin, Shape, SourceId,
    Sources, Table, Value, parse,
};
use serde_json::{Value as Json, json};
use std::{path::PathBuf, sync::Arc};

/// A tree of the values in JSON, all at one place.
pub(super) fn node(json: &Json) -> Node {
    let at = At::new(SourceId(0), 0..0);
    let value = match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => n.as_i64().map_or(Value::Float(n.as_f64().unwrap()), Value::Int),
        Json::String(s) => Value::Text(s.as_str().into()),
        Json::Array(a) => Value::List(Arc::new(a.iter().map(node).collect())),
        Json::Object(o) => {
            let entry = |(k, v): (&String, &Json)| Entry {
                key: k.as_str().into(),
                key_at: at,
                node: node(v),
            };
            Value::Table(Arc::new(Table::new(o.iter().map(entry).collect())))
        }
    };
    Node::new(value, at)
}

/// The values of a tree in JSON.
pub(super) fn json_of(node: &Node) -> Json {
    serde_json::to_value(node).unwrap()
}

/// Reads a text; on mistakes, what people see of them.
pub(super) fn read_text(text: &str, format: Format) -> Result<Json, String> {
    let mut sources = Sources::default();
    let extension = match format {
        Format::Toml => "toml",
        Format::Yaml => "yaml",
        Format::Json => "json",
    };
    let origin = Origin::File(PathBuf::from(format!("v.{extension}")));
    let source = sources.add(origin, text);
    match parse(text, format, source) {
        Ok(node) => Ok(json_of(&node)),
        Err(list) => Err(Mistakes::new(list, sources).to_string()),
    }
}

/// The texts that the places of a tree point at, as `path: text`.
pub(super) fn places(node: &Node, text: &str) -> Vec<String> {
    let slice = |at: At| text.get(at.start as usize..at.end as usize).unwrap_or("?");
    let mut found = Vec::new();
    let mut rest = vec![(String::new(), node)];
    while let Some((path, node)) = rest.pop() {
        match &node.value {
            Value::Table(t) => {
                for e in t.iter().rev() {
                    rest.push((format!("{path}.{}", e.key), &e.node));
                    found.push(format!("{path}.{} @ {}", e.key, slice(e.key_at)));
                }
            }
            Value::List(l) => {
                for (i, n) in l.iter().enumerate().rev() {
                    rest.push((format!("{path}[{i}]"), n));
                }
            }
            _ => found.push(format!("{path} = {}", slice(node.at))),
        }
    }
    found.sort();
    found
}

/// An application with one kind of service, for tests of loading.
pub(super) struct App;

impl Shape for App {
    fn tables(&self) -> Vec<String> {
        vec!["mcp".to_owned()]
    }

    fn defaults(&self, table: &str) -> Option<Defaults> {
        if matches!(table, "app" | "global") {
            return None;
        }
        let text = "enabled = true\nreplicas = 1\n\n[image]\npullPolicy = \"IfNotPresent\"\n\n\
                    [config]\nLOG_LEVEL = \"info\"\n";
        Some(Defaults { name: "service", text, component: true })
    }

    fn schema(&self) -> Json {
        json!({
            "type": "object",
            "properties": {
                "app": { "type": "object", "properties": { "name": { "type": "string" } } },
                "global": { "type": "object" },
            },
            "additionalProperties": { "$ref": "#/$defs/Service" },
            "$defs": {
                "Service": {
                    "type": "object",
                    "properties": {
                        "name": { "type": "string" },
                        "enabled": { "type": "boolean" },
                        "replicas": { "type": "integer" },
                        "image": { "anyOf": [{ "$ref": "#/$defs/Image" }, { "type": "null" }] },
                        "args": { "type": "array", "items": { "type": "string" } },
                        "config": { "additionalProperties": { "type": "string" } },
                        "secret": { "additionalProperties": { "$ref": "#/$defs/Secret" } },
                    },
                    "additionalProperties": false,
                },
                "Image": {
                    "type": "object",
                    "properties": {
                        "tag": { "type": "string" },
                        "pullPolicy": { "type": "string" },
                    },
                    "additionalProperties": false,
                },
                "Secret": {
                    "writeOnly": true,
                    "anyOf": [{ "type": "string" }, { "type": "object" }],
                },
            },
        })
    }
}

/// Layers with a base of this TOML text.
pub(super) fn base(text: &str) -> Layers {
    let origin = Origin::File(PathBuf::from("base.toml"));
    Layers::new().base_text(origin, Format::Toml, text)
}

/// A user's file of YAML.
pub(super) fn with_yaml(layers: Layers, name: &str, text: &str) -> Layers {
    layers.text(Origin::File(PathBuf::from(name)), Format::Yaml, text)
}

/// The merged values in JSON; on mistakes, what people see of them.
pub(super) fn loaded(layers: Layers) -> Result<Json, String> {
    load(layers).map(|document| json_of(document.root()))
}

/// The document; on mistakes, what people see of them.
pub(super) fn load(layers: Layers) -> Result<Document, String> {
    layers.load(&App).map_err(|mistakes| mistakes.to_string())
}
