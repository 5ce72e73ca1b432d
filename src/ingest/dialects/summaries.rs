//! Files that hold no respondents: summaries of counts per option, published statistics, lists of
//! questions. Each is refused with what to export instead.

use super::Preview;
use crate::config::fold;
use crate::error::{Error, Result};

struct Known {
    what: &'static str,
    remedy: &'static str,
}

const SURVEY_MONKEY: Known = Known {
    what: "is a summary (answers counted per option), not the responses",
    remedy: "In SurveyMonkey choose Analyze Results > Save As > Export file > All individual responses (not All summary data), as CSV or XLSX.",
};
const QUALTRICS: Known = Known {
    what: "is a Qualtrics results report (answers counted per option), not the responses",
    remedy: "In Qualtrics choose Data & Analysis > Export & Import > Export Data > CSV, with choice text.",
};
const LIME_SURVEY: Known = Known {
    what: "is a LimeSurvey statistics export (answers counted per option), not the responses",
    remedy: "In LimeSurvey choose Responses > Export > Export responses > CSV.",
};
const COUNTS: Known = Known {
    what: "is a summary (answers counted per option), not the responses",
    remedy: "Export the individual responses instead: one row a respondent, one column a question. If it is just that, set [input] dialect = \"plain\".",
};
const STATISTICS: Known = Known {
    what: "holds published statistics, not responses",
    remedy: "Name the export of the survey tool: one row a respondent, one column a question.",
};
const QUESTIONS: Known = Known {
    what: "describes the questions of a consultation, not its responses",
    remedy: "Name the file with the responses: one row a respondent, one column a question.",
};

/// Refuses what is no export of respondents.
pub(super) fn refuse(preview: &Preview) -> Result<()> {
    let rows: Vec<Vec<String>> = preview.rows.iter().map(|row| filled(row)).collect();
    let found = rows
        .iter()
        .find_map(|row| known_row(row))
        .or_else(|| answered_and_skipped(&rows))
        .or_else(|| statistics(&rows))
        .or_else(|| counted(preview.rows));
    match found {
        Some(known) => Err(Error::data(known.what, preview.place, known.remedy)),
        None => Ok(()),
    }
}

fn filled(row: &[&str]) -> Vec<String> {
    row.iter().map(|c| fold(c)).filter(|c| !c.is_empty()).collect()
}

/// Rows that head a table in a summary. A respondent's row never holds just these words.
fn known_row(row: &[String]) -> Option<&'static Known> {
    let cell = |i: usize| row.get(i).map_or("", String::as_str);
    let has = |word: &str| row.iter().any(|c| c == word);
    let first = cell(0);
    let counts =
        has("responses") || has("response percent") || has("response count") || has("response total");
    if matches!(first, "answer choices" | "answer choice" | "answer options")
        && (counts || has("total") || has("weighted average"))
    {
        return Some(&SURVEY_MONKEY);
    }
    if first == "#"
        && (has("answer") || has("field") || has("question"))
        && (has("%") || has("count") || has("choice count") || has("mean"))
    {
        return Some(&QUALTRICS);
    }
    if first == "field" && (has("choice count") || (has("minimum") && has("mean"))) {
        return Some(&QUALTRICS);
    }
    if row.len() <= 4 && first == "answer" && has("count") && (has("percentage") || has("gross percentage")) {
        return Some(&LIME_SURVEY);
    }
    if row.len() <= 4 && first == "value" && has("percent") && (has("responses") || has("count")) {
        return Some(&COUNTS);
    }
    let question = |c: &String| ["title", "label", "question"].iter().any(|w| c.contains(w));
    if (first.starts_with("column id") || first.starts_with("column letter"))
        && row.iter().skip(1).any(question)
    {
        return Some(&QUESTIONS);
    }
    None
}

/// A question's totals, below a title: how many answered and, in the next row, how many skipped it.
fn answered_and_skipped(rows: &[Vec<String>]) -> Option<&'static Known> {
    let says = |row: &Vec<String>, word: &str| match row.as_slice() {
        [first, n] => first == word && n.parse::<u64>().is_ok(),
        _ => false,
    };
    let (title, body) = rows.split_first()?;
    let found = body.iter().zip(body.iter().skip(1)).any(|(a, b)| says(a, "answered") && says(b, "skipped"));
    (title.len() == 1 && found).then_some(&SURVEY_MONKEY)
}

/// Explore Education Statistics data and metadata files; workbooks made to the accessibility guidance.
fn statistics(rows: &[Vec<String>]) -> Option<&'static Known> {
    let header = rows.first()?;
    let has_all = |words: &[&str]| words.iter().all(|w| header.iter().any(|c| c == w));
    let data = has_all(&["time_period", "time_identifier", "geographical_level"]);
    let meta = has_all(&["col_name", "col_type", "label"]);
    let cover = rows.len() >= 2 && rows.iter().all(|r| r.len() <= 2) && {
        let says =
            |start: &str, end: &str| rows.iter().flatten().any(|c| c.starts_with(start) && c.contains(end));
        says("this worksheet contains", "table") || (says("cover", "") && says("contact", ""))
    };
    (data || meta || cover).then_some(&STATISTICS)
}

/// A table of options with a count and a share each: every column but the first is numbers, and the
/// first is not.
fn counted(rows: &[Vec<&str>]) -> Option<&'static Known> {
    let (header, body) = rows.split_first()?;
    let names: Vec<String> = header.iter().map(|c| fold(c)).collect();
    let any = |words: &[&str]| names.iter().skip(1).any(|n| words.contains(&n.as_str()));
    let count = any(&["count", "n", "responses", "frequency", "total", "number", "response count"]);
    let share = any(&["%", "percent", "percentage", "per cent", "share", "proportion", "response percent"]);
    let number = |c: &str| {
        let c = c.trim().trim_end_matches('%').replace(',', "");
        c.is_empty() || c.parse::<f64>().is_ok()
    };
    let numbers = body.iter().all(|row| row.iter().skip(1).all(|c| number(c)));
    let options = body.iter().all(|row| row.first().is_some_and(|c| !number(c)));
    (count && share && !body.is_empty() && body.len() < 60 && numbers && options).then_some(&COUNTS)
}
