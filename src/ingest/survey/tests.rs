use super::*;
use crate::config;
use std::path::Path;

const CONFIG: &str = r#"
[survey]
name = "Test"
weight = "wt"
[[question]]
id = "words"
kind = "text"
column = "words"
[[question]]
id = "like"
kind = "likert"
column = "like"
scale = ["No", "Maybe", "Yes"]
missing = ["Don't know"]
[[question]]
id = "hours"
kind = "number"
column = "hours"
[[group]]
id = "home"
column = "home"
levels = { foster = ["Foster family"], kin = ["Grandparents"] }
otherwise = "other"
"#;

fn check(config: &str, rows: &[String]) -> (Survey, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let header = "wt,words,like,hours,home,email".to_string();
    let text: String = std::iter::once(&header).chain(rows).map(|r| r.clone() + "\n").collect();
    std::fs::write(&path, text).unwrap();
    let plan = config::parse(config, "test").unwrap();
    (survey(&plan, &[path]).unwrap(), folder)
}

fn rows(n: usize, row: impl Fn(usize) -> String) -> Vec<String> {
    (0..n).map(row).collect()
}

#[test]
fn bases_options_and_levels_add_up() {
    let all = rows(100, |i| {
        let wt = if i == 7 { "heavy" } else { "0.5" };
        let like = ["Yes", "No", "", "Don't know", "Yess"][i % 5];
        let home = ["Foster family", "Mum and dad", "", "Grandparents"][i % 4];
        format!("{wt},some words {i},{like},{},{home},x", i % 10)
    });
    let (s, _folder) = check(CONFIG, &all);
    assert_eq!((s.rows, s.accepted, s.rejected), (100, 99, 1));
    assert_eq!((s.rejects[0].reason, s.rejects[0].first_line, s.rejects[0].count), ("weight", 9, 1));
    for q in &s.questions {
        assert_eq!(q.answered + q.skipped, q.shown);
        assert_eq!(q.shown + q.not_shown, s.accepted);
    }
    let like = &s.questions[1];
    assert_eq!((like.answered, like.skipped), (40, 59));
    assert_eq!(like.options.iter().map(|o| o.count).collect::<Vec<_>>(), [20, 0, 20]);
    assert_eq!(like.unmatched.values, [ValueCount { value: "Yess".into(), count: 20 }]);
    assert_eq!(s.questions[2].range.map(|r| (r.least, r.most)), Some((0.0, 9.0)));
    let home = &s.groups[0];
    assert_eq!(home.levels.iter().map(|l| l.count).collect::<Vec<_>>(), [25, 24, 25]);
    assert_eq!((home.missing, home.unmatched.answers), (25, 25));
    assert_eq!(s.groups[1].levels[0].count, 99);
    assert_eq!(s.files[0].unused, [NamedColumn { position: 6, name: "email".into() }]);
    assert!(s.warnings.iter().any(|w| w.contains("nobody chose \"Maybe\"")), "{:?}", s.warnings);
}

#[test]
fn words_in_a_mapped_column_are_never_shown() {
    let all = rows(60, |i| format!("1,w,my secret number {i},1,{},x", "long words ".repeat(9)));
    let (s, _folder) = check(CONFIG, &all);
    let printed = format!("{s}{}", serde_json::to_string(&s).unwrap());
    assert!(!printed.contains("secret") && !printed.contains("long words"), "{printed}");
    assert_eq!(s.questions[1].unmatched.others, 60);
    assert_eq!(s.groups[0].unmatched.others, 60);
    let like = s.warnings.iter().find(|w| w.starts_with("like: most answers")).unwrap();
    assert!(like.contains("free text"), "{like}");
}

#[test]
fn odd_columns_are_pointed_out() {
    let all = rows(60, |i| format!("1,{},,many,Mum,x", ["Yes", "No"][i % 2]));
    let (s, _folder) = check(CONFIG, &all);
    for expected in [
        "words: a text question with 2",
        "like: nobody answered",
        "hours: nobody answered",
        "home: every answer goes",
    ] {
        assert!(s.warnings.iter().any(|w| w.starts_with(expected)), "{expected}: {:?}", s.warnings);
    }
}

#[test]
fn the_text_fits_a_terminal_and_says_what_counts() {
    let all = rows(40, |i| format!("1,words {i},{},{i},Foster family,x", ["Yes", "perhaps"][i % 2]));
    let (s, folder) = check(CONFIG, &all);
    let text = s.to_string().replace(&folder.path().display().to_string(), "");
    assert!(text.lines().all(|l| l.chars().count() <= 100), "{text}");
    for expected in [
        "Test: 40 rows = 40 respondents + 0 rejected",
        "5 of 6 columns are used; not: 6 \"email\"",
        "respondent id: the row number",
        "20 answers matched by nothing, taken as skipped: \"perhaps\" 20",
        "0 to 39, mean 19.50",
        "100.0%",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn a_copied_file_is_pointed_out() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a.csv", "b.csv"].map(|n| folder.path().join(n));
    for p in &paths {
        std::fs::write(p, "wt,words,like,hours,home\n1,w,Yes,1,Mum\n").unwrap();
    }
    let plan = config::parse(CONFIG, "test").unwrap();
    let s = survey(&plan, &paths).unwrap();
    assert!(s.warnings.iter().any(|w| w.contains("copy of")), "{:?}", s.warnings);
    assert!(survey(&plan, &[Path::new("nowhere.csv").to_path_buf()]).is_err());
}
