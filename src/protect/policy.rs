//! The numbers of the disclosure rules and what follows from them for a single number. It knows no
//! table.

use crate::config::Disclosure;

/// The rules' numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Counts, complements and bases from 1 to one less are hidden.
    pub threshold: u64,
    /// Counts and bases are rounded to multiples of this.
    pub round_to: u64,
    /// Under this base none and all are hidden, and what is shown is marked unreliable.
    pub small_base: u64,
}

/// A range of whole numbers narrower than this gives a hidden number away.
pub const NARROW: u64 = 5;

impl Policy {
    /// The rules of a plan.
    pub fn new(d: &Disclosure) -> Self {
        Policy { threshold: d.threshold.max(1), round_to: d.round_to.max(1), small_base: d.small_base }
    }

    /// A count or base as it is printed: the nearest multiple, halves up. A number of the threshold
    /// or more never falls under it.
    pub fn round(&self, number: u64) -> u64 {
        let nearest = (number + self.round_to / 2) / self.round_to * self.round_to;
        if number < self.threshold { nearest } else { nearest.max(self.least_printed()) }
    }

    fn least_printed(&self) -> u64 {
        self.threshold.div_ceil(self.round_to) * self.round_to
    }

    /// The numbers that are printed as this shown one is: lowest and highest. 0 is exact, as what
    /// would round to it is hidden.
    pub fn interval(&self, shown: u64) -> (u64, u64) {
        if shown < self.threshold {
            return (shown, shown);
        }
        let printed = self.round(shown);
        let low = printed.saturating_sub(self.round_to / 2).max(self.threshold);
        let low = if printed == self.least_printed() { self.threshold } else { low };
        (low.min(shown), (printed + (self.round_to - 1) / 2).max(shown))
    }

    /// Whether a number of children is one that may not be known.
    pub fn is_small(&self, number: u64) -> bool {
        (1..self.threshold).contains(&number)
    }

    /// Whether a base hides all its rows (rule 1).
    pub fn hides_base(&self, base: u64) -> bool {
        self.is_small(base)
    }

    /// Whether a split of a shown base is hidden: count and complement are both sensitive, and none
    /// and all too for sensitive measures and under small bases (rule 1).
    pub fn hides_split(&self, count: u64, base: u64, sensitive: bool) -> bool {
        let complement = base.saturating_sub(count);
        let none_or_all = count == 0 || complement == 0;
        self.is_small(count)
            || self.is_small(complement)
            || (base > 0 && none_or_all && (sensitive || base < self.small_base))
    }

    /// Whether a number known to lie between these is still hidden: it may reach the threshold, and
    /// the range is not narrow (rule 4).
    pub fn is_hidden_in(&self, low: u64, high: u64) -> bool {
        high >= self.threshold && high.saturating_sub(low) >= NARROW
    }

    /// Decimals of a percentage with this printed base (rule 5).
    pub fn decimals(&self, printed_base: u64) -> i32 {
        if printed_base < 1000 { 0 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Policy = Policy { threshold: 10, round_to: 5, small_base: 30 };

    #[test]
    fn every_shown_number_lies_in_the_interval_of_what_is_printed() {
        for (threshold, round_to) in [(10, 5), (10, 7), (3, 5), (10, 1), (5, 10), (3, 100), (12, 6)] {
            let p = Policy { threshold, round_to, small_base: 30 };
            for shown in (0..400).filter(|n| !p.is_small(*n)) {
                let (low, high) = p.interval(shown);
                assert!(low <= shown && shown <= high);
                for other in (threshold..500).filter(|n| p.round(*n) == p.round(shown) && shown > 0) {
                    assert!((low..=high).contains(&other), "{p:?} {shown} {other}");
                }
                assert!(!p.is_small(p.round(shown)), "{p:?} prints {}", p.round(shown));
            }
        }
    }

    #[test]
    fn rounding_keeps_order() {
        for round_to in 1..30 {
            let p = Policy { threshold: 10, round_to, small_base: 30 };
            assert!((0..300u64).map(|n| p.round(n)).is_sorted());
        }
        assert_eq!([12, 13, 10, 0].map(|n| USUAL.round(n)), [10, 15, 10, 0]);
        assert_eq!(USUAL.interval(12), (10, 12));
        assert_eq!(USUAL.interval(1000), (998, 1002));
    }

    #[test]
    fn both_sides_of_a_split_count() {
        let hidden = |k, n| USUAL.hides_split(k, n, false);
        assert!(hidden(9, 100) && hidden(91, 100) && hidden(1, 100));
        assert!(!hidden(10, 100) && !hidden(90, 100) && !hidden(0, 100) && !hidden(100, 100));
        assert!(hidden(0, 29) && hidden(29, 29) && !hidden(0, 30));
        assert!(USUAL.hides_split(0, 5000, true) && USUAL.hides_split(5000, 5000, true));
        assert!(USUAL.hides_base(9) && !USUAL.hides_base(10) && !USUAL.hides_base(0));
    }

    #[test]
    fn a_shown_base_never_rounds_to_nothing() {
        let p = Policy { threshold: 3, round_to: 100, small_base: 30 };
        assert_eq!((p.hides_base(40), p.round(40), p.round(150)), (false, 100, 200));
    }
}
