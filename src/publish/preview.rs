//! A glance at the released breakdown for the terminal: the measures of one question, for everyone
//! and for the levels of one group.

use crate::protect::{Breakdown, Released};
use crate::tabulate::{Coordinate, MeasureKind, Status};

/// Most levels shown beside the total.
const MOST_LEVELS: usize = 6;

/// Most characters of a measure and of a level.
const WIDEST: (usize, usize) = (44, 18);

/// The first `rows` measures of the first text question (themes, the most frequent first) or else of
/// the first closed one (options, in order), in percent, by everyone and the levels of the first
/// group, as an aligned table with `[c]` and `[u]`. Empty where nothing was tabulated.
pub fn preview(b: &Released<Breakdown>, rows: usize) -> String {
    let Some((question, mut measures)) = measures(b) else { return String::new() };
    let cells = cells(b);
    if measures.first().is_some_and(|&m| kind(b, m) == Some(MeasureKind::Theme)) {
        let percent = |m: usize| b.row(m, 0).and_then(|r| r.figures.percent).unwrap_or(-1.0);
        measures.sort_by(|&x, &y| percent(y).total_cmp(&percent(x)).then(x.cmp(&y)));
    }
    let first = ["".to_string()].into_iter().chain(cells.iter().map(|(_, label)| label.clone()));
    let mut table = vec![first.collect::<Vec<_>>(), bases(b, &measures, &cells)];
    for &m in measures.iter().take(rows) {
        let label = b.measures.get(m).map_or("", |m| &m.label);
        let numbers = cells.iter().map(|&(cell, _)| number(b, m, cell));
        table.push([cut(label, WIDEST.0)].into_iter().chain(numbers).collect());
    }
    let group = b.dimensions.first().map_or(String::new(), |d| format!(", by {}", d.label.to_lowercase()));
    let left = measures.len().saturating_sub(rows);
    let more = if left > 0 { format!("({left} more)\n") } else { String::new() };
    format!("{question}{group}: per cent of children\n{}{more}{}", aligned(&table), legend(&table, b))
}

fn kind(b: &Breakdown, measure: usize) -> Option<MeasureKind> {
    b.measures.get(measure).map(|m| m.kind)
}

/// The question to show and its themes or options.
fn measures(b: &Breakdown) -> Option<(&str, Vec<usize>)> {
    [MeasureKind::Theme, MeasureKind::Option].into_iter().find_map(|wanted| {
        let question = &b.measures.iter().find(|m| m.kind == wanted)?.question_id;
        let of_it =
            |m: &usize| b.measures.get(*m).is_some_and(|m| m.kind == wanted && &m.question_id == question);
        Some((question.as_str(), (0..b.measures.len()).filter(of_it).collect()))
    })
}

/// Everyone, then the levels of the first group: index and label.
fn cells(b: &Breakdown) -> Vec<(usize, String)> {
    let label = |at: &[Coordinate]| match at.split_first() {
        None => Some("All".to_string()),
        Some((_, others)) if others.iter().any(|c| *c != Coordinate::Total) => None,
        Some((Coordinate::Total, _)) => Some("All".to_string()),
        Some((Coordinate::Level(l), _)) => {
            let level = b.dimensions.first()?.levels.get(usize::from(*l))?;
            Some(cut(&level.1, WIDEST.1))
        }
        Some((Coordinate::Missing, _)) => None,
    };
    let all = b.cells.iter().enumerate().filter_map(|(i, cell)| Some((i, label(&cell.0)?)));
    all.take(MOST_LEVELS + 1).collect()
}

fn bases(b: &Breakdown, measures: &[usize], cells: &[(usize, String)]) -> Vec<String> {
    let base = |cell: usize| {
        let shown = measures.iter().filter_map(|&m| b.row(m, cell)?.figures.base).max();
        shown.map_or("[c]".to_string(), thousands)
    };
    ["Children who answered".to_string()]
        .into_iter()
        .chain(cells.iter().map(|(cell, _)| base(*cell)))
        .collect()
}

fn number(b: &Breakdown, measure: usize, cell: usize) -> String {
    let Some(row) = b.row(measure, cell) else { return String::new() };
    let decimals = row.figures.base.map_or(0, |n| b.policy.decimals(n)).unsigned_abs() as usize;
    let percent = row.figures.percent.map_or(String::new(), |p| format!("{p:.decimals$}%"));
    match row.status {
        Status::Plain => percent,
        Status::Unreliable => format!("{percent} [u]"),
        Status::Suppressed | Status::NotApplicable => format!("[{}]", row.status.id()),
    }
}

fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn cut(text: &str, most: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// First column to the left, the others to the right, two spaces between.
fn aligned(table: &[Vec<String>]) -> String {
    let columns = table.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |c: usize| table.iter().filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in table {
        let cells = row.iter().zip(&widths).enumerate();
        let padded: Vec<String> = cells
            .map(|(i, (text, &w))| if i == 0 { format!("{text:<w$}") } else { format!("{text:>w$}") })
            .collect();
        out.push_str(padded.join("  ").trim_end());
        out.push('\n');
    }
    out
}

fn legend(table: &[Vec<String>], b: &Breakdown) -> String {
    let has = |mark: &str| table.iter().flatten().any(|cell| cell.ends_with(mark));
    let mut out = String::new();
    if has("[c]") {
        out.push_str("[c] suppressed, so that no child's answer can be worked out\n");
    }
    if has("[u]") {
        out.push_str(&format!("[u] unreliable: fewer than {} children\n", b.policy.small_base));
    }
    if has("[z]") {
        out.push_str("[z] not applicable: nobody answered\n");
    }
    out
}
