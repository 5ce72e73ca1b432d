//! Rows as bytes: the header rows of either questionnaire, cells and their quoting, the key file.
//! Owns the form of the files; it invents nothing.

use std::io::Write;

use super::answers::{AREA, Answers};
use super::columns::{Column, Field, columns, value};
use super::people::Person;
use super::plant::KINDS;
use super::random::mix;
use super::scribble::Mark;
use super::{Instrument, Options};

/// One respondent, ready to be written.
pub struct Row<'a> {
    /// 1-based, over the file.
    pub number: u64,
    /// Who.
    pub person: &'a Person,
    /// What they ticked.
    pub answers: &'a Answers,
    /// What they wrote; empty: nothing.
    pub texts: [&'a str; 2],
}

/// A file's layout.
pub struct Sheet {
    columns: Vec<Column>,
    instrument: Instrument,
    seed: u64,
    delimiter: u8,
    line_end: &'static [u8],
}

impl Sheet {
    /// The layout of an export.
    pub fn new(o: &Options) -> Sheet {
        let main = o.instrument == Instrument::Main;
        Sheet {
            columns: columns(o),
            instrument: o.instrument,
            seed: o.seed,
            delimiter: if main { b',' } else { b';' },
            line_end: if main { b"\n" } else { b"\r\n" },
        }
    }

    /// The header: Qualtrics' three rows, or a byte-order mark and one.
    pub fn header(&self, out: &mut Vec<u8>) {
        if self.instrument == Instrument::EasyRead {
            out.extend_from_slice("\u{feff}".as_bytes());
            return self.line(out, |c| c.header.to_string());
        }
        self.line(out, |c| c.tag.to_string());
        self.line(out, |c| c.header.to_string());
        self.line(out, |c| match c.field {
            Field::Start | Field::End => {
                format!("{{\"ImportId\":\"{}\",\"timeZone\":\"Europe/London\"}}", c.import_id)
            }
            _ => format!("{{\"ImportId\":\"{}\"}}", c.import_id),
        });
    }

    fn line(&self, out: &mut Vec<u8>, cell: impl Fn(&Column) -> String) {
        for (i, c) in self.columns.iter().enumerate() {
            self.begin(i, out);
            self.text(&cell(c), out);
        }
        out.extend_from_slice(self.line_end);
    }

    fn begin(&self, i: usize, out: &mut Vec<u8>) {
        if i > 0 {
            out.push(self.delimiter);
        }
    }

    /// One respondent. What they did not come to see is blank.
    pub fn row(&self, row: &Row, out: &mut Vec<u8>) {
        let seen = self.columns.len() * row.answers.progress as usize / 100;
        for (i, c) in self.columns.iter().enumerate() {
            self.begin(i, out);
            if i < seen || matches!(c.field, Field::Weight) {
                self.cell(c.field, row, out);
            }
        }
        out.extend_from_slice(self.line_end);
    }

    /// Whether somebody came to see a text question.
    pub fn shows(&self, text: usize, progress: u32) -> bool {
        let seen = self.columns.len() * progress as usize / 100;
        self.columns.iter().position(|c| c.field == Field::Text(text)).is_some_and(|i| i < seen)
    }

    fn cell(&self, field: Field, row: &Row, out: &mut Vec<u8>) {
        let (p, a) = (row.person, row.answers);
        match field {
            Field::Start => time(a.started, out),
            Field::End => time(a.started + a.seconds, out),
            Field::Progress => number(u64::from(a.progress), out),
            Field::Seconds => number(u64::from(a.seconds), out),
            Field::Finished => out.extend_from_slice(if a.progress == 100 { b"True" } else { b"False" }),
            Field::Id => self.id(row.number, out),
            Field::Age if p.age_blank => {}
            Field::Age => number(u64::from(p.age), out),
            Field::Gender => self.category(field, p.gender, out),
            Field::Region => self.category(field, p.region, out),
            Field::Ethnicity => self.category(field, p.ethnicity, out),
            Field::LiveWith => self.category(field, p.live_with, out),
            Field::Setting => self.category(field, p.setting, out),
            Field::Send => self.category(field, p.send, out),
            Field::Meals => self.category(field, p.meals, out),
            Field::Likert(i) => self.category(field, a.likert.get(i).copied().flatten(), out),
            Field::TalkTo => self.category(field, a.talk_to, out),
            Field::Outside(i) => self.category(field, (a.outside >> i & 1 == 1).then_some(0), out),
            Field::Area => self.area(a.area, out),
            Field::Hours => halves(a.half_hours, out),
            Field::Text(i) => self.text(row.texts.get(i).copied().unwrap_or(""), out),
            Field::Weight => fixed_4(p.weight, out),
        }
    }

    fn category(&self, field: Field, category: Option<u8>, out: &mut Vec<u8>) {
        if let Some(i) = category {
            self.text(value(field, self.instrument, i), out);
        }
    }

    /// All chosen options in one cell, as Qualtrics joins them.
    fn area(&self, bits: u8, out: &mut Vec<u8>) {
        let quoted = bits.count_ones() > 1 && self.delimiter == b',';
        let mut first = true;
        if quoted {
            out.push(b'"');
        }
        for i in (0..AREA as u8).filter(|i| bits >> i & 1 == 1) {
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            out.extend_from_slice(value(Field::Area, self.instrument, i).as_bytes());
        }
        if quoted {
            out.push(b'"');
        }
    }

