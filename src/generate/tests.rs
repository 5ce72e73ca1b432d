//! What a generated export promises: its bytes, its lengths and shares, its key, its configuration.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::config;

/// The export and its key.
fn made(o: &Options) -> (Vec<u8>, Vec<u8>) {
    let (mut csv, mut key) = (Vec::new(), Vec::new());
    generate(o, &mut csv, Some(&mut key)).unwrap();
    (csv, key)
}

fn main(rows: u64) -> Options {
    Options { rows, seed: 11, texts: 2, ..Options::default() }
}

fn easy(rows: u64) -> Options {
    Options { instrument: Instrument::EasyRead, ..main(rows) }
}

/// All records of a file, header rows included.
fn records(bytes: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(bytes);
    reader.records().map(|r| r.unwrap().iter().map(String::from).collect()).collect()
}

/// The answers of one column that are not empty.
fn answers(rows: &[Vec<String>], tag: &str) -> Vec<String> {
    let at = rows[0].iter().position(|c| c == tag).unwrap();
    rows[3..].iter().map(|r| r[at].clone()).filter(|a| !a.is_empty()).collect()
}

fn fold(answer: &str) -> String {
    let words: Vec<String> = answer
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| made(&main(5000)))
    };
    assert!(run(1) == run(3));
    assert!(made(&main(500)) == made(&main(500)));
    assert!(made(&main(500)) != made(&Options { seed: 12, ..main(500) }));
}

#[test]
fn more_rows_only_add_rows() {
    let (small, large) = (made(&main(1100)).0, made(&main(3000)).0);
    assert!(large.starts_with(&small));
}

#[test]
fn every_row_has_every_column() {
    let rows = records(&made(&main(3000)).0, b',');
    assert_eq!(rows.len(), 3003);
    assert!(rows.iter().all(|r| r.len() == rows[0].len()));
    assert!(rows[2].iter().all(|c| c.starts_with("{\"ImportId\":\"")));
    let easy = made(&easy(300)).0;
    assert!(easy.starts_with("\u{feff}Number;".as_bytes()));
    let rows = records(&easy, b';');
    assert!(rows.len() == 301 && rows.iter().all(|r| r.len() == rows[0].len()));
}

#[test]
fn one_text_question_or_two() {
    let rows = records(&made(&Options { texts: 1, ..main(10) }).0, b',');
    assert!(!rows[0].contains(&"anything_else".to_string()));
    assert!(records(&made(&main(10)).0, b',')[0].contains(&"anything_else".to_string()));
}

#[test]
fn lengths_are_log_normal_with_a_median_of_about_12_words() {
    let rows = records(&made(&main(20_000)).0, b',');
    let mut words: Vec<usize> =
        answers(&rows, "lives_better").iter().map(|a| a.split_whitespace().count()).collect();
    words.sort_unstable();
    let at = |share: f64| words[(words.len() as f64 * share) as usize];
    assert!((11..=13).contains(&at(0.5)), "median {}", at(0.5));
    assert!((28..=50).contains(&at(0.9)), "p90 {}", at(0.9));
    assert!((100..=160).contains(&words[words.len() - 1]), "longest {}", words[words.len() - 1]);
}

#[test]
fn about_15_in_100_answers_are_in_the_words_of_many() {
    let rows = records(&made(&main(30_000)).0, b',');
    let all: Vec<String> = answers(&rows, "lives_better").iter().map(|a| fold(a)).collect();
    let words = vocabulary::vocabulary();
    let share = |list: &[&str]| {
        let list: HashSet<String> = list.iter().map(|c| fold(c)).collect();
        all.iter().filter(|a| list.contains(*a)).count() as f64 / all.len() as f64
    };
    let (common, nothing) = (share(&words.common), share(&words.nothing));
    assert!((0.13..0.18).contains(&common), "{common}");
    assert!((0.045..0.075).contains(&nothing), "{nothing}");
    let known: HashSet<String> = words.common.iter().chain(&words.nothing).map(|c| fold(c)).collect();
    let own: Vec<&String> = all.iter().filter(|a| !known.contains(*a)).collect();
    let distinct = own.iter().collect::<HashSet<_>>().len() as f64 / own.len() as f64;
    assert!(distinct > 0.95, "{distinct}");
}

