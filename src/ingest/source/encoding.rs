//! The encoding of a text file: declared, marked or detected; and decoding to UTF-8 with every
//! undecodable byte counted. It knows nothing of rows.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::bytes::Survey;
use crate::error::{Error, Result};

/// How a file is decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// Bytes of the byte order mark, to be passed over.
    mark: usize,
    /// Whether the text is UTF-8 without a fault, so that nothing need be done.
    verbatim: bool,
}

/// Chooses the encoding: the declared one, the byte order mark's, UTF-16 by its pattern of NUL bytes,
/// UTF-8 where all or most of what is not ASCII is UTF-8, else Windows-1252.
pub(super) fn choose(path: &Path, declared: Option<&str>, found: &Survey) -> Result<Chosen> {
    let place = path.display().to_string();
    let marked = mark(&found.sample);
    if matches!(found.sample.get(..4), Some([0xFF, 0xFE, 0, 0] | [0, 0, 0xFE, 0xFF])) {
        return Err(Error::data("is UTF-32 text, which is not read", place, "Save it as UTF-8."));
    }
    let encoding = match declared {
        Some(label) => by_label(label, marked).ok_or_else(|| {
            Error::config("names no known encoding", "[input] encoding", "Write \"utf-8\".")
        })?,
        None => marked.or_else(|| utf16_by_nul(&found.sample)).unwrap_or_else(|| by_counts(found)),
    };
    if let (Some(line), true) = (found.nul_line, encoding != UTF_16LE && encoding != UTF_16BE) {
        return Err(Error::data(
            "has a NUL byte: it is damaged, or no text",
            format!("{place}, line {line}"),
            "Export it again; if it is UTF-16, set [input] encoding = \"utf-16le\".",
        ));
    }
    let mark = match marked {
        Some(m) if m == encoding => {
            if m == UTF_8 {
                3
            } else {
                2
            }
        }
        _ => 0,
    };
    Ok(Chosen { encoding, mark, verbatim: encoding == UTF_8 && found.invalid == 0 })
}

fn by_label(label: &str, marked: Option<&'static Encoding>) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label.as_bytes())?;
    let either = label.trim().eq_ignore_ascii_case("utf-16") && marked == Some(UTF_16BE);
    Some(if either { UTF_16BE } else { encoding })
}

fn mark(sample: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_bom(sample).map(|(encoding, _)| encoding)
}

/// UTF-16 text in which every other byte is mostly NUL, as it is where the script is Latin.
fn utf16_by_nul(sample: &[u8]) -> Option<&'static Encoding> {
    let pairs = sample.len().min(1 << 16) / 2;
    let nul = |at: usize| sample.iter().skip(at).step_by(2).take(pairs).filter(|&&b| b == 0).count();
    let (first, second) = (nul(0), nul(1));
    if second * 10 > pairs * 3 && first * 10 < second {
        Some(UTF_16LE)
    } else if first * 10 > pairs * 3 && second * 10 < first {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Windows-1252 text hardly ever looks like UTF-8, so a few broken bytes do not make UTF-8 into it.
fn by_counts(found: &Survey) -> &'static Encoding {
    if found.invalid == 0 || found.sequences > found.invalid { UTF_8 } else { WINDOWS_1252 }
}

/// The beginning of a text as UTF-8; what cannot be decoded is not counted.
pub(super) fn decode_sample(sample: &[u8], chosen: Chosen) -> Vec<u8> {
    let mut text = Vec::with_capacity(sample.len());
    // Reading from memory does not fail.
    let _ = Decoded::new(sample, chosen, Arc::default()).read_to_end(&mut text);
    text
}

/// Text as UTF-8, whatever it was.
pub(super) struct Decoded<R> {
    inner: R,
    chosen: Chosen,
    decoder: Decoder,
    skip: usize,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
    undecodable: Arc<AtomicU64>,
}

impl<R: Read> Decoded<R> {
    /// Decodes `inner`; bytes that cannot be decoded are added to `undecodable`.
    pub(super) fn new(inner: R, chosen: Chosen, undecodable: Arc<AtomicU64>) -> Self {
        Decoded {
            inner,
            chosen,
            decoder: chosen.encoding.new_decoder_without_bom_handling(),
            skip: chosen.mark,
            raw: vec![0; 1 << 16],
            text: Vec::new(),
            at: 0,
            ended: false,
            undecodable,
        }
    }

    /// Passes over the byte order mark.
    fn skip_mark(&mut self) -> io::Result<()> {
        while self.skip > 0 {
            let mut mark = [0; 3];
            let n = self.inner.read(mark.get_mut(..self.skip).unwrap_or_default())?;
            if n == 0 {
                break;
            }
            self.skip -= n;
        }
        self.skip = 0;
        Ok(())
    }

