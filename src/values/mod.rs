//! Values: layers, Helm's merge rule, and where each value came from.

mod mistake;
mod node;
mod source;

pub use mistake::{Mistake, Mistakes};
pub use node::{At, Entry, Node, SourceId, Table, Value};
pub use source::{Origin, Place, Source, Sources};
