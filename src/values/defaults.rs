//! Typed defaults: a TOML document for each kind of table, parsed once and shared.

use super::{At, Entry, Format, Mistake, Node, Origin, Sources, Table, Value, file};
use std::{collections::BTreeMap, sync::Arc};

/// What an application's values look like: it names the tables, defaults and the schema.
pub trait Shape {
    /// The tables at the top that always exist, besides `app` and `global`.
    fn tables(&self) -> Vec<String>;

    /// The defaults of a table at the top; `app` and `global` may have some too.
    fn defaults(&self, table: &str) -> Option<Defaults>;

    /// The JSON Schema (2020-12) of a whole document. Asked only for environment variables and
    /// to mask secrets in mistakes.
    fn schema(&self) -> serde_json::Value;
}

/// The key that turns a table off. kgen reads it, as Helm does under `condition`; the types of
/// tables need not have it.
pub(crate) const ENABLED: &str = "enabled";

/// The defaults of one kind of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The name of the kind, for places: `defaults of service:3:1`. One name, one text.
    pub name: &'static str,
    /// A TOML document.
    pub text: &'static str,
    /// Whether this is a component's table: it is `enabled` unless it says otherwise, and `name`
    /// defaults to the key that it stands at.
    pub component: bool,
}

/// Makes the tables of defaults that lie under a document.
pub(super) struct Dresser<'s> {
    shape: &'s dyn super::Shape,
    /// The place of what no text holds.
    own: At,
    parsed: BTreeMap<&'static str, Node>,
    pub(super) mistakes: Vec<Mistake>,
}

impl<'s> Dresser<'s> {
    pub(super) fn new(shape: &'s dyn super::Shape, own: At) -> Self {
        Self { shape, own, parsed: BTreeMap::new(), mistakes: Vec::new() }
    }

    /// The defaults of every table that a layer holds and, if `always`, of those that always are.
    pub(super) fn defaults_of(
        &mut self,
        tables: Option<&Table>,
        always: bool,
        sources: &mut Sources,
    ) -> Node {
        let own = self.own;
        let keys = tables.into_iter().flatten().map(|e| (Arc::clone(&e.key), e.key_at));
        let mut keys: Vec<(Arc<str>, At)> = keys.collect();
        let written = keys.len();
        if always {
            let more = ["app", "global"].into_iter().map(Arc::from);
            let more = more.chain(self.shape.tables().into_iter().map(Arc::from));
            let more = more.filter(|k: &Arc<str>| tables.is_none_or(|t| t.get(k).is_none()));
            keys.extend(more.map(|key| (key, own)));
        }
        let mut entries = Vec::with_capacity(keys.len());
        for (i, (key, key_at)) in keys.into_iter().enumerate() {
            let Some(node) = self.defaults(&key, sources) else {
                if i >= written {
                    entries.push(Entry { key, key_at, node: Node::empty(own) });
                }
                continue;
            };
            entries.push(Entry { key, key_at, node });
        }
        Node::new(Value::Table(Arc::new(Table::new(entries))), own)
    }

    /// The defaults of tables that the user's layers hold and the base does not.
    pub(super) fn defaults_beside(
        &mut self,
        user: Option<&Table>,
        base: Option<&Table>,
        sources: &mut Sources,
    ) -> Vec<Entry> {
        let new = user.into_iter().flatten();
        let new = new.filter(|e| base.is_none_or(|b| b.get(&e.key).is_none()));
        let mut entries = Vec::new();
        for entry in new {
            let (key, key_at) = (Arc::clone(&entry.key), entry.key_at);
            if let Some(node) = self.defaults(&key, sources) {
                entries.push(Entry { key, key_at, node });
            }
        }
        entries
    }

    /// Names the components' tables that have no name: by the key that each stands at.
    ///
    /// Names are put into merged tables, not into the defaults below them, so that all tables of a
    /// kind share theirs.
    pub(super) fn name(&self, top: &mut Node) {
        let component = |key: &str| self.shape.defaults(key).is_some_and(|d| d.component);
        let nameless = |entry: &Entry| {
            entry.node.table().is_some_and(|t| t.get("name").is_none()) && component(&entry.key)
        };
        // Tables that have their names are shared with other layers, and stay so.
        if !top.table().into_iter().flatten().any(nameless) {
            return;
        }
        for entry in top.table_mut().into_iter().flat_map(Table::iter_mut) {
            if nameless(entry)
                && let Some(table) = entry.node.table_mut()
            {
                let name = Node::new(Value::Text(Arc::clone(&entry.key)), entry.key_at);
                table.insert(Entry { key: "name".into(), key_at: entry.key_at, node: name });
            }
        }
    }

    fn defaults(&mut self, key: &str, sources: &mut Sources) -> Option<Node> {
        let defaults = self.shape.defaults(key)?;
        if let Some(node) = self.parsed.get(defaults.name) {
            return Some(node.clone());
        }
        let mut node = self.parsed(defaults, sources);
        if defaults.component
            && let Some(table) = node.table_mut()
            && table.get(ENABLED).is_none()
        {
            let enabled = Node::new(Value::Bool(true), self.own);
            table.insert(Entry { key: ENABLED.into(), key_at: self.own, node: enabled });
        }
        self.parsed.insert(defaults.name, node.clone());
        Some(node)
    }

    fn parsed(&mut self, defaults: Defaults, sources: &mut Sources) -> Node {
        let source = sources.add(Origin::Defaults(defaults.name.to_owned()), defaults.text);
        file::parse(defaults.text, Format::Toml, source).unwrap_or_else(|mistakes| {
            self.mistakes.extend(mistakes);
            Node::empty(self.own)
        })
    }
}
