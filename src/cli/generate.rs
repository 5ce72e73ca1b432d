//! `bigask generate`: a synthetic export, its key and its configuration. Owns the command's
//! arguments and files; what is in them is `generate`'s.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::error::{Error, Result};
use crate::generate::{Instrument, Options, config_toml, generate};

/// Writes a synthetic export of any size: realistic answers, none of them anybody's.
#[derive(Debug, Clone, Args)]
pub struct GenerateArgs {
    /// Respondents
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub rows: u64,
    /// The same seed gives the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Text questions: 1 or 2
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub texts: u8,
    /// Share of the answers (0 to 1) in which an identifier is planted
    #[arg(long, value_name = "SHARE", default_value_t = 0.06, value_parser = share)]
    pub planted: f64,
    /// Write the easy-read questionnaire: other wording and scale, fewer questions
    #[arg(long)]
    pub easy_read: bool,
    /// Where the export goes; left out: standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Also write where every planted identifier stands: row, column, type, start, end, value
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Also write the pipeline.toml that fits the export
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

fn share(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (0.0..=1.0).contains(&x) => Ok(x),
        _ => Err("a share is a number from 0 to 1, for instance 0.06".to_string()),
    }
}

impl GenerateArgs {
    /// What is to be generated.
    pub fn options(&self) -> Options {
        Options {
            rows: self.rows,
            seed: self.seed,
            texts: usize::from(self.texts),
            planted_share: self.planted,
            instrument: if self.easy_read { Instrument::EasyRead } else { Instrument::Main },
        }
    }
}

/// Runs the command.
///
/// # Errors
/// `Environment` where a file cannot be written, `Interrupted` after Ctrl-C. Files appear under
/// their names only when they are whole.
pub fn run(args: &GenerateArgs) -> Result<()> {
    let options = args.options();
    let mut key = args.key.as_deref().map(Whole::create).transpose()?;
    match args.output.as_deref() {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            let made = generate(&options, &mut out, key.as_mut().map(|k| &mut k.file));
            reader_left(made).map_err(|e| failed(Path::new("standard output"), &e))?;
        }
        Some(path) => {
            let mut export = Whole::create(path)?;
            generate(&options, &mut export.file, key.as_mut().map(|k| &mut k.file))
                .map_err(|e| failed(path, &e))?;
            export.keep()?;
        }
    }
    key.map_or(Ok(()), Whole::keep)?;
    let Some(path) = args.config.as_deref() else { return Ok(()) };
    let mut config = Whole::create(path)?;
    config.file.write_all(config_toml(&options).as_bytes()).map_err(|e| failed(path, &e))?;
    config.keep()
}

/// `generate | head` is no failure.
fn reader_left(made: io::Result<()>) -> io::Result<()> {
    match made {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn failed(path: &Path, e: &io::Error) -> Error {
    match e.kind() {
        io::ErrorKind::Interrupted => Error::Interrupted,
        _ => Error::io("write", path, e),
    }
}

/// A file that appears under its name when it is whole, and otherwise not at all.
struct Whole<'a> {
    path: &'a Path,
    partial: PathBuf,
    file: BufWriter<File>,
    kept: bool,
}

impl<'a> Whole<'a> {
    fn create(path: &'a Path) -> Result<Self> {
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let file = File::create(&partial).map_err(|e| failed(path, &e))?;
        Ok(Whole { path, partial, file: BufWriter::new(file), kept: false })
    }

    fn keep(mut self) -> Result<()> {
        let whole = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        whole.and_then(|()| std::fs::rename(&self.partial, self.path)).map_err(|e| failed(self.path, &e))?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Whole<'_> {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing more can be done where this fails too.
            let _ = std::fs::remove_file(&self.partial);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: GenerateArgs,
    }

    fn args(line: &[&str]) -> std::result::Result<GenerateArgs, clap::Error> {
        Line::try_parse_from([&["generate"], line].concat()).map(|l| l.args)
    }

    #[test]
    fn the_defaults_are_those_of_the_options() {
        assert_eq!(args(&[]).unwrap().options(), Options::default());
    }

    #[test]
    fn shares_and_counts_are_checked() {
        assert!(args(&["--planted", "1.5"]).is_err());
        assert!(args(&["--texts", "3"]).is_err());
        assert_eq!(args(&["--planted", "0", "--texts", "2", "--easy-read"]).unwrap().options().texts, 2);
    }

    #[test]
    fn writes_three_whole_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let line =
            ["--rows", "20", "-o", &path("a.csv"), "--key", &path("k.csv"), "--config", &path("p.toml")];
        run(&args(&line).unwrap()).unwrap();
        let mut names: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a.csv", "k.csv", "p.toml"]);
        assert!(std::fs::read_to_string(path("a.csv")).unwrap().lines().count() >= 23);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_environment_error() {
        let e = run(&args(&["-o", "/nowhere/at/all.csv"]).unwrap()).unwrap_err();
        assert_eq!(e.exit_code(), 4);
    }
}
