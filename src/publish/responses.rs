//! restricted/responses.parquet: one row a response. Owns its columns; redacted text only.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Float32Builder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
    StringDictionaryBuilder, StructBuilder, UInt32Builder,
};
use arrow::datatypes::{DataType, Field, Fields, Int32Type, Schema};
use arrow::record_batch::RecordBatch;

use super::parquet::field;
use crate::classify::{Codebook, CodedText, Record};
use crate::config::{Group, Plan};
use crate::error::{Error, Result};

/// Columns before the scores.
const FIRST: usize = 10;

/// The table's shape, and how records become its rows.
#[derive(Debug)]
pub struct Responses {
    schema: Arc<Schema>,
    questions: Vec<String>,
    themes: Vec<String>,
    concerns: Vec<String>,
    groups: Vec<Group>,
}

/// A dictionary column of short names.
pub fn names() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// A list column.
pub fn list(item: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("item", item, false)))
}

fn redaction_fields() -> Fields {
    Fields::from(vec![
        Field::new("type", DataType::Utf8, false),
        Field::new("start", DataType::UInt32, false),
        Field::new("end", DataType::UInt32, false),
    ])
}

/// The column of a group.
pub fn group_field(g: &Group) -> Field {
    let version = if g.version.is_empty() { String::new() } else { format!(", version {}", g.version) };
    field(&g.id, names(), true, &format!("{}{version}: the level's id; null where missing", g.label))
}

impl Responses {
    /// The columns that this plan and codebook give.
    pub fn new(plan: &Plan, codebook: &Codebook) -> Self {
        let themes: Vec<String> = codebook.themes.iter().map(|t| t.id.clone()).collect();
        let concerns: Vec<String> = codebook.concerns.iter().map(|c| c.id.clone()).collect();
        let mut fields = first_fields();
        for t in &codebook.themes {
            let text = format!("Score of the theme \"{}\", 0 to 1", t.label);
            fields.push(field(format!("theme_{}", t.id), DataType::Float32, true, &text));
        }
        for c in &codebook.concerns {
            let text = format!("Score of the safeguarding concern \"{}\", 0 to 1", c.label);
            fields.push(field(format!("concern_{}", c.id), DataType::Float32, true, &text));
        }
        fields.extend(plan.groups.iter().map(group_field));
        fields.push(field("weight", DataType::Float64, false, "Survey weight; 1 without a weight column"));
        Responses {
            schema: Arc::new(Schema::new(fields)),
            questions: plan.text_questions().map(|q| plan.questions[q].id.clone()).collect(),
            themes,
            concerns,
            groups: plan.groups.clone(),
        }
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The rows of these records, in order: a row for every text question that was answered.
    ///
    /// # Errors
    /// `Internal` if the columns do not fit the schema.
    pub fn batch(&self, records: &[Record]) -> Result<RecordBatch> {
        let rows: Vec<(&Record, usize, &CodedText)> = records
            .iter()
            .flat_map(|r| r.texts.iter().enumerate().filter_map(move |(q, t)| t.as_ref().map(|t| (r, q, t))))
            .collect();
        let mut columns = self.first_columns(&rows)?;
        for (i, _) in self.themes.iter().enumerate() {
            columns.push(scores(
                rows.iter().map(|(_, _, t)| t.content.then(|| t.scores.themes.get(i)).flatten()),
            ));
        }
        for (i, _) in self.concerns.iter().enumerate() {
            columns.push(scores(
                rows.iter().map(|(_, _, t)| t.content.then(|| t.scores.concerns.get(i)).flatten()),
            ));
        }
        for (g, group) in self.groups.iter().enumerate() {
            columns
                .push(levels(group, rows.iter().map(|(r, _, _)| r.closed.groups.get(g).copied().flatten()))?);
        }
        let mut weight = Float64Builder::with_capacity(rows.len());
        rows.iter().for_each(|(r, _, _)| weight.append_value(r.closed.weight));
        columns.push(Arc::new(weight.finish()));
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| Error::Internal(e.to_string()))
    }

