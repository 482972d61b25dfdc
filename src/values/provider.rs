//! figment, both ways: a provider of another program as a layer, and a document as a provider.

use super::{At, Document, Entry, Mistake, Node, Origin, Sources, Table, Value, tree};
use figment::{
    Figment, Metadata, Profile, Provider,
    value::{Dict, Empty, Map, Num, Tag, Value as Theirs},
};
use std::sync::Arc;

/// What a provider gave.
#[derive(Debug)]
pub(super) struct Provided {
    name: String,
    data: Result<Dict, String>,
}

/// Takes everything out of a provider, in the profile it selects.
pub(super) fn take(provider: &dyn Provider) -> Provided {
    let name = provider.metadata().name.into_owned();
    let profile = provider.profile().unwrap_or_default();
    let figment = Figment::from(Borrowed(provider)).select(profile);
    Provided { name, data: figment.extract::<Dict>().map_err(|e| e.to_string()) }
}

/// A provider by reference: figment wants one that has a size.
struct Borrowed<'p>(&'p dyn Provider);

impl Provider for Borrowed<'_> {
    fn metadata(&self) -> Metadata {
        self.0.metadata()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        self.0.data()
    }
}

impl Provided {
    /// The values as a tree, at a place that names the provider.
    pub(super) fn read(self, sources: &mut Sources) -> Result<Node, Vec<Mistake>> {
        let at = At::new(sources.add(Origin::Provider(self.name), ""), 0..0);
        let mut mistakes = Vec::new();
        match self.data {
            Ok(dict) => {
                let node = table(&dict, at, &mut mistakes);
                tree::finish(node, mistakes)
            }
            Err(message) => {
                let mistake = Mistake::new("", Some(at), message);
                Err(vec![mistake.help("correct the values of this provider")])
            }
        }
    }
}

fn table(dict: &Dict, at: At, mistakes: &mut Vec<Mistake>) -> Node {
    let entries = dict.iter().map(|(key, value)| Entry {
        key: key.as_str().into(),
        key_at: at,
        node: ours(value, at, mistakes),
    });
    let table = Table::new(entries.collect());
    Node::new(Value::Table(Arc::new(table)), at)
}

fn ours(value: &Theirs, at: At, mistakes: &mut Vec<Mistake>) -> Node {
    let value = match value {
        Theirs::String(_, s) => Value::Text(s.as_str().into()),
        Theirs::Char(_, c) => Value::Text(c.to_string().into()),
        Theirs::Bool(_, b) => Value::Bool(*b),
        Theirs::Num(_, n) => number(*n).unwrap_or_else(|| {
            let message = "a number beyond 64 bits, expected a finite one";
            mistakes.push(Mistake::new("", Some(at), message).help("give it as a string"));
            Value::Null
        }),
        Theirs::Empty(..) => Value::Null,
        Theirs::Dict(_, dict) => return table(dict, at, mistakes),
        Theirs::Array(_, list) => {
            Value::List(Arc::new(list.iter().map(|item| ours(item, at, mistakes)).collect()))
        }
    };
    Node::new(value, at)
}

fn number(n: Num) -> Option<Value> {
    match n {
        Num::F32(x) => Some(f64::from(x)).filter(|x| x.is_finite()).map(Value::Float),
        Num::F64(x) => Some(x).filter(|x| x.is_finite()).map(Value::Float),
        n => {
            let unsigned = n.to_u128().and_then(|u| i64::try_from(u).ok());
            let signed = || n.to_i128().and_then(|i| i64::try_from(i).ok());
            unsigned.or_else(signed).map(Value::Int)
        }
    }
}

/// A document gives its merged values in figment's default profile.
impl Provider for Document {
    fn metadata(&self) -> Metadata {
        Metadata::named("kgen values")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let dict = self.root().table().map(dict).unwrap_or_default();
        Ok(Map::from([(Profile::Default, dict)]))
    }
}

fn dict(table: &Table) -> Dict {
    table.iter().map(|e| (e.key.to_string(), theirs(&e.node))).collect()
}

fn theirs(node: &Node) -> Theirs {
    let tag = Tag::Default;
    match &node.value {
        Value::Null => Theirs::Empty(tag, Empty::None),
        Value::Bool(b) => Theirs::Bool(tag, *b),
        Value::Int(i) => Theirs::Num(tag, Num::I64(*i)),
        Value::Float(x) => Theirs::Num(tag, Num::F64(*x)),
        Value::Text(s) => Theirs::String(tag, s.to_string()),
        Value::List(list) => Theirs::Array(tag, list.iter().map(theirs).collect()),
        Value::Table(table) => Theirs::Dict(tag, dict(table)),
    }
}

#[cfg(test)]
mod tests {
    use crate::values::{Layers, testing};
    use figment::{Figment, providers::Serialized};
    use serde_json::{Value, json};

    #[test]
    fn a_provider_is_a_layer_and_a_document_is_a_provider() {
        let theirs = json!({"backend": {"replicas": 3, "args": ["x", 1.5, true, null]}});
        let layers = Layers::new().provider(Serialized::defaults(theirs));
        let document = testing::load(layers).unwrap();
        let args = document.root().find(&"backend.args".parse().unwrap()).unwrap();
        assert_eq!(testing::json_of(args), json!(["x", 1.5, true, null]));
        let back: Value = Figment::from(&document).extract().unwrap();
        assert_eq!(back, testing::json_of(document.root()));
    }

    #[test]
    fn numbers_beyond_64_bits_are_refused() {
        let layers = Layers::new().provider(Serialized::default("backend.replicas", u64::MAX));
        assert!(testing::load(layers).unwrap_err().contains("a number beyond 64 bits"));
    }
}
