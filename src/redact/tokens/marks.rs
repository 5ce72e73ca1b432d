//! What a word looks like, and what stands between two: shapes and gaps, from characters alone.

use super::{Gap, Shape};

pub(super) fn shape(word: &str) -> Shape {
    if word.starts_with('[') {
        return Shape::Mask;
    }
    let (mut letters, mut capitals, mut digits) = (0, 0, 0);
    for c in word.chars().filter(|c| *c != '\'') {
        digits += usize::from(c.is_numeric());
        letters += usize::from(!c.is_numeric());
        capitals += usize::from(c.is_uppercase());
    }
    let first = word.chars().next().is_some_and(char::is_uppercase);
    match (letters, digits) {
        (0, _) => Shape::Number,
        (_, 1..) => Shape::Mixed,
        (1, _) if first => Shape::Initial,
        _ if first && capitals == letters => Shape::Upper,
        _ if first => Shape::Title,
        _ => Shape::Lower,
    }
}

/// The strongest thing in what stands between two tokens.
pub(super) fn gap(between: &str) -> Gap {
    match between {
        "" => return Gap::Joined,
        " " => return Gap::Space,
        "-" => return Gap::Hyphen,
        _ => {}
    }
    let mut dots = 0;
    let strongest = between.chars().map(|c| sign(c, &mut dots)).max().unwrap_or(Gap::Joined);
    if dots > 1 { Gap::Break } else { strongest }
}

fn sign(c: char, dots: &mut usize) -> Gap {
    match c {
        '\n' | '\r' | '!' | '?' | ';' => Gap::Break,
        '.' => {
            *dots += 1;
            Gap::Dot
        }
        ':' | '=' => Gap::Colon,
        '"' | '(' | ')' | '[' | ']' | '{' | '}' | '*' | '<' | '>' => Gap::Open,
        '-' | '~' => Gap::Dash,
        ',' => Gap::Comma,
        '&' | '+' | '/' | '\\' | '|' => Gap::And,
        ' ' | '\t' | '\'' | '`' => Gap::Space,
        c if c.is_ascii() => Gap::Other,
        _ => Gap::Break,
    }
}
