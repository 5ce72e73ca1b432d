//! Street addresses: a number and a street, a flat, a street after "i live on". Owns their forms.

use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap, Shape};

/// Street addresses.
pub struct Addresses;

/// Most words between a house number and "road".
const LONGEST_NAME: usize = 4;

impl Finder for Addresses {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        let digit = doc.view.has_digit();
        if !doc.has(Class::ROAD | Class::ROAD_WEAK) && !digit {
            return;
        }
        for i in 0..doc.tokens.len() {
            let found =
                if is_house_number(doc, i) { numbered(doc, i).or_else(|| lived_at(doc, i)) } else { None };
            let found = found.or_else(|| flat(doc, i)).or_else(|| named_street(doc, i));
            let Some((from, to, rule)) = found else { continue };
            if let (Some(first), Some(last)) = (doc.token(from), doc.token(to)) {
                out.push(Find { kind: Kind::Address, start: first.start, end: last.end, rule });
            }
        }
    }
}

/// "12", "12a", "12-14".
fn is_house_number(doc: &Doc, i: usize) -> bool {
    let word = doc.lower(i);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits)
        && word.len() <= digits + 1
        && !doc.before(i, Class::UNIT) | doc.within_before(i, 6, Class::LIVE)
}

type Found = (usize, usize, &'static str);

/// "12 Oak Road", "flat 3, 12 oak road".
fn numbered(doc: &Doc, i: usize) -> Option<Found> {
    let start = if matches!(doc.lower(i + 1), "a" | "b" | "c" | "d") && doc.gap(i + 1) == Gap::Space {
        i + 2
    } else {
        i + 1
    };
    let road = (start + 1..=start + LONGEST_NAME).find(|k| {
        doc.is(*k, Class::ROAD | Class::ROAD_WEAK)
            && doc.gap(*k) <= Gap::Hyphen
            && !doc.is(k + 1, Class::ROAD)
    })?;
    if (start..road).any(|k| !is_street_word(doc, k, start)) {
        return None;
    }
    let lives = doc.within_before(i, 6, Class::LIVE | Class::ADDRESS_CUE);
    let named = (start..road).any(|k| {
        doc.is_capital(k)
            || doc.class(k).is_unknown()
            || doc.is(k, Class::ANY_GIVEN | Class::ANY_SURNAME | Class::PLACE)
    });
    let strong = doc.is(road, Class::ROAD) && !doc.is(start, Class::UNIT);
    (lives || strong || named && !doc.is(start, Class::UNIT)).then_some((i, road, "number and street"))
}

/// "i live at 12 mount pleasant": no road, but where somebody lives.
fn lived_at(doc: &Doc, i: usize) -> Option<Found> {
    let p = i.checked_sub(1)?;
    let at = matches!(doc.lower(p), "at" | "is" | "number" | "no") || doc.is(p, Class::ADDRESS_CUE);
    let named = |k: usize| {
        doc.is_word(k) && doc.gap(k) <= Gap::Hyphen && !doc.is(k, Class::FUNCTION | Class::UNIT | Class::KEEP)
    };
    let tells = |k: usize| {
        doc.class(k).is_unknown()
            || doc.telling_capital(k)
            || doc.is(k, Class::ANY_GIVEN | Class::PLACE | Class::SURNAME)
    };
    if !at
        || !doc.within_before(i, 5, Class::HOME | Class::ADDRESS_CUE)
        || !named(i + 1)
        || !(tells(i + 1) || tells(i + 2) && named(i + 2))
    {
        return None;
    }
    let more = (i + 2..i + 4)
        .take_while(|k| {
            named(*k) && (tells(*k) || doc.is_capital(*k) == doc.is_capital(i + 1) && doc.ends_clause(*k))
        })
        .count();
    Some((i, i + 1 + more, "number where somebody lives"))
}

/// A word that can stand between a house number and "road".
fn is_street_word(doc: &Doc, k: usize, start: usize) -> bool {
    let small = matches!(
        doc.lower(k),
        "the"
            | "of"
            | "st"
            | "saint"
            | "and"
            | "upper"
            | "lower"
            | "old"
            | "new"
            | "great"
            | "little"
            | "high"
    );
    let gap_ok = doc.gap(k) <= Gap::Hyphen
        || k == start && doc.gap(k) <= Gap::Comma
        || doc.gap(k) == Gap::Dot && doc.before(k, Class::SAINT);
    let word = doc.is_word(k)
        && !doc.is(k, Class::FUNCTION | Class::VERB)
        && !(k == start && doc.is(k, Class::UNIT) && !doc.is_capital(k));
    gap_ok && (small && !(k == start && matches!(doc.lower(k), "of" | "and")) || word)
}

/// "flat 3b", "flat 3 rowan court", "house number 12".
fn flat(doc: &Doc, i: usize) -> Option<Found> {
    let word = doc.lower(i);
    let house_number = word == "number"
        && matches!(i.checked_sub(1).map(|p| doc.lower(p)), Some("house" | "door"))
        || word == "no" && doc.gap(i + 1) == Gap::Dot;
    let dwelling = matches!(word, "flat" | "apartment" | "apt" | "maisonette" | "plot" | "pitch")
        && !doc.is_possessive(i);
    if !(dwelling || house_number) {
        return None;
    }
    let no = usize::from(matches!(doc.lower(i + 1), "number" | "no" | "num"));
    let k = i + 1 + no;
    let numbered = matches!(doc.shape(k), Shape::Number | Shape::Mixed)
        && is_short_number(doc.lower(k))
        && doc.gap(k) <= Gap::Other;
    let lettered = doc.shape(k) == Shape::Initial && dwelling && doc.written(k) != "I";
    if !(numbered || lettered)
        || matches!(
            doc.lower(k + 1),
            "years" | "people" | "kids" | "of" | "weeks" | "months" | "times" | "days"
        )
    {
        return None;
    }
    let street = numbered_after(doc, k);
    Some((i, street.unwrap_or(k), "flat"))
}

fn is_short_number(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits) && word.len() <= digits + 1
}

