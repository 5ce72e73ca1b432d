//! People's names: by what stands before them, by what they do, by themselves. Owns the list of the
//! rules and the rules that look at what follows a word.

use super::continuation::{end_of_name, ends_name, others};
use super::cues::{self, Pointed};
use super::{Cue, find, is_finite, is_name};
use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap, Shape};

/// People's names.
pub struct People;

impl Finder for People {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        let mut next = 0;
        for i in 0..doc.tokens.len() {
            if let Some((k, cue, rule)) = before(doc, i) {
                take(doc, k, cue, rule, out);
            }
            if i >= next
                && let Some((cue, rule)) = itself(doc, i)
            {
                next = take(doc, i, cue, rule, out);
            }
        }
        sign_off(doc, out);
    }
}

/// What token `i`, as a cue, points to, if that is a name.
fn before(doc: &Doc, i: usize) -> Pointed {
    const CUES: Class = Class::PEOPLE_CUES;
    if !doc.is(i, CUES) && !matches!(doc.lower(i), "im" | "i'm" | "am" | "its" | "it's" | "iam") {
        return None;
    }
    let rules = [
        cues::name_is,
        cues::called,
        cues::title,
        cues::miss,
        cues::kin,
        cues::relation,
        cues::soft_title,
        cues::greeting,
        cues::i_am,
    ];
    rules.iter().filter_map(|rule| rule(doc, i)).find(|(k, cue, rule)| {
        doc.token(*k).is_some() && (matches!(*rule, "title" | "miss" | "kin") || is_name(doc, *k, *cue))
    })
}

/// Reports the name that starts at `i` and the list it begins. Returns the token after it.
fn take(doc: &Doc, i: usize, cue: Cue, rule: &'static str, out: &mut Vec<Find>) -> usize {
    let last = end_of_name(doc, i, cue);
    out.extend(find(doc, Kind::Name, i, last, rule));
    let list = if rule == "relation" { Cue::Strong } else { Cue::Medium };
    let mut end = last;
    for (from, to) in others(doc, last, list) {
        out.extend(find(doc, Kind::Name, from, to, "in a list of names"));
        end = to;
    }
    end + 1
}

/// Whether token `i` is a name by itself or by what follows it.
fn itself(doc: &Doc, i: usize) -> Option<(Cue, &'static str)> {
    if !doc.is_word(i) || doc.is(i, Class::FUNCTION) {
        return initials(doc, i);
    }
    if is_name(doc, i, Cue::Weak) {
        return Some((Cue::Weak, "a name by itself"));
    }
    if full_name(doc, i) && is_name(doc, i, Cue::Strong) {
        return Some((Cue::Strong, "given and family name"));
    }
    if !may_be_subject(doc, i) {
        return None;
    }
    let (cue, rule) = acts(doc, i)
        .or_else(|| beside_me(doc, i))
        .or_else(|| owns(doc, i))
        .or_else(|| spoken_to(doc, i))
        .or_else(|| aged(doc, i))?;
    is_name(doc, i, cue).then_some((cue, rule))
}

/// No name comes after "the" or "my", and no word of everyday language does things here.
fn may_be_subject(doc: &Doc, i: usize) -> bool {
    let class = doc.class(i);
    let candidate = class.is_unknown() || class.is(Class::ANY_GIVEN | Class::SURNAME);
    let month =
        class.is(Class::MONTH) && (!doc.is_capital(i) || doc.before(i, Class::PLACE_PREP | Class::FUNCTION));
    candidate && !month && !doc.before(i, Class::DET | Class::BE) && !class.is(Class::IN_KEEP)
}

