//! The ledger: one status for each measure and cell, whatever tables the cell appears in. Owns the
//! order in which bases, counts and means are hidden.

use rayon::prelude::*;

use super::policy::Policy;
use super::primary;
use crate::tabulate::{Item, Line, MeasureKind, Tabulation, lines};

/// What is hidden, by question. Cells are numbered as in [`Tabulation::cells`], those without rows
/// included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    cells: usize,
    hidden: Vec<bool>,
    watched: Vec<bool>,
}

impl Ledger {
    /// Decides every measure and cell. Questions share no equation and are decided in parallel.
    ///
    /// `sensitive` are the ids of themes (or pillars) whose none and all are hidden.
    pub fn new(t: &Tabulation, policy: Policy, sensitive: &[String]) -> Self {
        let lines = lines(&t.cells);
        let items: Vec<Hidden> =
            t.measures.items.par_iter().map(|item| question(t, item, &lines, policy, sensitive)).collect();
        let mut out = Ledger { cells: t.cells.len(), hidden: Vec::new(), watched: Vec::new() };
        for item in items {
            out.hidden.extend(item.hidden);
            out.watched.extend(item.watched);
        }
        out
    }

    /// Whether a measure is hidden in a cell. For a cell without rows: whether it must stay unknown.
    pub fn is_hidden(&self, measure: usize, cell: usize) -> bool {
        cell < self.cells && self.hidden.get(measure * self.cells + cell).copied().unwrap_or(true)
    }

    /// Whether a cell without rows is too small to be known, though no equation gives it away.
    pub fn is_watched(&self, measure: usize, cell: usize) -> bool {
        cell < self.cells && self.watched.get(measure * self.cells + cell).copied().unwrap_or(true)
    }
}

/// One question's part, by measure and cell.
struct Hidden {
    hidden: Vec<bool>,
    watched: Vec<bool>,
}

fn question(t: &Tabulation, item: &Item, lines: &[Line], policy: Policy, sensitive: &[String]) -> Hidden {
    let cells = t.cells.len();
    let bases = primary::bases(t, item, lines, policy).close();
    let measures = primary::additive(t, item);
    let is_sensitive = |m: usize| {
        t.measures.list.get(m).is_some_and(|m| {
            matches!(m.kind, MeasureKind::Theme | MeasureKind::Pillar) && sensitive.contains(&m.id)
        })
    };
    let system = primary::counts(t, item, &measures, &bases, lines, &is_sensitive, policy);
    let watched = system.watched();
    let hidden = system.close();
    let mut out = Hidden { hidden: Vec::new(), watched: Vec::new() };
    // A remainder whose base hides another base must stay unknown in every measure.
    let cover = |cell: usize| cell >= t.published && bases.get(cell) == Some(&true);
    for measure in item.measures.clone() {
        match measures.iter().position(|&m| m == measure) {
            Some(m) => {
                let range = m * cells..(m + 1) * cells;
                let own = hidden.get(range.clone()).unwrap_or_default();
                out.hidden.extend(own.iter().enumerate().map(|(cell, &h)| h || cover(cell)));
                out.watched.extend(watched.get(range).unwrap_or_default());
            }
            None => {
                out.hidden.extend((0..cells).map(|cell| mean_of_scores(t, &measures, &hidden, cell)));
                out.watched.extend(vec![false; cells]);
            }
        }
    }
    out
}

/// The mean of a scale is hidden where any of its options is: with the others it gives that one away.
fn mean_of_scores(t: &Tabulation, measures: &[usize], hidden: &[bool], cell: usize) -> bool {
    let cells = t.cells.len();
    let is_option = |m: usize| t.measures.list.get(m).is_some_and(|m| m.kind == MeasureKind::Option);
    let mut options = measures.iter().enumerate().filter(|(_, m)| is_option(**m));
    options.any(|(m, _)| hidden.get(m * cells + cell).copied().unwrap_or(true))
}
