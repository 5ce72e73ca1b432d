//! An export as a table: its header, the cells of one row and the facts of the file. Owns what
//! reading hands to mapping; it opens nothing, and a row's cells can be read only inside `ingest`.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use super::Reason;
use crate::config::Dialect;

/// One column of an export, as its header names it. White space inside names is one space each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// 1-based place in the file.
    pub position: usize,
    /// The short name where the dialect has a row of them, else the header. May repeat; empty where
    /// the file gives none.
    pub name: String,
    /// The question's text; the same as `name` where the dialect has one row and no options.
    pub text: String,
    /// The option or sub-question this column stands for, where the question has several columns.
    pub option: Option<String>,
    /// Qualtrics ImportId; with a choice, `QID7_2`.
    pub import_id: Option<String>,
}

impl Column {
    /// Whether this column is what people mean by `folded` (see [`fold`](crate::config::fold)): its short
    /// name, question text, ImportId, or question and option joined the way survey tools join them.
    pub fn is_called(&self, folded: &str) -> bool {
        use crate::config::fold;
        let whole = |name: &str| !name.is_empty() && fold(name) == folded;
        if whole(&self.name) || whole(&self.text) || self.import_id.as_deref().is_some_and(whole) {
            return true;
        }
        let Some(option) = &self.option else { return false };
        let (text, option) = (fold(&self.text), fold(option));
        let Some(rest) = folded.strip_prefix(text.as_str()) else {
            return folded
                .strip_prefix(option.as_str())
                .is_some_and(|r| r.trim_start_matches([':', ' ']) == text);
        };
        let rest = rest.trim_start_matches([' ', '-', ':']);
        let rest = rest.strip_prefix("selected choice").map_or(rest, |r| r.trim_start_matches([' ', '-']));
        rest == option || rest.strip_prefix('[').and_then(|r| r.strip_suffix(']')) == Some(&option)
    }
}

/// What the rows above the data say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The form it was read as.
    pub dialect: Dialect,
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
}

/// The cells of one row, kept in one buffer that is used again for the next row.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    /// No cells.
    pub fn new() -> Self {
        Cells::default()
    }

    /// How many cells the row has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the row has no cells.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Cell `i` (0-based); empty past the end.
    pub(in crate::ingest) fn get(&self, i: usize) -> &str {
        let Some(&end) = self.ends.get(i) else { return "" };
        let start = i.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..end).unwrap_or("")
    }

    /// Adds a cell.
    pub(in crate::ingest) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// Whether nothing is written in any cell.
    pub(in crate::ingest) fn are_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Keeps the first `width` cells.
    pub(in crate::ingest) fn truncate(&mut self, width: usize) {
        self.ends.truncate(width);
        self.text.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// Adds empty cells up to `width`.
    pub(in crate::ingest) fn pad(&mut self, width: usize) {
        if self.ends.len() < width {
            self.ends.resize(width, self.text.len());
        }
    }

    /// Bytes of text in all cells.
    pub(in crate::ingest) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Gives the buffers away, empty, for a reader to fill.
    pub(in crate::ingest) fn take_buffers(&mut self) -> (Vec<u8>, Vec<usize>) {
        self.clear();
        (std::mem::take(&mut self.text).into_bytes(), std::mem::take(&mut self.ends))
    }

    /// Takes filled buffers back: the cells' bytes and where each ends. False if the bytes are not UTF-8.
    pub(in crate::ingest) fn set_buffers(&mut self, text: Vec<u8>, ends: Vec<usize>) -> bool {
        let text = String::from_utf8(text);
        let valid = text.is_ok();
        self.text = text.unwrap_or_default();
        self.ends = ends;
        valid
    }

    /// Removes all cells and keeps the room.
    pub(in crate::ingest) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

/// Prints how many cells there are, never what they say.
impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cells({})", self.ends.len())
    }
}

/// What came of reading on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A row, one cell per column of the header.
    Read {
        /// 1-based line (delimited text, JSON Lines) or row (workbook, Parquet) where it starts.
        line: u64,
    },
    /// Something that stands where a row should and is none.
    Malformed {
        /// Where it starts.
        line: u64,
        /// Why it cannot be taken.
        reason: Reason,
    },
    /// Nothing is left.
    End,
}

/// The kinds of file that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// CSV, TSV and the like.
    Delimited,
    /// One JSON object a line.
    JsonLines,
    /// An Excel workbook (`.xlsx`, `.xlsm`).
    Workbook,
    /// Apache Parquet.
    Parquet,
}

/// What is known of a file beside its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileFacts {
    /// The file, as it was named.
    pub path: PathBuf,
    /// What it is.
    pub format: Format,
    /// How it is compressed: `gzip`, `zstd` or nothing.
    pub compression: Option<&'static str>,
    /// The encoding of its text, as the WHATWG standard names it.
    pub encoding: &'static str,
    /// Bytes that the encoding does not allow, each run of them read as U+FFFD. Final after the last row.
    pub undecodable_bytes: u64,
    /// SHA-256 of the file as it lies on disk, in hexadecimal.
    pub sha256: String,
    /// Bytes of the file as it lies on disk.
    pub bytes: u64,
    /// The field delimiter of delimited text; `None` in other formats, and where there is one column.
    pub delimiter: Option<char>,
    /// The worksheet that was read.
    pub sheet: Option<String>,
    /// Rows with nothing in any cell, which were passed over. Final after the last row.
    pub blank_rows: u64,
    /// JSON keys that first appear after the lines the header was made from, and are not read
    /// (at most 20 are named). Final after the last row.
    pub late_keys: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_again_and_never_printed() {
        let mut cells = Cells::new();
        for c in ["", "Zo\u{eb}", "", "x"] {
            cells.push(c);
        }
        let read: Vec<&str> = (0..6).map(|i| cells.get(i)).collect();
        assert_eq!(read, ["", "Zo\u{eb}", "", "x", "", ""]);
        assert_eq!(format!("{cells:?}"), "Cells(4)");
        cells.clear();
        assert!(cells.is_empty() && cells.get(0).is_empty());
    }

    #[test]
    fn cells_are_cut_and_padded_to_the_header() {
        let mut cells = Cells::new();
        for c in ["a", "b", "c"] {
            cells.push(c);
        }
        cells.truncate(2);
        cells.pad(4);
        cells.push("d");
        let read: Vec<&str> = (0..5).map(|i| cells.get(i)).collect();
        assert_eq!(read, ["a", "b", "", "", "d"]);
    }

    #[test]
    fn a_column_answers_to_every_name_it_has() {
        let column = |text: &str, option: Option<&str>| Column {
            position: 1,
            name: "Q2_1".to_string(),
            text: text.to_string(),
            option: option.map(String::from),
            import_id: Some("QID2_1".to_string()),
        };
        let c = column("What matters?", Some("My friends"));
        let fold = crate::config::fold;
        for name in [
            "q2_1",
            "QID2_1",
            "What matters?",
            "What matters? - My friends",
            "What matters?-My friends",
            "What matters? - Selected Choice - My friends",
            "What matters? [My friends]",
            "My friends:What matters?",
        ] {
            assert!(c.is_called(&fold(name)), "{name}");
        }
        for name in ["", "What", "What matters? - Money", "My friends"] {
            assert!(!c.is_called(&fold(name)), "{name}");
        }
        assert!(!column("", None).is_called(""));
    }
}
