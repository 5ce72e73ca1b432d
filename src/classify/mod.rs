//! Redacted text to theme and concern scores, decided by per-theme thresholds.
//!
//! `normalise`, `content` and `language` look at the words; `encoder` runs the model on distinct
//! texts; `heads` and `decide` turn its logits into decisions; `classifier` puts them together.

mod classifier;
mod codebook;
mod content;
mod decide;
mod duplicates;
mod encoder;
mod heads;
mod language;
mod normalise;
mod record;
mod words;

pub use classifier::{Classifier, Coded, ModelFacts};
pub use codebook::{Codebook, Concern, Theme};
pub use record::{CodedText, Record, Scores};
