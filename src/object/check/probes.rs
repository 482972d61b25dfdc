//! Probes and hooks ask ports that their container has.

use super::finding::{Findings, instead, quoted};
use super::index::Index;
use super::workload::{Container, Workload};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for workload in &index.workloads {
        for container in workload.containers() {
            let it = container.it;
            let probes = [
                ("livenessProbe", &it.liveness_probe),
                ("readinessProbe", &it.readiness_probe),
                ("startupProbe", &it.startup_probe),
            ];
            for (name, probe) in probes {
                if let Some(probe) = probe {
                    check_probe(workload, &container, name, probe, findings);
                }
            }
            let Some(lifecycle) = &it.lifecycle else { continue };
            let hooks = [
                ("lifecycle.postStart", &lifecycle.post_start),
                ("lifecycle.preStop", &lifecycle.pre_stop),
            ];
            for (name, hook) in hooks {
                if let Some(http) = hook.as_ref().and_then(|hook| hook.http_get.as_ref())
                    && http.host.is_none()
                {
                    port(workload, &container, [name, "httpGet"], &http.port, findings);
                }
            }
        }
    }
}

fn check_probe(
    workload: &Workload<'_>,
    container: &Container<'_>,
    name: &str,
    probe: &core::Probe,
    findings: &mut Findings,
) {
    let handlers = [
        probe.exec.is_some(),
        probe.grpc.is_some(),
        probe.http_get.is_some(),
        probe.tcp_socket.is_some(),
    ];
    if handlers.iter().filter(|set| **set).count() != 1 {
        let field = format!("{}.{name}", container.path());
        findings
            .error(workload.object, field, "the probe must have exactly one way to ask")
            .help("set one of `httpGet`, `tcpSocket`, `grpc` and `exec`");
    }
    // With a host, the port is not one of the container's.
    if let Some(http) = probe.http_get.as_ref().filter(|http| http.host.is_none()) {
        port(workload, container, [name, "httpGet"], &http.port, findings);
    }
    if let Some(tcp) = probe.tcp_socket.as_ref().filter(|tcp| tcp.host.is_none()) {
        port(workload, container, [name, "tcpSocket"], &tcp.port, findings);
    }
    if let Some(grpc) = &probe.grpc {
        let number = IntOrString::Int(grpc.port);
        port(workload, container, [name, "grpc"], &number, findings);
    }
}

fn port(
    workload: &Workload<'_>,
    container: &Container<'_>,
    [name, way]: [&str; 2],
    port: &IntOrString,
    findings: &mut Findings,
) {
    let ports = container.it.ports.as_deref().unwrap_or_default();
    let field = || format!("{}.{name}.{way}.port", container.path());
    match port {
        IntOrString::String(wanted) => {
            if !ports.iter().any(|port| port.name.as_deref() == Some(wanted)) {
                let message = format!("the container has no port named {}", quoted(wanted));
                let names = ports.iter().filter_map(|port| port.name.as_deref());
                findings.error(workload.object, field(), message).help =
                    instead("its ports", wanted, names);
            }
        }
        IntOrString::Int(number) if !(1..=65535).contains(number) => {
            let message = format!("`{number}` is not a port; it must be in 1-65535");
            findings.error(workload.object, field(), message);
        }
        // Kubernetes lets a container serve ports that it does not declare, so only a container
        // that declares some tells that this is a mistake.
        IntOrString::Int(number) => {
            if !ports.is_empty() && !ports.iter().any(|port| port.container_port == *number) {
                let message = format!("the container declares no port `{number}`");
                let numbers: Vec<_> = ports.iter().map(|p| p.container_port.to_string()).collect();
                let numbers = numbers.iter().map(String::as_str);
                findings.warning(workload.object, field(), message).help =
                    instead("its ports", &number.to_string(), numbers);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, run};
    use serde_json::{Value, json};

    fn probe(probe: Value) -> Vec<String> {
        run([deployment(
            json!({"ports": [{"containerPort": 8080, "name": "http"}], "readinessProbe": probe}),
        )])
    }

    #[test]
    fn ports_exist() {
        assert_eq!(probe(json!({"httpGet": {"port": "http"}})), findings([]));
        assert_eq!(probe(json!({"tcpSocket": {"port": 8080}})), findings([]));
        assert_eq!(probe(json!({"tcpSocket": {"port": 1, "host": "db"}})), findings([]));
        assert_eq!(
            probe(json!({"httpGet": {"port": "htpp"}})),
            findings([
                "Deployment/web: spec.template.spec.containers[0].readinessProbe.httpGet.port: the container has no port named `htpp`; did you mean `http`?"
            ])
        );
        assert_eq!(
            probe(json!({"grpc": {"port": 9000}})),
            findings([
                "warning: Deployment/web: spec.template.spec.containers[0].readinessProbe.grpc.port: the container declares no port `9000`; its ports: `8080`"
            ])
        );
    }

    #[test]
    fn one_way_to_ask() {
        assert_eq!(
            probe(json!({"periodSeconds": 1})),
            findings([
                "Deployment/web: spec.template.spec.containers[0].readinessProbe: the probe must have exactly one way to ask; set one of `httpGet`, `tcpSocket`, `grpc` and `exec`"
            ])
        );
    }
}
