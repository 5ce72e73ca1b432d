//! Identifiers that are known by their form: numbers, codes, dates, addresses, what is used online.
//! Owns the list of these finders; each looks at a text only where it can hold something of its kind.

mod addresses;
mod chains;
mod codes;
mod dates;
mod handles;
mod numbers;
mod online;
mod plates;
mod postcodes;

use super::finder::Finder;

/// The finders of this kind. Their order does not matter: finds are merged in one place.
pub fn finders() -> Vec<Box<dyn Finder>> {
    vec![
        Box::new(online::Online),
        Box::new(handles::Handles),
        Box::new(numbers::Numbers),
        Box::new(codes::Codes),
        Box::new(postcodes::Postcodes),
        Box::new(plates::Plates),
        Box::new(dates::Dates),
        Box::new(addresses::Addresses),
    ]
}

/// The form of a short code: letters as `a`, digits as `9`, in at most 24 bytes.
struct Form {
    bytes: [u8; 24],
    len: usize,
}

impl Form {
    /// The form of ASCII letters and digits; empty for anything else or longer.
    fn of(word: &str) -> Form {
        let mut form = Form { bytes: [0; 24], len: 0 };
        for b in word.bytes() {
            let kind = match b {
                b'0'..=b'9' => b'9',
                b'a'..=b'z' | b'A'..=b'Z' => b'a',
                _ => return Form { bytes: [0; 24], len: 0 },
            };
            let Some(slot) = form.bytes.get_mut(form.len) else { return Form { bytes: [0; 24], len: 0 } };
            *slot = kind;
            form.len += 1;
        }
        form
    }

    fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default()
    }

    fn is_any(&self, forms: &[&str]) -> bool {
        forms.contains(&self.as_str())
    }
}
