//! Exact dates and dates of birth. Owns how people write a day: "12/03/2011", "3rd of May", "may 3rd".
//! A month or a year alone is no date, nor is "9/11" or "24/7".

use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap, Shape};

/// Dates.
pub struct Dates;

impl Finder for Dates {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        if !doc.view.has_digit() && !doc.has(Class::MONTH) {
            return;
        }
        let mut i = 0;
        while i < doc.tokens.len() {
            let Some((len, rule)) = date(doc, i) else {
                i += 1;
                continue;
            };
            if let (Some(first), Some(last)) = (doc.token(i), doc.token(i + len - 1)) {
                let kind = if is_birth(doc, i, len) { Kind::DateOfBirth } else { Kind::Date };
                out.push(Find { kind, start: first.start, end: last.end, rule });
            }
            i += len;
        }
    }
}

/// How many tokens from `i` are a date.
fn date(doc: &Doc, i: usize) -> Option<(usize, &'static str)> {
    match doc.shape(i) {
        Shape::Number => numeric(doc, i).or_else(|| day_month(doc, i)),
        Shape::Mixed => day_month(doc, i).or_else(|| in_one(doc, i)),
        Shape::Mask => None,
        _ => month_day(doc, i).or_else(|| day_month(doc, i)),
    }
}

fn is_birth(doc: &Doc, i: usize, len: usize) -> bool {
    let Some(last) = i.checked_add(len) else { return false };
    doc.within_before(i, 8, Class::BIRTH_CUE) || (last..last + 5).any(|k| doc.is(k, Class::BIRTH_CUE))
}

fn number(doc: &Doc, i: usize) -> Option<u32> {
    (doc.shape(i) == Shape::Number && doc.lower(i).len() < 5).then(|| doc.lower(i).parse().ok()).flatten()
}

fn year(doc: &Doc, i: usize) -> bool {
    number(doc, i).is_some_and(|y| (1900..2100).contains(&y)) && doc.lower(i).len() == 4
}

/// Three numbers with a sign between; two beside a birthday.
fn numeric(doc: &Doc, i: usize) -> Option<(usize, &'static str)> {
    let (a, b) = (number(doc, i)?, number(doc, i + 1)?);
    let signed = |k: usize| {
        matches!(doc.gap(k), Gap::And | Gap::Hyphen | Gap::Dot | Gap::Dash | Gap::Space | Gap::Other)
    };
    if !signed(i + 1) {
        return None;
    }
    let blanks = doc.gap(i + 1) == Gap::Space;
    let birth = is_birth(doc, i, 2);
    let plausible = |d: u32, m: u32| (1..=31).contains(&d) && (1..=12).contains(&m);
    if let Some(c) = number(doc, i + 2).filter(|_| doc.gap(i + 2) == doc.gap(i + 1)) {
        let long_year = year(doc, i + 2) && doc.lower(i).len() < 3 && doc.lower(i + 1).len() < 3;
        let year_first = year(doc, i) && plausible(c, b);
        let short_year = doc.lower(i + 2).len() == 2 && (plausible(a, b) || plausible(b, a));
        let zeros = doc.lower(i).starts_with('0') || doc.lower(i + 1).starts_with('0');
        let spaced = !blanks || birth || zeros && long_year && plausible(a, b);
        if (long_year || year_first || short_year) && spaced && !continued(doc, i + 3) {
            return Some((3, "numeric date"));
        }
    }
    let two = birth && !blanks && (plausible(a, b) || plausible(b, a)) && !is_clock(doc, i);
    two.then_some((2, "day and month beside a birthday"))
}

/// A fourth number in the same signs: a code, not a date.
fn continued(doc: &Doc, i: usize) -> bool {
    matches!(doc.gap(i), Gap::And | Gap::Hyphen) && matches!(doc.shape(i), Shape::Number)
}

fn is_clock(doc: &Doc, i: usize) -> bool {
    matches!(doc.lower(i + 2), "am" | "pm")
}

