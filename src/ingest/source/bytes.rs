//! A file's bytes: opening, hashing, decompression, and one pass over the whole of it that learns what
//! decoding must know. Owns the limit on inflated size; it knows nothing of rows.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::observe::check_interrupt;

/// How much of the text is kept for finding out its form.
const SAMPLE: usize = 1 << 20;
const CHUNK: usize = 1 << 18;

/// How a text file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    /// The name in the manifest.
    pub(super) fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }
}

/// Counts what was read, for progress.
pub(super) struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    /// Adds everything that is read to `count`.
    pub(super) fn new(inner: R, count: Arc<AtomicU64>) -> Self {
        Counted { inner, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl<R: io::Seek> io::Seek for Counted<R> {
    fn seek(&mut self, pos: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(pos)
    }
}

/// Hashes what passes through.
struct Hashing<R> {
    inner: R,
    sha: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.sha.update(buf.get(..n).unwrap_or_default());
        Ok(n)
    }
}

impl<R: Read> Hashing<R> {
    fn new(inner: R) -> Self {
        Hashing { inner, sha: Sha256::new() }
    }

    /// Reads what is left and gives the hash of everything, in hexadecimal.
    fn finish(mut self) -> io::Result<String> {
        let mut buf = vec![0; CHUNK];
        while self.read(&mut buf)? > 0 {}
        Ok(self.sha.finalize().iter().map(|b| format!("{b:02x}")).collect())
    }
}

/// Opens a file that is to be read; a folder or a pipe is none.
pub(super) fn open(path: &Path) -> Result<(File, u64)> {
    let meta = std::fs::metadata(path).map_err(|e| Error::io("read the export", path, &e))?;
    if !meta.is_file() {
        let (what, remedy) = if meta.is_dir() {
            ("is a folder, not a file", "Name the export files in it, for instance FOLDER/*.csv.")
        } else {
            ("is not an ordinary file", "Exports are read twice; save it as a file first.")
        };
        return Err(Error::environment(what, path.display().to_string(), remedy));
    }
    let file = File::open(path).map_err(|e| Error::io("open the export", path, &e))?;
    if meta.len() == 0 {
        return Err(empty(path));
    }
    Ok((file, meta.len()))
}

/// The error for a file without anything in it.
pub(super) fn empty(path: &Path) -> Error {
    Error::data(
        "is empty",
        path.display().to_string(),
        "Export it again; the download may have been interrupted.",
    )
}

/// The SHA-256 of a whole file, in hexadecimal.
pub(super) fn sha256(path: &Path) -> Result<String> {
    let (file, _) = open(path)?;
    Hashing::new(file).finish().map_err(|e| failed(path, None, &e))
}

/// Undoes the compression while reading.
pub(super) fn inflate<'a, R: Read + Send + 'a>(
    raw: R,
    how: Option<Compression>,
) -> io::Result<Box<dyn Read + Send + 'a>> {
    Ok(match how {
        None => Box::new(raw),
        Some(Compression::Gzip) => Box::new(flate2::read::MultiGzDecoder::new(raw)),
        Some(Compression::Zstd) => Box::new(zstd::stream::read::Decoder::new(raw)?),
    })
}

/// What a failure to read means: the disk's fault, or a damaged file.
pub(super) fn failed(path: &Path, how: Option<Compression>, e: &io::Error) -> Error {
    match how {
        Some(c) if e.raw_os_error().is_none() => Error::data(
            format!("is truncated or damaged: its {} compression cannot be undone to the end", c.name()),
            path.display().to_string(),
            "Copy or export it again.",
        ),
        _ => Error::io("read the export", path, e),
    }
}

/// What one pass over a text file found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// SHA-256 of the file on disk, in hexadecimal.
    pub sha256: String,
    /// Bytes of text, decompressed.
    pub inflated: u64,
    /// The beginning of the text.
    pub sample: Vec<u8>,
    /// Characters of two bytes or more, if the text is UTF-8.
    pub sequences: u64,
    /// Bytes that UTF-8 does not allow.
    pub invalid: u64,
    /// The line of the first NUL byte, if the text has one byte a character.
    pub nul_line: Option<u64>,
}

/// A survey under way.
#[derive(Default)]
struct Scan {
    found: Survey,
    /// A sequence that the next chunk may finish.
    carry: Vec<u8>,
    newlines: u64,
}