#[test]
fn the_key_says_where_each_identifier_stands() {
    for (o, delimiter, skip) in [(main(20_000), b',', 3), (easy(400), b';', 1)] {
        let (csv, key) = made(&o);
        let rows = records(&csv, delimiter);
        let headers: HashMap<&str, &str> =
            columns::columns(&o).iter().map(|c| (c.tag, if skip == 3 { c.tag } else { c.header })).collect();
        let mut kinds = HashSet::new();
        for line in &records(&key, b',')[1..] {
            let [row, column, kind, start, end, value] = &line[..] else { panic!("{line:?}") };
            let at = rows[0].iter().position(|c| c == headers[column.as_str()]).unwrap();
            let cell = &rows[skip - 1 + row.parse::<usize>().unwrap()][at];
            let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
            let there: String = cell.chars().skip(start).take(end - start).collect();
            assert_eq!(&there, value);
            kinds.insert(kind.clone());
        }
        assert!(skip == 1 || kinds.len() == plant::KINDS.len(), "{kinds:?}");
    }
}

#[test]
fn identifiers_are_planted_in_the_share_asked_for() {
    for share in [0.0, 0.06, 1.0] {
        let o = Options { planted_share: share, texts: 1, ..main(10_000) };
        let (csv, key) = made(&o);
        let all = answers(&records(&csv, b','), "lives_better").len() as f64;
        let key = records(&key, b',');
        let rows: HashSet<&String> = key[1..].iter().map(|l| &l[0]).collect();
        let got = rows.len() as f64 / all;
        assert!((got - share).abs() < 0.012, "{got}, not {share}");
    }
}

#[test]
fn nothing_of_the_makers_marks_is_left() {
    let text = String::from_utf8(made(&Options { planted_share: 0.5, ..main(5000) }).0).unwrap();
    assert!(
        !text.contains(['\u{1}', '\u{2}', '{', '}'])
            || text.matches('{').count() == columns::columns(&main(1)).len()
    );
    assert!(!text.contains(['\u{1}', '\u{2}', '|']));
}

#[test]
fn who_writes_decides_about_what() {
    let rows = records(&made(&Options { texts: 1, ..main(60_000) }).0, b',');
    let column = |tag: &str| rows[0].iter().position(|c| c == tag).unwrap();
    let (care, setting, text) = (column("care_status"), column("secure_setting"), column("lives_better"));
    let share = |who: &dyn Fn(&Vec<String>) -> bool, words: &[&str]| {
        let some: Vec<String> = rows[3..]
            .iter()
            .filter(|r| who(r) && !r[text].is_empty())
            .map(|r| r[text].to_lowercase())
            .collect();
        some.iter().filter(|a| words.iter().any(|w| a.contains(w))).count() as f64 / some.len() as f64
    };
    let foster = |r: &Vec<String>| r[care] == "Foster family";
    let yoi = |r: &Vec<String>| r[setting] == "Young offender institution";
    let anyone = |_: &Vec<String>| true;
    let (placements, cells) = (
        ["foster", "placement", "in care", "social worker"],
        ["cell", "locked", "banged up", "in here", "prison", "custody", "visits"],
    );
    assert!(share(&foster, &placements) > 0.15 && share(&anyone, &placements) < 0.05);
    assert!(share(&yoi, &cells) > 0.12 && share(&anyone, &cells) < 0.05);
}

#[test]
fn the_configuration_fits() {
    for texts in [1, 2] {
        for o in [Options { texts, ..main(1) }, Options { texts, ..easy(1) }] {
            let plan = config::parse(&config_toml(&o), "generated").unwrap();
            assert_eq!(plan.text_questions().count(), texts);
            assert_eq!(plan.sources.len(), if o.instrument == Instrument::EasyRead { 2 } else { 1 });
            let main = Options { instrument: Instrument::Main, ..o.clone() };
            let known: HashSet<&str> =
                columns::columns(&main).iter().flat_map(|c| [c.tag, c.header]).collect();
            for column in named(&plan) {
                assert!(known.contains(column.as_str()), "{column} is no column");
            }
            let theirs: HashSet<&str> = columns::columns(&o).iter().map(|c| c.header).collect();
            for source in plan.sources.iter().filter(|s| s.id == "easy_read") {
                for (_, refs) in &source.columns {
                    let config::ColumnRef::Header(h) = &refs[0] else { panic!() };
                    assert!(theirs.contains(h.as_str()), "{h} is no column");
                }
            }
        }
    }
}

