//! How fast redacted answers are coded, by the model in models/themes. Says so and ends where the
//! model or ONNX Runtime is not there.

mod common;

use bigask::classify::Classifier;
use bigask::model::ModelOptions;
use common::Consultation;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

/// Few, since the encoder is by far the slowest of all.
const ROWS: u64 = 2000;

fn bench(c: &mut Criterion) {
    let consultation = Consultation::new(ROWS);
    let options = ModelOptions {
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        ..ModelOptions::default()
    };
    let load = || Classifier::load(&consultation.plan, &consultation.codebook, &options);
    if let Err(e) = load() {
        eprintln!("classify is not measured: {e}");
        return;
    }
    let redacted = consultation.redacted();
    let mut group = c.benchmark_group("classify");
    group.throughput(Throughput::Elements(redacted.len() as u64)).sample_size(10);
    group.bench_function("respondents", |b| {
        // A classifier remembers what it has seen, so each round has a fresh one.
        b.iter_batched(
            || (load(), redacted.clone()),
            |(classifier, redacted)| classifier.and_then(|mut c| c.code(redacted)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
