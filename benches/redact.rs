//! How fast answers are redacted.

mod common;

use bigask::redact;
use common::{Consultation, ROWS};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

fn bench(c: &mut Criterion) {
    let consultation = Consultation::new(ROWS);
    let respondents = consultation.respondents();
    let redactor = consultation.redactor();
    let mut group = c.benchmark_group("redact");
    group.throughput(Throughput::Elements(respondents.len() as u64)).sample_size(20);
    group.bench_function("respondents", |b| {
        b.iter_batched(|| respondents.clone(), |r| redact::block(&redactor, r), BatchSize::LargeInput);
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
