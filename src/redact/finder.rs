//! What a finder is, and the one place where finds become spans. Owns the decision where finds
//! overlap; it finds nothing itself.

use super::text::{IdentifierKind, Span};
use super::tokens::{Doc, Shape};
use super::view::View;

/// A stretch of a view that one finder takes for an identifier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Find {
    /// The type.
    pub kind: IdentifierKind,
    /// First byte in the view.
    pub start: usize,
    /// One past the last byte in the view.
    pub end: usize,
    /// The rule that found it, for people who ask why.
    pub rule: &'static str,
}

/// Looks for identifiers in a text. A finder sees the view alone, so that it says the same of a text
/// and of its redacted form; it never looks inside a `[type]`.
pub trait Finder: Send + Sync {
    /// Appends what it finds.
    fn find(&self, doc: &Doc, out: &mut Vec<Find>);
}

/// Merges new finds into `spans` (bytes of the source, in order, apart). Returns whether anything
/// was found that was not a span already.
pub fn merge(doc: &Doc, mut finds: Vec<Find>, spans: &mut Vec<Span>) -> bool {
    finds.retain(|f| says_something(doc, f));
    if finds.is_empty() {
        return false;
    }
    let known = spans.iter().copied();
    let mut all: Vec<Span> = finds.iter().filter_map(|f| to_source(&doc.view, f)).chain(known).collect();
    all.sort_by_key(|s| (s.start, s.end));
    let mut merged: Vec<Span> = Vec::with_capacity(all.len());
    for span in all {
        match merged.last_mut().filter(|last| span.start < last.end) {
            Some(last) => {
                last.end = last.end.max(span.end);
                last.kind = last.kind.more_specific(span.kind);
            }
            None => merged.push(span),
        }
    }
    let grown = merged != *spans;
    *spans = merged;
    grown
}

/// Whether a find holds a letter or digit that is not in a `[type]` already.
fn says_something(doc: &Doc, find: &Find) -> bool {
    let tokens = doc.tokens.get(doc.tokens_in(find.start..find.end)).unwrap_or_default();
    tokens.iter().any(|t| t.shape != Shape::Mask && t.start < find.end && t.tail > find.start)
}

fn to_source(view: &View, find: &Find) -> Option<Span> {
    let source = view.source(find.start..find.end);
    (!source.is_empty()).then_some(Span { kind: find.kind, start: source.start, end: source.end })
}
