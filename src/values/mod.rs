//! Values: layers, Helm's merge rule, and where each value came from.

mod assign;
mod defaults;
mod document;
mod env;
mod file;
mod json;
mod load;
mod mask;
mod merge;
mod mistake;
pub(crate) mod nearest;
mod node;
mod path;
mod print;
mod provider;
mod read;
mod scalar;
mod schema;
mod set;
mod source;
#[cfg(test)]
mod testing;
mod toml;
mod tree;
mod yaml;

use assign::Assignment;
use document::Layer;

pub(crate) use defaults::ENABLED;
pub use defaults::{Defaults, Shape};
pub use document::{Document, LayerKind, Setting};
pub use file::{DEPTH_LIMIT, Format, SIZE_LIMIT, parse};
pub use load::Layers;
pub use mask::{masked_syntax, secret_spans};
pub use merge::{coalesce, overlay};
pub use mistake::{Mistake, Mistakes};
pub use node::{At, Entry, Node, SourceId, Table, Value};
pub use path::{Path, PathError, Step};
pub use print::{PrintError, print};
pub use read::{NoResolve, Resolve, read};
pub(crate) use read::{forgive, noted, read_beside};
pub use set::SetKind;
pub use source::{Origin, Place, Source, Sources};
