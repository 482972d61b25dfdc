//! What kgen prints, read by the libraries that Kubernetes reads it with: every text that goes in
//! comes out byte for byte.

use crate::harness::{Kgen, Project, repository};
use crate::objects::{container, get};
use crate::tools::GoReader;
use serde_json::{Map, Value as Json, json};

/// Texts that one reader of YAML or another takes for something else.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "  two",
    "trailing ",
    "\t",
    "\ttab first",
    "a\tb",
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "\na",
    " \n a\n",
    "a\n b\n  c\n",
    "a\r\nb\r\n",
    "a\rb",
    "\ttab\nthen line\n",
    "  lead\nthen\n",
    "yes",
    "no",
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
    "TRUE",
    "false",
    "null",
    "Null",
    "NULL",
    "~",
    "nil",
    "none",
    "0",
    "-0",
    "+1",
    "1.",
    ".5",
    "1.10",
    "-1.0",
    "0755",
    "0o17",
    "0O17",
    "0x1F",
    "0x_1F",
    "0b101",
    "0b1_0",
    "1_000",
    "1e3",
    "1E3",
    "1e400",
    "-1e-3",
    "12e03",
    "1:30",
    "190:20:30",
    "190:20:30.15",
    ".inf",
    "-.inf",
    "+.Inf",
    ".nan",
    ".NaN",
    "inf",
    "nan",
    "NaN",
    "Infinity",
    "2001-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43",
    "<<",
    "=",
    "-",
    "- a",
    "--",
    "---",
    "--- a",
    "...",
    "... a",
    "a\n---\nb\n",
    "a\n...\nb",
    "?",
    "? a",
    ":",
    ": a",
    "a: b",
    "a:",
    "a:b",
    "key: |",
    "#",
    "# c",
    "a # c",
    "a#c",
    "&",
    "&a",
    "*",
    "*a",
    "!",
    "!!str a",
    "!a",
    "|",
    "|-",
    ">",
    ">-",
    "%",
    "%YAML 1.1",
    "@",
    "@a",
    "`",
    "`a`",
    ",",
    "a, b",
    "[",
    "]",
    "[]",
    "[a]",
    "{",
    "}",
    "{}",
    "{a: b}",
    "{{ x }}",
    "{{- if }}",
    "$",
    "$(X)",
    "\"",
    "'",
    "''",
    "'a'",
    "\"a\"",
    "it's",
    "\\",
    "\\n",
    "a\\",
    "\\x41",
    "\u{0}",
    "a\u{0}b",
    "\u{1}",
    "\u{7}",
    "\u{8}",
    "\u{b}",
    "\u{c}",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{7f}",
    "\u{80}",
    "\u{85}",
    "a\u{85}b",
    "\u{9f}",
    "\u{a0}",
    "\u{a0}a",
    "a\u{ad}b",
    "\u{2028}",
    "a\u{2028}b",
    "\u{2029}",
    "\u{feff}",
    "\u{feff}a",
    "a\u{feff}",
    "\u{200b}",
    "\u{202e}abc",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "é",
    "e\u{301}",
    "日本語",
    "😀",
    "👩‍👩‍👧",
    "\u{e000}",
    "\u{10ffff}",
    "\u{1fffe}",
    "Привет: мир",
    "0.0.0.0",
    "::1",
    "a@b.c",
    "C:\\dir\\file",
    "100%",
    "v1.2.3+build",
];

/// What a seed gives, always the same.
struct Random(u64);

impl Random {
    /// A number below a limit (splitmix64).
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }

    /// A text out of what is hard to write: pieces of hostile ones, and any characters.
    fn text(&mut self) -> String {
        const HARD: &[char] = &[
            ' ', ' ', '\n', '\t', '\r', ':', '#', '-', '\'', '"', '\\', '0', '1', '.', '_', 'e',
            'x', '{', '}', '[', ']', ',', '&', '*', '?', '|', '>', '%', '@', '`', '!', '~', '=',
            '<', '\u{85}', '\u{a0}', '\u{2028}', '\u{feff}', '\u{1}', '\u{7f}', 'é', '😀',
        ];
        (0..self.below(12)).fold(String::new(), |mut text, _| {
            match self.below(8) {
                0 => text.push_str(HOSTILE[self.below(HOSTILE.len())]),
                1 => text.extend(char::from_u32(u32::try_from(self.below(0x11_0000)).unwrap())),
                2 => text.push(char::from(u8::try_from(self.below(128)).unwrap())),
                _ => text.push(HARD[self.below(HARD.len())]),
            }
            text
        })
    }
}

