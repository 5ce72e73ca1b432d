//! bigask: a batch pipeline for national consultations. An export goes in; tables that are safe to
//! publish, quotes that are safe to print and a restricted row-level file come out.
//!
//! The stages, in the order of the flow; each imports only earlier ones, and `model`:
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod classify;
pub mod ingest;
pub mod protect;
pub mod publish;
pub mod redact;
pub mod tabulate;

pub mod generate;

pub mod cli;
pub mod config;
pub mod error;
pub mod model;
pub mod observe;
pub mod pipeline;
