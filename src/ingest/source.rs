//! Export files to rows of cells: opening a file whatever its format, finding its header, and handing on
//! its rows one at a time. Owns the facts of the file and how many cells a row must have; it knows no
//! question and changes no cell.

mod bytes;
mod delimited;
mod detect;
mod encoding;
mod json;
mod package;
mod parquet;
mod sniff;
mod values;
mod workbook;

use std::collections::VecDeque;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::dialects::{self, Preview};
use super::table::{Cells, Column, FileFacts, Format, Header, Row};
use super::{Reason, dialects::Found};
use crate::config::{Dialect, Input, Source};
use crate::error::{Error, Result};

/// Rows that are read ahead to find the header, and bytes that are enough of them.
const AHEAD: usize = 100;
const AHEAD_BYTES: usize = 8 << 20;

/// Rows of any format, not yet compared with a header.
trait Rows: Send {
    /// Reads the next row.
    fn next(&mut self, cells: &mut Cells) -> Result<Row>;
    /// What is known only while reading.
    fn late(&self) -> Late {
        Late::default()
    }
}

/// What is known only while reading.
#[derive(Debug, Default)]
struct Late {
    /// JSON keys that came after the header was made.
    keys: Vec<String>,
    /// Bytes of the file read so far, where the format alone can tell.
    bytes_read: Option<u64>,
}

/// A file that was opened, before its header is known.
struct Opened {
    facts: FileFacts,
    rows: Box<dyn Rows>,
    /// The columns' names, where the format has them.
    names: Option<Vec<String>>,
    /// Whether rows end with their last filled cell.
    ragged: bool,
    read: Arc<AtomicU64>,
    undecodable: Arc<AtomicU64>,
}

/// An export that is being read, from its first row to its last.
pub struct Export {
    header: Header,
    opened: Opened,
    ahead: VecDeque<(Row, Cells)>,
    ended: bool,
}

/// The error for a row beyond the limit, in formats whose rows have numbers.
fn row_too_long(path: &Path, row: u64, max: u64) -> Error {
    Error::data(
        format!("has a row longer than {} MB", max.div_ceil(1_000_000)),
        format!("{}, row {row}", path.display()),
        "If rows are really so long, raise [input] max_record_mb.",
    )
}

impl Export {
    /// Opens an export and reads its header. What `source` declares goes before what `input` declares.
    ///
    /// The file is read twice: once for its hash, encoding and wholeness, once for its rows.
    ///
    /// # Errors
    /// `Environment` if the file cannot be read; `Data` if it is empty, truncated, damaged, too large,
    /// protected, no export of respondents, or of a format that is not read; `Config` if `[input]` names
    /// a sheet that is not there.
    pub fn open(path: &Path, input: &Input, source: &Source) -> Result<Export> {
        let kind = detect::kind(path)?;
        let encoding = source.encoding.as_deref().or(input.encoding.as_deref());
        let opened = match kind.format {
            Some(Format::Workbook) => open_workbook(path, input)?,
            Some(Format::Parquet) => open_parquet(path, input)?,
            _ => open_text(path, input, encoding, kind)?,
        };
        Export::begin(opened, source.dialect.or(input.dialect))
    }

    /// The columns.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What is known of the file. Counts are final after the last row.
    pub fn facts(&self) -> FileFacts {
        FileFacts {
            undecodable_bytes: self.opened.undecodable.load(Ordering::Relaxed),
            late_keys: self.opened.rows.late().keys,
            ..self.opened.facts.clone()
        }
    }

    /// Bytes of the file, as it lies on disk, that were read so far.
    pub fn bytes_read(&self) -> u64 {
        if self.ended {
            return self.opened.facts.bytes;
        }
        let read = self.opened.read.load(Ordering::Relaxed);
        self.opened.rows.late().bytes_read.unwrap_or(read).min(self.opened.facts.bytes)
    }

    /// Reads the next row into `cells`. Rows with nothing in any cell are passed over and counted.
    ///
    /// A row that has more cells than the header is read if the rest are empty; any other difference is
    /// [`Reason::FieldCount`] (in a workbook, cells that are not there are empty).
    ///
    /// # Errors
    /// `Data` where the file cannot be read on: damage, a quote that is never closed, a row that is too
    /// long; `Environment` if the disk fails.
    pub(in crate::ingest) fn next(&mut self, cells: &mut Cells) -> Result<Row> {
        let row = match self.ahead.pop_front() {
            Some((row, read)) => {
                *cells = read;
                row
            }
            None => self.opened.next_filled(cells)?,
        };
        match row {
            Row::Read { line } if !self.fits(cells) => {
                Ok(Row::Malformed { line, reason: Reason::FieldCount })
            }
            Row::Read { line } => {
                cells.truncate(self.header.columns.len());
                cells.pad(self.header.columns.len());
                Ok(Row::Read { line })
            }
            Row::End => {
                self.ended = true;
                Ok(Row::End)
            }
            malformed => Ok(malformed),
        }
    }

