//! The template tree: the objects of a builder with their conditions and loops, over value paths.

use super::expr::{Each, Expr};
use serde_json::Value as Json;
use std::sync::Arc;

/// A value of the output.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// What the builder wrote itself. `null` stands for a field that is left out.
    Literal(Json),
    /// A text, number or boolean that the values decide.
    Scalar(Expr),
    /// A subtree of the values, passed through whole.
    Verbatim(Expr),
    /// An object.
    Object(Vec<Part<Field>>),
    /// A list.
    List(Vec<Part<Tree>>),
    /// One of two, by a condition.
    If(Expr, Box<Tree>, Box<Tree>),
}

/// A piece of an object (of [`Field`]s) or of a list (of [`Tree`]s).
#[derive(Clone, Debug, PartialEq)]
pub enum Part<T> {
    /// One field or item.
    One(T),
    /// Some of them, by a condition.
    If(Expr, Vec<Part<T>>, Vec<Part<T>>),
    /// Some of them for each entry of a collection.
    Range(Arc<Each>, Vec<Part<T>>),
}

/// A field of an object. A literal key wins over the same key out of a loop beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name: a constant, or the key of a loop.
    pub key: Expr,
    /// Its value.
    pub value: Tree,
}

impl Tree {
    /// What is left out.
    pub const ABSENT: Self = Self::Literal(Json::Null);

    /// Whether it is left out.
    pub fn is_absent(&self) -> bool {
        *self == Self::ABSENT
    }

    /// Whether it is left out under some condition.
    fn may_be_absent(&self) -> bool {
        match self {
            Self::If(_, yes, no) => yes.may_be_absent() || no.may_be_absent(),
            tree => tree.is_absent(),
        }
    }

    /// The tree where a condition holds, nothing elsewhere.
    pub(crate) fn when(self, condition: Expr) -> Self {
        Self::If(condition, Box::new(self), Box::new(Self::ABSENT))
    }
}

/// What can be a part: it knows its value, so that an absent one becomes a condition.
pub(crate) trait Content: Sized {
    /// Splits off the condition of a value that is absent otherwise.
    fn lift(self) -> Part<Self>;
}

impl Content for Tree {
    fn lift(self) -> Part<Self> {
        match self {
            Self::If(condition, yes, no) if yes.may_be_absent() || no.may_be_absent() => {
                let side = |tree: Self| {
                    if tree.is_absent() { Vec::new() } else { vec![tree.lift()] }
                };
                match (side(*yes), side(*no)) {
                    (yes, no) if yes.is_empty() => Part::If(condition.negated(), no, Vec::new()),
                    (yes, no) => Part::If(condition, yes, no),
                }
            }
            tree => Part::One(tree),
        }
    }
}

impl Content for Field {
    fn lift(self) -> Part<Self> {
        let key = self.key;
        rename(self.value.lift(), &key)
    }
}

fn rename(part: Part<Tree>, key: &Expr) -> Part<Field> {
    let all = |parts: Vec<Part<Tree>>| parts.into_iter().map(|p| rename(p, key)).collect();
    match part {
        Part::One(value) => Part::One(Field { key: key.clone(), value }),
        Part::If(condition, then, other) => Part::If(condition, all(then), all(other)),
        Part::Range(each, body) => Part::Range(each, all(body)),
    }
}

/// When the parts put anything out; `None` where they always do.
pub(crate) fn filled<T>(parts: &[Part<T>]) -> Option<Expr> {
    let mut any = Vec::new();
    for part in parts {
        any.push(match part {
            Part::One(_) => return None,
            Part::Range(each, body) => match filled(body) {
                None => Expr::NotEmpty(Box::new(each.over.clone())),
                Some(condition) => Expr::Exists(each.clone(), Box::new(condition)),
            },
            Part::If(condition, then, other) => either(condition, filled(then), other)?,
        });
    }
    Some(if any.len() == 1 { any.remove(0) } else { Expr::Any(any) })
}

/// When a conditional part puts anything out; `None` where it always does.
fn either<T>(condition: &Expr, then: Option<Expr>, other: &[Part<T>]) -> Option<Expr> {
    let both = |a: Expr, b: Option<Expr>| match b {
        Some(b) => Expr::All(vec![a, b]),
        None => a,
    };
    if other.is_empty() {
        return Some(both(condition.clone(), then));
    }
    let otherwise = filled(other);
    if then.is_none() && otherwise.is_none() {
        return None;
    }
    Some(Expr::Any(vec![
        both(condition.clone(), then),
        both(condition.clone().negated(), otherwise),
    ]))
}
