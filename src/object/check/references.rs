//! What pods refer to exists: ConfigMaps, Secrets and their keys, service accounts, claims.

use super::finding::{Findings, instead, quoted};
use super::index::{Index, Named};
use super::workload::Workload;
use crate::object::Object;
use k8s_openapi::api::core::v1 as core;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for workload in &index.workloads {
        let Some(pod) = workload.pod else { continue };
        let mut refs = References { index, workload, findings };
        refs.pod(pod);
        for container in workload.containers() {
            for (i, variable) in container.it.env.iter().flatten().enumerate() {
                let Some(from) = &variable.value_from else { continue };
                let place = || format!("{}.env[{i}].valueFrom", container.path());
                if let Some(key) = &from.config_map_key_ref {
                    let field = || format!("{}.configMapKeyRef", place());
                    refs.key(Named::ConfigMap, &key.name, &key.key, key.optional, &field);
                }
                if let Some(key) = &from.secret_key_ref {
                    let field = || format!("{}.secretKeyRef", place());
                    refs.key(Named::Secret, &key.name, &key.key, key.optional, &field);
                }
            }
            for (i, from) in container.it.env_from.iter().flatten().enumerate() {
                let place = || format!("{}.envFrom[{i}]", container.path());
                if let Some(map) = &from.config_map_ref {
                    let field = || format!("{}.configMapRef.name", place());
                    refs.object(Named::ConfigMap, &map.name, map.optional, &field);
                }
                if let Some(secret) = &from.secret_ref {
                    let field = || format!("{}.secretRef.name", place());
                    refs.object(Named::Secret, &secret.name, secret.optional, &field);
                }
            }
        }
    }
}

struct References<'a, 'i> {
    index: &'i Index<'a>,
    workload: &'i Workload<'a>,
    findings: &'i mut Findings,
}

type Field<'f> = &'f dyn Fn() -> String;

