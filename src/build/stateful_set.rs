//! The StatefulSet of a service.

use super::Context;
use super::claim::claim_spec;
use super::names::service_name;
use super::pod::template;
use crate::leaf::{To as _, nonempty, part};
use crate::model::{Service, Strategy, StrategyType, Workload};
use k8s_openapi::api::apps::v1 as apps;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

/// The StatefulSet; none where something else runs the service.
pub fn stateful_set(cx: &Context, s: &Service) -> Option<apps::StatefulSet> {
    if s.kind.get() != Workload::StatefulSet {
        return None;
    }
    Some(apps::StatefulSet {
        metadata: ObjectMeta {
            annotations: nonempty(s.annotations.to()),
            ..cx.metadata(&s.name, s.name.to(), &s.labels)
        },
        spec: apps::StatefulSetSpec {
            replicas: if s.autoscaling.enabled.get() { None } else { s.replicas.to() },
            selector: LabelSelector {
                match_labels: Some(cx.selector(&s.name)),
                ..LabelSelector::default()
            },
            service_name: s.ports.some(|| service_name(s)),
            update_strategy: Some(part(|| strategy(&s.strategy))),
            template: part(|| template(cx, s)),
            volume_claim_templates: nonempty(s.persistence.filter_map(|name, volume| {
                if volume.existing_claim.is_set() {
                    return None;
                }
                Some(core::PersistentVolumeClaim {
                    metadata: ObjectMeta {
                        name: name.to(),
                        annotations: nonempty(volume.annotations.to()),
                        ..ObjectMeta::default()
                    },
                    spec: Some(claim_spec(volume)),
                    ..core::PersistentVolumeClaim::default()
                })
            })),
            min_ready_seconds: s.min_ready_seconds.to(),
            revision_history_limit: s.revision_history_limit.to(),
            ..apps::StatefulSetSpec::default()
        },
        ..apps::StatefulSet::default()
    })
}

fn strategy(x: &Strategy) -> apps::StatefulSetUpdateStrategy {
    let rolling = x.kind.get() == StrategyType::RollingUpdate && x.max_unavailable.is_set();
    apps::StatefulSetUpdateStrategy {
        type_: x.kind.to(),
        rolling_update: rolling.then(|| apps::RollingUpdateStatefulSetStrategy {
            max_unavailable: x.max_unavailable.to(),
            ..apps::RollingUpdateStatefulSetStrategy::default()
        }),
    }
}
