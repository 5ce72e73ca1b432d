//! Numbers with check digits: of ranges that are never issued, and now and then checking out wrong, as
//! mistyped ones do.

use super::Planter;

impl Planter<'_> {
    /// 999 000 xxxx: a range that is never issued. One in four has a wrong check digit.
    pub(super) fn nhs(&mut self) -> String {
        let mut nine = format!("999000{}", self.digits(3));
        if mod_11(&nine) == 1 {
            nine = "999000123".to_string();
        }
        let right = (11 - mod_11(&nine)) % 11;
        let check = if self.draw.chance(0.25) { (right + 1 + self.draw.below(8) as u32) % 10 } else { right };
        let all = format!("{nine}{check}");
        let (a, rest) = all.split_at(3);
        let (b, c) = rest.split_at(3);
        let gap = self.one(&[" ", " ", "", "-"]);
        format!("{a}{gap}{b}{gap}{c}")
    }

    /// A unique pupil number of local authority 000, which is none: a check letter and 12 digits.
    pub(super) fn upn(&mut self) -> String {
        const CHECK: [u8; 23] = *b"ABCDEFGHJKLMNPQRTUVWXYZ";
        let digits = format!("000{}", self.digits(9));
        let sum: usize = digits.bytes().enumerate().map(|(i, b)| usize::from(b - b'0') * (i + 2)).sum();
        let off = if self.draw.chance(0.25) { 1 + self.draw.below(22) } else { 0 };
        let letter = CHECK.get((sum + off) % 23).copied().unwrap_or(b'A');
        format!("{}{digits}", char::from(letter))
    }

    /// A unique learner number among the last that could be issued; one in four checks out wrong.
    pub(super) fn uln(&mut self) -> String {
        let mut nine = format!("99999{}", self.digits(4));
        if mod_11(&nine) == 0 {
            nine = "999990001".to_string();
        }
        let right = 10 - mod_11(&nine);
        let off = if self.draw.chance(0.25) { self.draw.between(1, 9) } else { 0 };
        format!("{nine}{}", (right + off) % 10)
    }
}

/// The weighted sum of nine digits (10 down to 2), modulo 11: what NHS and learner numbers check.
pub(super) fn mod_11(nine: &str) -> u32 {
    nine.bytes().zip((2..=10).rev()).map(|(b, w)| u32::from(b.saturating_sub(b'0')) * w).sum::<u32>() % 11
}
