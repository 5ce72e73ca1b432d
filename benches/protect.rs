//! How fast a breakdown is made safe to publish.

mod common;

use bigask::protect::breakdown;
use bigask::tabulate::Tabulator;
use common::{Consultation, ROWS};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn bench(c: &mut Criterion) {
    let consultation = Consultation::new(ROWS);
    let mut tabulator = Tabulator::new(&consultation.plan, &consultation.codebook);
    tabulator.add(&consultation.records());
    let tabulation = tabulator.finish();
    let mut group = c.benchmark_group("protect");
    group.throughput(Throughput::Elements(tabulation.rows.len() as u64)).sample_size(20);
    group.bench_function("rows of the breakdown", |b| {
        b.iter(|| breakdown(&consultation.plan, &consultation.codebook, &tabulation));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
