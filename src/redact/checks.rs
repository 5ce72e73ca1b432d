//! Check digits of British identifiers. They choose the label of a number, never whether it is
//! redacted: a mistyped number is still somebody's.

/// NHS number: ten digits, weights 10 to 2, modulus 11 (NHS Data Dictionary, "NHS NUMBER").
pub fn is_nhs_number(digits: &str) -> bool {
    let Some(d) = values::<10>(digits) else { return false };
    let sum: u32 = d.iter().take(9).zip((2..=10).rev()).map(|(d, w)| d * w).sum();
    let check = (11 - sum % 11) % 11;
    check != 10 && d.last() == Some(&check)
}

/// Unique learner number: ten digits, weights 10 to 2, remainder 10 less the sum modulo 11 (Learning
/// Records Service, "ULN check digit").
pub fn is_uln(digits: &str) -> bool {
    let Some(d) = values::<10>(digits) else { return false };
    let sum: u32 = d.iter().take(9).zip((2..=10).rev()).map(|(d, w)| d * w).sum();
    let remainder = sum % 11;
    remainder != 0 && d.first() != Some(&0) && d.last() == Some(&(10 - remainder))
}

/// Unique pupil number: a check letter over twelve digits, weights 2 to 13, modulus 23; a temporary
/// one ends in a letter whose place in the alphabet counts (DfE, "Unique pupil numbers").
pub fn is_upn(upn: &str) -> bool {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRTUVWXYZ";
    let upn = upn.to_ascii_uppercase();
    let mut sum = 0;
    let mut characters = upn.bytes();
    let Some(check) = characters.next() else { return false };
    let mut count = 0;
    for (place, (b, weight)) in characters.zip(2u32..).enumerate() {
        let value = match b {
            b'0'..=b'9' => u32::from(b - b'0'),
            _ if place == 11 => {
                match LETTERS.iter().position(|l| *l == b).and_then(|p| u32::try_from(p).ok()) {
                    Some(p) => p,
                    None => return false,
                }
            }
            _ => return false,
        };
        sum += value * weight;
        count += 1;
    }
    count == 12 && usize::try_from(sum % 23).is_ok_and(|i| LETTERS.get(i) == Some(&check))
}

/// Card number: 13 to 19 digits, Luhn's sum (ISO/IEC 7812-1, annex B).
pub fn is_card(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b.wrapping_sub(b'0'));
            if i % 2 == 0 { d } else { d * 2 - if d > 4 { 9 } else { 0 } }
        })
        .sum();
    (13..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && sum.is_multiple_of(10)
}

/// IBAN: modulus 97 of the rearranged number is 1 (ISO 13616-1).
pub fn is_iban(iban: &str) -> bool {
    let iban = iban.to_ascii_uppercase();
    let (Some(head), Some(tail)) = (iban.get(..4), iban.get(4..)) else { return false };
    let mut remainder = 0;
    for b in tail.bytes().chain(head.bytes()) {
        remainder = match b {
            b'0'..=b'9' => (remainder * 10 + u32::from(b - b'0')) % 97,
            b'A'..=b'Z' => (remainder * 100 + u32::from(b - b'A') + 10) % 97,
            _ => return false,
        };
    }
    (15..=34).contains(&iban.len()) && remainder == 1
}

/// Whether letters are the start of a postcode: one of the 124 postcode areas (ONS Postcode
/// Directory), or a specimen one.
pub fn is_postcode_area(letters: &str) -> bool {
    const AREAS: &[&str] = &[
        "ab", "al", "b", "ba", "bb", "bd", "bh", "bl", "bn", "br", "bs", "bt", "ca", "cb", "cf", "ch", "cm",
        "co", "cr", "ct", "cv", "cw", "da", "dd", "de", "dg", "dh", "dl", "dn", "dt", "dy", "e", "ec", "eh",
        "en", "ex", "fk", "fy", "g", "gl", "gu", "gy", "ha", "hd", "hg", "hp", "hr", "hs", "hu", "hx", "ig",
        "im", "ip", "iv", "je", "ka", "kt", "kw", "ky", "l", "la", "ld", "le", "ll", "ln", "ls", "lu", "m",
        "me", "mk", "ml", "n", "ne", "ng", "nn", "np", "nr", "nw", "ol", "ox", "pa", "pe", "ph", "pl", "po",
        "pr", "rg", "rh", "rm", "s", "sa", "se", "sg", "sk", "sl", "sm", "sn", "so", "sp", "sr", "ss", "st",
        "sw", "sy", "ta", "td", "tf", "tn", "tq", "tr", "ts", "tw", "ub", "w", "wa", "wc", "wd", "wf", "wn",
        "wr", "ws", "wv", "yo", "ze", "zz",
    ];
    AREAS.contains(&letters.to_ascii_lowercase().as_str())
}

/// The digits of a string of exactly `N`.
fn values<const N: usize>(digits: &str) -> Option<[u32; N]> {
    let mut out = [0; N];
    let mut count = 0;
    for b in digits.bytes() {
        *out.get_mut(count)? = char::from(b).to_digit(10)?;
        count += 1;
    }
    (count == N).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nhs_numbers() {
        // The specimen of the NHS Data Dictionary, and ones from the 999 range that is not issued.
        assert!(is_nhs_number("9434765919"));
        assert_eq!((0..10).filter(|c| is_nhs_number(&format!("999000001{c}"))).count(), 1);
        assert!(!is_nhs_number("9434765918") && !is_nhs_number("943476591") && !is_nhs_number("943476591x"));
    }

    #[test]
    fn learner_and_pupil_numbers() {
        assert!(is_uln("1000000042") == (10 - (10 + 4 * 2) % 11 == 2));
        let ten = (0..10).map(|c| format!("100000001{c}")).filter(|n| is_uln(n)).count();
        assert_eq!(ten, 1);
        let letters = "ABCDEFGHJKLMNPQRTUVWXYZ";
        for body in ["123456789012", "80123456789A", "80123456789Z"] {
            assert_eq!(letters.chars().filter(|l| is_upn(&format!("{l}{body}"))).count(), 1, "{body}");
        }
        assert!(
            is_upn("A123456789012")
                == (letters.find('A')
                    == Some((1..=9).chain([0, 1, 2]).zip(2..).map(|(d, w)| d * w).sum::<usize>() % 23))
        );
        assert!(!is_upn("A12345678901") && !is_upn("A12345678901S") && !is_upn("A1234567890123"));
    }

    #[test]
    fn cards_and_accounts() {
        assert!(is_card("4111111111111111") && !is_card("4111111111111112") && !is_card("42"));
        assert!(
            is_iban("GB82WEST12345698765432")
                && is_iban("gb82west12345698765432")
                && !is_iban("GB82WEST12345698765433")
        );
    }

    #[test]
    fn postcode_areas() {
        assert!(
            is_postcode_area("SW")
                && is_postcode_area("m")
                && !is_postcode_area("ks")
                && !is_postcode_area("aa")
        );
    }
}
