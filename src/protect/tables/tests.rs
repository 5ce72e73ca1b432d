use proptest::prelude::*;

use super::*;
use crate::tabulate::testing::{codebook, consultation, plan, record};
use crate::tabulate::{Relation, Tabulator, statistics};
use crate::{classify::Record, ingest::Answer};

fn protect(plan: &Plan, book: &Codebook, records: &[Record]) -> (Tabulation, Released<Breakdown>) {
    let mut t = Tabulator::new(plan, book);
    t.add(records);
    let t = t.finish();
    let b = breakdown(plan, book, &t).unwrap();
    (t, b)
}

/// What a reader sees of a row: whether it is suppressed, and the printed count and base. Cells
/// without respondents have no row.
struct Reader<'a> {
    t: &'a Tabulation,
    b: &'a Breakdown,
}

impl Reader<'_> {
    fn is_hidden(&self, measure: usize, cell: usize) -> bool {
        self.b.row(measure, cell).unwrap().status == Status::Suppressed
    }

    fn exact(&self, measure: usize, cell: usize) -> (u64, u64) {
        match self.t.figure(measure, cell).unwrap() {
            Figure::Share { count, base } => (count.n, base.n),
            Figure::Mean { base, .. } => (base.n, base.n),
        }
    }

    /// Every printed total with the printed rows of one dimension under it.
    fn lines(&self) -> Vec<(usize, Vec<usize>)> {
        let mut out = Vec::new();
        for (total, cell) in self.b.cells.iter().enumerate() {
            for d in (0..cell.0.len()).filter(|&d| cell.0[d] == Coordinate::Total) {
                let under = |c: &Cell| c.0[d] != Coordinate::Total && c.with(d, Coordinate::Total) == *cell;
                let parts: Vec<usize> =
                    (0..self.b.cells.len()).filter(|&i| under(&self.b.cells[i])).collect();
                if !parts.is_empty() {
                    out.push((total, parts));
                }
            }
        }
        out
    }
}

/// What holds of every row by itself.
fn rows_hold(plan: &Plan, r: &Reader<'_>) {
    let (threshold, step) = (plan.disclosure.threshold, plan.disclosure.round_to);
    for row in &r.b.rows {
        let f = &row.figures;
        let (k, n) = r.exact(row.measure, row.cell);
        let mean = r.b.measures[row.measure].kind == MeasureKind::Mean;
        match row.status {
            Status::Suppressed => assert_eq!(*f, Figures::default()),
            Status::NotApplicable => {
                assert_eq!((*f, n), (Figures { base: Some(0), ..Figures::default() }, 0));
            }
            Status::Plain | Status::Unreliable => {
                assert!(n >= threshold && !(1..threshold).contains(&(n - k)), "{n} {k}");
                assert!(!(1..threshold).contains(&k));
                assert!(mean || n >= plan.disclosure.small_base || (k > 0 && k < n), "none or all of few");
            }
        }
        for printed in [f.base, f.count].into_iter().flatten() {
            assert!(printed % step == 0 && !(1..threshold).contains(&printed));
        }
        if let (Some(k), Some(n)) = (f.count, f.base.filter(|n| *n > 0)) {
            let scale = if n < 1000 { 1.0 } else { 10.0 };
            let printed = |percent: f64| Some((percent * scale).round() / scale);
            let (lower, upper) = statistics::wilson(k as f64, n as f64).unwrap();
            assert_eq!(f.percent, printed(100.0 * k as f64 / n as f64));
            assert_eq!((f.ci_lower, f.ci_upper), (printed(100.0 * lower), printed(100.0 * upper)));
            assert_eq!(f.weighted_percent.is_some(), r.t.weighted);
        }
    }
}

