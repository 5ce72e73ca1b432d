//! What is said about a run: metadata of its files, its manifest, its summary.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Job, StageClock, Timings, again::Release};
use crate::classify::{Classifier, Codebook, Record};
use crate::config::{Plan, nearest};
use crate::error::{Error, Problem, Result};
use crate::ingest::Reader;
use crate::observe::{Event, Observer};
use crate::protect::{Breakdown, Released};
use crate::publish::{Manifest, Rows};
use crate::redact::IdentifierKind;

/// Counts gathered while blocks stream by.
#[derive(Debug, Default)]
pub struct Tally {
    /// Respondents accepted.
    pub respondents: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Texts answered.
    pub responses: u64,
    /// Texts with at least one concern decided.
    pub concerns: u64,
    /// Identifiers replaced, by question index and type.
    pub redactions: BTreeMap<(usize, IdentifierKind), u64>,
    bytes: u64,
}

impl Tally {
    /// Counts a block.
    pub fn add(&mut self, plan: &Plan, records: &[Record], rejected: usize, bytes: u64) {
        self.respondents += records.len() as u64;
        self.rejected += rejected as u64;
        self.bytes = bytes;
        let questions: Vec<usize> = plan.text_questions().collect();
        for record in records {
            for (i, text) in record.texts.iter().enumerate() {
                let Some(text) = text else { continue };
                self.responses += 1;
                self.concerns += u64::from(text.scores.concern_set != 0);
                for r in text.text.redactions() {
                    *self.redactions.entry((questions[i], r.kind)).or_default() += 1;
                }
            }
        }
    }

    /// Tells the observer how far the stream is.
    pub fn announce(&self, observer: &dyn Observer) {
        observer.event(Event::Progress {
            rows: self.respondents,
            rejected: self.rejected,
            bytes: self.bytes,
        });
    }
}

/// What a run did, for the terminal.
pub struct Summary {
    /// Row counts.
    pub rows: Rows,
    /// Texts that say nothing.
    pub no_content: u64,
    /// Texts that repeat an earlier one.
    pub duplicates: u64,
    /// Texts in the safeguarding queue.
    pub concerns: u64,
    /// Identifiers replaced.
    pub redacted: u64,
    /// Quotes released.
    pub quotes: usize,
    /// The tables.
    pub breakdown: Released<Breakdown>,
    /// Wall time.
    pub timings: Timings,
    /// Seconds of wall time inside the encoder.
    pub encoder_seconds: f64,
}

/// Themes named in the configuration must be in the codebook.
///
/// # Errors
/// `Config` naming every theme that is not, with the nearest.
pub fn known_themes(plan: &Plan, codebook: &Codebook) -> Result<()> {
    let themes: Vec<&str> = codebook.themes.iter().map(|t| t.id.as_str()).collect();
    let concerns: Vec<&str> = codebook.concerns.iter().map(|c| c.id.as_str()).collect();
    let sensitive =
        plan.disclosure.sensitive_themes.iter().map(|t| ("[disclosure] sensitive_themes", t, true));
    let thresholds = plan.classify.thresholds.iter().map(|(t, _)| ("[classify] thresholds", t, false));
    let problems: Vec<Problem> = sensitive
        .chain(thresholds)
        .filter(|(_, id, themes_only)| {
            !themes.contains(&id.as_str()) && (*themes_only || !concerns.contains(&id.as_str()))
        })
        .map(|(place, id, _)| {
            let remedy = nearest(id, themes.iter().copied()).map(|n| format!("Did you mean \"{n}\"?"));
            let remedy = remedy.unwrap_or_else(|| "The codebook lists the themes.".to_string());
            Problem::new(format!("the codebook has no theme \"{id}\""), place, remedy)
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Config(problems)) }
}

/// Metadata of the restricted files.
pub fn restricted_meta(plan: &Plan, codebook: &Codebook) -> Vec<(String, String)> {
    let mut meta = vec![
        ("bigask.survey".to_string(), plan.survey.name.clone()),
        ("bigask.period".to_string(), plan.survey.period.clone()),
        ("bigask.codebook".to_string(), codebook.version.clone()),
    ];
    meta.push(("bigask.access".to_string(), "restricted: row-level, not for publication".to_string()));
    meta
}

