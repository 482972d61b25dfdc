//! Objects that are not rendered, but that the cluster has.

use std::collections::{BTreeMap, BTreeSet};

/// The objects that a render may refer to without holding them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct External(BTreeMap<String, BTreeSet<String>>);

/// A text that does not name an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` does not name an object; write `Kind/name`, such as `Secret/registry`")]
pub struct ExternalError(String);

impl External {
    /// Reads `Kind/name` texts.
    ///
    /// # Errors
    /// With the first text of another form.
    pub fn parse<S: AsRef<str>>(
        objects: impl IntoIterator<Item = S>,
    ) -> Result<Self, ExternalError> {
        let mut external = Self::default();
        for object in objects {
            let text = object.as_ref();
            match text.split_once('/') {
                Some((kind, name)) if !kind.is_empty() && !name.is_empty() => {
                    external.0.entry(kind.to_owned()).or_default().insert(name.to_owned());
                }
                _ => return Err(ExternalError(text.chars().take(80).collect())),
            }
        }
        Ok(external)
    }

    /// Whether an object is declared to be in the cluster already.
    pub fn contains(&self, kind: &str, name: &str) -> bool {
        self.0.get(kind).is_some_and(|names| names.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_named_by_kind_and_name() {
        let external = External::parse(["Secret/registry"]).unwrap();
        assert!(external.contains("Secret", "registry"));
        assert!(!external.contains("ConfigMap", "registry"));
        assert_eq!(External::parse(["registry"]), Err(ExternalError("registry".into())));
    }
}
