//! Numbers as people and spreadsheets write them. It reads plain decimal notation only and guesses
//! at nothing: "12,5", "about 12" and "12 years" are no numbers.

/// The finite number a cell holds, if it is one: an optional sign, digits (in threes where commas or
/// spaces part them), a decimal point, an exponent.
pub(in crate::ingest) fn number(cell: &str) -> Option<f64> {
    let cell = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let unsigned = cell.strip_prefix(['+', '-', '\u{2212}']).unwrap_or(cell);
    let negative = cell.starts_with(['-', '\u{2212}']);
    let magnitude = match unsigned.bytes().all(|b| b.is_ascii_digit()) {
        true if unsigned.is_empty() => return None,
        true => unsigned.parse().ok()?,
        false => decimal(unsigned)?,
    };
    let value: f64 = if negative { -magnitude } else { magnitude };
    value.is_finite().then_some(value)
}

fn decimal(unsigned: &str) -> Option<f64> {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut plain = digits_in_threes(whole)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || (plain.is_empty() && fraction.is_empty()) {
        return None;
    }
    plain.push('.');
    plain.push_str(fraction);
    plain.push('0');
    if let Some(e) = exponent {
        let digits = e.strip_prefix(['+', '-']).unwrap_or(e);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        plain.push('e');
        plain.push_str(e);
    }
    format!("0{plain}").parse().ok()
}

/// The digits of a whole part, without the commas or spaces between threes.
fn digits_in_threes(whole: &str) -> Option<String> {
    let separator = whole.chars().find(|c| !c.is_ascii_digit());
    let Some(separator) = separator else { return Some(whole.to_string()) };
    if separator != ',' && !separator.is_whitespace() {
        return None;
    }
    let mut parts = whole.split(separator);
    let first = parts.next().unwrap_or("");
    let all_digits = |p: &str| p.bytes().all(|b| b.is_ascii_digit());
    let mut out = first.to_string();
    if !(1..=3).contains(&first.len()) || !all_digits(first) {
        return None;
    }
    for part in parts {
        if part.len() != 3 || !all_digits(part) {
            return None;
        }
        out.push_str(part);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn plain_numbers_and_nothing_else() {
        for (cell, expected) in [
            ("12", Some(12.0)),
            (" 12.5\u{a0}", Some(12.5)),
            ("1,234", Some(1234.0)),
            ("12,345,678.25", Some(12_345_678.25)),
            ("1 234", Some(1234.0)),
            ("1\u{202f}234", Some(1234.0)),
            ("-3", Some(-3.0)),
            ("\u{2212}3", Some(-3.0)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("1e-05", Some(0.00001)),
            ("0", Some(0.0)),
            ("", None),
            ("-", None),
            (".", None),
            ("12,5", None),
            ("1,23,456", None),
            (",123", None),
            ("1,234 567", None),
            ("12 years", None),
            ("1e999", None),
            ("inf", None),
            ("NaN", None),
            ("0x10", None),
            ("1.2.3", None),
            ("--1", None),
            ("\u{663}", None),
        ] {
            assert_eq!(number(cell), expected, "{cell:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_printed_number_is_read_back(x in proptest::num::f64::NORMAL) {
            let text = format!("{x}");
            proptest::prop_assert_eq!(number(&text), Some(x));
        }

        #[test]
        fn nothing_panics(text in "\\PC*") {
            let _ = number(&text);
        }
    }
}
