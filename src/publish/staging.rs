//! Files that appear under their final names only when whole. Owns temporary names, fsync and
//! renames; it knows nothing of what is written.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Every file a run or a later command may leave under OUT, relative to it.
pub const KNOWN: &[&str] = &[
    "restricted/responses.parquet",
    "restricted/answers.parquet",
    "restricted/concerns.parquet",
    "restricted/rejected.parquet",
    "restricted/breakdown.parquet",
    "release/breakdown.parquet",
    "release/quotes.parquet",
    "release/report.html",
    "release/breakdown.xlsx",
    "manifest.json",
];

const PREFIX: &str = ".bigask-";
const SUFFIX: &str = ".tmp";

/// A set of files that will appear together. Dropped without [`Staging::commit`], it leaves nothing.
#[derive(Debug)]
pub struct Staging {
    out: PathBuf,
    staged: Vec<(PathBuf, PathBuf)>,
}

/// A file being written. Call [`StagedFile::finish`] when it is whole.
#[derive(Debug)]
pub struct StagedFile {
    writer: BufWriter<File>,
    path: PathBuf,
}

impl Staging {
    /// Prepares OUT with `restricted/` (0700) and `release/`, and removes what interrupted runs left.
    ///
    /// # Errors
    /// `Environment` if OUT is a file, or cannot be made or written.
    pub fn new(out: &Path) -> Result<Self> {
        if out.is_file() {
            return Err(Error::environment(
                "is a file, not a folder",
                out.display().to_string(),
                "Name a folder with -o; it is made if it is not there.",
            ));
        }
        for dir in [out.to_path_buf(), out.join("restricted"), out.join("release")] {
            fs::create_dir_all(&dir).map_err(|e| Error::io("make the folder", &dir, &e))?;
            remove_leftovers(&dir);
        }
        private(&out.join("restricted"))?;
        Ok(Staging { out: out.to_path_buf(), staged: Vec::new() })
    }

    /// Opens a temporary file that will become `relative` under OUT.
    ///
    /// # Errors
    /// `Environment` if it cannot be made.
    pub fn create(&mut self, relative: &str) -> Result<StagedFile> {
        let target = self.out.join(relative);
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let temporary = target.with_file_name(format!("{PREFIX}{name}.{}{SUFFIX}", std::process::id()));
        let file = File::create(&temporary).map_err(|e| Error::io("write", &temporary, &e))?;
        self.staged.push((temporary, target.clone()));
        Ok(StagedFile { writer: BufWriter::with_capacity(1 << 18, file), path: target })
    }

    /// Renames everything into place, the last created last; `retire` (relative names) is removed
    /// first, so that no result of an earlier run is read beside the new ones.
    ///
    /// # Errors
    /// `Environment` if a rename fails.
    pub fn commit(mut self, retire: &[&str]) -> Result<()> {
        for name in retire {
            let path = self.out.join(name);
            match fs::remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io("remove the earlier", &path, &e));
                }
                _ => {}
            }
        }
        for (temporary, target) in std::mem::take(&mut self.staged) {
            fs::rename(&temporary, &target).map_err(|e| Error::io("put into place", &target, &e))?;
        }
        for dir in [self.out.clone(), self.out.join("restricted"), self.out.join("release")] {
            // Not every file system can sync a folder; the files themselves are synced already.
            let _ = File::open(&dir).and_then(|d| d.sync_all());
        }
        Ok(())
    }

    /// The known files that are not in this set.
    pub fn others(&self) -> Vec<&'static str> {
        KNOWN.iter().copied().filter(|k| !self.staged.iter().any(|(_, t)| *t == self.out.join(k))).collect()
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        for (temporary, _) in &self.staged {
            let _ = fs::remove_file(temporary);
        }
    }
}

impl StagedFile {
    /// Flushes and syncs.
    ///
    /// # Errors
    /// `Environment`, for instance when the disk is full.
    pub fn finish(mut self) -> Result<()> {
        let done = self.writer.flush().and_then(|()| self.writer.get_ref().sync_all());
        done.map_err(|e| Error::io("write", &self.path, &e))
    }

    /// The final name, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Write for StagedFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.writer.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn remove_leftovers(dir: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX) && name.ends_with(SUFFIX) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(unix)]
fn private(dir: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
        .map_err(|e| Error::io("restrict access to", dir, &e))
}

#[cfg(not(unix))]
fn private(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_appears_before_commit_and_nothing_is_left_without_it() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        fs::create_dir_all(out.join("release")).unwrap();
        fs::write(out.join("manifest.json"), "old").unwrap();
        {
            let mut staging = Staging::new(&out).unwrap();
            let mut file = staging.create("manifest.json").unwrap();
            file.write_all(b"new").unwrap();
            file.finish().unwrap();
            assert_eq!(fs::read_to_string(out.join("manifest.json")).unwrap(), "old");
        }
        assert_eq!(fs::read_dir(&out).unwrap().count(), 3, "manifest and two folders, no temporary file");
        assert_eq!(fs::read_to_string(out.join("manifest.json")).unwrap(), "old");
    }

    #[test]
    fn commit_replaces_and_retires() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let mut staging = Staging::new(&out).unwrap();
        fs::write(out.join("release/report.html"), "stale").unwrap();
        let mut file = staging.create("release/quotes.parquet").unwrap();
        file.write_all(b"whole").unwrap();
        file.finish().unwrap();
        let others = staging.others();
        assert!(others.contains(&"release/report.html") && !others.contains(&"release/quotes.parquet"));
        staging.commit(&others).unwrap();
        assert!(!out.join("release/report.html").exists());
        assert_eq!(fs::read(out.join("release/quotes.parquet")).unwrap(), b"whole");
    }

    #[cfg(unix)]
    #[test]
    fn restricted_is_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        Staging::new(dir.path()).unwrap();
        let mode = fs::metadata(dir.path().join("restricted")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
