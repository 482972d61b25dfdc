//! `Yaml`: a Kubernetes type passed through whole.

use super::schema_of;
use crate::trace::{self, Expr};
use crate::values::{forgive, nearest, noted};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;
use std::sync::Arc;

/// A value of a Kubernetes type, written in values as Kubernetes writes it.
///
/// It is refused unless it comes out as it went in: a misspelt field would vanish, and a chart
/// would keep what a render drops.
#[derive(Clone)]
pub enum Yaml<T> {
    /// The value.
    Plain(Box<T>),
    /// In a traced run, the place.
    Traced(Arc<Expr>),
}

impl<'de, T: Serialize + DeserializeOwned> Deserialize<'de> for Yaml<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if let Some(expr) = trace::slot() {
            return Ok(Self::Traced(Arc::new(expr)));
        }
        let read = noted(deserializer).map(|Unchanged(value)| Self::Plain(Box::new(value)));
        forgive(read, || Self::Traced(Arc::new(Expr::Const(Json::Null))))
    }
}

/// A value that comes out as it went in.
struct Unchanged<T>(T);

impl<'de, T: Serialize + DeserializeOwned> Deserialize<'de> for Unchanged<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Json::deserialize(deserializer)?;
        let value: T = serde_json::from_value(written.clone()).map_err(D::Error::custom)?;
        let back = serde_json::to_value(&value).map_err(D::Error::custom)?;
        match difference(&written, &back) {
            Some(why) => Err(D::Error::custom(why)),
            None => Ok(Self(value)),
        }
    }
}

/// Why what was written is not what comes out.
fn difference(written: &Json, back: &Json) -> Option<String> {
    fn walk(written: &Json, back: &Json, path: &mut Vec<String>) -> Option<String> {
        match (written, back) {
            (Json::Object(a), Json::Object(b)) => {
                for (key, value) in a {
                    path.push(key.clone());
                    match b.get(key) {
                        Some(other) => {
                            if let Some(why) = walk(value, other, path) {
                                return Some(why);
                            }
                        }
                        None if value.is_null() => {
                            return Some(format!("`{}` is null; leave it out", path.join(".")));
                        }
                        None => {
                            return Some(format!(
                                "unknown field `{}`{}",
                                path.join("."),
                                nearest(key, b)
                            ));
                        }
                    }
                    path.pop();
                }
                let extra = b.keys().find(|key| !a.contains_key(*key))?;
                path.push(extra.clone());
                Some(format!("missing field `{}`", path.join(".")))
            }
            (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
                a.iter().zip(b).enumerate().find_map(|(i, (a, b))| {
                    path.push(i.to_string());
                    let why = walk(a, b, path);
                    path.pop();
                    why
                })
            }
            (Json::Number(a), Json::Number(b)) if a.as_f64() == b.as_f64() => None,
            (a, b) if a == b => None,
            (a, b) => Some(format!("`{}` is {a}; write {b}", path.join("."))),
        }
    }
    walk(written, back, &mut Vec::new())
}

fn nearest(key: &str, known: &serde_json::Map<String, Json>) -> String {
    nearest::nearest(key, known.keys().map(String::as_str))
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

impl<T: Default> Default for Yaml<T> {
    fn default() -> Self {
        Self::Plain(Box::default())
    }
}

impl<T> std::fmt::Debug for Yaml<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // It may hold what a Secret holds.
            Self::Plain(_) => f.write_str("<verbatim>"),
            Self::Traced(expr) => write!(f, "<{expr}>"),
        }
    }
}

schema_of!(Yaml<T> => T);
