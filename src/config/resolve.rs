//! The file as a whole: sections to plan, references between sections checked.

use std::collections::HashSet;
use std::path::PathBuf;

use super::plan::*;
use super::problems::Problems;
use super::raw::{self, Section};
use super::{fold, resolve_items as items, resolve_sources as named};

/// Every table and its keys, for the test that the default documents them all.
#[cfg(test)]
pub fn all_keys() -> Vec<(&'static str, &'static [&'static str])> {
    vec![
        ("survey", raw::Survey::KEYS),
        ("input", raw::Input::KEYS),
        ("source", raw::Source::KEYS),
        ("question", raw::Question::KEYS),
        ("group", raw::Group::KEYS),
        ("breakdown", raw::Breakdown::KEYS),
        ("disclosure", raw::Disclosure::KEYS),
        ("redact", raw::Redact::KEYS),
        ("classify", raw::Classify::KEYS),
        ("quotes", raw::Quotes::KEYS),
        ("output", raw::Output::KEYS),
    ]
}

/// Compiles a whole file; problems go to `problems` and defaults stand in for what is wrong.
pub fn plan(mut table: toml::Table, problems: &mut Problems) -> Plan {
    unknown_tables(&table, problems);
    let survey = survey(one(&mut table, "survey", problems), problems);
    let input = input(one(&mut table, "input", problems), problems);
    let raw_questions: Vec<raw::Question> = many(&mut table, "question", problems);
    let raw_groups: Vec<raw::Group> = many(&mut table, "group", problems);
    let raw_sources: Vec<raw::Source> = many(&mut table, "source", problems);
    let questions = items::questions(raw_questions, problems);
    let mut groups = items::groups(raw_groups, problems);
    let sources = named::sources(raw_sources, &questions, &groups, problems);
    groups.push(instrument(&sources));
    unique_ids(&questions, &groups, problems);
    let breakdown = breakdown(one(&mut table, "breakdown", problems), &groups, problems);
    let disclosure = disclosure(one(&mut table, "disclosure", problems), problems);
    let redact = redact(one(&mut table, "redact", problems));
    let classify = classify(one(&mut table, "classify", problems), problems);
    let quotes = quotes(one(&mut table, "quotes", problems), &groups, problems);
    let output: raw::Output = one(&mut table, "output", problems);
    let output = Output { exact_breakdown: output.exact_breakdown.unwrap_or(true) };
    Plan {
        survey,
        input,
        sources,
        questions,
        groups,
        breakdown,
        disclosure,
        redact,
        classify,
        quotes,
        output,
    }
}

fn unknown_tables(table: &toml::Table, problems: &mut Problems) {
    for key in table.keys() {
        if !raw::TABLES.iter().any(|(t, _)| t == key) {
            problems.unknown(&format!("[{key}]"), "section", key, raw::TABLES.iter().map(|(t, _)| *t));
        }
    }
}

fn one<T: Section>(table: &mut toml::Table, name: &str, problems: &mut Problems) -> T {
    match table.remove(name) {
        None => T::default(),
        Some(toml::Value::Table(t)) => section(t, &format!("[{name}]"), problems),
        Some(_) => {
            problems.add(name, "is not a section", format!("Write it as [{name}] with keys below."));
            T::default()
        }
    }
}

fn many<T: Section>(table: &mut toml::Table, name: &str, problems: &mut Problems) -> Vec<T> {
    let Some(value) = table.remove(name) else { return Vec::new() };
    let toml::Value::Array(list) = value else {
        problems.add(
            name,
            "is not a list of sections",
            format!("Write each as [[{name}]], with two brackets."),
        );
        return Vec::new();
    };
    let place = |i: usize, t: &toml::Table| match t.get("id").and_then(|v| v.as_str()) {
        Some(id) => format!("[[{name}]] {id}"),
        None => format!("[[{name}]] number {}", i + 1),
    };
    list.into_iter()
        .enumerate()
        .filter_map(|(i, v)| match v {
            toml::Value::Table(t) => Some(section(t.clone(), &place(i, &t), problems)),
            _ => None,
        })
        .collect()
}

/// Deserialises one section key by key, so that one bad key does not hide another.
fn section<T: Section>(table: toml::Table, place: &str, problems: &mut Problems) -> T {
    let mut good = toml::Table::new();
    for (key, value) in table {
        if !T::KEYS.contains(&key.as_str()) {
            problems.unknown(place, "key", &key, T::KEYS.iter().copied());
            continue;
        }
        let mut alone = toml::Table::new();
        alone.insert(key.clone(), value.clone());
        match toml::Value::Table(alone).try_into::<T>() {
            Ok(_) => {
                good.insert(key, value);
            }
            Err(e) => problems.add(
                &format!("{place} {key}"),
                e.message().lines().next().unwrap_or("has the wrong type"),
                "`bigask init --default` prints every key with an example.",
            ),
        }
    }
    toml::Value::Table(good).try_into().unwrap_or_default()
}

fn survey(raw: raw::Survey, problems: &mut Problems) -> Survey {
    let missing = raw.missing.unwrap_or_else(|| {
        ["NA", "N/A", "I don't want to say", "Prefer not to say"].map(|s| raw::Scalar(s.to_string())).to_vec()
    });
    if raw.name.as_deref() == Some("") {
        problems.add("[survey] name", "is empty", "Say what the consultation is called.");
    }
    Survey {
        name: raw.name.unwrap_or_else(|| "Consultation".to_string()),
        period: raw.period.map(|s| s.0).unwrap_or_default(),
        respondent_id: raw.respondent_id.map(|c| c.0),
        weight: raw.weight.map(|c| c.0),
        missing: folded(missing.into_iter().map(|s| s.0)),
    }
}

/// Folded values, with the empty value always among them.
pub fn folded(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut out = vec![String::new()];
    for v in values.map(|v| fold(&v)) {
        if !out.contains(&v) {
            out.push(v);
        }
    }
    out
}

fn input(raw: raw::Input, problems: &mut Problems) -> Input {
    const MB: u64 = 1_000_000;
    let delimiter = raw.delimiter.and_then(|d| match d.as_str() {
        "auto" => None,
        "tab" | "\t" | "\\t" => Some(b'\t'),
        d if d.len() == 1 && d.is_ascii() && !d.starts_with(['"', '\n', '\r']) => Some(d.as_bytes()[0]),
        _ => {
            problems.add(
                "[input] delimiter",
                "is not one plain character",
                "Write \",\", \";\", \"|\", \"tab\" or \"auto\".",
            );
            None
        }
    });
    Input {
        dialect: named::dialect(raw.dialect, "[input] dialect", problems),
        delimiter,
        encoding: named::encoding(raw.encoding, "[input] encoding", problems),
        sheet: raw.sheet.filter(|s| !s.is_empty()),
        max_cells: raw.max_cells.unwrap_or(200_000_000).max(1),
        max_inflated_bytes: raw.max_inflated_mb.unwrap_or(20_000).max(1).saturating_mul(MB),
        max_record_bytes: raw.max_record_mb.unwrap_or(16).max(1).saturating_mul(MB),
    }
}

fn instrument(sources: &[Source]) -> Group {
    let level =
        |s: &Source| Level { id: s.id.clone(), label: s.label.clone(), values: Vec::new(), band: None };
    Group {
        id: "instrument".to_string(),
        label: "Questionnaire".to_string(),
        version: String::new(),
        columns: Vec::new(),
        levels: sources.iter().map(level).collect(),
        otherwise: None,
        missing: Vec::new(),
    }
}

fn unique_ids(questions: &[Question], groups: &[Group], problems: &mut Problems) {
    let mut seen = HashSet::new();
    let ids =
        questions.iter().map(|q| ("[[question]]", &q.id)).chain(groups.iter().map(|g| ("[[group]]", &g.id)));
    for (place, id) in ids {
        if !seen.insert(id.as_str()) {
            problems.add(
                &format!("{place} {id}"),
                "this id is used twice",
                "Ids of questions and groups must differ.",
            );
        }
    }
    if questions.is_empty() {
        problems.add("[[question]]", "there is none", "Run `bigask init EXPORT` to have them proposed.");
    }
}

fn breakdown(raw: raw::Breakdown, groups: &[Group], problems: &mut Problems) -> Breakdown {
    let place = "[breakdown] tables";
    let mut tables = Vec::new();
    for dims in raw.tables.unwrap_or_default() {
        if dims.is_empty() || dims.len() > 3 {
            problems.add(
                place,
                format!("a table has {} groups", dims.len()),
                "Give each table one to three groups.",
            );
            continue;
        }
        let table = group_indices(&dims, place, groups, problems);
        let distinct: HashSet<_> = table.iter().collect();
        if distinct.len() != table.len() {
            problems.add(place, "a table names a group twice", "Name each group once in a table.");
        } else if table.len() == dims.len() {
            tables.push(table);
        }
    }
    let theme_base = match raw.theme_base.as_deref() {
        None | Some("content") => ThemeBase::Content,
        Some("asked") => ThemeBase::Asked,
        Some(other) => {
            problems.unknown("[breakdown] theme_base", "base", other, ["content", "asked"]);
            ThemeBase::Content
        }
    };
    Breakdown { tables, theme_base }
}

fn group_indices(ids: &[String], place: &str, groups: &[Group], problems: &mut Problems) -> Vec<usize> {
    let mut out = Vec::new();
    for id in ids {
        match groups.iter().position(|g| &g.id == id) {
            Some(i) => out.push(i),
            None => problems.unknown(place, "group", id, groups.iter().map(|g| g.id.as_str())),
        }
    }
    out
}

fn disclosure(raw: raw::Disclosure, problems: &mut Problems) -> Disclosure {
    let threshold = raw.threshold.unwrap_or(10);
    let round_to = raw.round_to.unwrap_or(5);
    if !(3..=1000).contains(&threshold) {
        problems.add(
            "[disclosure] threshold",
            "is not between 3 and 1000",
            "10 is usual for consultations; 3 is the least that hides anything.",
        );
    }
    if !(1..=100).contains(&round_to) {
        problems.add("[disclosure] round_to", "is not between 1 and 100", "5 is usual; 1 does not round.");
    }
    Disclosure {
        threshold,
        round_to,
        small_base: raw.small_base.unwrap_or(30),
        sensitive_themes: raw.sensitive_themes.unwrap_or_else(|| {
            ["mental_health", "secure_settings", "sexual_harassment", "police_justice"]
                .map(String::from)
                .to_vec()
        }),
    }
}

fn redact(raw: raw::Redact) -> Redact {
    Redact { keep: raw.keep.unwrap_or_default(), always: raw.always.unwrap_or_default() }
}

fn classify(raw: raw::Classify, problems: &mut Problems) -> Classify {
    let mut thresholds = Vec::new();
    for (id, value) in raw.thresholds.unwrap_or_default().0 {
        if (0.0..=1.0).contains(&value) {
            thresholds.push((id, value as f32));
        } else {
            problems.add(
                &format!("[classify] thresholds.{id}"),
                "is not between 0 and 1",
                "A threshold is a probability.",
            );
        }
    }
    let path = |p: Option<String>| p.filter(|p| !p.is_empty()).map(PathBuf::from);
    Classify { model: path(raw.model), codebook: path(raw.codebook), thresholds }
}

fn quotes(raw: raw::Quotes, groups: &[Group], problems: &mut Problems) -> Quotes {
    let k = raw.k.unwrap_or(10);
    if k < 3 {
        problems.add(
            "[quotes] k",
            "is under 3",
            "10 is usual; at least 3 respondents must share an attribution.",
        );
    }
    let margin = raw.margin.unwrap_or(0.2);
    if !(0.0..1.0).contains(&margin) {
        problems.add(
            "[quotes] margin",
            "is not between 0 and 1",
            "0 takes every response that has the theme; 0.2 is usual.",
        );
    }
    let words = (raw.min_words.unwrap_or(4) as usize, raw.max_words.unwrap_or(80) as usize);
    if words.0 > words.1 {
        problems.add("[quotes] min_words", "is more than max_words", "Make max_words the larger one.");
    }
    let attribution =
        group_indices(&raw.attribution.unwrap_or_default(), "[quotes] attribution", groups, problems);
    Quotes { k, attribution, words, margin: margin as f32, per_theme: raw.per_theme.unwrap_or(20) as usize }
}
