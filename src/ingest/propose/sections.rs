//! The `[[question]]` and `[[group]]` sections of a proposal, and the ids given to columns.

use std::fmt::Write;

use super::decide::{Asked, Levels, Options, Role};
use super::fields::{Field, Fields, has_codes};
use super::names::{free, list, quoted};
use super::scales::{Scale, scale};
use super::write::reference;
use crate::config::{ColumnRef, fold, slug};

/// The folded values that every proposal takes as missing everywhere.
const MISSING_EVERYWHERE: [&str; 4] = ["na", "n/a", "i don't want to say", "prefer not to say"];
/// Longest list on one line.
const LINE: usize = 100;

/// The sections and what was called what.
pub(super) struct Sections {
    pub text: String,
    /// Ids of the groups, and their place in an attribution.
    pub groups: Vec<(String, Option<u8>)>,
    /// What `[[source]]` calls each field, where it is used: a question's, an option's or a group's id.
    pub ids: Vec<Option<String>>,
    /// Ids of multiple questions, and their fields.
    pub several: Vec<(String, Vec<usize>)>,
    taken: Vec<String>,
}

impl Sections {
    /// Writes all sections, questions first.
    pub(super) fn new(fields: &Fields, roles: &[Role]) -> Self {
        let mut sections = Sections {
            text: String::new(),
            groups: Vec::new(),
            ids: vec![None; fields.all.len()],
            several: Vec::new(),
            // An id of the program's own, and of its group.
            taken: vec!["instrument".to_string()],
        };
        // Groups have well-known ids, which no question may take first.
        let mut groups = String::new();
        for (i, (field, role)) in fields.all.iter().zip(roles).enumerate() {
            if let Role::Group(division, levels) = role {
                let id = sections.take(i, division.id, "group");
                sections.groups.push((id.clone(), division.attribution));
                group(fields, field, &id, division.label, levels, &mut groups);
            }
        }
        for (i, (field, role)) in fields.all.iter().zip(roles).enumerate() {
            match role {
                Role::Question(asked) => sections.question(fields, i, field, asked),
                Role::Several(members) => sections.multiple(fields, i, field, members),
                Role::RespondentId => sections.name(i, "respondent_id"),
                Role::Weight => sections.name(i, "weight"),
                _ => {}
            }
        }
        sections.text.push_str(&groups);
        sections
    }

    fn name(&mut self, field: usize, id: &str) {
        if let Some(place) = self.ids.get_mut(field) {
            *place = Some(id.to_string());
        }
    }

    fn take(&mut self, field: usize, label: &str, fallback: &str) -> String {
        let id = free(label, fallback, &self.taken);
        self.taken.push(id.clone());
        self.name(field, &id);
        id
    }

    fn question(&mut self, fields: &Fields, index: usize, field: &Field, asked: &Asked) {
        let id = self.take(index, &id_source(field), "q");
        let column = fields.main_reference(field);
        let (kind, unlisted) = match asked {
            Asked::Text => ("text", 0),
            Asked::Number => ("number", 0),
            Asked::Likert { unlisted, .. } => ("likert", *unlisted),
            Asked::Single(options) => ("single", options.unlisted),
            Asked::Delimited { options, .. } => ("multiple", options.unlisted),
        };
        let out = &mut self.text;
        let _ = writeln!(out, "\n[[question]]\nid = {}\nkind = \"{kind}\"", quoted(&id));
        let _ = writeln!(out, "column = {}", reference(&column));
        label(field, &column, &field.words(), out);
        match asked {
            Asked::Text | Asked::Number => {}
            Asked::Likert { scale, numbers_only, .. } => likert(scale, *numbers_only, out),
            Asked::Single(options) => {
                if options.values.iter().all(|v| v.parse::<f64>().is_ok()) {
                    out.push_str(
                        "# numbers only: if they are codes, labels = { v1 = \"...\" } says what they mean\n",
                    );
                }
                values("options", &options.values, out);
            }
            Asked::Delimited { options, delimiter } => {
                let _ = writeln!(out, "delimiter = {}", quoted(delimiter));
                values("options", &options.values, out);
            }
        }
        match asked {
            // Its pieces are counted in the first rows only.
            Asked::Delimited { .. } if unlisted > 0 => {
                out.push_str("# rarer values are not listed; they count as skipped\n")
            }
            _ => rare(unlisted, out),
        }
        missing(&[field], out);
    }

