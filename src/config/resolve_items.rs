//! The repeated sections that define the schema: questions and groups, one function a kind of thing.

use super::plan::*;
use super::problems::Problems;
use super::raw::{self, Choices, Many, Scalar};
use super::resolve::folded;
use super::{fold, slug};

/// Names that outputs use for their own columns.
const RESERVED: &[&str] = &[
    "respondent_id",
    "row",
    "question",
    "text",
    "content",
    "language",
    "duplicate_of",
    "themes",
    "concerns",
    "redactions",
    "weight",
    "measure_kind",
    "pillar",
    "measure",
    "measure_label",
    "base",
    "count",
    "percent",
    "ci_lower",
    "ci_upper",
    "weighted_percent",
    "weighted_ci_lower",
    "weighted_ci_upper",
    "effective_base",
    "difference",
    "p_adjusted",
    "status",
    "instrument",
    "quote_id",
    "attribution",
    "rule",
    "score",
    "table",
    "mean",
    "mean_se",
    "total",
];

const KINDS: [&str; 5] = ["text", "likert", "single", "multiple", "number"];

/// Whether outputs use this name for a column of their own, so that no question or group may.
pub fn is_reserved(id: &str) -> bool {
    RESERVED.contains(&id) || id.starts_with("theme_") || id.starts_with("concern_")
}

/// `[[question]]` sections.
pub fn questions(raw: Vec<raw::Question>, problems: &mut Problems) -> Vec<Question> {
    raw.into_iter().enumerate().filter_map(|(i, q)| question(q, i, problems)).collect()
}

fn question(mut raw: raw::Question, index: usize, problems: &mut Problems) -> Option<Question> {
    let id = id(raw.id.take(), "question", index, problems)?;
    let place = format!("[[question]] {id}");
    let label = raw.label.take();
    let missing = folded(raw.missing.take().unwrap_or_default().0.into_iter().map(|s| s.0));
    let recode = raw.recode.take().unwrap_or_default().0.into_iter().map(|(k, v)| (fold(&k), v.0)).collect();
    let column_label = match raw.column.as_ref().map(|c| &c.0) {
        Some(ColumnRef::Header(h)) => Some(h.clone()),
        _ => None,
    };
    let kind = kind(raw, &place, problems)?;
    Some(Question { label: label.or(column_label).unwrap_or_else(|| id.clone()), id, kind, missing, recode })
}

fn kind(raw: raw::Question, place: &str, problems: &mut Problems) -> Option<Kind> {
    let name = raw.kind.clone().unwrap_or_default();
    misplaced_keys(&raw, &name, place, problems);
    match name.as_str() {
        "text" => column(raw.column, place, problems).map(|column| Kind::Text { column }),
        "number" => column(raw.column, place, problems).map(|column| Kind::Number { column }),
        "likert" => {
            let options = choices(raw.scale, raw.labels, "scale", place, problems);
            let nets = nets(raw.nets, &options, place, problems);
            column(raw.column, place, problems).map(|column| Kind::Likert { column, options, nets })
        }
        "single" => {
            let options = choices(raw.options, raw.labels, "options", place, problems);
            let nets = nets(raw.nets, &options, place, problems);
            column(raw.column, place, problems).map(|column| Kind::Single { column, options, nets })
        }
        "multiple" => multiple(raw, place, problems),
        "" => {
            problems.add(place, "has no kind", format!("Add kind = one of {}.", KINDS.join(", ")));
            None
        }
        other => {
            problems.unknown(&format!("{place} kind"), "kind", other, KINDS);
            None
        }
    }
}

/// Keys that a question of this kind does not read are almost always a mistake.
fn misplaced_keys(raw: &raw::Question, kind: &str, place: &str, problems: &mut Problems) {
    let present = [
        ("scale", raw.scale.is_some(), &["likert"][..]),
        ("options", raw.options.is_some(), &["single", "multiple"]),
        ("columns", raw.columns.is_some(), &["multiple"]),
        ("delimiter", raw.delimiter.is_some(), &["multiple"]),
        ("nets", raw.nets.is_some(), &["likert", "single", "multiple"]),
        ("labels", raw.labels.is_some(), &["likert", "single", "multiple"]),
    ];
    for (key, set, kinds) in present {
        if set && KINDS.contains(&kind) && !kinds.contains(&kind) {
            problems.add(
                &format!("{place} {key}"),
                format!("a {kind} question does not use it"),
                format!("It belongs to kind = {}.", kinds.join(" or ")),
            );
        }
    }
}

