//! Email addresses, spelt out too, and web addresses. Owns where they begin and end.

use std::ops::Range;

use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap, Shape};

/// Email and web addresses.
pub struct Online;

const TOP_LEVEL: &[&str] = &[
    "com", "org", "net", "uk", "io", "tv", "gg", "app", "info", "edu", "gov", "eu", "biz", "online", "site",
    "xyz", "shop", "store", "ac", "sch", "co", "nhs",
];
/// Top-level names that are words: a web address only before a path.
const TOP_LEVEL_WORDS: &[&str] =
    &["me", "ly", "be", "to", "link", "page", "live", "us", "it", "fm", "dev", "ai"];
const PROVIDERS: &[&str] = &[
    "gmail",
    "hotmail",
    "outlook",
    "yahoo",
    "icloud",
    "aol",
    "msn",
    "protonmail",
    "googlemail",
    "btinternet",
    "ymail",
    "sky",
    "live",
    "mail",
];

impl Finder for Online {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        let text = doc.view.lower.as_str();
        if text.contains('@') || text.contains('.') || text.contains("://") {
            runs(text).for_each(|run| in_run(text, run, out));
        }
        if text.contains('@') {
            spaced(doc, out);
        }
        spelt(doc, out);
    }
}

/// Stretches between blanks and the signs that no address holds.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let stop = |c: char| {
        c.is_whitespace()
            || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | ',' | ';' | '|' | '*' | '`')
    };
    let mut at = 0;
    text.split(stop).map(move |part| {
        let start = at;
        at += part.len();
        at += text.get(at..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
        start..start + part.len()
    })
}

fn in_run(text: &str, run: Range<usize>, out: &mut Vec<Find>) {
    let Some(part) = text.get(run.clone()) else { return };
    if part.len() < 4 || !part.contains(['@', '.', ':']) {
        return;
    }
    let trimmed = part.trim_end_matches(['.', '!', '?', ':', '\'', '-', '~', '/']);
    let body = trimmed.trim_start_matches(['.', '\'', '-', '~', ':', '/']);
    let start = run.start + trimmed.len() - body.len();
    if let Some((kind, from)) = kind_of(body) {
        let rule = if kind == Kind::Email { "email" } else { "url" };
        out.push(Find { kind, start: start + from, end: start + body.len(), rule });
    }
}

/// What a run is, and where in it it starts.
fn kind_of(body: &str) -> Option<(Kind, usize)> {
    let plain = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = body.as_bytes();
    let at = bytes.iter().enumerate().filter(|(_, b)| **b == b'@');
    let joins = |i: usize| {
        (plain(bytes.get(i.wrapping_sub(1)))
            || matches!(bytes.get(i.wrapping_sub(1)), Some(b'_' | b'.' | b'-' | b'+')))
            && plain(bytes.get(i + 1))
    };
    if at.map(|(i, _)| i).any(|i| i > 0 && joins(i)) {
        let local = body.find('@')?;
        let from = body.get(..local)?.rfind([':', '/', '=']).map_or(0, |i| i + 1);
        return Some((Kind::Email, from));
    }
    let scheme = body.find("http://").or_else(|| body.find("https://")).or_else(|| body.find("www."));
    if let Some(from) = scheme {
        return Some((Kind::Url, from));
    }
    is_domain(body).then_some((Kind::Url, 0))
}

