//! Tests of headers, each a small export in the form of its tool.

use super::*;

fn rows<'a>(table: &[&[&'a str]]) -> Vec<Vec<&'a str>> {
    table.iter().map(|r| r.to_vec()).collect()
}

fn try_read(table: &[&[&str]], named: bool, declared: Option<Dialect>) -> Result<Found> {
    read(&Preview { place: "x.csv", rows: &rows(table), named, declared })
}

/// Dialect, header rows, and name, text, option of every column.
fn of(table: &[&[&str]]) -> (Dialect, usize, Vec<(String, String, String)>) {
    let found = try_read(table, false, None).unwrap();
    let names = |c: Column| (c.name, c.text, c.option.unwrap_or_default());
    let columns = found.header.columns;
    assert!(columns.iter().enumerate().all(|(i, c)| c.position == i + 1));
    (found.header.dialect, found.rows, columns.into_iter().map(names).collect())
}

fn expect(all: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    all.iter().map(|(a, b, c)| (a.to_string(), b.to_string(), c.to_string())).collect()
}

#[test]
fn qualtrics_has_three_rows() {
    let found = try_read(
        &[
            &["StartDate", "Q1", "Q2_1", "Q2_2", "Q2_2_TEXT", "wt"],
            &[
                "Start Date",
                "What would\nhelp?",
                "Uses - Selected Choice - Bus",
                "Uses - Selected Choice - Other",
                "Uses - Other - Text",
                "wt",
            ],
            &[
                r#"{"ImportId":"startDate","timeZone":"Europe/London"}"#,
                r#"{"ImportId":"QID1_TEXT"}"#,
                r#"{"ImportId":"QID2","choiceId":"1"}"#,
                r#"{"ImportId":"QID2","choiceId":"2"}"#,
                r#"{"ImportId":"QID2_2_TEXT"}"#,
                "wt",
            ],
            &["2024-01-01", "x", "Bus", "", "", "1"],
        ],
        false,
        None,
    )
    .unwrap();
    assert_eq!((found.header.dialect, found.rows), (Dialect::Qualtrics, 3));
    let columns = &found.header.columns;
    let ids: Vec<_> = columns.iter().map(|c| c.import_id.as_deref()).collect();
    assert_eq!(
        ids,
        [Some("startDate"), Some("QID1_TEXT"), Some("QID2_1"), Some("QID2_2"), Some("QID2_2_TEXT"), None]
    );
    assert_eq!((columns[1].name.as_str(), columns[1].text.as_str()), ("Q1", "What would help?"));
    assert_eq!((columns[3].text.as_str(), columns[3].option.as_deref()), ("Uses", Some("Other")));
    assert_eq!((columns[4].text.as_str(), columns[4].option.as_deref()), ("Uses - Other - Text", None));
}

#[test]
fn qualtrics_of_2016_has_single_quotes() {
    let (dialect, header, columns) = of(&[
        &["ResponseID", "q3_1", "q3_2", "q5"],
        &["ResponseID", "Which fruit?-Kiwi", "Which fruit?-Lime", "Why?"],
        &[
            "{'ImportId': 'responseId'}",
            "{'ImportId': u'QID5-1'}",
            "{'ImportId': u'QID5-2'}",
            "{'ImportId': u'QID6-TEXT'}",
        ],
        &["R_1", "1", "", "x"],
    ]);
    assert_eq!((dialect, header), (Dialect::Qualtrics2016, 3));
    assert_eq!(
        columns,
        expect(&[
            ("ResponseID", "ResponseID", ""),
            ("q3_1", "Which fruit?", "Kiwi"),
            ("q3_2", "Which fruit?", "Lime"),
            ("q5", "Why?", "")
        ])
    );
}

#[test]
fn legacy_qualtrics_has_two_rows() {
    let (dialect, header, columns) = of(&[
        &["V1", "V2", "Q1_1", "Q1_2", ""],
        &["ResponseID", "ResponseSet", "Likes-Red", "Likes-Blue", ""],
        &["R_1", "Default", "1", "2", ""],
    ]);
    assert_eq!((dialect, header), (Dialect::QualtricsLegacy, 2));
    assert_eq!(
        columns[..4],
        expect(&[
            ("V1", "ResponseID", ""),
            ("V2", "ResponseSet", ""),
            ("Q1_1", "Likes", "Red"),
            ("Q1_2", "Likes", "Blue")
        ])
    );
    let without_ids: &[&[&str]] = &[
        &["StartDate", "EndDate", "Finished", "Q1"],
        &["Start Date", "End Date", "Finished", "Why?"],
        &["2024-01-01", "2024-01-01", "1", "x"],
    ];
    assert_eq!(of(without_ids).0, Dialect::QualtricsLegacy);
}

