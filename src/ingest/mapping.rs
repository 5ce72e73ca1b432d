//! Which column of a file holds each question, group, weight and id. Owns the meaning of column
//! references and of `[[source]]` overrides; it reads headers only and never sees a cell.

mod instrument;
mod lookup;

pub(in crate::ingest) use instrument::{check_distinct, instrument};
pub(in crate::ingest) use lookup::{Lookup, Miss, describe};

use crate::config::{Choice, ColumnRef, Kind, MultipleLayout, Plan, Question, Source};
use crate::error::Problem;

/// Where everything the plan asks for stands in one file. Column indices are 0-based.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The instrument: an index into the plan's sources.
    pub source: u16,
    /// The respondent id; `None`: the row number.
    pub id: Option<usize>,
    /// The weight; `None`: everyone weighs 1.
    pub weight: Option<usize>,
    /// One per question of the plan.
    pub questions: Vec<Placed>,
    /// Columns per group of the plan, in the order in which they are looked at; none where the
    /// instrument did not ask, and for `instrument` itself.
    pub groups: Vec<Vec<usize>>,
}

/// Where a question stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// The instrument did not ask it.
    NotAsked,
    /// In one column.
    One(usize),
    /// In a column per option; `None`: the instrument did not offer that option.
    Options(Vec<Option<usize>>),
}

impl Placed {
    /// Its columns.
    pub fn columns(&self) -> Vec<usize> {
        match self {
            Placed::NotAsked => Vec::new(),
            Placed::One(c) => vec![*c],
            Placed::Options(all) => all.iter().flatten().copied().collect(),
        }
    }
}

impl Mapping {
    /// Every column that is read, ascending, each once.
    pub fn columns(&self) -> Vec<usize> {
        let questions = self.questions.iter().flat_map(Placed::columns);
        let groups = self.groups.iter().flatten().copied();
        let mut all: Vec<usize> = questions.chain(groups).chain(self.id).chain(self.weight).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Maps one file; what cannot be found goes to `problems`, and then the mapping is not to be used.
pub(in crate::ingest) fn map_file(
    plan: &Plan,
    source: u16,
    lookup: &Lookup,
    file: &str,
    problems: &mut Vec<Problem>,
) -> Mapping {
    let Some(instrument) = plan.sources.get(usize::from(source)) else {
        problems.push(Problem::new("belongs to no instrument", file, ""));
        return Mapping { source, id: None, weight: None, questions: Vec::new(), groups: Vec::new() };
    };
    let mut mapper = Mapper { source: instrument, lookup, file, found: 0, missing: 0, problems: Vec::new() };
    let id = plan.survey.respondent_id.as_ref().and_then(|c| mapper.single("respondent_id", c, "[survey]"));
    let weight = plan.survey.weight.as_ref().and_then(|c| mapper.single("weight", c, "[survey]"));
    let questions = plan.questions.iter().map(|q| mapper.question(q)).collect();
    let groups = plan.groups.iter().map(|g| mapper.group(&g.id, &g.columns)).collect();
    mapper.report(problems);
    Mapping { source, id, weight, questions, groups }
}

/// Resolves the references of one file and counts how it goes.
struct Mapper<'a> {
    source: &'a Source,
    lookup: &'a Lookup,
    file: &'a str,
    found: usize,
    missing: usize,
    problems: Vec<Problem>,
}

impl Mapper<'_> {
    fn asked(&self, id: &str) -> bool {
        !self.source.not_asked.iter().any(|n| n == id)
    }

    fn overrides(&self, id: &str) -> Option<Vec<ColumnRef>> {
        self.source.columns.iter().find(|(k, _)| k == id).map(|(_, refs)| refs.clone())
    }

    /// Where an override is written, for messages.
    fn overridden(&self, id: &str) -> String {
        format!("[[source]] {} columns.{id}", self.source.id)
    }

    fn find(&mut self, column: &ColumnRef, place: &str) -> Option<usize> {
        match self.lookup.find(column) {
            Ok(index) => {
                self.found += 1;
                Some(index)
            }
            Err(miss) => {
                self.missing += usize::from(!matches!(miss, Miss::Several(_)));
                self.problems.push(self.lookup.problem(column, &miss, self.file, place));
                None
            }
        }
    }

    /// Something that stands in one column; `None` where the instrument did not ask it.
    fn single(&mut self, id: &str, default: &ColumnRef, place: &str) -> Option<usize> {
        if !self.asked(id) {
            return None;
        }
        match self.overrides(id).as_deref() {
            None => self.find(default, &format!("{place} {id}")),
            Some([one]) => self.find(one, &self.overridden(id)),
            Some(several) => {
                let what = format!("names {} columns where there is one", several.len());
                self.problems.push(Problem::new(what, self.overridden(id), "Name the one column."));
                None
            }
        }
    }

    fn question(&mut self, question: &Question) -> Placed {
        match &question.kind {
            Kind::Text { column }
            | Kind::Likert { column, .. }
            | Kind::Single { column, .. }
            | Kind::Number { column }
            | Kind::Multiple { layout: MultipleLayout::Delimited { column, .. }, .. } => {
                self.single(&question.id, column, "[[question]]").map_or(Placed::NotAsked, Placed::One)
            }
            Kind::Multiple { layout: MultipleLayout::Columns(columns), options, .. } => {
                self.options(&question.id, columns, options)
            }
        }
    }

    /// A column per option: overridden as a whole, option by option, or not offered at all.
    fn options(&mut self, id: &str, columns: &[ColumnRef], options: &[Choice]) -> Placed {
        if !self.asked(id) {
            return Placed::NotAsked;
        }
        let whole = self.overrides(id);
        if let Some(refs) = whole.as_ref().filter(|refs| refs.len() != columns.len()) {
            let what = format!("names {} columns for {} options", refs.len(), columns.len());
            let remedy = format!(
                "Name a column per option in their order, or single options: \"{id}.{}\" = \"...\"; options that this file lacks go to not_asked.",
                options.first().map_or("option", |o| o.id.as_str())
            );
            self.problems.push(Problem::new(what, self.overridden(id), remedy));
            return Placed::NotAsked;
        }
        let refs = whole.unwrap_or_else(|| columns.to_vec());
        let one = |(option, column): (&Choice, &ColumnRef)| {
            self.single(&format!("{id}.{}", option.id), column, "[[question]]")
        };
        Placed::Options(options.iter().zip(&refs).map(one).collect())
    }

    fn group(&mut self, id: &str, columns: &[ColumnRef]) -> Vec<usize> {
        if !self.asked(id) {
            return Vec::new();
        }
        match self.overrides(id) {
            None => columns.iter().filter_map(|c| self.find(c, &format!("[[group]] {id}"))).collect(),
            Some(refs) => refs.iter().filter_map(|c| self.find(c, &self.overridden(id))).collect(),
        }
    }

    /// Hands over the problems; where nothing at all was found it is the file that is wrong.
    fn report(self, problems: &mut Vec<Problem>) {
        if self.found == 0 && self.missing >= 3 {
            let what = format!(
                "none of the {} columns that the configuration names is there; it has {}",
                self.missing,
                self.lookup.first_names()
            );
            let remedy = "Check that this is the right file, or let `bigask init` propose a configuration for it; if the names look cut or shifted, set [input] dialect, delimiter or encoding.";
            problems.push(Problem::new(what, self.file, remedy));
        } else {
            problems.extend(self.problems);
        }
    }
}

#[cfg(test)]
mod tests;
