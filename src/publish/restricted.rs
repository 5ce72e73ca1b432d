//! The restricted folder's row-level files, written block by block: responses, answers, concerns,
//! rejected rows. Owns their order; it never sees raw text.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Float32Builder, Int64Builder, StringBuilder, StringDictionaryBuilder, UInt64Builder};
use arrow::datatypes::{DataType, Int32Type, Schema};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;

use super::answers::Answers;
use super::parquet::{failure, field, write, writer};
use super::responses::{Responses, names};
use super::staging::{StagedFile, Staging};
use crate::classify::{Codebook, Record};
use crate::config::Plan;
use crate::error::{Error, Result};
use crate::ingest::Rejection;

/// The open files.
pub struct Restricted {
    responses: Responses,
    answers: Answers,
    questions: Vec<String>,
    concern_ids: Vec<String>,
    files: [Open; 4],
}

struct Open {
    writer: ArrowWriter<StagedFile>,
    path: std::path::PathBuf,
}

impl Open {
    fn new(
        staging: &mut Staging,
        name: &str,
        schema: &Arc<Schema>,
        meta: &[(String, String)],
    ) -> Result<Self> {
        let file = staging.create(name)?;
        let path = file.path().to_path_buf();
        Ok(Open { writer: writer(file, schema, meta)?, path })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.num_rows() == 0 { Ok(()) } else { write(&mut self.writer, batch, &self.path) }
    }

    fn finish(self) -> Result<()> {
        let path = self.path;
        self.writer.into_inner().map_err(|e| failure(e, &path))?.finish()
    }
}

impl Restricted {
    /// Opens the four files in the staging area.
    ///
    /// # Errors
    /// `Environment` if they cannot be made.
    pub fn create(
        staging: &mut Staging,
        plan: &Plan,
        codebook: &Codebook,
        meta: &[(String, String)],
    ) -> Result<Self> {
        let responses = Responses::new(plan, codebook);
        let answers = Answers::new(plan);
        let files = [
            Open::new(staging, "restricted/responses.parquet", responses.schema(), meta)?,
            Open::new(staging, "restricted/answers.parquet", answers.schema(), meta)?,
            Open::new(staging, "restricted/concerns.parquet", &concerns_schema(), meta)?,
            Open::new(staging, "restricted/rejected.parquet", &rejected_schema(), meta)?,
        ];
        Ok(Restricted {
            responses,
            answers,
            questions: plan.text_questions().map(|q| plan.questions[q].id.clone()).collect(),
            concern_ids: codebook.concerns.iter().map(|c| c.id.clone()).collect(),
            files,
        })
    }

    /// Appends a block. The four files are encoded side by side.
    ///
    /// # Errors
    /// `Environment` if writing fails.
    pub fn write(&mut self, records: &[Record], rejected: &[Rejection]) -> Result<()> {
        let [responses, answers, concerns, rejects] = &mut self.files;
        let (this_responses, this_answers) = (&self.responses, &self.answers);
        let (questions, concern_ids) = (&self.questions, &self.concern_ids);
        let (a, b) = rayon::join(
            || responses.write(&this_responses.batch(records)?),
            || {
                answers.write(&this_answers.batch(records)?)?;
                concerns.write(&concern_rows(records, questions, concern_ids)?)?;
                rejects.write(&rejected_rows(rejected)?)
            },
        );
        a.and(b)
    }

    /// Completes the files.
    ///
    /// # Errors
    /// `Environment` if writing fails.
    pub fn finish(self) -> Result<()> {
        self.files.into_iter().try_for_each(Open::finish)
    }
}

fn concerns_schema() -> Arc<Schema> {
    Arc::new(Schema::new(vec![
        field("respondent_id", DataType::Utf8, false, "The export's id, or the row number"),
        field("row", DataType::Int64, false, "1-based number of the respondent over all input files"),
        field("question", names(), false, "The question's id"),
        field("kind", names(), false, "The concern's id"),
        field("score", DataType::Float32, false, "Its score, 0 to 1"),
    ]))
}

fn concern_rows(records: &[Record], questions: &[String], kinds: &[String]) -> Result<RecordBatch> {
    let mut id = StringBuilder::new();
    let mut row = Int64Builder::new();
    let mut question = StringDictionaryBuilder::<Int32Type>::new();
    let mut kind = StringDictionaryBuilder::<Int32Type>::new();
    let mut score = Float32Builder::new();
    for r in records {
        for (q, text) in r.texts.iter().enumerate() {
            let Some(text) = text else { continue };
            for (c, name) in kinds.iter().enumerate() {
                if text.scores.concern_set >> c & 1 == 1 {
                    id.append_value(&r.id);
                    row.append_value(r.row as i64);
                    question.append_value(&questions[q]);
                    kind.append_value(name);
                    score.append_value(text.scores.concerns.get(c).copied().unwrap_or_default());
                }
            }
        }
    }
    let columns: Vec<arrow::array::ArrayRef> = vec![
        Arc::new(id.finish()),
        Arc::new(row.finish()),
        Arc::new(question.finish()),
        Arc::new(kind.finish()),
        Arc::new(score.finish()),
    ];
    RecordBatch::try_new(concerns_schema(), columns).map_err(|e| Error::Internal(e.to_string()))
}

fn rejected_schema() -> Arc<Schema> {
    Arc::new(Schema::new(vec![
        field("row", DataType::UInt64, false, "1-based number of the row over all input files"),
        field("file", names(), false, "The file's name"),
        field("line", DataType::UInt64, false, "1-based line, or workbook row, where the row starts"),
        field("column", names(), true, "The column's header, where one cell is at fault"),
        field("reason", names(), false, "Why it was rejected"),
    ]))
}

fn rejected_rows(rejected: &[Rejection]) -> Result<RecordBatch> {
    let mut row = UInt64Builder::new();
    let mut file = StringDictionaryBuilder::<Int32Type>::new();
    let mut line = UInt64Builder::new();
    let mut column = StringDictionaryBuilder::<Int32Type>::new();
    let mut reason = StringDictionaryBuilder::<Int32Type>::new();
    for r in rejected {
        row.append_value(r.row);
        file.append_value(file_name(&r.origin.file));
        line.append_value(r.origin.line);
        column.append_option(r.column.as_deref());
        reason.append_value(r.reason.id());
    }
    let columns: Vec<arrow::array::ArrayRef> = vec![
        Arc::new(row.finish()),
        Arc::new(file.finish()),
        Arc::new(line.finish()),
        Arc::new(column.finish()),
        Arc::new(reason.finish()),
    ];
    RecordBatch::try_new(rejected_schema(), columns).map_err(|e| Error::Internal(e.to_string()))
}

/// A path without its folders: outputs do not say where files lay.
pub fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}
