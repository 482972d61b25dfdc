//! The container image.

use super::word::{Digest, Repository, Tag};
use crate::leaf::{One, Text, Val};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the image of a container comes from.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Image {
    /// The registry; the container runtime's own (Docker Hub, as a rule) when empty
    pub registry: Text,
    /// The repository
    pub repository: Val<Repository>,
    /// The tag; the version of the application when empty
    pub tag: Val<Tag>,
    /// The digest, which wins over the tag
    pub digest: Val<Digest>,
    /// When the image is pulled
    pub pull_policy: One<PullPolicy>,
}

/// When an image is pulled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum PullPolicy {
    /// Before every start
    Always,
    /// When the node does not have it
    #[default]
    IfNotPresent,
    /// Never: the node has it
    Never,
}
