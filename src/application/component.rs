//! A component: the type of a table of values, and the builders over it.

use super::address::{Address, Answers};
use super::output::Output;
use crate::build::Context;
use crate::leaf::Map;
use crate::leaf::Yaml;
use crate::model::Contradiction;
use crate::object::{Object, ObjectError};
use crate::trace::{self, Refusal, Tree};
use crate::values::{Defaults, ENABLED, Mistake, Node, Resolve, Value, read_beside};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// Builds one kind of object of a service.
type Build<V> = Box<dyn Fn(&Context, &V) -> Result<Vec<Object>, ObjectError> + Send + Sync>;
/// The tree of that builder.
type Explore<V> = Box<dyn Fn(&Context, &V) -> Result<Option<Tree>, Refusal> + Send + Sync>;

/// Where the merge patches of a service stand.
type Patches<V> = fn(&V) -> &Map<Yaml<Json>>;

struct Builder<V> {
    name: &'static str,
    build: Build<V>,
    explore: Explore<V>,
}

/// The type of a table of values, its defaults, and the builders over it.
///
/// In a Helm chart the table is `values.yaml` and each builder a file under `templates/`.
pub struct Component<V> {
    defaults: Defaults,
    builders: Vec<Builder<V>>,
    patches: Option<Patches<V>>,
    answers: Option<Answers>,
    contradictions: Option<fn(&V) -> Vec<Contradiction>>,
}

impl<V: DeserializeOwned + JsonSchema + 'static> Component<V> {
    /// A component of a name, with the typed defaults of its values: a TOML document that holds a
    /// value for every field that is not an [`Opt`](crate::leaf::Opt), but for those that users
    /// must set. A field `name` defaults to the key that a table stands at. The key `enabled` is
    /// kgen's: every table has it.
    pub fn new(name: &'static str, defaults: &'static str) -> Self {
        Self {
            defaults: Defaults { name, text: defaults, component: true },
            builders: Vec::new(),
            patches: None,
            answers: None,
            contradictions: None,
        }
    }

    /// Adds a builder, named as its file in a chart: `deployment`.
    ///
    /// It returns an `Option` of a Kubernetes object, or a `Vec` of several.
    #[must_use]
    pub fn builds<R: Output>(
        mut self,
        name: &'static str,
        builder: impl Fn(&Context, &V) -> R + Send + Sync + Clone + 'static,
    ) -> Self {
        let plain = builder.clone();
        self.builders.push(Builder {
            name,
            build: Box::new(move |cx, values| plain(cx, values).objects(cx)),
            explore: Box::new(move |cx, values| trace::explore(&|| builder(cx, values).filled())),
        });
        self
    }

    /// Says where the service of a table answers, so that `{ service = "KEY" }` can refer to it.
    ///
    /// The function gets the table as it is written, and the name of a port if the reference has
    /// one. An error is a fragment: `has no port`.
    #[must_use]
    pub fn answers_at(
        mut self,
        address: fn(table: &Node, port: Option<&str>) -> Result<Address, String>,
    ) -> Self {
        self.answers = Some(address);
        self
    }

    /// Names what finds values that are right by themselves and wrong together.
    #[must_use]
    pub fn checked_by(mut self, contradictions: fn(&V) -> Vec<Contradiction>) -> Self {
        self.contradictions = Some(contradictions);
        self
    }

    /// Names the field whose merge patches are laid over the built objects.
    #[must_use]
    pub fn patched_by(mut self, patches: fn(&V) -> &Map<Yaml<Json>>) -> Self {
        self.patches = Some(patches);
        self
    }
}

impl<V> Component<V> {
    /// Notes values that contradict each other, each at the nearest place that is written.
    fn contradict(&self, values: &V, table: &Table<'_>, mistakes: &mut Vec<Mistake>) {
        let found = self.contradictions.map(|find| find(values)).unwrap_or_default();
        for Contradiction { path, message } in found {
            let keys: Vec<&str> = path.iter().map(String::as_str).collect();
            let node = (0..=keys.len()).rev().find_map(|n| table.node.get(keys[..n].to_vec()));
            let at = node.unwrap_or(table.node).at;
            let path = format!("{}.{}", table.key, keys.join("."));
            mistakes.push(Mistake::new(path, Some(at), message));
        }
    }
}

