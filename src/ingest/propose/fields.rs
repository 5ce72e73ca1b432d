//! The columns of all files, put together: files with one header are one instrument, and columns of the
//! same name are one field. Owns which column of which instrument a field is.

use std::collections::HashMap;
use std::path::PathBuf;

use super::profile::Profile;
use super::words::{self, Words};
use crate::config::{ColumnRef, Dialect, fold};
use crate::ingest::mapping::{Lookup, describe};
use crate::ingest::{Column, FileFacts, Header};

/// Files with the same header.
pub(super) struct Instrument {
    pub id: String,
    pub files: Vec<PathBuf>,
    pub facts: Vec<FileFacts>,
    pub header: Header,
    pub lookup: Lookup,
    /// The field of each column.
    pub fields: Vec<usize>,
    pub rows: u64,
}

/// One thing that was asked, in one instrument or several.
pub(super) struct Field {
    /// The column in the first instrument that has it.
    pub column: Column,
    pub dialect: Dialect,
    /// Its column (0-based) in each instrument.
    pub columns: Vec<Option<usize>>,
    /// Rows of the instruments that have it.
    pub rows: u64,
    pub profile: Profile,
}

/// All fields and instruments.
#[derive(Default)]
pub(super) struct Fields {
    pub instruments: Vec<Instrument>,
    pub all: Vec<Field>,
    by_key: HashMap<(String, usize), usize>,
}

impl Fields {
    /// Adds a file by its header; returns its instrument.
    pub(super) fn add(&mut self, path: PathBuf, header: &Header) -> usize {
        if let Some(same) = self.instruments.iter().position(|i| i.header == *header) {
            if let Some(instrument) = self.instruments.get_mut(same) {
                instrument.files.push(path);
            }
            return same;
        }
        let index = self.instruments.len();
        let columns = split_options(&header.columns);
        let shared = shared_keys(&columns);
        let mut seen: HashMap<String, usize> = HashMap::new();
        let fields = columns.iter().zip(shared).enumerate().map(|(i, (column, shared))| {
            let key = shared.unwrap_or_else(|| fold(&describe(column)));
            let nth = seen.entry(key.clone()).and_modify(|n| *n += 1).or_insert(0);
            self.field((key, *nth), column, header.dialect, (index, i))
        });
        let fields = fields.collect();
        self.instruments.push(Instrument {
            id: String::new(),
            files: vec![path],
            facts: Vec::new(),
            header: header.clone(),
            lookup: Lookup::new(header),
            fields,
            rows: 0,
        });
        index
    }

    /// The field of a key, made if it is new, with its column in an instrument.
    fn field(
        &mut self,
        key: (String, usize),
        column: &Column,
        dialect: Dialect,
        place: (usize, usize),
    ) -> usize {
        let next = self.all.len();
        let index = *self.by_key.entry(key).or_insert(next);
        if index == next {
            use Dialect::{Qualtrics, Qualtrics2016, QualtricsLegacy};
            let minus_one_is_nothing = matches!(dialect, Qualtrics | Qualtrics2016 | QualtricsLegacy);
            let profile = Profile::new(minus_one_is_nothing);
            self.all.push(Field { column: column.clone(), dialect, columns: Vec::new(), rows: 0, profile });
        }
        if let Some(field) = self.all.get_mut(index) {
            field.columns.resize(place.0, None);
            field.columns.push(Some(place.1));
        }
        index
    }

    /// Gives every field a place for every instrument, counts rows and names the instruments.
    pub(super) fn finish(&mut self) {
        let count = self.instruments.len();
        for field in &mut self.all {
            field.columns.resize(count, None);
            let has = self.instruments.iter().zip(&field.columns).filter(|(_, c)| c.is_some());
            field.rows = has.map(|(i, _)| i.rows).sum();
        }
        let mut taken: Vec<String> = Vec::new();
        for instrument in &mut self.instruments {
            let stem = instrument.files.first().and_then(|f| f.file_stem()).map(|s| s.to_string_lossy());
            instrument.id = super::names::free(&stem.unwrap_or_default(), "instrument", &taken);
            taken.push(instrument.id.clone());
        }
    }

    /// How a configuration names a field's column in an instrument: by header where that is enough.
    pub(super) fn reference(&self, field: &Field, instrument: usize) -> Option<ColumnRef> {
        let at = (*field.columns.get(instrument)?)?;
        let instrument = self.instruments.get(instrument)?;
        let column = instrument.header.columns.get(at)?;
        let mut names = [column.text.clone(), describe(column), column.name.clone()];
        if has_codes(instrument.header.dialect) {
            names.rotate_right(1);
        }
        let long = |n: &String| n.chars().count() > 300;
        let mut by_header =
            names.into_iter().filter(|n| !n.trim().is_empty() && !long(n)).map(ColumnRef::Header);
        let finds = |r: &ColumnRef| instrument.lookup.find(r) == Ok(at);
        let by_id = || column.import_id.clone().map(ColumnRef::ImportId).filter(finds);
        by_header.find(finds).or_else(by_id).or(Some(ColumnRef::Position(at + 1)))
    }

