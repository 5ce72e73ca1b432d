//! What a file is: by the end of its name, checked against how it begins. Owns the refusals of files
//! that are no export, each with what to export instead; it reads no rows.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::bytes::{self, Compression};
use super::package::{self, Package};
use crate::error::{Error, Result};
use crate::ingest::Format;

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// The format; `None`: text, delimited or JSON Lines, whichever its first character says.
    pub format: Option<Format>,
    /// How it is compressed.
    pub compression: Option<Compression>,
}

/// What is refused: ends of names, a beginning (empty: none), what it is, what to do.
const REFUSED: &[(&[&str], &[u8], &str, &str)] = &[
    (
        &["sav", "zsav", "por"],
        b"$FL",
        "is an SPSS file",
        "Export or save it as CSV instead (in SPSS: File > Save As > CSV, with value labels).",
    ),
    (&["dta"], b"<stata_dta>", "is a Stata file", "Write it as CSV instead (in Stata: export delimited)."),
    (
        &["sas7bdat", "xpt"],
        b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60",
        "is a SAS file",
        "Write it as CSV instead (PROC EXPORT).",
    ),
    (
        &["rds", "rdata", "rda"],
        b"RDX",
        "is an R data file",
        "Write it as CSV or Parquet instead (write.csv, arrow::write_parquet).",
    ),
    (
        &["ods", "numbers", "xlsb"],
        b"",
        "is a spreadsheet that is not read",
        "Save it as .xlsx or CSV instead.",
    ),
    (&["pdf"], b"%PDF", "is a PDF", "Export the responses as CSV or XLSX."),
    (
        &["doc", "docx", "ppt", "pptx", "rtf"],
        b"{\\rtf",
        "is a document, not an export",
        "Export the responses as CSV or XLSX.",
    ),
    (
        &["htm", "html"],
        b"<!DOCTYPE",
        "is a web page",
        "Export the responses as CSV or XLSX; a download that needs a login saves the login page instead.",
    ),
    (
        &["htm", "html"],
        b"<html",
        "is a web page",
        "Export the responses as CSV or XLSX; a download that needs a login saves the login page instead.",
    ),
    (&["xml"], b"<?xml", "is XML", "Export the responses as CSV or XLSX."),
    (
        &["qsf"],
        b"{\"SurveyEntry\"",
        "is a Qualtrics questionnaire, not its responses",
        "In Qualtrics choose Data & Analysis > Export & Import > Export Data > CSV.",
    ),
    (
        &["lss", "lsg", "lsq"],
        b"",
        "is a LimeSurvey questionnaire, not its responses",
        "In LimeSurvey choose Responses > Export > Export responses > CSV.",
    ),
    (&["7z"], b"7z\xbc\xaf", "is an archive", "Unpack it first, and name the files in it."),
    (&["rar"], b"Rar!", "is an archive", "Unpack it first, and name the files in it."),
    (&["bz2"], b"BZh", "is compressed with bzip2", "Decompress it, or compress it with gzip or zstd."),
    (&["xz"], b"\xfd7zXZ", "is compressed with xz", "Decompress it, or compress it with gzip or zstd."),
    (&["feather", "arrow"], b"ARROW1", "is an Arrow file", "Write it as Parquet or CSV."),
    (&["db", "sqlite"], b"SQLite format 3", "is a database", "Write the responses as CSV or Parquet."),
    (&["tar", "tgz"], b"", "is an archive", "Unpack it first, and name the files in it."),
];

