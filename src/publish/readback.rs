//! Reads a run's restricted files back as records, block by block, for `breakdown` and `quotes`.
//! Texts are redacted again on the way (redaction is idempotent), so that what leaves here went
//! through `redact` in this process as well.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{
    Array, AsArray, BooleanArray, Float32Array, Float64Array, Int64Array, ListArray, RecordBatchReader,
    StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::classify::{Codebook, CodedText, Record, Scores};
use crate::config::{Kind, Plan};
use crate::error::{Error, Result};
use crate::ingest::{Answer, Closed};
use crate::redact::{RedactedText, Redactor};

const BATCH: usize = 16_384;

/// A stream over answers.parquet with the matching rows of responses.parquet.
pub struct Readback<'a> {
    plan: &'a Plan,
    codebook: &'a Codebook,
    redactor: Option<&'a Redactor>,
    answers: ParquetRecordBatchReader,
    responses: Responses,
    path: PathBuf,
}

struct Responses {
    reader: ParquetRecordBatchReader,
    batch: Option<Loaded>,
    next: usize,
}

/// One batch of responses with its columns found once.
struct Loaded {
    rows: Int64Array,
    question: StringArray,
    text: StringArray,
    content: BooleanArray,
    language: StringArray,
    duplicate: StringArray,
    themes: Vec<Option<Float32Array>>,
    concerns: Vec<Option<Float32Array>>,
    theme_sets: Vec<u64>,
    concern_sets: Vec<u64>,
}

impl<'a> Readback<'a> {
    /// Opens both files. With a redactor texts are read; without, they stay empty.
    ///
    /// # Errors
    /// `Environment` if a file is missing; `Config` if the plan names a question or group that
    /// the run did not write.
    pub fn open(
        out: &Path,
        plan: &'a Plan,
        codebook: &'a Codebook,
        redactor: Option<&'a Redactor>,
    ) -> Result<Self> {
        let path = out.join("restricted/answers.parquet");
        let answers = reader(&path)?;
        let schema = RecordBatchReader::schema(&answers);
        let missing: Vec<_> = plan
            .questions
            .iter()
            .map(|q| &q.id)
            .chain(plan.groups.iter().map(|g| &g.id))
            .filter(|id| schema.column_with_name(id).is_none())
            .map(|id| {
                crate::error::Problem::new(
                    format!("the run did not write a question or group {id}"),
                    path.display().to_string(),
                    "Questions and groups are fixed by `bigask run`; tables, nets, labels and thresholds may change.",
                )
            })
            .collect();
        if !missing.is_empty() {
            return Err(Error::Config(missing));
        }
        let responses = reader(&out.join("restricted/responses.parquet"))?;
        let responses = Responses { reader: responses, batch: None, next: 0 };
        Ok(Readback { plan, codebook, redactor, answers, responses, path })
    }

    /// The next block of records; `None` at the end.
    ///
    /// # Errors
    /// `Environment` if a file is damaged.
    pub fn next_block(&mut self) -> Result<Option<Vec<Record>>> {
        let Some(batch) = self.answers.next() else { return Ok(None) };
        let batch = batch.map_err(|e| damaged(&self.path, &e.to_string()))?;
        let ids = strings(&batch, "respondent_id", &self.path)?;
        let rows = typed::<Int64Array>(&batch, "row", &self.path)?;
        let closed = closed(self.plan, &batch, &self.path)?;
        let shown = shown(self.plan, &batch, &self.path)?;
        let mut records = Vec::with_capacity(batch.num_rows());
        for (i, closed) in closed.into_iter().enumerate() {
            let row = rows.value(i);
            let asked: Vec<bool> = shown.iter().map(|s| s.is_valid(i)).collect();
            let texts = self.texts(row)?;
            records.push(Record { row: row as u64, id: ids.value(i).to_string(), texts, asked, closed });
        }
        Ok(Some(records))
    }

