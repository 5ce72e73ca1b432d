//! Names on social media and in games: "@x", "my insta is ...", "snap: ...". Owns what a handle looks
//! like and how near its platform must be.

use std::ops::Range;

use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap, Shape};

/// Social handles and gamer names.
pub struct Handles;

impl Finder for Handles {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        if doc.view.lower.contains('@') {
            at_signs(doc, out);
        }
        if doc.view.lower.contains('_') {
            underscores(doc, out);
        }
        if doc.has(Class::PLATFORM) {
            for i in 0..doc.tokens.len() {
                if doc.is(i, Class::PLATFORM) {
                    let found = after(doc, i).or_else(|| before(doc, i));
                    out.extend(found.map(|(r, rule)| Find {
                        kind: Kind::Handle,
                        start: r.start,
                        end: r.end,
                        rule,
                    }));
                }
            }
        }
    }
}

/// "@jakey", "@ jakey_2k9"; not "@ school".
fn at_signs(doc: &Doc, out: &mut Vec<Find>) {
    for i in 0..doc.tokens.len() {
        let Some(token) = doc.token(i) else { continue };
        let from = i.checked_sub(1).and_then(|p| doc.token(p)).map_or(0, |t| t.tail);
        let between = doc.view.lower_at(from..token.start);
        let Some(sign) = between.rfind('@') else { continue };
        let blank = between.get(sign + 1..).unwrap_or_default();
        if token.shape == Shape::Mask || !blank.trim_matches([' ', '_', '.']).is_empty() {
            continue;
        }
        let run = run(doc, i);
        let word = run.end == token.end && doc.is(i, Class::COMMON | Class::FUNCTION | Class::KEEP);
        let near = doc.within_before(i, 6, Class::PLATFORM);
        let touching = !blank.contains(' ');
        let number = token.shape == Shape::Number && run.end == token.end;
        if touching && (!word || near && !doc.is(i, Class::FUNCTION)) && !number || is_distinct(doc, i, &run)
        {
            out.push(Find { kind: Kind::Handle, start: from + sign, end: run.end, rule: "at sign" });
        }
    }
}

/// "xX_jake_Xx": words do not have underscores inside.
fn underscores(doc: &Doc, out: &mut Vec<Find>) {
    let mut i = 0;
    while i < doc.tokens.len() {
        let run = run(doc, i);
        let last = doc.tokens_in(run.clone()).end;
        let inner =
            doc.token(i).is_some_and(|t| doc.view.lower_at(t.start..run.end).trim_matches('_').contains('_'));
        let words =
            (i..last).all(|k| doc.is(k, Class::COMMON | Class::FUNCTION) && doc.shape(k) != Shape::Mixed);
        if inner && (!words || doc.within_before(i, 6, Class::PLATFORM)) && doc.shape(i) != Shape::Mask {
            out.push(Find { kind: Kind::Handle, start: run.start, end: run.end, rule: "underscores" });
        }
        i = last.max(i + 1);
    }
}

/// Letters, digits and the signs of handles, without a blank, around token `i`.
fn run(doc: &Doc, i: usize) -> Range<usize> {
    let Some(token) = doc.token(i) else { return 0..0 };
    if token.shape == Shape::Mask {
        return token.start..token.end;
    }
    let text = doc.view.lower.as_bytes();
    let inside = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'#' | b'-');
    let mut end = token.end + text.iter().skip(token.end).take(40).take_while(|b| inside(b)).count();
    while end > token.end && text.get(end - 1).is_some_and(|b| matches!(b, b'.' | b'-' | b'#')) {
        end -= 1;
    }
    let lead =
        text.get(..token.start).unwrap_or_default().iter().rev().take(4).take_while(|b| **b == b'_').count();
    token.start - lead..end
}

