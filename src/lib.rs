//! kgen renders Kubernetes manifests from typed Rust builders and layered values.

pub mod values;

pub mod build;
pub mod leaf;
pub mod model;
pub mod trace;
