//! Identifiers made up for answers. Owns the promise that none of them is anybody's: numbers come
//! from ranges set aside for fiction and tests or never issued, names and places are invented.

mod checked;

use super::hand::Case;
use super::random::Draw;
use super::vocabulary::Names;
use crate::redact::IdentifierKind as Kind;

/// Begins an identifier in a text that is still to be scribbled; the next character is its kind.
pub const OPEN: char = '\u{1}';
/// Ends it.
pub const CLOSE: char = '\u{2}';

/// What can be made up, and how the frames call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Slot {
    Name,
    First,
    Last,
    School,
    Place,
    Phone,
    Handle,
    Snap,
    Gamer,
    Discord,
    Email,
    Url,
    Postcode,
    Outcode,
    Address,
    Street,
    Nhs,
    Upn,
    Uln,
    Nino,
    Plate,
    SortCode,
    Account,
    Dob,
    Date,
    Reference,
}

const SLOTS: [(&str, Slot, Kind); 26] = [
    ("name", Slot::Name, Kind::Name),
    ("first", Slot::First, Kind::Name),
    ("last", Slot::Last, Kind::Name),
    ("school", Slot::School, Kind::School),
    ("place", Slot::Place, Kind::Place),
    ("phone", Slot::Phone, Kind::Phone),
    ("handle", Slot::Handle, Kind::Handle),
    ("snap", Slot::Snap, Kind::Handle),
    ("gamer", Slot::Gamer, Kind::Handle),
    ("discord", Slot::Discord, Kind::Handle),
    ("email", Slot::Email, Kind::Email),
    ("url", Slot::Url, Kind::Url),
    ("postcode", Slot::Postcode, Kind::Postcode),
    ("outcode", Slot::Outcode, Kind::Postcode),
    ("address", Slot::Address, Kind::Address),
    ("street", Slot::Street, Kind::Address),
    ("nhs", Slot::Nhs, Kind::NhsNumber),
    ("upn", Slot::Upn, Kind::Upn),
    ("uln", Slot::Uln, Kind::Uln),
    ("nino", Slot::Nino, Kind::NationalInsurance),
    ("plate", Slot::Plate, Kind::VehiclePlate),
    ("sortcode", Slot::SortCode, Kind::BankAccount),
    ("account", Slot::Account, Kind::BankAccount),
    ("dob", Slot::Dob, Kind::DateOfBirth),
    ("date", Slot::Date, Kind::Date),
    ("reference", Slot::Reference, Kind::Reference),
];

/// The kinds in the order of their marks in a text.
pub const KINDS: [Kind; 18] = [
    Kind::Name,
    Kind::School,
    Kind::Place,
    Kind::Email,
    Kind::Url,
    Kind::Handle,
    Kind::Phone,
    Kind::Postcode,
    Kind::Address,
    Kind::NhsNumber,
    Kind::Upn,
    Kind::Uln,
    Kind::NationalInsurance,
    Kind::VehiclePlate,
    Kind::BankAccount,
    Kind::DateOfBirth,
    Kind::Date,
    Kind::Reference,
];

impl Slot {
    /// The slot a frame calls so.
    pub fn of(name: &str) -> Option<Slot> {
        SLOTS.iter().find(|(n, ..)| *n == name).map(|(_, slot, _)| *slot)
    }

    /// What it identifies.
    pub fn kind(self) -> Kind {
        SLOTS.iter().find(|(_, slot, _)| *slot == self).map_or(Kind::Reference, |(.., kind)| *kind)
    }

    fn mark(self) -> char {
        let i = KINDS.iter().position(|k| *k == self.kind()).unwrap_or(0);
        char::from(b'A' + i as u8)
    }
}

/// Makes identifiers for one writer.
pub struct Planter<'a> {
    /// The numbers.
    pub draw: &'a mut Draw,
    /// What names are made from.
    pub names: &'static Names,
    /// How the writer uses capitals.
    pub case: Case,
    /// The writer's age.
    pub age: u32,
}

