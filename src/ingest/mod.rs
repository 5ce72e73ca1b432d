//! Rows of an export to respondents in the plan's terms.

mod dialects;
mod response;
mod source;
mod table;

pub use response::{Answer, Block, Closed, RawText, Reason, Rejection, Respondent, Shown};
pub use source::Export;
pub use table::{Cells, Column, FileFacts, Format, Header, Row};
