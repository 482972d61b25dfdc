//! kgen renders Kubernetes manifests from typed Rust builders and layered values.
//!
//! This page is the way of the data, from a text of values to manifests. The `kgen` command does
//! the same; see [`cli`] for a command with an application of your own.
//!
//! # Values
//!
//! [`values`] reads layers (TOML, YAML, JSON, environment variables, Helm's `--set`), merges them
//! by Helm's rule, and remembers where each value was written:
//!
//! ```
//! use kgen::application::Application;
//! use kgen::values::{Format, Layers, Origin};
//!
//! let base = r#"
//!     [app]
//!     name = "shop"
//!
//!     [web]
//!     image = { repository = "web", tag = "1.4.2" }
//!     ports.http.port = 8080
//!     config.LOG_LEVEL = "info"
//! "#;
//! let layers = || {
//!     Layers::new()
//!         .base_text(Origin::File("values/base.toml".into()), Format::Toml, base)
//!         .text(Origin::File("prod.yaml".into()), Format::Yaml, "web: {replicas: 3}")
//! };
//! let application = Application::standard();
//! let document = application.load(layers())?;
//!
//! let path = "web.replicas".parse()?;
//! let says = document.explain(&path);
//! assert_eq!(document.sources.place(says[0].at).to_string(), "prod.yaml:1:17");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A mistake names its place and what was meant, and all mistakes are told together:
//!
//! ```
//! # use kgen::application::{Application, Options, SecretSources};
//! # use kgen::values::{Format, Layers, Origin};
//! # use std::collections::BTreeMap;
//! # let application = Application::standard();
//! let base = "[app]\nname = 'shop'\n[web]\nimage.repository = 'web'\nreplica = 3\n";
//! let origin = Origin::File("values/base.toml".into());
//! let document = application.load(Layers::new().base_text(origin, Format::Toml, base))?;
//! let secrets = SecretSources::new(".", BTreeMap::new());
//! let error = application.render(&document, &secrets, &Options::default()).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "values/base.toml:5:1: web.replica: unknown key `replica`; did you mean `replicas`?"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Objects
//!
//! Every table but `app` and `global` is a [`model::Service`], whose [builders](build) make
//! [objects](object): typed, in the order in which they can be applied, and checked against each
//! other before anything is written by [`output`]:
//!
//! ```
//! # use kgen::application::{Application, Options, SecretSources};
//! # use kgen::values::{Format, Layers, Origin};
//! # use std::collections::BTreeMap;
//! # let application = Application::standard();
//! # let base = "[app]\nname = 'shop'\n[web]\nimage.repository = 'web'\nports.http.port = 80\n";
//! # let origin = Origin::File("values/base.toml".into());
//! # let document = application.load(Layers::new().base_text(origin, Format::Toml, base))?;
//! # let secrets = SecretSources::new(".", BTreeMap::new());
//! let rendered = application.render(&document, &secrets, &Options::default())?;
//! let objects: Vec<_> = rendered.objects.iter().map(|o| o.identity().to_string()).collect();
//! assert_eq!(
//!     objects,
//!     ["ServiceAccount/default/web", "Service/default/web-service", "Deployment/default/web"]
//! );
//!
//! let mut yaml = Vec::new();
//! kgen::output::write_yaml(&mut yaml, &rendered.objects)?;
//! assert!(String::from_utf8(yaml)?.starts_with("---\napiVersion: v1\nkind: ServiceAccount\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Builders of your own
//!
//! A values struct is made of [`leaf`] types and derives `Deserialize` and `JsonSchema`. A builder
//! is a function from it to a Kubernetes object. An [`application::Component`] puts them together:
//!
//! ```
//! use k8s_openapi::api::core::v1::ConfigMap;
//! use kgen::application::{Application, Component};
//! use kgen::build::Context;
//! use kgen::leaf::{Map, Text, To as _, Val};
//! use kgen::model::Name;
//!
//! /// Texts for the pages of a shop
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! #[serde(rename_all = "camelCase", deny_unknown_fields)]
//! struct Texts {
//!     /// The name of the ConfigMap
//!     name: Val<Name>,
//!     /// The texts, by page
//!     pages: Map<Text>,
//! }
//!
//! fn config_map(cx: &Context, texts: &Texts) -> Option<ConfigMap> {
//!     if texts.pages.is_empty() {
//!         return None;
//!     }
//!     Some(ConfigMap {
//!         metadata: cx.metadata(&texts.name, texts.name.to(), &Map::default()),
//!         data: Some(texts.pages.to()),
//!         ..ConfigMap::default()
//!     })
//! }
//!
//! let texts = Component::new("texts", "pages = {}").builds("configmap", config_map);
//! let application = Application::standard().table("texts", texts);
//! ```
//!
//! # Traced
//!
//! The same builder, run on values that are paths, gives a [template tree](trace): which value
//! feeds which field, under which condition.
//!
//! ```
//! # use kgen::application::Application;
//! use kgen::trace::{Env, evaluate};
//!
//! let application = Application::standard();
//! let trees = application.trees("web");
//! let (_, tree) = trees.iter().find(|(name, _)| *name == "configmap").unwrap();
//! let values = serde_json::json!({
//!     "name": "web", "config": { "LOG_LEVEL": "info" }, "labels": {}, "global": { "labels": {} },
//! });
//! let env = Env {
//!     values: &values,
//!     release: "shop",
//!     namespace: "default",
//!     manager: "Helm",
//!     app_version: "1.0.0",
//! };
//! let object = evaluate(tree.as_ref().unwrap().as_ref().unwrap(), &env).unwrap();
//! assert_eq!(object["data"], serde_json::json!({ "LOG_LEVEL": "info" }));
//! ```

pub mod application;
pub mod build;
#[cfg(feature = "cli")]
pub mod cli;
pub mod leaf;
pub mod model;
pub mod object;
pub mod output;
pub mod trace;
pub mod values;
