//! Exact counts to tables and quotes that may be published.

mod released;

pub mod quotes;

pub use released::Released;
