//! Files to blocks of respondents: checks every header first, decodes on a thread of its own, codes
//! the rows of a block on all cores. Owns the order of the rows.

mod decode;
mod raw;
mod tally;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use rayon::prelude::*;
use serde::Serialize;

use super::coding::{Coder, Fault, Scratch, Unknown};
use super::mapping::{Lookup, Mapping, check_distinct, instrument, map_file};
use super::{Block, Export, FileFacts, Header, Respondent};
use crate::config::Plan;
use crate::error::{Error, Problem, Result};
use decode::{Decoder, Job};
pub(in crate::ingest) use raw::Raw;
use raw::RawRow;
use tally::Tally;

/// Rows of a block; the last block of a run may have fewer.
pub const BLOCK_ROWS: usize = 16_384;

/// Rows that one thread codes at a time.
const CHUNK_ROWS: usize = 256;

/// One file of a run.
#[derive(Debug)]
pub(in crate::ingest) struct Input {
    pub path: PathBuf,
    pub header: Header,
    pub mapping: Mapping,
    coder: Coder,
}

/// Reads all files of a run, in order, as blocks of respondents.
#[derive(Debug)]
pub struct Reader {
    inputs: Vec<Input>,
    decoder: Decoder,
    tally: Tally,
    total_bytes: u64,
    done: bool,
}

/// What became of one file, for the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputFacts {
    /// The file itself.
    #[serde(flatten)]
    pub file: FileFacts,
    /// The id of its instrument.
    pub source: String,
    /// Rows read: accepted and rejected.
    pub rows: u64,
    /// Rows that became respondents.
    pub accepted: u64,
    /// Rows that did not.
    pub rejected: u64,
    /// Answers that no option, level, band or number rule names, and that were taken as skipped; by
    /// question or group, those with none left out. Values that a group's `otherwise` takes are not
    /// among them.
    pub unknown_values: Vec<UnknownCount>,
}

/// How many answers to one question or group nothing names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownCount {
    /// The question's or group's id.
    pub id: String,
    /// Answers.
    pub count: u64,
}

impl Reader {
    /// Opens every file, finds every column in every header and starts to read the first file.
    ///
    /// # Errors
    /// `Config` with every problem of every file: given twice, of no or of two instruments, columns
    /// missing or named by several headers, replacements that lead nowhere. `Data` or `Environment`
    /// where a file cannot be opened as an export.
    pub fn open(plan: &Plan, paths: &[PathBuf]) -> Result<Reader> {
        let (inputs, first) = open_all(plan, paths)?;
        let total_bytes = paths.iter().filter_map(|p| std::fs::metadata(p).ok()).map(|m| m.len()).sum();
        let job = |i: &Input| Job {
            path: i.path.clone(),
            source: plan.sources.get(usize::from(i.mapping.source)).cloned(),
            columns: i.mapping.columns(),
            header_columns: i.header.columns.len(),
        };
        let decoder = Decoder::start(plan.input.clone(), inputs.iter().map(job).collect(), first)?;
        let tally = Tally::new(plan, &inputs);
        Ok(Reader { inputs, decoder, tally, total_bytes, done: false })
    }

    /// Bytes of all files, as they lie on disk.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes
    }

    /// What became of the files that are read to their end, in the order in which they were given.
    pub fn facts(&self) -> Vec<InputFacts> {
        self.tally.facts()
    }

    /// The files, as they were mapped.
    pub(in crate::ingest) fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The next block with the cells it was coded from and the values that nothing names.
    pub(in crate::ingest) fn next_coded(&mut self) -> Option<Result<Coded>> {
        while !self.done {
            match self.decoder.next() {
                Some(Ok(mut raw)) => {
                    let first_row = self.tally.rows + 1;
                    let coded = if raw.rows().is_empty() { None } else { Some(self.code(&raw)) };
                    self.tally.finish(raw.take_finished());
                    match coded {
                        Some((block, unknown)) => return Some(Ok(Coded { raw, block, unknown, first_row })),
                        None => self.decoder.recycle(raw),
                    }
                }
                Some(Err(e)) => {
                    self.done = true;
                    return Some(Err(e));
                }
                None => self.done = true,
            }
        }
        None
    }

    /// Gives back the room of a block that is done with.
    pub(in crate::ingest) fn recycle(&self, raw: Raw) {
        self.decoder.recycle(raw);
    }

    fn code(&mut self, raw: &Raw) -> (Block, Vec<(usize, Unknown)>) {
        let (inputs, first) = (&self.inputs, self.tally.rows + 1);
        let chunks: Vec<Chunk> = raw
            .rows()
            .par_chunks(CHUNK_ROWS)
            .enumerate()
            .map_init(Scratch::default, |scratch, (i, rows)| {
                code_chunk(inputs, raw, rows, i * CHUNK_ROWS, first, scratch)
            })
            .collect();
        let mut block = Block { bytes: raw.bytes(), ..Block::default() };
        block.respondents.reserve(raw.rows().len());
        let mut unknown = Vec::new();
        for chunk in chunks {
            self.tally.take(chunk, inputs, &mut block, &mut unknown);
        }
        (block, unknown)
    }
}

