//! Several chosen options in one cell. Owns the search for the longest known option where options
//! hold the delimiter themselves; an option that nothing knows is reported, never guessed.

use std::ops::Range;

use super::table::{Code, Table};
use crate::config::fold;

/// How the options of one question are parted.
#[derive(Debug)]
pub(in crate::ingest) struct Delimited {
    table: Table,
    delimiter: String,
    /// Most pieces that one known option is cut into.
    most_pieces: usize,
}

/// What was found in a cell.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Found {
    /// Options, as they came.
    pub options: Vec<u16>,
    /// Places (bytes of the cell) of pieces that are no option.
    pub unknown: Vec<Range<usize>>,
    pieces: Vec<Range<usize>>,
}

impl Delimited {
    /// Options known to `table`, parted by `delimiter`; spaces around it do not matter.
    pub(in crate::ingest) fn new(table: Table, delimiter: &str) -> Self {
        let trimmed = delimiter.trim();
        let delimiter = if trimmed.is_empty() { delimiter } else { trimmed };
        let inside = match fold(delimiter) {
            f if f.is_empty() => " ".to_string(),
            f => f,
        };
        let most_pieces = table.values().map(|v| v.matches(&inside).count() + 1).max().unwrap_or(1);
        Delimited { delimiter: delimiter.to_string(), table, most_pieces }
    }

    /// Reads a cell into `found`, which is cleared first. `folded` is room to work in.
    pub(in crate::ingest) fn read(&self, cell: &str, folded: &mut String, found: &mut Found) {
        found.options.clear();
        found.unknown.clear();
        self.cut(cell, &mut found.pieces);
        let mut at = 0;
        while at < found.pieces.len() {
            match self.longest(cell, &found.pieces, at, folded) {
                Some((pieces, code)) => {
                    if let Code::Choice(option) = code {
                        found.options.push(option);
                    }
                    at += pieces;
                }
                None => {
                    found.unknown.extend(found.pieces.get(at).cloned());
                    at += 1;
                }
            }
        }
    }

    fn cut(&self, cell: &str, pieces: &mut Vec<Range<usize>>) {
        pieces.clear();
        let mut start = 0;
        for (at, d) in cell.match_indices(self.delimiter.as_str()) {
            pieces.push(start..at);
            start = at + d.len();
        }
        pieces.push(start..cell.len());
    }

    /// The known value that takes the most pieces from `at` on.
    fn longest(
        &self,
        cell: &str,
        pieces: &[Range<usize>],
        at: usize,
        folded: &mut String,
    ) -> Option<(usize, Code)> {
        let most = self.most_pieces.min(pieces.len() - at);
        (1..=most).rev().find_map(|n| {
            let (first, last) = (pieces.get(at)?, pieces.get(at + n - 1)?);
            let blank = |p: &Range<usize>| cell.get(p.clone()).is_none_or(|t| t.trim().is_empty());
            // A longer run must not begin or end with nothing, or "A;" would be read as "A" twice.
            if n > 1 && (blank(first) || blank(last)) {
                return None;
            }
            let code = self.table.code(cell.get(first.start..last.end)?, folded)?;
            Some((n, code))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::{Names, Rules};
    use super::*;
    use crate::config::Choice;

    fn delimited(options: &[&str], delimiter: &str) -> Delimited {
        let choice = |o: &&str| Choice { id: o.to_string(), label: o.to_string(), values: vec![fold(o)] };
        let choices: Vec<Choice> = options.iter().map(choice).collect();
        let missing = std::collections::HashSet::from(["", "don't know"]);
        let (table, _) = Table::of_names(&Names::options(&choices), &Rules { missing, ..Rules::default() });
        Delimited::new(table, delimiter)
    }

    fn read(d: &Delimited, cell: &str) -> (Vec<u16>, Vec<String>) {
        let mut found = Found::default();
        d.read(cell, &mut String::new(), &mut found);
        let unknown = found.unknown.iter().map(|r| cell[r.clone()].trim().to_string()).collect();
        (found.options, unknown)
    }

    #[test]
    fn the_longest_known_option_wins_where_options_hold_the_delimiter() {
        let d = delimited(&["Play", "Parks", "Play, sport, and parks", "Yes, a lot"], ", ");
        assert_eq!(read(&d, "Play, sport, and parks, Parks").0, [2, 1]);
        assert_eq!(read(&d, "Play, Parks").0, [0, 1]);
        assert_eq!(read(&d, "Play, sport").0, [0]);
        assert_eq!(read(&d, "Play, sport").1, ["sport"]);
        assert_eq!(read(&d, "YES,  a lot,Play").0, [3, 0]);
    }

    #[test]
    fn trailing_delimiters_spaces_and_missing_pieces_are_nothing() {
        let d = delimited(&["A", "B b"], ";");
        for (cell, options) in
            [("A;B b;", vec![0, 1]), (" B b ; a ", vec![1, 0]), (";;", vec![]), ("", vec![])]
        {
            assert_eq!(read(&d, cell), (options, vec![]), "{cell}");
        }
        assert_eq!(read(&d, "Don't know;A;"), (vec![0], vec![]));
    }

    #[test]
    fn a_delimiter_of_white_space_cuts_before_folding() {
        let d = delimited(&["Friends", "My family"], "\n");
        assert_eq!(read(&d, "My family\r\nFriends\n").0, [1, 0]);
    }

    proptest::proptest! {
        #[test]
        fn any_choice_of_options_is_read_back(picked in proptest::collection::vec(0usize..4, 0..6)) {
            let options = ["Red", "Red, white", "white; or blue", "Blue, green, red"];
            let d = delimited(&options, ";");
            let cell: String = picked.iter().map(|&i| format!("{};", options[i])).collect();
            let expected: Vec<u16> = picked.iter().map(|&i| i as u16).collect();
            proptest::prop_assert_eq!(read(&d, &cell).0, expected);
        }

        #[test]
        fn nothing_panics(cell in "\\PC*", delimiter in "\\PC{1,2}") {
            let d = delimited(&["A", "b, c"], &delimiter);
            let _ = read(&d, &cell);
        }
    }
}
