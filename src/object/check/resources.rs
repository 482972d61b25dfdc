//! Requests and limits are quantities of known resources, and requests stay within limits.

use super::finding::{Findings, quoted};
use super::index::Index;
use super::workload::Workload;
use crate::model::Amount;
use crate::model::naming::is_label_key;
use crate::values::nearest::nearest;
use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use std::collections::BTreeMap;

/// The resources that containers have of themselves; others have a domain (`nvidia.com/gpu`).
const KNOWN: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for workload in &index.workloads {
        for container in workload.containers() {
            if let Some(resources) = &container.it.resources {
                requirements(workload, resources, &|| container.path(), findings);
            }
        }
        if let Some(resources) = workload.pod.and_then(|pod| pod.resources.as_ref()) {
            requirements(workload, resources, &|| workload.path.to_owned(), findings);
        }
        for (i, volume) in workload.pod.iter().flat_map(|p| p.volumes.iter().flatten()).enumerate()
        {
            if let Some(limit) = volume.empty_dir.as_ref().and_then(|e| e.size_limit.as_ref())
                && let Err(error) = limit.0.parse::<Amount>()
            {
                let field = format!("{}.volumes[{i}].emptyDir.sizeLimit", workload.path);
                findings.error(workload.object, field, error.to_string());
            }
        }
    }
}

fn requirements(
    workload: &Workload<'_>,
    resources: &ResourceRequirements,
    path: &dyn Fn() -> String,
    findings: &mut Findings,
) {
    let limits = amounts(workload, resources.limits.as_ref(), "limits", path, findings);
    let requests = amounts(workload, resources.requests.as_ref(), "requests", path, findings);
    for (name, request, asked) in &requests {
        if let Some((_, limit, most)) = limits.iter().find(|(n, _, _)| n == name)
            && request > limit
        {
            let field = format!("{}.resources.requests.{name}", path());
            let message =
                format!("the request {} exceeds the limit {}", quoted(asked), quoted(most));
            findings
                .error(workload.object, field, message)
                .help("lower the request or raise the limit");
        }
    }
}

fn amounts<'a>(
    workload: &Workload<'_>,
    list: Option<&'a BTreeMap<String, Quantity>>,
    which: &str,
    path: &dyn Fn() -> String,
    findings: &mut Findings,
) -> Vec<(&'a str, Amount, &'a str)> {
    let mut amounts = Vec::with_capacity(list.map_or(0, BTreeMap::len));
    for (name, Quantity(text)) in list.into_iter().flatten() {
        let field = || format!("{}.resources.{which}.{name}", path());
        if !is_known(name) {
            let message = format!("{} is not a resource", quoted(name));
            let help = nearest(name, KNOWN).map_or_else(
                || "use `cpu`, `memory`, `ephemeral-storage`, `hugepages-<size>` or a name with a domain, such as `nvidia.com/gpu`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            findings.error(workload.object, field(), message).help(help);
        }
        match text.parse::<Amount>() {
            Ok(amount) if amount.is_negative() => {
                let message = format!("{} is less than nothing", quoted(text));
                findings.error(workload.object, field(), message);
            }
            Ok(amount) => amounts.push((name.as_str(), amount, text.as_str())),
            Err(error) => {
                findings.error(workload.object, field(), error.to_string());
            }
        }
    }
    amounts
}

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
        || name.starts_with("hugepages-")
        || (name.contains('/') && is_label_key(name))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, run};
    use serde_json::{Value, json};

    fn resources(requests: Value, limits: Value) -> Vec<String> {
        run([deployment(json!({"resources": {"requests": requests, "limits": limits}}))])
    }

    #[test]
    fn requests_stay_within_limits() {
        let limits = json!({"cpu": "0.5", "memory": "1Gi", "nvidia.com/gpu": 1});
        assert_eq!(resources(json!({"cpu": "500m", "memory": "1024Mi"}), limits), findings([]));
        assert_eq!(
            resources(json!({"cpu": "501m"}), json!({"cpu": "0.5"})),
            findings([
                "Deployment/web: spec.template.spec.containers[0].resources.requests.cpu: the request `501m` exceeds the limit `0.5`; lower the request or raise the limit"
            ])
        );
    }

    #[test]
    fn amounts_and_names_are_legal() {
        assert_eq!(
            resources(json!({"cpu": "-1", "memry": "1Gi"}), json!({"memory": "256MB"})),
            findings([
                "Deployment/web: spec.template.spec.containers[0].resources.limits.memory: `256MB` is not a quantity; write a number with an optional unit, such as `250m`, `0.5`, `128Mi`, `2G`",
                "Deployment/web: spec.template.spec.containers[0].resources.requests.cpu: `-1` is less than nothing",
                "Deployment/web: spec.template.spec.containers[0].resources.requests.memry: `memry` is not a resource; did you mean `memory`?",
            ])
        );
    }
}
