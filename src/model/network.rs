//! How a service is reached.

use super::number::{Count, PortNumber};
use crate::leaf::{List, Map, One, Opt, Text, Val, Yaml};
use k8s_openapi::api::networking::v1 as networking;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A port.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Port {
    /// The port of the Service
    pub port: Val<PortNumber>,
    /// The port of the container; the same unless set
    pub target_port: Opt<Val<PortNumber>>,
    /// The port on every node, for types NodePort and LoadBalancer; chosen by Kubernetes unless set
    pub node_port: Opt<Val<PortNumber>>,
    /// The protocol; TCP unless set
    pub protocol: Opt<One<Protocol>>,
    /// What is spoken on it: `http`, `kubernetes.io/h2c`
    pub app_protocol: Opt<Text>,
}

/// A protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum Protocol {
    /// TCP
    #[default]
    TCP,
    /// UDP
    UDP,
    /// SCTP
    SCTP,
}

/// The Service in front of the pods.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exposure {
    /// Whether there is one, given that there are ports
    pub enabled: Val<bool>,
    /// Who can reach it
    #[serde(rename = "type")]
    pub kind: One<ServiceType>,
    /// Whether its name leads to the pods themselves, without an address of its own
    pub headless: Val<bool>,
    /// Annotations, as load balancers read them
    pub annotations: Map<Text>,
    /// Whether traffic from outside may go to pods on other nodes
    pub external_traffic_policy: Opt<One<TrafficPolicy>>,
    /// Networks that a load balancer lets in
    pub load_balancer_source_ranges: List<Text>,
    /// The implementation of the load balancer
    pub load_balancer_class: Opt<Text>,
    /// For how many seconds a client stays with one pod; it does not unless set
    pub session_affinity_seconds: Opt<Val<Count>>,
}

/// Who can reach a Service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum ServiceType {
    /// The cluster
    #[default]
    ClusterIP,
    /// Whoever reaches a node
    NodePort,
    /// Whoever reaches the load balancer
    LoadBalancer,
}

/// Where traffic from outside may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum TrafficPolicy {
    /// To all pods
    #[default]
    Cluster,
    /// To pods of the node it arrives at, which keeps the address of the client
    Local,
}

/// An Ingress.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ingress {
    /// Whether there is one
    pub enabled: Val<bool>,
    /// The IngressClass; the cluster's default unless set
    pub class_name: Opt<Text>,
    /// Annotations, as ingress controllers read them
    pub annotations: Map<Text>,
    /// Hosts, by name
    pub hosts: Map<Host>,
}

/// A host of an Ingress.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Host {
    /// The path that leads to the service; `/` unless set
    pub path: Opt<Text>,
    /// How the path is compared; as a prefix unless set
    pub path_type: Opt<One<PathType>>,
    /// The name of the port; `http` unless set
    pub port: Opt<Text>,
    /// The Secret with the certificate; plain HTTP unless set
    pub tls_secret: Opt<Text>,
}

/// How a path is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum PathType {
    /// By its first elements
    #[default]
    Prefix,
    /// Whole
    Exact,
    /// As the controller likes
    ImplementationSpecific,
}

/// A NetworkPolicy for the pods.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkPolicy {
    /// Whether there is one
    pub enabled: Val<bool>,
    /// Who may reach the pods, as Kubernetes writes it; when empty, whoever is in the namespace
    pub ingress: List<Yaml<networking::NetworkPolicyIngressRule>>,
    /// Whom the pods may reach, as Kubernetes writes it; when empty, anyone
    pub egress: List<Yaml<networking::NetworkPolicyEgressRule>>,
}
