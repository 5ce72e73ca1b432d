//! One function a command: read arguments, call the library, print.

use std::fs::File;
use std::io::{BufWriter, Write, stdin, stdout};
use std::path::Path;

use clap::CommandFactory;
use serde_json::json;

use super::args;
use super::progress::{clock, count};
use crate::config::{self, Plan};
use crate::error::{Error, Result};
use crate::generate;
use crate::ingest::{propose, survey};
use crate::model::ModelOptions;
use crate::observe::{Observer, Quiet};
use crate::pipeline::{self, Job, QuoteRequest, Summary};
use crate::publish;
use crate::redact::{Redactor, filter_jsonl, filter_lines};

/// `bigask init`
pub fn init(a: &args::Init) -> Result<()> {
    let text = if a.default { config::DEFAULT_TOML.to_string() } else { propose::propose(&a.exports)? };
    print(&text)
}

/// `bigask check`
pub fn check(a: &args::Check) -> Result<()> {
    let plan = config::load(&a.config.config)?;
    let survey = survey::survey(&plan, &a.exports)?;
    if a.json { print_json(&survey) } else { print(&survey.to_string()) }
}

/// `bigask run`
pub fn run(a: &args::Run, threads: usize, observer: &dyn Observer) -> Result<()> {
    let plan = config::load(&a.config.config)?;
    let configuration = read(&a.config.config)?;
    let model = model_options(&a.model, threads);
    let job = Job {
        plan: &plan,
        configuration: &configuration,
        inputs: &a.exports,
        out: &a.output,
        model: &model,
        observer,
    };
    let summary = pipeline::run(&job)?;
    if a.json { print_json(&summary_json(&summary)) } else { print(&summary_text(&summary, &a.output)) }
}

fn summary_text(s: &Summary, out: &Path) -> String {
    let mut text = format!(
        "{} rows in = {} respondents + {} rejected\n{} responses: {} say nothing, {} repeat an earlier one, {} identifiers redacted\n",
        count(s.rows.rows_in),
        count(s.rows.respondents),
        count(s.rows.rejected),
        count(s.rows.responses),
        count(s.no_content),
        count(s.duplicates),
        count(s.redacted),
    );
    text += &format!(
        "{} responses are in the safeguarding queue: a trained person must read them\n",
        count(s.concerns)
    );
    text += &format!("{} quotes released\n\n{}\n", count(s.quotes as u64), pipeline::preview(s, 12));
    text += &format!(
        "{}\n  release/breakdown.parquet     the tables, safe to publish\n  release/quotes.parquet        quotes, safe to print\n",
        out.display()
    );
    text += "  restricted/                   row-level files and the safeguarding queue, for the data controller alone\n";
    text += "  manifest.json                 what went in, with which configuration, codebook and model\n";
    text
}

fn summary_json(s: &Summary) -> serde_json::Value {
    json!({
        "rows": s.rows, "no_content": s.no_content, "duplicates": s.duplicates, "concerns": s.concerns,
        "redacted": s.redacted, "quotes": s.quotes, "seconds": s.timings.total,
    })
}

/// `bigask breakdown`
pub fn breakdown(a: &args::Breakdown, observer: &dyn Observer) -> Result<()> {
    let given =
        a.config.as_deref().map(|c| Ok::<(Plan, String), Error>((config::load(c)?, read(c)?))).transpose()?;
    let released = pipeline::breakdown(&a.output, given, observer)?;
    print(&format!(
        "{}\n{}\n",
        publish::breakdown::preview(&released, 12),
        a.output.join("release").display()
    ))
}

/// `bigask quotes`
pub fn quotes(a: &args::Quotes) -> Result<()> {
    let request = QuoteRequest {
        themes: a.theme.clone(),
        conditions: a.r#where.clone(),
        question: a.question.clone(),
        number: a.number,
    };
    let quotes = pipeline::quotes(&a.output, &request)?;
    if quotes.is_empty() {
        let _ = writeln!(
            std::io::stderr(),
            "no response may be quoted for this: too few share it, or none is eligible"
        );
    }
    let mut out = stdout().lock();
    match a.format {
        args::Format::Md => publish::quotes::write_markdown(&mut out, &quotes),
        args::Format::Csv => publish::quotes::write_csv(&mut out, &quotes),
        args::Format::Json => publish::quotes::write_json(&mut out, &quotes),
    }
}

/// `bigask redact`
pub fn redact(a: &args::Redact) -> Result<()> {
    let lists = a.config.as_deref().map(config::load).transpose()?.map(|p| p.redact).unwrap_or_default();
    let redactor = Redactor::new(&lists.keep, &lists.always)?;
    let (input, output) = (stdin().lock(), BufWriter::new(stdout().lock()));
    if a.json { filter_jsonl(&redactor, input, output) } else { filter_lines(&redactor, input, output) }
}

