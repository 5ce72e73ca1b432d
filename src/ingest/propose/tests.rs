use super::*;
use crate::config::{ColumnRef, Kind, MultipleLayout};
use crate::ingest::survey::survey;

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

fn csv(header: &[&str], n: usize, row: impl Fn(usize) -> Vec<String>) -> String {
    let quote = |cells: Vec<String>| {
        let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
        quoted.join(",") + "\n"
    };
    let mut text = quote(header.iter().map(|h| h.to_string()).collect());
    (0..n).for_each(|i| text += &quote(row(i)));
    text
}

/// The proposal for one file, what it means, and what a dry run with it says.
fn proposal(text: &str) -> (String, Plan, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "big \"ask\".csv", text);
    let proposed = propose(std::slice::from_ref(&path)).unwrap_or_else(|e| panic!("{e}"));
    let plan = config::parse(&proposed, "proposed").unwrap();
    let checked = survey(&plan, &[path]).unwrap_or_else(|e| panic!("{e}\n{proposed}"));
    (proposed, plan, checked.to_string())
}

const HEADER: [&str; 14] = [
    "ResponseId",
    "IP Address",
    "Start Date",
    "wt",
    "How old are you?",
    "Gender",
    "Who do you live with?",
    "What would make life better?",
    "I feel safe",
    "How happy are you?",
    "What matters to you?",
    "How many brothers and sisters do you have?",
    "Would you do this again?",
    "Email",
];

fn consultation(i: usize) -> Vec<String> {
    let safe = [
        "Agree",
        "Strongly agree",
        "Disagree",
        "Strongly disagree",
        "Neither agree nor disagree",
        "Don\u{2019}t know",
    ];
    let matters =
        ["Friends;Family;", "Family;", "Money, toys and games;Friends;", "Friends;Money, toys and games;"];
    let lives = ["Mum and dad", "Foster family", "Children's home"];
    [
        format!("R_{i:05}"),
        format!("192.0.2.{}", i % 200),
        "2024-02-01 10:00:00".to_string(),
        format!("{:.2}", 0.5 + (i % 7) as f64 / 4.0),
        (6 + i % 12).to_string(),
        ["Girl", "Boy", "Prefer not to say"][i % 3].to_string(),
        lives[i % 3].to_string(),
        format!("More parks and {i} things for us to do after school"),
        safe[i % 6].to_string(),
        (1 + i % 5).to_string(),
        matters[i % 4].to_string(),
        (i % 4).to_string(),
        ["Yes", "Maybe", "No"][i % 3].to_string(),
        format!("child{i}@example.org"),
    ]
    .to_vec()
}

#[test]
fn a_consultation_is_proposed_whole() {
    let (text, plan, checked) = proposal(&csv(&HEADER, 300, consultation));
    assert_eq!(plan.survey.respondent_id, Some(ColumnRef::Header("ResponseId".into())));
    assert_eq!(plan.survey.weight, Some(ColumnRef::Header("wt".into())));
    let kinds: Vec<&str> = plan.questions.iter().map(|q| q.kind.name()).collect();
    assert_eq!(kinds, ["text", "likert", "likert", "multiple", "number", "single"], "{text}");
    let labels =
        |q: usize| plan.questions[q].kind.options().iter().map(|o| o.label.clone()).collect::<Vec<_>>();
    let agree = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"];
    assert_eq!(labels(1), agree);
    assert!(plan.questions[1].missing.contains(&"don't know".to_string()));
    assert_eq!(plan.questions[1].kind.nets().len(), 2);
    assert_eq!(labels(2), ["1", "2", "3", "4", "5"]);
    let mut matters = labels(3);
    matters.sort();
    assert_eq!(matters, ["Family", "Friends", "Money, toys and games"]);
    let groups: Vec<(&str, usize)> = plan.groups.iter().map(|g| (g.id.as_str(), g.levels.len())).collect();
    assert_eq!(groups, [("age", 4), ("gender", 2), ("care_status", 3), ("instrument", 1)]);
    assert_eq!(plan.breakdown.tables, [vec![0], vec![1], vec![2], vec![0, 1]]);
    assert_eq!(plan.quotes.attribution, [1, 0, 2]);
    for kept_out in ["2 \"IP Address\"", "14 \"Email\"", "3 \"Start Date\""] {
        assert!(text.contains(&format!("#   {kept_out}")), "{text}");
    }
    assert!(!text.contains("example.org") && !text.contains("192.0.2") && !text.contains("parks"), "{text}");
    assert!(checked.contains("300 rows = 300 respondents + 0 rejected"), "{checked}");
    assert!(!checked.contains("matched by nothing") && !checked.contains("Look at"), "{checked}");
}

