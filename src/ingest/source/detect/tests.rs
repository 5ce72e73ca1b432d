//! Tests of what is taken and what is refused, and why.

use super::*;

fn write(name: &str, content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    (dir, path)
}

fn refused(name: &str, content: &[u8]) -> String {
    let (_dir, path) = write(name, content);
    let e = kind(&path).unwrap_err();
    assert_eq!(e.exit_code(), 3, "{name}: {e}");
    e.to_string()
}

fn of(name: &str, content: &[u8]) -> (Option<Format>, Option<Compression>) {
    let (_dir, path) = write(name, content);
    let kind = kind(&path).unwrap();
    (kind.format, kind.compression)
}

#[test]
fn names_say_what_a_file_is() {
    assert_eq!(of("a.csv", b"a,b\n"), (Some(Format::Delimited), None));
    assert_eq!(of("A.TSV", b"a\tb\n"), (Some(Format::Delimited), None));
    assert_eq!(of("a.jsonl", b"{}\n"), (Some(Format::JsonLines), None));
    assert_eq!(of("export", b"a,b\n"), (None, None));
    assert_eq!(of("a.csv.gz", b"\x1f\x8b\x08"), (Some(Format::Delimited), Some(Compression::Gzip)));
    assert_eq!(of("a.ndjson.zst", b"\x28\xb5\x2f\xfd"), (Some(Format::JsonLines), Some(Compression::Zstd)));
    assert_eq!(of("a.parquet", b"PAR1...."), (Some(Format::Parquet), None));
}

#[test]
fn what_is_no_export_is_refused_with_what_to_do() {
    for (name, content, word) in [
        ("a.sav", b"$FL2@(#) IBM SPSS".as_slice(), "CSV"),
        ("a.csv", b"$FL2@(#) IBM SPSS", "SPSS"),
        ("a.zsav", b"x", "SPSS"),
        ("a.dta", b"<stata_dta><header>", "Stata"),
        ("a.dta", b"\x72\x02", "Stata"),
        ("a.rds", b"\x1f\x8b\x08", "R data"),
        ("a.xls", b"<html><table>", "web page"),
        ("a.csv", b"\xef\xbb\xbf <!doctype html>", "web page"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.qsf", b"{\"SurveyEntry\":{}}", "Export Data"),
        ("a.json", b"{\"SurveyEntry\":{}}", "Export Data"),
        ("a.lss", b"<?xml version=\"1.0\"?>", "XML"),
        ("a.ods", b"PK\x03\x04", "spreadsheet"),
        ("a.zip", b"PK\x03\x04...", "zip archive"),
        ("a.csv", b"PK\x03\x04...", "zip archive"),
        ("a.xlsx", b"a,b\n1,2\n", "rename it to .csv"),
        ("a.xlsx", b"PK\x03\x04...", "truncated"),
        ("a.parquet", b"a,b\n", "truncated"),
        ("a.csv", b"PAR1....PAR1", ".parquet"),
        ("a.parquet", b"PARE", "encrypted"),
        ("a.csv", b"\x1f\x8b\x08", "ends in .csv.gz"),
        ("a.csv.gz", b"a,b\n", "compressed the way"),
        ("a.csv.zst", b"\x1f\x8b\x08", "compressed the way"),
        ("a.xlsx.gz", b"\x1f\x8b\x08", "Decompress it"),
        ("a.tar.gz", b"\x1f\x8b\x08", "archive"),
        ("a.csv", b"", "is empty"),
    ] {
        let e = refused(name, content);
        assert!(e.contains(word) && e.contains(name), "{name}: {e}");
    }
}

#[test]
fn old_and_protected_workbooks_are_told_apart() {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let protected = [OLE, &[0; 2000], &name, &[0; 500]].concat();
    for end in ["a.xlsx", "a.xls"] {
        assert!(refused(end, &protected).contains("password"));
    }
    let old = [OLE, &[0; 2000]].concat();
    assert!(refused("a.xls", &old).contains(".xls"));
}

#[test]
fn a_missing_file_and_a_folder_are_the_environments_fault() {
    let dir = tempfile::tempdir().unwrap();
    let e = kind(dir.path()).unwrap_err();
    assert!(e.exit_code() == 4 && e.to_string().contains("is a folder"), "{e}");
    let e = kind(&dir.path().join("none.csv")).unwrap_err();
    assert!(e.exit_code() == 4 && e.to_string().contains("nothing of that name"), "{e}");
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_the_environments_fault() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, path) = write("a.csv", b"a,b\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read anything.
    if File::open(&path).is_err() {
        let e = kind(&path).unwrap_err();
        assert!(e.exit_code() == 4 && e.to_string().contains("Check that you may read"), "{e}");
    }
}

#[test]
fn text_without_a_name_is_known_by_its_first_line() {
    let path = Path::new("export");
    assert_eq!(text_format(path, None, b"{\"a\": 1}\n").unwrap(), Format::JsonLines);
    assert_eq!(text_format(path, None, b"{a,b\n").unwrap(), Format::Delimited);
    assert!(text_format(path, Some(Format::Delimited), b"{\"a\": 1}\n").is_err());
}