impl<'a> References<'a, '_> {
    fn pod(&mut self, pod: &core::PodSpec) {
        let path = self.workload.path;
        if let Some(account) = &pod.service_account_name {
            let field = || format!("{path}.serviceAccountName");
            self.object(Named::ServiceAccount, account, None, &field);
        }
        for (i, secret) in pod.image_pull_secrets.iter().flatten().enumerate() {
            let field = || format!("{path}.imagePullSecrets[{i}].name");
            self.object(Named::Secret, &secret.name, None, &field);
        }
        for (i, volume) in pod.volumes.iter().flatten().enumerate() {
            self.volume(volume, &|| format!("{path}.volumes[{i}]"));
        }
    }

    fn volume(&mut self, volume: &core::Volume, place: Field<'_>) {
        if let Some(map) = &volume.config_map {
            let field = || format!("{}.configMap", place());
            self.items(Named::ConfigMap, &map.name, map.items.as_deref(), map.optional, &field);
        }
        if let Some(secret) = &volume.secret {
            let field = || format!("{}.secret", place());
            let name = secret.secret_name.as_deref().unwrap_or_default();
            self.items(Named::Secret, name, secret.items.as_deref(), secret.optional, &field);
        }
        if let Some(claim) = &volume.persistent_volume_claim {
            let field = || format!("{}.persistentVolumeClaim.claimName", place());
            self.object(Named::PersistentVolumeClaim, &claim.claim_name, None, &field);
        }
        let sources = volume.projected.iter().flat_map(|p| p.sources.iter().flatten());
        for (i, source) in sources.enumerate() {
            let place = || format!("{}.projected.sources[{i}]", place());
            if let Some(map) = &source.config_map {
                let field = || format!("{}.configMap", place());
                self.items(Named::ConfigMap, &map.name, map.items.as_deref(), map.optional, &field);
            }
            if let Some(secret) = &source.secret {
                let field = || format!("{}.secret", place());
                let items = secret.items.as_deref();
                self.items(Named::Secret, &secret.name, items, secret.optional, &field);
            }
        }
    }

    /// An object, and those of its keys that are picked.
    fn items(
        &mut self,
        kind: Named,
        name: &str,
        items: Option<&[core::KeyToPath]>,
        optional: Option<bool>,
        field: Field<'_>,
    ) {
        let Some(object) = self.object(kind, name, optional, field) else { return };
        for (i, item) in items.unwrap_or_default().iter().enumerate() {
            let field = || format!("{}.items[{i}]", field());
            self.has_key(object, &item.key, optional, &field);
        }
    }

    /// An object and one of its keys.
    fn key(
        &mut self,
        kind: Named,
        name: &str,
        key: &str,
        optional: Option<bool>,
        field: Field<'_>,
    ) {
        if let Some(object) = self.object(kind, name, optional, field) {
            self.has_key(object, key, optional, field);
        }
    }

    fn object(
        &mut self,
        kind: Named,
        name: &str,
        optional: Option<bool>,
        field: Field<'_>,
    ) -> Option<&'a Object> {
        let namespace = self.workload.namespace;
        let found = self.index.find(kind, namespace, name);
        let is_claim_of_a_set = || kind == Named::PersistentVolumeClaim && self.has_template(name);
        if found.is_some()
            || optional == Some(true)
            || self.index.is_elsewhere(kind, namespace, name)
            || is_claim_of_a_set()
        {
            return found;
        }
        let label = kind.kind();
        let message = format!("there is no {label} {} in the render", quoted(name));
        let declare = format!("if the cluster has it, add `{label}/{name}` to `app.external`");
        let instead = instead("there are", name, self.index.names(kind, namespace));
        let help = match instead {
            Some(near) if near.ends_with('?') => near,
            Some(there) => format!("{there}; {declare}"),
            None => declare,
        };
        self.findings.error(self.workload.object, field(), message).help(help);
        None
    }

    /// Whether a claim is made from the template of a StatefulSet.
    fn has_template(&self, name: &str) -> bool {
        self.index.workloads.iter().filter(|w| w.namespace == self.workload.namespace).any(|w| {
            let set = w.object.get::<k8s_openapi::api::apps::v1::StatefulSet>();
            set.iter().flat_map(|set| set.spec.volume_claim_templates.iter().flatten()).any(
                |claim| {
                    let template = claim.metadata.name.as_deref().unwrap_or_default();
                    let prefix = format!("{template}-{}-", w.object.identity().name);
                    let ordinal = name.strip_prefix(&prefix).unwrap_or_default();
                    ordinal.parse::<u32>().is_ok()
                },
            )
        })
    }

    fn has_key(&mut self, object: &Object, key: &str, optional: Option<bool>, field: Field<'_>) {
        if optional == Some(true) {
            return;
        }
        let keys: Vec<&str> = if let Some(map) = object.get::<core::ConfigMap>() {
            if map.data.as_ref().is_some_and(|data| data.contains_key(key)) {
                return;
            }
            let text = map.data.iter().flatten().map(|(key, _)| key.as_str());
            text.chain(map.binary_data.iter().flatten().map(|(key, _)| key.as_str())).collect()
        } else if let Some(secret) = object.get::<core::Secret>() {
            if secret.data.as_ref().is_some_and(|data| data.contains_key(key)) {
                return;
            }
            let bytes = secret.data.iter().flatten().map(|(key, _)| key.as_str());
            bytes.chain(secret.string_data.iter().flatten().map(|(key, _)| key.as_str())).collect()
        } else {
            return;
        };
        if keys.contains(&key) {
            return;
        }
        let message = format!("`{}` has no key {}", object.identity(), quoted(key));
        let help = instead("its keys", key, keys);
        let field = format!("{}.key", field());
        let finding = self.findings.error(self.workload.object, field, message).related(object);
        finding.help = help;
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, run, run_with, with};
    use serde_json::{Value, json};

    fn named(kind: &str, name: &str, more: Value) -> Value {
        with(json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}}), more)
    }

    fn env_from(kind: &str, name: &str) -> Value {
        deployment(json!({"envFrom": [{kind: {"name": name}}]}))
    }

    #[test]
    fn objects_exist() {
        let config = named("ConfigMap", "web-config", json!({}));
        assert_eq!(run([env_from("configMapRef", "web-config"), config.clone()]), findings([]));
        assert_eq!(
            run([env_from("configMapRef", "web-cfg"), config]),
            findings([
                "Deployment/web: spec.template.spec.containers[0].envFrom[0].configMapRef.name: there is no ConfigMap `web-cfg` in the render; there are: `web-config`; if the cluster has it, add `ConfigMap/web-cfg` to `app.external`"
            ])
        );
        assert_eq!(run_with(["Secret/x"], [env_from("secretRef", "x")]), findings([]));
        let elsewhere =
            with(named("ConfigMap", "c", json!({})), json!({"metadata": {"namespace": "b"}}));
        assert_eq!(run([env_from("configMapRef", "c"), elsewhere]).len(), 1);
        let optional =
            deployment(json!({"envFrom": [{"secretRef": {"name": "x", "optional": true}}]}));
        assert_eq!(run([optional]), findings([]));
    }

    #[test]
    fn keys_exist() {
        let secret = named("Secret", "s", json!({"stringData": {"password": "hunter2"}}));
        let key = |key: &str| {
            deployment(
                json!({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": key}}}]}),
            )
        };
        assert_eq!(run([key("password"), secret.clone()]), findings([]));
        assert_eq!(
            run([key("passwrod"), secret]),
            findings([
                "Deployment/web: spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.key: `Secret/s` has no key `passwrod`; did you mean `password`?"
            ])
        );
    }

    #[test]
    fn volumes_accounts_and_pull_secrets() {
        let pod = with(
            deployment(json!({"volumeMounts": [{"name": "v", "mountPath": "/v"}]})),
            json!({"spec": {"template": {"spec": {
                "serviceAccountName": "a", "imagePullSecrets": [{"name": "b"}],
                "volumes": [{"name": "v", "projected": {"sources": [{"configMap": {"name": "c", "items": [{"key": "k", "path": "p"}]}}]}}],
            }}}}),
        );
        assert_eq!(run([pod.clone()]).len(), 3);
        let all = [
            pod,
            named("ServiceAccount", "a", json!({})),
            named("ConfigMap", "c", json!({"data": {"k": "v"}})),
            json!({"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": {"name": "x"}, "spec": {"target": {"name": "b"}}}),
        ];
        assert_eq!(run(all), findings([]));
    }
}
