//! What `bigask check` says: the mapping, every base, every reject, every value that nothing names.
//! Owns the rule on which values may be shown; it writes nothing and changes nothing.

mod render;
mod tally;
mod warnings;

use std::path::PathBuf;

use serde::Serialize;

use super::blocks::{Input, Reader};
use super::mapping::describe;
use super::{InputFacts, Reason};
use crate::config::{Dialect, Plan};
use crate::error::Result;
use crate::observe::check_interrupt;
use tally::Tally;

/// A value is shown only if at least so many answers hold it: rarer ones may be somebody's words.
pub const SHOWN_FROM: u64 = 3;
/// A value is shown only if it has no more characters than this.
pub const SHOWN_CHARACTERS: usize = 60;

/// What a dry run found. `Display` prints it for people, `Serialize` for programs.
#[derive(Debug, Clone, Serialize)]
pub struct Survey {
    /// The consultation's name.
    pub name: String,
    /// Rows read: accepted and rejected.
    pub rows: u64,
    /// Rows that become respondents.
    pub accepted: u64,
    /// Rows that do not.
    pub rejected: u64,
    /// The rejected rows by reason and column, most first.
    pub rejects: Vec<Rejects>,
    /// The files, as they were given.
    pub files: Vec<FileReport>,
    /// Where the respondent id stands, file by file; empty: rows are numbered.
    pub respondent_id: Vec<Place>,
    /// Where the weight stands, and how it is spread.
    pub weight: Option<WeightReport>,
    /// The questions, in the plan's order.
    pub questions: Vec<QuestionReport>,
    /// The groups, in the plan's order; the last is `instrument`.
    pub groups: Vec<GroupReport>,
    /// What is probably not meant.
    pub warnings: Vec<String>,
}

/// Rows rejected for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejects {
    /// The reason, as in rejected.parquet.
    pub reason: &'static str,
    /// The column at fault, where it is one.
    pub column: Option<String>,
    /// Rows.
    pub count: u64,
    /// The first row's file.
    pub first_file: PathBuf,
    /// The first row's line in it.
    pub first_line: u64,
}

/// A file and how it was read.
#[derive(Debug, Clone, Serialize)]
pub struct FileReport {
    /// Size, checksum, encoding, rows.
    #[serde(flatten)]
    pub facts: InputFacts,
    /// The header's form.
    pub dialect: Dialect,
    /// Columns in the header.
    pub columns: usize,
    /// The columns that nothing uses.
    pub unused: Vec<NamedColumn>,
}

/// A column, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedColumn {
    /// 1-based place in the file.
    pub position: usize,
    /// What the header calls it.
    pub name: String,
}

/// The columns that one thing stands in, in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// Its columns; none where the instrument did not ask.
    pub columns: Vec<NamedColumn>,
}

/// The weight column.
#[derive(Debug, Clone, Serialize)]
pub struct WeightReport {
    /// Where it stands.
    pub places: Vec<Place>,
    /// Smallest, largest and mean weight of accepted rows.
    pub range: Option<NumberRange>,
}

/// The spread of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct NumberRange {
    pub least: f64,
    pub most: f64,
    pub mean: f64,
}

/// A question's bases.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionReport {
    /// Its id.
    pub id: String,
    /// How it is printed.
    pub label: String,
    /// text, likert, single, multiple or number.
    pub kind: &'static str,
    /// Where it stands, file by file.
    pub places: Vec<Place>,
    /// Respondents whose instrument asked it: answered and skipped.
    pub shown: u64,
    /// Respondents who answered.
    pub answered: u64,
    /// Respondents who left it empty, gave a missing value or a value that nothing names.
    pub skipped: u64,
    /// Respondents whose instrument did not ask it.
    pub not_shown: u64,
    /// The options of a closed question, in its order.
    pub options: Vec<OptionCount>,
    /// The spread of a number question.
    pub range: Option<NumberRange>,
    /// Mean bytes of a text answer.
    pub mean_bytes: Option<f64>,
    /// Values that nothing names.
    pub unmatched: Unmatched,
}

/// How many chose an option or are at a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionCount {
    /// The option's or level's id.
    pub id: String,
    /// How it is printed.
    pub label: String,
    /// Respondents.
    pub count: u64,
}

