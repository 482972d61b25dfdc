//! Files and volumes.

use super::quantity::Quantity;
use super::setting::Secret;
use super::word::MountPath;
use crate::leaf::{List, Map, Opt, Text, Val};
use schemars::JsonSchema;
use serde::Deserialize;

/// A file in the container, from a ConfigMap.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct File {
    /// Where it stands in the container
    pub path: Val<MountPath>,
    /// What it holds
    pub content: Text,
}

/// A file in the container, from a Secret.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretFile {
    /// Where it stands in the container
    pub path: Val<MountPath>,
    /// What it holds
    pub content: Val<Secret>,
}

/// A persistent volume: a claim of its own, or for each pod of a StatefulSet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Persistence {
    /// Where it is mounted in the container
    pub mount_path: Val<MountPath>,
    /// The part of the volume that is mounted; all of it unless set
    pub sub_path: Opt<Text>,
    /// How much it holds
    pub size: Val<Quantity>,
    /// How it may be mounted; `ReadWriteOnce` when empty
    pub access_modes: List<Text>,
    /// The StorageClass; the cluster's default unless set
    pub storage_class: Opt<Text>,
    /// A claim that exists already, in place of one of its own
    pub existing_claim: Opt<Text>,
    /// Annotations of the claim
    pub annotations: Map<Text>,
}