    /// Reads ahead, finds the header and takes it off.
    fn begin(mut opened: Opened, declared: Option<Dialect>) -> Result<Export> {
        let place = opened.facts.path.display().to_string();
        let mut ahead = opened.ahead()?;
        let mut rows: Vec<Vec<&str>> = Vec::new();
        rows.extend(opened.names.iter().map(|names| names.iter().map(String::as_str).collect()));
        let named = rows.len();
        let read = ahead.iter().filter(|(row, _)| matches!(row, Row::Read { .. }));
        rows.extend(read.map(|(_, cells)| (0..cells.len()).map(|i| cells.get(i)).collect()));
        if rows.is_empty() {
            return Err(no_rows(&place, "holds no rows"));
        }
        let preview = Preview { place: &place, rows: &rows, named: named > 0, declared };
        let Found { mut header, rows: taken } = dialects::read(&preview)?;
        trim(&mut header.columns, rows.get(taken..).unwrap_or_default());
        if header.columns.is_empty() {
            return Err(no_rows(&place, "has no header"));
        }
        ahead.drain(..(taken - named).min(ahead.len()));
        if ahead.is_empty() {
            return Err(no_rows(&place, "has a header and no rows below it"));
        }
        let export = Export { header, opened, ahead, ended: false };
        export.refuse_misfit(&place)?;
        Ok(export)
    }

    fn fits(&self, cells: &Cells) -> bool {
        let width = self.header.columns.len();
        if cells.len() < width {
            return self.opened.ragged;
        }
        (width..cells.len()).all(|i| cells.get(i).trim().is_empty())
    }

    /// A header that hardly any row agrees with is read wrongly, or wrong.
    fn refuse_misfit(&self, place: &str) -> Result<()> {
        let read = || self.ahead.iter().filter(|(row, _)| matches!(row, Row::Read { .. }));
        let (all, bad) = (read().count(), read().filter(|(_, cells)| !self.fits(cells)).count());
        if bad < 5 || bad * 10 < all * 9 {
            return Ok(());
        }
        let fields = self.header.columns.len();
        Err(Error::data(
            format!("{bad} of the first {all} rows have another number of fields than the header's {fields}"),
            place,
            "Check [input] delimiter and dialect. If a first column has no heading (row names written by R), write it again with one.",
        ))
    }
}

impl Opened {
    /// Reads the next row that is not blank.
    fn next_filled(&mut self, cells: &mut Cells) -> Result<Row> {
        loop {
            let row = self.rows.next(cells)?;
            if matches!(row, Row::Read { .. }) && cells.are_blank() {
                self.facts.blank_rows += 1;
                continue;
            }
            return Ok(row);
        }
    }

    fn ahead(&mut self) -> Result<VecDeque<(Row, Cells)>> {
        let (mut rows, mut bytes) = (VecDeque::new(), 0);
        while rows.len() < AHEAD && bytes < AHEAD_BYTES {
            let mut cells = Cells::new();
            match self.next_filled(&mut cells)? {
                Row::End => break,
                row => {
                    bytes += cells.bytes();
                    rows.push_back((row, cells));
                }
            }
        }
        Ok(rows)
    }
}

fn no_rows(place: &str, what: &str) -> Error {
    Error::data(what, place, "Export it again, with the responses; one row a respondent.")
}

/// Takes off columns at the end that have neither a heading nor, in the first rows, anything in them.
fn trim(columns: &mut Vec<Column>, rows: &[Vec<&str>]) {
    let used = |i: usize| rows.iter().any(|row| row.get(i).is_some_and(|c| !c.trim().is_empty()));
    while let Some(last) = columns.last() {
        if !last.name.is_empty() || !last.text.is_empty() || used(last.position - 1) {
            return;
        }
        columns.pop();
    }
}

