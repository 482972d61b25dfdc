//! An application: which tables its values have, and what is built of them.
//!
//! [`Application::standard`] takes every table for a [`Service`]; one of
//! your own names its tables and their [`Component`]s. [`Application::load`] merges the layers of
//! values, and [`Application::render`] gives the objects, checked.

mod address;
mod component;
mod dependencies;
mod error;
mod fields;
mod output;
mod reference;
mod render;
mod secret;

pub use address::Address;
pub use component::Component;
pub use error::ApplicationError;
pub use output::Output;
pub use render::{Options, Rendered, Warnings};
pub use secret::{GENERATED, SecretSources};

use crate::build;
use crate::model::{APP_DEFAULTS, App, GLOBAL_DEFAULTS, Global, SERVICE_DEFAULTS, Service};
use crate::trace::{Refusal, Tree};
use crate::values::nearest::did_you_mean;
use crate::values::{Defaults, Document, ENABLED, Entry, Layers, Mistake, Mistakes, Shape};
use component::AnyComponent;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// An application: which tables its values have, and what is built of them.
#[derive(Default)]
pub struct Application {
    tables: BTreeMap<String, Box<dyn AnyComponent>>,
    others: Option<Box<dyn AnyComponent>>,
}

impl Application {
    /// An application without tables but `app` and `global`.
    pub fn new() -> Self {
        Self::default()
    }

    /// An application whose tables are all services, as the `kgen` command has it.
    pub fn standard() -> Self {
        Self::new().others(services())
    }

    /// Adds a table that always exists.
    #[must_use]
    pub fn table<V: DeserializeOwned + JsonSchema + 'static>(
        mut self,
        key: impl Into<String>,
        component: Component<V>,
    ) -> Self {
        self.tables.insert(key.into(), Box::new(component));
        self
    }

    /// Says what all other tables are; without it there must be no others.
    #[must_use]
    pub fn others<V: DeserializeOwned + JsonSchema + 'static>(
        mut self,
        component: Component<V>,
    ) -> Self {
        self.others = Some(Box::new(component));
        self
    }

    /// Reads and merges layers of values.
    ///
    /// # Errors
    /// All mistakes of all layers together.
    pub fn load(&self, layers: Layers) -> Result<Document, Mistakes> {
        layers.load(self)
    }

    /// The template tree of every builder of a table, by the builder's name.
    ///
    /// A builder that cannot be traced has the reason in its place.
    pub fn trees(&self, table: &str) -> Vec<(&'static str, Result<Option<Tree>, Refusal>)> {
        self.component(table).map(AnyComponent::trees).unwrap_or_default()
    }

    fn component(&self, table: &str) -> Option<&dyn AnyComponent> {
        self.tables.get(table).or(self.others.as_ref()).map(|component| &**component)
    }

    fn unknown(&self, entry: &Entry) -> Mistake {
        let names: Vec<&str> = self.tables.keys().map(String::as_str).collect();
        let mistake = Mistake::new(
            entry.key.to_string(),
            Some(entry.key_at),
            format!("unknown table `{}`", entry.key),
        );
        match did_you_mean(&entry.key, &names) {
            Some(help) => mistake.help(help),
            None => mistake,
        }
    }
}

/// The component of a [`Service`], with every builder of [`crate::build`].
pub fn services() -> Component<Service> {
    Component::new("service", SERVICE_DEFAULTS)
        .builds("serviceaccount", build::service_account)
        .builds("secret", build::secret)
        .builds("secret-files", build::files_secret)
        .builds("configmap", build::config_map)
        .builds("configmap-files", build::files_config_map)
        .builds("persistentvolumeclaim", build::claims)
        .builds("service", build::service)
        .builds("deployment", build::deployment)
        .builds("statefulset", build::stateful_set)
        .builds("job", build::jobs)
        .builds("cronjob", build::cron_jobs)
        .builds("hpa", build::autoscaler)
        .builds("poddisruptionbudget", build::disruption_budget)
        .builds("ingress", build::ingress)
        .builds("networkpolicy", build::network_policy)
        .builds("objects", build::objects)
        .checked_by(Service::contradictions)
        .patched_by(|service| &service.patch)
        .answers_at(address::of_service)
}

impl Shape for Application {
    fn tables(&self) -> Vec<String> {
        self.tables.keys().cloned().collect()
    }

    fn defaults(&self, table: &str) -> Option<Defaults> {
        match table {
            "app" => Some(Defaults { name: "app", text: APP_DEFAULTS, component: false }),
            "global" => Some(Defaults { name: "global", text: GLOBAL_DEFAULTS, component: false }),
            _ => self.component(table).map(AnyComponent::defaults),
        }
    }

    /// The schema of a whole document, as editors read it.
    fn schema(&self) -> Json {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        let mut properties = serde_json::Map::new();
        let app = generator.subschema_for::<App>().to_value();
        let global = generator.subschema_for::<Global>().to_value();
        properties.insert("app".into(), app);
        properties.insert("global".into(), global);
        for (key, component) in &self.tables {
            properties.insert(key.clone(), component.schema(&mut generator).to_value());
        }
        let others = match &self.others {
            Some(component) => component.schema(&mut generator).to_value(),
            None => false.into(),
        };
        let mut definitions = generator.take_definitions(true);
        let tables = properties.iter().filter(|(key, _)| !matches!(key.as_str(), "app" | "global"));
        for table in tables.map(|(_, table)| table).chain([&others]) {
            switch(table, &mut definitions);
        }
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Values of a kgen application",
            "type": "object",
            "properties": properties,
            "additionalProperties": others,
            "$defs": definitions,
        })
    }
}

/// Adds the key that turns a table off to the schema of a component.
fn switch(table: &Json, definitions: &mut serde_json::Map<String, Json>) {
    let name = table["$ref"].as_str().and_then(|target| target.rsplit('/').next());
    let definition = name.and_then(|name| definitions.get_mut(name));
    if let Some(properties) = definition.and_then(|d| d.get_mut("properties")?.as_object_mut()) {
        properties.entry(ENABLED).or_insert_with(
            || json!({ "type": "boolean", "description": "Whether it is deployed" }),
        );
    }
}
