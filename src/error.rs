//! Every way a command can fail, by whose move it is next, and the exit code of each.
//!
//! A message says what, where and what to do. It never holds a cell's content: only file names,
//! rows, columns, kinds and counts are put in.

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of everything that can stop a command.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a command stopped.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The command line or pipeline.toml is wrong; every problem found is listed.
    Config(Vec<Problem>),
    /// The input was read and refused.
    Data(Problem),
    /// The machine lacks something: a file, a permission, disk space, a model, the runtime.
    Environment(Problem),
    /// Ctrl-C or SIGTERM.
    Interrupted,
    /// Whoever read our standard output (`head`, a pager) has had enough: nothing is wrong.
    OutputClosed,
    /// A promise of ours that did not hold. Please report it.
    Internal(String),
}

/// One thing that is wrong: what, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub what: String,
    /// Where: a file, a key of pipeline.toml, a line. Empty where `what` says it.
    pub place: String,
    /// What to do. Empty only where there is nothing to add.
    pub remedy: String,
}

impl Problem {
    /// A problem, with where it is and what to do.
    pub fn new(what: impl Into<String>, place: impl Into<String>, remedy: impl Into<String>) -> Self {
        Problem { what: what.into(), place: place.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.what)?;
        if !self.remedy.is_empty() {
            write!(f, "\n    {}", self.remedy)?;
        }
        Ok(())
    }
}

impl Error {
    /// A single configuration problem.
    pub fn config(what: impl Into<String>, place: impl Into<String>, remedy: impl Into<String>) -> Self {
        Error::Config(vec![Problem::new(what, place, remedy)])
    }

    /// Input that was read and refused.
    pub fn data(what: impl Into<String>, place: impl Into<String>, remedy: impl Into<String>) -> Self {
        Error::Data(Problem::new(what, place, remedy))
    }

    /// Something the machine lacks.
    pub fn environment(what: impl Into<String>, place: impl Into<String>, remedy: impl Into<String>) -> Self {
        Error::Environment(Problem::new(what, place, remedy))
    }

    /// An operating-system error on a file, with a remedy for the kinds people meet.
    pub fn io(doing: &str, path: &Path, e: &std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        if e.kind() == K::BrokenPipe {
            return Error::OutputClosed;
        }
        let remedy = match e.kind() {
            K::NotFound => "Check the path; nothing of that name is there.",
            K::PermissionDenied => "Check that you may read and write there, or choose another place.",
            K::StorageFull | K::QuotaExceeded => {
                "Free some space or choose another disk with -o; earlier results are untouched."
            }
            K::IsADirectory => "Name a file, not a folder.",
            _ => "",
        };
        Error::environment(format!("cannot {doing}: {}", plain(e)), path.display().to_string(), remedy)
    }

    /// The process exit code: 0 is success; the others are listed in `bigask --help`.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::OutputClosed => 0,
            Error::Internal(_) => 1,
            Error::Config(_) => 2,
            Error::Data(_) => 3,
            Error::Environment(_) => 4,
            Error::Interrupted => 130,
        }
    }
}

/// An I/O error without the `(os error 2)` tail.
fn plain(e: &std::io::Error) -> String {
    let s = e.to_string();
    match s.find(" (os error") {
        Some(i) => s[..i].to_lowercase(),
        None => s,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Config(problems) if problems.len() == 1 => write!(f, "{}", problems[0]),
            Error::Config(problems) => {
                write!(f, "{} problems", problems.len())?;
                problems.iter().try_for_each(|p| write!(f, "\n  {p}"))
            }
            Error::Data(p) | Error::Environment(p) => write!(f, "{p}"),
            Error::OutputClosed => Ok(()),
            Error::Interrupted => f.write_str("interrupted; earlier results are untouched"),
            Error::Internal(what) => write!(
                f,
                "internal error: {what}\n    This is a fault of bigask, not of your data. Please report it with the command line."
            ),
        }
    }
}

impl std::error::Error for Error {}

/// Where a row came from, for rejects and messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The export file.
    pub file: PathBuf,
    /// 1-based line (delimited text, JSON Lines) or row (workbook, Parquet) in that file.
    pub line: u64,
}
