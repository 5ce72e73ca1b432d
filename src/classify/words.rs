//! Common English words, as children write them. Owns the list and its look-up; it decides nothing.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// A hash map for short keys.
pub type ShortMap<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

/// The word is English and hardly any other language's.
const ENGLISH: u8 = 1;
/// The word is an English word.
const KNOWN: u8 = 2;

static WORDS: LazyLock<ShortMap<&'static str, u8>> = LazyLock::new(|| {
    let mut map = ShortMap::default();
    let mut flags = 0;
    for line in include_str!("words.txt").lines() {
        match line.strip_prefix('#') {
            Some(_) => flags = if flags == 0 { ENGLISH | KNOWN } else { KNOWN },
            None => map.extend(line.split(' ').filter(|w| !w.is_empty()).map(|w| (w, flags))),
        }
    }
    map
});

fn flags(word: &str) -> u8 {
    WORDS.get(word).copied().unwrap_or(0)
}

/// Whether the normalised word is a common English one.
pub fn is_known(word: &str) -> bool {
    flags(word) & KNOWN != 0
}

/// Whether it is, and hardly any other language has it.
pub fn is_english(word: &str) -> bool {
    flags(word) & ENGLISH != 0
}

/// The FNV-1a hash (Fowler, Noll and Vo), 64 bits: the fastest of the simple ones on short words.
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_of_the_list_are_read() {
        assert!(is_english("because") && is_known("because"));
        assert!(is_known("school") && !is_english("school"));
        assert!(!is_known("asdf") && !is_known("") && !is_known("#"));
    }
}
