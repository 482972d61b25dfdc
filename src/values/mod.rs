//! Values: layers, Helm's merge rule, and where each value came from.

mod mistake;
mod node;
mod read;
mod source;

pub use mistake::{Mistake, Mistakes};
pub use node::{At, Entry, Node, SourceId, Table, Value};
pub(crate) use read::forgive;
pub use source::{Origin, Place, Source, Sources};
