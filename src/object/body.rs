//! The content of an object: a typed one of k8s-openapi, or one given verbatim.

use super::kinds::Typed;
use super::{Kind, yaml};
use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::de::DeserializeOwned;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};
use std::any::Any;
use std::sync::OnceLock;

/// A Kubernetes type that can be an object of a render; every kind of k8s-openapi is one.
pub trait Resource:
    k8s_openapi::Resource
    + Metadata<Ty = ObjectMeta>
    + Serialize
    + DeserializeOwned
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<K> Resource for K where
    K: k8s_openapi::Resource
        + Metadata<Ty = ObjectMeta>
        + Serialize
        + DeserializeOwned
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// The content of an object, behind one pointer so that a render is one list.
pub(super) trait Body: Send + Sync {
    fn metadata(&self) -> &ObjectMeta;
    fn write_yaml(&self, out: &mut String) -> Result<(), String>;
    fn write_json(&self, out: &mut Vec<u8>) -> Result<(), String>;
    fn to_value(&self) -> Result<Value, String>;
    /// An object of the same form out of another value.
    fn with_value(&self, value: Value) -> Result<Box<dyn Body>, String>;
    /// The typed form, if there is one.
    fn typed(&self) -> Option<&dyn Any>;
    /// Why a verbatim object of a known kind is not of its form, and what it would write.
    fn verbatim(&self) -> Option<&Verbatim>;
    fn clone_body(&self) -> Box<dyn Body>;
}

impl<K: Resource> Body for K {
    fn metadata(&self) -> &ObjectMeta {
        Metadata::metadata(self)
    }

    fn write_yaml(&self, out: &mut String) -> Result<(), String> {
        yaml::write(self, out)
    }

    fn write_json(&self, out: &mut Vec<u8>) -> Result<(), String> {
        serde_json::to_writer(out, self).map_err(|e| e.to_string())
    }

    fn to_value(&self) -> Result<Value, String> {
        serde_json::to_value(self).map_err(|e| e.to_string())
    }

    fn with_value(&self, value: Value) -> Result<Box<dyn Body>, String> {
        let typed: K = serde_json::from_value(value).map_err(|e| e.to_string())?;
        Ok(Box::new(typed))
    }

    fn typed(&self) -> Option<&dyn Any> {
        Some(self)
    }

    fn verbatim(&self) -> Option<&Verbatim> {
        None
    }

    fn clone_body(&self) -> Box<dyn Body> {
        Box::new(self.clone())
    }
}

/// An object as it was given. It is written as it is; the checks see the typed form.
pub(super) struct Verbatim {
    value: Map<String, Value>,
    metadata: ObjectMeta,
    kind: Option<&'static Kind>,
    typed: OnceLock<Result<Typed, String>>,
}

impl Verbatim {
    pub(super) fn new(value: Map<String, Value>) -> Result<Self, String> {
        let metadata = match value.get("metadata") {
            Some(metadata) => {
                serde::Deserialize::deserialize(metadata).map_err(|e| e.to_string())?
            }
            None => ObjectMeta::default(),
        };
        let text = |key| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let kind = Kind::of(text("apiVersion"), text("kind"));
        Ok(Self { value, metadata, kind, typed: OnceLock::new() })
    }

    /// The object as given.
    pub(super) fn value(&self) -> &Map<String, Value> {
        &self.value
    }

    /// The typed form, or why it has none; `None` for kinds outside the table.
    pub(super) fn read(&self) -> Option<Result<&Typed, &str>> {
        let kind = self.kind?;
        let read = || (kind.read)(&Value::Object(self.value.clone())).map_err(|e| e.to_string());
        Some(self.typed.get_or_init(read).as_ref().map_err(String::as_str))
    }
}

/// `apiVersion`, `kind` and `metadata` first, as people write objects; then the order as given.
impl Serialize for Verbatim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const FIRST: [&str; 3] = ["apiVersion", "kind", "metadata"];
        let mut map = serializer.serialize_map(Some(self.value.len()))?;
        for key in FIRST {
            if let Some(value) = self.value.get(key) {
                map.serialize_entry(key, value)?;
            }
        }
        for (key, value) in self.value.iter().filter(|(key, _)| !FIRST.contains(&key.as_str())) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Body for Verbatim {
    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn write_yaml(&self, out: &mut String) -> Result<(), String> {
        yaml::write(self, out)
    }

    fn write_json(&self, out: &mut Vec<u8>) -> Result<(), String> {
        serde_json::to_writer(out, self).map_err(|e| e.to_string())
    }

    fn to_value(&self) -> Result<Value, String> {
        Ok(Value::Object(self.value.clone()))
    }

    fn with_value(&self, value: Value) -> Result<Box<dyn Body>, String> {
        match value {
            Value::Object(map) => Ok(Box::new(Verbatim::new(map)?)),
            _ => Err("expected a map".into()),
        }
    }

    fn typed(&self) -> Option<&dyn Any> {
        let typed = self.read()?.ok()?;
        Some(&*typed.object)
    }

    fn verbatim(&self) -> Option<&Verbatim> {
        Some(self)
    }

    fn clone_body(&self) -> Box<dyn Body> {
        Box::new(Self {
            value: self.value.clone(),
            metadata: self.metadata.clone(),
            kind: self.kind,
            typed: OnceLock::new(),
        })
    }
}
