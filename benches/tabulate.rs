//! How fast coded respondents are counted, and how fast counts become figures.

mod common;

use bigask::tabulate::Tabulator;
use common::{Consultation, ROWS};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

fn bench(c: &mut Criterion) {
    let consultation = Consultation::new(ROWS);
    let records = consultation.records();
    let empty = Tabulator::new(&consultation.plan, &consultation.codebook);
    let mut full = empty.clone();
    full.add(&records);
    let rows = full.clone().finish().rows.len() as u64;
    let mut group = c.benchmark_group("tabulate");
    group.sample_size(20);
    group.throughput(Throughput::Elements(records.len() as u64));
    group.bench_function("respondents", |b| {
        b.iter_batched(|| empty.clone(), |mut t| t.add(&records), BatchSize::LargeInput);
    });
    group.throughput(Throughput::Elements(rows));
    group.bench_function("rows of the breakdown", |b| {
        b.iter_batched(|| full.clone(), Tabulator::finish, BatchSize::LargeInput);
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