impl Iterator for Reader {
    type Item = Result<Block>;

    fn next(&mut self) -> Option<Result<Block>> {
        let coded = self.next_coded()?;
        Some(coded.map(|c| {
            self.recycle(c.raw);
            c.block
        }))
    }
}

/// A block, with what it was made from.
pub(in crate::ingest) struct Coded {
    pub raw: Raw,
    pub block: Block,
    /// Values that nothing names, of accepted rows, each with its row's place in `raw`.
    pub unknown: Vec<(usize, Unknown)>,
    /// The run's number of the first row of `raw`.
    pub first_row: u64,
}

/// Opens, assigns and maps all files; keeps the first one open.
fn open_all(plan: &Plan, paths: &[PathBuf]) -> Result<(Vec<Input>, Option<Export>)> {
    if paths.is_empty() || paths.len() > usize::from(u16::MAX) {
        let what = format!("{} export files were given", paths.len());
        return Err(Error::config(what, "", "Name one export file or more, at most 65535."));
    }
    let mut problems = check_distinct(paths);
    let sources: Vec<Option<u16>> =
        paths.iter().map(|p| instrument(plan, p).map_err(|e| problems.push(e)).ok()).collect();
    let mut inputs = Vec::new();
    let mut first = None;
    for (path, source) in paths.iter().zip(sources) {
        let Some(source) = source else { continue };
        let Some(reading) = plan.sources.get(usize::from(source)) else { continue };
        let export = Export::open(path, &plan.input, reading)?;
        inputs.push(map_one(plan, source, path, export.header(), &mut problems));
        first = first.or(Some(export));
    }
    if problems.is_empty() { Ok((inputs, first)) } else { Err(Error::Config(problems)) }
}

fn map_one(
    plan: &Plan,
    source: u16,
    path: &std::path::Path,
    header: &Header,
    problems: &mut Vec<Problem>,
) -> Input {
    let lookup = Lookup::new(header);
    let mapping = map_file(plan, source, &lookup, &path.display().to_string(), problems);
    let coder = Coder::new(plan, &mapping, header, problems);
    Input { path: path.to_path_buf(), header: header.clone(), mapping, coder }
}

/// A row that was coded.
struct CodedRow {
    file: u16,
    line: u64,
    /// The respondent and the hash of its id.
    result: std::result::Result<(Respondent, u64), Wrong>,
}

/// The rows that one thread coded.
struct Chunk {
    rows: Vec<CodedRow>,
    /// Values that nothing names, by the row's place in the block.
    unknown: Vec<(usize, Unknown)>,
    /// The first row's place in the block.
    start: usize,
}

/// A row that is rejected, before its names are looked up.
enum Wrong {
    Malformed(super::Reason),
    Fault(Fault),
}

fn code_chunk(
    inputs: &[Input],
    raw: &Raw,
    rows: &[RawRow],
    start: usize,
    first_row: u64,
    scratch: &mut Scratch,
) -> Chunk {
    let mut chunk = Chunk { rows: Vec::with_capacity(rows.len()), unknown: Vec::new(), start };
    for (place, row) in (start..).zip(rows) {
        let coded = match (row.malformed, inputs.get(usize::from(row.file))) {
            (Some(reason), _) => Err(Wrong::Malformed(reason)),
            (None, None) => Err(Wrong::Malformed(super::Reason::FieldCount)),
            (None, Some(input)) => {
                let cell = |slot| raw.cell(row, slot);
                input.coder.code(first_row + place as u64, row.file, cell, scratch).map_err(Wrong::Fault)
            }
        };
        if coded.is_ok() {
            chunk.unknown.extend(scratch.unknown.drain(..).map(|u| (place, u)));
        }
        let coded = coded.map(|r| {
            let mut hasher = DefaultHasher::new();
            r.id.hash(&mut hasher);
            (r, hasher.finish())
        });
        chunk.rows.push(CodedRow { file: row.file, line: row.line, result: coded });
    }
    chunk
}

#[cfg(test)]
mod tests;
