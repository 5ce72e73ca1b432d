//! Free text as it is meant, before anybody's spelling: themes by circumstance, clauses by theme,
//! sentences by length. Owns what is said; `scribble` decides how it looks.

mod sentences;

use super::hand::Hand;
use super::people::{Flags, Person};
use super::phrase::{Part, Phrase, Piece, Speaker};
use super::plant::{Planter, Slot};
use super::random::Draw;
use super::vocabulary::{Clause, Theme, Vocabulary};

/// The text questions, by what people write there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// What should the government do?
    LivesBetter,
    /// Is there anything else?
    AnythingElse,
}

/// The parts of answers, by their shares.
const CONCERN: f32 = 0.004;
const COMMON: f32 = 0.155;
const NOTHING: f32 = 0.062;
const FOREIGN: f32 = 0.002;

/// Median words of a composed answer and the spread of their logarithm.
const MEDIAN_WORDS: f32 = 12.6;
const SPREAD: f32 = 0.74;
/// No answer is meant to be longer.
const MOST_WORDS: f32 = 122.0;

/// Composes answers, one at a time, into a buffer of its own.
pub struct Composer {
    words: &'static Vocabulary,
    draw: Draw,
    age: u32,
    flags: Flags,
    hand: Option<Hand>,
    weights: Vec<f32>,
    theme: usize,
    used: Vec<u32>,
    out: String,
}

impl Speaker for Composer {
    fn draw(&mut self) -> &mut Draw {
        &mut self.draw
    }

    fn out(&mut self) -> &mut String {
        &mut self.out
    }

    fn say_piece(&mut self, piece: &'static Piece) {
        match piece {
            Piece::List(i) => {
                let words = self.words;
                if let Some(phrase) = words.lists.get(*i).and_then(|l| self.draw.pick(l)) {
                    phrase.say(self);
                }
            }
            Piece::Age => self.number(self.age),
            Piece::Year => {
                // Year 1 begins at five; the last few years are what people talk about.
                let year = self.age.saturating_sub(5).clamp(1, 13);
                let year = self.draw.between(year.saturating_sub(2).max(1), year);
                self.out.push_str("year ");
                self.number(year);
            }
            Piece::Part(part) => self.part(*part),
            Piece::Plant(slot) => self.plant(*slot),
            Piece::Text(_) | Piece::Choice(_) => {}
        }
    }
}

impl Composer {
    /// A composer with numbers of its own.
    pub fn new(words: &'static Vocabulary, draw: Draw) -> Composer {
        Composer {
            words,
            draw,
            age: 10,
            flags: Flags::default(),
            hand: None,
            weights: Vec::new(),
            theme: 0,
            used: Vec::new(),
            out: String::new(),
        }
    }

    /// Prepares for a respondent: what they write about, and how.
    pub fn meet(&mut self, person: &Person, hand: &Hand) {
        self.age = person.age;
        self.flags = person.flags;
        self.hand = Some(hand.clone());
        self.weights.clear();
        self.weights.extend(self.words.themes.iter().map(|t| weight(t, person.flags)));
    }

    /// A number under 100.
    fn number(&mut self, n: u32) {
        let digit = |d: u32| char::from(b'0' + (d % 10) as u8);
        if n >= 10 {
            self.out.push(digit(n / 10));
        }
        self.out.push(digit(n));
    }

    /// An answer as meant, with identifiers between their marks; `planted` is the share that has one.
    pub fn answer(&mut self, prompt: Prompt, planted: f32) -> (&str, bool) {
        self.out.clear();
        self.used.clear();
        if self.draw.chance(planted) {
            self.planted(prompt);
            return (&self.out, false);
        }
        let nothing = if prompt == Prompt::AnythingElse { NOTHING * 2.2 } else { NOTHING };
        let kind = [CONCERN, COMMON, nothing, FOREIGN];
        match self.draw.weighted(kind.into_iter().chain([1.0 - kind.iter().sum::<f32>()])) {
            0 => self.concern(),
            1 => return (self.common(), true),
            2 => {
                let words = self.words;
                let i = zipf(&mut self.draw, words.nothing.len());
                self.out.push_str(words.nothing.get(i).copied().unwrap_or_default());
                return (&self.out, true);
            }
            3 => self.foreign(),
            _ => {
                let words = self.length();
                self.composed(prompt, words);
            }
        }
        (&self.out, false)
    }

    fn common(&mut self) -> &str {
        let words = self.words;
        let i = zipf(&mut self.draw, words.common.len());
        self.out.push_str(words.common.get(i).copied().unwrap_or_default());
        &self.out
    }

    fn foreign(&mut self) {
        let words = self.words;
        let Some(lines) = self.draw.pick(&words.languages) else { return };
        let first = self.draw.below(lines.len());
        let two = self.draw.chance(0.5);
        for i in [Some(first), two.then_some((first + 1) % lines.len())].into_iter().flatten() {
            if !self.out.is_empty() {
                self.out.push_str(". ");
            }
            self.out.push_str(lines.get(i).copied().unwrap_or_default());
        }
    }

