//! Tests of the record reader.

use super::*;
use proptest::prelude::*;

const CSV: Syntax = Syntax { delimiter: Some(b','), quote: Some(b'"'), backslash: false };

fn place() -> Place {
    Place { path: PathBuf::from("x.csv"), compression: None }
}

/// Hands out `size` bytes at a time.
struct Pieces<'a>(&'a [u8], usize);
impl Read for Pieces<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.0.len().min(self.1).min(buf.len());
        buf[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn read_in(text: &[u8], syntax: Syntax, piece: usize, max: u64) -> Result<Vec<(u64, Vec<String>)>> {
    let mut records = Records::new(Pieces(text, piece), syntax, max, place());
    let mut all = Vec::new();
    loop {
        let (mut out, mut ends) = (Vec::new(), Vec::new());
        let Some(line) = records.read(&mut out, &mut ends)? else { return Ok(all) };
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let cells = starts.zip(&ends).map(|(a, &b)| String::from_utf8(out[a..b].to_vec()).unwrap()).collect();
        all.push((line, cells));
    }
}

fn read(text: &str, syntax: Syntax) -> Vec<(u64, Vec<String>)> {
    let whole = read_in(text.as_bytes(), syntax, usize::MAX, 1 << 20).unwrap();
    for piece in 1..4 {
        assert_eq!(read_in(text.as_bytes(), syntax, piece, 1 << 20).unwrap(), whole, "in pieces of {piece}");
    }
    whole
}

fn rows(expected: &[(u64, &[&str])]) -> Vec<(u64, Vec<String>)> {
    expected.iter().map(|(l, r)| (*l, r.iter().map(|c| c.to_string()).collect())).collect()
}

#[test]
fn fields_are_as_rfc_4180_says() {
    assert_eq!(
        read("a,b,c\n\"x, y\",\"say \"\"hi\"\"\",\n,,\n", CSV),
        rows(&[(1, &["a", "b", "c"]), (2, &["x, y", "say \"hi\"", ""]), (3, &["", "", ""])])
    );
    assert_eq!(read("a,b", CSV), rows(&[(1, &["a", "b"])]));
    assert_eq!(read("a,", CSV), rows(&[(1, &["a", ""])]));
    assert_eq!(read("\"\"\n", CSV), rows(&[(1, &[""])]));
    assert_eq!(read("", CSV), rows(&[]));
}

#[test]
fn lines_are_counted_through_quotes_and_empty_lines() {
    let text = "a,b\n\n\"one\ntwo\r\nthree\",x\r\n\r\n\rlast,y\rend,z\n";
    assert_eq!(
        read(text, CSV),
        rows(&[(1, &["a", "b"]), (3, &["one\ntwo\r\nthree", "x"]), (8, &["last", "y"]), (9, &["end", "z"])])
    );
}

#[test]
fn quotes_inside_a_field_are_text() {
    assert_eq!(read("5\" pipe,\"a\"b,\"x\"\"\"\n", CSV), rows(&[(1, &["5\" pipe", "ab", "x\""])]));
}

#[test]
fn backslashes_escape_where_they_should() {
    let escaped = Syntax { backslash: true, ..CSV };
    let text = "\"say \\\"hi\\\"\",\"C:\\\\\",\"a\\nb\",c\\\n\"x\"\"y\",1,2,3\n";
    assert_eq!(
        read(text, escaped),
        rows(&[(1, &["say \"hi\"", "C:\\", "a\\nb", "c\\"]), (2, &["x\"y", "1", "2", "3"])])
    );
    assert_eq!(read("\"C:\\\",x\n", CSV), rows(&[(1, &["C:\\", "x"])]));
}

#[test]
fn plain_lines_have_no_syntax() {
    assert_eq!(read("{\"a\": 1,\n\"b", Syntax::LINES), rows(&[(1, &["{\"a\": 1,"]), (2, &["\"b"])]));
}

fn refused(text: &[u8], max: u64) -> String {
    let e = read_in(text, CSV, 1000, max).unwrap_err();
    assert_eq!(e.exit_code(), 3);
    e.to_string()
}

#[test]
fn a_quote_that_is_never_closed_is_an_error_at_its_row() {
    let e = refused(b"id,text\n1,fine\n2,\"secretword\n3,x\n4,y\n", 1 << 20);
    assert!(e.contains("x.csv, line 3") && e.contains("never closed"), "{e}");
    assert!(!e.contains("secretword"), "{e}");
}

#[test]
fn a_row_over_the_limit_is_an_error_and_is_not_kept() {
    let long = [b"id,text\n1,".to_vec(), vec![b'x'; 50_000], b"\n".to_vec()].concat();
    assert!(refused(&long, 10_000).contains("x.csv, line 2"));
    let open = [b"id,text\n\"a\nb\",x\n3,\"".to_vec(), b"line\n".repeat(50_000)].concat();
    assert!(refused(&open, 10_000).contains("x.csv, line 4"));
    let commas = vec![b','; 100_000];
    assert!(refused(&commas, 1 << 20).contains("65536 fields"));
}

#[test]
fn a_200_mb_line_is_refused_in_little_memory() {
    struct Endless(u64);
    impl Read for Endless {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let n = (buf.len() as u64).min(self.0);
            buf[..n as usize].fill(b'x');
            self.0 -= n;
            Ok(n as usize)
        }
    }
    let mut records = Records::new(Endless(200_000_000), CSV, 16_000_000, place());
    let (mut out, mut ends) = (Vec::new(), Vec::new());
    let e = records.read(&mut out, &mut ends).unwrap_err();
    assert!(e.to_string().contains("longer than 16 MB"), "{e}");
    assert!(out.capacity() < 64_000_000);
}

