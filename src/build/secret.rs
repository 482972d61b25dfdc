//! Secrets: the secret configuration of a service, and its secret files.

use super::Context;
use super::names::{secret_files_name, secret_name};
use crate::leaf::To as _;
use crate::model::Service;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use std::collections::BTreeMap;

const OPAQUE: &str = "Opaque";

/// The Secret that is the service's environment.
pub fn secret(cx: &Context, s: &Service) -> Option<Secret> {
    if s.secret.is_empty() {
        return None;
    }
    Some(Secret {
        metadata: cx.metadata(&s.name, secret_name(s), &s.labels),
        type_: Some(OPAQUE.to_owned()),
        data: Some(s.secret.to()),
        ..Secret::default()
    })
}

/// The Secret that holds the service's secret files.
pub fn files_secret(cx: &Context, s: &Service) -> Option<Secret> {
    if s.secret_files.is_empty() {
        return None;
    }
    Some(Secret {
        metadata: cx.metadata(&s.name, secret_files_name(s), &s.labels),
        type_: Some(OPAQUE.to_owned()),
        data: Some(secret_file_data(s)),
        ..Secret::default()
    })
}

pub(super) fn secret_file_data(s: &Service) -> BTreeMap<String, ByteString> {
    s.secret_files.collect(|file| file.content.to())
}
