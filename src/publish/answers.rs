//! restricted/answers.parquet: one row a respondent. Owns its columns.
//!
//! A null answer is a missing one; `not_shown` lists the questions that the respondent's instrument
//! did not ask, so that the three states of missing can be told apart.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
    StringDictionaryBuilder,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use arrow::record_batch::RecordBatch;

use super::parquet::field;
use super::responses::{group_field, levels, list, names};
use crate::classify::Record;
use crate::config::{Kind, Plan, Question};
use crate::error::{Error, Result};
use crate::ingest::Answer;

/// The table's shape, and how records become its rows.
#[derive(Debug)]
pub struct Answers {
    schema: Arc<Schema>,
    plan: Plan,
    text: Vec<usize>,
    closed: Vec<usize>,
}

impl Answers {
    /// The columns that this plan gives.
    pub fn new(plan: &Plan) -> Self {
        let mut fields = vec![
            field("respondent_id", DataType::Utf8, false, "The export's id, or the row number"),
            field("row", DataType::Int64, false, "1-based number of the respondent over all input files"),
            field(
                "not_shown",
                list(DataType::Utf8),
                false,
                "Ids of the questions this respondent was not asked",
            ),
        ];
        fields.extend(plan.questions.iter().map(question_field));
        fields.extend(plan.groups.iter().map(group_field));
        fields.push(field("weight", DataType::Float64, false, "Survey weight; 1 without a weight column"));
        Answers {
            schema: Arc::new(Schema::new(fields)),
            text: plan.text_questions().collect(),
            closed: plan.closed_questions().collect(),
            plan: plan.clone(),
        }
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The rows of these records, in order.
    ///
    /// # Errors
    /// `Internal` if the columns do not fit the schema.
    pub fn batch(&self, records: &[Record]) -> Result<RecordBatch> {
        let mut id = StringBuilder::new();
        let mut row = Int64Builder::new();
        let mut weight = Float64Builder::new();
        for r in records {
            id.append_value(&r.id);
            row.append_value(r.row as i64);
            weight.append_value(r.closed.weight);
        }
        let mut columns: Vec<ArrayRef> =
            vec![Arc::new(id.finish()), Arc::new(row.finish()), self.not_shown(records)];
        for q in 0..self.plan.questions.len() {
            columns.push(self.question(q, records));
        }
        for (g, group) in self.plan.groups.iter().enumerate() {
            columns.push(levels(group, records.iter().map(|r| r.closed.groups.get(g).copied().flatten()))?);
        }
        columns.push(Arc::new(weight.finish()));
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| Error::Internal(e.to_string()))
    }

    fn not_shown(&self, records: &[Record]) -> ArrayRef {
        let mut column = ListBuilder::new(StringBuilder::new()).with_field(Arc::new(Field::new(
            "item",
            DataType::Utf8,
            false,
        )));
        for r in records {
            for (i, &q) in self.text.iter().enumerate() {
                if !r.asked.get(i).copied().unwrap_or(false) {
                    column.values().append_value(&self.plan.questions[q].id);
                }
            }
            for (i, &q) in self.closed.iter().enumerate() {
                if r.closed.answers.get(i) == Some(&Answer::NotShown) {
                    column.values().append_value(&self.plan.questions[q].id);
                }
            }
            column.append(true);
        }
        Arc::new(column.finish())
    }

    fn question(&self, q: usize, records: &[Record]) -> ArrayRef {
        if let Some(i) = self.text.iter().position(|&t| t == q) {
            let mut column = BooleanBuilder::new();
            for r in records {
                let asked = r.asked.get(i).copied().unwrap_or(false);
                column.append_option(asked.then(|| matches!(r.texts.get(i), Some(Some(_)))));
            }
            return Arc::new(column.finish());
        }
        let i = self.closed.iter().position(|&c| c == q).unwrap_or_default();
        let answers = records.iter().map(|r| r.closed.answers.get(i).unwrap_or(&Answer::NotShown));
        match &self.plan.questions[q].kind {
            Kind::Multiple { options, .. } => many(answers, |o| options.get(o).map(|c| c.id.as_str())),
            Kind::Number { .. } => {
                let mut column = Float64Builder::new();
                answers.for_each(|a| {
                    column.append_option(if let Answer::Number(x) = a { Some(*x) } else { None })
                });
                Arc::new(column.finish())
            }
            kind => {
                let options = kind.options();
                let mut column = StringDictionaryBuilder::<Int32Type>::new();
                for a in answers {
                    let id = if let Answer::One(o) = a { options.get(*o as usize) } else { None };
                    column.append_option(id.map(|c| c.id.as_str()));
                }
                Arc::new(column.finish())
            }
        }
    }
}

fn question_field(q: &Question) -> Field {
    let (kind, what) = match &q.kind {
        Kind::Text { .. } => (DataType::Boolean, "whether it was answered; null where not shown"),
        Kind::Likert { .. } | Kind::Single { .. } => (names(), "the option's id"),
        Kind::Multiple { .. } => (list(DataType::Utf8), "the chosen options' ids"),
        Kind::Number { .. } => (DataType::Float64, "the number"),
    };
    field(&q.id, kind, true, &format!("{} ({}): {what}", q.label, q.kind.name()))
}

fn many<'a, 'b>(
    answers: impl Iterator<Item = &'a Answer>,
    id: impl Fn(usize) -> Option<&'b str>,
) -> ArrayRef {
    let mut column = ListBuilder::new(StringBuilder::new()).with_field(Arc::new(Field::new(
        "item",
        DataType::Utf8,
        false,
    )));
    for a in answers {
        let Answer::Many(options) = a else {
            column.append(false);
            continue;
        };
        for id in options.iter().filter_map(|&o| id(o as usize)) {
            column.values().append_value(id);
        }
        column.append(true);
    }
    Arc::new(column.finish())
}
