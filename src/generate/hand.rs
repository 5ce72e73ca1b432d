//! How somebody writes: spelling, capitals, stops. Owns the habits; `scribble` puts them to work.

use super::people::{Flags, Person};
use super::random::Draw;

/// Capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// As taught.
    Sentence,
    /// None at all.
    Lower,
    /// The first letter alone.
    First,
    /// All capitals.
    Upper,
    /// Here And there.
    Odd,
}

/// Apostrophes in "don't".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apostrophe {
    /// Typed.
    Straight,
    /// As a phone makes them.
    Curly,
    /// Left out.
    None,
}

/// What stands at the end of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A full stop.
    Full,
    /// Nothing.
    None,
    /// A comma.
    Comma,
    /// One or more !
    Bang,
    /// ...
    Dots,
    /// A new line.
    Line,
}

/// The habits of one writer.
#[derive(Debug, Clone)]
pub struct Hand {
    /// The chance that a word is in danger of being misspelled.
    pub error: f32,
    /// Capitals.
    pub case: Case,
    /// Apostrophes.
    pub apostrophe: Apostrophe,
    /// Sentence ends.
    pub stop: Stop,
    /// Whether commas are used.
    pub commas: bool,
    /// Whether words are shortened as on phones.
    pub textspeak: bool,
    /// The chance of an emoji at the end.
    pub emoji: f32,
    /// Whether spaces are doubled or left at the end.
    pub sloppy: bool,
}

impl Hand {
    /// The habits of a respondent.
    pub fn new(person: &Person, draw: &mut Draw) -> Hand {
        let careful = draw.unit();
        let phone = person.age >= 11;
        let parent = person.flags.has(Flags::PARENT);
        let case = match draw.unit() + if parent { -0.3 } else { 0.0 } {
            x if x < 0.38 => Case::Sentence,
            x if x < 0.70 => Case::Lower,
            x if x < 0.955 => Case::First,
            x if x < 0.975 => Case::Upper,
            _ if person.age <= 10 => Case::Odd,
            _ => Case::Lower,
        };
        Hand {
            error: error(person, careful, draw),
            case,
            apostrophe: apostrophe(careful, phone, draw),
            stop: stop(case, draw),
            commas: draw.chance(if case == Case::Sentence { 0.85 } else { 0.4 }),
            textspeak: phone && !parent && draw.chance(0.10),
            emoji: if !parent && draw.chance(0.08) { 0.7 } else { 0.01 },
            sloppy: draw.chance(0.06),
        }
    }
}

/// Spelling gets better with age; one in three makes hardly a mistake, and some make very many.
fn error(person: &Person, careful: f32, draw: &mut Draw) -> f32 {
    let by_age = match person.age {
        0..=5 => 0.32,
        6..=7 => 0.30,
        8..=9 => 0.22,
        10..=11 => 0.15,
        12..=14 => 0.10,
        _ => 0.07,
    };
    let needs = if person.flags.has(Flags::SEND) { 1.5 } else { 1.0 };
    let spread = if careful < 0.35 { 0.04 } else { draw.unit() * 1.6 };
    if person.flags.has(Flags::PARENT) { 0.01 } else { by_age * needs * spread }
}

fn apostrophe(careful: f32, phone: bool, draw: &mut Draw) -> Apostrophe {
    match draw.unit() {
        x if x < 0.25 && phone => Apostrophe::Curly,
        x if x < 0.25 + 0.4 * (1.0 - careful) => Apostrophe::Straight,
        _ => Apostrophe::None,
    }
}

fn stop(case: Case, draw: &mut Draw) -> Stop {
    match (case, draw.unit()) {
        (Case::Sentence, x) if x < 0.85 => Stop::Full,
        (_, x) if x < 0.30 => Stop::Full,
        (_, x) if x < 0.72 => Stop::None,
        (_, x) if x < 0.84 => Stop::Comma,
        (_, x) if x < 0.91 => Stop::Bang,
        (_, x) if x < 0.95 => Stop::Dots,
        _ => Stop::Line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Instrument;

    #[test]
    fn younger_children_make_more_mistakes() {
        let mut draw = Draw::new(2, 0, 0);
        let mut by_age = [(0.0, 0); 19];
        for _ in 0..20_000 {
            let p = Person::new(Instrument::Main, &mut draw);
            let h = Hand::new(&p, &mut draw);
            by_age[p.age as usize].0 += h.error;
            by_age[p.age as usize].1 += 1;
        }
        let mean = |age: usize| by_age[age].0 / by_age[age].1 as f32;
        assert!(mean(7) > mean(9) && mean(9) > mean(11) && mean(11) > mean(15));
    }
}
