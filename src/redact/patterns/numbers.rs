//! Telephone, NHS, learner, account and card numbers, and long numbers of no known kind. Owns which
//! chain of digits is what; helplines and emergency numbers stay.

use super::chains::{Chain, Group, chains};
use crate::redact::checks;
use crate::redact::finder::{Find, Finder};
use crate::redact::lexicon::Class;
use crate::redact::text::IdentifierKind as Kind;
use crate::redact::tokens::{Doc, Gap};

/// Numbers that are known by their digits.
pub struct Numbers;

/// Helplines for children and the public: they stay, with or without blanks and +44.
const HELPLINES: &[&str] = &[
    "999",
    "111",
    "112",
    "101",
    "105",
    "119",
    "116000",
    "116111",
    "116123",
    "85258",
    "18000",
    "18001",
    "61016",
    "88247",
    "60777",
    "08001111",
    "08000684141",
    "08088005000",
    "08088024994",
    "08088084994",
    "08082000247",
    "08088025544",
    "08088010366",
    "08088010331",
    "08001389000",
    "08088005792",
    "08000555111",
    "0800555111",
    "08081689111",
    "08088002222",
    "03001233393",
    "03001236600",
    "03003047000",
    "03456778000",
    "08001693333",
    "08005280731",
    "08088010327",
    "08088000082",
    "08081969967",
    "08000280285",
    "08081628122",
    "08088020008",
    "08000119100",
    "03303330630",
    "08088010677",
    "08009993247",
    "08001389001",
    "08088005587",
    "08088004444",
    "08088021515",
    "08088020021",
    "08081001900",
    "03002000180",
    "08088008811",
];

impl Finder for Numbers {
    fn find(&self, doc: &Doc, out: &mut Vec<Find>) {
        if !doc.view.has_digit() && !doc.has(Class::DIGIT) {
            return;
        }
        for chain in chains(doc) {
            if chain.digits.len() > 3 {
                Reader { doc, chain: &chain, out }.read();
            }
        }
    }
}

