//! What a column is: judged by its header and by what it holds. Owns the order in
//! which the possibilities are tried.

use super::counts::Value;
use super::fields::Field;
use super::kinds::{MOST_OPTIONS, delimited, levels, likert, listed, numeric};
use super::looks::Look;
use super::profile::Profile;
use super::scales::{Scale, scale};
use super::several::is_ticked;
use super::words::{self, Division, Words};
use crate::config::fold;

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
    let few = p.answers() >= 60 && (2..=8).contains(&values.len()) && values.iter().all(|v| v.count >= 5);
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
    // "8", "9", "10 or older" are in an order and still ages.
    let opinion = matches!(&on_scale, Some(Asked::Likert { scale, .. }) if scale.name != "numbered");
    if let Some(division) = division.filter(|_| !opinion) {
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

#[cfg(test)]
mod tests;
