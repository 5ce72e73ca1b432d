//! The candidates kept while responses stream by: a bounded, order-independent sample per question
//! and theme.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::eligible;
use crate::classify::{CodedText, Record};
use crate::config::Plan;

/// Candidates kept for each quote wanted: some fall to the rules later.
const SPARE: usize = 8;

/// A response that may become a quote.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The respondent's row.
    pub row: u64,
    /// The redacted text.
    pub text: String,
    /// Bit `i`: theme `i` is decided.
    pub theme_set: u64,
    /// Level per group of the plan.
    pub groups: Vec<Option<u16>>,
    /// The theme's score.
    pub score: f32,
}

/// What a caller asked for; empty takes everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Themes (codebook indices) wanted; empty: all.
    pub themes: Vec<usize>,
    /// Question (plan index) wanted.
    pub question: Option<usize>,
    /// Group and level (plan indices) a respondent must have.
    pub groups: Vec<(usize, u16)>,
}

/// Kept candidates.
#[derive(Debug)]
pub struct Pool {
    filter: Filter,
    text_questions: Vec<usize>,
    thresholds: Vec<f32>,
    words: (usize, usize),
    keep: usize,
    kept: BTreeMap<(usize, usize), BTreeSet<Ranked>>,
}

/// Orders by a hash of where the response stands: a sample that no one chose, the same every time.
#[derive(Debug, PartialEq)]
struct Ranked(u64, Candidate);

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0, self.1.row).cmp(&(other.0, other.1.row))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Pool {
    /// An empty pool. `thresholds` are the decision thresholds per theme; a candidate must be
    /// above by the plan's margin: threshold + margin x (1 - threshold).
    pub fn new(plan: &Plan, thresholds: &[f32], filter: Filter, most: usize) -> Self {
        let margin = plan.quotes.margin;
        Pool {
            filter,
            text_questions: plan.text_questions().collect(),
            thresholds: thresholds.iter().map(|t| t + margin * (1.0 - t)).collect(),
            words: plan.quotes.words,
            keep: most.saturating_mul(SPARE).max(SPARE),
            kept: BTreeMap::new(),
        }
    }

    /// What was asked for.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Looks at a block.
    pub fn add(&mut self, records: &[Record]) {
        for record in records {
            if self.filter.groups.iter().any(|&(g, l)| record.closed.groups.get(g) != Some(&Some(l))) {
                continue;
            }
            for (i, text) in record.texts.iter().enumerate() {
                let question = self.text_questions[i];
                if let Some(text) = text
                    && self.filter.question.is_none_or(|q| q == question)
                {
                    self.consider(record, question, text);
                }
            }
        }
    }

    fn consider(&mut self, record: &Record, question: usize, text: &CodedText) {
        let wanted = |t: &usize| self.filter.themes.is_empty() || self.filter.themes.contains(t);
        let clear: Vec<usize> = (0..self.thresholds.len())
            .filter(|&t| text.scores.theme_set >> t & 1 == 1 && text.scores.themes[t] >= self.thresholds[t])
            .filter(wanted)
            .collect();
        if clear.is_empty() {
            return;
        }
        let rank = rank(record.row, question);
        let room = |t: &usize| match self.kept.get(&(question, *t)) {
            Some(kept) if kept.len() >= self.keep => kept.last().is_none_or(|last| rank < last.0),
            _ => true,
        };
        let open: Vec<usize> = clear.into_iter().filter(room).collect();
        if open.is_empty() || !eligible::eligible(text, self.words) {
            return;
        }
        for t in open {
            let kept = self.kept.entry((question, t)).or_default();
            kept.insert(Ranked(rank, candidate(record, text, t)));
            if kept.len() > self.keep {
                kept.pop_last();
            }
        }
    }

    /// The candidates by question and theme, in rank order.
    pub fn into_sorted(self) -> impl Iterator<Item = ((usize, usize), Vec<Candidate>)> {
        self.kept.into_iter().map(|(k, v)| (k, v.into_iter().map(|r| r.1).collect()))
    }
}

fn candidate(record: &Record, text: &CodedText, theme: usize) -> Candidate {
    Candidate {
        row: record.row,
        text: text.text.as_str().to_string(),
        theme_set: text.scores.theme_set,
        groups: record.closed.groups.clone(),
        score: text.scores.themes[theme],
    }
}

fn rank(row: u64, question: usize) -> u64 {
    let mut h = DefaultHasher::new();
    (row, question, "quote").hash(&mut h);
    h.finish()
}