    fn texts(&mut self, row: i64) -> Result<Vec<Option<CodedText>>> {
        let questions: Vec<&str> =
            self.plan.text_questions().map(|q| self.plan.questions[q].id.as_str()).collect();
        let mut texts = vec![None; questions.len()];
        loop {
            let exhausted = self.responses.batch.as_ref().is_none_or(|b| self.responses.next >= b.rows.len());
            if exhausted && !self.load()? {
                return Ok(texts);
            }
            let Some(batch) = &self.responses.batch else { return Ok(texts) };
            let i = self.responses.next;
            if i >= batch.rows.len() || batch.rows.value(i) != row {
                return Ok(texts);
            }
            if let Some(q) = questions.iter().position(|q| *q == batch.question.value(i)) {
                texts[q] = Some(batch.coded(i, self.redactor));
            }
            self.responses.next += 1;
        }
    }

    fn load(&mut self) -> Result<bool> {
        let path = self.path.with_file_name("responses.parquet");
        let Some(batch) = self.responses.reader.next() else { return Ok(false) };
        let batch = batch.map_err(|e| damaged(&path, &e.to_string()))?;
        self.responses.batch = Some(Loaded::new(&batch, self.codebook, &path)?);
        self.responses.next = 0;
        Ok(true)
    }
}

impl Loaded {
    fn new(batch: &RecordBatch, codebook: &Codebook, path: &Path) -> Result<Self> {
        let theme_ids: Vec<&str> = codebook.themes.iter().map(|t| t.id.as_str()).collect();
        let concern_ids: Vec<&str> = codebook.concerns.iter().map(|c| c.id.as_str()).collect();
        let score = |prefix: &str, ids: &[&str]| -> Vec<Option<Float32Array>> {
            ids.iter().map(|id| typed(batch, &format!("{prefix}_{id}"), path).ok()).collect()
        };
        Ok(Loaded {
            rows: typed(batch, "row", path)?,
            question: strings(batch, "question", path)?,
            text: strings(batch, "text", path)?,
            content: typed(batch, "content", path)?,
            language: strings(batch, "language", path)?,
            duplicate: strings(batch, "duplicate_of", path)?,
            themes: score("theme", &theme_ids),
            concerns: score("concern", &concern_ids),
            theme_sets: sets(batch, "themes", &theme_ids, path)?,
            concern_sets: sets(batch, "concerns", &concern_ids, path)?,
        })
    }

    fn coded(&self, i: usize, redactor: Option<&Redactor>) -> CodedText {
        let value = |column: &Option<Float32Array>| match column {
            Some(c) if c.is_valid(i) => c.value(i),
            _ => 0.0,
        };
        CodedText {
            text: redactor.map_or_else(RedactedText::default, |r| r.redact(self.text.value(i))),
            content: self.content.value(i),
            language: self.language.is_valid(i).then(|| known_language(self.language.value(i))),
            duplicate_of: self.duplicate.is_valid(i).then(|| self.duplicate.value(i).to_string()),
            scores: Scores {
                themes: self.themes.iter().map(value).collect(),
                concerns: self.concerns.iter().map(value).collect(),
                theme_set: self.theme_sets[i],
                concern_set: self.concern_sets[i],
            },
        }
    }
}

/// English or not is all that later stages ask.
fn known_language(code: &str) -> &'static str {
    if code == "eng" { "eng" } else { "und" }
}

fn reader(path: &Path) -> Result<ParquetRecordBatchReader> {
    let file = File::open(path).map_err(|e| Error::io("read", path, &e))?;
    ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(|b| b.with_batch_size(BATCH).build())
        .map_err(|e| damaged(path, &e.to_string()))
}

fn damaged(path: &Path, detail: &str) -> Error {
    Error::environment(format!("is damaged: {detail}"), path.display().to_string(), "Run `bigask run` again.")
}

fn column<'b>(batch: &'b RecordBatch, name: &str, path: &Path) -> Result<&'b dyn Array> {
    batch.column_by_name(name).map(|c| &**c).ok_or_else(|| damaged(path, &format!("no column {name}")))
}

/// A column of the type it was written with.
fn typed<A: Array + Clone + 'static>(batch: &RecordBatch, name: &str, path: &Path) -> Result<A> {
    let found = column(batch, name, path)?.as_any().downcast_ref::<A>();
    found.cloned().ok_or_else(|| damaged(path, &format!("column {name} has another type")))
}

