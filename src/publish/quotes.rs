//! Released quotes as Parquet, Markdown, CSV and JSON.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Builder, ListBuilder, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;

use super::parquet::{failure, field, write, writer};
use super::responses::list;
use super::staging::StagedFile;
use crate::config::Plan;
use crate::error::{Error, Result};
use crate::protect::Released;
use crate::protect::quotes::Quote;

/// Writes release/quotes.parquet.
///
/// # Errors
/// `Environment` if writing fails.
pub fn write_parquet(
    file: StagedFile,
    plan: &Plan,
    quotes: &Released<Vec<Quote>>,
    meta: &[(String, String)],
) -> Result<()> {
    let path = file.path().to_path_buf();
    let batch = batch(plan, quotes)?;
    let mut w = writer(file, &batch.schema(), meta)?;
    write(&mut w, &batch, &path)?;
    w.into_inner().map_err(|e| failure(e, &path))?.finish()
}

fn batch(plan: &Plan, quotes: &[Quote]) -> Result<RecordBatch> {
    let mut themes = ListBuilder::new(StringBuilder::new()).with_field(Arc::new(Field::new(
        "item",
        DataType::Utf8,
        false,
    )));
    let mut score = Float32Builder::new();
    for q in quotes {
        q.themes.iter().for_each(|t| themes.values().append_value(t));
        themes.append(true);
        score.append_value(q.score);
    }
    let mut fields = vec![
        field("quote_id", DataType::Utf8, false, "Stable within a release"),
        field("question", DataType::Utf8, false, "The question's id"),
        field("themes", list(DataType::Utf8), false, "Ids of the themes decided"),
        field("text", DataType::Utf8, false, "An exact span of the redacted answer"),
        field("attribution", DataType::Utf8, false, "As printed"),
    ];
    let mut columns: Vec<ArrayRef> = vec![
        strings(quotes.iter().map(|q| Some(q.quote_id.as_str()))),
        strings(quotes.iter().map(|q| Some(q.question.as_str()))),
        Arc::new(themes.finish()),
        strings(quotes.iter().map(|q| Some(q.text.as_str()))),
        strings(quotes.iter().map(|q| Some(q.attribution.as_str()))),
    ];
    for &g in &plan.quotes.attribution {
        let group = &plan.groups[g];
        let text = format!("{}: the level's id; null where not named", group.label);
        fields.push(field(&group.id, DataType::Utf8, true, &text));
        columns.push(strings(quotes.iter().map(|q| level(q, &group.id))));
    }
    fields.push(field("rule", DataType::Utf8, false, "How the attribution was generalised"));
    fields.push(field("score", DataType::Float32, false, "Score of the theme it was chosen for, 0 to 1"));
    columns.push(strings(quotes.iter().map(|q| Some(q.rule.as_str()))));
    columns.push(Arc::new(score.finish()));
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(|e| Error::Internal(e.to_string()))
}

fn level<'a>(q: &'a Quote, group: &str) -> Option<&'a str> {
    q.groups.iter().find(|(g, _)| g == group).map(|(_, l)| l.as_str())
}

fn strings<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut column = StringBuilder::new();
    values.for_each(|v| column.append_option(v));
    Arc::new(column.finish())
}

/// Prints quotes as Markdown block quotes, ready for a document.
///
/// # Errors
/// `Environment` if writing fails.
pub fn write_markdown(out: &mut impl Write, quotes: &Released<Vec<Quote>>) -> Result<()> {
    quotes
        .iter()
        .try_for_each(|q| writeln!(out, "> \"{}\"\n> \\- {}\n", markdown(&q.text), markdown(&q.attribution)))
        .map_err(|e| Error::io("write", Path::new("standard output"), &e))
}

/// Escapes what Markdown would read as markup, so that the words are printed as written.
fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Prints quotes as CSV. A cell that a spreadsheet would take for a formula gets an apostrophe.
///
/// # Errors
/// `Environment` if writing fails.
pub fn write_csv(out: impl Write, quotes: &Released<Vec<Quote>>) -> Result<()> {
    let mut w = csv::Writer::from_writer(out);
    let failure = |e: csv::Error| match e.into_kind() {
        csv::ErrorKind::Io(e) => Error::io("write", Path::new("standard output"), &e),
        other => Error::Internal(format!("{other:?}")),
    };
    let header = ["quote_id", "question", "themes", "text", "attribution", "rule", "score"];
    w.write_record(header).map_err(failure)?;
    for q in quotes.iter() {
        let themes = q.themes.join(";");
        let score = format!("{:.3}", q.score);
        let cells = [&q.quote_id, &q.question, &themes, &q.text, &q.attribution, &q.rule, &score];
        w.write_record(cells.map(|c| inert(c))).map_err(failure)?;
    }
    w.flush().map_err(|e| Error::io("write", Path::new("standard output"), &e))
}

fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_string() }
}

/// Prints quotes as a JSON array.
///
/// # Errors
/// `Environment` if writing fails.
pub fn write_json(mut out: impl Write, quotes: &Released<Vec<Quote>>) -> Result<()> {
    serde_json::to_writer_pretty(&mut out, &**quotes)
        .map_err(std::io::Error::from)
        .and_then(|()| writeln!(out))
        .map_err(|e| Error::io("write", Path::new("standard output"), &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_inert_and_markup_is_escaped() {
        assert_eq!(inert("=1+1"), "'=1+1");
        assert_eq!(inert("1+1"), "1+1");
        assert_eq!(markdown("[name] is *mean* <b>"), "\\[name\\] is \\*mean\\* \\<b\\>");
    }
}
