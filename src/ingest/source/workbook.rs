//! Excel workbooks to rows of text, a cell at a time on a thread of its own. Owns which sheet is read,
//! what cells read as and the limit on cells; no sheet is ever held whole.

use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::bytes::{self, Counted};
use super::package::{broken_cells, no_workbook};
use super::{Late, Rows, values};
use crate::config::{Input, fold};
use crate::error::{Error, Result};
use crate::ingest::{Cells, Row};

/// Rows that travel together, and batches that may wait.
const BATCH: usize = 256;
const WAITING: usize = 4;
/// Rows of a sheet that are looked at to choose one.
const LOOK: usize = 5;
/// Columns an Excel sheet can have.
const MAX_COLUMNS: usize = 16_384;

type NumberedRow = (u64, Cells);

enum Message {
    Sheet(String),
    Rows(Vec<NumberedRow>),
    Failed(Error),
    Done,
}

/// The rows of a worksheet.
pub(super) struct WorkbookRows {
    messages: Receiver<Message>,
    batch: std::vec::IntoIter<NumberedRow>,
    done: bool,
    path: PathBuf,
    row: u64,
    bytes: u64,
    read: Arc<AtomicU64>,
}

impl WorkbookRows {
    /// Opens a workbook that [`check`](super::package::check) has passed, and chooses its sheet. Gives
    /// the sheet's name too.
    pub(super) fn open(path: &Path, input: &Input) -> Result<(Self, String)> {
        let (file, bytes) = bytes::open(path)?;
        let read = Arc::new(AtomicU64::new(0));
        let source = BufReader::with_capacity(1 << 16, Counted::new(file, read.clone()));
        let (sender, messages) = sync_channel(WAITING);
        let worker = Worker { path: path.to_path_buf(), input: input.clone(), sender };
        std::thread::Builder::new()
            .name("workbook".to_string())
            .spawn(move || worker.run(source))
            .map_err(|e| Error::io("start a thread to read the workbook", path, &e))?;
        let (batch, path) = (Vec::new().into_iter(), path.to_path_buf());
        let mut rows = WorkbookRows { messages, batch, done: false, path, row: 0, bytes, read };
        let sheet = match rows.receive()? {
            Message::Sheet(name) => name,
            _ => return Err(Error::Internal("a workbook began without naming its sheet".to_string())),
        };
        Ok((rows, sheet))
    }

    /// The next message; the thread's end without one means that it met something unreadable.
    fn receive(&mut self) -> Result<Message> {
        match self.messages.recv() {
            Ok(Message::Failed(e)) => Err(e),
            Ok(message) => Ok(message),
            Err(_) => Err(broken_cells(&self.path, self.row + 1)),
        }
    }
}

impl Rows for WorkbookRows {
    fn next(&mut self, cells: &mut Cells) -> Result<Row> {
        loop {
            if let Some((row, read)) = self.batch.next() {
                *cells = read;
                self.row = row;
                return Ok(Row::Read { line: row });
            }
            if self.done {
                return Ok(Row::End);
            }
            match self.receive()? {
                Message::Rows(rows) => self.batch = rows.into_iter(),
                Message::Done => self.done = true,
                Message::Sheet(_) | Message::Failed(_) => {}
            }
        }
    }

    fn late(&self) -> Late {
        let read = self.read.load(Ordering::Relaxed).min(self.bytes);
        Late { bytes_read: Some(if self.done { self.bytes } else { read }), ..Late::default() }
    }
}

/// The reading side.
struct Worker {
    path: PathBuf,
    input: Input,
    sender: SyncSender<Message>,
}

impl Worker {
    fn run<R: Read + Seek>(self, source: R) {
        let last = match self.read(source) {
            Ok(()) => Message::Done,
            Err(e) => Message::Failed(e),
        };
        // A send fails only when nobody reads any more.
        let _ = self.sender.send(last);
    }

    fn read<R: Read + Seek>(&self, source: R) -> Result<()> {
        let mut book = Xlsx::new(source).map_err(|e| self.opening(&e))?;
        let sheet = self.choose(&mut book)?;
        if self.sender.send(Message::Sheet(sheet.clone())).is_err() {
            return Ok(());
        }
        let mut batch = Vec::with_capacity(BATCH);
        self.rows(&mut book, &sheet, |row| {
            batch.push(row);
            batch.len() < BATCH || self.sender.send(Message::Rows(std::mem::take(&mut batch))).is_ok()
        })?;
        let _ = self.sender.send(Message::Rows(batch));
        Ok(())
    }

    fn opening(&self, e: &XlsxError) -> Error {
        match e {
            XlsxError::Password => super::detect::password(&self.path),
            XlsxError::Io(e) if e.raw_os_error().is_some() => Error::io("read the export", &self.path, e),
            _ => no_workbook(&self.path),
        }
    }

