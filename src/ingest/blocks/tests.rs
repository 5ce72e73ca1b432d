use super::*;
use crate::config;
use crate::ingest::Reason;
use std::path::Path;

const CONFIG: &str = r#"
[survey]
respondent_id = "id"
weight = "wt"
[[question]]
id = "words"
kind = "text"
column = "words"
[[question]]
id = "like"
kind = "single"
column = "like"
options = ["Yes", "No"]
[[group]]
id = "age"
column = "age"
bands = { young = [0, 11], old = [12, 99] }
"#;

fn write(folder: &Path, name: &str, rows: impl Iterator<Item = String>) -> PathBuf {
    let path = folder.join(name);
    let text: String =
        std::iter::once("id,wt,words,like,age".to_string()).chain(rows).map(|r| r + "\n").collect();
    std::fs::write(&path, text).unwrap();
    path
}

fn rows(prefix: &'static str, n: usize) -> impl Iterator<Item = String> {
    (0..n).map(move |i| {
        let wt = if i % 101 == 100 { "x" } else { "1" };
        let like = ["Yes", "No", "", "Perhaps"][i % 4];
        format!("{prefix}{i},{wt},\"some words, {i}\",{like},{}", i % 20)
    })
}

fn read(paths: &[PathBuf]) -> (Vec<Block>, Vec<InputFacts>) {
    let plan = config::parse(CONFIG, "test").unwrap();
    let mut reader = Reader::open(&plan, paths).unwrap();
    let blocks = reader.by_ref().collect::<Result<Vec<Block>>>().unwrap();
    assert!(reader.next().is_none());
    (blocks, reader.facts())
}

#[test]
fn rows_are_conserved_across_blocks_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let a = write(folder.path(), "a.csv", rows("a", BLOCK_ROWS + 10));
    let b = write(folder.path(), "b.csv", rows("b", 500).chain(rows("a", 3)).chain(["short,1".to_string()]));
    let (blocks, facts) = read(&[a, b.clone()]);
    let sizes: Vec<usize> = blocks.iter().map(|b| b.respondents.len() + b.rejected.len()).collect();
    assert_eq!(sizes, [BLOCK_ROWS, 514]);
    let mut numbers: Vec<u64> = blocks
        .iter()
        .flat_map(|b| b.respondents.iter().map(|r| r.row).chain(b.rejected.iter().map(|r| r.row)))
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=BLOCK_ROWS as u64 + 514).collect::<Vec<_>>());
    for f in &facts {
        assert_eq!(f.rows, f.accepted + f.rejected);
    }
    assert_eq!(facts.iter().map(|f| f.rows).collect::<Vec<_>>(), [BLOCK_ROWS as u64 + 10, 504]);
    assert!(blocks.windows(2).all(|w| w[0].bytes <= w[1].bytes));
    let last: Vec<(Reason, u64)> =
        blocks[1].rejected.iter().rev().take(4).map(|r| (r.reason, r.origin.line)).collect();
    let duplicate = Reason::DuplicateId;
    assert_eq!(last, [(Reason::FieldCount, 505), (duplicate, 504), (duplicate, 503), (duplicate, 502)]);
    assert_eq!(blocks[1].rejected.last().unwrap().origin.file, b);
    assert_eq!(blocks[0].rejected[0].column.as_deref(), Some("wt"));
}

#[test]
fn values_that_nothing_names_are_counted_on_accepted_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.csv", rows("a", 400).chain(rows("a", 400)));
    let (blocks, facts) = read(&[file]);
    assert_eq!(blocks[0].respondents.len(), 397);
    // Every fourth row says "Perhaps"; none of them is among the rejected (100, 201, 302).
    assert_eq!(facts[0].unknown_values, [UnknownCount { id: "like".into(), count: 100 }]);
}

#[test]
fn a_row_after_a_rejected_one_may_have_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let file =
        write(folder.path(), "a.csv", ["a,x,w,Yes,5".to_string(), "a,1,w,Yes,5".to_string()].into_iter());
    let (blocks, _) = read(&[file]);
    assert_eq!((blocks[0].respondents.len(), blocks[0].rejected[0].reason), (1, Reason::Weight));
}

#[test]
fn a_file_without_rows_is_refused_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "a.csv", rows("a", 1));
    let empty = write(folder.path(), "b.csv", std::iter::empty());
    let plan = config::parse(CONFIG, "test").unwrap();
    assert_eq!(Reader::open(&plan, &[good, empty]).unwrap_err().exit_code(), 3);
}

#[test]
fn the_result_is_the_same_on_one_thread() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.csv", rows("a", 3000).chain(rows("a", 20)));
    let print = |blocks: &[Block]| format!("{blocks:?}");
    let many = print(&read(std::slice::from_ref(&file)).0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(pool.install(|| print(&read(&[file]).0)), many);
}

#[test]
fn dropping_the_reader_early_does_not_hang() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.csv", rows("a", 6 * BLOCK_ROWS));
    let plan = config::parse(CONFIG, "test").unwrap();
    drop(Reader::open(&plan, std::slice::from_ref(&file)).unwrap());
    let mut reader = Reader::open(&plan, &[file]).unwrap();
    reader.next().unwrap().unwrap();
    drop(reader);
}

#[test]
fn a_file_that_goes_away_ends_the_run_with_its_error() {
    let folder = tempfile::tempdir().unwrap();
    let a = write(folder.path(), "a.csv", rows("a", 6 * BLOCK_ROWS));
    let b = write(folder.path(), "b.csv", rows("b", 5));
    let plan = config::parse(CONFIG, "test").unwrap();
    let reader = Reader::open(&plan, &[a, b.clone()]).unwrap();
    std::fs::remove_file(&b).unwrap();
    let results: Vec<Result<Block>> = reader.collect();
    assert_eq!(results.last().unwrap().as_ref().unwrap_err().exit_code(), 4);
    assert_eq!(results.iter().filter(|r| r.is_err()).count(), 1);
}

#[test]
fn every_file_is_checked_before_one_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "a.csv", rows("a", 1));
    let bad = folder.path().join("b.csv");
    std::fs::write(&bad, "id,words,age\n1,secret words,5\n").unwrap();
    let plan = config::parse(CONFIG, "test").unwrap();
    let error = Reader::open(&plan, &[good.clone(), good.clone(), bad]).unwrap_err();
    let Error::Config(problems) = &error else { panic!("{error}") };
    assert_eq!(problems.len(), 3, "{error}");
    assert!(!error.to_string().contains("secret"));
    assert_eq!(Reader::open(&plan, &[]).unwrap_err().exit_code(), 2);
    assert_eq!(Reader::open(&plan, &[folder.path().join("c.csv")]).unwrap_err().exit_code(), 4);
}
