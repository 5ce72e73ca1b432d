//! Delimited text to records: fields, quotes, line numbers and the limit on a record's length. Owns no
//! header and no column count. A record is never longer in memory than the limit.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::bytes::{Compression, failed};
use crate::error::{Error, Result};

/// More fields than this in one record are an error: they are no export.
const MAX_FIELDS: usize = 65_536;
const WINDOW: usize = 1 << 17;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syntax {
    /// What stands between fields; `None`: a record is one field.
    pub delimiter: Option<u8>,
    /// What stands around fields; `None`: nothing, a line is a record.
    pub quote: Option<u8>,
    /// Whether `\"` is a quote inside quotes, beside `""`.
    pub backslash: bool,
}

impl Syntax {
    /// One field a line, as it stands.
    pub(super) const LINES: Syntax = Syntax { delimiter: None, quote: None, backslash: false };
}

/// Where a message says that something is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The file.
    pub path: PathBuf,
    /// Its compression, for what a failure to read means.
    pub compression: Option<Compression>,
}

impl Place {
    /// `file, line 12`.
    pub(super) fn line(&self, line: u64) -> String {
        at_line(&self.path, line)
    }
}

/// `file, line 12`.
pub(super) fn at_line(path: &Path, line: u64) -> String {
    format!("{}, line {line}", path.display())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a field.
    Start,
    /// In a field without quotes, or after its closing quote.
    Bare,
    /// Inside quotes.
    Quoted,
    /// After a backslash inside quotes.
    Escaped,
    /// After a quote inside quotes.
    Closed,
    /// After the record.
    End,
}

/// The records of a text.
pub(super) struct Records<R> {
    input: R,
    place: Place,
    syntax: Syntax,
    max_bytes: u64,
    window: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
    line: u64,
    after_cr: bool,
    ends_bare: [bool; 256],
    ends_quoted: [bool; 256],
    start: u64,
    used: u64,
    /// Quotes where none should be; many mean that the syntax is not this one.
    pub stray_quotes: u64,
}

impl<R: Read> Records<R> {
    /// Reads UTF-8 text. A record of more than `max_bytes` is an error.
    pub(super) fn new(input: R, syntax: Syntax, max_bytes: u64, place: Place) -> Self {
        let bare = [Some(b'\n'), Some(b'\r'), Some(0), syntax.delimiter];
        let escape = syntax.backslash.then_some(b'\\');
        let quoted = [Some(b'\n'), Some(b'\r'), Some(0), syntax.quote, escape];
        Records {
            input,
            place,
            syntax,
            max_bytes,
            window: vec![0; WINDOW],
            at: 0,
            filled: 0,
            ended: false,
            line: 1,
            after_cr: false,
            ends_bare: table(&bare),
            ends_quoted: table(&quoted),
            start: 1,
            used: 0,
            stray_quotes: 0,
        }
    }

    /// Reads the next record that is not an empty line: its bytes without quotes into `out`, where each
    /// field ends into `ends`. Gives the line it starts on; `None` at the end.
    pub(super) fn read(&mut self, out: &mut Vec<u8>, ends: &mut Vec<usize>) -> Result<Option<u64>> {
        if !self.skip_empty_lines()? {
            return Ok(None);
        }
        self.start = self.line;
        self.used = 0;
        let mut state = State::Start;
        while state != State::End {
            if !self.fill()? {
                return self.finish(state, out, ends);
            }
            state = match state {
                State::Start => self.start(),
                State::Bare => self.bare(out, ends)?,
                State::Quoted => self.quoted(out)?,
                State::Escaped => self.escaped(out),
                State::Closed => self.closed(out, ends),
                State::End => State::End,
            };
            if ends.len() > MAX_FIELDS {
                return Err(self.too_many_fields());
            }
        }
        Ok(Some(self.start))
    }

