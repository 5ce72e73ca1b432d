use super::*;
use crate::config::{self, Dialect};
use crate::ingest::Column;
use crate::ingest::mapping::{Lookup, map_file};

const CONFIG: &str = r#"
[survey]
respondent_id = "id"
weight = "wt"
missing = ["NA", "Prefer not to say"]
[[question]]
id = "words"
kind = "text"
column = "words"
missing = ["nothing"]
[[question]]
id = "home"
kind = "likert"
column = "home"
scale = ["Disagree", "Neither", "Agree"]
missing = ["Don't know"]
recode = { "3" = "Agree" }
[[question]]
id = "matters"
kind = "multiple"
columns = { friends = "Friends", none = "None" }
labels = { none = "No" }
[[question]]
id = "sports"
kind = "multiple"
column = "sports"
options = ["Football", "Swimming, diving"]
delimiter = ", "
[[question]]
id = "hours"
kind = "number"
column = "hours"
recode = { "lots" = 12 }
[[group]]
id = "care"
columns = ["lives", "stays"]
levels = { foster = ["Foster family"], home = ["Children's home"] }
otherwise = "not_in_care"
[[group]]
id = "age"
column = "age"
bands = { "9-11" = [9, 11], "12+" = [12, 120] }
"#;

const COLUMNS: [&str; 11] =
    ["id", "wt", "words", "home", "Friends", "None", "sports", "hours", "lives", "stays", "age"];

fn header() -> Header {
    let column = |(i, name): (usize, &&str)| Column {
        position: i + 1,
        name: name.to_string(),
        text: name.to_string(),
        option: None,
        import_id: None,
    };
    Header { dialect: Dialect::Plain, columns: COLUMNS.iter().enumerate().map(column).collect() }
}

fn coder(sources: &str) -> (Coder, Vec<Problem>) {
    let plan = config::parse(&format!("{CONFIG}{sources}"), "test").unwrap();
    let mut problems = Vec::new();
    let mapping = map_file(&plan, 0, &Lookup::new(&header()), "a.csv", &mut problems);
    let coder = Coder::new(&plan, &mapping, &header(), &mut problems);
    (coder, problems)
}

