//! The numbers of a row, computed from counts and sums: exact ones here, rounded ones by `protect`
//! with the same functions. It decides nothing about what may be shown.

use std::collections::BTreeMap;

use super::statistics::{self as st, effective_base, linearised_error};
use super::{Figure, Item, Row, Tabulation, Tally};

/// The marker of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Status {
    /// Nothing to say.
    #[default]
    Plain,
    /// `c`: suppressed, for whatever reason; every number is null.
    Suppressed,
    /// `u`: unreliable, the base or the effective base is small.
    Unreliable,
    /// `z`: not applicable, nobody answered.
    NotApplicable,
}

impl Status {
    /// The value of `status`.
    pub fn id(self) -> &'static str {
        match self {
            Status::Plain => "",
            Status::Suppressed => "c",
            Status::Unreliable => "u",
            Status::NotApplicable => "z",
        }
    }
}

/// The numbers of a row; `None` where there is none. Percentages run from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Children who answered.
    pub base: Option<u64>,
    /// Children with the measure; none for a mean.
    pub count: Option<u64>,
    /// Share of the base.
    pub percent: Option<f64>,
    /// Wilson interval of `percent`, lower end.
    pub ci_lower: Option<f64>,
    /// Wilson interval of `percent`, upper end.
    pub ci_upper: Option<f64>,
    /// Weighted share; `None` throughout where the survey has no weight.
    pub weighted_percent: Option<f64>,
    /// Logit interval of `weighted_percent`, lower end.
    pub weighted_ci_lower: Option<f64>,
    /// Logit interval of `weighted_percent`, upper end.
    pub weighted_ci_upper: Option<f64>,
    /// Kish's effective base; `None` where the survey has no weight.
    pub effective_base: Option<f64>,
    /// Mean, weighted where the survey has a weight.
    pub mean: Option<f64>,
    /// Standard error of the mean, linearised.
    pub mean_se: Option<f64>,
    /// Percentage points above everyone else in the same table; weighted where there is a weight.
    pub difference: Option<f64>,
    /// p-value of the difference, adjusted within question and table.
    pub p_adjusted: Option<f64>,
}

/// A yes/no split as its numbers are computed: counts as they are or as they are printed, and the
/// weighted sums as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Children with yes.
    pub count: u64,
    /// Children who answered.
    pub base: u64,
    /// The weighted sums of both, where the survey has a weight.
    pub weighted: Option<(Tally, Tally)>,
}

impl Split {
    /// The split with exact counts.
    pub fn exact(count: Tally, base: Tally, weighted: bool) -> Self {
        Split { count: count.n, base: base.n, weighted: weighted.then_some((count, base)) }
    }

    /// The share (weighted where there is a weight) and the base of a test; `None` without base.
    fn side(&self) -> Option<(f64, f64)> {
        match &self.weighted {
            Some((count, base)) => Some((share(count, base)?, effective_base(base.w, base.w2)?)),
            None => (self.base > 0).then(|| (self.count as f64 / self.base as f64, self.base as f64)),
        }
    }
}

fn share(count: &Tally, base: &Tally) -> Option<f64> {
    (base.w > 0.0).then(|| (count.w / base.w).clamp(0.0, 1.0))
}

fn finite(x: Option<f64>) -> Option<f64> {
    x.filter(|x| x.is_finite())
}

/// The numbers of a split but for the comparison; `respondents` are all of the survey.
pub fn of_split(split: &Split, respondents: u64) -> Figures {
    let (count, base) = (split.count as f64, split.base as f64);
    let interval = st::wilson(count, base);
    let mut out = Figures {
        base: Some(split.base),
        count: Some(split.count),
        percent: (split.base > 0).then(|| 100.0 * count / base),
        ci_lower: interval.map(|i| 100.0 * i.0),
        ci_upper: interval.map(|i| 100.0 * i.1),
        ..Figures::default()
    };
    if let Some((count, base)) = &split.weighted {
        let interval = weighted_interval(count, base, respondents);
        out.weighted_percent = finite(share(count, base).map(|p| 100.0 * p));
        out.weighted_ci_lower = finite(interval.map(|i| 100.0 * i.0));
        out.weighted_ci_upper = finite(interval.map(|i| 100.0 * i.1));
        out.effective_base = finite(effective_base(base.w, base.w2));
    }
    out
}

