//! Builders: pure functions from values to Kubernetes objects, one file a kind.
//!
//! A builder takes what it knows of the release, a [`Context`], and the values of its service, and
//! returns a typed object, or `None`, or several. The same function run on traced values yields a
//! template tree; see [`crate::leaf`] for how to write one so that both work.

mod autoscaler;
mod claim;
mod config_map;
mod container;
mod context;
mod deployment;
mod disruption_budget;
mod ingress;
mod job;
mod names;
mod namespace;
mod network_policy;
mod pod;
mod probe;
mod secret;
mod service;
mod service_account;
mod stateful_set;
#[cfg(test)]
mod traced;
mod verbatim;
mod volume;

pub use autoscaler::autoscaler;
pub use claim::claims;
pub use config_map::{config_map, files_config_map};
pub use context::Context;
pub use deployment::deployment;
pub use disruption_budget::disruption_budget;
pub use ingress::ingress;
pub use job::{cron_jobs, jobs};
pub(crate) use names::service_host;
pub use namespace::namespace;
pub use network_policy::network_policy;
pub use secret::{files_secret, secret};
pub use service::service;
pub use service_account::service_account;
pub use stateful_set::stateful_set;
pub use verbatim::objects;
