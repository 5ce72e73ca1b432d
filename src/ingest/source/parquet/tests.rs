//! Tests of the Parquet reader, on files that they write.

use std::sync::Arc;

use super::*;
use arrow::array::*;
use arrow::datatypes::{Field, Fields, Int32Type, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true))).unwrap();
    let mut w = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    w.write(&batch).unwrap();
    w.close().unwrap();
}

fn input() -> Input {
    crate::config::parse(crate::config::DEFAULT_TOML, "default").unwrap().input
}

fn read(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let (mut rows, names) = ParquetRows::open(path, &input()).unwrap();
    let (mut all, mut cells) = (Vec::new(), Cells::new());
    while let Row::Read { line } = rows.next(&mut cells).unwrap() {
        assert_eq!(line as usize, all.len() + 1);
        all.push((0..cells.len()).map(|i| cells.get(i).to_string()).collect());
    }
    assert_eq!(rows.late().bytes_read, Some(std::fs::metadata(path).unwrap().len()));
    (names, all)
}

#[test]
fn every_plain_type_reads_as_text() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1), None, Some(3)]), None]);
    let dictionary: DictionaryArray<Int32Type> = [Some("yes"), None].into_iter().collect();
    write(
        &path,
        vec![
            ("text", Arc::new(StringArray::from(vec![Some("Zo\u{eb}, \"x\""), None]))),
            ("large", Arc::new(LargeStringArray::from(vec!["a", "b"]))),
            ("dictionary", Arc::new(dictionary)),
            ("int", Arc::new(Int64Array::from(vec![Some(-5), None]))),
            ("unsigned", Arc::new(UInt8Array::from(vec![200, 0]))),
            ("float", Arc::new(Float64Array::from(vec![2.0, 0.25]))),
            ("single", Arc::new(Float32Array::from(vec![0.1f32, 3.0]))),
            ("bool", Arc::new(BooleanArray::from(vec![Some(true), None]))),
            ("date", Arc::new(Date32Array::from(vec![19783, 0]))),
            ("time", Arc::new(TimestampMillisecondArray::from(vec![1_709_283_907_000, 0]))),
            (
                "decimal",
                Arc::new(Decimal128Array::from(vec![1250, 5]).with_precision_and_scale(8, 2).unwrap()),
            ),
            ("list", Arc::new(list)),
        ],
    );
    let (names, rows) = read(&path);
    assert_eq!(names[0], "text");
    assert_eq!(
        rows,
        [
            vec![
                "Zo\u{eb}, \"x\"",
                "a",
                "yes",
                "-5",
                "200",
                "2",
                "0.1",
                "TRUE",
                "2024-03-01",
                "2024-03-01T09:05:07",
                "12.50",
                "1;;3"
            ],
            vec!["", "b", "", "", "0", "0.25", "3", "", "1970-01-01", "1970-01-01T00:00:00", "0.05", ""],
        ]
    );
}

#[test]
fn batches_follow_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    let n = BATCH as i64 * 2 + 7;
    write(&path, vec![("i", Arc::new(Int64Array::from_iter_values(0..n)))]);
    let (_, rows) = read(&path);
    assert!(rows.len() as i64 == n && rows.iter().enumerate().all(|(i, r)| r[0] == i.to_string()));
}

#[test]
fn nested_columns_are_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    let inner = Arc::new(Int32Array::from(vec![1])) as ArrayRef;
    let fields = Fields::from(vec![Field::new("a", DataType::Int32, true)]);
    write(&path, vec![("answers", Arc::new(StructArray::new(fields, vec![inner], None)))]);
    let e = ParquetRows::open(&path, &input()).err().unwrap();
    assert!(e.exit_code() == 3 && e.to_string().contains("\"answers\""), "{e}");
    let schema = Schema::new(vec![Field::new("t", DataType::Timestamp(TimeUnit::Second, None), true)]);
    assert!(schema.fields().iter().all(|f| readable(f.data_type())));
}

#[test]
fn a_truncated_or_damaged_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    let texts: Vec<String> = (0..5000).map(|i| format!("answer {i} {}", i * 7919 % 1000)).collect();
    write(&path, vec![("text", Arc::new(StringArray::from(texts)))]);
    let whole = std::fs::read(&path).unwrap();
    for keep in [4, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..keep]).unwrap();
        let e = ParquetRows::open(&path, &input()).err().unwrap();
        assert!(e.exit_code() == 3 && e.to_string().contains("truncated"), "{keep}: {e}");
    }
    let mut damaged = whole.clone();
    damaged[8..whole.len() / 2].fill(0xAA);
    std::fs::write(&path, damaged).unwrap();
    let (mut rows, _) = ParquetRows::open(&path, &input()).unwrap();
    let mut cells = Cells::new();
    let e = loop {
        match rows.next(&mut cells) {
            Ok(Row::End) => panic!("damage went unnoticed"),
            Ok(_) => {}
            Err(e) => break e,
        }
    };
    assert_eq!(e.exit_code(), 3);
}

#[test]
fn a_file_beyond_the_limit_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    write(&path, vec![("text", Arc::new(StringArray::from(vec!["x".repeat(100_000)])))]);
    let small = Input { max_inflated_bytes: 10_000, ..input() };
    assert!(ParquetRows::open(&path, &small).err().unwrap().to_string().contains("max_inflated_mb"));
    let short = Input { max_record_bytes: 10_000, ..input() };
    let (mut rows, _) = ParquetRows::open(&path, &short).unwrap();
    assert!(rows.next(&mut Cells::new()).unwrap_err().to_string().contains("max_record_mb"));
}
