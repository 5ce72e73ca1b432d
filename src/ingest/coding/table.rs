//! What each value of a cell means: recoding, an instrument's scales, missing values and options
//! composed into one lookup when a file is opened. It never sees a row.

use std::collections::{HashMap, HashSet};

use super::number::number;
use crate::config::{Choice, Level, fold, fold_into};

/// What a known value means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::ingest) enum Code {
    /// No answer.
    Missing,
    /// An option of the question or a level of the group.
    Choice(u16),
    /// A number.
    Number(f64),
}

/// The replacements and missing values of one question or group in one instrument.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Rules<'a> {
    /// The question's own: from (folded) to (as written).
    pub recode: &'a [(String, String)],
    /// The instrument's, applied to what recoding left.
    pub scales: &'a [(String, String)],
    /// Folded values that mean "no answer", after replacement.
    pub missing: HashSet<&'a str>,
}

impl Rules<'_> {
    /// A folded value after replacement, and whether anything replaced it.
    fn replaced(&self, folded: &str) -> (String, bool) {
        let apply = |rules: &[(String, String)], v: &str| {
            rules.iter().find(|(from, _)| from == v).map(|(_, to)| fold(to))
        };
        let recoded = apply(self.recode, folded);
        let value = recoded.as_deref().unwrap_or(folded);
        match apply(self.scales, value) {
            Some(scaled) => (scaled, true),
            None => (value.to_string(), recoded.is_some()),
        }
    }

    /// Every folded value that a rule names.
    fn keys(&self) -> impl Iterator<Item = &str> {
        let replaced = self.recode.iter().chain(self.scales).map(|(from, _)| from.as_str());
        replaced.chain(self.missing.iter().copied())
    }

    /// The replacements, as written, that start from this folded value.
    fn target(&self, folded: &str) -> Option<&str> {
        self.recode.iter().chain(self.scales).find(|(from, _)| from == folded).map(|(_, to)| to.as_str())
    }
}

/// Names of options or levels, by what they can be called.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Names {
    /// Values that cells may hold, and labels; folded.
    values: HashMap<String, u16>,
    /// Ids, which only replacements may lead to.
    ids: HashMap<String, u16>,
    bands: Vec<(f64, f64, u16)>,
}

impl Names {
    /// The options of a question.
    pub(in crate::ingest) fn options(options: &[Choice]) -> Self {
        let mut names = Names::default();
        for (i, o) in (0u16..).zip(options) {
            names.add(&o.id, &o.values, i);
        }
        for (i, o) in (0u16..).zip(options) {
            names.label(&o.id, &o.label, i);
        }
        names
    }

    /// The levels of a group.
    pub(in crate::ingest) fn levels(levels: &[Level]) -> Self {
        let mut names = Names::default();
        for (i, l) in (0u16..).zip(levels) {
            names.add(&l.id, &l.values, i);
            names.bands.extend(l.band.map(|(low, high)| (low, high, i)));
        }
        for (i, l) in (0u16..).zip(levels) {
            names.label(&l.id, &l.label, i);
        }
        names
    }

    fn add(&mut self, id: &str, values: &[String], index: u16) {
        self.ids.entry(fold(id)).or_insert(index);
        for v in values {
            self.values.entry(v.clone()).or_insert(index);
        }
    }

    /// A label is what an option is called, unless it only repeats the id.
    fn label(&mut self, id: &str, label: &str, index: u16) {
        let folded = fold(label);
        if folded != fold(id) {
            self.values.entry(folded).or_insert(index);
        }
    }

    fn code(&self, folded: &str, was_replaced: bool) -> Option<Code> {
        let by_id = || self.ids.get(folded).filter(|_| was_replaced).copied();
        let known = self.values.get(folded).copied().or_else(by_id);
        known.or_else(|| band(&self.bands, folded)).map(Code::Choice)
    }
}

fn band(bands: &[(f64, f64, u16)], cell: &str) -> Option<u16> {
    if bands.is_empty() {
        return None;
    }
    let x = number(cell)?;
    bands.iter().find(|(low, high, _)| (*low..=*high).contains(&x)).map(|(_, _, i)| *i)
}

/// The lookup of one question or group in one file.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Table {
    codes: HashMap<Box<str>, Code>,
    bands: Vec<(f64, f64, u16)>,
    /// Whether a value that is not listed may be a number.
    numbers: bool,
    /// Bytes of the longest known value.
    longest: usize,
}

impl Table {
    /// A table of options or levels, and the replacements (as written) that lead to none of them.
    pub(in crate::ingest) fn of_names(names: &Names, rules: &Rules) -> (Self, Vec<String>) {
        let known = names.values.keys().map(String::as_str);
        let (mut table, dead) = Table::compose(rules, known, |v, replaced| names.code(v, replaced));
        table.bands.clone_from(&names.bands);
        (table, dead)
    }

    /// A table of numbers, and the replacements that lead to none.
    pub(in crate::ingest) fn of_numbers(rules: &Rules) -> (Self, Vec<String>) {
        let (table, dead) = Table::compose(rules, [], |v, _| number(v).map(Code::Number));
        (Table { numbers: true, ..table }, dead)
    }

    /// A table that knows missing values only, and the replacements that lead to none.
    pub(in crate::ingest) fn of_missing(rules: &Rules) -> (Self, Vec<String>) {
        Table::compose(rules, [], |_, _| None)
    }

    /// A table of one tick column: values that mean "not chosen" are missing, `own` (the option's
    /// names) and every other value mean that it is chosen.
    pub(in crate::ingest) fn of_ticks(rules: &Rules, own: &[String]) -> Self {
        let code = |v: &str, _| Some(if NOT_CHOSEN.contains(&v) { Code::Missing } else { Code::Choice(0) });
        let (mut table, _) = Table::compose(rules, NOT_CHOSEN, code);
        for name in own.iter().filter(|n| !n.is_empty() && rules.target(n).is_none()) {
            table.insert(name, Code::Choice(0));
        }
        table
    }

