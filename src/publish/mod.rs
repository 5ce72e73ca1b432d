//! The only stage that writes what a run leaves behind.

pub mod breakdown;
mod preview;