    /// The sheet that the configuration names; else the first that looks like a table; else the first
    /// with rows. Hidden sheets are read only by name.
    fn choose<R: Read + Seek>(&self, book: &mut Xlsx<R>) -> Result<String> {
        let sheets = book.sheets_metadata().to_vec();
        if let Some(wanted) = &self.input.sheet {
            let named = sheets.iter().find(|s| fold(&s.name) == fold(wanted));
            return named.map(|s| s.name.clone()).ok_or_else(|| self.no_sheet(wanted, &sheets));
        }
        let mut first = None;
        for sheet in
            sheets.iter().filter(|s| s.visible == SheetVisible::Visible && s.typ == SheetType::WorkSheet)
        {
            let rows = self.look(book, &sheet.name)?;
            if looks_like_a_table(&rows) {
                return Ok(sheet.name.clone());
            }
            if first.is_none() && !rows.is_empty() {
                first = Some(sheet.name.clone());
            }
        }
        first.ok_or_else(|| {
            Error::data("has no sheet with rows", self.path.display().to_string(), "Export it again.")
        })
    }

    /// The first rows that are not empty.
    fn look<R: Read + Seek>(&self, book: &mut Xlsx<R>, sheet: &str) -> Result<Vec<Cells>> {
        let mut rows = Vec::new();
        self.rows(book, sheet, |(_, cells)| {
            if !cells.are_blank() {
                rows.push(cells);
            }
            rows.len() < LOOK
        })?;
        Ok(rows)
    }

    fn no_sheet(&self, wanted: &str, sheets: &[calamine::Sheet]) -> Error {
        let names: Vec<&str> = sheets.iter().map(|s| s.name.as_str()).collect();
        Error::config(
            format!("the workbook has no sheet \"{wanted}\""),
            format!("[input] sheet, {}", self.path.display()),
            format!("Its sheets are: {}.", names.join(", ")),
        )
    }

    /// Hands every row that has cells to `take`, until that says false.
    fn rows<R: Read + Seek>(
        &self,
        book: &mut Xlsx<R>,
        sheet: &str,
        mut take: impl FnMut(NumberedRow) -> bool,
    ) -> Result<()> {
        let mut reader = match book.worksheet_cells_reader(sheet) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
            Err(e) => return Err(self.opening(&e)),
        };
        let mut cells = Cells::new();
        let (mut row, mut count) = (0, 0u64);
        loop {
            let cell = match reader.next_cell() {
                Ok(Some(cell)) => cell,
                Ok(None) => break,
                // An error value of a newer Excel: a cell without an answer.
                Err(XlsxError::CellError(_)) => continue,
                Err(_) => return Err(broken_cells(&self.path, row + 1)),
            };
            let (r, c) = cell.get_position();
            let (r, c) = (u64::from(r) + 1, c as usize);
            if r != row {
                if !cells.is_empty() && !take((row, std::mem::take(&mut cells))) {
                    return Ok(());
                }
                row = r;
            }
            count += 1;
            self.limits(count, row, c, &cells)?;
            cells.pad(c);
            cells.push(&text(cell.get_value()));
        }
        if !cells.is_empty() {
            take((row, cells));
        }
        Ok(())
    }

    fn limits(&self, count: u64, row: u64, column: usize, cells: &Cells) -> Result<()> {
        if count > self.input.max_cells {
            return Err(Error::data(
                format!("has more than {} cells", self.input.max_cells),
                self.path.display().to_string(),
                "Raise [input] max_cells, or export it as CSV, which has no such limit.",
            ));
        }
        if cells.bytes() as u64 > self.input.max_record_bytes {
            return Err(super::row_too_long(&self.path, row, self.input.max_record_bytes));
        }
        if column >= MAX_COLUMNS || column < cells.len() {
            return Err(broken_cells(&self.path, row));
        }
        Ok(())
    }
}

/// Whether rows begin with a header of two columns or more, above a row of as many.
fn looks_like_a_table(rows: &[Cells]) -> bool {
    let filled = |cells: &Cells| (0..cells.len()).filter(|&i| !cells.get(i).trim().is_empty()).count();
    match rows {
        [header, first, ..] => filled(header) >= 2 && filled(first) >= 1,
        _ => false,
    }
}

/// What a cell reads as.
fn text(cell: &DataRef) -> String {
    match cell {
        DataRef::Int(i) => i.to_string(),
        DataRef::Float(x) => values::number(*x),
        DataRef::String(s) => s.clone(),
        DataRef::SharedString(s) => (*s).to_string(),
        DataRef::Bool(b) => values::switch(*b).to_string(),
        DataRef::DateTime(t) if t.is_duration() || t.as_f64() < 1.0 => values::time(t.as_f64()),
        DataRef::DateTime(t) => values::date_time(t.to_ymd_hms_milli()),
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
pub(super) mod tests;
