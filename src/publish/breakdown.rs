//! The breakdown as Parquet. What goes to the release folder comes
//! in as [`Released`]; exact figures are only ever written for the restricted folder.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::config::Plan;
use crate::error::{Error, Result};
use crate::protect::{Breakdown, Released};
use crate::tabulate::{Cell, Dimension, Figures, Measure, Status, Tabulation, figures};

pub use super::preview::preview;

/// Rows in memory as columns at once.
const BATCH: usize = 65_536;

/// A row to write.
struct Line<'a> {
    measure: &'a Measure,
    cell: &'a Cell,
    status: Status,
    figures: &'a Figures,
}

/// Writes the protected breakdown (release/breakdown.parquet): rows sorted by measure and cell in
/// the plan's order, `meta` as key-value metadata. The same input gives the same bytes.
///
/// # Errors
/// `Environment` if `out` cannot be written.
pub fn write_released(
    out: impl Write + Send,
    b: &Released<Breakdown>,
    meta: &[(String, String)],
) -> Result<()> {
    let mut file = Output::new(out, &b.dimensions, meta)?;
    for rows in b.rows.chunks(BATCH) {
        let line = |row: &'_ crate::protect::BreakdownRow| {
            let (measure, cell) = (b.measures.get(row.measure)?, b.cells.get(row.cell)?);
            Some((measure, cell, row.status, row.figures))
        };
        let lines: Vec<_> = rows.iter().filter_map(line).collect();
        file.write(lines.iter().map(|(m, c, s, f)| Line { measure: m, cell: c, status: *s, figures: f }))?;
    }
    file.finish()
}

/// Writes the exact breakdown (restricted/breakdown.parquet), in the same shape: nothing hidden,
/// nothing rounded.
///
/// # Errors
/// `Environment` if `out` cannot be written.
pub fn write_exact(
    out: impl Write + Send,
    plan: &Plan,
    t: &Tabulation,
    meta: &[(String, String)],
) -> Result<()> {
    let small = plan.disclosure.small_base;
    let mut file = Output::new(out, &t.dimensions, meta)?;
    for item in &t.measures.items {
        let numbers = figures::exact(t, item);
        let rows: Vec<_> = t.rows_of(item).iter().zip(&numbers).collect();
        for rows in rows.chunks(BATCH) {
            file.write(rows.iter().filter_map(|(row, figures)| {
                let (measure, cell) = (t.measures.list.get(row.measure)?, t.cells.get(row.cell)?);
                Some(Line { measure, cell, status: figures::exact_status(figures, small), figures })
            }))?;
        }
    }
    file.finish()
}

/// An open file.
struct Output<'a, W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    dimensions: &'a [Dimension],
}

impl<'a, W: Write + Send> Output<'a, W> {
    fn new(out: W, dimensions: &'a [Dimension], meta: &[(String, String)]) -> Result<Self> {
        let schema = Arc::new(schema(dimensions));
        let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties(&schema, meta)?));
        Ok(Output { writer: writer.map_err(|e| failed(&e))?, schema, dimensions })
    }

    fn write<'b>(&mut self, lines: impl Iterator<Item = Line<'b>>) -> Result<()> {
        let columns = columns(self.dimensions, &lines.collect::<Vec<_>>());
        let batch = RecordBatch::try_new(self.schema.clone(), columns)
            .map_err(|e| Error::Internal(format!("the breakdown does not fit its schema: {e}")))?;
        self.writer.write(&batch).map_err(|e| failed(&e))
    }

    fn finish(self) -> Result<()> {
        self.writer.close().map(|_| ()).map_err(|e| failed(&e))
    }
}

fn failed(e: &ParquetError) -> Error {
    Error::environment(
        format!("cannot write the breakdown: {e}"),
        "",
        "Check the space left and your permission to write, or choose another place with -o.",
    )
}

/// Statistics and dictionaries of number columns are left out: nothing about a number is in the file
/// but the number.
fn properties(schema: &Schema, meta: &[(String, String)]) -> Result<WriterProperties> {
    let level = ZstdLevel::try_new(9).map_err(|e| failed(&e))?;
    let pairs = meta.iter().map(|(k, v)| KeyValue::new(k.clone(), v.clone())).collect();
    let mut builder = WriterProperties::builder()
        .set_created_by(concat!("bigask version ", env!("CARGO_PKG_VERSION")).to_string())
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_key_value_metadata(Some(pairs));
    for field in schema.fields().iter().filter(|f| f.data_type() != &DataType::Utf8) {
        builder = builder.set_column_dictionary_enabled(field.name().as_str().into(), false);
    }
    Ok(builder.build())
}

