//! What can be done again on a finished run: tabulate and protect, and choose quotes.

use std::path::Path;

use crate::classify::Codebook;
use crate::config::{self, Plan};
use crate::error::{Error, Problem, Result};
use crate::observe::{Event, Observer, Stage, check_interrupt};
use crate::protect::quotes::{Filter, HiddenCells, Pool, Quote, Shared, select};
use crate::protect::{self, Breakdown, Released};
use crate::publish::{self, Manifest, Readback, Staging};
use crate::redact::Redactor;
use crate::tabulate::{Tabulation, Tabulator};

use super::facts;

/// What a run releases.
pub struct Release {
    /// The tables.
    pub breakdown: Released<Breakdown>,
    /// The quotes; `None` where they are not made again.
    pub quotes: Option<Released<Vec<Quote>>>,
}

/// Protects the tables, then chooses quotes that the protected tables allow.
pub fn release(
    plan: &Plan,
    codebook: &Codebook,
    tabulation: &Tabulation,
    quotes: Option<(Pool, &Shared)>,
) -> Result<Release> {
    let breakdown = protect::breakdown(plan, codebook, tabulation)?;
    let hidden = HiddenCells::of(plan, codebook, &breakdown);
    let quotes =
        quotes.map(|(pool, shared)| select(plan, codebook, pool, shared, &hidden, plan.quotes.per_theme));
    Ok(Release { breakdown, quotes })
}

/// Stages the release folder, and the exact table if the plan wants it.
pub fn write_release(
    plan: &Plan,
    tabulation: &Tabulation,
    release: &Release,
    staging: &mut Staging,
) -> Result<()> {
    let meta = facts::release_meta(plan);
    let mut file = staging.create("release/breakdown.parquet")?;
    publish::breakdown::write_released(&mut file, &release.breakdown, &meta)?;
    file.finish()?;
    if let Some(quotes) = &release.quotes {
        let file = staging.create("release/quotes.parquet")?;
        publish::quotes::write_parquet(file, plan, quotes, &meta)?;
    }
    if plan.output.exact_breakdown {
        let mut file = staging.create("restricted/breakdown.parquet")?;
        publish::breakdown::write_exact(&mut file, plan, tabulation, &meta)?;
        file.finish()?;
    }
    Ok(())
}

/// `bigask breakdown`: reads a finished run back, tabulates and protects it by `plan` (or by the
/// run's own configuration), and replaces its tables and quotes.
///
/// # Errors
/// `Environment` if OUT holds no finished run, `Config` if the plan asks for what was not kept.
pub fn breakdown(
    out: &Path,
    configuration: Option<(Plan, String)>,
    observer: &dyn Observer,
) -> Result<Released<Breakdown>> {
    let mut manifest = Manifest::read(out)?;
    let codebook = manifest.codebook.clone();
    let (plan, text) = match configuration {
        Some(given) => given,
        None => (config::parse(&manifest.configuration, "manifest.json")?, manifest.configuration.clone()),
    };
    facts::known_themes(&plan, &codebook)?;
    let redactor = Redactor::new(&plan.redact.keep, &plan.redact.always)?;
    let mut tabulator = Tabulator::new(&plan, &codebook);
    let filter = Filter::default();
    let mut shared = Shared::new(&plan, &filter);
    let mut pool = Pool::new(&plan, &manifest.thresholds, filter, plan.quotes.per_theme);
    let mut rows = 0;
    let mut readback = Readback::open(out, &plan, &codebook, Some(&redactor))?;
    while let Some(records) = readback.next_block()? {
        check_interrupt()?;
        tabulator.add(&records);
        shared.add(&records);
        pool.add(&records);
        rows += records.len() as u64;
        observer.event(Event::Progress { rows, rejected: 0, bytes: 0 });
    }
    observer.event(Event::Entered(Stage::Protect));
    let tabulation = tabulator.finish();
    let release = release(&plan, &codebook, &tabulation, Some((pool, &shared)))?;
    let mut staging = Staging::new(out)?;
    write_release(&plan, &tabulation, &release, &mut staging)?;
    manifest.resolved = serde_json::to_value(&plan).map_err(|e| Error::Internal(e.to_string()))?;
    manifest.configuration = text;
    manifest.write(&mut staging)?;
    let stale: Vec<&str> = staging.others().into_iter().filter(|f| derived(f)).collect();
    staging.commit(&stale)?;
    Ok(release.breakdown)
}