/// `bigask bench`
pub fn bench(a: &args::Bench, threads: usize) -> Result<()> {
    let dir = scratch()?;
    let outcome = bench_in(a, threads, &dir);
    // The folder is this process's own, made above.
    #[allow(clippy::disallowed_methods)]
    let _ = std::fs::remove_dir_all(&dir);
    outcome
}

fn bench_in(a: &args::Bench, threads: usize, dir: &Path) -> Result<()> {
    let options = generate::Options { rows: a.rows, seed: a.seed, ..generate::Options::default() };
    let export = dir.join("export.csv");
    let mut file = create(&export)?;
    generate::generate(&options, &mut file, None::<&mut Vec<u8>>)
        .and_then(|()| file.flush())
        .map_err(|e| Error::io("write", &export, &e))?;
    drop(file);
    let configuration = generate::config_toml(&options);
    let plan = config::parse(&configuration, "the benchmark's configuration")?;
    let model = model_options(&a.model, threads);
    let inputs = [export];
    let out = dir.join("out");
    let job = Job {
        plan: &plan,
        configuration: &configuration,
        inputs: &inputs,
        out: &out,
        model: &model,
        observer: &Quiet,
    };
    let summary = pipeline::run(&job)?;
    if a.json { print_json(&bench_json(&summary)) } else { print(&bench_text(&summary)) }
}

fn bench_json(s: &Summary) -> serde_json::Value {
    let rest = s.timings.total - s.encoder_seconds;
    let n = s.rows.responses as f64;
    json!({
        "responses": s.rows.responses,
        "threads": s.timings.threads,
        "seconds": s.timings.total,
        "responses_per_second": n / s.timings.total,
        "encoder": { "seconds": s.encoder_seconds, "share": s.encoder_seconds / s.timings.total,
                     "responses_per_second": n / s.encoder_seconds.max(1e-9) },
        "everything_else": { "seconds": rest, "responses_per_second": n / rest.max(1e-9) },
        "stages": s.timings.stages.iter().map(|(name, t)| (name.to_string(), json!({
            "seconds": t, "share": t / s.timings.total, "responses_per_second": n / t.max(1e-9) })))
            .collect::<serde_json::Map<_, _>>(),
    })
}

fn bench_text(s: &Summary) -> String {
    let n = s.rows.responses as f64;
    let line = |name: &str, t: f64| {
        let share = 100.0 * t / s.timings.total;
        format!("{name:<16} {t:>9.3} s {share:>5.1}% {:>12}\n", count((n / t.max(1e-9)) as u64))
    };
    let mut text = format!(
        "{} responses, {} threads, {}\n\n{:<16} {:>11} {:>6} {:>12}\n",
        count(s.rows.responses),
        s.timings.threads,
        clock(std::time::Duration::from_secs_f64(s.timings.total)),
        "stage",
        "wall",
        "share",
        "responses/s"
    );
    for (name, t) in &s.timings.stages {
        text += &line(name, *t);
    }
    text += &line("whole", s.timings.total);
    text += "\n";
    text += &line("encoder", s.encoder_seconds);
    text += &line("everything else", s.timings.total - s.encoder_seconds);
    text
}

/// `bigask completions`
pub fn completions(shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::Cli::command(), "bigask", &mut script);
    print_bytes(&script)
}

/// `bigask man`
pub fn man() -> Result<()> {
    let mut page = Vec::new();
    clap_mangen::Man::new(super::Cli::command())
        .render(&mut page)
        .map_err(|e| Error::Internal(e.to_string()))?;
    print_bytes(&page)
}

fn model_options(a: &args::ModelArgs, threads: usize) -> ModelOptions {
    ModelOptions { onnxruntime: a.onnxruntime.clone(), model: a.model.clone(), threads }
}

/// A folder of our own for a benchmark's files, readable by this user alone.
fn scratch() -> Result<std::path::PathBuf> {
    let dir = std::env::temp_dir().join(format!("bigask-bench-{}", std::process::id()));
    std::fs::create_dir_all(&dir).map_err(|e| Error::io("make the folder", &dir, &e))?;
    Ok(dir)
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    File::create(path).map(BufWriter::new).map_err(|e| Error::io("write", path, &e))
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::io("read the configuration", path, &e))
}

fn print(text: &str) -> Result<()> {
    print_bytes(text.as_bytes())
}

fn print_bytes(bytes: &[u8]) -> Result<()> {
    let mut out = stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|e| Error::io("write", Path::new("standard output"), &e))
}

fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Error::Internal(e.to_string()))?;
    print(&(text + "\n"))
}
