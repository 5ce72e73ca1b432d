//! Rows of an export to respondents in the plan's terms.

mod blocks;
mod coding;
mod dialects;
mod mapping;
pub mod propose;
mod response;
mod source;
pub mod survey;
mod table;

pub use blocks::{BLOCK_ROWS, InputFacts, Reader, UnknownCount};
pub use response::{Answer, Block, Closed, RawText, Reason, Rejection, Respondent, Shown};
pub use source::Export;
pub use table::{Cells, Column, FileFacts, Format, Header, Row};