    fn compose<'k>(
        rules: &Rules,
        known: impl IntoIterator<Item = &'k str>,
        code: impl Fn(&str, bool) -> Option<Code>,
    ) -> (Self, Vec<String>) {
        let mut table = Table::default();
        let mut dead = Vec::new();
        let own: Vec<&str> = known.into_iter().collect();
        for key in rules.keys().chain(own) {
            let (value, was_replaced) = rules.replaced(key);
            let found = match rules.missing.contains(value.as_str()) {
                true => Some(Code::Missing),
                false => code(&value, was_replaced),
            };
            match found {
                Some(code) => table.insert(key, code),
                None => dead.extend(rules.target(key).map(String::from)),
            }
        }
        dead.sort_unstable();
        dead.dedup();
        (table, dead)
    }

    fn insert(&mut self, key: &str, code: Code) {
        self.longest = self.longest.max(key.len());
        self.codes.insert(key.into(), code);
    }

    /// What a cell means; `None`: an answer that nothing names. `folded` is room to work in.
    pub(in crate::ingest) fn code(&self, cell: &str, folded: &mut String) -> Option<Code> {
        let cell = cell.trim();
        if cell.is_empty() {
            return Some(Code::Missing);
        }
        // Folding shortens a value by its white space alone: much longer cells are not in the table.
        if cell.len() <= self.longest * 4 + 64 {
            fold_into(cell, folded);
            if let Some(code) = self.codes.get(folded.as_str()) {
                return Some(*code);
            }
        }
        if self.numbers {
            return number(cell).map(Code::Number);
        }
        band(&self.bands, cell).map(Code::Choice)
    }

    /// Every folded value it knows.
    pub(in crate::ingest) fn values(&self) -> impl Iterator<Item = &str> {
        self.codes.keys().map(|k| &**k)
    }
}

/// Folded values that mean a tick column was left unticked.
const NOT_CHOSEN: [&str; 13] = [
    "",
    "0",
    "0.0",
    "no",
    "n",
    "false",
    "-",
    "unselected",
    "not selected",
    "unchecked",
    "not checked",
    "unticked",
    "not ticked",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| (fold(a), b.to_string())).collect()
    }

    fn option(id: &str, label: &str, values: &[&str]) -> Choice {
        Choice { id: id.into(), label: label.into(), values: values.iter().map(|v| fold(v)).collect() }
    }

    fn look(table: &Table, cell: &str) -> Option<Code> {
        table.code(cell, &mut String::new())
    }

    #[test]
    fn recode_then_scales_then_options() {
        let options =
            [option("disagree", "Disagree", &["Disagree"]), option("agree", "I agree with this", &["Agree"])];
        let recode = pairs(&[("2", "yes"), ("99", "Don't know"), ("x", "No such thing")]);
        let scales = pairs(&[("Yes", "agree"), ("No", "Disagree")]);
        let missing = HashSet::from(["", "don't know"]);
        let rules = Rules { recode: &recode, scales: &scales, missing };
        let (table, dead) = Table::of_names(&Names::options(&options), &rules);
        for (cell, code) in [
            (" AGREE ", Some(Code::Choice(1))),
            ("i agree  with this", Some(Code::Choice(1))),
            ("2", Some(Code::Choice(1))),
            ("no", Some(Code::Choice(0))),
            ("99", Some(Code::Missing)),
            ("Don\u{2019}t know", Some(Code::Missing)),
            ("", Some(Code::Missing)),
            ("   ", Some(Code::Missing)),
            ("5 - Agree", None),
            ("1", None),
        ] {
            assert_eq!(look(&table, cell), code, "{cell}");
        }
        assert_eq!(dead, ["No such thing"]);
    }

    #[test]
    fn bands_take_numbers_and_only_numbers() {
        let level = |id: &str, band, values: &[&str]| Level {
            id: id.into(),
            label: id.into(),
            values: values.iter().map(|v| fold(v)).collect(),
            band,
        };
        let levels = [level("9-11", Some((9.0, 11.99)), &[]), level("18+", Some((18.0, 120.0)), &["Adult"])];
        let scales = pairs(&[("Year 6", "10")]);
        let rules = Rules { scales: &scales, ..Rules::default() };
        let (table, dead) = Table::of_names(&Names::levels(&levels), &rules);
        assert!(dead.is_empty());
        for (cell, code) in [
            ("9", Some(Code::Choice(0))),
            (" 11.5 ", Some(Code::Choice(0))),
            ("10.0", Some(Code::Choice(0))),
            ("adult", Some(Code::Choice(1))),
            ("year 6", Some(Code::Choice(0))),
            ("12", None),
            ("10 years old", None),
            ("9-11", None),
        ] {
            assert_eq!(look(&table, cell), code, "{cell}");
        }
    }

    #[test]
    fn a_tick_is_anything_but_a_no_and_an_options_own_name_is_a_tick() {
        let recode = pairs(&[("9", "no")]);
        let rules = Rules { recode: &recode, missing: HashSet::from(["", "n/a"]), ..Rules::default() };
        let ticks = Table::of_ticks(&rules, &[fold("No")]);
        let chosen = |cell| look(&ticks, cell) != Some(Code::Missing);
        for cell in ["1", "Yes", "x", "NO", "Selected", "true"] {
            assert!(chosen(cell), "{cell}");
        }
        for cell in ["", " ", "0", "FALSE", "Not selected", "-", "n/a", "9"] {
            assert!(!chosen(cell), "{cell}");
        }
    }
}
