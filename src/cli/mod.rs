//! Arguments to plan; rendering of events and results; exit codes.

pub mod generate;

/// Runs the command line.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
