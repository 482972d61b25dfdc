//! `Val`: one text, whole number or boolean.

use crate::trace::{self, Expr, Type};
use crate::values::{forgive, noted};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// One text, whole number or boolean of a values struct.
///
/// [`To::to`](super::To::to) makes it whatever the field of a Kubernetes object is.
#[derive(Clone)]
pub enum Val<T> {
    /// The value.
    Plain(T),
    /// In a traced run, the expression it is read from.
    Traced(Arc<Expr>),
}

/// Any text. Whole numbers and booleans are read as their text, as `--set tag=20240101` needs;
/// numbers with a fraction are refused, since `1.10` would become `1.1`.
pub type Text = Val<Str>;

/// The content of a [`Text`].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Str(pub String);

/// A type that one value is read as: its class says what it can become.
///
/// ```
/// # use kgen::leaf::{Scalar, Word};
/// # use std::borrow::Cow;
/// /// The name of a time zone.
/// #[derive(Clone, serde::Deserialize, schemars::JsonSchema)]
/// struct Zone(String);
///
/// impl Scalar for Zone {
///     type Class = Word;
///     fn give(&self) -> Cow<'_, str> {
///         (&self.0).into()
///     }
/// }
/// ```
pub trait Scalar: Clone + for<'de> Deserialize<'de> + JsonSchema {
    /// [`Word`], [`Whole`] or [`Truth`].
    type Class: Class;
    /// The value as its class has it.
    fn give(&self) -> <Self::Class as Class>::Value<'_>;
}

/// What kind of value a [`Scalar`] is.
pub trait Class {
    /// What it is held as.
    type Value<'a>;
    /// The type of its expressions.
    #[doc(hidden)]
    const TYPE: Type;
    /// A value that stands for an expression.
    #[doc(hidden)]
    fn mark(expr: &Expr) -> Self::Value<'static>;
    /// The value as a constant.
    #[doc(hidden)]
    fn constant(value: Self::Value<'_>) -> Expr;
}

/// Texts.
pub enum Word {}
/// Whole numbers.
pub enum Whole {}
/// Booleans.
pub enum Truth {}

impl Class for Word {
    type Value<'a> = Cow<'a, str>;
    const TYPE: Type = Type::Text;
    fn mark(expr: &Expr) -> Cow<'static, str> {
        trace::mark_text(expr.clone()).into()
    }
    fn constant(value: Cow<'_, str>) -> Expr {
        Expr::Const(value.into())
    }
}

impl Class for Whole {
    type Value<'a> = i64;
    const TYPE: Type = Type::Whole;
    fn mark(expr: &Expr) -> i64 {
        trace::mark_whole(expr.clone())
    }
    fn constant(value: i64) -> Expr {
        Expr::Const(value.into())
    }
}

/// A boolean cannot carry a marker: it forks the builder, and the two runs fold back into one.
impl Class for Truth {
    type Value<'a> = bool;
    const TYPE: Type = Type::Truth;
    fn mark(expr: &Expr) -> bool {
        trace::decide(expr.clone())
    }
    fn constant(value: bool) -> Expr {
        Expr::Const(value.into())
    }
}

macro_rules! whole {
    ($($t:ty),*) => {
        $(impl Scalar for $t {
            type Class = Whole;
            fn give(&self) -> i64 {
                (*self).into()
            }
        })*
    };
}
whole!(i32, i64, u16, u32);

impl Scalar for bool {
    type Class = Truth;
    fn give(&self) -> bool {
        *self
    }
}

impl Scalar for Str {
    type Class = Word;
    fn give(&self) -> Cow<'_, str> {
        (&self.0).into()
    }
}

/// The expression of a value of this class at a place.
pub(super) fn typed<C: Class>(expr: Expr) -> Expr {
    match (C::TYPE, expr) {
        // The key of a map is a text already.
        (Type::Text, key @ Expr::Key(_)) => key,
        (Type::Text, expr) => Expr::TextOf(Box::new(expr)),
        (ty, expr) => expr.typed(ty),
    }
}

impl<T> Val<T> {
    /// What stands in for a value that could not be read; the mistake is on record.
    fn placeholder() -> Self {
        Self::Traced(Arc::new(Expr::Const(serde_json::Value::Null)))
    }

    pub(crate) fn traced(expr: Expr) -> Self {
        Self::Traced(Arc::new(expr))
    }
}

impl<'de, T: Scalar> Deserialize<'de> for Val<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match trace::slot() {
            Some(expr) => Ok(Self::traced(typed::<T::Class>(expr))),
            None => forgive(noted(deserializer).map(Self::Plain), Self::placeholder),
        }
    }
}

