//! The classifier on the committed model of a few kilobytes, and on the real one where it is there.

use std::path::{Path, PathBuf};

use super::*;
use crate::classify::heads::tests::{book, plan};
use crate::ingest::Closed;
use crate::model::Bundle;

const THEMES: [&str; 3] = ["family_life", "bullying", "housing"];
const CONCERNS: [&str; 1] = ["self_harm"];

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn options(threads: usize) -> ModelOptions {
    ModelOptions { onnxruntime: None, model: Some(folder("tests/data/tiny_model")), threads }
}

/// Needs ONNX Runtime: ORT_DYLIB_PATH, or the project's .runtime (`make setup`).
fn tiny(threads: usize) -> Classifier {
    Classifier::load(&plan(&[]), &book(&THEMES, &CONCERNS), &options(threads)).unwrap()
}

fn respondent(row: u64, texts: Vec<Shown<RedactedText>>) -> Redacted {
    let closed = Closed { answers: Vec::new(), groups: Vec::new(), weight: 1.0 };
    Redacted { row, id: format!("R{row}"), source: 0, texts, closed }
}

fn block(texts: &[&str]) -> Vec<Redacted> {
    let answer = |text: &&str| vec![Shown::Answered(RedactedText::for_test(text))];
    texts.iter().zip(1..).map(|(text, row)| respondent(row, answer(text))).collect()
}

/// The only text of each record.
fn coded(records: &[Record]) -> Vec<&CodedText> {
    records.iter().map(|r| r.texts[0].as_ref().unwrap()).collect()
}

fn bits(records: &[Record]) -> Vec<(u64, u64, Vec<u32>)> {
    let all = |s: &Scores| s.themes.iter().chain(&s.concerns).map(|v| v.to_bits()).collect();
    coded(records).iter().map(|t| (t.scores.theme_set, t.scores.concern_set, all(&t.scores))).collect()
}

/// Different texts of 1 to 40 words out of `words`.
fn many(words: &[&str], count: usize) -> Vec<String> {
    let mut random = fastrand::Rng::with_seed(5);
    let mut text = || {
        let length = random.usize(1..=40);
        (0..length).map(|_| words[random.usize(..words.len())]).collect::<Vec<_>>().join(" ")
    };
    (0..count).map(|_| text()).collect()
}

const WORDS: [&str; 9] = ["school", "home", "mum", "bully", "bullying", "house", "help", "me", "die"];

