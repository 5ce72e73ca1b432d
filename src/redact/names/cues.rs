//! What stands before a name: "my name is", "my friend", "mr", "dear". Owns, for each, where the name
//! then stands and how sure it is.

use super::{Cue, is_name, stands_as_name};
use crate::redact::lexicon::Class;
use crate::redact::tokens::{Doc, Gap, Shape};

/// The token that a cue at token `i` points to, how sure it is, and the rule.
pub type Pointed = Option<(usize, Cue, &'static str)>;

/// "my name is X", "name: X", "his names X".
pub fn name_is(doc: &Doc, i: usize) -> Pointed {
    if !doc.is(i, Class::NAME_WORD) {
        return None;
    }
    let owner = i
        .checked_sub(1)
        .is_some_and(|p| doc.is_possessive(p) || doc.is(p, Class::RELATION | Class::PET | Class::PERSON));
    let own = owner || doc.within_before(i, 2, Class::OWN) || doc.gap(i) == Gap::Start;
    if !own
        || i.checked_sub(1).is_some_and(|p| {
            matches!(doc.lower(p), "user" | "brand" | "screen" | "school" | "schools" | "team")
        })
    {
        return None;
    }
    let mut k = i + 1;
    while k < i + 4
        && (doc.is(k, Class::BE)
            || doc.is(k, Class::CALLED)
            || matches!(doc.lower(k), "actually" | "just" | "really"))
    {
        k += 1;
    }
    let said = k > i + 1
        || doc.is_possessive(i)
        || doc.gap(k) == Gap::Colon
        || doc.lower(i) == "names"
        || doc.gap(i) == Gap::Start;
    (said && doc.gap(k) <= Gap::Colon).then_some((k, Cue::Certain, "my name is"))
}

/// "i am called X", "a boy called X".
pub fn called(doc: &Doc, i: usize) -> Pointed {
    if !doc.is(i, Class::CALLED) || doc.gap(i + 1) > Gap::Open {
        return None;
    }
    let me = i.checked_sub(1).is_some_and(|p| {
        matches!(doc.lower(p), "im" | "i'm") || doc.lower(p) == "am" && doc.before(p, Class::FUNCTION)
    });
    let person = Class::RELATION | Class::PERSON | Class::PET | Class::KIN;
    let who =
        (i.saturating_sub(5)..i).any(|p| doc.is(p, person) && (p + 1..=i).all(|k| doc.gap(k) < Gap::Dot));
    match () {
        () if me => Some((i + 1, Cue::Certain, "i am called")),
        () if who && !doc.within_before(i, 3, Class::PUBLIC) => Some((i + 1, Cue::Strong, "somebody called")),
        () => None,
    }
}

/// "im X", "i am X": a word that no list has must be introduced on.
pub fn i_am(doc: &Doc, i: usize) -> Pointed {
    let am = doc.lower(i) == "am" && i.checked_sub(1).is_some_and(|p| doc.lower(p) == "i");
    if !(am || matches!(doc.lower(i), "im" | "i'm" | "iam" | "its" | "it's")) || doc.gap(i + 1) > Gap::Hyphen
    {
        return None;
    }
    let k = i + 1;
    let class = doc.class(k);
    let end = super::continuation::end_of_name(doc, k, Cue::Strong);
    let introduced = introduces(doc, end);
    let greeted = doc.within_before(i, 3, Class::GREETING);
    let it = doc.lower(i).starts_with("it");
    let sure = match () {
        () if class.is(Class::GIVEN) => true,
        () if class.is(Class::KEEP | Class::PLACE) || it => false,
        () if class.is(Class::GIVEN_RARE) => {
            !class.is(Class::COMMON)
                || doc.telling_capital(k)
                || introduced && (greeted || from_or_age(doc, end))
        }
        () if class.is(Class::GIVEN_WORD) => {
            introduced && (doc.telling_capital(k) || greeted || from_or_age(doc, end))
        }
        () if class.is_unknown() => {
            (introduced || end > k && doc.ends_clause(end))
                && (doc.telling_capital(k) || greeted || from_or_age(doc, end))
                && !super::is_misspelt(doc, k)
        }
        () => false,
    };
    (sure && doc.is_word(k)).then_some((k, Cue::Strong, "i am"))
}

/// Whether a name that ends at `last` is one that somebody gives: the clause ends, or "and", "from"
/// or an age follows.
fn introduces(doc: &Doc, last: usize) -> bool {
    doc.ends_clause(last)
        || matches!(doc.lower(last + 1), "and" | "from" | "age" | "aged" | "n")
        || doc.shape(last + 1) == Shape::Number
}

fn from_or_age(doc: &Doc, last: usize) -> bool {
    let k = last + 1;
    let and_i = doc.lower(k) == "and" && matches!(doc.lower(k + 1), "i" | "im" | "i'm" | "iam" | "my");
    and_i
        || matches!(doc.lower(k), "age" | "aged")
        || doc.shape(k) == Shape::Number
        || doc.lower(k) == "from" && !doc.is(k + 1, Class::DET | Class::FUNCTION)
}

/// "dear X", "hi X".
pub fn greeting(doc: &Doc, i: usize) -> Pointed {
    if !doc.is(i, Class::GREETING) || doc.gap(i + 1) > Gap::Comma {
        return None;
    }
    let k = i + 1;
    let class = doc.class(k);
    let named = class.is(Class::ANY_GIVEN) && !class.is(Class::COMMON | Class::KEEP)
        || class.is_unknown() && (doc.lower(i) == "dear" || doc.ends_clause(k) && doc.is_capital(k));
    let capital = doc.telling_capital(k) && class.is(Class::ANY_GIVEN) && doc.ends_clause(k);
    let cue = if doc.lower(i) == "dear" && class.is_unknown() && !super::is_misspelt(doc, k) {
        Cue::Certain
    } else {
        Cue::Strong
    };
    ((named || capital) && is_name(doc, k, cue)).then_some((k, cue, "greeting"))
}

/// "my friend X", "her brother is called X", "my friends are X and Y".
pub fn relation(doc: &Doc, i: usize) -> Pointed {
    if !doc.is(i, Class::RELATION | Class::PET) {
        return None;
    }
    let own = doc.within_before(i, 4, Class::OWN)
        || doc.gap(i) >= Gap::Dot
        || (i.saturating_sub(2)..i).any(|p| {
            matches!(doc.lower(p), "best" | "the" | "a" | "our" | "foster" | "social" | "old" | "good")
        });
    let loose = matches!(
        doc.lower(i),
        "head"
            | "ta"
            | "pa"
            | "ex"
            | "partner"
            | "pet"
            | "foster"
            | "worker"
            | "workers"
            | "twins"
            | "guardian"
            | "iro"
            | "crush"
    );
    if !own || loose && !doc.within_before(i, 3, Class::OWN) {
        return None;
    }
    let (mut k, mut direct) = (i + 1, true);
    if matches!(doc.lower(k), "of" | "at" | "from" | "in")
        && !doc.is(k + 1, Class::FUNCTION)
        && !doc.is(k + 1, Class::OWN)
    {
        k += 2;
    } else if matches!(doc.lower(k), "at" | "from" | "in")
        && doc.is(k + 1, Class::DET)
        && doc.is(k + 2, Class::COMMON)
    {
        k += 3;
    }
    let moved = k > i + 1;
    while k < i + 7 && is_link(doc, k) {
        direct &= !doc.is(k, Class::BE);
        k += 1;
    }
    if moved && k == i + 3 && direct && doc.lower(i + 1) != "of" || k < i + 7 && doc.gap(k) > Gap::Colon {
        return None;
    }
    let cue = if direct && doc.gap(k) != Gap::Comma { Cue::Strong } else { Cue::Medium };
    let pet_word = doc.is(i, Class::PET) && !doc.is(k, Class::ANY_GIVEN) && direct && k == i + 1;
    (!pet_word).then_some((k, cue, "relation"))
}

/// "is called", "name is", "who is".
fn is_link(doc: &Doc, k: usize) -> bool {
    doc.is(k, Class::BE | Class::CALLED | Class::NAME_WORD)
        || matches!(doc.lower(k), "who" | "whos" | "who's" | "like" | "mainly" | "probably" | "was")
}

/// "mr X", "mrs and mr X", "dr X"; single letters too.
pub fn title(doc: &Doc, i: usize) -> Pointed {
    if !doc.is(i, Class::TITLE) || doc.is(i, Class::IN_KEEP) {
        return None;
    }
    let pair = matches!(doc.lower(i + 1), "and" | "n") && doc.is(i + 2, Class::TITLE | Class::MISS);
    let k = if pair { i + 3 } else { i + 1 };
    let gap = doc.gap(k) <= Gap::Hyphen || doc.gap(k) == Gap::Dot;
    let address = matches!(doc.lower(i), "mr" | "mrs" | "ms" | "mister" | "missus");
    let class = doc.class(k);
    let letter = doc.lower(k).len() == 1 && !matches!(doc.lower(k), "i" | "a" | "u" | "r" | "n");
    let word = doc.lower(k).len() > 1
        && !class.is(Class::FUNCTION | Class::TITLE)
        && !(class.is(Class::VERB) && !class.is(Class::ANY_SURNAME | Class::ANY_GIVEN))
        && (!class.is(Class::COMMON)
            || class.is(Class::ANY_SURNAME | Class::ANY_GIVEN)
            || address
            || doc.telling_capital(k) && doc.is_capital(i));
    (gap && doc.is_word(k) && (word || letter && (address || doc.is_capital(k)))).then_some((
        k,
        Cue::Certain,
        "title",
    ))
}

/// "miss X"; not "i miss my mum", "miss out".
pub fn miss(doc: &Doc, i: usize) -> Pointed {
    if !doc.is(i, Class::MISS)
        || doc.is(i, Class::IN_KEEP)
        || doc.gap(i + 1) > Gap::Hyphen && doc.gap(i + 1) != Gap::Dot
    {
        return None;
    }
    let k = i + 1;
    let class = doc.class(k);
    let verb = i.checked_sub(1).is_some_and(|p| {
        matches!(
            doc.lower(p),
            "i" | "we"
                | "they"
                | "you"
                | "u"
                | "to"
                | "really"
                | "will"
                | "dont"
                | "don't"
                | "still"
                | "also"
                | "id"
                | "ill"
                | "would"
                | "just"
                | "might"
                | "gonna"
                | "can"
                | "always"
        )
    });
    let letter = doc.lower(k).len() == 1 && !matches!(doc.lower(k), "i" | "a" | "u" | "r" | "n");
    let capitals = doc.is_capital(i)
        && doc.shape(k) == Shape::Title
        && (doc.capitals_tell || class.is(Class::ANY_SURNAME));
    let named = class.is(Class::ANY_GIVEN | Class::ANY_SURNAME) || class.is_unknown();
    let sure = match () {
        () if class.is(Class::FUNCTION) || !doc.is_word(k) => false,
        () if letter => !verb,
        () if capitals => !verb || doc.is_capital(i) && !doc.starts_sentence(i),
        () if class.is(Class::COMMON) => {
            named
                && !verb
                && (doc.is(k + 1, Class::VERB | Class::BE)
                    || doc.within_before(i, 3, Class::RELATION)
                    || doc.ends_clause(k) && class.is(Class::SURNAME))
        }
        () => {
            named
                && (!verb
                    || class.is(Class::GIVEN)
                    || !super::is_misspelt(doc, k) && !class.is(Class::KEEP | Class::PLACE))
        }
    };
    sure.then_some((k, Cue::Certain, "miss"))
}

/// "coach X", "sir X", "father X".
pub fn soft_title(doc: &Doc, i: usize) -> Pointed {
    if !doc.is(i, Class::TITLE_SOFT) || doc.is(i, Class::IN_KEEP) || doc.gap(i + 1) > Gap::Hyphen {
        return None;
    }
    let class = doc.class(i + 1);
    let named =
        class.is(Class::GIVEN | Class::GIVEN_RARE | Class::SURNAME) && !class.is(Class::COMMON | Class::KEEP);
    let unknown =
        class.is_unknown() && doc.is_capital(i) == doc.is_capital(i + 1) && stands_as_name(doc, i + 1);
    let capitals =
        doc.is_capital(i) && doc.telling_capital(i + 1) && class.is(Class::ANY_GIVEN | Class::ANY_SURNAME);
    (named || unknown && !doc.before(i, Class::DET) || capitals).then_some((i + 1, Cue::Strong, "title"))
}

/// "auntie X", "nanny X", "uncle B".
pub fn kin(doc: &Doc, i: usize) -> Pointed {
    if !doc.is(i, Class::KIN) || doc.is(i, Class::IN_KEEP) || doc.gap(i + 1) > Gap::Hyphen {
        return None;
    }
    let k = i + 1;
    let class = doc.class(k);
    let letter = doc.lower(k).len() == 1
        && doc.is_word(k)
        && !matches!(doc.lower(k), "i" | "a" | "u" | "r" | "n" | "x" | "c" | "b");
    let modal = matches!(doc.lower(k), "will" | "may") && !super::is_finite(doc, k + 1);
    let word = class.is(Class::GIVEN_WORD) && !modal && stands_as_name(doc, k);
    let capital =
        doc.is_capital(i) && doc.shape(k) == Shape::Title && doc.capitals_tell && !class.is(Class::FUNCTION);
    let named = letter
        || word
        || capital
        || class.is(Class::GIVEN | Class::GIVEN_RARE)
        || is_name(doc, k, Cue::Strong);
    (named && !doc.is(k, Class::FUNCTION | Class::VERB)).then_some((k, Cue::Certain, "kin"))
}