/// A component without its type: what the application works with.
pub(super) trait AnyComponent: Send + Sync {
    fn defaults(&self) -> Defaults;
    fn schema(&self, generator: &mut SchemaGenerator) -> Schema;
    /// The objects of a table, with all mistakes noted.
    fn build(&self, cx: &Context, table: &Table<'_>, mistakes: &mut Vec<Mistake>) -> Vec<Object>;
    /// Reads a table for its mistakes alone.
    fn check(&self, table: &Table<'_>, mistakes: &mut Vec<Mistake>);
    /// Where the service of a table answers.
    fn address(&self, table: &Node, port: Option<&str>) -> Result<Address, String>;
    /// The template tree of each builder.
    fn trees(&self) -> Vec<(&'static str, Result<Option<Tree>, Refusal>)>;
}

/// A table of values that a component reads.
pub(super) struct Table<'a> {
    pub(super) key: &'a str,
    pub(super) node: &'a Node,
    pub(super) resolve: &'a dyn Resolve,
}

impl<V: DeserializeOwned + JsonSchema + 'static> AnyComponent for Component<V> {
    fn defaults(&self) -> Defaults {
        self.defaults
    }

    fn schema(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<V>()
    }

    fn build(&self, cx: &Context, table: &Table<'_>, mistakes: &mut Vec<Mistake>) -> Vec<Object> {
        let Some(values) =
            read_beside::<V>(&[ENABLED], table.node, table.key, table.resolve, mistakes)
        else {
            return Vec::new();
        };
        self.contradict(&values, table, mistakes);
        let mut objects = Vec::new();
        for builder in &self.builders {
            match (builder.build)(cx, &values) {
                Ok(built) => objects.extend(built),
                Err(error) => mistakes.push(Mistake::new(
                    table.key,
                    Some(table.node.at),
                    format!("the builder `{}` failed: {error}", builder.name),
                )),
            }
        }
        if let Some(patches) = self.patches {
            objects = patch(objects, patches(&values), table, mistakes);
        }
        objects
    }

    fn check(&self, table: &Table<'_>, mistakes: &mut Vec<Mistake>) {
        read_beside::<V>(&[ENABLED], table.node, table.key, table.resolve, mistakes);
    }

    fn address(&self, table: &Node, port: Option<&str>) -> Result<Address, String> {
        match self.answers {
            Some(answers) => answers(table, port),
            None => Err("is of a kind that cannot be referred to".to_owned()),
        }
    }

    fn trees(&self) -> Vec<(&'static str, Result<Option<Tree>, Refusal>)> {
        let traced = Context::traced().and_then(|cx| Ok((cx, trace::traced::<V>(&[])?)));
        self.builders
            .iter()
            .map(|builder| {
                let tree = match &traced {
                    Ok((cx, values)) => (builder.explore)(cx, values),
                    Err(refusal) => Err(refusal.clone()),
                };
                (builder.name, tree)
            })
            .collect()
    }
}

impl Table<'_> {
    /// Whether the table is turned on.
    pub(super) fn enabled(&self, mistakes: &mut Vec<Mistake>) -> bool {
        match self.node.get([ENABLED]).map(|node| (&node.value, node.at)) {
            None => true,
            Some((Value::Bool(enabled), _)) => *enabled,
            Some((other, at)) => {
                let message = format!("expected a boolean, found {}", other.kind());
                mistakes.push(Mistake::new(format!("{}.{ENABLED}", self.key), Some(at), message));
                true
            }
        }
    }
}

/// Lays merge patches over the objects that their keys name: `Deployment` or `Deployment/name`.
fn patch(
    mut objects: Vec<Object>,
    patches: &Map<Yaml<Json>>,
    table: &Table<'_>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Object> {
    let Map::Plain(patches) = patches else { return objects };
    for (key, patch) in patches {
        let Yaml::Plain(patch) = patch else { continue };
        let key = key.to_string();
        let mut found = false;
        objects = objects
            .into_iter()
            .filter_map(|object| {
                let id = object.identity();
                if key != *id.kind && key != format!("{}/{}", id.kind, id.name) {
                    return Some(object);
                }
                found = true;
                match object.merge_patch(patch) {
                    Ok(patched) => Some(patched),
                    Err(error) => {
                        mistakes.push(mistake(table, &key, error.to_string()));
                        None
                    }
                }
            })
            .collect();
        if !found {
            let built: Vec<_> = objects
                .iter()
                .map(|o| format!("`{}/{}`", o.identity().kind, o.identity().name))
                .collect();
            mistakes.push(
                mistake(table, &key, format!("no object `{key}` is built"))
                    .help(format!("built are {}", built.join(", "))),
            );
        }
    }
    objects
}

fn mistake(table: &Table<'_>, key: &str, message: String) -> Mistake {
    let at = table.node.get(["patch", key]).unwrap_or(table.node).at;
    Mistake::new(format!("{}.patch.{key}", table.key), Some(at), message)
}
