//! Vehicle plates: current, prefix and suffix forms, dateless ones beside a cue. Owns their forms.

use super::Form;
use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap, Shape};

/// Vehicle plates.
pub struct Plates;

/// Forms that are plates wherever they stand.
const CURRENT: &[&str] = &["aa99aaa", "a999aaa", "aaa999a"];
/// Forms that are plates in capitals or beside a car.
const OLDER: &[&str] = &["a99aaa", "a9aaa", "aaa99a", "aaa9a"];
/// Forms that are plates where a plate is named.
const DATELESS: &[&str] = &[
    "a9", "a99", "a999", "a9999", "aa9", "aa99", "aa999", "aa9999", "aaa9", "aaa99", "aaa999", "aaa9999",
    "9a", "99a", "999a", "9999a", "9aa", "99aa", "999aa", "9999aa", "9aaa", "99aaa", "999aaa", "9999aaa",
];

impl Finder for Plates {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        if !doc.view.has_digit() {
            return;
        }
        let mut i = 0;
        while i < doc.tokens.len() {
            let Some(len) = plate(doc, i) else {
                i += 1;
                continue;
            };
            if let (Some(first), Some(last)) = (doc.token(i), doc.token(i + len - 1)) {
                out.push(Find { kind: Kind::VehiclePlate, start: first.start, end: last.end, rule: "plate" });
            }
            i += len;
        }
    }
}

/// How many tokens from `i` are a plate.
fn plate(doc: &Doc, i: usize) -> Option<usize> {
    if doc.lower(i).len() > 7 || doc.shape(i) == Shape::Mask {
        return None;
    }
    let mut text = String::new();
    let mut longest = None;
    for len in 1..=3 {
        let k = i + len - 1;
        if doc.token(k).is_none()
            || len > 1 && !matches!(doc.gap(k), Gap::Space | Gap::Hyphen | Gap::Dot | Gap::Dash)
        {
            break;
        }
        text.push_str(doc.lower(k));
        if text.len() > 7 || !text.is_ascii() {
            break;
        }
        if is_plate(doc, i, len, &Form::of(&text)) {
            longest = Some(len);
        }
    }
    longest
}

fn is_plate(doc: &Doc, i: usize, len: usize, form: &Form) -> bool {
    let capitals = (i..i + len).all(|k| !doc.written(k).bytes().any(|b| b.is_ascii_lowercase()));
    let named = doc.within_before(i, 4, Class::PLATE_CUE) && names_plate(doc, i);
    let car = doc.within_before(i, 5, Class::PLATE_CUE)
        || (i + len..i + len + 3).any(|k| doc.is(k, Class::PLATE_CUE));
    let words = (i..i + len)
        .any(|k| doc.is_word(k) && doc.is(k, Class::COMMON | Class::FUNCTION) && doc.lower(k) != "abc");
    match () {
        () if form.is_any(CURRENT) => {
            len == 1
                || capitals && (!words || form.as_str() == "aa99aaa")
                || car && !words
                || plausible(doc, i, len) && !words
        }
        () if form.is_any(OLDER) => capitals && !words || named || car && !words,
        () if form.is_any(DATELESS) => named || car && capitals && !words && len == 2,
        () => false,
    }
}

/// "reg", "plate" within four tokens, with nothing but small words between.
fn names_plate(doc: &Doc, i: usize) -> bool {
    (i.saturating_sub(4)..i).rev().take_while(|p| doc.gap(p + 1) < Gap::Dot).any(|p| {
        matches!(
            doc.lower(p),
            "plate" | "plates" | "reg" | "regs" | "registration" | "numberplate" | "numberplates"
        )
    })
}

/// Two letters, an age that has been issued, three letters: nothing else looks like that.
fn plausible(doc: &Doc, i: usize, len: usize) -> bool {
    let word = doc.lower(i);
    let age = word.get(2..4).and_then(|d| d.parse::<u8>().ok()).unwrap_or_default();
    len == 2 && word.len() == 4 && (2..=79).contains(&age) && !(30..51).contains(&age)
}
