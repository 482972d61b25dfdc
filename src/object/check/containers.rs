//! Names, variables and ports of containers are legal and stand once.
//!
//! Two entries of one key are not only ambiguous: they break server-side apply, which merges these
//! lists by the key (kubernetes#113482).

use super::finding::{Findings, quoted};
use super::index::Index;
use super::workload::{Container, Workload};
use crate::model::naming::{Rule, is_env_name};

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for workload in &index.workloads {
        let containers: Vec<Container<'_>> = workload.containers().collect();
        if workload.pod.is_none_or(|pod| pod.containers.is_empty()) {
            findings.error(workload.object, workload.path, "the pods have no containers");
        }
        for (i, container) in containers.iter().enumerate() {
            let name = &container.it.name;
            if let Some(broken) = Rule::Label.broken_by(name) {
                let message = format!("{} is not a legal name: it {broken}", quoted(name));
                findings.error(workload.object, format!("{}.name", container.path()), message);
            }
            if let Some(first) = containers.iter().take(i).find(|c| c.it.name == *name) {
                let message = format!("{} is the name of `{}` as well", quoted(name), first.path());
                findings
                    .error(workload.object, format!("{}.name", container.path()), message)
                    .help("give one of them another name");
            }
            if container.it.image.as_ref().is_none_or(String::is_empty) {
                let field = format!("{}.image", container.path());
                findings.error(workload.object, field, "the container has no image");
            }
            env(workload, container, findings);
            ports(workload, container, findings);
        }
        let main = workload.containers().filter(Container::serves);
        port_names(workload, main, findings);
    }
}

fn env(workload: &Workload<'_>, container: &Container<'_>, findings: &mut Findings) {
    let list = container.it.env.as_deref().unwrap_or_default();
    for (i, variable) in list.iter().enumerate() {
        let field = || format!("{}.env[{i}]", container.path());
        if !is_env_name(&variable.name) {
            let message = format!("{} is not a legal name of a variable", quoted(&variable.name));
            findings
                .error(workload.object, format!("{}.name", field()), message)
                .help("a name is printable ASCII without `=`");
        }
        if variable.value.as_ref().is_some_and(|v| !v.is_empty()) && variable.value_from.is_some() {
            let message = format!("{} has both `value` and `valueFrom`", quoted(&variable.name));
            findings.error(workload.object, field(), message).help("keep one of the two");
        }
    }
    if let Some((first, again)) = twice(list.iter().map(|variable| &variable.name)) {
        let message =
            format!("{} is set twice, first at `env[{first}]`", quoted(&list[again].name));
        findings
            .error(workload.object, format!("{}.env[{again}].name", container.path()), message)
            .help("remove one of the two");
    }
}

fn ports(workload: &Workload<'_>, container: &Container<'_>, findings: &mut Findings) {
    let list = container.it.ports.as_deref().unwrap_or_default();
    for (i, port) in list.iter().enumerate() {
        let field = |name: &str| format!("{}.ports[{i}].{name}", container.path());
        if !(1..=65535).contains(&port.container_port) {
            let message = format!("`{}` is not a port; it must be in 1-65535", port.container_port);
            findings.error(workload.object, field("containerPort"), message);
        }
        if let Some(name) = &port.name
            && let Some(broken) = Rule::Port.broken_by(name)
        {
            let message = format!("{} is not a legal name of a port: it {broken}", quoted(name));
            findings.error(workload.object, field("name"), message);
        }
    }
    let key = |port: usize| {
        let protocol = list[port].protocol.as_deref().unwrap_or("TCP");
        (list[port].container_port, protocol)
    };
    if let Some((first, again)) = twice((0..list.len()).map(key)) {
        let (port, protocol) = key(again);
        let message = format!("`{port}/{protocol}` stands twice, first at `ports[{first}]`");
        let field = format!("{}.ports[{again}].containerPort", container.path());
        findings.error(workload.object, field, message).help("remove one of the two");
    }
}