#[test]
fn the_same_files_give_the_same_proposal() {
    let text = csv(&HEADER, 200, consultation);
    assert_eq!(proposal(&text).0, proposal(&text).0);
}

#[test]
fn what_few_wrote_is_not_copied() {
    let row = |i: usize| {
        let odd = i % 50 == 7;
        let secret = |s: &str| format!("{s} {i}");
        let words = if odd { secret("my name is zzz") } else { ["Yes", "No"][i % 2].to_string() };
        let lives = if odd { secret("zzz road") } else { ["Foster family", "Parents"][i % 2].to_string() };
        vec![words, lives, secret("zzz"), if odd { secret("zzz why") } else { String::new() }]
    };
    let header = ["Are you well?", "Who do you live with?", "What is your name?", "Other (please specify)"];
    let (text, plan, checked) = proposal(&csv(&header, 400, row));
    assert!(!text.contains("zzz") && !checked.contains("zzz"), "{text}\n{checked}");
    assert!(text.contains("answers hold other values"), "{text}");
    assert_eq!(plan.questions.len(), 1);
}

#[test]
fn small_files_keep_to_short_values_and_known_scales() {
    let answers = ["Very important", "Quite important", "Not very important"];
    let row = |i: usize| {
        vec![answers[i % 3].to_string(), format!("A long answer about number {i} and why it matters")]
    };
    let (text, plan, _) = proposal(&csv(&["How important?", "Tell us more"], 6, row));
    assert_eq!(
        plan.questions.iter().map(|q| q.kind.name()).collect::<Vec<_>>(),
        ["likert", "text"],
        "{text}"
    );
    assert!(!text.contains("long answer"));
}

#[test]
fn columns_of_ticks_are_one_question_and_repeated_headers_are_named_by_position() {
    let header = ["RespondentID", "What helps? - Friends", "What helps? - School", "Why?", "Why?"];
    let row = |i: usize| {
        let tick = |on: bool, name: &str| if on { name.to_string() } else { String::new() };
        let why = |n: usize| format!("because of {} different thing {i}", ["one", "another"][n]);
        vec![
            format!("{}", 5_000_000 + i),
            tick(i.is_multiple_of(2), "Friends"),
            tick(i.is_multiple_of(3), "School"),
            why(0),
            why(1),
        ]
    };
    let (text, plan, checked) = proposal(&csv(&header, 60, row));
    let Kind::Multiple { layout: MultipleLayout::Columns(columns), options, .. } = &plan.questions[0].kind
    else {
        panic!("{text}")
    };
    assert_eq!((columns.len(), options[1].label.as_str()), (2, "School"));
    let Kind::Text { column } = &plan.questions[2].kind else { panic!("{text}") };
    assert_eq!(column, &ColumnRef::Position(5));
    assert!(checked.contains("Friends              30"), "{checked}");
}

#[test]
fn options_that_hold_the_delimiter_are_found() {
    let cells = [
        "Play, sport and parks",
        "School",
        "Play, sport and parks, School",
        "School, Home",
        "Home, Play, sport and parks",
    ];
    let row = |i: usize| vec!["01/02/2024 10:00:00".to_string(), cells[i % 5].to_string()];
    let (text, plan, checked) = proposal(&csv(&["Timestamp", "What matters?"], 100, row));
    let labels: Vec<&str> = plan.questions[0].kind.options().iter().map(|o| o.label.as_str()).collect();
    assert_eq!(labels, ["Play, sport and parks", "School", "Home"], "{text}");
    assert!(!checked.contains("matched by nothing"), "{checked}");
}

