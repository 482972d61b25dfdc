//! Objects: what a render consists of, identified, ordered and checked.
//!
//! An [`Object`] holds one Kubernetes object, typed or verbatim, together with its [`Identity`].
//! [`Objects`] is a whole render in its order. [`check::check`] finds what the API server or the
//! running application would only find later; [`schema`] compares with the Kubernetes schema.

mod body;
pub mod check;
mod error;
mod fields;
mod identity;
mod kinds;
mod mask;
#[allow(clippy::module_inception)]
mod object;
mod objects;
mod patch;
pub mod schema;
mod yaml;

pub use body::Resource;
pub use error::{Duplicate, ObjectError};
pub use identity::Identity;
pub use kinds::{KINDS, Kind};
pub use mask::{MASK, Secrets};
pub use object::Object;
pub use objects::Objects;
