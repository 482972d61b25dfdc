//! The application: what Helm keeps in Chart.yaml and on its command line.

use super::word::{Name, Namespace, Version};
use crate::leaf::{List, Map, Opt, Text, Val};
use schemars::JsonSchema;
use serde::Deserialize;

/// The application: names, versions, and where it belongs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct App {
    /// The name of the application
    pub name: Val<Name>,
    /// The version of its deployment: raise it when values or builders change
    pub version: Val<Version>,
    /// The version of the software: the tag of images that set none
    pub app_version: Text,
    /// The namespace that objects go into
    pub namespace: Val<Namespace>,
    /// The name of the release, which labels objects; the name of the application unless set
    pub release: Opt<Val<Name>>,
    /// Whether the namespace is one of the objects
    pub create_namespace: Val<bool>,
    /// Labels of the namespace, when it is one of the objects
    pub namespace_labels: Map<Text>,
    /// The cluster contexts that the application may be applied to; any, when empty
    pub contexts: List<Text>,
    /// Objects that exist outside of these values and may be referred to: `Secret/tls`
    pub external: List<Text>,
}

/// Values that all services share.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Global {
    /// The registry of every image, in place of the image's own
    pub image_registry: Text,
    /// Secrets to pull images with
    pub image_pull_secrets: List<Text>,
    /// Labels of every object
    pub labels: Map<Text>,
}

/// The typed defaults of `app`.
pub(crate) const APP_DEFAULTS: &str = include_str!("app.toml");
/// The typed defaults of `global`.
pub(crate) const GLOBAL_DEFAULTS: &str = include_str!("global.toml");