fn multiple(raw: raw::Question, place: &str, problems: &mut Problems) -> Option<Kind> {
    if let Some(columns) = raw.columns {
        let mut labels = raw.labels.unwrap_or_default().0;
        let mut options = Vec::new();
        let mut refs = Vec::new();
        for (id, column) in columns.0 {
            check_id(&id, &format!("{place} columns.{id}"), problems);
            let label = take(&mut labels, &id).unwrap_or_else(|| id.clone());
            options.push(Choice { values: vec![fold(&label), fold(&id)], id, label });
            refs.push(column.0);
        }
        unknown_labels(&labels, &options, place, problems);
        if raw.column.is_some() {
            problems.add(
                place,
                "has both column and columns",
                "Use column with delimiter, or columns, not both.",
            );
        }
        let nets = nets(raw.nets, &options, place, problems);
        return Some(Kind::Multiple { layout: MultipleLayout::Columns(refs), options, nets });
    }
    let options = choices(raw.options, raw.labels, "options", place, problems);
    let nets = nets(raw.nets, &options, place, problems);
    let delimiter = raw.delimiter.filter(|d| !d.is_empty()).unwrap_or_else(|| ";".to_string());
    let column = column(raw.column, place, problems)?;
    Some(Kind::Multiple { layout: MultipleLayout::Delimited { column, delimiter }, options, nets })
}

fn column(column: Option<raw::Column>, place: &str, problems: &mut Problems) -> Option<ColumnRef> {
    if column.is_none() {
        problems.add(place, "has no column", "Add column = \"the header of its column\".");
    }
    column.map(|c| c.0)
}

/// Options or a scale: at least two, distinct, no value in two of them.
fn choices(
    raw: Option<Choices>,
    labels: Option<raw::Ordered<String>>,
    key: &str,
    place: &str,
    problems: &mut Problems,
) -> Vec<Choice> {
    let mut labels = labels.unwrap_or_default().0;
    let mut out: Vec<Choice> = Vec::new();
    match raw {
        None => {
            problems.add(
                place,
                format!("has no {key}"),
                format!("Add {key} = [\"...\", \"...\"]; `bigask init` lists what the file has."),
            );
        }
        Some(Choices::List(values)) => {
            for Scalar(value) in values {
                let id = option_id(&value, &out);
                let label = take(&mut labels, &id).unwrap_or_else(|| value.trim().to_string());
                out.push(Choice { id, label, values: vec![fold(&value)] });
            }
        }
        Some(Choices::Named(named)) => {
            for (id, Many(values)) in named.0 {
                check_id(&id, &format!("{place} {key}.{id}"), problems);
                let first = values.first().map(|s| s.0.trim().to_string()).unwrap_or_else(|| id.clone());
                let label = take(&mut labels, &id).unwrap_or(first);
                out.push(Choice { id, label, values: values.iter().map(|v| fold(&v.0)).collect() });
            }
        }
    }
    if (out.len() == 1 || out.len() > 4096) && key == "scale" {
        problems.add(
            &format!("{place} {key}"),
            format!("has {} steps", out.len()),
            "A scale has two steps or more, lowest first.",
        );
    }
    distinct_values(
        out.iter().map(|c| (c.id.as_str(), c.values.as_slice())),
        &format!("{place} {key}"),
        problems,
    );
    unknown_labels(&labels, &out, place, problems);
    out
}

fn option_id(value: &str, before: &[Choice]) -> String {
    let base = match slug(value) {
        s if s.is_empty() => format!("option_{}", before.len() + 1),
        s if s.starts_with(|c: char| c.is_ascii_digit()) => format!("v{s}"),
        s => s,
    };
    if before.iter().any(|c| c.id == base) { format!("{base}_{}", before.len() + 1) } else { base }
}

fn take(labels: &mut Vec<(String, String)>, id: &str) -> Option<String> {
    labels.iter().position(|(k, _)| k == id).map(|i| labels.remove(i).1)
}

fn unknown_labels(left: &[(String, String)], options: &[Choice], place: &str, problems: &mut Problems) {
    for (id, _) in left {
        problems.unknown(&format!("{place} labels"), "option", id, options.iter().map(|o| o.id.as_str()));
    }
}

fn distinct_values<'a>(
    items: impl Iterator<Item = (&'a str, &'a [String])>,
    place: &str,
    problems: &mut Problems,
) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (id, values) in items {
        for v in values {
            match seen.iter().find(|(w, _)| w == v) {
                Some((_, other)) if *other != id => problems.add(
                    place,
                    format!("{id} and {other} share a value"),
                    "Each value may mean one thing.",
                ),
                Some(_) => {}
                None => seen.push((v, id)),
            }
        }
    }
}

fn nets(
    raw: Option<raw::Ordered<Vec<Scalar>>>,
    options: &[Choice],
    place: &str,
    problems: &mut Problems,
) -> Vec<Net> {
    let mut out = Vec::new();
    for (id, members) in raw.unwrap_or_default().0 {
        let place = format!("{place} nets.{id}");
        check_id(&id, &place, problems);
        if options.iter().any(|o| o.id == id) {
            problems.add(
                &place,
                "an option has this id",
                "Give the net another id, for instance with _net at the end.",
            );
        }
        let mut indices = Vec::new();
        for Scalar(m) in members {
            let folded = fold(&m);
            match options
                .iter()
                .position(|o| o.id == m || o.values.contains(&folded) || fold(&o.label) == folded)
            {
                Some(i) => indices.push(i as u16),
                None => problems.unknown(&place, "option", &m, options.iter().map(|o| o.label.as_str())),
            }
        }
        indices.sort_unstable();
        indices.dedup();
        out.push(Net { id, options: indices });
    }
    out
}

