//! The command line as typed. Owns names, help and defaults; it does nothing.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::generate::GenerateArgs;

/// Exit codes, shown at the end of the help.
const EXIT_CODES: &str = "Exit codes:
  0 done   1 internal error   2 usage or configuration   3 input refused
  4 environment (disk, model, runtime)   130 interrupted

A first run:
  bigask init export.csv > pipeline.toml
  bigask check -c pipeline.toml export.csv
  bigask run -c pipeline.toml export.csv -o OUT";

/// Reads a national consultation's survey export; writes tables that are safe to publish, quotes
/// that are safe to print, and a restricted row-level file. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "bigask", version, about, after_help = EXIT_CODES, max_term_width = 100)]
#[command(propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Worker threads [default: all cores]
    #[arg(long, short = 'j', global = true, env = "BIGASK_THREADS", value_name = "N",
          value_parser = clap::value_parser!(u16).range(1..=512))]
    pub threads: Option<u16>,
    /// No progress and no messages but errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look at an export and propose a pipeline.toml (on standard output)
    Init(Init),
    /// Dry run: mapping, bases, rejects, values that nothing matched; writes nothing
    Check(Check),
    /// Run the whole pipeline and write OUT
    Run(Run),
    /// Tabulate and protect a finished run again, without classifying again
    Breakdown(Breakdown),
    /// Print quotes that are safe to print
    Quotes(Quotes),
    /// Redact text: lines on standard input, redacted lines on standard output
    Redact(Redact),
    /// Write a synthetic export of any size
    Generate(GenerateArgs),
    /// Measure responses a second, stage by stage
    Bench(Bench),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page (roff)
    Man,
}

/// Where the model and its runtime are.
#[derive(Debug, Clone, Default, Args)]
pub struct ModelArgs {
    /// The ONNX Runtime library [default: ORT_DYLIB_PATH, then beside bigask, the project, Python]
    #[arg(long, value_name = "FILE")]
    pub onnxruntime: Option<PathBuf>,
    /// The model's folder [default: [classify] model, then models/themes]
    #[arg(long, env = "BIGASK_MODEL", value_name = "DIR")]
    pub model: Option<PathBuf>,
}

/// Where the configuration is.
#[derive(Debug, Clone, Args)]
pub struct ConfigArg {
    /// The configuration
    #[arg(long, short, env = "BIGASK_CONFIG", value_name = "FILE", default_value = "pipeline.toml")]
    pub config: PathBuf,
}

#[derive(Debug, Args)]
pub struct Init {
    /// Export files of one consultation
    #[arg(required_unless_present = "default", value_name = "EXPORT")]
    pub exports: Vec<PathBuf>,
    /// Print the documented defaults instead
    #[arg(long)]
    pub default: bool,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub config: ConfigArg,
    /// Export files
    #[arg(required = true, value_name = "EXPORT")]
    pub exports: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    pub config: ConfigArg,
    /// Export files
    #[arg(required = true, value_name = "EXPORT")]
    pub exports: Vec<PathBuf>,
    /// The folder to write; earlier results there are replaced when the run is whole
    #[arg(long, short, value_name = "OUT")]
    pub output: PathBuf,
    #[command(flatten)]
    pub model: ModelArgs,
    /// Print a summary as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Breakdown {
    /// The folder of a finished run
    #[arg(value_name = "OUT")]
    pub output: PathBuf,
    /// Another configuration: tables, nets, labels and disclosure may differ from the run's
    #[arg(long, short, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// How quotes are printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    Md,
    Csv,
    Json,
}

#[derive(Debug, Args)]
pub struct Quotes {
    /// The folder of a finished run
    #[arg(value_name = "OUT")]
    pub output: PathBuf,
    /// A theme's id; may be given several times
    #[arg(long, short, value_name = "THEME")]
    pub theme: Vec<String>,
    /// A group and level, as care_status=foster; may be given several times (all must hold)
    #[arg(long, short, value_name = "GROUP=LEVEL")]
    pub r#where: Vec<String>,
    /// A text question's id [default: all]
    #[arg(long, value_name = "ID")]
    pub question: Option<String>,
    /// Quotes per question and theme
    #[arg(short, long = "number", value_name = "N", default_value_t = 5)]
    pub number: usize,
    /// How to print them
    #[arg(long, short, value_enum, default_value = "md")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Redact {
    /// JSON Lines {"id","text"} in, {"id","text","spans"} out; offsets are code points of the text that came in
    #[arg(long)]
    pub json: bool,
    /// A configuration whose [redact] keep and always lists are used
    #[arg(long, short, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Bench {
    /// Respondents to generate
    #[arg(long, short, default_value_t = 20_000)]
    pub rows: u64,
    /// Seed of the synthetic export
    #[arg(long, short, default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub model: ModelArgs,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}
