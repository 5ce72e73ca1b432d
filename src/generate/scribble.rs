//! Text as meant to text as written: spelling, capitals, stops and emoji by a writer's habits. Owns
//! the places of identifiers, which it copies as they are.

use super::hand::{Apostrophe, Case, Hand, Stop};
use super::plant::{CLOSE, KINDS, OPEN};
use super::random::Draw;
use super::vocabulary::Spelling;
use crate::redact::IdentifierKind;

/// An identifier in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// What it identifies.
    pub kind: IdentifierKind,
    /// First byte in the cell.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// Writes texts down.
pub struct Scribe<'a> {
    /// Its habits.
    pub hand: &'a Hand,
    /// How words are misspelled.
    pub spelling: &'static Spelling,
    /// The numbers.
    pub draw: &'a mut Draw,
    /// The cell.
    pub out: &'a mut String,
    /// The identifiers in it.
    pub marks: &'a mut Vec<Mark>,
}

impl Scribe<'_> {
    /// Writes a text down, with all habits.
    pub fn write(&mut self, meant: &str) {
        let mut begins = true;
        let mut rest = meant.trim();
        while !rest.is_empty() {
            let (word, after) = next_word(rest);
            rest = after.trim_start();
            begins = self.word(word, begins, rest.is_empty());
            if !rest.is_empty() && !self.out.ends_with('\n') {
                self.out.push_str(if self.hand.sloppy && self.draw.chance(0.15) { "  " } else { " " });
            }
        }
        self.end();
    }

    /// Writes a short common answer down: only capitals and what stands at its end.
    pub fn write_plain(&mut self, meant: &str) {
        let start = self.out.len();
        self.out.push_str(meant);
        match self.hand.case {
            Case::Sentence | Case::First | Case::Odd => capital_at(self.out, start),
            Case::Upper => {
                let upper = self.out.split_off(start).to_uppercase();
                self.out.push_str(&upper);
            }
            Case::Lower => {}
        }
        let letters = meant.ends_with(|c: char| c.is_alphabetic());
        if letters && self.hand.stop == Stop::Full && self.draw.chance(0.4) {
            self.out.push('.');
        } else if letters && self.hand.stop == Stop::Bang && self.draw.chance(0.5) {
            self.out.push('!');
        }
    }

    /// Writes one word with its stops; whether the next begins a sentence.
    fn word(&mut self, word: &str, begins: bool, last: bool) -> bool {
        if let Some(at) = word.find(OPEN) {
            let (before, marked) = word.split_at(at);
            self.out.push_str(before);
            return self.identifier(marked, last);
        }
        let core = word.trim_end_matches(['.', ',', '!', '?', ':']);
        self.core(core, begins);
        self.stops(word.get(core.len()..).unwrap_or(""), last)
    }

    fn identifier(&mut self, marked: &str, last: bool) -> bool {
        let mut letters = marked.chars();
        let kind = letters.nth(1).map_or(0, |c| (c as usize).saturating_sub('A' as usize));
        let (value, after) = letters.as_str().split_once(CLOSE).unwrap_or((letters.as_str(), ""));
        let start = self.out.len();
        self.out.push_str(value);
        let kind = KINDS.get(kind).copied().unwrap_or(IdentifierKind::Reference);
        self.marks.push(Mark { kind, start, end: self.out.len() });
        let tail = after.find(['.', ',', '!', '?', ':']).unwrap_or(after.len());
        let (letters, stops) = after.split_at(tail);
        self.out.push_str(letters);
        self.stops(stops, last)
    }

    fn core(&mut self, core: &str, begins: bool) {
        let start = self.out.len();
        if !self.respelled(core) {
            self.out.push_str(core);
        }
        self.apostrophes(start);
        self.capitals(start, begins);
    }

    /// Writes the word as it should not be, if this is one of those.
    fn respelled(&mut self, core: &str) -> bool {
        let short = self.hand.textspeak.then(|| self.spelling.textspeak.get(core)).flatten();
        if let Some(short) = short.filter(|_| self.draw.chance(0.5)) {
            self.out.push_str(short);
            return true;
        }
        if !self.draw.chance(self.hand.error) {
            return false;
        }
        if let Some(wrong) = self.spelling.wrong.get(core).and_then(|all| self.draw.pick(all)) {
            self.out.push_str(wrong);
            return true;
        }
        let plain = core.len() >= 5 && core.bytes().all(|b| b.is_ascii_lowercase());
        if plain && self.draw.chance(0.45) {
            self.slip(core.as_bytes());
            return true;
        }
        false
    }

    /// A slip in a word of at least five plain letters: two swapped, one dropped or one doubled.
    fn slip(&mut self, word: &[u8]) {
        let at = 1 + self.draw.below(word.len() - 2);
        let how = self.draw.below(3);
        for (i, b) in word.iter().enumerate() {
            let c = char::from(*b);
            let (before, after) = (word.get(i.wrapping_sub(1)).copied(), word.get(i + 1).copied());
            match how {
                0 if i == at => self.out.push(after.map_or(c, char::from)),
                0 if i == at + 1 => self.out.push(before.map_or(c, char::from)),
                1 if i == at => {}
                2 if i == at => self.out.extend([c, c]),
                _ => self.out.push(c),
            }
        }
    }

    fn apostrophes(&mut self, start: usize) {
        let Some(at) = self.out.get(start..).and_then(|w| w.find('\'')) else { return };
        match self.hand.apostrophe {
            Apostrophe::Straight => {}
            Apostrophe::Curly => self.out.replace_range(start + at..=start + at, "\u{2019}"),
            Apostrophe::None => {
                self.out.remove(start + at);
            }
        }
    }

    fn capitals(&mut self, start: usize, begins: bool) {
        match self.hand.case {
            Case::Sentence => {
                if let Some(right) = self.out.get(start..).and_then(|w| self.spelling.capitals.get(w)) {
                    self.out.truncate(start);
                    self.out.push_str(right);
                } else if self.out.get(start..).is_some_and(|w| w.starts_with("i\u{2019}")) || begins {
                    capital_at(self.out, start);
                }
            }
            Case::First if start == 0 || self.out.get(start..) == Some("i") && self.draw.chance(0.5) => {
                capital_at(self.out, start);
            }
            Case::First => {}
            Case::Lower => lower(self.out, start),
            Case::Upper => {
                let upper = self.out.split_off(start).to_uppercase();
                self.out.push_str(&upper);
            }
            Case::Odd if self.draw.chance(0.3) => capital_at(self.out, start),
            Case::Odd => {}
        }
    }

    /// Commas, and the end of a sentence in the writer's way; whether the next word begins one.
    fn stops(&mut self, stops: &str, last: bool) -> bool {
        for stop in stops.chars() {
            match (stop, self.hand.stop) {
                (',', _) if !self.hand.commas => {}
                ('.', _) if last => {}
                ('.', Stop::None) => {}
                ('.', Stop::Comma) => self.out.push(','),
                ('.', Stop::Bang) => self.out.push('!'),
                ('.', Stop::Dots) => self.out.push_str("..."),
                ('.', Stop::Line) => self.out.push('\n'),
                ('?', Stop::None) if self.draw.chance(0.5) => {}
                (other, _) => self.out.push(other),
            }
        }
        stops.contains(['.', '!', '?'])
    }

    /// What stands at the end of all.
    fn end(&mut self) {
        let open = !self.out.ends_with(['.', '!', '?', '\n']);
        match self.hand.stop {
            Stop::Full if open && self.draw.chance(0.75) => self.out.push('.'),
            Stop::Bang if open => {
                let more = self.draw.below(3);
                self.out.push_str("!!!!".get(..=more).unwrap_or("!"));
            }
            Stop::Dots if self.draw.chance(0.2) => self.out.push_str("..."),
            _ => {}
        }
        let wanted = self.draw.chance(self.hand.emoji);
        if let Some(emoji) = self.draw.pick(&self.spelling.emoji).filter(|_| wanted) {
            self.out.push(' ');
            self.out.push_str(emoji);
        }
        if self.hand.sloppy && self.draw.chance(0.2) {
            self.out.push(' ');
        }
    }
}

