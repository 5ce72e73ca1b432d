//! Reads files to raw rows on a thread of its own, so that reading overlaps with what comes after.
//! Owns the thread and its end: dropping the decoder stops it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use super::BLOCK_ROWS;
use super::raw::Raw;
use crate::config::{Input, Source};
use crate::error::{Error, Result};
use crate::ingest::{Cells, Export, Row};

/// Blocks that may wait to be coded.
const WAITING_BLOCKS: usize = 2;

/// One file to read.
#[derive(Debug)]
pub(super) struct Job {
    pub path: PathBuf,
    /// Its instrument; a file without one is not read.
    pub source: Option<Source>,
    /// The columns that are kept, ascending.
    pub columns: Vec<usize>,
    /// Columns of its header when it was checked.
    pub header_columns: usize,
}

/// The reading thread, seen from where its blocks are used.
#[derive(Debug)]
pub(super) struct Decoder {
    blocks: Option<Receiver<Result<Raw>>>,
    room: Sender<Raw>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Decoder {
    /// Starts to read; `first` is the first file if it is open already.
    pub(super) fn start(input: Input, jobs: Vec<Job>, first: Option<Export>) -> Result<Self> {
        let (sender, blocks) = sync_channel(WAITING_BLOCKS);
        let (room, empties) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let mut reading = Reading {
            input,
            blocks: sender,
            empties,
            stop: Arc::clone(&stop),
            current: Raw::default(),
            done_bytes: 0,
        };
        let work = move || {
            if let Err(Ended::Failed(e)) = reading.all(&jobs, first) {
                // Nobody listens any more if this cannot be sent.
                let _ = reading.blocks.send(Err(e));
            }
        };
        let thread = std::thread::Builder::new().name("read".to_string()).spawn(work).map_err(|e| {
            Error::environment(
                format!("cannot start a thread: {e}"),
                "",
                "Close other programs and try again.",
            )
        })?;
        Ok(Decoder { blocks: Some(blocks), room, stop, thread: Some(thread) })
    }

    /// The next block; `None` at the end of the last file.
    pub(super) fn next(&mut self) -> Option<Result<Raw>> {
        let received = self.blocks.as_ref()?.recv();
        match received {
            Ok(block) => Some(block),
            Err(_) => {
                self.blocks = None;
                let panicked = self.thread.take().is_some_and(|t| t.join().is_err());
                panicked.then(|| Err(Error::Internal("the reading thread stopped".to_string())))
            }
        }
    }

    /// Gives back the room of a block.
    pub(super) fn recycle(&self, raw: Raw) {
        // Where reading is over, the room is simply freed.
        let _ = self.room.send(raw);
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.blocks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Why reading ended before the last file.
enum Ended {
    /// Nobody wants the blocks any more.
    Stopped,
    Failed(Error),
}

impl From<Error> for Ended {
    fn from(e: Error) -> Self {
        Ended::Failed(e)
    }
}

/// The state of the reading thread.
struct Reading {
    input: Input,
    blocks: SyncSender<Result<Raw>>,
    empties: Receiver<Raw>,
    stop: Arc<AtomicBool>,
    current: Raw,
    /// Bytes of the files that are read to their end.
    done_bytes: u64,
}

impl Reading {
    fn all(&mut self, jobs: &[Job], mut first: Option<Export>) -> std::result::Result<(), Ended> {
        for (index, job) in jobs.iter().enumerate() {
            let Some(source) = &job.source else { continue };
            let export = match first.take() {
                Some(open) => open,
                None => Export::open(&job.path, &self.input, source)?,
            };
            if export.header().columns.len() != job.header_columns {
                return Err(changed(job).into());
            }
            self.file(index, job, export)?;
        }
        if self.current.is_empty() { Ok(()) } else { self.send() }
    }

    fn file(&mut self, index: usize, job: &Job, mut export: Export) -> std::result::Result<(), Ended> {
        let file = u16::try_from(index).unwrap_or(u16::MAX);
        let mut cells = Cells::new();
        loop {
            match export.next(&mut cells)? {
                Row::Read { line } => self.current.push(file, line, &cells, &job.columns),
                Row::Malformed { line, reason } => self.current.push_malformed(file, line, reason),
                Row::End => break,
            }
            if self.current.rows().len() == BLOCK_ROWS {
                self.current.consumed(self.done_bytes + export.bytes_read());
                self.send()?;
            }
            if self.stop.load(Ordering::Relaxed) {
                return Err(Ended::Stopped);
            }
        }
        let facts = export.facts();
        self.done_bytes += facts.bytes;
        self.current.finish(index, facts);
        self.current.consumed(self.done_bytes);
        Ok(())
    }

    fn send(&mut self) -> std::result::Result<(), Ended> {
        let mut next = self.empties.try_recv().unwrap_or_default();
        next.clear();
        let full = std::mem::replace(&mut self.current, next);
        self.blocks.send(Ok(full)).map_err(|_| Ended::Stopped)
    }
}

fn changed(job: &Job) -> Error {
    Error::data(
        "the file changed while it was being read",
        job.path.display().to_string(),
        "Wait until its copy or export is finished, and run again.",
    )
}
