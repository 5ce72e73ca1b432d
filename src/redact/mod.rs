//! Raw text to redacted text and what was found. Owns the promise that nothing goes on to later stages
//! but what went through here; it never prints, logs or keeps what it found.
//!
//! A text is folded ([`view`](self)), cut into words, and shown to a list of finders. What they find is
//! merged in one place, where each span gets one label. That is repeated on the text with the spans
//! replaced until nothing more is found, so that redacting a redacted text changes nothing.

mod checks;
mod filter;
mod finder;
mod lexicon;
mod lists;
mod names;
mod patterns;
mod phrases;
mod repeats;
mod text;
mod tokens;
mod view;

use rayon::prelude::*;

pub use filter::{filter_jsonl, filter_lines};
pub use text::{IdentifierKind, Key, RedactedText, Redaction, Span};

use crate::error::Result;
use crate::ingest::{Closed, RawText, Respondent, Shown};
use finder::Finder;
use tokens::Doc;
use view::View;

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

/// Most times a text is looked at again. Each time only what the last one brought to light is new, so
/// that two or three do; the bound keeps hostile input linear.
const MOST_PASSES: usize = 12;

/// Finds and replaces identifiers. Built once, shared by all threads.
pub struct Redactor {
    finders: Vec<Box<dyn Finder>>,
    keep: lists::Keep,
}

impl Redactor {
    /// A redactor that never touches `keep` and always takes `always` for names: words or phrases,
    /// whatever the case, with possessives.
    ///
    /// # Errors
    /// None at present; finders that load files will have some.
    pub fn new(keep: &[String], always: &[String]) -> Result<Self> {
        let mut finders = patterns::finders();
        finders.extend(names::finders());
        finders.push(Box::new(lists::Always::new(always)));
        Ok(Redactor { finders, keep: lists::Keep::new(keep) })
    }

    /// Identifiers in a text: in order, apart, in bytes of the text that came in.
    pub fn find(&self, text: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        for _ in 0..MOST_PASSES {
            if !self.pass(text, &mut spans) {
                break;
            }
        }
        spans
    }

    /// Looks at the text once more, with what is known replaced. Returns whether anything is new.
    fn pass(&self, text: &str, spans: &mut Vec<Span>) -> bool {
        let doc = Doc::new(View::new(text, spans));
        let mut finds = Vec::new();
        self.finders.iter().for_each(|f| f.find(&doc, &mut finds));
        self.keep.release(&doc, &mut finds);
        repeats::everywhere(&doc, &mut finds);
        self.keep.release(&doc, &mut finds);
        finder::merge(&doc, finds, spans)
    }

    /// The text with every identifier replaced by its type in brackets.
    pub fn redact(&self, text: &str) -> RedactedText {
        RedactedText::replace(text, &self.find(text))
    }

    /// The same of a respondent's own words.
    pub fn raw(&self, text: &RawText) -> RedactedText {
        self.redact(text.expose(&Key(())))
    }

    /// A respondent with every answered text redacted.
    pub fn respondent(&self, respondent: Respondent) -> Redacted {
        let texts = respondent.texts.iter().map(|text| match text {
            Shown::NotShown => Shown::NotShown,
            Shown::Skipped => Shown::Skipped,
            Shown::Answered(raw) => Shown::Answered(self.raw(raw)),
        });
        Redacted {
            row: respondent.row,
            texts: texts.collect(),
            id: respondent.id,
            source: respondent.source,
            closed: respondent.closed,
        }
    }
}

/// Redacts a block of respondents on all threads, in their order.
pub fn block(redactor: &Redactor, respondents: Vec<Respondent>) -> Vec<Redacted> {
    respondents.into_par_iter().map(|r| redactor.respondent(r)).collect()
}
