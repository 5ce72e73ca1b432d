use super::testing::{codebook, plan, record};
use super::*;
use crate::classify::Record;
use crate::config::Plan;
use crate::ingest::Answer;

/// Group, weight, whether the text carries the theme, score: made for this test with
/// `numpy.random.default_rng(7)`, N = 40: `choice(["a", "b"], p=[.6, .4])`,
/// `round(uniform(.3, 3), 1)`, `random() < .45`, `integers(1, 6)`.
#[rustfmt::skip]
const ROWS: [(char, f64, u64, u16); 40] = [
    ('b', 1.0, 1, 5), ('b', 2.7, 0, 1), ('b', 1.7, 0, 5), ('a', 2.6, 1, 4), ('a', 2.0, 0, 3),
    ('b', 2.3, 0, 4), ('a', 0.5, 0, 5), ('b', 1.8, 1, 3), ('b', 1.7, 1, 1), ('a', 2.7, 1, 4),
    ('a', 1.3, 1, 2), ('a', 1.9, 0, 2), ('a', 0.5, 0, 1), ('a', 1.3, 0, 1), ('a', 1.2, 1, 5),
    ('a', 0.7, 0, 2), ('b', 2.5, 1, 1), ('b', 1.3, 1, 1), ('b', 2.9, 1, 2), ('b', 1.9, 1, 2),
    ('a', 1.9, 0, 2), ('a', 2.0, 0, 5), ('b', 2.1, 1, 5), ('a', 0.7, 0, 3), ('a', 1.5, 0, 5),
    ('a', 0.9, 1, 2), ('a', 1.4, 0, 1), ('b', 0.6, 0, 2), ('b', 2.9, 1, 1), ('a', 0.9, 0, 5),
    ('a', 2.1, 0, 2), ('a', 1.1, 0, 3), ('a', 2.7, 1, 2), ('a', 2.1, 0, 5), ('b', 0.7, 1, 1),
    ('a', 2.6, 0, 3), ('a', 2.9, 0, 5), ('a', 2.7, 1, 3), ('b', 1.8, 1, 5), ('a', 0.7, 0, 5),
];

const PLAN: &str = r#"
    [survey]
    weight = "w"
    [[question]]
    id = "said"
    kind = "text"
    column = "t"
    [[question]]
    id = "rated"
    kind = "likert"
    column = "s"
    scale = [1, 2, 3, 4, 5]
    nets = { top = [4, 5] }
    [[question]]
    id = "days"
    kind = "number"
    column = "n"
    [[group]]
    id = "g"
    column = "g"
    levels = ["a", "b"]
    [breakdown]
    tables = [["g"]]
"#;

fn records() -> Vec<Record> {
    let one = |&(g, w, y, s): &(char, f64, u64, u16)| {
        let answers = [Answer::One(s - 1), Answer::Number(f64::from(s))];
        record(&[Some(y)], &answers, &[Some(u16::from(g == 'b')), Some(0)], w)
    };
    ROWS.iter().map(one).collect()
}

fn tabulate(plan: &Plan, themes: &[&str], records: &[Record]) -> Tabulation {
    let mut t = Tabulator::new(plan, &codebook(themes));
    t.add(records);
    t.finish()
}

fn near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found:?} is not {expected:?}");
}

/// The exact figures of a measure by its id, in the cell with these coordinates.
fn exact(t: &Tabulation, question: &str, measure: &str, cell: &[Coordinate]) -> Figures {
    let at = |m: &Measure| m.question_id == question && m.id == measure;
    let m = t.measures.list.iter().position(at).unwrap();
    let c = t.cells.iter().position(|c| c.0.as_ref() == cell).unwrap();
    let item = t.measures.items.iter().find(|i| i.measures.contains(&m)).unwrap();
    figures::exact(t, item)[(m - item.measures.start) * t.published + c]
}