#[test]
fn labels_light_up_in_the_codebooks_order() {
    let mut classifier = tiny(1);
    let records = classifier
        .code(block(&["Bully!", "my mum", "the house and mum", "I want to die", "school"]))
        .unwrap();
    let sets: Vec<_> = coded(&records).iter().map(|t| (t.scores.theme_set, t.scores.concern_set)).collect();
    assert_eq!(sets, [(0b010, 0), (0b001, 0), (0b101, 0), (0, 1), (0, 0)]);
    let first = coded(&records)[0];
    assert!(first.content && first.scores.themes[1] > 0.9 && first.scores.themes.len() == 3);
    assert_eq!(records.iter().map(|r| r.row).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

#[test]
fn nothing_said_is_not_scored() {
    let mut classifier = tiny(1);
    let records = classifier.code(block(&["idk", "n/a", "asdf", "[name]", "idk"])).unwrap();
    for text in coded(&records) {
        assert!(!text.content && text.duplicate_of.is_none() && text.language.is_none());
        assert_eq!(text.scores.themes.iter().chain(&text.scores.concerns).sum::<f32>(), 0.0);
        assert_eq!((text.scores.themes.len(), text.scores.concerns.len()), (3, 1));
    }
    assert_eq!(classifier.counts(), Coded { texts: 5, no_content: 5, ..Coded::default() });
}

#[test]
fn what_was_said_before_is_linked_and_scored_once() {
    let mut classifier = tiny(1);
    let first = classifier.code(block(&["my mum", "My  MUM!", "house", "my mum"])).unwrap();
    let links: Vec<_> = coded(&first).iter().map(|t| t.duplicate_of.as_deref()).collect();
    assert_eq!(links, [None, Some("R1"), None, Some("R1")]);
    assert_eq!(classifier.counts(), Coded { texts: 4, scored: 2, cached: 2, duplicates: 2, no_content: 0 });
    let second = classifier.code(block(&["house", "mum"])).unwrap();
    assert_eq!(coded(&second)[0].duplicate_of.as_deref(), Some("R3"));
    assert_eq!(bits(&first)[2], bits(&second)[0]);
    assert_eq!(classifier.counts().scored, 3);
}

#[test]
fn questions_are_told_apart_and_the_states_of_missing_kept() {
    let mut classifier = tiny(1);
    let said = |text| Shown::Answered(RedactedText::for_test(text));
    let records = classifier
        .code(vec![
            respondent(1, vec![said("mum"), Shown::Skipped, said("mum")]),
            respondent(2, vec![Shown::NotShown, said("mum"), said("mum")]),
        ])
        .unwrap();
    assert_eq!(records[0].asked, [true, true, true]);
    assert_eq!(records[1].asked, [false, true, true]);
    let links = |r: &Record| {
        r.texts
            .iter()
            .map(|t| t.as_ref().map(|t| t.duplicate_of.clone().unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    assert_eq!(links(&records[0]), [Some(String::new()), None, Some(String::new())]);
    assert_eq!(links(&records[1]), [None, Some(String::new()), Some("R1".to_string())]);
    assert_eq!(classifier.counts().scored, 1, "the question does not change the score");
}

#[test]
fn the_end_of_a_long_text_counts() {
    let mut classifier = tiny(1);
    let rant = format!("{} and i want to die", many(&["school", "home", "no", "my"], 20).join(" "));
    let pasted = "help me ".repeat(10_000) + "house";
    let records = classifier.code(block(&[&rant, &pasted])).unwrap();
    assert_eq!(coded(&records)[0].scores.concern_set, 1);
    assert_eq!(coded(&records)[1].scores.theme_set, 0b100);
}

#[test]
fn texts_of_a_megabyte_are_coded() {
    let mut classifier = tiny(1);
    let word = "x".repeat(1_000_000) + " bully";
    let marks = "!".repeat(1_000_000) + " i want to die";
    let mixed = many(&WORDS[..6], 10_000).join(" ");
    let nothing = "no ".repeat(300_000);
    let symbols = "\u{1f600}[".repeat(200_000);
    let records = classifier.code(block(&[&word, &marks, &mixed, &nothing, &symbols])).unwrap();
    let texts = coded(&records);
    assert!(mixed.len() > 900_000 && texts[0].scores.theme_set == 0b010 && texts[1].scores.concern_set == 1);
    assert_eq!(texts.iter().map(|t| t.content).collect::<Vec<_>>(), [true, true, true, false, false]);
}

#[test]
fn threads_and_runs_give_the_same_bits() {
    let texts = many(&WORDS, 3000);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let run = |threads| {
        let mut classifier = tiny(threads);
        let parts: Vec<Record> =
            texts.chunks(1024).flat_map(|part| classifier.code(block(part)).unwrap()).collect();
        (bits(&parts), classifier.counts())
    };
    let one = run(1);
    assert_eq!(one.1.texts, 3000);
    for threads in [1, 2, 5] {
        assert_eq!(run(threads), one, "{threads} threads");
    }
}

/// The largest difference of a score, alone and in a batch, and how many decisions differ.
fn difference(load: impl Fn() -> Classifier, texts: &[&str]) -> (f32, usize) {
    let together = load().code(block(texts)).unwrap();
    let mut alone = load();
    let (mut largest, mut flips) = (0f32, 0);
    for (text, batched) in texts.iter().zip(coded(&together)) {
        let record = alone.code(block(&[text])).unwrap();
        let (a, b) = (&coded(&record)[0].scores, &batched.scores);
        let scores = a.themes.iter().chain(&a.concerns).zip(b.themes.iter().chain(&b.concerns));
        largest = scores.fold(largest, |l, (x, y)| l.max((x - y).abs()));
        flips += usize::from((a.theme_set, a.concern_set) != (b.theme_set, b.concern_set));
    }
    (largest, flips)
}

#[test]
fn a_text_scores_the_same_alone_and_in_any_batch() {
    let texts = many(&WORDS, 400);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (largest, flips) = difference(|| tiny(1), &texts);
    assert!(largest < 1e-4 && flips == 0, "tiny model: {largest}, {flips} decisions");
}

#[test]
fn the_real_model_scores_the_same_alone_and_in_any_batch() {
    let themes = folder("models/themes");
    if !themes.join("SHA256SUMS").is_file() {
        eprintln!("models/themes is not there: only the tiny model was measured");
        return;
    }
    let load = || {
        let options = ModelOptions { model: Some(themes.clone()), threads: 1, ..ModelOptions::default() };
        Classifier::load(&plan(&[]), &Codebook::load(None).unwrap(), &options).unwrap()
    };
    let words: Vec<&str> = include_str!("../words.txt").lines().filter(|l| !l.starts_with('#')).collect();
    let words: Vec<&str> = words.iter().flat_map(|l| l.split(' ')).filter(|w| !w.is_empty()).collect();
    let texts = many(&words, 200);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (largest, flips) = difference(load, &texts);
    assert!(largest < 1e-4 && flips == 0, "models/themes: {largest}, {flips} decisions");
}

#[test]
fn sentence_vectors_have_length_one() {
    let mut classifier = tiny(2);
    let long = "mum ".repeat(30) + &"house ".repeat(30);
    let vectors = classifier.embed(&["mum", &long, "", "house", "mum"]).unwrap();
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    for v in &vectors {
        assert!(v.len() == 12 && (dot(v, v) - 1.0).abs() < 1e-5, "{v:?}");
    }
    assert_eq!(vectors[0], vectors[4]);
    assert!(
        dot(&vectors[1], &vectors[0]) > 0.6 && dot(&vectors[1], &vectors[3]) > 0.6,
        "both halves are in it"
    );
    assert!(dot(&vectors[0], &vectors[3]) < 0.5);
}

#[test]
fn the_plans_threshold_replaces_the_models() {
    let strict = plan(&[("bullying", 1.0)]);
    let mut classifier = Classifier::load(&strict, &book(&THEMES, &CONCERNS), &options(1)).unwrap();
    let records = classifier.code(block(&["bully"])).unwrap();
    let text = coded(&records)[0];
    assert!(text.scores.theme_set == 0 && text.scores.themes[1] > 0.9);
}

#[test]
fn the_facts_name_the_model() {
    let facts = tiny(1).describe();
    assert_eq!((facts.folder.as_str(), facts.version.as_str()), ("tiny_model", "tiny-1"));
    assert_eq!(facts.sha256, Bundle::open(&folder("tests/data/tiny_model")).unwrap().sha256);
    assert!(facts.runtime.starts_with("1."), "{}", facts.runtime);
}

#[test]
fn labels_that_the_model_does_not_have_are_refused() {
    let error = Classifier::load(&plan(&[]), &Codebook::load(None).unwrap(), &options(1)).err().unwrap();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().contains("the model lacks") && error.to_string().contains("abuse_neglect"));
}

#[test]
fn without_text_questions_there_is_no_model() {
    let mut none = Classifier::none();
    let records = none.code(vec![respondent(1, vec![]), respondent(2, vec![])]).unwrap();
    assert_eq!((records.len(), records[1].texts.len()), (2, 0));
    assert_eq!((none.describe(), none.counts()), (ModelFacts::default(), Coded::default()));
    let error = none.code(block(&["school"])).unwrap_err();
    assert_eq!(error.exit_code(), 1);
    assert!(!error.to_string().contains("school"));
}