/// `[[group]]` sections, without `instrument`.
pub fn groups(raw: Vec<raw::Group>, problems: &mut Problems) -> Vec<Group> {
    raw.into_iter().enumerate().filter_map(|(i, g)| group(g, i, problems)).collect()
}

fn group(raw: raw::Group, index: usize, problems: &mut Problems) -> Option<Group> {
    let id = id(raw.id, "group", index, problems)?;
    let place = format!("[[group]] {id}");
    let columns: Vec<ColumnRef> =
        raw.column.into_iter().chain(raw.columns.unwrap_or_default()).map(|c| c.0).collect();
    if columns.is_empty() {
        problems.add(&place, "has no column", "Add column = \"...\" or columns = [\"...\", \"...\"].");
    }
    let mut labels = raw.labels.unwrap_or_default().0;
    let mut levels = Vec::new();
    if let Some(choice) = raw.levels {
        level_values(choice, &mut labels, &place, &mut levels, problems);
    }
    for (id, bounds) in raw.bands.unwrap_or_default().0 {
        match bounds.as_slice() {
            [low, high] if low <= high => levels.push(Level {
                label: take(&mut labels, &id).unwrap_or_else(|| id.clone()),
                id,
                values: Vec::new(),
                band: Some((*low, *high)),
            }),
            _ => problems.add(
                &format!("{place} bands.{id}"),
                "is not [lowest, highest]",
                "For instance \"9-12\" = [9, 12].",
            ),
        }
    }
    let otherwise = raw.otherwise.map(|id| {
        levels.iter().position(|l| l.id == id).unwrap_or_else(|| {
            let label = take(&mut labels, &id).unwrap_or_else(|| id.clone());
            levels.push(Level { id, label, values: Vec::new(), band: None });
            levels.len() - 1
        }) as u16
    });
    for (left, _) in &labels {
        problems.unknown(&format!("{place} labels"), "level", left, levels.iter().map(|l| l.id.as_str()));
    }
    check_levels(&levels, &place, problems);
    let missing = folded(raw.missing.unwrap_or_default().0.into_iter().map(|s| s.0));
    let version = raw.version.map(|s| s.0).unwrap_or_default();
    Some(Group {
        label: raw.label.unwrap_or_else(|| id.clone()),
        id,
        version,
        columns,
        levels,
        otherwise,
        missing,
    })
}

fn level_values(
    choice: Choices,
    labels: &mut Vec<(String, String)>,
    place: &str,
    levels: &mut Vec<Level>,
    problems: &mut Problems,
) {
    match choice {
        Choices::List(values) => {
            for Scalar(value) in values {
                let id = slug(&value);
                let label = take(labels, &id).unwrap_or_else(|| value.trim().to_string());
                levels.push(Level { id, label, values: vec![fold(&value)], band: None });
            }
        }
        Choices::Named(named) => {
            for (id, Many(values)) in named.0 {
                let label = take(labels, &id).unwrap_or_else(|| id.clone());
                levels.push(Level {
                    id,
                    label,
                    values: values.iter().map(|v| fold(&v.0)).collect(),
                    band: None,
                });
            }
        }
    }
    if levels.is_empty() {
        problems.add(place, "has no levels", "Name at least one level with its values.");
    }
}

fn check_levels(levels: &[Level], place: &str, problems: &mut Problems) {
    if levels.is_empty() {
        problems.add(
            place,
            "has no levels",
            "Add levels = { id = [\"value\"] } or bands = { \"9-12\" = [9, 12] }.",
        );
    }
    for (i, level) in levels.iter().enumerate() {
        if level.id.is_empty() || level.id.eq_ignore_ascii_case("total") {
            problems.add(
                &format!("{place} levels"),
                "a level is called \"Total\" or nothing",
                "Choose another name; Total is the sum over levels.",
            );
        }
        if levels[..i].iter().any(|l| l.id == level.id) {
            problems.add(
                &format!("{place} levels"),
                format!("{} is there twice", level.id),
                "Give each level once.",
            );
        }
    }
    distinct_values(
        levels.iter().map(|l| (l.id.as_str(), l.values.as_slice())),
        &format!("{place} levels"),
        problems,
    );
}

/// The id of a section, checked.
pub fn id(id: Option<String>, section: &str, index: usize, problems: &mut Problems) -> Option<String> {
    let Some(id) = id else {
        problems.add(
            &format!("[[{section}]] number {}", index + 1),
            "has no id",
            "Add id = \"a_short_name\".",
        );
        return None;
    };
    let place = format!("[[{section}]] {id}");
    check_id(&id, &place, problems);
    if is_reserved(&id) {
        problems.add(&place, "this id is a column of the outputs", "Choose another id.");
    }
    Some(id)
}

fn check_id(id: &str, place: &str, problems: &mut Problems) {
    let plain = |c: char| c.is_alphanumeric() && !c.is_uppercase() || c == '_' || c == '-';
    if id.is_empty() || !id.chars().all(plain) {
        problems.add(
            place,
            "an id has other characters than a-z, 0-9, _ and -",
            "For instance \"care_status\".",
        );
    }
}
