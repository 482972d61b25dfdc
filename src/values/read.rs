//! Typed values out of a tree, with all mistakes of the tree told in one pass.
//!
//! serde ends at the first error, so the leaves of values structs take part: a leaf passes its
//! result through [`forgive`], which puts a placeholder in place of an error that is noted
//! already. Reading goes on with the next field, and the result, half of it placeholders, is
//! thrown away at the end.

mod access;
mod error;
mod missing;
mod node;
#[cfg(test)]
mod tests;
mod text;

use super::{Mistake, Node, path};
use error::Fault;
use node::NodeReader;
use serde::{Deserialize, Deserializer, de::Visitor};
use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    fmt,
    marker::PhantomData,
};

/// Gives the text that stands behind a table, such as a secret's source or a reference.
pub trait Resolve {
    /// The text for a table that stands where a leaf of this kind is expected.
    ///
    /// # Errors
    /// The table is no such source, or what it names is not there.
    fn resolve(&self, kind: &str, node: &Node, path: &str) -> Result<Cow<'_, str>, Mistake>;
}

/// Resolves nothing: every table in place of a text is a mistake.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoResolve;

impl Resolve for NoResolve {
    fn resolve(&self, _: &str, node: &Node, path: &str) -> Result<Cow<'_, str>, Mistake> {
        Err(Mistake::new(path, Some(node.at), "expected a string, found a table"))
    }
}

/// What the name of a newtype begins with whose tables are given to [`Resolve`].
const RESOLVED: &str = "$kgen::";

/// Reads a typed value from a tree that stands at `path` in its document.
///
/// Every field of a struct is visited once, in the order of the struct; one that is not there
/// reads as `None`, as an empty list or map, as a struct of such fields, or is a mistake.
/// `serde(default)` has no effect. Returns a value only if no mistake was added.
pub fn read<'a, T: Deserialize<'a>>(
    node: &'a Node,
    path: &str,
    resolve: &dyn Resolve,
    mistakes: &mut Vec<Mistake>,
) -> Option<T> {
    read_beside(&[], node, path, resolve, mistakes)
}

/// Like [`read`], where keys of the tree itself may be there that the type does not have: somebody
/// else reads them.
pub(crate) fn read_beside<'a, T: Deserialize<'a>>(
    beside: &[&str],
    node: &'a Node,
    path: &str,
    resolve: &dyn Resolve,
    mistakes: &mut Vec<Mistake>,
) -> Option<T> {
    let cx = Context { resolve, beside, mistakes: RefCell::new(Vec::new()) };
    let outer = NOTED.replace(false);
    let frame = Frame { parent: None, step: FrameStep::Start(path) };
    let reader = NodeReader { node, frame: &frame, cx: &cx };
    let result = reader.settle(T::deserialize(reader));
    NOTED.set(outer);
    let found = cx.mistakes.into_inner();
    let value = result.ok().filter(|_| found.is_empty());
    mistakes.extend(found);
    value
}

thread_local! {
    /// Whether the last error in the innermost [`read`] on this thread is noted as a mistake.
    static NOTED: Cell<bool> = const { Cell::new(false) };
}

/// Lets reading go on after an error that is noted as a mistake already: the result is then the
/// placeholder. Any other result, and any outside of [`read`], is passed on.
///
/// # Errors
/// The error itself, if it is not noted.
pub(crate) fn forgive<T, E>(result: Result<T, E>, placeholder: impl FnOnce() -> T) -> Result<T, E> {
    match result {
        Err(_) if NOTED.replace(false) => Ok(placeholder()),
        other => other,
    }
}

/// Reads what a leaf holds, with an error of its type noted as well. Without it, a text that the
/// type refuses would be an error that no reader has seen, and would end the struct around the leaf.
///
/// # Errors
/// Any error; within [`read`], noted.
pub(crate) fn noted<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Content<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Content<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }
        fn visit_newtype_struct<D: Deserializer<'de>>(self, content: D) -> Result<T, D::Error> {
            T::deserialize(content)
        }
    }
    // A reader settles the result of a newtype, and so notes its error.
    deserializer.deserialize_newtype_struct("", Content(PhantomData))
}

/// What all readers of one call share.
struct Context<'c> {
    resolve: &'c dyn Resolve,
    /// Keys at the top that are no mistake.
    beside: &'c [&'c str],
    mistakes: RefCell<Vec<Mistake>>,
}

impl Context<'_> {
    /// The error of what is noted.
    fn told(&self) -> Fault {
        NOTED.set(true);
        Fault::Noted
    }

    /// Notes a mistake; the error tells callers that it is noted.
    fn note(&self, mistake: Mistake) -> Fault {
        self.mistakes.borrow_mut().push(mistake);
        self.told()
    }
}

/// Where a reader is, linked to where it came from; spelled out only for a mistake.
#[derive(Clone, Copy)]
struct Frame<'p> {
    parent: Option<&'p Frame<'p>>,
    step: FrameStep<'p>,
}

#[derive(Clone, Copy)]
enum FrameStep<'p> {
    Start(&'p str),
    Key(&'p str),
    Index(usize),
}

impl<'p> Frame<'p> {
    fn key<'q>(&'q self, key: &'q str) -> Frame<'q> {
        Frame { parent: Some(self), step: FrameStep::Key(key) }
    }

    fn index(&self, index: usize) -> Frame<'_> {
        Frame { parent: Some(self), step: FrameStep::Index(index) }
    }

    fn path(&self) -> String {
        let mut text = self.parent.map(Frame::path).unwrap_or_default();
        match self.step {
            FrameStep::Start(path) => text.push_str(path),
            FrameStep::Key(key) => path::push_key(&mut text, key),
            FrameStep::Index(index) => path::push_index(&mut text, index),
        }
        text
    }
}
