//! The language of an answer. Owns when there is enough text to tell; it changes no text.
//!
//! Most answers are English, short and misspelt, and a detector of letter triples takes those for
//! anything. Common English words are therefore looked at first (and are fast), and another
//! language is named only where the text is long enough and has next to none of them.

use whatlang::Lang;

use super::normalise::is_redaction;
use super::words::{is_english, is_known};

/// Fewer letters than this say nothing about the language.
const SHORT: usize = 10;
/// Fewer letters than this in Latin script are English or not known.
const LONG: usize = 40;
/// Without one English word among this many, a likely language is enough.
const MANY: usize = 8;
/// Likely: the detector's confidence (its own limit for reliable is 0.9).
const LIKELY: f64 = 0.3;
/// No more of a text than this is looked at, in bytes.
const ENOUGH: usize = 2048;
/// Words seen before an early decision for English.
const EARLY: usize = 6;

/// The ISO 639-3 code of a text in [normal form](super::normalise), or `None` where there is too
/// little to tell.
pub fn language(normal: &str) -> Option<&'static str> {
    let sample = cut(normal);
    let (mut words, mut english, mut known, mut letters) = (0, 0, 0, 0);
    for word in sample.split(' ').filter(|w| !w.is_empty() && !is_redaction(w)) {
        let length = if word.is_ascii() { word.len() } else { word.chars().count() };
        letters += length;
        words += 1;
        let of_english = is_english(word);
        english += usize::from(of_english);
        known += usize::from(of_english || is_known(word));
        if words >= EARLY && english * 3 >= words {
            return Some(Lang::Eng.code());
        }
    }
    if letters < SHORT {
        return short(sample);
    }
    if english >= 2 && english * 4 >= words || english >= 1 && (english * 3 >= words || known * 2 >= words) {
        return Some(Lang::Eng.code());
    }
    by_letters(sample, letters, words, english)
}

/// A few letters of a script that one language has are enough.
fn short(sample: &str) -> Option<&'static str> {
    if sample.is_ascii() || sample.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count() < 4 {
        return None;
    }
    match whatlang::detect_script(sample)? {
        whatlang::Script::Latin | whatlang::Script::Cyrillic | whatlang::Script::Arabic => None,
        _ => whatlang::detect(sample).filter(whatlang::Info::is_reliable).map(|found| found.lang().code()),
    }
}

/// By letter triples, for what the words did not decide.
fn by_letters(sample: &str, letters: usize, words: usize, english: usize) -> Option<&'static str> {
    let latin = sample.is_ascii() || whatlang::detect_script(sample) == Some(whatlang::Script::Latin);
    if latin && (letters < LONG || words < 5) {
        return None;
    }
    let plain;
    let sample = if sample.contains('[') {
        plain = sample.split(' ').filter(|w| !is_redaction(w)).collect::<Vec<_>>().join(" ");
        &plain
    } else {
        sample
    };
    let found = whatlang::detect(sample)?;
    let sure = found.is_reliable() || english == 0 && words >= MANY && found.confidence() > LIKELY;
    match found.lang() {
        Lang::Eng => Some(Lang::Eng.code()),
        other => (sure && (!latin || english * 10 <= words)).then(|| other.code()),
    }
}

/// The first [`ENOUGH`] bytes, at a character's edge.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(ENOUGH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::normalise::normalise;

    fn of(text: &str) -> Option<&'static str> {
        let mut normal = String::new();
        normalise(text, &mut normal);
        language(&normal)
    }

    #[test]
    fn english_with_all_its_misspellings() {
        for text in [
            "I want my mum to have more time at home with us because she works all the time",
            "i fink skool shud be mor fun and les wrk becus its borin",
            "wen i go to skool i fel sad and skard of the big kids",
            "more parks and places to go",
            "bullying should stop it makes people feel sad",
            "[name] hits me at [school] and nobody listens",
            "i wont to go swimin wiv my frends",
            "less homework please",
        ] {
            assert_eq!(of(text), Some("eng"), "{text}");
        }
    }

    #[test]
    fn other_languages_where_there_is_enough_of_them() {
        for (text, code) in [
            (
                "Chcia\u{142}bym mie\u{107} wi\u{119}cej czasu z rodzin\u{105} i mniej pracy domowej w szkole",
                "pol",
            ),
            (
                "Quisiera que mis padres tuvieran m\u{e1}s tiempo para estar conmigo despu\u{e9}s de la escuela",
                "spa",
            ),
            (
                "Je voudrais que les professeurs nous \u{e9}coutent et que la cantine soit moins ch\u{e8}re pour tout le monde",
                "fra",
            ),
            (
                "Ich m\u{f6}chte, dass meine Eltern mehr Zeit f\u{fc}r mich haben und dass die Schule sp\u{e4}ter beginnt",
                "deu",
            ),
            ("Ik wil dat mijn ouders meer tijd voor mij hebben en dat de school later begint", "nld"),
            (
                "\u{0628}\u{062f}\u{064a} \u{0623}\u{0631}\u{062c}\u{0639} \u{0639}\u{0644}\u{0649} \u{0627}\u{0644}\u{0645}\u{062f}\u{0631}\u{0633}\u{0629} \u{0645}\u{0639} \u{0623}\u{0635}\u{062d}\u{0627}\u{0628}\u{064a} \u{0648}\u{0623}\u{0644}\u{0639}\u{0628} \u{0643}\u{0631}\u{0629} \u{0627}\u{0644}\u{0642}\u{062f}\u{0645}",
                "ara",
            ),
            (
                "\u{6211}\u{5e0c}\u{671b}\u{5b66}\u{6821}\u{6709}\u{66f4}\u{591a}\u{7684}\u{65f6}\u{95f4}\u{73a9}",
                "cmn",
            ),
        ] {
            assert_eq!(of(text), Some(code), "{text}");
        }
    }

    #[test]
    fn too_little_to_tell() {
        for text in [
            "",
            "football",
            "pizza",
            "no se",
            "ok",
            "des amis",
            "stopp bulying an racizm plez",
            "123 456 789 012",
            "[name]",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn long_texts_end_quickly() {
        assert_eq!(of(&"this is what they said ".repeat(50_000)), Some("eng"));
        of(&"\u{5b66}".repeat(400_000));
        of(&"x".repeat(1_000_000));
    }
}
