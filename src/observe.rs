//! What the stages say while they work. Logic emits events; only `cli` decides how they look.
//!
//! An event never carries a cell's content.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The stages whose time is accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Stage {
    Ingest,
    Redact,
    Classify,
    Tabulate,
    Protect,
    Publish,
}

impl Stage {
    /// All stages, in the order of the flow.
    pub const ALL: [Stage; 6] =
        [Stage::Ingest, Stage::Redact, Stage::Classify, Stage::Tabulate, Stage::Protect, Stage::Publish];

    /// The stage's name in the manifest and in `bench`.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Ingest => "ingest",
            Stage::Redact => "redact",
            Stage::Classify => "classify",
            Stage::Tabulate => "tabulate",
            Stage::Protect => "protect",
            Stage::Publish => "publish",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// Work starts on input of this many bytes (all files together).
    Started {
        /// Bytes of input, as they lie on disk.
        total_bytes: u64,
    },
    /// So much is done.
    Progress {
        /// Respondents read so far.
        rows: u64,
        /// Rows rejected so far.
        rejected: u64,
        /// Bytes of input consumed so far, as they lie on disk.
        bytes: u64,
    },
    /// A stage of the whole run begins (used for those after the stream).
    Entered(Stage),
    /// Something the user should know that does not stop the run.
    Warning(String),
    /// The run is over.
    Finished {
        /// Respondents read.
        rows: u64,
        /// Rows rejected.
        rejected: u64,
        /// Wall time.
        elapsed: Duration,
    },
}

/// Takes events. Implementations are cheap and never fail.
pub trait Observer: Sync {
    /// Called from any thread.
    fn event(&self, event: Event);
}

/// Says nothing.
pub struct Quiet;

impl Observer for Quiet {
    fn event(&self, _: Event) {}
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Asks the run to stop at the next block. Called by the signal handler.
pub fn interrupt() {
    INTERRUPTED.store(true, Ordering::SeqCst);
}

/// Whether a stop was asked for; stages ask between blocks.
pub fn check_interrupt() -> crate::error::Result<()> {
    if INTERRUPTED.load(Ordering::SeqCst) { Err(crate::error::Error::Interrupted) } else { Ok(()) }
}
