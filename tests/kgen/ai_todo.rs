//! AI Todo, the application of this repository: the figures that its deployment promises, and
//! what its environments change.

use crate::harness::{Kgen, repository};
use crate::objects::{container, difference, get, names};
use insta::assert_snapshot;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

const SERVICES: [&str; 3] = ["mcp", "backend", "frontend"];

fn kgen(args: &[&str]) -> Kgen {
    Kgen::new(repository(), args)
}

fn render(args: &[&str]) -> Vec<Json> {
    kgen(&["render", "-o", "json"])
        .args(args)
        .env("DATABASE_URL", "postgresql://db")
        .env("OPENAI_API_KEY", "key")
        .env("BETTER_AUTH_SECRET", "auth")
        .objects()
}

fn deployment<'o>(objects: &'o [Json], service: &str) -> &'o Json {
    get(objects, &format!("Deployment/ai-todo-{service}"))
}

/// A line for each service.
fn table(objects: &[Json], column: impl Fn(&str, &Json) -> String) -> String {
    SERVICES.iter().fold(String::new(), |mut table, service| {
        let _ = writeln!(table, "{service}: {}", column(service, deployment(objects, service)));
        table
    })
}

#[test]
fn the_objects_in_the_order_in_which_they_are_applied() {
    assert_snapshot!(names(&render(&[])).join("\n"), @"
    Namespace/ai-todo
    ServiceAccount/ai-todo-backend
    ServiceAccount/ai-todo-frontend
    ServiceAccount/ai-todo-mcp
    Secret/ai-todo-backend-secret
    Secret/ai-todo-frontend-secret
    Secret/ai-todo-mcp-secret
    ConfigMap/ai-todo-backend-config
    ConfigMap/ai-todo-frontend-config
    Service/ai-todo-backend-service
    Service/ai-todo-frontend-service
    Service/ai-todo-mcp-service
    Deployment/ai-todo-backend
    Deployment/ai-todo-frontend
    Deployment/ai-todo-mcp
    ");
}

#[test]
fn services_are_reached_where_they_always_were() {
    let objects = render(&[]);
    let reached = table(&objects, |service, deployment| {
        let object = get(&objects, &format!("Service/ai-todo-{service}-service"));
        let spec = &object["spec"];
        let labels = &deployment["spec"]["template"]["metadata"]["labels"];
        assert_eq!(&spec["selector"], labels, "the Service of {service} selects its pods");
        assert_eq!(labels, &deployment["spec"]["selector"]["matchLabels"]);
        let port = &spec["ports"][0];
        assert_eq!(spec["ports"].as_array().unwrap().len(), 1);
        let ports = &container(deployment)["ports"];
        assert_eq!(port["targetPort"], ports[0]["name"], "the name of the container's port");
        format!(
            "{} {} {} -> {}",
            object["spec"]["type"], port["nodePort"], port["port"], ports[0]["containerPort"]
        )
    });
    assert_snapshot!(reached, @r#"
    mcp: "ClusterIP" null 8001 -> 8001
    backend: "NodePort" 30081 8000 -> 8000
    frontend: "NodePort" 30080 3000 -> 3000
    "#);
}

#[test]
fn containers_run_what_they_ran_within_their_limits() {
    let objects = render(&[]);
    let running = table(&objects, |_, deployment| {
        let container = container(deployment);
        format!("{} {} {}", container["image"], container["command"], container["resources"])
    });
    assert_snapshot!(running, @r#"
    mcp: "ai-todo-mcp:1.0.0" ["python","tools/server.py"] {"limits":{"cpu":"250m","memory":"256Mi"},"requests":{"cpu":"100m","memory":"128Mi"}}
    backend: "ai-todo-backend:1.0.0" ["uvicorn","main:app","--host","0.0.0.0","--port","8000"] {"limits":{"cpu":"500m","memory":"512Mi"},"requests":{"cpu":"250m","memory":"256Mi"}}
    frontend: "ai-todo-frontend:1.0.0" ["npm","start"] {"limits":{"cpu":"500m","memory":"512Mi"},"requests":{"cpu":"100m","memory":"256Mi"}}
    "#);
}

#[test]
fn probes_ask_the_health_endpoints() {
    let objects = render(&[]);
    let probes = table(&objects, |_, deployment| {
        let container = container(deployment);
        assert_eq!(container["startupProbe"], json!(null));
        let probe = |which: &str| {
            let get = &container[which]["httpGet"];
            assert_eq!(get["port"], container["ports"][0]["name"]);
            get["path"].as_str().unwrap().to_owned()
        };
        format!("alive {}, ready {}", probe("livenessProbe"), probe("readinessProbe"))
    });
    assert_snapshot!(probes, @"
    mcp: alive /health, ready /health
    backend: alive /health, ready /ready
    frontend: alive /, ready /
    ");
}

#[test]
fn a_rollout_never_has_fewer_pods_than_before() {
    let objects = render(&[]);
    for service in SERVICES {
        assert_eq!(
            deployment(&objects, service)["spec"]["strategy"],
            json!({
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
            }),
            "{service}"
        );
        assert_eq!(deployment(&objects, service)["spec"]["replicas"], 1, "{service}");
    }
}

#[test]
fn configuration_and_secrets_reach_the_containers_that_need_them() {
    let objects = render(&[]);
    let has = |name: &str| names(&objects).contains(&name.to_owned());
    for service in SERVICES {
        let (config, secret) =
            (format!("ai-todo-{service}-config"), format!("ai-todo-{service}-secret"));
        let mut from = Vec::new();
        if has(&format!("ConfigMap/{config}")) {
            from.push(json!({"configMapRef": {"name": config}}));
        }
        if has(&format!("Secret/{secret}")) {
            from.push(json!({"secretRef": {"name": secret}}));
        }
        assert_eq!(container(deployment(&objects, service))["envFrom"], json!(from), "{service}");
    }
    let data = |name: &str| get(&objects, name)["data"].clone();
    assert!(!has("ConfigMap/ai-todo-mcp-config"));
    assert_eq!(
        data("ConfigMap/ai-todo-backend-config"),
        json!({
            "MCP_SERVER_URL": "http://ai-todo-mcp-service:8001",
            "LOG_LEVEL": "info",
            "CORS_ORIGINS": "http://localhost:3000,http://localhost:30080",
        })
    );
    assert_eq!(
        data("ConfigMap/ai-todo-frontend-config"),
        json!({
            "BACKEND_URL": "http://ai-todo-backend-service:8000",
            "NEXT_PUBLIC_API_URL": "http://localhost:30081",
            "BETTER_AUTH_URL": "http://localhost:30080",
            "NODE_ENV": "production",
        })
    );
    // base64 of `postgresql://db`, `key` and `auth`.
    let (database, key, auth) = ("cG9zdGdyZXNxbDovL2Ri", "a2V5", "YXV0aA==");
    assert_eq!(data("Secret/ai-todo-mcp-secret"), json!({"DATABASE_URL": database}));
    assert_eq!(
        data("Secret/ai-todo-backend-secret"),
        json!({"DATABASE_URL": database, "OPENAI_API_KEY": key, "BETTER_AUTH_SECRET": auth})
    );
    assert_eq!(data("Secret/ai-todo-frontend-secret"), json!({"BETTER_AUTH_SECRET": auth}));
}

#[test]
fn pods_meet_the_restricted_security_profile() {
    let objects = render(&["-f", "values/prod.toml"]);
    assert_eq!(
        get(&objects, "Namespace/ai-todo")["metadata"]["labels"],
        json!({"pod-security.kubernetes.io/enforce": "restricted"})
    );
    for service in SERVICES {
        let pod = &deployment(&objects, service)["spec"]["template"]["spec"];
        assert_eq!(
            pod["securityContext"],
            json!({"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}),
            "{service}"
        );
        assert_eq!(
            container(deployment(&objects, service))["securityContext"],
            json!({
                "allowPrivilegeEscalation": false,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": true,
            }),
            "{service}"
        );
        assert_eq!(pod["automountServiceAccountToken"], false, "{service}");
        for field in ["hostNetwork", "hostPID", "hostIPC"] {
            assert_eq!(pod[field], json!(null), "{service} {field}");
        }
        assert_eq!(
            pod["volumes"],
            json!([{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}]),
            "{service}"
        );
    }
}

#[test]
fn development_changes_what_its_file_says() {
    let changes = difference(&render(&[]), &render(&["-f", "values/dev.toml"]));
    assert_snapshot!(changes.join("\n"), @r#"
    ConfigMap/ai-todo-backend-config data.LOG_LEVEL: "info" -> "debug"
    ConfigMap/ai-todo-frontend-config data.NODE_ENV: "production" -> "development"
    Deployment/ai-todo-backend spec.template.metadata.annotations.checksum/config
    Deployment/ai-todo-frontend spec.template.metadata.annotations.checksum/config
    "#);
}

#[test]
fn production_changes_what_its_file_says() {
    let changes = difference(&render(&[]), &render(&["-f", "values/prod.toml"]));
    assert_snapshot!(changes.join("\n"), @r#"
    ConfigMap/ai-todo-backend-config data.LOG_LEVEL: "info" -> "warning"
    Deployment/ai-todo-backend spec.replicas: 1 -> 2
    Deployment/ai-todo-backend spec.template.metadata.annotations.checksum/config
    Deployment/ai-todo-frontend spec.replicas: 1 -> 2
    Deployment/ai-todo-mcp spec.replicas: 1 -> 2
    + PodDisruptionBudget/ai-todo-backend
    + PodDisruptionBudget/ai-todo-frontend
    + PodDisruptionBudget/ai-todo-mcp
    "#);
}

#[test]
fn production_has_no_secret_by_default() {
    let stderr = kgen(&["render", "-f", "values/prod.toml"]).refused();
    assert_eq!(stderr.matches("the environment variable `DATABASE_URL` is not set").count(), 2);
    assert_eq!(stderr.matches("the environment variable `OPENAI_API_KEY` is not set").count(), 1);
    assert_eq!(stderr.matches("variable `BETTER_AUTH_SECRET` is not set").count(), 2);
}

#[test]
fn mcp_scales_alone() {
    let changes = difference(&render(&[]), &render(&["--set", "mcp.replicas=2"]));
    assert_eq!(changes, ["Deployment/ai-todo-mcp spec.replicas: 1 -> 2"]);
}

#[test]
fn manifests_are_fresh() {
    for environment in ["dev", "prod"] {
        let file = format!("manifests/{environment}.yaml");
        let run = kgen(&["render", "--check", &file]).run();
        assert_eq!(run.stdout + &run.stderr, "", "`kgen render --check {file}`");
        assert_eq!(run.code, 0);
    }
}

#[test]
fn the_schema_is_fresh() {
    let kept = std::fs::read_to_string(repository().join("values/.schema.json")).unwrap();
    let made = kgen(&["schema"]).stdout();
    // Compared without printing a quarter of a megabyte.
    assert!(kept == made, "values/.schema.json is stale; run `kgen schema > values/.schema.json`");
}

#[test]
fn every_environment_is_sound() {
    let run = kgen(&["check"]).run();
    assert_eq!(run.code(0).stdout, "");
    assert_snapshot!(run.stderr, @"
    values/base.toml: 15 objects
    values/dev.toml: 15 objects
    values/prod.toml: 18 objects
    ");
}
