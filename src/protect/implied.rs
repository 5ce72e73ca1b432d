//! Implied cells: what published sums give away about hidden numbers, and which numbers to hide as
//! well so that they do not. It knows quantities and equations, not where they come from.
//!
//! The rule, for every equation in which something is hidden: at least two of its numbers are
//! hidden, and what the rest implies for their sum may still reach the threshold. This is the first
//! defence; it looks at one equation at a time and does not combine them.

use std::collections::VecDeque;

use super::policy::Policy;

/// A number that is printed, or implied by what is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// The number of children.
    pub value: u64,
    /// How many children of the base are not in it, where that is sensitive as well.
    pub complement: Option<u64>,
    /// Whether it has a row. The remainder of those missing on a group has none.
    pub printed: bool,
    /// Without a row, and too small to be known: hidden if an equation would give it away.
    pub watched: bool,
    /// Whether it is hidden.
    pub hidden: bool,
}

/// How numbers are tied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// The total is the sum of the parts; so are the complements.
    Line,
    /// The total is the sum of the parts, all of one base.
    Sum,
    /// The total counts who is in any part; the parts may overlap, all of one base.
    Union,
}

/// A total of an equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Index of a quantity.
    Quantity(usize),
    /// A number that is known, between these.
    Known(u64, u64),
}

/// Numbers that are tied. Parts are indices of quantities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// How.
    pub tie: Tie,
    /// The total.
    pub total: Total,
    /// The parts.
    pub parts: Vec<usize>,
}

/// Quantities and everything that ties them.
#[derive(Debug, Clone)]
pub struct System {
    quantities: Vec<Quantity>,
    equations: Vec<Equation>,
    /// Equations of each quantity.
    memberships: Vec<Vec<usize>>,
    /// Hidden quantities of each equation, its total included.
    hidden: Vec<usize>,
    policy: Policy,
}

impl System {
    /// A system with its primary hidden quantities.
    pub fn new(quantities: Vec<Quantity>, equations: Vec<Equation>, policy: Policy) -> Self {
        let mut memberships = vec![Vec::new(); quantities.len()];
        let mut hidden = vec![0; equations.len()];
        for (e, equation) in equations.iter().enumerate() {
            for q in equation.members() {
                if let Some(list) = memberships.get_mut(q) {
                    list.push(e);
                }
                if let (Some(count), true) = (hidden.get_mut(e), quantities.get(q).is_some_and(|q| q.hidden))
                {
                    *count += 1;
                }
            }
        }
        System { quantities, equations, memberships, hidden, policy }
    }

    /// Which quantities are watched.
    pub fn watched(&self) -> Vec<bool> {
        self.quantities.iter().map(|q| q.watched).collect()
    }

    /// Hides more until no equation gives a hidden quantity away; returns what is hidden.
    pub fn close(mut self) -> Vec<bool> {
        let mut queue: VecDeque<usize> = (0..self.equations.len()).collect();
        let mut waiting = vec![true; self.equations.len()];
        while let Some(e) = queue.pop_front() {
            if let Some(w) = waiting.get_mut(e) {
                *w = false;
            }
            while let Some(q) = self.to_hide(e) {
                self.hide(q);
                for &other in self.memberships.get(q).into_iter().flatten() {
                    if let Some(w) = waiting.get_mut(other).filter(|w| !**w && other != e) {
                        *w = true;
                        queue.push_back(other);
                    }
                }
            }
        }
        self.quantities.into_iter().map(|q| q.hidden).collect()
    }

    fn hide(&mut self, q: usize) {
        if let Some(quantity) = self.quantities.get_mut(q) {
            quantity.hidden = true;
        }
        for &e in self.memberships.get(q).into_iter().flatten() {
            if let Some(count) = self.hidden.get_mut(e) {
                *count += 1;
            }
        }
    }

    /// The quantity to hide next, if an equation gives something away.
    fn to_hide(&self, e: usize) -> Option<usize> {
        let equation = self.equations.get(e)?;
        if equation.tie == Tie::Union {
            return self.union_to_hide(e, equation);
        }
        let total_hidden = self.total(equation).is_some_and(|q| q.hidden);
        let parts_hidden = self.parts(equation).filter(|(_, q)| q.hidden && self.is_cover(q)).count();
        match (total_hidden, parts_hidden) {
            (true, 0) => self.cheapest(e, equation),
            (true, _) => None,
            (false, 0) => self.given_away(equation),
            (false, many) if many > 1 && self.may_reach_threshold(equation) => None,
            (false, _) if self.leaves_no_room(equation) => self.visible_total(equation),
            (false, _) => self.cheapest(e, equation).or_else(|| self.visible_total(equation)),
        }
    }

    fn total(&self, equation: &Equation) -> Option<&Quantity> {
        match equation.total {
            Total::Quantity(q) => self.quantities.get(q),
            Total::Known(..) => None,
        }
    }

