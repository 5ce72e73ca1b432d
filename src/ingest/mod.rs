//! Rows of an export to respondents in the plan's terms.

mod response;
mod table;

pub use response::{Answer, Block, Closed, RawText, Reason, Rejection, Respondent, Shown};
pub use table::{Cells, Column, FileFacts, Format, Header, Row};