#[test]
fn survey_monkey_carries_questions_forward() {
    let (dialect, header, columns) = of(&[
        &["Respondent ID", "Start Date", "Which apply?", "", "", "How was it?", "", "Why?"],
        &["", "", "Home", "School", "Other (please specify)", " - 1", " - 2", "Open-Ended Response"],
        &["101", "2024-01-01", "Home", "", "", "", "2", "x"],
    ]);
    assert_eq!((dialect, header), (Dialect::SurveyMonkey, 2));
    assert_eq!(
        columns,
        expect(&[
            ("Respondent ID", "Respondent ID", ""),
            ("Start Date", "Start Date", ""),
            ("Which apply? - Home", "Which apply?", "Home"),
            ("Which apply? - School", "Which apply?", "School"),
            ("Which apply? - Other (please specify)", "Which apply?", "Other (please specify)"),
            ("How was it? - 1", "How was it?", "1"),
            ("How was it? - 2", "How was it?", "2"),
            ("Why?", "Why?", "")
        ])
    );
    let without_ids: &[&[&str]] =
        &[&["Which?", "Rank", ""], &["Response", "Slack", "Mail"], &["A", "1", "2"]];
    assert_eq!(of(without_ids).0, Dialect::SurveyMonkey);
    let single_answers: &[&[&str]] =
        &[&["Respondent ID", "Which?", "Why?"], &["", "Response", "Open-Ended Response"], &["101", "A", "x"]];
    assert_eq!(of(single_answers).0, Dialect::SurveyMonkey);
}

#[test]
fn flattened_survey_monkey_is_cut_where_questions_are_shared() {
    let (dialect, header, columns) = of(&[
        &["RespondentID", "Age", "Pies? - Apple", "Pies? - Other", "Pies? - Other", "Fun - really?"],
        &["1", "9", "Apple", "", "x", "Yes"],
    ]);
    assert_eq!((dialect, header), (Dialect::SurveyMonkeyFlat, 1));
    assert_eq!(columns[2], ("Pies? - Apple".to_string(), "Pies?".to_string(), "Apple".to_string()));
    assert_eq!(columns[4].2, "Other");
    assert_eq!(columns[5].2, "");
}

#[test]
fn alchemer_puts_the_option_first() {
    let (dialect, _, columns) = of(&[
        &[
            "Response ID",
            "Time Started",
            "Date Submitted",
            "Red:Which colours?",
            "Other - Write In:Which colours?",
            "Please explain: why?",
        ],
        &["1", "x", "y", "Red", "", "z"],
    ]);
    assert_eq!(dialect, Dialect::Alchemer);
    assert_eq!(columns[4].1, "Which colours?");
    assert_eq!(columns[4].2, "Other - Write In");
    assert_eq!(columns[5].2, "");
}

#[test]
fn google_and_microsoft_forms_are_known_by_their_first_columns() {
    let (dialect, _, columns) =
        of(&[&["Timestamp", "Age", "How often? [At home]"], &["2024/01/01 9:00:00 AM GMT", "9", "Never"]]);
    assert_eq!(dialect, Dialect::GoogleForms);
    assert_eq!(
        columns[2],
        ("How often? [At home]".to_string(), "How often?".to_string(), "At home".to_string())
    );
    let microsoft: &[&[&str]] = &[
        &["ID", "Start time", "Completion time", "Email", "Name", "What\u{a0}matters?\u{a0}"],
        &["1", "x", "y", "anonymous", "", "A;B;"],
    ];
    let (dialect, _, columns) = of(microsoft);
    assert_eq!((dialect, columns[5].0.as_str()), (Dialect::MicrosoftForms, "What matters?"));
}

#[test]
fn lime_survey_writes_codes_texts_or_both() {
    let codes: &[&[&str]] = &[
        &["id", "submitdate", "lastpage", "startlanguage", "Q1[SQ001]", "Q2"],
        &["1", "2024-01-01", "3", "en", "Y", "x"],
    ];
    let (dialect, _, columns) = of(codes);
    assert_eq!(dialect, Dialect::LimeSurvey);
    assert_eq!(columns[4], ("Q1[SQ001]".to_string(), "Q1".to_string(), "SQ001".to_string()));
    let both: &[&[&str]] = &[
        &[
            "id. Response ID",
            "submitdate. Date submitted",
            "lastpage. Last page",
            "startlanguage. Start language",
            "Q1[SQ001]. Uses [Bus]",
            "Q2. Why? e.g. this",
        ],
        &["1", "2024-01-01", "3", "en", "Y", "x"],
    ];
    let (dialect, _, columns) = of(both);
    assert_eq!(dialect, Dialect::LimeSurvey);
    assert_eq!(columns[4..], expect(&[("Q1[SQ001]", "Uses", "Bus"), ("Q2", "Why? e.g. this", "")]));
    let texts: &[&[&str]] = &[
        &["Response ID", "Date submitted", "Last page", "Start language", "Uses [Bus]"],
        &["1", "2024-01-01", "3", "en", "Y"],
    ];
    let (dialect, _, columns) = of(texts);
    assert_eq!((dialect, columns[4].2.as_str()), (Dialect::LimeSurvey, "Bus"));
}

