//! How often values come, in bounded memory. Owns the pruning of rare values, so that a column of free
//! text costs no more than one of options.

use std::collections::HashMap;

use crate::config::fold_into;

/// Distinct values kept before those seen once are forgotten.
const MOST: usize = 3_000;

/// A value as it was first written, and how often it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub folded: String,
    pub written: String,
    pub count: u64,
}

/// Counts of values by their folded form. Counts of frequent values are exact unless there were very
/// many rare ones, and then at most a little low.
#[derive(Debug, Default)]
pub(super) struct Counts {
    seen: HashMap<String, (String, u64)>,
    folded: String,
    /// Values counted, forgotten ones too.
    pub total: u64,
    /// Whether any was forgotten.
    pub pruned: bool,
}

impl Counts {
    /// Counts a value; blank ones are nothing.
    pub(super) fn add(&mut self, value: &str) {
        fold_into(value, &mut self.folded);
        if self.folded.is_empty() {
            return;
        }
        self.total += 1;
        match self.seen.get_mut(self.folded.as_str()) {
            Some((_, n)) => *n += 1,
            None => {
                if self.seen.len() >= MOST {
                    self.prune();
                }
                let written = value.split_whitespace().collect::<Vec<_>>().join(" ");
                self.seen.insert(self.folded.clone(), (written, 1));
            }
        }
    }

    /// Forgets the rarest values until a third of the room is free.
    fn prune(&mut self) {
        self.pruned = true;
        let mut floor = 1;
        while self.seen.len() * 3 > MOST * 2 {
            self.seen.retain(|_, (_, n)| *n > floor);
            floor *= 2;
        }
    }

    /// How often a folded value came.
    pub(super) fn of(&self, folded: &str) -> u64 {
        self.seen.get(folded).map_or(0, |(_, n)| *n)
    }

    /// How many different values there are, at least.
    pub(super) fn distinct(&self) -> usize {
        self.seen.len()
    }

    /// All values that are known, most frequent first, then by their folded form.
    pub(super) fn values(&self) -> Vec<Value> {
        let value = |(f, (w, n)): (&String, &(String, u64))| Value {
            folded: f.clone(),
            written: w.clone(),
            count: *n,
        };
        let mut all: Vec<Value> = self.seen.iter().map(value).collect();
        all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.folded.cmp(&b.folded)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_values_survive_any_number_of_rare_ones() {
        let mut counts = Counts::default();
        for i in 0..20_000 {
            counts.add(if i % 2 == 0 { " Yes " } else { "No" });
            counts.add(&format!("rare {i}"));
        }
        assert!(counts.pruned && counts.distinct() <= MOST);
        assert_eq!((counts.of("yes"), counts.of("no"), counts.total), (10_000, 10_000, 40_000));
        assert_eq!(counts.values()[0].written, "No");
    }
}
