//! A dry run's findings as plain text, in columns, for 80 to 100 characters a line.

use std::fmt::{self, Display, Formatter, Write};

use super::{
    FileReport, GroupReport, NamedColumn, NumberRange, OptionCount, Place, QuestionReport, Survey, Unmatched,
    reason_words,
};

/// Characters a line should not pass.
const WIDTH: usize = 96;

impl Display for Survey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (rows, accepted, rejected) = (grouped(self.rows), grouped(self.accepted), grouped(self.rejected));
        writeln!(f, "{}: {rows} rows = {accepted} respondents + {rejected} rejected", self.name)?;
        section(f, "Files")?;
        self.files.iter().try_for_each(|file| write_file(f, file))?;
        whole_columns(f, self)?;
        section(f, "Questions")?;
        let id_width = width(self.questions.iter().map(|q| q.id.as_str()), 8, 32);
        let kind = "kind";
        writeln!(
            f,
            "  {:id_width$}  {kind:8}  {:>9}  {:>9}  {:>9}  {:>9}",
            "id", "shown", "answered", "skipped", "not shown"
        )?;
        self.questions.iter().try_for_each(|q| question(f, q, id_width))?;
        section(f, "Groups")?;
        self.groups.iter().try_for_each(|g| group(f, g))?;
        rejects(f, self)?;
        if !self.warnings.is_empty() {
            section(f, "Look at")?;
            self.warnings.iter().try_for_each(|w| wrapped(f, "  - ", "    ", w))?;
        }
        Ok(())
    }
}

fn section(f: &mut Formatter<'_>, title: &str) -> fmt::Result {
    writeln!(f, "\n{title}")
}

fn write_file(f: &mut Formatter<'_>, file: &FileReport) -> fmt::Result {
    let facts = &file.facts.file;
    let dialect = serde_json::to_string(&file.dialect).unwrap_or_default();
    let mut how = vec![dialect.trim_matches('"').replace('_', " ")];
    how.extend(facts.compression.map(String::from));
    how.extend(facts.sheet.as_ref().map(|s| format!("sheet \"{s}\"")));
    how.push(facts.encoding.to_string());
    how.extend(facts.delimiter.map(|d| if d == '\t' { "tab".to_string() } else { format!("\"{d}\"") }));
    wrapped(f, "  ", "  ", &facts.path.display().to_string())?;
    let rows = format!(
        "{}; instrument {}; {} rows, {} rejected, {} blank; {} undecodable bytes",
        how.join(", "),
        file.facts.source,
        grouped(file.facts.rows),
        grouped(file.facts.rejected),
        grouped(facts.blank_rows),
        grouped(facts.undecodable_bytes),
    );
    wrapped(f, "    ", "    ", &rows)?;
    let used = file.columns - file.unused.len();
    let unused: Vec<String> = file.unused.iter().take(8).map(|c| column(c, 24)).collect();
    let more = file.unused.len() - unused.len();
    let mut line = format!("{used} of {} columns are used", file.columns);
    if !unused.is_empty() {
        write!(line, "; not: {}", unused.join(", "))?;
    }
    if more > 0 {
        write!(line, " and {more} more")?;
    }
    wrapped(f, "    ", "    ", &line)
}

/// The respondent id and the weight.
fn whole_columns(f: &mut Formatter<'_>, survey: &Survey) -> fmt::Result {
    match survey.respondent_id.is_empty() {
        true => writeln!(f, "  respondent id: the row number")?,
        false => place(f, "  respondent id: ", &survey.respondent_id)?,
    }
    if let Some(weight) = &survey.weight {
        let range = weight.range.map(|r| format!(" ({})", spread(&r))).unwrap_or_default();
        place(f, &format!("  weight{range}: "), &weight.places)?;
    }
    Ok(())
}

fn question(f: &mut Formatter<'_>, q: &QuestionReport, id_width: usize) -> fmt::Result {
    writeln!(
        f,
        "  {:id_width$}  {:8}  {:>9}  {:>9}  {:>9}  {:>9}",
        clip(&q.id, id_width),
        q.kind,
        grouped(q.shown),
        grouped(q.answered),
        grouped(q.skipped),
        grouped(q.not_shown)
    )?;
    place(f, "    in ", &q.places)?;
    if let Some(mean) = q.mean_bytes {
        writeln!(f, "    {mean:.0} bytes an answer on average")?;
    }
    if let Some(range) = &q.range {
        writeln!(f, "    {}", spread(range))?;
    }
    counts(f, &q.options, q.answered)?;
    unmatched(f, &q.unmatched, "matched by nothing, taken as skipped")
}

