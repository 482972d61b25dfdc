//! Leaves: the types that values structs are made of.
//!
//! A values struct derives serde's `Deserialize` and schemars' `JsonSchema`, and its fields are
//! these types or other such structs. Read plain, a leaf holds its value. Read for tracing, it
//! holds the path it stands at, and the builder that uses it yields a template tree instead of an
//! object (see [`crate::trace`]).
//!
//! | leaf | holds |
//! |---|---|
//! | [`Val<T>`] | one whole number, boolean or parsed text |
//! | [`Text`] | any text |
//! | [`Opt<V>`] | a leaf or struct that may be unset |
//! | [`Map<V>`] | leaves or structs by name |
//! | [`List<V>`] | leaves or structs in order |
//! | [`One<E>`] | a name out of an enum |
//! | [`Yaml<T>`] | a Kubernetes type, whole |
//!
//! `get`, `is_set`, `is_empty`, `is` and `greater` answer a question, and a traced builder is run
//! for each answer. `map`, `then`, `some`, `each`, [`part`] and [`nonempty`] do not multiply the
//! runs: prefer them.

mod map;
mod one;
mod opt;
mod scalar;
mod to;
mod yaml;

pub use map::{List, Looped, Map};
pub use one::One;
pub use opt::Opt;
pub(crate) use scalar::text_of;
pub use scalar::{Class, Scalar, Str, Text, Truth, Val, Whole, Word};
pub use to::{Take, To};
pub use yaml::Yaml;

use crate::trace;
use serde::{Serialize, de::DeserializeOwned};

/// A sub-object with decisions of its own: traced by itself, so that they do not multiply with
/// those of the object around it.
pub fn part<R: Serialize + DeserializeOwned>(build: impl Fn() -> R) -> R {
    if !trace::active() {
        return build();
    }
    trace::part(None, &|| Some(build())).unwrap_or_else(build)
}

/// Like [`part`], for a sub-object that may be left out.
pub fn maybe<R: Serialize + DeserializeOwned>(build: impl Fn() -> Option<R>) -> Option<R> {
    if trace::active() { trace::part(None, &build) } else { build() }
}

/// A list or map that is left out when it is empty.
pub fn nonempty<C>(collection: C) -> Option<C>
where
    C: Serialize,
    for<'a> &'a C: IntoIterator,
{
    if trace::active() {
        trace::unless_empty(&collection);
        return Some(collection);
    }
    let empty = (&collection).into_iter().next().is_none();
    (!empty).then_some(collection)
}

/// A wrapper's schema is that of its content.
macro_rules! schema_of {
    ($wrapper:ident<$v:ident> => $content:ty) => {
        impl<$v: schemars::JsonSchema> schemars::JsonSchema for $wrapper<$v> {
            fn inline_schema() -> bool {
                <$content as schemars::JsonSchema>::inline_schema()
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                <$content as schemars::JsonSchema>::schema_name()
            }
            fn schema_id() -> std::borrow::Cow<'static, str> {
                <$content as schemars::JsonSchema>::schema_id()
            }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <$content as schemars::JsonSchema>::json_schema(generator)
            }
            // Without these schemars would call every `Opt` required.
            fn _schemars_private_is_option() -> bool {
                <$content as schemars::JsonSchema>::_schemars_private_is_option()
            }
            fn _schemars_private_non_optional_json_schema(
                generator: &mut schemars::SchemaGenerator,
            ) -> schemars::Schema {
                <$content as schemars::JsonSchema>::_schemars_private_non_optional_json_schema(
                    generator,
                )
            }
        }
    };
}
pub(crate) use schema_of;

schema_of!(Val<T> => T);
