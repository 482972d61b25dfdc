//! What names an object in a cluster: group, kind, namespace and name.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// What names an object in a cluster.
///
/// Two identities are equal when they name the same object: `apps/v1` and `apps/v1beta1` are two
/// ways to speak of one Deployment, so the version takes no part in equality, order and hash.
#[derive(Clone, Debug)]
pub struct Identity {
    /// `apps/v1`, or `v1` for the core group.
    pub api_version: Cow<'static, str>,
    /// `Deployment`.
    pub kind: Cow<'static, str>,
    /// The namespace; `None` for cluster-scoped objects and where the caller's context decides.
    pub namespace: Option<String>,
    /// `metadata.name`; empty only for a typed object that was built without one.
    pub name: String,
}

impl Identity {
    /// The API group: `apps`; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// The version within the group: `v1`.
    pub fn version(&self) -> &str {
        self.api_version.split_once('/').map_or(&self.api_version, |(_, version)| version)
    }

    /// Whether this names an object of the kind `kind` in `group`.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.kind == kind && self.group() == group
    }

    fn key(&self) -> (&str, &str, Option<&str>, &str) {
        (&self.kind, self.group(), self.namespace.as_deref(), &self.name)
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Identity {}

impl Hash for Identity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl Ord for Identity {
    fn cmp(&self, other: &Self) -> Ordering {
        // The groups are taken apart only where they can differ.
        let group = || match self.api_version == other.api_version {
            true => Ordering::Equal,
            false => self.group().cmp(other.group()),
        };
        (self.kind.cmp(&other.kind))
            .then_with(group)
            .then_with(|| self.namespace.cmp(&other.namespace))
            .then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for Identity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `Deployment/ai-todo/ai-todo-backend`, or `Namespace/ai-todo` without a namespace, as Flux prints.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        if let Some(namespace) = &self.namespace {
            write!(f, "/{namespace}")?;
        }
        write!(f, "/{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn identity(api_version: &'static str, namespace: Option<&str>) -> Identity {
        Identity {
            api_version: api_version.into(),
            kind: "Deployment".into(),
            namespace: namespace.map(Into::into),
            name: "web".into(),
        }
    }

    #[test]
    fn the_version_takes_no_part_in_identity() {
        let (new, old) = (identity("apps/v1", None), identity("apps/v1beta1", None));
        assert_eq!(new, old);
        assert_eq!(HashSet::from([new, old]).len(), 1);
        assert_ne!(identity("apps/v1", None), identity("example.org/v1", None));
        assert_ne!(identity("apps/v1", None), identity("apps/v1", Some("a")));
    }

    #[test]
    fn group_and_version() {
        let apps = identity("apps/v1", None);
        assert_eq!((apps.group(), apps.version()), ("apps", "v1"));
        let core = identity("v1", None);
        assert_eq!((core.group(), core.version()), ("", "v1"));
    }

    #[test]
    fn reads_as_kind_namespace_name() {
        assert_eq!(identity("apps/v1", Some("a")).to_string(), "Deployment/a/web");
        assert_eq!(identity("apps/v1", None).to_string(), "Deployment/web");
    }
}
