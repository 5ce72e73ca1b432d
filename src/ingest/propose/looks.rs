//! What single cells look like: emails, network addresses, postcodes, phone numbers, dates. It judges
//! form alone and keeps nothing.

/// Forms that are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Email,
    Url,
    NetworkAddress,
    Postcode,
    Phone,
    Date,
    /// One token with digits and letters or many digits: a code or reference.
    Code,
}

impl Look {
    /// The form of a cell, if it has one of these.
    pub(super) fn of(cell: &str) -> Option<Look> {
        let cell = cell.trim();
        if cell.len() < 5 || cell.len() > 100 {
            return None;
        }
        Look::ALL.into_iter().find(|look| look.fits(cell))
    }

    /// All of them, the surer first.
    pub(super) const ALL: [Look; 7] =
        [Look::Email, Look::Url, Look::NetworkAddress, Look::Date, Look::Phone, Look::Postcode, Look::Code];

    fn fits(self, cell: &str) -> bool {
        match self {
            Look::Email => email(cell),
            Look::Url => url(cell),
            Look::NetworkAddress => network_address(cell),
            Look::Postcode => postcode(cell),
            Look::Phone => phone(cell),
            Look::Date => date(cell),
            Look::Code => code(cell),
        }
    }
}

fn email(cell: &str) -> bool {
    let Some((user, host)) = cell.split_once('@') else { return false };
    !user.is_empty() && !cell.contains(char::is_whitespace) && host.contains('.') && !host.starts_with('.')
}

fn url(cell: &str) -> bool {
    let lower = cell.to_ascii_lowercase();
    ["http://", "https://", "www."].iter().any(|p| lower.starts_with(p))
}

fn network_address(cell: &str) -> bool {
    cell.parse::<std::net::IpAddr>().is_ok()
}

/// A full UK postcode: one or two letters, a digit, perhaps a digit or letter, then digit, letter, letter.
fn postcode(cell: &str) -> bool {
    let compact: Vec<char> = cell.chars().filter(|c| !c.is_whitespace()).collect();
    if !(5..=7).contains(&compact.len()) || cell.split_whitespace().count() > 2 {
        return false;
    }
    let (outward, inward) = compact.split_at(compact.len() - 3);
    let letters = outward.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    let rest = outward.get(letters..).unwrap_or_default();
    let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    let letter = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
    (1..=2).contains(&letters)
        && (1..=2).contains(&rest.len())
        && digit(rest.first())
        && rest.iter().all(char::is_ascii_alphanumeric)
        && digit(inward.first())
        && letter(inward.get(1))
        && letter(inward.get(2))
}

/// Ten to fifteen digits with the marks that stand between them, beginning like a number that is dialled.
fn phone(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let marks = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '+' | '.');
    (10..=15).contains(&digits)
        && cell.chars().all(marks)
        && cell.starts_with(['0', '+', '('])
        && !cell.contains("..")
}

/// `2024-03-01`, `01/03/2024`, `1.3.24`, with or without a time.
fn date(cell: &str) -> bool {
    let day = cell.split(['T', ' ']).next().unwrap_or("");
    let Some(separator) = day.chars().find(|c| !c.is_ascii_digit()) else { return false };
    let parts: Vec<&str> = day.split(separator).collect();
    let [a, b, c] = parts.as_slice() else { return false };
    let number = |p: &str, most: u32| {
        (1..=4).contains(&p.len()) && p.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n))
    };
    let rest = cell.get(day.len()..).unwrap_or("").trim_start_matches(['T', ' ']);
    let time = rest.is_empty() || rest.contains(':');
    let year_first = a.len() == 4 && number(a, 2200) && number(b, 12) && number(c, 31);
    let year_last = number(a, 31) && number(b, 31) && matches!(c.len(), 2 | 4) && number(c, 2200);
    matches!(separator, '-' | '/' | '.') && time && (year_first || year_last)
}

fn code(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let token = cell.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '{' | '}'));
    let letters = cell.chars().any(|c| c.is_ascii_alphabetic());
    token && ((letters && digits >= 2) || digits >= 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_look_like_what_they_are() {
        for (cell, look) in [
            ("someone@example.org", Some(Look::Email)),
            ("https://example.org/a", Some(Look::Url)),
            ("192.0.2.17", Some(Look::NetworkAddress)),
            ("2001:db8::1", Some(Look::NetworkAddress)),
            ("SW1A 1AA", Some(Look::Postcode)),
            ("m11ae", Some(Look::Postcode)),
            ("07700 900123", Some(Look::Phone)),
            ("+44 (0)20 7946 0018", Some(Look::Phone)),
            ("2024-03-01 10:00:00", Some(Look::Date)),
            ("01/03/2024 10:00", Some(Look::Date)),
            ("1.3.24", Some(Look::Date)),
            ("R_2YPOQ602ER1jkf1", Some(Look::Code)),
            ("4337954960", Some(Look::Code)),
            ("9-11 years", None),
            ("12", None),
            ("more parks please", None),
            ("Agree", None),
            ("1.2.3.4.5", None),
            ("10/10", None),
        ] {
            assert_eq!(Look::of(cell), look, "{cell}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(cell in "\\PC*") {
            let _ = Look::of(&cell);
        }
    }
}