/// A port's name stands once in the pod: Services and probes refer to it without a container.
fn port_names<'a>(
    workload: &Workload<'a>,
    containers: impl Iterator<Item = Container<'a>>,
    findings: &mut Findings,
) {
    let ports: Vec<_> = containers
        .flat_map(|c| {
            let list = c.it.ports.as_deref().unwrap_or_default().iter().enumerate();
            list.filter_map(move |(i, port)| Some((c, i, port.name.as_deref()?)))
        })
        .collect();
    if let Some((first, again)) = twice(ports.iter().map(|(_, _, name)| name)) {
        let ((a, i, _), (b, j, name)) = (ports[first], ports[again]);
        let message = format!("{} names `{}.ports[{i}]` as well", quoted(name), a.path());
        findings
            .error(workload.object, format!("{}.ports[{j}].name", b.path()), message)
            .help("give one of them another name");
    }
}

/// The first two equal items.
fn twice<T: Ord>(items: impl Iterator<Item = T>) -> Option<(usize, usize)> {
    /// Up to here, comparing each with each is quicker than sorting.
    const SHORT: usize = 16;
    let items: Vec<T> = items.collect();
    if items.len() <= SHORT {
        return (1..items.len()).find_map(|again| {
            let first = items.iter().take(again).position(|item| *item == items[again])?;
            Some((first, again))
        });
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|&a, &b| items[a].cmp(&items[b]));
    let pairs = order.windows(2).map(|pair| (pair[0], pair[1]));
    pairs.filter(|&(a, b)| items[a] == items[b]).min_by_key(|&(_, again)| again)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, run, with};
    use serde_json::json;

    #[test]
    fn twice_is_an_error() {
        let web = deployment(json!({
            "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}, {"name": "A", "value": "2"}],
            "ports": [{"containerPort": 80, "name": "a"}, {"containerPort": 80, "protocol": "UDP", "name": "b"}, {"containerPort": 80, "protocol": "TCP", "name": "a"}],
        }));
        assert_eq!(
            run([web]),
            findings([
                "Deployment/web: spec.template.spec.containers[0].env[2].name: `A` is set twice, first at `env[0]`; remove one of the two",
                "Deployment/web: spec.template.spec.containers[0].ports[2].containerPort: `80/TCP` stands twice, first at `ports[0]`; remove one of the two",
                "Deployment/web: spec.template.spec.containers[0].ports[2].name: `a` names `spec.template.spec.containers[0].ports[0]` as well; give one of them another name",
            ])
        );
    }

    #[test]
    fn twice_is_found_in_short_and_long_lists() {
        for length in [2, 16, 17, 100] {
            let mut items: Vec<usize> = (0..length).collect();
            assert_eq!(super::twice(items.iter()), None);
            items[length - 1] = 0;
            assert_eq!(super::twice(items.iter()), Some((0, length - 1)));
        }
    }

    #[test]
    fn names_are_legal_and_stand_once() {
        let init = json!({"spec": {"template": {"spec": {"initContainers": [{"name": "main", "image": "x", "env": [{"name": "a=b"}]}, {"name": "B", "image": ""}]}}}});
        let found =
            run([with(deployment(json!({"ports": [{"containerPort": 0, "name": "80"}]})), init)]);
        assert_eq!(
            found,
            findings([
                "Deployment/web: spec.template.spec.initContainers[0].env[0].name: `a=b` is not a legal name of a variable; a name is printable ASCII without `=`",
                "Deployment/web: spec.template.spec.initContainers[1].name: `B` is not a legal name: it must consist of lowercase letters, digits and `-`, and start and end with a letter or digit",
                "Deployment/web: spec.template.spec.initContainers[1].image: the container has no image",
                "Deployment/web: spec.template.spec.containers[0].name: `main` is the name of `spec.template.spec.initContainers[0]` as well; give one of them another name",
                "Deployment/web: spec.template.spec.containers[0].ports[0].containerPort: `0` is not a port; it must be in 1-65535",
                "Deployment/web: spec.template.spec.containers[0].ports[0].name: `80` is not a legal name of a port: it must consist of lowercase letters, digits and single `-`, hold a letter, and start and end with a letter or digit",
            ])
        );
    }
}
