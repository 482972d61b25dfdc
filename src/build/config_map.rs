//! ConfigMaps: the configuration of a service, and its files.

use super::Context;
use super::names::{config_name, files_name};
use crate::leaf::To as _;
use crate::model::Service;
use k8s_openapi::api::core::v1::ConfigMap;
use std::collections::BTreeMap;

/// The ConfigMap that is the service's environment.
pub fn config_map(cx: &Context, s: &Service) -> Option<ConfigMap> {
    if s.config.is_empty() {
        return None;
    }
    Some(ConfigMap {
        metadata: cx.metadata(&s.name, config_name(s), &s.labels),
        data: Some(s.config.to()),
        ..ConfigMap::default()
    })
}

/// The ConfigMap that holds the service's files.
pub fn files_config_map(cx: &Context, s: &Service) -> Option<ConfigMap> {
    if s.files.is_empty() {
        return None;
    }
    Some(ConfigMap {
        metadata: cx.metadata(&s.name, files_name(s), &s.labels),
        data: Some(file_data(s)),
        ..ConfigMap::default()
    })
}

pub(super) fn file_data(s: &Service) -> BTreeMap<String, String> {
    s.files.collect(|file| file.content.to())
}
