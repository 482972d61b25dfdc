//! kgen renders Kubernetes manifests from typed Rust builders and layered values.

pub mod application;
pub mod build;
#[cfg(feature = "cli")]
pub mod cli;
pub mod leaf;
pub mod model;
pub mod object;
pub mod output;
pub mod trace;
pub mod values;