/// The logit interval on the linearised error; at 0 and 1, where there is no logit, Wilson's on the
/// effective base.
fn weighted_interval(count: &Tally, base: &Tally, respondents: u64) -> Option<(f64, f64)> {
    let p = share(count, base)?;
    let others = *base - *count;
    if p <= 0.0 || p >= 1.0 || count.n == 0 || others.n == 0 {
        let effective = effective_base(base.w, base.w2)?;
        return st::wilson(p * effective, effective);
    }
    let spread = st::split_spread(p, count.w2, others.w2);
    st::logit_interval(p, linearised_error(spread, base.w, respondents)?, base.n)
}

/// The numbers of a mean.
pub fn of_mean(base: &Tally, mean: f64, spread: f64, respondents: u64, weighted: bool) -> Figures {
    Figures {
        base: Some(base.n),
        mean: finite(Some(mean)),
        mean_se: finite(linearised_error(spread, base.w, respondents)),
        effective_base: finite(effective_base(base.w, base.w2)).filter(|_| weighted),
        ..Figures::default()
    }
}

/// How far a split lies above the rest, in percentage points, and the unadjusted p-value.
pub fn compared(split: &Split, rest: &Split) -> Option<(f64, f64)> {
    let ((p1, base1), (p2, base2)) = (split.side()?, rest.side()?);
    let p = st::two_shares(p1, base1, p2, base2)?;
    let points = 100.0 * (p1 - p2);
    (p.is_finite() && points.is_finite()).then_some((points, p))
}

/// Count and base of a measure over each slice: everyone in a table who has a level on all its
/// groups. Indexed as [`Tabulation::slices`].
pub fn table_totals(t: &Tabulation, measure: usize) -> Vec<(Tally, Tally)> {
    let slices = t.slices.iter().max().map_or(0, |m| m + 1);
    let mut out = vec![(Tally::default(), Tally::default()); slices];
    for (cell, &slice) in t.slices.iter().enumerate() {
        if let (Some(Figure::Share { count, base }), Some(sum)) =
            (t.figure(measure, cell), out.get_mut(slice))
        {
            sum.0 += count;
            sum.1 += base;
        }
    }
    out
}

/// Adjusts the p-values of a question's rows, each slice a family of its own.
pub fn adjust<'a>(rows: impl Iterator<Item = (usize, &'a mut Figures)>) {
    let mut families: BTreeMap<usize, Vec<&mut f64>> = BTreeMap::new();
    for (slice, figures) in rows {
        families.entry(slice).or_default().extend(figures.p_adjusted.as_mut());
    }
    for mut family in families.into_values() {
        let raw: Vec<f64> = family.iter().map(|p| **p).collect();
        for (p, adjusted) in family.iter_mut().zip(st::benjamini_hochberg(&raw)) {
            **p = adjusted;
        }
    }
}

/// The exact numbers of a question's rows, in their order.
pub fn exact(t: &Tabulation, item: &Item) -> Vec<Figures> {
    let mut out = Vec::new();
    for measure in item.measures.clone() {
        let totals = table_totals(t, measure);
        let rows = t.rows.iter().skip(measure * t.published).take(t.published);
        out.extend(rows.map(|row| exact_row(t, row, &totals)));
    }
    let slices = t.slices.iter().copied().cycle();
    adjust(slices.zip(out.iter_mut()));
    out
}

fn exact_row(t: &Tabulation, row: &Row, totals: &[(Tally, Tally)]) -> Figures {
    match row.figure {
        Figure::Mean { base, mean, spread, .. } => of_mean(&base, mean, spread, t.respondents, t.weighted),
        Figure::Share { count, base } => {
            let split = Split::exact(count, base, t.weighted);
            let mut out = of_split(&split, t.respondents);
            let total = t.slices.get(row.cell).and_then(|&s| totals.get(s));
            let rest = total.map(|(c, b)| Split::exact(*c - count, *b - base, t.weighted));
            let compared = rest.and_then(|rest| compared(&split, &rest));
            out.difference = compared.map(|c| c.0);
            out.p_adjusted = compared.map(|c| c.1);
            out
        }
    }
}

/// The marker of an exact row.
pub fn exact_status(figures: &Figures, small_base: u64) -> Status {
    let small = |x: f64| x < small_base as f64;
    match figures.base {
        None | Some(0) => Status::NotApplicable,
        Some(n) if small(n as f64) || figures.effective_base.is_some_and(small) => Status::Unreliable,
        Some(_) => Status::Plain,
    }
}
