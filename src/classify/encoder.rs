//! Texts to the numbers that a model gives: sentence vectors and the logits of themes and concerns.
//! Owns the sessions and how long texts are put together; it decides nothing.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::error::{Error, Result};
use crate::model::{Batch, Bundle, Runtime, Session, Tokeniser, Tokens, Window, batches, windows};
use crate::observe::check_interrupt;

const EMBEDDING: &str = "embedding";
const THEMES: &str = "theme_logits";
const CONCERNS: &str = "concern_logits";

/// A model that is ready to run on several threads.
pub struct Encoder {
    tokeniser: Tokeniser,
    sessions: Vec<Session>,
    widths: Widths,
}

/// Columns of each output.
#[derive(Debug, Clone, Copy)]
struct Widths {
    embedding: usize,
    themes: usize,
    concerns: usize,
}

/// One row of numbers for each text.
#[derive(Debug, Default)]
pub struct Rows {
    width: usize,
    values: Vec<f32>,
}

impl Rows {
    fn zeros(rows: usize, width: usize, value: f32) -> Self {
        Rows { width, values: vec![value; rows * width] }
    }

    /// The row of a text; empty if there is none.
    pub fn row(&self, text: usize) -> &[f32] {
        self.values.get(text * self.width..(text + 1) * self.width).unwrap_or_default()
    }

    fn row_mut(&mut self, text: usize) -> &mut [f32] {
        self.values.get_mut(text * self.width..(text + 1) * self.width).unwrap_or_default()
    }
}

impl Encoder {
    /// Makes one session for each thread and tries the first.
    ///
    /// # Errors
    /// `Environment`, with the file, if the tokenizer or the model cannot be used or the model does
    /// not have the outputs that labels.json describes.
    pub fn load(bundle: &Bundle, runtime: &Runtime, threads: usize) -> Result<Self> {
        let labels = &bundle.labels;
        let tokeniser = Tokeniser::load(&bundle.tokenizer, labels.max_tokens, labels.pad_token_id)
            .map_err(|why| bundle.refuse("tokenizer.json", why))?;
        let refuse = |why: String| bundle.refuse("model.onnx", format!("cannot be used: {why}"));
        let mut sessions = Vec::new();
        for _ in 0..threads.max(1) {
            sessions.push(runtime.session(&bundle.onnx).map_err(refuse)?);
        }
        let widths = Widths { embedding: 0, themes: labels.themes.len(), concerns: labels.concerns.len() };
        let mut encoder = Encoder { tokeniser, sessions, widths };
        encoder.widths.embedding = encoder.try_out().map_err(refuse)?;
        Ok(encoder)
    }

    /// Runs two short texts and one as long as a window; gives the width of the sentence vector.
    fn try_out(&mut self) -> std::result::Result<usize, String> {
        let long = "the ".repeat(self.tokeniser.longest());
        let tokens =
            self.tokeniser.encode(&["a", "", &long]).map_err(|_| "its tokenizer fails".to_string())?;
        let cut = windows(&self.tokeniser, &tokens);
        let (mut ids, mut mask) = (Vec::new(), Vec::new());
        let batch = self.tokeniser.fill(&tokens, &cut, &mut ids, &mut mask);
        let Some(session) = self.sessions.first_mut() else { return Err("there is no session".to_string()) };
        let outputs = session.run(&batch)?;
        for (name, labels) in [(THEMES, self.widths.themes), (CONCERNS, self.widths.concerns)] {
            let columns = if labels == 0 { 0 } else { outputs.rows(name)?.0 };
            if columns != labels {
                return Err(format!(
                    "its output {name} has {columns} columns, but labels.json has {labels} labels"
                ));
            }
        }
        Ok(outputs.rows(EMBEDDING)?.0)
    }

