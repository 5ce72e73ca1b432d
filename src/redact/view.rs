//! What the finders look at: the text with look-alikes, marks and widths folded away, and the way
//! back. Owns the mapping from folded bytes to bytes of the text that came in; it finds nothing.
//!
//! Folding is character by character, without context, so that the view of a text whose spans are
//! already replaced is the same whether they were replaced in the text or in the view.

use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::text::{IdentifierKind, Span};

/// A folded text. Offsets into it are bytes; every offset a finder reports is on a character.
#[derive(Debug, Default)]
pub struct View {
    /// Folded, with the case that was written.
    pub text: String,
    /// The same with ASCII letters in lower case, byte for byte as long.
    pub lower: String,
    /// Where view and source differ, in order; between two pieces they run side by side.
    pieces: Vec<Piece>,
    source_len: usize,
}

/// A stretch of the source that is not the same bytes in the view.
#[derive(Debug, Clone)]
struct Piece {
    view: Range<usize>,
    source: Range<usize>,
}

impl View {
    /// Folds `source`, with `[type]` in the place of each of `spans` (in order, not overlapping).
    pub fn new(source: &str, spans: &[Span]) -> Self {
        let mut view = View { source_len: source.len(), ..View::default() };
        if spans.is_empty() && source.is_ascii() {
            view.text = source.to_string();
        } else {
            view.text.reserve(source.len());
            let mut at = 0;
            for span in spans {
                view.fold(source, at..span.start);
                view.replace(span);
                at = span.end;
            }
            view.fold(source, at..source.len());
        }
        view.lower = view.text.to_ascii_lowercase();
        view
    }

    fn replace(&mut self, span: &Span) {
        let start = self.text.len();
        span.kind.push_token(&mut self.text);
        self.pieces.push(Piece { view: start..self.text.len(), source: span.start..span.end });
    }

    fn fold(&mut self, source: &str, range: Range<usize>) {
        let Some(part) = source.get(range.clone()) else { return };
        if part.is_ascii() {
            self.text.push_str(part);
            return;
        }
        for (i, c) in part.char_indices() {
            if c.is_ascii() {
                self.text.push(c);
                continue;
            }
            let start = self.text.len();
            fold_char(c, &mut self.text);
            let from = range.start + i;
            self.pieces.push(Piece { view: start..self.text.len(), source: from..from + c.len_utf8() });
        }
    }

    /// The source bytes of a view range: whole characters, with the marks and invisible characters
    /// that follow the last one.
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        let start = self.source_start(range.start);
        start..self.source_end(range.end).max(start)
    }

    fn source_start(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|p| p.view.start <= at);
        match next.checked_sub(1).and_then(|i| self.pieces.get(i)) {
            Some(p) if at < p.view.end => p.source.start,
            Some(p) => p.source.end + (at - p.view.end),
            None => at,
        }
    }

    fn source_end(&self, at: usize) -> usize {
        let Some(last) = at.checked_sub(1) else { return 0 };
        let mut next = self.pieces.partition_point(|p| p.view.start <= last);
        let mut end = match next.checked_sub(1).and_then(|i| self.pieces.get(i)) {
            Some(p) if last < p.view.end => p.source.end,
            Some(p) => p.source.end + (last - p.view.end) + 1,
            None => at,
        };
        while let Some(p) = self.pieces.get(next).filter(|p| p.view.is_empty() && p.source.start == end) {
            end = p.source.end;
            next += 1;
        }
        end.min(self.source_len)
    }

    /// Bytes of the lower-case text; empty where the range is not on characters.
    pub fn lower_at(&self, range: Range<usize>) -> &str {
        self.lower.get(range).unwrap_or_default()
    }

    /// Bytes of the folded text as written; empty where the range is not on characters.
    pub fn text_at(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// Whether the text holds a decimal digit.
    pub fn has_digit(&self) -> bool {
        self.text.bytes().any(|b| b.is_ascii_digit())
    }
}

/// The end of a `[type]` token that starts at byte `at` of `text`.
pub fn token_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix('[')?;
    let close = rest.bytes().take(24).position(|b| b == b']')?;
    IdentifierKind::from_id(rest.get(..close)?).map(|_| at + close + 2)
}

/// Appends what a reader takes `c` for: nothing for marks and invisible characters, plain letters
/// and digits for accented, full-width and look-alike ones, a blank for any blank.
fn fold_char(c: char, out: &mut String) {
    if is_invisible(c) {
        return;
    }
    if let Some(plain) = look_alike(c) {
        out.push_str(plain);
        return;
    }
    if let Some(digit) = digit_value(c) {
        out.push(char::from(b'0' + digit));
        return;
    }
    decompose_compatible(c, |d| {
        if d.is_ascii() {
            out.push(d);
        } else if d.is_whitespace() {
            out.push(' ');
        } else if let Some(plain) = look_alike(d) {
            out.push_str(plain);
        } else if !is_combining_mark(d) && !is_invisible(d) {
            out.push(d);
        }
    });
}

