//! What kind of question a column is, by what it holds: the values of a closed one, the order of a scale,
//! numbers, several answers in a cell, bands of ages. It looks at no header but for words of rating.

use super::counts::Value;
use super::decide::{Asked, Levels, Options};
use super::fields::Field;
use super::profile::{DELIMITERS, Profile, personal as holds_personal};
use super::scales::{Scale, numbered, scale};
use super::several::merged_pieces;
use super::words::{Division, Words};

/// Fewer rows than this are a small file: there, values need not recur.
const SMALL: u64 = 100;
/// Most different values of a closed question in a small file, and most characters of each.
const SMALL_VALUES: usize = 12;
const SMALL_CHARACTERS: usize = 40;
/// Most options of a closed question.
pub(super) const MOST_OPTIONS: usize = 40;

/// The values of a closed question, if the column looks like one.
pub(super) fn listed(p: &Profile, rows: u64, most: usize) -> Option<Options> {
    let all = p.values.values();
    let short = |v: &Value| v.written.chars().count() <= SMALL_CHARACTERS && !holds_personal(&v.written);
    let few = rows < SMALL && all.len() <= SMALL_VALUES && p.long == 0 && all.iter().all(short);
    let told_apart = all.len() as u64 == p.answers() && all.len() >= 3 && p.mean_words() >= 3.0;
    let written = || all.iter().map(|v| v.written.clone()).collect::<Vec<_>>();
    if few && (!told_apart || scale(&written()).is_some()) {
        return Some(options(all, p.answers()));
    }
    let recurring = p.recurring();
    let covered: u64 = recurring.iter().map(|v| v.count).sum();
    let closed = (1..=most).contains(&recurring.len()) && covered * 5 >= p.answers() * 4;
    closed.then(|| options(recurring, p.answers()))
}

/// Values in the order in which they are printed: by number where they have one, else most frequent first.
fn options(mut values: Vec<Value>, answers: u64) -> Options {
    let covered: u64 = values.iter().map(|v| v.count).sum();
    let has = |word: &str| values.iter().any(|v| v.folded == word);
    if has("yes") && has("no") {
        values.sort_by_key(|v| match v.folded.as_str() {
            "yes" => 0,
            "no" => 2,
            _ => 1,
        });
    } else if values.iter().all(|v| first_number(&v.written).is_some()) {
        values.sort_by_key(|v| first_number(&v.written));
    }
    Options {
        values: values.into_iter().map(|v| v.written).collect(),
        unlisted: answers.saturating_sub(covered),
    }
}

/// The first number in a value, with what comes below it first: "Under 5", "5-9", "10+".
fn first_number(value: &str) -> Option<(u64, bool)> {
    let plain = value.replace(',', "");
    let start = plain.find(|c: char| c.is_ascii_digit())?;
    let digits = plain.get(start..)?.chars().take_while(char::is_ascii_digit).collect::<String>();
    let before = Words::of(plain.get(..start)?);
    let below = ["under", "below", "less", "up", "younger", "fewer"].iter().any(|w| before.has(w));
    Some((digits.parse().ok()?, !below))
}

/// The scale that the listed values are on.
pub(super) fn likert(options: &Options, p: &Profile) -> Option<Asked> {
    if p.is_numeric() {
        return None;
    }
    let by_number =
        || numbered(&options.values).map(|values| Scale { name: "numbered", values, sides: None });
    let scale = scale(&options.values).or_else(by_number)?;
    Some(Asked::Likert { scale, unlisted: options.unlisted, numbers_only: false })
}

/// Numbers: a few consecutive codes are a scale, two are a choice, the rest is a quantity.
pub(super) fn numeric(p: &Profile, words: &Words) -> Asked {
    let n = &p.numbers;
    let quantity = ["how many", "number of", "how much", "how long", "rank"].iter().any(|q| words.has(q));
    if !n.all_whole() || n.least < 0.0 || n.most > 10.0 || quantity {
        return Asked::Number;
    }
    let (least, most) = (n.least as u32, n.most as u32);
    let (low, high) = match range_in(words) {
        Some((low, high)) if low <= least && most <= high => (low, high),
        _ => (least.min(1), most),
    };
    let codes = |low: u32, high: u32| (low..=high).map(|i| i.to_string()).collect::<Vec<_>>();
    match high - low {
        0 | 1 => Asked::Single(Options { values: codes(least, most), unlisted: 0 }),
        2..=6 if high <= 7 && (high - low >= 4 || rates(words)) => {
            let scale = Scale { name: "numbers", values: codes(low, high), sides: None };
            Asked::Likert { scale, unlisted: 0, numbers_only: true }
        }
        2..=6 if high <= 7 => Asked::Single(Options { values: codes(low, high), unlisted: 0 }),
        _ => Asked::Number,
    }
}