    /// Decodes the next piece into `text`.
    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() && !self.ended {
            let mut raw = std::mem::take(&mut self.raw);
            let n = self.inner.read(&mut raw)?;
            self.ended = n == 0;
            let piece = raw.get(..n).unwrap_or_default();
            if self.chosen.encoding == WINDOWS_1252 {
                self.decode_windows(piece);
            } else {
                self.decode(piece, self.ended);
            }
            self.raw = raw;
        }
        Ok(())
    }

    /// The five bytes that Windows-1252 leaves undefined are no characters.
    fn decode_windows(&mut self, piece: &[u8]) {
        let undefined = |b: &u8| matches!(b, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
        for (i, part) in piece.split(undefined).enumerate() {
            if i > 0 {
                self.replace(1);
            }
            self.decode(part, false);
        }
    }

    fn decode(&mut self, mut piece: &[u8], last: bool) {
        loop {
            let room = self.decoder.max_utf8_buffer_length_without_replacement(piece.len());
            let start = self.text.len();
            self.text.resize(start + room.unwrap_or(piece.len() * 4 + 16), 0);
            let out = self.text.get_mut(start..).unwrap_or_default();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(piece, out, last);
            self.text.truncate(start + written);
            piece = piece.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, _) => self.replace(bad.into()),
            }
        }
    }

    fn replace(&mut self, bytes: u64) {
        self.undecodable.fetch_add(bytes, Ordering::Relaxed);
        self.text.extend_from_slice("\u{fffd}".as_bytes());
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.skip_mark()?;
        if self.chosen.verbatim {
            return self.inner.read(buf);
        }
        if self.at >= self.text.len() {
            self.fill()?;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], declared: Option<&str>, found: Survey) -> (String, u64, &'static str) {
        let found = Survey { sample: bytes.to_vec(), ..found };
        let chosen = choose(Path::new("x.csv"), declared, &found).unwrap();
        let bad = Arc::new(AtomicU64::new(0));
        let mut text = String::new();
        let pieces = OneByOne(bytes);
        Decoded::new(pieces, chosen, bad.clone()).read_to_string(&mut text).unwrap();
        (text, bad.load(Ordering::Relaxed), chosen.encoding.name())
    }

    /// Hands out a byte at a time, so that every boundary is met.
    struct OneByOne<'a>(&'a [u8]);
    impl Read for OneByOne<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let n = self.0.len().min(1).min(buf.len());
            buf[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn utf16_is_known_by_mark_and_by_pattern() {
        let text = "id,answer\n1,Zo\u{eb} \u{1f600}\n";
        for big in [false, true] {
            let name = if big { "UTF-16BE" } else { "UTF-16LE" };
            let plain = utf16(text, big);
            assert_eq!(read(&plain, None, Survey::default()), (text.to_string(), 0, name));
            let marked = [utf16("\u{feff}", big), plain].concat();
            assert_eq!(read(&marked, None, Survey::default()), (text.to_string(), 0, name));
            assert_eq!(read(&marked, Some("utf-16"), Survey::default()).0, text);
        }
    }

    #[test]
    fn the_mark_of_utf8_is_no_text() {
        assert_eq!(read(b"\xef\xbb\xbfid", None, Survey::default()), ("id".to_string(), 0, "UTF-8"));
    }

    #[test]
    fn windows_1252_is_detected_and_its_gaps_are_counted() {
        let found = Survey { invalid: 2, ..Survey::default() };
        let expected = ("caf\u{e9} \u{2019} \u{fffd}x".to_string(), 1, "windows-1252");
        assert_eq!(read(b"caf\xe9 \x92 \x81x", None, found), expected);
    }

    #[test]
    fn a_few_broken_bytes_leave_utf8_what_it_is() {
        let found = Survey { invalid: 3, sequences: 40, ..Survey::default() };
        let (text, bad, name) = read(b"caf\xc3\xa9 \xe2\x80 \xff", None, found);
        assert_eq!((text.as_str(), bad, name), ("caf\u{e9} \u{fffd} \u{fffd}", 3, "UTF-8"));
    }

    #[test]
    fn the_declared_encoding_wins() {
        let found = || Survey { invalid: 1, ..Survey::default() };
        assert_eq!(read(b"caf\xe9", Some("latin1"), found()).0, "caf\u{e9}");
        assert_eq!(read(b"caf\xe9", Some("utf-8"), found()), ("caf\u{fffd}".to_string(), 1, "UTF-8"));
        assert_eq!(read(b"\xcf\xf0", Some("windows-1251"), found()).0, "\u{41f}\u{440}");
    }

    #[test]
    fn a_nul_byte_is_an_error_with_its_line() {
        let found = Survey { nul_line: Some(3), sample: b"a,b\n1,2\n3,\0\n".to_vec(), ..Survey::default() };
        let e = choose(Path::new("x.csv"), None, &found).unwrap_err();
        assert_eq!(e.exit_code(), 3);
        assert!(e.to_string().contains("x.csv, line 3"), "{e}");
        let utf32 = Survey { sample: vec![0xFF, 0xFE, 0, 0, b'a', 0, 0, 0], ..Survey::default() };
        assert!(choose(Path::new("x.csv"), None, &utf32).unwrap_err().to_string().contains("UTF-32"));
    }
}
