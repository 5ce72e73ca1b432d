//! What each theme and concern means: the codebook file, parsed and checked.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The codebook that comes with the program.
pub const DEFAULT_TOML: &str = include_str!("codebook.toml");

/// A codebook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codebook {
    /// Its version, printed in the manifest.
    pub version: String,
    /// Themes, in print order; at most 64.
    #[serde(rename = "theme")]
    pub themes: Vec<Theme>,
    /// Safeguarding concerns; at most 64.
    #[serde(rename = "concern", default)]
    pub concerns: Vec<Concern>,
}

/// A theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Short name.
    pub id: String,
    /// The pillar it belongs to.
    pub pillar: String,
    /// How it is printed.
    pub label: String,
    /// What it covers.
    pub is: String,
    /// What it does not cover.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub not: String,
}

/// A safeguarding concern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concern {
    /// Short name.
    pub id: String,
    /// How it is printed.
    pub label: String,
    /// What it covers.
    pub is: String,
}

impl Codebook {
    /// The file, or the embedded one.
    ///
    /// # Errors
    /// `Environment` if the file cannot be read, `Config` if it is not a codebook.
    pub fn load(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Self::parse(DEFAULT_TOML, "the embedded codebook") };
        let text = std::fs::read_to_string(path).map_err(|e| Error::io("read the codebook", path, &e))?;
        Self::parse(&text, &path.display().to_string())
    }

    fn parse(text: &str, name: &str) -> Result<Self> {
        let remedy = "Compare it with the codebook that comes with bigask (src/classify/codebook.toml).";
        let book: Codebook =
            toml::from_str(text).map_err(|e| Error::config(e.message().to_string(), name, remedy))?;
        let ids = book.themes.iter().map(|t| &t.id).chain(book.concerns.iter().map(|c| &c.id));
        let mut seen = std::collections::HashSet::new();
        for id in ids {
            if !seen.insert(id) {
                return Err(Error::config(format!("the id {id} is there twice"), name, remedy));
            }
        }
        if book.themes.is_empty() || book.themes.len() > 64 || book.concerns.len() > 64 {
            return Err(Error::config("has no theme, or more than 64 themes or concerns", name, remedy));
        }
        Ok(book)
    }

    /// Pillars in the order in which they first appear.
    pub fn pillars(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for t in &self.themes {
            if !out.contains(&t.pillar.as_str()) {
                out.push(&t.pillar);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_codebook_is_whole() {
        let book = Codebook::load(None).unwrap();
        assert_eq!((book.themes.len(), book.concerns.len(), book.pillars().len()), (31, 3, 7));
    }

    #[test]
    fn a_repeated_id_is_refused() {
        let text = format!("{DEFAULT_TOML}\n[[concern]]\nid = \"bullying\"\nlabel = \"x\"\nis = \"x\"\n");
        assert_eq!(Codebook::parse(&text, "test").unwrap_err().exit_code(), 2);
    }
}
