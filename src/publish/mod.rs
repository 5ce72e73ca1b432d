//! Released tables and quotes, and the restricted row-level files, to disk. The only stage that
//! writes; it never sees counts that were not released, nor raw text.

mod answers;
mod manifest;
mod parquet;
mod preview;
mod readback;
mod responses;
mod restricted;
mod staging;

pub mod breakdown;
pub mod quotes;

pub use manifest::{Manifest, Rows};
pub use readback::Readback;
pub use restricted::{Restricted, file_name};
pub use staging::{KNOWN, StagedFile, Staging};
