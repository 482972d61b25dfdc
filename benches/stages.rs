//! Each stage of a render by itself, at 3, 1,000 and 10,000 services: `cargo bench`.
//!
//! Whole processes, against Helm and a bare program, are compared by `benches/compare.py`.

mod services;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use kgen::application::{Application, Options, Rendered, SecretSources};
use kgen::object::check::{External, check};
use kgen::output::{write_json, write_yaml};
use kgen::values::{Document, Format, Layers, Origin};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::io;
use std::time::Duration;

const COUNTS: [usize; 3] = [3, 1_000, 10_000];

fn layers(toml: &str) -> Layers {
    Layers::new().base_text(Origin::File("base.toml".into()), Format::Toml, toml)
}

fn load(application: &Application, toml: &str) -> Document {
    match application.load(layers(toml)) {
        Ok(document) => document,
        Err(mistakes) => unreachable!("{mistakes}"),
    }
}

fn render(application: &Application, document: &Document) -> Rendered {
    let sources = SecretSources::new(".", BTreeMap::new());
    match application.render(document, &sources, &Options::default()) {
        Ok(rendered) => rendered,
        Err(error) => unreachable!("{error}"),
    }
}

/// One group a stage. A run of 10,000 services takes so long that ten of them are enough.
fn stages(criterion: &mut Criterion) {
    let application = Application::standard();
    let inputs = COUNTS.map(|count| {
        let toml = services::document(count);
        let document = load(&application, &toml);
        let rendered = render(&application, &document);
        (count, toml, document, rendered)
    });
    let mut stage = |name: &str, run: &dyn Fn(&mut criterion::Bencher<'_>, usize)| {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10).warm_up_time(Duration::from_millis(500));
        group.measurement_time(Duration::from_secs(3));
        for (i, (count, ..)) in inputs.iter().enumerate() {
            group.throughput(Throughput::Elements(*count as u64));
            group.bench_function(BenchmarkId::from_parameter(count), |b| run(b, i));
        }
        group.finish();
    };

    // What is dropped is not measured: the command ends instead.
    stage("load", &|b, i| {
        let toml = &inputs[i].1;
        b.iter_batched(|| layers(toml), |l| application.load(l), BatchSize::PerIteration);
    });
    stage("render", &|b, i| b.iter_with_large_drop(|| render(&application, &inputs[i].2)));
    stage("check", &|b, i| {
        let external = External::default();
        b.iter(|| check(black_box(&inputs[i].3.objects), &external));
    });
    stage("yaml", &|b, i| b.iter(|| write_yaml(&mut io::sink(), &inputs[i].3.objects)));
    stage("json", &|b, i| b.iter(|| write_json(&mut io::sink(), &inputs[i].3.objects)));
}

/// The template trees of all builders, which a chart is made of.
fn trace(criterion: &mut Criterion) {
    let application = Application::standard();
    let mut group = criterion.benchmark_group("trace");
    group.sample_size(10).warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(3));
    group.bench_function("all builders", |b| b.iter(|| application.trees("backend")));
    group.finish();
}

criterion_group!(benches, stages, trace);
criterion_main!(benches);
