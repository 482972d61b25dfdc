//! The Service in front of a service's pods.

use super::Context;
use super::names::service_name;
use crate::leaf::{To as _, nonempty};
use crate::model::{Service, ServiceType};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// The Service; none where there is no port, or where it is turned off.
pub fn service(cx: &Context, s: &Service) -> Option<core::Service> {
    if s.ports.is_empty() || !s.service.enabled.get() {
        return None;
    }
    Some(core::Service {
        metadata: ObjectMeta {
            annotations: nonempty(s.service.annotations.to()),
            ..cx.metadata(&s.name, service_name(s), &s.labels)
        },
        spec: Some(core::ServiceSpec {
            type_: s.service.kind.to(),
            cluster_ip: s.service.headless.then(|| "None".to_owned()),
            selector: Some(cx.selector(&s.name)),
            ports: Some(s.ports.each(|name, port| core::ServicePort {
                name: name.to(),
                port: port.port.to(),
                target_port: name.to(),
                protocol: port.protocol.to(),
                app_protocol: port.app_protocol.to(),
                node_port: match s.service.kind.get() {
                    ServiceType::ClusterIP => None,
                    ServiceType::NodePort | ServiceType::LoadBalancer => port.node_port.to(),
                },
            })),
            external_traffic_policy: s.service.external_traffic_policy.to(),
            load_balancer_class: s.service.load_balancer_class.to(),
            load_balancer_source_ranges: nonempty(s.service.load_balancer_source_ranges.to()),
            session_affinity: s.service.session_affinity_seconds.map(|_| "ClientIP".to_owned()),
            session_affinity_config: s.service.session_affinity_seconds.map(|seconds| {
                core::SessionAffinityConfig {
                    client_ip: Some(core::ClientIPConfig { timeout_seconds: seconds.to() }),
                }
            }),
            ..core::ServiceSpec::default()
        }),
        ..core::Service::default()
    })
}
