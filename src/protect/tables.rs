//! The breakdown as it is published: hidden rows emptied, the others computed from rounded counts.
//! It decides nothing about what is hidden; the ledger does.

use std::collections::HashMap;

use rayon::prelude::*;

use super::ledger::Ledger;
use super::policy::Policy;
use super::released::Released;
use crate::classify::Codebook;
use crate::config::Plan;
use crate::error::{Error, Result};
use crate::tabulate::figures::{Split, adjust, compared, of_mean, of_split, table_totals};
use crate::tabulate::{
    Cell, Coordinate, Dimension, Figure, Figures, Item, Measure, MeasureKind, Measures, Recipe, Row, Status,
    Tabulation, Tally,
};

/// A breakdown in which every hidden number is gone and the rest is rounded.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakdown {
    /// The groups that divide respondents, in the plan's order.
    pub dimensions: Vec<Dimension>,
    /// The measures, in the order of the rows.
    pub measures: Vec<Measure>,
    /// The cells, sorted.
    pub cells: Vec<Cell>,
    /// One row a measure and cell: by measure, then by cell.
    pub rows: Vec<BreakdownRow>,
    /// The rules that were applied.
    pub policy: Policy,
}

/// A row of the breakdown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakdownRow {
    /// Index into [`Breakdown::measures`].
    pub measure: usize,
    /// Index into [`Breakdown::cells`].
    pub cell: usize,
    /// The marker.
    pub status: Status,
    /// The numbers; all `None` where the marker is `c`.
    pub figures: Figures,
}

impl Breakdown {
    /// The row of a measure and a cell.
    pub fn row(&self, measure: usize, cell: usize) -> Option<&BreakdownRow> {
        self.rows.get(measure * self.cells.len() + cell).filter(|_| cell < self.cells.len())
    }
}

/// Protects exact figures: hides what is too small or implied, rounds what is left, and computes
/// every number again from what is printed.
///
/// Unweighted numbers are functions of the printed counts alone. Weighted ones, means of numbers and
/// effective bases are computed from exact sums, rounded, and hidden with their row.
///
/// # Errors
/// `Internal` if the figures belong to another plan, or if a row that must be empty is not.
pub fn breakdown(plan: &Plan, codebook: &Codebook, t: &Tabulation) -> Result<Released<Breakdown>> {
    if Measures::new(plan, codebook) != t.measures {
        return Err(Error::Internal("the tabulation belongs to another plan or codebook".into()));
    }
    let policy = Policy::new(&plan.disclosure);
    let ledger = Ledger::new(t, policy, &plan.disclosure.sensitive_themes);
    let view = View { t, ledger: &ledger, policy, remainders: remainders(t) };
    let rows: Vec<Vec<BreakdownRow>> = t.measures.items.par_iter().map(|item| view.question(item)).collect();
    let out = Breakdown {
        dimensions: t.dimensions.clone(),
        measures: t.measures.list.clone(),
        cells: t.cells.iter().take(t.published).cloned().collect(),
        rows: rows.into_iter().flatten().collect(),
        policy,
    };
    check(&out)?;
    Ok(Released::new(out))
}

/// The last look: nothing under the threshold is printed, and a suppressed row is empty.
fn check(b: &Breakdown) -> Result<()> {
    let broken = b.rows.iter().any(|row| {
        let f = &row.figures;
        let empty = *f == Figures::default();
        let small = [f.base, f.count].iter().flatten().any(|n| b.policy.is_small(*n));
        small || (row.status == Status::Suppressed && !empty)
    });
    if broken || b.rows.len() != b.measures.len() * b.cells.len() {
        return Err(Error::Internal("a hidden number was about to be released; nothing was".into()));
    }
    Ok(())
}

