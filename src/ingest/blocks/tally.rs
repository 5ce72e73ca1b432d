//! Counts of a run, file by file, and the ids seen. Owns the promise that rows in = out + rejected.

use std::collections::HashSet;
use std::iter::Peekable;
use std::vec::IntoIter;

use super::{Chunk, CodedRow, Input, InputFacts, UnknownCount, Wrong};
use crate::config::Plan;
use crate::error::Origin;
use crate::ingest::coding::{Target, Unknown};
use crate::ingest::mapping::describe;
use crate::ingest::{Block, FileFacts, Reason, Rejection};

/// Counts of a run, file by file, and the ids seen.
#[derive(Debug)]
pub(super) struct Tally {
    /// Rows counted so far.
    pub rows: u64,
    /// 64-bit hashes of the ids of accepted rows; `None` where rows are numbered.
    ids: Option<HashSet<u64>>,
    files: Vec<FileTally>,
    question_ids: Vec<String>,
    /// Id, and whether the group has an `otherwise`.
    group_ids: Vec<(String, bool)>,
}

#[derive(Debug)]
struct FileTally {
    facts: Option<FileFacts>,
    source: String,
    accepted: u64,
    rejected: u64,
    questions: Vec<u64>,
    groups: Vec<u64>,
}

impl Tally {
    /// Nothing counted yet.
    pub(super) fn new(plan: &Plan, inputs: &[Input]) -> Self {
        let file = |i: &Input| FileTally {
            facts: None,
            source: plan.sources.get(usize::from(i.mapping.source)).map(|s| s.id.clone()).unwrap_or_default(),
            accepted: 0,
            rejected: 0,
            questions: vec![0; plan.questions.len()],
            groups: vec![0; plan.groups.len()],
        };
        Tally {
            rows: 0,
            ids: plan.survey.respondent_id.as_ref().map(|_| HashSet::new()),
            files: inputs.iter().map(file).collect(),
            question_ids: plan.questions.iter().map(|q| q.id.clone()).collect(),
            group_ids: plan.groups.iter().map(|g| (g.id.clone(), g.otherwise.is_some())).collect(),
        }
    }

    /// Adds the rows of a chunk to a block, in order; an id that was seen rejects its row.
    pub(super) fn take(
        &mut self,
        chunk: Chunk,
        inputs: &[Input],
        block: &mut Block,
        unknown: &mut Vec<(usize, Unknown)>,
    ) {
        let mut found = chunk.unknown.into_iter().peekable();
        for (place, CodedRow { file, line, result }) in (chunk.start..).zip(chunk.rows) {
            self.rows += 1;
            let of_row = drain_row(&mut found, place);
            let rejection = match result {
                Ok((_, hash)) if self.ids.as_mut().is_some_and(|ids| !ids.insert(hash)) => {
                    let column = inputs.get(usize::from(file)).and_then(|i| i.mapping.id);
                    (Reason::DuplicateId, column)
                }
                Ok((respondent, _)) => {
                    block.respondents.push(respondent);
                    self.count(file, &of_row);
                    unknown.extend(of_row);
                    continue;
                }
                Err(Wrong::Malformed(reason)) => (reason, None),
                Err(Wrong::Fault(fault)) => (fault.reason, Some(fault.column)),
            };
            block.rejected.push(reject(inputs, self.rows, file, line, rejection));
            if let Some(f) = self.files.get_mut(usize::from(file)) {
                f.rejected += 1;
            }
        }
    }

    fn count(&mut self, file: u16, unknown: &[(usize, Unknown)]) {
        let Some(tally) = self.files.get_mut(usize::from(file)) else { return };
        tally.accepted += 1;
        for (_, u) in unknown {
            let cell = match u.target {
                Target::Question(i) => tally.questions.get_mut(i),
                Target::Group(i) => tally.groups.get_mut(i),
            };
            if let Some(count) = cell {
                *count += 1;
            }
        }
    }

    /// Takes in the facts of files that were read to their end.
    pub(super) fn finish(&mut self, files: Vec<(usize, FileFacts)>) {
        for (i, facts) in files {
            if let Some(f) = self.files.get_mut(i) {
                f.facts = Some(facts);
            }
        }
    }

    /// What became of those files.
    pub(super) fn facts(&self) -> Vec<InputFacts> {
        let known = |f: &FileTally| {
            let questions = self.question_ids.iter().zip(&f.questions);
            let groups = self.group_ids.iter().zip(&f.groups).filter(|((_, otherwise), _)| !otherwise);
            let counts = questions.chain(groups.map(|((id, _), n)| (id, n)));
            counts
                .filter(|(_, n)| **n > 0)
                .map(|(id, n)| UnknownCount { id: id.clone(), count: *n })
                .collect()
        };
        let facts = |f: &FileTally| {
            Some(InputFacts {
                file: f.facts.clone()?,
                source: f.source.clone(),
                rows: f.accepted + f.rejected,
                accepted: f.accepted,
                rejected: f.rejected,
                unknown_values: known(f),
            })
        };
        self.files.iter().filter_map(facts).collect()
    }
}

fn drain_row(found: &mut Peekable<IntoIter<(usize, Unknown)>>, place: usize) -> Vec<(usize, Unknown)> {
    let mut of_row = Vec::new();
    while let Some(u) = found.next_if(|(at, _)| *at == place) {
        of_row.push(u);
    }
    of_row
}

fn reject(
    inputs: &[Input],
    row: u64,
    file: u16,
    line: u64,
    (reason, column): (Reason, Option<usize>),
) -> Rejection {
    let input = inputs.get(usize::from(file));
    let header = column.and_then(|c| input.and_then(|i| i.header.columns.get(c)));
    Rejection {
        row,
        origin: Origin { file: input.map(|i| i.path.clone()).unwrap_or_default(), line },
        column: header.map(describe),
        reason,
    }
}
