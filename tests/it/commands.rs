//! Commands other than `run`: what they print, and that what they propose works.

use std::fs;

use crate::support::{CLOSED_TOML, Sandbox, fixture_slice};

#[test]
fn what_init_proposes_checks_and_runs() {
    let s = Sandbox::new();
    fixture_slice(&s, 200);
    let proposed = s.bigask(["init", "export.csv"]).ok().stdout;
    s.write("proposed.toml", &proposed);
    let checked = s.bigask(["check", "-c", "proposed.toml", "export.csv"]).ok();
    assert!(checked.stdout.contains("200"), "{}", checked.stdout);
    s.bigask(["run", "-c", "proposed.toml", "export.csv", "-o", "out"]).ok();
    assert!(s.path("out/release/breakdown.parquet").exists());
}

#[test]
fn check_writes_nothing_and_speaks_json() {
    let s = Sandbox::new();
    s.write("pipeline.toml", CLOSED_TOML);
    s.write("x.csv", "id,home,care\n1,Agree,yes\n2,Don't know,no\n3,,\n");
    let before = fs::read_dir(s.path(".")).unwrap().count();
    let r = s.bigask(["check", "--json", "x.csv"]).ok();
    serde_json::from_str::<serde_json::Value>(&r.stdout).unwrap();
    assert_eq!(fs::read_dir(s.path(".")).unwrap().count(), before);
}

#[test]
fn redact_reads_lines() {
    let s = Sandbox::new();
    let r = s.bigask_with_input(["redact"], "ring me on 07700 900123\nnothing here\n").ok();
    assert_eq!(r.stdout, "ring me on [phone]\nnothing here\n");
}

#[test]
fn redact_json_gives_code_points_of_the_text_that_came_in() {
    let s = Sandbox::new();
    let r = s
        .bigask_with_input(["redact", "--json"], "{\"id\":7,\"text\":\"\u{1f600} ring 07700 900123 ok\"}\n")
        .ok();
    let value: serde_json::Value = serde_json::from_str(&r.stdout).unwrap();
    assert_eq!(value["id"], 7);
    assert_eq!(value["text"], "\u{1f600} ring [phone] ok");
    assert_eq!(value["spans"], serde_json::json!([{"start": 7, "end": 19, "type": "phone"}]));
}

#[test]
fn redact_names_the_bad_line_and_not_what_is_in_it() {
    let s = Sandbox::new();
    let r = s.bigask_with_input(["redact", "--json"], "{\"id\":1,\"text\":\"x\"}\nZebedee\n");
    assert_eq!(r.code, 3, "{}", r.stderr);
    assert!(r.stderr.contains("line 2") && !r.stderr.contains("Zebedee"), "{}", r.stderr);
}

#[test]
fn quotes_come_in_three_formats_and_from_eligible_answers() {
    let s = Sandbox::new();
    fixture_slice(&s, 900);
    s.bigask(["run", "export.csv", "-o", "out"]).ok();
    let json = s.bigask(["quotes", "out", "--format", "json", "-n", "3"]).ok();
    let quotes: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let quotes = quotes.as_array().unwrap();
    assert!(quotes.len() > 5, "{} quotes", quotes.len());
    let csv = s.bigask(["quotes", "out", "--format", "csv", "-n", "3"]).ok().stdout;
    assert_eq!(csv::Reader::from_reader(csv.as_bytes()).records().count(), quotes.len());
    let md = s.bigask(["quotes", "out", "-n", "3"]).ok().stdout;
    assert_eq!(md.matches("> \"").count(), quotes.len());
}

#[test]
fn quotes_with_an_unknown_theme_or_level_say_the_nearest() {
    let s = Sandbox::new();
    fixture_slice(&s, 100);
    s.bigask(["run", "export.csv", "-o", "out"]).ok();
    let r = s.bigask(["quotes", "out", "--theme", "bulying", "--where", "care_status=fostre"]);
    assert_eq!(r.code, 2);
    assert!(r.stderr.contains("bullying"), "{}", r.stderr);
}

#[test]
fn completions_and_man_page_come_from_the_command_line() {
    let s = Sandbox::new();
    assert!(s.bigask(["completions", "bash"]).ok().stdout.contains("_bigask"));
    let man = s.bigask(["man"]).ok().stdout;
    assert!(man.starts_with(".") && man.contains("bigask"));
}

#[test]
fn usage_errors_exit_with_2() {
    let s = Sandbox::new();
    assert_eq!(s.bigask(["run"]).code, 2);
    assert_eq!(s.bigask(["nonsense"]).code, 2);
    assert_eq!(s.bigask(["--version"]).code, 0);
}

#[test]
fn generate_gives_the_same_bytes_for_the_same_seed() {
    let s = Sandbox::new();
    let run = |seed: &str| s.bigask(["generate", "--rows", "300", "--seed", seed]).ok().stdout;
    assert_eq!(run("5"), run("5"));
    assert_ne!(run("5"), run("6"));
}

#[test]
fn bench_prints_every_stage() {
    let s = Sandbox::new();
    let r = s.bigask(["bench", "--rows", "300"]).ok();
    for stage in ["ingest", "redact", "classify", "tabulate", "protect", "publish", "encoder"] {
        assert!(r.stdout.contains(stage), "{}", r.stdout);
    }
}
