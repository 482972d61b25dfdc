//! Probes of a container.

use crate::leaf::{To as _, nonempty};
use crate::model::{Check, Probe};
use k8s_openapi::api::core::v1 as core;

/// The probe; none where it is turned off.
pub(super) fn probe(p: &Probe) -> Option<core::Probe> {
    p.enabled.then(|| {
        let kind = p.kind.get();
        core::Probe {
            http_get: (kind == Check::Http).then(|| core::HTTPGetAction {
                path: p.path.to(),
                port: p.port.to(),
                scheme: p.scheme.to(),
                http_headers: nonempty(
                    p.headers.each(|name, value| core::HTTPHeader {
                        name: name.to(),
                        value: value.to(),
                    }),
                ),
                ..core::HTTPGetAction::default()
            }),
            tcp_socket: (kind == Check::Tcp)
                .then(|| core::TCPSocketAction { port: p.port.to(), ..Default::default() }),
            exec: (kind == Check::Exec)
                .then(|| core::ExecAction { command: nonempty(p.command.to()) }),
            grpc: match kind {
                Check::Grpc => p.grpc_port.map(|port| core::GRPCAction {
                    port: port.to(),
                    ..core::GRPCAction::default()
                }),
                _ => None,
            },
            initial_delay_seconds: p.initial_delay_seconds.to(),
            period_seconds: p.period_seconds.to(),
            timeout_seconds: p.timeout_seconds.to(),
            success_threshold: p.success_threshold.to(),
            failure_threshold: p.failure_threshold.to(),
            ..core::Probe::default()
        }
    })
}
