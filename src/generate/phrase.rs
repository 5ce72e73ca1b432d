//! Phrases with choices: their notation, parsed once, and their saying. Owns the notation of
//! data/*.txt; it knows no file and no theme.
//!
//! `(a|b|)` is a choice, `{name}` an entry of a list, `{age}` the writer's age, `{year}` a school year
//! of theirs, and any other `{slot}` something made up by `plant`. In frames, a capital standing
//! alone is a part put in.

use super::plant::Slot;
use super::random::Draw;

/// What a frame leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What somebody should do: follows "should".
    Demand,
    /// A general statement.
    Opinion,
    /// Something lived or seen.
    Story,
    /// Something that is good.
    Praise,
    /// A reason, with its conjunction.
    Reason,
    /// Something wanted: follows "more".
    More,
    /// Something unwanted: follows "less".
    Less,
    /// Something that can stand alone.
    Word,
}

impl Part {
    /// All parts, in the order of their letters in [`Part::of`].
    pub const ALL: [Part; 8] = [
        Part::Demand,
        Part::Opinion,
        Part::Story,
        Part::Praise,
        Part::Reason,
        Part::More,
        Part::Less,
        Part::Word,
    ];

    /// The part of a letter.
    pub fn of(letter: &str) -> Option<Part> {
        let letters = ["D", "O", "S", "P", "R", "M", "L", "W"];
        letters.iter().position(|l| *l == letter).and_then(|i| Part::ALL.get(i).copied())
    }
}

/// A phrase, ready to be said.
#[derive(Debug, Default)]
pub struct Phrase {
    pieces: Box<[Piece]>,
    /// Words it has on average.
    pub words: f32,
}

/// A step in saying a phrase.
#[derive(Debug)]
pub enum Piece {
    /// These letters.
    Text(&'static str),
    /// One of these.
    Choice(Box<[Phrase]>),
    /// An entry of this list.
    List(usize),
    /// The writer's age.
    Age,
    /// A school year the writer has been in.
    Year,
    /// A clause or topic.
    Part(Part),
    /// Something made up that identifies.
    Plant(Slot),
}

/// What a phrase needs to be said.
pub trait Speaker {
    /// The numbers.
    fn draw(&mut self) -> &mut Draw;
    /// Where the words go.
    fn out(&mut self) -> &mut String;
    /// Says anything but letters and choices.
    fn say_piece(&mut self, piece: &'static Piece);
}

impl Phrase {
    /// Says the phrase, making its choices.
    pub fn say(&'static self, to: &mut impl Speaker) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => to.out().push_str(text),
                Piece::Choice(options) => {
                    let i = to.draw().below(options.len());
                    if let Some(option) = options.get(i) {
                        option.say(to);
                    }
                }
                other => to.say_piece(other),
            }
        }
    }
}

/// Parses phrases; knows the lists by name.
#[derive(Debug, Default)]
pub struct Notation {
    /// Names and mean words of the lists read so far.
    pub lists: Vec<(&'static str, f32)>,
    /// Whether capitals standing alone are parts.
    pub frames: bool,
    /// Names in braces that nothing has; a test asks that there be none.
    pub unknown: Vec<&'static str>,
}

impl Notation {
    /// Parses one phrase.
    pub fn phrase(&mut self, text: &'static str) -> Phrase {
        let mut rest = text;
        let phrase = self.sequence(&mut rest);
        if !rest.is_empty() {
            self.unknown.push(rest);
        }
        phrase
    }

    /// Up to the end, a `|` or a `)`, which is left.
    fn sequence(&mut self, rest: &mut &'static str) -> Phrase {
        let mut pieces = Vec::new();
        let mut words = 0.0;
        while let Some(at) = rest.find(['(', '|', ')', '{']).or((!rest.is_empty()).then_some(rest.len())) {
            let (text, after) = rest.split_at(at);
            words += self.text(text, &mut pieces);
            *rest = after;
            match after.as_bytes().first() {
                Some(b'(') => words += self.choice(rest, &mut pieces),
                Some(b'{') => words += self.slot(rest, &mut pieces),
                _ => break,
            }
        }
        Phrase { pieces: pieces.into(), words }
    }

