//! A respondent as the export has them, in the plan's terms. Owns the words as they came in:
//! nothing here prints, serialises or logs them.

use std::fmt;

use crate::error::Origin;
use crate::redact::Key;

/// Free text as the respondent wrote it.
///
/// It has no `Display` and no `Serialize`, and its `Debug` prints its length alone. Only `ingest`
/// makes it and only `redact` can read it.
///
/// ```compile_fail
/// fn print(t: &bigask::ingest::RawText) { println!("{t}"); }
/// ```
/// ```compile_fail
/// fn write(t: &bigask::ingest::RawText) { serde_json::to_string(t); }
/// ```
/// ```compile_fail
/// fn peek(t: &bigask::ingest::RawText) -> &str { &t.0 }
/// ```
/// ```compile_fail
/// fn peek(t: &bigask::ingest::RawText) -> &str { t.expose(&bigask::redact::Key(())) }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RawText(String);

impl RawText {
    /// Wraps a cell.
    pub(in crate::ingest) fn new(text: String) -> Self {
        RawText(text)
    }

    /// The words, for whoever holds redact's key.
    pub(crate) fn expose(&self, _: &Key) -> &str {
        &self.0
    }

    /// Bytes of text.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for RawText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawText({} bytes)", self.0.len())
    }
}

/// The three states of missing, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown<T> {
    /// The instrument did not ask this.
    NotShown,
    /// Asked, and left empty (or answered with a missing value).
    Skipped,
    /// Answered.
    Answered(T),
}

/// An answer to a closed question. Option indices are the plan's.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The instrument did not ask this.
    NotShown,
    /// Asked, and left empty, or answered with a missing value ("Don't know").
    Skipped,
    /// Likert or single.
    One(u16),
    /// Multiple; ascending option indices, at least one.
    Many(Box<[u16]>),
    /// Number.
    Number(f64),
}

/// A row of an export.
#[derive(Debug, Clone)]
pub struct Respondent {
    /// 1-based number over the whole run, counting accepted and rejected rows.
    pub row: u64,
    /// Where it stood.
    pub origin_file: u16,
    /// The id column's value, or `row` in digits.
    pub id: String,
    /// The instrument: an index into the plan's sources.
    pub source: u16,
    /// One per text question, in the order of [`Plan::text_questions`](crate::config::Plan::text_questions).
    pub texts: Vec<Shown<RawText>>,
    /// The rest, which later stages keep.
    pub closed: Closed,
}

/// What of a respondent is not free text.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// One per closed question, in the order of [`Plan::closed_questions`](crate::config::Plan::closed_questions).
    pub answers: Vec<Answer>,
    /// Level per group of the plan; `None`: missing.
    pub groups: Vec<Option<u16>>,
    /// Survey weight; 1 without a weight column. Finite and not negative.
    pub weight: f64,
}

/// A row that could not be taken, never with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The row's number over the whole run.
    pub row: u64,
    /// File and line.
    pub origin: Origin,
    /// The column's header, where one cell is at fault.
    pub column: Option<String>,
    /// Why.
    pub reason: Reason,
}

/// Why a row was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// More or fewer fields than the header.
    FieldCount,
    /// The weight is not a number, not finite or negative.
    Weight,
    /// The respondent id was seen before in this run.
    DuplicateId,
    /// The respondent id is empty.
    EmptyId,
    /// The line is not valid JSON, or not an object.
    Json,
    /// The row is longer than `max_record_mb`.
    TooLong,
}

impl Reason {
    /// The value in rejected.parquet.
    pub fn id(self) -> &'static str {
        match self {
            Reason::FieldCount => "field_count",
            Reason::Weight => "weight",
            Reason::DuplicateId => "duplicate_id",
            Reason::EmptyId => "empty_id",
            Reason::Json => "json",
            Reason::TooLong => "too_long",
        }
    }
}

/// Consecutive rows of the input, cut at a fixed number of rows whatever the number of threads.
#[derive(Debug, Default)]
pub struct Block {
    /// Accepted rows, in file order.
    pub respondents: Vec<Respondent>,
    /// Rejected rows, in file order.
    pub rejected: Vec<Rejection>,
    /// Bytes of input consumed up to the end of this block, over the whole run.
    pub bytes: u64,
}