fn facts(path: &Path, format: Format, sha256: String, bytes: u64) -> FileFacts {
    FileFacts {
        path: path.to_path_buf(),
        format,
        compression: None,
        encoding: "UTF-8",
        undecodable_bytes: 0,
        sha256,
        bytes,
        delimiter: None,
        sheet: None,
        blank_rows: 0,
        late_keys: Vec::new(),
    }
}

fn open_workbook(path: &Path, input: &Input) -> Result<Opened> {
    package::check(path, input)?;
    let (_, bytes) = bytes::open(path)?;
    let facts = facts(path, Format::Workbook, bytes::sha256(path)?, bytes);
    let (rows, sheet) = workbook::WorkbookRows::open(path, input)?;
    let facts = FileFacts { sheet: Some(sheet), ..facts };
    Ok(Opened { ragged: true, ..Opened::new(facts, Box::new(rows), None) })
}

fn open_parquet(path: &Path, input: &Input) -> Result<Opened> {
    let (rows, names) = parquet::ParquetRows::open(path, input)?;
    let (_, bytes) = bytes::open(path)?;
    let facts = facts(path, Format::Parquet, bytes::sha256(path)?, bytes);
    Ok(Opened::new(facts, Box::new(rows), Some(names)))
}

impl Opened {
    fn new(facts: FileFacts, rows: Box<dyn Rows>, names: Option<Vec<String>>) -> Self {
        let (read, undecodable) = Default::default();
        Opened { facts, rows, names, ragged: false, read, undecodable }
    }
}

fn open_text(path: &Path, input: &Input, declared: Option<&str>, kind: detect::Kind) -> Result<Opened> {
    let survey = bytes::survey(path, kind.compression, input.max_inflated_bytes)?;
    if kind.compression.is_some() {
        detect::refuse_inner(path, &survey.sample)?;
    }
    let chosen = encoding::choose(path, declared, &survey)?;
    let sample = encoding::decode_sample(&survey.sample, chosen);
    if sample.trim_ascii().is_empty() {
        return Err(bytes::empty(path));
    }
    let format = detect::text_format(path, kind.format, &sample)?;
    let place = delimited::Place { path: path.to_path_buf(), compression: kind.compression };
    let (file, size) = bytes::open(path)?;
    let (read, undecodable): (Arc<AtomicU64>, Arc<AtomicU64>) = Default::default();
    let raw = bytes::inflate(bytes::Counted::new(file, read.clone()), kind.compression)
        .map_err(|e| bytes::failed(path, kind.compression, &e))?;
    let text = encoding::Decoded::new(raw, chosen, undecodable.clone());
    let mut facts = facts(path, format, survey.sha256, size);
    facts.encoding = chosen.encoding.name();
    facts.compression = kind.compression.map(bytes::Compression::name);
    let whole = survey.inflated <= survey.sample.len() as u64;
    let opened = match format {
        Format::JsonLines => {
            let (rows, names) = json::JsonRows::open(text, input.max_record_bytes, &place)?;
            Opened::new(facts, Box::new(rows), Some(names))
        }
        _ => {
            let syntax = sniff::syntax(&sample, whole, input.delimiter, &place);
            facts.delimiter = syntax.delimiter.map(char::from);
            let announced = sniff::announced(&sample).is_some();
            let rows = TextRows::open(text, syntax, input.max_record_bytes, place, announced)?;
            Opened::new(facts, Box::new(rows), None)
        }
    };
    Ok(Opened { read, undecodable, ..opened })
}

/// The rows of delimited text.
struct TextRows<R> {
    records: delimited::Records<R>,
}

impl<R: Read> TextRows<R> {
    /// With `announced` the first record says what the delimiter is, and is passed over.
    fn open(
        text: R,
        syntax: delimited::Syntax,
        max: u64,
        place: delimited::Place,
        announced: bool,
    ) -> Result<Self> {
        let mut records = delimited::Records::new(text, syntax, max, place);
        if announced {
            records.read(&mut Vec::new(), &mut Vec::new())?;
        }
        Ok(TextRows { records })
    }
}

impl<R: Read + Send> Rows for TextRows<R> {
    fn next(&mut self, cells: &mut Cells) -> Result<Row> {
        let (mut text, mut ends) = cells.take_buffers();
        let line = self.records.read(&mut text, &mut ends)?;
        if !cells.set_buffers(text, ends) {
            return Err(Error::Internal("decoded text is not UTF-8".to_string()));
        }
        Ok(line.map_or(Row::End, |line| Row::Read { line }))
    }
}

#[cfg(test)]
mod tests;