/// Format characters that are not seen: zero-width, direction, variation selectors, tags, fillers.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20ff}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Characters that a reader takes for ASCII and that do not decompose to it.
fn look_alike(c: char) -> Option<&'static str> {
    if let Some(letter) = look_alike_letter(c) {
        let i = usize::from(letter);
        return LETTERS.get(i..=i);
    }
    Some(match c {
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2bc}' | '\u{b4}' | '\u{ff07}' => "'",
        '\u{201c}'..='\u{201f}' | '\u{2033}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{2043}' => "-",
        '\u{3002}' | '\u{2024}' | '\u{ff61}' => ".",
        '\u{2044}' | '\u{2215}' => "/",
        '\u{3001}' => ",",
        '\u{2800}' | '\u{1680}' => " ",
        'Æ' | 'æ' => "ae",
        'Œ' | 'œ' => "oe",
        'ß' | 'ẞ' => "ss",
        'Þ' | 'þ' => "th",
        _ => return None,
    })
}

/// ASCII, to slice single letters from.
const LETTERS: &str = "\0\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\t\n\u{b}\u{c}\r\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f} !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\u{7f}";

/// The Latin letter that a Cyrillic, Greek, small-capital, struck or enclosed letter looks like.
fn look_alike_letter(c: char) -> Option<u8> {
    const FROM: &str =
        "АВЕЅІЈКМНОРСТУХаеѕіјкорсухӏԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαιρυνκØøŁłĐđÐðĦħıŦŧƀɓɗɡɩᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ";
    const TO: &[u8] =
        b"ABESIJKMHOPCTYXaesijkopcyxldqwABEZHIKMNOPTYXoaipuvkOoLlDdDdHhiTtbbdgiabcdeghijklmnoprtuvwyz";
    if let n @ (0x1f150..=0x1f169 | 0x1f170..=0x1f189) = c as u32 {
        return u8::try_from((n - 0x1f150) % 0x20).ok().map(|n| b'A' + n);
    }
    if c < 'Ð' {
        return None;
    }
    FROM.chars().position(|f| f == c).and_then(|i| TO.get(i)).copied()
}

/// The value of a decimal digit of another script, or of a circled or solid digit.
fn digit_value(c: char) -> Option<u8> {
    const ZEROS: [u32; 22] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0,
        0xf20, 0x1040, 0x17e0, 0x1810, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7e2,
    ];
    let n = c as u32;
    if let 0x2776..=0x277e | 0x2780..=0x2788 | 0x278a..=0x2792 = n {
        return u8::try_from((n - 0x2776) % 10 + 1).ok();
    }
    if c == '\u{24ff}' {
        return Some(0);
    }
    ZEROS.iter().find(|z| (**z..**z + 10).contains(&n)).and_then(|z| u8::try_from(n - z).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(source: &str) -> String {
        View::new(source, &[]).text
    }

    #[test]
    fn what_looks_alike_is_alike() {
        assert_eq!(folded("０７７００\u{a0}９００１２３"), "07700 900123");
        assert_eq!(folded("Zoe\u{301} Zoë ZOÉ"), "Zoe Zoe ZOE");
        assert_eq!(folded("j\u{200b}a\u{ad}ck"), "jack");
        assert_eq!(folded("Łukasz Ørsted Æsir"), "Lukasz Orsted aesir");
        assert_eq!(folded("ЅW1А 1АА"), "SW1A 1AA");
        assert_eq!(folded("0️⃣7️⃣ ❼ ٧ ⓪"), "07 7 7 0");
        assert_eq!(folded("O’Brien – x"), "O'Brien - x");
        assert_eq!(folded("🅰🅱 𝐉𝐚𝐜𝐤"), "AB Jack");
    }

    #[test]
    fn tables_are_of_one_length() {
        for c in "АВЕЅІЈКМНОРСТУХаеѕіјкорсухӏԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαιρυνκØøŁłĐđÐðĦħıŦŧƀɓɗɡɩᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ"
            .chars()
        {
            assert!(look_alike_letter(c).is_some(), "{c}");
        }
        assert_eq!(look_alike_letter('ᴢ'), Some(b'z'));
        assert_eq!(look_alike_letter('ø'), Some(b'o'));
        assert_eq!(LETTERS.len(), 128);
        assert!(LETTERS.bytes().enumerate().all(|(i, b)| i == usize::from(b)));
    }

    #[test]
    fn the_way_back_takes_whole_characters_and_their_marks() {
        let source = "hi Zoe\u{301}, ½ ok";
        let view = View::new(source, &[]);
        assert_eq!(&source[view.source(3..6)], "Zoe\u{301}");
        let half = view.text.find('1').unwrap();
        assert_eq!(&source[view.source(half..half + 1)], "½");
        assert_eq!(view.source(view.text.len()..view.text.len()), source.len()..source.len());
    }

    #[test]
    fn a_replaced_span_is_seen_as_its_token() {
        let source = "é jack ü";
        let spans = [Span { kind: IdentifierKind::Name, start: 3, end: 7 }];
        let view = View::new(source, &spans);
        assert_eq!(view.text, "e [name] u");
        assert_eq!(view.source(2..8), 3..7);
        assert_eq!(view.source(4..5), 3..7);
        assert_eq!(token_end(&view.text, 2), Some(8));
        assert_eq!(token_end("[names]", 0), None);
    }

    proptest! {
        #[test]
        fn every_range_maps_to_whole_characters(source in "\\PC{0,40}", a in 0usize..60, b in 0usize..60) {
            let view = View::new(&source, &[]);
            let (a, b) = (a.min(view.text.len()), b.min(view.text.len()));
            let back = view.source(a.min(b)..a.max(b));
            prop_assert!(source.get(back).is_some());
        }
    }
}
