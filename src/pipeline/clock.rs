//! Wall time per stage. Owns the arithmetic of timings.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::observe::Stage;

/// Adds up wall time by stage.
#[derive(Debug)]
pub struct StageClock {
    started: Instant,
    spent: [Duration; Stage::ALL.len()],
}

/// Timings as the manifest and `bench` give them. Seconds of wall time.
#[derive(Debug, Clone, Serialize)]
pub struct Timings {
    /// Stage name and seconds, in the order of the flow.
    pub stages: Vec<(&'static str, f64)>,
    /// From start to end.
    pub total: f64,
    /// Worker threads.
    pub threads: usize,
}

impl StageClock {
    /// Starts now.
    pub fn start() -> Self {
        StageClock { started: Instant::now(), spent: [Duration::ZERO; Stage::ALL.len()] }
    }

    /// Runs `work` on the account of `stage`.
    pub fn time<T>(&mut self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let before = Instant::now();
        let result = work();
        self.spent[stage as usize] += before.elapsed();
        result
    }

    /// Since the start.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The account so far.
    pub fn timings(&self) -> Timings {
        Timings {
            stages: Stage::ALL.iter().map(|s| (s.name(), self.spent[*s as usize].as_secs_f64())).collect(),
            total: self.elapsed().as_secs_f64(),
            threads: rayon::current_num_threads(),
        }
    }
}
