//! Records and codebooks for tests of this stage and the next ones.

use crate::classify::{Codebook, CodedText, Record, Scores, Theme};
use crate::config::Plan;
use crate::ingest::{Answer, Closed};

/// A codebook of these themes, each `pillar/theme`.
pub fn codebook(themes: &[&str]) -> Codebook {
    let theme = |name: &&str| {
        let (pillar, id) = name.split_once('/').unwrap();
        let [pillar, id] = [pillar, id].map(str::to_string);
        Theme { label: id.clone(), id, pillar, is: String::new(), not: String::new() }
    };
    Codebook { version: "test".into(), themes: themes.iter().map(theme).collect(), concerns: Vec::new() }
}

/// A respondent: the themes of each text (`None`: not shown), closed answers, levels and weight.
pub fn record(texts: &[Option<u64>], answers: &[Answer], groups: &[Option<u16>], weight: f64) -> Record {
    let coded = |set: u64| CodedText {
        text: Default::default(),
        content: true,
        language: None,
        duplicate_of: None,
        scores: Scores { theme_set: set, ..Scores::default() },
    };
    let closed = Closed { answers: answers.to_vec(), groups: groups.to_vec(), weight };
    Record {
        row: 1,
        id: String::new(),
        texts: texts.iter().map(|t| t.map(coded)).collect(),
        asked: texts.iter().map(Option::is_some).collect(),
        closed,
    }
}

/// A plan from the text of a pipeline.toml.
pub fn plan(text: &str) -> Plan {
    crate::config::parse(text, "test").unwrap()
}

/// A small consultation, different for each seed: every kind of question, skewed groups, some of
/// them with missing respondents, any tables, with or without weights.
pub fn consultation(seed: u64) -> (Plan, Codebook, Vec<Record>) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let sizes = [rng.usize(2..=5), rng.usize(2..=3), 2];
    let text = consultation_toml(&mut rng, &sizes);
    let book = codebook(&["one/a", "one/b", "one/s", "two/c", "two/d", "three/e"]);
    let rarity: Vec<f64> = (0..6).map(|_| rng.f64().powi(3)).collect();
    let missing: Vec<f64> = sizes.iter().map(|_| rng.choice([0.0, 0.0, 0.02, 0.2]).unwrap()).collect();
    let most = if rng.bool() { 120 } else { 900 };
    let many = rng.usize(10..=most);
    let records = (0..many).map(|_| random_record(&mut rng, &sizes, &missing, &rarity)).collect();
    (plan(&text), book, records)
}

fn consultation_toml(rng: &mut fastrand::Rng, sizes: &[usize]) -> String {
    let weight = if rng.bool() { "weight = \"w\"" } else { "" };
    let tables = rng
        .choice([
            r#"[["g"]]"#,
            r#"[["g"], ["h"]]"#,
            r#"[["g", "h"], ["g"]]"#,
            r#"[["h", "g"], ["i", "g"]]"#,
            r#"[["g", "h", "i"]]"#,
            "[]",
        ])
        .unwrap();
    let round_to = rng.choice([5, 5, 5, 1, 10]).unwrap();
    let groups = ["g", "h", "i"].iter().zip(sizes).map(|(id, &size)| {
        let levels: Vec<String> = (0..size).map(|l| format!("\"l{l}\"")).collect();
        format!("[[group]]\nid = \"{id}\"\ncolumn = \"{id}\"\nlevels = [{}]\n", levels.join(", "))
    });
    let groups: String = groups.collect();
    format!(
        r#"
        [survey]
        {weight}
        [[question]]
        id = "said"
        kind = "text"
        column = "t"
        [[question]]
        id = "agrees"
        kind = "likert"
        column = "l"
        scale = ["no", "rather_no", "rather_yes", "yes"]
        nets = {{ against = ["no", "rather_no"], with = ["rather_yes", "yes"], not_no = ["rather_no", "rather_yes", "yes"] }}
        [[question]]
        id = "has"
        kind = "single"
        column = "s"
        options = ["Yes", "No"]
        [[question]]
        id = "likes"
        kind = "multiple"
        column = "m"
        options = ["x", "y", "z"]
        nets = {{ xy = ["x", "y"], only_z = ["z"] }}
        [[question]]
        id = "days"
        kind = "number"
        column = "n"
        {groups}
        [breakdown]
        tables = {tables}
        [disclosure]
        round_to = {round_to}
        sensitive_themes = ["s"]
        "#
    )
}

fn random_record(rng: &mut fastrand::Rng, sizes: &[usize], missing: &[f64], rarity: &[f64]) -> Record {
    let skewed = |rng: &mut fastrand::Rng, size: usize| (rng.f64().powi(3) * size as f64) as u16;
    let mut groups: Vec<Option<u16>> = Vec::new();
    for (&size, &lost) in sizes.iter().zip(missing) {
        groups.push((rng.f64() >= lost).then(|| skewed(rng, size)));
    }
    groups.push(Some(0));
    let set = rarity.iter().enumerate().filter(|(_, p)| rng.f64() < **p).map(|(i, _)| 1u64 << i).sum();
    let skipped = |rng: &mut fastrand::Rng| rng.f64() < 0.03;
    let one = |rng: &mut fastrand::Rng, size: usize| match skipped(rng) {
        true => Answer::Skipped,
        false => Answer::One(skewed(rng, size)),
    };
    let chosen: Vec<u16> = (0..3u16).filter(|o| rng.u16(0..=*o * 3) == 0).collect();
    let many = if skipped(rng) { Answer::Skipped } else { Answer::Many(chosen.into()) };
    let answers = [one(rng, 4), one(rng, 2), many, Answer::Number(f64::from(rng.u8(0..3)))];
    let text = (!skipped(rng)).then_some(set);
    let weight = 0.3 + 2.0 * rng.f64();
    record(&[text], &answers, &groups, weight)
}
