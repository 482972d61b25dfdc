//! What a new release restarts: pods whose configuration, secrets or files changed, and no others.

use crate::harness::Project;
use crate::objects::{difference, get, pods};
use serde_json::json;

const MORE: &str = r#"
config.LOG_LEVEL = "info"
secret.TOKEN = "one"
files."app.conf" = { path = "/etc/app.conf", content = "a = 1" }
secretFiles."key.pem" = { path = "/etc/key.pem", content = "one" }
"#;

/// What differs in the pods when these flags are added.
fn rolled(flags: &[&str]) -> Vec<String> {
    let project = Project::web(MORE);
    let (old, new) = (project.objects([] as [&str; 0]), project.objects(flags));
    assert!(old != new, "{flags:?} changes nothing");
    let (old, new) = (pods(&old), pods(&new));
    assert_eq!(old.keys().collect::<Vec<_>>(), ["Deployment/web"]);
    let of = |pods: std::collections::BTreeMap<_, _>| -> Vec<_> {
        let wrap = |template| json!({"kind": "Pod", "metadata": {"name": "web"}, "is": template});
        pods.into_values().map(wrap).collect()
    };
    difference(&of(old), &of(new))
}

#[test]
fn a_new_version_restarts_nothing() {
    let project = Project::web(MORE);
    let none: [&str; 0] = [];
    // The version of the deployment is for charts: here it changes nothing at all.
    assert_eq!(project.objects(none), project.objects(["--set", "app.version=2.0.0"]));
    assert_eq!(rolled(&["--set-string", "app.appVersion=2.0"]), none);
}

#[test]
fn a_new_version_is_the_tag_of_images_without_one() {
    let changed = rolled(&["--set-string", "web.image.tag=,app.appVersion=2.0"]);
    assert_eq!(changed, [r#"Pod/web is.spec.containers[0].image: "shop/web:1" -> "shop/web:2.0""#]);
}

#[test]
fn labels_and_annotations_of_objects_restart_nothing() {
    let none: [&str; 0] = [];
    assert_eq!(rolled(&["--set", "web.labels.team=a"]), none);
    assert_eq!(rolled(&["--set", "global.labels.team=a"]), none);
    assert_eq!(rolled(&["--set", "web.annotations.note=a"]), none);
    assert_eq!(rolled(&["--set", "web.service.annotations.note=a"]), none);
}

#[test]
fn labels_of_pods_restart_them() {
    assert_eq!(
        rolled(&["--set", "web.podLabels.team=a"]),
        [r#"Pod/web is.metadata.labels.team: null -> "a""#]
    );
}

#[test]
fn each_kind_of_configuration_restarts_by_its_own_checksum() {
    for (flag, checksum) in [
        ("web.config.LOG_LEVEL=debug", "config"),
        ("web.config.NEW=1", "config"),
        ("web.secret.TOKEN=two", "secret"),
    ] {
        assert_eq!(
            rolled(&["--set-string", flag]),
            [format!("Pod/web is.metadata.annotations.checksum/{checksum}")],
            "{flag}"
        );
    }
    // A content with a dot in its key has to be told from a path.
    assert_eq!(
        rolled(&["--set", r"web.files.app\.conf.content=b"]),
        ["Pod/web is.metadata.annotations.checksum/files"]
    );
    assert_eq!(
        rolled(&["--set", r"web.secretFiles.key\.pem.content=two"]),
        ["Pod/web is.metadata.annotations.checksum/secret-files"]
    );
}

#[test]
fn a_secret_that_is_not_shown_has_no_checksum() {
    let project = Project::web(MORE);
    for how in ["omit", "mask"] {
        let objects = project.objects(["--secrets", how]);
        let annotations = &pods(&objects)["Deployment/web"]["metadata"]["annotations"];
        assert_eq!(annotations["checksum/secret"], "omitted", "{how}");
        assert_eq!(annotations["checksum/secret-files"], "omitted", "{how}");
        assert_eq!(annotations["checksum/config"].as_str().unwrap().len(), 64, "{how}");
    }
}

#[test]
fn an_autoscaler_owns_the_number_of_pods() {
    let project = Project::web("resources.requests = { cpu = \"1\" }\n");
    let objects = project.objects([
        "--set",
        "web.autoscaling.enabled=true,web.autoscaling.targetCPUUtilizationPercentage=80",
    ]);
    assert_eq!(get(&objects, "Deployment/web")["spec"]["replicas"], json!(null));
    let scaler = get(&objects, "HorizontalPodAutoscaler/web");
    assert_eq!(scaler["spec"]["minReplicas"], 1);
    assert_eq!(scaler["spec"]["maxReplicas"], 3);
}
