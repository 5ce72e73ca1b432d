//! The spine: calls the stages in order, block by block. It decides nothing about data; it may not
//! look into texts or counts.

mod again;
mod clock;
mod facts;

use std::path::{Path, PathBuf};

pub use again::{QuoteRequest, breakdown, quotes};
pub use clock::{StageClock, Timings};
pub use facts::{Summary, known_themes};

use crate::classify::{Classifier, Codebook, Record};
use crate::config::Plan;
use crate::error::Result;
use crate::ingest::{Block, Reader};
use crate::model::ModelOptions;
use crate::observe::{Event, Observer, Stage, check_interrupt};
use crate::protect::quotes::{Filter, Pool, Shared};
use crate::publish::{self, Restricted, Staging};
use crate::redact::{self, Redactor};
use crate::tabulate::Tabulator;
use facts::Tally;

/// A run to be made.
pub struct Job<'a> {
    /// The configuration.
    pub plan: &'a Plan,
    /// pipeline.toml as it was given, for the manifest.
    pub configuration: &'a str,
    /// Export files.
    pub inputs: &'a [PathBuf],
    /// Where to write.
    pub out: &'a Path,
    /// Model, runtime, threads.
    pub model: &'a ModelOptions,
    /// Who listens.
    pub observer: &'a dyn Observer,
}

/// What the stream of blocks feeds.
struct Sinks {
    restricted: Restricted,
    tabulator: Tabulator,
    pool: Pool,
    shared: Shared,
    tally: Tally,
}

/// Runs the pipeline: reads everything, then publishes, and only then replaces earlier results.
///
/// # Errors
/// See [`Error`](crate::error::Error); on any of them OUT is as it was.
pub fn run(job: &Job<'_>) -> Result<Summary> {
    let codebook = Codebook::load(job.plan.classify.codebook.as_deref())?;
    known_themes(job.plan, &codebook)?;
    let mut reader = Reader::open(job.plan, job.inputs)?;
    let redactor = Redactor::new(&job.plan.redact.keep, &job.plan.redact.always)?;
    let mut classifier = classifier(job, &codebook)?;
    let mut staging = Staging::new(job.out)?;
    let mut clock = StageClock::start();
    let mut sinks = sinks(job.plan, &codebook, &classifier, &mut staging)?;
    job.observer.event(Event::Started { total_bytes: reader.total_bytes() });
    while let Some(block) = clock.time(Stage::Ingest, || reader.next()) {
        check_interrupt()?;
        let block = block?;
        stream(job.plan, block, &redactor, &mut classifier, &mut sinks, &mut clock)?;
        sinks.tally.announce(job.observer);
    }
    publish_all(job, &codebook, &reader, &classifier, sinks, staging, clock)
}

fn classifier(job: &Job<'_>, codebook: &Codebook) -> Result<Classifier> {
    if job.plan.text_questions().next().is_none() {
        return Ok(Classifier::none());
    }
    Classifier::load(job.plan, codebook, job.model)
}

fn sinks(plan: &Plan, codebook: &Codebook, classifier: &Classifier, staging: &mut Staging) -> Result<Sinks> {
    let filter = Filter::default();
    Ok(Sinks {
        restricted: Restricted::create(staging, plan, codebook, &facts::restricted_meta(plan, codebook))?,
        tabulator: Tabulator::new(plan, codebook),
        shared: Shared::new(plan, &filter),
        pool: Pool::new(plan, &classifier.thresholds(), filter, plan.quotes.per_theme),
        tally: Tally::default(),
    })
}

/// One block through redact, classify, tabulate and the restricted files.
fn stream(
    plan: &Plan,
    block: Block,
    redactor: &Redactor,
    classifier: &mut Classifier,
    sinks: &mut Sinks,
    clock: &mut StageClock,
) -> Result<()> {
    let Block { respondents, rejected, bytes } = block;
    let redacted = clock.time(Stage::Redact, || redact::block(redactor, respondents));
    let records: Vec<Record> = clock.time(Stage::Classify, || classifier.code(redacted))?;
    clock.time(Stage::Tabulate, || {
        let (tabulator, pool, shared) = (&mut sinks.tabulator, &mut sinks.pool, &mut sinks.shared);
        rayon::join(
            || tabulator.add(&records),
            || {
                pool.add(&records);
                shared.add(&records);
            },
        );
    });
    sinks.tally.add(plan, &records, rejected.len(), bytes);
    clock.time(Stage::Publish, || sinks.restricted.write(&records, &rejected))
}

/// What comes after the stream: protection, the release folder, the manifest, the renames.
fn publish_all(
    job: &Job<'_>,
    codebook: &Codebook,
    reader: &Reader,
    classifier: &Classifier,
    sinks: Sinks,
    mut staging: Staging,
    mut clock: StageClock,
) -> Result<Summary> {
    let Sinks { restricted, tabulator, pool, shared, tally } = sinks;
    clock.time(Stage::Publish, || restricted.finish())?;
    let tabulation = clock.time(Stage::Tabulate, || tabulator.finish());
    job.observer.event(Event::Entered(Stage::Protect));
    let released = clock
        .time(Stage::Protect, || again::release(job.plan, codebook, &tabulation, Some((pool, &shared))))?;
    check_interrupt()?;
    clock.time(Stage::Publish, || again::write_release(job.plan, &tabulation, &released, &mut staging))?;
    let summary = facts::summary(reader, classifier, &tally, &released, &clock);
    facts::manifest(job, codebook, reader, classifier, &tally, &summary)?.write(&mut staging)?;
    let retire = staging.others();
    staging.commit(&retire)?;
    let elapsed = clock.elapsed();
    job.observer.event(Event::Finished { rows: tally.respondents, rejected: tally.rejected, elapsed });
    Ok(summary)
}

/// The first lines of the released breakdown, for a terminal.
pub fn preview(summary: &Summary, rows: usize) -> String {
    publish::breakdown::preview(&summary.breakdown, rows)
}
