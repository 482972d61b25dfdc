//! The file that each object of a render gets.

use crate::object::{Identity, Object};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::PathBuf;

/// The longest name that all common file systems take, with room for a hash and an ending.
const LONGEST: usize = 200;

/// One path an object, relative to the output directory, in the order of the objects:
/// `<service>/<kind>-<name>.yaml`.
///
/// Objects that would share a path (one name in two namespaces or groups, names that differ in case
/// only) carry namespace and group as well, and if that is not enough, a hash of the identity.
pub(super) fn paths<'a>(objects: impl IntoIterator<Item = &'a Object>, app: &str) -> Vec<PathBuf> {
    let objects: Vec<_> = objects.into_iter().collect();
    let folders: Vec<_> =
        objects.iter().map(|o| safe(o.service().map_or(app, |service| &**service))).collect();
    let mut names: Vec<_> = objects.iter().map(|o| short(o.identity())).collect();
    for longer in [long, hashed] {
        let mut uses: HashMap<(&str, &str), u32> = HashMap::new();
        for (folder, name) in folders.iter().zip(&names) {
            *uses.entry((folder, name)).or_default() += 1;
        }
        let again: Vec<bool> = folders
            .iter()
            .zip(&names)
            .map(|(folder, name)| uses.get(&(folder, name)).is_some_and(|&n| n > 1))
            .collect();
        for ((name, again), object) in names.iter_mut().zip(again).zip(&objects) {
            if again {
                *name = longer(object.identity());
            }
        }
    }
    folders
        .into_iter()
        .zip(names)
        .map(|(f, n)| PathBuf::from(f).join(format!("{n}.yaml")))
        .collect()
}

fn short(identity: &Identity) -> String {
    safe(&format!("{}-{}", identity.kind, identity.name))
}

fn long(identity: &Identity) -> String {
    let namespace = identity.namespace.as_deref().unwrap_or("cluster");
    let group = match identity.group() {
        "" => "core",
        group => group,
    };
    safe(&format!("{}.{group}-{namespace}-{}", identity.kind, identity.name))
}

fn hashed(identity: &Identity) -> String {
    cut(&long(identity), &format!("{} {identity}", identity.group()))
}

/// A name that every file system takes: lowercase letters, digits, `-`, `_`, and dots inside. One
/// that had to be shortened ends in a hash of the whole.
fn safe(name: &str) -> String {
    let mut safe: String = name
        .chars()
        .map(|c| match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9' | '-' | '_' | '.') => c,
            _ => '-',
        })
        .collect();
    if safe.is_empty() || safe.starts_with('.') {
        safe.insert(0, '_');
    }
    if safe.len() > LONGEST { cut(&safe, name) } else { safe }
}

fn cut(name: &str, whole: &str) -> String {
    let digest = Sha256::digest(whole.as_bytes());
    let hash: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    let cut: String = name.chars().take(LONGEST).collect();
    format!("{cut}-{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Object {
        Object::verbatim(json!({
            "apiVersion": api_version, "kind": kind,
            "metadata": {"name": name, "namespace": namespace},
        }))
        .unwrap()
    }

    fn names(objects: &[Object]) -> Vec<String> {
        paths(objects, "app").iter().map(|p| p.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn one_file_an_object_below_its_service() {
        let objects = [
            object("v1", "Namespace", None, "todo"),
            object("apps/v1", "Deployment", Some("todo"), "web").of_service("frontend"),
        ];
        assert_eq!(names(&objects), ["app/namespace-todo.yaml", "frontend/deployment-web.yaml"]);
    }

    #[test]
    fn paths_never_collide() {
        let objects = [
            object("v1", "Service", Some("a"), "web"),
            object("v1", "Service", Some("b"), "web"),
            object("serving.knative.dev/v1", "Service", Some("b"), "web"),
            object("rbac.authorization.k8s.io/v1", "ClusterRole", None, "system:A"),
            object("rbac.authorization.k8s.io/v1", "ClusterRole", None, "system:a"),
        ];
        let names = names(&objects);
        assert_eq!(
            names[..3],
            [
                "app/service.core-a-web.yaml",
                "app/service.core-b-web.yaml",
                "app/service.serving.knative.dev-b-web.yaml",
            ]
        );
        let mut distinct = names.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), names.len(), "{names:?}");
    }

    #[test]
    fn hostile_names_stay_inside() {
        for name in ["..", "../../etc/passwd", "/etc/passwd", "a/b", "a\0b", "", ".git"] {
            let objects = [object("v1", "ConfigMap", None, "x").of_service(name)];
            let path = &paths(&objects, "app")[0];
            let parts: Vec<_> = path.components().collect();
            assert_eq!(parts.len(), 2, "{path:?}");
            assert!(parts.iter().all(|p| matches!(p, std::path::Component::Normal(_))), "{path:?}");
        }
        let long = object("v1", "ConfigMap", None, &"x".repeat(253));
        assert!(names(&[long])[0].len() < 240);
    }
}
