//! Schools by name: "Oakfield Academy", "st marys", "i go to hillcrest". Owns what can name a school;
//! "my school" and "primary school" stay.

use super::{find, is_misspelt, stands_as_name};
use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap, Shape};

/// Schools, nurseries and colleges.
pub struct Schools;

/// Most words of a school's name before its kind.
const LONGEST: usize = 4;

impl Finder for Schools {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        let heads = doc.has(Class::SCHOOL_HEAD);
        let saints = doc.has(Class::SAINT);
        let goes = doc.has(Class::ATTEND);
        if !(heads || saints || goes) {
            return;
        }
        let mut next = 0;
        for i in 0..doc.tokens.len() {
            if i < next {
                continue;
            }
            let found = headed(doc, i)
                .or_else(|| saint(doc, i))
                .or_else(|| attended(doc, i))
                .or_else(|| called(doc, i));
            if let Some((from, last, rule)) = found {
                out.extend(find(doc, Kind::School, from, last, rule));
                next = last + 1;
            }
        }
    }
}

type Found = Option<(usize, usize, &'static str)>;

/// A head word with a name before it.
fn headed(doc: &Doc, i: usize) -> Found {
    if !doc.is(i, Class::SCHOOL_HEAD) || doc.is(i, Class::IN_KEEP) || i == 0 {
        return None;
    }
    let first_kind = kinds_start(doc, i);
    let last = kinds_end(doc, i);
    let from = name_start(doc, first_kind)?;
    names_school(doc, from, first_kind, i).then_some((from, last, "school by name"))
}

/// The first of the words between a school's name and its head: "ce primary", "catholic".
fn kinds_start(doc: &Doc, head: usize) -> usize {
    let mut first = head;
    while let Some(p) = first.checked_sub(1) {
        let kind =
            doc.is(p, Class::SCHOOL_KIND | Class::SCHOOL_HEAD) && doc.gap(first) <= Gap::And && head - p < 6;
        let of_england = matches!(doc.lower(p), "e" | "england")
            && p > 1
            && doc.lower(p - 1) == "of"
            && matches!(doc.lower(p - 2), "c" | "church");
        let and = doc.lower(p) == "and"
            && p > 0
            && first < head + 1
            && doc.is(p - 1, Class::SCHOOL_KIND | Class::SCHOOL_HEAD);
        let number = matches!(doc.lower(p), "first" | "middle")
            && first == head
            && matches!(doc.lower(head), "school" | "scool" | "skool");
        let named = p.checked_sub(1).is_some_and(|n| doc.class(n).is_unknown() || doc.telling_capital(n));
        first = match () {
            () if of_england => p - 2,
            () if and => p - 1,
            () if number && named => p,
            () if kind && !doc.is(p, Class::IN_KEEP) => p,
            () => break,
        };
    }
    first
}

/// The last of the words that go on the head: "primary school", "infants and juniors", "school for girls".
fn kinds_end(doc: &Doc, head: usize) -> usize {
    let mut last = head;
    for _ in 0..5 {
        let k = last + 1;
        let more = doc.is(k, Class::SCHOOL_HEAD | Class::SCHOOL_KIND)
            && doc.gap(k) <= Gap::And
            && !matches!(doc.lower(k), "of" | "c" | "free" | "girls" | "boys" | "middle" | "first");
        let joined = matches!(doc.lower(k), "and" | "for" | "form")
            && doc.is(k + 1, Class::SCHOOL_HEAD | Class::SCHOOL_KIND)
            && doc.gap(k + 1) == Gap::Space;
        last = match (more, joined) {
            (true, _) => k,
            (_, true) => k + 1,
            _ => return last,
        };
    }
    last
}

/// The first word of what may be a name before token `end`.
fn name_start(doc: &Doc, end: usize) -> Option<usize> {
    let mut first = end;
    while let Some(p) = first.checked_sub(1) {
        let near = doc.gap(first) <= Gap::Hyphen || doc.gap(first) == Gap::Dot && doc.is(p, Class::SAINT);
        let owner = doc.is_possessive(p) && p + 1 < end && !doc.before(p, Class::SAINT);
        if !near || owner || end - p > LONGEST || !is_part(doc, p, end) {
            break;
        }
        first = p;
    }
    while first < end && is_filler(doc, first) {
        first += 1;
    }
    (first < end).then_some(first)
}

fn is_filler(doc: &Doc, i: usize) -> bool {
    matches!(doc.lower(i), "of" | "and" | "the")
        || doc.is(i, Class::SCHOOL_GENERIC) && !doc.telling_capital(i)
}

/// Whether token `p` can be in the name of a school.
fn is_part(doc: &Doc, p: usize, end: usize) -> bool {
    let class = doc.class(p);
    let of = matches!(doc.lower(p), "of" | "and" | "the")
        && p + 1 < end
        && (doc.is_capital(p + 1) || doc.class(p + 1).is_unknown())
        && p > 0
        && doc.is_capital(p - 1);
    let our_lady = doc.lower(p) == "our" && doc.lower(p + 1) == "lady";
    let everyday =
        class.is(Class::FUNCTION | Class::DET | Class::VERB | Class::LIVE) && !class.is(Class::ANY_GIVEN);
    let everyday = everyday && !(doc.telling_capital(p) && p > 0 && doc.is_capital(p - 1) && p + 1 < end + 1);
    let generic =
        class.is(Class::SCHOOL_GENERIC) && !doc.telling_capital(p) && !(p + 1 < end && doc.lower(p) == "all");
    let all_saints = doc.lower(p) == "all" && doc.lower(p + 1).starts_with("saint");
    doc.is_word(p)
        && (of || our_lady || all_saints || !everyday && !generic)
        && !class.is(Class::IN_KEEP | Class::TITLE)
}

/// Whether the words from `from` to before `kind` name the school whose head is at `head`.
fn names_school(doc: &Doc, from: usize, kind: usize, head: usize) -> bool {
    let last = kind - 1;
    let plain = matches!(doc.lower(head), "school" | "scool" | "skool" | "schol" | "shool") && kind == head;
    let holy = doc.is(from, Class::SAINT)
        || doc.lower(from) == "our"
        || matches!(doc.lower(from), "holy" | "sacred" | "christ" | "trinity" | "all");
    if holy && (doc.is(from, Class::SAINT) || last > from || !plain) {
        return true;
    }
    let owner = doc.is_possessive(last) && !doc.is_capital(head) && plain;
    let told = |k: usize| {
        let class = doc.class(k);
        class.is(Class::GIVEN | Class::PLACE | Class::IN_PLACE)
            || class.is(Class::SURNAME | Class::PLACE_WORD | Class::GIVEN_RARE) && !class.is(Class::COMMON)
            || class.is_unknown() && !is_misspelt(doc, k)
            || doc.telling_capital(k) && !class.is(Class::SCHOOL_GENERIC)
    };
    if (from..kind).any(told) && !owner {
        return true;
    }
    let capitals = (from..=head).all(|k| doc.is_capital(k) || matches!(doc.lower(k), "of" | "and" | "the"))
        && doc.capitals_tell
        && head > from;
    if capitals && !owner && !(from..kind).all(|k| doc.is(k, Class::SCHOOL_GENERIC | Class::FUNCTION)) {
        return true;
    }
    let own_kind = kind < head
        || matches!(
            doc.lower(head),
            "academy" | "infants" | "infant" | "juniors" | "nursery" | "college" | "school"
        );
    let everyday = (from..kind).any(|k| {
        doc.is(
            k,
            Class::SCHOOL_GENERIC
                | Class::FUNCTION
                | Class::VERB
                | Class::RELATION
                | Class::UNIT
                | Class::DIGIT,
        ) || !doc.is_word(k)
    });
    let two = last > from;
    let going = goes_to(doc, from)
        || !plain
            && matches!(
                from.checked_sub(1).map(|p| doc.lower(p)),
                Some("at" | "to" | "from" | "attend" | "in" | "called" | "my" | "joined")
            );
    own_kind
        && !everyday
        && !owner
        && (going && (!plain || two || goes_to(doc, from)) || !plain && two && !doc.before(from, Class::DET))
}

/// "go to", "went to", "attend", "a pupil at" just before token `i`.
fn goes_to(doc: &Doc, i: usize) -> bool {
    let Some(p) = i.checked_sub(1) else { return false };
    match doc.lower(p) {
        "to" => p > 0 && doc.is(p - 1, Class::ATTEND),
        "at" => {
            p > 0 && doc.is(p - 1, Class::ATTEND | Class::PERSON) || p > 1 && doc.is(p - 2, Class::PERSON)
        }
        word => matches!(word, "attend" | "attends" | "attended"),
    }
}

/// "st marys", "saint peter's" with no head; not a street, a feast or a town.
fn saint(doc: &Doc, i: usize) -> Found {
    if !doc.is(i, Class::SAINT)
        || doc.is(i, Class::IN_KEEP | Class::IN_PLACE)
        || doc.gap(i + 1) > Gap::Hyphen && doc.gap(i + 1) != Gap::Dot
    {
        return None;
    }
    let k = i + 1;
    let class = doc.class(k);
    let named = class.is(Class::ANY_GIVEN)
        || class.is_unknown()
        || doc.is_possessive(k)
        || doc.telling_capital(k)
        || class.is(Class::PLACE | Class::SURNAME);
    let street = i > 0
        && doc.gap(i) == Gap::Space
        && !doc.before(i, Class::FUNCTION | Class::ATTEND)
        && !doc.is_capital(i)
        && !doc.is_possessive(k);
    let road = doc.is(k + 1, Class::ROAD) && !doc.is(k + 1, Class::SCHOOL_HEAD);
    if !doc.is_word(k) || !named || street || road || class.is(Class::FUNCTION) {
        return None;
    }
    let mut last = k;
    if doc.lower(k + 1) == "and"
        && doc.is(k + 2, Class::SAINT | Class::ANY_GIVEN)
        && (doc.is(k + 2, Class::SAINT) || doc.is_possessive(k + 2))
    {
        last = if doc.is(k + 2, Class::SAINT) { k + 3 } else { k + 2 };
    }
    let setting = doc.is(last + 1, Class::SETTING) && doc.gap(last + 1) == Gap::Space;
    Some((i, last + usize::from(setting), "saint's name"))
}

/// "i go to hillcrest".
fn attended(doc: &Doc, i: usize) -> Found {
    if !goes_to(doc, i) || !doc.is_word(i) || doc.gap(i) > Gap::Space || doc.lower(i).len() < 3 {
        return None;
    }
    let class = doc.class(i);
    let unknown = class.is_unknown() && (doc.is_capital(i) || stands_as_name(doc, i) && !is_misspelt(doc, i));
    let capital = doc.telling_capital(i)
        && !class.is(Class::COMMON | Class::KEEP | Class::IN_KEEP | Class::PLACE | Class::ANY_GIVEN);
    if !(unknown || capital) || class.is(Class::IN_KEEP | Class::IN_PLACE) || doc.is_possessive(i) {
        return None;
    }
    let mut last = i;
    while doc.gap(last + 1) == Gap::Space
        && last < i + 3
        && doc.shape(last + 1) == Shape::Title
        && doc.capitals_tell
        && !doc.is(last + 1, Class::FUNCTION)
    {
        last += 1;
    }
    (!doc.is(last + 1, Class::LANDMARK | Class::ROAD)).then_some((i, last, "goes to"))
}

/// "my school is called X", "my schools name is X".
fn called(doc: &Doc, i: usize) -> Found {
    let p = i.checked_sub(1)?;
    if !doc.is(p, Class::CALLED | Class::BE | Class::NAME_WORD) || !doc.is_word(i) || doc.gap(i) > Gap::Colon
    {
        return None;
    }
    let head = (p.saturating_sub(4)..p).rev().find(|k| doc.is(*k, Class::SCHOOL_HEAD))?;
    let linked = (head + 1..p).all(|k| doc.is(k, Class::CALLED | Class::BE | Class::NAME_WORD));
    let direct = doc.is(p, Class::CALLED) || doc.within_before(i, 3, Class::NAME_WORD);
    let class = doc.class(i);
    let told = class.is_unknown() && !is_misspelt(doc, i)
        || class.is(Class::PLACE | Class::SAINT | Class::SURNAME) && !class.is(Class::COMMON)
        || direct && !class.is(Class::FUNCTION | Class::SCHOOL_GENERIC)
        || doc.telling_capital(i) && !class.is(Class::COMMON | Class::KEEP);
    if !linked
        || !told
        || !(doc.is_capital(i) || stands_as_name(doc, i) || direct)
        || class.is(Class::DET | Class::FUNCTION)
    {
        return None;
    }
    let mut last = i;
    while direct
        && last < i + 3
        && doc.gap(last + 1) == Gap::Space
        && doc.is_word(last + 1)
        && !doc.is(last + 1, Class::FUNCTION | Class::VERB)
    {
        last += 1;
    }
    Some((i, last, "school called"))
}