    fn choice(&mut self, rest: &mut &'static str, pieces: &mut Vec<Piece>) -> f32 {
        let mut options = Vec::new();
        while rest.starts_with(['(', '|']) {
            *rest = rest.get(1..).unwrap_or("");
            options.push(self.sequence(rest));
        }
        *rest = rest.strip_prefix(')').unwrap_or("");
        let words = options.iter().map(|o| o.words).sum::<f32>() / options.len() as f32;
        pieces.push(Piece::Choice(options.into()));
        words
    }

    fn slot(&mut self, rest: &mut &'static str, pieces: &mut Vec<Piece>) -> f32 {
        let (name, after) = rest.get(1..).and_then(|r| r.split_once('}')).unwrap_or((rest, ""));
        *rest = after;
        if let Some(i) = self.lists.iter().position(|(n, _)| *n == name) {
            pieces.push(Piece::List(i));
            return self.lists.get(i).map_or(1.0, |(_, words)| *words);
        }
        match Slot::of(name) {
            Some(slot) => pieces.push(Piece::Plant(slot)),
            None if name == "age" => pieces.push(Piece::Age),
            None if name == "year" => pieces.push(Piece::Year),
            None => self.unknown.push(name),
        }
        1.0
    }

    /// Letters, cut at the parts of a frame; the words in them.
    fn text(&mut self, text: &'static str, pieces: &mut Vec<Piece>) -> f32 {
        let words = text.split_whitespace().count() as f32;
        if !self.frames {
            if !text.is_empty() {
                pieces.push(Piece::Text(text));
            }
            return words;
        }
        let mut parts = 0.0;
        for token in text.split_inclusive([' ', ',', ':']) {
            let bare = token.trim_end_matches([' ', ',', ':']);
            match Part::of(bare) {
                Some(part) => {
                    pieces.push(Piece::Part(part));
                    pieces.push(Piece::Text(token.get(bare.len()..).unwrap_or("")));
                    parts += 1.0;
                }
                None => pieces.push(Piece::Text(token)),
            }
        }
        words - parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Plain(Draw, String);

    impl Speaker for Plain {
        fn draw(&mut self) -> &mut Draw {
            &mut self.0
        }
        fn out(&mut self) -> &mut String {
            &mut self.1
        }
        fn say_piece(&mut self, piece: &'static Piece) {
            self.1.push_str(match piece {
                Piece::Part(Part::Demand) => "<D>",
                Piece::Age => "<age>",
                Piece::List(_) => "<list>",
                _ => "<?>",
            });
        }
    }

    fn said(text: &'static str, frames: bool) -> Vec<String> {
        let mut notation = Notation { lists: vec![("sport", 1.0)], frames, ..Notation::default() };
        let phrase: &'static Phrase = Box::leak(Box::new(notation.phrase(text)));
        let mut all: Vec<String> = (0..200)
            .map(|i| {
                let mut plain = Plain(Draw::new(i, 0, 0), String::new());
                phrase.say(&mut plain);
                plain.1
            })
            .collect();
        all.sort();
        all.dedup();
        all
    }

    #[test]
    fn choices_nest_and_may_be_empty() {
        assert_eq!(said("a (b|c (d|e)|)f", false), ["a bf", "a c df", "a c ef", "a f"]);
    }

    #[test]
    fn lists_ages_and_parts() {
        assert_eq!(said("play {sport} at {age}", false), ["play <list> at <age>"]);
        assert_eq!(said("they should D, ok D", true), ["they should <D>, ok <D>"]);
    }

    #[test]
    fn words_are_means() {
        let mut notation = Notation::default();
        assert_eq!(notation.phrase("one (two|two three) four").words, 3.5);
        notation.frames = true;
        assert_eq!(notation.phrase("they should D").words, 2.0);
    }

    #[test]
    fn an_unknown_slot_is_reported() {
        let mut notation = Notation::default();
        notation.phrase("{nowhere}");
        notation.phrase("a) b");
        assert_eq!(notation.unknown, ["nowhere", ") b"]);
    }
}