/// Files made from the tables; the row-level ones stay.
fn derived(file: &str) -> bool {
    file.starts_with("release/") || file == "restricted/breakdown.parquet"
}

/// What `bigask quotes` was asked.
#[derive(Debug, Clone, Default)]
pub struct QuoteRequest {
    /// Theme ids; empty: all.
    pub themes: Vec<String>,
    /// `group=level`.
    pub conditions: Vec<String>,
    /// A text question's id.
    pub question: Option<String>,
    /// Quotes per question and theme.
    pub number: usize,
}

/// `bigask quotes`: eligible quotes of a finished run for themes and groups.
///
/// # Errors
/// `Environment` if OUT holds no finished run, `Config` if a theme, group or level is unknown.
pub fn quotes(out: &Path, request: &QuoteRequest) -> Result<Released<Vec<Quote>>> {
    let manifest = Manifest::read(out)?;
    let plan = config::parse(&manifest.configuration, "manifest.json")?;
    let codebook = &manifest.codebook;
    let filter = filter(&plan, codebook, request)?;
    let redactor = Redactor::new(&plan.redact.keep, &plan.redact.always)?;
    let mut tabulator = Tabulator::new(&plan, codebook);
    let mut shared = Shared::new(&plan, &filter);
    let mut pool = Pool::new(&plan, &manifest.thresholds, filter, request.number);
    let mut readback = Readback::open(out, &plan, codebook, Some(&redactor))?;
    while let Some(records) = readback.next_block()? {
        check_interrupt()?;
        tabulator.add(&records);
        shared.add(&records);
        pool.add(&records);
    }
    let released = protect::breakdown(&plan, codebook, &tabulator.finish())?;
    let hidden = HiddenCells::of(&plan, codebook, &released);
    Ok(select(&plan, codebook, pool, &shared, &hidden, request.number))
}

fn filter(plan: &Plan, codebook: &Codebook, request: &QuoteRequest) -> Result<Filter> {
    let mut problems = Vec::new();
    let mut filter = Filter::default();
    for theme in &request.themes {
        match codebook.themes.iter().position(|t| &t.id == theme) {
            Some(i) => filter.themes.push(i),
            None => problems.push(unknown("theme", theme, codebook.themes.iter().map(|t| t.id.as_str()))),
        }
    }
    for condition in &request.conditions {
        match condition_of(plan, condition) {
            Ok(found) => filter.groups.push(found),
            Err(problem) => problems.push(problem),
        }
    }
    if let Some(id) = &request.question {
        let texts: Vec<&str> = plan.text_questions().map(|q| plan.questions[q].id.as_str()).collect();
        filter.question = plan.question(id).filter(|_| texts.contains(&id.as_str()));
        if filter.question.is_none() {
            problems.push(unknown("text question", id, texts.into_iter()));
        }
    }
    if problems.is_empty() { Ok(filter) } else { Err(Error::Config(problems)) }
}

fn condition_of(plan: &Plan, condition: &str) -> std::result::Result<(usize, u16), Problem> {
    let Some((group, level)) = condition.split_once('=') else {
        return Err(Problem::new(
            "is not group=level",
            format!("--where {condition}"),
            "For instance --where care_status=foster.",
        ));
    };
    let Some(g) = plan.group(group.trim()) else {
        return Err(unknown("group", group, plan.groups.iter().map(|g| g.id.as_str())));
    };
    let levels = &plan.groups[g].levels;
    match levels.iter().position(|l| l.id == level.trim()) {
        Some(l) => Ok((g, l as u16)),
        None => Err(unknown("level", level, levels.iter().map(|l| l.id.as_str()))),
    }
}

fn unknown<'a>(noun: &str, word: &str, known: impl Iterator<Item = &'a str> + Clone) -> Problem {
    let remedy = match config::nearest(word, known.clone()) {
        Some(k) => format!("Did you mean {k}?"),
        None => format!("Known: {}.", known.collect::<Vec<_>>().join(", ")),
    };
    Problem::new(format!("no {noun} is called {word}"), "", remedy)
}
