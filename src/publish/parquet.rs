//! How every Parquet file of ours is written: described fields, one compression, bounded row
//! groups, and nothing in it (dates, machine) that would differ between two runs.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::error::{Error, Result};

/// Rows per row group: bounds the writer's memory.
const ROW_GROUP: usize = 131_072;

/// A column with its description (metadata key `description`).
pub fn field(name: impl Into<String>, kind: DataType, nullable: bool, description: &str) -> Field {
    let metadata = HashMap::from([("description".to_string(), description.to_string())]);
    Field::new(name, kind, nullable).with_metadata(metadata)
}

/// Opens a writer with the file's metadata.
///
/// # Errors
/// `Internal` if the schema cannot be written as Parquet.
pub fn writer<W: Write + Send>(
    out: W,
    schema: &Arc<Schema>,
    meta: &[(String, String)],
) -> Result<ArrowWriter<W>> {
    let level = ZstdLevel::try_new(3).map_err(|e| Error::Internal(e.to_string()))?;
    let pairs = meta.iter().map(|(k, v)| KeyValue::new(k.clone(), v.clone())).collect();
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_created_by(concat!("bigask version ", env!("CARGO_PKG_VERSION")).to_string())
        .set_key_value_metadata(Some(pairs));
    // Nothing about a number is in the file but the number: no statistics, no dictionary.
    for field in schema.fields().iter().filter(|f| f.data_type().is_numeric()) {
        properties = properties.set_column_dictionary_enabled(field.name().as_str().into(), false);
    }
    ArrowWriter::try_new(out, schema.clone(), Some(properties.build()))
        .map_err(|e| Error::Internal(e.to_string()))
}

/// Writes a batch; a full disk is the user's to mend, the rest is ours.
///
/// # Errors
/// `Environment` if writing fails, `Internal` if the batch does not fit the schema.
pub fn write<W: Write + Send>(writer: &mut ArrowWriter<W>, batch: &RecordBatch, path: &Path) -> Result<()> {
    writer.write(batch).map_err(|e| failure(e, path))
}

/// A failure to write, told apart by whose it is.
pub fn failure(e: ParquetError, path: &Path) -> Error {
    match e {
        ParquetError::External(source) => match source.downcast::<std::io::Error>() {
            Ok(io) => Error::io("write", path, &io),
            Err(other) => Error::Internal(other.to_string()),
        },
        other => Error::Internal(other.to_string()),
    }
}
