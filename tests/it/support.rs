//! A private folder a test, and the binary run in it.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The project's folder.
pub const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

/// A private folder.
pub struct Sandbox {
    dir: TempDir,
}

/// What a run of the binary left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Sandbox {
    pub fn new() -> Self {
        Sandbox { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).unwrap();
        }
        fs::write(&path, content).unwrap();
        path
    }

    /// The binary with this folder as its current one, and none of the caller's settings.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bigask"));
        command.args(args).current_dir(self.dir.path()).stdin(Stdio::null());
        for name in ["BIGASK_THREADS", "BIGASK_CONFIG"] {
            command.env_remove(name);
        }
        // The binary may have been built outside the project's folder.
        command.env("BIGASK_MODEL", Path::new(PROJECT).join("models/themes"));
        let runtime = Path::new(PROJECT).join(".runtime");
        if std::env::var_os("ORT_DYLIB_PATH").is_none() && runtime.is_dir() {
            command.env("ORT_DYLIB_PATH", runtime);
        }
        command
    }

    pub fn bigask<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Ran {
        ran(self.command(args).output().unwrap())
    }

    pub fn bigask_with_input<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>, input: &str) -> Ran {
        let mut command = self.command(args);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        ran(child.wait_with_output().unwrap())
    }
}

pub fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    /// Fails the test unless the run succeeded.
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// A consultation without free text: needs no model.
pub const CLOSED_TOML: &str = r#"
[survey]
name = "A test"
respondent_id = "id"

[[question]]
id = "home"
kind = "likert"
column = "home"
scale = ["Disagree", "Neither", "Agree"]
nets = { not_disagree = ["Neither", "Agree"] }
missing = ["Don't know"]

[[group]]
id = "care"
column = "care"
levels = { in_care = ["yes"], not_in_care = ["no"] }

[breakdown]
tables = [["care"]]
"#;

/// A consultation with one free-text question.
pub const TEXT_TOML: &str = r#"
[survey]
name = "A test"
respondent_id = "id"

[[question]]
id = "better"
kind = "text"
column = "better"

[[group]]
id = "care"
column = "care"
levels = { in_care = ["yes"], not_in_care = ["no"] }

[breakdown]
tables = [["care"]]
"#;

/// The first `rows` respondents of the fixture's export, with its configuration.
pub fn fixture_slice(sandbox: &Sandbox, rows: usize) -> (PathBuf, PathBuf) {
    let folder = Path::new(PROJECT).join("fixtures/big_ambition");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(folder.join("export.csv"))
        .unwrap();
    let mut writer = csv::Writer::from_path(sandbox.path("export.csv")).unwrap();
    for record in reader.byte_records().take(rows + 3) {
        writer.write_byte_record(&record.unwrap()).unwrap();
    }
    writer.flush().unwrap();
    fs::copy(folder.join("pipeline.toml"), sandbox.path("pipeline.toml")).unwrap();
    (sandbox.path("pipeline.toml"), sandbox.path("export.csv"))
}

/// Every file below a folder, relative names, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(dir) = folders.pop() {
        for entry in fs::read_dir(&dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_path_buf());
            }
        }
    }
    found.sort();
    found
}
