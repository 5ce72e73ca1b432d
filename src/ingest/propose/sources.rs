//! The `[[source]]` sections of a proposal, where files have different headers: what each instrument calls
//! things, and what it did not ask.

use std::fmt::Write;

use super::decide::Role;
use super::fields::{Field, Fields, Instrument};
use super::names::{list, quoted};
use super::sections::Sections;
use super::write::reference;

/// One section per instrument; none where there is one.
pub(super) fn sections(fields: &Fields, roles: &[Role], written: &Sections) -> String {
    if fields.instruments.len() < 2 {
        return String::new();
    }
    let all = fields.instruments.iter().enumerate();
    all.map(|(i, instrument)| source(fields, roles, written, i, instrument)).collect()
}

fn source(
    fields: &Fields,
    roles: &[Role],
    written: &Sections,
    index: usize,
    instrument: &Instrument,
) -> String {
    let names: Vec<String> = instrument
        .files
        .iter()
        .filter_map(|f| f.file_name())
        .map(|n| n.to_string_lossy().into_owned())
        .collect();
    let label = names.first().map(|n| n.split('.').next().unwrap_or(n)).unwrap_or_default();
    let mut out = format!(
        "\n[[source]]\nid = {}\nlabel = {}\nfiles = {}\n",
        quoted(&instrument.id),
        quoted(if label.is_empty() { &instrument.id } else { label }),
        list(&names)
    );
    let has = |i: usize| fields.all.get(i).is_some_and(|f| has_column(f, index));
    // A multiple question of which no option was asked was not asked at all.
    let whole: Vec<&(String, Vec<usize>)> =
        written.several.iter().filter(|(_, members)| !members.iter().any(|&m| has(m))).collect();
    let covered = |i: usize| whole.iter().any(|(_, members)| members.contains(&i));
    let single = written.ids.iter().enumerate().filter(|(i, _)| !has(*i) && !covered(*i));
    let mut not_asked: Vec<String> = single.filter_map(|(_, id)| id.clone()).collect();
    not_asked.extend(whole.iter().map(|(id, _)| id.clone()));
    if !not_asked.is_empty() {
        let _ = writeln!(out, "not_asked = {}", list(&not_asked));
    }
    out.push_str(&columns(fields, roles, written, index, instrument));
    out
}

fn has_column(field: &Field, instrument: usize) -> bool {
    field.columns.get(instrument).copied().flatten().is_some()
}

/// The columns that the schema's own names do not find in this instrument.
fn columns(
    fields: &Fields,
    roles: &[Role],
    written: &Sections,
    index: usize,
    instrument: &Instrument,
) -> String {
    let mut out = String::new();
    for ((field, role), id) in fields.all.iter().zip(roles).zip(&written.ids) {
        let Some(id) = id.as_ref().filter(|_| !matches!(role, Role::Empty)) else { continue };
        let Some(column) = field.columns.get(index).copied().flatten() else { continue };
        if instrument.lookup.find(&fields.main_reference(field)) == Ok(column) {
            continue;
        }
        if let Some(own) = fields.reference(field, index) {
            let _ = writeln!(out, "{} = {}", quoted(id), reference(&own));
        }
    }
    if out.is_empty() { out } else { format!("[source.columns]\n{out}") }
}
