//! What each column of a model's logits means for this run: which label of the codebook it is, how
//! it becomes a probability, and from where on the label is decided.

use crate::config::{Plan, nearest};
use crate::error::{Error, Problem, Result};
use crate::model::{Label, Labels};

use super::Codebook;

/// The heads in the codebook's order.
#[derive(Debug, Clone, Default)]
pub struct Heads {
    /// One per theme.
    pub themes: Vec<Head>,
    /// One per concern.
    pub concerns: Vec<Head>,
}

/// One label.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Its column of the logits (themes, then concerns).
    pub column: usize,
    /// Platt scaling: the logit's factor.
    pub scale: f32,
    /// Platt scaling: what is added.
    pub bias: f32,
    /// Decided from this probability on.
    pub threshold: f32,
}

impl Heads {
    /// Matches a model's labels with the codebook and applies the plan's thresholds.
    ///
    /// # Errors
    /// `Config` if the model has labels that the codebook lacks or the other way round, or if the
    /// plan sets a threshold for an id that is neither a theme nor a concern.
    pub fn resolve(plan: &Plan, codebook: &Codebook, labels: &Labels) -> Result<Heads> {
        let theme_ids: Vec<&str> = codebook.themes.iter().map(|t| t.id.as_str()).collect();
        let concern_ids: Vec<&str> = codebook.concerns.iter().map(|c| c.id.as_str()).collect();
        let mut problems = Vec::new();
        problems.extend(mismatch("theme", &theme_ids, &labels.themes));
        problems.extend(mismatch("concern", &concern_ids, &labels.concerns));
        let thresholds = &plan.classify.thresholds;
        problems.extend(thresholds.iter().filter_map(|(id, _)| unknown(id, &theme_ids, &concern_ids)));
        if !problems.is_empty() {
            return Err(Error::Config(problems));
        }
        let head = |id: &str, labels: &[Label], first: usize| {
            let column = labels.iter().position(|l| l.id == id)?;
            let label = labels.get(column)?;
            let threshold = thresholds.iter().find(|(t, _)| t == id).map_or(label.threshold, |(_, t)| *t);
            Some(Head { column: first + column, scale: label.scale, bias: label.bias, threshold })
        };
        Ok(Heads {
            themes: theme_ids.iter().filter_map(|id| head(id, &labels.themes, 0)).collect(),
            concerns: concern_ids
                .iter()
                .filter_map(|id| head(id, &labels.concerns, labels.themes.len()))
                .collect(),
        })
    }
}

/// The labels that only one of the two has.
fn mismatch(kind: &str, codebook: &[&str], model: &[Label]) -> Option<Problem> {
    let missing: Vec<&str> =
        codebook.iter().filter(|id| !model.iter().any(|l| l.id == **id)).copied().collect();
    let extra: Vec<&str> = model.iter().map(|l| l.id.as_str()).filter(|id| !codebook.contains(id)).collect();
    if missing.is_empty() && extra.is_empty() {
        return None;
    }
    let mut what = format!("the model's {kind}s are not the codebook's");
    for (ids, verb) in [(missing, "the model lacks"), (extra, "the codebook lacks")] {
        if !ids.is_empty() {
            what.push_str(&format!("; {verb} {}", ids.join(", ")));
        }
    }
    Some(Problem::new(
        what,
        "[classify]",
        "Set model and codebook to two that belong together; a model can only score what it was trained on.",
    ))
}

fn unknown(id: &str, themes: &[&str], concerns: &[&str]) -> Option<Problem> {
    if themes.contains(&id) || concerns.contains(&id) {
        return None;
    }
    let near = nearest(id, themes.iter().chain(concerns).copied());
    let remedy = match near {
        Some(near) => format!("Did you mean {near}?"),
        None => "Its ids are those of the codebook's themes and concerns.".to_string(),
    };
    Some(Problem::new("is neither a theme nor a concern", format!("[classify] thresholds.{id}"), remedy))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::config::{DEFAULT_TOML, parse};

    fn label(id: &str, threshold: f32) -> Label {
        Label { id: id.to_string(), threshold, scale: 2.0, bias: -1.0 }
    }

    fn labels(themes: &[&str], concerns: &[&str]) -> Labels {
        let all = |ids: &[&str]| ids.iter().map(|id| label(id, 0.5)).collect();
        Labels {
            version: "1".to_string(),
            max_tokens: 16,
            pad_token_id: 0,
            themes: all(themes),
            concerns: all(concerns),
        }
    }

    /// A codebook with these ids.
    pub(crate) fn book(themes: &[&str], concerns: &[&str]) -> Codebook {
        let mut toml = "version = \"1\"\n".to_string();
        for id in themes {
            toml += &format!("[[theme]]\nid = \"{id}\"\npillar = \"p\"\nlabel = \"l\"\nis = \"i\"\n");
        }
        for id in concerns {
            toml += &format!("[[concern]]\nid = \"{id}\"\nlabel = \"l\"\nis = \"i\"\n");
        }
        toml::from_str(&toml).unwrap()
    }

    /// The default plan with these thresholds.
    pub(crate) fn plan(thresholds: &[(&str, f32)]) -> Plan {
        let mut plan = parse(DEFAULT_TOML, "default").unwrap();
        plan.classify.thresholds = thresholds.iter().map(|(id, t)| (id.to_string(), *t)).collect();
        plan
    }

    #[test]
    fn columns_follow_the_codebook_whatever_the_models_order() {
        let heads =
            Heads::resolve(&plan(&[("a", 0.9)]), &book(&["a", "b"], &["c"]), &labels(&["b", "a"], &["c"]))
                .unwrap();
        let columns: Vec<usize> = heads.themes.iter().chain(&heads.concerns).map(|h| h.column).collect();
        assert_eq!(columns, [1, 0, 2]);
        assert_eq!((heads.themes[0].threshold, heads.themes[1].threshold), (0.9, 0.5));
    }

    #[test]
    fn what_one_of_the_two_lacks_is_named() {
        let error =
            Heads::resolve(&plan(&[]), &book(&["a", "b"], &["c"]), &labels(&["b", "x"], &[])).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        let text = error.to_string();
        for part in ["model lacks a", "codebook lacks x", "model lacks c"] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn a_threshold_for_no_label_is_a_problem() {
        let error = Heads::resolve(
            &plan(&[("bulying", 0.5)]),
            &book(&["bullying"], &[]),
            &labels(&["bullying"], &[]),
        )
        .unwrap_err();
        assert!(error.to_string().contains("Did you mean bullying?"), "{error}");
    }
}