/// "host.example.com", "discord.gg/abc".
fn is_domain(body: &str) -> bool {
    let host = body.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let Some((front, top)) = host.rsplit_once('.') else { return false };
    let labels = front
        .split('.')
        .all(|l| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    let letter = front.bytes().any(|b| b.is_ascii_lowercase());
    let path = body.get(host.len()..).is_some_and(|p| p.starts_with('/'));
    labels
        && letter
        && front.len() > 1
        && (TOP_LEVEL.contains(&top) || path && TOP_LEVEL_WORDS.contains(&top))
}

/// "jake @ example.com", "jake@ gmail": blanks beside the sign.
fn spaced(doc: &Doc, out: &mut Vec<Find>) {
    for i in 1..doc.tokens.len() {
        let (Some(left), Some(right)) = (doc.token(i - 1), doc.token(i)) else { continue };
        let between = doc.view.lower_at(left.tail..right.start);
        if between.contains('@')
            && !matches!(between.trim_matches([' ', '@']), s if !s.is_empty())
            && between.len() < 6
        {
            let end = domain(doc, i);
            if let (Some(end), Some(last)) = (end, end.and_then(|e| doc.token(e))) {
                let start = doc.token(local(doc, i - 1)).map_or(left.start, |t| t.start);
                if end >= i && left.shape != Shape::Mask {
                    out.push(Find { kind: Kind::Email, start, end: last.end, rule: "email with blanks" });
                }
            }
        }
    }
}

/// "jake at example dot com", "jake (at) example.co.uk".
fn spelt(doc: &Doc, out: &mut Vec<Find>) {
    let has_dot =
        doc.view.lower.contains("dot") || doc.view.lower.contains('.') || doc.view.lower.contains("com");
    if !has_dot || !doc.view.lower.contains("at") {
        return;
    }
    for i in 1..doc.tokens.len() {
        if doc.lower(i) != "at" || doc.shape(i - 1) == Shape::Mask {
            continue;
        }
        let Some(end) = domain(doc, i + 1) else { continue };
        let bracketed = doc.gap(i) == Gap::Open && doc.gap(i + 1) == Gap::Open;
        let dotted = (i..=end).any(|k| doc.lower(k) == "dot");
        let provider = PROVIDERS.contains(&doc.lower(i + 1));
        let word = doc.is(i - 1, Class::COMMON | Class::FUNCTION) && doc.shape(i - 1) != Shape::Mixed;
        if bracketed || dotted || provider && doc.lower(i + 1) != "sky" && doc.lower(i + 1) != "live" || !word
        {
            let first = local(doc, i - 1);
            if let (Some(first), Some(last)) = (doc.token(first), doc.token(end)) {
                out.push(Find {
                    kind: Kind::Email,
                    start: first.start,
                    end: last.end,
                    rule: "email spelt out",
                });
            }
        }
    }
}

/// The last token of a domain that starts at token `i`: words joined by dots (or "dot") with a
/// top-level name at the end, or a mail provider alone.
fn domain(doc: &Doc, i: usize) -> Option<usize> {
    let mut last = i;
    let mut top = None;
    if doc.token(i).is_none() || doc.shape(i) == Shape::Mask {
        return None;
    }
    for _ in 0..4 {
        let word_dot = doc.lower(last + 1) == "dot";
        let next = last + 1 + usize::from(word_dot);
        let provider_com = PROVIDERS.contains(&doc.lower(last)) && TOP_LEVEL.contains(&doc.lower(next));
        let joined = word_dot || matches!(doc.gap(next), Gap::Dot | Gap::Hyphen | Gap::Open) || provider_com;
        if !joined || doc.token(next).is_none() || doc.shape(next) == Shape::Mask {
            break;
        }
        last = next;
        if TOP_LEVEL.contains(&doc.lower(last)) {
            top = Some(last);
        }
    }
    top.or_else(|| (PROVIDERS.iter().take(8).any(|p| *p == doc.lower(i))).then_some(i))
}

/// The first token of the part before the sign, whose last token is `i`.
fn local(doc: &Doc, i: usize) -> usize {
    let mut first = i;
    for _ in 0..6 {
        let Some(p) = first.checked_sub(1) else { break };
        let sign = doc.token(p).zip(doc.token(first)).map_or("", |(a, b)| doc.view.lower_at(a.tail..b.start));
        let spelt = matches!(doc.lower(p), "dot" | "underscore" | "dash") && p > 0;
        let joined = matches!(sign, "." | "_" | "-" | "+") || spelt;
        if !joined || doc.shape(p) == Shape::Mask {
            break;
        }
        first = if spelt { p - 1 } else { p };
    }
    first
}
