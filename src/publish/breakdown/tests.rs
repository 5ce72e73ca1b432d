use std::fs::File;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::*;
use crate::ingest::Answer;
use crate::protect;
use crate::tabulate::testing::{codebook, consultation, plan, record};
use crate::tabulate::{Tabulation, Tabulator};

/// Both files of a consultation as bytes, made with this many threads.
fn files(seed: u64, threads: usize) -> (Vec<u8>, Vec<u8>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let (plan, book, records) = consultation(seed);
        let mut tabulator = Tabulator::new(&plan, &book);
        records.chunks(64).for_each(|block| tabulator.add(block));
        let t = tabulator.finish();
        let b = protect::breakdown(&plan, &book, &t).unwrap();
        let meta = [("survey".to_string(), "Test".to_string())];
        let (mut released, mut exact) = (Vec::new(), Vec::new());
        write_released(&mut released, &b, &meta).unwrap();
        write_exact(&mut exact, &plan, &t, &meta).unwrap();
        (released, exact)
    })
}

fn on_disk(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn read(bytes: &[u8]) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(on_disk(bytes)).unwrap().build().unwrap();
    reader.map(|b| b.unwrap()).collect()
}

fn number_columns() -> Vec<&'static str> {
    COUNTS.iter().map(|c| c.0).chain(NUMBERS.iter().map(|c| c.0)).collect()
}

#[test]
fn the_bytes_are_the_same_whatever_the_threads() {
    for seed in [1, 2, 3] {
        assert_eq!(files(seed, 1), files(seed, 3));
    }
}

#[test]
fn the_columns_are_those_that_readers_rely_on_and_say_what_they_are() {
    let (released, exact) = files(4, 1);
    for bytes in [released, exact] {
        let schema = read(&bytes)[0].schema();
        let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        let before = ["question", "measure_kind", "pillar", "measure", "measure_label"];
        let (keys, rest) = names.split_at(5);
        assert_eq!(keys, before);
        let groups = rest.iter().position(|n| *n == "base").unwrap();
        let numbers = &rest[groups..];
        assert_eq!(numbers[..numbers.len() - 1], number_columns());
        assert_eq!(numbers.last(), Some(&"status"));
        assert!(schema.fields().iter().all(|f| f.metadata()["description"].len() > 10));
    }
}

#[test]
fn a_suppressed_row_has_no_number_and_its_number_is_nowhere_in_the_file() {
    for seed in 10..20 {
        let (released, _) = files(seed, 1);
        for batch in read(&released) {
            let status = batch.column_by_name("status").unwrap().as_string::<i32>();
            for name in number_columns() {
                let column = batch.column_by_name(name).unwrap();
                for row in (0..batch.num_rows()).filter(|&r| status.value(r) == "c") {
                    assert!(column.is_null(row), "{name}");
                }
            }
        }
        let file = SerializedFileReader::new(on_disk(&released)).unwrap();
        for group in file.metadata().row_groups() {
            for column in group.columns() {
                assert!(column.statistics().is_none());
                assert!(column.column_index_offset().is_none());
                let number = number_columns().contains(&column.column_path().string().as_str());
                assert!(!number || column.dictionary_page_offset().is_none());
            }
        }
        let meta = file.metadata().file_metadata();
        assert!(meta.created_by().unwrap().starts_with("bigask version "));
        let pairs = meta.key_value_metadata().unwrap();
        assert!(pairs.iter().any(|p| p.key == "survey" && p.value.as_deref() == Some("Test")));
    }
}

#[test]
fn the_exact_file_has_the_same_rows_and_hides_nothing() {
    let (released, exact) = files(11, 1);
    let (released, exact) = (read(&released), read(&exact));
    let rows = |batches: &[RecordBatch]| batches.iter().map(RecordBatch::num_rows).sum::<usize>();
    assert_eq!(rows(&released), rows(&exact));
    let keys = |batch: &RecordBatch| batch.project(&[0, 1, 2, 3, 4, 5]).unwrap();
    assert_eq!(keys(&released[0]).slice(0, 50), keys(&exact[0]).slice(0, 50));
    for batch in &exact {
        let status = batch.column_by_name("status").unwrap().as_string::<i32>();
        let base = batch.column_by_name("base").unwrap().as_primitive::<Int64Type>();
        let percent = batch.column_by_name("percent").unwrap().as_primitive::<Float64Type>();
        let count = batch.column_by_name("count").unwrap().as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            assert!(status.value(row) != "c" && base.is_valid(row));
            if count.is_valid(row) && base.value(row) > 0 {
                let share = 100.0 * count.value(row) as f64 / base.value(row) as f64;
                assert_eq!(percent.value(row), share);
            }
        }
    }
}

#[test]
fn a_full_disk_is_the_environment() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (plan, book, records) = consultation(5);
    let mut tabulator = Tabulator::new(&plan, &book);
    tabulator.add(&records);
    let b = protect::breakdown(&plan, &book, &tabulator.finish()).unwrap();
    assert_eq!(write_released(Full, &b, &[]).unwrap_err().exit_code(), 4);
}

const SURVEY: &str = r#"
    [[question]]
    id = "lives_better"
    kind = "text"
    column = "t"
    [[group]]
    id = "care"
    label = "Care status"
    column = "c"
    levels = { foster = ["f"], home = ["h"], nobody = ["n"], not_in_care = ["x"] }
    labels = { foster = "Living with a foster family", home = "Children's home", not_in_care = "Not in care" }
    [breakdown]
    tables = [["care"]]
"#;

fn survey() -> (crate::config::Plan, crate::classify::Codebook, Tabulation) {
    let (plan, book) = (plan(SURVEY), codebook(&["p/bullying", "p/housing", "q/parks"]));
    let mut records = Vec::new();
    let mut add = |level: u16, set: u64, many: usize| {
        let one = || record(&[Some(set)], &[] as &[Answer], &[Some(level), Some(0)], 1.0);
        records.extend((0..many).map(|_| one()));
    };
    add(0, 0b001, 200);
    add(0, 0b010, 100);
    add(0, 0b000, 300);
    add(1, 0b001, 4);
    add(1, 0b100, 21);
    add(3, 0b011, 500);
    add(3, 0b100, 700);
    add(3, 0b000, 800);
    let mut tabulator = Tabulator::new(&plan, &book);
    tabulator.add(&records);
    (plan, book, tabulator.finish())
}

#[test]
fn the_preview_reads_at_a_glance() {
    let (plan, book, t) = survey();
    let b = protect::breakdown(&plan, &book, &t).unwrap();
    let expected = "\
lives_better, by care status: per cent of children
                         All  Living with a fos…  Children's home  nobody  Not in care
Children who answered  2,625                 600              [c]       0        2,000
parks                  27.4%                  0%              [c]     [z]          [c]
bullying               26.9%                 [c]              [c]     [z]        25.0%
(1 more)
[c] suppressed, so that no child's answer can be worked out
[z] not applicable: nobody answered
";
    assert_eq!(preview(&b, 2), expected);
    assert_eq!(preview(&b, 9).lines().count(), 8);
    assert!(!preview(&b, 9).contains("more)"));
}
