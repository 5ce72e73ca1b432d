//! A model's folder: its files, checked before anything is loaded. Owns the names of the files, the
//! checksums and the form of labels.json; it runs nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::external;
use crate::error::{Error, Result};

const SUMS: &str = "SHA256SUMS";
const MODEL: &str = "model.onnx";
const TOKENIZER: &str = "tokenizer.json";
const LABELS: &str = "labels.json";

/// A larger model is surely not a small sentence encoder; protobuf itself ends at 2 GiB.
const LARGEST: u64 = 2 << 30;

/// A model's files, checked.
pub struct Bundle {
    /// The folder.
    pub folder: PathBuf,
    /// model.onnx.
    pub onnx: Vec<u8>,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// tokenizer.json.
    pub tokenizer: String,
    /// labels.json.
    pub labels: Labels,
}

/// labels.json: what the columns of the outputs mean and when a label is decided.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Labels {
    /// The model's version, printed in the manifest.
    pub version: String,
    /// Most tokens of a window, with the special ones.
    pub max_tokens: usize,
    /// The token that fills up a batch.
    pub pad_token_id: u32,
    /// The columns of `theme_logits`.
    pub themes: Vec<Label>,
    /// The columns of `concern_logits`.
    #[serde(default)]
    pub concerns: Vec<Label>,
}

/// A column: the probability is `sigmoid(scale * logit + bias)` (Platt scaling), and the label is
/// decided where it is at least `threshold`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Label {
    /// The codebook's id.
    pub id: String,
    /// Between 0 and 1.
    pub threshold: f32,
    /// Above 0.
    #[serde(default = "one")]
    pub scale: f32,
    /// Added after scaling.
    #[serde(default)]
    pub bias: f32,
}

fn one() -> f32 {
    1.0
}

impl Bundle {
    /// Reads and checks a model's folder.
    ///
    /// # Errors
    /// `Environment`, with the file and what to do: a file that is missing or cannot be read, a
    /// checksum that differs, an ONNX file that SHA256SUMS does not list, a model that keeps data in
    /// another file, a labels.json that makes no sense.
    pub fn open(folder: &Path) -> Result<Bundle> {
        let sums = checksums(folder)?;
        for name in [MODEL, TOKENIZER, LABELS] {
            if !sums.contains_key(name) {
                return Err(refuse(folder, SUMS, format!("does not list {name}")));
            }
        }
        no_stranger(folder, &sums)?;
        let mut files = BTreeMap::new();
        for (name, sum) in &sums {
            let bytes = read(folder, name)?;
            if hex(&bytes) != *sum {
                return Err(refuse(
                    folder,
                    name,
                    "is not the file that SHA256SUMS lists (its checksum differs)",
                ));
            }
            files.insert(name.as_str(), bytes);
        }
        let mut take = |name: &str| files.remove(name).unwrap_or_default();
        let (onnx, tokenizer, labels) = (take(MODEL), take(TOKENIZER), take(LABELS));
        external::check(&onnx).map_err(|why| refuse(folder, MODEL, why))?;
        Ok(Bundle {
            folder: folder.to_path_buf(),
            sha256: sums.get(MODEL).cloned().unwrap_or_default(),
            onnx,
            tokenizer: text(folder, TOKENIZER, tokenizer)?,
            labels: parse_labels(folder, &text(folder, LABELS, labels)?)?,
        })
    }

    /// An error about one of its files.
    pub fn refuse(&self, name: &str, what: impl Into<String>) -> Error {
        refuse(&self.folder, name, what)
    }

    /// The folder's own name, without the folders above it.
    pub fn name(&self) -> String {
        let absolute = self.folder.canonicalize().unwrap_or_else(|_| self.folder.clone());
        absolute.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

fn refuse(folder: &Path, name: &str, what: impl Into<String>) -> Error {
    Error::environment(
        what,
        folder.join(name).display().to_string(),
        "Restore the model's folder as it came (for instance with git checkout), or name another with --model.",
    )
}

/// SHA256SUMS: file name to checksum.
fn checksums(folder: &Path) -> Result<BTreeMap<String, String>> {
    let text = text(folder, SUMS, read(folder, SUMS)?)?;
    let mut sums = BTreeMap::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let Some((sum, name)) = line.split_once([' ', '\t']) else {
            return Err(refuse(folder, SUMS, "has a line that is not `checksum  name`"));
        };
        let name = name.trim_start_matches([' ', '\t', '*']).trim_end();
        let hex = sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit());
        if !hex || name.is_empty() || name == SUMS || name.starts_with('.') || name.contains(['/', '\\', ':'])
        {
            return Err(refuse(
                folder,
                SUMS,
                "has a line that is not `checksum  name` of a file in this folder",
            ));
        }
        if sums.insert(name.to_string(), sum.to_ascii_lowercase()).is_some() {
            return Err(refuse(folder, SUMS, format!("lists {name} twice")));
        }
    }
    Ok(sums)
}

/// Every ONNX file of the folder must be listed: one that is not was put there by someone else.
fn no_stranger(folder: &Path, sums: &BTreeMap<String, String>) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(|e| Error::io("read the model's folder", folder, &e))?;
    let mut names: Vec<String> =
        entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let is_model = |n: &String| {
        let lower = n.to_ascii_lowercase();
        lower.contains(".onnx") || lower.ends_with(".ort")
    };
    match names.iter().find(|n| is_model(n) && !sums.contains_key(*n)) {
        None => Ok(()),
        Some(name) => Err(refuse(folder, name, "is an ONNX file that SHA256SUMS does not list")),
    }
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>> {
    let path = folder.join(name);
    let failed = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => refuse(folder, name, "is missing"),
        _ => Error::io("read the model", &path, &e),
    };
    let size = fs::metadata(&path).map_err(failed)?;
    if size.is_file() && size.len() > LARGEST {
        return Err(refuse(folder, name, "is larger than 2 GiB"));
    }
    fs::read(&path).map_err(failed)
}