    /// The logits of each text, themes then concerns. Where a text is longer than the model sees,
    /// the largest of its windows counts for each label: what is said once is said.
    ///
    /// # Errors
    /// `Environment` if the model fails, `Interrupted`.
    pub fn logits(&mut self, texts: &[&str]) -> Result<Rows> {
        let Widths { themes, concerns, .. } = self.widths;
        let parts: Vec<(&'static str, usize)> =
            [(THEMES, themes), (CONCERNS, concerns)].into_iter().filter(|(_, width)| *width > 0).collect();
        let (cut, found) = self.run(texts, &parts)?;
        let mut out = Rows::zeros(texts.len(), themes + concerns, f32::NEG_INFINITY);
        for (window, values) in cut.iter().zip(found.values.chunks_exact(found.width.max(1))) {
            for (best, value) in out.row_mut(window.text).iter_mut().zip(values) {
                *best = best.max(*value);
            }
        }
        Ok(out)
    }

    /// The sentence vector of each text, of length 1: the mean over its windows, brought to length 1.
    ///
    /// # Errors
    /// `Environment` if the model fails, `Interrupted`.
    pub fn embeddings(&mut self, texts: &[&str]) -> Result<Rows> {
        let (cut, found) = self.run(texts, &[(EMBEDDING, self.widths.embedding)])?;
        let mut out = Rows::zeros(texts.len(), found.width, 0.0);
        for (i, window) in cut.iter().enumerate() {
            for (sum, value) in out.row_mut(window.text).iter_mut().zip(found.row(i)) {
                *sum += *value;
            }
        }
        for text in 0..texts.len() {
            let row = out.row_mut(text);
            let norm = row.iter().map(|v| v * v).sum::<f32>().sqrt();
            row.iter_mut().for_each(|v| *v /= norm.max(f32::MIN_POSITIVE));
        }
        Ok(out)
    }

    /// The named outputs, side by side, for each window of the texts.
    fn run(&mut self, texts: &[&str], parts: &[(&'static str, usize)]) -> Result<(Vec<Window>, Rows)> {
        let failed = |_| Error::Internal("a text could not be cut into word pieces".to_string());
        let tokens = self.tokeniser.encode(texts).map_err(failed)?;
        let mut cut = windows(&self.tokeniser, &tokens);
        let ranges = batches(&self.tokeniser, &mut cut);
        let width = parts.iter().map(|(_, w)| w).sum();
        let work = Work { tokeniser: &self.tokeniser, tokens: &tokens, cut: &cut, ranges: &ranges, parts };
        let mut out = Rows::zeros(cut.len(), width, 0.0);
        for (range, values) in ranges.iter().zip(work.all(&mut self.sessions)?) {
            let place = range.start * width..range.end * width;
            if let Some(rows) = out.values.get_mut(place).filter(|rows| rows.len() == values.len()) {
                rows.copy_from_slice(&values);
            }
        }
        Ok((cut, out))
    }
}

/// A list of batches. Threads take from it, but which batches there are does not depend on them.
struct Work<'a> {
    tokeniser: &'a Tokeniser,
    tokens: &'a Tokens,
    cut: &'a [Window],
    ranges: &'a [Range<usize>],
    parts: &'a [(&'static str, usize)],
}

impl Work<'_> {
    /// The values of every batch, in the batches' order.
    fn all(&self, sessions: &mut [Session]) -> Result<Vec<Vec<f32>>> {
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        let (first, others) = sessions.split_first_mut().ok_or_else(no_session)?;
        let helpers = others.len().min(self.ranges.len().saturating_sub(1));
        let done = std::thread::scope(|scope| {
            let (next, stop) = (&next, &stop);
            let handles: Vec<_> = others
                .iter_mut()
                .take(helpers)
                .map(|session| scope.spawn(move || self.take(session, next, stop)))
                .collect();
            let mut done = vec![self.take(first, next, stop)];
            done.extend(handles.into_iter().map(|h| h.join().unwrap_or_else(|_| Err(panicked()))));
            done.into_iter().collect::<Result<Vec<_>>>()
        })?;
        let mut done: Vec<(usize, Vec<f32>)> = done.into_iter().flatten().collect();
        done.sort_by_key(|(index, _)| *index);
        Ok(done.into_iter().map(|(_, values)| values).collect())
    }

    /// Runs batches until there are none left, or another thread failed.
    fn take(
        &self,
        session: &mut Session,
        next: &AtomicUsize,
        stop: &AtomicBool,
    ) -> Result<Vec<(usize, Vec<f32>)>> {
        let mut out = Vec::new();
        let (mut ids, mut mask) = (Vec::new(), Vec::new());
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(windows) = self.ranges.get(index).and_then(|r| self.cut.get(r.clone())) else { break };
            let batch = self.tokeniser.fill(self.tokens, windows, &mut ids, &mut mask);
            match check_interrupt().and_then(|()| self.one(session, &batch)) {
                Ok(values) => out.push((index, values)),
                Err(e) => {
                    stop.store(true, Ordering::Relaxed);
                    return Err(e);
                }
            }
        }
        Ok(out)
    }

    /// Runs one batch; the outputs side by side for each row.
    fn one(&self, session: &mut Session, batch: &Batch<'_>) -> Result<Vec<f32>> {
        // The runtime's words on a failed batch may hold token ids, so they are not passed on.
        let outputs = session.run(batch).map_err(|_| broken("the model failed on a batch"))?;
        let width: usize = self.parts.iter().map(|(_, w)| w).sum();
        let mut out = vec![0.0; batch.rows * width];
        let mut at = 0;
        for (name, expected) in self.parts {
            let (found, values) =
                outputs.rows(name).map_err(|why| broken(&format!("the model failed: {why}")))?;
            if found != *expected {
                return Err(broken(&format!("the model's output {name} changed its width")));
            }
            for (to, from) in out.chunks_exact_mut(width).zip(values.chunks_exact(found)) {
                to.iter_mut().skip(at).zip(from).for_each(|(to, from)| *to = *from);
            }
            at += found;
        }
        Ok(out)
    }
}

fn broken(what: &str) -> Error {
    Error::environment(what, "", "The model's folder may be damaged, or the memory full; try another model.")
}

fn no_session() -> Error {
    Error::Internal("the model has no session".to_string())
}

fn panicked() -> Error {
    Error::Internal("a thread that ran the model stopped".to_string())
}
