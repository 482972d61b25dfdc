//! An application with values and builders of its own, and every verb of the command line.
//!
//! ```sh
//! cargo run --example custom -- -C examples/custom render
//! cargo run --example custom -- -C examples/custom values --explain cache.memory
//! ```

use k8s_openapi::api::apps::v1 as apps;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kgen::application::{Application, Component};
use kgen::build::Context;
use kgen::leaf::{Map, Text, To as _, Val};
use kgen::model::{Count, Name, PortNumber, Quantity};
use schemars::JsonSchema;
use serde::Deserialize;
use std::process::ExitCode;

/// A cache in front of something slow.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Cache {
    /// The name of its objects
    name: Val<Name>,
    /// The image, with its tag
    image: Text,
    /// How many pods
    replicas: Val<Count>,
    /// The port it listens on
    port: Val<PortNumber>,
    /// How much it may remember
    memory: Val<Quantity>,
    /// Whether entries outlive a restart of the process
    append_only: Val<bool>,
    /// Labels of every object
    labels: Map<Text>,
}

/// The typed defaults: whatever a values file does not have to say.
const DEFAULTS: &str = r#"
image = "valkey/valkey:8.1"
replicas = 1
port = 6379
memory = "128Mi"
appendOnly = false
labels = {}
"#;

fn deployment(cx: &Context, cache: &Cache) -> Option<apps::Deployment> {
    let selector = cx.selector(&cache.name);
    // `then` puts a piece in where a boolean is true, and a template has an `if` there.
    let mut args = vec!["--port".to_owned(), cache.port.to_string()];
    args.extend(cache.append_only.then(|| "--appendonly=yes".to_owned()));
    Some(apps::Deployment {
        metadata: cx.metadata(&cache.name, cache.name.to(), &cache.labels),
        spec: apps::DeploymentSpec {
            replicas: cache.replicas.to(),
            selector: LabelSelector { match_labels: Some(selector.clone()), ..Default::default() },
            template: core::PodTemplateSpec {
                metadata: Some(ObjectMeta { labels: Some(selector), ..Default::default() }),
                spec: Some(core::PodSpec {
                    containers: vec![core::Container {
                        name: cache.name.to(),
                        image: cache.image.to(),
                        args: Some(args),
                        ports: Some(vec![core::ContainerPort {
                            name: Some("cache".to_owned()),
                            container_port: cache.port.to(),
                            ..Default::default()
                        }]),
                        resources: Some(core::ResourceRequirements {
                            limits: Some([("memory".to_owned(), cache.memory.to())].into()),
                            ..Default::default()
                        }),
                        ..Default::default()
                    }],
                    ..Default::default()
                }),
            },
            ..Default::default()
        },
        ..Default::default()
    })
}

fn service(cx: &Context, cache: &Cache) -> Option<core::Service> {
    Some(core::Service {
        metadata: cx.metadata(&cache.name, cache.name.to(), &cache.labels),
        spec: Some(core::ServiceSpec {
            selector: Some(cx.selector(&cache.name)),
            ports: Some(vec![core::ServicePort {
                name: Some("cache".to_owned()),
                port: cache.port.to(),
                target_port: Some(IntOrString::String("cache".to_owned())),
                ..Default::default()
            }]),
            ..Default::default()
        }),
        ..Default::default()
    })
}

fn main() -> ExitCode {
    let cache = Component::new("cache", DEFAULTS)
        .builds("deployment", deployment)
        .builds("service", service);
    // Tables of other names stay what they are for the `kgen` command: services.
    kgen::cli::main(Application::standard().table("cache", cache))
}
