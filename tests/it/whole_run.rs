//! Snapshots of whole runs: what a user sees, and the tables of a consultation without free text.

use std::fs;
use std::path::Path;

use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::support::{Sandbox, fixture_slice};

/// Some columns of a Parquet file as a text table.
fn table(path: &Path, columns: &[&str], rows: usize) -> String {
    let builder = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    let mut text = columns.join(" | ");
    let options = FormatOptions::default();
    for batch in builder.build().unwrap() {
        let batch = batch.unwrap();
        let formats: Vec<_> = columns
            .iter()
            .map(|c| ArrayFormatter::try_new(batch.column_by_name(c).unwrap(), &options).unwrap())
            .collect();
        for row in 0..batch.num_rows().min(rows) {
            let cells: Vec<String> = formats.iter().map(|f| f.value(row).to_string()).collect();
            text += &format!("\n{}", cells.join(" | "));
        }
    }
    text
}

const CLOSED: &str = r#"
[survey]
name = "Closed questions only"
respondent_id = "id"
weight = "wt"
[[question]]
id = "home"
kind = "likert"
column = "home"
scale = ["Disagree", "Neither", "Agree"]
nets = { not_disagree = ["Neither", "Agree"] }
missing = ["Don't know"]
[[question]]
id = "things"
kind = "multiple"
column = "things"
delimiter = ";"
options = ["Friends", "Money"]
[[group]]
id = "care"
column = "care"
levels = { in_care = ["yes"], not_in_care = ["no"] }
[breakdown]
tables = [["care"]]
"#;

#[test]
fn a_consultation_without_text_needs_no_model() {
    let s = Sandbox::new();
    s.write("pipeline.toml", CLOSED);
    let mut rows = String::from("id,home,care,things,wt\n");
    for i in 0..200 {
        let home = ["Agree", "Agree", "Neither", "Disagree", "Don't know"][i % 5];
        let care = if i % 13 == 0 { "yes" } else { "no" };
        let things = ["Friends;Money", "Friends;", "", "Money"][i % 4];
        rows += &format!("{i},{home},{care},{things},{}\n", 0.5 + (i % 3) as f64 * 0.5);
    }
    s.write("x.csv", rows);
    s.bigask(["run", "x.csv", "-o", "out", "--onnxruntime", "not-there.so"]).ok();
    let columns = [
        "question",
        "measure_kind",
        "measure",
        "care",
        "base",
        "count",
        "percent",
        "ci_lower",
        "weighted_percent",
        "status",
    ];
    insta::assert_snapshot!(
        "closed_breakdown",
        table(&s.path("out/release/breakdown.parquet"), &columns, 200)
    );
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(s.path("out/manifest.json")).unwrap()).unwrap();
    assert!(manifest["model"].is_null());
}

#[test]
fn the_fixture_runs_whole() {
    let s = Sandbox::new();
    fixture_slice(&s, 600);
    let ran = s.bigask(["run", "export.csv", "-o", "out", "--quiet"]).ok();
    // What the model decides may differ in a few answers between processors; the rest may not.
    let counts: Vec<&str> = ran.stdout.lines().take(2).collect();
    insta::assert_snapshot!("fixture_summary", counts.join("\n"));
    assert!(ran.stdout.contains("lives_better, by age: per cent of children"), "{}", ran.stdout);
    let columns = ["respondent_id", "question", "text", "content", "language", "redactions"];
    let shown = table(&s.path("out/restricted/responses.parquet"), &columns, 40);
    insta::assert_snapshot!("fixture_responses", shown);
}