/// "X hits me", "X is my best friend", "X said".
fn acts(doc: &Doc, i: usize) -> Option<(Cue, &'static str)> {
    let verb = i + 1;
    if doc.gap(verb) > Gap::Space || !doc.is(verb, Class::VERB | Class::BE) {
        return None;
    }
    let object = matches!(doc.lower(verb + 1), "me" | "us" | "my" | "him" | "her" | "our");
    let says = matches!(doc.lower(verb), "said" | "says" | "sed" | "told");
    let is = matches!(doc.lower(verb), "is" | "was" | "isnt" | "are" | "were");
    let kin = is
        && (verb + 1..verb + 5)
            .any(|k| doc.is(k, Class::OWN) && (k + 1..k + 4).any(|r| doc.is(r, Class::RELATION)));
    let to_me = is
        && doc.is(verb + 1, Class::COMMON)
        && (verb + 2..verb + 5).any(|k| doc.lower(k) == "to" && matches!(doc.lower(k + 1), "me" | "us"));
    let clause_start = doc.starts_sentence(i) || doc.before(i, Class::FUNCTION) || doc.gap(i) >= Gap::Comma;
    let modal_free = !matches!(doc.lower(i), "will" | "may") || is_finite(doc, verb);
    let sure = object && !is && doc.is(verb, Class::VERB) || says || kin || to_me;
    let cue = by_class(doc, i);
    (sure && clause_start && modal_free).then_some((cue, "what a name does"))
}

/// A given name needs less to be taken for one.
fn by_class(doc: &Doc, i: usize) -> Cue {
    if doc.is(i, Class::ANY_GIVEN) { Cue::Strong } else { Cue::Medium }
}

/// "X and me", "me and X", "with X and".
fn beside_me(doc: &Doc, i: usize) -> Option<(Cue, &'static str)> {
    let after =
        doc.lower(i + 1) == "and" && matches!(doc.lower(i + 2), "me" | "i") && doc.gap(i + 1) == Gap::Space;
    let me_and = i > 1
        && matches!(doc.lower(i - 1), "and" | "n")
        && matches!(doc.lower(i - 2), "me" | "i")
        && doc.gap(i) == Gap::Space;
    let with =
        i > 0 && doc.lower(i - 1) == "with" && doc.gap(i) == Gap::Space && !doc.is(i, Class::GIVEN_WORD);
    let doing =
        me_and && (doc.is(i + 1, Class::FUNCTION | Class::VERB | Class::FOLLOW) || doc.ends_clause(i));
    let rare = doc.is(i, Class::GIVEN_RARE) && !doc.is(i, Class::COMMON);
    (after || doing || with && (rare || doc.is(i + 1, Class::FOLLOW) || doc.ends_clause(i)))
        .then_some((if with { Cue::Medium } else { by_class(doc, i) }, "beside me"))
}

/// "X's mum", "zofias house".
fn owns(doc: &Doc, i: usize) -> Option<(Cue, &'static str)> {
    let thing = doc.is(i + 1, Class::RELATION | Class::KIN)
        || matches!(
            doc.lower(i + 1),
            "house"
                | "mums"
                | "dads"
                | "phone"
                | "room"
                | "birthday"
                | "party"
                | "bedroom"
                | "class"
                | "family"
        );
    (doc.is_possessive(i) && thing && doc.gap(i + 1) == Gap::Space)
        .then_some((by_class(doc, i), "what a name owns"))
}

/// "told X", "let X": only people are.
fn spoken_to(doc: &Doc, i: usize) -> Option<(Cue, &'static str)> {
    let verb = i.checked_sub(1).map_or("", |p| doc.lower(p));
    let asked = matches!(verb, "told" | "tell" | "asked" | "ask");
    let let_go = matches!(verb, "let" | "lets" | "wish" | "tells" | "asks" | "made" | "saw")
        && doc.is(i, Class::GIVEN_RARE);
    let given = doc.is(i, Class::GIVEN_RARE | Class::GIVEN_WORD) && !doc.is(i, Class::MONTH | Class::KEEP);
    (given && (asked || let_go) && doc.gap(i) == Gap::Space).then_some((Cue::Strong, "spoken to"))
}

/// "X age 9", "X aged 9", "X, 9" at the start or end of the text.
fn aged(doc: &Doc, i: usize) -> Option<(Cue, &'static str)> {
    let last = end_of_name(doc, i, Cue::Strong);
    let age_word = matches!(doc.lower(last + 1), "age" | "aged" | "yr" | "year" | "class");
    let age = last + 1 + usize::from(age_word);
    let number = doc.shape(age) == Shape::Number && doc.lower(age).len() < 3 && doc.token(age).is_some();
    let ends = age + 1 >= doc.tokens.len() || matches!(doc.lower(age + 1), "years" | "yrs" | "year");
    let begins = i == 0
        || doc.gap(i) >= Gap::Comma
        || i > 0 && matches!(doc.lower(i - 1), "from" | "by" | "love" | "im" | "xx" | "am");
    (number && begins && (age_word || ends) && doc.gap(last + 1) < Gap::Dot)
        .then_some((Cue::Strong, "name and age"))
}

