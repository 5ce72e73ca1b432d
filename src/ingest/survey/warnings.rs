//! What is probably not meant: options nobody chose, bases of nothing, columns that look like another
//! kind. It may not quote a value.

use super::tally::Tally;
use super::{GroupReport, OptionCount, QuestionReport, Survey};
use crate::config::{Kind, MultipleLayout, Plan, fold};

/// Answers from which a column's look is judged.
const ENOUGH: u64 = 30;

/// All warnings: files first, then questions and groups in the plan's order.
pub(super) fn all(plan: &Plan, survey: &Survey, tally: &Tally) -> Vec<String> {
    let mut out = Vec::new();
    files(survey, &mut out);
    for (i, (question, report)) in plan.questions.iter().zip(&survey.questions).enumerate() {
        let id = &report.id;
        if survey.accepted > 0 && report.answered == 0 {
            out.push(format!("{id}: nobody answered it; is {} the right column?", named_columns(report)));
        } else {
            let ticks = matches!(question.kind, Kind::Multiple { layout: MultipleLayout::Columns(_), .. });
            let hint = if ticks { "" } else { "; is it spelt as in the file?" };
            unused("nobody chose", id, &report.options, (report.answered, hint), &mut out);
        }
        match question.kind {
            Kind::Text { .. } => looks_like_ticks(report, tally.distinct_texts(i), &mut out),
            _ => looks_like_text(report, tally.distinct_unmatched(i), &mut out),
        }
        let missing = plan.survey.missing.iter().chain(&question.missing);
        let missing: Vec<&String> = missing.filter(|m| !m.is_empty()).collect();
        let dropped = |o: &&crate::config::Choice| o.values.iter().any(|v| missing.contains(&v));
        for option in question.kind.options().iter().filter(dropped) {
            if !matches!(question.kind, Kind::Multiple { layout: MultipleLayout::Columns(_), .. }) {
                out.push(format!(
                    "{id}: \"{}\" is both an option and a missing value; it counts as missing",
                    option.label
                ));
            }
        }
    }
    survey.groups.iter().filter(|g| g.id != "instrument").for_each(|g| group(g, survey.accepted, &mut out));
    out
}

fn files(survey: &Survey, out: &mut Vec<String>) {
    for (i, file) in survey.files.iter().enumerate() {
        let facts = &file.facts.file;
        let name = facts.path.display();
        if facts.undecodable_bytes > 0 {
            out.push(format!(
                "{name}: {} bytes are not {}; set [input] encoding if characters look wrong",
                facts.undecodable_bytes, facts.encoding
            ));
        }
        if !facts.late_keys.is_empty() {
            out.push(format!(
                "{name}: keys that only later lines have are not read: {}",
                facts.late_keys.join(", ")
            ));
        }
        let same = |f: &&super::FileReport| f.facts.file.sha256 == facts.sha256 && !facts.sha256.is_empty();
        if let Some(before) = survey.files.get(..i).and_then(|b| b.iter().find(same)) {
            out.push(format!(
                "{name}: it is a copy of {}; its rows count twice",
                before.facts.file.path.display()
            ));
        }
    }
    if survey.rows > 0 && survey.accepted == 0 {
        out.push("every row was rejected".to_string());
    }
}

fn named_columns(report: &QuestionReport) -> String {
    let columns: Vec<String> =
        report.places.iter().flat_map(|p| &p.columns).take(3).map(|c| c.position.to_string()).collect();
    match columns.len() {
        0 => "it in".to_string(),
        _ => columns.join(", "),
    }
}

/// Options or levels without anybody, where there are answers enough to expect somebody.
fn unused(verb: &str, id: &str, options: &[OptionCount], (base, hint): (u64, &str), out: &mut Vec<String>) {
    let none = options.iter().filter(|o| o.count == 0).map(|o| format!("\"{}\"", o.label));
    let none: Vec<String> = none.collect();
    if !none.is_empty() && base >= ENOUGH {
        out.push(format!("{id}: {verb} {}{hint}", list(&none)));
    }
}

fn list(items: &[String]) -> String {
    let mut shown: Vec<String> = items.iter().take(6).cloned().collect();
    if items.len() > shown.len() {
        shown.push(format!("{} more", items.len() - shown.len()));
    }
    shown.join(", ")
}

/// A text question with a handful of different answers is a closed one.
fn looks_like_ticks(report: &QuestionReport, distinct: Option<usize>, out: &mut Vec<String>) {
    let Some(distinct) = distinct else { return };
    if report.answered >= ENOUGH && distinct as u64 * 10 <= report.answered {
        out.push(format!(
            "{}: a text question with {distinct} different answers; is it single or likert?",
            report.id
        ));
    }
}

/// A closed question whose answers nothing names is another column, or free text.
fn looks_like_text(report: &QuestionReport, distinct: usize, out: &mut Vec<String>) {
    let unmatched = report.unmatched.answers;
    if unmatched * 2 <= report.answered + unmatched || unmatched == 0 {
        return;
    }
    let different = distinct as u64 * 2 > unmatched || report.unmatched.others * 2 > unmatched;
    let look = match report.kind {
        "number" => "are no numbers".to_string(),
        kind if different && unmatched >= ENOUGH => {
            format!("match nothing and differ from each other: a {kind} question on a column of free text?")
        }
        _ => "match nothing; compare the values with its options".to_string(),
    };
    out.push(format!("{}: most answers {look}", report.id));
}

fn group(report: &GroupReport, accepted: u64, out: &mut Vec<String>) {
    let at_a_level: u64 = report.levels.iter().map(|l| l.count).sum();
    if accepted > 0 && at_a_level == 0 {
        out.push(format!("{}: nobody is at any level; are its column and levels right?", report.id));
        return;
    }
    let hint = "; is it spelt as in the file?";
    unused("nobody is at", &report.id, &report.levels, (at_a_level, hint), out);
    let unmatched = report.unmatched.answers;
    if report.otherwise.is_none() && unmatched * 2 > at_a_level + unmatched {
        out.push(format!("{}: most answers match no level, and count as missing", report.id));
    }
    let takes = |id: &String| fold(id);
    if let Some(otherwise) = report.otherwise.as_ref().map(takes) {
        let rest: u64 = report.levels.iter().filter(|l| fold(&l.id) != otherwise).map(|l| l.count).sum();
        if unmatched > 0 && rest == 0 {
            out.push(format!("{}: every answer goes to its otherwise level", report.id));
        }
    }
}
