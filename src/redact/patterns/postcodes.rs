//! Postcodes in any case and spacing, and their first half beside a cue. Owns the forms of British
//! postcodes.

use super::Form;
use crate::redact::checks::is_postcode_area;
use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap, Shape};

/// Postcodes.
pub struct Postcodes;

const OUTWARD: &[&str] = &["a9", "a99", "aa9", "aa99", "a9a", "aa9a"];

impl Finder for Postcodes {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        if !doc.view.has_digit() {
            return;
        }
        let mut i = 0;
        while i < doc.tokens.len() {
            let found = full(doc, i)
                .map(|n| (n, "postcode"))
                .or_else(|| outward(doc, i).map(|n| (n, "outward code beside a cue")));
            if let (Some((len, rule)), Some(first)) = (found, doc.token(i)) {
                let end = doc.token(i + len - 1).map_or(first.end, |t| t.end);
                out.push(Find { kind: Kind::Postcode, start: first.start, end, rule });
                i += len;
            } else {
                i += 1;
            }
        }
    }
}

/// How many tokens from `i` are a postcode.
fn full(doc: &Doc, i: usize) -> Option<usize> {
    if doc.shape(i) == Shape::Number || doc.lower(i).len() > 7 || doc.shape(i) == Shape::Mask {
        return None;
    }
    let mut code = String::new();
    let mut longest = None;
    for len in 1..=7 {
        let k = i + len - 1;
        if doc.token(k).is_none() || len > 1 && !may_split(doc.gap(k)) || doc.shape(k) == Shape::Mask {
            break;
        }
        code.push_str(doc.lower(k));
        if code.len() > 7 || !code.is_ascii() {
            break;
        }
        if code.len() > 4 && is_postcode(doc, i, len, &code) {
            longest = Some(len);
        }
    }
    longest
}

fn may_split(gap: Gap) -> bool {
    !matches!(gap, Gap::Break | Gap::Start)
}

fn is_postcode(doc: &Doc, i: usize, len: usize, code: &str) -> bool {
    if matches!(code, "gir0aa") || len == 2 && is_forces(doc, i) {
        return true;
    }
    let split = code.len() - 3;
    let (Some(out), Some(inward)) = (code.get(..split), code.get(split..)) else { return false };
    let cue =
        doc.near(byte_range(doc, i, len), 5, 2, Class::POSTCODE_CUE) || doc.before(i, Class::POSTCODE_CUE);
    let inward = if cue || all_capitals(doc, i, len) {
        inward.replacen('o', "0", usize::from(inward.starts_with('o')))
    } else {
        inward.to_string()
    };
    if !Form::of(out).is_any(OUTWARD) || Form::of(&inward).as_str() != "9aa" {
        return false;
    }
    if cue {
        return true;
    }
    let area = out.find(|c: char| c.is_ascii_digit()).and_then(|digit| out.get(..digit)).unwrap_or_default();
    let issued = is_postcode_area(area);
    let unit = !inward.contains(['c', 'i', 'k', 'm', 'o', 'v']) || area == "zz";
    let capitals = all_capitals(doc, i, len);
    match () {
        () if capitals => issued || unit,
        () if is_ordinal(&inward) && (area.len() == 1 || doc.is(i, Class::FUNCTION)) => false,
        () => issued && unit && is_split_well(doc, i, len, out),
    }
}

/// BFPO and a number.
fn is_forces(doc: &Doc, i: usize) -> bool {
    doc.lower(i) == "bfpo" && doc.shape(i + 1) == Shape::Number
}

/// In one, between its halves, or every character on its own.
fn is_split_well(doc: &Doc, i: usize, len: usize, out: &str) -> bool {
    let single = (i..i + len).all(|k| doc.lower(k).len() == 1);
    len == 1 || len == 2 && doc.lower(i) == out || single
}

fn all_capitals(doc: &Doc, i: usize, len: usize) -> bool {
    let text = doc.view.text_at(byte_range(doc, i, len));
    !text.bytes().any(|b| b.is_ascii_lowercase())
}

fn byte_range(doc: &Doc, i: usize, len: usize) -> std::ops::Range<usize> {
    match (doc.token(i), doc.token(i + len - 1)) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..0,
    }
}

fn is_ordinal(inward: &str) -> bool {
    matches!(inward, "1st" | "2nd" | "3rd") || inward.ends_with("th")
}

/// "i live in SE15", "my postcode is ls6".
fn outward(doc: &Doc, i: usize) -> Option<usize> {
    if is_forces(doc, i) {
        return Some(2);
    }
    if doc.shape(i) != Shape::Mixed {
        return None;
    }
    let code = doc.lower(i);
    let form = Form::of(code);
    let digit = code.find(|c: char| c.is_ascii_digit())?;
    let area = code.get(..digit)?;
    if !form.is_any(OUTWARD) || !is_postcode_area(area) {
        return None;
    }
    if doc.within_before(i, 4, Class::POSTCODE_CUE) || doc.within_after(i, 2, Class::POSTCODE_CUE) {
        return Some(1);
    }
    let letter_last = code.ends_with(|c: char| c.is_ascii_lowercase());
    let central = matches!(area, "e" | "w" | "n" | "ec" | "wc" | "sw" | "se" | "nw");
    let slang = matches!(code, "m8" | "b4" | "l8" | "w8" | "h8" | "s1" | "e1")
        && doc.shape(i) == Shape::Mixed
        && !doc.written(i).starts_with(|c: char| c.is_ascii_uppercase());
    let the = i.checked_sub(1).is_some_and(|p| matches!(doc.lower(p), "the" | "a" | "my" | "year"));
    (doc.within_before(i, 3, Class::AREA_CUE) && !(letter_last && !central) && !slang && !the).then_some(1)
}
