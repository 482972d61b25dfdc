//! What a pod may do.

use super::number::UserId;
use super::quantity::Quantity;
use crate::leaf::{List, Map, One, Opt, Text, Val};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The service account of the pods.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceAccount {
    /// Whether it is one of the objects; else it exists already
    pub create: Val<bool>,
    /// Its name; the name of the service when empty
    pub name: Text,
    /// Whether pods get a token for the Kubernetes API
    pub token: Val<bool>,
    /// Annotations, as clouds read them
    pub annotations: Map<Text>,
}

/// Relaxations of the restricted Pod Security profile: everything is denied unless set here.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Security {
    /// Lets the container run as root
    pub run_as_root: Val<bool>,
    /// Lets the container write to its root file system
    pub writable_root_filesystem: Val<bool>,
    /// Lets processes gain privileges
    pub privilege_escalation: Val<bool>,
    /// Gives the container all of the node
    pub privileged: Val<bool>,
    /// Capabilities that the container keeps; all others are dropped
    pub add_capabilities: List<Text>,
    /// The filter of system calls
    pub seccomp_profile: One<SeccompProfile>,
    /// Puts the addresses of all Services into the environment
    pub service_links: Val<bool>,
    /// The user that the container runs as; the image's unless set
    pub run_as_user: Opt<Val<UserId>>,
    /// The group that the container runs as; the image's unless set
    pub run_as_group: Opt<Val<UserId>>,
    /// The group that owns volumes
    pub fs_group: Opt<Val<UserId>>,
}

/// The filter of system calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum SeccompProfile {
    /// The container runtime's
    #[default]
    RuntimeDefault,
    /// None
    Unconfined,
}

/// A writable `/tmp`, which a read-only root file system needs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tmp {
    /// Whether there is one
    pub enabled: Val<bool>,
    /// How much it may hold; a pod that writes more is ended
    pub size_limit: Val<Quantity>,
}
