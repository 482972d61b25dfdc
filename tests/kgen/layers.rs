//! Layers of values: which wins, what each may say, and where every value comes from.

use crate::harness::Project;
use crate::objects::get;
use insta::assert_snapshot;
use serde_json::{Value as Json, json};

/// The merged values of a table.
fn values(project: &Project, args: &[&str], env: &[(&str, &str)], table: &str) -> Json {
    let mut run = project.kgen(["values", "-o", "json"]).args(args);
    for (name, value) in env {
        run = run.env(name, value);
    }
    let values: Json = serde_json::from_str(&run.stdout()).unwrap();
    values.pointer(table).cloned().unwrap_or_default()
}

/// The data of the ConfigMap of `web`.
fn config(project: &Project, args: &[&str]) -> Json {
    get(&project.objects(args), "ConfigMap/web-config")["data"].clone()
}

/// The text of an entry of a Secret.
fn secret(objects: &[Json], object: &str, key: &str) -> String {
    let data = get(objects, object)["data"][key].as_str().unwrap().to_owned();
    // base64 without a dependency: only what tests put in.
    let digit = |c: u8| {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
            .iter()
            .position(|d| *d == c)
    };
    let mut text = Vec::new();
    for four in data.as_bytes().chunks(4) {
        let digits: Vec<usize> = four.iter().filter_map(|c| digit(*c)).collect();
        let bits = digits.iter().fold(0, |bits, d| bits << 6 | d) << (6 * (4 - digits.len()));
        text.extend(bits.to_be_bytes()[5..].iter().take(digits.len() - 1));
    }
    String::from_utf8(text).unwrap()
}

