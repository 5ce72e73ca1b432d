//! Tests of workbooks, on files that they write.

use std::fs::File;
use std::io::Write;

use zip::write::SimpleFileOptions;

use super::super::{detect, package};
use super::*;

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;

/// A sheet: its name, its state (`visible`, `hidden`) and its rows in XML.
pub struct Sheet<'a>(pub &'a str, pub &'a str, pub String);

/// Writes a workbook. Style 1 is a date, 2 a length of time, 3 a date and time.
pub fn write(path: &Path, sheets: &[Sheet], shared: &str) {
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    part("[Content_Types].xml", TYPES);
    part("_rels/.rels", ROOT);
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut list = String::new();
    let mut targets = String::new();
    for (i, Sheet(name, state, rows)) in sheets.iter().enumerate() {
        let n = i + 1;
        list += &format!(r#"<sheet name="{name}" sheetId="{n}" state="{state}" r:id="rId{n}"/>"#);
        targets += &format!(
            r#"<Relationship Id="rId{n}" Type="{kind}/worksheet" Target="worksheets/sheet{n}.xml"/>"#
        );
        let xml = format!(
            r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        );
        part(&format!("xl/worksheets/sheet{n}.xml"), &xml);
    }
    part(
        "xl/workbook.xml",
        &format!(
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{kind}"><sheets>{list}</sheets></workbook>"#
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{targets}</Relationships>"#
        ),
    );
    part("xl/styles.xml", STYLES);
    part("xl/sharedStrings.xml", shared);
    zip.finish().unwrap();
}

/// Rows of plain text cells, beginning at row 1.
pub fn rows(table: &[&[&str]]) -> String {
    let cell = |c: &&str| match *c {
        "" => "<c/>".to_string(),
        text => format!(
            r#"<c t="inlineStr"><is><t>{}</t></is></c>"#,
            text.replace('&', "&amp;").replace('<', "&lt;")
        ),
    };
    let row = |(i, r): (usize, &&[&str])| {
        format!(r#"<row r="{}">{}</row>"#, i + 1, r.iter().map(cell).collect::<String>())
    };
    table.iter().enumerate().map(row).collect()
}

pub fn shared(texts: &[&str]) -> String {
    let items: String = texts.iter().map(|t| format!("<si><t>{t}</t></si>")).collect();
    format!(
        r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="{}">{items}</sst>"#,
        texts.len()
    )
}

fn input() -> Input {
    crate::config::parse(crate::config::DEFAULT_TOML, "default").unwrap().input
}

type SheetRows = (String, Vec<(u64, Vec<String>)>);

fn read(path: &Path, input: &Input) -> Result<SheetRows> {
    package::check(path, input)?;
    let (mut source, sheet) = WorkbookRows::open(path, input)?;
    let (mut all, mut cells) = (Vec::new(), Cells::new());
    while let Row::Read { line } = source.next(&mut cells)? {
        all.push((line, (0..cells.len()).map(|i| cells.get(i).to_string()).collect()));
    }
    Ok((sheet, all))
}

fn refused(path: &Path, input: &Input) -> String {
    let e = detect::kind(path).and_then(|_| read(path, input).map(|_| ())).unwrap_err();
    assert_eq!(e.exit_code(), 3, "{e}");
    e.to_string()
}

#[test]
fn cells_read_as_people_see_them() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let xml = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
        <row r="3"><c r="A3"><v>3</v></c><c r="B3"><v>0.25</v></c><c r="C3" t="b"><v>1</v></c><c r="E3" s="1"><v>45352</v></c></row>
        <row r="4"><c r="A4" s="2"><v>1.5</v></c><c r="B4" s="3"><v>45352.5</v></c><c r="C4" t="e"><v>#N/A</v></c><c r="D4" t="e"><v>#SPILL!</v></c><c r="E4" t="str"><f>1</f><v>a;b;</v></c></row>"#;
    let shared = shared(&["id", "R &amp; D_x000D_</t></si><si><r><t>rich </t></r><r><t>text"]);
    write(&path, &[Sheet("One", "visible", xml.to_string())], &shared);
    let (sheet, all) = read(&path, &input()).unwrap();
    assert_eq!(sheet, "One");
    let row = |n, cells: &[&str]| (n, cells.iter().map(|c| c.to_string()).collect::<Vec<_>>());
    assert_eq!(
        all,
        [
            row(1, &["id", "", "R & D\r"]),
            row(3, &["3", "0.25", "TRUE", "", "2024-03-01"]),
            row(4, &["36:00:00", "2024-03-01T12:00:00", "", "", "a;b;"]),
        ]
    );
}

#[test]
fn the_sheet_is_named_or_the_first_table() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let table = rows(&[&["id", "text"], &["1", "x"]]);
    let sheets = [
        Sheet("Lists", "hidden", rows(&[&["a", "b"], &["c", "d"]])),
        Sheet("Empty", "visible", String::new()),
        Sheet("Guide", "visible", rows(&[&["How to use this"], &["First", "then"]])),
        Sheet("Responses", "visible", table),
    ];
    write(&path, &sheets, &shared(&[]));
    assert_eq!(read(&path, &input()).unwrap().0, "Responses");
    let named = |name: &str| Input { sheet: Some(name.to_string()), ..input() };
    assert_eq!(read(&path, &named("guide ")).unwrap().0, "Guide");
    assert_eq!(read(&path, &named("Lists")).unwrap().1.len(), 2);
    let e = read(&path, &named("Answers")).unwrap_err();
    assert!(e.exit_code() == 2 && e.to_string().contains("Lists, Empty, Guide, Responses"), "{e}");
    write(&path, &sheets[..2], &shared(&[]));
    assert!(refused(&path, &input()).contains("no sheet with rows"));
}

