//! A whole render: its objects in their order, each identity once.

use super::{Duplicate, Identity, Object, ObjectError, Secrets};
use std::borrow::Cow;

/// The objects of a render, ordered by the rank of their kind, then kind, namespace and name.
#[derive(Clone, Debug, Default)]
pub struct Objects(Vec<Object>);

impl Objects {
    /// Orders the objects.
    ///
    /// # Errors
    /// [`ObjectError::Duplicates`] with every identity that two objects share.
    pub fn new(mut objects: Vec<Object>) -> Result<Self, ObjectError> {
        // By rank first, which takes no look at the names: objects mostly come service by service
        // in the order of their names, so that each kind is in order then.
        objects.sort_by_key(Object::rank);
        for same in objects.chunk_by_mut(|a, b| a.rank() == b.rank()) {
            same.sort_by(|a, b| a.identity().cmp(b.identity()));
        }
        let duplicates: Vec<_> = objects
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] if a.identity() == b.identity() => Some(Duplicate {
                    object: a.identity().clone(),
                    services: [a.service().cloned(), b.service().cloned()],
                }),
                _ => None,
            })
            .collect();
        if duplicates.is_empty() {
            Ok(Self(objects))
        } else {
            Err(ObjectError::Duplicates(duplicates))
        }
    }

    /// The objects in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Object> {
        self.0.iter()
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the render is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object of an identity.
    pub fn get(&self, identity: &Identity) -> Option<&Object> {
        let rank = super::Kind::rank(identity);
        let found = self
            .0
            .binary_search_by(|o| (o.rank().cmp(&rank)).then_with(|| o.identity().cmp(identity)));
        found.ok().and_then(|i| self.0.get(i))
    }

    /// The objects as they may be shown under a policy for secrets.
    pub fn shown(&self, secrets: Secrets) -> impl Iterator<Item = Cow<'_, Object>> {
        self.0.iter().filter_map(move |object| secrets.show(object))
    }

    pub(super) fn as_slice(&self) -> &[Object] {
        &self.0
    }
}

impl IntoIterator for Objects {
    type Item = Object;
    type IntoIter = std::vec::IntoIter<Object>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Objects {
    type Item = &'a Object;
    type IntoIter = std::slice::Iter<'a, Object>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(api_version: &str, kind: &str, name: &str) -> Object {
        Object::verbatim(
            json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}}),
        )
        .unwrap()
    }

    #[test]
    fn the_order_is_that_of_kinds_then_names() {
        let objects = Objects::new(vec![
            object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "w"),
            object("apps/v1", "Deployment", "b"),
            object("example.org/v1", "Widget", "x"),
            object("apps/v1", "Deployment", "a"),
            object("v1", "Service", "s"),
            object("v1", "Secret", "s"),
            object("v1", "Namespace", "n"),
        ])
        .unwrap();
        let order: Vec<_> = objects.iter().map(|o| o.identity().to_string()).collect();
        assert_eq!(
            order,
            [
                "Namespace/n",
                "Secret/s",
                "Service/s",
                "Deployment/a",
                "Deployment/b",
                "Widget/x",
                "ValidatingWebhookConfiguration/w",
            ]
        );
        for object in &objects {
            assert_eq!(objects.get(object.identity()).unwrap().identity(), object.identity());
        }
    }

    #[test]
    fn two_objects_of_one_identity_name_both_services() {
        let error = Objects::new(vec![
            object("apps/v1", "Deployment", "web").of_service("a"),
            object("v1", "Service", "web").of_service("a"),
            object("apps/v1beta1", "Deployment", "web").of_service("b"),
        ])
        .unwrap_err();
        insta::assert_snapshot!(error, @"`Deployment/web` is made by both `a` and `b`; give one of them another name");
    }
}