impl Planter<'_> {
    /// Writes one, between its marks.
    pub fn plant(&mut self, slot: Slot, out: &mut String) {
        out.push(OPEN);
        out.push(slot.mark());
        let value = self.value(slot);
        out.push_str(&self.cased(slot, value));
        out.push(CLOSE);
    }

    fn value(&mut self, slot: Slot) -> String {
        match slot {
            Slot::Name => format!("{} {}", self.first(), self.last()),
            Slot::First => self.first().to_string(),
            Slot::Last => self.last().to_string(),
            Slot::School => self.school(),
            Slot::Place => self.one(&self.names.towns).to_string(),
            Slot::Phone => self.phone(),
            Slot::Handle | Slot::Snap | Slot::Gamer | Slot::Discord => self.handle(slot),
            Slot::Email => self.email(),
            Slot::Url => self.url(),
            Slot::Postcode => self.postcode(),
            Slot::Outcode => self.outcode(),
            Slot::Address => self.address(),
            Slot::Street => self.street(),
            Slot::Nhs => self.nhs(),
            Slot::Upn => self.upn(),
            Slot::Uln => self.uln(),
            Slot::Nino => self.nino(),
            Slot::Plate => self.plate(),
            Slot::SortCode => self.sort_code(),
            Slot::Account => self.digits(8),
            Slot::Dob => self.birthday(),
            Slot::Date => self.date(),
            Slot::Reference => self.reference(),
        }
    }

    /// As the writer would write it: names without capitals by those who use none, codes in either.
    fn cased(&mut self, slot: Slot, value: String) -> String {
        let words = matches!(slot.kind(), Kind::Name | Kind::School | Kind::Place | Kind::Address);
        let code =
            matches!(slot.kind(), Kind::Postcode | Kind::NationalInsurance | Kind::VehiclePlate | Kind::Upn);
        let lower = match self.case {
            Case::Lower => (words && self.draw.chance(0.85)) || (code && self.draw.chance(0.6)),
            Case::First | Case::Odd => words && self.draw.chance(0.25),
            _ => false,
        };
        match self.case {
            Case::Upper if words || code => value.to_uppercase(),
            _ if lower => value.to_lowercase(),
            _ => value,
        }
    }

    fn one(&mut self, list: &'static [&'static str]) -> &'static str {
        self.draw.pick(list).copied().unwrap_or_default()
    }

    fn school(&mut self) -> String {
        let types = if self.age <= 10 { &self.names.primary_types } else { &self.names.school_types };
        format!("{} {}", self.one(&self.names.school_names), self.one(types))
    }

    fn first(&mut self) -> &'static str {
        self.one(&self.names.given)
    }

    fn last(&mut self) -> &'static str {
        self.one(&self.names.family)
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + self.draw.below(10) as u8)).collect()
    }

    fn letters(&mut self, from: &'static [u8], n: usize) -> String {
        (0..n).map(|_| char::from(self.draw.pick(from).copied().unwrap_or(b'X'))).collect()
    }

    /// Ofcom's numbers for drama: 07700 900xxx, 01632 960xxx, 0117 496 0xxx and the like.
    fn phone(&mut self) -> String {
        let end = self.digits(3);
        match self.draw.below(12) {
            0..=2 => format!("07700 900{end}"),
            3..=4 => format!("07700900{end}"),
            5 => format!("+44 7700 900{end}"),
            6 => format!("07700-900-{end}"),
            7 => format!("0117 496 0{end}"),
            8 => format!("0113 4960{end}"),
            9 => format!("(020) 7946 0{end}"),
            10 => format!("01632 960{end}"),
            _ => format!("01214960{end}"),
        }
    }

    fn handle(&mut self, slot: Slot) -> String {
        let (a, b) = (self.one(&self.names.handle_words), self.one(&self.names.handle_words));
        let n = self.digits(4);
        let capital = |w: &str| {
            w.chars().take(1).flat_map(char::to_uppercase).chain(w.chars().skip(1)).collect::<String>()
        };
        match (slot, self.draw.below(3)) {
            (Slot::Handle, 0) => format!("@{a}_{b}_{n}"),
            (Slot::Handle, 1) => format!("@{a}.{b}{n}"),
            (Slot::Handle, _) => format!("@its{a}{b}{n}"),
            (Slot::Snap, 0) => format!("{a}_{b}{n}"),
            (Slot::Snap, 1) => format!("{a}{b}_{n}"),
            (Slot::Snap, _) => format!("{a}.{b}.{n}"),
            (Slot::Discord, _) => format!("{a}{b}#{n}"),
            (_, 0) => format!("xX_{}{}_{n}_Xx", capital(a), capital(b)),
            (_, _) => format!("{}{}{n}", capital(a), capital(b)),
        }
    }

    /// At domains that RFC 2606 reserves.
    fn email(&mut self) -> String {
        let (first, word) = (self.first().to_lowercase(), self.one(&self.names.handle_words));
        let n = self.digits(2);
        let domain = self.one(&["example.com", "example.org"]);
        match self.draw.below(6) {
            0 => format!("{first}.{word}{n}@{domain}"),
            1 => format!("{word}{first}{n}@{domain}"),
            2 => format!("{first}{n}@mail.{domain}"),
            3 => format!("{first}{n} at {} dot com", "example"),
            4 => format!("{first}.{word}(at){domain}"),
            _ => format!("{first}_{word}{n}@{domain}"),
        }
    }

    fn url(&mut self) -> String {
        let (a, b) = (self.one(&self.names.handle_words), self.one(&self.names.handle_words));
        let n = self.digits(4);
        match self.draw.below(4) {
            0 => format!("https://www.example.com/{a}{b}{n}"),
            1 => format!("www.example.org/{a}-{b}"),
            2 => format!("example.com/petition/{n}"),
            _ => format!("http://{a}.example.org/{n}"),
        }
    }

    /// Districts far beyond the highest that their area has.
    fn outcode(&mut self) -> String {
        let area = self.one(&["LD", "HR", "DT", "HG", "TQ", "SP", "LA", "HX", "KW", "ZE"]);
        format!("{area}{}", self.draw.between(81, 88))
    }

    fn postcode(&mut self) -> String {
        let space = self.one(&[" ", " ", ""]);
        format!(
            "{}{space}{}{}",
            self.outcode(),
            self.draw.below(10),
            self.letters(b"ABDEFGHJLNPQRSTUWXYZ", 2)
        )
    }

    fn street(&mut self) -> String {
        format!("{} {}", self.one(&self.names.street_names), self.one(&self.names.street_types))
    }

    fn address(&mut self) -> String {
        let (n, street) = (self.draw.between(1, 190), self.street());
        match self.draw.below(6) {
            0 => format!("Flat {}, {n} {street}", 1 + n % 30),
            1 => format!("{n}{} {street}", self.one(&["a", "b"])),
            _ => format!("{n} {street}"),
        }
    }

    /// The prefix QQ of HMRC's examples, never issued.
    fn nino(&mut self) -> String {
        let (d, end) = (self.digits(6), self.letters(b"ABCD", 1));
        match (d.get(..2), d.get(2..4), d.get(4..)) {
            (Some(a), Some(b), Some(c)) if self.draw.chance(0.5) => format!("QQ {a} {b} {c} {end}"),
            _ => format!("QQ{d}{end}"),
        }
    }

    /// Age identifiers of the years 2045 to 2049.
    fn plate(&mut self) -> String {
        let area = self.letters(b"ABCDEFGHKLMNOPRSVWY", 2);
        let age = self.one(&["45", "46", "47", "48", "49", "95", "96", "97", "98", "99"]);
        let gap = self.one(&[" ", " ", ""]);
        format!("{area}{age}{gap}{}", self.letters(b"ABCDEFGHJKLMNOPRSTUVWXYZ", 3))
    }

    /// Sort codes that begin with 00 belong to no bank.
    fn sort_code(&mut self) -> String {
        let d = self.digits(4);
        let (a, b) = d.split_at(2);
        let gap = self.one(&["-", "-", " ", ""]);
        format!("00{gap}{a}{gap}{b}")
    }

    fn birthday(&mut self) -> String {
        let year = 2024 - self.age;
        let date = self.day(year);
        if self.draw.chance(0.1) { self.day_and_month() } else { date }
    }

    fn date(&mut self) -> String {
        let year = self.draw.between(2019, 2024);
        self.day(year)
    }

    fn day_and_month(&mut self) -> String {
        let (d, m) = (self.draw.between(1, 28), self.one(&MONTHS));
        if self.draw.chance(0.5) {
            format!("{d}{} {m}", ordinal(d))
        } else {
            format!("the {d}{} of {m}", ordinal(d))
        }
    }

    fn day(&mut self, year: u32) -> String {
        let (d, m) = (self.draw.between(1, 28), self.draw.between(1, 12));
        let month = MONTHS.get(m as usize - 1).copied().unwrap_or_default();
        match self.draw.below(7) {
            0 => format!("{d:02}/{m:02}/{year}"),
            1 => format!("{d}/{m}/{:02}", year % 100),
            2 => format!("{d}.{m}.{:02}", year % 100),
            3 => format!("{d} {month} {year}"),
            4 => format!("the {d}{} of {month} {year}", ordinal(d)),
            5 => format!("{month} {d}{} {year}", ordinal(d)),
            _ => format!("{d}{} {month} {year}", ordinal(d)),
        }
    }

    fn reference(&mut self) -> String {
        let office = self.one(&self.names.reference_offices);
        let n = self.digits(6);
        match self.draw.below(3) {
            0 => format!("{office}/20{}/{n}", self.draw.between(19, 24)),
            1 => format!("{office}-{n}"),
            _ => format!("{office}{n}"),
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn ordinal(day: u32) -> &'static str {
    match day {
        1 | 21 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests;
