//! Mounts refer to volumes, volumes are mounted, and no two mounts share a path.

use super::finding::{Findings, instead, quoted};
use super::index::Index;
use super::workload::Workload;
use crate::model::naming::Rule;
use k8s_openapi::api::apps::v1::StatefulSet;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for workload in &index.workloads {
        let Some(pod) = workload.pod else { continue };
        let volumes: Vec<&str> =
            pod.volumes.iter().flatten().map(|volume| volume.name.as_str()).collect();
        let claims = claim_templates(workload);
        let mut used = vec![false; volumes.len()];
        for container in workload.containers() {
            let mounts = container.it.volume_mounts.iter().flatten().enumerate();
            let mounts = mounts.map(|(i, mount)| ("volumeMounts", i, mount.name.as_str()));
            let devices = container.it.volume_devices.iter().flatten().enumerate();
            let devices = devices.map(|(i, device)| ("volumeDevices", i, device.name.as_str()));
            for (list, i, name) in mounts.chain(devices) {
                if let Some(at) = volumes.iter().position(|volume| *volume == name) {
                    used[at] = true;
                } else if !claims.contains(&name) {
                    let field = format!("{}.{list}[{i}].name", container.path());
                    let message = format!("the pods have no volume {}", quoted(name));
                    let there = volumes.iter().chain(&claims).copied();
                    findings.error(workload.object, field, message).help =
                        instead("their volumes", name, there);
                }
            }
            let mounts = container.it.volume_mounts.as_deref().unwrap_or_default();
            for (i, mount) in mounts.iter().enumerate() {
                let path = mount.mount_path.trim_end_matches('/');
                let is_same = |m: &&k8s_openapi::api::core::v1::VolumeMount| {
                    m.mount_path.trim_end_matches('/') == path
                };
                if let Some(first) = mounts.iter().take(i).find(is_same) {
                    let field = format!("{}.volumeMounts[{i}].mountPath", container.path());
                    let message = format!(
                        "{} is where {} is mounted already",
                        quoted(&mount.mount_path),
                        quoted(&first.name)
                    );
                    findings.error(workload.object, field, message).help("mount one elsewhere");
                }
            }
        }
        for (i, name) in volumes.iter().enumerate() {
            let field = || format!("{}.volumes[{i}].name", workload.path);
            if let Some(broken) = Rule::Label.broken_by(name) {
                let message = format!("{} is not a legal name: it {broken}", quoted(name));
                findings.error(workload.object, field(), message);
            }
            if volumes.iter().take(i).any(|first| first == name) {
                let message = format!("two volumes are named {}", quoted(name));
                findings.error(workload.object, field(), message).help("rename one of them");
            } else if used.get(i) == Some(&false) {
                let message = format!("no container mounts the volume {}", quoted(name));
                findings.warning(workload.object, field(), message).help("mount or remove it");
            }
        }
    }
}

/// The volumes that a StatefulSet makes for each of its pods.
fn claim_templates<'a>(workload: &Workload<'a>) -> Vec<&'a str> {
    let set = workload.object.get::<StatefulSet>();
    set.iter()
        .flat_map(|set| set.spec.volume_claim_templates.iter().flatten())
        .filter_map(|claim| claim.metadata.name.as_deref())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, run, with};
    use serde_json::{Value, json};

    fn web(mounts: Value, volumes: Value) -> Vec<String> {
        let pod = json!({"spec": {"template": {"spec": {"volumes": volumes}}}});
        run([with(deployment(json!({"volumeMounts": mounts})), pod)])
    }

    #[test]
    fn mounts_and_volumes_belong_together() {
        let tmp = json!([{"name": "tmp", "emptyDir": {}}]);
        assert_eq!(web(json!([{"name": "tmp", "mountPath": "/tmp"}]), tmp.clone()), findings([]));
        assert_eq!(
            web(json!([{"name": "tpm", "mountPath": "/tmp"}]), tmp),
            findings([
                "Deployment/web: spec.template.spec.containers[0].volumeMounts[0].name: the pods have no volume `tpm`; did you mean `tmp`?",
                "warning: Deployment/web: spec.template.spec.volumes[0].name: no container mounts the volume `tmp`; mount or remove it",
            ])
        );
    }

    #[test]
    fn a_path_is_mounted_once() {
        assert_eq!(
            web(
                json!([{"name": "a", "mountPath": "/tmp"}, {"name": "a", "mountPath": "/tmp/"}]),
                json!([{"name": "a", "emptyDir": {}}])
            ),
            findings([
                "Deployment/web: spec.template.spec.containers[0].volumeMounts[1].mountPath: `/tmp/` is where `a` is mounted already; mount one elsewhere"
            ])
        );
    }
}
