//! Where a name ends, and the other names of a list. Owns how given and family names, initials,
//! hyphens and particles join.

use super::{Cue, is_misspelt, is_name};
use crate::redact::lexicon::Class;
use crate::redact::tokens::{Doc, Gap, Shape};

/// Most words of one name.
const LONGEST: usize = 4;

/// The last token of the name that starts at token `i`.
pub fn end_of_name(doc: &Doc, i: usize, cue: Cue) -> usize {
    let mut last = i;
    while last + 1 < i + LONGEST && !doc.is_possessive(last) {
        let Some(next) = next_part(doc, i, last, cue) else { break };
        last = next;
    }
    last
}

/// The token that the name goes on to, if it does.
fn next_part(doc: &Doc, first: usize, last: usize, cue: Cue) -> Option<usize> {
    let k = last + 1;
    if !doc.is_word(k) || doc.is(k, Class::IN_KEEP) {
        return None;
    }
    match doc.gap(k) {
        Gap::Hyphen => is_hyphened(doc, last, k).then_some(k),
        Gap::Dot => (doc.shape(last) == Shape::Initial && is_family_name(doc, first, k, cue)).then_some(k),
        Gap::Space | Gap::Joined => {
            let particle = matches!(
                doc.lower(k),
                "al" | "el"
                    | "de"
                    | "da"
                    | "di"
                    | "del"
                    | "van"
                    | "von"
                    | "bin"
                    | "bint"
                    | "ibn"
                    | "le"
                    | "mc"
                    | "mac"
                    | "o"
                    | "ul"
                    | "ur"
            );
            let beyond = particle
                && matches!(doc.gap(k + 1), Gap::Space | Gap::Hyphen)
                && is_family_name(doc, first, k + 1, cue);
            match () {
                () if beyond => Some(k + 1),
                () if is_initial(doc, k) || is_family_name(doc, first, k, cue) => Some(k),
                () => None,
            }
        }
        _ => None,
    }
}

/// "Anne-Marie", "smith-jones".
fn is_hyphened(doc: &Doc, last: usize, k: usize) -> bool {
    let named = doc.is(k, Class::ANY_GIVEN | Class::SURNAME) || doc.class(k).is_unknown();
    named || doc.is_capital(k) && doc.is_capital(last)
}

/// "jack b", "Ella M.".
fn is_initial(doc: &Doc, k: usize) -> bool {
    let word = doc.lower(k);
    word.len() == 1 && doc.is_word(k) && !matches!(word, "a" | "i" | "u" | "r" | "n" | "x" | "o" | "c")
        || doc.shape(k) == Shape::Initial && !matches!(word, "i" | "a")
}

/// Whether token `k` is a further given name or a family name of the name that starts at `first`.
fn is_family_name(doc: &Doc, first: usize, k: usize, cue: Cue) -> bool {
    let class = doc.class(k);
    let capitals =
        doc.is_capital(first) && doc.shape(k) == Shape::Title && doc.capitals_tell && !doc.starts_sentence(k);
    let same_case = doc.is_capital(first) == doc.is_capital(k);
    let sure = cue >= Cue::Strong || doc.is(first, Class::GIVEN);
    let lower = !doc.is_capital(k) && !doc.is_capital(first) && sure;
    match () {
        () if class.is(Class::FUNCTION) && !class.is(Class::SURNAME) => false,
        () if class.is(Class::KEEP) && !class.is(Class::SURNAME) => capitals && cue == Cue::Certain,
        () if class.is(Class::GIVEN) => same_case,
        () if class.is(Class::ANY_GIVEN | Class::ANY_SURNAME) && class.is(Class::COMMON) => {
            let word = class.is(Class::ANY_SURNAME) && (cue == Cue::Certain || !is_no_surname(doc, k));
            capitals || lower && word && ends_name(doc, k) && doc.lower(k) != "love"
        }
        () if class.is(Class::SURNAME | Class::GIVEN_RARE) => true,
        () if class.is_unknown() && doc.lower(k).len() > 1 => {
            capitals || lower && (ends_name(doc, k) || !is_misspelt(doc, k))
        }
        () if class.is(Class::PLACE | Class::PLACE_WORD) => {
            capitals || cue == Cue::Certain && ends_name(doc, k)
        }
        () => {
            capitals
                && !class.is(Class::VERB
                    | Class::RELATION
                    | Class::MONTH
                    | Class::KIN
                    | Class::SCHOOL_HEAD
                    | Class::LANDMARK
                    | Class::ROAD
                    | Class::SETTING)
        }
    }
}

/// Family names that are far more often words: in lower case they stay.
fn is_no_surname(doc: &Doc, k: usize) -> bool {
    doc.is(k, Class::VERB | Class::MONTH)
        || matches!(
            doc.lower(k),
            "love"
                | "day"
                | "money"
                | "hope"
                | "joy"
                | "church"
                | "house"
                | "street"
                | "school"
                | "best"
                | "good"
                | "large"
                | "small"
                | "little"
                | "long"
                | "short"
        )
}

/// Whether what follows says that a name ends here.
pub fn ends_name(doc: &Doc, k: usize) -> bool {
    doc.ends_clause(k)
        || doc.is_possessive(k)
        || doc.is(k + 1, Class::FOLLOW | Class::VERB | Class::BE)
        || doc.shape(k + 1) == Shape::Number
        || matches!(doc.lower(k + 1), "age" | "aged")
}

/// The other names of a list after the name that ends at token `last`: first and last token of each.
pub fn others(doc: &Doc, last: usize, cue: Cue) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut last = last;
    for _ in 0..40 {
        let Some(k) = after_separator(doc, last + 1) else { break };
        if !is_name(doc, k, cue) || doc.before(k, Class::DET) {
            break;
        }
        last = end_of_name(doc, k, cue);
        found.push((k, last));
    }
    found
}

/// The token after ", ", "and", "&" or ", and", if one of them stands before token `k`.
fn after_separator(doc: &Doc, k: usize) -> Option<usize> {
    let and = matches!(doc.lower(k), "and" | "n" | "or" | "an") && doc.gap(k) <= Gap::Comma;
    let comma = matches!(doc.gap(k), Gap::Comma | Gap::And);
    let next = if and { k + 1 } else { k };
    ((and && doc.gap(next) <= Gap::Comma || comma) && doc.token(next).is_some()).then_some(next)
}