    /// Whether a byte is at hand.
    fn fill(&mut self) -> Result<bool> {
        if self.at < self.filled {
            return Ok(true);
        }
        while !self.ended {
            match self.input.read(&mut self.window) {
                Ok(n) => {
                    (self.at, self.filled, self.ended) = (0, n, n == 0);
                    return Ok(n > 0);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(failed(&self.place.path, self.place.compression, &e)),
            }
        }
        Ok(false)
    }

    fn byte(&self) -> u8 {
        self.window.get(self.at).copied().unwrap_or(0)
    }

    fn skip_empty_lines(&mut self) -> Result<bool> {
        while self.fill()? {
            let b = self.byte();
            if b != b'\n' && b != b'\r' {
                return Ok(true);
            }
            self.newline(b);
        }
        Ok(false)
    }

    /// Counts a line end; `\r\n` is one.
    fn newline(&mut self, b: u8) {
        self.at += 1;
        if b == b'\n' && self.after_cr {
            self.after_cr = false;
        } else {
            self.line += 1;
            self.after_cr = b == b'\r';
        }
    }

    fn step(&mut self) {
        self.at += 1;
        self.after_cr = false;
    }

    fn start(&mut self) -> State {
        if Some(self.byte()) == self.syntax.quote {
            self.step();
            State::Quoted
        } else {
            State::Bare
        }
    }

    /// Copies up to the next byte that `stops`; gives that byte, if it is in the window.
    fn copy(&mut self, stops: fn(&Self) -> &[bool; 256], out: &mut Vec<u8>) -> Result<Option<u8>> {
        let rest = self.window.get(self.at..self.filled).unwrap_or_default();
        let table = stops(self);
        let n = rest.iter().position(|&b| table.get(usize::from(b)).is_some_and(|&s| s));
        let part = rest.get(..n.unwrap_or(rest.len())).unwrap_or_default();
        out.extend_from_slice(part);
        let copied = part.len();
        let stop = n.and_then(|n| rest.get(n).copied());
        if copied > 0 {
            self.after_cr = false;
        }
        self.at += copied;
        self.used += copied as u64 + 1;
        if self.used > self.max_bytes {
            return Err(self.too_long());
        }
        if stop == Some(0) {
            return Err(self.nul());
        }
        Ok(stop)
    }

    fn bare(&mut self, out: &mut Vec<u8>, ends: &mut Vec<usize>) -> Result<State> {
        let from = out.len();
        let stop = self.copy(|s| &s.ends_bare, out)?;
        if let Some(quote) = self.syntax.quote {
            let added = out.get(from..).unwrap_or_default();
            self.stray_quotes += added.iter().filter(|&&b| b == quote).count() as u64;
        }
        let Some(b) = stop else { return Ok(State::Bare) };
        ends.push(out.len());
        Ok(self.after_field(b))
    }

    /// After a field comes a delimiter or a line end.
    fn after_field(&mut self, b: u8) -> State {
        if Some(b) == self.syntax.delimiter {
            self.step();
            State::Start
        } else {
            self.newline(b);
            State::End
        }
    }

    fn quoted(&mut self, out: &mut Vec<u8>) -> Result<State> {
        match self.copy(|s| &s.ends_quoted, out)? {
            None => Ok(State::Quoted),
            Some(b @ (b'\n' | b'\r')) => {
                out.push(b);
                self.newline(b);
                Ok(State::Quoted)
            }
            Some(b) => {
                self.step();
                Ok(if Some(b) == self.syntax.quote { State::Closed } else { State::Escaped })
            }
        }
    }

    fn escaped(&mut self, out: &mut Vec<u8>) -> State {
        let b = self.byte();
        if Some(b) != self.syntax.quote && b != b'\\' {
            out.push(b'\\');
            return State::Quoted;
        }
        out.push(b);
        self.step();
        State::Quoted
    }

    /// A second quote is a quote; anything but a delimiter or line end is taken as part of the field.
    fn closed(&mut self, out: &mut Vec<u8>, ends: &mut Vec<usize>) -> State {
        let b = self.byte();
        if Some(b) == self.syntax.quote {
            out.push(b);
            self.step();
            return State::Quoted;
        }
        if Some(b) == self.syntax.delimiter || b == b'\n' || b == b'\r' {
            ends.push(out.len());
            return self.after_field(b);
        }
        self.stray_quotes += 1;
        State::Bare
    }

    /// The end of the text ends the last record, unless it is inside quotes.
    fn finish(&mut self, state: State, out: &[u8], ends: &mut Vec<usize>) -> Result<Option<u64>> {
        if matches!(state, State::Quoted | State::Escaped) {
            return Err(self.never_closed());
        }
        ends.push(out.len());
        Ok(Some(self.start))
    }

    fn never_closed(&self) -> Error {
        Error::data(
            "a quote is opened in the row that begins here and never closed, so that all that follows is one cell",
            self.place.line(self.start),
            "Mend the quote on that line, or export again; the file may be cut short.",
        )
    }

    fn too_long(&self) -> Error {
        Error::data(
            format!("the row that begins here is longer than {} MB", self.max_bytes.div_ceil(1_000_000)),
            self.place.line(self.start),
            "Usually a quote is opened and never closed: mend that line. If rows are really so long, raise [input] max_record_mb.",
        )
    }

    fn too_many_fields(&self) -> Error {
        Error::data(
            format!("the row that begins here has more than {MAX_FIELDS} fields"),
            self.place.line(self.start),
            "Check [input] delimiter, and that the file is an export.",
        )
    }

    fn nul(&self) -> Error {
        Error::data(
            "has a NUL byte: it is damaged, or no text",
            self.place.line(self.line),
            "Export it again.",
        )
    }
}

fn table(bytes: &[Option<u8>]) -> [bool; 256] {
    std::array::from_fn(|i| bytes.iter().flatten().any(|&b| usize::from(b) == i))
}

#[cfg(test)]
mod tests;
