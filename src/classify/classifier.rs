//! Blocks of respondents to coded records. Owns the order of the steps and what is counted; the
//! numbers come from `encoder`, the decisions from `decide`.

use rayon::prelude::*;
use serde::Serialize;

use super::content::has_content;
use super::decide::{decide, nothing};
use super::duplicates::{Distinct, Firsts, Known};
use super::encoder::Encoder;
use super::heads::Heads;
use super::language::language;
use super::normalise::{key, normalise};
use super::{Codebook, CodedText, Record, Scores};
use crate::config::Plan;
use crate::error::{Error, Result};
use crate::ingest::Shown;
use crate::model::{Bundle, ModelOptions, Runtime, Surroundings, locate_model};
use crate::redact::{Redacted, RedactedText};

/// Texts that one thread looks at in one go.
const CHUNK: usize = 64;

/// Codes answers with one model and one codebook, and remembers what it has seen in this run.
pub struct Classifier {
    encoder: Option<Encoder>,
    heads: Heads,
    facts: ModelFacts,
    firsts: Firsts,
    known: Known,
    counts: Coded,
}

/// Which model was used, for the manifest. All empty where none was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ModelFacts {
    /// The model's folder, without the folders above it.
    pub folder: String,
    /// Its version, from labels.json.
    pub version: String,
    /// The SHA-256 of model.onnx, in hexadecimal.
    pub sha256: String,
    /// The version of ONNX Runtime.
    pub runtime: String,
}

/// What was coded so far. `texts` is the sum of `no_content`, `scored` and `cached`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Coded {
    /// Answers to text questions.
    pub texts: u64,
    /// Those that say nothing.
    pub no_content: u64,
    /// Those that went through the model.
    pub scored: u64,
    /// Those that took the scores of one that is the same.
    pub cached: u64,
    /// Those with an earlier respondent's same answer to the same question.
    pub duplicates: u64,
}

/// What the words alone say about a text.
struct Reading {
    content: bool,
    language: Option<&'static str>,
    key: u64,
}

/// Where a text's scores come from.
enum Source {
    /// It says nothing.
    Nothing,
    /// An earlier block.
    Known(Scores),
    /// This block's distinct texts, by number.
    Block(usize),
}

impl Classifier {
    /// Finds, checks and loads the runtime and the model.
    ///
    /// # Errors
    /// `Environment` if one of them is missing, damaged or does not work; `Config` if the model's
    /// labels are not the codebook's or a threshold is set for no label.
    pub fn load(plan: &Plan, codebook: &Codebook, options: &ModelOptions) -> Result<Self> {
        let around = Surroundings::of_process();
        let folder = locate_model(options.model.as_deref(), plan.classify.model.as_deref(), &around)?;
        let bundle = Bundle::open(&folder)?;
        let heads = Heads::resolve(plan, codebook, &bundle.labels)?;
        let runtime = Runtime::load(options.onnxruntime.as_deref())?;
        let encoder = Encoder::load(&bundle, &runtime, options.threads)?;
        let facts = ModelFacts {
            folder: bundle.name(),
            version: bundle.labels.version.clone(),
            sha256: bundle.sha256.clone(),
            runtime: runtime.version().to_string(),
        };
        Ok(Self::with(Some(encoder), heads, facts))
    }

    /// For a survey without text questions: loads nothing and codes records without texts.
    pub fn none() -> Self {
        Self::with(None, Heads::default(), ModelFacts::default())
    }

    fn with(encoder: Option<Encoder>, heads: Heads, facts: ModelFacts) -> Self {
        let (firsts, known, counts) = Default::default();
        Classifier { encoder, heads, facts, firsts, known, counts }
    }

    /// Which model this is.
    pub fn describe(&self) -> ModelFacts {
        self.facts.clone()
    }

    /// What was coded so far.
    pub fn counts(&self) -> Coded {
        self.counts
    }

    /// The sentence vectors of texts, each of length 1.
    ///
    /// # Errors
    /// `Environment` if the model fails, `Interrupted`; `Internal` without a model.
    pub fn embed(&mut self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let rows = self.encoder.as_mut().ok_or_else(no_model)?.embeddings(texts)?;
        Ok((0..texts.len()).map(|i| rows.row(i).to_vec()).collect())
    }

