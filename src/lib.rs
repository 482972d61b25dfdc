//! kgen renders Kubernetes manifests from typed Rust builders and layered values.

pub mod values;
