//! `Map` and `List`: collections.

use super::scalar::{Scalar, Str, Val, Word, typed};
use super::schema_of;
use crate::trace::{self, Each, Expr, Type};
use crate::values::forgive;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A table whose keys the user names, in the order of the keys' bytes.
///
/// What users override one by one belongs here, not in a [`List`], which a later layer replaces
/// whole. `K` says what a key may be.
#[derive(Clone, Debug)]
pub enum Map<V, K = Str> {
    /// The entries.
    Plain(Vec<(Val<K>, V)>),
    /// In a traced run, one entry that stands for all.
    Traced(Box<Looped<V, K>>),
}

/// A list.
#[derive(Clone, Debug)]
pub enum List<V> {
    /// The items.
    Plain(Vec<V>),
    /// In a traced run, one item that stands for all.
    Traced(Box<Looped<V, Str>>),
}

/// The entry that stands for all of a collection.
#[derive(Clone, Debug)]
pub struct Looped<V, K> {
    pub(super) each: Arc<Each>,
    pub(super) key: Val<K>,
    pub(super) item: V,
}

impl<'de, V: Deserialize<'de>, K: Scalar<Class = Word>> Looped<V, K> {
    fn over<E: serde::de::Error>(over: Expr, map: bool) -> Result<Box<Self>, E> {
        let each = Arc::new(Each { depth: over.depth() + 1, over, map });
        let item = trace::at(Expr::Item(each.clone(), Vec::new(), Type::Any))?;
        let key = Val::traced(typed::<Word>(Expr::Key(each.clone())));
        Ok(Box::new(Self { each, key, item }))
    }
}

impl<V, K> Looped<V, K> {
    fn filled(&self) -> Expr {
        Expr::NotEmpty(Box::new(self.each.over.clone()))
    }
}

impl<'de, V: Deserialize<'de>, K: Scalar<Class = Word>> Deserialize<'de> for Map<V, K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V, K>(PhantomData<(V, K)>);
        impl<'de, V: Deserialize<'de>, K: Scalar<Class = Word>> Visitor<'de> for Entries<V, K> {
            type Value = Vec<(Val<K>, V)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::with_capacity(map.size_hint().unwrap_or_default());
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(entries)
            }
        }
        if let Some(expr) = trace::slot() {
            return Ok(Self::Traced(Looped::over(expr, true)?));
        }
        let mut entries = forgive(deserializer.deserialize_map(Entries(PhantomData)), Vec::new)?;
        // Values come sorted; other readers give entries as they were written.
        if !entries.is_sorted_by(|(a, _), (b, _)| a.plain_text() <= b.plain_text()) {
            entries.sort_by(|(a, _), (b, _)| a.plain_text().cmp(&b.plain_text()));
        }
        Ok(Self::Plain(entries))
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for List<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match trace::slot() {
            Some(expr) => Ok(Self::Traced(Looped::over(expr, false)?)),
            None => forgive(Vec::deserialize(deserializer).map(Self::Plain), Self::default),
        }
    }
}

impl<V, K: Scalar<Class = Word>> Map<V, K> {
    /// An item for each entry. Does not fork.
    pub fn each<R: Serialize + DeserializeOwned>(&self, item: impl Fn(&Val<K>, &V) -> R) -> Vec<R> {
        self.filter_map(|key, value| Some(item(key, value)))
    }

    /// An item for each entry for which there is one. Does not fork the builder around it.
    pub fn filter_map<R: Serialize + DeserializeOwned>(
        &self,
        item: impl Fn(&Val<K>, &V) -> Option<R>,
    ) -> Vec<R> {
        match self {
            Self::Plain(entries) => entries.iter().filter_map(|(k, v)| item(k, v)).collect(),
            Self::Traced(all) => trace::range(&all.each, &|| item(&all.key, &all.item)),
        }
    }

