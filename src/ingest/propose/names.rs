//! Ids and quoting: names that pipeline.toml accepts, and any text as a TOML string or comment.

use crate::config::{is_reserved, slug};

/// Most characters of an id.
const LONGEST: usize = 32;

/// An id of plain letters made from a label, not among those taken; `fallback` where the label has none.
pub(super) fn free(label: &str, fallback: &str, taken: &[String]) -> String {
    let plain: String = label.chars().map(|c| if c.is_ascii() { c } else { plain_letter(c) }).collect();
    let mut base = slug(&plain);
    if base.len() > LONGEST {
        let cut = base.get(..LONGEST).unwrap_or(&base);
        base = cut.rsplit_once('_').map_or(cut, |(words, _)| words).to_string();
    }
    if base.is_empty() {
        base = fallback.to_string();
    }
    if base.starts_with(|c: char| c.is_ascii_digit()) {
        base = format!("{}_{base}", fallback.chars().take(1).collect::<String>());
    }
    if base.starts_with("theme_") || base.starts_with("concern_") {
        base = format!("q_{base}");
    }
    let mut id = base.clone();
    let mut n = 2;
    while is_reserved(&id) || taken.contains(&id) {
        id = format!("{base}_{n}");
        n += 1;
    }
    id
}

/// A letter without its accent, or a space.
fn plain_letter(c: char) -> char {
    use unicode_normalization::UnicodeNormalization;
    match c {
        '\u{2019}' | '\u{2018}' => '\'',
        c => c.nfd().next().filter(char::is_ascii_alphanumeric).unwrap_or(' '),
    }
}

/// A TOML basic string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A list of TOML strings.
pub(super) fn list<'a>(items: impl IntoIterator<Item = &'a String>) -> String {
    let items: Vec<String> = items.into_iter().map(|i| quoted(i)).collect();
    format!("[{}]", items.join(", "))
}

/// A text on one line of a comment, cut at `most` characters.
pub(super) fn comment(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let line = words.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let head: String = line.chars().take(most.saturating_sub(3)).collect();
    format!("{}...", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_free_and_short() {
        let taken = ["home".to_string()];
        for (label, id) in [
            ("Home", "home_2"),
            ("I feel safe at home, at school and everywhere else", "i_feel_safe_at_home_at_school"),
            ("Caf\u{e9} \u{1d400}", "cafe"),
            ("\u{4f60}\u{597d}", "q"),
            ("", "q"),
            ("5 stars", "q_5_stars"),
            ("Count", "count_2"),
            ("theme_x", "q_theme_x"),
        ] {
            assert_eq!(free(label, "q", &taken), id, "{label}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_toml_string(text in "\\PC*|[\\x00-\\x20\\x7f\"\\\\]*") {
            let document = format!("# {}\nx = {}\n", comment(&text, 80), quoted(&text));
            let table: toml::Table = document.parse().unwrap();
            proptest::prop_assert_eq!(table.get("x").and_then(|v| v.as_str()), Some(text.as_str()));
        }

        #[test]
        fn any_label_gives_an_id_that_is_accepted(label in "\\PC*") {
            let id = free(&label, "q", &[]);
            let config = format!("[[question]]\nid = \"{id}\"\nkind = \"text\"\ncolumn = 1\n");
            proptest::prop_assert!(crate::config::parse(&config, "test").is_ok(), "{}", id);
        }
    }
}
