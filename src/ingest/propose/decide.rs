//! What a column is: judged by its header and by what it holds. Owns the thresholds of that judgement;
//! values are taken into a proposal only if they recur or are on a known scale.

use super::counts::Value;
use super::fields::Field;
use super::looks::Look;
use super::profile::{DELIMITERS, Profile, personal as holds_personal};
use super::scales::{Scale, numbered, scale};
use super::several::{is_ticked, merged_pieces};
use super::words::{self, Division, Words};
use crate::config::fold;

/// Fewer rows than this are a small file: there, values need not recur.
const SMALL: u64 = 100;
/// Most different values of a closed question in a small file, and most characters of each.
const SMALL_VALUES: usize = 12;
const SMALL_CHARACTERS: usize = 40;
/// Most options of a closed question.
const MOST_OPTIONS: usize = 40;

/// What a column is.
#[derive(Debug)]
pub(super) enum Role {
    /// Nothing is in it.
    Empty,
    /// It says who somebody is, and must not be used; why.
    Personal(&'static str),
    /// The survey tool's own; what.
    Tool(&'static str),
    /// An id that is not the respondent's.
    OtherId,
    /// Everybody's answer is the same.
    Constant,
    /// The box beside "other".
    OtherBox,
    /// A division written in free words.
    FreeDivision,
    RespondentId,
    Weight,
    /// A division of respondents.
    Group(&'static Division, Levels),
    /// One column of a multiple question.
    Part,
    /// The first column of a multiple question, and all of its columns.
    Several(Vec<usize>),
    Question(Asked),
}

/// The levels of a group.
#[derive(Debug)]
pub(super) enum Levels {
    Values(Options),
    /// Named closed intervals.
    Bands(Vec<(String, f64, f64)>),
}

/// What kind of question it is.
#[derive(Debug)]
pub(super) enum Asked {
    Text,
    Number,
    Likert { scale: Scale, unlisted: u64, numbers_only: bool },
    Single(Options),
    Delimited { options: Options, delimiter: String },
}

/// Values that may be listed, and how many answers hold others.
#[derive(Debug)]
pub(super) struct Options {
    pub values: Vec<String>,
    pub unlisted: u64,
}

/// What a column is by itself, before columns are seen together; `None`: an answer of some kind.
pub(super) fn alone(field: &Field, everywhere: bool) -> Option<Role> {
    let (p, words) = (&field.profile, header_words(field));
    if is_weight(field, &words) && everywhere {
        return Some(Role::Weight);
    }
    let named = named_personal(field);
    if let Some(why) = named.filter(|_| !is_plainly_closed(p)) {
        return Some(Role::Personal(why));
    }
    if let Some(what) =
        words::bookkeeping(&words).or_else(|| words::bookkeeping(&Words::of(&field.column.name)))
    {
        return Some(Role::Tool(what));
    }
    if p.answers() == 0 {
        return Some(Role::Empty);
    }
    if let Some(why) = shown_personal(p) {
        return Some(Role::Personal(why));
    }
    if p.share(Look::Date) >= 0.8 {
        return Some(Role::Tool("dates"));
    }
    is_id(field).then_some(Role::OtherId)
}

/// Words of the header as people read it.
pub(super) fn header_words(field: &Field) -> Words {
    Words::of(&field.words())
}

fn named_personal(field: &Field) -> Option<&'static str> {
    let header = [field.words(), field.column.name.clone()];
    // "Email" among tick boxes is an option; over what people typed it is not.
    let option = field.column.option.as_deref().filter(|_| field.profile.answers() > 0 && !is_ticked(field));
    let says = |h: &str| words::personal(&Words::of(h));
    match &field.column.option {
        None => header.iter().find_map(|h| says(h)),
        Some(_) => option.and_then(says),
    }
}

/// Scales of one kind are one scale: a question that not everybody answered takes the steps that another
/// question has.
pub(super) fn share_scales(roles: &mut [Role]) {
    let scales: Vec<Scale> = roles.iter().filter_map(|r| on_scale(r).cloned()).collect();
    for role in roles.iter_mut() {
        let Some(own) = on_scale(role) else { continue };
        let has = |s: &Scale, v: &String| s.values.iter().any(|w| fold(w) == fold(v));
        let holds = |s: &&Scale| s.name == own.name && own.values.iter().all(|v| has(s, v));
        let wider = scales.iter().filter(holds).max_by_key(|s| s.values.len());
        let Some(wider) = wider.filter(|s| s.values.len() > own.values.len()).cloned() else { continue };
        if let Role::Question(Asked::Likert { scale, numbers_only: false, .. }) = role {
            *scale = wider;
        }
    }
}

fn on_scale(role: &Role) -> Option<&Scale> {
    match role {
        Role::Question(Asked::Likert { scale, numbers_only: false, .. }) => Some(scale),
        _ => None,
    }
}

/// Yes and no, ticks, a known scale or a few short levels: not who somebody is, whatever the header.
fn is_plainly_closed(p: &Profile) -> bool {
    let values = p.values.values();
    let written: Vec<String> = values.iter().map(|v| v.written.clone()).collect();
    let yes = |v: &Value| matches!(v.folded.as_str(), "yes" | "no" | "true" | "false" | "0" | "1" | "maybe");
    let few = p.answers() >= 60 && values.len() <= 8 && values.iter().all(|v| v.count >= 5);
    p.answers() > 0 && (values.iter().all(yes) || scale(&written).is_some() || few)
}

fn shown_personal(p: &Profile) -> Option<&'static str> {
    let tests = [
        (Look::Email, 0.2, "email addresses"),
        (Look::NetworkAddress, 0.5, "network addresses"),
        (Look::Phone, 0.5, "telephone numbers"),
        (Look::Postcode, 0.5, "full postcodes"),
        (Look::Url, 0.5, "web addresses"),
    ];
    tests.iter().find(|(look, share, _)| p.share(*look) >= *share).map(|(_, _, why)| *why)
}

fn is_weight(field: &Field, words: &Words) -> bool {
    let p = &field.profile;
    let named = words::is_weight(words) || words::is_weight(&Words::of(&field.column.name));
    named
        && p.filled == field.rows
        && p.is_numeric()
        && p.numbers.positive == p.filled
        && p.numbers.least < p.numbers.most
}

/// How surely a field is the respondent's id, if it can be: 0 is surest.
pub(super) fn id_rank(field: &Field) -> Option<usize> {
    let by_words = words::id_rank(&header_words(field)).into_iter();
    let named = by_words.chain(words::id_rank(&Words::of(&field.column.name))).min();
    let coded =
        field.rows >= 20 && field.profile.share(Look::Code) >= 0.8 && field.profile.numbers.count == 0;
    named.or(coded.then_some(usize::MAX))
}

/// Whether a column holds ids of anything: it must not become a question.
fn is_id(field: &Field) -> bool {
    let p = &field.profile;
    let named = id_rank(field).is_some() && p.mean_words() <= 1.5;
    let coded = p.answers() >= 20 && p.share(Look::Code) >= 0.8 && !p.is_numeric();
    let mostly_different = p.values.distinct() as u64 * 2 > p.answers() || p.values.pruned;
    (named && (p.all_differ() || p.share(Look::Code) >= 0.5)) || (coded && mostly_different)
}

/// What an answer column is, once it is known to be no part of a multiple question.
pub(super) fn answer(field: &Field) -> Role {
    let (p, words) = (&field.profile, header_words(field));
    let option = field.column.option.as_deref().unwrap_or("");
    if p.answers() == 0 {
        return Role::Empty;
    }
    if p.answers() >= 5 && p.values.distinct() == 1 && p.long == 0 {
        return Role::Constant;
    }
    let listed = listed(p, field.rows, MOST_OPTIONS);
    if words::is_other_box(option)
        || words::is_other_box(&field.column.name)
        || words::is_other_box(&field.words())
    {
        return Role::OtherBox;
    }
    let on_scale = listed.as_ref().and_then(|o| likert(o, p));
    let name_words = Words::of(&field.column.name);
    let division = words::division(&words).or_else(|| words::division(&name_words));
    if let (Some(division), None) = (division, &on_scale) {
        match levels(field, division) {
            Some(levels) => return Role::Group(division, levels),
            None if words.len() <= 12
                && p.mean_words() < 4.0
                && !p.is_numeric()
                && delimited(p, &listed).is_none() =>
            {
                return Role::FreeDivision;
            }
            None => {}
        }
    }
    Role::Question(question(field, &words, listed, on_scale))
}

/// What kind of question a column is, whatever else it could be.
pub(super) fn as_question(field: &Field) -> Asked {
    let p = &field.profile;
    let listed = listed(p, field.rows, MOST_OPTIONS);
    let on_scale = listed.as_ref().and_then(|o| likert(o, p));
    question(field, &header_words(field), listed, on_scale)
}

fn question(field: &Field, words: &Words, listed: Option<Options>, on_scale: Option<Asked>) -> Asked {
    let p = &field.profile;
    if p.is_numeric() {
        return numeric(p, words);
    }
    if let Some(likert) = on_scale {
        return likert;
    }
    if let Some(several) = delimited(p, &listed) {
        return several;
    }
    let wordy = words::asks_for_words(words) && p.values.distinct() as u64 * 2 > p.answers();
    match listed {
        Some(options) if !wordy => Asked::Single(options),
        _ => Asked::Text,
    }
}

/// The values of a closed question, if the column looks like one.
fn listed(p: &Profile, rows: u64, most: usize) -> Option<Options> {
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
fn likert(options: &Options, p: &Profile) -> Option<Asked> {
    if p.is_numeric() {
        return None;
    }
    let by_number =
        || numbered(&options.values).map(|values| Scale { name: "numbered", values, sides: None });
    let scale = scale(&options.values).or_else(by_number)?;
    Some(Asked::Likert { scale, unlisted: options.unlisted, numbers_only: false })
}

/// Numbers: a few consecutive codes are a scale, two are a choice, the rest is a quantity.
fn numeric(p: &Profile, words: &Words) -> Asked {
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
fn delimited(p: &Profile, listed: &Option<Options>) -> Option<Asked> {
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
fn levels(field: &Field, division: &Division) -> Option<Levels> {
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

#[cfg(test)]
mod tests;
