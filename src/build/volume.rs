//! Volumes of a pod and where its container mounts them.

use super::names::{claim_name, files_name, secret_files_name};
use crate::leaf::{To as _, Val};
use crate::model::{Persistence, Service, Suffix, Workload};
use k8s_openapi::api::core::v1 as core;

const TMP: &str = "tmp";
const FILES: &str = "files";
const SECRET_FILES: &str = "secret-files";

/// The volumes. Those of a StatefulSet's claims stand in the StatefulSet itself.
pub(super) fn volumes(s: &Service) -> Vec<core::Volume> {
    let mut all = Vec::new();
    all.extend(s.tmp.enabled.then(|| core::Volume {
        name: TMP.to_owned(),
        empty_dir: Some(core::EmptyDirVolumeSource {
            size_limit: s.tmp.size_limit.to(),
            ..core::EmptyDirVolumeSource::default()
        }),
        ..core::Volume::default()
    }));
    all.extend(s.files.some(|| core::Volume {
        name: FILES.to_owned(),
        config_map: Some(core::ConfigMapVolumeSource {
            name: files_name(s),
            ..core::ConfigMapVolumeSource::default()
        }),
        ..core::Volume::default()
    }));
    all.extend(s.secret_files.some(|| core::Volume {
        name: SECRET_FILES.to_owned(),
        secret: Some(core::SecretVolumeSource {
            secret_name: Some(secret_files_name(s)),
            ..core::SecretVolumeSource::default()
        }),
        ..core::Volume::default()
    }));
    all.extend(s.persistence.filter_map(|name, volume| {
        if of_pod(s, volume) {
            return None;
        }
        let claim = match volume.existing_claim.get() {
            Some(existing) => existing.to(),
            None => claim_name(s, name),
        };
        Some(core::Volume {
            name: name.to(),
            persistent_volume_claim: Some(core::PersistentVolumeClaimVolumeSource {
                claim_name: claim,
                ..core::PersistentVolumeClaimVolumeSource::default()
            }),
            ..core::Volume::default()
        })
    }));
    all.extend(s.volumes.each(|volume| volume.to()));
    // The first volume makes room for several, each of nearly a kilobyte.
    all.shrink_to_fit();
    all
}

/// Where the container mounts them, and those of the StatefulSet's own claims.
pub(super) fn mounts(s: &Service) -> Vec<core::VolumeMount> {
    let mut all = job_mounts(s);
    all.extend(
        s.persistence.filter_map(|name, volume| of_pod(s, volume).then(|| mount(name, volume))),
    );
    all
}

/// Whether each pod has a volume of its own, out of a claim that its StatefulSet makes.
fn of_pod(s: &Service, volume: &Persistence) -> bool {
    !volume.existing_claim.is_set() && s.kind.get() == Workload::StatefulSet
}

fn mount(name: &Val<Suffix>, volume: &Persistence) -> core::VolumeMount {
    core::VolumeMount {
        name: name.to(),
        mount_path: volume.mount_path.to(),
        sub_path: volume.sub_path.to(),
        ..core::VolumeMount::default()
    }
}

/// Where the container of a job mounts them: it has no part in the volumes of other pods.
pub(super) fn job_mounts(s: &Service) -> Vec<core::VolumeMount> {
    let mut all = Vec::new();
    all.extend(s.tmp.enabled.then(|| core::VolumeMount {
        name: TMP.to_owned(),
        mount_path: "/tmp".to_owned(),
        ..core::VolumeMount::default()
    }));
    all.extend(s.files.each(|key, file| core::VolumeMount {
        name: FILES.to_owned(),
        mount_path: file.path.to(),
        sub_path: key.to(),
        read_only: Some(true),
        ..core::VolumeMount::default()
    }));
    all.extend(s.secret_files.each(|key, file| core::VolumeMount {
        name: SECRET_FILES.to_owned(),
        mount_path: file.path.to(),
        sub_path: key.to(),
        read_only: Some(true),
        ..core::VolumeMount::default()
    }));
    all.extend(
        s.persistence.filter_map(|name, volume| (!of_pod(s, volume)).then(|| mount(name, volume))),
    );
    all.extend(s.volume_mounts.each(|mount| mount.to()));
    all
}
