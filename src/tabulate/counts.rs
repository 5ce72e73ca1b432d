//! Records to sums per cell: mergeable partials. It keeps no record, and no order of threads can
//! change a sum: each table adds the records in the order in which they come.

use std::collections::{BTreeMap, HashMap};
use std::ops::{AddAssign, Sub};

use rayon::prelude::*;

use super::groups::{Cell, Layout};
use super::measures::{Hits, Measures};
use crate::classify::{Codebook, Record};
use crate::config::Plan;

/// Children and their weights.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Children.
    pub n: u64,
    /// Sum of their weights.
    pub w: f64,
    /// Sum of their squared weights.
    pub w2: f64,
}

impl Tally {
    fn grow(&mut self, weight: f64) {
        self.n += 1;
        self.w += weight;
        self.w2 += weight * weight;
    }
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        self.n += other.n;
        self.w += other.w;
        self.w2 += other.w2;
    }
}

impl Sub for Tally {
    type Output = Tally;
    /// Everyone but these; never under zero.
    fn sub(self, other: Tally) -> Tally {
        Tally {
            n: self.n.saturating_sub(other.n),
            w: (self.w - other.w).max(0.0),
            w2: (self.w2 - other.w2).max(0.0),
        }
    }
}

/// Weighted sums of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Sum of `w x`.
    pub wx: f64,
    /// Sum of `w^2 x`.
    pub w2x: f64,
    /// Sum of `w^2 x^2`.
    pub w2xx: f64,
    /// Smallest number.
    pub least: f64,
    /// Largest number.
    pub most: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Moments { wx: 0.0, w2x: 0.0, w2xx: 0.0, least: f64::INFINITY, most: f64::NEG_INFINITY }
    }
}

impl Moments {
    fn grow(&mut self, weight: f64, x: f64) {
        let (wx, w2x) = (weight * x, weight * weight * x);
        *self += &Moments { wx, w2x, w2xx: w2x * x, least: x, most: x };
    }
}

impl AddAssign<&Moments> for Moments {
    fn add_assign(&mut self, other: &Moments) {
        self.wx += other.wx;
        self.w2x += other.w2x;
        self.w2xx += other.w2xx;
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
    }
}

/// The sums of one cell: [`Measures::slots`] tallies and [`Measures::moments`] moments.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sums {
    /// By slot.
    pub tallies: Vec<Tally>,
    /// By number question.
    pub moments: Vec<Moments>,
}

impl Sums {
    fn empty(measures: &Measures) -> Self {
        Sums {
            tallies: vec![Tally::default(); measures.slots],
            moments: vec![Moments::default(); measures.moments],
        }
    }

    fn grow(&mut self, hits: &Hits, weight: f64) {
        for &slot in &hits.slots {
            if let Some(tally) = self.tallies.get_mut(slot) {
                tally.grow(weight);
            }
        }
        for &(slot, x) in &hits.numbers {
            if let Some(moments) = self.moments.get_mut(slot) {
                moments.grow(weight, x);
            }
        }
    }
}

impl AddAssign<&Sums> for Sums {
    fn add_assign(&mut self, other: &Sums) {
        self.tallies.iter_mut().zip(&other.tallies).for_each(|(a, b)| *a += b);
        self.moments.iter_mut().zip(&other.moments).for_each(|(a, b)| *a += b);
    }
}

/// A crossing that is counted: only the cells that someone is in.
#[derive(Debug, Clone, Default)]
struct Table {
    dimensions: Vec<usize>,
    index: HashMap<u64, usize>,
    cells: Vec<(u64, Sums)>,
}

impl Table {
    fn cell(&mut self, key: u64, measures: &Measures) -> Option<&mut Sums> {
        let next = self.cells.len();
        let at = *self.index.entry(key).or_insert(next);
        if at == next {
            self.cells.push((key, Sums::empty(measures)));
        }
        self.cells.get_mut(at).map(|(_, sums)| sums)
    }

    fn add(&mut self, layout: &Layout, measures: &Measures, records: &[Record], hits: &[Hits]) {
        for (record, hits) in records.iter().zip(hits) {
            let key = layout.key(&self.dimensions, &record.closed.groups);
            if let Some(sums) = self.cell(key, measures) {
                sums.grow(hits, record.closed.weight);
            }
        }
    }

    fn merge(&mut self, other: Table, measures: &Measures) {
        for (key, sums) in &other.cells {
            if let Some(mine) = self.cell(*key, measures) {
                *mine += sums;
            }
        }
    }
}

/// Counts records. Partials over consecutive records merge, in their order, to the same counts.
///
/// Weighted sums are floating-point: their last bits depend on where the records were cut, never on
/// the number of threads.
#[derive(Debug, Clone)]
pub struct Tabulator {
    layout: Layout,
    measures: Measures,
    weighted: bool,
    tables: Vec<Table>,
}

/// Records whose hits are held at once.
const CHUNK: usize = 4096;

impl Tabulator {
    /// An empty partial for the plan's tables.
    pub fn new(plan: &Plan, codebook: &Codebook) -> Self {
        let layout = Layout::new(plan);
        let table = |dims: &Vec<usize>| Table { dimensions: dims.clone(), ..Table::default() };
        let tables = layout.tables.iter().map(table).collect();
        let measures = Measures::new(plan, codebook);
        Tabulator { layout, measures, weighted: plan.survey.weight.is_some(), tables }
    }

    /// Counts records, in their order.
    pub fn add(&mut self, records: &[Record]) {
        let Tabulator { layout, measures, tables, .. } = self;
        for chunk in records.chunks(CHUNK) {
            let hits: Vec<Hits> = chunk.par_iter().with_min_len(256).map(|r| measures.hits(r)).collect();
            tables.par_iter_mut().for_each(|t| t.add(layout, measures, chunk, &hits));
        }
    }

    /// Adds a partial over later records, counted for the same plan and codebook.
    pub fn merge(&mut self, other: Self) {
        let measures = &self.measures;
        for (mine, theirs) in self.tables.iter_mut().zip(other.tables) {
            mine.merge(theirs, measures);
        }
    }

    /// The exact figures of every cell.
    pub fn finish(self) -> super::Tabulation {
        let everyone = Cell(vec![super::Coordinate::Total; self.layout.dimensions.len()].into());
        let mut cells: BTreeMap<Cell, Sums> = BTreeMap::new();
        for cell in self.layout.single_levels().into_iter().chain([everyone]) {
            cells.insert(cell, Sums::empty(&self.measures));
        }
        for slice in &self.layout.slices {
            let Some(table) = self.tables.get(slice.table) else { continue };
            let mut counted: Vec<&(u64, Sums)> = table.cells.iter().collect();
            counted.sort_unstable_by_key(|(key, _)| *key);
            for (key, sums) in counted {
                let cell = self.layout.cell(&table.dimensions, *key, &slice.dimensions);
                *cells.entry(cell).or_insert_with(|| Sums::empty(&self.measures)) += sums;
            }
        }
        super::Tabulation::new(self.layout.dimensions, self.measures, cells, self.weighted)
    }
}
