//! The library without the command: other sources of values, and applications of one's own.

use crate::harness::Project;
use crate::objects::{get, names};
use figment::Figment;
use figment::providers::Serialized;
use insta::assert_snapshot;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kgen::application::{Application, Component, Options, SecretSources};
use kgen::build::Context;
use kgen::leaf::{Map, Text, To as _};
use kgen::object::Secrets;
use kgen::values::{Document, Format, Layers, Origin, SetKind};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

const BASE: &str = "[app]\nname = \"shop\"\n[web]\nimage.repository = \"shop/web\"\n";

fn base() -> Layers {
    Layers::new().base_text(Origin::File("base.toml".into()), Format::Toml, BASE)
}

/// The objects of a document, where no secret is asked for.
fn objects(application: &Application, document: &Document) -> Vec<Json> {
    let sources = SecretSources::new("/nowhere", BTreeMap::new());
    let options = Options { secrets: Secrets::Omit, ..Options::default() };
    let rendered = application.render(document, &sources, &options).unwrap();
    rendered.objects.iter().map(|object| object.to_value().unwrap()).collect()
}

#[test]
fn a_figment_provider_is_a_layer_between_files_and_flags() {
    let theirs = json!({"web": {"replicas": 5, "image": {"tag": "theirs"}, "args": ["a", 1]}});
    let file = "web: {replicas: 4, minReadySeconds: 7}\n";
    let layers = base()
        .text(Origin::File("more.yaml".into()), Format::Yaml, file)
        .provider(Serialized::defaults(theirs))
        .set(SetKind::Text, "web.image.tag=flag");
    let application = Application::standard();
    let document = application.load(layers).unwrap();
    let objects = objects(&application, &document);
    let spec = &get(&objects, "Deployment/web")["spec"];
    assert_eq!((&spec["replicas"], &spec["minReadySeconds"]), (&json!(5), &json!(7)));
    let container = &spec["template"]["spec"]["containers"][0];
    assert_eq!(
        (&container["image"], &container["args"]),
        (&json!("shop/web:flag"), &json!(["a", "1"]))
    );
}

#[test]
fn a_mistake_of_a_provider_names_it() {
    let layers = base().provider(Serialized::default("web.replica", 5));
    let application = Application::standard();
    let document = application.load(layers).unwrap();
    let sources = SecretSources::new("/nowhere", BTreeMap::new());
    let error = application.render(&document, &sources, &Options::default()).unwrap_err();
    assert_snapshot!(error, @"i32: web.replica: unknown key `replica`; did you mean `replicas`?");
}

#[test]
fn merged_values_are_a_provider_for_other_programs() {
    let application = Application::standard();
    let document = application.load(base()).unwrap();
    let figment = Figment::from(&document);
    assert_eq!(figment.extract_inner::<String>("web.image.repository").unwrap(), "shop/web");
    assert_eq!(figment.extract_inner::<u32>("web.replicas").unwrap(), 1);
}

#[test]
fn what_is_rendered_is_what_the_command_prints() {
    let application = Application::standard();
    let document = application.load(base()).unwrap();
    let project = Project::new(BASE);
    assert_eq!(objects(&application, &document), project.objects(["--secrets", "omit"]));
}

/// The values of a component that is no service.
#[derive(Clone, Debug, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Notice {
    /// Its name
    name: Text,
    /// What it says
    lines: Map<Text>,
}

fn notice(cx: &Context, values: &Notice) -> Option<ConfigMap> {
    let (name, namespace) = (values.name.to(), cx.namespace.to());
    let metadata = ObjectMeta { name, namespace, ..ObjectMeta::default() };
    Some(ConfigMap { metadata, data: Some(values.lines.to()), ..ConfigMap::default() })
}

#[test]
fn an_application_of_ones_own_has_its_own_tables() {
    let component = Component::new("notice", "lines = {}\n").builds("notice", notice);
    let application = Application::new().table("notice", component);
    let text = "[app]\nname = \"shop\"\n[notice]\nlines.a = 5\n";
    let layers = Layers::new().base_text(Origin::File("base.toml".into()), Format::Toml, text);
    let document = application.load(layers).unwrap();
    let objects = objects(&application, &document);
    assert_eq!(names(&objects), ["ConfigMap/notice"]);
    assert_eq!(get(&objects, "ConfigMap/notice")["data"], json!({"a": "5"}));
    // Every builder can be traced, which charts need.
    for (builder, tree) in application.trees("notice") {
        assert!(tree.unwrap().is_some(), "{builder}");
    }
    // A table that it does not have is a mistake.
    let text = "[app]\nname = \"shop\"\n[notise]\nlines.a = 1\n";
    let layers = Layers::new().base_text(Origin::File("base.toml".into()), Format::Toml, text);
    let document = application.load(layers).unwrap();
    let sources = SecretSources::new("/nowhere", BTreeMap::new());
    let error = application.render(&document, &sources, &Options::default()).unwrap_err();
    assert_snapshot!(error, @"base.toml:3:2: notise: unknown table `notise`; did you mean `notice`?");
}

#[test]
fn every_builder_of_the_standard_application_can_be_traced() {
    let trees = Application::standard().trees("anything");
    assert_eq!(trees.len(), 16);
    for (builder, tree) in trees {
        assert!(
            tree.unwrap_or_else(|refusal| panic!("{builder}: {refusal}")).is_some(),
            "{builder}"
        );
    }
}
