//! Which numbers are too small to be shown by themselves (rules 1 and 2), and the equations between
//! the numbers of a question. It hides nothing on account of other numbers.

use super::implied::{Equation, Quantity, System, Tie, Total};
use super::policy::Policy;
use crate::tabulate::{Figure, Item, Line, Recipe, Relation, Tabulation, Tally};

/// The bases of a question as a system: one quantity a cell. Hiding a base hides all rows of the
/// question in the cell.
pub fn bases(t: &Tabulation, item: &Item, lines: &[Line], policy: Policy) -> System {
    let quantity = |cell: usize| {
        let value = base(t, item, cell);
        let printed = cell < t.published;
        let hidden = printed && policy.hides_base(value);
        Quantity { value, complement: None, printed, watched: false, hidden }
    };
    let equation = |line: &Line| Equation {
        tie: Tie::Line,
        total: Total::Quantity(line.total),
        parts: line.parts.clone(),
    };
    System::new((0..t.cells.len()).map(quantity).collect(), lines.iter().map(equation).collect(), policy)
}

/// The base of a question in a cell; 0 for a question without measures.
pub fn base(t: &Tabulation, item: &Item, cell: usize) -> u64 {
    t.figure(item.measures.start, cell).filter(|_| !item.measures.is_empty()).map_or(0, |f| f.base().n)
}

/// The measures of a question whose numbers add up: all but the mean of a scale, which follows from
/// its options.
pub fn additive(t: &Tabulation, item: &Item) -> Vec<usize> {
    let scores = |m: &usize| matches!(t.measures.list.get(*m).map(|m| &m.recipe), Some(Recipe::Scores(_)));
    item.measures.clone().filter(|m| !scores(m)).collect()
}

/// The counts of a question as a system: `measures` by cells, given which bases are hidden.
pub fn counts(
    t: &Tabulation,
    item: &Item,
    measures: &[usize],
    hidden_bases: &[bool],
    lines: &[Line],
    sensitive: &dyn Fn(usize) -> bool,
    policy: Policy,
) -> System {
    let cells = t.cells.len();
    let mut quantities = Vec::with_capacity(measures.len() * cells);
    let mut equations = Vec::new();
    for (m, &measure) in measures.iter().enumerate() {
        let hidden_base = |cell: usize| hidden_bases.get(cell).copied().unwrap_or(true);
        let sensitive = sensitive(measure);
        quantities.extend((0..cells).map(|cell| {
            let figure = t.figure(measure, cell);
            count(figure, cell < t.published, hidden_base(cell), sensitive, policy)
        }));
        let at = |cell: &usize| m * cells + cell;
        equations.extend(lines.iter().map(|line| Equation {
            tie: Tie::Line,
            total: Total::Quantity(at(&line.total)),
            parts: line.parts.iter().map(at).collect(),
        }));
    }
    for cell in (0..cells).filter(|&c| hidden_bases.get(c) == Some(&false) && base(t, item, c) > 0) {
        let n = base(t, item, cell);
        let known = if cell < t.published { policy.interval(n) } else { (n, n) };
        let at = |measure: usize| measures.iter().position(|&m| m == measure).map(|m| m * cells + cell);
        equations.extend(item.relations.iter().filter_map(|r| tied(r, &at, known)));
    }
    System::new(quantities, equations, policy)
}

fn count(
    figure: Option<&Figure>,
    printed: bool,
    hidden_base: bool,
    sensitive: bool,
    policy: Policy,
) -> Quantity {
    let (value, complement, too_small) = match figure {
        Some(Figure::Share { count, base }) => {
            let complement = base.n.saturating_sub(count.n);
            (count.n, Some(complement), policy.hides_split(count.n, base.n, sensitive))
        }
        Some(Figure::Mean { base, constant, .. }) => (base.n, None, all_alike(base, *constant, policy)),
        None => (0, None, false),
    };
    let small = policy.is_small(value) || complement.is_some_and(|c| policy.is_small(c));
    Quantity {
        value,
        complement,
        printed,
        watched: !printed && small && complement.is_some(),
        hidden: printed && (too_small || hidden_base),
    }
}

/// A mean of few children who all gave the same number is that number, for each of them.
fn all_alike(base: &Tally, constant: bool, policy: Policy) -> bool {
    constant && (1..policy.small_base).contains(&base.n)
}

/// A relation of measures as an equation in one cell.
fn tied(relation: &Relation, at: &dyn Fn(usize) -> Option<usize>, base: (u64, u64)) -> Option<Equation> {
    let all = |parts: &[usize]| parts.iter().map(|&p| at(p)).collect::<Option<Vec<_>>>();
    match relation {
        Relation::Sum { total: None, parts } => {
            Some(Equation { tie: Tie::Sum, total: Total::Known(base.0, base.1), parts: all(parts)? })
        }
        Relation::Sum { total: Some(total), parts } => {
            Some(Equation { tie: Tie::Sum, total: Total::Quantity(at(*total)?), parts: all(parts)? })
        }
        Relation::Union { parent, parts } => {
            Some(Equation { tie: Tie::Union, total: Total::Quantity(at(*parent)?), parts: all(parts)? })
        }
    }
}