/// For each slice, the cells from which the total of its table follows: each of its dimensions
/// summed over, or missing.
fn remainders(t: &Tabulation) -> Vec<Vec<usize>> {
    let index: HashMap<&Cell, usize> = t.cells.iter().enumerate().map(|(i, c)| (c, i)).collect();
    let everyone = Cell(vec![Coordinate::Total; t.dimensions.len()].into());
    let mut out = vec![Vec::new(); t.slices.iter().max().map_or(0, |m| m + 1)];
    for (cell, &slice) in t.cells.iter().zip(&t.slices) {
        let Some(list) = out.get_mut(slice).filter(|list| list.is_empty()) else { continue };
        let dimensions = cell.slice();
        for mask in 0..1u32 << dimensions.len() {
            let missing = dimensions.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1);
            let key = missing.fold(everyone.clone(), |key, (_, &d)| key.with(d, Coordinate::Missing));
            list.extend(index.get(&key));
        }
    }
    out
}

/// Everything a row is computed from.
struct View<'a> {
    t: &'a Tabulation,
    ledger: &'a Ledger,
    policy: Policy,
    remainders: Vec<Vec<usize>>,
}

impl View<'_> {
    fn question(&self, item: &Item) -> Vec<BreakdownRow> {
        let mut out = Vec::with_capacity(item.measures.len() * self.t.published);
        for measure in item.measures.clone() {
            let rests = self.rests(measure);
            let rows = self.t.rows.iter().skip(measure * self.t.published).take(self.t.published);
            out.extend(rows.map(|row| self.row(row, item, &rests)));
        }
        adjust(out.iter_mut().filter_map(|r| Some((*self.t.slices.get(r.cell)?, &mut r.figures))));
        for row in &mut out {
            self.policy.round_figures(&mut row.figures);
            row.status = self.status(row);
        }
        out
    }

    fn row(&self, row: &Row, item: &Item, rests: &[Rest]) -> BreakdownRow {
        let hidden = self.ledger.is_hidden(row.measure, row.cell);
        let figures = match (hidden, &row.figure) {
            (true, _) => Figures::default(),
            (false, figure) if figure.base().n == 0 => Figures { base: Some(0), ..Figures::default() },
            (false, Figure::Share { count, base }) => self.share(row, count, base, rests),
            (false, Figure::Mean { base, mean, spread, .. }) => self.mean(row, item, base, *mean, *spread),
        };
        let status = if hidden { Status::Suppressed } else { Status::Plain };
        BreakdownRow { measure: row.measure, cell: row.cell, status, figures }
    }

    fn share(&self, row: &Row, count: &Tally, base: &Tally, rests: &[Rest]) -> Figures {
        let split = self.printed(count, base);
        let mut out = of_split(&split, self.t.respondents);
        let rest = self.t.slices.get(row.cell).and_then(|&slice| rests.get(slice));
        let compared = rest.and_then(|rest| self.rest(rest, count, base)).and_then(|r| compared(&split, &r));
        out.difference = compared.map(|c| c.0);
        out.p_adjusted = compared.map(|c| c.1);
        out
    }

    /// A split as it is printed: counts rounded, weighted sums exact.
    fn printed(&self, count: &Tally, base: &Tally) -> Split {
        let mut split = Split::exact(*count, *base, self.t.weighted);
        split.count = self.policy.round(split.count);
        split.base = self.policy.round(split.base);
        split
    }

    /// The mean of a scale without weights is that of the printed counts.
    fn mean(&self, row: &Row, item: &Item, base: &Tally, mean: f64, spread: f64) -> Figures {
        let scores =
            matches!(self.t.measures.list.get(row.measure).map(|m| &m.recipe), Some(Recipe::Scores(_)));
        let (mut total, mut mean, mut spread) = (*base, mean, spread);
        if scores && !self.t.weighted {
            let steps = self.printed_steps(item, row.cell);
            let n: u64 = steps.iter().sum();
            let scored = || steps.iter().enumerate().map(|(i, &k)| ((i + 1) as f64, k as f64));
            mean = scored().map(|(score, k)| score * k).sum::<f64>() / n as f64;
            spread = scored().map(|(score, k)| k * (score - mean) * (score - mean)).sum();
            total = Tally { n: base.n, w: n as f64, w2: n as f64 };
        }
        let mut out = of_mean(&total, mean, spread, self.t.respondents, self.t.weighted);
        out.base = Some(self.policy.round(base.n));
        out
    }

    fn printed_steps(&self, item: &Item, cell: usize) -> Vec<u64> {
        let options = item
            .measures
            .clone()
            .filter(|&m| self.t.measures.list.get(m).is_some_and(|m| m.kind == MeasureKind::Option));
        options
            .filter_map(|m| match self.t.figure(m, cell) {
                Some(Figure::Share { count, .. }) => Some(self.policy.round(count.n)),
                _ => None,
            })
            .collect()
    }

    /// What everyone else is, for a measure in each slice.
    fn rests(&self, measure: usize) -> Vec<Rest> {
        let whole = self.remainders.first().and_then(|_| self.t.figure(measure, 0));
        let totals = table_totals(self.t, measure);
        let rest = |(cells, total): (&Vec<usize>, (Tally, Tally))| {
            let hidden = cells.iter().any(|&c| self.ledger.is_hidden(measure, c));
            let watched = cells.iter().any(|&c| self.ledger.is_watched(measure, c));
            match whole {
                _ if hidden => Rest::Unknown,
                Some(Figure::Share { count, base }) if watched => Rest::OfEveryone(*count, *base),
                Some(Figure::Share { .. }) => Rest::OfTable(total.0, total.1),
                _ => Rest::Unknown,
            }
        };
        self.remainders.iter().zip(totals).map(rest).collect()
    }

    /// Everyone else as a split, unless it is itself too small to be known.
    fn rest(&self, rest: &Rest, count: &Tally, base: &Tally) -> Option<Split> {
        let (split, known) = match rest {
            Rest::Unknown => return None,
            Rest::OfTable(all_count, all_base) => {
                let (count, base) = (*all_count - *count, *all_base - *base);
                (self.printed(&count, &base), (count.n, base.n))
            }
            Rest::OfEveryone(all_count, all_base) => {
                let (all, own) = (self.printed(all_count, all_base), self.printed(count, base));
                let known = (all.count.saturating_sub(own.count), all.base.saturating_sub(own.base));
                let weighted = all.weighted.map(|_| (*all_count - *count, *all_base - *base));
                (Split { count: known.0.min(known.1), base: known.1, weighted }, known)
            }
        };
        let small = |n: u64| self.policy.is_small(n);
        let hidden = small(known.0) || small(known.1) || small(known.1.saturating_sub(known.0));
        (!hidden).then_some(split)
    }

    fn status(&self, row: &BreakdownRow) -> Status {
        let small = self.policy.small_base;
        match row.figures.base {
            None => Status::Suppressed,
            Some(0) => Status::NotApplicable,
            Some(n) if n < small => Status::Unreliable,
            Some(_) if row.figures.effective_base.is_some_and(|n| n < small as f64) => Status::Unreliable,
            Some(_) => Status::Plain,
        }
    }
}

