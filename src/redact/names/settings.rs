//! Named settings: children's homes, wards, hospitals, custody, clubs, teams, places of worship. Owns
//! what can name one; "the youth club", "my ward" and national clubs stay.

use super::{find, is_misspelt};
use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap};

/// Named settings; reported as schools are.
pub struct Settings;

impl Finder for Settings {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        if !doc.has(Class::SETTING | Class::TEAM | Class::CUSTODY) {
            return;
        }
        for i in 0..doc.tokens.len() {
            let found = headed(doc, i)
                .or_else(|| team(doc, i))
                .or_else(|| custody(doc, i))
                .or_else(|| called(doc, i));
            if let Some((from, last, rule)) = found {
                out.extend(find(doc, Kind::School, from, last, rule));
            }
        }
    }
}

type Found = Option<(usize, usize, &'static str)>;

/// "Beech House", "maple ward", "Al-Noor mosque", "Kingsway youth club", "Fern Lodge children's home".
fn headed(doc: &Doc, i: usize) -> Found {
    if !doc.is(i, Class::SETTING) || doc.is(i, Class::IN_KEEP) || doc.gap(i) > Gap::Hyphen {
        return None;
    }
    let mut end = i;
    while end > 0
        && doc.is(end - 1, Class::SETTING_GENERIC)
        && !is_capital_name(doc, end - 1)
        && doc.gap(end) <= Gap::Space
        && i - end < 3
        && !doc.is(end - 1, Class::FUNCTION | Class::DET)
    {
        end -= 1;
    }
    let from = name_start(doc, end)?;
    let told = (from..end).any(|k| tells(doc, k)) && !doc.is_possessive(end - 1);
    let holy = (doc.is(from, Class::SAINT)
        || matches!(doc.lower(from), "holy" | "christ") && is_worship(doc, i))
        && end >= from;
    let capitals = doc.is_capital(i)
        && (from..end).all(|k| doc.is_capital(k))
        && doc.capitals_tell
        && !doc.is_possessive(end - 1);
    let lives = matches!(doc.lower(i), "house" | "lodge" | "ward" | "unit") && lives_at(doc, from);
    (told || holy || capitals || lives).then_some((from, i, "setting by name"))
}

fn is_worship(doc: &Doc, i: usize) -> bool {
    matches!(
        doc.lower(i),
        "church"
            | "chapel"
            | "cathedral"
            | "mosque"
            | "masjid"
            | "temple"
            | "gurdwara"
            | "synagogue"
            | "mandir"
    )
}

/// A capital that is part of a name: not the first word of a sentence.
fn is_capital_name(doc: &Doc, k: usize) -> bool {
    doc.telling_capital(k)
}

/// A word that no everyday phrase before "house" or "club" holds.
fn tells(doc: &Doc, k: usize) -> bool {
    let class = doc.class(k);
    let unknown = class.is_unknown() && !is_misspelt(doc, k);
    let named = class.is(Class::GIVEN | Class::PLACE | Class::IN_PLACE)
        || class.is(Class::SURNAME | Class::GIVEN_RARE | Class::PLACE_WORD) && !class.is(Class::COMMON);
    unknown
        || named && !class.is(Class::KEEP | Class::IN_KEEP)
        || doc.telling_capital(k) && !class.is(Class::KEEP | Class::IN_KEEP | Class::SETTING_GENERIC)
}

/// "at beech house", "on maple ward": lower case, after where somebody lives or is.
fn lives_at(doc: &Doc, from: usize) -> bool {
    let at = from.checked_sub(1).is_some_and(|p| matches!(doc.lower(p), "at" | "on" | "in"));
    at && (doc.within_before(from, 4, Class::LIVE)
        || from > 1 && doc.is(from - 2, Class::LIVE | Class::BE | Class::PERSON))
}

/// The first word of the name before token `end`: at most three.
fn name_start(doc: &Doc, end: usize) -> Option<usize> {
    let mut first = end;
    while let Some(p) = first.checked_sub(1) {
        let near = doc.gap(first) <= Gap::Hyphen || doc.gap(first) == Gap::Dot && doc.is(p, Class::SAINT);
        let everyday = doc.is(p, Class::FUNCTION | Class::DET | Class::VERB | Class::LIVE | Class::TITLE)
            || doc.is(p, Class::SETTING_GENERIC | Class::RELATION | Class::PERSON)
                && !is_capital_name(doc, p);
        if !near
            || everyday
            || !doc.is_word(p)
            || end - p > 3
            || first < end && doc.is(p, Class::COMMON) && !doc.is_capital(p) && tells(doc, first)
        {
            break;
        }
        first = p;
    }
    (first < end).then_some(first)
}

/// A local team: "thornbury rovers", "Hillside FC"; national ones are in the list that stays.
fn team(doc: &Doc, i: usize) -> Found {
    if !doc.is(i, Class::TEAM) || doc.is(i, Class::IN_KEEP) || doc.gap(i) > Gap::Hyphen {
        return None;
    }
    let from = name_start(doc, i)?;
    let strict = matches!(doc.lower(i), "town" | "city" | "lions" | "tigers" | "hawks" | "juniors");
    let told = (from..i).any(|k| {
        let unknown = doc.class(k).is_unknown() && !is_misspelt(doc, k);
        let place = doc.is(k, Class::PLACE | Class::IN_PLACE)
            || doc.is(k, Class::PLACE_WORD) && doc.is_capital(k) && doc.is_capital(i);
        (if strict {
            place || unknown && doc.is_capital(i) == doc.is_capital(k)
        } else {
            tells(doc, k) || place
        }) && !doc.is_possessive(k)
    });
    told.then_some((
        from,
        i + usize::from(doc.is(i + 1, Class::TEAM) && doc.gap(i + 1) == Gap::Space),
        "team",
    ))
}

/// "hmp X", "X yoi".
fn custody(doc: &Doc, i: usize) -> Found {
    if !doc.is(i, Class::CUSTODY) {
        return None;
    }
    let named = |k: usize| {
        doc.is_word(k)
            && doc.gap(k.max(i)) <= Gap::Hyphen
            && !doc.is(k, Class::FUNCTION | Class::DET | Class::VERB)
            && (!doc.is(k, Class::COMMON) || doc.telling_capital(k))
    };
    let second = |k: usize| doc.gap(k) == Gap::Space && doc.lower(k) == "wood";
    if doc.token(i + 1).is_some() && named(i + 1) {
        return Some((i + 1, i + 1 + usize::from(second(i + 2)), "custody"));
    }
    let p = i.checked_sub(1)?;
    (named(p) && doc.gap(i) <= Gap::Hyphen).then_some((p, p, "custody"))
}

/// "a home called Fern Lodge", "my unit is called maple".
fn called(doc: &Doc, i: usize) -> Found {
    let p = i.checked_sub(1)?;
    let head = (p.saturating_sub(3)..p)
        .any(|k| doc.is(k, Class::SETTING) || matches!(doc.lower(k), "home" | "group" | "team" | "place"));
    let class = doc.class(i);
    let named = doc.is_word(i)
        && !class.is(Class::FUNCTION | Class::KEEP | Class::IN_KEEP)
        && (class.is_unknown()
            || doc.telling_capital(i)
            || class.is(Class::ANY_GIVEN | Class::PLACE | Class::SAINT));
    if !doc.is(p, Class::CALLED)
        || !head
        || !named
        || doc.within_before(i, 4, Class::RELATION | Class::PERSON | Class::PUBLIC)
    {
        return None;
    }
    let mut last = i;
    while last < i + 3
        && doc.gap(last + 1) == Gap::Space
        && (doc.is(last + 1, Class::SETTING) || doc.is_capital(last + 1) && doc.is_capital(i))
    {
        last += 1;
    }
    Some((i, last, "setting called"))
}
