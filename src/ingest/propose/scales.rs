//! The order of the answers of a scale. Owns how a phrase like "fairly satisfied" is scored; a phrase with
//! a word that the lexicon does not hold is on no scale.

mod lexicon;

use lexicon::{ADJECTIVES, Adjective, DEGREES, FILLERS, NEUTRAL, NOTHING, PLAIN, STEPS, Steps};

/// Whether a folded value says nothing.
pub(super) fn says_nothing(folded: &str) -> bool {
    NOTHING.contains(&folded)
}

/// A scale that values are on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scale {
    /// What the scale is about: `agree`, `often`, ...
    pub name: &'static str,
    /// The values as written, lowest first.
    pub values: Vec<String>,
    /// What is below and above the middle, where the scale has two sides.
    pub sides: Option<Sides>,
}

/// The two sides of a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sides {
    /// The word of the lower side, and how many values are on it.
    pub low: (&'static str, usize),
    /// The word of the upper side, and how many values are on it.
    pub high: (&'static str, usize),
}

/// The scale that all values (as written) are on, if no two of them are on one step. Where the opposite
/// of a value is certain, it is added: a small export need not hold every step.
pub(super) fn scale(values: &[String]) -> Option<Scale> {
    let phrases: Vec<(String, &String)> = values.iter().map(|v| (bare(v), v)).collect();
    let adjectives = ADJECTIVES.iter().filter_map(|a| by_adjective(a, &phrases));
    let steps = STEPS.iter().filter_map(|s| by_steps(s, &phrases));
    adjectives.chain(steps).next()
}

fn by_adjective(adjective: &Adjective, phrases: &[(String, &String)]) -> Option<Scale> {
    let mut scored = Vec::new();
    for (phrase, written) in phrases {
        scored.push((adjective.score(phrase)?, (*written).clone()));
    }
    // "OK" and "In the middle" alone are on any scale, and so on none.
    scored.iter().find(|(score, _)| *score != 0)?;
    // "Not very likely" is a lower side of its own.
    let negated = phrases.iter().any(|(p, _)| p.split_whitespace().any(|w| w == "not"));
    if adjective.mirrored && !negated {
        adjective.mirror(&mut scored);
    }
    let sides = adjective.up.first().copied().zip(adjective.down.first().copied());
    ordered(adjective.name, scored, sides)
}

fn by_steps(steps: &Steps, phrases: &[(String, &String)]) -> Option<Scale> {
    let step = |phrase: &str| (1i32..).zip(steps.steps).find(|(_, s)| s.contains(&phrase)).map(|(i, _)| i);
    let scored: Option<Vec<(i32, String)>> =
        phrases.iter().map(|(phrase, written)| Some((step(phrase)?, (*written).clone()))).collect();
    ordered(steps.name, scored?, None)
}

/// Values in the order of their scores; `sides` are the words for up and down.
fn ordered(
    name: &'static str,
    mut scored: Vec<(i32, String)>,
    sides: Option<(&'static str, &'static str)>,
) -> Option<Scale> {
    scored.sort_by_key(|(score, _)| *score);
    let tied = scored.windows(2).any(|w| matches!(w, [a, b] if a.0 == b.0));
    if scored.len() < 2 || tied {
        return None;
    }
    let below = scored.iter().filter(|(s, _)| *s < 0).count();
    let above = scored.iter().filter(|(s, _)| *s > 0).count();
    let sides = sides.filter(|_| below > 0 && above > 0);
    let sides = sides.map(|(up, down)| Sides { low: (down, below), high: (up, above) });
    Some(Scale { name, values: scored.into_iter().map(|(_, v)| v).collect(), sides })
}

impl Adjective {
    /// How far a phrase is from the middle; `None`: it is not about this.
    fn score(&self, phrase: &str) -> Option<i32> {
        if NEUTRAL.contains(&phrase) {
            return Some(0);
        }
        let tokens: Vec<&str> = phrase.split(|c: char| !c.is_alphanumeric() && c != '\'').collect();
        let tokens: Vec<&str> = tokens.into_iter().filter(|t| !t.is_empty()).collect();
        let up = tokens.iter().filter(|t| self.up.contains(t)).count();
        let down = tokens.iter().filter(|t| self.down.contains(t)).count();
        if tokens.first() == Some(&"neither") && up + down > 0 {
            return Some(0);
        }
        let (mut negated, mut at_all, mut degree) = (false, false, None);
        for token in tokens.iter().filter(|t| !self.up.contains(t) && !self.down.contains(t)) {
            match *token {
                "not" | "don't" | "isn't" | "never" => negated = true,
                "at" | "all" => at_all = true,
                t if FILLERS.contains(&t) => {}
                t => {
                    let (_, d) = DEGREES.iter().find(|(word, _)| *word == t)?;
                    degree = degree.max(Some(*d));
                }
            }
        }
        match (up, down, negated) {
            (1, 0, false) if !at_all => Some(degree.unwrap_or(PLAIN)),
            (1, 0, true) if at_all => Some(-60),
            (1, 0, true) => Some(if degree.is_some() { -15 } else { -PLAIN }),
            (0, 1, false) if !at_all => Some(-degree.unwrap_or(PLAIN)),
            _ => None,
        }
    }

    /// Adds the opposites of values whose opposite is not there.
    fn mirror(&self, scored: &mut Vec<(i32, String)>) {
        let (Some(up), Some(down)) = (self.up.first(), self.down.first()) else { return };
        let mut more = Vec::new();
        for (score, written) in scored.iter().filter(|(s, _)| *s != 0) {
            let there = scored.iter().any(|(s, _)| *s == -score);
            let opposite =
                if *score > 0 { replace_word(written, up, down) } else { replace_word(written, down, up) };
            if let Some(opposite) = opposite.filter(|_| !there) {
                more.push((-score, opposite));
            }
        }
        scored.extend(more);
    }
}

/// Replaces a word, keeping a capital; `None` where it is not there once, or the text begins with a number.
fn replace_word(text: &str, word: &str, by: &str) -> Option<String> {
    if text.chars().any(|c| c.is_ascii_digit()) || !text.is_ascii() {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let mut places = lower.match_indices(word);
    let (at, _) = places.next()?;
    let inside = lower.get(..at).is_some_and(|b| b.ends_with(|c: char| c.is_alphanumeric()));
    if places.next().is_some() || inside {
        return None;
    }
    let capital = text.get(at..)?.starts_with(|c: char| c.is_uppercase());
    let by = match capital {
        true => by.get(..1)?.to_uppercase() + by.get(1..)?,
        false => by.to_string(),
    };
    Some(format!("{}{by}{}", text.get(..at)?, text.get(at + word.len()..)?))
}

/// A folded value without a number before it ("5 - Agree", "5. Agree") or behind it ("Agree (5)").
fn bare(value: &str) -> String {
    let folded = crate::config::fold(value);
    let head = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    let marks = |c: char| matches!(c, '.' | ')' | '-' | ':' | '=' | ' ');
    let text = if head.len() < folded.len() && head.starts_with(marks) {
        head.trim_start_matches(marks)
    } else {
        folded.as_str()
    };
    match text.rsplit_once('(') {
        Some((before, tail)) if tail.trim_end_matches(')').chars().all(|c| c.is_ascii_digit()) => {
            before.trim().to_string()
        }
        _ => text.trim().to_string(),
    }
}

/// Values that begin with consecutive whole numbers, at least one of them bare or marked off ("1 - Not at
/// all", "2", "5 (Very)"), in their order.
pub(super) fn numbered(values: &[String]) -> Option<Vec<String>> {
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut marked = false;
    for value in values {
        let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
        let rest = value.get(digits.len()..)?.trim_start();
        let range = rest.trim_start_matches(['-', '\u{2013}', ' ']).starts_with(|c: char| c.is_ascii_digit());
        if range || rest.starts_with('+') {
            return None;
        }
        marked |= rest.is_empty() || rest.starts_with(['-', '.', ':', '=', '(', ')', '\u{2013}']);
        found.push((digits.parse().ok()?, value.clone()));
    }
    found.sort();
    let consecutive = found.windows(2).all(|w| matches!(w, [a, b] if b.0 == a.0 + 1));
    let worded = values.iter().any(|v| v.chars().any(char::is_alphabetic));
    (consecutive && marked && worded && (3..=11).contains(&found.len()))
        .then(|| found.into_iter().map(|(_, v)| v).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(values: &[&str]) -> Vec<String> {
        values.iter().map(|v| v.to_string()).collect()
    }

    /// Each list is lowest first.
    const ORDERED: [&[&str]; 24] = [
        &["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"],
        &["Strongly disagree", "Tend to disagree", "Neither", "Tend to agree", "Strongly agree"],
        &["Disagree a lot", "Disagree a little", "In the middle", "Agree a little", "Agree a lot"],
        &["1 - Strongly Disagree", "2 - Disagree", "3 - Neutral", "4 - Agree", "5 - Strongly Agree"],
        &["Strongly disagree (1)", "Disagree (2)", "Neither (3)", "Agree (4)", "Strongly agree (5)"],
        &[
            "Very dissatisfied",
            "Fairly dissatisfied",
            "Neither satisfied nor dissatisfied",
            "Fairly satisfied",
            "Very satisfied",
        ],
        &["Not at all satisfied", "Not very satisfied", "Fairly satisfied", "Very satisfied"],
        &["Never", "Rarely", "Sometimes", "Often", "Always"],
        &["Never", "Hardly ever", "Some of the time", "Most of the time", "All of the time"],
        &["Never", "About once a week", "Most days", "Every day"],
        &["Very poor", "Poor", "Fair", "Good", "Excellent"],
        &["Very bad", "Bad", "OK", "Good", "Very good"],
        &["Not at all important", "Not very important", "Quite important", "Very important"],
        &["Not important", "Slightly important", "Moderately important", "Important", "Extremely important"],
        &["Very unlikely", "Unlikely", "Neither likely nor unlikely", "Likely", "Very likely"],
        &["Very sad", "Sad", "Okay", "Happy", "Very happy"],
        &["Very unhappy", "Unhappy", "Neither happy nor unhappy", "Happy", "Very happy"],
        &["Not at all worried", "A little worried", "Quite worried", "Very worried", "Extremely worried"],
        &["Not useful at all", "Not useful", "Useful", "Very Useful"],
        &["Not true", "Somewhat true", "Certainly true"],
        &["Much worse", "Worse", "About the same", "Better", "Much better"],
        &["Not at all", "A little", "Quite a lot", "Completely"],
        &["Very unsafe", "Quite unsafe", "Quite safe", "Very safe"],
        &["No, definitely not", "Maybe", "Yes, definitely"],
    ];

    #[test]
    fn scales_are_put_in_order_however_they_come() {
        for expected in ORDERED {
            let mut shuffled = strings(expected);
            shuffled.sort();
            let found = scale(&shuffled).unwrap_or_else(|| panic!("{expected:?}"));
            assert_eq!(found.values, strings(expected));
        }
    }

    #[test]
    fn other_answers_are_on_no_scale() {
        for values in [
            &["Yes", "No"][..],
            &["Yes", "Maybe", "No"],
            &["Foster family", "Children's home"],
            &["Agree", "Purple"],
            &["I agree with the plan for the park", "Disagree"],
            &["OK"],
            &["Very good", "Very bad", "Very interesting"],
            &["Fairly good", "Reasonably good", "Bad"],
            &[""],
        ] {
            assert_eq!(scale(&strings(values)), None, "{values:?}");
        }
    }

    #[test]
    fn a_certain_opposite_is_added() {
        let found = scale(&strings(&["Agree", "Strongly agree", "Neither"])).unwrap();
        assert_eq!(found.values, ["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"]);
        assert_eq!(found.sides, Some(Sides { low: ("disagree", 2), high: ("agree", 2) }));
        let one = scale(&strings(&["Very important", "Important"])).unwrap();
        assert_eq!((one.values.len(), one.sides), (2, None));
    }

    #[test]
    fn numbered_values_keep_their_numbers_order() {
        let values = strings(&["5 (A lot)", "2", "1 (Not at all)", "4", "3"]);
        assert_eq!(numbered(&values).unwrap(), ["1 (Not at all)", "2", "3", "4", "5 (A lot)"]);
        for values in [
            &["1-2 times", "3-4 times", "5+"][..],
            &["18 - 29", "19", "20"],
            &["1", "2", "3"],
            &["a", "b", "c"],
        ] {
            assert_eq!(numbered(&strings(values)), None, "{values:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(values in proptest::collection::vec("\\PC{0,20}", 0..5)) {
            let _ = scale(&values);
            let _ = numbered(&values);
            values.iter().for_each(|v| { let _ = replace_word(v, "agree", "disagree"); });
        }
    }
}
