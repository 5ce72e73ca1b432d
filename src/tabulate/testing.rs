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
