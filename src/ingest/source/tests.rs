//! Tests of whole files: written, opened, read.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::config::DEFAULT_TOML;

struct Read {
    header: Header,
    rows: Vec<(u64, Vec<String>)>,
    malformed: Vec<(u64, Reason)>,
    facts: FileFacts,
}

fn input() -> Input {
    crate::config::parse(DEFAULT_TOML, "default").unwrap().input
}

fn source() -> Source {
    crate::config::parse(DEFAULT_TOML, "default").unwrap().sources.remove(0)
}

fn read_with(path: &Path, input: &Input) -> Result<Read> {
    let mut export = Export::open(path, input, &source())?;
    let (mut rows, mut malformed) = (Vec::new(), Vec::new());
    let mut cells = Cells::new();
    loop {
        assert!(export.bytes_read() <= std::fs::metadata(path).unwrap().len());
        match export.next(&mut cells)? {
            Row::Read { line } => {
                rows.push((line, (0..cells.len()).map(|i| cells.get(i).to_string()).collect()))
            }
            Row::Malformed { line, reason } => malformed.push((line, reason)),
            Row::End => break,
        }
    }
    assert_eq!(export.bytes_read(), std::fs::metadata(path).unwrap().len());
    assert_eq!(export.next(&mut cells)?, Row::End);
    Ok(Read { header: export.header().clone(), rows, malformed, facts: export.facts() })
}

fn write(name: &str, content: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    (dir, path)
}

fn read(name: &str, content: &[u8]) -> Read {
    let (_dir, path) = write(name, content);
    read_with(&path, &input()).unwrap()
}

fn refused(name: &str, content: &[u8]) -> String {
    let (_dir, path) = write(name, content);
    let e = read_with(&path, &input()).err().unwrap();
    assert_eq!(e.exit_code(), 3, "{e}");
    let text = e.to_string();
    assert!(text.contains(name), "{text}");
    text
}

fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (line, cells.iter().map(|c| c.to_string()).collect())
}

#[test]
fn rows_that_do_not_fit_are_malformed_and_empty_ends_are_forgiven() {
    let r = read("x.csv", b"id,text,\n1,a,\n\n2,b,,\n3\n4,c\n,,\n5,d,x\n6,\"e\ne\",\n");
    assert_eq!(r.header.columns.len(), 3, "the last column has a cell in it");
    assert_eq!(
        r.rows,
        [
            row(2, &["1", "a", ""]),
            row(4, &["2", "b", ""]),
            row(8, &["5", "d", "x"]),
            row(9, &["6", "e\ne", ""])
        ]
    );
    assert_eq!(r.malformed, [(5, Reason::FieldCount), (6, Reason::FieldCount)]);
    assert_eq!(r.facts.blank_rows, 1);

    let r = read("x.csv", b"id,text,\n1,a,\n2,b\n3,c,,\n4,d,,x\n");
    assert_eq!(r.header.columns.len(), 2);
    assert_eq!((r.rows.len(), r.malformed), (3, vec![(5, Reason::FieldCount)]));
}

#[test]
fn a_row_that_comes_after_the_preview_is_judged_the_same() {
    let text = "id,text\n".to_string() + &"1,x\n".repeat(300) + "2\n" + &"3,y\n".repeat(300);
    let r = read("x.csv", text.as_bytes());
    assert_eq!((r.rows.len(), r.malformed), (600, vec![(302, Reason::FieldCount)]));
    assert_eq!(r.rows[599], row(602, &["3", "y"]));
}

#[test]
fn encodings_come_to_the_same_rows() {
    let text = "id;answer\r\n1;Zo\u{eb}\u{2019}s caf\u{e9}\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    for (bytes, name) in [
        (text.as_bytes().to_vec(), "UTF-8"),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8"),
        (utf16.clone(), "UTF-16LE"),
        ([b"\xff\xfe".to_vec(), utf16].concat(), "UTF-16LE"),
        (windows, "windows-1252"),
    ] {
        let r = read("x.csv", &bytes);
        assert_eq!(r.rows, [row(2, &["1", "Zo\u{eb}\u{2019}s caf\u{e9}"])]);
        assert_eq!((r.facts.encoding, r.facts.undecodable_bytes, r.facts.delimiter), (name, 0, Some(';')));
        assert_eq!(r.header.columns[0].name, "id");
    }
}