    fn multiple(&mut self, fields: &Fields, index: usize, field: &Field, members: &[usize]) {
        let all: Vec<&Field> = members.iter().filter_map(|&i| fields.all.get(i)).collect();
        let id = self.take(index, &stem_source(field, &all), "q");
        let out = &mut self.text;
        let _ = writeln!(out, "\n[[question]]\nid = {}\nkind = \"multiple\"", quoted(&id));
        if !field.column.text.trim().is_empty() {
            let _ = writeln!(out, "label = {}", quoted(field.column.text.trim()));
        }
        let steps: Vec<String> = all.iter().filter_map(|f| f.column.option.clone()).collect();
        if steps.iter().all(|s| s.parse::<u8>().is_ok()) || scale(&steps).is_some() {
            out.push_str(
                "# the steps of a scale in a column each: every step is counted, and there is no mean\n",
            );
        }
        let mut taken = Vec::new();
        let (mut columns, mut labels) = (String::new(), String::new());
        for (&i, member) in members.iter().zip(&all) {
            let option = member.column.option.clone().unwrap_or_default();
            let option_id = free(&option, "option", &taken);
            let _ = writeln!(columns, "{option_id} = {}", reference(&fields.main_reference(member)));
            if !option.trim().is_empty() {
                let _ = writeln!(labels, "{option_id} = {}", quoted(option.trim()));
            }
            if let Some(place) = self.ids.get_mut(i) {
                *place = Some(format!("{id}.{option_id}"));
            }
            taken.push(option_id);
        }
        let _ = write!(out, "[question.columns]\n{columns}[question.labels]\n{labels}");
        self.several.push((id, members.to_vec()));
    }
}

/// What an id is made from: the short name where the survey tool has one, else the question.
fn id_source(field: &Field) -> String {
    let (name, text) = (field.column.name.trim(), field.words());
    if has_codes(field.dialect) && !name.is_empty() && name.chars().count() <= 24 {
        return name.to_string();
    }
    match &field.column.option {
        // The option tells the columns of a grid apart; the question alone would be cut to the same id.
        Some(option) => {
            let stem = free(&field.column.text, "", &[]);
            let short: Vec<&str> = stem.split('_').take(3).collect();
            format!("{} {option}", short.join(" "))
        }
        None if text.trim().is_empty() => name.to_string(),
        None => text,
    }
}

/// What the id of a question of several columns is made from.
fn stem_source(field: &Field, all: &[&Field]) -> String {
    let names: Vec<&str> = all.iter().map(|f| f.column.name.trim()).collect();
    let first = names.first().copied().unwrap_or("");
    let common = first
        .char_indices()
        .map(|(i, c)| i + c.len_utf8())
        .rev()
        .find(|&end| first.get(..end).is_some_and(|head| names.iter().all(|n| n.starts_with(head))));
    let stem = common.and_then(|end| first.get(..end)).unwrap_or("");
    let stem = stem.rsplit_once(['_', '[', '#']).map_or(stem, |(head, _)| head).trim();
    if has_codes(field.dialect) && !stem.is_empty() && stem.chars().count() <= 24 {
        return stem.to_string();
    }
    field.column.text.clone()
}

/// The label, unless the column's header is it.
fn label(field: &Field, column: &ColumnRef, words: &str, out: &mut String) {
    let words = if words.trim().is_empty() { field.column.name.trim() } else { words };
    let same = matches!(column, ColumnRef::Header(h) if h == words);
    if !same && !words.is_empty() {
        let _ = writeln!(out, "label = {}", quoted(words));
    }
}

