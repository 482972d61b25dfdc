//! What a container may use.

use super::quantity::Quantity;
use crate::leaf::{Map, Val};
use schemars::JsonSchema;
use serde::Deserialize;

/// What a container may use, by resource: `cpu`, `memory`, `ephemeral-storage`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resources {
    /// At most this much
    pub limits: Map<Val<Quantity>>,
    /// This much is set aside; as much as the limit unless set
    pub requests: Map<Val<Quantity>>,
}