    /// A map with the same keys, and a value made of each value. Does not fork.
    pub fn collect<R>(&self, value: impl Fn(&V) -> R) -> BTreeMap<String, R> {
        use super::To as _;
        match self {
            Self::Plain(entries) => entries.iter().map(|(k, v)| (k.to(), value(v))).collect(),
            Self::Traced(all) => [(all.key.to(), value(&all.item))].into(),
        }
    }

    /// Whether there are no entries. Forks the builder.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Plain(entries) => entries.is_empty(),
            Self::Traced(all) => !trace::decide(all.filled()),
        }
    }

    /// A part that is there when there are entries. Does not fork.
    pub fn some<R: Serialize + DeserializeOwned>(&self, part: impl Fn() -> R) -> Option<R> {
        match self {
            Self::Plain(entries) => (!entries.is_empty()).then(part),
            Self::Traced(all) => trace::part(Some(all.filled()), &|| Some(part())),
        }
    }
}

impl<V: Clone + for<'de> Deserialize<'de>, K: Scalar<Class = Word>> Map<V, K> {
    /// The entries of both maps; where both have a key, `wins` has it.
    #[must_use]
    pub fn union(&self, wins: &Self) -> Self {
        match (self, wins) {
            (Self::Traced(a), Self::Traced(b)) => {
                let (a, b) = (a.each.over.clone(), b.each.over.clone());
                match Looped::over::<serde::de::value::Error>(
                    Expr::Union(Box::new(a), Box::new(b)),
                    true,
                ) {
                    Ok(looped) => Self::Traced(looped),
                    Err(error) => {
                        trace::refuse(error.to_string());
                        Self::default()
                    }
                }
            }
            (Self::Plain(a), Self::Plain(b)) if a.is_empty() => Self::Plain(b.clone()),
            (Self::Plain(a), Self::Plain(b)) => {
                let all: BTreeMap<_, _> =
                    a.iter().chain(b).map(|(k, v)| (k.to_string(), (k, v))).collect();
                Self::Plain(all.into_values().map(|(k, v)| (k.clone(), v.clone())).collect())
            }
            // A run is traced or it is not: a plain map beside a traced one is empty.
            (Self::Plain(_), traced) | (traced, Self::Plain(_)) => traced.clone(),
        }
    }
}

impl<V> List<V> {
    /// An item for each item. Does not fork.
    pub fn each<R: Serialize + DeserializeOwned>(&self, item: impl Fn(&V) -> R) -> Vec<R> {
        match self {
            Self::Plain(items) => items.iter().map(item).collect(),
            Self::Traced(all) => trace::range(&all.each, &|| Some(item(&all.item))),
        }
    }

    /// Whether there are no items. Forks the builder.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Plain(items) => items.is_empty(),
            Self::Traced(all) => !trace::decide(all.filled()),
        }
    }

    /// A part that is there when there are items. Does not fork.
    pub fn some<R: Serialize + DeserializeOwned>(&self, part: impl Fn() -> R) -> Option<R> {
        match self {
            Self::Plain(items) => (!items.is_empty()).then(part),
            Self::Traced(all) => trace::part(Some(all.filled()), &|| Some(part())),
        }
    }
}

impl<V, K> Default for Map<V, K> {
    fn default() -> Self {
        Self::Plain(Vec::new())
    }
}

impl<V> Default for List<V> {
    fn default() -> Self {
        Self::Plain(Vec::new())
    }
}

schema_of!(List<V> => Vec<V>);

impl<V: schemars::JsonSchema, K: schemars::JsonSchema> schemars::JsonSchema for Map<V, K> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Map_of_{}", V::schema_name()).into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let values = generator.subschema_for::<V>();
        let keys = K::json_schema(generator);
        let mut schema =
            schemars::json_schema!({ "type": "object", "additionalProperties": values });
        // Keys are always texts: a schema of other types would refuse none of them.
        if keys.get("pattern").is_some() {
            schema.insert("propertyNames".into(), keys.to_value());
        }
        schema
    }
}
