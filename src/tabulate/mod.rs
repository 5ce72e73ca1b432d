//! Records to exact figures per cell. Nothing here is safe to publish: only `protect` decides what
//! leaves, and the exact figures go nowhere but the restricted folder.

mod counts;
pub mod figures;
mod groups;
mod measures;
pub mod statistics;
#[cfg(test)]
pub mod testing;

use std::collections::BTreeMap;

pub use counts::{Moments, Sums, Tabulator, Tally};
pub use figures::{Figures, Status};
pub use groups::{Cell, Coordinate, Dimension, Layout, Line, TOTAL, lines};
pub use measures::{Item, Measure, MeasureKind, Measures, Recipe, Relation};

/// Exact figures of every measure in every cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Tabulation {
    /// The groups that divide respondents, in the plan's order.
    pub dimensions: Vec<Dimension>,
    /// The measures and how they are tied.
    pub measures: Measures,
    /// First the cells that have rows, sorted by coordinates; then, sorted, the remainders of those
    /// missing on a group, which are never published but implied by what is.
    ///
    /// A crossing that nobody is in has no cell; a level of a table of one group always has.
    pub cells: Vec<Cell>,
    /// How many of the cells have rows.
    pub published: usize,
    /// One row a measure and published cell: by measure, then by cell.
    pub rows: Vec<Row>,
    /// The same for the remainders.
    pub remainders: Vec<Row>,
    /// All respondents.
    pub respondents: u64,
    /// Whether the survey has a weight column.
    pub weighted: bool,
    /// The slice (which dimensions are not summed over) of each published cell, numbered from 0.
    pub slices: Vec<usize>,
}

/// The exact figures of a measure in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Index into [`Measures::list`].
    pub measure: usize,
    /// Index into [`Tabulation::cells`].
    pub cell: usize,
    /// The figures.
    pub figure: Figure,
}

/// What is known of a measure in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// A yes/no split of the children who answered.
    Share {
        /// Those with yes.
        count: Tally,
        /// Those who answered.
        base: Tally,
    },
    /// A mean over the children who answered.
    Mean {
        /// Those who answered.
        base: Tally,
        /// The weighted mean; not a number without weight.
        mean: f64,
        /// The sum of `w^2 (y - mean)^2`.
        spread: f64,
        /// Whether all gave the same answer.
        constant: bool,
    },
}

impl Figure {
    /// The children who answered.
    pub fn base(&self) -> &Tally {
        match self {
            Figure::Share { base, .. } | Figure::Mean { base, .. } => base,
        }
    }
}

impl Tabulation {
    fn new(
        dimensions: Vec<Dimension>,
        measures: Measures,
        cells: BTreeMap<Cell, Sums>,
        weighted: bool,
    ) -> Self {
        let (shown, hidden): (Vec<_>, Vec<_>) = cells.into_iter().partition(|(cell, _)| cell.is_published());
        let respondents = shown.first().and_then(|(_, s)| s.tallies.first()).map_or(0, |t| t.n);
        let published = shown.len();
        let rows = rows_in(&measures, &shown, 0);
        let remainders = rows_in(&measures, &hidden, published);
        let cells: Vec<Cell> = shown.into_iter().chain(hidden).map(|(cell, _)| cell).collect();
        let slices = slice_numbers(&cells, published);
        Tabulation { dimensions, measures, cells, published, rows, remainders, respondents, weighted, slices }
    }

    /// The figures of a measure in a cell, published or not.
    pub fn figure(&self, measure: usize, cell: usize) -> Option<&Figure> {
        let hidden = self.cells.len().saturating_sub(self.published);
        let row = match cell.checked_sub(self.published) {
            None => self.rows.get(measure * self.published + cell),
            Some(i) if i < hidden => self.remainders.get(measure * hidden + i),
            Some(_) => None,
        };
        row.map(|r| &r.figure)
    }

    /// The rows of the measures of a question, by measure and cell.
    pub fn rows_of(&self, item: &Item) -> &[Row] {
        let (from, to) = (item.measures.start * self.published, item.measures.end * self.published);
        self.rows.get(from..to).unwrap_or_default()
    }
}

fn rows_in(measures: &Measures, cells: &[(Cell, Sums)], first: usize) -> Vec<Row> {
    let mut out = Vec::with_capacity(measures.list.len() * cells.len());
    for item in &measures.items {
        for measure in item.measures.clone() {
            let Some(recipe) = measures.list.get(measure).map(|m| &m.recipe) else { continue };
            let row = |(i, (_, sums)): (usize, &(Cell, Sums))| Row {
                measure,
                cell: first + i,
                figure: figure(recipe, &item.base, sums),
            };
            out.extend(cells.iter().enumerate().map(row));
        }
    }
    out
}

fn figure(recipe: &Recipe, base: &[usize], sums: &Sums) -> Figure {
    let base = total(base.iter().copied(), sums);
    match recipe {
        Recipe::Slots(slots) => Figure::Share { count: total(slots.iter().copied(), sums), base },
        Recipe::Scores(slots) => {
            let steps: Vec<Tally> = slots.clone().map(|s| total([s].into_iter(), sums)).collect();
            mean_score(&steps, base)
        }
        Recipe::Moments(m) => mean_number(sums.moments.get(*m).copied().unwrap_or_default(), base),
    }
}

fn total(slots: impl Iterator<Item = usize>, sums: &Sums) -> Tally {
    slots.filter_map(|s| sums.tallies.get(s)).fold(Tally::default(), |mut sum, t| {
        sum += t;
        sum
    })
}

/// The mean of scores 1, 2, 3, ... with these many children each.
fn mean_score(steps: &[Tally], base: Tally) -> Figure {
    let scored = || steps.iter().enumerate().map(|(i, t)| ((i + 1) as f64, t));
    let mean = scored().map(|(score, t)| score * t.w).sum::<f64>() / base.w;
    let spread = scored().map(|(score, t)| t.w2 * (score - mean) * (score - mean)).sum();
    let constant = steps.iter().filter(|t| t.n > 0).count() == 1;
    Figure::Mean { base, mean, spread, constant }
}

fn mean_number(m: Moments, base: Tally) -> Figure {
    let mean = m.wx / base.w;
    let constant = m.least == m.most;
    let spread = if constant { 0.0 } else { m.w2xx - 2.0 * mean * m.w2x + mean * mean * base.w2 };
    Figure::Mean { base, mean, spread: spread.max(0.0), constant }
}

fn slice_numbers(cells: &[Cell], published: usize) -> Vec<usize> {
    let slices: Vec<Vec<usize>> = cells.iter().take(published).map(Cell::slice).collect();
    let mut numbers: BTreeMap<&Vec<usize>, usize> = slices.iter().map(|s| (s, 0)).collect();
    numbers.values_mut().enumerate().for_each(|(i, n)| *n = i);
    slices.iter().filter_map(|s| numbers.get(s).copied()).collect()
}

#[cfg(test)]
mod tests;