/// Every column that questions and groups name by header.
fn named(plan: &config::Plan) -> Vec<String> {
    use config::{ColumnRef, Kind, MultipleLayout};
    let mut refs: Vec<ColumnRef> = plan.groups.iter().flat_map(|g| g.columns.clone()).collect();
    for q in &plan.questions {
        match &q.kind {
            Kind::Text { column }
            | Kind::Likert { column, .. }
            | Kind::Single { column, .. }
            | Kind::Number { column }
            | Kind::Multiple { layout: MultipleLayout::Delimited { column, .. }, .. } => {
                refs.push(column.clone())
            }
            Kind::Multiple { layout: MultipleLayout::Columns(columns), .. } => refs.extend(columns.clone()),
        }
    }
    refs.extend(plan.survey.weight.clone());
    refs.extend(plan.survey.respondent_id.clone());
    refs.into_iter()
        .map(|r| match r {
            ColumnRef::Header(h) => h,
            other => panic!("{other:?}"),
        })
        .collect()
}

/// Every value that stands in a closed column is one that the configuration names.
#[test]
fn the_configuration_names_every_value() {
    use columns::Field;
    let o = easy(1);
    let plan = config::parse(&config_toml(&o), "generated").unwrap();
    let source = plan.sources.iter().find(|s| s.id == "easy_read").unwrap();
    for instrument in [Instrument::Main, Instrument::EasyRead] {
        for column in columns::columns(&Options { instrument, ..o.clone() }) {
            if !matches!(column.field, Field::Likert(_) | Field::TalkTo) {
                continue;
            }
            let question = &plan.questions[plan.question(column.tag).unwrap()];
            for i in 0..6 {
                let value = config::fold(columns::value(column.field, instrument, i));
                let scales = source.scales.iter().find(|(q, _)| q == column.tag);
                let mapped = scales.and_then(|(_, s)| s.iter().find(|(from, _)| *from == value));
                let value = mapped
                    .filter(|_| instrument == Instrument::EasyRead)
                    .map_or(value, |(_, to)| config::fold(to));
                let known = question.kind.options().iter().any(|o| o.values.contains(&value));
                assert!(known || question.missing.contains(&value), "{}: {value}", column.tag);
            }
        }
    }
}

/// The committed consultation, as README.md there says it is made.
const FIXTURE: [(&str, &str, Options); 2] = [
    (
        "export.csv",
        "key.csv",
        Options { rows: 5600, seed: 2024, texts: 2, planted_share: 0.06, instrument: Instrument::Main },
    ),
    (
        "easy_read.csv",
        "easy_read_key.csv",
        Options { rows: 400, seed: 2024, texts: 2, planted_share: 0.06, instrument: Instrument::EasyRead },
    ),
];

/// With BIGASK_UPDATE_FIXTURES set the files are written instead of compared.
#[test]
fn the_fixture_is_what_the_generator_makes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/big_ambition");
    let mut files = Vec::new();
    for (export, key_name, o) in FIXTURE {
        let (csv, key) = made(&o);
        assert!(csv.len() < 3_000_000, "{export} has {} bytes", csv.len());
        files.extend([(export, csv), (key_name, key)]);
        if o.instrument == Instrument::EasyRead {
            files.push(("pipeline.toml", config_toml(&o).into_bytes()));
        }
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        if std::env::var_os("BIGASK_UPDATE_FIXTURES").is_some() {
            std::fs::write(&path, bytes).unwrap();
        } else {
            let there = std::fs::read(&path).unwrap();
            assert!(there == bytes, "{name} is not what the generator makes now; see its README.md");
        }
    }
}
