//! An Ingress leads to Services and ports that exist, and its certificates come from somewhere.

use super::finding::{Findings, instead, quoted};
use super::index::{Index, Named};
use crate::object::Object;
use k8s_openapi::api::core::v1::{Service, ServicePort};
use k8s_openapi::api::networking::v1::{Ingress, IngressBackend};

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for object in index.objects.iter().filter(|o| o.identity().kind == "Ingress") {
        let Some(spec) = object.get::<Ingress>().and_then(|ingress| ingress.spec.as_ref()) else {
            continue;
        };
        if let Some(default) = &spec.default_backend {
            backend(index, object, default, "spec.defaultBackend", findings);
        }
        for (i, rule) in spec.rules.iter().flatten().enumerate() {
            for (j, path) in rule.http.iter().flat_map(|http| http.paths.iter()).enumerate() {
                let field = format!("spec.rules[{i}].http.paths[{j}].backend");
                backend(index, object, &path.backend, &field, findings);
            }
        }
        // cert-manager makes the Secrets of an Ingress that asks for it by annotation.
        let asks = object.metadata().annotations.iter().flatten();
        if asks.into_iter().any(|(key, _)| key.starts_with("cert-manager.io/")) {
            continue;
        }
        let namespace = object.identity().namespace.as_deref().unwrap_or_default();
        for (i, tls) in spec.tls.iter().flatten().enumerate() {
            let Some(name) = tls.secret_name.as_deref() else { continue };
            if index.find(Named::Secret, namespace, name).is_none()
                && !index.is_elsewhere(Named::Secret, namespace, name)
            {
                let message = format!("there is no Secret {} in the render", quoted(name));
                findings
                    .error(object, format!("spec.tls[{i}].secretName"), message)
                    .help(format!("if the cluster has it, add `Secret/{name}` to `app.external`; or let cert-manager make it by an annotation"));
            }
        }
    }
}

fn backend(
    index: &Index<'_>,
    object: &Object,
    backend: &IngressBackend,
    field: &str,
    findings: &mut Findings,
) {
    let Some(to) = &backend.service else { return };
    let namespace = object.identity().namespace.as_deref().unwrap_or_default();
    let Some(service) = index.find(Named::Service, namespace, &to.name) else {
        if !index.is_elsewhere(Named::Service, namespace, &to.name) {
            let message = format!("there is no Service {} in the render", quoted(&to.name));
            let names = index.names(Named::Service, namespace);
            findings.error(object, format!("{field}.service.name"), message).help =
                instead("there are", &to.name, names);
        }
        return;
    };
    let Some(typed) = service.get::<Service>() else { return };
    let ports: &[ServicePort] =
        typed.spec.as_ref().and_then(|spec| spec.ports.as_deref()).unwrap_or_default();
    let Some(port) = &to.port else { return };
    let wanted = match (&port.name, port.number) {
        (Some(name), _) if !ports.iter().any(|p| p.name.as_ref() == Some(name)) => name.clone(),
        (None, Some(number)) if !ports.iter().any(|p| p.port == number) => number.to_string(),
        _ => return,
    };
    let there: Vec<String> = match &port.name {
        Some(_) => ports.iter().filter_map(|p| p.name.clone()).collect(),
        None => ports.iter().map(|p| p.port.to_string()).collect(),
    };
    let message = format!("`{}` has no port {}", service.identity(), quoted(&wanted));
    let finding = findings.error(object, format!("{field}.service.port"), message);
    finding.help = instead("its ports", &wanted, there.iter().map(String::as_str));
    finding.related(service);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, object, run, run_with, with};
    use serde_json::{Value, json};

    fn ingress(name: &str, port: Value) -> Value {
        let backend = json!({"service": {"name": name, "port": port}});
        let paths = json!([{"path": "/", "pathType": "Prefix", "backend": backend}]);
        object("networking.k8s.io/v1", "Ingress", json!({"rules": [{"http": {"paths": paths}}]}))
    }

    fn service() -> Value {
        object("v1", "Service", json!({"ports": [{"name": "http", "port": 80}]}))
    }

    #[test]
    fn backends_exist() {
        assert_eq!(run([ingress("web", json!({"name": "http"})), service()]), findings([]));
        assert_eq!(run_with(["Service/x"], [ingress("x", json!({"number": 1}))]), findings([]));
        assert_eq!(
            run([ingress("wbe", json!({"number": 80})), service()]),
            findings([
                "Ingress/web: spec.rules[0].http.paths[0].backend.service.name: there is no Service `wbe` in the render; did you mean `web`?"
            ])
        );
        assert_eq!(
            run([ingress("web", json!({"number": 8080})), service()]),
            findings([
                "Ingress/web: spec.rules[0].http.paths[0].backend.service.port: `Service/web` has no port `8080`; its ports: `80`"
            ])
        );
    }

    #[test]
    fn certificates_come_from_somewhere() {
        let tls = with(
            ingress("web", json!({"number": 80})),
            json!({"spec": {"tls": [{"secretName": "t"}]}}),
        );
        assert_eq!(run([tls.clone(), service()]).len(), 1);
        assert_eq!(run_with(["Secret/t"], [tls.clone(), service()]), findings([]));
        let managed = with(
            tls,
            json!({"metadata": {"annotations": {"cert-manager.io/cluster-issuer": "x"}}}),
        );
        assert_eq!(run([managed, service()]), findings([]));
    }
}
