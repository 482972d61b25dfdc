//! What a builder knows besides the values of its service.

use crate::leaf::{Map, Text, Val};
use crate::model::{Global, Name};
use crate::trace::{self, Builtin, Expr};
use k8s_openapi::ByteString;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a builder knows besides the values of its service: the release, and what all share.
#[derive(Clone, Debug)]
pub struct Context {
    /// The name of the release.
    pub release: Text,
    /// The namespace of the objects.
    pub namespace: Text,
    /// Who applies the objects: `kgen`, or `Helm` in a chart.
    pub manager: Text,
    /// The version of the software.
    pub app_version: Text,
    /// Values that all services share.
    pub global: Global,
    /// Whether Secrets are built with their values. Where they are left out, so are checksums
    /// over them.
    pub secrets: bool,
}

/// The checksum of a Secret whose values are left out.
const OMITTED: &str = "omitted";

impl Context {
    /// The context of a traced run: facts of the release are expressions.
    ///
    /// # Errors
    /// Never, as long as [`Global`] can be traced, which a test holds.
    pub(crate) fn traced() -> Result<Self, trace::Refusal> {
        let builtin = |b| Val::traced(Expr::Builtin(b));
        Ok(Self {
            release: builtin(Builtin::ReleaseName),
            namespace: builtin(Builtin::ReleaseNamespace),
            manager: builtin(Builtin::ReleaseService),
            app_version: builtin(Builtin::AppVersion),
            global: trace::traced(&["global"])?,
            secrets: true,
        })
    }

    /// What selects the pods of a service.
    pub fn selector(&self, name: &Val<Name>) -> BTreeMap<String, String> {
        [
            ("app.kubernetes.io/name".to_owned(), name.to_string()),
            ("app.kubernetes.io/instance".to_owned(), self.release.to_string()),
        ]
        .into()
    }

    /// The metadata of an object: its name and namespace, and the labels that all objects have.
    /// A user's label never replaces one of ours.
    pub fn metadata(&self, service: &Val<Name>, name: String, labels: &Map<Text>) -> ObjectMeta {
        use crate::leaf::To as _;
        let mut all: BTreeMap<String, String> = self.global.labels.union(labels).to();
        all.extend(self.selector(service));
        all.insert("app.kubernetes.io/managed-by".to_owned(), self.manager.to_string());
        all.insert("app.kubernetes.io/version".to_owned(), self.app_version.to_string());
        ObjectMeta {
            name: Some(name),
            namespace: Some(self.namespace.to_string()),
            labels: Some(all),
            ..ObjectMeta::default()
        }
    }

    /// The checksum of a ConfigMap's data, for an annotation that restarts pods on a change.
    pub fn checksum(&self, data: impl Fn() -> BTreeMap<String, String>) -> String {
        checksum(&data)
    }

    /// The checksum of a Secret's data; where secrets are left out, a word that says so.
    pub fn secret_checksum(&self, data: impl Fn() -> BTreeMap<String, ByteString>) -> String {
        if self.secrets { checksum(&data) } else { OMITTED.to_owned() }
    }
}

fn checksum<T: Serialize>(data: &dyn Fn() -> T) -> String {
    if trace::active() {
        let data = trace::subtree(&|| Some(data()));
        trace::mark_text(Expr::Checksum(Box::new(data)))
    } else {
        trace::sha256_json(&data())
    }
}
