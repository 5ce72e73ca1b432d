//! What is in a zip file before anything of it is believed: which kind of document it is, its inflated
//! size by its directory and in fact, checksums, and texts too long to hold. It reads no cells.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;

use super::bytes;
use crate::config::Input;
use crate::error::{Error, Result};
use crate::observe::check_interrupt;

/// The shared texts of a workbook are held in memory, so their XML has a limit of its own.
const MAX_SHARED_STRINGS: u64 = 512_000_000;
const SHARED_STRINGS: &str = "sharedstrings.xml";

/// What a zip file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Package {
    /// An Excel workbook in XML.
    Workbook,
    /// An Excel workbook in binary parts (`.xlsb`).
    BinaryWorkbook,
    /// An OpenDocument spreadsheet.
    OpenDocument,
    /// A Word or PowerPoint document.
    Document,
    /// Files that were packed together.
    Archive,
}

fn damaged(path: &Path) -> Error {
    Error::data(
        "is not a whole workbook: it is truncated or damaged",
        path.display().to_string(),
        "Copy or export it again, or open it in Excel and save it.",
    )
}

fn archive(path: &Path) -> Result<ZipArchive<BufReader<File>>> {
    let (file, _) = bytes::open(path)?;
    ZipArchive::new(BufReader::new(file)).map_err(|_| damaged(path))
}

/// Looks at the names in a zip file.
///
/// # Errors
/// `Data` if its directory, which stands at the end, is missing.
pub(super) fn kind(path: &Path) -> Result<Package> {
    let zip = archive(path)?;
    let names: Vec<&[u8]> = zip.file_names_raw().collect();
    let has = |name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name.as_bytes()));
    let under = |folder: &str| names.iter().any(|n| n.starts_with(folder.as_bytes()));
    Ok(if has("xl/workbook.bin") {
        Package::BinaryWorkbook
    } else if under("xl/") {
        Package::Workbook
    } else if has("mimetype") && has("content.xml") {
        Package::OpenDocument
    } else if has("[Content_Types].xml") {
        Package::Document
    } else {
        Package::Archive
    })
}

/// Inflates every part of a workbook once, keeping none of it, so that reading can trust it.
///
/// # Errors
/// `Data` if it inflates beyond the limit, by its directory or in fact; if a part is damaged or
/// encrypted; if a single text is longer than a row may be.
pub(super) fn check(path: &Path, input: &Input) -> Result<()> {
    let limit = input.max_inflated_bytes;
    let mut zip = archive(path)?;
    let mut declared: u64 = 0;
    for i in 0..zip.len() {
        let part = zip.by_index_raw(i).map_err(|_| damaged(path))?;
        declared = declared.saturating_add(part.size());
        if part.encrypted() {
            return Err(super::detect::password(path));
        }
    }
    if declared > limit {
        return Err(bytes::too_large(path, limit));
    }
    let mut inflated = 0;
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).map_err(|_| damaged(path))?;
        let name = part.name().map(|n| n.to_ascii_lowercase()).unwrap_or_default();
        let shared = name.ends_with(SHARED_STRINGS);
        let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
        let mut scan =
            Scan { path, left: limit - inflated, seen: 0, shared, run: 0, max_run: input.max_record_bytes };
        if is_xml {
            scan.part(&mut part, limit)?;
            inflated += scan.seen;
        }
    }
    Ok(())
}

/// One part of the package, while it is inflated.
struct Scan<'a> {
    path: &'a Path,
    left: u64,
    seen: u64,
    shared: bool,
    run: u64,
    max_run: u64,
}

impl Scan<'_> {
    fn part(&mut self, part: &mut impl Read, limit: u64) -> Result<()> {
        let mut buf = vec![0; 1 << 16];
        loop {
            let n = part.read(&mut buf).map_err(|_| damaged(self.path))?;
            let piece = buf.get(..n).unwrap_or_default();
            if n == 0 {
                return Ok(());
            }
            check_interrupt()?;
            if self.seen == 0 && self.shared && claims_too_many(piece) {
                return Err(damaged(self.path));
            }
            self.seen += n as u64;
            if self.seen > self.left {
                return Err(bytes::too_large(self.path, limit));
            }
            if self.shared && self.seen > MAX_SHARED_STRINGS {
                return Err(too_many_texts(self.path));
            }
            self.longest_text(piece)?;
        }
    }

    /// A text or tag that goes on for longer than a row may be would be held whole.
    fn longest_text(&mut self, piece: &[u8]) -> Result<()> {
        let mut parts = piece.split(|&b| b == b'<');
        self.run += parts.next().map_or(0, <[u8]>::len) as u64;
        let mut longest = self.run;
        for part in parts {
            self.run = part.len() as u64;
            longest = longest.max(self.run);
        }
        if longest > self.max_run {
            return Err(Error::data(
                format!("has a cell longer than {} MB", self.max_run.div_ceil(1_000_000)),
                self.path.display().to_string(),
                "If cells are really so long, raise [input] max_record_mb.",
            ));
        }
        Ok(())
    }
}

/// Whether the shared texts announce more of themselves than any workbook can hold.
fn claims_too_many(head: &[u8]) -> bool {
    const ATTRIBUTE: &[u8] = b"uniqueCount=";
    let Some(at) = head.windows(ATTRIBUTE.len()).position(|w| w == ATTRIBUTE) else { return false };
    let digits = head.iter().skip(at + ATTRIBUTE.len() + 1).take_while(|b| b.is_ascii_digit()).count();
    digits > 9
}

fn too_many_texts(path: &Path) -> Error {
    Error::data(
        format!(
            "holds more than {} MB of texts, too many for a workbook to be read",
            MAX_SHARED_STRINGS / 1_000_000
        ),
        path.display().to_string(),
        "Export it as CSV instead; it is read in far less memory.",
    )
}

/// A failure while cells are read, said without anything of them.
pub(super) fn broken_cells(path: &Path, row: u64) -> Error {
    Error::data(
        "is damaged: its cells cannot be read from here on",
        format!("{}, row {row}", path.display()),
        "Open it in Excel and save it again, or export it as CSV.",
    )
}

/// The error for a file that cannot be opened as a workbook.
pub(super) fn no_workbook(path: &Path) -> Error {
    damaged(path)
}