/// A group's levels.
#[derive(Debug, Clone, Serialize)]
pub struct GroupReport {
    /// Its id.
    pub id: String,
    /// How it is printed.
    pub label: String,
    /// Which definition it is.
    pub version: String,
    /// Where it stands, file by file.
    pub places: Vec<Place>,
    /// The levels, in print order.
    pub levels: Vec<OptionCount>,
    /// Respondents who were asked and are at no level.
    pub missing: u64,
    /// Respondents whose instrument did not ask.
    pub not_shown: u64,
    /// The level that takes what no level names.
    pub otherwise: Option<String>,
    /// Values that no level names.
    pub unmatched: Unmatched,
}

/// Values that nothing names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Unmatched {
    /// Answers that hold one.
    pub answers: u64,
    /// Those that recur and are short, most first.
    pub values: Vec<ValueCount>,
    /// Answers whose value is not shown, being rare or long.
    pub others: u64,
}

/// A value and how often it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueCount {
    /// The value, as it was first written.
    pub value: String,
    /// Answers.
    pub count: u64,
}

/// Reads everything, as `run` would, and reports; nothing is written.
///
/// # Errors
/// As [`Reader::open`], and what stops the reading of a file; `Interrupted`.
pub fn survey(plan: &Plan, paths: &[PathBuf]) -> Result<Survey> {
    let mut reader = Reader::open(plan, paths)?;
    let mut tally = Tally::new(plan, reader.inputs());
    while let Some(coded) = reader.next_coded() {
        check_interrupt()?;
        let coded = coded?;
        tally.add(&coded, reader.inputs());
        reader.recycle(coded.raw);
    }
    Ok(report(plan, &reader, tally))
}

fn report(plan: &Plan, reader: &Reader, tally: Tally) -> Survey {
    let facts = reader.facts();
    let inputs = reader.inputs();
    let range = tally.weights.range();
    let weight = plan.survey.weight.as_ref().map(|_| {
        let places = places(inputs, |i| i.mapping.weight.into_iter().collect());
        WeightReport { places, range }
    });
    let mut survey = Survey {
        name: plan.survey.name.clone(),
        rows: facts.iter().map(|f| f.rows).sum(),
        accepted: facts.iter().map(|f| f.accepted).sum(),
        rejected: facts.iter().map(|f| f.rejected).sum(),
        rejects: tally.rejects(),
        files: facts.into_iter().zip(inputs).map(|(f, i)| file(f, i)).collect(),
        respondent_id: match &plan.survey.respondent_id {
            Some(_) => places(inputs, |i| i.mapping.id.into_iter().collect()),
            None => Vec::new(),
        },
        weight,
        questions: tally.questions(plan, inputs),
        groups: tally.groups(plan, inputs),
        warnings: Vec::new(),
    };
    survey.warnings = warnings::all(plan, &survey, &tally);
    survey
}

fn file(facts: InputFacts, input: &Input) -> FileReport {
    let used = input.mapping.columns();
    let unused = (0..input.header.columns.len()).filter(|c| used.binary_search(c).is_err());
    FileReport {
        facts,
        dialect: input.header.dialect,
        columns: input.header.columns.len(),
        unused: unused.filter_map(|c| named(input, c)).collect(),
    }
}

/// Where something stands in each file.
fn places(inputs: &[Input], columns: impl Fn(&Input) -> Vec<usize>) -> Vec<Place> {
    let place = |i: &Input| Place {
        file: i.path.clone(),
        columns: columns(i).into_iter().filter_map(|c| named(i, c)).collect(),
    };
    inputs.iter().map(place).collect()
}

fn named(input: &Input, column: usize) -> Option<NamedColumn> {
    let header = input.header.columns.get(column)?;
    let name = match describe(header) {
        long if header.name.trim().is_empty() || header.name == header.text || header.name == long => long,
        long => format!("{}: {long}", header.name.trim()),
    };
    Some(NamedColumn { position: header.position, name })
}

/// A reason in words.
fn reason_words(reason: &str) -> &'static str {
    let all = [
        (Reason::FieldCount, "more or fewer fields than the header"),
        (Reason::Weight, "the weight is no number, or negative"),
        (Reason::DuplicateId, "the respondent id was there before"),
        (Reason::EmptyId, "the respondent id is empty"),
        (Reason::Json, "not a JSON object"),
        (Reason::TooLong, "longer than max_record_mb"),
    ];
    all.iter().find(|(r, _)| r.id() == reason).map_or("not readable", |(_, words)| words)
}

#[cfg(test)]
mod tests;
