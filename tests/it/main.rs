//! Whole runs of the binary. One test binary; every test has a private folder.

mod bad_input;
mod commands;
mod promises;
mod support;
mod whole_run;
