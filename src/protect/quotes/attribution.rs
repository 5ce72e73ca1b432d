//! What is said of who wrote a quote. Owns the counts that make an attribution k-anonymous.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::pool::{Candidate, Filter};
use crate::classify::{Codebook, Record};
use crate::config::Plan;
use crate::protect::Breakdown;
use crate::tabulate::{Cell, Coordinate, Dimension, MeasureKind, Status};

/// Respondents of the run, counted by the groups that an attribution or a filter may name.
#[derive(Debug)]
pub struct Shared {
    groups: Vec<usize>,
    cells: HashMap<Box<[Option<u16>]>, u64>,
}

impl Shared {
    /// Counts by the plan's attribution groups and the filter's.
    pub fn new(plan: &Plan, filter: &Filter) -> Self {
        let mut groups = plan.quotes.attribution.clone();
        groups.extend(filter.groups.iter().map(|(g, _)| *g));
        groups.sort_unstable();
        groups.dedup();
        Shared { groups, cells: HashMap::new() }
    }

    /// Counts a block.
    pub fn add(&mut self, records: &[Record]) {
        for r in records {
            let key = self.groups.iter().map(|&g| r.closed.groups.get(g).copied().flatten()).collect();
            *self.cells.entry(key).or_default() += 1;
        }
    }

    /// Respondents who have all these levels.
    fn count(&self, named: &BTreeMap<usize, u16>) -> u64 {
        let matches = |cell: &[Option<u16>]| {
            self.groups.iter().zip(cell).all(|(g, have)| named.get(g).is_none_or(|want| *have == Some(*want)))
        };
        self.cells.iter().filter(|(cell, _)| matches(cell)).map(|(_, n)| n).sum()
    }
}

/// Suppressed theme cells of the released breakdown: question, theme, and the levels they are of.
#[derive(Debug, Default)]
pub struct HiddenCells(HashSet<Hidden>);

/// Question, theme, and the group and level of what is not summed over.
type Hidden = (usize, usize, Vec<(usize, u16)>);

impl HiddenCells {
    /// The suppressed theme cells of a released breakdown.
    pub fn of(plan: &Plan, codebook: &Codebook, released: &Breakdown) -> Self {
        let theme = |id: &str| codebook.themes.iter().position(|t| t.id == id);
        let hidden = released.rows.iter().filter(|r| r.status == Status::Suppressed).filter_map(|r| {
            let measure = released.measures.get(r.measure).filter(|m| m.kind == MeasureKind::Theme)?;
            let cell = released.cells.get(r.cell)?;
            Some((plan.question(&measure.question_id)?, theme(&measure.id)?, levels(released, cell)))
        });
        HiddenCells(hidden.collect())
    }

    /// Whether what is named is a suppressed cell for one of the themes, or lies inside one.
    fn names(&self, question: usize, themes: u64, named: &BTreeMap<usize, u16>) -> bool {
        self.0.iter().any(|(q, theme, cell)| {
            *q == question
                && themes >> theme & 1 == 1
                && cell.iter().all(|(group, level)| named.get(group) == Some(level))
        })
    }
}

/// Group and level (plan indices) of what a cell is not summed over.
fn levels(released: &Breakdown, cell: &Cell) -> Vec<(usize, u16)> {
    let pair = |(d, c): (&Dimension, &Coordinate)| match c {
        Coordinate::Level(l) => Some((d.group, *l)),
        Coordinate::Total | Coordinate::Missing => None,
    };
    released.dimensions.iter().zip(cell.0.iter()).filter_map(pair).collect()
}

/// An attribution that may be printed.
pub struct Attribution {
    pub text: String,
    pub groups: Vec<(String, String)>,
    pub rule: String,
}

/// Drops groups from the end until at least k respondents share what is left and what the filter
/// says, and no suppressed cell is named. `None`: not even the filter alone may be named.
pub fn generalise(
    plan: &Plan,
    candidate: &Candidate,
    filter: &Filter,
    shared: &Shared,
    hidden: &HiddenCells,
) -> Option<Attribution> {
    let order = &plan.quotes.attribution;
    let filtered: BTreeMap<usize, u16> = filter.groups.iter().copied().collect();
    (0..=order.len()).rev().find_map(|keep| {
        let levels: Vec<(usize, u16)> = order[..keep]
            .iter()
            .filter_map(|&g| candidate.groups.get(g).copied().flatten().map(|l| (g, l)))
            .collect();
        let mut named = filtered.clone();
        named.extend(levels.iter().copied());
        let enough = shared.count(&named) >= plan.quotes.k;
        let clear = |q: usize| !hidden.names(q, candidate.theme_set, &named);
        (enough && plan.text_questions().all(clear)).then(|| attribution(plan, &levels, &order[keep..]))
    })
}

fn attribution(plan: &Plan, levels: &[(usize, u16)], dropped: &[usize]) -> Attribution {
    let level = |&(g, l): &(usize, u16)| &plan.groups[g].levels[l as usize];
    let mut text = levels.iter().map(|x| level(x).label.as_str()).collect::<Vec<_>>().join(", ");
    if text.is_empty() {
        text = "A respondent".to_string();
    }
    let rule = match dropped {
        [] => "full".to_string(),
        d => {
            format!("dropped:{}", d.iter().map(|&g| plan.groups[g].id.as_str()).collect::<Vec<_>>().join("+"))
        }
    };
    let groups = levels.iter().map(|x| (plan.groups[x.0].id.clone(), level(x).id.clone())).collect();
    Attribution { text, groups, rule }
}