#[test]
fn a_nul_byte_is_an_error_at_its_line() {
    assert!(refused(b"a,b\n1,\"x\n\0\"\n", 1000).contains("line 3"));
    assert!(refused(b"a,b\n1,\0\n", 1000).contains("line 2"));
}

fn cell() -> impl Strategy<Value = String> {
    let any = proptest::collection::vec(
        prop_oneof![
            Just('a'),
            Just(' '),
            Just('"'),
            Just('\''),
            Just(','),
            Just(';'),
            Just('\t'),
            Just('|'),
            Just('\n'),
            Just('\r'),
            Just('\u{e9}'),
            Just('\u{1f600}')
        ],
        0..8,
    );
    any.prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn what_the_csv_crate_writes_is_read_back(
        table in (1usize..6).prop_flat_map(|width| {
            proptest::collection::vec(proptest::collection::vec(cell(), width), 1..8)
        }),
        delimiter in proptest::sample::select(vec![b',', b';', b'\t', b'|', b'^']),
        quote in proptest::sample::select(vec![b'"', b'\'']),
        doubled in any::<bool>(),
        always in any::<bool>(),
        crlf in any::<bool>(),
        piece in 1usize..40,
    ) {
        let style = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut w = csv::WriterBuilder::new()
            .delimiter(delimiter).quote(quote).double_quote(doubled).quote_style(style)
            .terminator(terminator).from_writer(Vec::new());
        for row in &table {
            w.write_record(row).unwrap();
        }
        let text = w.into_inner().unwrap();
        let syntax = Syntax { delimiter: Some(delimiter), quote: Some(quote), backslash: !doubled };
        let back = read_in(&text, syntax, piece, 1 << 20).unwrap();
        let cells: Vec<Vec<String>> = back.iter().map(|(_, r)| r.clone()).collect();
        prop_assert_eq!(&cells, &table);
        let newlines = |s: &str| {
            s.replace("\r\n", "\n").chars().filter(|c| matches!(c, '\n' | '\r')).count() as u64
        };
        let mut line = 1;
        for ((at, _), row) in back.iter().zip(&table) {
            prop_assert_eq!(*at, line);
            line += 1 + row.iter().map(|c| newlines(c)).sum::<u64>();
        }
    }
}
