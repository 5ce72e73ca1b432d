//! SurveyMonkey's header of two rows: questions, blank over all but the first of their columns, and
//! answer options.

use super::{clean, filled};
use crate::config::fold;
use crate::ingest::table::Column;

/// Columns that SurveyMonkey itself adds; the second row is blank under them. Folded.
pub(super) const OWN: &[&str] = &[
    "respondent id",
    "respondentid",
    "respondent_id",
    "collector id",
    "collector_id",
    "date created",
    "date_created",
    "date modified",
    "date_modified",
    "start date",
    "end date",
    "ip address",
    "ip_address",
    "email address",
    "email_address",
    "first name",
    "first_name",
    "last name",
    "last_name",
    "custom data 1",
    "custom_1",
];

/// What the second row says of a question without options.
fn is_marker(option: &str) -> bool {
    matches!(option, "response" | "open-ended response")
}

/// Whether the first rows are such a header.
pub(super) fn has_two_rows(rows: &[Vec<&str>]) -> bool {
    let [questions, options, ..] = rows else { return false };
    let cells: Vec<(String, String)> = (0..questions.len().max(options.len()))
        .map(|i| (fold(questions.get(i).unwrap_or(&"")), fold(options.get(i).unwrap_or(&""))))
        .collect();
    let markers = cells.iter().filter(|(q, o)| !q.is_empty() && is_marker(o)).count();
    let own = cells.iter().filter(|(q, o)| OWN.contains(&q.as_str()) && o.is_empty()).count();
    let carried: Vec<&(String, String)> = cells.iter().skip(1).filter(|(q, _)| q.is_empty()).collect();
    let under = carried.iter().filter(|(_, o)| !o.is_empty()).count();
    let structured = !carried.is_empty() && under * 10 >= carried.len() * 9;
    let own_answered = cells.iter().any(|(q, o)| OWN.contains(&q.as_str()) && !o.is_empty());
    filled(options) > 0
        && !own_answered
        && ((markers >= 1 && (structured || carried.is_empty()))
            || (own >= 1 && (structured || markers >= 1)))
}

/// The columns, and how many rows the header takes. A column is called `Question - Option`, as in
/// SurveyMonkey's flattened form.
pub(super) fn two_rows(rows: &[Vec<&str>]) -> Option<(usize, Vec<Column>)> {
    let [questions, options, ..] = rows else { return None };
    let mut question = String::new();
    let column = |i: usize| {
        let own = clean(questions.get(i).unwrap_or(&""));
        if !own.is_empty() {
            question = own;
        }
        let option = clean(options.get(i).unwrap_or(&""));
        let option = option.trim_start_matches("- ").to_string();
        let option = Some(option).filter(|o| !o.is_empty() && !is_marker(&fold(o)));
        let name = match &option {
            Some(option) => format!("{question} - {option}"),
            None => question.clone(),
        };
        Column { position: i + 1, name, text: question.clone(), option, import_id: None }
    };
    Some((2, (0..questions.len().max(options.len())).map(column).collect()))
}