#[test]
fn later_layers_win() {
    let project = Project::web("replicas = 2\nconfig.BASE = \"base\"\n")
        .with("a.toml", "[web]\nreplicas = 3\nconfig.A = \"toml\"\nconfig.SAME = \"toml\"\n")
        .with("b.yaml", "web:\n  replicas: 4\n  config: {B: yaml, SAME: yaml}\n")
        .with("c.json", r#"{"web": {"replicas": 5, "config": {"C": "json", "SAME": "json"}}}"#);
    let replicas =
        |args: &[&str], env: &[(&str, &str)]| values(&project, args, env, "/web/replicas");
    let files = ["-f", "a.toml", "--values", "b.yaml", "-f", "c.json"];
    assert_eq!(replicas(&[], &[]), 2);
    assert_eq!(replicas(&files, &[]), 5);
    assert_eq!(replicas(&["-f", "c.json", "-f", "a.toml"], &[]), 3);
    let env = [("KGEN_WEB__REPLICAS", "6")];
    assert_eq!(replicas(&files, &env), 6);
    let flags = [&files[..], &["--set", "web.replicas=7"]].concat();
    assert_eq!(replicas(&flags, &env), 7);
    assert_eq!(
        config(&project, &files),
        json!({"BASE": "base", "A": "toml", "B": "yaml", "C": "json", "SAME": "json"})
    );
}

#[test]
fn flags_read_as_in_helm() {
    let project = Project::web("").with("cert.pem", "line one\nline two\n");
    let args = [
        "--set",
        r"web.args={a,b},web.config.TYPED=1,web.podLabels.a\.b/c=x",
        "--set-string",
        "web.config.TEXT=true",
        "--set-json",
        r#"web.tolerations=[{"key": "spot", "operator": "Exists"}]"#,
        "--set-file",
        "web.config.FILE=cert.pem",
    ];
    let web = values(&project, &args, &[], "/web");
    assert_eq!(web["args"], json!(["a", "b"]));
    assert_eq!(web["podLabels"], json!({"a.b/c": "x"}));
    assert_eq!(web["tolerations"], json!([{"key": "spot", "operator": "Exists"}]));
    assert_eq!(
        config(&project, &args),
        json!({"TYPED": "1", "TEXT": "true", "FILE": "line one\nline two\n"})
    );
}

#[test]
fn the_environment_finds_keys_whatever_their_case() {
    let project = Project::web("config.LOG_LEVEL = \"info\"\nconfig.\"log.level\" = \"x\"\n");
    let env = [
        ("KGEN_WEB__IMAGE__PULL_POLICY", "Always"),
        ("KGEN_WEB__IMAGE__TAG", "1.10"),
        ("KGEN_WEB__CONFIG__LOG_LEVEL", "debug"),
        ("KGEN_WEB__CONFIG__newKey", "0755"),
        ("KGEN_WEB__PODDISRUPTIONBUDGET__ENABLED", "true"),
        ("KGEN_COLOR", "never"),
        ("KGENERATOR__X", "not kgen's"),
    ];
    let web = values(&project, &[], &env, "/web");
    assert_eq!(web["image"]["pullPolicy"], "Always");
    assert_eq!(web["image"]["tag"], "1.10");
    assert_eq!(web["config"], json!({"LOG_LEVEL": "debug", "log.level": "x", "newKey": "0755"}));
    assert_eq!(web["podDisruptionBudget"]["enabled"], true);
}

#[test]
fn a_variable_that_sets_nothing_known_is_a_mistake() {
    let project = Project::web("");
    let stderr = project
        .kgen(["render"])
        .env("KGEN_WEBB__REPLICAS", "1")
        .env("KGEN_WEB__REPLICA", "1")
        .env("KGEN_WEB__REPLICAS", "many")
        .refused();
    assert_snapshot!(stderr, @"
     × `KGEN_WEBB__REPLICAS` sets `WEBB`, which is no key here
      ╭─[KGEN_WEBB__REPLICAS:1:1]
    1 │ *
      · ─
      ╰────
     help: did you mean `web`?
     × `web`: `KGEN_WEB__REPLICA` sets `REPLICA`, which is no key here
      ╭─[KGEN_WEB__REPLICA:1:1]
    1 │ *
      · ─
      ╰────
     help: did you mean `replicas`?
     × `web.replicas`: expected a whole number in `KGEN_WEB__REPLICAS`
      ╭─[KGEN_WEB__REPLICAS:1:1]
    1 │ ****
      · ────
      ╰────
     help: correct the variable
    ");
}

#[test]
fn lists_are_replaced_and_tables_merged() {
    let project = Project::web("args = [\"a\", \"b\"]\nconfig = { A = \"1\", B = \"2\" }\n")
        .with("more.yaml", "web:\n  args: [c]\n  config: {B: '3'}\n");
    let web = values(&project, &["-f", "more.yaml"], &[], "/web");
    assert_eq!(web["args"], json!(["c"]));
    assert_eq!(web["config"], json!({"A": "1", "B": "3"}));
}

#[test]
fn null_and_unset_delete() {
    let project =
        Project::web("config = { A = \"1\", B = \"2\" }\n[web.probes.startup]\nenabled = true\n")
            .with("null.yaml", "web: {config: {A: null}, probes: {startup: null}}\n")
            .with("unset.toml", "unset = [\"web.config.A\", \"web.probes.startup\"]\n");
    let set = ["--set", "web.config.A=null,web.probes.startup=null"];
    for args in [&["-f", "null.yaml"][..], &["-f", "unset.toml"], &set] {
        let web = values(&project, args, &[], "/web");
        assert_eq!(web["config"], json!({"B": "2"}), "{args:?}");
        assert_eq!(web["probes"].get("startup"), None, "{args:?}");
    }
}

#[test]
fn a_reference_is_the_url_of_a_service() {
    let project = Project::web(
        r#"
[web.config]
ONE = { service = "api" }
NAMED = { service = "two", port = "grpc", path = "v1", scheme = "grpc" }
HTTP = { service = "two" }
[api]
name = "shop-api"
image.repository = "api"
ports.main.port = 9000
[two]
image.repository = "two"
ports.http.port = 80
ports.grpc.port = 81
"#,
    );
    assert_eq!(
        config(&project, &[]),
        json!({
            "ONE": "http://shop-api-service:9000",
            "NAMED": "grpc://two-service:81/v1",
            "HTTP": "http://two-service:80",
        })
    );
    assert_eq!(config(&project, &["--set", "api.name=x"])["ONE"], "http://x-service:9000");
}

#[test]
fn a_reference_to_nothing_is_a_mistake() {
    let project = Project::web(
        r#"
[web.config]
TYPO = { service = "ai" }
NONE = { service = "database" }
PORT = { service = "api", port = "htp" }
SEVERAL = { service = "api" }
SILENT = { service = "silent" }
KEY = { service = "api", prot = "a" }
[api]
image.repository = "api"
ports = { a = { port = 1 }, b = { port = 2 } }
[silent]
image.repository = "silent"
"#,
    );
    assert_snapshot!(project.kgen(["render"]).refused(), @r#"
     × `web.config.TYPO.service`: there is no service `ai`
       ╭─[values/base.toml:11:20]
    10 │ [web.config]
    11 │ TYPO = { service = "ai" }
       ·                    ────
    12 │ NONE = { service = "database" }
       ╰────
     help: did you mean `api`?
     × `web.config.NONE.service`: there is no service `database`
       ╭─[values/base.toml:12:20]
    11 │ TYPO = { service = "ai" }
    12 │ NONE = { service = "database" }
       ·                    ──────────
    13 │ PORT = { service = "api", port = "htp" }
       ╰────
     help: known here: `api`, `silent`, `web`
     × `web.config.PORT.port`: the service `api` has no port `htp`, but `a`, `b`
       ╭─[values/base.toml:13:34]
    12 │ NONE = { service = "database" }
    13 │ PORT = { service = "api", port = "htp" }
       ·                                  ─────
    14 │ SEVERAL = { service = "api" }
       ╰────
     × `web.config.SEVERAL.service`: the service `api` has several ports; add `port`, one of `a`, `b`
       ╭─[values/base.toml:14:23]
    13 │ PORT = { service = "api", port = "htp" }
    14 │ SEVERAL = { service = "api" }
       ·                       ─────
    15 │ SILENT = { service = "silent" }
       ╰────
     × `web.config.SILENT.service`: the service `silent` has no port
       ╭─[values/base.toml:15:22]
    14 │ SEVERAL = { service = "api" }
    15 │ SILENT = { service = "silent" }
       ·                      ────────
    16 │ KEY = { service = "api", prot = "a" }
       ╰────
     × `web.config.KEY.prot`: unknown key `prot`
       ╭─[values/base.toml:16:26]
    15 │ SILENT = { service = "silent" }
    16 │ KEY = { service = "api", prot = "a" }
       ·                          ────
    17 │ [api]
       ╰────
     help: known are `service`, `port`, `path`, `scheme`
    "#);
}

#[test]
fn a_reference_to_a_disabled_service_is_told() {
    let project = Project::web(
        "config.API = { service = \"api\" }\n[api]\nenabled = false\nimage.repository = \
         \"api\"\nports.http.port = 80\n",
    );
    let run = project.kgen(["render", "--kind", "ConfigMap"]).run();
    assert!(run.code(0).stdout.contains("API: http://api-service:80\n"), "{}", run.stdout);
    assert_snapshot!(run.stderr, @r#"
     ⚠ `web.config.API`: refers to the service `api`, which is not enabled
       ╭─[values/base.toml:9:14]
     8 │ probes.readiness.enabled = true
     9 │ config.API = { service = "api" }
       ·              ───────────────────
    10 │ [api]
       ╰────
    "#);
}

#[test]
fn secrets_come_from_variables_and_files() {
    let project = Project::web(
        r#"
[web.secret]
PLAIN = "plain"
SET = { env = "SET", default = "unused" }
UNSET = { env = "UNSET", default = "default" }
FILE = { file = "key.txt" }
"#,
    )
    .with("key.txt", "from a file\r\n");
    let objects = project.kgen(["render", "-o", "json"]).env("SET", "from outside").objects();
    let data = |key| secret(&objects, "Secret/web-secret", key);
    assert_eq!(data("PLAIN"), "plain");
    assert_eq!(data("SET"), "from outside");
    assert_eq!(data("UNSET"), "default");
    assert_eq!(data("FILE"), "from a file");
}

#[test]
fn a_secret_that_is_nowhere_is_a_mistake_unless_it_is_not_shown() {
    let project = Project::web(
        "[web.secret]\nA = { env = \"NOWHERE\" }\nB = { file = \"no.txt\" }\nC = { vault = \"x\" \
         }\n",
    );
    assert_snapshot!(project.kgen(["render"]).refused(), @r#"
     × `web.secret.A`: the environment variable `NOWHERE` is not set
       ╭─[values/base.toml:10:5]
     9 │ [web.secret]
    10 │ A = { env = "NOWHERE" }
       ·     ───────────────────
    11 │ B = { file = "no.txt" }
       ╰────
     help: set `NOWHERE`, or render without it: `--secrets omit`
     × `web.secret.B`: cannot read the secret file `no.txt`: No such file or directory (os error 2)
       ╭─[values/base.toml:11:5]
    10 │ A = { env = "NOWHERE" }
    11 │ B = { file = "no.txt" }
       ·     ───────────────────
    12 │ C = { vault = *** }
       ╰────
     × `web.secret.C`: expected a secret, or a table that says where it is
       ╭─[values/base.toml:12:5]
    11 │ B = { file = "no.txt" }
    12 │ C = { vault = *** }
       ·     ───────────────
       ╰────
     help: a secret is a string, `{ env = "NAME" }`, `{ file = "PATH" }` or `{ generate = 32 }`
    "#);
    project.write("values/base.toml", project.read("values/base.toml").replace("C =", "# C ="));
    assert_eq!(project.kgen(["render", "--secrets", "omit", "--kind", "Service"]).run().code, 0);
    let masked = project.objects(["--secrets", "mask"]);
    // base64 of `***`.
    let shown = &get(&masked, "Secret/web-secret")["data"];
    assert_eq!(shown, &json!({"A": "Kioq", "B": "Kioq"}));
}

#[test]
fn a_later_layer_replaces_the_source_of_a_secret() {
    let project = Project::web("secret.A = { env = \"NAME\", default = \"development\" }\n")
        .with("prod.toml", "[web.secret]\nA = { env = \"NAME\" }\n")
        .with("file.yaml", "web: {secret: {A: {file: key}}}\n")
        .with("key", "in a file");
    let stderr = project.kgen(["render", "-f", "prod.toml"]).refused();
    assert!(stderr.contains("`web.secret.A`: the environment variable `NAME` is not set"));
    let objects = project.objects(["-f", "file.yaml"]);
    assert_eq!(secret(&objects, "Secret/web-secret", "A"), "in a file");
    let objects = project.objects(["-f", "file.yaml", "--set", "web.secret.A=flag"]);
    assert_eq!(secret(&objects, "Secret/web-secret", "A"), "flag");
}

#[cfg(unix)]
#[test]
fn generated_secrets_are_made_once() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::web("secret = { A = { generate = 32 }, B = { generate = 8 } }\n");
    let made = |args: &[&str], key| secret(&project.objects(args), "Secret/web-secret", key);
    let a = made(&[], "A");
    assert_eq!(a.len(), 32);
    assert!(a.chars().all(|c| c.is_ascii_alphanumeric()), "{a}");
    assert_eq!(made(&[], "B").len(), 8);
    assert_eq!(made(&[], "A"), a, "another run");
    let kept = project.read("values/.secrets.toml");
    assert!(kept.starts_with("# ") && kept.contains(&a), "{kept}");
    let mode = project.path("values/.secrets.toml").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // Each namespace and release has its own, and none of the others changes.
    let there = made(&["-n", "there"], "A");
    let blue = made(&["--release", "blue"], "A");
    assert!(a != there && a != blue && there != blue);
    assert_eq!([made(&[], "A"), made(&["-n", "there"], "A")], [a, there]);
    // Another service, and the first keeps its secrets.
    let base = project.read("values/base.toml");
    project.write(
        "values/base.toml",
        base + "[z]\nimage.repository = \"z\"\nsecret.A = { generate = 16 }\n",
    );
    assert_eq!(secret(&project.objects([] as [&str; 0]), "Secret/z-secret", "A").len(), 16);
    assert_eq!(made(&["--release", "blue"], "A"), blue);
}

#[test]
fn nothing_is_generated_unless_all_of_it_is_right_and_shown() {
    let project = Project::web("secret.A = { generate = 32 }\n");
    assert_eq!(project.kgen(["render", "--secrets", "mask"]).run().code, 0);
    assert_eq!(project.kgen(["check"]).run().code, 0);
    project.kgen(["render", "--set", "web.replicas=-1"]).refused();
    // An error that only the objects show.
    project.kgen(["render", "--set", "web.probes.readiness.port=nope"]).refused();
    assert!(!project.path("values/.secrets.toml").exists());
}

#[test]
fn a_damaged_file_of_secrets_is_never_replaced() {
    let project = Project::web("secret.A = { generate = 32 }\n")
        .with("values/.secrets.toml", "[default]\nhunter2 = \n");
    assert_snapshot!(project.kgen(["render"]).refused(), @"
     × `web.secret.A`: cannot keep a generated secret: values/.secrets.toml:2: not the file that kgen
     │ wrote; restore it
      ╭─[values/base.toml:9:12]
    8 │ probes.readiness.enabled = true
    9 │ secret.A = { generate = 32 }
      ·            ─────────────────
      ╰────
    ");
    assert_eq!(project.read("values/.secrets.toml"), "[default]\nhunter2 = \n");
}

#[test]
fn values_prints_what_the_layers_come_to() {
    let project =
        Project::web("secret = { A = \"hunter2\", B = { env = \"B\", default = \"hunter3\" } }\n");
    let text = project.kgen(["values"]).stdout();
    assert!(!text.contains("hunter"), "{text}");
    for line in ["[web.secret]\nA = \"***\"\n", "[web.image]\n", "repository = \"shop/web\"\n"] {
        assert!(text.contains(line), "{text}");
    }
    // What is printed can be read again, and comes to the same.
    for format in ["toml", "yaml", "json"] {
        let text = project.kgen(["values", "-o", format]).stdout();
        let file = format!("again.{format}");
        let again = Project::web("").with(&file, &text);
        assert_eq!(again.kgen(["values", "-f", &file, "-o", format]).stdout(), text, "{format}");
    }
}

#[test]
fn explain_tells_where_values_come_from() {
    let project = Project::web("replicas = 2\nsecret.A = \"hunter2\"\n")
        .with("values/prod.toml", "[web]\nreplicas = 3\nsecret.A = \"hunter3\"\n");
    let explain = |path: &str| {
        project
            .kgen(["values", "-f", "values/prod.toml", "--set", "web.replicas=4"])
            .args(["--explain", path])
            .env("KGEN_WEB__REPLICAS", "5")
            .stdout()
    };
    assert_snapshot!(explain("web.replicas"), @"
    web.replicas = 4  # --set web.replicas=4
    #   overrides 5  # KGEN_WEB__REPLICAS
    #   overrides 3  # values/prod.toml:2:12
    #   overrides 2  # values/base.toml:9:12
    #   overrides 1  # default of service
    ");
    assert_snapshot!(explain("web.secret"), @"
    web.secret.A = ***  # values/prod.toml:3:12
    #   overrides ***  # values/base.toml:10:12
    ");
    assert_snapshot!(explain("web.image"), @r#"
    web.image.digest = ""  # default of service
    web.image.pullPolicy = "IfNotPresent"  # default of service
    web.image.registry = ""  # default of service
    web.image.repository = "shop/web"  # values/base.toml:5:24
    web.image.tag = "1"  # values/base.toml:5:42
    #   overrides ""  # default of service
    "#);
    let all = project.kgen(["values", "--explain"]).stdout();
    assert!(all.contains("app.name = \"shop\"  # values/base.toml:2:8\n"), "{all}");
    assert!(!all.contains("hunter"), "{all}");
    assert_snapshot!(project.kgen(["values", "--explain", "web.imag.tag"]).refused(), @"
    × there is no value at `web.imag.tag`
    help: in `web` there are `annotations`, `args`, `autoscaling`, `command`, `config`, `dependsOn`,
          `enabled`, `env`, `envFrom`, `envValueFrom`, `existingSecret`, `extraContainers`, `files`,
          `image`, `imagePullSecrets`, `ingress`, `initContainers`, `jobs`, `kind`, `labels`,
          `name`, `networkPolicy`, `nodeSelector`, `objects`, `patch`, `persistence`,
          `podAnnotations`, `podDisruptionBudget`, `podLabels`, `ports`, `probes`, `replicas`,
          `resources`, `secret`, `secretFiles`, `security`, `service`, `serviceAccount`, `strategy`,
          `tmp`, `tolerations`, `topologySpreadConstraints`, `volumeMounts`, `volumes`
    ");
}

#[test]
fn all_mistakes_come_together() {
    let project = Project::new(
        r#"
[app]
name = "shop"
[web]
image.repository = "shop/web"
replica = 2
image.tag = "no tag!"
resources.limits.cpu = "1 core"
kind = "DaemonSet"
dependsOn = ["db"]
[web.ports.http]
nodePort = 99999
[app2]
enabled = "yes"
"#,
    )
    .with("more.yaml", "web:\n  replicas: two\n  probes: {liveness: {periodSeconds: 0}}\n");
    let run =
        project.kgen(["render", "-f", "more.yaml", "--set", "web.image.pullPolicy=Sometimes"]);
    assert_snapshot!(run.refused(), @r#"
     × `web.replica`: unknown key `replica`
      ╭─[values/base.toml:6:1]
    5 │ image.repository = "shop/web"
    6 │ replica = 2
      · ───────
    7 │ image.tag = "no tag!"
      ╰────
     help: did you mean `replicas`?
     × `web.image.tag`: expected an image tag of letters, digits, `_`, `.` and `-`, found `no tag!`
      ╭─[values/base.toml:7:13]
    6 │ replica = 2
    7 │ image.tag = "no tag!"
      ·             ─────────
    8 │ resources.limits.cpu = "1 core"
      ╰────
     × `web.resources.limits.cpu`: expected a quantity like `250m`, `0.5` or `512Mi`, found `1 core`
      ╭─[values/base.toml:8:24]
    7 │ image.tag = "no tag!"
    8 │ resources.limits.cpu = "1 core"
      ·                        ────────
    9 │ kind = "DaemonSet"
      ╰────
     × `web.kind`: expected one of `Deployment`, `StatefulSet`, `None`, found `DaemonSet`
       ╭─[values/base.toml:9:8]
     8 │ resources.limits.cpu = "1 core"
     9 │ kind = "DaemonSet"
       ·        ───────────
    10 │ dependsOn = ["db"]
       ╰────
     × `web.dependsOn[0]`: there is no service `db`
       ╭─[values/base.toml:10:14]
     9 │ kind = "DaemonSet"
    10 │ dependsOn = ["db"]
       ·              ────
    11 │ [web.ports.http]
       ╰────
     help: known here: `app2`, `web`
     × `web.ports.http.port`: missing: expected a whole number
       ╭─[values/base.toml:11:1]
    10 │ dependsOn = ["db"]
    11 │ [web.ports.http]
       · ────────────────
    12 │ nodePort = 99999
       ╰────
     help: set `web.ports.http.port`
     × `web.ports.http.nodePort`: expected a whole number from 1 to 65535, found `99999`
       ╭─[values/base.toml:12:12]
    11 │ [web.ports.http]
    12 │ nodePort = 99999
       ·            ─────
    13 │ [app2]
       ╰────
     × `app2.image.repository`: missing: expected a string
       ╭─[values/base.toml:13:1]
    12 │ nodePort = 99999
    13 │ [app2]
       · ──────
    14 │ enabled = "yes"
       ╰────
     help: set `app2.image.repository`
     × `app2.enabled`: expected a boolean, found a string
       ╭─[values/base.toml:14:11]
    13 │ [app2]
    14 │ enabled = "yes"
       ·           ─────
       ╰────
     × `web.replicas`: expected a whole number, found a string
      ╭─[more.yaml:2:13]
    1 │ web:
    2 │   replicas: two
      ·             ───
    3 │   probes: {liveness: {periodSeconds: 0}}
      ╰────
     × `web.probes.liveness.periodSeconds`: expected a whole number from 1 to 2147483647, found `0`
      ╭─[more.yaml:3:38]
    2 │   replicas: two
    3 │   probes: {liveness: {periodSeconds: 0}}
      ·                                      ─
      ╰────
     × `web.image.pullPolicy`: expected one of `Always`, `IfNotPresent`, `Never`, found `Sometimes`
      ╭─[--set web.image.pullPolicy=Sometimes:1:22]
    1 │ web.image.pullPolicy=Sometimes
      ·                      ─────────
      ╰────
    "#);
}
