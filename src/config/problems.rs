//! Collects everything that is wrong with a configuration, so that all of it is said at once.

use crate::error::{Error, Problem, Result};

/// Problems found so far.
pub struct Problems {
    name: String,
    found: Vec<Problem>,
}

impl Problems {
    /// None yet; `name` is what the configuration is called.
    pub fn new(name: &str) -> Self {
        Problems { name: name.to_string(), found: Vec::new() }
    }

    /// Adds a problem at a place like `[disclosure] threshold`.
    pub fn add(&mut self, place: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.found.push(Problem::new(what, format!("{}: {place}", self.name), remedy));
    }

    /// Adds "no such ..., did you mean ...".
    pub fn unknown<'a>(
        &mut self,
        place: &str,
        noun: &str,
        word: &str,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) {
        let remedy = match super::nearest(word, known.clone()) {
            Some(k) => format!("Did you mean \"{k}\"?"),
            None => {
                let mut list: Vec<&str> = known.into_iter().take(20).collect();
                list.dedup();
                format!("Known: {}.", list.join(", "))
            }
        };
        self.add(place, format!("no {noun} is called \"{word}\""), remedy);
    }

    /// The value, unless something was wrong.
    pub fn into_result<T>(self, value: T) -> Result<T> {
        if self.found.is_empty() { Ok(value) } else { Err(Error::Config(self.found)) }
    }
}
