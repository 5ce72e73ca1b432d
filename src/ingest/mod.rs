//! Rows of an export to respondents in the plan's terms.

mod response;

pub use response::{Answer, Block, Closed, RawText, Reason, Rejection, Respondent, Shown};