    fn first_columns(&self, rows: &[(&Record, usize, &CodedText)]) -> Result<Vec<ArrayRef>> {
        let mut id = StringBuilder::new();
        let mut row = Int64Builder::new();
        let mut question = StringDictionaryBuilder::<Int32Type>::new();
        let mut text = StringBuilder::new();
        let mut content = BooleanBuilder::new();
        let mut language = StringDictionaryBuilder::<Int32Type>::new();
        let mut duplicate = StringBuilder::new();
        for (r, q, t) in rows {
            id.append_value(&r.id);
            row.append_value(r.row as i64);
            question.append_value(&self.questions[*q]);
            text.append_value(t.text.as_str());
            content.append_value(t.content);
            language.append_option(t.language);
            duplicate.append_option(t.duplicate_of.as_deref());
        }
        let themes = rows.iter().map(|(_, _, t)| t.scores.theme_set);
        let concerns = rows.iter().map(|(_, _, t)| t.scores.concern_set);
        Ok(vec![
            Arc::new(id.finish()),
            Arc::new(row.finish()),
            Arc::new(question.finish()),
            Arc::new(text.finish()),
            Arc::new(content.finish()),
            Arc::new(language.finish()),
            Arc::new(duplicate.finish()),
            decided(&self.themes, themes),
            decided(&self.concerns, concerns),
            redactions(rows),
        ])
    }
}

fn first_fields() -> Vec<Field> {
    let fields = vec![
        field("respondent_id", DataType::Utf8, false, "The export's id, or the row number"),
        field("row", DataType::Int64, false, "1-based number of the respondent over all input files"),
        field("question", names(), false, "The question's id"),
        field("text", DataType::Utf8, false, "The answer, redacted"),
        field("content", DataType::Boolean, false, "False where nothing is said (\"dont know\", \"n/a\")"),
        field("language", names(), true, "ISO 639-3 code; null where there is too little text to tell"),
        field("duplicate_of", DataType::Utf8, true, "respondent_id of the first answer that says the same"),
        field("themes", list(DataType::Utf8), false, "Ids of the themes decided"),
        field("concerns", list(DataType::Utf8), false, "Ids of the safeguarding concerns decided"),
        field(
            "redactions",
            list(DataType::Struct(redaction_fields())),
            false,
            "What was replaced: type, and start and end in code points of text",
        ),
    ];
    debug_assert_eq!(fields.len(), FIRST);
    fields
}

fn scores<'a>(values: impl Iterator<Item = Option<&'a f32>>) -> ArrayRef {
    let mut column = Float32Builder::new();
    values.for_each(|v| column.append_option(v.copied()));
    Arc::new(column.finish())
}

/// A group's column: level ids.
///
/// # Errors
/// `Internal` if a level is not the group's.
pub fn levels(group: &Group, values: impl Iterator<Item = Option<u16>>) -> Result<ArrayRef> {
    let mut column = StringDictionaryBuilder::<Int32Type>::new();
    for value in values {
        match value.map(|v| group.levels.get(v as usize)) {
            None => column.append_null(),
            Some(Some(level)) => column.append_value(&level.id),
            Some(None) => return Err(Error::Internal(format!("group {} has no such level", group.id))),
        }
    }
    Ok(Arc::new(column.finish()))
}

fn decided(ids: &[String], sets: impl Iterator<Item = u64>) -> ArrayRef {
    let item = Arc::new(Field::new("item", DataType::Utf8, false));
    let mut column = ListBuilder::new(StringBuilder::new()).with_field(item);
    for set in sets {
        for (i, id) in ids.iter().enumerate() {
            if set >> i & 1 == 1 {
                column.values().append_value(id);
            }
        }
        column.append(true);
    }
    Arc::new(column.finish())
}

fn redactions(rows: &[(&Record, usize, &CodedText)]) -> ArrayRef {
    let item = Arc::new(Field::new("item", DataType::Struct(redaction_fields()), false));
    let inner = StructBuilder::new(
        redaction_fields(),
        vec![Box::new(StringBuilder::new()), Box::new(UInt32Builder::new()), Box::new(UInt32Builder::new())],
    );
    let mut column = ListBuilder::new(inner).with_field(item);
    for (_, _, t) in rows {
        for r in t.text.redactions() {
            let s = column.values();
            if let Some(b) = s.field_builder::<StringBuilder>(0) {
                b.append_value(r.kind.id());
            }
            for (i, v) in [(1, r.start), (2, r.end)] {
                if let Some(b) = s.field_builder::<UInt32Builder>(i) {
                    b.append_value(v);
                }
            }
            s.append(true);
        }
        column.append(true);
    }
    Arc::new(column.finish())
}
