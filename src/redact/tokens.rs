//! A view cut into words, with what each is and what stands between. Owns tokens, sentence starts
//! and whether capitals mean anything in a text; it decides nothing about names.

mod marks;

use std::borrow::Cow;
use std::ops::Range;

use super::lexicon::{Class, LEXICON, Lexicon};
use super::view::{View, token_end};
use marks::{gap, shape};

/// A word, a number, or a `[type]` that is already there.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// First byte in the view.
    pub start: usize,
    /// One past the last byte, without a possessive `'s`.
    pub end: usize,
    /// One past the last byte, with the possessive.
    pub tail: usize,
    /// What the word is.
    pub class: Class,
    /// How it is written.
    pub shape: Shape,
    /// What stands before it.
    pub gap: Gap,
}

/// How a token is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Letters, the first one small.
    Lower,
    /// Letters, the first one a capital and not all of them.
    Title,
    /// Letters, all capitals, two or more.
    Upper,
    /// One capital letter.
    Initial,
    /// Digits alone.
    Number,
    /// Letters and digits.
    Mixed,
    /// A `[type]` that is already there.
    Mask,
}

/// What stands between two tokens; where there is more, the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nothing.
    Joined,
    /// Blanks.
    Space,
    /// One hyphen.
    Hyphen,
    /// Some other sign.
    Other,
    /// `&`, `+`, `/`.
    And,
    /// A comma.
    Comma,
    /// A dash with blanks.
    Dash,
    /// A quotation mark or bracket.
    Open,
    /// A colon or an equals sign.
    Colon,
    /// One full stop.
    Dot,
    /// The end of a sentence or line, or an emoji.
    Break,
    /// The start of the text.
    Start,
}

/// A view and its tokens.
pub struct Doc {
    /// The folded text.
    pub view: View,
    /// Its tokens, in order.
    pub tokens: Vec<Token>,
    /// Whether a capital in the middle of a sentence says anything in this text.
    pub capitals_tell: bool,
    /// All classes of all tokens.
    classes: Class,
}

impl Doc {
    /// Tokens with their classes.
    pub fn new(view: View) -> Self {
        let lexicon: &Lexicon = &LEXICON;
        let mut doc = Doc::bare(view);
        for i in 0..doc.tokens.len() {
            doc.classify(i, lexicon);
        }
        doc.mark_phrases(lexicon);
        doc.classes = doc.tokens.iter().fold(Class::NONE, |all, t| all | t.class);
        doc.capitals_tell = doc.judge_capitals();
        doc
    }

    /// Tokens without classes.
    pub fn bare(view: View) -> Self {
        let tokens = tokenise(&view);
        Doc { view, tokens, capitals_tell: false, classes: Class::NONE }
    }

    fn classify(&mut self, i: usize, lexicon: &Lexicon) {
        let Some(&token) = self.tokens.get(i) else { return };
        if matches!(token.shape, Shape::Mask | Shape::Number) {
            return;
        }
        let Some(key) = self.key(i) else { return };
        let mut class = lexicon.class(&key);
        let mut end = token.end;
        if token.tail > token.end && lexicon.class(&format!("{key}s")).is(Class::PHRASE) {
            class |= Class::PHRASE;
        }
        if token.shape != Shape::Mixed && class.is_unknown() {
            if lexicon.derives_from_common(&key) || is_noise(&key) {
                class |= Class::COMMON;
            } else if let Some(base) = key.strip_suffix('s').filter(|_| token.end == token.tail)
                && lexicon.class(base).is(Class::GIVEN)
            {
                class = lexicon.class(base);
                end -= 1;
            }
        }
        if let Some(t) = self.tokens.get_mut(i) {
            t.class = class;
            t.end = end;
        }
    }

    fn mark_phrases(&mut self, lexicon: &Lexicon) {
        let mut i = 0;
        while i < self.tokens.len() {
            let found = if self.is(i, Class::PHRASE) { lexicon.phrases.longest(self, i) } else { None };
            let Some((len, class)) = found else {
                i += 1;
                continue;
            };
            let mark = match () {
                () if class.is(Class::KEEP) => Class::IN_KEEP,
                () if class.is(Class::PLACE) => Class::IN_PLACE,
                () => Class::NONE,
            };
            self.tokens.iter_mut().skip(i).take(len).for_each(|t| t.class |= mark);
            i += len;
        }
    }

