//! The HorizontalPodAutoscaler of a service.

use super::Context;
use crate::leaf::{To as _, Val, nonempty};
use crate::model::{Positive, Service, Workload};
use k8s_openapi::api::autoscaling::v2 as hpa;

/// The autoscaler; none where it is turned off.
pub fn autoscaler(cx: &Context, s: &Service) -> Option<hpa::HorizontalPodAutoscaler> {
    if !s.autoscaling.enabled.get() {
        return None;
    }
    let kind = match s.kind.get() {
        Workload::None => return None,
        Workload::Deployment => "Deployment",
        Workload::StatefulSet => "StatefulSet",
    };
    let a = &s.autoscaling;
    let mut metrics = Vec::new();
    metrics.extend(a.target_cpu.map(|percent| utilization("cpu", percent)));
    metrics.extend(a.target_memory.map(|percent| utilization("memory", percent)));
    metrics.extend(a.metrics.each(|metric| metric.to()));
    Some(hpa::HorizontalPodAutoscaler {
        metadata: cx.metadata(&s.name, s.name.to(), &s.labels),
        spec: hpa::HorizontalPodAutoscalerSpec {
            scale_target_ref: hpa::CrossVersionObjectReference {
                api_version: Some("apps/v1".to_owned()),
                kind: kind.to_owned(),
                name: s.name.to(),
            },
            min_replicas: a.min_replicas.to(),
            max_replicas: a.max_replicas.to(),
            metrics: nonempty(metrics),
            behavior: a.behavior.to(),
        },
        ..hpa::HorizontalPodAutoscaler::default()
    })
}

fn utilization(resource: &str, percent: &Val<Positive>) -> hpa::MetricSpec {
    hpa::MetricSpec {
        type_: "Resource".to_owned(),
        resource: Some(hpa::ResourceMetricSource {
            name: resource.to_owned(),
            target: hpa::MetricTarget {
                type_: "Utilization".to_owned(),
                average_utilization: percent.to(),
                ..hpa::MetricTarget::default()
            },
        }),
        ..hpa::MetricSpec::default()
    }
}
