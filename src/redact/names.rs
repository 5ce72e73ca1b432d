//! Names of people, schools and other named settings, and places, found by their cues. Owns when a
//! word is taken for a name; the lists behind it are the lexicon's.

mod continuation;
mod cues;
mod people;
mod places;
mod schools;
mod settings;

use super::finder::{Find, Finder};
use super::lexicon::{Class, LEXICON};
use super::text::IdentifierKind as Kind;
use super::tokens::{Doc, Shape};

/// The finders of this kind.
pub fn finders() -> Vec<Box<dyn Finder>> {
    vec![
        Box::new(people::People),
        Box::new(schools::Schools),
        Box::new(settings::Settings),
        Box::new(places::Places),
    ]
}

/// How much what stands around a word says that it is a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cue {
    /// Nothing: the word must speak for itself.
    Weak,
    /// "X hits me", "and X".
    Medium,
    /// "my friend X".
    Strong,
    /// "my name is X".
    Certain,
}

/// Whether token `i` is taken for a name, or the first part of one.
fn is_name(doc: &Doc, i: usize, cue: Cue) -> bool {
    if !doc.is_word(i) || doc.token(i).is_some_and(|t| t.end - t.start < 2) {
        return false;
    }
    let class = doc.class(i);
    match () {
        () if class.is(Class::TITLE | Class::MISS | Class::KIN | Class::RELATION | Class::DAY)
            && !class.is(Class::ANY_GIVEN) =>
        {
            false
        }
        () if class.is(Class::GIVEN) => {
            !(class.is(Class::IN_KEEP) && cue < Cue::Strong) && !(cue == Cue::Weak && is_public(doc, i))
        }
        () if class.is(Class::IN_KEEP) && cue < Cue::Strong => false,
        () if class.is(Class::GIVEN_RARE) => is_rare_word(doc, i, cue),
        () if class.is(Class::GIVEN_WORD) => is_word_name(doc, i, cue),
        () if class.is(Class::FUNCTION) => false,
        () if class.is(Class::SURNAME) && !class.is(Class::COMMON | Class::KEEP) => {
            cue > Cue::Weak || doc.telling_capital(i)
        }
        () if class.is_unknown() => is_unknown_name(doc, i, cue),
        () if class.is(Class::COMMON) => {
            cue >= Cue::Strong && doc.telling_capital(i) && stands_as_name(doc, i)
        }
        () => {
            !class.is(Class::COMMON)
                && (cue == Cue::Certain
                    || cue == Cue::Strong && doc.telling_capital(i) && stands_as_name(doc, i))
        }
    }
}

/// Max, Daisy, Jordan.
fn is_rare_word(doc: &Doc, i: usize, cue: Cue) -> bool {
    let class = doc.class(i);
    match cue {
        Cue::Certain | Cue::Strong => true,
        Cue::Medium => !class.is(Class::KEEP | Class::COMMON) || doc.telling_capital(i),
        Cue::Weak => {
            doc.telling_capital(i)
                && !class.is(Class::KEEP)
                && !doc.before(i, Class::DET)
                && !is_public(doc, i)
        }
    }
}

/// Grace, Mark, Hope, Will.
fn is_word_name(doc: &Doc, i: usize, cue: Cue) -> bool {
    let modal = matches!(doc.lower(i), "will" | "may");
    let follows = is_finite(doc, i + 1) || doc.ends_clause(i) || !modal && acts_or_joins(doc, i + 1);
    let capital = doc.telling_capital(i);
    match cue {
        Cue::Certain => capital || follows,
        Cue::Strong => capital || follows && (!doc.ends_clause(i) || doc.is_capital(i) || !modal),
        Cue::Medium => capital,
        Cue::Weak => {
            capital
                && !doc.before(i, Class::DET)
                && !doc.is(i, Class::MONTH | Class::KEEP)
                && !is_public(doc, i)
        }
    }
}

/// A word that no list has.
fn is_unknown_name(doc: &Doc, i: usize, cue: Cue) -> bool {
    let shouted = doc.shape(i) == Shape::Upper && doc.capitals_tell;
    let capital = doc.telling_capital(i);
    match cue {
        Cue::Certain => true,
        Cue::Strong | Cue::Medium if capital => true,
        Cue::Strong => stands_as_name(doc, i) && (shouted || doc.lower(i).len() < 5 || !is_misspelt(doc, i)),
        Cue::Medium => {
            let first_capital = doc.shape(i) == Shape::Title && doc.capitals_tell;
            stands_as_name(doc, i) && !shouted && (first_capital || !is_misspelt(doc, i))
        }
        Cue::Weak => capital && !is_public(doc, i) && doc.lower(i).len() > 2 && !is_misspelt(doc, i),
    }
}

/// Whether the word is one slip from an everyday word.
fn is_misspelt(doc: &Doc, i: usize) -> bool {
    doc.key(i).is_some_and(|key| LEXICON.is_misspelt(&key))
}

/// Whether what follows can follow a name: the end of a clause, a verb, "and", an age, a family name.
fn stands_as_name(doc: &Doc, i: usize) -> bool {
    doc.ends_clause(i)
        || doc.is_possessive(i)
        || doc.is(i + 1, Class::FOLLOW | Class::VERB | Class::BE)
        || matches!(doc.shape(i + 1), Shape::Number | Shape::Mask)
        || matches!(doc.lower(i + 1), "age" | "aged" | "who" | "whos" | "me" | "too" | "my" | "her" | "his")
        || is_third_person(doc, i + 1)
        || doc.is_word(i + 1)
            && (doc.class(i + 1).is_unknown() || doc.is(i + 1, Class::SURNAME))
            && !doc.is(i + 1, Class::COMMON)
}

/// A verb in the third person, or a word that joins clauses.
fn acts_or_joins(doc: &Doc, i: usize) -> bool {
    doc.is(i, Class::VERB | Class::BE)
        || is_third_person(doc, i)
        || matches!(doc.lower(i), "because" | "cos" | "coz" | "but" | "age" | "aged")
}

/// "works", "cleaned": an everyday word that ends as a verb does.
fn is_third_person(doc: &Doc, i: usize) -> bool {
    let word = doc.lower(i);
    doc.is(i, Class::COMMON)
        && word.len() > 3
        && !word.ends_with("ss")
        && (word.ends_with('s') || word.ends_with("ed"))
}

/// Is, was, has, said: a verb that no modal can stand before.
fn is_finite(doc: &Doc, i: usize) -> bool {
    matches!(
        doc.lower(i),
        "is" | "was"
            | "has"
            | "said"
            | "says"
            | "hits"
            | "hit"
            | "and"
            | "who"
            | "isnt"
            | "wasnt"
            | "isn't"
            | "wasn't"
            | "told"
    )
}

/// Whether a player, singer, film or game is named just before: public, so it stays.
fn is_public(doc: &Doc, i: usize) -> bool {
    let from = i.saturating_sub(3);
    (from..i).any(|p| doc.is(p, Class::PUBLIC) && (p + 1..=i).all(|k| doc.gap(k) < Gap::Open))
        || doc.before(i, Class::WATCH)
}

use super::tokens::Gap;

/// A find over tokens `from` to `last`; "st marys" with its s.
fn find(doc: &Doc, kind: Kind, from: usize, last: usize, rule: &'static str) -> Option<Find> {
    let end = doc
        .token(last)
        .map(|t| if last > from && doc.before(last, Class::SAINT) { t.tail } else { t.end })?;
    Some(Find { kind, start: doc.token(from)?.start, end, rule })
}
