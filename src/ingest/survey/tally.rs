//! Counts what a dry run reads. Owns what is remembered of values that nothing names: a bounded
//! number of short ones, with their counts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{
    GroupReport, NumberRange, OptionCount, QuestionReport, Rejects, SHOWN_CHARACTERS, SHOWN_FROM, Unmatched,
    ValueCount, places,
};
use crate::config::{Kind, Plan, fold};
use crate::ingest::blocks::{Coded, Input};
use crate::ingest::coding::Target;
use crate::ingest::mapping::Placed;
use crate::ingest::{Answer, Reason, Respondent, Shown};

/// Distinct values remembered of one question or group; more are counted together.
const MOST_VALUES: usize = 5_000;
/// Distinct texts of a text question that are told apart.
const MOST_TEXTS: usize = 40;

/// Everything that is counted.
pub(super) struct Tally {
    pub weights: Numbers,
    questions: Vec<QuestionTally>,
    groups: Vec<GroupTally>,
    rejects: BTreeMap<(Reason, Option<String>), Rejects>,
    /// Places of the text and closed questions among all questions.
    texts: Vec<usize>,
    closed: Vec<usize>,
    /// Per file and text question: where it is kept among the mapped cells.
    text_slots: Vec<Vec<Option<usize>>>,
}

/// Least, most and sum of numbers.
#[derive(Default)]
pub(super) struct Numbers {
    count: u64,
    sum: f64,
    least: f64,
    most: f64,
}

#[derive(Default)]
struct QuestionTally {
    answered: u64,
    skipped: u64,
    not_shown: u64,
    options: Vec<u64>,
    numbers: Numbers,
    bytes: u64,
    /// Hashes of texts, until there are too many.
    texts: HashSet<u64>,
    unmatched: Values,
}

#[derive(Default)]
struct GroupTally {
    levels: Vec<u64>,
    missing: u64,
    not_shown: u64,
    unmatched: Values,
}

/// Values that nothing names, by their folded form: as first written, and how often.
#[derive(Default)]
struct Values {
    answers: u64,
    seen: HashMap<String, (String, u64)>,
}

impl Tally {
    pub(super) fn new(plan: &Plan, inputs: &[Input]) -> Self {
        let question = |q: &crate::config::Question| QuestionTally {
            options: vec![0; q.kind.options().len()],
            ..QuestionTally::default()
        };
        let group = |g: &crate::config::Group| GroupTally {
            levels: vec![0; g.levels.len()],
            ..GroupTally::default()
        };
        Tally {
            weights: Numbers::default(),
            questions: plan.questions.iter().map(question).collect(),
            groups: plan.groups.iter().map(group).collect(),
            rejects: BTreeMap::new(),
            texts: plan.text_questions().collect(),
            closed: plan.closed_questions().collect(),
            text_slots: inputs.iter().map(|i| text_slots(plan, i)).collect(),
        }
    }

    /// Adds a block.
    pub(super) fn add(&mut self, coded: &Coded, inputs: &[Input]) {
        for respondent in &coded.block.respondents {
            self.weights.add(respondent.closed.weight);
            let input = inputs.get(usize::from(respondent.origin_file));
            self.texts(respondent, coded);
            for (place, answer) in self.closed.iter().zip(&respondent.closed.answers) {
                if let Some(question) = self.questions.get_mut(*place) {
                    question.answer(answer);
                }
            }
            for (i, (tally, level)) in self.groups.iter_mut().zip(&respondent.closed.groups).enumerate() {
                let shown = input.is_none_or(|f| f.mapping.groups.get(i).is_some_and(|c| !c.is_empty()));
                tally.level(*level, shown);
            }
        }
        for (place, unknown) in &coded.unknown {
            let Some(row) = coded.raw.rows().get(*place) else { continue };
            let value = coded.raw.cell(row, unknown.slot).get(unknown.bytes.clone()).unwrap_or("");
            let values = match unknown.target {
                Target::Question(i) => self.questions.get_mut(i).map(|q| &mut q.unmatched),
                Target::Group(i) => self.groups.get_mut(i).map(|g| &mut g.unmatched),
            };
            if let Some(values) = values {
                values.add(value);
            }
        }
        self.reject(coded);
    }

    /// Text answers: how long they are, and whether they are only a few.
    fn texts(&mut self, respondent: &Respondent, coded: &Coded) {
        let row = coded.raw.rows().get((respondent.row - coded.first_row) as usize);
        let slots = self.text_slots.get(usize::from(respondent.origin_file));
        for (n, (place, text)) in self.texts.iter().zip(&respondent.texts).enumerate() {
            let Some(question) = self.questions.get_mut(*place) else { continue };
            match text {
                Shown::NotShown => question.not_shown += 1,
                Shown::Skipped => question.skipped += 1,
                Shown::Answered(words) => {
                    question.answered += 1;
                    question.bytes += words.len() as u64;
                    let slot = slots.and_then(|s| s.get(n).copied().flatten());
                    if let (Some(slot), Some(row), true) = (slot, row, question.texts.len() < MOST_TEXTS) {
                        question.texts.insert(hash(&fold(coded.raw.cell(row, slot))));
                    }
                }
            }
        }
    }

    fn reject(&mut self, coded: &Coded) {
        for r in &coded.block.rejected {
            let key = (r.reason, r.column.clone());
            let entry = self.rejects.entry(key).or_insert_with(|| Rejects {
                reason: r.reason.id(),
                column: r.column.clone(),
                count: 0,
                first_file: r.origin.file.clone(),
                first_line: r.origin.line,
            });
            entry.count += 1;
        }
    }