#[test]
fn undecodable_bytes_are_counted_and_the_declared_encoding_wins() {
    let text = "id,a\n1,\u{e9}\u{e8}\u{ea}\n2,x\n".as_bytes().to_vec();
    let broken = [text, b"3,\xff\n".to_vec()].concat();
    let r = read("x.csv", &broken);
    assert_eq!((r.facts.encoding, r.facts.undecodable_bytes), ("UTF-8", 1));
    assert_eq!(r.rows[2], row(4, &["3", "\u{fffd}"]));
    let (_dir, path) = write("x.csv", &broken);
    let mut first = source();
    first.encoding = Some("windows-1252".to_string());
    let export =
        Export::open(&path, &Input { encoding: Some("utf-8".to_string()), ..input() }, &first).unwrap();
    assert_eq!(export.facts().encoding, "windows-1252");
}

#[test]
fn the_hash_is_of_the_file_on_disk() {
    let r = read("x.csv", b"a,b\n1,2\n");
    let digest = <sha2::Sha256 as sha2::Digest>::digest(b"a,b\n1,2\n");
    assert_eq!(r.facts.sha256, digest.iter().map(|b| format!("{b:02x}")).collect::<String>());
    assert_eq!(r.facts.bytes, 8);
}

fn gzip(text: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut w = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    w.write_all(text).unwrap();
    w.finish().unwrap()
}

#[test]
fn compressed_text_is_read_also_in_several_members() {
    let (a, b) = (b"id,text\n1,first\n".as_slice(), b"2,second\n".as_slice());
    let gz = [gzip(a), gzip(b)].concat();
    let zst = [zstd::encode_all(a, 1).unwrap(), zstd::encode_all(b, 1).unwrap()].concat();
    for (name, bytes, how) in [("x.csv.gz", gz, "gzip"), ("x.csv.zst", zst, "zstd")] {
        let r = read(name, &bytes);
        assert_eq!(r.rows, [row(2, &["1", "first"]), row(3, &["2", "second"])]);
        assert_eq!((r.facts.compression, r.facts.bytes), (Some(how), bytes.len() as u64));
        for keep in [bytes.len() - 1, bytes.len() / 2 + 3, 12] {
            assert!(refused(name, &bytes[..keep]).contains("truncated or damaged"), "{name} {keep}");
        }
    }
    let r = read("x.jsonl.gz", &gzip(b"{\"id\": 1}\n"));
    assert_eq!((r.facts.format, r.rows), (Format::JsonLines, vec![row(1, &["1"])]));
}

#[test]
fn a_bomb_and_a_hidden_workbook_are_refused() {
    let bomb = gzip(&vec![b'x'; 3_000_000]);
    let small = Input { max_inflated_bytes: 1_000_000, ..input() };
    let zst = zstd::encode_all(vec![b'x'; 3_000_000].as_slice(), 1).unwrap();
    for (name, bytes) in [("x.csv.gz", bomb), ("x.csv.zst", zst)] {
        let (_dir, path) = write(name, &bytes);
        let e = read_with(&path, &small).err().unwrap();
        assert!(e.exit_code() == 3 && e.to_string().contains("max_inflated_mb"), "{e}");
    }
    assert!(refused("x.csv.gz", &gzip(b"PK\x03\x04...")).contains("Decompress it first"));
}

#[test]
fn files_without_rows_are_refused() {
    assert!(refused("x.csv", b"").contains("is empty"));
    assert!(refused("x.csv", b"\xef\xbb\xbf\r\n \r\n").contains("is empty"));
    assert!(refused("x.csv", b"id,text\n").contains("no rows below"));
    assert!(refused("x.csv", b"id,text\n\n,\n").contains("no rows below"));
    assert!(refused("x.csv", b",,\n,,\n").contains("holds no rows"));
    assert!(refused("x.jsonl", b"\n").contains("is empty"));
    assert!(refused("x.csv.gz", &gzip(b"")).contains("is empty"));
}

#[test]
fn nul_bytes_and_long_rows_are_refused_with_their_line() {
    assert!(refused("x.csv", b"id,text\n1,a\n2,\0\n").contains("line 3"));
    let (_dir, path) = write("x.csv", &[b"id,text\n1,".as_slice(), &vec![b'x'; 2_000_000], b"\n"].concat());
    let e = read_with(&path, &Input { max_record_bytes: 1_000_000, ..input() }).err().unwrap();
    assert!(
        e.exit_code() == 3 && e.to_string().contains("line 2") && e.to_string().contains("max_record_mb")
    );
    let utf16: Vec<u8> = "id,text\n1,a\0b\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(refused("x.csv", &utf16).contains("NUL"));
}

#[test]
fn a_header_that_no_row_fits_is_refused() {
    let text = "a\tb\n".to_string() + &"row1\t1\t2\n".repeat(9);
    assert!(refused("x.tsv", text.as_bytes()).contains("9 of the first 9 rows"));
}

