//! What is shown of Secrets.

use super::Object;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use serde_json::Value;
use std::borrow::Cow;

/// What stands in the place of a secret value. Under `data` it appears in base64, `Kioq`, as the
/// field demands.
pub const MASK: &str = "***";

/// Where kubectl keeps a copy of the whole object, values included.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What is shown of Secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrets {
    /// Their values.
    #[default]
    Keep,
    /// Their keys, with [`MASK`] for every value.
    Mask,
    /// Nothing: the objects are left out.
    Omit,
}

impl Secrets {
    /// The object as it may be shown; `None` if it is left out.
    pub fn show(self, object: &Object) -> Option<Cow<'_, Object>> {
        match self {
            _ if !object.is_secret() => Some(Cow::Borrowed(object)),
            Secrets::Keep => Some(Cow::Borrowed(object)),
            Secrets::Mask => masked(object).map(Cow::Owned),
            Secrets::Omit => None,
        }
    }
}

/// The Secret with every value masked. It is masked from its form as given, so that one that is not
/// of the kind's form hides its values too; one that cannot be masked is not shown at all.
fn masked(object: &Object) -> Option<Object> {
    if object.body().verbatim().is_none() {
        let mut secret = object.get::<Secret>()?.clone();
        for value in secret.data.iter_mut().flat_map(|data| data.values_mut()) {
            *value = ByteString(MASK.as_bytes().to_vec());
        }
        for value in secret.string_data.iter_mut().flat_map(|data| data.values_mut()) {
            *value = MASK.to_owned();
        }
        if let Some(annotations) = &mut secret.metadata.annotations {
            annotations.remove(LAST_APPLIED);
        }
        return Some(object.with_body(Box::new(secret)));
    }
    let Ok(Value::Object(mut value)) = object.to_value() else { return None };
    for (field, mask) in [("data", "Kioq"), ("stringData", MASK)] {
        match value.get_mut(field) {
            Some(Value::Object(data)) => {
                data.values_mut().for_each(|value| *value = Value::from(mask));
            }
            Some(Value::Null) | None => {}
            Some(other) => *other = Value::from(mask),
        }
    }
    if let Some(Value::Object(annotations)) =
        value.get_mut("metadata").and_then(|m| m.get_mut("annotations"))
    {
        annotations.remove(LAST_APPLIED);
    }
    // Fields that no Secret has may hold values in a wrong place (`Data`, `stringdata`).
    const KNOWN: [&str; 7] =
        ["apiVersion", "kind", "metadata", "type", "immutable", "data", "stringData"];
    for (_, value) in value.iter_mut().filter(|(key, _)| !KNOWN.contains(&key.as_str())) {
        *value = Value::from(MASK);
    }
    object.with_value(Value::Object(value)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn verbatim() -> Object {
        Object::verbatim(json!({
            "apiVersion": "v1", "kind": "Secret",
            "metadata": {"name": "s", "annotations": {LAST_APPLIED: "hunter2", "a": "b"}},
            "data": {"password": "aHVudGVyMg=="}, "stringData": {"token": "hunter2"},
        }))
        .unwrap()
    }

    fn typed() -> Object {
        let secret = serde_json::from_value::<Secret>(verbatim().to_value().unwrap());
        Object::typed(secret.unwrap())
    }

    #[test]
    fn both_forms_keep_keys_and_hide_values() {
        for object in [verbatim(), typed()] {
            let masked = Secrets::Mask.show(&object).unwrap();
            assert_eq!(
                masked.to_value().unwrap(),
                json!({
                    "apiVersion": "v1", "kind": "Secret",
                    "metadata": {"name": "s", "annotations": {"a": "b"}},
                    "data": {"password": "Kioq"}, "stringData": {"token": "***"},
                })
            );
        }
    }

    #[test]
    fn a_secret_of_the_wrong_form_hides_its_values_too() {
        let object = Object::verbatim(json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"},
            "data": "hunter2", "stringdata": {"a": "hunter2"},
        }));
        let object = object.unwrap();
        let masked = Secrets::Mask.show(&object).unwrap().to_value().unwrap();
        assert!(!masked.to_string().contains("hunter2"), "{masked}");
    }

    #[test]
    fn omit_leaves_out_secrets_only() {
        assert!(Secrets::Omit.show(&typed()).is_none());
        let other = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}});
        assert!(Secrets::Omit.show(&Object::verbatim(other).unwrap()).is_some());
    }

    #[test]
    fn debug_shows_no_content() {
        for object in [verbatim(), typed()] {
            let text = format!("{object:?}");
            assert!(!text.contains("hunter2") && !text.contains("aHVu"), "{text}");
        }
    }
}