struct Reader<'a> {
    doc: &'a Doc,
    chain: &'a Chain,
    out: &'a mut Vec<Find>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let count = self.chain.groups.len();
        let (mut i, mut found) = (0, false);
        while i < count {
            if let Some(len) = self.helpline(i) {
                i += len;
                found = true;
                continue;
            }
            let Some((len, kind, rule)) = self.number(i) else {
                i += 1;
                continue;
            };
            self.push(i, i + len, kind, rule);
            i += len;
            found = true;
        }
        if !found {
            self.whole_chain();
        }
    }

    fn push(&mut self, i: usize, j: usize, kind: Kind, rule: &'static str) {
        let bytes = self.chain.bytes(i, j);
        let before = self.doc.view.text_at(0..bytes.start);
        let signs = before.len() - before.trim_end_matches(['+', '(']).len();
        self.out.push(Find { kind, start: bytes.start - signs.min(2), end: bytes.end, rule });
    }

    /// How many groups are a helpline that nothing else goes on from.
    fn helpline(&self, i: usize) -> Option<usize> {
        (1..=6).find(|len| {
            let window = self.chain.window(i, i + len);
            let national = window.strip_prefix("44").or(window.strip_prefix("0044"));
            let alone = self.chain.groups.get(i + len).is_none_or(|next| {
                next.gap >= Gap::Comma
                    || self.chain.window(i + len, i + len + 1).starts_with('0')
                        && !self.is_three_three_four(i)
                    || next.len() == 3 && window.len() > 4
            });
            i + len <= self.chain.groups.len()
                && alone
                && HELPLINES
                    .iter()
                    .any(|h| *h == window || national.is_some_and(|n| h.strip_prefix('0') == Some(n)))
        })
    }

    /// Groups of three, three and four digits are a health number, even where it begins as 999.
    fn is_three_three_four(&self, i: usize) -> bool {
        [3, 3, 4].iter().enumerate().all(|(k, len)| self.group(i + k).is_some_and(|g| g.len() == *len))
    }

    /// The number that starts with group `i`: how many groups, and what it is.
    fn number(&self, i: usize) -> Option<(usize, Kind, &'static str)> {
        self.phone(i)
            .or_else(|| self.card(i))
            .or_else(|| self.account(i))
            .or_else(|| self.three_three_four(i))
            .or_else(|| self.spaced_out(i))
            .or_else(|| self.long(i))
            .or_else(|| self.beside_cue(i))
    }

    fn group(&self, i: usize) -> Option<&Group> {
        self.chain.groups.get(i)
    }

    fn cue(&self, i: usize, class: Class) -> bool {
        let bytes = self.chain.bytes(i, i + 1);
        self.doc.near(bytes, 6, 3, class)
    }

    /// A British number (0 or +44 in front) or a foreign one with +. Nine to thirteen digits: people
    /// mistype them.
    fn phone(&self, i: usize) -> Option<(usize, Kind, &'static str)> {
        let first = self.group(i)?;
        let plus = self.doc.view.text_at(0..first.start).trim_end_matches([' ', '(']).ends_with('+');
        if self.is_date(i) || first.amount {
            return None;
        }
        let mut best = None;
        for len in 1..=15 {
            let Some(last) = self.group(i + len - 1) else { break };
            if len > 1 && (last.gap == Gap::Colon || last.gap == Gap::Start) {
                break;
            }
            let digits = self.chain.window(i, i + len);
            if digits.len() > 15 {
                break;
            }
            if is_phone(digits, plus) && !self.chain.counts(i, i + len) && !self.is_list(i, len, digits.len())
            {
                best = Some((len, Kind::Phone, "phone"));
                if national_len(digits) >= 10 {
                    break;
                }
            }
            if national_len(digits) >= 10 && best.is_some() {
                break;
            }
        }
        best
    }

    /// Small numbers in a row ("01, 02, 03") unless they come to just a telephone number's length.
    fn is_list(&self, i: usize, len: usize, digits: usize) -> bool {
        let small = (i..i + len).all(|k| self.group(k).is_some_and(|g| g.len() < 3));
        let apart = (i + 1..i + len).any(|k| self.group(k).is_some_and(|g| g.gap >= Gap::Comma));
        len > 2 && small && (apart || !(10..=11).contains(&digits))
    }

    /// Day, month and year with a sign between: not the start of a telephone number.
    fn is_date(&self, i: usize) -> bool {
        let small = |k: usize| self.group(k).is_some_and(|g| g.len() < 3);
        let signed =
            |k: usize| self.group(k).is_some_and(|g| matches!(g.gap, Gap::And | Gap::Hyphen | Gap::Dot));
        let year = self.chain.window(i + 2, i + 3);
        let century = year.len() == 4 && (year.starts_with("19") || year.starts_with("20"));
        small(i)
            && small(i + 1)
            && signed(i + 1)
            && signed(i + 2)
            && (century || year.len() == 2 && self.group(i + 3).is_none())
    }

    fn card(&self, i: usize) -> Option<(usize, Kind, &'static str)> {
        for lengths in [&[4, 4, 4, 4][..], &[4, 6, 5]] {
            if self.chain.has_lengths(i, lengths) {
                return Some((lengths.len(), Kind::BankAccount, "card"));
            }
        }
        let digits = self.chain.window(i, i + 1);
        (checks::is_card(digits) && !is_round(digits)).then_some((1, Kind::BankAccount, "card"))
    }

    /// Sort code and account number, or either beside a cue.
    fn account(&self, i: usize) -> Option<(usize, Kind, &'static str)> {
        for lengths in [&[2, 2, 2, 8][..], &[6, 8], &[2, 2, 2, 7], &[2, 2, 2, 4, 4], &[6, 4, 4]] {
            if self.chain.has_lengths(i, lengths) {
                return Some((lengths.len(), Kind::BankAccount, "account"));
            }
        }
        if !self.cue(i, Class::BANK_CUE) {
            return None;
        }
        for lengths in [&[2, 2, 2][..], &[4, 4], &[8], &[7], &[6]] {
            if self.chain.has_lengths(i, lengths) {
                return Some((lengths.len(), Kind::BankAccount, "account beside a cue"));
            }
        }
        None
    }

    fn three_three_four(&self, i: usize) -> Option<(usize, Kind, &'static str)> {
        if !self.chain.has_lengths(i, &[3, 3, 4]) {
            return None;
        }
        Some((3, self.ten_digits(i, self.chain.window(i, i + 3)), "3-3-4"))
    }

    /// Seven or more single digits with blanks between, or any grouping beside a cue that comes to
    /// ten digits.
    fn spaced_out(&self, i: usize) -> Option<(usize, Kind, &'static str)> {
        let mut len = 0;
        while self
            .group(i + len)
            .is_some_and(|g| g.len() == 1 && (len == 0 || g.gap < Gap::Comma) || g.worded && g.len() < 4)
        {
            len += 1;
        }
        let digits = self.chain.window(i, i + len);
        if digits.len() < 7 || self.chain.counts(i, i + len) || is_round(digits) {
            return None;
        }
        let worded = (i..i + len).all(|k| self.group(k).is_some_and(|g| g.worded));
        if worded && digits.len() < 9 && !self.cue(i, Class::PHONE_CUE) {
            return None;
        }
        let kind = if digits.len() == 10 { self.ten_digits(i, digits) } else { Kind::Reference };
        Some((len, kind, "digit by digit"))
    }

    /// Seven or more digits in one.
    fn long(&self, i: usize) -> Option<(usize, Kind, &'static str)> {
        let group = self.group(i)?;
        let digits = self.chain.window(i, i + 1);
        if group.len() < 7 || group.amount && !digits.starts_with('0') {
            return None;
        }
        if is_round(digits) && !self.cue(i, Class::PHONE_CUE | Class::NHS_CUE | Class::ULN_CUE) {
            return None;
        }
        let kind = if digits.len() == 10 { self.ten_digits(i, digits) } else { Kind::Reference };
        Some((1, kind, "long number"))
    }

    fn ten_digits(&self, i: usize, digits: &str) -> Kind {
        if self.cue(i, Class::NHS_CUE) {
            return Kind::NhsNumber;
        }
        if self.cue(i, Class::ULN_CUE) {
            return Kind::Uln;
        }
        match () {
            () if digits.starts_with('7') && self.cue(i, Class::PHONE_CUE) => Kind::Phone,
            () if checks::is_nhs_number(digits) => Kind::NhsNumber,
            () if checks::is_uln(digits) => Kind::Uln,
            () if digits.starts_with('7') => Kind::Phone,
            () => Kind::Reference,
        }
    }

    /// Shorter numbers right after "my number is", "account", "pin".
    fn beside_cue(&self, i: usize) -> Option<(usize, Kind, &'static str)> {
        let group = self.group(i)?;
        let digits = self.chain.window(i, i + 1);
        if is_round(digits) || group.amount || group.worded {
            return None;
        }
        let at = self.chain.bytes(i, i + 1);
        if group.len() >= 4 && !is_year(digits) && self.doc.near(at.clone(), 3, 0, Class::SECRET_CUE) {
            return Some((1, Kind::Reference, "secret"));
        }
        let local = (5..7).contains(&group.len()) && self.doc.near(at, 4, 0, Class::PHONE_CUE);
        local.then_some((1, Kind::Phone, "local number beside a cue"))
    }

    /// Nothing was known, but a cue stands before and there are digits enough.
    fn whole_chain(&mut self) {
        let count = self.chain.groups.len();
        let digits = &self.chain.digits;
        if digits.len() < 7 || self.chain.counts(0, count) || is_round(digits) {
            return;
        }
        let kinds = [
            (Class::NHS_CUE, Kind::NhsNumber),
            (Class::ULN_CUE, Kind::Uln),
            (Class::BANK_CUE, Kind::BankAccount),
            (Class::PASSPORT_CUE | Class::CASE_CUE, Kind::Reference),
            (Class::PHONE_CUE, Kind::Phone),
        ];
        let at = self.chain.bytes(0, 1);
        let known = kinds.iter().find(|(class, _)| self.doc.near(at.clone(), 4, 0, *class));
        if let Some((_, kind)) = known.filter(|_| !self.is_prose()) {
            self.push(0, count, *kind, "digits beside a cue");
        }
    }

    /// Thousands with commas, money, or years.
    fn is_prose(&self) -> bool {
        let groups = &self.chain.groups;
        let years = (0..groups.len()).all(|k| is_year(self.chain.window(k, k + 1)));
        let thousands = groups.iter().skip(1).all(|g| g.gap == Gap::Comma && g.len() == 3);
        years || thousands || groups.iter().any(|g| g.amount)
    }
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