/// No sum over a group gives a suppressed number away: never one alone, and together they may still
/// reach the threshold. Children missing on the group count as known unless they are themselves too
/// few to be known, or enough to hide behind.
fn lines_hold(plan: &Plan, r: &Reader<'_>) {
    let threshold = plan.disclosure.threshold;
    for (total, parts) in r.lines() {
        for m in 0..r.b.measures.len() {
            let scores = matches!(r.b.measures[m].recipe, Recipe::Scores(_));
            let (k, n) = r.exact(m, total);
            let hidden: Vec<(u64, u64)> =
                parts.iter().filter(|&&p| r.is_hidden(m, p)).map(|&p| r.exact(m, p)).collect();
            let sum = parts.iter().map(|&p| r.exact(m, p)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
            let missing = (k - sum.0, n - sum.1);
            let mean = r.b.measures[m].kind == MeasureKind::Mean;
            let small = |n: u64| (1..threshold).contains(&n);
            let sides = if mean { (missing.0, missing.0) } else { (missing.0, missing.1 - missing.0) };
            let unknown = small(sides.0) || small(sides.1);
            let behind = unknown || sides.0 >= threshold && sides.1 >= threshold;
            let together = hidden.len() + usize::from(r.is_hidden(m, total)) + usize::from(behind);
            if scores || hidden.is_empty() && !r.is_hidden(m, total) {
                continue;
            }
            assert!(
                together != 1,
                "measure {m} in {:?} {:?} {hidden:?} missing {missing:?} total {:?}",
                r.b.cells[total],
                r.is_hidden(m, total),
                (k, n)
            );
            let figures = |cell: usize| r.b.row(m, cell).unwrap().figures;
            if let Some(count) = figures(total).count {
                let half = plan.disclosure.round_to / 2;
                let least = |k: u64| if k == 0 { 0 } else { k.saturating_sub(half).max(threshold) };
                let shown: u64 = parts.iter().filter_map(|&p| figures(p).count).map(least).sum();
                assert!((count + half).saturating_sub(shown) >= threshold, "the rest is known to be few");
            }
        }
    }
}

/// No sum within a question gives a suppressed number away.
fn questions_hold(r: &Reader<'_>) {
    for item in &r.t.measures.items {
        for cell in 0..r.b.cells.len() {
            let hidden = |m: usize| r.is_hidden(m, cell);
            let base_hidden = item.measures.clone().all(hidden);
            for relation in &item.relations {
                match relation {
                    Relation::Sum { .. } if base_hidden => {}
                    Relation::Sum { total, parts } => {
                        let many = parts.iter().chain(total).filter(|&&m| hidden(m)).count();
                        assert!(many != 1 || parts.len() == 1 && total.is_none(), "{relation:?}");
                    }
                    Relation::Union { parent, parts } => {
                        let part = |p: &usize| (hidden(*p), r.exact(*p, cell).0);
                        let values: Vec<(bool, u64)> = parts.iter().map(part).collect();
                        let seen: u64 = values.iter().filter(|v| !v.0).map(|v| v.1).sum();
                        let lost = values.iter().filter(|v| v.0).count();
                        if !hidden(*parent) {
                            let (k, _) = r.exact(*parent, cell);
                            assert!(lost == 0 || k > 0 && (lost > 1 || seen > 0), "{relation:?}");
                        } else if !base_hidden && lost == 0 {
                            assert!(values.iter().filter(|v| v.1 > 0).count() > 1, "{relation:?}");
                        }
                    }
                }
            }
        }
    }
}

/// The mean of a scale is shown only where all of its options are, and is then theirs.
fn means_hold(r: &Reader<'_>) {
    let scale =
        r.t.measures
            .items
            .iter()
            .find(|i| i.measures.clone().any(|m| matches!(r.b.measures[m].recipe, Recipe::Scores(_))))
            .unwrap();
    let mean = scale.measures.clone().find(|&m| r.b.measures[m].kind == MeasureKind::Mean).unwrap();
    for cell in (0..r.b.cells.len()).filter(|&c| !r.is_hidden(mean, c)) {
        let options: Vec<Option<u64>> = scale
            .measures
            .clone()
            .filter(|&m| r.b.measures[m].kind == MeasureKind::Option)
            .map(|m| r.b.row(m, cell).unwrap().figures.count)
            .collect();
        let row = r.b.row(mean, cell).unwrap();
        if row.status == Status::NotApplicable {
            continue;
        }
        let counts: Vec<u64> = options.into_iter().map(|k| k.expect("every option is shown")).collect();
        if !r.t.weighted {
            let scored: u64 = counts.iter().enumerate().map(|(i, k)| (i as u64 + 1) * k).sum();
            let mean = scored as f64 / counts.iter().sum::<u64>() as f64;
            let scale = if row.figures.base.unwrap() < 1000 { 10.0 } else { 100.0 };
            assert_eq!(row.figures.mean, Some((mean * scale).round() / scale));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_hidden_can_be_read_off(seed in any::<u64>()) {
        let (plan, book, records) = consultation(seed);
        let (t, b) = protect(&plan, &book, &records);
        let reader = Reader { t: &t, b: &b };
        rows_hold(&plan, &reader);
        lines_hold(&plan, &reader);
        questions_hold(&reader);
        means_hold(&reader);
    }

    #[test]
    fn a_cell_has_one_row_and_the_same_status_for_the_same_input(seed in any::<u64>()) {
        let (plan, book, records) = consultation(seed);
        let (_, b) = protect(&plan, &book, &records);
        let (_, again) = protect(&plan, &book, &records);
        prop_assert_eq!(b.get(), again.get());
        let keys: std::collections::HashSet<_> = b.rows.iter().map(|r| (r.measure, &b.cells[r.cell])).collect();
        prop_assert_eq!(keys.len(), b.rows.len());
        prop_assert!(b.cells.is_sorted());
    }
}

const YES_NO: &str = r#"
    [[question]]
    id = "has"
    kind = "single"
    column = "s"
    options = ["Yes", "No"]
    [[group]]
    id = "g"
    column = "g"
    levels = ["a", "b", "c"]
    [breakdown]
    tables = [["g"]]
"#;

/// Respondents by level: how many say yes, how many say no.
fn yes_no(levels: &[(Option<u16>, usize, usize)]) -> (Tabulation, Released<Breakdown>) {
    let mut records = Vec::new();
    for &(level, yes, no) in levels {
        let one = |o: u16| record(&[], &[Answer::One(o)], &[level, Some(0)], 1.0);
        records.extend((0..yes).map(|_| one(0)).chain((0..no).map(|_| one(1))));
    }
    protect(&plan(YES_NO), &codebook(&["p/t"]), &records)
}

/// Status of yes and of no for everyone and each level.
fn statuses(levels: &[(Option<u16>, usize, usize)]) -> [String; 2] {
    let (_, b) = yes_no(levels);
    [0, 1].map(|m| {
        let status = |cell: usize| b.row(m, cell).unwrap().status.id();
        (0..b.cells.len()).map(status).map(|s| if s.is_empty() { "." } else { s }).collect()
    })
}

#[test]
fn a_hidden_complement_hides_both_sides_and_another_level() {
    let found = statuses(&[(Some(0), 100, 4), (Some(1), 300, 300), (Some(2), 200, 100)]);
    assert_eq!(found, [".c.c", ".c.c"]);
}

#[test]
fn a_small_base_hides_the_row_and_the_next_smallest() {
    let found = statuses(&[(Some(0), 2, 4), (Some(1), 300, 300), (Some(2), 20, 20)]);
    assert_eq!(found, [".c.c", ".c.c"]);
}

#[test]
fn children_missing_on_the_group_are_cover_if_they_are_many() {
    let many = statuses(&[(Some(0), 2, 4), (Some(1), 300, 300), (Some(2), 20, 20), (None, 30, 30)]);
    assert_eq!(many, [".c..", ".c.."]);
    let few = statuses(&[(Some(0), 2, 4), (Some(1), 300, 300), (Some(2), 20, 20), (None, 3, 3)]);
    assert_eq!(few, [".c.c", ".c.c"]);
}

#[test]
fn a_level_that_nobody_is_in_is_not_applicable() {
    let (_, b) = yes_no(&[(Some(0), 50, 50), (Some(1), 300, 300)]);
    assert_eq!(statuses(&[(Some(0), 50, 50), (Some(1), 300, 300)]), ["...z", "...z"]);
    assert_eq!(b.row(0, 3).unwrap().figures, Figures { base: Some(0), ..Figures::default() });
}

#[test]
fn small_bases_are_unreliable() {
    assert_eq!(statuses(&[(Some(0), 11, 12), (Some(1), 300, 300), (Some(2), 10, 11)])[0], ".u.u");
}

#[test]
fn the_comparison_is_with_those_who_have_a_level() {
    let (_, b) = yes_no(&[(Some(0), 100, 100), (Some(1), 150, 50), (None, 400, 0)]);
    let f = b.row(0, 1).unwrap().figures;
    assert_eq!((f.percent, f.difference), (Some(50.0), Some(-25.0)));
    let p = statistics::two_shares(0.5, 200.0, 0.75, 200.0).unwrap();
    assert_eq!(f.p_adjusted, Some((p * 1e4).round() / 1e4));
    assert_eq!(b.row(0, 0).unwrap().figures.difference, None);
}

#[test]
fn an_empty_survey_has_a_breakdown() {
    assert_eq!(statuses(&[]), ["zzzz", "zzzz"]);
}

#[test]
fn a_tabulation_of_another_plan_is_refused() {
    let (t, _) = yes_no(&[(Some(0), 50, 50)]);
    let other = plan(&YES_NO.replace("\"Yes\", \"No\"", "\"Yes\", \"No\", \"Perhaps\""));
    assert_eq!(breakdown(&other, &codebook(&["p/t"]), &t).unwrap_err().exit_code(), 1);
}
