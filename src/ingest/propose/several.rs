//! Questions of several columns, and several answers in one column. Owns the judgement whether columns
//! are ticks, and which pieces of a cell belong together.

use std::collections::HashMap;

use super::counts::Value;
use super::decide::Role;
use super::fields::Field;
use super::profile::{Pieces, Profile, pair};
use super::words;
use crate::config::{Dialect, fold};

/// Folded values of a column that was left unticked.
const NO: [&str; 9] =
    ["0", "no", "n", "false", "-", "unselected", "not selected", "unchecked", "not checked"];
/// Folded values of a tick.
const YES: [&str; 11] =
    ["1", "yes", "y", "true", "x", "selected", "checked", "ticked", "on", "\u{2713}", "\u{2714}"];

/// Whether a column is one tick box of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tick {
    Yes,
    /// Nobody ticked it; it fits among ticks.
    Unused,
    No,
}

/// Finds runs of columns that share a question: those that are ticks become one multiple question.
pub(super) fn join(fields: &[Field], roles: &mut [Option<Role>]) {
    let mut start = 0;
    while start < fields.len() {
        let end = run_end(fields, start);
        if end - start >= 2 {
            join_run(fields, roles, start, end);
        }
        start = end;
    }
}

/// The end of the columns from `start` on that share its question.
fn run_end(fields: &[Field], start: usize) -> usize {
    let question = |f: &Field| f.column.option.is_some().then(|| fold(&f.column.text));
    let Some(first) = fields.get(start).and_then(question) else { return start + 1 };
    let rest = fields.iter().skip(start + 1);
    start + 1 + rest.take_while(|f| question(f).as_ref() == Some(&first)).count()
}

fn join_run(fields: &[Field], roles: &mut [Option<Role>], start: usize, end: usize) {
    let open = |i: usize| matches!(roles.get(i), Some(None | Some(Role::Empty)));
    let mut ticks: Vec<(usize, Tick)> = Vec::new();
    for i in (start..end).filter(|&i| open(i)) {
        let Some(field) = fields.get(i) else { continue };
        let tick = tick(field);
        let option = field.column.option.as_deref().unwrap_or("");
        let other = words::is_other_box(option) || words::Words::of(option).begins("other");
        if tick != Tick::Yes && other {
            continue;
        }
        ticks.push((i, tick));
    }
    let ticked = ticks.iter().filter(|(_, t)| *t == Tick::Yes).count();
    if ticked == 0 || ticks.len() < 2 || ticks.iter().any(|(_, t)| *t == Tick::No) {
        return;
    }
    let members: Vec<usize> = ticks.into_iter().map(|(i, _)| i).collect();
    for &i in members.iter().skip(1) {
        if let Some(role) = roles.get_mut(i) {
            *role = Some(Role::Part);
        }
    }
    if let Some(role) = members.first().and_then(|&i| roles.get_mut(i)) {
        *role = Some(Role::Several(members));
    }
}

/// Whether a column is a tick box that somebody ticked.
pub(super) fn is_ticked(field: &Field) -> bool {
    tick(field) == Tick::Yes
}

fn tick(field: &Field) -> Tick {
    let p = &field.profile;
    let option = fold(field.column.option.as_deref().unwrap_or(""));
    let values = p.values.values();
    let is_no = |v: &&Value| NO.contains(&v.folded.as_str()) && v.folded != option;
    let chosen: Vec<&Value> = values.iter().filter(|v| !is_no(v)).collect();
    let words_for_no = values.iter().any(|v| matches!(v.folded.as_str(), "no" | "n") && v.folded != option);
    match chosen.as_slice() {
        _ if p.long > 0 || p.values.pruned => Tick::No,
        [] if p.filled == 0 || !words_for_no => Tick::Unused,
        [] => Tick::No,
        // "Yes" and "No" are two answers, but in a tool that writes them for every box.
        [_] if words_for_no && field.dialect != Dialect::LimeSurvey => Tick::No,
        [one] => {
            let own =
                one.folded == option || option.starts_with(&one.folded) || one.folded.starts_with(&option);
            let constant = one.count >= 3 && crate::ingest::coding::number(&one.written).is_none();
            let known = YES.contains(&one.folded.as_str());
            if own || constant || known { Tick::Yes } else { Tick::No }
        }
        _ => Tick::No,
    }
}

/// Pieces that are looked at, the most frequent first.
const MOST_PIECES: usize = 120;

/// The pieces of cells cut at a delimiter, with those joined again that never come apart (an option that
/// holds the delimiter itself), and how many pieces there are in all.
pub(super) fn merged_pieces(p: &Profile, pieces: &Pieces, delimiter: &str) -> (Vec<Value>, u64) {
    let mut parts = pieces.parts.values();
    let places: HashMap<String, usize> =
        parts.iter().enumerate().map(|(i, v)| (v.folded.clone(), i)).collect();
    for whole in p.values.values().into_iter().filter(|v| !v.written.contains(delimiter)) {
        match places.get(&whole.folded).and_then(|&i| parts.get_mut(i)) {
            Some(part) => part.count += whole.count,
            None => parts.push(whole),
        }
    }
    parts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.folded.cmp(&b.folded)));
    let rest: u64 = parts.iter().skip(MOST_PIECES).map(|v| v.count).sum();
    parts.truncate(MOST_PIECES);
    let joined = joined(parts, pieces, if delimiter == "," { ", " } else { delimiter });
    let total = joined.iter().map(|v| v.count).sum::<u64>() + rest;
    (joined, total)
}

/// Joins pieces that are always followed by each other.
fn joined(parts: Vec<Value>, pieces: &Pieces, between: &str) -> Vec<Value> {
    let inseparable = |a: &Value, b: &Value| {
        a.count == b.count && a.count >= 2 && pieces.pairs.of(&fold(&pair(&a.written, &b.written))) == a.count
    };
    let after = |i: usize| {
        let from = parts.get(i)?;
        parts.iter().enumerate().position(|(j, to)| j != i && inseparable(from, to))
    };
    let next: Vec<Option<usize>> = (0..parts.len()).map(after).collect();
    let mut out = Vec::new();
    for (i, first) in parts.iter().enumerate() {
        // An option is read from its first piece on.
        if next.contains(&Some(i)) {
            continue;
        }
        let mut written = first.written.clone();
        let mut at = next.get(i).copied().flatten();
        while let Some(piece) = at.and_then(|j| parts.get(j)) {
            written = format!("{written}{between}{}", piece.written);
            at = at.and_then(|j| next.get(j).copied().flatten());
        }
        out.push(Value { folded: fold(&written), written, count: first.count });
    }
    out
}