fn group(f: &mut Formatter<'_>, g: &GroupReport) -> fmt::Result {
    let version = if g.version.is_empty() { String::new() } else { format!(" (version {})", g.version) };
    writeln!(f, "  {}{version}", g.id)?;
    if g.id != "instrument" {
        place(f, "    in ", &g.places)?;
    }
    let base: u64 = g.levels.iter().map(|l| l.count).sum();
    counts(f, &g.levels, base)?;
    if g.missing > 0 {
        writeln!(f, "    {} missing", grouped(g.missing))?;
    }
    if g.not_shown > 0 {
        writeln!(f, "    {} not shown", grouped(g.not_shown))?;
    }
    match &g.otherwise {
        Some(level) => unmatched(f, &g.unmatched, &format!("named by no level, taken as {level}")),
        None => unmatched(f, &g.unmatched, "named by no level, taken as missing"),
    }
}

/// Options or levels with their counts and shares.
fn counts(f: &mut Formatter<'_>, options: &[OptionCount], base: u64) -> fmt::Result {
    let label_width = width(options.iter().map(|o| o.label.as_str()), 12, 60);
    options.iter().try_for_each(|o| {
        let share = if base == 0 { 0.0 } else { o.count as f64 / base as f64 * 100.0 };
        let label = pad(&clip(&o.label, label_width), label_width);
        writeln!(f, "      {label}  {:>9}  {share:>5.1}%", grouped(o.count))
    })
}

fn unmatched(f: &mut Formatter<'_>, u: &Unmatched, how: &str) -> fmt::Result {
    if u.answers == 0 {
        return Ok(());
    }
    let answers = if u.answers == 1 { "answer" } else { "answers" };
    let mut line = format!("{} {answers} {how}: ", grouped(u.answers));
    let shown: Vec<String> =
        u.values.iter().take(20).map(|v| format!("\"{}\" {}", v.value, grouped(v.count))).collect();
    let rest: u64 = u.others + u.values.iter().skip(20).map(|v| v.count).sum::<u64>();
    line.push_str(&shown.join(", "));
    match (rest, shown.is_empty()) {
        (0, _) => {}
        (n, true) => write!(line, "{} with rare or long values, not shown", grouped(n))?,
        (n, false) => write!(line, " and {} with other values", grouped(n))?,
    }
    wrapped(f, "    ", "      ", &line)
}

fn rejects(f: &mut Formatter<'_>, survey: &Survey) -> fmt::Result {
    if survey.rejects.is_empty() {
        return Ok(());
    }
    section(f, "Rejected rows")?;
    survey.rejects.iter().try_for_each(|r| {
        let column = r.column.as_ref().map(|c| format!(" (column {c})")).unwrap_or_default();
        let line = format!(
            "{:>9}  {}{column}; first: {} line {}",
            grouped(r.count),
            reason_words(r.reason),
            r.first_file.display(),
            r.first_line
        );
        wrapped(f, "  ", "             ", &line)
    })
}

/// The columns of something: once if they are the same in every file, else file by file.
fn place(f: &mut Formatter<'_>, lead: &str, places: &[Place]) -> fmt::Result {
    let columns = |p: &Place| match p.columns.as_slice() {
        [] => "not asked".to_string(),
        [one] => format!("column {}", column(one, 120)),
        several => {
            let first = several.first().map(|c| clip(&c.name, 60)).unwrap_or_default();
            format!("columns {} ({first}, ...)", runs(several))
        }
    };
    let all: Vec<String> = places.iter().map(columns).collect();
    let indent = " ".repeat(6);
    match all.first() {
        Some(first) if all.iter().all(|c| c == first) => wrapped(f, lead, &indent, first),
        _ => places.iter().zip(all).try_for_each(|(p, columns)| {
            let name = p.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            wrapped(f, lead, &indent, &format!("{columns}, in {name}"))
        }),
    }
}

/// Positions, with neighbours as one run: "3, 7-9".
fn runs(columns: &[NamedColumn]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for c in columns {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == c.position => *last = c.position,
            _ => runs.push((c.position, c.position)),
        }
    }
    let one = |(a, b): &(usize, usize)| if a == b { a.to_string() } else { format!("{a}-{b}") };
    runs.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn column(c: &NamedColumn, most: usize) -> String {
    format!("{} \"{}\"", c.position, clip(&c.name, most))
}

fn spread(range: &NumberRange) -> String {
    format!("{} to {}, mean {:.2}", range.least, range.most, range.mean)
}

/// A number with commas between threes.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(d);
    }
    out
}

/// The widest text's characters, within bounds.
fn width<'a>(texts: impl Iterator<Item = &'a str>, least: usize, most: usize) -> usize {
    texts.map(|t| t.chars().count()).max().unwrap_or(0).clamp(least, most)
}

fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

fn clip(text: &str, most: usize) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if one_line.chars().count() <= most {
        return one_line;
    }
    let head: String = one_line.chars().take(most.saturating_sub(3)).collect();
    format!("{}...", head.trim_end())
}

/// Words over as many lines as they need.
fn wrapped(f: &mut Formatter<'_>, first: &str, next: &str, text: &str) -> fmt::Result {
    let mut line = first.to_string();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            writeln!(f, "{}", line.trim_end())?;
            line = next.to_string();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    writeln!(f, "{}", line.trim_end())
}
