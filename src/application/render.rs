//! From a document of values to checked objects.

use super::Application;
use super::component::Table;
use super::dependencies;
use super::error::ApplicationError;
use super::reference::{Lenient, Resolver};
use super::secret::SecretSources;
use crate::build::{self, Context};
use crate::leaf::{List, Val};
use crate::model::{App, Global};
use crate::object::check::{External, Finding, Severity, check};
use crate::object::{Object, Objects, Secrets};
use crate::values::nearest::{did_you_mean, nearest};
use crate::values::{Document, Mistake, Mistakes, NoResolve, read};
use std::cell::RefCell;
use std::sync::Arc;

/// How a document is rendered.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The release, in place of what `app` says.
    pub release: Option<String>,
    /// The namespace, in place of what `app` says.
    pub namespace: Option<String>,
    /// What becomes of Secrets. Unless they are kept, none needs to be set.
    pub secrets: Secrets,
}

/// A rendered application.
#[derive(Debug)]
pub struct Rendered {
    /// What the values say of the application.
    pub app: App,
    /// The name of the release.
    pub release: String,
    /// The namespace.
    pub namespace: String,
    /// The objects, in their order, Secrets included.
    pub objects: Objects,
    /// The paths of secrets that were generated now, and not before.
    pub generated: Vec<String>,
    /// What is legal, but most likely not meant.
    pub warnings: Warnings,
}

/// What is legal, but most likely not meant.
#[derive(Debug)]
pub struct Warnings {
    /// In the values; `None` where there is nothing.
    pub values: Option<Mistakes>,
    /// In the objects.
    pub objects: Vec<Finding>,
}

impl Application {
    /// Builds the objects of a document and checks them against each other.
    ///
    /// # Errors
    /// All mistakes in the values together; else all that is wrong with the objects.
    pub fn render(
        &self,
        document: &Document,
        sources: &SecretSources,
        options: &Options,
    ) -> Result<Rendered, ApplicationError> {
        let mut mistakes = Vec::new();
        let app: Option<App> = typed(document, "app", &mut mistakes);
        let global: Option<Global> = typed(document, "global", &mut mistakes);
        let fail = |mistakes| ApplicationError::Values(document.mistakes(mistakes, self));
        let resolver = Resolver {
            application: self,
            root: document.root(),
            secrets: options.secrets,
            sources,
            warnings: RefCell::default(),
        };
        let head = app.zip(global).map(|(app, global)| {
            let namespace = options.namespace.clone().unwrap_or_else(|| app.namespace.to_string());
            let release =
                options.release.clone().unwrap_or_else(|| app.release.or(&app.name).to_string());
            let cx = Context {
                release: Val::from(release.as_str()),
                namespace: Val::from(namespace.as_str()),
                manager: Val::from("kgen"),
                app_version: app.app_version.clone(),
                global,
                secrets: options.secrets == Secrets::Keep,
            };
            (app, release, namespace, cx)
        });
        let mut objects = Vec::new();
        if let Some((app, release, namespace, _)) = &head {
            sources.begin(namespace, release);
            objects.extend(build::namespace(app, namespace).map(Object::typed));
        }
        let cx = head.as_ref().map(|(_, _, _, cx)| cx);
        self.services(document, &resolver, cx, &mut objects, &mut mistakes);
        dependencies::check(document, &mut mistakes);
        let (Some((app, release, namespace, _)), true) = (head, mistakes.is_empty()) else {
            return Err(fail(mistakes));
        };

        let external = external(document, &app).map_err(|mistake| fail(vec![mistake]))?;
        let objects = Objects::new(objects)?;
        let (errors, warnings): (Vec<_>, Vec<_>) =
            check(&objects, &external).into_iter().partition(|f| f.severity == Severity::Error);
        if !errors.is_empty() {
            return Err(ApplicationError::Check(errors));
        }
        let generated = sources.finish()?;
        let told = resolver.warnings.into_inner();
        let warnings = Warnings {
            values: (!told.is_empty()).then(|| document.mistakes(told, self)),
            objects: warnings,
        };
        Ok(Rendered { app, release, namespace, objects, generated, warnings })
    }

    /// The objects of all services. Without a context, as when `app` is wrong, and for a service
    /// that is turned off, values are only read for their mistakes.
    fn services(
        &self,
        document: &Document,
        resolver: &Resolver<'_>,
        cx: Option<&Context>,
        objects: &mut Vec<Object>,
        mistakes: &mut Vec<Mistake>,
    ) {
        for entry in document.services() {
            let Some(component) = self.component(&entry.key) else {
                mistakes.push(self.unknown(entry));
                continue;
            };
            let table = Table { key: &entry.key, node: &entry.node, resolve: resolver };
            let Some(cx) = cx.filter(|_| table.enabled(mistakes)) else {
                component.check(&Table { resolve: &Lenient, ..table }, mistakes);
                continue;
            };
            let before = mistakes.len();
            let built = component.build(cx, &table, mistakes);
            if mistakes.len() > before
                && let Some(meant) = meant(document, &entry.key)
            {
                for mistake in &mut mistakes[before..] {
                    mistake.help = Some(format!(
                        "did you mean `{meant}`? No table `{}` is in the base of the values",
                        entry.key
                    ));
                }
            }
            objects.extend(built.into_iter().map(|o| o.of_service(Arc::clone(&entry.key))));
        }
    }
}

impl Rendered {
    /// The objects of some services, or all if none is named.
    ///
    /// # Errors
    /// A service that is not in the values or has no objects.
    pub fn only<'o>(
        &'o self,
        document: &Document,
        services: &[String],
    ) -> Result<impl Iterator<Item = &'o Object> + use<'o>, ApplicationError> {
        let names: Vec<&str> = document.services().map(|entry| &*entry.key).collect();
        for service in services {
            if !names.contains(&service.as_str()) {
                return Err(ApplicationError::Service {
                    name: service.clone(),
                    help: did_you_mean(service, &names),
                });
            }
        }
        let services: Vec<String> = services.to_vec();
        Ok(self.objects.iter().filter(move |object| {
            services.is_empty()
                || object.service().is_some_and(|of| services.iter().any(|s| **s == **of))
        }))
    }
}

fn typed<'d, T: serde::Deserialize<'d>>(
    document: &'d Document,
    table: &str,
    mistakes: &mut Vec<Mistake>,
) -> Option<T> {
    // Both tables stand in every document.
    read(document.table(table)?, table, &NoResolve, mistakes)
}

/// The service of the base that is meant by a table that only later layers have: a misspelt one
/// lacks what every service must set.
fn meant(document: &Document, key: &str) -> Option<String> {
    let base = document.base().table()?;
    if base.get(key).is_some() {
        return None;
    }
    nearest(key, base.iter().map(|entry| &*entry.key)).map(str::to_owned)
}

/// The objects that may be referred to, as `app.external` names them.
fn external(document: &Document, app: &App) -> Result<External, Mistake> {
    let List::Plain(named) = &app.external else { return Ok(External::default()) };
    External::parse(named.iter().map(ToString::to_string)).map_err(|error| {
        let at = document.root().get(["app", "external"]).map(|node| node.at);
        Mistake::new("app.external", at, error.to_string())
    })
}
