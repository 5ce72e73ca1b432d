//! What may leave: hidden cells, rounding, and the wrapper that `publish` insists on. Nothing here
//! writes anything.

mod implied;
mod ledger;
mod policy;
mod primary;
mod released;
mod tables;

pub use ledger::Ledger;
pub use policy::Policy;
pub use released::Released;
pub use tables::{Breakdown, BreakdownRow, breakdown};
