//! What a column holds, counted in one pass. Owns what is remembered of the cells; nothing here decides
//! what the column is.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::counts::{Counts, Value};
use super::looks::Look;
use super::scales::says_nothing;
use crate::config::fold;
use crate::ingest::coding::number;

/// Characters of the longest value that can be an option.
pub(super) const OPTION_CHARACTERS: usize = 120;
/// Cells whose form is looked at closely, from the first on.
const CLOSELY: u64 = 5_000;
/// Cells that are cut at delimiters, from the first on.
const CUT: u64 = 20_000;
/// What may stand between several options in one cell.
pub(super) const DELIMITERS: [&str; 4] = [";", "|", "\n", ","];

/// The cells of a column.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// Cells that hold something.
    pub filled: u64,
    /// Cells that hold "don't know" and the like.
    pub nothing: Counts,
    /// Short values, without those.
    pub values: Counts,
    /// Cells too long to be an option.
    pub long: u64,
    words: u64,
    pub numbers: Numbers,
    /// Cells of each form among those looked at, in the order of [`Look::ALL`].
    looks: [u64; 7],
    looked_at: u64,
    /// Hashes of all cells; `None` since one came twice.
    unique: Unique,
    /// Whether the survey tool writes -1 where nothing was answered.
    minus_one_is_nothing: bool,
    /// One per delimiter.
    pub pieces: [Pieces; 4],
}

/// Numeric cells.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub count: u64,
    pub whole: u64,
    pub positive: u64,
    pub least: f64,
    pub most: f64,
    /// Distinct small whole numbers, 0 to 127, as bits.
    pub small: u128,
}

/// Cells with one delimiter in them; the others are whole values.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// Cells with the delimiter in them.
    pub cut: u64,
    /// What stands between delimiters.
    pub parts: Counts,
    /// Neighbours, joined by [`pair`].
    pub pairs: Counts,
}

#[derive(Debug)]
struct Unique(Option<HashSet<u64>>);

impl Default for Unique {
    fn default() -> Self {
        Unique(Some(HashSet::new()))
    }
}

impl Profile {
    /// Nothing yet.
    pub(super) fn new(minus_one_is_nothing: bool) -> Self {
        Profile { minus_one_is_nothing, ..Profile::default() }
    }

    /// Takes in a cell.
    pub(super) fn add(&mut self, cell: &str) {
        let cell = cell.trim();
        if cell.is_empty() {
            return;
        }
        self.filled += 1;
        self.unique.add(cell);
        let code = self.minus_one_is_nothing && cell == "-1";
        if code || (cell.len() < 40 && says_nothing(&fold(cell))) {
            self.nothing.add(cell);
            return;
        }
        if let Some(x) = number(cell) {
            self.numbers.add(x);
        } else {
            self.words += cell.split_whitespace().count() as u64;
        }
        if self.looked_at < CLOSELY {
            self.looked_at += 1;
            if let Some(at) = Look::of(cell).and_then(|l| Look::ALL.iter().position(|a| *a == l)) {
                self.looks.iter_mut().skip(at).take(1).for_each(|n| *n += 1);
            }
        }
        let short = cell.len() <= OPTION_CHARACTERS || cell.chars().count() <= OPTION_CHARACTERS;
        match short {
            true => self.values.add(cell),
            false => self.long += 1,
        }
        if self.answers() <= CUT && cell.len() <= 8 * OPTION_CHARACTERS {
            self.pieces.iter_mut().zip(DELIMITERS).for_each(|(p, d)| p.add(cell, d));
        }
    }

    /// Cells that say something.
    pub(super) fn answers(&self) -> u64 {
        self.filled - self.nothing.total
    }

    /// Whether all cells of `rows` rows are filled, and each differently.
    pub(super) fn is_unique(&self, rows: u64) -> bool {
        self.filled == rows && self.unique.0.is_some()
    }

    /// Whether no two filled cells are the same.
    pub(super) fn all_differ(&self) -> bool {
        self.unique.0.is_some()
    }

    /// Mean words of an answer that is no number.
    pub(super) fn mean_words(&self) -> f64 {
        self.words as f64 / (self.answers() - self.numbers.count).max(1) as f64
    }

    /// The share of answers that have a form.
    pub(super) fn share(&self, look: Look) -> f64 {
        let count = Look::ALL.iter().zip(self.looks).find(|(l, _)| **l == look).map_or(0, |(_, n)| n);
        count as f64 / self.looked_at.max(1) as f64
    }

    /// Whether every answer is a number.
    pub(super) fn is_numeric(&self) -> bool {
        self.numbers.count > 0 && self.numbers.count == self.answers()
    }

    /// Values that come often enough to be shown: three times or more, and not once in ten thousand.
    pub(super) fn recurring(&self) -> Vec<Value> {
        let need = (self.answers() / 10_000).max(3);
        self.values.values().into_iter().filter(|v| v.count >= need && !personal(&v.written)).collect()
    }
}

/// Whether a value holds something that no option holds: an address, a postcode, a number that is dialled.
pub(super) fn personal(value: &str) -> bool {
    let mut run = 0;
    let mut longest = 0;
    for c in value.chars() {
        match c {
            c if c.is_ascii_digit() => run += 1,
            ' ' | '-' => {}
            _ => run = 0,
        }
        longest = longest.max(run);
    }
    value.contains('@') || longest >= 9 || Look::of(value) == Some(Look::Postcode)
}

impl Numbers {
    fn add(&mut self, x: f64) {
        self.least = if self.count == 0 { x } else { self.least.min(x) };
        self.most = if self.count == 0 { x } else { self.most.max(x) };
        self.count += 1;
        self.whole += u64::from(x.fract() == 0.0);
        self.positive += u64::from(x > 0.0);
        if x.fract() == 0.0 && (0.0..128.0).contains(&x) {
            self.small |= 1 << (x as u32);
        }
    }

    /// Whether all are whole.
    pub(super) fn all_whole(&self) -> bool {
        self.whole == self.count
    }

    /// Whether a whole number from 0 to 127 came.
    pub(super) fn has(&self, x: u32) -> bool {
        x < 128 && self.small & (1 << x) != 0
    }
}

impl Pieces {
    fn add(&mut self, cell: &str, delimiter: &str) {
        if !cell.contains(delimiter) {
            return;
        }
        self.cut += 1;
        let mut before: Option<&str> = None;
        for piece in cell.split(delimiter).map(str::trim).filter(|p| !p.is_empty()) {
            if piece.len() > OPTION_CHARACTERS {
                before = None;
                continue;
            }
            self.parts.add(piece);
            if let Some(b) = before {
                self.pairs.add(&pair(b, piece));
            }
            before = Some(piece);
        }
    }
}

/// How a pair of neighbours is counted; white space alone would be folded away.
pub(super) fn pair(first: &str, second: &str) -> String {
    format!("{first}\u{1f}{second}")
}

impl Unique {
    fn add(&mut self, cell: &str) {
        let Some(seen) = &mut self.0 else { return };
        let mut hasher = DefaultHasher::new();
        cell.hash(&mut hasher);
        if !seen.insert(hasher.finish()) {
            self.0 = None;
        }
    }
}
