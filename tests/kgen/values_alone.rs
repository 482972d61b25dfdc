//! What values alone can say, without a line of Rust.

use crate::harness::Project;
use crate::objects::{container, get, names};
use insta::assert_snapshot;
use serde_json::{Value as Json, json};

/// The objects of a service `web` with these lines more.
fn web(more: &str) -> Vec<Json> {
    Project::web(more).objects([] as [&str; 0])
}

/// The objects of one kind, as kgen prints them.
fn yaml(project: &Project, kind: &str) -> String {
    project.kgen(["render", "--kind", kind]).stdout()
}

fn spec<'o>(objects: &'o [Json], name: &str) -> &'o Json {
    &get(objects, name)["spec"]
}

#[test]
fn any_object_stands_verbatim_beside_the_built_ones() {
    let objects = web(r#"
[web.objects.route]
apiVersion = "gateway.networking.k8s.io/v1"
kind = "HTTPRoute"
metadata = { name = "web", annotations = { yes = "0755" } }
[web.objects.route.spec]
parentRefs = [{ name = "gateway" }]
hostnames = ["shop.example"]
rules = [{ backendRefs = [{ name = "web-service", port = 8080, weight = 1.5 }] }]

[web.objects.metrics]
apiVersion = "monitoring.coreos.com/v1"
kind = "ServiceMonitor"
metadata = { name = "web", namespace = "monitoring" }
spec.selector.matchLabels = { "app.kubernetes.io/name" = "web" }
spec.endpoints = [{ port = "http", interval = "30s" }]

[web.objects.role]
apiVersion = "example.com/v1"
kind = "ClusterThing"
metadata = { name = "web" }
"#);
    assert_eq!(
        get(&objects, "HTTPRoute/web"),
        &json!({
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "HTTPRoute",
            "metadata": {"name": "web", "namespace": "default", "annotations": {"yes": "0755"}},
            "spec": {
                "parentRefs": [{"name": "gateway"}],
                "hostnames": ["shop.example"],
                "rules": [{
                    "backendRefs": [{"name": "web-service", "port": 8080, "weight": 1.5}]
                }],
            },
        })
    );
    assert_eq!(
        get(&objects, "ServiceMonitor/web"),
        &json!({
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "ServiceMonitor",
            "metadata": {"name": "web", "namespace": "monitoring"},
            "spec": {
                "selector": {"matchLabels": {"app.kubernetes.io/name": "web"}},
                "endpoints": [{"port": "http", "interval": "30s"}],
            },
        })
    );
    // By its name, it belongs to no namespace.
    assert_eq!(get(&objects, "ClusterThing/web")["metadata"], json!({"name": "web"}));
}

#[test]
fn a_migration_runs_the_image_of_its_service_before_it() {
    let project = Project::web(
        r#"
config.LOG_LEVEL = "info"
[web.jobs.migrate]
run = "before"
command = ["alembic", "upgrade", "head"]
env.STEP = "1"
backoffLimit = 0
activeDeadlineSeconds = 300
"#,
    );
    let all = names(&project.objects([] as [&str; 0]));
    let place = |name: &str| all.iter().position(|n| n == name).unwrap();
    assert!(place("ConfigMap/web-config") < place("Job/web-migrate"), "{all:?}");
    assert_snapshot!(yaml(&project, "Job"), @r#"
    ---
    apiVersion: batch/v1
    kind: Job
    metadata:
      labels:
        app.kubernetes.io/instance: shop
        app.kubernetes.io/managed-by: kgen
        app.kubernetes.io/name: web
        app.kubernetes.io/version: latest
      name: web-migrate
      namespace: default
    spec:
      activeDeadlineSeconds: 300
      backoffLimit: 0
      template:
        metadata:
          labels:
            app.kubernetes.io/instance: shop
            app.kubernetes.io/name: web-migrate
        spec:
          automountServiceAccountToken: false
          containers:
          - command:
            - alembic
            - upgrade
            - head
            env:
            - name: STEP
              value: "1"
            envFrom:
            - configMapRef:
                name: web-config
            image: shop/web:1
            imagePullPolicy: IfNotPresent
            name: web
            resources:
              limits:
                cpu: "1"
                memory: 1Gi
            securityContext:
              allowPrivilegeEscalation: false
              capabilities:
                drop:
                - ALL
              readOnlyRootFilesystem: true
            volumeMounts:
            - mountPath: /tmp
              name: tmp
          enableServiceLinks: false
          restartPolicy: Never
          securityContext:
            runAsNonRoot: true
            seccompProfile:
              type: RuntimeDefault
          serviceAccountName: web
          volumes:
          - emptyDir:
              sizeLimit: 64Mi
            name: tmp
    "#);
}

#[test]
fn a_schedule_makes_a_cron_job() {
    let objects = web(r#"
[web.jobs.tidy]
run = "schedule"
schedule = "*/5 3 * * MON-FRI"
timeZone = "Europe/Vienna"
args = ["tidy", "--all"]
concurrencyPolicy = "Forbid"
suspend = true
ttlSecondsAfterFinished = 60
"#);
    let cron = get(&objects, "CronJob/web-tidy");
    assert_eq!(cron["apiVersion"], "batch/v1");
    let mut spec = cron["spec"].clone();
    let mut job = spec["jobTemplate"].take();
    assert_eq!(
        spec,
        json!({
            "schedule": "*/5 3 * * MON-FRI",
            "timeZone": "Europe/Vienna",
            "concurrencyPolicy": "Forbid",
            "suspend": true,
            "jobTemplate": null,
        })
    );
    assert_eq!(job["spec"]["ttlSecondsAfterFinished"], 60);
    let container = &job["spec"]["template"]["spec"]["containers"][0].take();
    assert_eq!(container["args"], json!(["tidy", "--all"]));
    assert_eq!(container["image"], "shop/web:1");
}

#[test]
fn a_digest_wins_over_a_tag_and_a_registry_over_none() {
    let digest = format!("sha256:{}", "0a".repeat(32));
    let image = |flags: &[&str]| -> Json {
        let objects = Project::web("").objects(flags.iter().flat_map(|f| ["--set-string", f]));
        container(get(&objects, "Deployment/web"))["image"].clone()
    };
    let set = format!("web.image.digest={digest}");
    assert_eq!(image(&[&set]), json!(format!("shop/web@{digest}")));
    assert_eq!(image(&["web.image.registry=ghcr.io"]), "ghcr.io/shop/web:1");
    assert_eq!(
        image(&["web.image.registry=ghcr.io", "global.imageRegistry=localhost:5000"]),
        "localhost:5000/shop/web:1"
    );
    assert_eq!(image(&["web.image.tag=", "app.appVersion=1.10"]), "shop/web:1.10");
}

#[test]
fn a_stateful_set_keeps_a_volume_for_each_pod() {
    let project = Project::web(
        r#"
kind = "StatefulSet"
replicas = 3
service.headless = true
[web.persistence.data]
mountPath = "/var/lib/data"
size = "10Gi"
storageClass = "fast"
[web.persistence.old]
mountPath = "/var/lib/old"
subPath = "v1"
size = "1Gi"
existingClaim = "old"
"#,
    );
    let unknown = project.kgen(["render"]).refused();
    assert_snapshot!(unknown, @"
    × StatefulSet/default/web: spec.template.spec.volumes[1].persistentVolumeClaim.claimName: there
    │ is no PersistentVolumeClaim `old` in the render
    help: if the cluster has it, add `PersistentVolumeClaim/old` to `app.external`
    ");
    let project = project.external("PersistentVolumeClaim/old");
    assert_snapshot!(yaml(&project, "StatefulSet"), @r#"
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      labels:
        app.kubernetes.io/instance: shop
        app.kubernetes.io/managed-by: kgen
        app.kubernetes.io/name: web
        app.kubernetes.io/version: latest
      name: web
      namespace: default
    spec:
      replicas: 3
      selector:
        matchLabels:
          app.kubernetes.io/instance: shop
          app.kubernetes.io/name: web
      serviceName: web-service
      template:
        metadata:
          labels:
            app.kubernetes.io/instance: shop
            app.kubernetes.io/name: web
        spec:
          automountServiceAccountToken: false
          containers:
          - image: shop/web:1
            imagePullPolicy: IfNotPresent
            name: web
            ports:
            - containerPort: 8080
              name: http
            readinessProbe:
              httpGet:
                path: /
                port: http
            resources:
              limits:
                cpu: "1"
                memory: 1Gi
            securityContext:
              allowPrivilegeEscalation: false
              capabilities:
                drop:
                - ALL
              readOnlyRootFilesystem: true
            volumeMounts:
            - mountPath: /tmp
              name: tmp
            - mountPath: /var/lib/old
              name: old
              subPath: v1
            - mountPath: /var/lib/data
              name: data
          enableServiceLinks: false
          securityContext:
            runAsNonRoot: true
            seccompProfile:
              type: RuntimeDefault
          serviceAccountName: web
          volumes:
          - emptyDir:
              sizeLimit: 64Mi
            name: tmp
          - name: old
            persistentVolumeClaim:
              claimName: old
      updateStrategy:
        type: RollingUpdate
      volumeClaimTemplates:
      - apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: data
        spec:
          accessModes:
          - ReadWriteOnce
          resources:
            requests:
              storage: 10Gi
          storageClassName: fast
    "#);
    assert_snapshot!(yaml(&project, "Service"), @"
    ---
    apiVersion: v1
    kind: Service
    metadata:
      labels:
        app.kubernetes.io/instance: shop
        app.kubernetes.io/managed-by: kgen
        app.kubernetes.io/name: web
        app.kubernetes.io/version: latest
      name: web-service
      namespace: default
    spec:
      clusterIP: None
      ports:
      - name: http
        port: 8080
        targetPort: http
      selector:
        app.kubernetes.io/instance: shop
        app.kubernetes.io/name: web
      type: ClusterIP
    ");
}

#[test]
fn a_deployment_shares_a_claim() {
    let project = Project::web(
        r#"
strategy.type = "Recreate"
[web.persistence.data]
mountPath = "/data"
size = "1Gi"
accessModes = ["ReadWriteMany"]
"#,
    );
    assert_snapshot!(yaml(&project, "PersistentVolumeClaim"), @"
    ---
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      labels:
        app.kubernetes.io/instance: shop
        app.kubernetes.io/managed-by: kgen
        app.kubernetes.io/name: web
        app.kubernetes.io/version: latest
      name: web-data
      namespace: default
    spec:
      accessModes:
      - ReadWriteMany
      resources:
        requests:
          storage: 1Gi
    ");
    let objects = project.objects([] as [&str; 0]);
    assert_eq!(spec(&objects, "Deployment/web")["strategy"], json!({"type": "Recreate"}));
    let pod = &spec(&objects, "Deployment/web")["template"]["spec"];
    assert_eq!(
        pod["volumes"][1],
        json!({"name": "data", "persistentVolumeClaim": {"claimName": "web-data"}})
    );
    assert_eq!(
        pod["containers"][0]["volumeMounts"][1],
        json!({"name": "data", "mountPath": "/data"})
    );
}

#[test]
fn an_ingress_serves_hosts_with_tls() {
    let project = Project::web(
        r#"
[web.ingress]
enabled = true
className = "nginx"
annotations = { "cert-manager.io/cluster-issuer" = "letsencrypt" }
[web.ingress.hosts."shop.example"]
port = "http"
tlsSecret = "shop-tls"
[web.ingress.hosts."api.example"]
path = "/v1"
pathType = "Exact"
port = "http"
"#,
    );
    assert_snapshot!(yaml(&project.external("Secret/shop-tls"), "Ingress"), @"
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      annotations:
        cert-manager.io/cluster-issuer: letsencrypt
      labels:
        app.kubernetes.io/instance: shop
        app.kubernetes.io/managed-by: kgen
        app.kubernetes.io/name: web
        app.kubernetes.io/version: latest
      name: web
      namespace: default
    spec:
      ingressClassName: nginx
      rules:
      - host: api.example
        http:
          paths:
          - backend:
              service:
                name: web-service
                port:
                  name: http
            path: /v1
            pathType: Exact
      - host: shop.example
        http:
          paths:
          - backend:
              service:
                name: web-service
                port:
                  name: http
            path: /
            pathType: Prefix
      tls:
      - hosts:
        - shop.example
        secretName: shop-tls
    ");
}

#[test]
fn a_network_policy_an_autoscaler_and_a_budget() {
    let project = Project::web(
        r#"
resources.requests = { cpu = "100m" }
networkPolicy.enabled = true
networkPolicy.egress = [{ ports = [{ port = 53, protocol = "UDP" }] }]
podDisruptionBudget = { enabled = true, maxUnavailable = "25%" }
[[web.networkPolicy.ingress]]
from = [{ podSelector.matchLabels = { "app.kubernetes.io/name" = "gateway" } }]
ports = [{ port = "http" }]
[web.autoscaling]
enabled = true
minReplicas = 2
maxReplicas = 10
targetCPUUtilizationPercentage = 70
behavior.scaleDown.stabilizationWindowSeconds = 300
"#,
    );
    assert_snapshot!(yaml(&project, "NetworkPolicy"), @"
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      labels:
        app.kubernetes.io/instance: shop
        app.kubernetes.io/managed-by: kgen
        app.kubernetes.io/name: web
        app.kubernetes.io/version: latest
      name: web
      namespace: default
    spec:
      egress:
      - ports:
        - port: 53
          protocol: UDP
      ingress:
      - from:
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: gateway
        ports:
        - port: http
      podSelector:
        matchLabels:
          app.kubernetes.io/instance: shop
          app.kubernetes.io/name: web
      policyTypes:
      - Ingress
      - Egress
    ");
    assert_snapshot!(yaml(&project, "HorizontalPodAutoscaler"), @"
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      labels:
        app.kubernetes.io/instance: shop
        app.kubernetes.io/managed-by: kgen
        app.kubernetes.io/name: web
        app.kubernetes.io/version: latest
      name: web
      namespace: default
    spec:
      behavior:
        scaleDown:
          stabilizationWindowSeconds: 300
      maxReplicas: 10
      metrics:
      - resource:
          name: cpu
          target:
            averageUtilization: 70
            type: Utilization
        type: Resource
      minReplicas: 2
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
    ");
    assert_snapshot!(yaml(&project, "PodDisruptionBudget"), @"
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      labels:
        app.kubernetes.io/instance: shop
        app.kubernetes.io/managed-by: kgen
        app.kubernetes.io/name: web
        app.kubernetes.io/version: latest
      name: web
      namespace: default
    spec:
      maxUnavailable: 25%
      selector:
        matchLabels:
          app.kubernetes.io/instance: shop
          app.kubernetes.io/name: web
    ");
}

#[test]
fn files_are_mounted_from_a_config_map_and_a_secret() {
    let objects = web(r#"
[web.files."nginx.conf"]
path = "/etc/nginx/nginx.conf"
content = "worker_processes 1;\n\tevents {}\n"
[web.secretFiles."tls.key"]
path = "/etc/tls/tls.key"
content = "key"
"#);
    assert_eq!(
        get(&objects, "ConfigMap/web-files")["data"],
        json!({"nginx.conf": "worker_processes 1;\n\tevents {}\n"})
    );
    assert_eq!(get(&objects, "Secret/web-secret-files")["data"], json!({"tls.key": "a2V5"}));
    let pod = &spec(&objects, "Deployment/web")["template"]["spec"];
    assert_eq!(
        pod["containers"][0]["volumeMounts"],
        json!([
            {"name": "tmp", "mountPath": "/tmp"},
            {
                "name": "files", "mountPath": "/etc/nginx/nginx.conf", "readOnly": true,
                "subPath": "nginx.conf",
            },
            {
                "name": "secret-files", "mountPath": "/etc/tls/tls.key", "readOnly": true,
                "subPath": "tls.key",
            },
        ])
    );
}

#[test]
fn a_patch_changes_what_the_model_does_not_say() {
    let objects = web(r#"
[web.patch.Deployment.spec]
paused = true
strategy = { type = "RollingUpdate" }
[web.patch."Service/web-service"]
spec.internalTrafficPolicy = "Local"
"#);
    assert_eq!(spec(&objects, "Deployment/web")["paused"], true);
    assert_eq!(spec(&objects, "Deployment/web")["replicas"], 1, "the rest stays");
    assert_eq!(spec(&objects, "Service/web-service")["internalTrafficPolicy"], "Local");
}

#[test]
fn a_patch_of_nothing_is_an_error() {
    let project = Project::web("[web.patch.StatefulSet.spec]\nreplicas = 2\n");
    assert_snapshot!(project.kgen(["render"]).refused(), @"
     × `web.patch.StatefulSet`: no object `StatefulSet` is built
       ╭─[values/base.toml:9:12]
     8 │ probes.readiness.enabled = true
     9 │ [web.patch.StatefulSet.spec]
       ·            ───────────
    10 │ replicas = 2
       ╰────
     help: built are `ServiceAccount/web`, `Service/web-service`, `Deployment/web`
    ");
}

#[test]
fn a_service_may_be_off() {
    let objects = web("enabled = false\n[other]\nimage.repository = \"other\"\n");
    assert_eq!(names(&objects), ["ServiceAccount/other", "Deployment/other"]);
}

#[test]
fn each_relaxation_of_security_is_a_value() {
    let objects = web(r#"
[web.security]
runAsRoot = true
writableRootFilesystem = true
privilegeEscalation = true
addCapabilities = ["NET_BIND_SERVICE"]
seccompProfile = "Unconfined"
serviceLinks = true
runAsUser = 0
fsGroup = 2000
"#);
    let pod = &spec(&objects, "Deployment/web")["template"]["spec"];
    assert_eq!(
        pod["securityContext"],
        json!({
            "fsGroup": 2000,
            "runAsNonRoot": false,
            "runAsUser": 0,
            "seccompProfile": {"type": "Unconfined"},
        })
    );
    assert_eq!(
        pod["containers"][0]["securityContext"],
        json!({
            "allowPrivilegeEscalation": true,
            "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
            "readOnlyRootFilesystem": false,
        })
    );
    assert_eq!(pod["enableServiceLinks"], true);
}

#[test]
fn a_job_has_no_part_in_the_volumes_of_a_stateful_set() {
    let objects = web(r#"
kind = "StatefulSet"
persistence.data = { mountPath = "/data", size = "1Gi" }
jobs.migrate = { run = "before", command = ["migrate"] }
"#);
    let mounts = |name| {
        let mounts = container(get(&objects, name))["volumeMounts"].as_array().unwrap();
        mounts.iter().map(|mount| mount["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(mounts("StatefulSet/web"), ["tmp", "data"]);
    assert_eq!(mounts("Job/web-migrate"), ["tmp"]);
}

#[test]
fn values_that_contradict_each_other_are_mistakes() {
    let stderr = Project::web(
        r#"
security.runAsUser = 0
service = { type = "NodePort", headless = true }
ingress.enabled = true
podDisruptionBudget.enabled = true
strategy.type = "OnDelete"
probes.liveness = { enabled = true, type = "exec", successThreshold = 2 }
probes.startup = { enabled = true, type = "grpc" }
jobs.nightly = { run = "schedule" }
jobs.migrate = { run = "before", schedule = "@daily" }
"#,
    )
    .kgen(["render"])
    .refused();
    for mistake in [
        "`web.security.runAsUser`: the user 0 is root",
        "`web.service.headless`: only a Service of type `ClusterIP` can be headless",
        "`web.ingress.hosts`: an ingress without hosts leads nowhere",
        "`web.podDisruptionBudget`: set one of `minAvailable` and `maxUnavailable`",
        "`web.strategy.type`: a Deployment has `RollingUpdate` and `Recreate`",
        "`web.probes.liveness`: an exec probe needs a `command`",
        "`web.probes.liveness.successThreshold`: Kubernetes takes only 1 here",
        "`web.probes.startup`: a gRPC probe needs a `grpcPort`",
        "`web.jobs.nightly`: runs by a schedule, but has none",
        "`web.jobs.migrate.schedule`: a schedule needs `run = \"schedule\"`",
    ] {
        assert!(stderr.contains(mistake), "{mistake} is not in\n{stderr}");
    }
    assert_eq!(stderr.matches("values/base.toml:").count(), 10, "each has its place:\n{stderr}");
}