const TEXT: &[&str] = &["csv", "tsv", "tab", "txt", "psv", "dat", "asc"];
const LINES: &[&str] = &["jsonl", "ndjson", "json"];
const BOOKS: &[&str] = &["xlsx", "xlsm", "xltx"];
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Says how a file is to be read.
///
/// # Errors
/// `Data` for a file that is no export, or not what its name says; `Environment` if it cannot be opened.
pub(super) fn kind(path: &Path) -> Result<Kind> {
    let (mut file, _) = bytes::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(512).read_to_end(&mut head).map_err(|e| bytes::failed(path, None, &e))?;
    let (end, compression) = ends(path);
    let found = compression_of(&head);
    if let (Some(found), None, false) = (found, compression, is_refused(&end)) {
        return Err(misnamed(path, &format!("is compressed with {}", found.name()), suffix(found)));
    }
    refuse(path, &end, &head)?;
    if compression.is_some() {
        return compressed(path, &end, compression, found);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zipped(path, &end);
    }
    if head.starts_with(OLE) {
        return Err(ole(path, &mut file));
    }
    if head.starts_with(b"PAR1") {
        return expect(path, &end, &["parquet", "pq"], Format::Parquet, ".parquet", "a Parquet file");
    }
    if head.starts_with(b"PARE") {
        return Err(refusal(path, "is an encrypted Parquet file", "Write it without encryption."));
    }
    by_name(path, &end)
}

fn is_refused(end: &str) -> bool {
    REFUSED.iter().any(|(ends, ..)| ends.contains(&end))
}

/// The end of a file's name in lower case, without that of a compression, and the compression it names.
fn ends(path: &Path) -> (String, Option<Compression>) {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    let (stem, compression) = if let Some(s) = name.strip_suffix(".gz").or(name.strip_suffix(".gzip")) {
        (s, Some(Compression::Gzip))
    } else if let Some(s) = name.strip_suffix(".zst").or(name.strip_suffix(".zstd")) {
        (s, Some(Compression::Zstd))
    } else {
        (name.as_str(), None)
    };
    (stem.rsplit_once('.').map_or("", |(_, end)| end).to_string(), compression)
}

fn compression_of(head: &[u8]) -> Option<Compression> {
    match head {
        [0x1F, 0x8B, ..] => Some(Compression::Gzip),
        [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Compression::Zstd),
        _ => None,
    }
}

fn suffix(c: Compression) -> &'static str {
    match c {
        Compression::Gzip => ".csv.gz (or .jsonl.gz)",
        Compression::Zstd => ".csv.zst (or .jsonl.zst)",
    }
}

/// Refuses what is known to be no export, by the end of its name or by how it begins.
pub(super) fn refuse(path: &Path, end: &str, head: &[u8]) -> Result<()> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |magic: &[u8]| {
        !magic.is_empty() && text.get(..magic.len()).is_some_and(|t| t.eq_ignore_ascii_case(magic))
    };
    let found = REFUSED
        .iter()
        .find(|(_, magic, ..)| begins(magic))
        .or_else(|| REFUSED.iter().find(|(ends, ..)| ends.contains(&end)));
    match found {
        Some((_, _, what, remedy)) => Err(refusal(path, what, remedy)),
        None => Ok(()),
    }
}

/// Refuses text that turns out, once decompressed, to be something else.
pub(super) fn refuse_inner(path: &Path, head: &[u8]) -> Result<()> {
    refuse(path, "", head)?;
    let packed = [b"PK\x03\x04".as_slice(), b"PAR1", OLE].iter().any(|m| head.starts_with(m));
    if packed || head.get(257..262) == Some(b"ustar") {
        return Err(refusal(
            path,
            "holds a workbook, a Parquet file or an archive inside its compression",
            "Decompress it first; only CSV and JSON Lines are read compressed.",
        ));
    }
    Ok(())
}

fn refusal(path: &Path, what: &str, remedy: &str) -> Error {
    Error::data(what, path.display().to_string(), remedy)
}

fn misnamed(path: &Path, what: &str, end: &str) -> Error {
    refusal(
        path,
        &format!("{what}, which its name does not say"),
        &format!("Rename it so that it ends in {end}."),
    )
}

