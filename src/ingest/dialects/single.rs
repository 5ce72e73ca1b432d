//! Headers of one row: which tool wrote them, and how each tool joins a question and its options.

use super::{clean, options, plain, survey_monkey};
use crate::config::{Dialect, fold};
use crate::ingest::table::Column;

/// The dialect of a header of one row.
pub(super) fn detect(names: &[&str]) -> Dialect {
    let folded: Vec<String> = names.iter().map(|n| fold(n)).collect();
    let has = |name: &str| folded.iter().any(|f| f == name);
    let at = |i: usize| folded.get(i).map_or("", String::as_str);
    if lime_survey_columns(&folded) >= 3 {
        Dialect::LimeSurvey
    } else if at(0) == "id" && at(1) == "start time" && at(2) == "completion time" {
        Dialect::MicrosoftForms
    } else if at(0) == "timestamp" && folded.len() >= 2 {
        Dialect::GoogleForms
    } else if has("response id") && (has("time started") || has("date submitted")) {
        Dialect::Alchemer
    } else if is_flat_survey_monkey(&folded) {
        Dialect::SurveyMonkeyFlat
    } else {
        Dialect::Plain
    }
}

/// SurveyMonkey's id first, and another column of its own or questions with options.
fn is_flat_survey_monkey(folded: &[String]) -> bool {
    let own = |f: &String| survey_monkey::OWN.contains(&f.as_str());
    let id = folded.first().is_some_and(|f| f.starts_with("respondent") && own(f));
    id && (folded.iter().skip(1).any(own)
        || options::by_shared_question(folded, " - ").iter().any(Option::is_some))
}

/// How many of LimeSurvey's own columns there are, by code, by text, or by both (`id. Response ID`).
fn lime_survey_columns(folded: &[String]) -> usize {
    const OWN: &[(&str, &str)] = &[
        ("id", "response id"),
        ("submitdate", "date submitted"),
        ("lastpage", "last page"),
        ("startlanguage", "start language"),
        ("seed", "seed"),
        ("startdate", "date started"),
        ("datestamp", "date last action"),
    ];
    let is = |name: &str, (code, text): &(&str, &str)| {
        let name = name.trim_matches('"');
        name == *code
            || name == *text
            || name.strip_prefix(code).is_some_and(|r| r.trim_start_matches(['.', ' ']) == *text)
    };
    let page = folded.iter().any(|f| OWN.get(2).is_some_and(|own| is(f, own)));
    if page { OWN.iter().filter(|own| folded.iter().any(|f| is(f, own))).count() } else { 0 }
}

/// The columns of a header of one row.
pub(super) fn columns(dialect: Dialect, names: &[&str]) -> Vec<Column> {
    let headings: Vec<String> = names.iter().map(|n| clean(n)).collect();
    let cuts = match dialect {
        Dialect::SurveyMonkeyFlat => options::by_shared_question(&headings, " - "),
        Dialect::Alchemer => options::by_shared_ending(&headings),
        Dialect::GoogleForms => headings.iter().map(|h| options::bracketed(h)).collect(),
        Dialect::LimeSurvey => return headings.iter().enumerate().map(|(i, h)| lime_survey(i, h)).collect(),
        _ => Vec::new(),
    };
    let cut = |i: usize| cuts.get(i).cloned().flatten();
    let column = |(i, heading): (usize, &String)| match cut(i) {
        Some((text, option)) => Column { text, option: Some(option), ..plain(i, heading) },
        None => plain(i, heading),
    };
    headings.iter().enumerate().map(column).collect()
}

/// `Q1`, `Q1[SQ001]`, `Q1. Text`, `Q1[SQ001]. Text [Option]` or `Text [Option]`.
fn lime_survey(i: usize, heading: &str) -> Column {
    let is_code = |c: &str| {
        let bare = c.split_once('[').map_or(c, |(code, _)| code);
        !bare.is_empty() && bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let (code, text) = match heading.split_once(". ") {
        Some((code, text)) if is_code(code) => (code, text.trim()),
        _ => (heading, heading),
    };
    let (text, option) = match options::bracketed(text) {
        Some((text, option)) => (text, Some(option)),
        None => (text.to_string(), options::bracketed(code).map(|(_, option)| option)),
    };
    Column { text, option, ..plain(i, code) }
}
