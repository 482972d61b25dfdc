//! Helm's merge rule, in its two phases.
//!
//! First the user's layers are laid over each other ([`overlay`]): tables merge, all else is
//! replaced, and null stays. Then the result is laid over the defaults ([`coalesce`]): null
//! deletes. So a null deletes a default only if it is still there after the first phase: with
//! `env: null` in one file and `env: {FOO: x}` in a later one, the defaults of `env` come back
//! beside `FOO`, as they do in Helm.
//!
//! One rule is ours: a table that stands for a text, such as `{ env = "NAME" }`, is one value.

use super::{Entry, Node, Table, Value};
use std::{cmp::Ordering, sync::Arc};

/// Lays a newer layer of the user over an older one.
pub fn overlay(older: Node, newer: Node) -> Node {
    match (older.value, newer.value) {
        (Value::Table(old), Value::Table(new)) if !is_reference(&new) => {
            let table = overlay_tables(old, new);
            Node::new(Value::Table(table), newer.at)
        }
        (_, value) => Node::new(value, newer.at),
    }
}

/// What tables that stand for one text are made of: the key that makes them one, and the others.
const REFERENCES: [(&str, &[&str]); 4] = [
    ("service", &["port", "path", "scheme"]),
    ("env", &["default"]),
    ("file", &[]),
    ("generate", &[]),
];

/// Most of what users set has a default: so many keys more than the larger table are expected.
const SPARE: usize = 2;

/// Whether a table stands for one text: a reference to a service, or the source of a secret. It is
/// one value, so a later layer replaces it whole: a production file that says `{ env = ".." }`
/// must not inherit the default of a development file.
fn is_reference(table: &Table) -> bool {
    // Looked at for every table: most are too large.
    let most = REFERENCES.iter().map(|(_, others)| others.len() + 1).max().unwrap_or_default();
    table.len() <= most
        && REFERENCES.iter().any(|(key, others)| {
            table.get(key).is_some_and(|node| !matches!(node.value, Value::Table(_) | Value::Null))
                && table.iter().all(|entry| &*entry.key == *key || others.contains(&&*entry.key))
        })
}

fn overlay_tables(old: Arc<Table>, new: Arc<Table>) -> Arc<Table> {
    if new.is_empty() {
        return old;
    }
    if old.is_empty() {
        return new;
    }
    let mut merged = Vec::with_capacity(old.len().max(new.len()));
    let mut old = Arc::unwrap_or_clone(old).into_entries().into_iter().peekable();
    for entry in Arc::unwrap_or_clone(new).into_entries() {
        merged.extend(std::iter::from_fn(|| old.next_if(|o| o.key < entry.key)));
        match old.next_if(|o| o.key == entry.key) {
            Some(under) => merged.push(Entry { node: overlay(under.node, entry.node), ..entry }),
            None => merged.push(entry),
        }
    }
    merged.extend(old);
    Arc::new(Table::sorted(merged))
}

/// Lays the user's values over the defaults.
///
/// A null deletes the default below it and is itself left out, also where there is no default;
/// nulls inside lists stay. What only one of both sets is shared with it, not copied.
pub fn coalesce(user: &Node, defaults: &Node) -> Node {
    match (&user.value, &defaults.value) {
        (Value::Table(table), Value::Table(under)) if !is_reference(table) => {
            Node::new(Value::Table(coalesce_tables(table, under)), user.at)
        }
        _ => without_nulls(user),
    }
}

fn coalesce_tables(user: &Arc<Table>, defaults: &Arc<Table>) -> Arc<Table> {
    if user.is_empty() {
        return Arc::clone(defaults);
    }
    let mut merged = Vec::with_capacity(user.len().max(defaults.len()) + SPARE);
    let mut defaults = defaults.iter().peekable();
    for entry in user.iter() {
        let under = loop {
            match defaults.peek().map(|d| (d.key.cmp(&entry.key), *d)) {
                Some((Ordering::Less, default)) => merged.push(default.clone()),
                Some((Ordering::Equal, default)) => {
                    defaults.next();
                    break Some(default);
                }
                _ => break None,
            }
            defaults.next();
        };
        if !entry.node.is_null() {
            let node = match under {
                Some(default) => coalesce(&entry.node, &default.node),
                None => without_nulls(&entry.node),
            };
            merged.push(Entry { key: Arc::clone(&entry.key), key_at: entry.key_at, node });
        }
    }
    merged.extend(defaults.cloned());
    Arc::new(Table::sorted(merged))
}

