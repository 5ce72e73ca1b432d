//! Which answers were given before: the first respondent of each, and the scores already known.
//! Owns the bounds on memory; both memories depend on the order of the input alone.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::Scores;

/// Keys are hashes already.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.0 = self.0 << 8 | u64::from(*b));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

type KeyMap<V> = HashMap<u64, V, BuildHasherDefault<AsIs>>;

/// Answers remembered at most; later new ones are not (their later copies are not linked).
const MOST_ANSWERS: usize = 3_500_000;
/// Bytes of ids remembered at most.
const MOST_ID_BYTES: usize = 128 << 20;
/// Scores remembered at most.
const MOST_SCORES: usize = 65_536;

/// The first respondent of every answer.
///
/// Two answers are the same where 64 bits of hash are: among 3.5 million different ones that goes
/// wrong with a chance of 3 in 10 million.
#[derive(Default)]
pub struct Firsts {
    /// Question and answer to the index of the respondent's id.
    seen: KeyMap<u32>,
    /// All ids, one after the other.
    ids: String,
    /// Where each id ends.
    ends: Vec<u32>,
}

impl Firsts {
    /// The first respondent who gave this answer to this question, or `None` if this is the first.
    pub fn first(&mut self, question: usize, key: u64, id: &str) -> Option<&str> {
        // Questions are few; an odd multiplier keeps their keys apart.
        let key = key ^ (question as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if let Some(&index) = self.seen.get(&key) {
            return self.id(index as usize);
        }
        if self.seen.len() < MOST_ANSWERS && self.ids.len() + id.len() <= MOST_ID_BYTES {
            self.seen.insert(key, self.ends.len() as u32);
            self.ids.push_str(id);
            self.ends.push(self.ids.len() as u32);
        }
        None
    }

    fn id(&self, index: usize) -> Option<&str> {
        let start = index.checked_sub(1).map_or(Some(0), |i| self.ends.get(i).copied())?;
        self.ids.get(start as usize..*self.ends.get(index)? as usize)
    }
}

/// Scores of answers of earlier blocks.
#[derive(Default)]
pub struct Known {
    scores: KeyMap<Scores>,
}

impl Known {
    /// The scores of an answer, if it was scored and remembered.
    pub fn get(&self, key: u64) -> Option<&Scores> {
        self.scores.get(&key)
    }

    /// Remembers scores, as long as there is room.
    pub fn insert(&mut self, key: u64, scores: &Scores) {
        if self.scores.len() < MOST_SCORES {
            self.scores.insert(key, scores.clone());
        }
    }
}

/// Numbers the different keys of a block in the order in which they come.
#[derive(Default)]
pub struct Distinct {
    index: KeyMap<usize>,
}

impl Distinct {
    /// The key's number, and whether it is new.
    pub fn number(&mut self, key: u64) -> (usize, bool) {
        let next = self.index.len();
        let number = *self.index.entry(key).or_insert(next);
        (number, number == next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_question_is_given() {
        let mut firsts = Firsts::default();
        assert_eq!(firsts.first(0, 7, "R_one"), None);
        assert_eq!(firsts.first(1, 7, "R_one"), None, "another question");
        assert_eq!(firsts.first(0, 8, ""), None);
        assert_eq!(firsts.first(0, 7, "R_two"), Some("R_one"));
        assert_eq!(firsts.first(0, 8, "R_two"), Some(""));
        assert_eq!(firsts.first(1, 7, "R_three"), Some("R_one"));
    }

    #[test]
    fn memory_is_bounded() {
        let mut firsts = Firsts::default();
        let long = "x".repeat(MOST_ID_BYTES);
        assert_eq!(firsts.first(0, 1, &long), None);
        assert_eq!(firsts.first(0, 2, "y"), None);
        assert_eq!(firsts.first(0, 2, "z"), None, "there was no room for y");
        assert_eq!(firsts.first(0, 1, "z").map(str::len), Some(MOST_ID_BYTES));
        let mut known = Known::default();
        (0..MOST_SCORES as u64 + 10).for_each(|k| known.insert(k, &Scores::default()));
        assert!(known.get(MOST_SCORES as u64 - 1).is_some() && known.get(MOST_SCORES as u64).is_none());
    }

    #[test]
    fn numbers_follow_the_input() {
        let mut distinct = Distinct::default();
        let numbers: Vec<_> = [5, 9, 5, 1, 9].map(|k| distinct.number(k)).into();
        assert_eq!(numbers, [(0, true), (1, true), (0, false), (2, true), (1, false)]);
    }
}
