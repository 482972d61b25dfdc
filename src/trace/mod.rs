//! Tracing: a builder run on values that are paths gives a template tree.
//!
//! The tree knows which value feeds which field and under which condition. It is what a chart is
//! printed from, and what answers where a field comes from.
//!
//! - [`Expr`]: what a traced value is;
//! - [`Tree`]: the objects of a builder, with conditions and loops;
//! - [`traced`]: a values struct whose leaves are expressions;
//! - [`evaluate`]: what a tree comes to for given values.

mod digest;
mod eval;
mod expr;
mod facts;
mod fill;
mod fold;
mod read;
mod reify;
mod sample;
mod tracer;
mod tree;

pub use eval::{Env, evaluate};
pub use expr::{Builtin, Each, Expr, Type};
pub use read::traced;
pub use sample::Sampler;
pub use tracer::Refusal;
pub use tree::{Field, Part, Tree};

pub(crate) use digest::sha256_json;
pub(crate) use read::{at, slot, variants};
pub(crate) use sample::REFERABLE;
pub(crate) use tracer::{
    active, decide, explore, mark_text, mark_whole, part, range, refuse, subtree, unless_empty,
    verbatim,
};
