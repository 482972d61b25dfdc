//! The namespace of an application.

use crate::leaf::{To as _, nonempty};
use crate::model::App;
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// The namespace, where it is one of the application's objects.
pub fn namespace(app: &App, name: &str) -> Option<Namespace> {
    app.create_namespace.get().then(|| Namespace {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            labels: nonempty(app.namespace_labels.to()),
            ..ObjectMeta::default()
        },
        ..Namespace::default()
    })
}
