//! The cells of one row to a respondent in the plan's terms. Owns what a value means (missing,
//! option, level, number, tick); it reads no file and keeps nothing between rows.
//!
//! An answer that is in no scale or list is taken as skipped and reported, so that one odd tick does
//! not lose what a child wrote. A bad weight or an empty id rejects the row.

mod delimited;
mod number;
mod table;

use std::collections::HashSet;
use std::ops::Range;

use crate::config::{Choice, Group, Kind, MultipleLayout, Plan, Question, nearest};
use crate::error::Problem;
use crate::ingest::mapping::{Mapping, Placed};
use crate::ingest::{Answer, Closed, Header, RawText, Reason, Respondent, Shown};
use delimited::{Delimited, Found};
pub(in crate::ingest) use number::number;
use table::{Code, Names, Rules, Table};

/// What a value belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::ingest) enum Target {
    /// A question of the plan.
    Question(usize),
    /// A group of the plan.
    Group(usize),
}

/// A value that nothing in the plan names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct Unknown {
    /// What it was an answer to.
    pub target: Target,
    /// The cell, as a place among the mapped columns.
    pub slot: usize,
    /// The bytes of the cell that hold it.
    pub bytes: Range<usize>,
}

/// A row that cannot be taken, and the column (0-based, of the file) at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct Fault {
    /// Why.
    pub reason: Reason,
    /// The column.
    pub column: usize,
}

/// Room to work in, one a thread, and the unknown values of the rows coded with it.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Scratch {
    folded: String,
    found: Found,
    /// Unknown values of the last row.
    pub unknown: Vec<Unknown>,
}

/// Where a column is kept among the mapped cells of a row, and which column it is.
#[derive(Debug, Clone, Copy)]
struct Slot {
    at: usize,
    column: usize,
}

#[derive(Debug)]
enum Closing {
    NotShown,
    One { slot: usize, table: Table },
    Number { slot: usize, table: Table },
    Columns { ticks: Vec<(usize, u16, Table)> },
    Delimited { slot: usize, options: Delimited },
}

#[derive(Debug)]
struct Grouping {
    slots: Vec<usize>,
    table: Table,
    otherwise: Option<u16>,
    instrument: bool,
}

/// Codes the rows of one file.
#[derive(Debug)]
pub(in crate::ingest) struct Coder {
    source: u16,
    id: Option<Slot>,
    /// Put before the row number where other instruments have ids of their own.
    id_prefix: String,
    weight: Option<Slot>,
    missing_ids: Table,
    texts: Vec<Option<(usize, Table)>>,
    closed: Vec<(usize, Closing)>,
    groups: Vec<Grouping>,
}

impl Coder {
    /// Prepares the lookups of one file; replacements that lead nowhere go to `problems`.
    pub(in crate::ingest) fn new(
        plan: &Plan,
        mapping: &Mapping,
        header: &Header,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let columns = mapping.columns();
        let mut builder = Builder { plan, header, source: usize::from(mapping.source), columns, problems };
        let slot = |c: usize| builder.slot(c).map(|at| Slot { at, column: c });
        let (id, weight) = (mapping.id.and_then(slot), mapping.weight.and_then(slot));
        let placed = || plan.questions.iter().zip(&mapping.questions).enumerate();
        let texts = placed().filter(|(_, (q, _))| matches!(q.kind, Kind::Text { .. }));
        let texts = texts.map(|(_, (q, p))| builder.text(q, p)).collect();
        let closed = placed().filter(|(_, (q, _))| !matches!(q.kind, Kind::Text { .. }));
        let closed = closed.map(|(i, (q, p))| (i, builder.closed(q, p))).collect();
        let groups = plan.groups.iter().zip(&mapping.groups).map(|(g, c)| builder.group(g, c)).collect();
        let missing = plan.survey.missing.iter().map(String::as_str).collect();
        let (missing_ids, _) = Table::of_missing(&Rules { missing, ..Rules::default() });
        let named = plan.survey.respondent_id.is_some();
        let source = plan.sources.get(usize::from(mapping.source)).filter(|_| named && id.is_none());
        let id_prefix = source.map(|s| format!("{}:", s.id)).unwrap_or_default();
        Coder { source: mapping.source, id, id_prefix, weight, missing_ids, texts, closed, groups }
    }