/// The node with the entries of its tables that are null left out.
fn without_nulls(node: &Node) -> Node {
    let Some(table) = node.table().filter(|_| holds_null(node)) else { return node.clone() };
    let entries = table.iter().filter(|e| !e.node.is_null()).map(|e| Entry {
        key: Arc::clone(&e.key),
        key_at: e.key_at,
        node: without_nulls(&e.node),
    });
    Node::new(Value::Table(Arc::new(Table::new(entries.collect()))), node.at)
}

fn holds_null(node: &Node) -> bool {
    node.table().is_some_and(|t| t.iter().any(|e| e.node.is_null() || holds_null(&e.node)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::node;
    use proptest::prelude::*;
    use serde_json::{Map, Value as Json, json};

    /// The model: Helm's `MergeMaps`, on maps that need not be fast.
    fn model_overlay(older: &Json, newer: &Json) -> Json {
        let (Json::Object(old), Json::Object(new)) = (older, newer) else { return newer.clone() };
        let mut merged = old.clone();
        for (key, value) in new {
            let value = old.get(key).map_or_else(|| value.clone(), |o| model_overlay(o, value));
            merged.insert(key.clone(), value);
        }
        Json::Object(merged)
    }

    /// The model: Helm's `CoalesceTables`, then all nulls in tables left out.
    fn model_coalesce(user: &Json, defaults: &Json) -> Json {
        let Json::Object(user) = user else { return user.clone() };
        let empty = Map::new();
        let defaults = defaults.as_object().unwrap_or(&empty);
        let mut merged = defaults.clone();
        for (key, value) in user {
            if value.is_null() {
                merged.remove(key);
            } else {
                let under = defaults.get(key).unwrap_or(&Json::Null);
                merged.insert(key.clone(), model_coalesce(value, under));
            }
        }
        Json::Object(merged)
    }

    fn any_json(nulls: bool) -> impl Strategy<Value = Json> {
        let null = if nulls { Json::Null } else { json!(0) };
        let leaf = prop_oneof![
            Just(null),
            any::<bool>().prop_map(Json::from),
            (0..3i64).prop_map(Json::from),
            "[ab]{0,2}".prop_map(Json::from),
        ];
        let leaf = leaf.boxed();
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
                prop::collection::btree_map("[a-d]", inner, 0..4)
                    .prop_map(|m| Json::Object(m.into_iter().collect())),
            ]
        })
    }

    fn document(nulls: bool) -> impl Strategy<Value = Json> {
        prop::collection::btree_map("[a-d]", any_json(nulls), 0..4)
            .prop_map(|m| Json::Object(m.into_iter().collect()))
    }

    proptest! {
        #[test]
        fn overlays_as_the_model(a in document(true), b in document(true)) {
            prop_assert_eq!(overlay(node(&a), node(&b)), node(&model_overlay(&a, &b)));
        }

        #[test]
        fn coalesces_as_the_model(user in document(true), defaults in document(false)) {
            let merged = coalesce(&node(&user), &node(&defaults));
            prop_assert_eq!(merged, node(&model_coalesce(&user, &defaults)));
        }
    }

    #[test]
    fn a_null_that_a_later_layer_covers_deletes_nothing() {
        let defaults = node(&json!({"env": {"BAR": 1}, "image": {"tag": "1"}}));
        let first = node(&json!({"env": null, "image": null}));
        let second = node(&json!({"env": {"FOO": 2}}));
        assert_eq!(
            coalesce(&overlay(first, second), &defaults),
            node(&json!({"env": {"BAR": 1, "FOO": 2}}))
        );
    }
}