    /// Codes a block. The records are in the order of the respondents; they depend on the blocks so
    /// far and not on the number of threads.
    ///
    /// # Errors
    /// `Environment` if the model fails, `Interrupted`; `Internal` if there is a text but no model.
    pub fn code(&mut self, respondents: Vec<Redacted>) -> Result<Vec<Record>> {
        let texts = answers(&respondents);
        let readings: Vec<Reading> = texts.par_chunks(CHUNK).flat_map_iter(read).collect();
        let mut distinct = Distinct::default();
        let mut fresh: Vec<(u64, &str)> = Vec::new();
        let mut sources = Vec::with_capacity(texts.len());
        for (text, reading) in texts.iter().zip(&readings) {
            sources.push(self.source(text, reading, &mut distinct, &mut fresh));
        }
        let scores = self.score(&fresh)?;
        let mut links = Vec::with_capacity(texts.len());
        for (answer, reading) in answers_with_ids(&respondents).zip(&readings) {
            links.push(self.link(answer, reading));
        }
        let mut parts = readings.into_iter().zip(sources).zip(links);
        let none = nothing(&self.heads);
        let mut coded = |text: RedactedText| -> Option<CodedText> {
            let ((reading, source), duplicate_of) = parts.next()?;
            let scores = match source {
                Source::Nothing => none.clone(),
                Source::Known(scores) => scores,
                Source::Block(number) => scores.get(number)?.clone(),
            };
            Some(CodedText {
                text,
                content: reading.content,
                language: reading.language,
                duplicate_of,
                scores,
            })
        };
        Ok(respondents.into_iter().map(|r| record(r, &mut coded)).collect())
    }

    /// Where the scores come from; new texts join `fresh`.
    fn source<'t>(
        &mut self,
        text: &'t str,
        reading: &Reading,
        distinct: &mut Distinct,
        fresh: &mut Vec<(u64, &'t str)>,
    ) -> Source {
        self.counts.texts += 1;
        if !reading.content {
            self.counts.no_content += 1;
            return Source::Nothing;
        }
        if let Some(scores) = self.known.get(reading.key) {
            self.counts.cached += 1;
            return Source::Known(scores.clone());
        }
        let (number, new) = distinct.number(reading.key);
        if new {
            self.counts.scored += 1;
            fresh.push((reading.key, text));
        } else {
            self.counts.cached += 1;
        }
        Source::Block(number)
    }

    /// Scores distinct texts and remembers them.
    fn score(&mut self, fresh: &[(u64, &str)]) -> Result<Vec<Scores>> {
        if fresh.is_empty() {
            return Ok(Vec::new());
        }
        let texts: Vec<&str> = fresh.iter().map(|(_, text)| *text).collect();
        let logits = self.encoder.as_mut().ok_or_else(no_model)?.logits(&texts)?;
        let scores: Vec<Scores> = (0..texts.len()).map(|i| decide(&self.heads, logits.row(i))).collect();
        for ((key, _), scores) in fresh.iter().zip(&scores) {
            self.known.insert(*key, scores);
        }
        Ok(scores)
    }

    /// The first respondent with this answer, if there was one before.
    fn link(&mut self, (question, id): (usize, &str), reading: &Reading) -> Option<String> {
        if !reading.content {
            return None;
        }
        let first = self.firsts.first(question, reading.key, id).map(str::to_string);
        self.counts.duplicates += u64::from(first.is_some());
        first
    }
}

fn no_model() -> Error {
    Error::Internal("there is a text to score, but no model was loaded".to_string())
}

/// The answered texts of a block, in order.
fn answers(respondents: &[Redacted]) -> Vec<&str> {
    let shown = respondents.iter().flat_map(|r| &r.texts);
    shown.filter_map(|t| if let Shown::Answered(text) = t { Some(text.as_str()) } else { None }).collect()
}

/// Question and respondent of each of them.
fn answers_with_ids(respondents: &[Redacted]) -> impl Iterator<Item = (usize, &str)> {
    respondents.iter().flat_map(|r| {
        let answered = r.texts.iter().enumerate().filter(|(_, t)| matches!(t, Shown::Answered(_)));
        answered.map(|(question, _)| (question, r.id.as_str()))
    })
}

fn read(texts: &[&str]) -> Vec<Reading> {
    let mut normal = String::new();
    let mut read = |text: &&str| {
        normalise(text, &mut normal);
        let content = has_content(&normal);
        let language = if content { language(&normal) } else { None };
        Reading { content, language, key: key(&normal) }
    };
    texts.iter().map(&mut read).collect()
}

fn record(respondent: Redacted, coded: &mut impl FnMut(RedactedText) -> Option<CodedText>) -> Record {
    let asked = respondent.texts.iter().map(|t| !matches!(t, Shown::NotShown)).collect();
    let answer = |t| if let Shown::Answered(text) = t { coded(text) } else { None };
    Record {
        row: respondent.row,
        id: respondent.id,
        texts: respondent.texts.into_iter().map(answer).collect(),
        asked,
        closed: respondent.closed,
    }
}

#[cfg(test)]
mod tests;
