//! The Deployment of a service.

use super::Context;
use super::pod::template;
use crate::leaf::{To as _, nonempty, part};
use crate::model::{Service, Strategy, StrategyType, Workload};
use k8s_openapi::api::apps::v1 as apps;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

/// The Deployment; none where something else runs the service.
pub fn deployment(cx: &Context, s: &Service) -> Option<apps::Deployment> {
    if s.kind.get() != Workload::Deployment {
        return None;
    }
    Some(apps::Deployment {
        metadata: ObjectMeta {
            annotations: nonempty(s.annotations.to()),
            ..cx.metadata(&s.name, s.name.to(), &s.labels)
        },
        spec: apps::DeploymentSpec {
            replicas: if s.autoscaling.enabled.get() { None } else { s.replicas.to() },
            selector: LabelSelector {
                match_labels: Some(cx.selector(&s.name)),
                ..LabelSelector::default()
            },
            strategy: Some(part(|| strategy(&s.strategy))),
            template: part(|| template(cx, s)),
            min_ready_seconds: s.min_ready_seconds.to(),
            progress_deadline_seconds: s.progress_deadline_seconds.to(),
            revision_history_limit: s.revision_history_limit.to(),
            ..apps::DeploymentSpec::default()
        },
        ..apps::Deployment::default()
    })
}

fn strategy(x: &Strategy) -> apps::DeploymentStrategy {
    let rolling = x.kind.get() == StrategyType::RollingUpdate;
    let surge = x.max_surge.is_set() || x.max_unavailable.is_set();
    apps::DeploymentStrategy {
        type_: x.kind.to(),
        rolling_update: (rolling && surge).then(|| apps::RollingUpdateDeployment {
            max_surge: x.max_surge.to(),
            max_unavailable: x.max_unavailable.to(),
        }),
    }
}
