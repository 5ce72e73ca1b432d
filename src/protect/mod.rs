//! What may leave: hidden cells, rounding, quotes, and the wrapper that `publish` insists on. Nothing
//! here writes anything.

mod implied;
mod ledger;
mod policy;
mod primary;
mod released;
mod tables;

pub mod quotes;

pub use ledger::Ledger;
pub use policy::Policy;
pub use released::Released;
pub use tables::{Breakdown, BreakdownRow, breakdown};
