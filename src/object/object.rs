//! One Kubernetes object of a render.

use super::body::{Body, Verbatim};
use super::{Identity, Kind, ObjectError, Resource, patch};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// One Kubernetes object of a render, typed or verbatim.
pub struct Object {
    identity: Identity,
    kind: Option<&'static Kind>,
    rank: u8,
    service: Option<Arc<str>>,
    body: Box<dyn Body>,
}

impl Object {
    /// An object of a Kubernetes type.
    pub fn typed<K: Resource>(object: K) -> Self {
        let metadata = object.metadata();
        let identity = Identity {
            api_version: K::API_VERSION.into(),
            kind: K::KIND.into(),
            namespace: metadata.namespace.clone(),
            name: metadata.name.clone().unwrap_or_default(),
        };
        Self::new(identity, Box::new(object))
    }

    /// An object as it was given, of any kind.
    ///
    /// # Errors
    /// If it is not a map, `apiVersion`, `kind` or `metadata.name` is not a non-empty string, or
    /// `metadata` has another form than Kubernetes gives it.
    pub fn verbatim(value: Value) -> Result<Self, ObjectError> {
        let value = match value {
            Value::Object(map) => map,
            other => return Err(ObjectError::NotAMap { found: found(Some(&other)) }),
        };
        let api_version = value.get("apiVersion");
        let kind = value.get("kind");
        let name = value.get("metadata").and_then(|m| m.get("name"));
        let fields = [("apiVersion", api_version), ("kind", kind), ("metadata.name", name)];
        for (field, value) in fields {
            if text(value).is_empty() {
                let object = match (text(kind), text(name)) {
                    ("", "") => "verbatim object".to_owned(),
                    ("", given) | (given, "") => format!("verbatim object `{given}`"),
                    (kind, name) => format!("verbatim object `{kind}/{name}`"),
                };
                return Err(ObjectError::Field { object, field, found: found(value) });
            }
        }
        let namespace = value.get("metadata").and_then(|m| m.get("namespace"));
        let identity = Identity {
            api_version: text(api_version).to_owned().into(),
            kind: text(kind).to_owned().into(),
            namespace: Some(text(namespace)).filter(|n| !n.is_empty()).map(Into::into),
            name: text(name).into(),
        };
        let body = Verbatim::new(value).map_err(|reason| ObjectError::Form {
            object: Box::new(identity.clone()),
            reason: format!("`metadata` is not of its form: {reason}"),
        })?;
        Ok(Self::new(identity, Box::new(body)))
    }

    fn new(identity: Identity, body: Box<dyn Body>) -> Self {
        let kind = Kind::of(&identity.api_version, &identity.kind);
        let rank = kind.map_or_else(|| Kind::rank(&identity), |kind| kind.rank);
        Self { identity, kind, rank, service: None, body }
    }

    /// Names the service, a table of the values, that the object came from.
    #[must_use]
    pub fn of_service(mut self, service: impl Into<Arc<str>>) -> Self {
        self.service = Some(service.into());
        self
    }

    /// What names the object.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The service that the object came from.
    pub fn service(&self) -> Option<&Arc<str>> {
        self.service.as_ref()
    }

