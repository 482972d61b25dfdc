//! Reading typed values, with leaves as the model has them.

use super::{NoResolve, Resolve, forgive, read};
use crate::values::{Format, Mistake, Mistakes, Node, Origin, Sources, parse};
use insta::assert_snapshot;
use serde::{Deserialize, Deserializer};
use serde_json::{Value as Json, json};
use std::{borrow::Cow, collections::BTreeMap};

/// A leaf as in values structs: it forgives what is noted.
#[derive(Debug, PartialEq)]
struct Leaf<T>(T);

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Leaf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        forgive(T::deserialize(deserializer), T::default).map(Self)
    }
}

#[derive(Debug, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Policy {
    #[default]
    Always,
    IfNotPresent,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Service {
    name: Leaf<String>,
    replicas: Leaf<i32>,
    port: Option<Leaf<u16>>,
    policy: Leaf<Policy>,
    image: Image,
    labels: BTreeMap<String, Leaf<String>>,
    args: Vec<Leaf<String>>,
    extra: Option<Json>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Image {
    tag: Leaf<String>,
    digest: Option<String>,
    ratio: Leaf<f64>,
}

fn tree(text: &str) -> (Node, Sources) {
    let mut sources = Sources::default();
    let source = sources.add(Origin::File("v.yaml".into()), text);
    (parse(text, Format::Yaml, source).unwrap(), sources)
}

fn typed<T: for<'a> Deserialize<'a>>(text: &str, resolve: &dyn Resolve) -> Result<T, String> {
    let (node, sources) = tree(text);
    let mut list = Vec::new();
    match read(&node, "backend", resolve, &mut list) {
        Some(value) if list.is_empty() => Ok(value),
        _ => Err(Mistakes::new(list, sources).to_string()),
    }
}

#[test]
fn reads_a_whole_struct() {
    let text = "name: a\nreplicas: 3.0\npolicy: ifNotPresent\nimage: {tag: '1', ratio: 2}\n\
                labels: {a: b}\nextra: {x: [1, null, 2.5, t: {}]}\n";
    let service: Service = typed(&text.replace("t: {}", "{}"), &NoResolve).unwrap();
    let expected = Service {
        name: Leaf("a".into()),
        replicas: Leaf(3),
        port: None,
        policy: Leaf(Policy::IfNotPresent),
        image: Image { tag: Leaf("1".into()), digest: None, ratio: Leaf(2.0) },
        labels: BTreeMap::from([("a".into(), Leaf("b".into()))]),
        args: vec![],
        extra: Some(json!({"x": [1, null, 2.5, {}]})),
    };
    assert_eq!(service, expected);
}

#[test]
fn tells_all_mistakes_in_one_pass() {
    let text = "nmae: a\nreplicas: '3'\nport: 70000\npolicy: ifNotPresnt\n\
                image: {tag: 1.10, digset: x, unknown: 1}\nlabels: {a: 1, b: null, c: x}\n\
                args: [a, 1, {}]\n";
    assert_snapshot!(typed::<Service>(text, &NoResolve).unwrap_err(), @"
v.yaml:1:1: backend.nmae: unknown key `nmae`; did you mean `name`?
v.yaml:1:1: backend.name: missing: expected a string; set `backend.name`
v.yaml:2:11: backend.replicas: expected a whole number, found a string; write it without quotes
v.yaml:3:7: backend.port: expected a whole number from 0 to 65535
v.yaml:4:9: backend.policy: expected one of `always`, `ifNotPresent`, found `ifNotPresnt`; did you mean `ifNotPresent`?
v.yaml:5:8: backend.image.ratio: missing: expected a number; set `backend.image.ratio`
v.yaml:5:14: backend.image.tag: expected a string, found a number with a fraction; put it in quotes
v.yaml:5:20: backend.image.digset: unknown key `digset`; did you mean `digest`?
v.yaml:5:31: backend.image.unknown: unknown key `unknown`; known here: `tag`, `digest`, `ratio`
v.yaml:6:13: backend.labels.a: expected a string, found a whole number; put it in quotes
v.yaml:6:19: backend.labels.b: null where a string is expected; set `backend.labels.b`
v.yaml:7:11: backend.args[1]: expected a string, found a whole number; put it in quotes
v.yaml:7:14: backend.args[2]: expected a string, found a table
");
}

#[test]
fn missing_structs_are_missing_fields() {
    assert_snapshot!(typed::<Service>("{}", &NoResolve).unwrap_err(), @"
v.yaml:1:1: backend.image: missing: expected a table; null deletes a table with its defaults; leave it out, or set `ratio`, `tag`
v.yaml:1:1: backend.name: missing: expected a string; set `backend.name`
v.yaml:1:1: backend.policy: missing: expected one of `always`, `ifNotPresent`; set `backend.policy`
v.yaml:1:1: backend.replicas: missing: expected a whole number; set `backend.replicas`
");
    assert_snapshot!(
        typed::<Service>("{image: null, args: null, name: ~}", &NoResolve).unwrap_err(), @"
v.yaml:1:1: backend.policy: missing: expected one of `always`, `ifNotPresent`; set `backend.policy`
v.yaml:1:1: backend.replicas: missing: expected a whole number; set `backend.replicas`
v.yaml:1:9: backend.image: missing: expected a table; null deletes a table with its defaults; leave it out, or set `ratio`, `tag`
v.yaml:1:33: backend.name: null where a string is expected; set `backend.name`
");
    assert_snapshot!(typed::<Service>("{image: [], args: {}, labels: 1}", &NoResolve).unwrap_err(), @"
v.yaml:1:1: backend.name: missing: expected a string; set `backend.name`
v.yaml:1:1: backend.policy: missing: expected one of `always`, `ifNotPresent`; set `backend.policy`
v.yaml:1:1: backend.replicas: missing: expected a whole number; set `backend.replicas`
v.yaml:1:9: backend.image: expected a table, found a list
v.yaml:1:19: backend.args: expected a list, found a table
v.yaml:1:31: backend.labels: expected a table, found a whole number
");
}

#[test]
fn numbers_stay_within_their_range() {
    #[derive(Debug, Deserialize)]
    struct Numbers {
        #[allow(dead_code)]
        a: Leaf<i64>,
        #[allow(dead_code)]
        b: Leaf<u8>,
        #[allow(dead_code)]
        c: Leaf<u64>,
        #[allow(dead_code)]
        d: Leaf<i32>,
    }
    assert!(typed::<Numbers>("{a: 9007199254740991, b: 255, c: 0, d: -1e3}", &NoResolve).is_ok());
    let text = "{a: 9007199254740992, b: 256, c: -1, d: 1.5}";
    assert_snapshot!(typed::<Numbers>(text, &NoResolve).unwrap_err(), @"
v.yaml:1:5: backend.a: expected a whole number from -9007199254740991 to 9007199254740991
v.yaml:1:26: backend.b: expected a whole number from 0 to 255
v.yaml:1:34: backend.c: expected a whole number from 0 to 9007199254740991
v.yaml:1:41: backend.d: expected a whole number, found a number with a fraction
");
}

/// A text that may stand elsewhere.
#[derive(Debug, PartialEq)]
struct Elsewhere(String);

impl<'de> Deserialize<'de> for Elsewhere {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Elsewhere;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string or a source")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                d: D,
            ) -> Result<Elsewhere, D::Error> {
                String::deserialize(d).map(Elsewhere)
            }
        }
        let result = deserializer.deserialize_newtype_struct("$kgen::secret", Visitor);
        forgive(result, || Elsewhere(String::new()))
    }
}

struct Upper;

impl Resolve for Upper {
    fn resolve(&self, kind: &str, node: &Node, path: &str) -> Result<Cow<'_, str>, Mistake> {
        match node.get(["env"]).and_then(Node::text) {
            Some(name) => Ok(format!("{kind} {}", name.to_uppercase()).into()),
            None => Err(Mistake::new(path, Some(node.at), "expected `env`")),
        }
    }
}

#[test]
fn tables_in_place_of_a_text_are_resolved() {
    type Map = BTreeMap<String, Elsewhere>;
    let map: Map = typed("{a: x, b: {env: y1}}", &Upper).unwrap();
    let expected = [("a", "x"), ("b", "secret Y1")];
    assert_eq!(map, expected.map(|(k, v)| (k.to_owned(), Elsewhere(v.to_owned()))).into());
    assert_snapshot!(typed::<Map>("{a: {x: 1}, b: {}, c: 1, d: null}", &Upper).unwrap_err(), @"
v.yaml:1:5: backend.a: expected `env`
v.yaml:1:16: backend.b: expected `env`
v.yaml:1:23: backend.c: expected a string, found a whole number; put it in quotes
v.yaml:1:29: backend.d: null where a string is expected; set `backend.d`
");
    assert_snapshot!(typed::<Map>("{a: {env: x}}", &NoResolve).unwrap_err(), @"v.yaml:1:5: backend.a: expected a string, found a table");
}

#[test]
fn errors_outside_of_a_read_are_passed_on() {
    assert!(serde_json::from_str::<Leaf<i32>>("\"x\"").is_err());
    // A read that failed leaves nothing behind.
    assert!(typed::<i32>("{a: 1}", &NoResolve).is_err());
    assert!(serde_json::from_str::<Leaf<i32>>("\"x\"").is_err());
}

#[test]
fn data_enums_maps_and_tuples() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Probe {
        Http { port: u16 },
        Pair(i32, i32),
        One(String),
        None,
    }
    type Map = BTreeMap<u16, Probe>;
    let text = "1: {Http: {port: 1}}\n2: {Pair: [1, 2]}\n3: {One: x}\n4: None\n";
    let expected = Map::from([
        (1, Probe::Http { port: 1 }),
        (2, Probe::Pair(1, 2)),
        (3, Probe::One("x".into())),
        (4, Probe::None),
    ]);
    assert_eq!(typed::<Map>(text, &NoResolve), Ok(expected));
    for text in
        ["x: None\n", "1: {None: 1}\n", "1: Http\n", "1: {Pair: [1]}\n", "1: {A: 1, B: 2}\n"]
    {
        assert!(typed::<Map>(text, &NoResolve).is_err(), "{text}");
    }
    assert_snapshot!(typed::<Map>("x: None\n", &NoResolve).unwrap_err(), @"v.yaml:1:1: backend.x: expected a whole number, found a string");
    assert_snapshot!(typed::<Map>("1: {Pair: [1]}\n", &NoResolve).unwrap_err(), @"v.yaml:1:11: backend.1.Pair: invalid length 1, expected tuple variant Probe::Pair with 2 elements");
}
