//! pipeline.toml -> a validated [`Plan`], or every problem at once. Owns the meaning of the
//! configuration; it opens no file but pipeline.toml itself.

mod plan;
mod problems;
mod raw;
mod resolve;
mod resolve_items;
mod resolve_sources;

use std::path::Path;

pub use plan::*;
pub use resolve_items::is_reserved;

use crate::error::{Error, Result};
use problems::Problems;

/// The embedded default, fully commented: the documentation of every key.
pub const DEFAULT_TOML: &str = include_str!("../pipeline.toml");

/// Reads and validates a pipeline.toml.
///
/// # Errors
/// `Environment` if the file cannot be read; `Config` with every problem found.
pub fn load(path: &Path) -> Result<Plan> {
    let bytes = std::fs::read(path).map_err(|e| Error::io("read the configuration", path, &e))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::config(
            "is not UTF-8 text",
            path.display().to_string(),
            "Save it as UTF-8; TOML files always are.",
        )
    })?;
    parse(text.strip_prefix('\u{feff}').unwrap_or(&text), &path.display().to_string())
}

/// Validates the text of a pipeline.toml; `name` is what messages call it.
///
/// # Errors
/// `Config` with every problem found.
pub fn parse(text: &str, name: &str) -> Result<Plan> {
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| syntax_error(text, name, &e))?;
    let mut problems = Problems::new(name);
    let plan = resolve::plan(table, &mut problems);
    problems.into_result(plan)
}

/// TOML's own message with the line, but not the line's text: it may hold survey values.
fn syntax_error(text: &str, name: &str, e: &toml::de::Error) -> Error {
    let line = e.span().map(|s| text[..s.start.min(text.len())].matches('\n').count() + 1);
    let place = line.map_or(name.to_string(), |l| format!("{name}, line {l}"));
    Error::config(
        format!("is not valid TOML: {}", e.message()),
        place,
        "Quote texts with \"...\"; put [[question]] and [[group]] sections on lines of their own.",
    )
}

/// A value as it is compared: trimmed, inner white space to one space, lower case, straight quotes.
///
/// Non-breaking spaces count as white space.
pub fn fold(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    fold_into(value, &mut out);
    out
}

/// [`fold`] into a buffer, which is cleared first: for loops over cells.
pub fn fold_into(value: &str, out: &mut String) {
    out.clear();
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let mut gap = false;
    for c in value.chars() {
        if blank(c) {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        match c {
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            '\u{2018}' | '\u{2019}' => out.push('\''),
            '\u{201c}' | '\u{201d}' => out.push('"'),
            '\u{2013}' | '\u{2014}' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
}

/// A short name made from a label: lower case letters, digits and `_`.
pub fn slug(label: &str) -> String {
    let mut out = String::new();
    for c in label.to_lowercase().replace(['\'', '\u{2019}'], "").chars() {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    let out = out.trim_end_matches('_');
    out.chars().take(40).collect::<String>().trim_end_matches('_').to_string()
}

/// The known word nearest to `word`, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|k| (strsim::jaro_winkler(&word, &k.to_lowercase()), k))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fold_compares_as_people_read() {
        assert_eq!(fold("  I don\u{2019}t\u{a0} KNOW \n"), "i don't know");
        assert_eq!(fold("9\u{2013}12"), "9-12");
    }

    #[test]
    fn slug_is_short_and_plain() {
        assert_eq!(slug("Children's home / hostel"), "childrens_home_hostel");
        assert_eq!(slug("  "), "");
    }

    #[test]
    fn the_default_is_valid_and_says_every_key() {
        let plan = parse(DEFAULT_TOML, "default").expect("the embedded default is valid");
        assert_eq!(plan.disclosure.threshold, 10);
        for (table, keys) in resolve::all_keys() {
            for key in keys {
                assert!(DEFAULT_TOML.contains(&format!("{key} =")), "[{table}] {key} is not in default.toml");
            }
        }
    }
}
