//! The mapped cells of many rows in one buffer. Owns respondents' words between decoding and coding:
//! nothing here prints them.

use std::fmt;

use crate::ingest::{Cells, FileFacts, Reason};

/// A row of a [`Raw`].
#[derive(Debug, Clone, Copy)]
pub(in crate::ingest) struct RawRow {
    /// Line or row in its file.
    pub line: u64,
    /// Which file of the run.
    pub file: u16,
    /// Why it is no row, if it is none; it then has no cells.
    pub malformed: Option<Reason>,
    /// Where its cells start.
    first: usize,
}

/// Consecutive rows, with the cells that the mapping needs.
#[derive(Default)]
pub(in crate::ingest) struct Raw {
    text: String,
    ends: Vec<usize>,
    rows: Vec<RawRow>,
    bytes: u64,
    finished: Vec<(usize, FileFacts)>,
}

impl Raw {
    /// The rows.
    pub(in crate::ingest) fn rows(&self) -> &[RawRow] {
        &self.rows
    }

    /// The cell in a slot of a row; empty where there is none.
    pub(in crate::ingest) fn cell(&self, row: &RawRow, slot: usize) -> &str {
        if row.malformed.is_some() {
            return "";
        }
        let at = row.first + slot;
        let end = self.ends.get(at).copied().unwrap_or(0);
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..end).unwrap_or("")
    }

    /// Bytes of input consumed up to its end, over the whole run.
    pub(in crate::ingest) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The files that end in it.
    pub(in crate::ingest) fn take_finished(&mut self) -> Vec<(usize, FileFacts)> {
        std::mem::take(&mut self.finished)
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.rows.clear();
        self.finished.clear();
        self.bytes = 0;
    }

    pub(super) fn push(&mut self, file: u16, line: u64, cells: &Cells, columns: &[usize]) {
        self.rows.push(RawRow { line, file, malformed: None, first: self.ends.len() });
        for &column in columns {
            self.text.push_str(cells.get(column));
            self.ends.push(self.text.len());
        }
    }

    pub(super) fn push_malformed(&mut self, file: u16, line: u64, reason: Reason) {
        self.rows.push(RawRow { line, file, malformed: Some(reason), first: self.ends.len() });
    }

    pub(super) fn finish(&mut self, file: usize, facts: FileFacts) {
        self.finished.push((file, facts));
    }

    pub(super) fn consumed(&mut self, bytes: u64) {
        self.bytes = bytes;
    }

    /// Whether there is something to hand over.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.finished.is_empty()
    }
}

/// Prints how much there is, never what it says.
impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} rows, {} bytes)", self.rows.len(), self.text.len())
    }
}
