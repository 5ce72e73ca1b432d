//! A respondent after classification: what `tabulate`, `protect` and `publish` read.

use crate::ingest::Closed;
use crate::redact::RedactedText;

/// A respondent with coded texts.
#[derive(Debug, Clone)]
pub struct Record {
    /// 1-based number over the whole run.
    pub row: u64,
    /// The respondent's id.
    pub id: String,
    /// One per text question, in the plan's order; `None`: not shown or skipped.
    pub texts: Vec<Option<CodedText>>,
    /// Whether each text question was shown.
    pub asked: Vec<bool>,
    /// Closed answers, groups, weight.
    pub closed: Closed,
}

/// A text and what was decided about it.
#[derive(Debug, Clone)]
pub struct CodedText {
    /// The text.
    pub text: RedactedText,
    /// Whether anything is said ("dont know", "n/a" and "asdf" say nothing).
    pub content: bool,
    /// ISO 639-3 code of the language; `None` where there is too little to tell.
    pub language: Option<&'static str>,
    /// Id of the first respondent whose answer to the question is the same after normalisation.
    pub duplicate_of: Option<String>,
    /// Scores and decisions; all zero without content.
    pub scores: Scores,
}

/// Scores (calibrated probabilities, 0 to 1) and decisions, in the codebook's order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scores {
    /// One per theme.
    pub themes: Box<[f32]>,
    /// One per concern.
    pub concerns: Box<[f32]>,
    /// Bit `i`: theme `i` is decided.
    pub theme_set: u64,
    /// Bit `i`: concern `i` is decided.
    pub concern_set: u64,
}
