//! Arguments to plan; rendering of events and results; exit codes. The only part that prints.

mod args;
mod commands;
mod generate;
mod progress;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;

use args::Cli;
use args::Command;

use crate::error::{Error, Result};
use crate::observe::{self, Observer, Quiet};

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    install_panic_hook();
    install_signal_handler();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { 2 } else { 0 });
        }
    };
    let outcome = std::panic::catch_unwind(|| dispatch(&cli));
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(e)) => {
            report(&e);
            ExitCode::from(e.exit_code())
        }
        // The hook has said where.
        Err(_) => ExitCode::from(1),
    }
}

fn dispatch(cli: &Cli) -> Result<()> {
    start_threads(cli.common.threads)?;
    let observer = observer(cli);
    let observer = observer.as_ref();
    match &cli.command {
        Command::Init(a) => commands::init(a),
        Command::Check(a) => commands::check(a),
        Command::Run(a) => commands::run(a, threads(), observer),
        Command::Breakdown(a) => commands::breakdown(a, observer),
        Command::Quotes(a) => commands::quotes(a),
        Command::Redact(a) => commands::redact(a),
        Command::Generate(a) => generate::run(a),
        Command::Bench(a) => commands::bench(a, threads()),
        Command::Completions(a) => commands::completions(a.shell),
        Command::Man => commands::man(),
    }
}

fn observer(cli: &Cli) -> Box<dyn Observer> {
    if cli.common.quiet { Box::new(Quiet) } else { Box::new(progress::Progress::new()) }
}

fn start_threads(threads: Option<u16>) -> Result<()> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(n) = threads {
        pool = pool.num_threads(n as usize);
    }
    pool.build_global().map_err(|e| {
        Error::environment(format!("cannot start threads: {e}"), "", "Try fewer with --threads.")
    })
}

fn threads() -> usize {
    rayon::current_num_threads()
}

fn report(e: &Error) {
    let text = e.to_string();
    if text.is_empty() {
        return;
    }
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let label = if colour { "\x1b[1;31merror:\x1b[0m" } else { "error:" };
    let _ = writeln!(std::io::stderr(), "{label} {text}");
}

/// A panic's message may hold data: only its place is printed.
fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
        let _ = writeln!(
            std::io::stderr(),
            "error: internal error{place}\n    This is a fault of bigask, not of your data. Please report it with the command line."
        );
    }));
}

/// The first Ctrl-C stops at the next block and cleans up; the second stops at once.
fn install_signal_handler() {
    let mut asked = false;
    let _ = ctrlc::set_handler(move || {
        if asked {
            std::process::exit(130);
        }
        asked = true;
        observe::interrupt();
    });
}
