//! The promises, as properties of whole runs: no row is lost, the same input gives the same bytes
//! whatever the number of threads, no planted identifier is in any output.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;

use crate::support::{CLOSED_TOML, Sandbox, files_below, fixture_slice};

/// All of OUT, with the manifest's timings taken out.
fn outputs(out: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files_below(out)
        .into_iter()
        .map(|f| {
            let bytes = fs::read(out.join(&f)).unwrap();
            if f == Path::new("manifest.json") {
                let mut manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                manifest.as_object_mut().unwrap().remove("timings").unwrap();
                return (f, manifest.to_string().into_bytes());
            }
            (f, bytes)
        })
        .collect()
}

#[test]
fn reruns_and_thread_counts_give_the_same_bytes() {
    let s = Sandbox::new();
    fixture_slice(&s, 400);
    for (out, threads) in [("a", "2"), ("b", "2"), ("c", "1"), ("d", "5")] {
        s.bigask(["run", "export.csv", "-o", out, "--threads", threads]).ok();
    }
    let first = outputs(&s.path("a"));
    assert!(first.len() >= 7, "{:?}", first.keys());
    for other in ["b", "c", "d"] {
        let other = outputs(&s.path(other));
        assert_eq!(first.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (name, bytes) in &first {
            assert!(bytes == &other[name], "{} differs", name.display());
        }
    }
}

#[test]
fn breakdown_again_gives_the_tables_of_the_run() {
    let s = Sandbox::new();
    fixture_slice(&s, 400);
    s.bigask(["run", "export.csv", "-o", "out"]).ok();
    let before = outputs(&s.path("out"));
    s.bigask(["breakdown", "out"]).ok();
    for (name, bytes) in outputs(&s.path("out")) {
        assert!(before[&name] == bytes, "{} differs", name.display());
    }
}

/// Every cell of a Parquet file as text, and its metadata.
fn parquet_text(path: &Path) -> String {
    let file = fs::File::open(path).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let mut text = format!("{:?}", builder.metadata().file_metadata().key_value_metadata());
    let options = FormatOptions::default();
    for batch in builder.build().unwrap() {
        let batch = batch.unwrap();
        for column in batch.columns() {
            let format = ArrayFormatter::try_new(column, &options).unwrap();
            for row in 0..column.len() {
                text.push_str(&format.value(row).to_string());
                text.push('\n');
            }
        }
    }
    text
}

#[test]
fn planted_identifiers_are_in_no_output() {
    let s = Sandbox::new();
    s.bigask([
        "generate",
        "--rows",
        "1500",
        "--seed",
        "99",
        "--texts",
        "2",
        "-o",
        "export.csv",
        "--key",
        "key.csv",
        "--config",
        "pipeline.toml",
    ])
    .ok();
    let ran = s.bigask(["run", "export.csv", "-o", "out"]).ok();
    let mut all = format!("{}\n{}\n", ran.stdout, ran.stderr);
    for file in files_below(&s.path("out")) {
        let path = s.path("out").join(&file);
        all += &match path.extension().and_then(|e| e.to_str()) {
            Some("parquet") => parquet_text(&path),
            _ => fs::read_to_string(&path).unwrap(),
        };
    }
    let folded = all.to_lowercase();
    let mut by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for record in csv::Reader::from_path(s.path("key.csv")).unwrap().records() {
        let record = record.unwrap();
        let value = record[5].to_lowercase();
        let (planted, leaked) = by_kind.entry(record[2].to_string()).or_default();
        *planted += 1;
        *leaked += usize::from(value.chars().count() >= 4 && folded.contains(&value));
    }
    assert!(by_kind.values().map(|(n, _)| n).sum::<usize>() >= 100, "{by_kind:?}");
    for (kind, (planted, leaked)) in &by_kind {
        // Names and places without any cue beside them are for a model to find; the bounds are what
        // the cues reach, and may only be lowered.
        let most = match kind.as_str() {
            "name" => planted / 8,
            "place" => planted / 2,
            "school" | "address" | "handle" => planted / 10,
            _ => 0,
        };
        assert!(*leaked <= most, "{leaked} of {planted} of kind {kind} leaked, {most} is the bound");
    }
}

/// A line of an export: whole, ragged, badly quoted, odd.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9]{1,4},(Agree|Disagree|Neither|),(yes|no|maybe|),[a-z ]{0,8}",
        1 => "[0-9]{1,4}(,[a-z]{0,3}){0,7}",
        1 => "[ -~]{0,30}".prop_map(|s| s.replace('"', "'")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_row_is_a_respondent_or_rejected(lines in prop::collection::vec(line(), 1..60)) {
        let s = Sandbox::new();
        s.write("pipeline.toml", CLOSED_TOML);
        s.write("x.csv", format!("id,home,care,better\n1000001,Agree,yes,x\n{}\n", lines.join("\n")));
        s.bigask(["run", "x.csv", "-o", "out", "--quiet"]).ok();
        let manifest: serde_json::Value =
            serde_json::from_slice(&fs::read(s.path("out/manifest.json")).unwrap()).unwrap();
        let rows = |key: &str| manifest["rows"][key].as_u64().unwrap();
        let filled = lines.iter().filter(|l| !l.trim().is_empty()).count() as u64 + 1;
        prop_assert_eq!(rows("rows_in"), filled);
        prop_assert_eq!(rows("rows_in"), rows("respondents") + rows("rejected"));
        prop_assert_eq!(rows("respondents"), parquet_rows(&s.path("out/restricted/answers.parquet")));
        prop_assert_eq!(rows("rejected"), parquet_rows(&s.path("out/restricted/rejected.parquet")));
    }
}

fn parquet_rows(path: &Path) -> u64 {
    let builder = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    builder.metadata().file_metadata().num_rows() as u64
}

#[test]
fn nothing_under_the_threshold_is_printed() {
    let s = Sandbox::new();
    fixture_slice(&s, 900);
    s.bigask(["run", "export.csv", "-o", "out"]).ok();
    let file = fs::File::open(s.path("out/release/breakdown.parquet")).unwrap();
    let mut cells = 0;
    for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
        let batch = batch.unwrap();
        let number = |name: &str| {
            let column = batch.column_by_name(name).unwrap();
            arrow::compute::cast(column, &arrow::datatypes::DataType::Float64).unwrap()
        };
        let text = |name: &str| {
            arrow::compute::cast(batch.column_by_name(name).unwrap(), &arrow::datatypes::DataType::Utf8)
                .unwrap()
        };
        let (base, count, percent, status) =
            (number("base"), number("count"), number("percent"), text("status"));
        let status = status.as_string::<i32>();
        for i in 0..batch.num_rows() {
            cells += 1;
            let value = |a: &dyn Array| {
                let a = a.as_primitive::<arrow::datatypes::Float64Type>();
                a.is_valid(i).then(|| a.value(i))
            };
            let (base, count, percent) = (value(&base), value(&count), value(&percent));
            if status.is_valid(i) && status.value(i) == "c" {
                assert_eq!((base, count, percent), (None, None, None));
            }
            for n in [base, count].into_iter().flatten() {
                assert!(n == 0.0 || n >= 10.0, "a cell of {n} is printed");
                assert_eq!(n % 5.0, 0.0, "{n} is not rounded");
            }
            if let (Some(b), Some(k)) = (base, count) {
                assert!(b == k || b - k >= 5.0, "{k} of {b} gives the complement away");
            }
        }
    }
    assert!(cells > 300, "only {cells} cells");
}