/// "Zofia Nowak", "rex williams".
fn full_name(doc: &Doc, i: usize) -> bool {
    let k = i + 1;
    if doc.gap(k) != Gap::Space
        || doc.is(k, Class::IN_KEEP)
        || doc.is(i, Class::FUNCTION | Class::IN_KEEP | Class::DET)
    {
        return false;
    }
    let given = doc.is(i, Class::ANY_GIVEN);
    let unknown = doc.class(k).is_unknown() && doc.lower(k).len() > 1;
    if doc.shape(i) == Shape::Title && doc.shape(k) == Shape::Title && doc.capitals_tell {
        let everyday = doc.is(i, Class::COMMON | Class::KEEP) && !given;
        return !everyday
            && (unknown || doc.is(k, Class::ANY_SURNAME) && !doc.is(k, Class::KEEP | Class::FUNCTION));
    }
    let small = doc.shape(i) == Shape::Lower && doc.shape(k) == Shape::Lower && !doc.is_possessive(i);
    let first = given || doc.class(i).is_unknown() && !super::is_misspelt(doc, i);
    let family = doc.is(k, Class::SURNAME) && !doc.is(k, Class::COMMON | Class::KEEP);
    small
        && (first && family
            || given
                && unknown
                && !doc.before(i, Class::DET)
                && ends_name(doc, k)
                && !super::is_misspelt(doc, k))
}

/// "J. Smith", "J K Rowan".
fn initials(doc: &Doc, i: usize) -> Option<(Cue, &'static str)> {
    let letter = doc.shape(i) == Shape::Initial && !matches!(doc.written(i), "I" | "A");
    let k = i + 1;
    let family = doc.shape(k) == Shape::Title
        && (doc.is(k, Class::ANY_SURNAME) || doc.class(k).is_unknown())
        && !doc.is(k, Class::FUNCTION | Class::KEEP);
    let near = matches!(doc.gap(k), Gap::Dot) || doc.gap(k) == Gap::Space && !doc.is(k, Class::COMMON);
    (letter && family && near && !doc.is(i, Class::IN_KEEP))
        .then_some((Cue::Strong, "initial and family name"))
}

/// The name that ends a letter: "love from Ella", "- Jake", "by zofia age 9".
fn sign_off(doc: &Doc, out: &mut Vec<Find>) {
    let count = doc.tokens.len();
    for i in count.saturating_sub(6)..count {
        let signed = i.checked_sub(1).is_some_and(|p| {
            let word = doc.lower(p);
            let closes = p == 0 || doc.gap(p) >= Gap::Comma || doc.before(p, Class::CLOSING);
            matches!(word, "from" | "by") && closes
                || doc.is(p, Class::CLOSING) && doc.gap(i) <= Gap::Comma && closes
        });
        let dashed = doc.gap(i) == Gap::Dash
            && i > 1
            && doc.class(i).is(Class::ANY_GIVEN) | doc.class(i).is_unknown()
            && doc.is_capital(i);
        if !(signed || dashed) || !doc.is_word(i) {
            continue;
        }
        let class = doc.class(i);
        let last = end_of_name(doc, i, Cue::Strong);
        let capital = doc.shape(i) == Shape::Title && class.is(Class::ANY_GIVEN);
        let named = capital
            || class.is(Class::GIVEN | Class::GIVEN_RARE)
            || class.is_unknown() && !super::is_misspelt(doc, i);
        let rest = (last + 1..count).all(|k| {
            doc.shape(k) == Shape::Number
                || matches!(
                    doc.lower(k),
                    "age"
                        | "aged"
                        | "year"
                        | "years"
                        | "old"
                        | "yr"
                        | "yrs"
                        | "x"
                        | "xx"
                        | "xxx"
                        | "class"
                        | "and"
                        | "from"
                )
        });
        if named && rest && !class.is(Class::KEEP | Class::IN_KEEP) {
            take(doc, i, Cue::Strong, "signature", out);
        }
    }
}