    /// Codes a row, whose mapped cells `cell` finds by slot. Values that nothing names are left in
    /// `scratch.unknown`.
    pub(in crate::ingest) fn code<'c>(
        &self,
        row: u64,
        file: u16,
        cell: impl Fn(usize) -> &'c str,
        scratch: &mut Scratch,
    ) -> Result<Respondent, Fault> {
        scratch.unknown.clear();
        let id = self.id(row, &cell, scratch)?;
        let weight = match self.weight {
            None => 1.0,
            Some(w) => number(cell(w.at))
                .filter(|w| *w >= 0.0)
                .ok_or(Fault { reason: Reason::Weight, column: w.column })?,
        };
        let texts = self.texts.iter().map(|t| text(t.as_ref(), &cell, scratch)).collect();
        let answers = self.closed.iter().map(|(q, c)| answer(*q, c, &cell, scratch)).collect();
        let groups = (0..).zip(&self.groups).map(|(i, g)| self.level(i, g, &cell, scratch)).collect();
        let closed = Closed { answers, groups, weight };
        Ok(Respondent { row, origin_file: file, id, source: self.source, texts, closed })
    }

    fn id<'c>(
        &self,
        row: u64,
        cell: impl Fn(usize) -> &'c str,
        scratch: &mut Scratch,
    ) -> Result<String, Fault> {
        let Some(slot) = self.id else { return Ok(format!("{}{row}", self.id_prefix)) };
        let id = cell(slot.at).trim();
        match self.missing_ids.code(id, &mut scratch.folded) {
            Some(_) => Err(Fault { reason: Reason::EmptyId, column: slot.column }),
            None => Ok(id.to_string()),
        }
    }

    fn level<'c>(
        &self,
        index: usize,
        group: &Grouping,
        cell: impl Fn(usize) -> &'c str,
        scratch: &mut Scratch,
    ) -> Option<u16> {
        if group.instrument {
            return Some(self.source);
        }
        let mut unnamed: Option<(usize, usize)> = None;
        for &slot in &group.slots {
            let value = cell(slot);
            match group.table.code(value, &mut scratch.folded) {
                Some(Code::Choice(level)) => return Some(level),
                Some(_) => {}
                None => unnamed = unnamed.or(Some((slot, value.len()))),
            }
        }
        let (slot, len) = unnamed?;
        scratch.unknown.push(Unknown { target: Target::Group(index), slot, bytes: 0..len });
        group.otherwise
    }
}

fn text<'c>(
    place: Option<&(usize, Table)>,
    cell: impl Fn(usize) -> &'c str,
    scratch: &mut Scratch,
) -> Shown<RawText> {
    let Some((slot, missing)) = place else { return Shown::NotShown };
    let words = cell(*slot);
    match missing.code(words, &mut scratch.folded) {
        Some(_) => Shown::Skipped,
        None => Shown::Answered(RawText::new(words.to_string())),
    }
}

fn answer<'c>(
    question: usize,
    closing: &Closing,
    cell: impl Fn(usize) -> &'c str,
    scratch: &mut Scratch,
) -> Answer {
    match closing {
        Closing::NotShown => Answer::NotShown,
        Closing::One { slot, table } | Closing::Number { slot, table } => {
            let value = cell(*slot);
            match table.code(value, &mut scratch.folded) {
                Some(Code::Choice(option)) => Answer::One(option),
                Some(Code::Number(x)) => Answer::Number(x),
                Some(Code::Missing) => Answer::Skipped,
                None => {
                    let target = Target::Question(question);
                    scratch.unknown.push(Unknown { target, slot: *slot, bytes: 0..value.len() });
                    Answer::Skipped
                }
            }
        }
        Closing::Columns { ticks } => {
            let ticked = |(slot, option, table): &(usize, u16, Table)| {
                (table.code(cell(*slot), &mut scratch.folded) != Some(Code::Missing)).then_some(*option)
            };
            many(ticks.iter().filter_map(ticked).collect())
        }
        Closing::Delimited { slot, options } => {
            options.read(cell(*slot), &mut scratch.folded, &mut scratch.found);
            let target = Target::Question(question);
            let unknown = scratch.found.unknown.drain(..);
            scratch.unknown.extend(unknown.map(|bytes| Unknown { target, slot: *slot, bytes }));
            many(scratch.found.options.clone())
        }
    }
}

/// The chosen options, ascending and each once; none at all is a question left empty.
fn many(mut options: Vec<u16>) -> Answer {
    options.sort_unstable();
    options.dedup();
    if options.is_empty() { Answer::Skipped } else { Answer::Many(options.into_boxed_slice()) }
}

