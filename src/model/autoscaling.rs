//! Autoscaling.

use super::number::Positive;
use crate::leaf::{List, Opt, Val, Yaml};
use k8s_openapi::api::autoscaling::v2 as hpa;
use schemars::JsonSchema;
use serde::Deserialize;

/// A HorizontalPodAutoscaler, which then owns the number of pods.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Autoscaling {
    /// Whether there is one
    pub enabled: Val<bool>,
    /// Fewest pods
    pub min_replicas: Val<Positive>,
    /// Most pods
    pub max_replicas: Val<Positive>,
    /// The use of CPU to aim at, in percent of what is requested
    #[serde(rename = "targetCPUUtilizationPercentage")]
    pub target_cpu: Opt<Val<Positive>>,
    /// The use of memory to aim at, in percent of what is requested
    #[serde(rename = "targetMemoryUtilizationPercentage")]
    pub target_memory: Opt<Val<Positive>>,
    /// More metrics, as Kubernetes writes them
    pub metrics: List<Yaml<hpa::MetricSpec>>,
    /// How fast it scales, as Kubernetes writes it
    pub behavior: Opt<Yaml<hpa::HorizontalPodAutoscalerBehavior>>,
}
