//! Rows of an export to respondents in the plan's terms.

mod blocks;
mod coding;
mod export;
mod mapping;
mod response;
pub mod survey;
mod table;

pub use blocks::{BLOCK_ROWS, InputFacts, Reader, UnknownCount};
pub use export::Export;
pub use response::{Answer, Block, Closed, RawText, Reason, Rejection, Respondent, Shown};

pub use table::{Cells, Column, FileFacts, Format, Header, Row};
