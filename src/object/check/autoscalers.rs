//! An autoscaler has a target that leaves the number of replicas to it, and sane bounds.

use super::finding::{Findings, instead, quoted};
use super::index::Index;
use super::workload::Workload;
use crate::object::Object;
use k8s_openapi::api::autoscaling::{v1, v2};
use std::collections::HashMap;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    let mut workloads = None;
    for object in index.objects.iter().filter(|o| o.identity().kind == "HorizontalPodAutoscaler") {
        let Some(scaler) = Scaler::of(object) else { continue };
        // Only renders with autoscalers pay for the lookup.
        let workloads = workloads.get_or_insert_with(|| by_name(index));
        bounds(object, &scaler, findings);
        let namespace = object.identity().namespace.as_deref().unwrap_or_default();
        match workloads.get(&(namespace, scaler.kind, scaler.name)) {
            Some(workload) => target(object, &scaler, workload, findings),
            None => missing(index, object, &scaler, namespace, findings),
        }
    }
}

struct Scaler<'a> {
    kind: &'a str,
    name: &'a str,
    min: Option<i32>,
    max: i32,
    /// Resources of which the pods' requests are the measure.
    shares: Vec<&'a str>,
}

impl<'a> Scaler<'a> {
    fn of(object: &'a Object) -> Option<Self> {
        if let Some(scaler) = object.get::<v2::HorizontalPodAutoscaler>() {
            let spec = &scaler.spec;
            let resources = spec.metrics.iter().flatten().filter_map(|m| m.resource.as_ref());
            return Some(Self {
                kind: &spec.scale_target_ref.kind,
                name: &spec.scale_target_ref.name,
                min: spec.min_replicas,
                max: spec.max_replicas,
                shares: resources
                    .filter(|resource| resource.target.average_utilization.is_some())
                    .map(|resource| resource.name.as_str())
                    .collect(),
            });
        }
        let spec = &object.get::<v1::HorizontalPodAutoscaler>()?.spec;
        Some(Self {
            kind: &spec.scale_target_ref.kind,
            name: &spec.scale_target_ref.name,
            min: spec.min_replicas,
            max: spec.max_replicas,
            shares: spec.target_cpu_utilization_percentage.map(|_| "cpu").into_iter().collect(),
        })
    }
}

type Workloads<'i, 'a> = HashMap<(&'i str, &'i str, &'i str), &'i Workload<'a>>;

fn by_name<'i, 'a>(index: &'i Index<'a>) -> Workloads<'i, 'a> {
    let key = |w: &'i Workload<'a>| {
        let identity = w.object.identity();
        (w.namespace, identity.kind.as_ref(), identity.name.as_str())
    };
    index.workloads.iter().map(|workload| (key(workload), workload)).collect()
}

fn bounds(object: &Object, scaler: &Scaler<'_>, findings: &mut Findings) {
    let min = scaler.min.unwrap_or(1);
    if scaler.max < 1 {
        let message = format!("`{}` is less than 1", scaler.max);
        findings.error(object, "spec.maxReplicas", message);
    } else if min > scaler.max {
        let message = format!("`{min}` exceeds `maxReplicas`, which is `{}`", scaler.max);
        findings
            .error(object, "spec.minReplicas", message)
            .help("lower `minReplicas` or raise `maxReplicas`");
    }
}

fn target(object: &Object, scaler: &Scaler<'_>, workload: &Workload<'_>, findings: &mut Findings) {
    if workload.replicas.is_some() {
        let message = format!(
            "the autoscaler `{}` owns the number of replicas, and each apply would set it back",
            object.identity()
        );
        findings
            .error(workload.object, "spec.replicas", message)
            .help("leave `replicas` unset")
            .related(object);
    }
    for resource in &scaler.shares {
        let without = workload.containers().filter(|c| c.serves()).find(|container| {
            let resources = container.it.resources.as_ref();
            // A limit alone is taken for the request as well.
            !resources.is_some_and(|r| {
                [&r.requests, &r.limits]
                    .into_iter()
                    .flatten()
                    .any(|list| list.contains_key(*resource))
            })
        });
        if let Some(container) = without {
            let field = format!("{}.resources.requests", container.path());
            let message = format!(
                "the autoscaler `{}` measures {} against the request, and there is none",
                object.identity(),
                quoted(resource)
            );
            findings
                .warning(workload.object, field, message)
                .help("request it, or the autoscaler cannot scale")
                .related(object);
        }
    }
}

fn missing(
    index: &Index<'_>,
    object: &Object,
    scaler: &Scaler<'_>,
    namespace: &str,
    findings: &mut Findings,
) {
    let is_it = |o: &&Object| {
        let identity = o.identity();
        identity.kind == scaler.kind
            && identity.namespace.as_deref().unwrap_or_default() == namespace
    };
    let names: Vec<_> = index.objects.iter().filter(is_it).map(|o| &*o.identity().name).collect();
    // A custom resource can be scaled too.
    if names.contains(&scaler.name) || index.external.contains(scaler.kind, scaler.name) {
        return;
    }
    let target = format!("{}/{}", scaler.kind, scaler.name);
    let message = format!("there is no {} in the render", quoted(&target));
    findings.error(object, "spec.scaleTargetRef", message).help =
        instead("there are", scaler.name, names);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, object, run, with};
    use serde_json::{Value, json};

    fn scaler(more: Value) -> Value {
        let spec = json!({"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "maxReplicas": 3});
        object("autoscaling/v2", "HorizontalPodAutoscaler", with(spec, more))
    }

    #[test]
    fn the_target_exists_and_leaves_replicas_alone() {
        assert_eq!(run([scaler(json!({})), deployment(json!({}))]), findings([]));
        assert_eq!(
            run([scaler(json!({"scaleTargetRef": {"name": "wbe"}})), deployment(json!({}))]),
            findings([
                "HorizontalPodAutoscaler/web: spec.scaleTargetRef: there is no `Deployment/wbe` in the render; did you mean `web`?"
            ])
        );
        assert_eq!(
            run([scaler(json!({})), with(deployment(json!({})), json!({"spec": {"replicas": 2}}))]),
            findings([
                "Deployment/web: spec.replicas: the autoscaler `HorizontalPodAutoscaler/web` owns the number of replicas, and each apply would set it back; leave `replicas` unset"
            ])
        );
    }

    #[test]
    fn bounds_are_in_order() {
        assert_eq!(
            run([scaler(json!({"minReplicas": 4})), deployment(json!({}))]),
            findings([
                "HorizontalPodAutoscaler/web: spec.minReplicas: `4` exceeds `maxReplicas`, which is `3`; lower `minReplicas` or raise `maxReplicas`"
            ])
        );
    }

    #[test]
    fn utilization_needs_requests() {
        let cpu = json!({"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]});
        let with_request = deployment(json!({"resources": {"requests": {"cpu": "1"}}}));
        assert_eq!(run([scaler(cpu.clone()), with_request]), findings([]));
        let found = run([scaler(cpu), deployment(json!({}))]);
        assert!(
            found[0].starts_with(
                "warning: Deployment/web: spec.template.spec.containers[0].resources.requests: "
            ),
            "{found:?}"
        );
    }
}
