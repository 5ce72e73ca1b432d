//! Synthetic consultations of any size: `bigask generate`. Owns what is made up and in which
//! proportions; it reads no file and no clock, and nobody's answers are in it.
//!
//! Rows are made in chunks of a fixed size, each from numbers of its own, so that a seed gives the
//! same bytes on any number of threads.

mod answers;
mod columns;
mod compose;
mod hand;
mod people;
mod phrase;
mod plant;
mod random;
mod scribble;
mod sheet;
mod vocabulary;

use std::io::{self, Write};

use rayon::prelude::*;

use answers::Answers;
use compose::{Composer, Prompt};
use hand::Hand;
use people::Person;
use random::Draw;
use scribble::{Mark, Scribe};
use sheet::{Row, Sheet};

/// Rows of a chunk.
const CHUNK: u64 = 1024;
/// Shares of respondents who leave the text questions empty.
const SKIPPED: [f32; 2] = [0.08, 0.42];

/// What to generate.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Respondents.
    pub rows: u64,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// Text questions: 1 or 2.
    pub texts: usize,
    /// Share (0 to 1) of the answers given in which an identifier is planted.
    pub planted_share: f64,
    /// Which questionnaire.
    pub instrument: Instrument,
}

/// The questionnaires of the consultation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Instrument {
    /// All questions; exported as Qualtrics does, with three header rows.
    #[default]
    Main,
    /// Fewer questions in other words and on another scale; a sheet with `;`, a byte-order mark and
    /// one header row. It has one text question.
    EasyRead,
}

impl Default for Options {
    fn default() -> Self {
        Options { rows: 1000, seed: 1, texts: 1, planted_share: 0.06, instrument: Instrument::Main }
    }
}

/// Writes an export, and to `key` where each planted identifier stands.
///
/// The key is a CSV of `row` (1-based, without header rows), `column` (the question's id), `type`,
/// `start`, `end` (code points of the cell) and `value`. Memory does not grow with the rows.
///
/// # Errors
/// What writing says; `Interrupted` after [`observe::interrupt`](crate::observe::interrupt).
pub fn generate(o: &Options, csv: &mut impl Write, key: Option<&mut impl Write>) -> io::Result<()> {
    let sheet = Sheet::new(o);
    let mut head = Vec::new();
    sheet.header(&mut head);
    csv.write_all(&head)?;
    let mut key = key;
    if let Some(key) = key.as_deref_mut() {
        key.write_all(sheet::KEY_HEADER)?;
    }
    let chunks = o.rows.div_ceil(CHUNK);
    let at_once = 4 * rayon::current_num_threads() as u64;
    for first in (0..chunks).step_by(at_once as usize) {
        crate::observe::check_interrupt().map_err(|_| io::Error::from(io::ErrorKind::Interrupted))?;
        let made: Vec<Chunk> =
            (first..chunks.min(first + at_once)).into_par_iter().map(|n| Chunk::make(o, &sheet, n)).collect();
        for chunk in made {
            csv.write_all(&chunk.csv)?;
            if let Some(key) = key.as_deref_mut() {
                key.write_all(&chunk.key)?;
            }
        }
    }
    csv.flush()?;
    key.map_or(Ok(()), |k| k.flush())
}

/// The pipeline.toml that fits the export: for [`Instrument::Main`] that file alone, under any name;
/// for [`Instrument::EasyRead`] both questionnaires, in files `export*` and `easy_read*`.
pub fn config_toml(o: &Options) -> String {
    let both = o.instrument == Instrument::EasyRead;
    let mut out = String::new();
    let mut keep = true;
    for line in include_str!("data/pipeline.toml").lines() {
        match line.strip_prefix("#@") {
            Some(needs) => {
                keep = needs.split(' ').all(|n| match n {
                    "texts2" => o.texts >= 2,
                    "both" => both,
                    _ => true,
                });
            }
            None if keep => {
                out.push_str(line);
                out.push('\n');
            }
            None => {}
        }
    }
    out
}

/// The bytes of consecutive rows.
struct Chunk {
    csv: Vec<u8>,
    key: Vec<u8>,
}

impl Chunk {
    fn make(o: &Options, sheet: &Sheet, n: u64) -> Chunk {
        let mut writer = Writer::new(o, n);
        let mut chunk = Chunk { csv: Vec::with_capacity(600 * CHUNK as usize), key: Vec::new() };
        for row in n * CHUNK..o.rows.min((n + 1) * CHUNK) {
            writer.row(row + 1, sheet, &mut chunk);
        }
        chunk
    }
}

/// Makes respondents one after another, with buffers that are used again.
struct Writer<'a> {
    options: &'a Options,
    draw: Draw,
    composer: Composer,
    cells: [String; 2],
    marks: Vec<Mark>,
}

impl<'a> Writer<'a> {
    fn new(options: &'a Options, chunk: u64) -> Self {
        let stream = options.instrument as u64 * 2;
        Writer {
            options,
            draw: Draw::new(options.seed, stream, chunk),
            composer: Composer::new(vocabulary::vocabulary(), Draw::new(options.seed, stream + 1, chunk)),
            cells: Default::default(),
            marks: Vec::new(),
        }
    }

    fn row(&mut self, number: u64, sheet: &Sheet, to: &mut Chunk) {
        let person = Person::new(self.options.instrument, &mut self.draw);
        let answers = Answers::new(&person, &mut self.draw);
        let hand = Hand::new(&person, &mut self.draw);
        self.composer.meet(&person, &hand);
        for text in 0..self.options.texts.clamp(1, 2) {
            self.text(text, &hand, sheet.shows(text, answers.progress));
            if let Some(cell) = self.cells.get(text) {
                sheet.key(number, text, cell, &self.marks, &mut to.key);
            }
        }
        let [first, second] = &self.cells;
        let row = Row { number, person: &person, answers: &answers, texts: [first, second] };
        sheet.row(&row, &mut to.csv);
    }

    /// Fills a cell, or leaves it empty.
    fn text(&mut self, text: usize, hand: &Hand, shown: bool) {
        self.marks.clear();
        let Some(cell) = self.cells.get_mut(text) else { return };
        cell.clear();
        let skipped = SKIPPED.get(text).copied().unwrap_or(1.0);
        if self.draw.chance(skipped) || !shown {
            return;
        }
        let prompt = if text == 0 { Prompt::LivesBetter } else { Prompt::AnythingElse };
        let (meant, plain) = self.composer.answer(prompt, self.options.planted_share as f32);
        let spelling = &vocabulary::vocabulary().spelling;
        let mut scribe = Scribe { hand, spelling, draw: &mut self.draw, out: cell, marks: &mut self.marks };
        if plain {
            scribe.write_plain(meant);
        } else {
            scribe.write(meant);
        }
    }
}

#[cfg(test)]
mod tests;