    /// Capitals tell nothing where words that need none have them, or all letters are capitals. A row
    /// of capitals may be a name, so it counts only where there is little else.
    fn judge_capitals(&self) -> bool {
        let (mut plain, mut alone, mut titles, mut shouted) = (0, 0, 0, 0);
        for (i, t) in self.tokens.iter().enumerate() {
            match t.shape {
                Shape::Upper => shouted += 1,
                Shape::Lower => plain += 1,
                Shape::Title if self.needs_no_capital(i) => {
                    let row = self.shape(i + 1) == Shape::Title
                        || i.checked_sub(1).is_some_and(|p| self.shape(p) == Shape::Title);
                    titles += 1;
                    alone += usize::from(!row);
                }
                _ => {}
            }
        }
        alone * 4 <= plain + 1 && titles <= plain + 3 && shouted * 2 <= plain + 2
    }

    /// An everyday word in the middle of a sentence.
    fn needs_no_capital(&self, i: usize) -> bool {
        let named = Class::KEEP | Class::IN_KEEP | Class::ANY_GIVEN | Class::TITLE | Class::MISS | Class::KIN;
        self.is(i, Class::COMMON | Class::FUNCTION)
            && !self.is(i, named)
            && !self.before(i, Class::TITLE | Class::MISS | Class::KIN)
            && !self.starts_sentence(i)
    }

    /// Whether any token is any of `class`.
    pub fn has(&self, class: Class) -> bool {
        self.classes.is(class)
    }

    /// The token at `i`.
    pub fn token(&self, i: usize) -> Option<&Token> {
        self.tokens.get(i)
    }

    /// What the token at `i` is; nothing past the end.
    pub fn class(&self, i: usize) -> Class {
        self.tokens.get(i).map_or(Class::NONE, |t| t.class)
    }

    /// Whether there is a token at `i` and it is any of `class`.
    pub fn is(&self, i: usize, class: Class) -> bool {
        self.class(i).is(class)
    }

    /// Whether the token before `i` is any of `class`.
    pub fn before(&self, i: usize, class: Class) -> bool {
        i.checked_sub(1).is_some_and(|p| self.is(p, class))
    }

    /// The gap before token `i`; past the end, the end is a break.
    pub fn gap(&self, i: usize) -> Gap {
        self.tokens.get(i).map_or(Gap::Break, |t| t.gap)
    }

    /// The shape of token `i`; past the end, a number's.
    pub fn shape(&self, i: usize) -> Shape {
        self.tokens.get(i).map_or(Shape::Number, |t| t.shape)
    }

    /// Whether token `i` is a word of letters.
    pub fn is_word(&self, i: usize) -> bool {
        matches!(self.shape(i), Shape::Lower | Shape::Title | Shape::Upper | Shape::Initial)
    }

    /// Whether token `i` begins with a capital.
    pub fn is_capital(&self, i: usize) -> bool {
        matches!(self.shape(i), Shape::Title | Shape::Upper | Shape::Initial)
    }

    /// Whether token `i` has the possessive `'s` or a bare `s` after a name.
    pub fn is_possessive(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|t| t.tail > t.end)
    }

    /// The word at `i` in lower case, as written, without a possessive.
    pub fn lower(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| self.view.lower_at(t.start..t.end))
    }

    /// The word at `i` as written, without a possessive.
    pub fn written(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| self.view.text_at(t.start..t.end))
    }

    /// The word at `i` as it is compared with lists: lower case, no apostrophes.
    pub fn key(&self, i: usize) -> Option<Cow<'_, str>> {
        let token = self.tokens.get(i).filter(|t| t.shape != Shape::Mask)?;
        let word = self.view.lower_at(token.start..token.end);
        Some(if word.contains('\'') { Cow::Owned(word.replace('\'', "")) } else { Cow::Borrowed(word) })
    }

    /// Whether a capital at `i` would be there in any case.
    pub fn starts_sentence(&self, i: usize) -> bool {
        match self.gap(i) {
            Gap::Start | Gap::Break | Gap::Colon | Gap::Open | Gap::Dash => true,
            Gap::Dot => {
                !self.before(i, Class::TITLE | Class::SAINT)
                    && i.checked_sub(1).is_some_and(|p| self.shape(p) != Shape::Initial)
            }
            _ => false,
        }
    }

    /// Whether token `i` has a capital that says something.
    pub fn telling_capital(&self, i: usize) -> bool {
        self.capitals_tell && self.shape(i) == Shape::Title && !self.starts_sentence(i)
    }

    /// Whether token `i` ends its clause: the next is past a break, or there is none.
    pub fn ends_clause(&self, i: usize) -> bool {
        self.gap(i + 1) >= Gap::Comma
    }

    /// Whether any of the `count` tokens before `i` is any of `class`.
    pub fn within_before(&self, i: usize, count: usize, class: Class) -> bool {
        (i.saturating_sub(count)..i).any(|p| self.is(p, class))
    }

    /// Whether any of the `count` tokens after `i` is any of `class`.
    pub fn within_after(&self, i: usize, count: usize, class: Class) -> bool {
        (i + 1..=i + count).any(|p| self.is(p, class))
    }

    /// The tokens that lie in or touch a byte range of the view.
    pub fn tokens_in(&self, range: Range<usize>) -> Range<usize> {
        let first = self.tokens.partition_point(|t| t.tail <= range.start);
        let last = self.tokens.partition_point(|t| t.start < range.end);
        first..last.max(first)
    }

    /// Whether a word of `class` is among the `back` tokens before or the `on` after a byte range.
    pub fn near(&self, range: Range<usize>, back: usize, on: usize, class: Class) -> bool {
        let at = self.tokens_in(range);
        (at.start.saturating_sub(back)..at.start).chain(at.end..at.end + on).any(|i| self.is(i, class))
    }
}