// numpy and statsmodels 0.15 on ROWS, group by group: proportion_confint(.., "wilson"); the weighted
// mean m = sum(w y) / sum(w); its error sqrt(40/39 sum((w (y - m))^2)) / sum(w) over the group; the
// logit interval with scipy.stats.t.ppf(.975, n - 1); sum(w)^2 / sum(w^2).
#[test]
fn a_small_survey_agrees_with_numpy_and_statsmodels() {
    let t = tabulate(&plan(PLAN), &["p/y"], &records());
    let a = exact(&t, "said", "y", &[Coordinate::Level(0)]);
    assert_eq!((a.base, a.count), (Some(25), Some(7)));
    near(a.percent, 28.0);
    near(a.ci_lower, 14.283853850956557);
    near(a.ci_upper, 47.57660519036158);
    near(a.weighted_percent, 34.474327628361856);
    near(a.weighted_ci_lower, 16.11899614268075);
    near(a.weighted_ci_upper, 59.02373204584066);
    near(a.effective_base, 20.482551732582344);
    near(a.difference, 34.474327628361856 - 73.83512544802868);
    near(a.p_adjusted, 0.026106199632262895);
    let b = exact(&t, "said", "y", &[Coordinate::Level(1)]);
    near(b.weighted_percent, 73.83512544802868);
    near(b.weighted_ci_lower, 41.674276971585583);
    near(b.weighted_ci_upper, 91.76617118043313);
    near(b.effective_base, 13.08912056499075);
    near(b.p_adjusted, 0.026106199632262895);
    for question in ["rated", "days"] {
        let a = exact(&t, question, "mean", &[Coordinate::Level(0)]);
        near(a.mean, 3.2689486552567244);
        near(a.mean_se, 0.28275569711642934);
        let b = exact(&t, question, "mean", &[Coordinate::Level(1)]);
        near(b.mean, 2.516129032258064);
        near(b.mean_se, 0.4431012141936703);
    }
    let top = exact(&t, "rated", "top", &[Coordinate::Total]);
    assert_eq!(top.count, Some(ROWS.iter().filter(|r| r.3 >= 4).count() as u64));
    assert_eq!((top.difference, top.p_adjusted), (None, None));
}

const MIXED: &str = r#"
    [[question]]
    id = "said"
    kind = "text"
    column = "t"
    [[question]]
    id = "likes"
    kind = "multiple"
    column = "m"
    options = ["Friends", "Money", "Sport"]
    nets = { people = ["Friends", "Sport"] }
    [[question]]
    id = "yes"
    kind = "single"
    column = "y"
    options = ["Yes", "No"]
    [[group]]
    id = "care"
    column = "c"
    levels = ["Foster", "Home", "Nobody"]
    [[group]]
    id = "age"
    column = "a"
    levels = ["Young", "Old"]
    [breakdown]
    tables = [["care", "age"], ["care"]]
"#;

fn mixed() -> Vec<Record> {
    let (foster, home) = (Some(0), Some(1));
    let (young, old) = (Some(0), Some(1));
    vec![
        // Two themes of one pillar: one child in the pillar.
        record(&[Some(0b011)], &[Answer::Many([0, 2].into()), Answer::One(0)], &[foster, young], 1.0),
        record(&[Some(0b100)], &[Answer::Many([1].into()), Answer::One(1)], &[foster, old], 1.0),
        record(&[Some(0)], &[Answer::Skipped, Answer::One(0)], &[home, None], 1.0),
        record(&[None], &[Answer::NotShown, Answer::Skipped], &[None, young], 1.0),
    ]
}

fn counts(t: &Tabulation, question: &str, measure: &str, cell: &[Coordinate]) -> (u64, u64) {
    let f = exact(t, question, measure, cell);
    (f.count.unwrap(), f.base.unwrap())
}

#[test]
fn the_unit_is_the_child() {
    use Coordinate::{Level, Total};
    let t = tabulate(&plan(MIXED), &["p/a", "p/b", "q/c"], &mixed());
    let all = [Total, Total];
    assert_eq!(counts(&t, "said", "p", &all), (1, 3), "two themes of a pillar are one child");
    assert_eq!(counts(&t, "said", "b", &all), (1, 3));
    assert_eq!(counts(&t, "likes", "people", &all), (1, 2), "two options of a net are one child");
    assert_eq!(counts(&t, "likes", "friends", &all), (1, 2), "who skipped is not in the base");
    assert_eq!(counts(&t, "yes", "yes", &[Level(1), Total]), (1, 1));
    assert_eq!(counts(&t, "yes", "yes", &[Total, Level(0)]), (1, 1));
    assert_eq!(counts(&t, "said", "c", &[Level(0), Level(1)]), (1, 1));
}

