//! A service: the values of one table, as Helm charts have them.

use super::autoscaling::Autoscaling;
use super::image::Image;
use super::job::Job;
use super::network::{Exposure, Ingress, NetworkPolicy, Port};
use super::number::{Count, Positive};
use super::pod::{Security, ServiceAccount, Tmp};
use super::probe::Probes;
use super::resources::Resources;
use super::rollout::{DisruptionBudget, Strategy, Workload};
use super::setting::{Secret, Setting};
use super::storage::{File, Persistence, SecretFile};
use super::verbatim::Verbatim;
use super::word::{ConfigKey, EnvName, Name, PortName, Suffix};
use crate::leaf::{List, Map, One, Opt, Text, Val, Yaml};
use k8s_openapi::api::core::v1 as core;
use schemars::JsonSchema;
use serde::Deserialize;

/// A service: a workload with what it needs around it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    /// The name of its objects; the name of its table unless set
    pub name: Val<Name>,
    /// What runs its pods
    pub kind: One<Workload>,
    /// The container image
    pub image: Image,
    /// How many pods; left out of the objects when an autoscaler owns it
    pub replicas: Val<Count>,
    /// A HorizontalPodAutoscaler
    pub autoscaling: Autoscaling,
    /// The ports that it listens on, by name
    pub ports: Map<Port, PortName>,
    /// How its ports can be reached
    pub service: Exposure,
    /// An Ingress
    pub ingress: Ingress,
    /// A NetworkPolicy
    pub network_policy: NetworkPolicy,
    /// What the container runs, in place of the image's entry point
    pub command: List<Text>,
    /// Its arguments
    pub args: List<Text>,
    /// The directory it runs in
    pub working_dir: Opt<Text>,
    /// Environment from a ConfigMap; a change restarts the pods
    pub config: Map<Val<Setting>, ConfigKey>,
    /// Environment from a Secret; a change restarts the pods
    pub secret: Map<Val<Secret>, ConfigKey>,
    /// The name of a Secret that exists already, used as environment as well
    pub existing_secret: Text,
    /// Environment written into the pod itself
    pub env: Map<Val<Setting>, EnvName>,
    /// Environment from elsewhere, as Kubernetes writes it: `{ fieldRef = { .. } }`
    pub env_value_from: Map<Yaml<core::EnvVarSource>, EnvName>,
    /// More sources of environment, as Kubernetes writes them
    pub env_from: List<Yaml<core::EnvFromSource>>,
    /// Files in the container, by key, from a ConfigMap
    pub files: Map<File, ConfigKey>,
    /// Files in the container, by key, from a Secret
    pub secret_files: Map<SecretFile, ConfigKey>,
    /// What the container may use
    pub resources: Resources,
    /// How Kubernetes finds out whether the container works
    pub probes: Probes,
    /// How a new version replaces the old one
    pub strategy: Strategy,
    /// A PodDisruptionBudget
    pub pod_disruption_budget: DisruptionBudget,
    /// Tables of services that must be ready first
    pub depends_on: List<Text>,
    /// The service account of the pods
    pub service_account: ServiceAccount,
    /// Relaxations of the restricted security profile
    pub security: Security,
    /// A writable `/tmp`
    pub tmp: Tmp,
    /// Persistent volumes, by name
    pub persistence: Map<Persistence, Suffix>,
    /// More volumes, as Kubernetes writes them
    pub volumes: List<Yaml<core::Volume>>,
    /// Where they are mounted, as Kubernetes writes it
    pub volume_mounts: List<Yaml<core::VolumeMount>>,
    /// Containers that run before this one, as Kubernetes writes them
    pub init_containers: List<Yaml<core::Container>>,
    /// Containers beside this one, as Kubernetes writes them
    pub extra_containers: List<Yaml<core::Container>>,
    /// Hooks of the container, as Kubernetes writes them
    pub lifecycle: Opt<Yaml<core::Lifecycle>>,
    /// How long a pod has to end, in seconds
    pub termination_grace_period_seconds: Opt<Val<Count>>,
    /// How long a pod must be ready before it counts, in seconds
    pub min_ready_seconds: Opt<Val<Count>>,
    /// How long a rollout may take before it counts as failed, in seconds
    pub progress_deadline_seconds: Opt<Val<Positive>>,
    /// How many old ReplicaSets or revisions are kept
    pub revision_history_limit: Opt<Val<Count>>,
    /// Labels of nodes that the pods may run on
    pub node_selector: Map<Text>,
    /// Preferences for nodes and neighbours, as Kubernetes writes them
    pub affinity: Opt<Yaml<core::Affinity>>,
    /// Taints that the pods bear, as Kubernetes writes them
    pub tolerations: List<Yaml<core::Toleration>>,
    /// How the pods spread, as Kubernetes writes it
    pub topology_spread_constraints: List<Yaml<core::TopologySpreadConstraint>>,
    /// The PriorityClass of the pods
    pub priority_class_name: Opt<Text>,
    /// The RuntimeClass of the pods
    pub runtime_class_name: Opt<Text>,
    /// Secrets to pull the image with, beside those of `global`
    pub image_pull_secrets: List<Text>,
    /// Labels of every object
    pub labels: Map<Text>,
    /// Annotations of the workload
    pub annotations: Map<Text>,
    /// Labels of the pods
    pub pod_labels: Map<Text>,
    /// Annotations of the pods
    pub pod_annotations: Map<Text>,
    /// Jobs that run the same image: migrations and schedules
    pub jobs: Map<Job, Suffix>,
    /// Any other objects, verbatim
    pub objects: Map<Yaml<Verbatim>>,
    /// Merge patches over built objects, by kind or `Kind/name`
    pub patch: Map<Yaml<serde_json::Value>>,
}

/// The typed defaults of a service.
pub(crate) const SERVICE_DEFAULTS: &str = include_str!("service.toml");
