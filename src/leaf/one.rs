//! `One`: one name out of an enum.

use super::scalar::{Class, Word};
use super::schema_of;
use super::to::Take;
use super::{Opt, To};
use crate::trace::{self, Expr};
use crate::values::forgive;
use serde::{Deserialize, Deserializer, Serialize};
use std::sync::Arc;

/// One name out of an enum without data.
///
/// Alternatives with data are a `type` name beside optional fields: a data enum layers badly,
/// since a later file would set a second alternative beside the first.
#[derive(Clone, Debug)]
pub enum One<E> {
    /// The variant.
    Plain(E),
    /// In a traced run, the place and all variants with their names.
    Traced(Arc<Expr>, Vec<(&'static str, E)>),
}

impl<'de, E: Deserialize<'de>> Deserialize<'de> for One<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match trace::slot() {
            Some(expr) => {
                Ok(Self::Traced(Arc::new(Expr::TextOf(Box::new(expr))), trace::variants()))
            }
            None => forgive(E::deserialize(deserializer).map(Self::Plain), || {
                Self::Traced(Arc::new(Expr::Const(serde_json::Value::Null)), Vec::new())
            }),
        }
    }
}

impl<E> One<E>
where
    E: Copy + Default,
{
    /// The variant. Traced, every variant is explored, so an ordinary `match` is fine.
    pub fn get(&self) -> E {
        match self {
            Self::Plain(variant) => *variant,
            Self::Traced(place, variants) => {
                let Some(((_, last), rest)) = variants.split_last() else { return E::default() };
                let is = |name: &str| {
                    trace::decide(Expr::Equal(
                        Box::new((**place).clone()),
                        Box::new(Expr::Const(name.into())),
                    ))
                };
                rest.iter().find(|(name, _)| is(name)).map_or(*last, |(_, variant)| *variant)
            }
        }
    }
}

impl<E: Clone + Serialize> Opt<One<E>> {
    /// The variant, or another where it is unset.
    #[must_use]
    pub fn or(&self, other: &One<E>) -> One<E> {
        match self {
            Self::Plain(Some(one)) => one.clone(),
            Self::Plain(None) => other.clone(),
            Self::Traced(_, one) => match (&**one, other) {
                (One::Traced(place, variants), One::Plain(other)) => One::Traced(
                    Arc::new(Expr::Or(
                        Box::new((**place).clone()),
                        Box::new(Expr::Const(name(other).into())),
                    )),
                    variants.clone(),
                ),
                (one, _) => one.clone(),
            },
        }
    }
}

/// The name of the variant, as values have it.
impl<E: Serialize, X: Take<Word>> To<X> for One<E> {
    fn to(&self) -> X {
        X::take(match self {
            Self::Plain(variant) => name(variant).into(),
            Self::Traced(place, _) => Word::mark(place),
        })
    }
}

/// What serde calls a variant; an enum without data is written as its name.
fn name<E: Serialize>(variant: &E) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

schema_of!(One<E> => E);
