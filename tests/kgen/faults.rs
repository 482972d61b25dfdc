//! What bad input and bad luck get: an error that says where and what to do, exit code 2, and
//! nothing written. The numbers are those of the list that the design keeps.

use crate::harness::{KGEN, Kgen, Project, Run, tell};
use crate::objects::{container, get, names};
use crate::tools::GoReader;
use insta::assert_snapshot;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const NONE: [&str; 0] = [];

/// Stderr of a render with one more values file, which must be refused.
fn refused(file: &str, content: impl AsRef<[u8]>) -> String {
    Project::web("").with(file, content).kgen(["render", "-f", file]).refused()
}

/// Insists that a run ends: a bound on hanging, not a measure of speed.
fn soon<T>(run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    assert!(start.elapsed() < Duration::from_secs(60), "took {:?}", start.elapsed());
    result
}

#[test]
fn fault_01_an_alias_bomb_is_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..12 {
        let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{i}: &a{i} [{aliases}]");
    }
    assert_snapshot!(soon(|| refused("bomb.yaml", &bomb)), @"
     × aliases stand for more than 1000000 values, the limit
      ╭─[bomb.yaml:6:45]
    5 │ a4: *** ***** **** **** **** **** **** **** **** **** ****
    6 │ a5: *** ***** **** **** **** **** **** **** **** **** ****
      ·                                             ───
    7 │ a6: *** ***** **** **** **** **** **** **** **** **** ****
      ╰────
     help: write the values out, or use fewer aliases
    ");
}

#[test]
fn fault_02_deep_nesting_is_refused() {
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    let files = [
        ("deep.json", format!("{{\"web\": {}}}", deep("[", "]"))),
        ("objects.json", format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000))),
        ("deep.yaml", format!("web: {}\n", deep("[", "]"))),
        ("open.yaml", "[".repeat(100_000)),
        ("deep.toml", format!("web = {}\n", deep("[", "]"))),
        ("tables.toml", format!("{}a = 1\n", "a.".repeat(100_000))),
        ("header.toml", format!("[{}a]\n", "a.".repeat(100_000))),
    ];
    for (file, text) in files {
        let stderr = soon(|| refused(file, &text));
        assert!(stderr.contains("deep") || stderr.contains("nest"), "{file}: {}", cut(&stderr));
        assert!(stderr.len() < 10_000, "{file}: {} bytes of error", stderr.len());
    }
    // Blocks, each a space further in.
    let block = (0..2_000).fold(String::new(), |mut block, depth| {
        let _ = writeln!(block, "{}a:", " ".repeat(depth));
        block
    });
    let stderr = soon(|| refused("block.yaml", &block));
    assert!(stderr.contains("deep") || stderr.contains("nest"), "{}", cut(&stderr));
    let path = format!("{}a=1", "a.".repeat(20_000));
    soon(|| Project::web("").kgen(["render", "--set", &path]).refused());
}

fn cut(text: &str) -> String {
    text.chars().take(2_000).collect()
}