    /// Text, in quotes where it needs them.
    fn text(&self, text: &str, out: &mut Vec<u8>) {
        let special = |b: u8| b == self.delimiter || matches!(b, b'"' | b'\n' | b'\r');
        if !text.bytes().any(special) {
            return out.extend_from_slice(text.as_bytes());
        }
        out.push(b'"');
        for (i, part) in text.split('"').enumerate() {
            if i > 0 {
                out.extend_from_slice(b"\"\"");
            }
            out.extend_from_slice(part.as_bytes());
        }
        out.push(b'"');
    }

    /// Distinct in any file: the number goes through a bijection before its digits are written.
    fn id(&self, row: u64, out: &mut Vec<u8>) {
        const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        if self.instrument == Instrument::EasyRead {
            out.extend_from_slice(b"ER-");
            return number(10_000 + row, out);
        }
        out.extend_from_slice(b"R_");
        let unique = mix(row ^ mix(self.seed));
        for (mut n, digits) in [(unique, 11), (mix(unique), 4)] {
            for _ in 0..digits {
                out.push(DIGITS.get((n % 62) as usize).copied().unwrap_or(b'0'));
                n /= 62;
            }
        }
    }

    /// A line of the key for each identifier of a text. Offsets are code points of the cell.
    pub fn key(&self, row: u64, text: usize, cell: &str, marks: &[Mark], out: &mut Vec<u8>) {
        let tag = self.columns.iter().find(|c| c.field == Field::Text(text)).map_or("", |c| c.tag);
        let points = |end: usize| cell.get(..end).map_or(0, |s| s.chars().count());
        for m in marks.iter().filter(|m| KINDS.contains(&m.kind)) {
            let value = cell.get(m.start..m.end).unwrap_or("").replace('"', "\"\"");
            let quote = if value.contains([',', '"', '\n']) { "\"" } else { "" };
            let (start, end) = (points(m.start), points(m.end));
            // Writing to a Vec does not fail.
            let _ = writeln!(out, "{row},{tag},{},{start},{end},{quote}{value}{quote}", m.kind.id());
        }
    }
}

/// The key file's header.
pub const KEY_HEADER: &[u8] = b"row,column,type,start,end,value\n";

fn number(n: u64, out: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut left = n;
    let mut from = digits.len();
    for (i, d) in digits.iter_mut().enumerate().rev() {
        *d = b'0' + (left % 10) as u8;
        left /= 10;
        from = i;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(from..).unwrap_or(b"0"));
}

fn two(n: u64, out: &mut Vec<u8>) {
    if n < 10 {
        out.push(b'0');
    }
    number(n, out);
}

/// Half hours as hours: 3 or 3.5.
fn halves(n: Option<u32>, out: &mut Vec<u8>) {
    if let Some(n) = n {
        number(u64::from(n / 2), out);
        if n % 2 == 1 {
            out.extend_from_slice(b".5");
        }
    }
}

/// A number that is not negative, with four decimals.
fn fixed_4(x: f64, out: &mut Vec<u8>) {
    let n = (x * 10_000.0).round() as u64;
    number(n / 10_000, out);
    out.push(b'.');
    let rest = n % 10_000;
    two(rest / 100, out);
    two(rest % 100, out);
}

/// Seconds after midnight of 16 September 2024, in the 77 days that the questionnaire was open.
fn time(seconds: u32, out: &mut Vec<u8>) {
    let day = seconds / 86_400;
    let (month, day) = match day {
        0..=14 => (9, 16 + day),
        15..=45 => (10, day - 14),
        _ => (11, day - 45),
    };
    let s = u64::from(seconds % 86_400);
    out.extend_from_slice(b"2024-");
    two(month, out);
    out.push(b'-');
    two(u64::from(day), out);
    out.push(b' ');
    for (i, part) in [s / 3600, s / 60 % 60, s % 60].into_iter().enumerate() {
        if i > 0 {
            out.push(b':');
        }
        two(part, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(f: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        f(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_and_times() {
        assert_eq!(bytes(|o| number(0, o)) + &bytes(|o| number(6_000_123, o)), "06000123");
        assert_eq!(bytes(|o| fixed_4(0.0703, o)), "0.0703");
        assert_eq!(bytes(|o| fixed_4(1.5, o)), "1.5000");
        assert_eq!(bytes(|o| halves(Some(7), o)), "3.5");
        assert_eq!(bytes(|o| time(0, o)), "2024-09-16 00:00:00");
        assert_eq!(bytes(|o| time(15 * 86_400 + 3_661, o)), "2024-10-01 01:01:01");
        assert_eq!(bytes(|o| time(46 * 86_400, o)), "2024-11-01 00:00:00");
        assert_eq!(bytes(|o| time(75 * 86_400 + 80_000, o)), "2024-11-30 22:13:20");
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let sheet = Sheet::new(&Options::default());
        assert_eq!(bytes(|o| sheet.text("a; b", o)), "a; b");
        assert_eq!(bytes(|o| sheet.text("a, \"b\"\n", o)), "\"a, \"\"b\"\"\n\"");
    }

    #[test]
    fn ids_differ() {
        let sheet = Sheet::new(&Options::default());
        let mut ids: Vec<String> = (1..5000).map(|i| bytes(|o| sheet.id(i, o))).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 4999);
        assert!(ids.iter().all(|i| i.len() == 17 && i.starts_with("R_")));
    }

    #[test]
    fn the_key_counts_code_points() {
        let sheet = Sheet::new(&Options::default());
        let cell = "I\u{2019}m Ann";
        let mark = Mark { kind: KINDS[0], start: cell.len() - 3, end: cell.len() };
        assert_eq!(bytes(|o| sheet.key(7, 0, cell, &[mark], o)), "7,lives_better,name,4,7,Ann\n");
    }
}
