//! The form in which two answers count as the same: case, white space, punctuation and the variants
//! of an emoji folded. Owns that form and its hash; it never sees raw text.

use std::hash::{DefaultHasher, Hasher};

use unicode_normalization::{UnicodeNormalization, is_nfkc_quick};

/// Puts the normal form of `text` into `out` (cleared first): lower-case words, single spaces.
///
/// Apostrophes vanish (`don't` is `dont`), other punctuation separates words, symbols and emoji
/// stand alone, a redaction (`[name]`) stays as it is. Text is compatibility-composed (Unicode
/// NFKC), so full-width and ligature letters fold too.
pub fn normalise(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        ascii(text, out);
    } else if is_nfkc_quick(text.chars()) == unicode_normalization::IsNormalized::Yes {
        unicode(text.chars(), text, out);
    } else {
        let composed: String = text.chars().map(keep_apostrophe).nfkc().collect();
        unicode(composed.chars(), &composed, out);
    }
}

/// A 64-bit hash of a normal form, the same on every run (SipHash-1-3 with fixed keys).
pub fn key(normal: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(normal.as_bytes());
    hasher.finish()
}

/// Whether a word of the normal form is a redaction such as `[name]`.
pub fn is_redaction(word: &str) -> bool {
    word.starts_with('[')
}

/// NFKC would turn a spacing acute accent, often typed for an apostrophe, into a space.
fn keep_apostrophe(c: char) -> char {
    if c == '\u{b4}' { '\'' } else { c }
}

fn ascii(text: &str, out: &mut String) {
    let mut gap = false;
    let mut skip = 0;
    for (i, b) in text.bytes().enumerate() {
        if i < skip {
            continue;
        }
        match b {
            b'a'..=b'z' | b'0'..=b'9' | b'A'..=b'Z' => {
                separate(&mut gap, out);
                out.push(char::from(b.to_ascii_lowercase()));
            }
            b'\'' | b'`' => {}
            b'[' => skip = redaction(&text[i..], out, &mut gap).map_or(0, |len| i + len),
            b'&' | b'+' | b'%' | b'$' | b'#' | b'@' | b'=' | b'<' | b'>' => {
                alone(char::from(b), out, &mut gap)
            }
            _ => gap = true,
        }
    }
}

fn unicode(chars: impl Iterator<Item = char>, text: &str, out: &mut String) {
    let mut gap = false;
    let (mut at, mut skip) = (0, 0);
    for c in chars {
        let here = at;
        at += c.len_utf8();
        if here < skip {
            continue;
        }
        match c {
            '[' => {
                let rest = text.get(here..).unwrap_or_default();
                skip = redaction(rest, out, &mut gap).map_or(0, |len| here + len);
            }
            '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{2bc}' => {}
            c if c.is_alphanumeric() => {
                separate(&mut gap, out);
                out.extend(c.to_lowercase());
            }
            c if is_mark(c) => out.push(c),
            c if is_invisible(c) => {}
            c if is_separator(c) => gap = true,
            c => alone(c, out, &mut gap),
        }
    }
}

/// Writes the space that is due.
fn separate(gap: &mut bool, out: &mut String) {
    if *gap && !out.is_empty() {
        out.push(' ');
    }
    *gap = false;
}

/// Writes a symbol as a word of its own.
fn alone(c: char, out: &mut String, gap: &mut bool) {
    *gap = true;
    separate(gap, out);
    out.push(c);
    *gap = true;
}

/// If `rest` starts with a redaction, writes it as a word and gives its length.
fn redaction(rest: &str, out: &mut String, gap: &mut bool) -> Option<usize> {
    *gap = true;
    let inner = rest.bytes().skip(1).take(24).take_while(|b| b.is_ascii_lowercase() || *b == b'_').count();
    if inner == 0 || rest.as_bytes().get(inner + 1) != Some(&b']') {
        return None;
    }
    separate(gap, out);
    out.push_str(rest.get(..inner + 2)?);
    *gap = true;
    Some(inner + 2)
}

/// Combining marks that belong to the letter before (Latin, Hebrew, Arabic, Indic vowel signs).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}'
        | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{981}'..='\u{983}' | '\u{9bc}'..='\u{9cd}'
        | '\u{a01}'..='\u{a03}' | '\u{a3c}'..='\u{a4d}')
}

/// Variation selectors, skin tones, joiners and direction marks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{e0000}'..='\u{e007f}')
}

fn is_separator(c: char) -> bool {
    let plain = c.is_ascii() && !matches!(c, '&' | '+' | '%' | '$' | '#' | '@' | '=' | '<' | '>');
    plain
        || c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}'
            | '\u{3008}'..='\u{3011}' | '\u{a1}' | '\u{ab}' | '\u{b7}' | '\u{bb}' | '\u{bf}'
            | '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{6d4}' | '\u{964}' | '\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let mut out = "left over".to_string();
        normalise(text, &mut out);
        assert_eq!(out, expect, "{text:?}");
    }

    #[test]
    fn spellings_of_the_same_answer_fold() {
        check("  Don't   know!! ", "dont know");
        check("DON\u{2019}T\u{a0}KNOW", "dont know");
        check("don\u{b4}t know\u{2026}", "dont know");
        check("n/a", "n a");
        check("\u{ff26}\u{ff4f}\u{ff4f}\u{ff44}", "food");
        check("cafe\u{301}", "caf\u{e9}");
        check("bullying,racism-and:drugs", "bullying racism and drugs");
        check("", "");
        check(" .. ! ", "");
    }

    #[test]
    fn symbols_and_emoji_stand_alone_in_one_variant() {
        check("\u{2764}\u{fe0f}", "\u{2764}");
        check("ok\u{1f44d}\u{1f3fd}\u{1f44d}", "ok \u{1f44d} \u{1f44d}");
        check("\u{1f469}\u{200d}\u{1f467}", "\u{1f469} \u{1f467}");
        check("<3 \u{a3}5 & more", "< 3 \u{a3} 5 & more");
        check("no\0thing", "no thing");
    }

    #[test]
    fn a_redaction_stays() {
        check("[name] Hits me at[school].", "[name] hits me at [school]");
        check("\u{1f622}[nhs_number]x", "\u{1f622} [nhs_number] x");
        check("[Not one] [] [a b]", "not one a b");
        check("[[name]", "[name]");
        assert!(is_redaction("[name]") && !is_redaction("name"));
    }

    #[test]
    fn other_scripts_keep_their_letters() {
        check("\u{0645}\u{062f}\u{0631}\u{0633}\u{0629}\u{061f}", "\u{0645}\u{062f}\u{0631}\u{0633}\u{0629}");
        check("Szko\u{142}a!", "szko\u{142}a");
        check("\u{0938}\u{094d}\u{0915}\u{0942}\u{0932}", "\u{0938}\u{094d}\u{0915}\u{0942}\u{0932}");
    }

    proptest::proptest! {
        #[test]
        fn ascii_and_unicode_agree_and_the_form_is_its_own(text in "[ -~]{0,40}") {
            let (mut a, mut b, mut c) = (String::new(), String::new(), String::new());
            normalise(&text, &mut a);
            unicode(text.chars(), &text, &mut b);
            proptest::prop_assert_eq!(&a, &b);
            normalise(&a, &mut c);
            proptest::prop_assert_eq!(&a, &c);
        }

        #[test]
        fn any_text_folds_to_trimmed_words(text in "\\PC{0,60}") {
            let mut out = String::new();
            normalise(&text, &mut out);
            proptest::prop_assert!(!out.starts_with(' ') && !out.ends_with(' ') && !out.contains("  "));
        }
    }
}
