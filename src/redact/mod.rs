//! Raw text to redacted text and what was found.

mod text;

pub use text::{IdentifierKind, Key, RedactedText, Redaction, Span};

use crate::ingest::{Closed, Shown};

/// A respondent whose texts are redacted.
#[derive(Debug, Clone)]
pub struct Redacted {
    /// 1-based number over the whole run.
    pub row: u64,
    /// The respondent's id.
    pub id: String,
    /// The instrument: an index into the plan's sources.
    pub source: u16,
    /// One per text question, in the plan's order.
    pub texts: Vec<Shown<RedactedText>>,
    /// Closed answers, groups, weight.
    pub closed: Closed,
}