/// A key with a list of values, on lines of their own where they are long.
fn values(key: &str, values: &[String], out: &mut String) {
    let line = list(values);
    if line.chars().count() <= LINE {
        let _ = writeln!(out, "{key} = {line}");
        return;
    }
    let _ = writeln!(out, "{key} = [");
    for value in values {
        let _ = writeln!(out, "  {},", quoted(value));
    }
    out.push_str("]\n");
}

fn likert(scale: &Scale, numbers_only: bool, out: &mut String) {
    if numbers_only {
        out.push_str(
            "# numbers only: is it a scale, with its lowest step first? If they are codes, use single\n",
        );
    }
    values("scale", &scale.values, out);
    let Some(sides) = &scale.sides else { return };
    let ((low, below), (high, above)) = (sides.low, sides.high);
    let last = scale.values.len();
    let lower = scale.values.get(..below).unwrap_or_default();
    let upper = scale.values.get(last.saturating_sub(above)..).unwrap_or_default();
    if below >= 2 && above >= 2 {
        let _ = writeln!(out, "nets = {{ {high}_net = {}, {low}_net = {} }}", list(upper), list(lower));
    }
}

fn rare(unlisted: u64, out: &mut String) {
    if unlisted > 0 {
        let _ = writeln!(
            out,
            "# {unlisted} answers hold other values, too rare to be listed; they count as skipped"
        );
    }
}

/// "Don't know" and the like, as they were written.
fn missing(fields: &[&Field], out: &mut String) {
    let mut found: Vec<String> = Vec::new();
    for value in fields.iter().flat_map(|f| f.profile.nothing.values()) {
        let known = found.iter().any(|f| fold(f) == value.folded);
        if !known && !MISSING_EVERYWHERE.contains(&value.folded.as_str()) {
            found.push(value.written);
        }
    }
    if !found.is_empty() {
        let _ = writeln!(out, "missing = {}", list(&found));
    }
}

fn group(fields: &Fields, field: &Field, id: &str, label: &str, levels: &Levels, out: &mut String) {
    let _ = writeln!(out, "\n[[group]]\nid = {}\nlabel = {}", quoted(id), quoted(label));
    let _ = writeln!(out, "column = {}", reference(&fields.main_reference(field)));
    missing(&[field], out);
    match levels {
        Levels::Bands(bands) => {
            let bands: Vec<String> =
                bands.iter().map(|(name, low, high)| format!("{} = [{low}, {high}]", quoted(name))).collect();
            let _ = writeln!(out, "bands = {{ {} }}", bands.join(", "));
        }
        Levels::Values(options) => level_values(options, out),
    }
}

fn level_values(options: &Options, out: &mut String) {
    if options.unlisted > 0 {
        let _ = writeln!(
            out,
            "# {} answers hold other values, too rare to be listed; they count as missing unless there is an\n# otherwise = \"...\"",
            options.unlisted
        );
    }
    let slugs: Vec<String> = options.values.iter().map(|v| slug(v)).collect();
    let plain = |(i, id): (usize, &String)| {
        !id.is_empty() && id != "total" && slugs.get(..i).is_some_and(|before| !before.contains(id))
    };
    if slugs.iter().enumerate().all(plain) {
        values("levels", &options.values, out);
        return;
    }
    let mut taken: Vec<String> = Vec::new();
    let (mut levels, mut labels) = (String::new(), String::new());
    for value in &options.values {
        let id = free(value, "level", &taken);
        let _ = writeln!(levels, "{} = [{}]", quoted(&id), quoted(value));
        if id != *value {
            let _ = writeln!(labels, "{} = {}", quoted(&id), quoted(value));
        }
        taken.push(id);
    }
    let _ = write!(out, "[group.levels]\n{levels}");
    if !labels.is_empty() {
        let _ = write!(out, "[group.labels]\n{labels}");
    }
}
