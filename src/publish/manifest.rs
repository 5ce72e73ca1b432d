//! manifest.json: what went in, what came out, with which configuration, codebook and model. Owns
//! its shape; `breakdown` and `quotes` read it back.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::staging::Staging;
use crate::error::{Error, Result};

/// The manifest. `timings` is the one part that differs between two runs of the same input.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// `bigask` and its version.
    pub program: String,
    /// Input files in order.
    pub inputs: Vec<serde_json::Value>,
    /// The rows promise: `rows_in = respondents + rejected`.
    pub rows: Rows,
    /// What was found in texts.
    pub texts: serde_json::Value,
    /// Identifiers replaced, by question and type.
    pub redactions: serde_json::Value,
    /// The model; null where no question is free text.
    pub model: serde_json::Value,
    /// Decision thresholds per theme.
    pub thresholds: Vec<f32>,
    /// The codebook, whole.
    pub codebook: crate::classify::Codebook,
    /// pipeline.toml as it was given.
    pub configuration: String,
    /// The configuration resolved, with every default.
    pub resolved: serde_json::Value,
    /// Wall seconds per stage, threads, rows a second.
    pub timings: serde_json::Value,
}

/// Row counts over all inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Data rows read.
    pub rows_in: u64,
    /// Rows that became respondents.
    pub respondents: u64,
    /// Rows in rejected.parquet.
    pub rejected: u64,
    /// Responses (rows of responses.parquet).
    pub responses: u64,
}

impl Manifest {
    /// Stages manifest.json.
    ///
    /// # Errors
    /// `Environment` if writing fails.
    pub fn write(&self, staging: &mut Staging) -> Result<()> {
        let mut file = staging.create("manifest.json")?;
        let path = file.path().to_path_buf();
        serde_json::to_writer_pretty(&mut file, self)
            .map_err(std::io::Error::from)
            .and_then(|()| writeln!(file))
            .map_err(|e| Error::io("write", &path, &e))?;
        file.finish()
    }

    /// Reads OUT/manifest.json.
    ///
    /// # Errors
    /// `Environment` if OUT holds no finished run.
    pub fn read(out: &Path) -> Result<Self> {
        let path = out.join("manifest.json");
        let bytes = fs::read(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::environment(
                "holds no finished run (manifest.json is not there)",
                out.display().to_string(),
                "Name the folder that was given to `bigask run -o`.",
            ),
            _ => Error::io("read", &path, &e),
        })?;
        serde_json::from_slice(&bytes).map_err(|_| {
            Error::environment(
                "is not a manifest of this version of bigask",
                path.display().to_string(),
                "Run `bigask run` again with this version.",
            )
        })
    }
}
