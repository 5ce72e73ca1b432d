//! Headings that join a question and one of its options: where to cut them. A heading is cut only where
//! other headings of the file show that it is one of several.

use std::collections::BTreeMap;

/// Cuts `Question - Option` headings: at the separator after which the beginning is shared by the most
/// other headings, and of several such the last. `None`: not one of several.
pub(super) fn by_shared_question(headings: &[String], separator: &str) -> Vec<Option<(String, String)>> {
    let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
    for heading in headings {
        *shared.entry(heading.as_str()).or_insert(0) += 1;
        for (at, _) in heading.match_indices(separator) {
            *shared.entry(heading.get(..at).unwrap_or_default()).or_insert(0) += 1;
        }
    }
    let cut = |heading: &String| {
        let cuts = heading.match_indices(separator).filter_map(|(at, s)| {
            let (question, option) = (heading.get(..at)?, heading.get(at + s.len()..)?);
            let count = shared.get(question).copied().unwrap_or(0);
            let kept = count >= 2 && !question.trim().is_empty() && !option.trim().is_empty();
            kept.then(|| (count, question.to_string(), option.to_string()))
        });
        cuts.max_by_key(|(count, question, _)| (*count, question.len())).map(|(_, q, o)| (q, o))
    };
    headings.iter().map(cut).collect()
}

/// Cuts `Option:Question` headings: at the first colon after which the rest is shared with another.
pub(super) fn by_shared_ending(headings: &[String]) -> Vec<Option<(String, String)>> {
    let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
    for heading in headings {
        *shared.entry(heading.as_str()).or_insert(0) += 1;
        for (at, _) in heading.match_indices(':') {
            *shared.entry(heading.get(at + 1..).unwrap_or_default().trim()).or_insert(0) += 1;
        }
    }
    let cut = |heading: &String| {
        heading.match_indices(':').find_map(|(at, _)| {
            let (option, question) = (heading.get(..at)?.trim(), heading.get(at + 1..)?.trim());
            let several = shared.get(question).copied().unwrap_or(0) >= 2;
            let kept = several && !option.is_empty() && !question.is_empty();
            kept.then(|| (question.to_string(), option.to_string()))
        })
    };
    headings.iter().map(cut).collect()
}

/// Cuts the headings of one question where their common beginning ends in a separator.
pub(super) fn by_common_beginning(headings: &[&str]) -> Option<Vec<(String, String)>> {
    let first = headings.first()?;
    let mut common = first.len();
    for h in headings {
        let same =
            first.char_indices().zip(h.chars()).find(|((_, a), b)| a != b).map_or(h.len(), |((i, _), _)| i);
        common = common.min(same);
    }
    let beginning = first.get(..common)?;
    let (at, separator) = [" - ", "-"].iter().find_map(|s| beginning.rfind(s).map(|at| (at, s.len())))?;
    let question = beginning.get(..at)?.trim();
    let question = question.strip_suffix("Selected Choice").unwrap_or(question).trim_end_matches([' ', '-']);
    let cut = |h: &&str| {
        let option = h.get(at + separator..)?.trim();
        (!option.is_empty() && !question.is_empty()).then(|| (question.to_string(), option.to_string()))
    };
    headings.iter().map(cut).collect()
}

/// Cuts `Question [Option]`.
pub(super) fn bracketed(heading: &str) -> Option<(String, String)> {
    let (question, option) = heading.strip_suffix(']')?.rsplit_once('[')?;
    let (question, option) = (question.trim(), option.trim());
    (!question.is_empty() && !option.is_empty()).then(|| (question.to_string(), option.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(all: &[&str]) -> Vec<String> {
        all.iter().map(|s| s.to_string()).collect()
    }

    fn cut(question: &str, option: &str) -> Option<(String, String)> {
        Some((question.to_string(), option.to_string()))
    }

    #[test]
    fn a_question_with_a_dash_keeps_it() {
        let headings = strings(&[
            "Pies - tick all - Apple",
            "Pies - tick all - Other - please specify",
            "Pies - tick all - Other",
            "Age - in years",
        ]);
        assert_eq!(
            by_shared_question(&headings, " - "),
            [
                cut("Pies - tick all", "Apple"),
                cut("Pies - tick all", "Other - please specify"),
                cut("Pies - tick all", "Other"),
                None
            ]
        );
    }

    #[test]
    fn an_ending_is_cut_only_where_it_is_shared() {
        let headings = strings(&["Red:Which: colours?", "Blue:Which: colours?", "Please explain: why?"]);
        assert_eq!(
            by_shared_ending(&headings),
            [cut("Which: colours?", "Red"), cut("Which: colours?", "Blue"), None]
        );
    }

    #[test]
    fn a_common_beginning_is_cut_at_its_last_separator() {
        let headings = ["Do you use - Selected Choice - Facebook", "Do you use - Selected Choice - Fax"];
        let expected = ["Facebook", "Fax"].map(|o| ("Do you use".to_string(), o.to_string()));
        assert_eq!(by_common_beginning(&headings).unwrap(), expected);
        let dashed = ["Easy-read fruit-Kiwi", "Easy-read fruit-Kale"];
        assert_eq!(by_common_beginning(&dashed).unwrap()[1].1, "Kale");
        assert_eq!(by_common_beginning(&["One", "Two"]), None);
        assert_eq!(by_common_beginning(&["Caf\u{e9} - a", "Caf\u{e9} - \u{e9}"]).unwrap()[1].1, "\u{e9}");
    }

    #[test]
    fn brackets_hold_an_option() {
        assert_eq!(bracketed("How often? [At home]"), cut("How often?", "At home"));
        assert_eq!(bracketed("[At home]"), None);
        assert_eq!(bracketed("How often?"), None);
    }
}
