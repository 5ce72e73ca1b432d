//! What the benches read: a synthetic consultation, as each stage gets it from the one before. Owns
//! the data; it measures nothing.
#![allow(dead_code, reason = "each bench needs some of it")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot make its data has nothing to do")]

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, Sink};
use std::path::PathBuf;

use bigask::classify::{Codebook, CodedText, Record, Scores};
use bigask::config::{self, Plan};
use bigask::generate::{Options, config_toml, generate};
use bigask::ingest::{Reader, Respondent, Shown};
use bigask::redact::{self, Redacted, RedactedText, Redactor};

/// Respondents, where a bench has no reason for another number.
pub const ROWS: u64 = 20_000;

/// An export on disk and the plan that fits it.
pub struct Consultation {
    /// How it was made.
    pub options: Options,
    /// Its plan.
    pub plan: Plan,
    /// The codebook.
    pub codebook: Codebook,
    /// The export.
    pub files: Vec<PathBuf>,
    _folder: tempfile::TempDir,
}

impl Consultation {
    /// Generates one: the same for the same number of rows.
    pub fn new(rows: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { rows, seed: 7, texts: 1, ..Options::default() };
        let path = folder.path().join("export.csv");
        let mut file = BufWriter::new(File::create(&path).unwrap());
        generate(&options, &mut file, None::<&mut Sink>).unwrap();
        let plan = config::parse(&config_toml(&options), "generated").unwrap();
        let codebook = Codebook::load(None).unwrap();
        Consultation { options, plan, codebook, files: vec![path], _folder: folder }
    }

    /// All respondents, as `ingest` reads them.
    pub fn respondents(&self) -> Vec<Respondent> {
        let reader = Reader::open(&self.plan, &self.files).unwrap();
        reader.flat_map(|block| block.unwrap().respondents).collect()
    }

    /// The redactor of the plan.
    pub fn redactor(&self) -> Redactor {
        Redactor::new(&self.plan.redact.keep, &self.plan.redact.always).unwrap()
    }

    /// All respondents, redacted.
    pub fn redacted(&self) -> Vec<Redacted> {
        redact::block(&self.redactor(), self.respondents())
    }

    /// All respondents with one or two themes each that their words decide by chance: what comes
    /// after `classify` does not care which, and needs no model.
    pub fn records(&self) -> Vec<Record> {
        self.redacted().into_iter().map(|r| self.record(r)).collect()
    }

    fn record(&self, r: Redacted) -> Record {
        let asked = r.texts.iter().map(|t| !matches!(t, Shown::NotShown)).collect();
        let coded = |t| match t {
            Shown::Answered(text) => Some(self.coded(text)),
            Shown::NotShown | Shown::Skipped => None,
        };
        Record {
            row: r.row,
            id: r.id,
            texts: r.texts.into_iter().map(coded).collect(),
            asked,
            closed: r.closed,
        }
    }

    fn coded(&self, text: RedactedText) -> CodedText {
        let mut hasher = DefaultHasher::new();
        text.as_str().hash(&mut hasher);
        let chance = hasher.finish();
        let themes = self.codebook.themes.len() as u64;
        let theme_set = 1 << (chance % themes) | 1 << ((chance >> 32) % themes);
        let score = |i: usize| if theme_set >> i & 1 == 1 { 0.9 } else { 0.1 };
        let scores = Scores {
            themes: (0..self.codebook.themes.len()).map(score).collect(),
            concerns: vec![0.0; self.codebook.concerns.len()].into(),
            theme_set,
            concern_set: 0,
        };
        CodedText { content: text.as_str().len() > 8, text, language: None, duplicate_of: None, scores }
    }
}
