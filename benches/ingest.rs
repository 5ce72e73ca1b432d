//! How fast an export on disk becomes respondents.

mod common;

use bigask::ingest::Reader;
use common::{Consultation, ROWS};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn bench(c: &mut Criterion) {
    let consultation = Consultation::new(ROWS);
    let mut group = c.benchmark_group("ingest");
    group.throughput(Throughput::Elements(ROWS)).sample_size(20);
    group.bench_function("respondents", |b| {
        b.iter(|| {
            Reader::open(&consultation.plan, &consultation.files)
                .map(|reader| reader.flatten().map(|block| block.respondents.len()).sum::<usize>())
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
