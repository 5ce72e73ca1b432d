//! What `redact` and `classify` both load: the runtime, a model's files, and texts as batches.
//! It knows no theme and no identifier.

mod batch;
mod bundle;
mod external;
mod locate;
mod runtime;

use std::path::PathBuf;

pub use batch::{Tokeniser, Tokens, Window, batches, windows};
pub use bundle::{Bundle, Label, Labels};
pub use locate::{Libraries, Surroundings, libraries, model as locate_model};
pub use runtime::{Batch, Outputs, Runtime, Session};

/// What the command line says about models.
#[derive(Debug, Clone, Default)]
pub struct ModelOptions {
    /// `--onnxruntime`: the library's file, or its folder.
    pub onnxruntime: Option<PathBuf>,
    /// `--model`: the folder of the theme model.
    pub model: Option<PathBuf>,
    /// Threads that run the model; 0 counts as 1.
    pub threads: usize,
}