    /// Whether the total alone says that the hidden parts, or their complements, are none.
    fn leaves_no_room(&self, equation: &Equation) -> bool {
        self.total(equation).is_some_and(|total| {
            total.value == 0 || (equation.tie == Tie::Line && total.complement == Some(0))
        })
    }

    fn visible_total(&self, equation: &Equation) -> Option<usize> {
        match equation.total {
            Total::Quantity(q) if self.quantities.get(q).is_some_and(|q| !q.hidden) => Some(q),
            _ => None,
        }
    }

    fn parts<'a>(&'a self, equation: &'a Equation) -> impl Iterator<Item = (usize, &'a Quantity)> {
        equation.parts.iter().filter_map(|&p| self.quantities.get(p).map(|q| (p, q)))
    }

    fn visible<'a>(&'a self, equation: &'a Equation) -> impl Iterator<Item = (usize, &'a Quantity)> {
        self.parts(equation).filter(|(_, q)| !q.hidden)
    }

    /// Whether other numbers can hide behind this one: not behind a remainder without a row, unless it
    /// is large, or hidden for its own sake.
    fn is_cover(&self, q: &Quantity) -> bool {
        let large = |n: u64| n >= self.policy.threshold;
        q.printed || q.watched || (large(q.value) && q.complement.is_none_or(large))
    }

    /// The visible part whose hiding costs least: one without a row that is large enough to hide
    /// behind, else the smallest count, weighed by the equations that would need another.
    fn cheapest(&self, e: usize, equation: &Equation) -> Option<usize> {
        self.visible(equation)
            .filter(|(_, q)| q.value + q.complement.unwrap_or(0) > 0 && self.is_cover(q) && !q.watched)
            .min_by_key(|(i, q)| {
                let empty = q.value == 0 || q.complement == Some(0);
                let alone = self.alone(*i, e);
                (empty, (q.value + 1) * (alone + u64::from(q.printed)), *i)
            })
            .map(|(i, _)| i)
    }

    /// The other equations in which a quantity would be the only one hidden.
    fn alone(&self, q: usize, e: usize) -> u64 {
        let others = self.memberships.get(q).into_iter().flatten().filter(|&&o| o != e);
        others.filter(|&&o| self.hidden.get(o) == Some(&0)).count() as u64
    }

    /// The watched remainder of a line in which everything else is visible, where the printed
    /// numbers pin it down.
    fn given_away(&self, equation: &Equation) -> Option<usize> {
        let (index, remainder) = self.parts(equation).find(|(_, q)| q.watched)?;
        let others_printed = self.parts(equation).all(|(i, q)| i == index || q.printed);
        let total = self.total(equation).filter(|t| t.printed)?;
        if equation.tie != Tie::Line || !others_printed {
            return None;
        }
        let side = |small: bool, of: &dyn Fn(&Quantity) -> (u64, u64)| {
            let (low, high) = of(total);
            let rest = self.parts(equation).filter(|(i, _)| *i != index).map(|(_, q)| of(q));
            let (below, above) = rest.fold((0, 0), |sum, (l, h)| (sum.0 + l, sum.1 + h));
            small && !self.policy.is_hidden_in(low.saturating_sub(above), high.saturating_sub(below))
        };
        let small = |n: u64| self.policy.is_small(n);
        let values = side(small(remainder.value), &|q| self.value_range(q));
        let complements = side(remainder.complement.is_some_and(small), &|q| self.complement_range(q));
        (values || complements).then_some(index)
    }

    /// What is known of a visible number: what is printed the same, or, without a row, the number.
    fn value_range(&self, q: &Quantity) -> (u64, u64) {
        if q.printed { self.policy.interval(q.value) } else { (q.value, q.value) }
    }

    fn complement_range(&self, q: &Quantity) -> (u64, u64) {
        let complement = q.complement.unwrap_or(q.value);
        if !q.printed {
            return (complement, complement);
        }
        let (low, high) = self.policy.interval(q.value);
        let base = self.policy.interval(q.value + complement);
        (base.0.saturating_sub(high), base.1.saturating_sub(low))
    }

    /// Whether what is visible leaves the hidden parts, and their complements, room to reach the
    /// threshold.
    fn may_reach_threshold(&self, equation: &Equation) -> bool {
        let room = |high: u64, low: &dyn Fn(&Quantity) -> u64| {
            high.saturating_sub(self.visible(equation).map(|(_, q)| low(q)).sum()) >= self.policy.threshold
        };
        let (total, split) = match equation.total {
            Total::Known(_, high) => (high, None),
            Total::Quantity(t) => match self.quantities.get(t) {
                Some(t) => (self.value_range(t).1, t.complement.map(|_| self.complement_range(t).1)),
                None => return true,
            },
        };
        let values = room(total, &|q| self.value_range(q).0);
        let complements = match (equation.tie, split) {
            (Tie::Line, Some(high)) => room(high, &|q| self.complement_range(q).0),
            _ => true,
        };
        values && complements
    }

    /// A union gives a part away where it counts nobody, or counts only that part; and is given away
    /// where one part is all of it.
    fn union_to_hide(&self, e: usize, equation: &Equation) -> Option<usize> {
        let Total::Quantity(index) = equation.total else { return None };
        let union = self.quantities.get(index)?;
        let hidden = self.parts(equation).filter(|(_, q)| q.hidden).count();
        let seen: u64 = self.visible(equation).map(|(_, q)| q.value).sum();
        if !union.hidden {
            let given_away = (union.value == 0 && hidden > 0) || (hidden == 1 && seen == 0);
            return given_away.then_some(index);
        }
        let everyone = self.visible(equation).find(|(_, q)| q.value > 0 && q.complement == Some(0));
        if let Some((part, _)) = everyone {
            return Some(part);
        }
        let in_use = self.parts(equation).filter(|(_, q)| q.value > 0).count();
        let only = self.parts(equation).find(|(_, q)| q.value > 0).map(|(i, _)| i);
        (hidden == 0 && in_use <= 1).then(|| only.or_else(|| self.cheapest(e, equation))).flatten()
    }
}

