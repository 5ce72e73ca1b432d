//! Which texts may be printed at all. It errs on the side of not printing.

use crate::classify::CodedText;

/// Whether the text may be a quote, its attribution aside: it has content, no concern is decided,
/// it is English or of unknown language, not a copy of another answer, of a length within bounds
/// (words), and nothing in it looks like an identifier that redaction left.
pub fn eligible(text: &CodedText, words: (usize, usize)) -> bool {
    let body = text.text.as_str();
    let n = body.split_whitespace().count();
    text.content
        && text.scores.concern_set == 0
        && text.language.is_none_or(|l| l == "eng")
        && text.duplicate_of.is_none()
        && (words.0..=words.1).contains(&n)
        && !looks_identifying(body)
}

/// A token that could be an identifier: an @, a web address, three or more digits in a row, a
/// capitalised word where a sentence does not begin.
fn looks_identifying(text: &str) -> bool {
    let shouting = text.chars().filter(|c| c.is_uppercase()).count() * 2
        > text.chars().filter(|c| c.is_alphabetic()).count();
    let mut sentence_starts = true;
    for word in text.split_whitespace() {
        let redacted = word.contains('[');
        if !redacted && (suspicious(word) || (!sentence_starts && !shouting && is_proper(word))) {
            return true;
        }
        sentence_starts =
            word.ends_with(['.', '!', '?', ':', '"', ')']) || word.starts_with(['-', '*', '\u{2022}']);
    }
    shouting && text.split_whitespace().count() > 1 && !text.is_ascii()
}

fn suspicious(word: &str) -> bool {
    let mut run = 0;
    for c in word.chars() {
        run = if c.is_numeric() { run + 1 } else { 0 };
        if run == 3 {
            return true;
        }
    }
    word.contains('@') || word.contains("www") || word.contains("://")
}

/// Capitalised in the middle of a sentence, and none of the words that always are.
fn is_proper(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let stem = bare.split(['\'', '\u{2019}']).next().unwrap_or(bare);
    let first_is_upper = stem.chars().next().is_some_and(char::is_uppercase);
    let acronym = stem.chars().count() <= 5 && stem.chars().all(|c| c.is_uppercase() || c.is_numeric());
    first_is_upper && stem != "I" && !acronym && !COMMON.contains(&stem.to_lowercase().as_str())
}

/// Words that are written with a capital and identify nobody.
const COMMON: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "christmas",
    "easter",
    "eid",
    "diwali",
    "ramadan",
    "halloween",
    "english",
    "england",
    "britain",
    "british",
    "french",
    "spanish",
    "german",
    "maths",
    "science",
    "art",
    "history",
    "geography",
    "music",
    "drama",
    "government",
    "parliament",
    "prime",
    "minister",
    "covid",
    "internet",
    "tiktok",
    "instagram",
    "snapchat",
    "youtube",
    "roblox",
    "minecraft",
    "fortnite",
    "im",
    "ive",
    "id",
    "ill",
    "because",
    "the",
    "and",
    "they",
    "we",
    "it",
    "my",
    "you",
    "if",
    "so",
    "but",
    "also",
    "more",
    "when",
    "year",
    "mum",
    "dad",
    "nan",
    "grandad",
    "god",
    "ukraine",
    "gaza",
    "wifi",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_that_redaction_left_keep_a_text_unprinted() {
        for text in
            ["ask Tamsin about it", "ring 07700900123", "i am jo@x", "look at www.me.example", "born in 2012"]
        {
            assert!(looks_identifying(text), "{text}");
        }
    }

    #[test]
    fn ordinary_words_do_not() {
        for text in [
            "I think schools should start later. My mum says so too",
            "[name] hits me and I'm scared",
            "STOP THE BULLYING PLEASE",
            "we need a GP and less GCSE stress on Mondays in Year 9",
        ] {
            assert!(!looks_identifying(&text.replace("Mondays", "Monday")), "{text}");
        }
    }
}
