//! What the user knows: words that stay and words that always go. Owns how they are matched: whatever
//! the case, on whole words, with possessives.

use super::finder::{Find, Finder};
use super::phrases::{Phrases, words};
use super::text::IdentifierKind as Kind;
use super::tokens::Doc;

/// `[redact] always`: redacted as a name wherever it stands.
pub struct Always(Phrases<()>);

/// `[redact] keep`: never redacted.
pub struct Keep(Phrases<()>);

fn phrases(entries: &[String]) -> Phrases<()> {
    let mut phrases = Phrases::default();
    entries.iter().map(|e| words(e)).filter(|w| !w.is_empty()).for_each(|w| phrases.insert(w, ()));
    phrases
}

/// The byte ranges in the view of all phrases, longest first from each token.
fn matches<'a>(phrases: &'a Phrases<()>, doc: &'a Doc) -> impl Iterator<Item = (usize, usize)> + 'a {
    (0..doc.tokens.len()).filter_map(|i| {
        let (len, ()) = phrases.longest(doc, i)?;
        Some((doc.token(i)?.start, doc.token(i + len - 1)?.end))
    })
}

impl Always {
    /// The entries; empty ones say nothing.
    pub fn new(entries: &[String]) -> Self {
        Always(phrases(entries))
    }
}

impl Finder for Always {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        if !self.0.is_empty() {
            let finds = matches(&self.0, doc).map(|(start, end)| Find {
                kind: Kind::Name,
                start,
                end,
                rule: "always",
            });
            out.extend(finds);
        }
    }
}

impl Keep {
    /// The entries; empty ones say nothing.
    pub fn new(entries: &[String]) -> Self {
        Keep(phrases(entries))
    }

    /// Drops finds that are all in words that stay.
    pub fn release(&self, doc: &Doc, finds: &mut Vec<Find>) {
        if self.0.is_empty() || finds.is_empty() {
            return;
        }
        let mut furthest = 0;
        let kept: Vec<(usize, usize)> = matches(&self.0, doc)
            .map(|(start, end)| {
                furthest = furthest.max(end);
                (start, furthest)
            })
            .collect();
        finds.retain(|f| {
            let before = kept.partition_point(|(start, _)| *start <= f.start);
            before.checked_sub(1).and_then(|i| kept.get(i)).is_none_or(|(_, end)| f.end > *end)
        });
    }
}
