//! pipeline.toml as it is written: every key a user may set, loosely typed. Owns the list of known
//! keys; it checks nothing but types.

use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};

/// A table whose order is kept.
#[derive(Debug, Clone)]
pub struct Ordered<T>(pub Vec<(String, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Ordered(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Ordered<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a table")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        d.deserialize_map(Entries(PhantomData))
    }
}

/// A string, or a number written as one: survey values are often bare numbers.
#[derive(Debug, Clone, Default)]
pub struct Scalar(pub String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(d)? {
            toml::Value::String(s) => Ok(Scalar(s)),
            toml::Value::Integer(i) => Ok(Scalar(i.to_string())),
            toml::Value::Float(x) => Ok(Scalar(x.to_string())),
            toml::Value::Boolean(b) => Ok(Scalar(b.to_string())),
            other => Err(D::Error::custom(format!("expected a value, found {}", article(other.type_str())))),
        }
    }
}

/// One value or several.
#[derive(Debug, Clone, Default)]
pub struct Many<T>(pub Vec<T>);

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(d)?;
        let items = match value {
            toml::Value::Array(items) => items,
            one => vec![one],
        };
        items.into_iter().map(|v| v.try_into().map_err(D::Error::custom)).collect::<Result<_, _>>().map(Many)
    }
}

/// A column as written: `"header"`, `12`, `{ import_id = "QID5" }`, `{ position = 12 }` or `{ header = "..." }`.
#[derive(Debug, Clone)]
pub struct Column(pub super::ColumnRef);

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        use super::ColumnRef::{Header, ImportId, Position};
        let bad = || {
            D::Error::custom(
                "a column is \"its header\", its position (1 or more) or { import_id = \"...\" }",
            )
        };
        let position = |i: i64| usize::try_from(i).ok().filter(|&p| p > 0).map(Position).ok_or_else(bad);
        match toml::Value::deserialize(d)? {
            toml::Value::String(s) => Ok(Column(Header(s))),
            toml::Value::Integer(i) => position(i).map(Column),
            toml::Value::Table(t) if t.len() == 1 => match t.iter().next() {
                Some((k, toml::Value::String(s))) if k == "import_id" => Ok(Column(ImportId(s.clone()))),
                Some((k, toml::Value::String(s))) if k == "header" => Ok(Column(Header(s.clone()))),
                Some((k, toml::Value::Integer(i))) if k == "position" => position(*i).map(Column),
                _ => Err(bad()),
            },
            _ => Err(bad()),
        }
    }
}

/// The options of a question or the levels of a group: a list of values, or id to values.
#[derive(Debug, Clone)]
pub enum Choices {
    List(Vec<Scalar>),
    Named(Ordered<Many<Scalar>>),
}

impl<'de> Deserialize<'de> for Choices {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(d)?;
        match value {
            toml::Value::Array(_) => value.try_into().map(Choices::List).map_err(D::Error::custom),
            toml::Value::Table(_) => value.try_into().map(Choices::Named).map_err(D::Error::custom),
            other => Err(D::Error::custom(format!(
                "expected a list or a table, found {}",
                article(other.type_str())
            ))),
        }
    }
}

fn article(noun: &str) -> String {
    let an = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if an { "an" } else { "a" })
}

/// Declares a section: its fields (all optional, with their defaults) and the names of its keys.
macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($key:ident : $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, serde::Deserialize)]
        #[serde(default)]
        pub struct $name { $(pub $key: Option<$type>),* }

        impl Section for $name {
            const KEYS: &'static [&'static str] = &[$(stringify!($key)),*];
        }
    };
}

/// A table of pipeline.toml with a closed list of keys.
pub trait Section: serde::de::DeserializeOwned + Default {
    /// The keys it knows.
    const KEYS: &'static [&'static str];
}

section!(Survey { name: String, period: Scalar, respondent_id: Column, weight: Column, missing: Vec<Scalar> });
section!(Input {
    dialect: String,
    delimiter: String,
    encoding: String,
    sheet: String,
    max_cells: u64,
    max_inflated_mb: u64,
    max_record_mb: u64,
});
section!(Source {
    id: String,
    label: String,
    files: Many<String>,
    columns: Ordered<Many<Column>>,
    scales: Ordered<Ordered<Scalar>>,
    not_asked: Vec<String>,
    dialect: String,
    encoding: String,
});
section!(Question {
    id: String,
    kind: String,
    label: String,
    column: Column,
    columns: Ordered<Column>,
    delimiter: String,
    scale: Choices,
    options: Choices,
    labels: Ordered<String>,
    nets: Ordered<Vec<Scalar>>,
    missing: Many<Scalar>,
    recode: Ordered<Scalar>,
});
section!(Group {
    id: String,
    label: String,
    version: Scalar,
    column: Column,
    columns: Vec<Column>,
    levels: Choices,
    bands: Ordered<Vec<f64>>,
    labels: Ordered<String>,
    otherwise: String,
    missing: Many<Scalar>,
});
section!(Breakdown { tables: Vec<Vec<String>>, theme_base: String });
section!(Disclosure { threshold: u64, round_to: u64, small_base: u64, sensitive_themes: Vec<String> });
section!(Redact { keep: Vec<String>, always: Vec<String> });
section!(Classify { model: String, codebook: String, thresholds: Ordered<f64> });
section!(Quotes { k: u64, attribution: Vec<String>, min_words: u64, max_words: u64, margin: f64, per_theme: u64 });
section!(Output { exact_breakdown: bool });

/// The tables of the file, and whether each is repeated (`[[question]]`).
pub const TABLES: &[(&str, bool)] = &[
    ("survey", false),
    ("input", false),
    ("source", true),
    ("question", true),
    ("group", true),
    ("breakdown", false),
    ("disclosure", false),
    ("redact", false),
    ("classify", false),
    ("quotes", false),
    ("output", false),
];
