//! The service account of a service's pods.

use super::Context;
use crate::leaf::{To as _, nonempty};
use crate::model::Service;
use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// The service account; none where one exists already.
pub fn service_account(cx: &Context, s: &Service) -> Option<ServiceAccount> {
    if !s.service_account.create.get() {
        return None;
    }
    Some(ServiceAccount {
        metadata: ObjectMeta {
            annotations: nonempty(s.service_account.annotations.to()),
            ..cx.metadata(&s.name, account_name(s), &s.labels)
        },
        automount_service_account_token: Some(s.service_account.token.to()),
        ..ServiceAccount::default()
    })
}

pub(super) fn account_name(s: &Service) -> String {
    s.service_account.name.or(&s.name).to()
}
