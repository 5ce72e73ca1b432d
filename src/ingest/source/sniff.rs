//! Which delimiter and quotes a text uses: each candidate reads the sample, and the one under which
//! the rows agree best on their number of fields is taken. It reads nothing but the sample.

use std::collections::BTreeMap;

use super::delimited::{Place, Records, Syntax};

const DELIMITERS: [u8; 7] = [b',', b';', b'\t', b'|', b'^', b'~', 0x1F];
/// Rows that are enough to tell.
const ROWS: usize = 5_000;
/// Below this no candidate divides the text, and a record is one field.
const LEAST: f64 = 0.05;

/// The syntax of a text, from its beginning (UTF-8, without a byte order mark).
pub(super) fn syntax(sample: &[u8], whole: bool, declared: Option<u8>, place: &Place) -> Syntax {
    let quotings = quotings(sample);
    let delimiters = match declared.or_else(|| announced(sample)) {
        Some(d) => vec![d],
        None => DELIMITERS.to_vec(),
    };
    let mut best: Option<(f64, Syntax)> = None;
    for &(quote, backslash) in &quotings {
        for &d in &delimiters {
            let syntax = Syntax { delimiter: Some(d), quote: Some(quote), backslash };
            let score = score(sample, whole, syntax, place);
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, syntax));
            }
        }
    }
    let fallback = Syntax { delimiter: delimiters.first().copied(), quote: Some(b'"'), backslash: false };
    match best {
        Some((_, syntax)) if delimiters.len() == 1 => syntax,
        Some((score, syntax)) if score >= LEAST => syntax,
        _ => Syntax { delimiter: None, ..fallback },
    }
}

/// The delimiter that a first line `sep=;` names, as Excel writes and reads it.
pub(super) fn announced(sample: &[u8]) -> Option<u8> {
    match sample.get(..6)? {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', d, b'\r' | b'\n'] => Some(*d),
        _ => None,
    }
}

/// The quotings worth trying: `""` always, `\"` where it occurs, `'` where `"` does not.
fn quotings(sample: &[u8]) -> Vec<(u8, bool)> {
    let mut all = vec![(b'"', false)];
    if sample.windows(2).any(|w| w == b"\\\"") {
        all.push((b'"', true));
    }
    if !sample.contains(&b'"') && sample.starts_with(b"'") {
        all.push((b'\'', false));
        if sample.windows(2).any(|w| w == b"\\'") {
            all.push((b'\'', true));
        }
    }
    all
}

/// How well a syntax fits: 0 (not at all) to 1.
fn score(sample: &[u8], whole: bool, syntax: Syntax, place: &Place) -> f64 {
    let mut records = Records::new(sample, syntax, u64::MAX, place.clone());
    let (mut out, mut ends) = (Vec::new(), Vec::new());
    let mut widths = Vec::new();
    let mut broken = false;
    while widths.len() < ROWS {
        out.clear();
        ends.clear();
        match records.read(&mut out, &mut ends) {
            Ok(Some(_)) => widths.push(ends.len()),
            Ok(None) => break,
            Err(_) => {
                broken = whole;
                break;
            }
        }
    }
    if !whole && widths.len() > 1 && widths.len() < ROWS && !broken {
        widths.pop();
    }
    let rows = widths.len().max(1) as f64;
    let Some((width, count)) = most_common(&widths) else { return 0.0 };
    let share = count as f64 / rows;
    let stray = records.stray_quotes as f64 / rows;
    let header = if widths.first() == Some(&width) { 1.0 } else { 0.5 };
    let closed = if broken { 0.5 } else { 1.0 };
    let fields = 1.0 - 1.0 / width as f64;
    if share < 0.3 { 0.0 } else { share * share * fields * header * closed / (1.0 + stray) }
}

/// The most common width, the larger of two that are equally common.
fn most_common(widths: &[usize]) -> Option<(usize, usize)> {
    let mut counts = BTreeMap::new();
    for &w in widths {
        *counts.entry(w).or_insert(0) += 1;
    }
    counts.into_iter().max_by_key(|&(_, n)| n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn of(text: &str) -> (Option<char>, char, bool) {
        let place = Place { path: PathBuf::from("x.csv"), compression: None };
        let s = syntax(text.as_bytes(), true, None, &place);
        (s.delimiter.map(char::from), s.quote.map_or(' ', char::from), s.backslash)
    }

    #[test]
    fn delimiters_are_found_in_spite_of_other_punctuation() {
        assert_eq!(of("a,b\n\"x; y; z\",2\n\"p; q\",3\n").0, Some(','));
        assert_eq!(of("a;b;c\n1,5;2,5;x\n2,5;3,5;\"y, z\"\n").0, Some(';'));
        assert_eq!(of("id\ttext\n1\tWell, yes, no\n2\tNo, never\n").0, Some('\t'));
        assert_eq!(of("id|text|n\n1|a|2\n2|b|3\n").0, Some('|'));
        assert_eq!(of("id^text\n1^\"a^b\"\n").0, Some('^'));
    }

    #[test]
    fn one_column_has_no_delimiter() {
        assert_eq!(of("What would help?\nMore parks, please\nLess noise\nNothing, really, no\n").0, None);
        assert_eq!(of("comment\n\"a, b\"\nc\n").0, None);
    }

    #[test]
    fn quotings_are_told_apart() {
        assert_eq!(of("a,b\n\"say \\\"yes, no\\\" now\",1\n\"x\",2\n"), (Some(','), '"', true));
        assert_eq!(of("a,b\n\"C:\\\",1\n\"D:\\\",2\n"), (Some(','), '"', false));
        assert_eq!(of("'a','b'\n'x, y','1'\n"), (Some(','), '\'', false));
        assert_eq!(of("name,b\nit's,1\n"), (Some(','), '"', false));
    }

    #[test]
    fn excel_says_what_it_uses() {
        assert_eq!(of("sep=;\r\na,x;b,y\r\n1;2\r\n").0, Some(';'));
        assert_eq!(announced(b"sep=\t\na"), Some(b'\t'));
        assert_eq!(announced(b"separate"), None);
    }
}