fn text(folder: &Path, name: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| refuse(folder, name, "is not UTF-8 text"))
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

fn parse_labels(folder: &Path, text: &str) -> Result<Labels> {
    let wrong = |what: String| refuse(folder, LABELS, what);
    let labels: Labels =
        serde_json::from_str(text).map_err(|e| wrong(format!("is not what it should be: {e}")))?;
    if !(8..=8192).contains(&labels.max_tokens) {
        return Err(wrong("has a max_tokens that is not between 8 and 8192".to_string()));
    }
    let mut seen = std::collections::HashSet::new();
    for label in labels.themes.iter().chain(&labels.concerns) {
        let sound = (0.0..=1.0).contains(&label.threshold) && label.scale > 0.0 && label.scale.is_finite();
        if !sound || !label.bias.is_finite() {
            return Err(wrong(format!("has a threshold, scale or bias of {} that makes no sense", label.id)));
        }
        if !seen.insert(&label.id) {
            return Err(wrong(format!("has {} twice", label.id)));
        }
    }
    Ok(labels)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The committed model of a few kilobytes.
    pub(crate) fn tiny() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny_model")
    }

    /// A copy of it that a test may change.
    pub(crate) fn copy() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(tiny()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
        }
        dir
    }

    /// Writes SHA256SUMS anew.
    pub(crate) fn seal(folder: &Path) {
        let lines: String = [MODEL, TOKENIZER, LABELS]
            .iter()
            .map(|n| format!("{}  {n}\n", hex(&fs::read(folder.join(n)).unwrap())))
            .collect();
        fs::write(folder.join(SUMS), lines).unwrap();
    }

    #[track_caller]
    fn refused(folder: &Path, file: &str, why: &str) {
        let error = Bundle::open(folder).err().expect("is refused");
        let text = error.to_string();
        assert_eq!(error.exit_code(), 4, "{text}");
        assert!(text.contains(file) && text.contains(why), "{text}");
    }

    #[test]
    fn a_whole_folder_is_taken() {
        let bundle = Bundle::open(&tiny()).unwrap();
        assert_eq!(bundle.name(), "tiny_model");
        assert_eq!(bundle.sha256.len(), 64);
        assert!(!bundle.labels.themes.is_empty());
    }

    #[test]
    fn a_changed_file_is_refused() {
        for file in [MODEL, TOKENIZER, LABELS] {
            let dir = copy();
            let mut bytes = fs::read(dir.path().join(file)).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(dir.path().join(file), bytes).unwrap();
            refused(dir.path(), file, "checksum differs");
        }
    }

    #[test]
    fn a_missing_file_is_refused() {
        for file in [MODEL, TOKENIZER, LABELS, SUMS] {
            let dir = copy();
            fs::remove_file(dir.path().join(file)).unwrap();
            refused(dir.path(), file, "is missing");
        }
        let dir = copy();
        fs::write(dir.path().join(SUMS), "").unwrap();
        refused(dir.path(), SUMS, "does not list model.onnx");
    }

    #[test]
    fn an_unlisted_onnx_file_is_refused() {
        for stranger in ["other.onnx", "model.onnx.data", "MODEL2.ONNX", "model.ort"] {
            let dir = copy();
            fs::write(dir.path().join(stranger), "x").unwrap();
            refused(dir.path(), stranger, "does not list");
        }
        let dir = copy();
        fs::write(dir.path().join("README.md"), "x").unwrap();
        assert!(Bundle::open(dir.path()).is_ok());
    }

    #[test]
    fn external_data_is_refused_even_with_the_right_checksum() {
        let dir = copy();
        let mut onnx = fs::read(dir.path().join(MODEL)).unwrap();
        onnx.extend([7 << 3 | 2, 4, 5 << 3 | 2, 2, 14 << 3, 1]);
        fs::write(dir.path().join(MODEL), onnx).unwrap();
        seal(dir.path());
        refused(dir.path(), MODEL, "external data");
    }

    #[test]
    fn checksums_name_files_of_the_folder_alone() {
        let good = fs::read_to_string(tiny().join(SUMS)).unwrap();
        for line in ["00  x", "nonsense", &format!("{:064}  ../model.onnx", 0), &format!("{:064}  ", 0)] {
            let dir = copy();
            fs::write(dir.path().join(SUMS), format!("{good}{line}\n")).unwrap();
            refused(dir.path(), SUMS, "checksum  name");
        }
    }

    #[test]
    fn labels_that_make_no_sense_are_refused() {
        let good = fs::read_to_string(tiny().join(LABELS)).unwrap();
        for (from, to, why) in [
            ("\"threshold\": 0.5", "\"threshold\": 1.5", "makes no sense"),
            ("\"max_tokens\": 16", "\"max_tokens\": 0", "max_tokens"),
            ("\"themes\"", "\"topics\"", "themes"),
            ("\"id\": \"bullying\"", "\"id\": \"housing\"", "twice"),
        ] {
            let dir = copy();
            assert!(good.contains(from), "{from}");
            fs::write(dir.path().join(LABELS), good.replacen(from, to, 1)).unwrap();
            seal(dir.path());
            refused(dir.path(), LABELS, why);
        }
    }
}
