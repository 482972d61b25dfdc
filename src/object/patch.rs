//! A JSON merge patch over a built object: the way out where no value leads to a field.

use super::{Object, ObjectError, fields};
use serde_json::{Map, Value};

/// Applies `patch` and proves that nothing of it was lost on the way back into the typed form.
pub(super) fn apply(object: Object, patch: &Value) -> Result<Object, ObjectError> {
    if !patch.is_object() {
        return Err(ObjectError::Form {
            object: Box::new(object.identity().clone()),
            reason: "a patch must be a map of the fields to change".into(),
        });
    }
    let mut value = object.to_value()?;
    merge(&mut value, patch);
    keep_identity(&object, &value)?;
    let patched = object.with_value(value.clone())?;
    let written = match patched.body().verbatim() {
        None => patched.to_value()?,
        // A verbatim object of a known kind is held to the same rule as a typed one.
        Some(verbatim) => match verbatim.read() {
            Some(Ok(typed)) => typed.written.clone(),
            Some(Err(_)) | None => return Ok(patched),
        },
    };
    match fields::lost(&value, &written) {
        None => Ok(patched),
        Some(path) => Err(ObjectError::UnknownField {
            nearest: fields::nearest(object.identity(), &path),
            field: path.to_string(),
            object: Box::new(object.identity().clone()),
        }),
    }
}

/// RFC 7386: maps merge, null removes, everything else replaces.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            merge(target.entry(key.as_str()).or_insert(Value::Null), value);
        }
    }
}

fn keep_identity(object: &Object, value: &Value) -> Result<(), ObjectError> {
    let identity = object.identity();
    let text = |path| value.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let (api_version, kind) = (text("/apiVersion"), text("/kind"));
    let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
    if api_version == identity.api_version
        && kind == identity.kind
        && namespace == identity.namespace.as_deref().unwrap_or_default()
        && name == identity.name
    {
        return Ok(());
    }
    Err(ObjectError::Identity {
        object: Box::new(identity.clone()),
        to: format!("{api_version} {kind} {namespace}/{name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::apps::v1::Deployment;
    use serde_json::json;

    fn deployment() -> Object {
        let value = json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
            "spec": {
                "replicas": 2,
                "selector": {"matchLabels": {"a": "b"}},
                "template": {"spec": {"containers": [{"name": "web", "image": "x"}]}}
            }
        });
        Object::typed(serde_json::from_value::<Deployment>(value).unwrap())
    }

    #[test]
    fn changes_adds_and_removes() {
        let patch = json!({"spec": {"replicas": null, "paused": true}});
        let patched = deployment().merge_patch(&patch).unwrap();
        let spec = patched.get::<Deployment>().unwrap().spec.clone();
        assert_eq!((spec.replicas, spec.paused), (None, Some(true)));
    }

    #[test]
    fn an_unknown_field_is_an_error_that_names_it() {
        let patch = json!({"spec": {"template": {"spec": {"hostNetwrok": true}}}});
        let error = deployment().merge_patch(&patch).unwrap_err().to_string();
        insta::assert_snapshot!(error, @"`Deployment/web`: the patch sets `spec.template.spec.hostNetwrok`, which the kind does not have; did you mean `hostNetwork`?");
    }

    #[test]
    fn an_unknown_field_inside_a_list_is_found() {
        let patch =
            json!({"spec": {"template": {"spec": {"containers": [{"name": "a", "imag": "x"}]}}}});
        let error = deployment().merge_patch(&patch).unwrap_err().to_string();
        assert!(error.contains("`spec.template.spec.containers[0].imag`"), "{error}");
        assert!(error.contains("`image`"), "{error}");
    }

    #[test]
    fn the_identity_stays() {
        let error = deployment().merge_patch(&json!({"metadata": {"name": "other"}})).unwrap_err();
        assert!(matches!(error, ObjectError::Identity { .. }), "{error}");
        let error = deployment().merge_patch(&json!({"kind": "Job"})).unwrap_err();
        assert!(matches!(error, ObjectError::Identity { .. }), "{error}");
    }

    #[test]
    fn the_wrong_form_is_an_error_and_a_secret_stays_secret() {
        let error = deployment().merge_patch(&json!({"spec": {"replicas": "two"}})).unwrap_err();
        assert!(matches!(error, ObjectError::Form { .. }), "{error}");
        let secret = k8s_openapi::api::core::v1::Secret::default();
        let error = Object::typed(secret).merge_patch(&json!({"data": "hunter2"})).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}
