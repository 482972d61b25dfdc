//! `.to()`: a leaf becomes whatever the field of a Kubernetes object is.

use super::scalar::{Class, Scalar, Val, Whole, Word};
use super::{List, Map, Opt, Yaml};
use k8s_openapi::ByteString;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::{Serialize, de::DeserializeOwned};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a leaf can become.
///
/// A trait of our own since `Into` cannot borrow: `s.replicas.to()` is an `i32`, an `Option<i32>`
/// or an `IntOrString`, as the field wants.
pub trait To<T> {
    /// The value as the type that the field has.
    fn to(&self) -> T;
}

/// A type that takes values of a class: `i32` takes whole numbers, `Quantity` takes words.
pub trait Take<C: Class> {
    /// The value as this type.
    fn take(value: C::Value<'_>) -> Self;
}

impl Take<Word> for String {
    fn take(value: Cow<'_, str>) -> Self {
        value.into_owned()
    }
}

impl Take<Word> for IntOrString {
    fn take(value: Cow<'_, str>) -> Self {
        Self::String(value.into_owned())
    }
}

impl Take<Word> for Quantity {
    fn take(value: Cow<'_, str>) -> Self {
        Self(value.into_owned())
    }
}

impl Take<Word> for ByteString {
    fn take(value: Cow<'_, str>) -> Self {
        Self(value.into_owned().into_bytes())
    }
}

impl Take<Whole> for i64 {
    fn take(value: i64) -> Self {
        value
    }
}

/// Fields of Kubernetes objects are no wider than the values read for them.
impl Take<Whole> for i32 {
    fn take(value: i64) -> Self {
        i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX })
    }
}

impl Take<Whole> for IntOrString {
    fn take(value: i64) -> Self {
        Self::Int(Take::<Whole>::take(value))
    }
}

impl Take<super::Truth> for bool {
    fn take(value: bool) -> Self {
        value
    }
}

impl<C: Class, T: Take<C>> Take<C> for Option<T> {
    fn take(value: C::Value<'_>) -> Self {
        Some(T::take(value))
    }
}

impl<T: Scalar, X: Take<T::Class>> To<X> for Val<T> {
    fn to(&self) -> X {
        match self {
            Self::Plain(value) => X::take(value.give()),
            Self::Traced(expr) => X::take(T::Class::mark(expr)),
        }
    }
}

impl<V: To<X>, X: Serialize + DeserializeOwned> To<Option<X>> for Opt<V> {
    fn to(&self) -> Option<X> {
        self.map(To::to)
    }
}

impl<V: To<X>, X, K: Scalar<Class = Word>> To<BTreeMap<String, X>> for Map<V, K> {
    fn to(&self) -> BTreeMap<String, X> {
        self.collect(To::to)
    }
}

impl<V: To<X>, X: Serialize + DeserializeOwned> To<Vec<X>> for List<V> {
    fn to(&self) -> Vec<X> {
        self.each(To::to)
    }
}

impl<T: Clone + Serialize + DeserializeOwned + Default> To<T> for Yaml<T> {
    fn to(&self) -> T {
        match self {
            Self::Plain(value) => (**value).clone(),
            Self::Traced(expr) => crate::trace::verbatim((**expr).clone()),
        }
    }
}

impl<T: Clone + Serialize + DeserializeOwned + Default> To<Option<T>> for Yaml<T> {
    fn to(&self) -> Option<T> {
        Some(self.to())
    }
}
