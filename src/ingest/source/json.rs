//! JSON Lines to rows: the keys of the first lines make the header, nested objects become `a.b`, lists
//! become text with `;`. Owns what JSON values read as; a key that appears later is named, not read.

use std::collections::{HashMap, VecDeque};
use std::io::Read;

use serde_json::{Map, Value};

use super::delimited::{Place, Records, Syntax};
use super::{Late, Rows, values};
use crate::error::{Error, Result};
use crate::ingest::{Cells, Reason, Row};

/// Lines whose keys make the header, and bytes that are enough of them.
const HEADER_LINES: usize = 1_000;
const HEADER_BYTES: usize = 8 << 20;
/// Late keys that are named.
const NAMED: usize = 20;

type Pairs = Vec<(String, String)>;

/// A line, read.
struct Line {
    number: u64,
    pairs: std::result::Result<Pairs, Reason>,
}

/// The rows of a JSON Lines file.
pub(super) struct JsonRows<R> {
    lines: Records<R>,
    columns: HashMap<String, usize>,
    first: VecDeque<Line>,
    slots: Vec<String>,
    late: Vec<String>,
    buffers: (Vec<u8>, Vec<usize>),
}

impl<R: Read> JsonRows<R> {
    /// Reads the first lines; gives the columns' names in the order in which they appear.
    ///
    /// # Errors
    /// `Data` if none of the first lines is a JSON object.
    pub(super) fn open(input: R, max_bytes: u64, place: &Place) -> Result<(Self, Vec<String>)> {
        let mut rows = JsonRows {
            lines: Records::new(input, Syntax::LINES, max_bytes, place.clone()),
            columns: HashMap::new(),
            first: VecDeque::new(),
            slots: Vec::new(),
            late: Vec::new(),
            buffers: (Vec::new(), Vec::new()),
        };
        let mut names = Vec::new();
        let mut bytes = 0;
        while rows.first.len() < HEADER_LINES && bytes < HEADER_BYTES {
            let Some(line) = rows.line()? else { break };
            if rows.first.is_empty() && rows.buffers.0.trim_ascii_start().starts_with(b"[") {
                return Err(no_objects(place, false));
            }
            for (key, _) in line.pairs.iter().flatten() {
                if !rows.columns.contains_key(key) {
                    rows.columns.insert(key.clone(), names.len());
                    names.push(key.clone());
                }
            }
            bytes += rows.buffers.0.len();
            rows.first.push_back(line);
        }
        if names.is_empty() {
            return Err(no_objects(place, rows.first.is_empty()));
        }
        rows.slots = vec![String::new(); names.len()];
        Ok((rows, names))
    }

    fn line(&mut self) -> Result<Option<Line>> {
        let (out, ends) = &mut self.buffers;
        loop {
            out.clear();
            ends.clear();
            let Some(number) = self.lines.read(out, ends)? else { return Ok(None) };
            if !out.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(Line { number, pairs: pairs(out) }));
            }
        }
    }

    /// Puts a line's values under their columns.
    fn place(&mut self, pairs: Pairs, cells: &mut Cells) {
        self.slots.iter_mut().for_each(String::clear);
        for (key, value) in pairs {
            match self.columns.get(&key).and_then(|&i| self.slots.get_mut(i)) {
                Some(slot) => *slot = value,
                None if value.is_empty() || self.late.len() >= NAMED || self.late.contains(&key) => {}
                None => self.late.push(key),
            }
        }
        cells.clear();
        self.slots.iter().for_each(|s| cells.push(s));
    }
}

impl<R: Read + Send> Rows for JsonRows<R> {
    fn next(&mut self, cells: &mut Cells) -> Result<Row> {
        let line = match self.first.pop_front() {
            Some(line) => Some(line),
            None => self.line()?,
        };
        Ok(match line {
            None => Row::End,
            Some(Line { number, pairs: Err(reason) }) => Row::Malformed { line: number, reason },
            Some(Line { number, pairs: Ok(pairs) }) => {
                self.place(pairs, cells);
                Row::Read { line: number }
            }
        })
    }

    fn late(&self) -> Late {
        Late { keys: self.late.clone(), ..Late::default() }
    }
}

