//! How fast breakdowns are written as Parquet.
#![allow(clippy::unwrap_used, reason = "a bench that cannot make its data has nothing to do")]

mod common;

use bigask::protect::breakdown;
use bigask::publish::breakdown::{write_exact, write_released};
use bigask::tabulate::Tabulator;
use common::{Consultation, ROWS};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn bench(c: &mut Criterion) {
    let consultation = Consultation::new(ROWS);
    let Consultation { plan, codebook, .. } = &consultation;
    let mut tabulator = Tabulator::new(plan, codebook);
    tabulator.add(&consultation.records());
    let tabulation = tabulator.finish();
    let released = breakdown(plan, codebook, &tabulation).unwrap();
    let mut group = c.benchmark_group("publish");
    group.throughput(Throughput::Elements(tabulation.rows.len() as u64)).sample_size(20);
    group.bench_function("rows of the released breakdown", |b| {
        b.iter(|| write_released(Vec::new(), &released, &[]));
    });
    group.bench_function("rows of the exact breakdown", |b| {
        b.iter(|| write_exact(Vec::new(), plan, &tabulation, &[]));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
