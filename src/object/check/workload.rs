//! What runs pods, in one form for all kinds that do.

use crate::object::Object;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::batch::v1::{CronJob, Job, JobSpec};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use std::collections::BTreeMap;

/// An object that runs pods.
pub(super) struct Workload<'a> {
    pub(super) object: &'a Object,
    pub(super) namespace: &'a str,
    /// The pods' metadata and where it stands; of a Pod, its own.
    pub(super) metadata: Option<&'a ObjectMeta>,
    pub(super) metadata_path: &'static str,
    pub(super) pod: Option<&'a core::PodSpec>,
    /// Where the pods' spec stands: `spec.template.spec`.
    pub(super) path: &'static str,
    /// How it finds its pods; `None` where Kubernetes makes the selector (jobs).
    pub(super) selector: Option<&'a LabelSelector>,
    pub(super) replicas: Option<i32>,
    pub(super) form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Keeps pods running and finds them by a selector.
    Controller,
    /// Runs pods to their end.
    Job,
    /// One pod by itself.
    Pod,
}

/// One container of a workload's pods.
#[derive(Clone, Copy)]
pub(super) struct Container<'a> {
    pub(super) it: &'a core::Container,
    init: bool,
    index: usize,
    path: &'static str,
}

impl Container<'_> {
    /// `spec.template.spec.containers[0]`.
    pub(super) fn path(&self) -> String {
        let list = if self.init { "initContainers" } else { "containers" };
        format!("{}.{list}[{}]", self.path, self.index)
    }

    /// Whether it runs as long as its pod, so that it can serve: a container or a sidecar.
    pub(super) fn serves(&self) -> bool {
        !self.init || self.it.restart_policy.as_deref() == Some("Always")
    }
}

impl<'a> Workload<'a> {
    /// The object as a workload, if it is one.
    pub(super) fn of(object: &'a Object) -> Option<Self> {
        match (object.identity().kind.as_ref(), object.identity().group()) {
            ("Deployment", "apps") => {
                let spec = &object.get::<Deployment>()?.spec;
                Some(Self::controller(object, Some(&spec.template), &spec.selector, spec.replicas))
            }
            ("StatefulSet", "apps") => {
                let spec = &object.get::<StatefulSet>()?.spec;
                Some(Self::controller(object, Some(&spec.template), &spec.selector, spec.replicas))
            }
            ("DaemonSet", "apps") => {
                let spec = &object.get::<DaemonSet>()?.spec;
                Some(Self::controller(object, Some(&spec.template), &spec.selector, None))
            }
            ("ReplicaSet", "apps") => {
                let spec = &object.get::<ReplicaSet>()?.spec;
                let template = spec.template.as_ref();
                Some(Self::controller(object, template, &spec.selector, spec.replicas))
            }
            ("Job", "batch") => {
                let spec = object.get::<Job>()?.spec.as_ref();
                Some(Self::job(object, spec, ["spec.template.metadata", "spec.template.spec"]))
            }
            ("CronJob", "batch") => {
                let spec = object.get::<CronJob>()?.spec.job_template.spec.as_ref();
                let paths = [
                    "spec.jobTemplate.spec.template.metadata",
                    "spec.jobTemplate.spec.template.spec",
                ];
                Some(Self::job(object, spec, paths))
            }
            ("Pod", "") => Some(Self {
                metadata: Some(object.metadata()),
                metadata_path: "metadata",
                pod: object.get::<core::Pod>()?.spec.as_ref(),
                path: "spec",
                form: Form::Pod,
                ..Self::empty(object)
            }),
            _ => None,
        }
    }

    fn controller(
        object: &'a Object,
        template: Option<&'a core::PodTemplateSpec>,
        selector: &'a LabelSelector,
        replicas: Option<i32>,
    ) -> Self {
        Self {
            metadata: template.and_then(|t| t.metadata.as_ref()),
            pod: template.and_then(|t| t.spec.as_ref()),
            selector: Some(selector),
            replicas,
            ..Self::empty(object)
        }
    }

    fn job(object: &'a Object, spec: Option<&'a JobSpec>, paths: [&'static str; 2]) -> Self {
        let template = spec.map(|spec| &spec.template);
        let [metadata_path, path] = paths;
        Self {
            metadata: template.and_then(|t| t.metadata.as_ref()),
            pod: template.and_then(|t| t.spec.as_ref()),
            metadata_path,
            path,
            form: Form::Job,
            ..Self::empty(object)
        }
    }

    fn empty(object: &'a Object) -> Self {
        Self {
            object,
            namespace: object.identity().namespace.as_deref().unwrap_or_default(),
            metadata: None,
            metadata_path: "spec.template.metadata",
            pod: None,
            path: "spec.template.spec",
            selector: None,
            replicas: None,
            form: Form::Controller,
        }
    }

    /// The labels of the pods.
    pub(super) fn labels(&self) -> Option<&'a BTreeMap<String, String>> {
        self.metadata?.labels.as_ref()
    }

    /// The containers of the pods, those that only prepare the pod first.
    pub(super) fn containers(&self) -> impl Iterator<Item = Container<'a>> + use<'a> {
        let path = self.path;
        let all = |init: bool, list: &'a [core::Container]| {
            list.iter().enumerate().map(move |(index, it)| Container { it, init, index, path })
        };
        let (init, main) = match self.pod {
            Some(pod) => (pod.init_containers.as_deref().unwrap_or_default(), &*pod.containers),
            None => (&[][..], &[][..]),
        };
        all(true, init).chain(all(false, main))
    }

    /// The ports of the containers that serve.
    pub(super) fn ports(&self) -> impl Iterator<Item = &'a core::ContainerPort> + use<'a> {
        self.containers().filter(Container::serves).flat_map(|c| c.it.ports.iter().flatten())
    }
}
