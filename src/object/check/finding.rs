//! What a check finds.

use crate::object::{Identity, Object};
use crate::values::nearest::nearest;
use std::fmt;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The API server refuses it, or the application cannot work.
    Error,
    /// Legal, but most likely not meant.
    Warning,
}

/// One thing that is wrong with an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// The object.
    pub object: Identity,
    /// The field: `spec.template.spec.containers[0].ports[1].name`.
    pub field: String,
    /// What is wrong: a lowercase fragment, offending values in backticks.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// The other object that takes part.
    pub related: Option<Identity>,
}

impl Finding {
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn related(&mut self, object: &Object) -> &mut Self {
        self.related = Some(object.identity().clone());
        self
    }
}

/// `Deployment/web: spec.replicas: ..`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.object, self.field, self.message)?;
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

/// Findings as they are gathered, each with the rank of its object.
#[derive(Default)]
pub(super) struct Findings(Vec<(u8, Finding)>);

impl Findings {
    pub(super) fn error(
        &mut self,
        object: &Object,
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.add(Severity::Error, object, field.into(), message.into())
    }

    pub(super) fn warning(
        &mut self,
        object: &Object,
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.add(Severity::Warning, object, field.into(), message.into())
    }

    fn add(
        &mut self,
        severity: Severity,
        object: &Object,
        field: String,
        message: String,
    ) -> &mut Finding {
        let object_identity = object.identity().clone();
        let finding = Finding {
            severity,
            object: object_identity,
            field,
            message,
            help: None,
            related: None,
        };
        let at = self.0.len();
        self.0.push((object.rank(), finding));
        &mut self.0[at].1
    }

    /// The findings in the order of their objects, errors of an object first.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by(|(rank_a, a), (rank_b, b)| {
            (rank_a, &a.object, a.severity).cmp(&(rank_b, &b.object, b.severity))
        });
        self.0.into_iter().map(|(_, finding)| finding).collect()
    }
}

/// A value of the user's in backticks: control characters escaped, long ones cut.
pub(super) fn quoted(value: &str) -> String {
    const LONGEST: usize = 80;
    let mut text = String::from("`");
    for c in value.chars().take(LONGEST) {
        match c {
            c if c.is_control() => text.extend(c.escape_default()),
            c => text.push(c),
        }
    }
    text.push_str(if value.chars().nth(LONGEST).is_some() { "..`" } else { "`" });
    text
}

/// What there is instead of `name`, for a help text: the nearest name, or a short list.
pub(super) fn instead<'a>(
    what: &str,
    name: &str,
    there: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    const MOST: usize = 8;
    // Beyond this, comparing with all names of a large render for each of many findings takes long.
    const MOST_COMPARED: usize = 500;
    let there: Vec<&str> = there.into_iter().take(MOST_COMPARED + 1).collect();
    if there.len() > MOST_COMPARED {
        return None;
    }
    if let Some(near) = nearest(name, there.iter().copied()) {
        return Some(format!("did you mean {}?", quoted(near)));
    }
    if there.is_empty() || there.len() > MOST {
        return None;
    }
    let list: Vec<_> = there.iter().map(|name| quoted(name)).collect();
    Some(format!("{what}: {}", list.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_safely() {
        assert_eq!(quoted("a\u{1b}[31mb\n"), "`a\\u{1b}[31mb\\n`");
        assert_eq!(quoted(&"x".repeat(100)), format!("`{}..`", "x".repeat(80)));
    }

    #[test]
    fn what_there_is_instead() {
        assert_eq!(instead("ports", "htpp", ["http"]), Some("did you mean `http`?".into()));
        assert_eq!(instead("ports", "x", ["http", "dns"]), Some("ports: `http`, `dns`".into()));
        assert_eq!(instead("ports", "x", []), None);
    }
}
