//! Mistakes in values: found together, told together, each with its place.

use super::{At, Sources};
use std::fmt;

/// One mistake in the values of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// The path in the user's spelling: `backend.ports.http.port`; empty where there is none.
    pub path: String,
    /// What is wrong and what was expected: a lowercase fragment, offending words in backticks.
    pub message: String,
    /// Where it was written; `None` for what no source holds (a file that is missing).
    pub at: Option<At>,
    /// Other places that take part, each with a label (the first of two equal keys).
    pub related: Vec<(At, String)>,
    /// What to do next.
    pub help: Option<String>,
}

impl Mistake {
    /// A mistake at a place.
    pub fn new(path: impl Into<String>, at: Option<At>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), at, related: Vec::new(), help: None }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that takes part.
    #[must_use]
    pub fn related(mut self, at: At, label: impl Into<String>) -> Self {
        self.related.push((at, label.into()));
        self
    }
}

/// All mistakes of one run, in the order of their places, with the sources they point into.
#[derive(Clone, Debug)]
pub struct Mistakes {
    /// The mistakes; at least one.
    pub list: Vec<Mistake>,
    /// The texts that their places point into.
    pub sources: Sources,
}

impl Mistakes {
    /// The mistakes, sorted by place, each told once.
    pub fn new(mut list: Vec<Mistake>, sources: Sources) -> Self {
        list.sort_by(|a, b| (a.at, &a.path).cmp(&(b.at, &b.path)));
        list.dedup();
        Self { list, sources }
    }

    /// Ends in an error when there is any mistake.
    ///
    /// # Errors
    /// The mistakes, if there are any.
    pub fn none_or(list: Vec<Mistake>, sources: &Sources) -> Result<(), Self> {
        if list.is_empty() { Ok(()) } else { Err(Self::new(list, sources.clone())) }
    }
}

/// One line a mistake: `values/base.toml:3:5: backend.replicas: expected ..`.
impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, mistake) in self.list.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            if let Some(at) = mistake.at {
                write!(f, "{}: ", self.sources.place(at))?;
            }
            if !mistake.path.is_empty() {
                write!(f, "{}: ", mistake.path)?;
            }
            write!(f, "{}", mistake.message)?;
            for (at, label) in &mistake.related {
                write!(f, "; {label} at {}", self.sources.place(*at))?;
            }
            if let Some(help) = &mistake.help {
                write!(f, "; {help}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