/// Everyone else in a table, before a cell is taken out: count and base.
enum Rest {
    /// Not to be known.
    Unknown,
    /// Those with a level on every group of the table.
    OfTable(Tally, Tally),
    /// Everyone: so few have no level that their number may not be known.
    OfEveryone(Tally, Tally),
}

impl Policy {
    /// Rounds every number but counts and bases as it is printed (rule 5): percentages, intervals and
    /// differences to whole numbers under a printed base of 1,000, else to one decimal; means to one
    /// decimal more and their errors to two; effective bases as counts; p-values to four decimals.
    fn round_figures(&self, f: &mut Figures) {
        let decimals = self.decimals(f.base.unwrap_or(0));
        for percent in [
            &mut f.percent,
            &mut f.ci_lower,
            &mut f.ci_upper,
            &mut f.weighted_percent,
            &mut f.weighted_ci_lower,
            &mut f.weighted_ci_upper,
            &mut f.difference,
        ] {
            round(percent, decimals);
        }
        round(&mut f.mean, decimals + 1);
        round(&mut f.mean_se, decimals + 2);
        round(&mut f.p_adjusted, 4);
        let step = self.round_to as f64;
        f.effective_base = f.effective_base.map(|n| (n / step).round() * step);
    }
}

fn round(number: &mut Option<f64>, decimals: i32) {
    let scale = 10f64.powi(decimals);
    // Adding zero turns -0 into 0.
    *number = number.map(|x| (x * scale).round() / scale + 0.0).filter(|x| x.is_finite());
}

#[cfg(test)]
mod tests;