#[test]
fn excel_hints_and_odd_delimiters_are_understood() {
    let r = read("x.csv", b"sep=|\r\nid|text\r\n1|a, b; c\r\n");
    assert_eq!((r.rows, r.facts.delimiter), (vec![row(3, &["1", "a, b; c"])], Some('|')));
    let (_dir, path) = write("x.csv", b"id:text\n1:a,b\n");
    let r = read_with(&path, &Input { delimiter: Some(b':'), ..input() }).unwrap();
    assert_eq!(r.rows, [row(2, &["1", "a,b"])]);
    let r = read("x.txt", b"What would help?\nMore parks, please\nNothing, thank you, bye\n");
    assert_eq!((r.rows[1].clone(), r.facts.delimiter), (row(3, &["Nothing, thank you, bye"]), None));
}

#[test]
fn formats_with_names_have_no_header_row() {
    let r = read("x.jsonl", b"{\"id\": 1, \"q\": \"V1\"}\n{\"id\": 2}\nnonsense\n");
    assert_eq!(r.rows, [row(1, &["1", "V1"]), row(2, &["2", ""])]);
    assert_eq!(r.malformed, [(3, Reason::Json)]);
}

#[test]
fn a_workbook_may_leave_out_cells_at_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    use workbook::tests::{Sheet, rows, shared, write};
    let table: &[&[&str]] = &[
        &["ID", "Start time", "Completion time", "What\u{a0}matters?"],
        &["1", "", "", "A;B;"],
        &["2"],
        &[],
    ];
    write(&path, &[Sheet("Sheet1", "visible", rows(table))], &shared(&[]));
    let r = read_with(&path, &input()).unwrap();
    assert_eq!(r.header.dialect, Dialect::MicrosoftForms);
    assert_eq!(r.header.columns[3].name, "What matters?");
    assert_eq!(r.rows, [row(2, &["1", "", "", "A;B;"]), row(3, &["2", "", "", ""])]);
    assert_eq!(r.facts.sheet.as_deref(), Some("Sheet1"));
}

#[test]
fn an_export_may_move_to_another_thread() {
    fn moves<T: Send>() {}
    moves::<Export>();
}

#[test]
fn errors_never_hold_a_cell() {
    for (name, content) in [
        ("x.csv", b"id,text\n1,\"secretword\n".as_slice()),
        ("x.csv", b"id,text\n1,secretword\0\n"),
        ("x.jsonl", b"secretword\n"),
        ("x.csv", b"Answer Choices,Responses\nsecretword,4\n,Answered\n"),
    ] {
        assert!(!refused(name, content).contains("secretword"));
    }
}

/// Text in which no row is blank, no header is read as a title and no cell as a syntax of its own.
fn cell() -> impl Strategy<Value = String> {
    let any = prop_oneof![
        Just("a"),
        Just(" "),
        Just("\""),
        Just("'"),
        Just(","),
        Just(";"),
        Just("\t"),
        Just("|"),
        Just("\n"),
        Just("\r\n"),
        Just("\u{e9}"),
        Just("\u{2019}")
    ];
    proptest::collection::vec(any, 0..10).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_written_in_any_form_is_read_back(
        table in proptest::collection::vec(proptest::collection::vec(cell(), 3), 6..30),
        delimiter in proptest::sample::select(vec![b',', b';', b'\t', b'|']),
        always in any::<bool>(),
        crlf in any::<bool>(),
        encoding in 0usize..5,
    ) {
        let style = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut w = csv::WriterBuilder::new()
            .delimiter(delimiter).quote_style(style).terminator(terminator).from_writer(Vec::new());
        w.write_record(["number", "first", "second", "third", "last"]).unwrap();
        for (i, r) in table.iter().enumerate() {
            let n = i.to_string();
            w.write_record([n.as_str(), &r[0], &r[1], &r[2], "\u{e9}"]).unwrap();
        }
        let text = String::from_utf8(w.into_inner().unwrap()).unwrap();
        let utf16 = |be: bool| text.encode_utf16()
            .flat_map(|u| if be { u.to_be_bytes() } else { u.to_le_bytes() }).collect::<Vec<u8>>();
        let bytes = match encoding {
            0 => text.clone().into_bytes(),
            1 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            2 => utf16(false),
            3 => [b"\xfe\xff".to_vec(), utf16(true)].concat(),
            _ => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        };
        let r = read("x.csv", &bytes);
        prop_assert!(r.malformed.is_empty());
        prop_assert_eq!(r.facts.delimiter, Some(char::from(delimiter)));
        let back: Vec<Vec<String>> = r.rows.iter().map(|(_, cells)| cells[1..4].to_vec()).collect();
        prop_assert_eq!(back, table);
    }
}