    /// The rejects, most first.
    pub(super) fn rejects(&self) -> Vec<Rejects> {
        let mut all: Vec<Rejects> = self.rejects.values().cloned().collect();
        all.sort_by_key(|r| std::cmp::Reverse(r.count));
        all
    }

    /// The questions' bases.
    pub(super) fn questions(&self, plan: &Plan, inputs: &[Input]) -> Vec<QuestionReport> {
        let all = plan.questions.iter().zip(&self.questions).enumerate();
        all.map(|(i, (q, t))| {
            let at = |f: &Input| f.mapping.questions.get(i).map(Placed::columns).unwrap_or_default();
            let options = q.kind.options().iter().zip(&t.options);
            let text = matches!(q.kind, Kind::Text { .. }) && t.answered > 0;
            QuestionReport {
                id: q.id.clone(),
                label: q.label.clone(),
                kind: q.kind.name(),
                places: places(inputs, at),
                shown: t.answered + t.skipped,
                answered: t.answered,
                skipped: t.skipped,
                not_shown: t.not_shown,
                options: options.map(|(o, n)| count(&o.id, &o.label, *n)).collect(),
                range: t.numbers.range(),
                mean_bytes: text.then(|| t.bytes as f64 / t.answered as f64),
                unmatched: t.unmatched.report(),
            }
        })
        .collect()
    }

    /// The groups' levels.
    pub(super) fn groups(&self, plan: &Plan, inputs: &[Input]) -> Vec<GroupReport> {
        let all = plan.groups.iter().zip(&self.groups).enumerate();
        all.map(|(i, (g, t))| GroupReport {
            id: g.id.clone(),
            label: g.label.clone(),
            version: g.version.clone(),
            places: places(inputs, |f| f.mapping.groups.get(i).cloned().unwrap_or_default()),
            levels: g.levels.iter().zip(&t.levels).map(|(l, n)| count(&l.id, &l.label, *n)).collect(),
            missing: t.missing,
            not_shown: t.not_shown,
            otherwise: g.otherwise.and_then(|o| g.levels.get(usize::from(o))).map(|l| l.id.clone()),
            unmatched: t.unmatched.report(),
        })
        .collect()
    }

    /// How many different texts a question's answers are; `None`: many.
    pub(super) fn distinct_texts(&self, question: usize) -> Option<usize> {
        self.questions.get(question).map(|q| q.texts.len()).filter(|&n| n < MOST_TEXTS)
    }

    /// How many different values nothing names, among those that are remembered.
    pub(super) fn distinct_unmatched(&self, question: usize) -> usize {
        self.questions.get(question).map_or(0, |q| q.unmatched.seen.len())
    }
}

impl QuestionTally {
    fn answer(&mut self, answer: &Answer) {
        match answer {
            Answer::NotShown => self.not_shown += 1,
            Answer::Skipped => self.skipped += 1,
            Answer::One(_) | Answer::Many(_) | Answer::Number(_) => self.answered += 1,
        }
        match answer {
            Answer::One(option) => add_one(&mut self.options, *option),
            Answer::Many(options) => options.iter().for_each(|o| add_one(&mut self.options, *o)),
            Answer::Number(x) => self.numbers.add(*x),
            Answer::NotShown | Answer::Skipped => {}
        }
    }
}

impl GroupTally {
    fn level(&mut self, level: Option<u16>, shown: bool) {
        match level {
            Some(l) => add_one(&mut self.levels, l),
            None if shown => self.missing += 1,
            None => self.not_shown += 1,
        }
    }
}

impl Numbers {
    fn add(&mut self, x: f64) {
        self.least = if self.count == 0 { x } else { self.least.min(x) };
        self.most = if self.count == 0 { x } else { self.most.max(x) };
        self.count += 1;
        self.sum += x;
    }

    /// The spread, if there is a number.
    pub(super) fn range(&self) -> Option<NumberRange> {
        let mean = self.sum / self.count as f64;
        (self.count > 0).then_some(NumberRange { least: self.least, most: self.most, mean })
    }
}

impl Values {
    fn add(&mut self, value: &str) {
        self.answers += 1;
        if value.len() > 8 * SHOWN_CHARACTERS || value.trim().chars().count() > SHOWN_CHARACTERS {
            return;
        }
        let folded = fold(value);
        if let Some((_, n)) = self.seen.get_mut(&folded) {
            *n += 1;
        } else if self.seen.len() < MOST_VALUES {
            let written: Vec<&str> = value.split(|c: char| c.is_whitespace() || c.is_control()).collect();
            let written = written.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
            self.seen.insert(folded, (written, 1));
        }
    }

    fn report(&self) -> Unmatched {
        let shown = self.seen.values().filter(|(_, n)| *n >= SHOWN_FROM);
        let mut values: Vec<ValueCount> =
            shown.map(|(v, n)| ValueCount { value: v.clone(), count: *n }).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        let others = self.answers - values.iter().map(|v| v.count).sum::<u64>();
        Unmatched { answers: self.answers, values, others }
    }
}

fn text_slots(plan: &Plan, input: &Input) -> Vec<Option<usize>> {
    let columns = input.mapping.columns();
    let slot = |question: usize| match input.mapping.questions.get(question) {
        Some(Placed::One(column)) => columns.binary_search(column).ok(),
        _ => None,
    };
    plan.text_questions().map(slot).collect()
}

fn count(id: &str, label: &str, count: u64) -> OptionCount {
    OptionCount { id: id.to_string(), label: label.to_string(), count }
}

fn add_one(counts: &mut [u64], index: u16) {
    if let Some(n) = counts.get_mut(usize::from(index)) {
        *n += 1;
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
