//! Runs a builder on traced values once for each combination of its decisions.
//!
//! A traced leaf cannot give a value, so it gives a *marker*: a text or number that is found again
//! in the object. Where the builder asks a question of a traced leaf, the tracer answers from a
//! script and notes question and answer; the builder is run again until every reachable
//! combination of answers was seen. [`fold`](super::fold) makes one tree of the runs.
//!
//! Loops, optional parts and the like are *scoped*: their body is explored on its own, and a hole
//! stands for it in the object around it, so that their decisions do not multiply with others.

use super::expr::{Each, Expr};
use super::facts::{Facts, known, simplify};
use super::fill::fill;
use super::fold::fold;
use super::reify::reify;
use super::tree::Tree;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Most paths through one scope of a builder: twelve independent decisions.
const PATHS: usize = 1 << 12;

/// Traced numbers stand far from the numbers builders write, and irregularly, so that a marker
/// plus one is no other marker.
const FIRST_WHOLE: i64 = -2_147_000_000;
/// Below this a number is a marker, or one that a builder has computed with.
pub(super) const LAST_WHOLE: i64 = -1_000_000_000;

/// Characters that open and close a marker in a text: private use, so no builder writes them.
pub(super) const OPEN: char = '\u{F0000}';
pub(super) const CLOSE: char = '\u{F0001}';

/// Why a builder cannot be traced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub(super) String);

/// What a marker stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Marker {
    /// A leaf.
    Leaf(Expr),
    /// A scoped part, found by the whole value it was put out as.
    Hole,
}

/// What stands in the place of a value that a hole was put out as.
#[derive(Clone, Debug)]
pub(super) enum Filling {
    /// A tree.
    Tree(Tree),
    /// An item for each entry of a collection.
    Range(Arc<Each>, Tree),
}

/// The state of the run.
#[derive(Default)]
pub(super) struct Tracer {
    script: Vec<bool>,
    taken: Facts,
    pub(super) markers: Vec<Marker>,
    pub(super) wholes: HashMap<i64, usize>,
    pub(super) holes: Vec<(Json, Filling)>,
    /// Lists and objects that are left out when empty.
    pub(super) unless_empty: Vec<Json>,
    loops: Vec<Arc<Each>>,
    refused: Option<Refusal>,
}

thread_local! {
    static TRACER: RefCell<Option<Tracer>> = const { RefCell::new(None) };
}

/// Whether a builder is being traced on this thread.
pub(crate) fn active() -> bool {
    TRACER.with_borrow(Option::is_some)
}

fn with<R>(f: impl FnOnce(&mut Tracer) -> R) -> Option<R> {
    TRACER.with_borrow_mut(|tracer| tracer.as_mut().map(f))
}

/// Notes why the builder cannot be traced; the first reason stays.
pub(crate) fn refuse(why: impl Into<String>) {
    with(|t| t.refused.get_or_insert(Refusal(why.into())).0.len());
}

fn mark(marker: Marker) -> usize {
    with(|t| {
        t.markers.push(marker);
        let id = t.markers.len() - 1;
        t.wholes.insert(whole(id), id);
        id
    })
    .unwrap_or_default()
}

fn whole(id: usize) -> i64 {
    let id = id as i64;
    FIRST_WHOLE + id * 1009 + id * 7919 % 997
}

fn text(id: usize) -> String {
    format!("{OPEN}{id}{CLOSE}")
}

/// A text that stands for the expression.
pub(crate) fn mark_text(expr: Expr) -> String {
    text(mark(Marker::Leaf(expr)))
}

/// A number that stands for the expression.
pub(crate) fn mark_whole(expr: Expr) -> i64 {
    whole(mark(Marker::Leaf(expr)))
}

/// Answers a question of the builder. Outside a traced run there is no answer but `true`.
pub(crate) fn decide(question: Expr) -> bool {
    with(|t| {
        if let Some(answer) = known(&t.taken, &question) {
            return answer;
        }
        let answer = t.script.get(t.taken.len()).copied().unwrap_or(true);
        t.taken.push((question, answer));
        answer
    })
    .unwrap_or(true)
}

/// A value of the type that stands for the filling; `None` where the type has no place for a
/// marker.
fn hole<R: Serialize + DeserializeOwned>(filling: Filling) -> Option<R> {
    let id = mark(Marker::Hole);
    let value: R = fill(&text(id), whole(id))?;
    let json = serde_json::to_value(&value).ok()?;
    with(|t| t.holes.push((json, filling)));
    Some(value)
}

