//! Parquet to rows of text, a bounded batch at a time. Owns what Parquet types read as; it never holds
//! more than one batch.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayRef, AsArray, OffsetSizeTrait, StringArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type, Float64Type};
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;

use super::{Late, Rows, bytes, values};
use crate::config::Input;
use crate::error::{Error, Result};
use crate::ingest::{Cells, Row};

const BATCH: usize = 1_024;

/// The rows of a Parquet file.
pub(super) struct ParquetRows {
    path: PathBuf,
    batches: ParquetRecordBatchReader,
    columns: Vec<StringArray>,
    at: usize,
    rows: usize,
    done: u64,
    total: u64,
    bytes: u64,
    max_row: u64,
}

impl ParquetRows {
    /// Opens a file; gives the columns' names too.
    ///
    /// # Errors
    /// `Data` if the file is truncated or damaged, too large, or has columns that are no text.
    pub(super) fn open(path: &Path, input: &Input) -> Result<(Self, Vec<String>)> {
        let (file, bytes) = bytes::open(path)?;
        let builder =
            ParquetRecordBatchReaderBuilder::<File>::try_new(file).map_err(|e| damaged(path, &e))?;
        let groups = builder.metadata().row_groups();
        let size: u64 = groups.iter().map(|g| u64::try_from(g.total_byte_size()).unwrap_or(0)).sum();
        if size > input.max_inflated_bytes {
            return Err(bytes::too_large(path, input.max_inflated_bytes));
        }
        if !groups.iter().flat_map(|g| g.columns()).all(|c| lies_in_file(c, bytes)) {
            return Err(damaged(path, &ParquetError::General(String::new())));
        }
        let fields = builder.schema().fields().clone();
        if let Some(field) = fields.iter().find(|f| !readable(f.data_type())) {
            return Err(nested(path, field.name()));
        }
        let total = groups.iter().map(|g| u64::try_from(g.num_rows()).unwrap_or(0)).sum();
        let batches = builder.with_batch_size(BATCH).build().map_err(|e| damaged(path, &e))?;
        let names = fields.iter().map(|f| f.name().clone()).collect();
        let max_row = input.max_record_bytes;
        let (path, columns) = (path.to_path_buf(), Vec::new());
        Ok((ParquetRows { path, batches, columns, at: 0, rows: 0, done: 0, total, bytes, max_row }, names))
    }

    /// Reads the next batch that has rows; false at the end.
    fn next_batch(&mut self) -> Result<bool> {
        loop {
            let batch = match self.batches.next() {
                None => return Ok(false),
                Some(batch) => batch.map_err(|e| damaged_batch(&self.path, &e))?,
            };
            let columns: std::result::Result<_, ArrowError> = batch.columns().iter().map(as_text).collect();
            self.columns = columns.map_err(|e| damaged_batch(&self.path, &e))?;
            (self.at, self.rows) = (0, batch.num_rows());
            if self.rows > 0 {
                return Ok(true);
            }
        }
    }
}

impl Rows for ParquetRows {
    fn next(&mut self, cells: &mut Cells) -> Result<Row> {
        if self.at >= self.rows && !self.next_batch()? {
            return Ok(Row::End);
        }
        cells.clear();
        for column in &self.columns {
            cells.push(if column.is_valid(self.at) { column.value(self.at) } else { "" });
        }
        self.at += 1;
        self.done += 1;
        if cells.bytes() as u64 > self.max_row {
            return Err(super::row_too_long(&self.path, self.done, self.max_row));
        }
        Ok(Row::Read { line: self.done })
    }

    fn late(&self) -> Late {
        let share = self.done as f64 / self.total.max(1) as f64;
        Late { bytes_read: Some((self.bytes as f64 * share.min(1.0)) as u64), ..Late::default() }
    }
}

/// Whether a column's bytes are where a file of this size has bytes; the Parquet reader trusts that.
fn lies_in_file(column: &ColumnChunkMetaData, bytes: u64) -> bool {
    let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
    let end = start.checked_add(column.compressed_size());
    let whole = start >= 0 && column.compressed_size() >= 0 && column.data_page_offset() >= 0;
    whole && end.is_some_and(|end| u64::try_from(end).is_ok_and(|end| end <= bytes))
}

/// Whether a column can be read as text.
fn readable(t: &DataType) -> bool {
    use DataType::*;
    match t {
        List(item) | LargeList(item) => scalar(item.data_type()),
        Dictionary(_, value) => scalar(value),
        t => scalar(t),
    }
}

fn scalar(t: &DataType) -> bool {
    use DataType::*;
    match t {
        Null | Boolean | Utf8 | LargeUtf8 | Utf8View | Float32 | Float64 => true,
        Date32 | Date64 | Time32(_) | Time64(_) | Timestamp(..) => true,
        Decimal32(..) | Decimal64(..) | Decimal128(..) | Decimal256(..) => true,
        Dictionary(_, value) => scalar(value),
        t => t.is_integer(),
    }
}

/// A column as text; a list's items are joined by `;`.
fn as_text(column: &ArrayRef) -> std::result::Result<StringArray, ArrowError> {
    match column.data_type() {
        DataType::List(_) => joined::<i32>(column),
        DataType::LargeList(_) => joined::<i64>(column),
        _ => scalars(column),
    }
}

fn scalars(column: &ArrayRef) -> std::result::Result<StringArray, ArrowError> {
    Ok(match column.data_type() {
        DataType::Float32 => {
            let text =
                |x: Option<f32>| x.map(|x| x.to_string().parse().map(values::number).unwrap_or_default());
            column.as_primitive::<Float32Type>().iter().map(text).collect()
        }
        DataType::Float64 => {
            column.as_primitive::<Float64Type>().iter().map(|x| x.map(values::number)).collect()
        }
        DataType::Boolean => column.as_boolean().iter().map(|b| b.map(values::switch)).collect(),
        DataType::Dictionary(_, value) => scalars(&cast(column, value)?)?,
        _ => cast(column, &DataType::Utf8)?.as_string::<i32>().clone(),
    })
}

fn joined<O: OffsetSizeTrait>(column: &ArrayRef) -> std::result::Result<StringArray, ArrowError> {
    let lists = column.as_list::<O>();
    let mut out = StringBuilder::new();
    for list in lists.iter() {
        match list {
            None => out.append_null(),
            Some(items) => {
                let items = scalars(&items)?;
                let items: Vec<&str> = items.iter().map(Option::unwrap_or_default).collect();
                out.append_value(items.join(";"));
            }
        }
    }
    Ok(out.finish())
}

fn nested(path: &Path, column: &str) -> Error {
    Error::data(
        format!("the column \"{column}\" holds nested or binary values, which are not read"),
        path.display().to_string(),
        "Write the file without that column, or with it as text.",
    )
}

/// Messages of the Parquet reader may quote values, so only the kind of fault is said.
fn damaged(path: &Path, e: &ParquetError) -> Error {
    let place = path.display().to_string();
    match e {
        ParquetError::NYI(_) => Error::data(
            "uses a part of Parquet that is not read (a codec or an encoding)",
            place,
            "Write it again with zstd, snappy or gzip compression.",
        ),
        _ => Error::data(
            "is not a whole Parquet file: it is truncated or damaged",
            place,
            "Copy or export it again.",
        ),
    }
}

fn damaged_batch(path: &Path, e: &ArrowError) -> Error {
    match e {
        ArrowError::NotYetImplemented(_) => damaged(path, &ParquetError::NYI(String::new())),
        _ => damaged(path, &ParquetError::General(String::new())),
    }
}

#[cfg(test)]
mod tests;
