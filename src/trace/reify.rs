//! Turns an object with markers in it into a tree.

use super::expr::Expr;
use super::tracer::{CLOSE, Filling, LAST_WHOLE, Marker, OPEN, Refusal, Tracer};
use super::tree::{Content, Field, Part, Tree, filled};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

/// The tree of a value that a builder put out.
///
/// # Errors
/// A marker that the builder has cut, or changed after it was traced.
pub(super) fn reify(json: &Json, tracer: &Tracer) -> Result<Tree, Refusal> {
    if let Some((_, filling)) = tracer.holes.iter().find(|(value, _)| value == json) {
        return match filling {
            Filling::Tree(tree) => Ok(tree.clone()),
            Filling::Range(each, _) => Err(Refusal(format!(
                "takes one item out of the loop over `{}`; keep all of them in one list",
                each.over
            ))),
        };
    }
    let tree = match json {
        Json::String(text) => scalar(text, tracer)?,
        Json::Number(n) => match n.as_i64().filter(|n| *n <= LAST_WHOLE) {
            Some(n) => match tracer.wholes.get(&n).map(|id| &tracer.markers[*id]) {
                Some(Marker::Leaf(expr)) => Tree::Scalar(expr.clone()),
                _ => return Err(Refusal("computes with a traced number".into())),
            },
            None => Tree::Literal(json.clone()),
        },
        Json::Array(items) => {
            Tree::List(items.iter().map(|item| list_part(item, tracer)).collect::<Result<_, _>>()?)
        }
        Json::Object(fields) => Tree::Object(
            fields.iter().map(|(k, v)| field_part(k, v, tracer)).collect::<Result<_, _>>()?,
        ),
        other => Tree::Literal(other.clone()),
    };
    if !tracer.unless_empty.contains(json) {
        return Ok(tree);
    }
    let condition = match &tree {
        Tree::List(items) => filled(items),
        Tree::Object(fields) => filled(fields),
        _ => None,
    };
    Ok(match condition {
        Some(condition) => tree.when(condition),
        None => tree,
    })
}

fn list_part(item: &Json, tracer: &Tracer) -> Result<Part<Tree>, Refusal> {
    match tracer.holes.iter().find(|(value, _)| value == item) {
        Some((_, Filling::Range(each, tree))) => {
            Ok(Part::Range(each.clone(), vec![tree.clone().lift()]))
        }
        _ => Ok(reify(item, tracer)?.lift()),
    }
}

fn field_part(key: &str, value: &Json, tracer: &Tracer) -> Result<Part<Field>, Refusal> {
    let key = expression(key, tracer)?;
    let each = match &key {
        Expr::Key(each) => Some(each.clone()),
        Expr::Const(_) => None,
        other => return Err(Refusal(format!("computes the key of a map from `{other}`"))),
    };
    let part = Field { key, value: reify(value, tracer)? }.lift();
    Ok(match each {
        Some(each) => Part::Range(each, vec![part]),
        None => part,
    })
}

fn scalar(text: &str, tracer: &Tracer) -> Result<Tree, Refusal> {
    let expr = match hidden(text) {
        Some(inside) => Expr::Base64(Box::new(expression(&inside, tracer)?)),
        None => expression(text, tracer)?,
    };
    Ok(match expr {
        Expr::Const(json) => Tree::Literal(json),
        expr => Tree::Scalar(expr),
    })
}

/// The text behind base64, where it holds a marker: bytes are written so.
fn hidden(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text).ok()?;
    String::from_utf8(bytes).ok().filter(|inside| inside.contains(OPEN))
}

/// A text with its markers as an expression.
fn expression(text: &str, tracer: &Tracer) -> Result<Expr, Refusal> {
    let cut = || Refusal("cuts or changes a traced text".into());
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (id, after) = after.split_once(CLOSE).ok_or_else(cut)?;
        let id: usize = id.parse().map_err(|_| cut())?;
        if !before.is_empty() {
            pieces.push(Expr::Const(before.into()));
        }
        match tracer.markers.get(id) {
            Some(Marker::Leaf(expr)) => pieces.push(expr.clone()),
            _ => {
                return Err(Refusal(
                    "changes a part after it was traced; make the change inside it".into(),
                ));
            }
        }
        rest = after;
    }
    if rest.contains(CLOSE) {
        return Err(cut());
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Expr::Const(rest.into()));
    }
    Ok(if pieces.len() == 1 { pieces.remove(0) } else { Expr::Concat(pieces) })
}