#[test]
fn fault_03_a_duplicate_key_is_refused_with_both_lines() {
    assert_snapshot!(refused("twice.toml", "[web]\nreplicas = 1\nname = \"a\"\nreplicas = 2\n"), @"
     × key `replicas` stands twice in a table
      ╭─[twice.toml:2:1]
    1 │ [web]
    2 │ replicas = *
      · ────┬───
      ·     ╰── first set here
    3 │ name = ***
    4 │ replicas = *
      · ────────
      ╰────
     help: remove one of the two
    ");
    assert_snapshot!(refused("twice.yaml", "web:\n  replicas: 1\n  name: a\n  replicas: 2\n"), @"
     × `web.replicas`: key `replicas` stands twice in a table
      ╭─[twice.yaml:2:3]
    1 │ web:
    2 │   replicas: *
      ·   ────┬───
      ·       ╰── first set here
    3 │   name: *
    4 │   replicas: *
      ·   ────────
      ╰────
     help: remove one of the two
    ");
    assert_snapshot!(refused("twice.json", "{\"web\":\n{\"replicas\": 1,\n\"replicas\": 2}}"), @r#"
     × `web.replicas`: key `replicas` stands twice in a table
      ╭─[twice.json:2:2]
    1 │ {"web":
    2 │ {"replicas": **
      ·  ─────┬────
      ·       ╰── first set here
    3 │ "replicas": ***
      · ──────────
      ╰────
     help: remove one of the two
    "#);
    assert_snapshot!(refused("table.toml", "[web.image]\ntag = \"1\"\n[web.image]\n"), @"
     × key `image` stands twice in a table
      ╭─[table.toml:1:6]
    1 │ [web.image]
      ·      ──┬──
      ·        ╰── first set here
    2 │ tag = ***
    3 │ [web.image]
      ·      ─────
      ╰────
     help: remove one of the two
    ");
}

#[test]
fn fault_04_a_mistyped_or_missing_file_is_refused() {
    let project = Project::web("").with("values/prod.toml", "").with("values.txt", "");
    let refused = |file: &str| project.kgen(["render", "-f", file]).refused();
    assert_snapshot!(refused("values/prd.toml"), @"
    × no file `values/prd.toml`
    help: did you mean `values/prod.toml`?
    ");
    assert_snapshot!(refused("value/prod.toml"), @"
    × no file `value/prod.toml`
    help: there is no directory `value` either
    ");
    assert_snapshot!(refused("values.txt"), @"
    × `values.txt` has no extension of a known format
    help: name it `.toml`, `.yaml`, `.yml` or `.json`
    ");
    assert_snapshot!(refused("values"), @"
    × `values` is a directory, expected a file
    help: name one file; repeat the flag for several
    ");
    assert_snapshot!(project.kgen(["render", "--set-file", "web.config.A=no.pem"]).refused(), @"
     × no file `no.pem`
      ╭─[--set-file web.config.A=******:1:14]
    1 │ web.config.A=******
      ·              ──────
      ╰────
     help: its directory holds no values file
    ");
}

#[test]
fn fault_05_a_file_in_a_parent_directory_is_never_read() {
    let project = Project::web("").with("prod.toml", "").with("inside/values/base.toml", "");
    let below = |dir: &str, args: &[&str]| Kgen::new(&project.path(dir), args).refused();
    assert!(below("inside", &["render", "-f", "prod.toml"]).contains("no file `prod.toml`"));
    assert!(below("values", &["render"]).contains("is no kgen project"));
}

#[test]
fn fault_06_a_number_in_the_environment_stays_the_text_it_is() {
    let project = Project::web("");
    for tag in ["1.10", "0755", "1e3", "true", "null", "20240101"] {
        let run = project.kgen(["render", "-o", "json"]).env("KGEN_WEB__IMAGE__TAG", tag);
        let image = &container(get(&run.objects(), "Deployment/web"))["image"].clone();
        assert_eq!(image, &json!(format!("shop/web:{tag}")));
    }
}

#[test]
fn fault_07_keys_from_the_environment_keep_their_case() {
    let project = Project::web("");
    let run = project.kgen(["render", "-o", "json"]);
    let run = run.env("KGEN_WEB__CONFIG__logLevel", "debug").env("KGEN_web__minReadySeconds", "5");
    let objects = run.objects();
    assert_eq!(get(&objects, "ConfigMap/web-config")["data"], json!({"logLevel": "debug"}));
    assert_eq!(get(&objects, "Deployment/web")["spec"]["minReadySeconds"], 5);
}

#[test]
fn fault_08_null_over_a_table_deletes_it() {
    let project = Project::web("config.A = \"1\"\n").with("null.yaml", "web: {config: null}\n");
    assert!(names(&project.objects(NONE)).contains(&"ConfigMap/web-config".to_owned()));
    let without = names(&project.objects(["-f", "null.yaml"]));
    assert!(!without.contains(&"ConfigMap/web-config".to_owned()), "{without:?}");
}

#[test]
fn fault_09_numbers_that_cannot_be_are_refused() {
    let replicas = [
        ("a.yaml", "web: {replicas: .nan}\n"),
        ("b.yaml", "web: {replicas: -.inf}\n"),
        ("c.yaml", "web: {replicas: 1e400}\n"),
        ("d.yaml", "web: {replicas: 9223372036854775808}\n"),
        ("e.yaml", "web: {replicas: 1.5}\n"),
        ("a.toml", "web.replicas = nan\n"),
        ("b.toml", "web.replicas = inf\n"),
        ("c.toml", "web.replicas = 1e400\n"),
        ("d.toml", "web.replicas = 9223372036854775808\n"),
        ("a.json", "{\"web\": {\"replicas\": 1e400}}"),
        ("b.json", "{\"web\": {\"replicas\": 9223372036854775808}}"),
        ("c.json", "{\"web\": {\"replicas\": 2147483648}}"),
    ];
    let mut told = String::new();
    for (file, text) in replicas {
        let stderr = refused(file, text);
        assert!(stderr.contains(&format!("[{file}:1:")), "{stderr}");
        let _ = writeln!(told, "{}{}", text, stderr.lines().next().unwrap_or_default());
    }
    assert_snapshot!(told, @r#"
    web: {replicas: .nan}
      × `web.replicas`: `.nan` is not a finite number
    web: {replicas: -.inf}
      × `web.replicas`: `-.inf` is not a finite number
    web: {replicas: 1e400}
      × `web.replicas`: `1e400` is beyond the numbers of 64 bits
    web: {replicas: 9223372036854775808}
      × `web.replicas`: `9223372036854775808` is beyond the whole numbers of 64 bits
    web: {replicas: 1.5}
      × `web.replicas`: expected a whole number, found a number with a fraction
    web.replicas = nan
      × `web.replicas`: `nan` is not a finite number
    web.replicas = inf
      × `web.replicas`: `inf` is not a finite number
    web.replicas = 1e400
      × `web.replicas`: `1e400` is not a finite number
    web.replicas = 9223372036854775808
      × `web.replicas`: `9223372036854775808` is beyond the whole numbers of 64 bits
    {"web": {"replicas": 1e400}}  × `web.replicas`: `1e400` is beyond the numbers of 64 bits
    {"web": {"replicas": 9223372036854775808}}  × `web.replicas`: `9223372036854775808` is beyond the whole numbers of 64 bits
    {"web": {"replicas": 2147483648}}  × `web.replicas`: expected a whole number from 0 to 2147483647, found `2147483648`
    "#);
}

#[test]
fn fault_10_unquoted_scalars_read_as_go_reads_them_or_are_refused() {
    let Some(go) = GoReader::for_test("fault_10_unquoted_scalars") else { return };
    let scalars = [
        "0755",
        "0o755",
        "0O17",
        "0x1F",
        "0x_1F",
        "0b101",
        "1_000",
        "1_0.5",
        "_1",
        "1e3",
        "1.e3",
        "+1",
        "-0",
        "+.5",
        ".5",
        "5.",
        "yes",
        "Yes",
        "NO",
        "on",
        "off",
        "y",
        "n",
        "Y",
        "N",
        "true",
        "True",
        "~",
        "null",
        "Null",
        "1:30",
        "190:20:30",
        "2001-01-01",
        "2001-12-14t21:59:43.10-05:00",
        "<<a",
        "=",
        "0.0.0.0",
        "1.10",
        "1e",
        "e1",
        "0x",
        "08",
        "09.5",
        "12e03",
        "-1_000",
        "!!str 1",
        "'1'",
        "!!int '7'",
        "0777777777777777777777",
        "18446744073709551615",
        "1.0",
        "100000000000000000000",
    ];
    let project = Project::web("");
    let mut refusals = Vec::new();
    for scalar in scalars {
        let object = "apiVersion: v1\n      kind: Any\n      metadata: {name: any}\n";
        let file = format!("web:\n  objects:\n    any:\n      {object}      v: {scalar}\n");
        project.write("v.yaml", &file);
        let run = project.kgen(["values", "-f", "v.yaml", "-o", "json"]).run();
        if run.code == 2 {
            refusals.push(scalar);
            continue;
        }
        let ours: Json = serde_json::from_str(&run.code(0).stdout).unwrap();
        let theirs = go.read(&file);
        // `1e3` is 1000.0 here and 1000 there, and null deletes the key here.
        let v = |json: &Json| match json.pointer("/web/objects/any/v") {
            Some(Json::Number(number)) => format!("{:?}", number.as_f64()),
            Some(Json::Null) | None => "null".to_owned(),
            Some(other) => other.to_string(),
        };
        assert_eq!(v(&ours), v(&theirs[0]), "{scalar}");
    }
    // Few enough to know each of them.
    assert_snapshot!(refusals.join(" "), @"18446744073709551615 100000000000000000000");
}

#[test]
fn fault_11_an_unknown_key_is_refused_with_its_place_and_the_nearest() {
    let deep = "web:\n  probes:\n    liveness:\n      perodSeconds: 5\n";
    assert_snapshot!(refused("more.yaml", deep), @"
     × `web.probes.liveness.perodSeconds`: unknown key `perodSeconds`
      ╭─[more.yaml:4:7]
    3 │     liveness:
    4 │       perodSeconds: 5
      ·       ────────────
      ╰────
     help: did you mean `periodSeconds`?
    ");
    let project = Project::web("");
    assert_snapshot!(project.kgen(["render", "--set", "web.imgae.tag=1"]).refused(), @"
     × `web.imgae`: unknown key `imgae`
      ╭─[--set web.imgae.tag=1:1:15]
    1 │ web.imgae.tag=1
      ·               ─
      ╰────
     help: did you mean `image`?
    ");
    assert_snapshot!(project.kgen(["render", "--set", "wbe.replicas=1"]).refused(), @r#"
     × `wbe.image.repository`: missing: expected a string
      ╭─[--set wbe.replicas=1:1:14]
    1 │ wbe.replicas=1
      ·              ─
      ╰────
     help: did you mean `web`? No table `wbe` is in the base of the values
    "#);
    assert_snapshot!(project.kgen(["render", "--set", "app.nmae=x"]).refused(), @"
     × `app.nmae`: unknown key `nmae`
      ╭─[--set app.nmae=x:1:10]
    1 │ app.nmae=x
      ·          ─
      ╰────
     help: did you mean `name`?
    ");
}

#[test]
fn fault_12_an_empty_file_is_fine_and_several_documents_are_not() {
    let project = Project::web("");
    let plain = project.objects(NONE);
    for (file, text) in [
        ("empty.toml", ""),
        ("comment.toml", "# nothing\n"),
        ("empty.yaml", ""),
        ("comment.yaml", "# nothing\n\n# more\n"),
        ("dashes.yaml", "---\n"),
        ("null.yaml", "---\nnull\n...\n"),
        ("table.json", "{}"),
        ("empty.json", ""),
    ] {
        project.write(file, text);
        assert_eq!(project.objects(["-f", file]), plain, "{file}");
    }
    assert_snapshot!(refused("two.yaml", "---\nweb: {replicas: 2}\n---\nweb: {replicas: 3}\n"), @"
     × a second document in one file, expected one
      ╭─[two.yaml:3:1]
    2 │ web: ********** **
    3 │ ***
      · ───
    4 │ web: ********** **
      ╰────
     help: give each document its own file
    ");
    assert_snapshot!(refused("two.json", "{}\n{}\n"), @"
     × trailing characters
      ╭─[two.json:2:1]
    1 │ **
    2 │ {*
      · ─
      ╰────
    ");
    assert_snapshot!(refused("list.yaml", "- a\n"), @"
     × expected a table at the top, found a list
      ╭─[list.yaml:1:1]
    1 │ * *
      · ───
      ╰────
     help: start with keys, such as `app` and the names of services
    ");
    assert_snapshot!(refused("text.json", "\"a\""), @r#"
     × expected a table at the top, found a string
      ╭─[text.json:1:1]
    1 │ "*"
      · ───
      ╰────
     help: start with keys, such as `app` and the names of services
    "#);
}

#[test]
fn fault_13_nothing_leads_from_a_schema_to_a_file_or_url() {
    fn references(schema: &Json, found: &mut Vec<String>) {
        match schema {
            Json::Object(map) => map.iter().for_each(|(key, value)| match value {
                Json::String(to) if key == "$ref" => found.push(to.clone()),
                value => references(value, found),
            }),
            Json::Array(list) => list.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let schema: Json = serde_json::from_str(&Project::empty().kgen(["schema"]).stdout()).unwrap();
    let mut found = Vec::new();
    references(&schema, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').expect(&reference);
        assert!(schema.pointer(pointer).is_some(), "{reference}");
    }
    // One in the values is a key like any other.
    let stderr = refused("ref.json", "{\"web\": {\"$ref\": \"file:///etc/passwd\"}}");
    assert!(stderr.contains("unknown key `$ref`") && !stderr.contains("root:"), "{stderr}");
    // What editors read is a comment for kgen.
    let project = Project::web("").with("x.toml", "#:schema https://nowhere.invalid/schema.json\n");
    assert_eq!(project.objects(["-f", "x.toml"]), project.objects(NONE));
}

#[test]
fn fault_14_names_that_lead_elsewhere_are_refused() {
    for name in ["..", "a/b", ".", "/etc", "a\\b", "a\u{0}b", "../x", ""] {
        let project =
            Project::web("").with("name.json", json!({"app": {"name": name}}).to_string());
        let run = project.kgen(["render", "-f", "name.json", "--output-dir", "out"]);
        let stderr = run.refused();
        assert!(stderr.contains("`app.name`: expected a name"), "{stderr}");
        project.write("name.json", json!({"web": {"name": name}}).to_string());
        let run = project.kgen(["render", "-f", "name.json", "--output-dir", "out"]);
        let stderr = run.refused();
        assert!(stderr.contains("`web.name`: expected a name"), "{stderr}");
        assert!(!project.path("out").exists());
    }
    // A table may be called anything, as long as its objects have a name. No file leaves the place.
    for table in ["..", "a/b", "/etc/x"] {
        let service = json!({"name": "fine", "image": {"repository": "x"}});
        let project = Project::web("").with("t.json", json!({table: service}).to_string());
        let before = project.files("").len();
        let run = project.kgen(["render", "-f", "t.json", "--output-dir", "out/here"]).run();
        if run.code == 0 {
            let (all, here) = (project.files("").len(), project.files("out/here").len());
            assert_eq!(all - before, here, "{table}");
            assert_eq!(here, 5, "{table}");
        } else {
            assert_eq!((run.code, project.files("").len()), (2, before), "{table}");
        }
    }
}

#[cfg(unix)]
#[test]
fn fault_14_links_in_an_output_directory_are_refused() {
    use std::os::unix::fs::symlink;
    let project = Project::web("").with("outside/deployment-web.yaml", "mine\n");
    let write = || project.kgen(["render", "--output-dir", "out"]).refused();
    let mut told = String::new();
    symlink("outside", project.path("out")).unwrap();
    told += &write();
    fs::remove_file(project.path("out")).unwrap();
    fs::create_dir(project.path("out")).unwrap();
    symlink("../outside", project.path("out/web")).unwrap();
    told += &write();
    fs::remove_file(project.path("out/web")).unwrap();
    fs::create_dir(project.path("out/web")).unwrap();
    symlink("../../outside/deployment-web.yaml", project.path("out/web/deployment-web.yaml"))
        .unwrap();
    told += &write();
    assert_snapshot!(told, @"
    × `out` is a symbolic link, which an output directory must not hold; remove it, or give the real
    │ directory
    × `out/web` is a symbolic link, which an output directory must not hold; remove it, or give the
    │ real directory
    × `out/web/deployment-web.yaml` is a symbolic link, which an output directory must not hold;
    │ remove it, or give the real directory
    ");
    assert_eq!(project.files("outside"), [("deployment-web.yaml".to_owned(), b"mine\n".to_vec())]);
}

/// A project with so many services that writing them takes a while.
fn many() -> Project {
    let mut base = "[app]\nname = \"many\"\n".to_owned();
    for i in 0..60 {
        let _ = write!(
            base,
            "[s{i}]\nimage = {{ repository = \"x\", tag = \"1\" }}\nconfig.A = \"1\"\n"
        );
    }
    Project::new(&base).with("new.yaml", "global: {labels: {new: 'yes'}}\n")
}

#[cfg(unix)]
#[test]
fn fault_15_a_run_that_is_killed_leaves_whole_files() {
    let project = many();
    let render = |dir: &str, new: bool| {
        let run = project.kgen(["render", "--output-dir", dir]);
        if new { run.args(["-f", "new.yaml"]) } else { run }
    };
    let by_name = |dir: &str| project.files(dir).into_iter().collect::<BTreeMap<_, _>>();
    let start = Instant::now();
    render("old", false).run().code(0);
    let whole = start.elapsed();
    render("new", true).run().code(0);
    render("out", false).run().code(0);
    let (old, new) = (by_name("old"), by_name("new"));
    assert_eq!(old.len(), 180);
    let mut killed = 0;
    for step in 0..24 {
        let mut command = render("out", step % 2 == 0).command();
        let mut child = command.stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        thread::sleep(whole * (step + 1) / 24);
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        for (file, content) in by_name("out") {
            if file.contains(".kgen-") {
                continue;
            }
            assert!(
                [&old[&file], &new[&file]].contains(&&content),
                "{file} is neither old nor new"
            );
        }
    }
    assert!(killed > 5, "only {killed} of 24 were killed in time");
    // The next run puts all of it right, and takes away what the killed ones left.
    render("out", true).run().code(0);
    assert!(by_name("out") == new);
}

#[cfg(unix)]
#[test]
fn fault_15_a_run_that_is_killed_loses_no_generated_secret() {
    let project = Project::web("secret = { A = { generate = 1024 }, B = { generate = 1024 } }\n");
    let kept = || -> BTreeMap<String, BTreeMap<String, String>> {
        match fs::read_to_string(project.path("values/.secrets.toml")) {
            Ok(text) => toml::from_str(&text).expect("the file is whole"),
            Err(_) => BTreeMap::new(),
        }
    };
    let mut known = kept();
    for step in 0..30 {
        let mut command = project.kgen(["render", "-n", &format!("n{step}")]).command();
        let mut child = command.stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(step % 20));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = kept();
        for (of, secrets) in &known {
            assert_eq!(now.get(of), Some(secrets), "{of}");
        }
        assert!(now.values().all(|secrets| secrets.len() == 2), "{:?}", now.keys());
        known = now;
    }
    // No lock is left to clear by hand.
    assert_eq!(project.kgen(["render"]).run().code, 0);
    assert_eq!(kept().len(), known.len() + 1);
}

/// A run that may write so many KiB to a file.
#[cfg(unix)]
fn full(project: &Project, args: &str, trap: &str) -> Run {
    // Blocks are of 512 bytes in some shells, of 1024 in others.
    let script = format!("ulimit -f 1; {trap} exec '{KGEN}' {args}");
    let output =
        Command::new("sh").args(["-c", &script]).current_dir(project.path("")).env_clear().output();
    Run::of(&script, output.unwrap())
}

#[cfg(unix)]
#[test]
fn fault_15_a_full_disk_leaves_the_old_output() {
    let long = "x".repeat(4_000);
    let project = Project::web("config.A = \"1\"\nsecret = { A = { generate = 1024 } }\n").with(
        "long.yaml",
        format!("web: {{config: {{B: {long}}}, secret: {{B: {{generate: 1024}}}}}}\n"),
    );
    project.kgen(["render", "--output-dir", "out"]).run().code(0);
    let before = project.files("");
    for args in ["render --output-dir out", "render"] {
        // Ignored, the signal becomes an error of the write.
        let run = full(&project, &format!("{args} -f long.yaml"), "trap '' XFSZ;");
        assert_eq!(
            (run.code(2).stdout.as_str(), run.stderr.contains("File too large")),
            ("", true)
        );
        assert!(project.files("") == before, "`{args}` left {:?}", project.names(""));
        // Else it ends kgen there and then.
        let run = full(&project, &format!("{args} -f long.yaml"), "");
        assert_ne!(run.code, 0);
        let left = project.files("").into_iter().filter(|(name, _)| !name.contains(".kgen-"));
        assert!(left.eq(before.clone()), "`{args}` left {:?}", project.names(""));
        for name in project.names("").iter().filter(|name| name.contains(".kgen-")) {
            fs::remove_file(project.path(name)).unwrap();
        }
    }
}

#[test]
fn fault_16_the_same_input_gives_the_same_bytes() {
    let project = many();
    let commands: [&[&str]; 6] = [
        &["render"],
        &["render", "-o", "json"],
        &["values"],
        &["values", "--explain"],
        &["schema"],
        &["render", "-f", "new.yaml", "--set", "s1.config.B=2,s1.config.A=3"],
    ];
    for args in commands {
        let first = project.kgen(args).stdout();
        for _ in 0..3 {
            assert!(project.kgen(args).stdout() == first, "{args:?}");
        }
    }
    let mistakes = |_| project.kgen(["render", "--set", "s1.a=1,s2.b=2,s3.c=3"]).refused();
    assert_eq!(mistakes(0), mistakes(1));
    // The order in which values stand makes no difference.
    let (ab, ba) = ("config = { A = \"1\", B = \"2\" }\n", "config = { B = \"2\", A = \"1\" }\n");
    let render = |more| Project::web(more).kgen(["render"]).stdout();
    assert_eq!(render(ab), render(ba));
}

#[test]
fn fault_17_two_objects_of_one_identity_are_refused() {
    let same = "[other]\nname = \"web\"\nimage.repository = \"x\"\n";
    assert_snapshot!(Project::web(same).kgen(["render"]).refused(), @"
    × `ServiceAccount/default/web` is made by both `other` and `web`; give one of them another name
    │ `Deployment/default/web` is made by both `other` and `web`; give one of them another name
    ");
    let verbatim = "config.A = \"1\"\n[web.objects.mine]\napiVersion = \"v1\"\nkind = \
                    \"ConfigMap\"\nmetadata.name = \"web-config\"\n";
    assert_snapshot!(Project::web(verbatim).kgen(["render"]).refused(), @"  × `ConfigMap/default/web-config` is made twice by `web`; give one of them another name");
}

#[test]
fn fault_18_duplicate_variables_and_ports_are_refused() {
    let env = "env.A = \"1\"\nenvValueFrom.A.fieldRef.fieldPath = \"metadata.name\"\n";
    assert_snapshot!(Project::web(env).kgen(["render"]).refused(), @"
    × Deployment/default/web: spec.template.spec.containers[0].env[1].name: `A` is set twice, first
    │ at `env[0]`
    help: remove one of the two
    ");
    assert_snapshot!(Project::web("ports.more.port = 8080\n").kgen(["render"]).refused(), @"
    × Service/default/web-service: spec.ports[1].port: `8080/TCP` stands twice
    help: remove one of the two
    × Deployment/default/web: spec.template.spec.containers[0].ports[1].containerPort: `8080/TCP`
    │ stands twice, first at `ports[0]`
    help: remove one of the two
    ");
    let target = "ports.more = { port = 80, targetPort = 8080 }\n";
    let stderr = Project::web(target).kgen(["render"]).refused();
    assert!(stderr.contains("8080"), "{stderr}");
    let nodes = "service.type = \"NodePort\"\nports.a = { port = 1, nodePort = 30000 }\nports.b = \
                 { port = 2, nodePort = 30000 }\n";
    assert_snapshot!(Project::web(nodes).kgen(["render"]).refused(), @"
    × Service/default/web-service: spec.ports[1].nodePort: `30000` is the node port of two ports
    help: give one of them another port
    ");
}

#[test]
fn fault_19_control_characters_are_escaped_in_errors() {
    let evil = "\u{1b}[31m\u{7}\u{9b}2J\u{7f}\r\u{8}";
    let project = Project::web("");
    let refused = |values: Json| {
        project.write("evil.json", values.to_string());
        project.kgen(["render", "-f", "evil.json"]).refused()
    };
    let errors = [
        refused(json!({"web": {evil: 1}})),
        refused(json!({"web": {"replicas": evil}})),
        refused(json!({"web": {"image": {"tag": evil}}})),
        refused(json!({"web": {"kind": evil}})),
        refused(json!({"web": {"dependsOn": [evil]}})),
        refused(json!({"web": {"config": {"A": {"service": evil}}}})),
        refused(json!({"web": {"config": {evil: "x"}}})),
        refused(json!({"web": {"probes": {"readiness": {"port": evil}}}})),
        refused(json!({"web": {"podAnnotations": {evil: "x"}}})),
        refused(json!({"web": {"patch": {evil: {}}}})),
        refused(
            json!({"web": {"objects": {"a": {"apiVersion": evil, "kind": evil, "metadata": {}}}}}),
        ),
        refused(json!({"app": {"external": [evil]}})),
        project.kgen(["render", "--set", &format!("web.{evil}=1")]).refused(),
        project.kgen(["render", "-f", &format!("{evil}.toml")]).refused(),
        project.kgen(["render", "--only", evil]).refused(),
        project.kgen(["render", "--kind", evil]).refused(),
        project.kgen(["render", "-n", evil]).refused(),
        project.kgen(["render", "--check", evil]).refused(),
        project.kgen(["values", "--explain", evil]).refused(),
        project.kgen(["-C", evil, "render"]).refused(),
        project.kgen(["render"]).env(&format!("KGEN_WEB__{evil}"), "x").refused(),
    ];
    for (i, stderr) in errors.iter().enumerate() {
        let raw = stderr.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(raw, None, "error {i}: {stderr:?}");
    }
    // What is in a file is shown around a mistake too.
    let toml = "[web]\n# \u{1b}[31m\u{7f}\u{9b}\nreplica = 1 # \u{1b}[0m\n";
    project
        .write("evil.yaml", toml.replace("[web]", "web:").replace("replica = 1", "  replica: 1"));
    let stderr = project.kgen(["render", "-f", "evil.yaml"]).refused();
    assert!(!stderr.chars().any(|c| c.is_control() && c != '\n'), "{stderr:?}");
}

#[cfg(unix)]
#[test]
fn fault_19_control_characters_are_escaped_on_terminals() {
    let script = Command::new("script").arg("--version").output();
    if !script.is_ok_and(|s| String::from_utf8_lossy(&s.stdout).contains("util-linux")) {
        tell(
            "skipped `fault_19_control_characters_are_escaped_on_terminals`: there is no `script`",
        );
        return;
    }
    let evil = "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{7f}";
    let project =
        Project::web("").with("e.json", json!({"web": {"config": {"A": evil}}}).to_string());
    for args in ["render", "render -o json", "values", "values -o json", "values --explain web"] {
        let output = Command::new("script")
            .args(["-q", "-e", "-c", &format!("'{KGEN}' {args} -f e.json"), "/dev/null"])
            .current_dir(project.path(""))
            .env_clear()
            .env("TERM", "xterm")
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.contains("]0;title"), "{args}: {text:?}");
        let raw = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r'));
        assert_eq!(raw, None, "`{args}`: {text:?}");
    }
}

#[test]
fn fault_20_large_files_work_up_to_a_limit() {
    let project = Project::web("");
    // Ten objects, each as large as the API server takes one.
    let mut large = "web:\n  objects:\n".to_owned();
    for object in 0..10 {
        let _ = write!(large, "    any{object}:\n      apiVersion: v1\n      kind: Any\n");
        let _ = write!(large, "      metadata: {{name: any-{object}}}\n      items:\n");
        let end = large.len() + (1 << 20);
        while large.len() < end {
            let _ = writeln!(large, "      - {{name: item-{}, text: some words}}", large.len());
        }
    }
    project.write("large.yaml", &large);
    assert!(large.len() > 10 << 20);
    let items = large.matches("name: item-").count();
    let run = project.kgen(["render", "-f", "large.yaml", "--kind", "Any"]).run();
    assert_eq!(run.code(0).stdout.matches("name: item-").count(), items);
    // A sparse file: it takes no room, and would take long to read.
    for (file, size) in [("huge.yaml", 1 << 30), ("huge.toml", 1 << 40)] {
        let created = fs::File::create(project.path(file)).unwrap();
        if created.set_len(size).is_err() {
            continue; // The file system has no files of that size.
        }
        let start = Instant::now();
        let stderr = project.kgen(["render", "-f", file]).refused();
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        assert!(stderr.contains(file) && stderr.contains("the limit of a values file is 64 MiB"));
    }
}

#[test]
fn fault_21_only_utf_8_is_read_with_or_without_bom_and_crlf() {
    let project = Project::web("");
    for (file, text) in [
        ("a.toml", "[web]\nreplicas = 3\nconfig.A = \"x\\ny\"\n"),
        ("a.yaml", "web:\n  replicas: 3\n  config:\n    A: |-\n      x\n      y\n"),
        ("a.json", "{\"web\":\n{\"replicas\": 3,\n\"config\": {\"A\": \"x\\ny\"}}}\n"),
    ] {
        project.write(file, text);
        let plain = project.objects(["-f", file]);
        assert_eq!(get(&plain, "Deployment/web")["spec"]["replicas"], 3, "{file}");
        assert_eq!(get(&plain, "ConfigMap/web-config")["data"], json!({"A": "x\ny"}), "{file}");
        project.write(file, format!("\u{feff}{text}"));
        assert_eq!(project.objects(["-f", file]), plain, "{file} with a byte order mark");
        project.write(file, text.replace('\n', "\r\n"));
        assert_eq!(project.objects(["-f", file]), plain, "{file} with CRLF");
    }
    assert_snapshot!(refused("latin.toml", b"[web]\nname = \"caf\xe9\"\n"), @"
    × `latin.toml` is not UTF-8: byte 0xe9 at offset 17
    help: save the file as UTF-8
    ");
    for (file, bytes) in [
        ("latin.yaml", &b"web: {name: caf\xe9}\n"[..]),
        ("cut.json", b"{\"a\": \"\xc3"),
        ("utf16.toml", b"\xff\xfea\0=\x001\0"),
        ("surrogate.json", b"{\"a\": \"\xed\xa0\x80\"}"),
    ] {
        let stderr = refused(file, bytes);
        assert!(
            stderr.contains("is not UTF-8: byte 0x") && stderr.contains("at offset"),
            "{stderr}"
        );
    }
    project.write("latin.txt", b"caf\xe9");
    let stderr = project.kgen(["render", "--set-file", "web.config.A=latin.txt"]).refused();
    assert!(stderr.contains("`latin.txt` is not UTF-8: byte 0xe9 at offset 3"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn fault_21_a_variable_that_is_not_utf_8_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let bytes = std::ffi::OsStr::from_bytes(b"caf\xe9");
    let project = Project::web("");
    let stderr = project.kgen(["render"]).env("KGEN_WEB__CONFIG__A", bytes).refused();
    assert!(stderr.contains("`KGEN_WEB__CONFIG__A` is not UTF-8"), "{stderr}");
    // Those of others are none of kgen's business.
    assert_eq!(project.kgen(["render"]).env("OTHER", bytes).run().code, 0);
}

#[test]
fn fault_22_a_closed_pipe_is_a_clean_end() {
    let project = many();
    let commands: [&[&str]; 5] =
        [&["render"], &["render", "-o", "json"], &["values"], &["schema"], &["--help"]];
    for args in commands {
        let mut command = project.kgen(args).command();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Reads a line, as `head -1` does, or nothing at all.
        let mut stdout = child.stdout.take().unwrap();
        if args != ["values"] {
            stdout.read_exact(&mut [0; 4]).unwrap();
        }
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}
