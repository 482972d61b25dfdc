//! The whole render as the checks see it: by kind, by name and by pod label. Built once.

use super::External;
use super::workload::Workload;
use crate::object::{Object, Resource};
use k8s_openapi::api::core::v1::{ConfigMap, Secret, Service};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::BTreeMap;

pub(super) struct Index<'a> {
    pub(super) objects: &'a [Object],
    pub(super) external: &'a External,
    pub(super) workloads: Vec<Workload<'a>>,
    pub(super) services: Vec<Of<'a, Service>>,
    pub(super) config_maps: Vec<Of<'a, ConfigMap>>,
    pub(super) secrets: Vec<Of<'a, Secret>>,
    /// What others refer to by name.
    named: HashMap<(Named, &'a str, &'a str), &'a Object>,
    names: OnceCell<HashMap<(Named, &'a str), Vec<&'a str>>>,
    /// Secrets that a controller makes out of a rendered object.
    made_secrets: HashSet<(&'a str, &'a str)>,
    /// The workloads that carry a label, as lists linked through `links`.
    labelled: HashMap<(&'a str, &'a str, &'a str), List>,
    links: Vec<(u32, u32)>,
}

/// An object together with its typed form.
pub(super) struct Of<'a, K> {
    pub(super) object: &'a Object,
    pub(super) it: &'a K,
    pub(super) namespace: &'a str,
}

/// The kinds that others refer to by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Named {
    ConfigMap,
    Secret,
    ServiceAccount,
    PersistentVolumeClaim,
    Service,
}

impl Named {
    fn of(object: &Object) -> Option<Self> {
        let named = match object.identity().kind.as_ref() {
            "ConfigMap" => Self::ConfigMap,
            "Secret" => Self::Secret,
            "ServiceAccount" => Self::ServiceAccount,
            "PersistentVolumeClaim" => Self::PersistentVolumeClaim,
            "Service" => Self::Service,
            _ => return None,
        };
        object.identity().group().is_empty().then_some(named)
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::ServiceAccount => "ServiceAccount",
            Self::PersistentVolumeClaim => "PersistentVolumeClaim",
            Self::Service => "Service",
        }
    }
}

#[derive(Clone, Copy)]
struct List {
    head: u32,
    length: u32,
}

const END: u32 = u32::MAX;

impl<'a> Index<'a> {
    pub(super) fn new(objects: &'a [Object], external: &'a External) -> Self {
        let mut index = Self {
            objects,
            external,
            workloads: Vec::new(),
            services: Vec::new(),
            config_maps: Vec::new(),
            secrets: Vec::new(),
            named: HashMap::with_capacity_and_hasher(objects.len(), Default::default()),
            names: OnceCell::new(),
            made_secrets: HashSet::default(),
            labelled: HashMap::default(),
            links: Vec::new(),
        };
        for object in objects {
            index.add(object);
        }
        index
    }

    fn add(&mut self, object: &'a Object) {
        let identity = object.identity();
        let namespace = identity.namespace.as_deref().unwrap_or_default();
        if let Some(named) = Named::of(object) {
            self.named.insert((named, namespace, &identity.name), object);
            match named {
                Named::ConfigMap => push(&mut self.config_maps, object, namespace),
                Named::Secret => push(&mut self.secrets, object, namespace),
                Named::Service => push(&mut self.services, object, namespace),
                Named::ServiceAccount | Named::PersistentVolumeClaim => {}
            }
        } else if let Some(workload) = Workload::of(object) {
            let number = u32::try_from(self.workloads.len()).unwrap_or(END);
            for (key, value) in workload.labels().into_iter().flatten() {
                let link = u32::try_from(self.links.len()).unwrap_or(END);
                let list = self
                    .labelled
                    .entry((namespace, key, value))
                    .or_insert(List { head: END, length: 0 });
                self.links.push((number, list.head));
                *list = List { head: link, length: list.length + 1 };
            }
            self.workloads.push(workload);
        } else if let Some(secret) = made_secret(object) {
            self.made_secrets.insert((namespace, secret));
        }
    }