/// The items that a loop puts out: one, which stands for all.
pub(crate) fn range<R: Serialize + DeserializeOwned>(
    each: &Arc<Each>,
    body: &dyn Fn() -> Option<R>,
) -> Vec<R> {
    let nested = with(|t| {
        let nested = t.loops.contains(each);
        t.loops.push(each.clone());
        nested
    });
    let tree = scope(body);
    with(|t| t.loops.pop());
    if nested == Some(true) {
        refuse(format!("loops over `{}` inside a loop over the same", each.over));
    }
    let Some(tree) = tree else { return Vec::new() };
    match hole(Filling::Range(each.clone(), tree)) {
        Some(item) => vec![item],
        None => {
            refuse(format!(
                "the items made of `{}` hold no text or number, which tracing needs; make objects \
                 of them",
                each.over
            ));
            Vec::new()
        }
    }
}

/// A subtree of the values, as the Kubernetes type it is.
pub(crate) fn verbatim<R: Serialize + DeserializeOwned + Default>(expr: Expr) -> R {
    let why = format!("`{expr}` has a type that holds no text or number, which tracing needs");
    hole(Filling::Tree(Tree::Verbatim(expr))).unwrap_or_else(|| {
        refuse(why);
        R::default()
    })
}

/// A part explored on its own, put out under a condition.
///
/// A type with no place for a marker (a boolean) is explored with the object around it instead.
pub(crate) fn part<R: Serialize + DeserializeOwned>(
    condition: Option<Expr>,
    body: &dyn Fn() -> Option<R>,
) -> Option<R> {
    if fill::<R>("", 0).is_none() {
        if let Some(condition) = condition
            && !decide(condition)
        {
            return None;
        }
        return body();
    }
    let tree = scope(body)?;
    let tree = match condition {
        Some(condition) => tree.when(condition),
        None => tree,
    };
    hole(Filling::Tree(tree))
}

/// Notes that a list or object is left out when it is empty.
pub(crate) fn unless_empty<C: Serialize>(collection: &C) {
    if let Ok(json) = serde_json::to_value(collection) {
        with(|t| t.unless_empty.push(json));
    }
}

/// Explores a body inside the run: markers are shared, decisions are its own.
fn scope<R: Serialize>(body: &dyn Fn() -> Option<R>) -> Option<Tree> {
    let outer = with(|t| (std::mem::take(&mut t.script), std::mem::take(&mut t.taken)))?;
    let tree = runs(body, |_| {});
    with(|t| (t.script, t.taken) = outer);
    tree
}

/// A checksum's subject, explored inside the run.
pub(crate) fn subtree<R: Serialize>(body: &dyn Fn() -> Option<R>) -> Tree {
    scope(body).unwrap_or(Tree::ABSENT)
}

/// The tree of a builder; `None` where it never puts anything out.
///
/// # Errors
/// Why the builder cannot be traced.
pub(crate) fn explore<R: Serialize>(body: &dyn Fn() -> Option<R>) -> Result<Option<Tree>, Refusal> {
    TRACER.set(Some(Tracer::default()));
    // Each run of the outermost scope begins with no markers, so that equal runs are equal.
    let tree = runs(body, |t| {
        t.markers.clear();
        t.wholes.clear();
        t.holes.clear();
        t.unless_empty.clear();
    });
    let refused = TRACER.take().and_then(|t| t.refused);
    match refused {
        Some(refusal) => Err(refusal),
        None => Ok(tree.map(|tree| simplify(tree, &mut Facts::new()))),
    }
}

fn runs<R: Serialize>(body: &dyn Fn() -> Option<R>, begin: impl Fn(&mut Tracer)) -> Option<Tree> {
    let mut script = Vec::new();
    let mut seen = Vec::new();
    loop {
        with(|t| {
            begin(t);
            t.script.clone_from(&script);
            t.taken.clear();
        });
        let json = body().map(|built| serde_json::to_value(&built));
        let tree = match json {
            None => None,
            Some(Ok(json)) => with(|t| reify(&json, t)).and_then(|tree| match tree {
                Ok(tree) => Some(tree),
                Err(refusal) => {
                    refuse(refusal.0);
                    None
                }
            }),
            Some(Err(error)) => {
                refuse(format!("builds an object that cannot be written: {error}"));
                None
            }
        };
        let taken = with(|t| std::mem::take(&mut t.taken)).unwrap_or_default();
        script = taken.iter().map(|(_, answer)| *answer).collect();
        seen.push((taken, tree));
        if seen.len() > PATHS {
            let asked: Vec<_> =
                seen.iter().flat_map(|(taken, _)| taken).map(|(q, _)| format!("{q}")).collect();
            refuse(format!(
                "asks more than {PATHS} combinations of questions in one piece (the last of `{}`); \
                 put optional pieces into `part`, `map`, `then` or `some`",
                asked.last().map_or("", String::as_str)
            ));
            return None;
        }
        if with(|t| t.refused.is_some()) == Some(true) {
            return None;
        }
        while script.last() == Some(&false) {
            script.pop();
        }
        match script.last_mut() {
            Some(answer) => *answer = false,
            None => break,
        }
    }
    fold(&seen, 0)
}