/// Metadata of the released files.
pub fn release_meta(plan: &Plan) -> Vec<(String, String)> {
    let d = &plan.disclosure;
    vec![
        ("bigask.survey".to_string(), plan.survey.name.clone()),
        ("bigask.period".to_string(), plan.survey.period.clone()),
        (
            "bigask.disclosure".to_string(),
            format!("counts under {} suppressed (status c), counts rounded to {}", d.threshold, d.round_to),
        ),
        (
            "bigask.note".to_string(),
            "Respondents chose to answer; figures describe them and not all children.".to_string(),
        ),
    ]
}

/// The summary of a finished stream.
pub fn summary(
    reader: &Reader,
    classifier: &Classifier,
    tally: &Tally,
    release: &Release,
    clock: &StageClock,
) -> Summary {
    let counts = classifier.counts();
    Summary {
        rows: Rows {
            rows_in: reader.facts().iter().map(|f| f.rows).sum(),
            respondents: tally.respondents,
            rejected: tally.rejected,
            responses: tally.responses,
        },
        no_content: counts.no_content,
        duplicates: counts.duplicates,
        concerns: tally.concerns,
        redacted: tally.redactions.values().sum(),
        quotes: release.quotes.as_ref().map_or(0, |q| q.len()),
        breakdown: release.breakdown.clone(),
        timings: clock.timings(),
        encoder_seconds: classifier.encoder_time().as_secs_f64(),
    }
}

/// The manifest of a finished stream.
///
/// # Errors
/// `Internal` if rows were lost: every row read is a respondent or rejected.
pub fn manifest(
    job: &Job<'_>,
    codebook: &Codebook,
    reader: &Reader,
    classifier: &Classifier,
    tally: &Tally,
    summary: &Summary,
) -> Result<Manifest> {
    let rows = summary.rows;
    if rows.rows_in != rows.respondents + rows.rejected {
        return Err(Error::Internal(format!(
            "{} rows were read, but {} taken and {} rejected",
            rows.rows_in, rows.respondents, rows.rejected
        )));
    }
    let counts = classifier.counts();
    let value = |v: serde_json::Result<Value>| v.map_err(|e| Error::Internal(e.to_string()));
    let inputs = reader.facts().iter().map(serde_json::to_value).collect::<serde_json::Result<_>>();
    Ok(Manifest {
        program: concat!("bigask ", env!("CARGO_PKG_VERSION")).to_string(),
        inputs: inputs.map_err(|e| Error::Internal(e.to_string()))?,
        rows,
        texts: json!({
            "answered": tally.responses,
            "no_content": counts.no_content,
            "duplicates": counts.duplicates,
            "with_concern": tally.concerns,
        }),
        redactions: redactions(job.plan, tally),
        model: match job.plan.text_questions().next() {
            Some(_) => value(serde_json::to_value(classifier.describe()))?,
            None => Value::Null,
        },
        thresholds: classifier.thresholds(),
        codebook: codebook.clone(),
        configuration: job.configuration.to_string(),
        resolved: value(serde_json::to_value(job.plan))?,
        timings: json!({
            "threads": summary.timings.threads,
            "seconds": summary.timings.total,
            "stages": summary.timings.stages.iter().map(|(s, t)| (s.to_string(), json!(t))).collect::<serde_json::Map<_, _>>(),
            "respondents_per_second": rows.respondents as f64 / summary.timings.total.max(1e-9),
        }),
    })
}

fn redactions(plan: &Plan, tally: &Tally) -> Value {
    let mut out = serde_json::Map::new();
    for q in plan.text_questions() {
        let of_question: serde_json::Map<String, Value> = tally
            .redactions
            .iter()
            .filter(|((question, _), _)| *question == q)
            .map(|((_, kind), n)| (kind.id().to_string(), json!(n)))
            .collect();
        out.insert(plan.questions[q].id.clone(), Value::Object(of_question));
    }
    Value::Object(out)
}
