use super::*;
use crate::config::{self, Dialect, fold};
use crate::ingest::{Column, Header};
use std::path::Path;

fn column(position: usize, name: &str, text: &str, option: Option<&str>, import_id: Option<&str>) -> Column {
    Column {
        position,
        name: name.into(),
        text: text.into(),
        option: option.map(String::from),
        import_id: import_id.map(String::from),
    }
}

fn header() -> Header {
    let columns = vec![
        column(1, "ResponseId", "Response ID", None, Some("_recordId")),
        column(2, "Q1", "How old are you?", None, Some("QID1")),
        column(3, "Q2_1", "What matters?", Some("Friends"), Some("QID2_1")),
        column(4, "Q2_2", "What matters?", Some("Money"), Some("QID2_2")),
        column(5, "Q2_TEXT", "What matters?", Some("Response"), None),
        column(6, "Other", "Anything else?", None, None),
        column(7, "Other", "Anything more?", None, None),
    ];
    Header { dialect: Dialect::Qualtrics, columns }
}

fn find(name: &str) -> Result<usize, Miss> {
    Lookup::new(&header()).find(&ColumnRef::Header(name.into()))
}

#[test]
fn a_column_is_found_by_every_form_of_its_name() {
    for (name, index) in [
        ("responseid", 0),
        ("Response  ID", 0),
        ("_recordId", 0),
        ("how old are YOU?", 1),
        ("What matters? - Friends", 2),
        ("What matters? [Money]", 3),
        ("Money:What matters?", 3),
        ("What matters?: Money", 3),
        ("Q2_2", 3),
        ("QID2_2", 3),
        // The column of the question itself goes before those of its options.
        ("What matters?", 4),
        ("What matters? - Response", 4),
    ] {
        assert_eq!(find(name), Ok(index), "{name}");
    }
    let lookup = Lookup::new(&header());
    assert_eq!(lookup.find(&ColumnRef::ImportId("qid1".into())), Ok(1));
    assert_eq!(lookup.find(&ColumnRef::Position(7)), Ok(6));
}

#[test]
fn what_names_nothing_or_several_is_not_guessed() {
    assert_eq!(find("Friends"), Err(Miss::Unknown));
    assert_eq!(find(""), Err(Miss::Unknown));
    assert_eq!(find("Other"), Err(Miss::Several(vec![5, 6])));
    let lookup = Lookup::new(&header());
    assert_eq!(lookup.find(&ColumnRef::Position(8)), Err(Miss::Past));
    assert_eq!(lookup.find(&ColumnRef::Position(0)), Err(Miss::Past));
    assert_eq!(lookup.find(&ColumnRef::ImportId("Q1".into())), Err(Miss::Unknown));
}

#[test]
fn problems_say_how_to_name_a_column() {
    let lookup = Lookup::new(&header());
    let say = |name: &str| {
        let column = ColumnRef::Header(name.into());
        lookup.problem(&column, &lookup.find(&column).unwrap_err(), "a.csv", "[[question]] x").to_string()
    };
    assert!(say("Other").contains("6 (Anything else?), 7 (Anything more?)"), "{}", say("Other"));
    assert!(say("Other").contains("column = 6"));
    assert!(say("How old ar you").contains("Did you mean \"How old are you?\"?"));
}

const CONFIG: &str = r#"
[survey]
respondent_id = "ResponseId"
[[question]]
id = "age_q"
kind = "number"
column = "How old are you?"
[[question]]
id = "matters"
kind = "multiple"
columns = { friends = "Q2_1", money = "Q2_2" }
[[group]]
id = "age"
columns = ["Q1", "Anything else?"]
levels = { young = ["5"] }
"#;

fn map(sources: &str) -> Result<Mapping, Vec<Problem>> {
    let plan = config::parse(&format!("{CONFIG}{sources}"), "test").unwrap();
    let mut problems = Vec::new();
    let mapping = map_file(&plan, 0, &Lookup::new(&header()), "a.csv", &mut problems);
    if problems.is_empty() { Ok(mapping) } else { Err(problems) }
}

#[test]
fn everything_is_placed() {
    let mapping = map("").unwrap();
    assert_eq!((mapping.id, mapping.weight), (Some(0), None));
    assert_eq!(mapping.questions, [Placed::One(1), Placed::Options(vec![Some(2), Some(3)])]);
    assert_eq!(mapping.groups, [vec![1, 5], vec![]]);
    assert_eq!(mapping.columns(), [0, 1, 2, 3, 5]);
}

#[test]
fn an_instrument_has_its_own_columns_and_gaps() {
    let source = r#"
[[source]]
id = "paper"
columns = { age_q = "Anything more?", "matters.money" = 5, age = ["Anything else?"] }
not_asked = ["matters.friends", "respondent_id"]
"#;
    let mapping = map(source).unwrap();
    assert_eq!(mapping.id, None);
    assert_eq!(mapping.questions, [Placed::One(6), Placed::Options(vec![None, Some(4)])]);
    assert_eq!(mapping.groups, [vec![5], vec![]]);
    let gone = map("[[source]]\nid = \"paper\"\nnot_asked = [\"age_q\", \"matters\", \"age\"]\n").unwrap();
    assert_eq!(gone.questions, [Placed::NotAsked, Placed::NotAsked]);
    assert_eq!(gone.groups[0], Vec::<usize>::new());
}

#[test]
fn all_problems_of_a_file_are_told_at_once() {
    let source = r#"
[[source]]
id = "paper"
columns = { age_q = ["Q1", "Other"], matters = ["Q2_1"], age = ["Nothing", 99] }
"#;
    assert_eq!(map(source).unwrap_err().len(), 4);
}

#[test]
fn a_wrong_file_is_one_problem() {
    let plan = config::parse(CONFIG, "test").unwrap();
    let other = Header { dialect: Dialect::Plain, columns: vec![column(1, "x", "x", None, None)] };
    let mut problems = Vec::new();
    map_file(&plan, 0, &Lookup::new(&other), "b.csv", &mut problems);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].what.contains("none of the 6 columns"), "{}", problems[0]);
}

#[test]
fn a_file_belongs_to_exactly_one_instrument() {
    let toml = format!(
        "{CONFIG}{}",
        "[[source]]\nid = \"a\"\nfiles = [\"*Easy*\"]\n[[source]]\nid = \"b\"\nfiles = [\"*.csv\"]\n"
    );
    let plan = config::parse(&toml, "test").unwrap();
    assert_eq!(instrument(&plan, Path::new("/x/easy.xlsx")), Ok(0));
    assert_eq!(instrument(&plan, Path::new("easy/b.CSV")), Ok(1));
    assert!(instrument(&plan, Path::new("easy.csv")).unwrap_err().what.starts_with("2 sources"));
    assert!(
        instrument(&plan, Path::new("x.tsv")).unwrap_err().what.contains("a (\"*Easy*\"), b (\"*.csv\")")
    );
}

proptest::proptest! {
    #[test]
    fn a_unique_header_finds_its_own_column(names in proptest::collection::vec("\\PC{1,12}", 1..6)) {
        let columns: Vec<Column> =
            names.iter().enumerate().map(|(i, n)| column(i + 1, n, n, None, None)).collect();
        let lookup = Lookup::new(&Header { dialect: Dialect::Plain, columns });
        for (i, name) in names.iter().enumerate() {
            let folded = fold(name);
            if !folded.is_empty() && names.iter().filter(|n| fold(n) == folded).count() == 1 {
                proptest::prop_assert_eq!(lookup.find(&ColumnRef::Header(name.clone())), Ok(i));
            }
        }
    }
}
