//! What is a name once in an answer is that name everywhere in it. Owns which words of a find are
//! distinct enough to be looked for again.

use std::collections::BTreeMap;

use super::finder::Find;
use super::lexicon::Class;
use super::text::IdentifierKind as Kind;
use super::tokens::Doc;

/// Appends a find for every other place where a word of a name, school or place stands: in any case,
/// with or without a possessive. An everyday word is looked for only as it was written, in capitals.
pub fn everywhere(doc: &Doc, finds: &mut Vec<Find>) {
    let mut words: BTreeMap<String, (Kind, bool)> = BTreeMap::new();
    for find in finds.iter().filter(|f| matches!(f.kind, Kind::Name | Kind::School | Kind::Place)) {
        for i in doc.tokens_in(find.start..find.end) {
            if let Some((key, any_case)) = distinct(doc, i, find.kind) {
                words
                    .entry(key)
                    .and_modify(|w| w.0 = w.0.more_specific(find.kind))
                    .or_insert((find.kind, any_case));
            }
        }
    }
    if words.is_empty() {
        return;
    }
    for i in 0..doc.tokens.len() {
        let Some((kind, _)) = lookup(doc, i, &words) else { continue };
        let Some(token) = doc.token(i) else { continue };
        let end = if doc.lower(i).len() > 1 { token.end } else { continue };
        finds.push(Find { kind, start: token.start, end, rule: "found elsewhere in the answer" });
    }
}

/// The word of a find that is looked for, and whether in any case.
fn distinct(doc: &Doc, i: usize, kind: Kind) -> Option<(String, bool)> {
    let key = doc.key(i)?;
    let everyday =
        doc.is(i, Class::COMMON | Class::FUNCTION | Class::GIVEN_WORD | Class::KEEP | Class::IN_KEEP);
    let parts = Class::SCHOOL_HEAD
        | Class::SCHOOL_KIND
        | Class::SETTING
        | Class::LANDMARK
        | Class::TEAM
        | Class::TITLE
        | Class::SAINT;
    if key.chars().count() < 2
        || !doc.is_word(i)
        || kind != Kind::Name && (everyday || doc.is(i, parts | Class::ANY_GIVEN))
    {
        return None;
    }
    match everyday {
        true if doc.is(i, Class::FUNCTION) || !doc.is_capital(i) => None,
        true => Some((key.into_owned(), false)),
        false => Some((key.into_owned(), true)),
    }
}

fn lookup(doc: &Doc, i: usize, words: &BTreeMap<String, (Kind, bool)>) -> Option<(Kind, bool)> {
    if !doc.is_word(i) || doc.is(i, Class::IN_KEEP) {
        return None;
    }
    let key = doc.key(i)?;
    let bare = key.strip_suffix('s').filter(|b| b.len() > 2 && doc.class(i).is_unknown());
    let (kind, any_case) = words.get(key.as_ref()).or_else(|| words.get(bare?))?;
    (*any_case || doc.telling_capital(i)).then_some((*kind, *any_case))
}
