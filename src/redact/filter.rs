//! `bigask redact` as a filter: lines in, redacted lines out; or JSON Lines with spans. Owns the two
//! formats; a line that cannot be read is an error that names its number, never its content.

use std::borrow::Cow;
use std::io::{BufRead, ErrorKind, Write};
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::text::{IdentifierKind, RedactedText};
use super::{Redactor, Span};
use crate::error::{Error, Result};
use crate::observe::check_interrupt;

/// Lines that are redacted together, and bytes that close a batch before that.
const BATCH_LINES: usize = 4096;
const BATCH_BYTES: usize = 8 << 20;

/// Redacts text line by line. Line ends (`\n` or `\r\n`, or none after the last line) stay as they are.
///
/// # Errors
/// `Data` with the number of a line that is not UTF-8; `Environment` if reading or writing fails. A
/// reader of the output that stops early is no error.
pub fn filter_lines(redactor: &Redactor, input: impl BufRead, output: impl Write) -> Result<()> {
    filter(input, output, |line| {
        let (text, end) = split_end(line);
        let text = std::str::from_utf8(text).map_err(|_| Refused::NotUtf8)?;
        let mut out = redactor.redact(text).as_str().as_bytes().to_vec();
        out.extend_from_slice(end);
        Ok(out)
    })
}

/// Redacts JSON Lines: an object with `text` (a string) and `id` (anything, passed on as it is, or
/// absent) a line gives an object with `id`, `text` and `spans`. The offsets of a span are code points
/// of the text that came in, end exclusive. Other keys are left out; blank lines are skipped.
///
/// # Errors
/// `Data` with the number of a line that is not such an object; `Environment` as for lines.
pub fn filter_jsonl(redactor: &Redactor, input: impl BufRead, output: impl Write) -> Result<()> {
    filter(input, output, |line| {
        let (body, _) = split_end(line);
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Vec::new());
        }
        let record: Record = serde_json::from_slice(body).map_err(|_| Refused::NotARecord)?;
        let spans = redactor.find(&record.text);
        let redacted = RedactedText::replace(&record.text, &spans);
        let answer =
            Answer { id: record.id, text: redacted.as_str(), spans: in_code_points(&record.text, &spans) };
        let mut out = serde_json::to_vec(&answer).map_err(|_| Refused::NotARecord)?;
        out.push(b'\n');
        Ok(out)
    })
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default, deserialize_with = "as_it_is")]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// An id that is there, were it `null`.
fn as_it_is<'de: 'a, 'a, D: serde::Deserializer<'de>>(
    from: D,
) -> std::result::Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a RawValue>,
    text: &'a str,
    spans: Vec<PointSpan>,
}

/// A span in code points of the text that came in.
#[derive(Serialize, Debug, PartialEq, Eq)]
struct PointSpan {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: IdentifierKind,
}

/// Why a line was refused.
enum Refused {
    NotUtf8,
    NotARecord,
}

fn in_code_points(text: &str, spans: &[Span]) -> Vec<PointSpan> {
    let (mut byte, mut point) = (0, 0);
    let mut to = |end: usize| {
        point += text.get(byte..end).map_or(0, |s| s.chars().count());
        byte = end;
        point
    };
    spans.iter().map(|s| PointSpan { start: to(s.start), end: to(s.end), kind: s.kind }).collect()
}

/// A line without its end, and its end.
fn split_end(line: &[u8]) -> (&[u8], &[u8]) {
    let body = line.strip_suffix(b"\n").unwrap_or(line);
    let body = body.strip_suffix(b"\r").unwrap_or(body);
    line.split_at(body.len())
}

/// Reads batches of lines, works on them on all threads, writes them in order.
fn filter<W>(mut input: impl BufRead, mut output: impl Write, work: W) -> Result<()>
where
    W: Fn(&[u8]) -> std::result::Result<Vec<u8>, Refused> + Sync,
{
    let mut done = 0u64;
    loop {
        check_interrupt()?;
        let lines = batch(&mut input)?;
        if lines.is_empty() {
            return flushed(output.flush());
        }
        let worked: Vec<_> = lines.par_iter().map(|line| work(line)).collect();
        for (result, number) in worked.into_iter().zip(done + 1..) {
            let bytes = match result {
                Ok(bytes) => bytes,
                Err(refused) => {
                    flushed(output.flush())?;
                    return Err(refusal(&refused, number));
                }
            };
            match output.write_all(&bytes) {
                Err(e) if e.kind() == ErrorKind::BrokenPipe => return Ok(()),
                other => other
                    .map_err(|e| Error::io("write the redacted text", Path::new("standard output"), &e))?,
            }
        }
        done += lines.len() as u64;
    }
}

fn flushed(result: std::io::Result<()>) -> Result<()> {
    match result {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Error::io("write the redacted text", Path::new("standard output"), &e))
        }
        _ => Ok(()),
    }
}

fn batch(input: &mut impl BufRead) -> Result<Vec<Vec<u8>>> {
    let mut lines = Vec::new();
    let mut bytes = 0;
    while lines.len() < BATCH_LINES && bytes < BATCH_BYTES {
        let mut line = Vec::new();
        let read = input
            .read_until(b'\n', &mut line)
            .map_err(|e| Error::io("read the text", Path::new("standard input"), &e))?;
        if read == 0 {
            break;
        }
        bytes += read;
        lines.push(line);
    }
    Ok(lines)
}

fn refusal(refused: &Refused, line: u64) -> Error {
    let place = format!("standard input, line {line}");
    match refused {
        Refused::NotUtf8 => Error::data("is not UTF-8 text", place, "Convert the input to UTF-8 first."),
        Refused::NotARecord => Error::data(
            "is not a JSON object with a \"text\" that is a string",
            place,
            "Each line must be like {\"id\": 1, \"text\": \"...\"}; without --json, lines are taken as plain text.",
        ),
    }
}
