//! Output: a render as YAML or JSON text, as a directory of files, or as a difference.
//!
//! Nothing here decides what is shown of Secrets: the caller hands over
//! [`Objects::shown`](crate::object::Objects::shown) under its policy.

mod atomic;
mod diff;
mod directory;
mod error;
mod filename;
mod json;
mod yaml;

pub use atomic::write_file;
pub use diff::{Difference, Line, LineKind};
pub use directory::{Written, write_directory};
pub use error::OutputError;
pub use json::write_json;
pub use yaml::write_yaml;