#[test]
fn files_of_other_headers_are_instruments_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let older =
        csv(&["Age", "I feel safe", "What helps? - Friends", "What helps? - School", "Why?"], 120, |i| {
            let tick = |on: bool| if on { "Yes".to_string() } else { String::new() };
            let safe = ["Agree", "Disagree"][i % 2].to_string();
            vec![
                (12 + i % 6).to_string(),
                safe,
                tick(i.is_multiple_of(2)),
                tick(i.is_multiple_of(3)),
                format!("because of many things {i}"),
            ]
        });
    let younger = csv(&["Why?", "Your age", "I feel safe", "What helps? - Friends"], 120, |i| {
        vec![
            format!("it was thing number {i}"),
            (6 + i % 6).to_string(),
            "Agree".to_string(),
            "Yes".to_string(),
        ]
    });
    let paths = [
        write(folder.path(), "older.csv", &older),
        write(folder.path(), "younger 6*8.csv", &younger),
        write(folder.path(), "older wave 2.csv", &older),
    ];
    let text = propose(&paths).unwrap_or_else(|e| panic!("{e}"));
    let plan = config::parse(&text, "proposed").unwrap();
    let ids: Vec<(&str, usize)> = plan.sources.iter().map(|s| (s.id.as_str(), s.files.len())).collect();
    assert_eq!(ids, [("older", 2), ("younger_6_8", 1)], "{text}");
    assert!(plan.sources[1].not_asked.contains(&"what_helps.school".to_string()), "{text}");
    let checked = survey(&plan, &paths).unwrap();
    assert_eq!((checked.rows, checked.accepted), (360, 360));
    let same = csv(&["Why?"], 5, |i| vec![format!("it was thing number {i}")]);
    let clash = [write(folder.path(), "a/x.csv", &older), write(folder.path(), "b/x.csv", &same)];
    assert_eq!(propose(&clash).unwrap_err().exit_code(), 2);
}

#[test]
fn files_of_one_header_need_no_source() {
    let folder = tempfile::tempdir().unwrap();
    let wave = |prefix: &str| {
        csv(&["id", "Why?"], 30, |i| vec![format!("{prefix}{i}"), format!("because of thing {i}")])
    };
    let paths = [write(folder.path(), "a.csv", &wave("a")), write(folder.path(), "b.csv", &wave("b"))];
    let text = propose(&paths).unwrap();
    assert!(!text.contains("[[source]]") && text.contains("respondent_id = \"id\""), "{text}");
    // Ids that start again in every file are no ids.
    let again = [write(folder.path(), "c.csv", &wave("a")), paths[0].clone()];
    assert!(propose(&again).unwrap().contains("rows are numbered"));
    assert_eq!(propose(&[paths[0].clone(), paths[0].clone()]).unwrap_err().exit_code(), 2);
    assert_eq!(propose(&[]).unwrap_err().exit_code(), 2);
}

#[test]
fn an_export_without_answers_is_refused_and_groups_alone_are_asked() {
    let folder = tempfile::tempdir().unwrap();
    let only_ids = csv(&["Email"], 30, |i| vec![format!("child{i}@example.org")]);
    let path = write(folder.path(), "ids.csv", &only_ids);
    assert_eq!(propose(&[path]).unwrap_err().exit_code(), 3);
    let (_, plan, _) =
        proposal(&csv(&["Gender", "Email"], 30, |i| vec![["Girl", "Boy"][i % 2].to_string(), String::new()]));
    assert_eq!((plan.questions.len(), plan.questions[0].kind.name()), (1, "single"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(60))]
    #[test]
    fn any_readable_export_gets_a_proposal_that_is_accepted(
        header in proptest::collection::vec("[a-z \"\\\\\\n?,\u{e9}\u{1f9d2}\u{c4}\u{130}\u{1d400}-]{0,12}|age|Gender|wt|id|Name|theme_x|count", 1..6),
        pool in proptest::collection::vec("\\PC{0,16}|[0-9]{1,3}|Agree|Strongly agree|Yes|No|a;b;|\\\\|\"|total", 1..8),
        rows in 1usize..110,
        seed in 0usize..1000,
    ) {
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let text = csv(&header, rows, |i| {
            (0..header.len()).map(|c| pool[(i * 7 + c * 3 + seed + i / 5) % pool.len()].clone()).collect()
        });
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path(), "x.csv", &text);
        match propose(std::slice::from_ref(&path)) {
            Ok(proposed) => {
                let plan = config::parse(&proposed, "proposed").unwrap();
                let checked = survey(&plan, &[path]).unwrap();
                proptest::prop_assert_eq!(checked.rows, checked.accepted + checked.rejected);
            }
            Err(e) => proptest::prop_assert!(e.exit_code() == 3, "{e}\n{text}"),
        }
    }
}
