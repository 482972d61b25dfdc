//! Every builder, traced: its tree comes to what it builds itself.

use super::*;
use crate::leaf::Val;
use crate::model::{GLOBAL_DEFAULTS, Global, SERVICE_DEFAULTS, Service};
use crate::trace::{Env, Refusal, Sampler, Tree, evaluate, explore, traced};
use serde::Serialize;
use serde_json::{Value as Json, json};

type Builder = fn(&Context, &Service) -> Option<Json>;

fn json<T: Serialize>(object: Option<T>) -> Option<Json> {
    object.map(|o| serde_json::to_value(o).unwrap())
}

const BUILDERS: [(&str, Builder); 15] = [
    ("deployment", |cx, s| json(deployment(cx, s))),
    ("stateful_set", |cx, s| json(stateful_set(cx, s))),
    ("service", |cx, s| json(service(cx, s))),
    ("config_map", |cx, s| json(config_map(cx, s))),
    ("files_config_map", |cx, s| json(files_config_map(cx, s))),
    ("secret", |cx, s| json(secret(cx, s))),
    ("files_secret", |cx, s| json(files_secret(cx, s))),
    ("service_account", |cx, s| json(service_account(cx, s))),
    ("autoscaler", |cx, s| json(autoscaler(cx, s))),
    ("disruption_budget", |cx, s| json(disruption_budget(cx, s))),
    ("ingress", |cx, s| json(ingress(cx, s))),
    ("network_policy", |cx, s| json(network_policy(cx, s))),
    ("claims", |cx, s| json(Some(claims(cx, s)))),
    ("jobs", |cx, s| json(Some(jobs(cx, s)))),
    ("cron_jobs", |cx, s| json(Some(cron_jobs(cx, s)))),
];

fn tree(build: Builder) -> Result<Option<Tree>, Refusal> {
    let cx = Context::traced()?;
    let s: Service = traced(&[])?;
    explore(&|| build(&cx, &s))
}

#[test]
fn every_builder_can_be_traced() {
    for (name, build) in BUILDERS {
        if let Err(refusal) = tree(build) {
            panic!("{name}: {refusal}");
        }
    }
}

/// Random values over the typed defaults, as the layers of a run would give them.
fn samples(n: usize) -> Vec<Json> {
    let schema = schemars::schema_for!(Service).to_value();
    let mut sampler = Sampler::new(&schema, 42);
    let mut all = Vec::new();
    for _ in 0..2 * n {
        if all.len() == n {
            break;
        }
        let mut values: Json = toml::from_str(SERVICE_DEFAULTS).unwrap();
        values["name"] = "web".into();
        values["image"]["repository"] = "web".into();
        lay_over(&mut values, sampler.value());
        if serde_json::from_value::<Service>(values.clone()).is_ok() {
            values["global"] = toml::from_str(GLOBAL_DEFAULTS).unwrap();
            all.push(values);
        }
    }
    assert_eq!(all.len(), n, "half of what the schema allows is refused by the types");
    all
}

fn lay_over(under: &mut Json, over: Json) {
    match (under, over) {
        (Json::Object(under), Json::Object(over)) => {
            for (key, value) in over {
                lay_over(under.entry(key).or_insert(Json::Null), value);
            }
        }
        (_, Json::Null) => {}
        (under, over) => *under = over,
    }
}

#[test]
fn every_tree_comes_to_what_its_builder_builds() {
    let trees: Vec<_> = BUILDERS.map(|(name, build)| (name, build, tree(build).unwrap())).into();
    let mut built = 0;
    for values in samples(400) {
        let mut table = values.clone();
        let global: Global =
            serde_json::from_value(table.as_object_mut().unwrap().remove("global").unwrap())
                .unwrap();
        let s: Service = serde_json::from_value(table).unwrap();
        let cx = Context {
            release: Val::from("shop"),
            namespace: Val::from("prod"),
            manager: Val::from("Helm"),
            app_version: Val::from("9.9"),
            global,
            secrets: true,
        };
        let env = Env {
            values: &values,
            release: "shop",
            namespace: "prod",
            manager: "Helm",
            app_version: "9.9",
        };
        for (name, build, tree) in &trees {
            let want = build(&cx, &s);
            let got = tree.as_ref().and_then(|tree| evaluate(tree, &env));
            built += usize::from(want.as_ref().is_some_and(|w| *w != json!([])));
            assert!(
                got == want,
                "{name}: {} in {values}",
                difference(got.as_ref(), want.as_ref(), String::new())
            );
        }
    }
    assert!(built > 1000, "too few of the samples built anything: {built}");
}

/// Where two values differ first, and how.
fn difference(got: Option<&Json>, want: Option<&Json>, at: String) -> String {
    match (got, want) {
        (Some(Json::Object(a)), Some(Json::Object(b))) => a
            .keys()
            .chain(b.keys())
            .find(|key| a.get(*key) != b.get(*key))
            .map(|key| difference(a.get(key), b.get(key), format!("{at}.{key}"))),
        (Some(Json::Array(a)), Some(Json::Array(b))) => (0..a.len().max(b.len()))
            .find(|i| a.get(*i) != b.get(*i))
            .map(|i| difference(a.get(i), b.get(i), format!("{at}[{i}]"))),
        _ => None,
    }
    .unwrap_or_else(|| format!("{at} is {got:?}, not {want:?}"))
}
