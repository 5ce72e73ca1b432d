//! Whole runs of the binary. One test binary; every test has a private folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bad_input;
mod commands;
mod promises;
mod support;
mod whole_run;
