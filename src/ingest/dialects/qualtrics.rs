//! Qualtrics headers: names, question texts and ImportIds in three rows; the 2016 form with single
//! quotes; the legacy form in two rows.

use std::collections::BTreeMap;

use super::{clean, filled, options, plain};
use crate::config::{Dialect, fold};
use crate::ingest::table::Column;

/// Columns that Qualtrics itself adds, folded and without spaces.
const OWN: &[&str] = &[
    "startdate",
    "enddate",
    "status",
    "ipaddress",
    "progress",
    "duration(inseconds)",
    "finished",
    "recordeddate",
    "responseid",
    "responseset",
    "recipientlastname",
    "recipientfirstname",
    "recipientemail",
    "externalreference",
    "externaldatareference",
    "locationlatitude",
    "locationlongitude",
    "locationaccuracy",
    "distributionchannel",
    "userlanguage",
];

/// Which of the Qualtrics forms the first rows are in.
pub(super) fn detect(rows: &[Vec<&str>]) -> Option<Dialect> {
    if let Some(row) = import_row(rows).and_then(|at| rows.get(at)) {
        let single = row.iter().any(|c| c.trim_start().starts_with("{'"));
        return Some(if single { Dialect::Qualtrics2016 } else { Dialect::Qualtrics });
    }
    let [names, texts, ..] = rows else { return None };
    let pairs = || names.iter().zip(texts).map(|(n, t)| (squeeze(n), squeeze(t)));
    let own = pairs().filter(|(n, t)| n == t && OWN.contains(&n.as_str())).count();
    let numbered = pairs().any(|(n, t)| n == "v1" && t == "responseid");
    (own >= 3 || numbered).then_some(Dialect::QualtricsLegacy)
}

fn squeeze(name: &str) -> String {
    fold(name).replace([' ', '_'], "")
}

/// The row of ImportIds: the second or third, with titles above it perhaps more.
fn import_row(rows: &[Vec<&str>]) -> Option<usize> {
    let is_id = |c: &&&str| import_id(c).is_some();
    let found = |row: &Vec<&str>| {
        let ids = row.iter().filter(is_id).count();
        ids > 0 && ids * 2 >= filled(row)
    };
    rows.iter().take(6).position(found).filter(|&at| at > 0)
}

/// The ImportId that a cell such as `{"ImportId":"QID7","choiceId":"2"}` or `{'ImportId': u'QID1'}` holds.
/// With a choice it is `QID7_2`.
fn import_id(cell: &str) -> Option<String> {
    let cell = cell.trim();
    if !cell.starts_with('{') {
        return None;
    }
    let id = value(cell, "ImportId")?;
    Some(match value(cell, "choiceId") {
        Some(choice) => format!("{id}_{choice}"),
        None => id.to_string(),
    })
}

fn value<'a>(cell: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = cell.split_once(key)?;
    let rest = rest.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':')?.trim_start();
    let rest = rest.strip_prefix('u').unwrap_or(rest);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split_once(quote).map(|(value, _)| value)
}

/// The columns of a header with ImportIds, and how many rows it takes. A header of two rows has no
/// question texts.
pub(super) fn with_import_ids(rows: &[Vec<&str>]) -> Option<(usize, Vec<Column>)> {
    let at = import_row(rows)?;
    let ids = rows.get(at)?;
    let names = rows.get(at.saturating_sub(2))?;
    let texts = rows.get(at - 1)?;
    let mut columns = pair(names, texts);
    for (column, id) in columns.iter_mut().zip(ids) {
        column.import_id = import_id(id);
    }
    let base = |c: &Column| c.import_id.as_deref().map(question_of_id);
    cut_options(&mut columns, base);
    Some((at + 1, columns))
}

/// The columns of a header of names and texts.
pub(super) fn legacy(rows: &[Vec<&str>]) -> Option<(usize, Vec<Column>)> {
    let [names, texts, ..] = rows else { return None };
    let mut columns = pair(names, texts);
    cut_options(&mut columns, |c| c.name.rsplit_once('_').map(|(base, _)| base.to_string()));
    Some((2, columns))
}

fn pair(names: &[&str], texts: &[&str]) -> Vec<Column> {
    let text = |i: usize| texts.get(i).map(|t| clean(t)).filter(|t| !t.is_empty());
    (0..names.len().max(texts.len()))
        .map(|i| {
            let column = plain(i, names.get(i).copied().unwrap_or(""));
            Column { text: text(i).unwrap_or(column.name.clone()), ..column }
        })
        .collect()
}

/// `QID7` for `QID7_2`, `QID7-2-1`, `QID7#1_2`; loops (`1_QID7`) stay apart.
fn question_of_id(id: &str) -> String {
    let from = id.find("QID").map_or(0, |at| at + 3);
    let end = id.get(from..).and_then(|rest| rest.find(['_', '-'])).map_or(id.len(), |n| from + n);
    id.get(..end).unwrap_or(id).to_string()
}

/// Cuts the texts of questions with several columns into question and option. A column for text written
/// beside an option (`_TEXT`) is a question of its own.
fn cut_options(columns: &mut [Column], base: impl Fn(&Column) -> Option<String>) {
    let mut questions: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, column) in columns.iter().enumerate() {
        let written = |s: &str| s.to_uppercase().ends_with("TEXT");
        if written(&column.name) || column.import_id.as_deref().is_some_and(written) {
            continue;
        }
        if let Some(question) = base(column) {
            questions.entry(question).or_default().push(i);
        }
    }
    for members in questions.values().filter(|m| m.len() >= 2) {
        let texts: Vec<&str> =
            members.iter().filter_map(|&i| columns.get(i)).map(|c| c.text.as_str()).collect();
        let Some(cuts) = options::by_common_beginning(&texts) else { continue };
        for (&i, (question, option)) in members.iter().zip(cuts) {
            if let Some(column) = columns.get_mut(i) {
                column.text = question;
                column.option = Some(option);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn import_ids_are_read_in_every_spelling() {
        for (cell, id) in [
            (r#"{"ImportId":"QID1"}"#, Some("QID1")),
            (r#"{"ImportId": "startDate", "timeZone":"Europe/London"}"#, Some("startDate")),
            (r#"{"ImportId":"QID7","choiceId":"2"}"#, Some("QID7_2")),
            ("{'ImportId': u'QID3-TEXT'}", Some("QID3-TEXT")),
            ("{'ImportId': 'responseId'}", Some("responseId")),
            ("QID1", None),
            ("{}", None),
            ("{\"ImportId\"", None),
        ] {
            assert_eq!(import_id(cell).as_deref(), id, "{cell}");
        }
    }

    #[test]
    fn ids_belong_to_questions() {
        for (id, question) in [
            ("QID7_2", "QID7"),
            ("QID4-1-3", "QID4"),
            ("1_QID31_2", "1_QID31"),
            ("QID6#1-2", "QID6#1"),
            ("QID27", "QID27"),
            ("x\u{e9}QID\u{e9}_1", "x\u{e9}QID\u{e9}"),
        ] {
            assert_eq!(question_of_id(id), question);
        }
    }
}