/// A good row, with some cells replaced.
fn row(changes: &[(&str, &'static str)]) -> Vec<&'static str> {
    let mut cells =
        vec!["R_1", "1.5", "more parks", "Agree", "1", "", "Football", "2", "Foster family", "", "10"];
    for (name, value) in changes {
        cells[COLUMNS.iter().position(|c| c == name).unwrap()] = value;
    }
    cells
}

fn code_with(coder: &Coder, changes: &[(&str, &'static str)]) -> (Result<Respondent, Fault>, Vec<Unknown>) {
    let (cells, mut scratch) = (row(changes), Scratch::default());
    let coded = coder.code(7, 0, |slot| cells[slot], &mut scratch);
    (coded, scratch.unknown)
}

fn code(changes: &[(&str, &'static str)]) -> (Respondent, Vec<Unknown>) {
    let (coded, unknown) = code_with(&coder("").0, changes);
    (coded.unwrap(), unknown)
}

#[test]
fn a_good_row_is_coded_whole() {
    let (r, unknown) = code(&[]);
    assert_eq!((r.row, r.id.as_str(), r.closed.weight, r.source), (7, "R_1", 1.5, 0));
    assert_eq!(r.texts, [Shown::Answered(RawText::new("more parks".into()))]);
    let answers =
        [Answer::One(2), Answer::Many(Box::new([0])), Answer::Many(Box::new([0])), Answer::Number(2.0)];
    assert_eq!(r.closed.answers, answers);
    assert_eq!(r.closed.groups, [Some(0), Some(0), Some(0)]);
    assert!(unknown.is_empty());
}

#[test]
fn missing_is_skipped_everywhere() {
    let blank = [
        ("words", " Nothing "),
        ("home", "DON\u{2019}T KNOW"),
        ("Friends", "na"),
        ("sports", ", "),
        ("hours", "NA"),
        ("lives", "prefer not to say"),
        ("age", ""),
    ];
    let (r, unknown) = code(&blank);
    assert_eq!(r.texts, [Shown::Skipped]);
    assert_eq!(r.closed.answers, vec![Answer::Skipped; 4]);
    assert_eq!(r.closed.groups, [None, None, Some(0)]);
    assert!(unknown.is_empty());
}

#[test]
fn an_answer_that_nothing_names_is_skipped_and_reported() {
    let odd = [("home", "Agreee"), ("sports", "Chess,Football"), ("hours", "two"), ("age", "8")];
    let (r, unknown) = code(&odd);
    let answers =
        [Answer::Skipped, Answer::Many(Box::new([0])), Answer::Many(Box::new([0])), Answer::Skipped];
    assert_eq!(r.closed.answers, answers);
    assert_eq!(r.closed.groups[1], None);
    let targets: Vec<Target> = unknown.iter().map(|u| u.target).collect();
    use Target::{Group, Question};
    assert_eq!(targets, [Question(1), Question(3), Question(4), Group(1)]);
    assert_eq!(unknown[1].bytes, 0..5);
}

#[test]
fn replacements_and_options_that_hold_the_delimiter() {
    let (r, unknown) =
        code(&[("home", "3"), ("sports", "Swimming, diving, Football"), ("hours", "lots"), ("None", "No")]);
    let answers = [
        Answer::One(2),
        Answer::Many(Box::new([0, 1])),
        Answer::Many(Box::new([0, 1])),
        Answer::Number(12.0),
    ];
    assert_eq!(r.closed.answers, answers);
    assert!(unknown.is_empty());
}

#[test]
fn the_first_column_that_names_a_level_decides() {
    let level = |lives, stays| {
        let (r, unknown) = code(&[("lives", lives), ("stays", stays)]);
        (r.closed.groups[0], unknown.len())
    };
    assert_eq!(level("Children's home", "Foster family"), (Some(1), 0));
    assert_eq!(level("", "Foster family"), (Some(0), 0));
    assert_eq!(level("With Mum", "foster family"), (Some(0), 0));
    assert_eq!(level("With Mum", ""), (Some(2), 1));
    assert_eq!(level("", ""), (None, 0));
}

#[test]
fn a_bad_weight_or_an_empty_id_rejects_the_row() {
    let (coder, _) = coder("");
    let fault = |changes: &[(&str, &'static str)]| code_with(&coder, changes).0.err().map(|f| f.reason);
    for weight in ["", "NA", "-1", "heavy", "inf"] {
        assert_eq!(fault(&[("wt", weight)]), Some(Reason::Weight), "{weight}");
    }
    for id in ["", "  ", "NA"] {
        assert_eq!(fault(&[("id", id)]), Some(Reason::EmptyId), "{id}");
    }
    assert_eq!(fault(&[("wt", "0")]), None);
    assert_eq!(code_with(&coder, &[("wt", "x")]).0.unwrap_err().column, 1);
}

#[test]
fn an_instrument_has_its_own_scale_and_gaps() {
    let source = r#"
[[source]]
id = "easy"
scales = { home = { "Yes" = "agree", "No" = "Disagree" }, age = { "Year 6" = "10", "Grown up" = "12+" } }
not_asked = ["words", "matters.friends", "sports", "care", "respondent_id", "weight"]
"#;
    let (coder, problems) = coder(source);
    assert!(problems.is_empty(), "{problems:?}");
    // Slots are places among the columns that are read.
    let cells = ["Yes", "x", "2", "Year 6"];
    let r = coder.code(7, 0, |slot| cells[slot], &mut Scratch::default()).unwrap();
    assert_eq!((r.id.as_str(), r.closed.weight), ("easy:7", 1.0));
    assert_eq!(r.texts, [Shown::NotShown]);
    assert_eq!(r.closed.answers[..3], [Answer::One(2), Answer::Many(Box::new([1])), Answer::NotShown]);
    assert_eq!(r.closed.groups, [None, Some(0), Some(0)]);
}

#[test]
fn a_scale_that_leads_nowhere_is_a_problem() {
    let source = r#"
[[source]]
id = "easy"
scales = { home = { "Yes" = "Agrees" }, hours = { "some" = "few" }, words = { "x" = "y" }, age = { "old" = "8" } }
"#;
    let (_, problems) = coder(source);
    assert_eq!(problems.len(), 4, "{problems:?}");
    assert!(problems.iter().any(|p| p.remedy == "Did you mean \"Agree\"?"), "{problems:?}");
}