/// Builds the lookups of one file.
struct Builder<'a> {
    plan: &'a Plan,
    header: &'a Header,
    source: usize,
    columns: Vec<usize>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Builder<'a> {
    fn slot(&self, column: usize) -> Option<usize> {
        self.columns.binary_search(&column).ok()
    }

    fn rules<'r>(&self, id: &str, recode: &'r [(String, String)], missing: &'r [String]) -> Rules<'r>
    where
        'a: 'r,
    {
        let source = self.plan.sources.get(self.source);
        let scales = source.and_then(|s| s.scales.iter().find(|(k, _)| k == id));
        let everywhere = self.plan.survey.missing.iter();
        Rules {
            recode,
            scales: scales.map(|(_, s)| s.as_slice()).unwrap_or_default(),
            missing: everywhere.chain(missing).map(String::as_str).collect::<HashSet<_>>(),
        }
    }

    /// Says which replacements lead nowhere.
    fn report(&mut self, dead: Vec<String>, section: &str, id: &str, known: &[&str]) {
        for value in dead {
            let remedy = match (nearest(&value, known.iter().copied()), known.is_empty()) {
                (Some(near), _) => format!("Did you mean \"{near}\"?"),
                (None, false) => format!("Known: {}.", known.join(", ")),
                (None, true) => "It may lead to one of its missing values, or a number's to a number.".into(),
            };
            let problem = Problem::new(
                format!("a value is replaced by \"{value}\", which it does not have"),
                format!("[[{section}]] {id} recode, or scales of a [[source]]"),
                remedy,
            );
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
    }

    fn text(&mut self, question: &Question, placed: &Placed) -> Option<(usize, Table)> {
        let (table, dead) = Table::of_missing(&self.rules(&question.id, &question.recode, &question.missing));
        self.report(dead, "question", &question.id, &[]);
        match placed {
            Placed::One(column) => self.slot(*column).map(|slot| (slot, table)),
            _ => None,
        }
    }

    fn closed(&mut self, question: &Question, placed: &Placed) -> Closing {
        let options = question.kind.options();
        let rules = self.rules(&question.id, &question.recode, &question.missing);
        if let Placed::Options(columns) = placed {
            return Closing::Columns { ticks: self.ticks(options, columns, &rules) };
        }
        let number = matches!(question.kind, Kind::Number { .. });
        let (table, dead) = match number {
            true => Table::of_numbers(&rules),
            false => Table::of_names(&Names::options(options), &rules),
        };
        let labels: Vec<&str> = options.iter().map(|o| o.label.as_str()).collect();
        if !matches!(question.kind, Kind::Multiple { layout: MultipleLayout::Columns(_), .. }) {
            self.report(dead, "question", &question.id, &labels);
        }
        let Placed::One(column) = placed else { return Closing::NotShown };
        let Some(slot) = self.slot(*column) else { return Closing::NotShown };
        match &question.kind {
            Kind::Number { .. } => Closing::Number { slot, table },
            Kind::Multiple { layout: MultipleLayout::Delimited { delimiter, .. }, .. } => {
                Closing::Delimited { slot, options: Delimited::new(table, delimiter) }
            }
            _ => Closing::One { slot, table },
        }
    }

    fn ticks(
        &self,
        options: &[Choice],
        columns: &[Option<usize>],
        rules: &Rules,
    ) -> Vec<(usize, u16, Table)> {
        let tick = |(index, (option, column)): (u16, (&Choice, &Option<usize>))| {
            let column = (*column)?;
            let header = self.header.columns.get(column).and_then(|c| c.option.as_deref());
            let own: Vec<String> =
                option.values.iter().cloned().chain(header.map(crate::config::fold)).collect();
            Some((self.slot(column)?, index, Table::of_ticks(rules, &own)))
        };
        (0u16..).zip(options.iter().zip(columns)).filter_map(tick).collect()
    }

    fn group(&mut self, group: &Group, columns: &[usize]) -> Grouping {
        let rules = self.rules(&group.id, &[], &group.missing);
        let (table, dead) = Table::of_names(&Names::levels(&group.levels), &rules);
        let labels: Vec<&str> = group.levels.iter().map(|l| l.label.as_str()).collect();
        self.report(dead, "group", &group.id, &labels);
        Grouping {
            slots: columns.iter().filter_map(|&c| self.slot(c)).collect(),
            table,
            otherwise: group.otherwise,
            instrument: group.columns.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests;