/// Up to the next space that is not inside an identifier.
fn next_word(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let at = bytes.iter().position(|b| *b == b' ' || *b == OPEN as u8).unwrap_or(text.len());
    let from = if bytes.get(at) == Some(&(OPEN as u8)) { text.find(CLOSE).unwrap_or(at) } else { at };
    let end = text.get(from..).and_then(|t| t.find(' ')).map_or(text.len(), |i| from + i);
    text.split_at(end)
}

fn capital_at(text: &mut String, at: usize) {
    let Some(first) = text.get(at..).and_then(|t| t.chars().next()) else { return };
    if first.is_ascii_lowercase() {
        text.replace_range(at..=at, first.to_ascii_uppercase().encode_utf8(&mut [0; 4]));
    }
}

fn lower(text: &mut str, from: usize) {
    if let Some(word) = text.get_mut(from..) {
        word.make_ascii_lowercase();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::vocabulary::vocabulary;

    fn hand() -> Hand {
        Hand {
            error: 0.0,
            case: Case::Sentence,
            apostrophe: Apostrophe::Straight,
            stop: Stop::None,
            commas: true,
            textspeak: false,
            emoji: 0.0,
            sloppy: false,
        }
    }

    fn written(hand: &Hand, meant: &str) -> (String, Vec<Mark>) {
        let (mut out, mut marks, mut draw) = (String::new(), Vec::new(), Draw::new(4, 0, 0));
        let spelling = &vocabulary().spelling;
        Scribe { hand, spelling, draw: &mut draw, out: &mut out, marks: &mut marks }.write(meant);
        (out, marks)
    }

    #[test]
    fn a_careful_hand() {
        assert_eq!(written(&hand(), "i don't know. ask  on friday, ok").0, "I don't know Ask on Friday, ok");
    }

    #[test]
    fn case_stops_and_apostrophes() {
        let h = Hand { case: Case::Upper, apostrophe: Apostrophe::None, stop: Stop::Comma, ..hand() };
        assert_eq!(written(&h, "i don't care. no").0, "I DONT CARE, NO");
        let h = Hand { case: Case::Lower, apostrophe: Apostrophe::Curly, commas: false, ..hand() };
        assert_eq!(written(&h, "the NHS, it's good").0, "the nhs it\u{2019}s good");
        let h = Hand { stop: Stop::Line, case: Case::First, ..hand() };
        assert_eq!(written(&h, "one. two").0, "One\ntwo");
    }

    #[test]
    fn identifiers_are_copied_and_marked() {
        let h = Hand { error: 1.0, case: Case::Lower, ..hand() };
        let (text, marks) = written(&h, "because \u{1}AJune Smithly\u{2}, said so");
        let mark = marks[0];
        assert_eq!((mark.kind, &text[mark.start..mark.end]), (IdentifierKind::Name, "June Smithly"));
        assert!(!text.contains("because") && !text.contains(['\u{1}', '\u{2}']), "{text}");
    }

    #[test]
    fn slips_keep_the_ends_of_a_word() {
        for i in 0..300 {
            let (mut out, mut marks, mut draw) = (String::new(), Vec::new(), Draw::new(i, 0, 0));
            let spelling = &vocabulary().spelling;
            let hand = &hand();
            Scribe { hand, spelling, draw: &mut draw, out: &mut out, marks: &mut marks }.slip(b"garden");
            assert!(out.starts_with('g') && (5..=7).contains(&out.len()), "{out}");
        }
    }
}
