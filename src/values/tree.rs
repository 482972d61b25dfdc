//! What the readers of all formats share when they put a tree together.

use super::{At, Entry, Mistake, Node, Table, Value, file::DEPTH_LIMIT};
use std::{collections::HashSet, sync::Arc};

/// The tree, unless there was a mistake; mistakes get the paths of their places.
///
/// # Errors
/// The mistakes, if there are any.
pub(super) fn finish(tree: Node, mut mistakes: Vec<Mistake>) -> Result<Node, Vec<Mistake>> {
    if !matches!(tree.value, Value::Table(_)) && mistakes.is_empty() {
        let message = format!("expected a table at the top, found {}", tree.value.kind());
        let mistake = Mistake::new("", Some(tree.at), message);
        mistakes.push(mistake.help("start with keys, such as `app` and the names of services"));
    }
    if mistakes.is_empty() {
        return Ok(tree);
    }
    for mistake in mistakes.iter_mut().filter(|m| m.path.is_empty()) {
        // Of a doubled key only the first one is in the tree.
        let mut places = mistake.at.into_iter().chain(mistake.related.iter().map(|(at, _)| *at));
        let path = places.find_map(|at| tree.path_of(at));
        mistake.path = path.map(|path| path.to_string()).unwrap_or_default();
    }
    Err(mistakes)
}

/// A table of the entries in the order they were written; a doubled key is a mistake.
pub(super) fn table(mut entries: Vec<Entry>, mistakes: &mut Vec<Mistake>) -> Table {
    if !entries.is_sorted_by(|a, b| a.key < b.key) {
        // A stable sort: of two equal keys the one written first stays first.
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        entries.dedup_by(|second, first| {
            let same = second.key == first.key;
            if same {
                mistakes.push(doubled(&second.key, second.key_at, Some(first.key_at)));
            }
            same
        });
    }
    Table::new(entries)
}

/// The keys of one document, each held once: services repeat the same few.
#[derive(Default)]
pub(super) struct Keys(HashSet<Arc<str>>);

impl Keys {
    /// The key, shared with all that are equal.
    pub(super) fn share(&mut self, key: &str) -> Arc<str> {
        if let Some(key) = self.0.get(key) {
            return Arc::clone(key);
        }
        let key: Arc<str> = key.into();
        self.0.insert(Arc::clone(&key));
        key
    }
}

/// The mistake of a key that stands twice in a table.
pub(super) fn doubled(key: &str, second: At, first: Option<At>) -> Mistake {
    let mistake = Mistake::new("", Some(second), format!("key `{key}` stands twice in a table"));
    let mistake = mistake.help("remove one of the two");
    match first {
        Some(first) => mistake.related(first, "first set here"),
        None => mistake,
    }
}

/// The mistake of too many tables and lists within each other.
pub(super) fn too_deep(at: At) -> Mistake {
    let message = format!("nested too deep; the limit is {DEPTH_LIMIT} tables and lists");
    Mistake::new("", Some(at), message).help("flatten the values")
}
