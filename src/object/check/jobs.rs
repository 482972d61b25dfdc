//! The pods of a job end: they are not restarted for ever; those of all others are.

use super::finding::{Findings, quoted};
use super::index::Index;
use super::workload::Form;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for workload in &index.workloads {
        let Some(pod) = workload.pod else { continue };
        let policy = pod.restart_policy.as_deref();
        let field = || format!("{}.restartPolicy", workload.path);
        match (workload.form, policy) {
            (Form::Job, Some("Never" | "OnFailure"))
            | (Form::Controller, Some("Always") | None)
            | (Form::Pod, _) => {}
            (Form::Job, policy) => {
                let found = policy.map_or_else(|| "it is not set".to_owned(), quoted);
                let message = format!("the pods of a job must not be restarted always; {found}");
                findings
                    .error(workload.object, field(), message)
                    .help("set `Never` or `OnFailure`");
            }
            (Form::Controller, Some(policy)) => {
                let kind = &workload.object.identity().kind;
                let message = format!("{} is not possible in a {kind}", quoted(policy));
                findings.error(workload.object, field(), message).help("remove the field");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{deployment, findings, object, run, with};
    use serde_json::{Value, json};

    fn job(policy: Value) -> Vec<String> {
        let pod = json!({"restartPolicy": policy, "containers": [{"name": "a", "image": "b"}]});
        run([object("batch/v1", "Job", json!({"template": {"spec": pod}}))])
    }

    #[test]
    fn a_job_ends() {
        assert_eq!(job(json!("Never")), findings([]));
        assert_eq!(
            job(Value::Null),
            findings([
                "Job/web: spec.template.spec.restartPolicy: the pods of a job must not be restarted always; it is not set; set `Never` or `OnFailure`"
            ])
        );
    }

    #[test]
    fn a_deployment_does_not() {
        let never = json!({"spec": {"template": {"spec": {"restartPolicy": "Never"}}}});
        assert_eq!(
            run([with(deployment(json!({})), never)]),
            findings([
                "Deployment/web: spec.template.spec.restartPolicy: `Never` is not possible in a Deployment; remove the field"
            ])
        );
    }
}
