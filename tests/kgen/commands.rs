//! Each command and flag: what it prints, what it writes, and how it ends.

use crate::harness::{Kgen, Project, repository};
use crate::objects::names;
use insta::assert_snapshot;
use serde_json::Value as Json;

const TWO: &str = r#"
config.LOG_LEVEL = "info"
secret.TOKEN = "hunter2"
[api]
image.repository = "shop/api"
ports.http.port = 80
"#;

fn two() -> Project {
    Project::web(TWO)
}

#[test]
fn help_lists_the_commands() {
    let help = two().kgen(["-h"]).stdout();
    assert_snapshot!(help, @"
    Render Kubernetes manifests from typed builders and layered values

    Usage: kgen [OPTIONS] <COMMAND>

    Commands:
      render       Print the manifests of the application
      check        Check the values and the objects of every environment
      values       Print the merged values, or where each comes from
      schema       Print the JSON Schema of the values
      init         Make a new project: a small values/base.toml that renders
      completions  Print completions for a shell
      man          Print the manual page, verbs included
      help         Print this message or the help of the given subcommand(s)

    Options:
      -C, --directory <DIR>  The project directory [default: .]
          --color <WHEN>     When to use colour [env: KGEN_COLOR=] [default: auto] [possible values:
                             auto, always, never]
      -h, --help             Print help (see more with '--help')
      -V, --version          Print version

    A project is a directory with `values/base.toml`; `kgen init` makes one.
    Values also come from the environment: KGEN_BACKEND__REPLICAS=3.
    Exit codes: 0 done or the same, 1 differs, 2 an error.
    ");
    assert_eq!(two().kgen(["--version"]).stdout(), format!("kgen {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_of_render_lists_its_flags() {
    assert_snapshot!(two().kgen(["render", "-h"]).stdout(), @"
    Print the manifests of the application

    Usage: kgen render [OPTIONS]

    Options:
      -C, --directory <DIR>        The project directory [default: .]
      -n, --namespace <NAMESPACE>  The namespace, in place of app.namespace [env: KGEN_NAMESPACE=]
          --color <WHEN>           When to use colour [env: KGEN_COLOR=] [default: auto] [possible
                                   values: auto, always, never]
          --release <NAME>         The name of the release, in place of app.release [env: KGEN_RELEASE=]
          --only <SERVICE>         Print only objects of this service; may be given several times
          --kind <KIND>            Print only objects of this kind; may be given several times
          --secrets <HOW>          What becomes of Secrets; keep unless given, omit with --check
                                   [possible values: keep, mask, omit]
      -o, --output <FORMAT>        The format [default: yaml] [possible values: yaml, json]
          --output-dir <DIR>       Write one file an object into a directory, and remove files of
                                   objects that are gone
          --check <FILE>           Compare with a file, and exit with 1 and the difference if it is
                                   stale
      -h, --help                   Print help (see more with '--help')

    Values:
      -f, --values <FILE>            Lay a values file (TOML, YAML or JSON) over values/base.toml; later
                                     ones win
          --set <PATH=VALUE>         Set values, in Helm's syntax: a.b=1,c[0]=x
          --set-string <PATH=VALUE>  Set values as strings
          --set-json <PATH=JSON>     Set values as JSON
          --set-file <PATH=FILE>     Set values to the content of files
    ");
}

#[test]
fn every_command_has_help_with_a_summary() {
    for command in ["render", "check", "values", "schema", "init", "completions", "man"] {
        let help = two().kgen([command, "--help"]).stdout();
        let summary = help.lines().next().unwrap();
        assert!(!summary.is_empty() && !summary.ends_with('.'), "{command}: {summary}");
        assert!(help.contains(&format!("Usage: kgen {command}")), "{help}");
    }
}

#[test]
fn json_is_one_list_of_the_objects_of_yaml() {
    let project = two();
    let objects = project.objects([] as [&str; 0]);
    let yaml = project.kgen(["render"]).stdout();
    let kinds: Vec<_> = yaml.lines().filter_map(|line| line.strip_prefix("kind: ")).collect();
    let in_json: Vec<_> = objects.iter().map(|o| o["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, in_json);
}

#[test]
fn only_and_kind_narrow_what_is_printed() {
    let project = two();
    let of = |args: &[&str]| names(&project.objects(args));
    assert_eq!(
        of(&["--only", "api"]),
        ["ServiceAccount/api", "Service/api-service", "Deployment/api"]
    );
    assert_eq!(of(&["--kind", "deployment"]), ["Deployment/api", "Deployment/web"]);
    assert_eq!(of(&["--only", "api", "--kind", "Service"]), ["Service/api-service"]);
    assert_eq!(
        of(&["--only", "api", "--only", "web", "--kind", "Service", "--kind", "ConfigMap"]),
        ["ConfigMap/web-config", "Service/api-service", "Service/web-service"]
    );
    assert_snapshot!(project.kgen(["render", "--only", "wbe"]).refused(), @"
    × there is no service `wbe`
    help: did you mean `web`?
    ");
    assert_snapshot!(project.kgen(["render", "--kind", "Ingress"]).refused(), @"
    × no object is of the kind `Ingress`
    help: the kinds here are `ConfigMap`, `Deployment`, `Secret`, `ServiceAccount`, `Service`
    ");
}

#[test]
fn secrets_are_kept_masked_or_omitted() {
    let project = two();
    let secrets = |how: &str| {
        project
            .kgen(["render", "--secrets", how])
            .stdout()
            .lines()
            .filter(|l| *l == "kind: Secret")
            .count()
    };
    assert_eq!([secrets("keep"), secrets("mask"), secrets("omit")], [1, 1, 0]);
    // base64 of `hunter2` and of `***`.
    let render = |how: &str| project.kgen(["render", "--secrets", how]).stdout();
    assert!(render("keep").contains("  TOKEN: aHVudGVyMg==\n"));
    for how in ["mask", "omit"] {
        let text = render(how);
        assert!(!text.contains("aHVudGVyMg") && !text.contains("hunter2"), "{text}");
        assert!(text.contains("checksum/secret: omitted\n"), "{text}");
    }
    assert!(render("mask").contains("  TOKEN: Kioq\n"));
}

#[test]
fn namespace_and_release_come_from_flags_or_variables() {
    let project = two();
    let place = |run: Kgen| {
        let object = run.args(["render", "-o", "json", "--kind", "Deployment"]).objects()[0].take();
        let text = |json: &Json| json.as_str().unwrap().to_owned();
        let metadata = &object["metadata"];
        (text(&metadata["namespace"]), text(&metadata["labels"]["app.kubernetes.io/instance"]))
    };
    let kgen = || project.kgen([] as [&str; 0]);
    let is = |namespace: &str, release: &str| (namespace.to_owned(), release.to_owned());
    assert_eq!(place(kgen()), is("default", "shop"));
    assert_eq!(
        place(kgen().env("KGEN_NAMESPACE", "staging").env("KGEN_RELEASE", "blue")),
        is("staging", "blue")
    );
    let flags = project.kgen(["render", "-o", "json", "--kind", "Deployment"]);
    let flags = flags.args(["-n", "there", "--release", "green"]).env("KGEN_NAMESPACE", "staging");
    let metadata = &flags.objects()[0]["metadata"];
    assert_eq!(metadata["namespace"], "there");
    assert_eq!(metadata["labels"]["app.kubernetes.io/instance"], "green");
}

#[test]
fn a_namespace_or_release_that_cannot_be_is_refused() {
    let project = two();
    for flags in [["-n", "No_Such"], ["--release", "Not A Name"]] {
        let stderr = project.kgen(["render"]).args(flags).refused();
        assert!(stderr.contains(flags[1]), "{stderr}");
    }
}

#[test]
fn a_directory_gets_a_file_an_object() {
    let project = two();
    let write = |args: &[&str]| project.kgen(["render", "--output-dir", "out"]).args(args).run();
    assert_snapshot!(write(&[]).code(0).stderr, @"out: 8 written, 0 unchanged, 0 removed");
    assert_snapshot!(project.names("out").join("\n"), @"
    api/deployment-api.yaml
    api/service-api-service.yaml
    api/serviceaccount-api.yaml
    web/configmap-web-config.yaml
    web/deployment-web.yaml
    web/secret-web-secret.yaml
    web/service-web-service.yaml
    web/serviceaccount-web.yaml
    ");
    assert_snapshot!(write(&[]).code(0).stderr, @"out: 0 written, 8 unchanged, 0 removed");
    assert_snapshot!(write(&["--set", "api.enabled=false"]).code(0).stderr, @"out: 0 written, 5 unchanged, 3 removed");
    assert!(!project.path("out/api").exists());
    assert_eq!(
        project.read("out/web/deployment-web.yaml").lines().next(),
        Some("# Generated by kgen. Do not edit: the next render replaces this file.")
    );
}

#[test]
fn check_of_a_file_tells_whether_it_is_fresh() {
    let project = two().with("values/prod.toml", "[web]\nreplicas = 3\n");
    let render = project.kgen(["render", "-f", "values/prod.toml", "--secrets", "omit"]).stdout();
    project.write("manifests/prod.yaml", &render);
    let check =
        |args: &[&str]| project.kgen(["render", "--check", "manifests/prod.yaml"]).args(args).run();
    let fresh = check(&[]);
    assert_eq!((fresh.code, fresh.stdout + &fresh.stderr), (0, String::new()));
    let stale = check(&["--set", "web.replicas=4"]);
    assert_snapshot!(stale.code(1).stdout, @"
    --- manifests/prod.yaml
    +++ manifests/prod.yaml (rendered)
    @@ -139,7 +139,7 @@
       name: web
       namespace: default
     spec:
    -  replicas: 3
    +  replicas: 4
       selector:
         matchLabels:
           app.kubernetes.io/instance: shop
    ");
    assert_snapshot!(stale.stderr, @"`manifests/prod.yaml` is stale: render it again with the same values, into `manifests/prod.yaml`");
    let coloured = check(&["--set", "web.replicas=4", "--color", "always"]);
    assert!(coloured.code(1).stdout.contains("\u{1b}[31m-  replicas: 3\u{1b}[0m\n"));
    assert_snapshot!(project.kgen(["render", "--check", "no.yaml"]).refused(), @"  × cannot read `no.yaml`: No such file or directory (os error 2)");
    // Nothing is written.
    assert_eq!(project.read("manifests/prod.yaml"), render);
}

#[test]
fn check_renders_every_environment() {
    let project = two()
        .with("values/prod.toml", "[web]\nsecret.TOKEN = { env = \"NOWHERE\" }\n")
        .with("values/test.yaml", "web: {replicas: 0}\n")
        .with("values/notes.txt", "not values");
    let run = project.kgen(["check"]).run();
    assert_eq!(run.code(0).stdout, "");
    assert_snapshot!(run.stderr, @"
    values/base.toml: 8 objects
    values/prod.toml: 8 objects
    values/test.yaml: 8 objects
    ");
    project.write("values/broken.toml", "[web]\nreplica = 1\n");
    project.write("values/wrong.toml", "[web.patch.Deployment.spec]\nreplcas = 1\n");
    assert_snapshot!(project.kgen(["check"]).refused(), @"
    values/base.toml: 8 objects
    values/prod.toml: 8 objects
    values/test.yaml: 8 objects
    in values/broken.toml:
      × `web.replica`: unknown key `replica`
       ╭─[values/broken.toml:2:1]
     1 │ [web]
     2 │ replica = 1
       · ───────
       ╰────
      help: did you mean `replicas`?
    in values/wrong.toml:
      × `web.patch.Deployment`: `Deployment/default/web`: the patch sets `spec.replcas`, which the
      │ kind does not have; did you mean `replicas`?
       ╭─[values/wrong.toml:1:12]
     1 │ [web.patch.Deployment.spec]
       ·            ──────────
     2 │ replcas = 1
       ╰────
    ");
    assert_eq!(project.kgen(["check", "-f", "values/prod.toml"]).run().code, 0);
}

#[test]
fn init_makes_a_project_that_renders() {
    let project = Project::empty();
    let init = project.kgen(["init", "--name", "my-shop"]).run();
    assert_eq!(init.code(0).stdout, "");
    assert_snapshot!(init.stderr, @"
    wrote values/base.toml
    wrote values/.schema.json
    wrote .gitignore
    next: `kgen render`
    ");
    assert_eq!(project.names(""), [".gitignore", "values/.schema.json", "values/base.toml"]);
    assert_eq!(project.read(".gitignore"), "/values/.secrets.*\n");
    let run = project.kgen(["render", "-o", "json"]);
    assert_snapshot!(names(&run.objects()).join("\n"), @"
    Namespace/my-shop
    ServiceAccount/web
    ConfigMap/web-config
    Service/web-service
    Deployment/web
    ");
    assert_eq!(project.kgen(["check"]).run().code, 0);
    // A second one changes nothing.
    let before = project.files("");
    assert_snapshot!(project.kgen(["init"]).refused(), @"  × `values/base.toml` exists already; nothing was written");
    assert_eq!(project.files(""), before);
    // The default of the schema's name: editors find it.
    assert!(project.read("values/base.toml").contains("name = \"my-shop\""));
}

#[test]
fn init_takes_the_name_of_the_directory() {
    for (directory, name) in
        [("my-shop", "my-shop"), ("My Shop_2", "my-shop-2"), ("42", "app"), ("日本", "app")]
    {
        let project = Project::empty();
        project.write(&format!("{directory}/README.md"), "");
        assert_eq!(project.kgen(["-C", directory, "init"]).run().code, 0);
        let base = project.read(&format!("{directory}/values/base.toml"));
        assert!(base.contains(&format!("\nname = \"{name}\"\n")), "{directory}: {base}");
        assert_eq!(project.kgen(["-C", directory, "render"]).run().code, 0, "{directory}");
    }
    let stderr = Project::empty().kgen(["init", "--name", "MyShop"]).refused();
    assert!(stderr.contains("`MyShop`"), "{stderr}");
}

#[test]
fn init_keeps_an_ignore_file_that_is_there() {
    let project = Project::empty().with(".gitignore", "/target\n");
    assert_eq!(project.kgen(["init", "--name", "a"]).run().code, 0);
    assert_eq!(project.read(".gitignore"), "/target\n");
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = two().kgen(["completions", shell]).stdout();
        for word in ["render", "output-dir", "completions"] {
            assert!(script.contains(word), "{shell} lacks {word}");
        }
    }
    assert!(two().kgen(["completions", "tcsh"]).refused().contains("possible values: bash"));
}

#[test]
fn the_manual_has_a_section_for_each_command() {
    let page = two().kgen(["man"]).stdout();
    assert!(page.contains(".TH kgen 1"), "{page}");
    for command in ["RENDER", "CHECK", "VALUES", "SCHEMA", "INIT", "COMPLETIONS", "MAN"] {
        assert!(page.contains(&format!(".SH \"{command}\"\n")), "{command}");
    }
}

#[test]
fn the_schema_is_one_of_json_schema() {
    // Of the program, not of a project.
    let text = Project::empty().kgen(["schema"]).stdout();
    let schema: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(schema["properties"]["app"].is_object());
    assert!(text.ends_with("}\n"));
}

#[test]
fn a_project_may_be_elsewhere() {
    let project = two();
    let inside = project.kgen(["render"]).stdout();
    let outside = Kgen::new(repository(), ["-C"]).args([project.path("")]).args(["render"]);
    assert_eq!(outside.stdout(), inside);
    assert_snapshot!(Project::empty().kgen(["render"]).refused(), @"
    × `.` is no kgen project: it has no `values/base.toml`
    help: run `kgen init` to make one, or name its directory with `-C DIR`
    ");
    assert_snapshot!(Project::empty().kgen(["-C", "no/such", "values"]).refused(), @"
    × `no/such` is no kgen project: it has no `values/base.toml`
    help: run `kgen init` to make one, or name its directory with `-C DIR`
    ");
}

#[test]
fn colour_is_for_those_who_want_it() {
    let project = Project::web("replicas = \"x\"\n");
    let coloured = |args: &[&str], env: &[(&str, &str)]| {
        let mut run = project.kgen(["render"]).args(args);
        for (name, value) in env {
            run = run.env(name, value);
        }
        run.refused().contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]), "stderr is no terminal");
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&[], &[("KGEN_COLOR", "always")]));
    assert!(!coloured(&["--color", "never"], &[("KGEN_COLOR", "always")]));
    assert!(!coloured(&[], &[("NO_COLOR", "1")]));
    assert!(!coloured(&[], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn what_is_no_command_line_ends_with_2() {
    assert_snapshot!(two().kgen(["rendr"]).refused(), @"
    error: unrecognized subcommand 'rendr'

      tip: a similar subcommand exists: 'render'

    Usage: kgen [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    assert_snapshot!(two().kgen(["render", "--secret", "omit"]).refused(), @"
    error: unexpected argument '--secret' found

      tip: a similar argument exists: '--secrets'

    Usage: kgen render --secrets <HOW>

    For more information, try '--help'.
    ");
    assert_snapshot!(two().kgen(["render", "--check", "x", "-o", "json"]).refused(), @"
    error: the argument '--check <FILE>' cannot be used with '--output <FORMAT>'

    Usage: kgen render --check <FILE>

    For more information, try '--help'.
    ");
    let no_command = two().kgen([] as [&str; 0]).refused();
    assert!(no_command.contains("Usage: kgen [OPTIONS] <COMMAND>"), "{no_command}");
}
