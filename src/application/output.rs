//! What a builder may return.

use crate::build::Context;
use crate::model::Verbatim;
use crate::object::{Kind, Object, ObjectError, Resource};
use serde::Serialize;
use serde_json::Value as Json;

/// What a builder may return: an `Option` of a Kubernetes object, or a `Vec` of several.
pub trait Output: Sized {
    /// What a traced run explores.
    #[doc(hidden)]
    type Traced: Serialize;
    /// What a traced run explores.
    #[doc(hidden)]
    fn filled(self) -> Option<Self::Traced>;
    /// The objects.
    ///
    /// # Errors
    /// A verbatim object without what names it.
    fn objects(self, cx: &Context) -> Result<Vec<Object>, ObjectError>;
}

impl<K: Resource> Output for Option<K> {
    type Traced = K;
    fn filled(self) -> Self {
        self
    }
    fn objects(self, _: &Context) -> Result<Vec<Object>, ObjectError> {
        Ok(self.map(Object::typed).into_iter().collect())
    }
}

impl<K: Resource> Output for Vec<K> {
    type Traced = Self;
    fn filled(self) -> Option<Self> {
        Some(self)
    }
    fn objects(self, _: &Context) -> Result<Vec<Object>, ObjectError> {
        Ok(self.into_iter().map(Object::typed).collect())
    }
}

/// A verbatim object that is namespaced and names no namespace goes where the others go.
impl Output for Vec<Verbatim> {
    type Traced = Self;
    fn filled(self) -> Option<Self> {
        Some(self)
    }
    fn objects(self, cx: &Context) -> Result<Vec<Object>, ObjectError> {
        let namespace = cx.namespace.to_string();
        self.into_iter()
            .map(|Verbatim(mut json)| {
                if namespaced(&json)
                    && let Some(Json::Object(metadata)) = json.get_mut("metadata")
                {
                    metadata.entry("namespace").or_insert_with(|| namespace.as_str().into());
                }
                Object::verbatim(json)
            })
            .collect()
    }
}

/// Whether a kind lives in namespaces. Of one that kgen does not know, its name tells: by
/// convention cluster-wide kinds beside namespaced ones begin with `Cluster`.
fn namespaced(json: &Json) -> bool {
    let text = |field: &str| json.get(field).and_then(Json::as_str).unwrap_or_default();
    match Kind::of(text("apiVersion"), text("kind")) {
        Some(kind) => kind.namespaced,
        None => !text("kind").starts_with("Cluster"),
    }
}