fn strings(batch: &RecordBatch, name: &str, path: &Path) -> Result<StringArray> {
    let plain =
        cast(column(batch, name, path)?, &DataType::Utf8).map_err(|e| damaged(path, &e.to_string()))?;
    plain.as_string_opt::<i32>().cloned().ok_or_else(|| damaged(path, &format!("column {name} is not text")))
}

/// A list column of ids as bit sets over `ids`.
fn sets(batch: &RecordBatch, name: &str, ids: &[&str], path: &Path) -> Result<Vec<u64>> {
    let lists: ListArray = typed(batch, name, path)?;
    Ok((0..lists.len()).map(|i| indices(&*lists.value(i), ids).fold(0, |set, o| set | 1 << o)).collect())
}

fn indices<'b>(items: &'b dyn Array, ids: &'b [&str]) -> impl Iterator<Item = usize> + 'b {
    let items = items.as_string_opt::<i32>();
    let n = items.map_or(0, |i| i.len());
    (0..n).filter_map(move |k| items.and_then(|items| ids.iter().position(|id| *id == items.value(k))))
}

fn shown(plan: &Plan, batch: &RecordBatch, path: &Path) -> Result<Vec<BooleanArray>> {
    plan.text_questions().map(|q| typed(batch, &plan.questions[q].id, path)).collect()
}

fn closed(plan: &Plan, batch: &RecordBatch, path: &Path) -> Result<Vec<Closed>> {
    let n = batch.num_rows();
    let not_shown: ListArray = typed(batch, "not_shown", path)?;
    let mut answers: Vec<Vec<Answer>> = (0..n).map(|_| Vec::new()).collect();
    for q in plan.closed_questions() {
        let id = [plan.questions[q].id.as_str()];
        let values = question(&plan.questions[q].kind, batch, id[0], path)?;
        for (i, value) in values.into_iter().enumerate() {
            let hidden = || indices(&*not_shown.value(i), &id).next().is_some();
            answers[i]
                .push(value.unwrap_or_else(|| if hidden() { Answer::NotShown } else { Answer::Skipped }));
        }
    }
    let mut groups: Vec<Vec<Option<u16>>> = (0..n).map(|_| Vec::new()).collect();
    for g in &plan.groups {
        let column = strings(batch, &g.id, path)?;
        for (i, levels) in groups.iter_mut().enumerate() {
            let level = column.is_valid(i).then(|| column.value(i));
            levels.push(level.and_then(|v| g.levels.iter().position(|l| l.id == v)).map(|l| l as u16));
        }
    }
    let weight: Float64Array = typed(batch, "weight", path)?;
    let rows = answers.into_iter().zip(groups).enumerate();
    Ok(rows.map(|(i, (answers, groups))| Closed { answers, groups, weight: weight.value(i) }).collect())
}

/// A question's answers; `None` where missing.
fn question(kind: &Kind, batch: &RecordBatch, id: &str, path: &Path) -> Result<Vec<Option<Answer>>> {
    let ids: Vec<&str> = kind.options().iter().map(|o| o.id.as_str()).collect();
    Ok(match kind {
        Kind::Number { .. } => {
            let c: Float64Array = typed(batch, id, path)?;
            (0..c.len()).map(|i| c.is_valid(i).then(|| Answer::Number(c.value(i)))).collect()
        }
        Kind::Multiple { .. } => {
            let c: ListArray = typed(batch, id, path)?;
            let many = |i: usize| Answer::Many(indices(&*c.value(i), &ids).map(|o| o as u16).collect());
            (0..c.len()).map(|i| c.is_valid(i).then(|| many(i))).collect()
        }
        _ => {
            let c = strings(batch, id, path)?;
            let one = |i: usize| ids.iter().position(|o| *o == c.value(i)).map(|o| Answer::One(o as u16));
            (0..c.len()).map(|i| if c.is_valid(i) { one(i) } else { None }).collect()
        }
    })
}