#[test]
fn many_rows_stream_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let n = BATCH as u64 * (WAITING as u64 + 2) + 3;
    let xml: String = (1..=n).map(|i| format!(r#"<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>"#)).collect();
    write(&path, &[Sheet("One", "visible", xml)], &shared(&[]));
    let (_, all) = read(&path, &input()).unwrap();
    assert!(all.len() as u64 == n && all.iter().all(|(row, cells)| cells[0] == row.to_string()));
    // Closing early does not wait for the rest.
    let (mut source, _) = WorkbookRows::open(&path, &input()).unwrap();
    source.next(&mut Cells::new()).unwrap();
    assert!(source.late().bytes_read.unwrap() <= std::fs::metadata(&path).unwrap().len());
}

#[test]
fn a_truncated_or_damaged_workbook_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let table: Vec<Vec<String>> =
        (0..500).map(|i| vec![i.to_string(), format!("{}", i * 7919 % 613)]).collect();
    let table: Vec<Vec<&str>> = table.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
    let table: Vec<&[&str]> = table.iter().map(Vec::as_slice).collect();
    write(&path, &[Sheet("One", "visible", rows(&table))], &shared(&[]));
    let whole = std::fs::read(&path).unwrap();
    for keep in [10, whole.len() / 2, whole.len() - 5] {
        std::fs::write(&path, &whole[..keep]).unwrap();
        assert!(refused(&path, &input()).contains("truncated or damaged"));
    }
    let mut damaged = whole.clone();
    let at = whole.windows(10).position(|w| w == b"sheet1.xml").unwrap();
    damaged[at + 60..at + 200].fill(0x55);
    std::fs::write(&path, damaged).unwrap();
    assert!(refused(&path, &input()).contains("truncated or damaged"));
    write(
        &path,
        &[Sheet("One", "visible", r#"<row r="1"><c t="s"><v>9</v></c></row>"#.to_string())],
        &shared(&[]),
    );
    let e = refused(&path, &input());
    assert!(e.contains("x.xlsx, row 1") && e.contains("damaged"), "{e}");
}

#[test]
fn a_zip_bomb_is_refused_by_its_directory_and_in_fact() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let spaces = " ".repeat(3_000_000);
    write(&path, &[Sheet("One", "visible", format!("<row><c><v>1</v></c>{spaces}</row>"))], &shared(&[]));
    let small = Input { max_inflated_bytes: 1_000_000, max_record_bytes: 10_000_000, ..input() };
    assert!(refused(&path, &small).contains("max_inflated_mb"));
    let mut lying = std::fs::read(&path).unwrap();
    let entry = (0..lying.len() - 50)
        .find(|&i| lying[i..].starts_with(b"PK\x01\x02") && lying[i + 46..].starts_with(b"xl/worksheets"))
        .unwrap();
    lying[entry + 24..entry + 28].copy_from_slice(&100u32.to_le_bytes());
    std::fs::write(&path, lying).unwrap();
    let e = refused(&path, &small);
    assert!(e.contains("max_inflated_mb") || e.contains("damaged"), "{e}");
    let short = Input { max_record_bytes: 1_000_000, ..input() };
    write(&path, &[Sheet("One", "visible", format!("<row><c><v>1</v></c>{spaces}</row>"))], &shared(&[]));
    assert!(refused(&path, &short).contains("max_record_mb"));
}

#[test]
fn limits_on_cells_rows_and_columns_hold() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    write(&path, &[Sheet("One", "visible", rows(&[&["a", "b"], &["c", "d"], &["e", "f"]]))], &shared(&[]));
    assert!(refused(&path, &Input { max_cells: 5, ..input() }).contains("max_cells"));
    let wide = r#"<row r="1"><c r="ZZZ1"><v>1</v></c></row>"#.to_string();
    write(&path, &[Sheet("One", "visible", wide)], &shared(&[]));
    assert!(refused(&path, &input()).contains("damaged"));
    let backwards = r#"<row r="1"><c r="C1"><v>1</v></c><c r="A1"><v>1</v></c></row>"#.to_string();
    write(&path, &[Sheet("One", "visible", backwards)], &shared(&[]));
    assert!(refused(&path, &input()).contains("damaged"));
    let boast = shared(&["x"]).replace("uniqueCount=\"1\"", "uniqueCount=\"99999999999999\"");
    write(&path, &[Sheet("One", "visible", rows(&[&["a", "b"]]))], &boast);
    assert!(refused(&path, &input()).contains("damaged"));
}
