//! The pod template of a service.

use super::Context;
use super::config_map::file_data;
use super::container::container;
use super::secret::secret_file_data;
use super::service_account::account_name;
use super::volume::volumes;
use crate::leaf::{To as _, nonempty, part};
use crate::model::{SeccompProfile, Security, Service};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use std::collections::BTreeMap;

/// The pods of a service.
///
/// Nothing of a release's or chart's version stands in here, so that a new one restarts nothing.
pub(super) fn template(cx: &Context, s: &Service) -> core::PodTemplateSpec {
    let mut labels: BTreeMap<String, String> = s.pod_labels.to();
    labels.extend(cx.selector(&s.name));
    core::PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(labels),
            annotations: part(|| nonempty(annotations(cx, s))),
            ..ObjectMeta::default()
        }),
        spec: Some(core::PodSpec {
            containers: {
                let mut all = vec![part(|| container(cx, s))];
                all.extend(s.extra_containers.each(|container| container.to()));
                all
            },
            init_containers: nonempty(s.init_containers.to()),
            ..pod(cx, s)
        }),
    }
}

/// What the pods of a service and of its jobs share.
pub(super) fn pod(cx: &Context, s: &Service) -> core::PodSpec {
    core::PodSpec {
        affinity: s.affinity.to(),
        automount_service_account_token: Some(s.service_account.token.to()),
        enable_service_links: Some(s.security.service_links.to()),
        image_pull_secrets: nonempty({
            let mut all = cx.global.image_pull_secrets.each(|name| pull_secret(name.to()));
            all.extend(s.image_pull_secrets.each(|name| pull_secret(name.to())));
            all
        }),
        node_selector: nonempty(s.node_selector.to()),
        priority_class_name: s.priority_class_name.to(),
        runtime_class_name: s.runtime_class_name.to(),
        security_context: Some(part(|| security(&s.security))),
        service_account_name: Some(account_name(s)),
        termination_grace_period_seconds: s.termination_grace_period_seconds.to(),
        tolerations: nonempty(s.tolerations.to()),
        topology_spread_constraints: nonempty(s.topology_spread_constraints.to()),
        volumes: nonempty(volumes(s)),
        ..core::PodSpec::default()
    }
}

fn pull_secret(name: String) -> core::LocalObjectReference {
    core::LocalObjectReference { name }
}

/// Checksums, so that a change of configuration restarts the pods, and what the user adds.
fn annotations(cx: &Context, s: &Service) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = s.pod_annotations.to();
    if !s.config.is_empty() {
        all.insert("checksum/config".to_owned(), cx.checksum(|| s.config.to()));
    }
    if !s.secret.is_empty() {
        all.insert("checksum/secret".to_owned(), cx.secret_checksum(|| s.secret.to()));
    }
    if !s.files.is_empty() {
        all.insert("checksum/files".to_owned(), cx.checksum(|| file_data(s)));
    }
    if !s.secret_files.is_empty() {
        all.insert("checksum/secret-files".to_owned(), cx.secret_checksum(|| secret_file_data(s)));
    }
    all
}

fn security(r: &Security) -> core::PodSecurityContext {
    core::PodSecurityContext {
        run_as_non_root: Some(!r.run_as_root.get()),
        run_as_user: r.run_as_user.to(),
        run_as_group: r.run_as_group.to(),
        fs_group: r.fs_group.to(),
        seccomp_profile: Some(core::SeccompProfile {
            type_: match r.seccomp_profile.get() {
                SeccompProfile::RuntimeDefault => "RuntimeDefault".to_owned(),
                SeccompProfile::Unconfined => "Unconfined".to_owned(),
            },
            ..core::SeccompProfile::default()
        }),
        ..core::PodSecurityContext::default()
    }
}