fn no_objects(place: &Place, nothing: bool) -> Error {
    let what =
        if nothing { "holds no rows" } else { "is not JSON Lines: its first lines are no JSON objects" };
    Error::data(
        what,
        place.path.display().to_string(),
        "Write one object a line, such as {\"id\": 1, \"answer\": \"...\"}; a list in square brackets must be taken apart (jq -c '.[]').",
    )
}

/// The keys and values of a line, flattened.
fn pairs(line: &[u8]) -> std::result::Result<Pairs, Reason> {
    match serde_json::from_slice(line) {
        Ok(Value::Object(map)) => {
            let mut out = Vec::with_capacity(map.len());
            flatten("", map, &mut out);
            Ok(out)
        }
        _ => Err(Reason::Json),
    }
}

fn flatten(prefix: &str, map: Map<String, Value>, out: &mut Pairs) {
    for (key, value) in map {
        let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        match value {
            Value::Object(inner) => flatten(&key, inner, out),
            value => out.push((key, text(value))),
        }
    }
}

/// A value as a cell: a list of plain values joined by `;`, any other list as JSON.
fn text(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(b) => values::switch(b).to_string(),
        Value::String(s) => s,
        Value::Number(n) if n.is_f64() => n.as_f64().map(values::number).unwrap_or_default(),
        Value::Number(n) => n.to_string(),
        Value::Array(items) if items.iter().all(|v| !v.is_array() && !v.is_object()) => {
            items.into_iter().map(text).collect::<Vec<_>>().join(";")
        }
        nested => nested.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn open(text: &str) -> Result<(JsonRows<&[u8]>, Vec<String>)> {
        let place = Place { path: PathBuf::from("x.jsonl"), compression: None };
        JsonRows::open(text.as_bytes(), 1 << 20, &place)
    }

    type Read = (Vec<String>, Vec<(Row, Vec<String>)>, Vec<String>);

    fn rows(text: &str) -> Read {
        let (mut rows, names) = open(text).unwrap();
        let mut all = Vec::new();
        let mut cells = Cells::new();
        loop {
            match rows.next(&mut cells).unwrap() {
                Row::End => return (names, all, rows.late().keys),
                row @ Row::Read { .. } => {
                    all.push((row, (0..cells.len()).map(|i| cells.get(i).to_string()).collect()));
                }
                row => all.push((row, Vec::new())),
            }
        }
    }

    #[test]
    fn keys_are_columns_and_bad_lines_are_named() {
        let text = "{\"id\": 1, \"a\": {\"b\": \"x\", \"c\": [1, 2.0, \"z\", null, true]}}\n\n{\"id\": }\n[1]\n{\"new\": 0.5, \"id\": false}\n";
        let (names, all, late) = rows(text);
        assert_eq!(names, ["id", "a.b", "a.c", "new"]);
        let bad = |line| (Row::Malformed { line, reason: Reason::Json }, Vec::new());
        let good = |line, cells: [&str; 4]| (Row::Read { line }, cells.map(String::from).to_vec());
        assert_eq!(
            all,
            [good(1, ["1", "x", "1;2;z;;TRUE", ""]), bad(3), bad(4), good(5, ["FALSE", "", "", "0.5"])]
        );
        assert!(late.is_empty());
    }

    #[test]
    fn lists_of_objects_are_kept_as_json() {
        let (_, all, _) = rows("{\"a\": [{\"b\": 1}], \"c\": [[1], 2]}\n");
        assert_eq!(all[0].1, ["[{\"b\":1}]", "[[1],2]"]);
    }

    #[test]
    fn keys_that_come_late_are_named() {
        let text = "{\"id\": 1}\n".repeat(HEADER_LINES) + "{\"id\": 2, \"late\": 3, \"empty\": null}\n";
        let (names, all, late) = rows(&text);
        assert_eq!((names.len(), all.len(), late), (1, HEADER_LINES + 1, vec!["late".to_string()]));
    }

    #[test]
    fn what_is_no_json_lines_is_refused() {
        for text in ["[\n{\"id\": 1}\n]\n", "{\n\"id\": 1\n}\n", "\n\n"] {
            let e = open(text).err().unwrap();
            assert_eq!(e.exit_code(), 3);
            assert!(e.to_string().contains("x.jsonl"), "{e}");
        }
    }
}
