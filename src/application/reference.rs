//! Resolves what a text may be written as: the URL of another service, or where a secret lies.

use super::Application;
use super::address::Address;
use super::fields::{known, text};
use super::secret::SecretSources;
use crate::model::{Secret, Setting};
use crate::object::Secrets;
use crate::values::nearest::did_you_mean;
use crate::values::{ENABLED, Mistake, Node, Resolve, Table, Value};
use std::borrow::Cow;
use std::cell::RefCell;

/// What stands for a secret that is not shown, so that nothing needs it.
const UNSEEN: &str = "***";

/// Resolves the references of one document.
pub(super) struct Resolver<'a> {
    pub(super) application: &'a Application,
    /// The document.
    pub(super) root: &'a Node,
    pub(super) secrets: Secrets,
    pub(super) sources: &'a SecretSources,
    /// What is no mistake, but most likely not meant.
    pub(super) warnings: RefCell<Vec<Mistake>>,
}

impl Resolve for Resolver<'_> {
    fn resolve(&self, kind: &str, node: &Node, path: &str) -> Result<Cow<'_, str>, Mistake> {
        let Some(table) = node.table() else {
            return Err(Mistake::new(path, Some(node.at), "expected a string"));
        };
        match kind {
            Setting::REFERENCE => self.url(table, node, path).map(Cow::Owned),
            Secret::REFERENCE => {
                if self.secrets == Secrets::Keep {
                    self.sources.resolve(table, node, path).map(Cow::Owned)
                } else {
                    self.sources.check(table, node, path).map(|_| UNSEEN.into())
                }
            }
            other => Err(Mistake::new(path, Some(node.at), format!("unknown reference `{other}`"))),
        }
    }
}

impl Resolver<'_> {
    /// `{ service = "mcp", port = "http", path = "/mcp", scheme = "http" }`
    fn url(&self, table: &Table, node: &Node, path: &str) -> Result<String, Mistake> {
        let fields = ["service", "port", "path", "scheme"];
        let field = |key| text(table, path, key);
        known(table, path, &fields)?;
        let Some((service, service_at)) = field("service")? else {
            return Err(Mistake::new(
                path,
                Some(node.at),
                "expected a string, or a table with `service`",
            )
            .help("a reference is written `{ service = \"NAME\" }`"));
        };
        let wrong =
            |message: String| Mistake::new(format!("{path}.service"), Some(service_at), message);
        let target =
            self.root.get([service]).filter(|_| !matches!(service, "app" | "global")).ok_or_else(
                || {
                    let names: Vec<_> = self.services().collect();
                    let mistake = wrong(format!("there is no service `{service}`"));
                    mistake.help(did_you_mean(service, &names).unwrap_or_default())
                },
            )?;
        let component = self.application.component(service);
        let port = field("port")?;
        let address = component
            .map(|component| component.address(target, port.map(|(port, _)| port)))
            .unwrap_or_else(|| Err("is unknown".to_owned()))
            .map_err(|why| {
                let message = format!("the service `{service}` {why}");
                match port {
                    Some((_, at)) => Mistake::new(format!("{path}.port"), Some(at), message),
                    None => wrong(message),
                }
            })?;
        if matches!(target.get([ENABLED]).map(|node| &node.value), Some(Value::Bool(false))) {
            self.warnings.borrow_mut().push(Mistake::new(
                path,
                Some(node.at),
                format!("refers to the service `{service}`, which is not enabled"),
            ));
        }
        let scheme = field("scheme")?.map_or("http", |(scheme, _)| scheme);
        let behind = field("path")?.map_or("", |(behind, _)| behind);
        let slash = if behind.is_empty() || behind.starts_with('/') { "" } else { "/" };
        let Address { host, port } = address;
        Ok(format!("{scheme}://{host}:{port}{slash}{behind}"))
    }

    fn services(&self) -> impl Iterator<Item = &str> {
        let all = self.root.table().into_iter().flatten().map(|entry| &*entry.key);
        all.filter(|key| !matches!(*key, "app" | "global"))
    }
}

/// Resolves every reference to a word: for reading a table only for its mistakes.
pub(super) struct Lenient;

impl Resolve for Lenient {
    fn resolve(&self, _: &str, _: &Node, _: &str) -> Result<Cow<'_, str>, Mistake> {
        Ok(UNSEEN.into())
    }
}