/// The end of a building or street named after a flat's number.
fn numbered_after(doc: &Doc, k: usize) -> Option<usize> {
    let start = k + 1;
    (start + 1..=start + LONGEST_NAME)
        .find(|r| {
            doc.is(*r, Class::ROAD | Class::ROAD_WEAK | Class::LANDMARK | Class::SETTING)
                && doc.gap(*r) <= Gap::Hyphen
        })
        .filter(|r| {
            (start..*r).all(|w| {
                doc.shape(w) == Shape::Number || is_street_word(doc, w, start) || doc.lower(w) == "of"
            })
        })
}

/// A street by name: "i live on acacia avenue", "Acacia Avenue".
fn named_street(doc: &Doc, i: usize) -> Option<Found> {
    if !doc.is(i, Class::ROAD | Class::ROAD_WEAK) || doc.gap(i) > Gap::Hyphen || doc.is(i, Class::IN_KEEP) {
        return None;
    }
    let first = name_start(doc, i)?;
    let lives =
        doc.within_before(first, 4, Class::LIVE | Class::ADDRESS_CUE) && !doc.is(first, Class::ROAD_GENERIC);
    let unknown =
        (first..i).any(|k| doc.class(k).is_unknown() || doc.is(k, Class::PLACE) && doc.is(i, Class::ROAD));
    let capitals = doc.is_capital(i)
        && (first..i).all(|k| doc.is_capital(k))
        && doc.capitals_tell
        && !doc.is(first, Class::ROAD_GENERIC);
    let given = doc.is(i, Class::ROAD)
        && doc.is(first, Class::GIVEN | Class::SURNAME)
        && !doc.is(first, Class::COMMON)
        && !doc.is_possessive(first);
    let weak = doc.is(i, Class::ROAD_WEAK);
    let on_it = i.checked_sub(1).is_some() && lives && (!weak || preposition_on(doc, first));
    (on_it || capitals || !weak && unknown && !is_verb_before(doc, first) || given).then_some((
        first,
        i,
        "street by name",
    ))
}

fn preposition_on(doc: &Doc, first: usize) -> bool {
    first.checked_sub(1).is_some_and(|p| matches!(doc.lower(p), "on" | "at" | "in" | "off" | "down"))
}

/// Roads named by what they are for: "the crossing road".
fn is_verb_before(doc: &Doc, first: usize) -> bool {
    doc.is(first, Class::FUNCTION)
}

/// The first word of the name before the road at `i`: up to three words that can be a name.
fn name_start(doc: &Doc, i: usize) -> Option<usize> {
    let mut first = i;
    while let Some(p) = first.checked_sub(1) {
        let stop = doc.is(p, Class::FUNCTION | Class::DET | Class::LIVE | Class::PLACE_PREP | Class::VERB)
            || !doc.is_word(p)
            || i - p > 3;
        if stop
            || first < i && doc.gap(first) > Gap::Hyphen && !doc.before(first, Class::SAINT)
            || !is_name_part(doc, p, i)
        {
            break;
        }
        first = p;
    }
    (first < i).then_some(first)
}

fn is_name_part(doc: &Doc, p: usize, road: usize) -> bool {
    let everyday = doc.is(p, Class::ROAD_GENERIC) && !doc.is_capital(p);
    !everyday && (p + 1 == road || doc.is_capital(p) == doc.is_capital(p + 1) || doc.class(p).is_unknown())
}
