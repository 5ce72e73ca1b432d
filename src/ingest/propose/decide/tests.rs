use super::*;
use crate::config::Dialect;
use crate::ingest::Column;
use crate::ingest::propose::profile::Profile;

fn field(header: &str, cells: &[String]) -> Field {
    let mut profile = Profile::default();
    cells.iter().for_each(|c| profile.add(c));
    let column =
        Column { position: 1, name: header.into(), text: header.into(), option: None, import_id: None };
    Field { column, dialect: Dialect::Plain, columns: vec![Some(0)], rows: cells.len() as u64, profile }
}

fn many(values: &[&str], n: usize) -> Vec<String> {
    (0..n).map(|i| values[i % values.len()].to_string()).collect()
}

/// What a column is, in a word.
fn is(header: &str, cells: &[String]) -> String {
    let field = field(header, cells);
    match alone(&field, true).unwrap_or_else(|| answer(&field)) {
        Role::Empty => "empty".into(),
        Role::Personal(_) => "personal".into(),
        Role::Tool(_) => "tool".into(),
        Role::OtherId => "id".into(),
        Role::Constant => "constant".into(),
        Role::OtherBox => "other box".into(),
        Role::FreeDivision => "free division".into(),
        Role::RespondentId => "respondent id".into(),
        Role::Weight => "weight".into(),
        Role::Group(d, Levels::Values(v)) => format!("{}: {}", d.id, v.values.join("|")),
        Role::Group(d, Levels::Bands(b)) => {
            format!("{}: {}", d.id, b.iter().map(|(n, _, _)| n.as_str()).collect::<Vec<_>>().join("|"))
        }
        Role::Part | Role::Several(_) => "several".into(),
        Role::Question(Asked::Text) => "text".into(),
        Role::Question(Asked::Number) => "number".into(),
        Role::Question(Asked::Likert { scale, .. }) => format!("likert: {}", scale.values.join("|")),
        Role::Question(Asked::Single(o)) => format!("single: {}", o.values.join("|")),
        Role::Question(Asked::Delimited { options, delimiter }) => {
            format!("multiple {delimiter} {}", options.values.join("|"))
        }
    }
}

#[test]
fn numbers_are_scales_choices_or_quantities() {
    let ones_to = |n: usize| (0..100).map(|i| (1 + i % n).to_string()).collect::<Vec<_>>();
    assert_eq!(is("How happy are you with life?", &ones_to(5)), "likert: 1|2|3|4|5");
    assert_eq!(is("How satisfied, from 1 to 5?", &many(&["2", "4"], 50)), "likert: 1|2|3|4|5");
    assert_eq!(is("Favourite fruit", &ones_to(3)), "single: 1|2|3");
    assert_eq!(is("How likely are you to come again, 0-10?", &ones_to(10)), "number");
    assert_eq!(is("How many pets do you have?", &ones_to(4)), "number");
    assert_eq!(is("Member", &many(&["0", "1"], 50)), "single: 0|1");
    assert_eq!(is("Hours", &many(&["1.5", "2", "40"], 50)), "number");
}

#[test]
fn ages_get_bands_that_cover_them() {
    let ages =
        |from: usize, to: usize| (0..200).map(|i| (from + i % (to - from)).to_string()).collect::<Vec<_>>();
    assert_eq!(is("How old are you?", &ages(6, 18)), "age: 4-8|9-11|12-14|15-17");
    assert_eq!(is("age", &ages(10, 40)), "age: 9-11|12-14|15-17|18-24|25-34|35-44");
    assert_eq!(is("Age group", &many(&["9-11", "12-14", "Under 9"], 99)), "age: Under 9|9-11|12-14");
    assert_eq!(is("Age", &many(&["7", "8"], 30)), "number");
}

#[test]
fn who_somebody_is_stays_out() {
    let codes: Vec<String> = (0..50).map(|i| format!("AB{i:04}")).collect();
    let emails: Vec<String> = (0..50).map(|i| format!("c{i}@example.org")).collect();
    let phones: Vec<String> = (0..50).map(|i| format!("07700 900{i:03}")).collect();
    assert_eq!(is("Anything", &codes), "id");
    assert_eq!(is("Anything", &emails), "personal");
    assert_eq!(is("Anything", &phones), "personal");
    assert_eq!(is("Your name", &many(&["Alex", "Sam"], 9)), "personal");
    assert_eq!(is("May we email you?", &many(&["Yes", "No"], 60)), "single: Yes|No");
    assert_eq!(is("When?", &many(&["2024-01-01", "02/03/2024 10:00"], 60)), "tool");
    assert_eq!(is("wt", &many(&["0.5", "1.25"], 60)), "weight");
    assert_eq!(is("wt", &many(&["0.5", "-1.25"], 60)), "number");
}

#[test]
fn closed_and_open_answers_are_told_apart() {
    let words: Vec<String> = (0..200).map(|i| format!("I would like {i} more things to do")).collect();
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    let names: Vec<String> = (0..200).map(|i| format!("B{}{}d", letter(i), letter(i / 26))).collect();
    assert_eq!(is("What would help?", &words), "text");
    assert_eq!(is("One word", &names), "text");
    assert_eq!(is("Home", &many(&["House", "Flat", "Flat"], 90)), "single: Flat|House");
    assert_eq!(is("Do you agree to take part?", &many(&["I agree"], 90)), "constant");
    assert_eq!(
        is("Pets", &many(&["Cat|Dog", "Dog", "Cat|Fish", "Fish|Dog|Cat"], 90)),
        "multiple | Dog|Cat|Fish"
    );
    assert_eq!(
        is("Are you well?", &many(&["Yes, a lot", "No", "Yes, a bit"], 90)),
        "single: No|Yes, a bit|Yes, a lot"
    );
    assert_eq!(is("Your ethnic group", &names), "free division");
    assert_eq!(is("Nothing", &many(&["", " "], 9)), "empty");
}
