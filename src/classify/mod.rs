//! Redacted text to theme and concern scores, decided by per-theme thresholds.

mod codebook;
mod content;
mod language;
mod normalise;
mod record;
mod words;

pub use codebook::{Codebook, Concern, Theme};
pub use record::{CodedText, Record, Scores};