/// Digits of a national number, without 44 or the leading 0.
fn national_len(digits: &str) -> usize {
    national(digits).len()
}

fn national(digits: &str) -> &str {
    let rest = digits
        .strip_prefix("0044")
        .or_else(|| digits.strip_prefix("44").filter(|r| r.len() > 8))
        .unwrap_or(digits);
    rest.strip_prefix('0').unwrap_or(rest)
}

fn is_phone(digits: &str, plus: bool) -> bool {
    let begins = |rest: &str| rest.starts_with(['1', '2', '3', '7', '8', '9']);
    let national = national(digits);
    match () {
        () if plus => (8..=15).contains(&digits.len()),
        () if digits.starts_with("00") => national.len() >= 8 && digits.len() <= 15 && !is_round(digits),
        () if digits.starts_with('0') => begins(national) && (9..=13).contains(&digits.len()),
        () if digits.starts_with("44") => {
            digits.len() == 12 && begins(national) || digits.starts_with("4407") && digits.len() == 13
        }
        () => false,
    }
}

/// A digit and zeros, one digit over and over, or digits in order: a big number or a row of keys, not
/// a number of somebody.
fn is_round(digits: &str) -> bool {
    let rest = digits.get(1..).unwrap_or_default();
    rest.bytes().all(|b| b == b'0')
        || digits.bytes().all(|b| digits.as_bytes().first() == Some(&b))
        || "01234567890".contains(digits)
        || "09876543210".contains(digits)
}
