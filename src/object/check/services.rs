//! Services find pods and ports, and no two want the same node port.

use super::finding::{Findings, instead, quoted};
use super::index::{Index, Of};
use super::workload::Workload;
use crate::model::naming::Rule;
use crate::object::Object;
use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use std::collections::{BTreeSet, HashMap};

/// The node ports that a cluster gives out unless it is set up otherwise.
const NODE_PORTS: std::ops::RangeInclusive<i32> = 30000..=32767;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    let mut node_ports: HashMap<(i32, &str), &Object> = HashMap::new();
    for service in &index.services {
        let Some(spec) = &service.it.spec else { continue };
        selector(index, service, spec, findings);
        let list = spec.ports.as_deref().unwrap_or_default();
        ports(service.object, list, findings);
        for (i, port) in list.iter().enumerate() {
            let Some(number) = port.node_port else { continue };
            let field = || format!("spec.ports[{i}].nodePort");
            if !NODE_PORTS.contains(&number) {
                let message = format!("`{number}` is outside of 30000-32767");
                findings
                    .warning(service.object, field(), message)
                    .help("a cluster refuses it unless it was set up with another range");
            }
            let Some(first) = node_ports.insert((number, protocol(port)), service.object) else {
                continue;
            };
            let message = if std::ptr::eq(first, service.object) {
                format!("`{number}` is the node port of two ports")
            } else {
                format!("`{number}` is the node port of `{}` as well", first.identity())
            };
            findings
                .error(service.object, field(), message)
                .help("give one of them another port")
                .related(first);
        }
    }
}

fn selector(
    index: &Index<'_>,
    service: &Of<'_, Service>,
    spec: &ServiceSpec,
    findings: &mut Findings,
) {
    let selector = spec.selector.as_ref().filter(|selector| !selector.is_empty());
    let Some(selector) = selector else { return };
    if spec.type_.as_deref() == Some("ExternalName") {
        return;
    }
    let pods: Vec<_> = index.with_labels(service.namespace, selector).collect();
    if pods.is_empty() {
        let labels: Vec<_> =
            selector.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        let message = format!("no pods of the render carry {}", quoted(&labels.join(", ")));
        findings.error(service.object, "spec.selector", message).help(
            "select by labels of a pod template, or leave the selector empty and bring your own endpoints",
        );
        return;
    }
    for (i, port) in spec.ports.iter().flatten().enumerate() {
        target_port(service.object, i, port, &pods, findings);
    }
}

