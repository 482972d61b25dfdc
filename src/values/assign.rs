//! One value at one path, as flags and variables set it, put into a tree.

use super::{At, Entry, Mistake, Node, Path, Step, Value, merge};
use std::sync::Arc;

/// How many values one flag may pad lists with, all together.
const PADDING_LIMIT: usize = 1_000_000;

/// A value and the path it is set at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assignment {
    pub(super) path: Path,
    pub(super) node: Node,
    /// Whether a table merges into the one that is there instead of replacing it.
    pub(super) merge: bool,
}

impl Assignment {
    /// Puts the value into a tree of the user's layers.
    ///
    /// As in Helm, a list grows to the index with nulls, and a path through something that is
    /// neither absent nor of the right kind is refused.
    ///
    /// # Errors
    /// The path leads through a value of another kind.
    pub(super) fn apply(&self, tree: &mut Node) -> Result<(), Mistake> {
        let mut padding = PADDING_LIMIT;
        if self.merge && self.path.steps().is_empty() {
            let under = std::mem::replace(tree, Node::empty(self.node.at));
            *tree = merge::overlay(under, self.node.clone());
            return Ok(());
        }
        put(tree, self.path.steps(), &self.node, &mut padding).map_err(|message| {
            let mistake = Mistake::new(self.path.to_string(), Some(self.node.at), message);
            mistake.help("set the whole value instead")
        })
    }

    /// The tree of this value alone.
    pub(super) fn tree(&self) -> Node {
        let mut tree = Node::empty(self.node.at);
        // Nothing is in the way in an empty tree.
        let _ = self.apply(&mut tree);
        tree
    }
}

fn put(node: &mut Node, steps: &[Step], value: &Node, padding: &mut usize) -> Result<(), String> {
    let Some((step, below)) = steps.split_first() else {
        *node = value.clone();
        return Ok(());
    };
    let at = value.at;
    match (&mut node.value, step) {
        (Value::Table(table), Step::Key(key)) => {
            let table = Arc::make_mut(table);
            if table.get(key).is_none() {
                let entry = Entry { key: Arc::clone(key), key_at: at, node: vessel(below, at) };
                table.insert(entry);
            }
            let Some(child) = table.get_mut(key) else { return Ok(()) };
            check(child, below, key)?;
            put(child, below, value, padding)
        }
        (Value::List(list), Step::Index(index)) => {
            let list = Arc::make_mut(list);
            if list.len() <= *index {
                let more = index + 1 - list.len();
                *padding = padding.checked_sub(more).ok_or_else(|| {
                    format!("the lists would grow by more than {PADDING_LIMIT} values")
                })?;
                list.resize(index + 1, Node::new(Value::Null, at));
            }
            let Some(child) = list.get_mut(*index) else { return Ok(()) };
            // Helm puts a table in place of whatever an item was, but a list only in place of
            // nothing.
            match below.first() {
                Some(Step::Key(_)) if child.table().is_none() => *child = vessel(below, at),
                Some(Step::Index(_)) if child.is_null() => *child = vessel(below, at),
                _ => check(child, below, &format!("[{index}]"))?,
            }
            put(child, below, value, padding)
        }
        (other, Step::Key(_)) => Err(format!("expected a table, found {}", other.kind())),
        (other, Step::Index(_)) => Err(format!("expected a list, found {}", other.kind())),
    }
}

/// Refuses to go on into a value of another kind than the path needs.
fn check(node: &Node, below: &[Step], name: &str) -> Result<(), String> {
    let expected = match (below.first(), &node.value) {
        (Some(Step::Key(_)), value) if !matches!(value, Value::Table(_)) => "a table",
        (Some(Step::Index(_)), value) if !matches!(value, Value::List(_)) => "a list",
        _ => return Ok(()),
    };
    Err(format!("`{name}` was set to {} before, expected {expected}", node.value.kind()))
}

/// What the next step needs to stand in.
fn vessel(below: &[Step], at: At) -> Node {
    match below.first() {
        Some(Step::Index(_)) => Node::new(Value::List(Arc::default()), at),
        Some(Step::Key(_)) => Node::empty(at),
        None => Node::new(Value::Null, at),
    }
}
