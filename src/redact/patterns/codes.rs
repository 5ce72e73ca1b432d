//! Codes of letters and digits: unique pupil numbers, National Insurance numbers, IBANs, passport and
//! case references, passwords. Owns their forms.

use std::ops::Range;

use super::Form;
use crate::redact::checks;
use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap, Shape};

/// Codes.
pub struct Codes;

impl Finder for Codes {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        if doc.has(Class::SECRET_CUE) {
            (0..doc.tokens.len()).filter_map(|i| password(doc, i)).for_each(|f| out.push(f));
        }
        if !doc.view.has_digit() {
            return;
        }
        for i in 0..doc.tokens.len() {
            let found = pupil_number(doc, i)
                .or_else(|| national_insurance(doc, i))
                .or_else(|| iban(doc, i))
                .or_else(|| code(doc, i));
            out.extend(found);
            out.extend(case_reference(doc, i));
        }
    }
}

fn find(doc: &Doc, i: usize, len: usize, kind: Kind, rule: &'static str) -> Option<Find> {
    let (first, last) = (doc.token(i)?, doc.token(i + len.max(1) - 1)?);
    Some(Find { kind, start: first.start, end: last.end, rule })
}

fn bytes(doc: &Doc, i: usize) -> Range<usize> {
    doc.token(i).map_or(0..0, |t| t.start..t.end)
}

fn pupil_number(doc: &Doc, i: usize) -> Option<Find> {
    let word = doc.lower(i);
    if word.len() != 13 || !Form::of(word).is_any(&["a999999999999", "a99999999999a"]) {
        return None;
    }
    let known = checks::is_upn(word) || doc.near(bytes(doc, i), 5, 2, Class::UPN_CUE);
    find(doc, i, 1, if known { Kind::Upn } else { Kind::Reference }, "pupil number")
}

/// Two letters, six digits and a letter from A to D, in one or split; without the letter beside a cue.
fn national_insurance(doc: &Doc, i: usize) -> Option<Find> {
    if doc.lower(i).len() < 2
        || doc.lower(i).len() > 9
        || !doc.lower(i).as_bytes().iter().take(2).all(u8::is_ascii_alphabetic)
    {
        return None;
    }
    let cue = doc.near(bytes(doc, i), 5, 0, Class::NI_CUE);
    let mut number = String::new();
    for len in 1..=5 {
        let k = i + len - 1;
        if doc.token(k).is_none()
            || len > 1 && doc.gap(k) >= Gap::Comma && doc.gap(k) != Gap::Dot && doc.gap(k) != Gap::Dash
        {
            break;
        }
        number.push_str(doc.lower(k));
        let form = Form::of(&number);
        let whole = form.as_str() == "aa999999a" && (cue || number.ends_with(['a', 'b', 'c', 'd']));
        let word_first = doc.is(i, Class::COMMON | Class::FUNCTION) && !doc.is_capital(i);
        if whole && (cue || !word_first) {
            return find(doc, i, len, Kind::NationalInsurance, "national insurance");
        }
        let no_suffix = form.as_str() == "aa999999" && !continues(doc, k + 1);
        if no_suffix && cue {
            return find(doc, i, len, Kind::NationalInsurance, "national insurance beside a cue");
        }
    }
    None
}

/// Whether the token is a single letter that ends a split number.
fn continues(doc: &Doc, i: usize) -> bool {
    matches!(doc.lower(i), "a" | "b" | "c" | "d") && doc.gap(i) < Gap::Comma
}

/// An IBAN in one or in groups of four.
fn iban(doc: &Doc, i: usize) -> Option<Find> {
    let first = doc.lower(i);
    if !Form::of(first.get(..4)?).is_any(&["aa99"]) || doc.shape(i) != Shape::Mixed {
        return None;
    }
    let mut number = String::new();
    let mut found = None;
    for len in 1..=9 {
        let k = i + len - 1;
        let split_well =
            len == 1 || doc.gap(k) <= Gap::Hyphen && doc.lower(k).len() <= 4 && doc.gap(k) != Gap::Joined;
        if doc.token(k).is_none() || !split_well || doc.shape(k) == Shape::Mask {
            break;
        }
        number.push_str(doc.lower(k));
        if number.len() > 34 || !number.is_ascii() {
            break;
        }
        if checks::is_iban(&number) || number.starts_with("gb") && number.len() == 22 {
            found = find(doc, i, len, Kind::BankAccount, "iban");
        }
    }
    found
}

/// Six or more digits in a word of letters and digits.
fn code(doc: &Doc, i: usize) -> Option<Find> {
    if doc.shape(i) != Shape::Mixed {
        return None;
    }
    let digits = doc.lower(i).bytes().filter(u8::is_ascii_digit).count();
    let near = doc.near(bytes(doc, i), 5, 0, Class::PASSPORT_CUE | Class::NI_CUE);
    (digits >= 6 || digits >= 5 && near).then(|| find(doc, i, 1, Kind::Reference, "code")).flatten()
}

/// "case number AB/1234/21": four digits or more, in signs, after a cue.
fn case_reference(doc: &Doc, i: usize) -> Option<Find> {
    if !matches!(doc.shape(i), Shape::Number | Shape::Mixed | Shape::Upper | Shape::Initial)
        || is_inside(doc, i)
    {
        return None;
    }
    let mut len = 1;
    while doc.token(i + len).is_some() && is_inside(doc, i + len) && len < 8 {
        len += 1;
    }
    let digits: usize = (i..i + len).map(|k| doc.lower(k).bytes().filter(u8::is_ascii_digit).count()).sum();
    if digits < 4 || len == 1 && is_plain_year(doc, i) {
        return None;
    }
    let cue = (i.saturating_sub(4)..i)
        .any(|p| doc.is(p, Class::CASE_CUE | Class::PASSPORT_CUE) && doc.gap(p + 1) < Gap::Dot);
    cue.then(|| find(doc, i, len, Kind::Reference, "reference beside a cue")).flatten()
}

fn is_inside(doc: &Doc, i: usize) -> bool {
    matches!(doc.gap(i), Gap::Joined | Gap::Hyphen | Gap::Other)
        || doc.gap(i) == Gap::And && doc.shape(i) != Shape::Lower
}

fn is_plain_year(doc: &Doc, i: usize) -> bool {
    let word = doc.lower(i);
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
}

/// "my password is ...".
fn password(doc: &Doc, i: usize) -> Option<Find> {
    if !matches!(doc.lower(i), "password" | "passcode" | "pin")
        || !doc.before(i, Class::OWN) && !doc.within_before(i, 3, Class::OWN)
    {
        return None;
    }
    let is = matches!(doc.lower(i + 1), "is" | "was" | "its");
    let k = i + 1 + usize::from(is);
    let said = is || doc.gap(i + 1) == Gap::Colon;
    let secret = doc.shape(k) == Shape::Mixed
        || doc.shape(k) == Shape::Number
        || doc.is_word(k) && doc.class(k).is_unknown();
    (said && secret && doc.token(k).is_some()).then(|| find(doc, k, 1, Kind::Reference, "password")).flatten()
}
