//! Claims for persistent volumes.

use super::Context;
use super::names::claim_name;
use crate::leaf::{To as _, nonempty};
use crate::model::{Persistence, Service, Workload};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// A claim for each persistent volume; none for a StatefulSet, which makes its own, and for
/// volumes whose claim exists already.
pub fn claims(cx: &Context, s: &Service) -> Vec<core::PersistentVolumeClaim> {
    if s.kind.get() == Workload::StatefulSet {
        return Vec::new();
    }
    s.persistence.filter_map(|name, volume| {
        if volume.existing_claim.is_set() {
            return None;
        }
        Some(core::PersistentVolumeClaim {
            metadata: ObjectMeta {
                annotations: nonempty(volume.annotations.to()),
                ..cx.metadata(&s.name, claim_name(s, name), &s.labels)
            },
            spec: Some(claim_spec(volume)),
            ..core::PersistentVolumeClaim::default()
        })
    })
}

pub(super) fn claim_spec(volume: &Persistence) -> core::PersistentVolumeClaimSpec {
    let modes = if volume.access_modes.is_empty() {
        vec!["ReadWriteOnce".to_owned()]
    } else {
        volume.access_modes.to()
    };
    core::PersistentVolumeClaimSpec {
        access_modes: Some(modes),
        storage_class_name: volume.storage_class.to(),
        resources: Some(core::VolumeResourceRequirements {
            requests: Some([("storage".to_owned(), volume.size.to())].into()),
            ..core::VolumeResourceRequirements::default()
        }),
        ..core::PersistentVolumeClaimSpec::default()
    }
}