fn compressed(
    path: &Path,
    end: &str,
    named: Option<Compression>,
    found: Option<Compression>,
) -> Result<Kind> {
    if named != found {
        return Err(refusal(
            path,
            "is not compressed the way its name says, or is damaged",
            "Copy or export it again, or rename it.",
        ));
    }
    if BOOKS.contains(&end) || ["parquet", "pq", "zip"].contains(&end) {
        return Err(refusal(
            path,
            "is a compressed workbook, Parquet file or archive",
            "Decompress it first; only CSV and JSON Lines are read compressed.",
        ));
    }
    Ok(Kind { compression: named, ..by_name(path, end)? })
}

fn zipped(path: &Path, end: &str) -> Result<Kind> {
    let what = match package::kind(path) {
        Ok(package) => package,
        Err(e) if BOOKS.contains(&end) => return Err(e),
        Err(_) => Package::Archive,
    };
    match what {
        Package::Workbook => expect(path, end, BOOKS, Format::Workbook, ".xlsx", "an Excel workbook"),
        Package::BinaryWorkbook | Package::OpenDocument => {
            Err(refusal(path, "is a spreadsheet that is not read", "Save it as .xlsx or CSV instead."))
        }
        Package::Document => {
            Err(refusal(path, "is a document, not an export", "Export the responses as CSV or XLSX."))
        }
        Package::Archive => {
            Err(refusal(path, "is a zip archive", "Unpack it first, and name the files in it."))
        }
    }
}

fn expect(path: &Path, end: &str, ends: &[&str], format: Format, right: &str, what: &str) -> Result<Kind> {
    if !end.is_empty() && !ends.contains(&end) {
        return Err(misnamed(path, &format!("is {what}"), right));
    }
    Ok(Kind { format: Some(format), compression: None })
}

/// Files of this container are old Excel workbooks, or new ones under a password.
fn ole(path: &Path, file: &mut File) -> Error {
    let needle: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut body = Vec::new();
    let whole = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(64 << 20).read_to_end(&mut body));
    if whole.is_ok() && body.windows(needle.len()).any(|w| w == needle) {
        return password(path);
    }
    refusal(
        path,
        "is an old Excel workbook (.xls) or another old Office file",
        "Save it as .xlsx or CSV instead.",
    )
}

/// The error for a workbook under a password.
pub(super) fn password(path: &Path) -> Error {
    refusal(
        path,
        "is protected by a password",
        "Open it in Excel and save it without one (File > Info > Protect Workbook > Encrypt with Password), or export CSV.",
    )
}

fn by_name(path: &Path, end: &str) -> Result<Kind> {
    let whole = |what: &str| {
        refusal(
            path,
            &format!("is not {what}, though its name says so"),
            "It may be truncated or damaged: export it again. If it is text, rename it to .csv.",
        )
    };
    let format = match end {
        e if TEXT.contains(&e) => Some(Format::Delimited),
        e if LINES.contains(&e) => Some(Format::JsonLines),
        e if BOOKS.contains(&e) || e == "xls" => return Err(whole("an Excel workbook")),
        "parquet" | "pq" => return Err(whole("a Parquet file")),
        "zip" => return Err(whole("a zip archive")),
        _ => None,
    };
    Ok(Kind { format, compression: None })
}

/// Whether text is delimited or JSON Lines, by its name or else by its first character.
pub(super) fn text_format(path: &Path, named: Option<Format>, text: &[u8]) -> Result<Format> {
    let line = text.trim_ascii_start().split(|&b| b == b'\n').next().unwrap_or_default();
    let object = line.starts_with(b"{")
        && serde_json::from_slice::<serde_json::Value>(line).is_ok_and(|value| value.is_object());
    match named {
        Some(Format::Delimited) if object => Err(misnamed(path, "is JSON Lines", ".jsonl")),
        Some(format) => Ok(format),
        None if object => Ok(Format::JsonLines),
        None => Ok(Format::Delimited),
    }
}

#[cfg(test)]
mod tests;
