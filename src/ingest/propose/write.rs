//! The proposal as text: what is proposed, in the order of the file, and what is left out and why.

use std::fmt::Write;

use super::decide::Role;
use super::fields::{Field, Fields, Instrument};
use super::names::{comment, list, quoted};
use super::sections::Sections;
use super::sources;
use crate::config::ColumnRef;

/// Everything.
pub(super) fn proposal(fields: &Fields, roles: &[Role]) -> String {
    let sections = Sections::new(fields, roles);
    let mut out = head(fields);
    left_out(fields, roles, &mut out);
    survey(fields, roles, &mut out);
    out.push_str(&sources::sections(fields, roles, &sections));
    out.push_str(&sections.text);
    breakdown(fields, &sections, &mut out);
    out
}

fn head(fields: &Fields) -> String {
    let mut out = String::from(
        "# Proposed by `bigask init`. Read it through: which columns are questions, which are groups,\n",
    );
    out.push_str("# in which order the steps of scales stand (lowest first). Then: bigask check -c pipeline.toml EXPORT\n");
    for instrument in &fields.instruments {
        for (file, facts) in instrument.files.iter().zip(&instrument.facts) {
            let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let _ = writeln!(
                out,
                "# {}: {}, {} columns, header read as {}",
                comment(&name, 60),
                facts.encoding,
                instrument.header.columns.len(),
                dialect(instrument)
            );
        }
        let _ = writeln!(out, "#   rows: {}", instrument.rows);
    }
    out
}

fn dialect(instrument: &Instrument) -> String {
    serde_json::to_string(&instrument.header.dialect).unwrap_or_default().trim_matches('"').to_string()
}

/// Why a field is not used, if it is not.
fn why_not(role: &Role) -> Option<(&'static str, String)> {
    let personal = "Must not be used: it says who somebody is.";
    let other = "Not used:";
    match role {
        Role::Personal(why) => Some((personal, why.to_string())),
        Role::OtherId => Some((personal, "an id".to_string())),
        Role::Tool(what) => Some((other, what.to_string())),
        Role::Empty => Some((other, "empty".to_string())),
        Role::Constant => Some((other, "the same answer everywhere".to_string())),
        Role::OtherBox => {
            Some((other, "the words beside an option; a text question if they matter".to_string()))
        }
        Role::FreeDivision => Some((
            other,
            "about respondents, in their own words; a group once its values are named".to_string(),
        )),
        Role::RespondentId
        | Role::Weight
        | Role::Group(..)
        | Role::Part
        | Role::Several(_)
        | Role::Question(_) => None,
    }
}

fn left_out(fields: &Fields, roles: &[Role], out: &mut String) {
    for heading in ["Must not be used: it says who somebody is.", "Not used:"] {
        let of_heading = |(field, role): (&Field, &Role)| {
            let (h, why) = why_not(role)?;
            (h == heading).then(|| (field.column.position, named(field), why))
        };
        let lines: Vec<_> = fields.all.iter().zip(roles).filter_map(of_heading).collect();
        if lines.is_empty() {
            continue;
        }
        let _ = writeln!(out, "#\n# {heading}");
        for (position, name, why) in lines {
            let _ = writeln!(out, "#   {position} \"{}\": {why}", comment(&name, 70));
        }
    }
}

fn named(field: &Field) -> String {
    let words = field.words();
    if words.trim().is_empty() { field.column.name.clone() } else { words }
}

fn survey(fields: &Fields, roles: &[Role], out: &mut String) {
    let stem = fields.instruments.first().and_then(|i| i.files.first()).and_then(|f| f.file_stem());
    let name: String = stem.map(|s| s.to_string_lossy().replace(['_', '-', '.'], " ")).unwrap_or_default();
    let name = if name.trim().is_empty() { "Consultation".to_string() } else { comment(&name, 80) };
    let _ = writeln!(out, "\n[survey]\nname = {}", quoted(&name));
    let with = |wanted: fn(&Role) -> bool| {
        let at = roles.iter().position(wanted)?;
        fields.all.get(at).map(|f| reference(&fields.main_reference(f)))
    };
    match with(|r| matches!(r, Role::RespondentId)) {
        Some(column) => {
            let _ = writeln!(out, "respondent_id = {column}");
        }
        None => out.push_str("# no column is a respondent's id: rows are numbered\n"),
    }
    if let Some(column) = with(|r| matches!(r, Role::Weight)) {
        let _ = writeln!(out, "weight = {column}");
    }
    out.push_str("missing = [\"NA\", \"N/A\", \"I don't want to say\", \"Prefer not to say\"]\n");
}

/// A column as pipeline.toml names it.
pub(super) fn reference(column: &ColumnRef) -> String {
    match column {
        ColumnRef::Header(name) => quoted(name),
        ColumnRef::ImportId(id) => format!("{{ import_id = {} }}", quoted(id)),
        ColumnRef::Position(p) => p.to_string(),
    }
}

fn breakdown(fields: &Fields, sections: &Sections, out: &mut String) {
    let mut tables: Vec<Vec<String>> = sections.groups.iter().map(|(id, _)| vec![id.clone()]).collect();
    if fields.instruments.len() > 1 {
        tables.push(vec!["instrument".to_string()]);
    }
    let has = |id: &str| sections.groups.iter().any(|(g, _)| g == id);
    if has("age") && has("gender") {
        tables.push(vec!["age".to_string(), "gender".to_string()]);
    }
    let tables: Vec<String> = tables.iter().map(list).collect();
    let _ = writeln!(out, "\n[breakdown]\ntables = [{}]", tables.join(", "));
    let mut named: Vec<(u8, &String)> =
        sections.groups.iter().filter_map(|(id, order)| order.map(|o| (o, id))).collect();
    named.sort_by_key(|(order, _)| *order);
    if !named.is_empty() {
        let _ = writeln!(out, "\n[quotes]\nattribution = {}", list(named.into_iter().map(|(_, id)| id)));
    }
}
