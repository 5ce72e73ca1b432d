//! `[[source]]` sections, and the names of dialects and encodings that they and `[input]` use.

use super::fold;
use super::plan::*;
use super::problems::Problems;
use super::raw;
use super::resolve_items::id;

/// `[[source]]` sections; without any, one source that takes every file.
pub fn sources(
    raw: Vec<raw::Source>,
    questions: &[Question],
    groups: &[Group],
    problems: &mut Problems,
) -> Vec<Source> {
    if raw.is_empty() {
        return vec![Source {
            id: "main".to_string(),
            label: "main".to_string(),
            files: Vec::new(),
            columns: Vec::new(),
            scales: Vec::new(),
            not_asked: Vec::new(),
            dialect: None,
            encoding: None,
        }];
    }
    let known = known_ids(questions, groups);
    let mut out: Vec<Source> = Vec::new();
    for (i, s) in raw.into_iter().enumerate() {
        let Some(source) = source(s, i, &known, problems) else { continue };
        if out.iter().any(|o| o.id == source.id) {
            problems.add(
                &format!("[[source]] {}", source.id),
                "this id is used twice",
                "Give each source its own id.",
            );
        }
        out.push(source);
    }
    out
}

fn known_ids(questions: &[Question], groups: &[Group]) -> Vec<String> {
    let mut ids = vec!["respondent_id".to_string(), "weight".to_string()];
    for q in questions {
        ids.push(q.id.clone());
        if let Kind::Multiple { layout: MultipleLayout::Columns(_), options, .. } = &q.kind {
            ids.extend(options.iter().map(|o| format!("{}.{}", q.id, o.id)));
        }
    }
    ids.extend(groups.iter().map(|g| g.id.clone()));
    ids
}

fn source(raw: raw::Source, index: usize, known: &[String], problems: &mut Problems) -> Option<Source> {
    let id = id(raw.id, "source", index, problems)?;
    let place = format!("[[source]] {id}");
    let mut check = |key: &str, name: &str| {
        if !known.iter().any(|k| k == name) {
            problems.unknown(
                &format!("{place} {key}"),
                "question or group",
                name,
                known.iter().map(String::as_str),
            );
        }
    };
    let columns: Vec<_> = raw.columns.unwrap_or_default().0;
    columns.iter().for_each(|(k, _)| check("columns", k));
    let scales: Vec<_> = raw.scales.unwrap_or_default().0;
    scales.iter().for_each(|(k, _)| check("scales", k));
    let not_asked = raw.not_asked.unwrap_or_default();
    not_asked.iter().for_each(|k| check("not_asked", k));
    Some(Source {
        label: raw.label.unwrap_or_else(|| id.clone()),
        files: raw.files.unwrap_or_default().0,
        columns: columns.into_iter().map(|(k, v)| (k, v.0.into_iter().map(|c| c.0).collect())).collect(),
        scales: scales
            .into_iter()
            .map(|(k, v)| (k, v.0.into_iter().map(|(from, to)| (fold(&from), to.0)).collect()))
            .collect(),
        not_asked,
        dialect: dialect(raw.dialect, &format!("{place} dialect"), problems),
        encoding: encoding(raw.encoding, &format!("{place} encoding"), problems),
        id,
    })
}

/// A dialect by its name.
pub fn dialect(name: Option<String>, place: &str, problems: &mut Problems) -> Option<Dialect> {
    use Dialect::*;
    let known = [
        ("plain", Plain),
        ("qualtrics", Qualtrics),
        ("qualtrics2016", Qualtrics2016),
        ("qualtrics_legacy", QualtricsLegacy),
        ("survey_monkey", SurveyMonkey),
        ("survey_monkey_flat", SurveyMonkeyFlat),
        ("alchemer", Alchemer),
        ("google_forms", GoogleForms),
        ("microsoft_forms", MicrosoftForms),
        ("lime_survey", LimeSurvey),
    ];
    let name = name.filter(|n| n != "auto")?;
    let found = known.iter().find(|(k, _)| *k == name).map(|(_, d)| *d);
    if found.is_none() {
        problems.unknown(place, "dialect", &name, known.iter().map(|(k, _)| *k));
    }
    found
}

/// An encoding label that the WHATWG standard knows.
pub fn encoding(name: Option<String>, place: &str, problems: &mut Problems) -> Option<String> {
    let name = name.filter(|n| n != "auto")?;
    if encoding_rs::Encoding::for_label(name.as_bytes()).is_none() {
        problems.unknown(
            place,
            "encoding",
            &name,
            ["utf-8", "windows-1252", "utf-16le", "utf-16be", "iso-8859-1"],
        );
        return None;
    }
    Some(name)
}