/// Letters that nobody could say: "hjkhjk".
fn is_noise(word: &str) -> bool {
    word.len() > 3 && word.is_ascii() && !word.bytes().any(|b| b"aeiouy".contains(&b))
}

fn tokenise(view: &View) -> Vec<Token> {
    let text = view.text.as_str();
    let mut tokens = Vec::with_capacity(text.len() / 5 + 1);
    let (mut at, mut from) = (0, 0);
    while at < text.len() {
        let Some(end) = token_end_at(text, at) else {
            at += char_len(text, at);
            continue;
        };
        let gap = if tokens.is_empty() && from == 0 {
            Gap::Start
        } else {
            gap(text.get(from..at).unwrap_or_default())
        };
        tokens.push(token(text, at..end, gap));
        (at, from) = (end, end);
    }
    tokens
}

/// The end of the token that starts at byte `at`, if one does.
fn token_end_at(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.get(at) == Some(&b'[') {
        return token_end(text, at);
    }
    let mut end = at;
    while let Some(len) = word_char(text, end) {
        end += len;
        let inner = bytes.get(end) == Some(&b'\'')
            && bytes.get(end.wrapping_sub(1)).is_some_and(|b| !b.is_ascii_digit())
            && bytes.get(end + 1).is_some_and(u8::is_ascii_alphabetic);
        end += usize::from(inner);
    }
    (end > at).then_some(end)
}

/// Bytes of the letter or digit at `at`.
fn word_char(text: &str, at: usize) -> Option<usize> {
    let byte = *text.as_bytes().get(at)?;
    if byte.is_ascii() {
        return byte.is_ascii_alphanumeric().then_some(1);
    }
    let c = text.get(at..)?.chars().next()?;
    c.is_alphanumeric().then(|| c.len_utf8())
}

fn char_len(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8)
}

fn token(text: &str, range: Range<usize>, gap: Gap) -> Token {
    let word = text.get(range.clone()).unwrap_or_default();
    let base = word.strip_suffix("'s").or(word.strip_suffix("'S")).filter(|b| !b.is_empty()).unwrap_or(word);
    Token {
        start: range.start,
        end: range.start + base.len(),
        tail: range.end,
        class: Class::NONE,
        shape: shape(base),
        gap,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(text: &str) -> Doc {
        Doc::new(View::new(text, &[]))
    }

    fn written(text: &str) -> Vec<String> {
        let doc = doc(text);
        (0..doc.tokens.len()).map(|i| doc.written(i).to_string()).collect()
    }

    #[test]
    fn words_numbers_and_masks_are_tokens() {
        assert_eq!(
            written("I'm O'Brien's 2nd [name], jacks' x_y!"),
            ["I'm", "O'Brien", "2nd", "[name]", "jack", "x", "y"]
        );
        assert_eq!(written("[nam] 😀 Юля"), ["nam", "Юля"]);
    }

    #[test]
    fn gaps_say_what_stands_between() {
        let doc = doc("a, b and c-d. E... f (g) h - i\nj & k:l 😀 m");
        let gaps: Vec<Gap> = doc.tokens.iter().map(|t| t.gap).collect();
        use Gap::*;
        assert_eq!(
            gaps,
            [Start, Comma, Space, Space, Hyphen, Dot, Break, Open, Open, Dash, Break, And, Colon, Break]
        );
    }

    #[test]
    fn capitals_tell_in_ordinary_writing_alone() {
        assert!(doc("i like Zofia and parks").capitals_tell);
        assert!(!doc("Everyone Should Be Kind To Animals").capitals_tell);
        assert!(!doc("STOP THE BULLYING AT MY SCHOOL").capitals_tell);
        assert!(doc("my mum is called Jane").telling_capital(4));
        assert!(!doc("Jane is my mum").telling_capital(0));
    }

    #[test]
    fn phrases_that_stay_are_marked() {
        let doc = doc("i read harry potter and man utd");
        assert!(doc.is(2, Class::IN_KEEP) && doc.is(3, Class::IN_KEEP) && !doc.is(4, Class::IN_KEEP));
        assert!(doc.is(5, Class::IN_KEEP) && doc.is(6, Class::IN_KEEP));
    }
}
