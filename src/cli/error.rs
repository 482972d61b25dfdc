//! Why a verb failed.

use crate::application::ApplicationError;
use crate::object::{ObjectError, check::Finding};
use crate::output::OutputError;
use crate::values::Mistakes;
use std::io;
use std::path::PathBuf;

/// Why a verb failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// The application cannot be rendered.
    #[error(transparent)]
    Application(#[from] ApplicationError),
    /// A render cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The directory is no project.
    #[error("`{}` is no kgen project: it has no `values/base.toml`", .0.display())]
    NoProject(PathBuf),
    /// Stdout failed.
    #[error("cannot write to stdout")]
    Stdout(#[source] io::Error),
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// There is a project already.
    #[error("`{}` exists already; nothing was written", .0.display())]
    Exists(PathBuf),
    /// Nothing in the values is at a path.
    #[error("there is no value at `{path}`")]
    NoValue {
        /// The path.
        path: String,
        /// What to do next.
        help: Option<String>,
    },
    /// A kind that nothing is of.
    #[error("no object is of the kind `{kind}`")]
    NoKind {
        /// The kind.
        kind: String,
        /// The kinds there are.
        help: String,
    },
    /// An argument that has no meaning.
    #[error("{0}")]
    Argument(String),
    /// What `kgen check` found: all environments together.
    #[error("{}", checked(.errors.len()))]
    Checked {
        /// What is wrong, environment by environment.
        errors: Vec<(String, ApplicationError)>,
    },
}

fn checked(environments: usize) -> String {
    format!("{environments} of the environments cannot be rendered")
}

impl From<Mistakes> for CliError {
    fn from(mistakes: Mistakes) -> Self {
        Self::Application(mistakes.into())
    }
}

impl From<ObjectError> for CliError {
    fn from(error: ObjectError) -> Self {
        Self::Application(error.into())
    }
}

impl From<Vec<Finding>> for CliError {
    fn from(findings: Vec<Finding>) -> Self {
        Self::Application(ApplicationError::Check(findings))
    }
}

impl CliError {
    /// Whether the reader of stdout went away, which is no failure.
    pub(super) fn is_closed_pipe(&self) -> bool {
        match self {
            Self::Stdout(error) => error.kind() == io::ErrorKind::BrokenPipe,
            Self::Output(error) => error.is_closed_pipe(),
            _ => false,
        }
    }

    /// What to do next, where the message does not say it.
    pub(super) fn help(&self) -> Option<String> {
        match self {
            Self::NoProject(_) => {
                Some("run `kgen init` to make one, or name its directory with `-C DIR`".to_owned())
            }
            Self::NoValue { help, .. } => help.clone(),
            Self::NoKind { help, .. } => Some(help.clone()),
            _ => None,
        }
    }
}
