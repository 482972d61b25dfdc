//! Probes.

use super::number::{Count, Positive};
use crate::leaf::{List, Map, One, Opt, Text, Val, Yaml};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How Kubernetes finds out whether the container works.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Probes {
    /// A container that fails is restarted
    pub liveness: Probe,
    /// A container that fails gets no traffic
    pub readiness: Probe,
    /// The others wait until this one succeeds
    pub startup: Probe,
}

/// A probe.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Probe {
    /// Whether there is one
    pub enabled: Val<bool>,
    /// How it asks
    #[serde(rename = "type")]
    pub kind: One<Check>,
    /// The path that an HTTP probe gets
    pub path: Text,
    /// The port of an HTTP or TCP probe: its name or number
    pub port: Yaml<IntOrString>,
    /// The scheme of an HTTP probe; HTTP unless set
    pub scheme: Opt<One<Scheme>>,
    /// Headers of an HTTP probe
    pub headers: Map<Text>,
    /// What an exec probe runs
    pub command: List<Text>,
    /// The port of a gRPC probe
    pub grpc_port: Opt<Val<Positive>>,
    /// How long to wait before the first time, in seconds; Kubernetes' default is 0
    pub initial_delay_seconds: Opt<Val<Count>>,
    /// How often, in seconds; Kubernetes' default is 10
    pub period_seconds: Opt<Val<Positive>>,
    /// How long an answer may take, in seconds; Kubernetes' default is 1
    pub timeout_seconds: Opt<Val<Positive>>,
    /// How many answers make a success; Kubernetes' default is 1
    pub success_threshold: Opt<Val<Positive>>,
    /// How many missing answers make a failure; Kubernetes' default is 3
    pub failure_threshold: Opt<Val<Positive>>,
}

/// How a probe asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Check {
    /// An HTTP GET that must answer 200 to 399
    #[default]
    Http,
    /// A connection
    Tcp,
    /// A command that must end with 0
    Exec,
    /// The gRPC health protocol
    Grpc,
}

/// The scheme of an HTTP probe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum Scheme {
    /// Plain
    #[default]
    HTTP,
    /// Encrypted, the certificate not checked
    HTTPS,
}
