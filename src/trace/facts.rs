//! What is known on a path through a builder: a condition that is known is not asked again.

use super::expr::Expr;
use super::tree::{Content, Field, Part, Tree};

/// Conditions with the answer each has.
pub(crate) type Facts = Vec<(Expr, bool)>;

/// Adds an answer, and what it implies of its parts.
pub(crate) fn learn(facts: &mut Facts, condition: &Expr, answer: bool) {
    match condition {
        Expr::Not(inner) => learn(facts, inner, !answer),
        Expr::All(all) if answer => all.iter().for_each(|c| learn(facts, c, true)),
        Expr::Any(any) if !answer => any.iter().for_each(|c| learn(facts, c, false)),
        _ => facts.push((condition.clone(), answer)),
    }
}

/// The answer, if the facts hold one.
pub(crate) fn known(facts: &[(Expr, bool)], condition: &Expr) -> Option<bool> {
    if let Some((_, answer)) = facts.iter().find(|(fact, _)| fact == condition) {
        return Some(*answer);
    }
    match condition {
        Expr::Not(inner) => known(facts, inner).map(|answer| !answer),
        Expr::All(all) => decided(facts, all, false),
        Expr::Any(any) => decided(facts, any, true),
        // A value that equals one constant equals no other.
        Expr::Equal(value, constant) => facts
            .iter()
            .any(|(fact, answer)| {
                *answer
                    && matches!(fact, Expr::Equal(v, c)
                        if v == value && c != constant && is_const(c) && is_const(constant))
            })
            .then_some(false),
        _ => None,
    }
}

fn is_const(expr: &Expr) -> bool {
    matches!(expr, Expr::Const(_))
}

/// `early` once any part has that answer; the opposite once all have the opposite.
fn decided(facts: &[(Expr, bool)], parts: &[Expr], early: bool) -> Option<bool> {
    let mut open = false;
    for part in parts {
        match known(facts, part) {
            Some(answer) if answer == early => return Some(early),
            Some(_) => {}
            None => open = true,
        }
    }
    (!open).then_some(!early)
}

/// The tree without conditions that an outer one has decided.
pub(crate) fn simplify(tree: Tree, facts: &mut Facts) -> Tree {
    match tree {
        Tree::If(condition, then, other) => match known(facts, &condition) {
            Some(true) => simplify(*then, facts),
            Some(false) => simplify(*other, facts),
            None => {
                let then = under(facts, &condition, true, |facts| simplify(*then, facts));
                let other = under(facts, &condition, false, |facts| simplify(*other, facts));
                if then == other {
                    then
                } else {
                    Tree::If(condition, Box::new(then), Box::new(other))
                }
            }
        },
        Tree::Object(fields) => Tree::Object(simplify_parts(fields, facts)),
        Tree::List(items) => Tree::List(simplify_parts(items, facts)),
        tree => tree,
    }
}

fn under<R>(
    facts: &mut Facts,
    condition: &Expr,
    answer: bool,
    f: impl FnOnce(&mut Facts) -> R,
) -> R {
    let before = facts.len();
    learn(facts, condition, answer);
    let result = f(facts);
    facts.truncate(before);
    result
}

trait Simplify: Content {
    fn simplify(self, facts: &mut Facts) -> Self;
}

impl Simplify for Tree {
    fn simplify(self, facts: &mut Facts) -> Self {
        simplify(self, facts)
    }
}

impl Simplify for Field {
    fn simplify(self, facts: &mut Facts) -> Self {
        Self { value: simplify(self.value, facts), ..self }
    }
}

fn simplify_parts<T: Simplify + PartialEq>(parts: Vec<Part<T>>, facts: &mut Facts) -> Vec<Part<T>> {
    let mut out = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Part::One(content) => out.push(content.simplify(facts).lift()),
            Part::Range(each, body) => out.push(Part::Range(each, simplify_parts(body, facts))),
            Part::If(condition, then, other) => match known(facts, &condition) {
                Some(true) => out.extend(simplify_parts(then, facts)),
                Some(false) => out.extend(simplify_parts(other, facts)),
                None => {
                    let then = under(facts, &condition, true, |f| simplify_parts(then, f));
                    let other = under(facts, &condition, false, |f| simplify_parts(other, f));
                    if then == other {
                        out.extend(then);
                    } else {
                        out.push(Part::If(condition, then, other));
                    }
                }
            },
        }
    }
    out
}
