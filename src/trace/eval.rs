//! What a tree comes to for given values: the meaning that printed templates are held to.

use super::digest::sha256_json;
use super::expr::{Builtin, Each, Expr};
use super::tree::{Field, Part, Tree};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// What a template is rendered with.
#[derive(Clone, Debug)]
pub struct Env<'a> {
    /// The values of the table: `.Values`.
    pub values: &'a Json,
    /// `.Release.Name`
    pub release: &'a str,
    /// `.Release.Namespace`
    pub namespace: &'a str,
    /// `.Release.Service`
    pub manager: &'a str,
    /// `.Chart.AppVersion`
    pub app_version: &'a str,
}

/// The value of a tree; `None` where it is left out.
pub fn evaluate(tree: &Tree, env: &Env<'_>) -> Option<Json> {
    Scope { env, loops: None }.tree(tree)
}

/// A loop that is being run: its collection, the key and the item of this round.
struct Round<'a> {
    each: &'a Arc<Each>,
    key: &'a str,
    item: &'a Json,
    outer: Option<&'a Round<'a>>,
}

#[derive(Clone, Copy)]
struct Scope<'a> {
    env: &'a Env<'a>,
    loops: Option<&'a Round<'a>>,
}

impl Scope<'_> {
    fn tree(self, tree: &Tree) -> Option<Json> {
        match tree {
            Tree::Literal(Json::Null) => None,
            Tree::Literal(json) => Some(json.clone()),
            Tree::Scalar(expr) | Tree::Verbatim(expr) => Some(self.expr(expr)),
            Tree::If(condition, then, other) => {
                self.tree(if self.holds(condition) { then } else { other })
            }
            Tree::Object(fields) => {
                let mut object = Map::new();
                let literal = literal_keys(fields);
                self.parts(fields, &mut |scope, field: &Field| {
                    let key = text(&scope.expr(&field.key));
                    let looped = matches!(field.key, Expr::Key(_));
                    if let Some(value) = scope.tree(&field.value)
                        && !(looped && literal.contains(&key.as_str()))
                    {
                        object.insert(key, value);
                    }
                });
                Some(Json::Object(object))
            }
            Tree::List(items) => {
                let mut list = Vec::new();
                self.parts(items, &mut |scope, item| list.extend(scope.tree(item)));
                Some(Json::Array(list))
            }
        }
    }

    fn parts<T>(self, parts: &[Part<T>], put: &mut dyn FnMut(Scope<'_>, &T)) {
        for part in parts {
            match part {
                Part::One(content) => put(self, content),
                Part::If(condition, then, other) => {
                    self.parts(if self.holds(condition) { then } else { other }, put);
                }
                Part::Range(each, body) => {
                    let collection = self.expr(&each.over);
                    for (key, item) in entries(&collection) {
                        let round = Round { each, key: &key, item, outer: self.loops };
                        Scope { env: self.env, loops: Some(&round) }.parts(body, put);
                    }
                }
            }
        }
    }

    fn holds(self, condition: &Expr) -> bool {
        self.expr(condition) == Json::Bool(true)
    }

    fn round(&self, each: &Arc<Each>) -> Option<&Round<'_>> {
        let mut round = self.loops;
        while let Some(r) = round {
            if r.each == each {
                return Some(r);
            }
            round = r.outer;
        }
        None
    }

    fn expr(self, expr: &Expr) -> Json {
        match expr {
            Expr::Value(path, _) => at(self.env.values, path),
            Expr::Item(each, path, _) => {
                self.round(each).map_or(Json::Null, |round| at(round.item, path))
            }
            Expr::Key(each) => self.round(each).map_or(Json::Null, |round| round.key.into()),
            Expr::Builtin(builtin) => match builtin {
                Builtin::ReleaseName => self.env.release,
                Builtin::ReleaseNamespace => self.env.namespace,
                Builtin::ReleaseService => self.env.manager,
                Builtin::AppVersion => self.env.app_version,
            }
            .into(),
            Expr::Const(json) => json.clone(),
            Expr::Concat(pieces) => {
                pieces.iter().map(|piece| text(&self.expr(piece))).collect::<String>().into()
            }
            Expr::TextOf(inner) => match self.expr(inner) {
                Json::Null => Json::Null,
                value => text(&value).into(),
            },
            Expr::Or(first, second) => match self.expr(first) {
                Json::Null => self.expr(second),
                value => value,
            },
            Expr::OrText(first, second) => match text(&self.expr(first)) {
                empty if empty.is_empty() => self.expr(second),
                value => value.into(),
            },
            Expr::Union(first, second) => match (self.expr(first), self.expr(second)) {
                (Json::Object(mut all), Json::Object(wins)) => {
                    all.extend(wins);
                    Json::Object(all)
                }
                (Json::Null, other) | (other, _) => other,
            },
            Expr::IsSet(place) => (!self.expr(place).is_null()).into(),
            Expr::NotEmpty(place) => match self.expr(place) {
                Json::Object(o) => !o.is_empty(),
                Json::Array(a) => !a.is_empty(),
                Json::String(s) => !s.is_empty(),
                _ => false,
            }
            .into(),
            Expr::Exists(each, condition) => {
                let collection = self.expr(&each.over);
                entries(&collection)
                    .iter()
                    .any(|(key, item)| {
                        let round = Round { each, key, item, outer: self.loops };
                        Scope { env: self.env, loops: Some(&round) }.holds(condition)
                    })
                    .into()
            }
            Expr::Not(inner) => (!self.holds(inner)).into(),
            Expr::All(all) => all.iter().all(|c| self.holds(c)).into(),
            Expr::Any(any) => any.iter().any(|c| self.holds(c)).into(),
            Expr::Equal(a, b) => (self.expr(a) == self.expr(b)).into(),
            Expr::Greater(a, b) => (self.expr(a).as_f64() > self.expr(b).as_f64()).into(),
            Expr::Base64(inner) => {
                use base64::Engine as _;
                base64::engine::general_purpose::STANDARD.encode(text(&self.expr(inner))).into()
            }
            Expr::Checksum(tree) => {
                sha256_json(&self.tree(tree).unwrap_or_else(|| Json::Object(Map::new()))).into()
            }
        }
    }
}

/// The keys that the builder wrote itself: they win over keys out of a loop.
fn literal_keys(fields: &[Part<Field>]) -> Vec<&str> {
    fields
        .iter()
        .filter_map(|part| match part {
            Part::One(Field { key: Expr::Const(Json::String(key)), .. }) => Some(key.as_str()),
            _ => None,
        })
        .collect()
}

fn at(values: &Json, path: &[Arc<str>]) -> Json {
    path.iter().try_fold(values, |value, key| value.get(&**key)).cloned().unwrap_or(Json::Null)
}

/// Maps in the order of their keys' bytes, as Go ranges over them.
fn entries(collection: &Json) -> Vec<(String, &Json)> {
    match collection {
        Json::Object(o) => {
            let mut entries: Vec<_> = o.iter().map(|(k, v)| (k.clone(), v)).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries
        }
        Json::Array(a) => a.iter().enumerate().map(|(i, v)| (i.to_string(), v)).collect(),
        _ => Vec::new(),
    }
}

/// A scalar as a text leaf shows it: strings as they are, the rest as JSON, null as nothing.
fn text(value: &Json) -> String {
    match value {
        Json::String(s) => s.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}
