//! The Ingress of a service.

use super::Context;
use super::names::service_name;
use crate::leaf::{One, To as _, Val, nonempty};
use crate::model::{PathType, Service};
use k8s_openapi::api::networking::v1 as networking;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// The Ingress; none where it is turned off.
pub fn ingress(cx: &Context, s: &Service) -> Option<networking::Ingress> {
    if !s.ingress.enabled.get() {
        return None;
    }
    Some(networking::Ingress {
        metadata: ObjectMeta {
            annotations: nonempty(s.ingress.annotations.to()),
            ..cx.metadata(&s.name, s.name.to(), &s.labels)
        },
        spec: Some(networking::IngressSpec {
            ingress_class_name: s.ingress.class_name.to(),
            rules: nonempty(s.ingress.hosts.each(|host, to| networking::IngressRule {
                host: host.to(),
                http: Some(networking::HTTPIngressRuleValue {
                    paths: vec![networking::HTTPIngressPath {
                        path: Some(to.path.or(&Val::from("/")).to()),
                        path_type: to.path_type.or(&One::Plain(PathType::Prefix)).to(),
                        backend: networking::IngressBackend {
                            service: Some(networking::IngressServiceBackend {
                                name: service_name(s),
                                port: Some(networking::ServiceBackendPort {
                                    name: Some(to.port.or(&Val::from("http")).to()),
                                    ..networking::ServiceBackendPort::default()
                                }),
                            }),
                            ..networking::IngressBackend::default()
                        },
                    }],
                }),
            })),
            tls: nonempty(s.ingress.hosts.filter_map(|host, to| {
                let secret = to.tls_secret.get()?;
                Some(networking::IngressTLS {
                    hosts: Some(vec![host.to()]),
                    secret_name: secret.to(),
                })
            })),
            ..networking::IngressSpec::default()
        }),
        ..networking::Ingress::default()
    })
}
