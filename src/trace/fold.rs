//! Folds the runs of a builder into one tree with few conditions.

use super::expr::Expr;
use super::facts::Facts;
use super::tree::{Field, Part, Tree};
use serde_json::Value as Json;

/// One tree of all runs. `depth` is how many decisions the runs share.
///
/// The runs stand in the order of their scripts: `true` before `false` at each decision.
pub(super) fn fold(runs: &[(Facts, Option<Tree>)], depth: usize) -> Option<Tree> {
    let (first, tree) = runs.first()?;
    let Some((condition, _)) = first.get(depth) else { return tree.clone() };
    let split = runs.iter().position(|(taken, _)| !taken[depth].1).unwrap_or(runs.len());
    let (yes, no) = (fold(&runs[..split], depth + 1), fold(&runs[split..], depth + 1));
    match (yes, no) {
        (Some(yes), Some(no)) => Some(merge(condition, yes, no)),
        (Some(yes), None) => Some(yes.when(condition.clone())),
        (None, Some(no)) => Some(no.when(condition.clone().negated())),
        (None, None) => None,
    }
}

/// The tree that is `yes` where the condition holds and `no` elsewhere, the condition as far
/// inside as it goes.
fn merge(condition: &Expr, yes: Tree, no: Tree) -> Tree {
    match (yes, no) {
        (yes, no) if yes == no => yes,
        (Tree::Object(yes), Tree::Object(no)) => Tree::Object(align(condition, yes, no)),
        (Tree::List(yes), Tree::List(no)) => Tree::List(align(condition, yes, no)),
        (Tree::Literal(Json::Bool(true)), Tree::Literal(Json::Bool(false))) => {
            Tree::Scalar(condition.clone())
        }
        (Tree::Literal(Json::Bool(false)), Tree::Literal(Json::Bool(true))) => {
            Tree::Scalar(condition.clone().negated())
        }
        (yes, no) => Tree::If(condition.clone(), Box::new(yes), Box::new(no)),
    }
}

/// What makes two parts of two runs the same part, and how they merge.
trait Align: Clone + PartialEq + Sized {
    fn same(&self, other: &Self) -> bool;
    fn merged(condition: &Expr, yes: Self, no: Self) -> Self;
}

impl Align for Field {
    fn same(&self, other: &Self) -> bool {
        self.key == other.key
    }
    fn merged(condition: &Expr, yes: Self, no: Self) -> Self {
        Self { key: yes.key, value: merge(condition, yes.value, no.value) }
    }
}

/// Items are the same when they are equal or have the same `name`, as containers and ports do.
impl Align for Tree {
    fn same(&self, other: &Self) -> bool {
        self == other || matches!((name(self), name(other)), (Some(a), Some(b)) if a == b)
    }
    fn merged(condition: &Expr, yes: Self, no: Self) -> Self {
        merge(condition, yes, no)
    }
}

fn name(tree: &Tree) -> Option<&Tree> {
    let Tree::Object(fields) = tree else { return None };
    fields.iter().find_map(|part| match part {
        Part::One(Field { key: Expr::Const(Json::String(key)), value }) if key == "name" => {
            Some(value)
        }
        _ => None,
    })
}

fn same<T: Align>(a: &Part<T>, b: &Part<T>) -> bool {
    match (a, b) {
        (Part::One(a), Part::One(b)) => a.same(b),
        (Part::If(a, ..), Part::If(b, ..)) => a == b,
        (Part::Range(a, _), Part::Range(b, _)) => a == b,
        _ => false,
    }
}

fn merged<T: Align>(condition: &Expr, yes: Part<T>, no: Part<T>) -> Part<T> {
    match (yes, no) {
        (yes, no) if yes == no => yes,
        (Part::One(yes), Part::One(no)) => Part::One(T::merged(condition, yes, no)),
        (Part::Range(each, yes), Part::Range(_, no)) => {
            Part::Range(each, align(condition, yes, no))
        }
        (yes, no) => Part::If(condition.clone(), vec![yes], vec![no]),
    }
}

/// Aligns the parts of two runs on a longest common subsequence: the same ones merge, the rest
/// becomes conditional.
fn align<T: Align>(condition: &Expr, yes: Vec<Part<T>>, no: Vec<Part<T>>) -> Vec<Part<T>> {
    let common = common(&yes, &no);
    let (mut only_yes, mut only_no, mut out) = (Vec::new(), Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while i < yes.len() || j < no.len() {
        if i < yes.len() && j < no.len() && same(&yes[i], &no[j]) {
            either(condition, &mut only_yes, &mut only_no, &mut out);
            out.push(merged(condition, yes[i].clone(), no[j].clone()));
            (i, j) = (i + 1, j + 1);
        } else if j >= no.len() || (i < yes.len() && common[i + 1][j] >= common[i][j + 1]) {
            only_yes.push(yes[i].clone());
            i += 1;
        } else {
            only_no.push(no[j].clone());
            j += 1;
        }
    }
    either(condition, &mut only_yes, &mut only_no, &mut out);
    out
}

/// Puts out what only one run or the other had up to here.
fn either<T>(
    condition: &Expr,
    yes: &mut Vec<Part<T>>,
    no: &mut Vec<Part<T>>,
    out: &mut Vec<Part<T>>,
) {
    let (yes, no) = (std::mem::take(yes), std::mem::take(no));
    if !yes.is_empty() {
        out.push(Part::If(condition.clone(), yes, no));
    } else if !no.is_empty() {
        out.push(Part::If(condition.clone().negated(), no, Vec::new()));
    }
}

/// Lengths of the longest common subsequences of all tails.
fn common<T: Align>(yes: &[Part<T>], no: &[Part<T>]) -> Vec<Vec<usize>> {
    let mut lengths = vec![vec![0; no.len() + 1]; yes.len() + 1];
    for i in (0..yes.len()).rev() {
        for j in (0..no.len()).rev() {
            lengths[i][j] = if same(&yes[i], &no[j]) {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    lengths
}