#[test]
fn a_level_that_nobody_is_in_has_a_row_and_an_empty_crossing_has_none() {
    use Coordinate::{Level, Missing, Total};
    let t = tabulate(&plan(MIXED), &["p/a"], &mixed());
    let has = |cell: &[Coordinate]| t.cells.iter().position(|c| c.0.as_ref() == cell);
    assert_eq!(counts(&t, "yes", "yes", &[Level(2), Total]), (0, 0));
    assert_eq!(has(&[Level(2), Level(0)]), None);
    assert!(has(&[Missing, Level(0)]).unwrap() >= t.published);
    assert!(t.rows.iter().all(|r| r.cell < t.published));
    assert_eq!(t.rows.len(), t.measures.list.len() * t.published);
    assert_eq!(t.rows.len() + t.remainders.len(), t.measures.list.len() * t.cells.len());
    assert!(t.cells[..t.published].is_sorted() && t.cells[t.published..].is_sorted());
}

#[test]
fn a_line_adds_up_with_its_remainder() {
    let t = tabulate(&plan(MIXED), &["p/a", "p/b", "q/c"], &mixed());
    for line in lines(&t.cells) {
        for m in 0..t.measures.list.len() {
            let n = |cell: usize| match t.figure(m, cell).unwrap() {
                Figure::Share { count, base } => (count.n, base.n),
                Figure::Mean { base, .. } => (0, base.n),
            };
            let sum = line.parts.iter().map(|&p| n(p)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
            assert_eq!(n(line.total), sum);
        }
    }
}

#[test]
fn the_base_of_a_theme_follows_the_plan() {
    let asked = MIXED.replace("[breakdown]", "[breakdown]\n    theme_base = \"asked\"");
    let mut records = mixed();
    records[2].texts[0] = None; // asked, and skipped
    let all = [Coordinate::Total, Coordinate::Total];
    assert_eq!(counts(&tabulate(&plan(MIXED), &["p/a"], &records), "said", "a", &all), (1, 2));
    assert_eq!(counts(&tabulate(&plan(&asked), &["p/a"], &records), "said", "a", &all), (1, 3));
}

#[test]
fn partials_merge_to_the_whole() {
    let (plan, book) = (plan(MIXED), codebook(&["p/a", "q/c"]));
    let records = mixed();
    let mut whole = Tabulator::new(&plan, &book);
    whole.add(&records);
    let mut merged = Tabulator::new(&plan, &book);
    for part in records.chunks(1) {
        let mut partial = Tabulator::new(&plan, &book);
        partial.add(part);
        merged.merge(partial);
    }
    assert_eq!(whole.finish(), merged.finish());
}

#[test]
fn nothing_tabulated_is_no_answer() {
    let t = tabulate(&plan(PLAN), &["p/y"], &[]);
    let total = exact(&t, "said", "y", &[Coordinate::Total]);
    assert_eq!((total.base, total.percent), (Some(0), None));
    assert_eq!(figures::exact_status(&total, 30), Status::NotApplicable);
}

#[test]
fn a_net_and_the_base_are_sums_in_every_way_that_the_options_allow() {
    let text = PLAN.replace("top = [4, 5]", "top = [4, 5], low = [1, 2], high = [5]");
    let t = tabulate(&plan(&text), &["p/y"], &records());
    let item = &t.measures.items[1];
    let name = |m: &usize| t.measures.list[*m].id.as_str();
    let sums: Vec<String> = item
        .relations
        .iter()
        .filter_map(|r| match r {
            Relation::Sum { total, parts } => Some((total, parts)),
            Relation::Union { .. } => None,
        })
        .map(|(total, parts)| {
            let parts: Vec<&str> = parts.iter().map(name).collect();
            format!("{}={}", total.as_ref().map_or("base", name), parts.join("+"))
        })
        .collect();
    let expected = [
        "base=v1+v2+v3+v4+v5",
        "base=top+v1+v2+v3",
        "base=low+v3+v4+v5",
        "base=top+low+v3",
        "base=high+v1+v2+v3+v4",
        "base=low+high+v3+v4",
        "top=v4+v5",
        "top=high+v4",
        "low=v1+v2",
        "high=v5",
    ];
    assert_eq!(sums, expected);
}
