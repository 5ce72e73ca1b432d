//! The header dialects of survey tools: which one the first rows of an export are in, how many of them
//! are header, and what each column is called. It reads no file and no answer beyond those rows.

mod options;
mod qualtrics;
mod single;
mod summaries;
mod survey_monkey;

use crate::config::{Dialect, fold};
use crate::error::{Error, Result};

use super::table::{Column, Header};

/// How many rows above the data are looked at.
const TITLE_ROWS: usize = 10;

/// The first rows of an export.
pub(super) struct Preview<'a> {
    /// What messages call the file.
    pub place: &'a str,
    /// The first rows that are not blank. Rows of a format that names its columns itself (Parquet, JSON)
    /// begin with those names, and `named` is true.
    pub rows: &'a [Vec<&'a str>],
    /// Whether the header is the first row and nothing else.
    pub named: bool,
    /// The dialect that the configuration declares.
    pub declared: Option<Dialect>,
}

/// A header and how many of the rows it takes.
pub(super) struct Found {
    pub header: Header,
    pub rows: usize,
}

/// Reads the header.
///
/// # Errors
/// `Data` if the rows are a summary or something else without respondents, or are not in the declared
/// dialect.
pub(super) fn read(preview: &Preview) -> Result<Found> {
    if preview.declared.is_none() && !preview.named {
        summaries::refuse(preview)?;
    }
    let (dialect, above) = match preview.declared {
        Some(Dialect::QualtricsLegacy | Dialect::SurveyMonkey) if preview.named => (Dialect::Plain, 0),
        Some(dialect) => (dialect, 0),
        None if preview.named => (single::detect(names(preview, 0)), 0),
        None => detect(preview),
    };
    let (rows, columns) = columns(preview, dialect, above)?;
    Ok(Found { header: Header { dialect, columns }, rows })
}

/// The dialect, and how many title rows stand above the header.
fn detect(preview: &Preview) -> (Dialect, usize) {
    let rows = preview.rows;
    if let Some(dialect) = qualtrics::detect(rows) {
        return (dialect, 0);
    }
    if survey_monkey::has_two_rows(rows) {
        return (Dialect::SurveyMonkey, 0);
    }
    match single::detect(names(preview, 0)) {
        Dialect::Plain => (Dialect::Plain, titles(rows)),
        dialect => (dialect, 0),
    }
}

fn columns(preview: &Preview, dialect: Dialect, above: usize) -> Result<(usize, Vec<Column>)> {
    let rows = preview.rows;
    let found = match dialect {
        Dialect::Qualtrics | Dialect::Qualtrics2016 if !preview.named => qualtrics::with_import_ids(rows),
        Dialect::QualtricsLegacy => qualtrics::legacy(rows),
        Dialect::SurveyMonkey => survey_monkey::two_rows(rows),
        Dialect::Plain if has_codes_above(rows.get(above..).unwrap_or_default()) => {
            Some((above + 2, coded(names(preview, above), names(preview, above + 1))))
        }
        dialect => Some((above + 1, single::columns(dialect, names(preview, above)))),
    };
    found.ok_or_else(|| {
        Error::data(
            format!("has no header of the dialect {dialect:?}"),
            preview.place,
            "Set [input] dialect = \"auto\", or export again with the tool's usual header rows.",
        )
    })
}

fn names<'a>(preview: &'a Preview, row: usize) -> &'a [&'a str] {
    preview.rows.get(row).map(Vec::as_slice).unwrap_or_default()
}

/// White space, also of more than one character and without width, as one space.
pub(super) fn clean(text: &str) -> String {
    let invisible = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    text.split(invisible).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A column of which only a header is known.
fn plain(index: usize, name: &str) -> Column {
    let name = clean(name);
    Column { position: index + 1, text: name.clone(), name, option: None, import_id: None }
}

fn filled(row: &[&str]) -> usize {
    row.iter().filter(|c| !c.trim().is_empty()).count()
}

/// Rows above the header that hold one cell only: a title, a date. The header is then the first row that
/// fills three cells or more without a gap.
fn titles(rows: &[Vec<&str>]) -> usize {
    let title = |row: &Vec<&str>| filled(row) == 1 && row.first().is_some_and(|c| !c.trim().is_empty());
    let above = rows.iter().take(TITLE_ROWS).take_while(|r| title(r)).count();
    match rows.get(above) {
        Some(header) if above > 0 && filled(header) >= 3 => {
            let gap = header.iter().take(filled(header)).any(|c| c.trim().is_empty());
            if gap { 0 } else { above }
        }
        _ => 0,
    }
}

/// Whether a row of codes (`Ident 1`, `Q2_1`) stands above a row of question texts.
fn has_codes_above(rows: &[Vec<&str>]) -> bool {
    let [codes, texts, ..] = rows else { return false };
    let texts: Vec<String> = texts.iter().map(|t| fold(t)).filter(|t| !t.is_empty()).collect();
    let codes: Vec<&str> = codes.iter().copied().filter(|c| !c.trim().is_empty()).collect();
    let asks = texts.iter().filter(|t| t.contains('?') || t.ends_with(':')).count();
    let number = texts.iter().any(|t| t.parse::<f64>().is_ok());
    codes.len() >= 2
        && codes.len() == texts.len()
        && codes.iter().all(|c| is_code(c))
        && asks * 2 >= texts.len()
        && !number
}

/// One short word and a number, such as `Ident 1`, `Q3`, `Q2_1`, `Q7a`.
fn is_code(name: &str) -> bool {
    let name = name.trim();
    let word = name.chars().take_while(|c| c.is_ascii_alphabetic()).count();
    let rest = name.get(word..).unwrap_or_default().trim_start_matches([' ', '_']);
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let tail = rest.get(digits..).unwrap_or_default();
    (1..=12).contains(&word)
        && digits >= 1
        && tail.len() <= 6
        && tail.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '#' | '-'))
}

fn coded(codes: &[&str], texts: &[&str]) -> Vec<Column> {
    let cell = |row: &[&str], i: usize| clean(row.get(i).copied().unwrap_or(""));
    (0..codes.len().max(texts.len()))
        .map(|i| Column { text: cell(texts, i), ..plain(i, &cell(codes, i)) })
        .collect()
}

#[cfg(test)]
mod tests;
