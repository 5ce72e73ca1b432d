//! How fast synthetic respondents are made.

use std::io::{Sink, sink};

use bigask::generate::{Options, generate};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("generate");
    for texts in [1, 2] {
        let options = Options { rows: 50_000, texts, ..Options::default() };
        group.throughput(Throughput::Elements(options.rows));
        group.sample_size(20);
        group.bench_function(format!("respondents, {texts} text"), |b| {
            b.iter(|| generate(&options, &mut sink(), None::<&mut Sink>));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