#[test]
fn titles_and_codes_above_a_plain_header_are_understood() {
    let (dialect, header, columns) = of(&[
        &["Our consultation 2024", "", ""],
        &["Downloaded on Monday"],
        &["id", "age", "comment"],
        &["1", "9", "x"],
    ]);
    assert_eq!((dialect, header, columns[2].0.as_str()), (Dialect::Plain, 3, "comment"));
    let (dialect, header, columns) =
        of(&[&["Ident 1", "Ident 2"], &["What is your name?", "Are you an individual?"], &["", "Yes"]]);
    assert_eq!((dialect, header), (Dialect::Plain, 2));
    assert_eq!(columns[1], ("Ident 2".to_string(), "Are you an individual?".to_string(), String::new()));
    let answers: &[&[&str]] = &[&["Q1", "Q2"], &["More parks please", "9"], &["Why not?", "8"]];
    assert_eq!(of(answers).1, 1, "an answer is no header");
}

#[test]
fn a_declared_dialect_is_kept_to() {
    let table: &[&[&str]] = &[&["Answer Choices", "Responses"], &["A", "4"], &["B", "5"]];
    assert_eq!(try_read(table, false, Some(Dialect::Plain)).unwrap().rows, 1);
    let e = try_read(table, false, Some(Dialect::Qualtrics)).err().unwrap();
    assert!(e.exit_code() == 3 && e.to_string().contains("Qualtrics"), "{e}");
    assert_eq!(try_read(table, true, Some(Dialect::SurveyMonkey)).unwrap().rows, 1);
    assert_eq!(
        try_read(&[&["RespondentID", "q - a", "q - b"]], true, None).unwrap().header.dialect,
        Dialect::SurveyMonkeyFlat
    );
}

#[test]
fn what_holds_no_respondents_is_refused_with_what_to_export() {
    let summaries: &[(&[&[&str]], &str)] = &[
        (
            &[
                &["Strimzi"],
                &["Q1. Which?"],
                &["Answer Choices", "Response Percent", "Responses"],
                &["A", "9.7%", "4"],
            ],
            "All individual responses",
        ),
        (
            &[&["Q1"], &["Which?"], &["Answer Choices", "Responses", ""], &["A", "9.7%", "4"]],
            "All individual responses",
        ),
        (&[&["Q3"], &["Answered", "29"], &["Skipped", "12"]], "All individual responses"),
        (&[&["Q1 - Which?"], &["#", "Answer", "%", "Count"], &["1", "A", "50.00%", "4"]], "Export Data"),
        (&[&["#", "Field", "Choice Count"], &["1", "A", "4"]], "Export Data"),
        (&[&["#", "Field", "Minimum", "Maximum", "Mean"], &["1", "A", "1", "5", "3"]], "Export Data"),
        (&[&["Summary for Q1"], &["Answer", "Count", "Percentage"], &["A", "3", "30%"]], "LimeSurvey"),
        (&[&["1. Which?"], &["Value", "Percent", "Responses"], &["A", "50.0%", "4"]], "individual responses"),
        (&[&["Option", "Count", "%"], &["A", "4", "40%"], &["B", "6", "60%"]], "individual responses"),
        (
            &[
                &["time_period", "time_identifier", "geographical_level", "sex"],
                &["2020", "Year", "National", "Total"],
            ],
            "published statistics",
        ),
        (&[&["col_name", "col_type", "label"], &["sex", "Filter", "Sex"]], "published statistics"),
        (&[&["Notes"], &["This worksheet contains one table."], &["Note", "Text"]], "published statistics"),
        (
            &[&["Demographic data"], &["Column ID", "Demographic title"], &["A", "Responding as"]],
            "describes the questions",
        ),
    ];
    for (table, word) in summaries {
        let e = try_read(table, false, None).err().unwrap_or_else(|| panic!("{table:?} was read"));
        assert_eq!(e.exit_code(), 3);
        let text = e.to_string();
        assert!(text.contains(word) && text.starts_with("x.csv"), "{text}");
    }
}

#[test]
fn respondents_who_write_like_a_summary_are_read() {
    let data: &[&[&[&str]]] = &[
        &[&["id", "number", "percent", "why"], &["1", "4", "50", "because"]],
        &[&["status", "score"], &["Answered", "5"], &["Skipped", "0"]],
        &[&["id", "count", "percent"], &["1", "4", "50"], &["2", "6", "50"]],
        &[&["id", "answered"], &["1", "Answered"], &["Skipped", "x"]],
        &[&["value", "count"], &["a", "1"]],
        &[&["respondent_id", "age"], &["1", "9"]],
        &[&["age", "comment"], &["9", "answer choices"], &["8", "responses"]],
    ];
    for table in data {
        assert_eq!(try_read(table, false, None).unwrap().header.dialect, Dialect::Plain, "{table:?}");
    }
}