    /// The object's kind, if Kubernetes itself serves it.
    pub fn kind(&self) -> Option<&'static Kind> {
        self.kind
    }

    /// Where the object's kind stands in a render; lower comes first.
    pub fn rank(&self) -> u8 {
        self.rank
    }

    /// The object's metadata.
    pub fn metadata(&self) -> &ObjectMeta {
        self.body.metadata()
    }

    /// The object as a `K`, if it is one. A verbatim object is read once, when first asked.
    pub fn get<K: Resource>(&self) -> Option<&K> {
        if self.identity.kind != K::KIND || self.identity.api_version != K::API_VERSION {
            return None;
        }
        self.body.typed()?.downcast_ref()
    }

    /// The object as a tree of JSON values.
    ///
    /// # Errors
    /// If the type refuses to be written.
    pub fn to_value(&self) -> Result<Value, ObjectError> {
        self.body.to_value().map_err(|reason| self.serialise(reason))
    }

    /// Appends the object as a YAML document without a separator.
    ///
    /// # Errors
    /// If the type refuses to be written.
    pub fn write_yaml(&self, out: &mut String) -> Result<(), ObjectError> {
        self.body.write_yaml(out).map_err(|reason| self.serialise(reason))
    }

    /// Appends the object as compact JSON.
    ///
    /// # Errors
    /// If the type refuses to be written.
    pub fn write_json(&self, out: &mut Vec<u8>) -> Result<(), ObjectError> {
        self.body.write_json(out).map_err(|reason| self.serialise(reason))
    }

    /// The object with a JSON merge patch (RFC 7386) applied.
    ///
    /// # Errors
    /// If the patch changes the object's identity, sets a field that the kind does not have, or
    /// makes something of it that is not of the kind's form.
    pub fn merge_patch(self, patch: &Value) -> Result<Self, ObjectError> {
        patch::apply(self, patch)
    }

    /// Whether this is a core `Secret`, whose content must not be shown.
    pub fn is_secret(&self) -> bool {
        self.identity.is("", "Secret")
    }

    pub(super) fn body(&self) -> &dyn Body {
        &*self.body
    }

    /// The same object with another value, in the same form.
    pub(super) fn with_value(&self, value: Value) -> Result<Self, ObjectError> {
        let body = self.body.with_value(value).map_err(|reason| ObjectError::Form {
            object: Box::new(self.identity.clone()),
            reason: if self.is_secret() { "not of the form of a Secret".into() } else { reason },
        })?;
        Ok(self.with_body(body))
    }

    /// The same object with another body of the same identity.
    pub(super) fn with_body(&self, body: Box<dyn Body>) -> Self {
        Self {
            identity: self.identity.clone(),
            kind: self.kind,
            rank: self.rank,
            service: self.service.clone(),
            body,
        }
    }

    fn serialise(&self, reason: String) -> ObjectError {
        ObjectError::Serialise { object: Box::new(self.identity.clone()), reason }
    }
}

impl Clone for Object {
    fn clone(&self) -> Self {
        self.with_body(self.body.clone_body())
    }
}

/// Identity and service only: the content may be a Secret's.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object")
            .field("identity", &format_args!("{}", self.identity))
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

fn found(value: Option<&Value>) -> &'static str {
    match value {
        None => "nothing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(text)) if text.is_empty() => "an empty string",
        Some(Value::String(_)) => "a string",
        Some(Value::Array(_)) => "a list",
        Some(Value::Object(_)) => "a map",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::core::v1::{ConfigMap, Service};
    use serde_json::json;

    #[test]
    fn a_typed_object_is_what_it_is() {
        let mut map = ConfigMap::default();
        map.metadata.name = Some("settings".into());
        map.metadata.namespace = Some("a".into());
        let object = Object::typed(map.clone()).of_service("web");
        assert_eq!(object.identity().to_string(), "ConfigMap/a/settings");
        assert_eq!(object.get::<ConfigMap>(), Some(&map));
        assert_eq!(object.get::<Service>(), None);
        assert_eq!(object.service().map(|s| &**s), Some("web"));
        let mut yaml = String::new();
        object.write_yaml(&mut yaml).unwrap();
        assert_eq!(
            yaml,
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: a\n"
        );
    }

    #[test]
    fn a_verbatim_object_keeps_its_fields_and_has_a_typed_form() {
        let value = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"},
            "data": {"a": "b"}, "another": 1,
        });
        let object = Object::verbatim(value.clone()).unwrap();
        assert_eq!(object.to_value().unwrap(), value);
        let data = object.get::<ConfigMap>().unwrap().data.clone().unwrap();
        assert_eq!(data["a"], "b");
        let mut yaml = String::new();
        object.write_yaml(&mut yaml).unwrap();
        insta::assert_snapshot!(yaml, @r"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: c
        another: 1
        data:
          a: b
        ");
    }

    #[test]
    fn what_is_no_object_is_told_apart() {
        let error = |value| Object::verbatim(value).unwrap_err().to_string();
        insta::assert_snapshot!(error(json!("x")), @"expected a Kubernetes object, found a string; give a map with `apiVersion`, `kind` and `metadata.name`");
        insta::assert_snapshot!(error(json!({"kind": "Job", "metadata": {"name": "x"}})), @"verbatim object `Job/x`: `apiVersion` must be a non-empty string, found nothing");
        insta::assert_snapshot!(error(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": 1}})), @"verbatim object `Pod`: `metadata.name` must be a non-empty string, found a number");
        insta::assert_snapshot!(error(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "labels": {"a": 1}}})), @"`Pod/x`: `metadata` is not of its form: invalid type: integer `1`, expected a string");
    }
}
