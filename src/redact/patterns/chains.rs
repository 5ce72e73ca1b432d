//! Digits that stand together: "07700 900123", "0 7 7 ...", "oh seven double seven", "O77OO". Owns how
//! numbers are read out of tokens; it does not know which number is what.

use crate::redact::lexicon::Class;
use crate::redact::tokens::{Doc, Gap, Shape, Token};

/// Groups of digits with no word between them.
#[derive(Debug, Default)]
pub struct Chain {
    /// All digits, in order.
    pub digits: String,
    /// The groups they stand in.
    pub groups: Vec<Group>,
}

/// Digits that are written together.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// First digit, in [`Chain::digits`].
    pub from: usize,
    /// One past the last digit.
    pub to: usize,
    /// First byte in the view.
    pub start: usize,
    /// One past the last byte in the view.
    pub end: usize,
    /// What stands before it.
    pub gap: Gap,
    /// Whether it is written as a word.
    pub worded: bool,
    /// Whether it is an amount of money or a percentage.
    pub amount: bool,
}

impl Group {
    /// How many digits.
    pub fn len(&self) -> usize {
        self.to - self.from
    }
}

impl Chain {
    /// The digits of groups `i` to before `j`.
    pub fn window(&self, i: usize, j: usize) -> &str {
        match (self.groups.get(i), j.checked_sub(1).and_then(|last| self.groups.get(last))) {
            (Some(first), Some(last)) => self.digits.get(first.from..last.to).unwrap_or_default(),
            _ => "",
        }
    }

    /// The bytes in the view of groups `i` to before `j`.
    pub fn bytes(&self, i: usize, j: usize) -> std::ops::Range<usize> {
        match (self.groups.get(i), j.checked_sub(1).and_then(|last| self.groups.get(last))) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// Whether groups `i` to before `j` have these numbers of digits.
    pub fn has_lengths(&self, i: usize, lengths: &[usize]) -> bool {
        lengths.iter().enumerate().all(|(k, len)| self.groups.get(i + k).is_some_and(|g| g.len() == *len))
    }

    /// Whether the groups from `i` to before `j` count up or down one by one.
    pub fn counts(&self, i: usize, j: usize) -> bool {
        let numbers: Vec<i64> = (i..j).filter_map(|k| self.window(k, k + 1).parse().ok()).collect();
        let step = |by: i64| numbers.windows(2).all(|w| matches!(w, [a, b] if b - a == by));
        numbers.len() == j - i && numbers.len() > 3 && (step(1) || step(-1))
    }

    fn push(&mut self, digits: &str, group: Group) {
        let from = self.digits.len();
        self.digits.push_str(digits);
        self.groups.push(Group { from, to: self.digits.len(), ..group });
    }
}

/// All chains of a text.
pub fn chains(doc: &Doc) -> Vec<Chain> {
    let mut builder = Builder { doc, chains: Vec::new(), chain: Chain::default(), repeat: 0 };
    for i in 0..doc.tokens.len() {
        builder.take(i);
    }
    builder.close();
    builder.chains
}

struct Builder<'a> {
    doc: &'a Doc,
    chains: Vec<Chain>,
    chain: Chain,
    /// 2 after "double", 3 after "triple".
    repeat: usize,
}

impl Builder<'_> {
    fn take(&mut self, i: usize) {
        let Some(&token) = self.doc.token(i) else { return };
        match token.shape {
            Shape::Number => self.number(i, token),
            Shape::Mixed => self.mixed(i, token),
            Shape::Mask => self.close(),
            _ => self.word(i, token),
        }
    }

    fn close(&mut self) {
        self.repeat = 0;
        if !self.chain.groups.is_empty() {
            self.chains.push(std::mem::take(&mut self.chain));
        }
    }

    fn group(&self, i: usize, start: usize, end: usize) -> Group {
        let before = self
            .doc
            .view
            .text_at(i.checked_sub(1).map_or(0, |p| self.doc.tokens.get(p).map_or(0, |t| t.tail))..start);
        let after = self.doc.view.text_at(end..self.doc.view.text.len());
        let amount = before.ends_with(['£', '$', '€']) || after.starts_with(['%', '£', '€']);
        Group { from: 0, to: 0, start, end, gap: self.doc.gap(i), worded: false, amount }
    }

    fn number(&mut self, i: usize, token: Token) {
        let group = self.group(i, token.start, token.end);
        if group.amount || group.gap == Gap::Colon {
            self.close();
        }
        let digits = ascii_digits(self.doc.lower(i));
        if digits.is_empty() {
            return self.close();
        }
        self.chain.push(&digits, group);
    }

    /// "O77oo", "l23", or digits inside a word: "call07700".
    fn mixed(&mut self, i: usize, token: Token) {
        let word = self.doc.lower(i);
        if let Some(digits) = misread(word) {
            let group = self.group(i, token.start, token.end);
            return self.chain.push(&digits, group);
        }
        let runs = digit_runs(word);
        for (from, to) in runs {
            if from > 0 {
                self.close();
            }
            if to - from >= 3 {
                let group = self.group(i, token.start + from, token.start + to);
                let gap = if from > 0 { Gap::Joined } else { group.gap };
                self.chain.push(word.get(from..to).unwrap_or_default(), Group { gap, ..group });
            }
            if to < word.len() {
                self.close();
            }
        }
    }

    fn word(&mut self, i: usize, token: Token) {
        let word = self.doc.lower(i);
        if !token.class.is(Class::DIGIT) {
            return self.close();
        }
        match word {
            "double" => self.repeat = 2,
            "triple" | "treble" => self.repeat = 3,
            "hundred" if self.chain.groups.is_empty() => {}
            _ => {
                let Some(digits) = spelt(word) else { return self.close() };
                let digits = digits.repeat(self.repeat.max(1));
                self.repeat = 0;
                let group = self.group(i, token.start, token.end);
                self.chain.push(&digits, Group { worded: true, ..group });
            }
        }
    }
}

fn ascii_digits(word: &str) -> String {
    word.chars().filter(char::is_ascii_digit).collect()
}

fn spelt(word: &str) -> Option<&'static str> {
    Some(match word {
        "zero" | "oh" | "o" | "nought" => "0",
        "one" => "1",
        "two" => "2",
        "three" => "3",
        "four" => "4",
        "five" => "5",
        "six" => "6",
        "seven" => "7",
        "eight" => "8",
        "nine" => "9",
        "hundred" => "00",
        _ => return None,
    })
}

/// Digits with `o` for 0 and `l` or `i` for 1, if they are more than half of it.
fn misread(word: &str) -> Option<String> {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let alike = word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'o' | b'l' | b'i'));
    (alike && digits * 2 >= word.len() && word.len() > 2).then(|| {
        word.bytes()
            .map(|b| {
                if b == b'o' {
                    '0'
                } else if b == b'l' || b == b'i' {
                    '1'
                } else {
                    char::from(b)
                }
            })
            .collect()
    })
}

/// The stretches of digits in a word of letters and digits.
fn digit_runs(word: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (i, _) in word.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()) {
        match runs.last_mut().filter(|r| r.1 == i) {
            Some(run) => run.1 = i + 1,
            None => runs.push((i, i + 1)),
        }
    }
    runs
}