    /// The reference used in the schema: that of the first instrument which has the field.
    pub(super) fn main_reference(&self, field: &Field) -> ColumnRef {
        let first = field.columns.iter().position(Option::is_some).unwrap_or(0);
        self.reference(field, first).unwrap_or(ColumnRef::Position(field.column.position))
    }
}

impl Field {
    /// Its question and option in words.
    pub(super) fn words(&self) -> String {
        describe(&self.column)
    }
}

/// Whether the survey tool gives every column a short name of its own.
pub(super) fn has_codes(dialect: Dialect) -> bool {
    use Dialect::{LimeSurvey, Qualtrics, Qualtrics2016, QualtricsLegacy};
    matches!(dialect, Qualtrics | Qualtrics2016 | QualtricsLegacy | LimeSurvey)
}

/// Keys of columns that have other headers in other instruments and are the same all the same: the
/// respondent's id, the weight and each division, where one column of the header is about it.
fn shared_keys(columns: &[Column]) -> Vec<Option<String>> {
    let about = |column: &Column| {
        let words = Words::of(&describe(column));
        let name = Words::of(&column.name);
        if words::id_rank(&words).or(words::id_rank(&name)).is_some_and(|rank| rank < words::SURE_IDS) {
            return Some("id".to_string());
        }
        if words::is_weight(&words) || words::is_weight(&name) {
            return Some("weight".to_string());
        }
        let division = words::division(&words).filter(|_| column.option.is_none() && words.len() <= 12);
        division.map(|d| format!("division {}", d.id))
    };
    let all: Vec<Option<String>> = columns.iter().map(about).collect();
    let once = |key: &&String| all.iter().flatten().filter(|k| k == key).count() == 1;
    // A control character keeps these apart from headers.
    all.iter().map(|key| key.as_ref().filter(once).map(|k| format!("\u{1}{k}"))).collect()
}

/// Columns of dialects that do not tell options, with "Question - Option" cut where neighbours share the
/// question.
fn split_options(columns: &[Column]) -> Vec<Column> {
    let beginnings = |c: &Column| -> Vec<String> {
        if c.option.is_some() {
            return Vec::new();
        }
        c.text.match_indices(" - ").filter_map(|(at, _)| c.text.get(..at)).map(String::from).collect()
    };
    let all: Vec<Vec<String>> = columns.iter().map(beginnings).collect();
    let near = |i: usize| [i.checked_sub(1), Some(i + 1)].into_iter().flatten().filter_map(|j| all.get(j));
    let cut = |(i, column): (usize, &Column)| {
        let own = all.get(i).map(Vec::as_slice).unwrap_or_default();
        let question = own.iter().rev().find(|q| !q.trim().is_empty() && near(i).any(|n| n.contains(q)));
        let option = question.and_then(|q| column.text.get(q.len() + 3..)).filter(|o| !o.trim().is_empty());
        match (question, option) {
            (Some(q), Some(o)) => Column { text: q.clone(), option: Some(o.to_string()), ..column.clone() },
            _ => column.clone(),
        }
    };
    columns.iter().enumerate().map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Header {
        let column = |(i, n): (usize, &&str)| Column {
            position: i + 1,
            name: n.to_string(),
            text: n.to_string(),
            option: None,
            import_id: None,
        };
        Header { dialect: Dialect::Plain, columns: names.iter().enumerate().map(column).collect() }
    }

    #[test]
    fn files_of_one_header_are_one_instrument_and_names_join_fields() {
        let mut fields = Fields::default();
        assert_eq!(fields.add("a.csv".into(), &header(&["Age", "Why?", "Why?"])), 0);
        assert_eq!(fields.add("b.csv".into(), &header(&["Age", "Why?", "Why?"])), 0);
        assert_eq!(fields.add("b.xlsx".into(), &header(&["Why?", "Home", "age"])), 1);
        fields.finish();
        assert_eq!(fields.instruments.iter().map(|i| i.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let columns: Vec<Vec<Option<usize>>> = fields.all.iter().map(|f| f.columns.clone()).collect();
        assert_eq!(
            columns,
            [vec![Some(0), Some(2)], vec![Some(1), Some(0)], vec![Some(2), None], vec![None, Some(1)]]
        );
        assert_eq!(fields.main_reference(&fields.all[0]), ColumnRef::Header("Age".into()));
        assert_eq!(fields.main_reference(&fields.all[1]), ColumnRef::Position(2));
        assert_eq!(fields.reference(&fields.all[1], 1), Some(ColumnRef::Header("Why?".into())));
    }
}
