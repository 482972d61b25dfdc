//! The model: what values are read into.
//!
//! A [`Service`] covers what most services need; [`App`] and [`Global`] what they share. Names,
//! quantities, ports and image references are checked when they are read, so that past this room
//! an invalid one cannot exist.

mod amount;
mod app;
mod autoscaling;
mod contradiction;
mod image;
mod job;
pub(crate) mod naming;
mod network;
mod number;
mod pod;
mod probe;
mod quantity;
mod resources;
mod rollout;
mod service;
mod setting;
mod storage;
mod verbatim;
mod word;

pub use amount::{Amount, AmountError};
pub use app::{App, Global};
pub use autoscaling::Autoscaling;
pub use contradiction::Contradiction;
pub use image::{Image, PullPolicy};
pub use job::{ConcurrencyPolicy, Job, Run};
pub use network::{
    Exposure, Host, Ingress, NetworkPolicy, PathType, Port, Protocol, ServiceType, TrafficPolicy,
};
pub use number::{Count, PortNumber, Positive, UserId};
pub use pod::{SeccompProfile, Security, ServiceAccount, Tmp};
pub use probe::{Check, Probe, Probes, Scheme};
pub use quantity::Quantity;
pub use resources::Resources;
pub use rollout::{DisruptionBudget, Strategy, StrategyType, Workload};
pub use service::Service;
pub use setting::{Secret, Setting};
pub use storage::{File, Persistence, SecretFile};
pub use verbatim::Verbatim;
pub use word::{
    ConfigKey, Digest, EnvName, MountPath, Name, Namespace, PortName, Repository, Schedule, Suffix,
    Tag, Version,
};

pub(crate) use app::{APP_DEFAULTS, GLOBAL_DEFAULTS};
pub(crate) use service::SERVICE_DEFAULTS;