fn target_port(
    service: &Object,
    i: usize,
    port: &ServicePort,
    pods: &[&Workload<'_>],
    findings: &mut Findings,
) {
    let ports = || pods.iter().flat_map(|workload| workload.ports());
    let is_protocol = |p: &k8s_openapi::api::core::v1::ContainerPort| {
        p.protocol.as_deref().unwrap_or("TCP") == protocol(port)
    };
    match &port.target_port {
        Some(IntOrString::String(name)) => {
            if ports().any(|p| p.name.as_deref() == Some(name) && is_protocol(p)) {
                return;
            }
            let field = format!("spec.ports[{i}].targetPort");
            let message = if ports().any(|p| p.name.as_deref() == Some(name)) {
                format!("the port {} of the pods is not for {}", quoted(name), protocol(port))
            } else {
                format!("the pods have no port named {}", quoted(name))
            };
            let names: BTreeSet<&str> = ports().filter_map(|p| p.name.as_deref()).collect();
            let finding = findings.error(service, field, message);
            finding.help = instead("ports of the pods", name, names);
            relate(finding, pods);
        }
        target => {
            let number = match target {
                Some(IntOrString::Int(number)) => *number,
                _ => port.port,
            };
            // Pods may serve ports that they do not declare; pods that declare some and not this
            // one are most likely a mistake.
            if ports().next().is_none()
                || ports().any(|p| p.container_port == number && is_protocol(p))
            {
                return;
            }
            let field = if target.is_some() { "targetPort" } else { "port" };
            let message = format!("the pods declare no port `{number}/{}`", protocol(port));
            let numbers: BTreeSet<String> = ports().map(|p| p.container_port.to_string()).collect();
            let numbers = numbers.iter().map(String::as_str);
            let finding = findings.warning(service, format!("spec.ports[{i}].{field}"), message);
            finding.help = instead("ports of the pods", &number.to_string(), numbers);
            relate(finding, pods);
        }
    }
}

fn relate(finding: &mut super::Finding, pods: &[&Workload<'_>]) {
    if let Some(workload) = pods.first() {
        finding.related(workload.object);
    }
}

/// Ports by themselves: legal, named where there are several, each once.
fn ports(service: &Object, list: &[ServicePort], findings: &mut Findings) {
    for (i, port) in list.iter().enumerate() {
        let field = |name: &str| format!("spec.ports[{i}].{name}");
        if !(1..=65535).contains(&port.port) {
            let message = format!("`{}` is not a port; it must be in 1-65535", port.port);
            findings.error(service, field("port"), message);
        }
        match port.name.as_deref().unwrap_or_default() {
            "" if list.len() > 1 => {
                findings.error(service, field("name"), "each of several ports needs a name");
            }
            "" => {}
            name => {
                if let Some(broken) = Rule::Label.broken_by(name) {
                    let message = format!("{} is not a legal name: it {broken}", quoted(name));
                    findings.error(service, field("name"), message);
                }
                if list.iter().take(i).any(|p| p.name.as_deref() == Some(name)) {
                    let message = format!("two ports are named {}", quoted(name));
                    findings.error(service, field("name"), message).help("rename one of them");
                }
            }
        }
        let same = |p: &ServicePort| p.port == port.port && protocol(p) == protocol(port);
        if list.iter().take(i).any(same) {
            let message = format!("`{}/{}` stands twice", port.port, protocol(port));
            findings.error(service, field("port"), message).help("remove one of the two");
        }
    }
}

fn protocol(port: &ServicePort) -> &str {
    port.protocol.as_deref().unwrap_or("TCP")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, object, run, with};
    use serde_json::{Value, json};

    fn service(ports: Value) -> Value {
        object("v1", "Service", json!({"selector": {"app": "web"}, "ports": ports}))
    }

    fn web() -> Value {
        deployment(
            json!({"ports": [{"containerPort": 8080, "name": "http"}, {"containerPort": 9090, "name": "metrics"}]}),
        )
    }

    #[test]
    fn pods_are_found() {
        assert_eq!(
            run([service(json!([{"port": 80, "targetPort": "http"}])), web()]),
            findings([])
        );
        let none = with(service(json!([])), json!({"spec": {"selector": {"app": "wbe"}}}));
        let found = run([none, web()]);
        assert!(
            found[0].starts_with(
                "Service/web: spec.selector: no pods of the render carry `app: wbe`; "
            ),
            "{found:?}"
        );
        assert_eq!(run([object("v1", "Service", json!({"ports": [{"port": 80}]}))]), findings([]));
    }

    #[test]
    fn target_ports_exist() {
        assert_eq!(
            run([service(json!([{"port": 80, "targetPort": "htpp"}])), web()]),
            findings([
                "Service/web: spec.ports[0].targetPort: the pods have no port named `htpp`; did you mean `http`?"
            ])
        );
        assert_eq!(
            run([service(json!([{"port": 80, "targetPort": "web"}])), web()]),
            findings([
                "Service/web: spec.ports[0].targetPort: the pods have no port named `web`; ports of the pods: `http`, `metrics`"
            ])
        );
        assert_eq!(
            run([service(json!([{"port": 80}])), web()]),
            findings([
                "warning: Service/web: spec.ports[0].port: the pods declare no port `80/TCP`; ports of the pods: `8080`, `9090`"
            ])
        );
        assert_eq!(
            run([service(json!([{"port": 80, "targetPort": "http", "protocol": "UDP"}])), web()]),
            findings([
                "Service/web: spec.ports[0].targetPort: the port `http` of the pods is not for UDP; ports of the pods: `http`, `metrics`"
            ])
        );
    }

    #[test]
    fn a_sidecar_serves_and_an_init_container_does_not() {
        let sidecar = |policy: Value| {
            let init = json!({"name": "proxy", "image": "x", "restartPolicy": policy, "ports": [{"containerPort": 1, "name": "proxy"}]});
            let web =
                with(web(), json!({"spec": {"template": {"spec": {"initContainers": [init]}}}}));
            run([service(json!([{"port": 80, "targetPort": "proxy"}])), web]).len()
        };
        assert_eq!((sidecar(json!("Always")), sidecar(Value::Null)), (0, 1));
    }

    #[test]
    fn ports_stand_once() {
        let twice = json!([{"name": "a", "port": 80, "targetPort": "http"}, {"name": "a", "port": 80, "targetPort": "http"}]);
        assert_eq!(
            run([service(twice), web()]),
            findings([
                "Service/web: spec.ports[1].name: two ports are named `a`; rename one of them",
                "Service/web: spec.ports[1].port: `80/TCP` stands twice; remove one of the two",
            ])
        );
    }

    #[test]
    fn node_ports_are_free_and_in_range() {
        let ports = |node: i32| json!([{"port": 80, "targetPort": "http", "nodePort": node}]);
        let other = with(service(ports(30080)), json!({"metadata": {"name": "other"}}));
        assert_eq!(
            run([service(ports(30080)), other, web()]),
            findings([
                "Service/web: spec.ports[0].nodePort: `30080` is the node port of `Service/other` as well; give one of them another port"
            ])
        );
        let found = run([service(ports(80)), web()]);
        assert!(
            found[0].starts_with("warning: Service/web: spec.ports[0].nodePort: `80` is outside"),
            "{found:?}"
        );
    }
}