/// "3rd of May 2012", "4 may", "twenty first of june".
fn day_month(doc: &Doc, i: usize) -> Option<(usize, &'static str)> {
    let (days, ordinal) = day(doc, i)?;
    let mut k = i + days;
    if doc.lower(k) == "of" {
        k += 1;
    }
    if !doc.is(k, Class::MONTH)
        || doc.gap(k) > Gap::Comma && doc.gap(k) != Gap::Dash && doc.gap(k) != Gap::Dot
    {
        return None;
    }
    let with_year = with_year(doc, k + 1);
    let ends = doc.ends_clause(k) || doc.is(k + 1, Class::FOLLOW | Class::BE);
    let sure = ordinal
        || with_year
        || k > i + days
        || !is_word_month(doc, k)
        || is_birth(doc, i, k + 1 - i)
        || doc.telling_capital(k)
        || ends;
    sure.then_some((k + 1 - i + usize::from(with_year), "day and month"))
}

fn with_year(doc: &Doc, i: usize) -> bool {
    let short = matches!(doc.gap(i), Gap::Space)
        && number(doc, i).is_some()
        && doc.lower(i).len() == 2
        && doc.ends_clause(i);
    doc.gap(i) <= Gap::Comma && (year(doc, i) || short)
        || doc.gap(i) == Gap::Dash && year(doc, i)
        || doc.lower(i).starts_with('\'') && short
}

/// "may 3rd", "December 25", "june 2012" beside a birthday.
fn month_day(doc: &Doc, i: usize) -> Option<(usize, &'static str)> {
    if !doc.is(i, Class::MONTH) || doc.gap(i + 1) > Gap::Comma && doc.gap(i + 1) != Gap::Dash {
        return None;
    }
    let the = usize::from(doc.lower(i + 1) == "the");
    let birth = is_birth(doc, i, 2);
    if year(doc, i + 1) {
        return birth.then_some((2, "month and year of birth"));
    }
    let (days, ordinal) = day(doc, i + 1 + the)?;
    let last = i + the + days;
    let with_year = with_year(doc, last + 1) && year(doc, last + 1);
    let ends = doc.ends_clause(last) && !is_word_month(doc, i);
    (ordinal || with_year || birth || ends)
        .then_some((last + 1 - i + usize::from(with_year), "month and day"))
}

/// May and march are words too, and so are some short forms.
fn is_word_month(doc: &Doc, i: usize) -> bool {
    matches!(doc.lower(i), "may" | "march" | "mar" | "sep" | "dec" | "jan" | "august")
}

/// Tokens of a day of the month, and whether it is an ordinal.
fn day(doc: &Doc, i: usize) -> Option<(usize, bool)> {
    if let Some(n) = number(doc, i) {
        let split_ordinal =
            matches!(doc.lower(i + 1), "st" | "nd" | "rd" | "th") && doc.gap(i + 1) <= Gap::Space;
        return ((1..=31).contains(&n) && doc.lower(i).len() < 3)
            .then_some((1 + usize::from(split_ordinal), split_ordinal));
    }
    let word = doc.lower(i);
    if doc.shape(i) == Shape::Mixed {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let n: u32 = digits.parse().ok()?;
        let ending = word.get(digits.len()..)?;
        return ((1..=31).contains(&n) && matches!(ending, "st" | "nd" | "rd" | "th" | "ts" | "ed"))
            .then_some((1, true));
    }
    const UNITS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "nineth"];
    const TEENS: [&str; 13] = [
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "thirtieth",
        "twelth",
    ];
    if matches!(word, "twenty" | "thirty") && UNITS.contains(&doc.lower(i + 1)) {
        return Some((2, true));
    }
    (UNITS.contains(&word) || TEENS.contains(&word)).then_some((1, true))
}

/// "3june", "12mar2011".
fn in_one(doc: &Doc, i: usize) -> Option<(usize, &'static str)> {
    let word = doc.lower(i);
    let start = word.find(|c: char| c.is_ascii_lowercase())?;
    let rest = word.get(start..)?;
    let letters = rest.get(..rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()))?;
    let month = ["st", "nd", "rd", "th", ""]
        .iter()
        .filter_map(|o| letters.strip_prefix(o))
        .any(|m| crate::redact::lexicon::LEXICON.class(m.strip_prefix("of").unwrap_or(m)).is(Class::MONTH));
    let day: u32 = word.get(..start)?.parse().ok()?;
    let sure =
        letters.len() < rest.len() || !matches!(letters, "mar" | "sec" | "dec" | "may" | "jan" | "sep");
    (month && (1..=31).contains(&day) && sure).then_some((1, "date in one"))
}