fn texts() -> Vec<String> {
    let mut random = Random(7);
    let hostile = HOSTILE.iter().map(|text| (*text).to_owned());
    let ascii = (0..128u8).map(|c| char::from(c).to_string());
    let long = ["x".repeat(5_000), "word ".repeat(1_000), format!("{}\n", "long: #".repeat(900))];
    hostile.chain(ascii).chain(long).chain((0..3_000).map(|_| random.text())).collect()
}

/// Values with every text as config, env, argument and annotation.
fn values(texts: &[String]) -> String {
    let keyed = |prefix: &str| -> Map<String, Json> {
        let entry = |(i, text): (usize, &String)| (format!("{prefix}{i}"), json!(text));
        texts.iter().enumerate().map(entry).collect()
    };
    // The API server takes 256 KiB of annotations.
    let few: Map<String, Json> = keyed("a").into_iter().take(1_500).collect();
    json!({"web": {
        "config": keyed("C"), "env": keyed("E"), "args": texts, "podAnnotations": few,
        "files": {"all": {"path": "/all", "content": texts.concat()}},
    }})
    .to_string()
}

/// The objects of a run, as JSON says them and as Go reads the YAML.
fn both(reader: &GoReader, run: impl Fn() -> Kgen) -> (Vec<Json>, Vec<Json>) {
    let yaml = run().run();
    yaml.code(0);
    (run().args(["-o", "json"]).objects(), reader.read(&yaml.stdout))
}

#[test]
fn hostile_texts_survive_as_values() {
    let Some(reader) = GoReader::for_test("hostile_texts_survive_as_values") else { return };
    let texts = texts();
    let project = Project::web("").with("hostile.json", values(&texts));
    let (said, read) = both(&reader, || project.kgen(["render", "-f", "hostile.json"]));
    assert_eq!(said.len(), read.len());
    for objects in [&said, &read] {
        let config = get(objects, "ConfigMap/web-config")["data"].as_object().unwrap();
        let deployment = get(objects, "Deployment/web");
        let annotations = &deployment["spec"]["template"]["metadata"]["annotations"];
        let container = container(deployment);
        let env: Map<String, Json> = container["env"]
            .as_array()
            .unwrap()
            .iter()
            .map(|env| (env["name"].as_str().unwrap().to_owned(), env["value"].clone()))
            .collect();
        let mut annotated = 0;
        for (i, text) in texts.iter().enumerate() {
            let same = |what: &str, found: &Json| {
                assert_eq!(found.as_str(), Some(text.as_str()), "{what} {i}");
            };
            same("config", &config[&format!("C{i}")]);
            same("argument", &container["args"][i]);
            same("variable", env.get(&format!("E{i}")).unwrap_or(&json!(null)));
            if let Some(found) = annotations.get(format!("a{i}")) {
                same("annotation", found);
                annotated += 1;
            }
        }
        assert_eq!(annotated, 1_500);
        let all = &get(objects, "ConfigMap/web-files")["data"]["all"];
        assert_eq!(all.as_str(), Some(texts.concat().as_str()));
    }
    assert_eq!(said, read);
}

#[test]
fn hostile_texts_survive_as_keys() {
    let Some(reader) = GoReader::for_test("hostile_texts_survive_as_keys") else { return };
    // As far as Kubernetes takes them for a key.
    let legal = |text: &&&str| {
        let inside = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        text.chars().all(inside) && ends(text.chars().next()) && ends(text.chars().last())
    };
    let keys: Vec<&str> = HOSTILE.iter().filter(legal).copied().collect();
    assert!(keys.len() > 35, "{keys:?}");
    let map: Map<String, Json> = keys.iter().map(|key| ((*key).to_owned(), json!(key))).collect();
    let short = map.clone().into_iter().filter(|(key, _)| key.len() < 64);
    let short: Map<String, Json> = short.collect();
    let project = Project::web("").with(
        "keys.json",
        json!({"web": {"config": map, "podLabels": short, "podAnnotations": short}}).to_string(),
    );
    let (said, read) = both(&reader, || project.kgen(["render", "-f", "keys.json"]));
    assert_eq!(said, read);
    assert_eq!(get(&read, "ConfigMap/web-config")["data"], json!(map));
    let metadata = &get(&read, "Deployment/web")["spec"]["template"]["metadata"];
    for (key, value) in &short {
        assert_eq!((&metadata["labels"][key], &metadata["annotations"][key]), (value, value));
    }
}