impl<T: Scalar> Val<T> {
    pub(super) fn expr(&self) -> Expr {
        match self {
            Self::Plain(value) => T::Class::constant(value.give()),
            Self::Traced(expr) => (**expr).clone(),
        }
    }
}

impl<T: Scalar<Class = Whole>> Val<T> {
    /// Whether the number is greater. Forks the builder.
    pub fn greater(&self, than: i64) -> bool {
        match self {
            Self::Plain(value) => value.give() > than,
            Self::Traced(expr) => trace::decide(Expr::Greater(
                Box::new((**expr).clone()),
                Box::new(Expr::Const(than.into())),
            )),
        }
    }
}

impl Val<bool> {
    /// The boolean. Forks the builder: both sides are explored.
    pub fn get(&self) -> bool {
        match self {
            Self::Plain(value) => *value,
            Self::Traced(expr) => trace::decide((**expr).clone()),
        }
    }

    /// A part that is there when the boolean is true. Does not fork.
    pub fn then<R: serde::Serialize + de::DeserializeOwned>(
        &self,
        part: impl Fn() -> R,
    ) -> Option<R> {
        match self {
            Self::Plain(value) => value.then(part),
            Self::Traced(expr) => trace::part(Some((**expr).clone()), &|| Some(part())),
        }
    }
}

impl<T: Scalar<Class = Word>> Val<T> {
    /// The text, without a copy; none where it is traced.
    pub(super) fn plain_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Plain(value) => Some(value.give()),
            Self::Traced(_) => None,
        }
    }

    /// Whether the text is empty. Forks the builder.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Plain(value) => value.give().is_empty(),
            Self::Traced(expr) => !trace::decide(Expr::NotEmpty(Box::new((**expr).clone()))),
        }
    }

    /// Whether the text is this one. Forks the builder.
    pub fn is(&self, text: &str) -> bool {
        match self {
            Self::Plain(value) => value.give() == text,
            Self::Traced(expr) => trace::decide(Expr::Equal(
                Box::new((**expr).clone()),
                Box::new(Expr::Const(text.into())),
            )),
        }
    }

    /// This text, or another where this one is empty.
    pub fn or<U: Scalar<Class = Word>>(&self, other: &Val<U>) -> Text {
        match (self, other) {
            (Self::Plain(a), Val::Plain(b)) => {
                let first = a.give();
                Val::Plain(Str(if first.is_empty() { b.give() } else { first }.into_owned()))
            }
            _ => Val::traced(Expr::OrText(Box::new(self.expr()), Box::new(other.expr()))),
        }
    }

    /// A part that is there when the text is not empty. Does not fork.
    pub fn some<R: serde::Serialize + de::DeserializeOwned>(
        &self,
        part: impl Fn() -> R,
    ) -> Option<R> {
        match self {
            Self::Plain(value) => (!value.give().is_empty()).then(part),
            Self::Traced(expr) => {
                trace::part(Some(Expr::NotEmpty(Box::new((**expr).clone()))), &|| Some(part()))
            }
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Plain(Str(text.to_owned()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Plain(Str(text))
    }
}

impl<T: Scalar + Default> Default for Val<T> {
    fn default() -> Self {
        Self::Plain(T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Val<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(value) => value.fmt(f),
            Self::Traced(expr) => write!(f, "<{expr}>"),
        }
    }
}

/// The value as text; traced, a marker, so that `format!` works in builders.
impl<T: Scalar> fmt::Display for Val<T>
where
    for<'a> <T::Class as Class>::Value<'a>: fmt::Display,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(value) => value.give().fmt(f),
            Self::Traced(expr) => f.write_str(&trace::mark_text((**expr).clone())),
        }
    }
}

impl<'de> Deserialize<'de> for Str {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_of(deserializer, |text| Ok(Self(text.to_owned())))
    }
}

/// Reads a text and makes something of it; whole numbers and booleans count as their text.
///
/// What is wrong with the text is told while it is read, so that reading goes on behind it.
pub(crate) fn text_of<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    make: impl Fn(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    struct Any<F>(F);
    impl<T, F: Fn(&str) -> Result<T, String>> Visitor<'_> for Any<F> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            (self.0)(text).map_err(E::custom)
        }
        fn visit_bool<E: de::Error>(self, value: bool) -> Result<T, E> {
            self.visit_str(if value { "true" } else { "false" })
        }
        fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
            self.visit_str(&value.to_string())
        }
        fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
            self.visit_str(&value.to_string())
        }
        fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
            Err(E::custom(format!(
                "expected a string, found the number `{value}`, which may not be what was \
                 written; put it in quotes"
            )))
        }
    }
    deserializer.deserialize_any(Any(make))
}

impl JsonSchema for Str {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer", "boolean"] })
    }
}
