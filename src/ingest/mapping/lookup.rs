//! Finds the one column that a reference means. Owns the forms in which a column can be named;
//! it compares folded names exactly and never guesses.

use std::collections::HashMap;

use crate::config::{ColumnRef, fold, nearest};
use crate::error::Problem;
use crate::ingest::{Column, Header};

/// What survey tools write above the only column of a question; it names nothing.
const GENERIC_OPTIONS: [&str; 3] = ["response", "open-ended response", "open ended response"];

/// How a reference can miss.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::ingest) enum Miss {
    /// Nothing is called that.
    Unknown,
    /// The position is past the last column.
    Past,
    /// These columns (0-based) are all called that.
    Several(Vec<usize>),
}

/// The columns of a header by everything they can be called.
#[derive(Debug)]
pub(in crate::ingest) struct Lookup {
    columns: Vec<Column>,
    /// Names that mean a column as a whole.
    full: HashMap<String, Vec<usize>>,
    /// Question texts, of columns that stand for one option of the question.
    part: HashMap<String, Vec<usize>>,
    import_ids: HashMap<String, Vec<usize>>,
}

impl Lookup {
    /// Indexes a header.
    pub(in crate::ingest) fn new(header: &Header) -> Self {
        let mut lookup = Lookup {
            columns: header.columns.clone(),
            full: HashMap::new(),
            part: HashMap::new(),
            import_ids: HashMap::new(),
        };
        for (i, column) in header.columns.iter().enumerate() {
            full_names(column).iter().for_each(|n| add(&mut lookup.full, n, i));
            if let Some(id) = &column.import_id {
                add(&mut lookup.full, id, i);
                add(&mut lookup.import_ids, id, i);
            }
            if column.option.is_some() {
                add(&mut lookup.part, &column.text, i);
            }
        }
        lookup
    }

    /// The one column (0-based) that is meant. A name of a column as a whole goes before the text of
    /// a question that the column is only a part of.
    pub(in crate::ingest) fn find(&self, column: &ColumnRef) -> Result<usize, Miss> {
        match column {
            ColumnRef::Position(p) => p.checked_sub(1).filter(|&i| i < self.columns.len()).ok_or(Miss::Past),
            ColumnRef::ImportId(id) => unique(self.import_ids.get(&fold(id))),
            ColumnRef::Header(name) => {
                let name = fold(name);
                match unique(self.full.get(&name)) {
                    Err(Miss::Unknown) => unique(self.part.get(&name)),
                    found => found,
                }
            }
        }
    }

    /// What to tell about a reference that missed.
    pub(in crate::ingest) fn problem(
        &self,
        column: &ColumnRef,
        miss: &Miss,
        file: &str,
        place: &str,
    ) -> Problem {
        let name = match column {
            ColumnRef::Header(name) => name.trim().to_string(),
            ColumnRef::ImportId(id) => format!("import id {id}"),
            ColumnRef::Position(p) => format!("position {p}"),
        };
        let (what, remedy) = match miss {
            Miss::Past => (
                format!("there is no column {name}: {file} has {}", self.columns.len()),
                "Positions count from 1, as `bigask init` lists them.".to_string(),
            ),
            Miss::Unknown => (format!("no column of {file} is called \"{name}\""), self.nearest(&name)),
            Miss::Several(all) => (
                format!("{} columns of {file} are called \"{name}\": {}", all.len(), self.list(all)),
                self.how_to_name(all),
            ),
        };
        Problem::new(what, place, remedy)
    }

    fn nearest(&self, name: &str) -> String {
        let known = self.columns.iter().flat_map(|c| [c.name.clone(), c.text.clone(), describe(c)]);
        let known: Vec<String> = known.filter(|n| !n.trim().is_empty()).collect();
        match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("Did you mean \"{}\"?", clip(near, 200)),
            None => {
                "`bigask init` lists the columns of a file; a [[source]] gives a file other columns.".into()
            }
        }
    }

    fn list(&self, all: &[usize]) -> String {
        let one = |&i: &usize| format!("{} ({})", i + 1, clip(&self.label(i), 60));
        let mut list: Vec<String> = all.iter().take(6).map(one).collect();
        if all.len() > list.len() {
            list.push(format!("and {} more", all.len() - list.len()));
        }
        list.join(", ")
    }

    fn how_to_name(&self, all: &[usize]) -> String {
        let first = all.first().copied().unwrap_or(0);
        let by_import = self.columns.get(first).and_then(|c| c.import_id.as_deref());
        let by_import =
            by_import.map(|id| format!(" or column = {{ import_id = \"{id}\" }}")).unwrap_or_default();
        format!("Name one by its position, for instance column = {}{by_import}.", first + 1)
    }

    fn label(&self, index: usize) -> String {
        self.columns.get(index).map(describe).unwrap_or_default()
    }

    /// The first few names, to recognise a file by.
    pub(in crate::ingest) fn first_names(&self) -> String {
        let names: Vec<String> =
            self.columns.iter().take(4).map(|c| format!("\"{}\"", clip(&describe(c), 40))).collect();
        let more = if self.columns.len() > 4 {
            format!(" ... ({} columns)", self.columns.len())
        } else {
            String::new()
        };
        format!("{}{more}", names.join(", "))
    }
}

/// A column in words: its question and, where it stands for one, its option.
pub(in crate::ingest) fn describe(column: &Column) -> String {
    let text = if column.text.trim().is_empty() { &column.name } else { &column.text };
    match &column.option {
        Some(option) if !generic(option) => format!("{} - {}", text.trim(), option.trim()),
        _ => text.trim().to_string(),
    }
}

fn generic(option: &str) -> bool {
    let folded = fold(option);
    folded.is_empty() || GENERIC_OPTIONS.contains(&folded.as_str())
}

/// Every name that means this column as a whole.
fn full_names(column: &Column) -> Vec<String> {
    let text = &column.text;
    let mut names = vec![column.name.clone()];
    match &column.option {
        Some(o) if !generic(o) => {
            names.extend([
                format!("{text} - {o}"),
                format!("{text}-{o}"),
                format!("{text} [{o}]"),
                format!("{text}: {o}"),
                format!("{o}:{text}"),
                format!("{text} > {o}"),
            ]);
        }
        option => {
            names.push(text.clone());
            names.extend(option.as_ref().map(|o| format!("{text} - {o}")));
        }
    }
    names
}

fn add(index: &mut HashMap<String, Vec<usize>>, name: &str, column: usize) {
    let name = fold(name);
    if name.is_empty() {
        return;
    }
    let columns = index.entry(name).or_default();
    if columns.last() != Some(&column) {
        columns.push(column);
    }
}

fn unique(found: Option<&Vec<usize>>) -> Result<usize, Miss> {
    match found.map(Vec::as_slice) {
        None | Some([]) => Err(Miss::Unknown),
        Some([one]) => Ok(*one),
        Some(several) => Err(Miss::Several(several.to_vec())),
    }
}

/// The first `most` characters, with dots where something was cut.
fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    let head: String = text.chars().take(most.saturating_sub(3)).collect();
    format!("{}...", head.trim_end())
}
