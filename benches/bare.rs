//! The least that a program of the same crates can do: TOML in, Kubernetes objects built, YAML out.
//!
//! It reads what [`services::document`] writes, and nothing else: no layers, no defaults but those
//! written here, no places of values, no checks. Its objects are those of kgen, which its test
//! holds, so that the time kgen takes beyond it is the price of all that it leaves out.
//!
//! ```text
//! bare FILE       render a document
//! bare --new N    write a document of N services
//! ```

mod services;

use k8s_openapi::ByteString;
use k8s_openapi::api::{apps::v1 as apps, core::v1 as core};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--new", count] => {
            io::stdout().write_all(services::document(count.parse()?).as_bytes())?;
        }
        [file] => render(&std::fs::read_to_string(file)?, &mut io::stdout().lock())?,
        _ => return Err("usage: bare FILE, or bare --new N".into()),
    }
    Ok(())
}

/// Writes the objects of a document as YAML.
fn render(toml: &str, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let document: Document = toml::from_str(toml)?;
    let objects: Vec<Objects> =
        document.services.values().map(|service| objects(&document.app, service)).collect();
    write(out, &objects)
}

/// The text that is gathered before it goes out, as kgen does it.
const CHUNK: usize = 64 * 1024;

fn write(out: &mut dyn Write, objects: &[Objects]) -> Result<(), Box<dyn Error>> {
    let mut text = String::with_capacity(CHUNK + CHUNK / 4);
    for of_service in objects {
        document(&mut text, &of_service.service_account)?;
        document(&mut text, &of_service.secret)?;
        document(&mut text, &of_service.config_map)?;
        document(&mut text, &of_service.service)?;
        document(&mut text, &of_service.deployment)?;
        if text.len() >= CHUNK {
            out.write_all(text.as_bytes())?;
            text.clear();
        }
    }
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

fn document(text: &mut String, object: &impl Serialize) -> Result<(), serde_saphyr::ser::Error> {
    let options = serde_saphyr::ser_options! {
        prefer_block_scalars: false,
        compact_list_indent: true,
    };
    text.push_str("---\n");
    serde_saphyr::to_fmt_writer_with_options(text, object, options)
}

/// A document: the table `app`, and a service in every other one.
struct Document {
    app: App,
    services: BTreeMap<String, Service>,
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tables;
        impl<'de> Visitor<'de> for Tables {
            type Value = Document;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("tables")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
                let mut document = Document { app: App::default(), services: BTreeMap::new() };
                while let Some(key) = map.next_key::<String>()? {
                    if key == "app" {
                        document.app = map.next_value()?;
                    } else {
                        document.services.insert(key, map.next_value()?);
                    }
                }
                Ok(document)
            }
        }
        deserializer.deserialize_map(Tables)
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct App {
    name: String,
    app_version: String,
    namespace: String,
}

#[derive(Deserialize)]
struct Service {
    name: String,
    command: Vec<String>,
    ports: BTreeMap<String, Port>,
    image: Image,
    config: BTreeMap<String, String>,
    secret: BTreeMap<String, String>,
    resources: Resources,
    probes: Probes,
}

#[derive(Deserialize)]
struct Port {
    port: i32,
}

#[derive(Deserialize)]
struct Image {
    repository: String,
    tag: String,
}

#[derive(Deserialize)]
struct Resources {
    limits: BTreeMap<String, String>,
    requests: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Probes {
    liveness: Probe,
    readiness: Probe,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Probe {
    enabled: bool,
    path: String,
    initial_delay_seconds: Option<i32>,
    period_seconds: Option<i32>,
    timeout_seconds: Option<i32>,
}

/// The objects of a service.
struct Objects {
    service_account: core::ServiceAccount,
    secret: core::Secret,
    config_map: core::ConfigMap,
    service: core::Service,
    deployment: apps::Deployment,
}

fn objects(app: &App, s: &Service) -> Objects {
    Objects {
        service_account: core::ServiceAccount {
            metadata: metadata(app, s, s.name.clone()),
            automount_service_account_token: Some(false),
            ..core::ServiceAccount::default()
        },
        secret: core::Secret {
            metadata: metadata(app, s, format!("{}-secret", s.name)),
            type_: Some("Opaque".to_owned()),
            data: Some(secret_data(s)),
            ..core::Secret::default()
        },
        config_map: core::ConfigMap {
            metadata: metadata(app, s, format!("{}-config", s.name)),
            data: Some(s.config.clone()),
            ..core::ConfigMap::default()
        },
        service: core::Service {
            metadata: metadata(app, s, format!("{}-service", s.name)),
            spec: Some(core::ServiceSpec {
                type_: Some("ClusterIP".to_owned()),
                selector: Some(selector(app, s)),
                ports: Some(s.ports.iter().map(service_port).collect()),
                ..core::ServiceSpec::default()
            }),
            ..core::Service::default()
        },
        deployment: deployment(app, s),
    }
}

fn selector(app: &App, s: &Service) -> BTreeMap<String, String> {
    [
        ("app.kubernetes.io/name".to_owned(), s.name.clone()),
        ("app.kubernetes.io/instance".to_owned(), app.name.clone()),
    ]
    .into()
}

fn metadata(app: &App, s: &Service, name: String) -> ObjectMeta {
    let mut labels = selector(app, s);
    labels.insert("app.kubernetes.io/managed-by".to_owned(), "kgen".to_owned());
    labels.insert("app.kubernetes.io/version".to_owned(), app.app_version.clone());
    ObjectMeta {
        name: Some(name),
        namespace: Some(app.namespace.clone()),
        labels: Some(labels),
        ..ObjectMeta::default()
    }
}

fn secret_data(s: &Service) -> BTreeMap<String, ByteString> {
    s.secret.iter().map(|(k, v)| (k.clone(), ByteString(v.clone().into_bytes()))).collect()
}

fn service_port((name, port): (&String, &Port)) -> core::ServicePort {
    core::ServicePort {
        name: Some(name.clone()),
        port: port.port,
        target_port: Some(IntOrString::String(name.clone())),
        ..core::ServicePort::default()
    }
}

fn deployment(app: &App, s: &Service) -> apps::Deployment {
    apps::Deployment {
        metadata: metadata(app, s, s.name.clone()),
        spec: apps::DeploymentSpec {
            replicas: Some(1),
            selector: LabelSelector {
                match_labels: Some(selector(app, s)),
                ..LabelSelector::default()
            },
            strategy: Some(apps::DeploymentStrategy {
                type_: Some("RollingUpdate".to_owned()),
                ..apps::DeploymentStrategy::default()
            }),
            template: core::PodTemplateSpec {
                metadata: Some(ObjectMeta {
                    labels: Some(selector(app, s)),
                    annotations: Some(
                        [
                            ("checksum/config".to_owned(), checksum(&s.config)),
                            ("checksum/secret".to_owned(), checksum(&secret_data(s))),
                        ]
                        .into(),
                    ),
                    ..ObjectMeta::default()
                }),
                spec: Some(pod(s)),
            },
            ..apps::DeploymentSpec::default()
        },
        ..apps::Deployment::default()
    }
}

fn pod(s: &Service) -> core::PodSpec {
    core::PodSpec {
        automount_service_account_token: Some(false),
        containers: vec![container(s)],
        enable_service_links: Some(false),
        security_context: Some(core::PodSecurityContext {
            run_as_non_root: Some(true),
            seccomp_profile: Some(core::SeccompProfile {
                type_: "RuntimeDefault".to_owned(),
                ..core::SeccompProfile::default()
            }),
            ..core::PodSecurityContext::default()
        }),
        service_account_name: Some(s.name.clone()),
        volumes: Some(vec![core::Volume {
            name: "tmp".to_owned(),
            empty_dir: Some(core::EmptyDirVolumeSource {
                size_limit: Some(Quantity("64Mi".to_owned())),
                ..core::EmptyDirVolumeSource::default()
            }),
            ..core::Volume::default()
        }]),
        ..core::PodSpec::default()
    }
}

fn container(s: &Service) -> core::Container {
    core::Container {
        name: s.name.clone(),
        image: Some(format!("{}:{}", s.image.repository, s.image.tag)),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        command: Some(s.command.clone()),
        env_from: Some(vec![
            core::EnvFromSource {
                config_map_ref: Some(core::ConfigMapEnvSource {
                    name: format!("{}-config", s.name),
                    ..core::ConfigMapEnvSource::default()
                }),
                ..core::EnvFromSource::default()
            },
            core::EnvFromSource {
                secret_ref: Some(core::SecretEnvSource {
                    name: format!("{}-secret", s.name),
                    ..core::SecretEnvSource::default()
                }),
                ..core::EnvFromSource::default()
            },
        ]),
        ports: Some(
            s.ports
                .iter()
                .map(|(name, port)| core::ContainerPort {
                    name: Some(name.clone()),
                    container_port: port.port,
                    ..core::ContainerPort::default()
                })
                .collect(),
        ),
        liveness_probe: probe(&s.probes.liveness),
        readiness_probe: probe(&s.probes.readiness),
        resources: Some(core::ResourceRequirements {
            limits: Some(quantities(&s.resources.limits)),
            requests: Some(quantities(&s.resources.requests)),
            ..core::ResourceRequirements::default()
        }),
        security_context: Some(core::SecurityContext {
            allow_privilege_escalation: Some(false),
            capabilities: Some(core::Capabilities {
                drop: Some(vec!["ALL".to_owned()]),
                ..core::Capabilities::default()
            }),
            read_only_root_filesystem: Some(true),
            ..core::SecurityContext::default()
        }),
        volume_mounts: Some(vec![core::VolumeMount {
            name: "tmp".to_owned(),
            mount_path: "/tmp".to_owned(),
            ..core::VolumeMount::default()
        }]),
        ..core::Container::default()
    }
}

fn probe(p: &Probe) -> Option<core::Probe> {
    p.enabled.then(|| core::Probe {
        http_get: Some(core::HTTPGetAction {
            path: Some(p.path.clone()),
            port: IntOrString::String("http".to_owned()),
            ..core::HTTPGetAction::default()
        }),
        initial_delay_seconds: p.initial_delay_seconds,
        period_seconds: p.period_seconds,
        timeout_seconds: p.timeout_seconds,
        ..core::Probe::default()
    })
}

fn quantities(of: &BTreeMap<String, String>) -> BTreeMap<String, Quantity> {
    of.iter().map(|(name, quantity)| (name.clone(), Quantity(quantity.clone()))).collect()
}

/// The SHA-256 of a map's JSON. The documents hold nothing that Go would escape in JSON.
fn checksum(data: &impl Serialize) -> String {
    // A map of strings always has a JSON form.
    let json = serde_json::to_vec(data).unwrap_or_default();
    Sha256::digest(&json).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{render, services};
    use kgen::application::{Application, Options, SecretSources};
    use kgen::output::write_yaml;
    use kgen::values::{Format, Layers, Origin};
    use std::collections::BTreeMap;

    fn documents(yaml: &[u8]) -> Vec<&str> {
        let yaml = std::str::from_utf8(yaml).unwrap();
        let mut documents: Vec<&str> = yaml.split("---\n").skip(1).collect();
        documents.sort_unstable();
        documents
    }

    #[test]
    fn the_objects_are_those_of_kgen() {
        let toml = services::document(4);
        let mut bare = Vec::new();
        render(&toml, &mut bare).unwrap();

        let application = Application::standard();
        let origin = Origin::File("base.toml".into());
        let layers = Layers::new().base_text(origin, Format::Toml, &toml);
        let document = application.load(layers).unwrap();
        let sources = SecretSources::new(".", BTreeMap::new());
        let rendered = application.render(&document, &sources, &Options::default()).unwrap();
        let mut full = Vec::new();
        write_yaml(&mut full, &rendered.objects).unwrap();

        assert_eq!(documents(&bare), documents(&full));
        assert_eq!(documents(&bare).len(), 4 * 5);
    }
}
