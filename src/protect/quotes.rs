//! Quotes: which responses may be printed, under which attribution. Owns eligibility and the rule
//! that at least k respondents share what an attribution says (design rule 7).

mod attribution;
mod eligible;
mod pool;

use serde::Serialize;

pub use attribution::{HiddenCells, Shared};
pub use pool::{Candidate, Filter, Pool};

use super::Released;
use crate::classify::Codebook;
use crate::config::Plan;

/// A quote that may be printed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quote {
    /// Stable within a release: question, theme and number.
    pub quote_id: String,
    /// The question's id.
    pub question: String,
    /// Ids of all themes decided.
    pub themes: Vec<String>,
    /// An exact span of the redacted text: here, the whole.
    pub text: String,
    /// As printed: `Girl, 15, living in a children's home`.
    pub attribution: String,
    /// Group id and level id of what the attribution names.
    pub groups: Vec<(String, String)>,
    /// How the attribution was generalised: `full`, `dropped:care_status`, ...
    pub rule: String,
    /// The score of the theme it was chosen for, 0 to 1.
    pub score: f32,
}

/// Chooses quotes from the pool: per question and theme in codebook order, no respondent twice.
///
/// `shared` counts all respondents of the run by the groups that an attribution may name;
/// `hidden` has the suppressed cells of the released breakdown.
pub fn select(
    plan: &Plan,
    codebook: &Codebook,
    pool: Pool,
    shared: &Shared,
    hidden: &HiddenCells,
    most: usize,
) -> Released<Vec<Quote>> {
    let filter = pool.filter().clone();
    let mut used = std::collections::HashSet::new();
    let mut quotes = Vec::new();
    for ((question, theme), candidates) in pool.into_sorted() {
        let mut taken = 0;
        for c in candidates {
            if taken == most || used.contains(&c.row) {
                continue;
            }
            let Some(a) = attribution::generalise(plan, &c, &filter, shared, hidden) else { continue };
            used.insert(c.row);
            taken += 1;
            let question_id = &plan.questions[question].id;
            let theme_id = &codebook.themes[theme].id;
            quotes.push(Quote {
                quote_id: format!("{question_id}-{theme_id}-{taken}"),
                question: question_id.clone(),
                themes: theme_ids(codebook, c.theme_set),
                text: c.text,
                attribution: a.text,
                groups: a.groups,
                rule: a.rule,
                score: c.score,
            });
        }
    }
    Released::new(quotes)
}

fn theme_ids(codebook: &Codebook, set: u64) -> Vec<String> {
    codebook.themes.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, t)| t.id.clone()).collect()
}