/// Whether a header asks for a rating.
fn rates(words: &Words) -> bool {
    let cues = [
        "agree",
        "rate",
        "rating",
        "scale",
        "extent",
        "satisfied",
        "likely",
        "important",
        "often",
        "happy",
        "safe",
        "worried",
        "score",
        "how well",
        "how good",
        "feel",
        "level",
    ];
    cues.iter().any(|c| words.has(c)) || range_in(words).is_some()
}

/// A range that the header names: "from 1 to 5", "0-10".
fn range_in(words: &Words) -> Option<(u32, u32)> {
    let range =
        |low: u32, high: u32| words.has(&format!("{low} to {high}")) || words.has(&format!("{low} {high}"));
    (0..=1).flat_map(|low| (3..=10).map(move |high| (low, high))).find(|(low, high)| range(*low, *high))
}

/// Options parted by a delimiter: the pieces recur, and there are fewer of them than of whole values.
pub(super) fn delimited(p: &Profile, listed: &Option<Options>) -> Option<Asked> {
    let whole = listed.as_ref().map_or(usize::MAX, |o| o.values.len());
    DELIMITERS.iter().zip(&p.pieces).find_map(|(delimiter, pieces)| {
        if pieces.cut < 2 || pieces.cut * 20 < p.answers() {
            return None;
        }
        let (merged, total) = merged_pieces(p, pieces, delimiter);
        let short = |v: &Value| v.written.chars().count() <= SMALL_CHARACTERS;
        let few = p.answers() < SMALL && merged.len() <= SMALL_VALUES && merged.iter().all(short);
        let need = if few { 1 } else { (p.answers() / 10_000).max(3) };
        let kept: Vec<Value> =
            merged.into_iter().filter(|v| v.count >= need && !holds_personal(&v.written)).collect();
        let covered: u64 = kept.iter().map(|v| v.count).sum();
        let words: usize = kept.iter().map(|v| v.written.split_whitespace().count()).sum();
        let fits = (2..=MOST_OPTIONS).contains(&kept.len())
            && kept.len() < whole
            && covered * 4 >= total * 3
            && words <= kept.len() * 12;
        fits.then(|| Asked::Delimited { options: options(kept, total), delimiter: delimiter.to_string() })
    })
}

/// The levels of a division: bands of ages, or values.
pub(super) fn levels(field: &Field, division: &Division) -> Option<Levels> {
    let p = &field.profile;
    let distinct = p.values.distinct();
    if division.id == "age" && p.is_numeric() && p.numbers.least >= 0.0 && distinct >= 2 {
        return bands(p).map(Levels::Bands);
    }
    let options = listed(p, field.rows, division.levels).filter(|o| o.values.len() >= 2)?;
    // Ages in words come in their order; others stay as they are listed.
    Some(Levels::Values(options))
}

/// Bands that cover the ages that are there.
fn bands(p: &Profile) -> Option<Vec<(String, f64, f64)>> {
    let (least, most) = (p.numbers.least, p.numbers.most);
    if most > 120.0 {
        return None;
    }
    let starts: &[u32] = match most > 30.0 {
        true => &[0, 4, 9, 12, 15, 18, 25, 35, 45, 55, 65],
        false => &[0, 4, 9, 12, 15, 18],
    };
    let step = if p.numbers.all_whole() { 1.0 } else { 0.01 };
    let bands = starts.iter().enumerate().map(|(i, &start)| {
        let (name, high) = match starts.get(i + 1) {
            Some(&next) => (format!("{start}-{}", next - 1), f64::from(next) - step),
            None => (format!("{start}+"), 120.0),
        };
        (name, f64::from(start), high, starts.get(i + 1).copied().unwrap_or(121))
    });
    let somebody = |from: u32, to: u32, whole: bool| match whole {
        true => (from..to).any(|age| p.numbers.has(age)),
        false => f64::from(from) <= most && least < f64::from(to),
    };
    let whole = p.numbers.all_whole();
    let used: Vec<(String, f64, f64)> = bands
        .filter(|(_, start, _, next)| somebody(*start as u32, *next, whole))
        .map(|(name, low, high, _)| (name, low, high))
        .collect();
    (used.len() >= 2).then_some(used)
}