/// Letters with digits, an underscore, an inner dot or capital: no word looks like that.
fn is_distinct(doc: &Doc, i: usize, run: &Range<usize>) -> bool {
    let text = doc.view.text_at(run.clone());
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let inner_capital = doc.shape(i) == Shape::Title
        && text.bytes().skip(1).any(|b| b.is_ascii_uppercase())
        && text.bytes().any(|b| b.is_ascii_lowercase());
    let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    let joined = text.trim_matches('_').contains(['_', '#'])
        || text.contains('.') && letters > 2 && !text.contains("..");
    letters > 1 && (begins && digits > 0 && letters + digits > 4 || joined || inner_capital && letters > 5)
}

/// A handle after the platform at `i`: "snap: x", "my roblox is x", "discord x#1".
fn after(doc: &Doc, i: usize) -> Option<(Range<usize>, &'static str)> {
    let account = matches!(doc.lower(i), "gamertag" | "username" | "usernames");
    let mut own = account
        || doc.within_before(i, 3, Class::OWN)
        || (i.saturating_sub(4)..i).any(|p| is_call(doc.lower(p)));
    let mut k = i + 1;
    let mut said = doc.gap(k) == Gap::Colon || doc.gap(k) == Gap::Dash;
    while k <= i + 7
        && (is_filler(doc.lower(k)) || doc.is(k, Class::PLATFORM))
        && doc.gap(k) < Gap::Break
        && doc.shape(k) != Shape::Mask
    {
        said |= matches!(
            doc.lower(k),
            "is" | "its" | "name" | "called" | "me" | "username" | "channel" | "tag" | "account" | "gamertag"
        );
        own |= matches!(doc.lower(k), "me" | "my" | "name" | "username" | "channel" | "gamertag" | "tag");
        k += 1;
        said |= doc.gap(k) == Gap::Colon;
    }
    let token = doc.token(k)?;
    if token.shape == Shape::Mask || token.shape == Shape::Number || doc.gap(k) >= Gap::Break {
        return None;
    }
    let run = run(doc, k);
    let single = run.end == token.end;
    let known = doc.is(k, Class::COMMON | Class::FUNCTION | Class::KEEP | Class::IN_KEEP);
    let named = single && doc.is_word(k) && !known && own && said;
    let account_word = account && said && single && doc.is_word(k) && !doc.is(k, Class::FUNCTION);
    let distinct = is_distinct(doc, k, &run)
        && (single || !known || doc.view.lower_at(run.clone()).contains(['_', '#']) || own);
    (distinct && (k == i + 1 || own || said) || named || account_word).then_some((run, "beside a platform"))
}

fn is_call(word: &str) -> bool {
    matches!(word, "add" | "follow" | "dm" | "message" | "msg" | "find" | "gamertag" | "username" | "snap")
}

fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "is" | "its"
            | "it's"
            | "name"
            | "username"
            | "user"
            | "tag"
            | "id"
            | "account"
            | "acc"
            | "handle"
            | "channel"
            | "called"
            | "me"
            | "at"
            | "add"
            | "on"
            | "my"
            | "are"
            | "aka"
            | "gamertag"
            | "code"
            | "number"
            | "and"
            | "thats"
            | "that"
            | "was"
    )
}

/// A handle before its platform: "add jakeyplayz on roblox".
fn before(doc: &Doc, i: usize) -> Option<(Range<usize>, &'static str)> {
    let on = i.checked_sub(1).filter(|p| matches!(doc.lower(*p), "on" | "in"))?;
    let k = on.checked_sub(1)?;
    if !matches!(doc.shape(k), Shape::Lower | Shape::Title | Shape::Mixed | Shape::Upper) {
        return None;
    }
    let first = (k.saturating_sub(3)..=k).find(|p| run(doc, *p).end == run(doc, k).end).unwrap_or(k);
    let run = run(doc, first);
    let called = (first.saturating_sub(4)..first)
        .any(|p| matches!(doc.lower(p), "add" | "follow" | "dm" | "message" | "im" | "am" | "called" | "as"));
    let known = doc.is(k, Class::COMMON | Class::FUNCTION | Class::KEEP | Class::IN_KEEP);
    (is_distinct(doc, first, &run) || called && !known && run.end == doc.token(k)?.end)
        .then_some((run, "before a platform"))
}
