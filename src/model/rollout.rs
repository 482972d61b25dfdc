//! How a service runs and how a new version replaces the old one.

use crate::leaf::{One, Opt, Val, Yaml};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What runs the pods of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum Workload {
    /// Pods that are alike
    #[default]
    Deployment,
    /// Pods with a name and storage of their own
    StatefulSet,
    /// No pods but those of its jobs
    None,
}

/// How a new version replaces the old one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Strategy {
    /// One by one, or all at once
    #[serde(rename = "type")]
    pub kind: One<StrategyType>,
    /// How many pods more there may be meanwhile: a number or a percentage
    pub max_surge: Opt<Yaml<IntOrString>>,
    /// How many pods fewer there may be meanwhile: a number or a percentage
    pub max_unavailable: Opt<Yaml<IntOrString>>,
}

/// One by one, or all at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum StrategyType {
    /// New pods before old ones go
    #[default]
    RollingUpdate,
    /// All old pods end first (Deployment)
    Recreate,
    /// When a pod is deleted by hand (StatefulSet)
    OnDelete,
}

/// A PodDisruptionBudget: how many pods a drain of nodes leaves alone. Set one of the two.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DisruptionBudget {
    /// Whether there is one
    pub enabled: Val<bool>,
    /// How many pods must stay: a number or a percentage
    pub min_available: Opt<Yaml<IntOrString>>,
    /// How many pods may go: a number or a percentage
    pub max_unavailable: Opt<Yaml<IntOrString>>,
}
