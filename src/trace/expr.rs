//! Expressions: what a traced value is.

use super::tree::Tree;
use serde_json::Value as Json;
use std::sync::Arc;

/// What an expression evaluates to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A string.
    Text,
    /// A whole number.
    Whole,
    /// `true` or `false`.
    Truth,
    /// Whatever the values hold there: a table, a list, null.
    Any,
}

/// What a template knows besides its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// `.Release.Name`
    ReleaseName,
    /// `.Release.Namespace`
    ReleaseNamespace,
    /// `.Release.Service`: who applies the objects, `Helm` or `kgen`.
    ReleaseService,
    /// `.Chart.AppVersion`
    AppVersion,
}

/// A loop over a map or a list. Two loops are the same when they run over the same collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Each {
    /// The collection.
    pub over: Expr,
    /// How many loops its collection stands inside of, itself included.
    pub depth: usize,
    /// Whether the collection is a map; else it is a list.
    pub map: bool,
}

/// An expression over the values of one table.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// The value at a path: `.Values.image.tag`.
    Value(Vec<Arc<str>>, Type),
    /// A path below the item of a loop: `$port.nodePort`.
    Item(Arc<Each>, Vec<Arc<str>>, Type),
    /// The key of a loop over a map.
    Key(Arc<Each>),
    /// A fact of the release or the chart.
    Builtin(Builtin),
    /// A constant.
    Const(Json),
    /// Texts and whole numbers, joined.
    Concat(Vec<Expr>),
    /// The text of a string, whole number or boolean; null stays null.
    TextOf(Box<Expr>),
    /// The second where the first is null.
    Or(Box<Expr>, Box<Expr>),
    /// The second where the first is an empty text.
    OrText(Box<Expr>, Box<Expr>),
    /// The entries of both tables; the second wins.
    Union(Box<Expr>, Box<Expr>),
    /// Whether it is not null.
    IsSet(Box<Expr>),
    /// Whether a text, table or list holds anything.
    NotEmpty(Box<Expr>),
    /// Whether a condition on the entries of a collection holds for any of them.
    Exists(Arc<Each>, Box<Expr>),
    /// Negation.
    Not(Box<Expr>),
    /// Whether all hold.
    All(Vec<Expr>),
    /// Whether any holds.
    Any(Vec<Expr>),
    /// Whether both are equal.
    Equal(Box<Expr>, Box<Expr>),
    /// Whether the first number is greater than the second.
    Greater(Box<Expr>, Box<Expr>),
    /// The base64 form of a text.
    Base64(Box<Expr>),
    /// The SHA-256 of a tree's JSON, in hexadecimal; of `{}` where the tree is absent.
    Checksum(Box<Tree>),
}

impl Expr {
    /// What it evaluates to.
    pub fn ty(&self) -> Type {
        match self {
            Self::Value(_, ty) | Self::Item(_, _, ty) => *ty,
            Self::Const(Json::Number(_)) => Type::Whole,
            Self::Const(Json::Bool(_)) => Type::Truth,
            Self::Const(Json::String(_))
            | Self::Key(_)
            | Self::Builtin(_)
            | Self::Concat(_)
            | Self::TextOf(_)
            | Self::OrText(..)
            | Self::Base64(_)
            | Self::Checksum(_) => Type::Text,
            Self::Const(_) | Self::Union(..) => Type::Any,
            Self::Or(first, _) => first.ty(),
            Self::IsSet(_)
            | Self::NotEmpty(_)
            | Self::Exists(..)
            | Self::Not(_)
            | Self::All(_)
            | Self::Any(_)
            | Self::Equal(..)
            | Self::Greater(..) => Type::Truth,
        }
    }

    /// The value one key below this one; `None` where the expression is not a place in the values.
    pub(crate) fn field(&self, key: &str) -> Option<Self> {
        let below = |path: &[Arc<str>]| path.iter().cloned().chain([Arc::from(key)]).collect();
        match self {
            Self::Value(path, _) => Some(Self::Value(below(path), Type::Any)),
            Self::Item(each, path, _) => Some(Self::Item(each.clone(), below(path), Type::Any)),
            _ => None,
        }
    }

    /// The same place, read as another type.
    pub(crate) fn typed(self, ty: Type) -> Self {
        match self {
            Self::Value(path, _) => Self::Value(path, ty),
            Self::Item(each, path, _) => Self::Item(each, path, ty),
            other => other,
        }
    }

    /// The place itself, without what turns it into a text: what a test for null asks about.
    pub(crate) fn place(&self) -> &Self {
        match self {
            Self::TextOf(inner) => inner.place(),
            other => other,
        }
    }

    /// Negation, without a double one.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Whether the place is set.
    pub(crate) fn is_set(&self) -> Self {
        Self::IsSet(Box::new(self.place().clone().typed(Type::Any)))
    }

    /// How many loops this expression stands inside of.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::Item(each, ..) | Self::Key(each) => each.depth,
            Self::Union(a, b) => a.depth().max(b.depth()),
            _ => 0,
        }
    }
}

/// The path as people write it in values: `.ports.http.port`, `ports.*.port` inside a loop.
impl std::fmt::Display for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(path, _) => f.write_str(&path.join(".")),
            Self::Item(each, path, _) => {
                write!(f, "{}.*", each.over)?;
                path.iter().try_for_each(|key| write!(f, ".{key}"))
            }
            Self::Key(each) => write!(f, "the keys of {}", each.over),
            Self::TextOf(inner) | Self::Base64(inner) => inner.fmt(f),
            Self::Union(a, b) => write!(f, "{a} and {b}"),
            other => write!(f, "{other:?}"),
        }
    }
}
