//! A rollout can proceed: room to replace a pod, and a Service for a StatefulSet's host names.

use super::finding::{Findings, instead, quoted};
use super::index::{Index, Named};
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for workload in &index.workloads {
        if let Some(deployment) = workload.object.get::<Deployment>()
            && let Some(strategy) = &deployment.spec.strategy
            && let Some(rolling) = &strategy.rolling_update
        {
            let field = "spec.strategy.rollingUpdate";
            if strategy.type_.as_deref() == Some("Recreate") {
                let message = "`Recreate` replaces all pods at once and takes no such settings";
                findings
                    .error(workload.object, field, message)
                    .help("remove the field, or use `RollingUpdate`");
            }
            if is_zero(rolling.max_surge.as_ref()) && is_zero(rolling.max_unavailable.as_ref()) {
                let message =
                    "`maxSurge` and `maxUnavailable` are both 0, so that no pod could be replaced";
                findings.error(workload.object, field, message).help("set one of them to 1");
            }
        }
        if let Some(set) = workload.object.get::<StatefulSet>()
            && let Some(name) = set.spec.service_name.as_deref().filter(|name| !name.is_empty())
            && index.find(Named::Service, workload.namespace, name).is_none()
            && !index.is_elsewhere(Named::Service, workload.namespace, name)
        {
            let message = format!("there is no Service {} in the render", quoted(name));
            let names = index.names(Named::Service, workload.namespace);
            let finding = findings.error(workload.object, "spec.serviceName", message);
            finding.help = instead("there are", name, names);
        }
        if workload.replicas.is_some_and(|replicas| replicas < 0) {
            let message =
                format!("`{}` is less than nothing", workload.replicas.unwrap_or_default());
            findings.error(workload.object, "spec.replicas", message);
        }
    }
}

/// Whether a setting is 0 or 0%. Unset, it is 25%.
fn is_zero(value: Option<&IntOrString>) -> bool {
    match value {
        None => false,
        Some(IntOrString::Int(number)) => *number == 0,
        Some(IntOrString::String(text)) => {
            text.strip_suffix('%').is_some_and(|percent| percent.parse() == Ok(0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, object, run, with};
    use serde_json::{Value, json};

    fn rolling(surge: Value, unavailable: Value) -> Vec<String> {
        let settings = json!({"maxSurge": surge, "maxUnavailable": unavailable});
        let strategy = json!({"spec": {"strategy": {"rollingUpdate": settings}}});
        run([with(deployment(json!({})), strategy)])
    }

    #[test]
    fn a_pod_can_be_replaced() {
        assert_eq!(rolling(json!(1), json!(0)), findings([]));
        assert_eq!(rolling(json!(0), Value::Null), findings([]));
        assert_eq!(
            rolling(json!("0%"), json!(0)),
            findings([
                "Deployment/web: spec.strategy.rollingUpdate: `maxSurge` and `maxUnavailable` are both 0, so that no pod could be replaced; set one of them to 1"
            ])
        );
    }

    #[test]
    fn a_stateful_set_has_its_service() {
        let mut set = with(deployment(json!({})), json!({"spec": {"serviceName": "web"}}));
        set["kind"] = json!("StatefulSet");
        assert_eq!(
            run([set.clone()]),
            findings([
                "StatefulSet/web: spec.serviceName: there is no Service `web` in the render"
            ])
        );
        assert_eq!(
            run([
                set,
                object("v1", "Service", json!({"clusterIP": "None", "selector": {"app": "web"}}))
            ]),
            findings([])
        );
    }
}