#[test]
fn any_key_survives_in_objects_and_values() {
    let Some(reader) = GoReader::for_test("any_key_survives_in_objects_and_values") else {
        return;
    };
    let texts = texts();
    let data: Map<String, Json> = texts.iter().map(|text| (text.clone(), json!(text))).collect();
    let object = json!({
        "apiVersion": "example.com/v1", "kind": "Any", "metadata": {"name": "any"},
        "spec": {"data": data, "list": texts, "deep": [[[{"a": [[]], "b": {}}]], 1.5, -0.0]},
    });
    let project =
        Project::web("").with("any.json", json!({"web": {"objects": {"any": object}}}).to_string());
    let (said, read) = both(&reader, || {
        let nothing = "web.objects.any.spec.nothing=[null]";
        project.kgen(["render", "-f", "any.json", "--set-json", nothing])
    });
    assert_eq!(get(&read, "Any/any")["spec"]["nothing"], json!([null]));
    assert_eq!(get(&read, "Any/any")["spec"]["data"], json!(data));
    assert_eq!(get(&read, "Any/any")["spec"]["list"], json!(texts));
    assert_eq!(said, read);
    // The merged values, printed as YAML, are what Helm would read.
    let merged = |format| project.kgen(["values", "-f", "any.json", "-o", format]).stdout();
    let values = reader.read(&merged("yaml"));
    assert_eq!(values, [serde_json::from_str::<Json>(&merged("json")).unwrap()]);
    assert_eq!(values[0]["web"]["objects"]["any"]["spec"]["data"], json!(data));
    // And so are they as TOML, for kgen.
    let again = Project::web("").with("again.toml", merged("toml"));
    let merged_again = again.kgen(["values", "-f", "again.toml", "-o", "json"]).stdout();
    assert_eq!(merged_again, merged("json"));
}

#[test]
fn files_of_an_output_directory_read_alike() {
    let Some(reader) = GoReader::for_test("files_of_an_output_directory_read_alike") else {
        return;
    };
    let texts: Vec<String> = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    let project = Project::web("").with("hostile.json", values(&texts));
    let said = project.objects(["-f", "hostile.json"]);
    let run = project.kgen(["render", "-f", "hostile.json", "--output-dir", "out"]).run();
    run.code(0);
    let mut files = project.files("out");
    assert_eq!(files.len(), said.len());
    for object in &said {
        let kind = object["kind"].as_str().unwrap().to_lowercase();
        let name = format!("web/{kind}-{}.yaml", object["metadata"]["name"].as_str().unwrap());
        let at = files.iter().position(|(file, _)| *file == name).expect(&name);
        let (_, text) = files.remove(at);
        let read = reader.read(&String::from_utf8(text).unwrap());
        assert_eq!(read.iter().collect::<Vec<_>>(), [object], "{name}");
    }
}

#[test]
fn ai_todo_reads_as_json_says() {
    let Some(reader) = GoReader::for_test("ai_todo_reads_as_json_says") else { return };
    for environment in [&[][..], &["-f", "values/dev.toml"], &["-f", "values/prod.toml"]] {
        let (said, read) = both(&reader, || {
            Kgen::new(repository(), ["render", "--secrets", "mask"]).args(environment)
        });
        assert!(said.len() >= 15);
        assert_eq!(said, read);
    }
}

#[test]
fn the_reader_tells_texts_from_what_looks_like_them() {
    let Some(reader) = GoReader::for_test("the_reader_tells_texts_from_what_looks_like_them")
    else {
        return;
    };
    let read = reader.read("---\na: yes\n---\na: 0755\n---\n# nothing\n---\na: \"yes\"\n");
    assert_eq!(read, [json!({"a": true}), json!({"a": 493}), json!({"a": "yes"})]);
}
