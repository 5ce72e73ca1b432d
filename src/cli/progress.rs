//! Events as people see them: a line that is drawn over on a terminal, plain lines otherwise.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::observe::{Event, Observer, Stage};

/// Renders events on standard error.
pub struct Progress {
    terminal: bool,
    state: Mutex<State>,
}

struct State {
    started: Instant,
    last: Option<Instant>,
    total_bytes: u64,
    drawn: bool,
}

impl Progress {
    /// For the standard error of this process.
    pub fn new() -> Self {
        let state = State { started: Instant::now(), last: None, total_bytes: 0, drawn: false };
        Progress { terminal: std::io::stderr().is_terminal(), state: Mutex::new(state) }
    }

    fn interval(&self) -> Duration {
        if self.terminal { Duration::from_millis(200) } else { Duration::from_secs(10) }
    }

    fn say(&self, state: &mut State, line: &str, stays: bool) {
        let mut err = std::io::stderr().lock();
        let text = match (self.terminal, stays) {
            (true, true) => format!("\r\x1b[2K{line}\n"),
            (true, false) => format!("\r\x1b[2K{line}"),
            (false, _) => format!("{line}\n"),
        };
        state.drawn = self.terminal && !stays;
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.state.get_mut().is_ok_and(|s| s.drawn) {
            eprintln!();
        }
    }
}

impl Observer for Progress {
    fn event(&self, event: Event) {
        let Ok(mut state) = self.state.lock() else { return };
        match event {
            Event::Started { total_bytes } => {
                state.started = Instant::now();
                state.total_bytes = total_bytes;
            }
            Event::Progress { rows, rejected, bytes } => {
                let due = state.last.unwrap_or(state.started).elapsed() >= self.interval();
                if due {
                    state.last = Some(Instant::now());
                    let line =
                        progress_line(rows, rejected, bytes, state.total_bytes, state.started.elapsed());
                    self.say(&mut state, &line, false);
                }
            }
            Event::Entered(Stage::Protect) => self.say(&mut state, "protecting the tables", false),
            Event::Entered(_) => {}
            Event::Warning(text) => self.say(&mut state, &format!("warning: {text}"), true),
            Event::Finished { rows, rejected, elapsed } => {
                let rate = rows as f64 / elapsed.as_secs_f64().max(1e-9);
                let rejects =
                    if rejected > 0 { format!(", {} rejected", count(rejected)) } else { String::new() };
                let line = format!(
                    "{} respondents{rejects} in {} ({}/s)",
                    count(rows),
                    clock(elapsed),
                    count(rate as u64)
                );
                self.say(&mut state, &line, true);
            }
        }
    }
}

/// `123,456 respondents, 41%, 1,020/s, 3:12 left`
fn progress_line(rows: u64, rejected: u64, bytes: u64, total: u64, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64().max(1e-9);
    let mut line = format!("{} respondents", count(rows));
    if rejected > 0 {
        line += &format!(" ({} rejected)", count(rejected));
    }
    line += &format!(", {}/s", count((rows as f64 / seconds) as u64));
    if total > 0 && bytes > 0 {
        let share = (bytes as f64 / total as f64).min(1.0);
        let left = Duration::from_secs_f64(seconds * (1.0 - share) / share);
        line += &format!(", {:.0}%, {} left", share * 100.0, clock(left));
    }
    line
}

/// `1,234,567`
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `0:07`, `12:30`, `1:02:03`
pub fn clock(d: Duration) -> String {
    let s = d.as_secs();
    match s / 3600 {
        0 => format!("{}:{:02}", s / 60, s % 60),
        h => format!("{h}:{:02}:{:02}", s / 60 % 60, s % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_read_well() {
        assert_eq!((count(0), count(999), count(1_234_567)), ("0".into(), "999".into(), "1,234,567".into()));
        assert_eq!(clock(Duration::from_secs(7)), "0:07");
        assert_eq!(clock(Duration::from_secs(3723)), "1:02:03");
    }

    #[test]
    fn a_progress_line_has_rate_and_time_left() {
        let line = progress_line(1000, 2, 50, 100, Duration::from_secs(10));
        assert_eq!(line, "1,000 respondents (2 rejected), 100/s, 50%, 0:10 left");
    }
}
