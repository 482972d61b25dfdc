//! The container of a service.

use super::Context;
use super::names::{config_name, secret_name};
use super::probe::probe;
use super::volume::{job_mounts, mounts};
use crate::leaf::{List, Map, Scalar, Text, To as _, Val, Word, nonempty, part};
use crate::model::{EnvName, Image, Resources, Security, Service, Setting};
use k8s_openapi::api::core::v1 as core;

/// The container that runs the service.
pub(super) fn container(cx: &Context, s: &Service) -> core::Container {
    core::Container {
        command: nonempty(s.command.to()),
        args: nonempty(s.args.to()),
        env: nonempty(environment(s, None)),
        ports: nonempty(s.ports.each(|name, port| core::ContainerPort {
            name: name.to(),
            container_port: port.target_port.or(&port.port).to(),
            protocol: port.protocol.to(),
            ..core::ContainerPort::default()
        })),
        liveness_probe: probe(&s.probes.liveness),
        readiness_probe: probe(&s.probes.readiness),
        startup_probe: probe(&s.probes.startup),
        lifecycle: s.lifecycle.to(),
        volume_mounts: nonempty(mounts(s)),
        ..task(cx, s)
    }
}

/// The container of one of the service's jobs: its image, environment and limits, without ports
/// and probes.
pub(super) fn job_container(
    cx: &Context,
    s: &Service,
    command: &List<Text>,
    args: &List<Text>,
    env: &Map<Val<Setting>, EnvName>,
) -> core::Container {
    core::Container {
        command: nonempty(command.to()),
        args: nonempty(args.to()),
        env: nonempty(environment(s, Some(env))),
        volume_mounts: nonempty(job_mounts(s)),
        ..task(cx, s)
    }
}

/// What service and jobs share.
fn task(cx: &Context, s: &Service) -> core::Container {
    core::Container {
        name: s.name.to(),
        image: Some(image(cx, &s.image)),
        image_pull_policy: s.image.pull_policy.to(),
        working_dir: s.working_dir.to(),
        env_from: nonempty(sources(s)),
        resources: resources(&s.resources),
        security_context: Some(part(|| security(&s.security))),
        ..core::Container::default()
    }
}

/// `registry/repository:tag`, or `registry/repository@digest`.
fn image(cx: &Context, image: &Image) -> String {
    part(|| {
        let registry = cx.global.image_registry.or(&image.registry);
        let path = if registry.is_empty() {
            image.repository.to_string()
        } else {
            format!("{registry}/{}", image.repository)
        };
        if image.digest.is_empty() {
            format!("{path}:{}", image.tag.or(&cx.app_version))
        } else {
            format!("{path}@{}", image.digest)
        }
    })
}

fn environment(s: &Service, more: Option<&Map<Val<Setting>, EnvName>>) -> Vec<core::EnvVar> {
    let mut env = literal(&s.env);
    env.extend(s.env_value_from.each(|name, source| core::EnvVar {
        name: name.to(),
        value_from: source.to(),
        ..core::EnvVar::default()
    }));
    if let Some(more) = more {
        env.extend(literal(more));
    }
    env
}

fn literal<V: Scalar<Class = Word>>(env: &Map<Val<V>, EnvName>) -> Vec<core::EnvVar> {
    env.each(|name, value| core::EnvVar {
        name: name.to(),
        value: value.to(),
        ..core::EnvVar::default()
    })
}

fn sources(s: &Service) -> Vec<core::EnvFromSource> {
    let secret = |name: String| core::EnvFromSource {
        secret_ref: Some(core::SecretEnvSource { name, ..core::SecretEnvSource::default() }),
        ..core::EnvFromSource::default()
    };
    let mut from = Vec::new();
    from.extend(s.config.some(|| core::EnvFromSource {
        config_map_ref: Some(core::ConfigMapEnvSource {
            name: config_name(s),
            ..core::ConfigMapEnvSource::default()
        }),
        ..core::EnvFromSource::default()
    }));
    from.extend(s.secret.some(|| secret(secret_name(s))));
    from.extend(s.existing_secret.some(|| secret(s.existing_secret.to())));
    from.extend(s.env_from.each(|source| source.to()));
    from
}

fn resources(r: &Resources) -> Option<core::ResourceRequirements> {
    crate::leaf::maybe(|| {
        if r.limits.is_empty() && r.requests.is_empty() {
            return None;
        }
        Some(core::ResourceRequirements {
            limits: nonempty(r.limits.to()),
            requests: nonempty(r.requests.to()),
            ..core::ResourceRequirements::default()
        })
    })
}

/// The restricted Pod Security profile and a read-only root file system, but for what the values
/// relax.
fn security(r: &Security) -> core::SecurityContext {
    let privileged = r.privileged.get();
    core::SecurityContext {
        // Kubernetes refuses a privileged container that denies escalation.
        allow_privilege_escalation: Some(privileged || r.privilege_escalation.get()),
        capabilities: (!privileged).then(|| core::Capabilities {
            drop: Some(vec!["ALL".to_owned()]),
            add: nonempty(r.add_capabilities.to()),
        }),
        privileged: privileged.then_some(true),
        read_only_root_filesystem: Some(!r.writable_root_filesystem.get()),
        ..core::SecurityContext::default()
    }
}
