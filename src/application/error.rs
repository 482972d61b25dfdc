//! Why an application cannot be rendered.

use crate::object::ObjectError;
use crate::object::check::Finding;
use crate::output::OutputError;
use crate::values::Mistakes;
use std::fmt;

/// Why an application cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// Mistakes in the values.
    #[error(transparent)]
    Values(#[from] Mistakes),
    /// Objects that cannot stand side by side.
    #[error(transparent)]
    Objects(#[from] ObjectError),
    /// Objects that do not fit each other, or that Kubernetes refuses.
    #[error("{}", Lines(.0))]
    Check(Vec<Finding>),
    /// A service that is named, but not there.
    #[error("there is no service `{name}`")]
    Service {
        /// The name.
        name: String,
        /// The nearest, or all.
        help: Option<String>,
    },
    /// Generated secrets that cannot be kept.
    #[error("cannot keep generated secrets: {0}")]
    Generated(String),
    /// A file that cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

struct Lines<'a>(&'a [Finding]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, finding) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            finding.fmt(f)?;
        }
        Ok(())
    }
}
