//! Places below region: towns, villages, boroughs, counties, estates, named parks. Owns when a word is
//! a place; countries, regions, nations and London stay.

use super::{find, is_misspelt, is_public, stands_as_name};
use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap, Shape};

/// Places.
pub struct Places;

impl Finder for Places {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        let mut next = 0;
        for i in 0..doc.tokens.len() {
            if i < next {
                continue;
            }
            let found = phrase(doc, i)
                .or_else(|| listed(doc, i))
                .or_else(|| lived_in(doc, i))
                .or_else(|| capital(doc, i))
                .or_else(|| landmark(doc, i));
            if let Some((from, last, rule)) = found {
                out.extend(find(doc, Kind::Place, from, last, rule));
                next = last + 1;
            }
        }
    }
}

type Found = Option<(usize, usize, &'static str)>;

/// A place of several words.
fn phrase(doc: &Doc, i: usize) -> Found {
    if !doc.is(i, Class::IN_PLACE) {
        return None;
    }
    let mut last = i;
    while doc.is(last + 1, Class::IN_PLACE) && doc.gap(last + 1) < Gap::Comma {
        last += 1;
    }
    Some((i, last, "place"))
}

/// A town by its name. One that is also a person's name, or a word, needs a preposition.
fn listed(doc: &Doc, i: usize) -> Found {
    let class = doc.class(i);
    if !class.is(Class::PLACE | Class::PLACE_WORD)
        || class.is(Class::MONTH) && !doc.within_before(i, 3, Class::HOME)
        || class.is(Class::IN_KEEP)
        || class.is(Class::KEEP) && !is_lived_in(doc, i)
    {
        return None;
    }
    let also_name = class.is(Class::ANY_GIVEN | Class::SURNAME | Class::PLACE_WORD | Class::COMMON);
    let compass = i.checked_sub(1).is_some_and(|p| {
        doc.is(p, Class::COMPASS)
            && doc.gap(i) == Gap::Space
            && doc.is_capital(p) == doc.is_capital(i)
            && !doc.is(p, Class::SAINT)
    });
    let from = if compass { i - 1 } else { i };
    let prep = doc.before(from, Class::PLACE_PREP)
        || matches!(
            from.checked_sub(1).map(|p| doc.lower(p)),
            Some("of" | "called" | "leave" | "left" | "visit")
        );
    let sure = match () {
        () if !also_name => !is_public(doc, i) || prep,
        () if class.is(Class::PLACE_WORD) => {
            is_lived_in(doc, from) && (doc.is_capital(i) || stands_as_name(doc, i))
                || prep && doc.telling_capital(i)
        }
        () => prep,
    };
    let last = extend(doc, i);
    let landmark =
        doc.is(last + 1, Class::LANDMARK) && doc.gap(last + 1) == Gap::Space && !doc.is_possessive(last);
    sure.then_some((from, last + usize::from(landmark), "town"))
}

/// "in X", "near X" with a word of living not far before.
fn is_lived_in(doc: &Doc, i: usize) -> bool {
    let Some(p) = i.checked_sub(1) else { return false };
    let from = doc.lower(p) == "from"
        && p > 0
        && (matches!(
            doc.lower(p - 1),
            "im" | "am" | "are" | "is" | "were" | "hes" | "shes" | "originally" | "i'm" | "was"
        ) || doc.is(p - 1, Class::PERSON | Class::ANY_GIVEN));
    doc.is(p, Class::PLACE_PREP) && (doc.within_before(p, 3, Class::LIVE) || from)
}

/// "i live in X": whatever no list knows, or a capital.
fn lived_in(doc: &Doc, i: usize) -> Found {
    if !is_lived_in(doc, i) || !doc.is_word(i) || doc.gap(i) > Gap::Space {
        return None;
    }
    let class = doc.class(i);
    let at = matches!(i.checked_sub(1).map(|p| doc.lower(p)), Some("at" | "outside"));
    let unknown = class.is_unknown()
        && (doc.is_capital(i) || tail(doc, i + 1) || joins_place(doc, i + 1) || !is_misspelt(doc, i));
    let compass = doc.is(i, Class::COMPASS)
        && doc.gap(i + 1) == Gap::Space
        && doc.is_word(i + 1)
        && (doc.class(i + 1).is_unknown() || tail(doc, i + 1) && !at);
    let capital = doc.telling_capital(i)
        && !class.is(Class::FUNCTION
            | Class::DET
            | Class::KEEP
            | Class::RELATION
            | Class::KIN
            | Class::MONTH);
    let two = !at
        && class.is(Class::COMMON)
        && !class.is(Class::FUNCTION
            | Class::DET
            | Class::LANDMARK_GENERIC
            | Class::SETTING_GENERIC
            | Class::ROAD_GENERIC)
        && tail(doc, i + 1)
        && doc.ends_clause(i + 1)
        && !doc.is(i + 1, Class::SETTING);
    let named = class.is(Class::SURNAME) && !class.is(Class::COMMON) && !doc.is_possessive(i);
    if class.is(Class::IN_KEEP)
        || doc.is_possessive(i)
        || !(unknown || capital || two || named || compass)
        || at && !doc.is_capital(i) && !unknown
    {
        return None;
    }
    Some((i, extend(doc, i), "lives in"))
}

/// "in Sylhet": an unknown capital after a preposition of place.
fn capital(doc: &Doc, i: usize) -> Found {
    let prep = matches!(i.checked_sub(1).map(|p| doc.lower(p)), Some("in" | "near" | "around"));
    let small = i > 0 && doc.lower(i - 1) == "in" && stands_as_name(doc, i) && doc.shape(i) == Shape::Lower;
    let unknown = doc.class(i).is_unknown() && (doc.telling_capital(i) || small) && !doc.is_possessive(i);
    (prep && unknown && !doc.is(i, Class::IN_KEEP) && !is_misspelt(doc, i) && !is_public(doc, i))
        .then(|| (i, extend(doc, i), "capital after in"))
}

/// "Roundhay Park", "aylesbury estate"; not "skate park".
fn landmark(doc: &Doc, i: usize) -> Found {
    let mut k = i;
    while k < i + 3 && is_landmark_name(doc, k) && doc.gap(k + 1) <= Gap::Space {
        k += 1;
        if doc.is(k, Class::LANDMARK) && !doc.is(k, Class::IN_KEEP) {
            let capitals = (i..k).all(|c| doc.is_capital(c) == doc.is_capital(i));
            let told = (i..k).any(|c| tells_landmark(doc, c, doc.is_capital(k)));
            return (capitals && told).then_some((i, k, "park or estate"));
        }
    }
    None
}

fn is_landmark_name(doc: &Doc, k: usize) -> bool {
    let everyday =
        Class::FUNCTION | Class::DET | Class::LANDMARK_GENERIC | Class::VERB | Class::TITLE | Class::RELATION;
    doc.is_word(k)
        && !doc.is(k, everyday | Class::IN_KEEP)
        && (!doc.is(k, Class::COMMON) || doc.is_capital(k) || doc.is(k, Class::ANY_GIVEN))
}

fn tells_landmark(doc: &Doc, k: usize, head_capital: bool) -> bool {
    let class = doc.class(k);
    let unknown = class.is_unknown() && !is_misspelt(doc, k) && !doc.is_possessive(k);
    let named = class.is(Class::GIVEN | Class::PLACE | Class::SURNAME)
        && !class.is(Class::COMMON | Class::KEEP)
        && !doc.is_possessive(k);
    unknown
        || named
        || doc.shape(k) == Shape::Title && head_capital && doc.capitals_tell && !class.is(Class::KEEP)
}

/// A word that ends the name of a place.
fn tail(doc: &Doc, k: usize) -> bool {
    doc.gap(k) <= Gap::Hyphen
        && (doc.is(k, Class::LANDMARK | Class::ROAD_WEAK | Class::ROAD)
            || matches!(
                doc.lower(k),
                "bridge"
                    | "cross"
                    | "ford"
                    | "moor"
                    | "bay"
                    | "side"
                    | "hall"
                    | "gate"
                    | "wells"
                    | "spa"
                    | "port"
                    | "wood"
                    | "island"
                    | "abbey"
                    | "castle"
                    | "north"
                    | "south"
                    | "east"
                    | "west"
                    | "shore"
                    | "tree"
            ))
}

/// "upon Tyne", "-on-sea", "on the Hill": what goes on the name of a place.
fn joins_place(doc: &Doc, k: usize) -> bool {
    let word = doc.lower(k);
    if doc.gap(k) == Gap::Hyphen {
        return matches!(word, "on" | "upon" | "under" | "le" | "by" | "in" | "next" | "cum");
    }
    let the = usize::from(doc.lower(k + 1) == "the");
    let next = k + 1 + the;
    let water = matches!(
        doc.lower(next),
        "sea"
            | "thames"
            | "trent"
            | "tees"
            | "tyne"
            | "avon"
            | "wye"
            | "humber"
            | "severn"
            | "solent"
            | "dearne"
            | "crouch"
    );
    doc.gap(k) == Gap::Space
        && doc.is_word(next)
        && (word == "upon" || matches!(word, "on" | "under" | "by") && (water || doc.telling_capital(next)))
}

/// The last word of a place that starts at `i`.
fn extend(doc: &Doc, i: usize) -> usize {
    let mut last = i;
    while last < i + 4 && !doc.is_possessive(last) {
        let k = last + 1;
        let on_the = joins_place(doc, k);
        let capital = doc.shape(k) == Shape::Title
            && doc.is_capital(last)
            && doc.capitals_tell
            && doc.gap(k) == Gap::Space
            && !doc.is(k, Class::FUNCTION | Class::KEEP | Class::MONTH);
        let unknown = doc.class(k).is_unknown()
            && doc.is_word(k)
            && doc.gap(k) <= Gap::Hyphen
            && doc.is_capital(k) == doc.is_capital(last)
            && doc.gap(k) != Gap::Joined
            && !is_misspelt(doc, k);
        last = match () {
            () if on_the => k + 1 + usize::from(doc.lower(k + 1) == "the"),
            () if i == last
                && doc.is(i, Class::COMPASS)
                && doc.is_word(k)
                && (doc.class(k).is_unknown() || tail(doc, k)) =>
            {
                k
            }
            () if tail(doc, k) && !doc.is(k, Class::TEAM) && doc.class(last).is_unknown()
                || capital
                || unknown =>
            {
                k
            }
            () => break,
        };
    }
    last.min(doc.tokens.len().saturating_sub(1))
}