    /// How many words this answer is meant to have.
    fn length(&mut self) -> usize {
        let age = match self.age {
            0..=6 => 0.6,
            7..=8 => 0.75,
            9..=11 => 0.95,
            12..=14 => 1.1,
            _ => 1.25,
        };
        let parent = if self.flags.has(Flags::PARENT) { 1.6 } else { 1.0 };
        let words = MEDIAN_WORDS * age * parent * (SPREAD * self.draw.normal()).exp();
        words.clamp(1.0, MOST_WORDS).round() as usize
    }

    fn planted(&mut self, prompt: Prompt) {
        let words = self.words;
        let n = if self.draw.chance(0.12) { 2 } else { 1 };
        let target = if self.draw.chance(0.08) { 0 } else { self.length().max(4) };
        let mut at_end: Vec<&'static Phrase> = Vec::new();
        for _ in 0..n {
            let kind = self.draw.weighted(words.plants.iter().map(|p| p.weight));
            let Some((at, frame)) = words.plants.get(kind).and_then(|p| self.draw.pick(&p.frames)) else {
                continue;
            };
            if *at == 'B' || (*at == 'A' && self.draw.chance(0.45)) {
                self.sentence();
                frame.say(self);
            } else {
                at_end.push(frame);
            }
        }
        if target > 0 {
            self.sentence();
            self.composed(prompt, target);
        }
        for frame in at_end {
            self.sentence();
            frame.say(self);
        }
    }

    fn concern(&mut self) {
        let words = self.words;
        let flags = self.flags;
        let which = self.draw.weighted(words.concerns.iter().map(|c| weight(c, flags)));
        let before = self.draw.chance(0.35);
        if before {
            let n = self.length().min(20);
            self.composed(Prompt::AnythingElse, n);
            self.sentence();
        }
        if let Some(clause) = words.concerns.get(which).and_then(|c| self.choose(c, Part::Story, 40)) {
            clause.phrase.say(self);
        }
        if !before && self.draw.chance(0.5) {
            self.sentence();
            let n = self.length().min(30);
            self.composed(Prompt::LivesBetter, n);
        }
    }

    /// Thoughts until there are about `target` words.
    fn composed(&mut self, prompt: Prompt, target: usize) {
        let from = self.out.len();
        self.new_theme();
        if target <= 5 || (target <= 7 && self.draw.chance(0.4)) {
            return self.short(target);
        }
        if target > 8 && self.draw.chance(0.05) {
            let words = self.words;
            self.say_fitting(&words.frames.open, 6);
            self.out.push(' ');
        }
        for thoughts in 0..14 {
            let left = target.saturating_sub(count(self.out.get(from..).unwrap_or("")));
            if thoughts > 0 && left < 5 {
                break;
            }
            if thoughts > 0 {
                self.link();
            }
            self.thought(prompt, left);
        }
        self.ending(target);
    }

    /// Something else in passing, or a last word.
    fn ending(&mut self, target: usize) {
        let words = self.words;
        if target <= 15 && !self.flags.has(Flags::PARENT) && self.draw.chance(0.35) {
            self.attach(&words.frames.extra);
        }
        if target > 12 && self.draw.chance(0.12) {
            self.sentence();
            self.say_fitting(&words.frames.close, 8);
        }
    }

    /// Goes on with a frame; a stop or comma at its beginning follows the last word at once.
    fn attach(&mut self, frames: &'static [Clause]) {
        let Some(clause) = self.draw.pick(frames) else { return };
        let at = self.out.len();
        self.out.push(' ');
        clause.phrase.say(self);
        if self.out.get(at + 1..).is_some_and(|s| s.starts_with(['.', ','])) {
            self.out.remove(at);
        }
    }

    /// Goes on: with the same theme, or another.
    fn link(&mut self) {
        let words = self.words;
        if self.draw.chance(0.45) {
            self.attach(&words.frames.join);
        } else {
            self.new_theme();
            self.attach(&words.frames.turn);
        }
        self.out.push(' ');
    }

    /// Ends a sentence, where there is one.
    fn sentence(&mut self) {
        if !self.out.trim_end().is_empty() && !self.out.trim_end().ends_with(['.', ',', '?', '!']) {
            self.out.push('.');
        }
        if !self.out.is_empty() {
            self.out.push(' ');
        }
    }

    fn new_theme(&mut self) {
        self.theme = self.draw.weighted(self.weights.iter().copied());
    }

    fn short(&mut self, target: usize) {
        let words = self.words;
        self.say_fitting(&words.frames.short, target.saturating_sub(1));
    }

    fn plant(&mut self, slot: Slot) {
        let case = self.hand.as_ref().map_or(super::hand::Case::Sentence, |h| h.case);
        let mut planter = Planter { draw: &mut self.draw, names: &self.words.names, case, age: self.age };
        planter.plant(slot, &mut self.out);
    }
}

/// A theme's weight for somebody.
fn weight(theme: &Theme, flags: Flags) -> f32 {
    theme.factors.iter().filter(|(f, _)| flags.has(*f)).fold(theme.weight, |w, (_, factor)| w * factor)
}

fn count(text: &str) -> usize {
    text.split_ascii_whitespace().count()
}

/// A place from 0 to below `n`, by Zipf's law with its head flattened.
fn zipf(draw: &mut Draw, n: usize) -> usize {
    draw.weighted((0..n).map(|i| 1.0 / (i as f32 + 2.5)))
}