impl Equation {
    fn members(&self) -> impl Iterator<Item = usize> + '_ {
        let total = match self.total {
            Total::Quantity(q) => Some(q),
            Total::Known(..) => None,
        };
        total.into_iter().chain(self.parts.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Policy = Policy { threshold: 10, round_to: 5, small_base: 30 };

    /// `k/n`; with `!` hidden, with `?` a remainder without a row.
    fn quantity(text: &str) -> Quantity {
        let (k, n) = text.trim_end_matches(['!', '?']).split_once('/').unwrap();
        let (value, base): (u64, u64) = (k.parse().unwrap(), n.parse().unwrap());
        let printed = !text.ends_with('?');
        let small = USUAL.is_small(value) || USUAL.is_small(base - value);
        Quantity {
            value,
            complement: Some(base - value),
            printed,
            watched: !printed && small,
            hidden: text.ends_with('!'),
        }
    }

    /// The first quantity is the total, the others are its parts; `#` for each that ends up hidden.
    fn check(tie: Tie, numbers: &str, expected: &str) {
        let quantities: Vec<Quantity> = numbers.split(' ').map(quantity).collect();
        let parts = (1..quantities.len()).collect();
        let equation = Equation { tie, total: Total::Quantity(0), parts };
        let hidden = System::new(quantities, vec![equation], USUAL).close();
        let found: String = hidden.iter().map(|&h| if h { '#' } else { '.' }).collect();
        assert_eq!(found, expected, "{numbers}");
    }

    #[test]
    fn one_hidden_part_takes_the_next_smallest_with_it() {
        check(Tie::Line, "204/400 4/100! 80/150 120/150", ".##.");
        check(Tie::Line, "84/400 4/100! 80/150 0/150", ".##.");
        check(Tie::Line, "200/400 50/100 70/150 80/150", "....");
    }

    #[test]
    fn hidden_parts_that_are_few_together_are_not_enough() {
        check(Tie::Line, "85/300 3/100! 2/50! 80/150", ".###");
        check(Tie::Line, "205/400 3/100! 2/50! 80/100 120/150", ".##..");
    }

    #[test]
    fn where_only_zeros_are_left_the_total_goes_or_else_a_zero() {
        check(Tie::Line, "0/900 0/20! 0/400 0/480", "##..");
        check(Tie::Line, "7/900! 0/400 0/480", "##.");
    }

    #[test]
    fn one_can_hide_behind_a_large_remainder_only() {
        check(Tie::Line, "234/500 4/100! 80/150 120/150 30/100?", ".#..#");
        check(Tie::Line, "209/450 4/100! 80/150 120/150 5/50?", ".##..");
    }

    #[test]
    fn a_small_remainder_is_hidden_where_rounding_does_not_hide_it() {
        check(Tie::Line, "23/950 20/300 0/300 0/300 3/50?", ".#..#");
        check(Tie::Line, "423/950 120/300 150/300 150/300 3/50?", ".....");
    }

    #[test]
    fn a_union_hides_with_its_only_part() {
        check(Tie::Union, "12/90 12/90! 0/90", "##.");
        check(Tie::Union, "12/90! 12/90 0/90", "##.");
        check(Tie::Union, "40/90 12/90! 35/90", ".#.");
        check(Tie::Union, "0/90 0/90! 0/90", "##.");
        check(Tie::Union, "90/90! 90/90 20/90", "##.");
    }
}