    /// The rendered object of a name.
    pub(super) fn find(&self, kind: Named, namespace: &str, name: &str) -> Option<&'a Object> {
        self.named.get(&(kind, namespace, name)).copied()
    }

    /// Whether an object is not rendered but will be there: declared, made by a controller out of
    /// a rendered object, or by Kubernetes itself in every namespace.
    pub(super) fn is_elsewhere(&self, kind: Named, namespace: &str, name: &str) -> bool {
        self.external.contains(kind.kind(), name)
            || match kind {
                Named::Secret => self.made_secrets.contains(&(namespace, name)),
                Named::ConfigMap => name == "kube-root-ca.crt",
                Named::ServiceAccount => name == "default",
                Named::Service | Named::PersistentVolumeClaim => false,
            }
    }

    /// The names of a kind in a namespace, sorted. Only findings ask for them.
    pub(super) fn names(&self, kind: Named, namespace: &str) -> Vec<&'a str> {
        let names = self.names.get_or_init(|| {
            let mut names: HashMap<_, Vec<&'a str>> = HashMap::default();
            for &(kind, namespace, name) in self.named.keys() {
                names.entry((kind, namespace)).or_default().push(name);
            }
            names.values_mut().for_each(|list| list.sort_unstable());
            names
        });
        names.get(&(kind, namespace)).cloned().unwrap_or_default()
    }

    /// The workloads whose pods carry all of `labels`; none for no labels.
    pub(super) fn with_labels<'i>(
        &'i self,
        namespace: &str,
        labels: &BTreeMap<String, String>,
    ) -> impl Iterator<Item = &'i Workload<'a>> + use<'i, 'a> {
        let mut shortest = None;
        for (key, value) in labels {
            let list = self.labelled.get(&(namespace, key.as_str(), value.as_str())).copied();
            let list = list.unwrap_or(List { head: END, length: 0 });
            shortest = match shortest {
                Some(List { length, .. }) if length <= list.length => shortest,
                _ => Some(list),
            };
        }
        let mut found = Vec::new();
        let mut at = shortest.map_or(END, |list| list.head);
        while let Some(&(number, next)) = self.links.get(at as usize) {
            if let Some(workload) = self.workloads.get(number as usize)
                && workload.labels().is_some_and(|has| {
                    labels.iter().all(|(key, value)| has.get(key) == Some(value))
                })
            {
                found.push(workload);
            }
            at = next;
        }
        // The lists are linked from their end.
        found.into_iter().rev()
    }

    /// The workloads whose pods a selector matches; an empty one matches all of the namespace.
    pub(super) fn selected<'i>(
        &'i self,
        namespace: &str,
        selector: &LabelSelector,
    ) -> Vec<&'i Workload<'a>> {
        match selector.match_labels.as_ref().filter(|labels| !labels.is_empty()) {
            Some(labels) => self
                .with_labels(namespace, labels)
                .filter(|w| fits_expressions(selector, w.labels()))
                .collect(),
            None => self
                .workloads
                .iter()
                .filter(|w| w.namespace == namespace && fits_expressions(selector, w.labels()))
                .collect(),
        }
    }
}

fn push<'a, K: Resource>(list: &mut Vec<Of<'a, K>>, object: &'a Object, namespace: &'a str) {
    if let Some(it) = object.get::<K>() {
        list.push(Of { object, it, namespace });
    }
}

/// Whether labels fit a selector.
pub(super) fn fits(selector: &LabelSelector, labels: Option<&BTreeMap<String, String>>) -> bool {
    let fits_labels = selector
        .match_labels
        .iter()
        .flatten()
        .all(|(key, value)| labels.and_then(|l| l.get(key)) == Some(value));
    fits_labels && fits_expressions(selector, labels)
}

fn fits_expressions(selector: &LabelSelector, labels: Option<&BTreeMap<String, String>>) -> bool {
    selector.match_expressions.iter().flatten().all(|expression| {
        let value = labels.and_then(|l| l.get(&expression.key));
        let one_of = |value| expression.values.iter().flatten().any(|v| v == value);
        match expression.operator.as_str() {
            "In" => value.is_some_and(one_of),
            "NotIn" => !value.is_some_and(one_of),
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => false,
        }
    })
}

/// The name of the Secret that a controller makes out of an object.
fn made_secret(object: &Object) -> Option<&str> {
    let identity = object.identity();
    let value = object.body().verbatim()?.value();
    let text = |path: &[&str]| {
        let mut steps = path.iter();
        let mut at = value.get(*steps.next()?)?;
        for step in steps {
            at = at.get(step)?;
        }
        Value::as_str(at)
    };
    match (identity.group(), identity.kind.as_ref()) {
        ("cert-manager.io", "Certificate") => text(&["spec", "secretName"]),
        ("external-secrets.io", "ExternalSecret") => {
            text(&["spec", "target", "name"]).or(Some(&identity.name))
        }
        ("bitnami.com", "SealedSecret") => {
            text(&["spec", "template", "metadata", "name"]).or(Some(&identity.name))
        }
        _ => None,
    }
}