/// Passes over the whole file. `limit` is on what a compressed file inflates to.
pub(super) fn survey(path: &Path, how: Option<Compression>, limit: u64) -> Result<Survey> {
    let (file, _) = open(path)?;
    let mut raw = Hashing::new(file);
    let mut scan = Scan::default();
    let read = |e: io::Error| failed(path, how, &e);
    {
        let mut text = inflate(&mut raw, how).map_err(read)?;
        let mut buf = vec![0; CHUNK];
        loop {
            let n = text.read(&mut buf).map_err(read)?;
            if n == 0 {
                break;
            }
            check_interrupt()?;
            scan.take(buf.get(..n).unwrap_or_default());
            if how.is_some() && scan.found.inflated > limit {
                return Err(too_large(path, limit));
            }
        }
    }
    let mut found = scan.finish();
    found.sha256 = raw.finish().map_err(|e| failed(path, None, &e))?;
    Ok(found)
}

/// The error for what grows beyond the limit.
pub(super) fn too_large(path: &Path, limit: u64) -> Error {
    Error::data(
        format!("inflates to more than {} MB", limit / 1_000_000),
        path.display().to_string(),
        "Raise [input] max_inflated_mb if the file is really so large.",
    )
}

impl Scan {
    fn take(&mut self, chunk: &[u8]) {
        self.found.inflated += chunk.len() as u64;
        let room = SAMPLE.saturating_sub(self.found.sample.len()).min(chunk.len());
        self.found.sample.extend_from_slice(chunk.get(..room).unwrap_or_default());
        self.find_nul(chunk);
        if self.carry.is_empty() {
            self.count_utf8(chunk);
        } else {
            let mut joined = std::mem::take(&mut self.carry);
            let head = chunk.len().min(4);
            joined.extend_from_slice(chunk.get(..head).unwrap_or_default());
            self.count_utf8(&joined);
            let mut rest = std::mem::take(&mut self.carry);
            rest.extend_from_slice(chunk.get(head..).unwrap_or_default());
            self.count_utf8(&rest);
        }
    }

    fn find_nul(&mut self, chunk: &[u8]) {
        if self.found.nul_line.is_some() {
            return;
        }
        let before = chunk.iter().position(|&b| b == 0);
        let lines = chunk.iter().take(before.unwrap_or(chunk.len())).filter(|&&b| b == b'\n').count();
        self.newlines += lines as u64;
        self.found.nul_line = before.map(|_| self.newlines + 1);
    }

    fn finish(mut self) -> Survey {
        self.found.invalid += self.carry.len() as u64;
        self.found
    }

    /// Counts sequences and invalid bytes; keeps an unfinished sequence for the next chunk.
    fn count_utf8(&mut self, mut bytes: &[u8]) {
        loop {
            let (valid, rest) = match std::str::from_utf8(bytes) {
                Ok(_) => (bytes, None),
                Err(e) => {
                    let (valid, rest) = bytes.split_at(e.valid_up_to());
                    (valid, Some((rest, e.error_len())))
                }
            };
            self.found.sequences += valid.iter().filter(|&&b| b >= 0xC0).count() as u64;
            match rest {
                None => return,
                Some((rest, None)) => {
                    self.carry.extend_from_slice(rest);
                    return;
                }
                Some((rest, Some(n))) => {
                    self.found.invalid += n as u64;
                    bytes = rest.get(n..).unwrap_or_default();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(chunks: &[&[u8]]) -> Survey {
        let mut scan = Scan::default();
        chunks.iter().for_each(|c| scan.take(c));
        scan.finish()
    }

    #[test]
    fn utf8_is_counted_across_chunks() {
        let text = "Zo\u{eb} \u{1f600} caf\u{e9}".as_bytes();
        for cut in 0..text.len() {
            let (a, b) = text.split_at(cut);
            let s = over(&[a, b]);
            assert_eq!((s.sequences, s.invalid), (3, 0), "cut at {cut}");
        }
        let one_by_one: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(over(&one_by_one).sequences, 3);
        let s = over(&[b"caf\xe9 Zo\xeb \xe2\x80", b"x\xf0\x9f"]);
        assert_eq!((s.sequences, s.invalid), (0, 6));
    }

    #[test]
    fn the_first_nul_has_its_line() {
        assert_eq!(over(&[b"a\nb\n", b"c\nd\0\n\0"]).nul_line, Some(4));
        assert_eq!(over(&[b"a\nb\n"]).nul_line, None);
    }
}