/// A number column: name, description and where its value is.
type Number = (&'static str, &'static str, fn(&Figures) -> Option<f64>);

/// A count column, the same way.
type Count = (&'static str, &'static str, fn(&Figures) -> Option<u64>);

const COUNTS: [Count; 2] = [
    (
        "base",
        "Children who answered (for themes: as theme_base says, usually those who wrote something)",
        |f| f.base,
    ),
    ("count", "Children with the measure; never mentions. Empty for means", |f| f.count),
];

const NUMBERS: [Number; 11] = [
    ("percent", "Count as a percentage of base, unweighted", |f| f.percent),
    ("ci_lower", "Lower end of the 95% Wilson interval of percent", |f| f.ci_lower),
    ("ci_upper", "Upper end of the 95% Wilson interval of percent", |f| f.ci_upper),
    ("weighted_percent", "Weighted percentage; empty without survey weights", |f| f.weighted_percent),
    ("weighted_ci_lower", "Lower end of the 95% logit interval of weighted_percent", |f| f.weighted_ci_lower),
    ("weighted_ci_upper", "Upper end of the 95% logit interval of weighted_percent", |f| f.weighted_ci_upper),
    ("effective_base", "Kish's effective base; empty without survey weights", |f| f.effective_base),
    ("mean", "Mean of scores (1 for the first option) or numbers, weighted where there are weights", |f| {
        f.mean
    }),
    ("mean_se", "Linearised standard error of mean", |f| f.mean_se),
    (
        "difference",
        "Percentage points above everyone else in the same table; weighted where there are weights",
        |f| f.difference,
    ),
    (
        "p_adjusted",
        "p-value of difference (two-sided z test on effective bases), Benjamini-Hochberg within question and table",
        |f| f.p_adjusted,
    ),
];

/// A text column before the groups: name, description and where its value is.
type Text = (&'static str, &'static str, for<'a> fn(&'a Measure) -> Option<&'a str>);

const KEYS: [Text; 5] = [
    ("question", "Id of the question", |m| Some(&m.question_id)),
    ("measure_kind", "theme, pillar, option, net or mean", |m| Some(m.kind.id())),
    ("pillar", "Pillar of a theme or pillar, else empty", |m| m.pillar.as_deref()),
    ("measure", "Id of the theme, pillar, option or net; mean", |m| Some(&m.id)),
    ("measure_label", "How the measure is printed", |m| Some(&m.label)),
];

fn field(name: &str, kind: DataType, nullable: bool, description: String) -> Field {
    let metadata = HashMap::from([("description".to_string(), description)]);
    Field::new(name, kind, nullable).with_metadata(metadata)
}

fn schema(dimensions: &[Dimension]) -> Schema {
    let mut fields: Vec<Field> = Vec::new();
    for (name, description, _) in KEYS {
        fields.push(field(name, DataType::Utf8, name == "pillar", description.to_string()));
    }
    for d in dimensions {
        let definition =
            if d.version.is_empty() { String::new() } else { format!(", definition {}", d.version) };
        let description = format!("{}{definition}: id of a level, or Total where summed over", d.label);
        fields.push(field(&d.id, DataType::Utf8, false, description));
    }
    fields.extend(COUNTS.iter().map(|(name, what, _)| field(name, DataType::Int64, true, what.to_string())));
    fields
        .extend(NUMBERS.iter().map(|(name, what, _)| field(name, DataType::Float64, true, what.to_string())));
    let status = "Empty; c: suppressed; u: unreliable, a small base; z: not applicable, nobody answered";
    fields.push(field("status", DataType::Utf8, false, status.to_string()));
    Schema::new(fields)
}

fn columns(dimensions: &[Dimension], lines: &[Line<'_>]) -> Vec<ArrayRef> {
    let mut out: Vec<ArrayRef> = Vec::new();
    for (_, _, of) in KEYS {
        out.push(Arc::new(lines.iter().map(|l| of(l.measure)).collect::<StringArray>()));
    }
    for (d, dimension) in dimensions.iter().enumerate() {
        let value = |l: &Line<'_>| l.cell.0.get(d).map_or(String::new(), |c| dimension.value(*c).to_string());
        out.push(Arc::new(StringArray::from_iter_values(lines.iter().map(value))));
    }
    for (_, _, of) in COUNTS {
        out.push(Arc::new(lines.iter().map(|l| of(l.figures).map(|n| n as i64)).collect::<Int64Array>()));
    }
    for (_, _, of) in NUMBERS {
        out.push(Arc::new(lines.iter().map(|l| of(l.figures)).collect::<Float64Array>()));
    }
    out.push(Arc::new(StringArray::from_iter_values(lines.iter().map(|l| l.status.id()))));
    out
}

#[cfg(test)]
mod tests;
