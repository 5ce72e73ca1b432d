//! Fixed words and phrases, matched over tokens whatever the case, with possessives. Owns how an
//! entry of a list is cut into words; it does not know what the phrases mean.

use std::collections::HashMap;

use super::tokens::{Doc, Gap};
use super::view::View;

/// Phrases and what each says.
#[derive(Debug)]
pub struct Phrases<T> {
    /// By first word; the longest first.
    by_first: HashMap<Box<str>, Vec<Phrase<T>>>,
}

#[derive(Debug)]
struct Phrase<T> {
    rest: Vec<String>,
    value: T,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Phrases { by_first: HashMap::new() }
    }
}

impl<T: Copy> Phrases<T> {
    /// Adds a phrase of at least one word.
    pub fn insert(&mut self, words: Vec<String>, value: T) {
        let mut words = words.into_iter();
        let Some(first) = words.next() else { return };
        let phrases = self.by_first.entry(first.into()).or_default();
        phrases.push(Phrase { rest: words.collect(), value });
        phrases.sort_by_key(|p| std::cmp::Reverse(p.rest.len()));
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }

    /// Whether any phrase's value is like that.
    #[cfg(test)]
    pub fn any(&self, is: impl Fn(&T) -> bool) -> bool {
        self.by_first.values().flatten().any(|p| is(&p.value))
    }

    /// The longest phrase that starts at token `i`: how many tokens, and its value.
    pub fn longest(&self, doc: &Doc, i: usize) -> Option<(usize, T)> {
        let first = doc.key(i)?;
        let begins = |first: &str| {
            let phrases = self.by_first.get(first)?;
            phrases.iter().find(|p| follows(doc, i + 1, &p.rest)).map(|p| (p.rest.len() + 1, p.value))
        };
        let plural = || if doc.is_possessive(i) { begins(&format!("{first}s")) } else { None };
        begins(&first).or_else(plural)
    }
}

/// Whether the words of `rest` are the tokens from `i` on, with nothing but blanks, hyphens, a
/// stop or an ampersand between.
fn follows(doc: &Doc, i: usize, rest: &[String]) -> bool {
    rest.iter().enumerate().all(|(k, word)| {
        let gap = doc.gap(i + k);
        matches!(gap, Gap::Joined | Gap::Space | Gap::Hyphen | Gap::Dot | Gap::And)
            && doc.key(i + k).is_some_and(|key| {
                let owner = || doc.is_possessive(i + k) && word.strip_suffix('s') == Some(key.as_ref());
                key == word.as_str() || owner()
            })
    })
}

/// The words of a list's entry: as a text's tokens are compared.
pub fn words(entry: &str) -> Vec<String> {
    let doc = Doc::bare(View::new(entry, &[]));
    (0..doc.tokens.len()).filter_map(|i| doc.key(i).map(|k| k.into_owned())).collect()
}
