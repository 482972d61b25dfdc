//! `Opt`: a value that may be unset.

use super::scalar::{Scalar, Val};
use super::schema_of;
use crate::trace::{self, Expr};
use crate::values::forgive;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use std::sync::Arc;

/// A value that may be unset: missing or null.
#[derive(Clone, Debug)]
pub enum Opt<V> {
    /// The value, or none.
    Plain(Option<V>),
    /// In a traced run, the place and what stands there when it is set.
    Traced(Arc<Expr>, Box<V>),
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Opt<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match trace::slot() {
            Some(expr) => Ok(Self::Traced(Arc::new(expr.clone()), Box::new(trace::at(expr)?))),
            None => forgive(Option::deserialize(deserializer).map(Self::Plain), Self::default),
        }
    }
}

impl<V> Opt<V> {
    /// Whether it is set. Forks the builder.
    pub fn is_set(&self) -> bool {
        self.get().is_some()
    }

    /// The value. Forks the builder: both sides are explored. For early returns; else prefer
    /// [`Opt::map`].
    pub fn get(&self) -> Option<&V> {
        match self {
            Self::Plain(value) => value.as_ref(),
            Self::Traced(place, value) => trace::decide(place.is_set()).then_some(value),
        }
    }

    /// A part made of the value, when it is set. Does not fork.
    pub fn map<R: Serialize + DeserializeOwned>(&self, part: impl Fn(&V) -> R) -> Option<R> {
        match self {
            Self::Plain(value) => value.as_ref().map(part),
            Self::Traced(place, value) => trace::part(Some(place.is_set()), &|| Some(part(value))),
        }
    }
}

impl<T: Scalar> Opt<Val<T>> {
    /// The value, or another where it is unset.
    #[must_use]
    pub fn or(&self, other: &Val<T>) -> Val<T> {
        match (self, other) {
            (Self::Plain(Some(value)), _) => value.clone(),
            (Self::Plain(None), other) => other.clone(),
            (Self::Traced(_, value), other) => {
                Val::traced(Expr::Or(Box::new(value.expr()), Box::new(other.expr())))
            }
        }
    }
}

impl<V> Default for Opt<V> {
    fn default() -> Self {
        Self::Plain(None)
    }
}

schema_of!(Opt<V> => Option<V>);
