//! All that lies outside: the clock, the streams, the terminal, the disk. Only this module, `main`
//! and the renderers' writers touch it.

pub mod ask;
pub mod disk;
mod git;
mod parallel;
mod paste;

use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rustix::termios::{OptionalActions, Termios, tcsetattr};

pub use git::Repositories;
pub use parallel::{map as parallel_map, map_waiting as parallel_map_waiting};
pub use paste::{Pasted, paste};

/// What a run can reach.
pub struct World<'w> {
    /// The instant at which the run began.
    pub now: Timestamp,
    /// Standard input.
    pub stdin: Box<dyn Read + 'w>,
    /// Standard output.
    pub stdout: Box<dyn Write + 'w>,
    /// Standard error.
    pub stderr: Box<dyn Write + 'w>,
    /// What is known about the terminal.
    pub terminal: Terminal,
    /// Set once the user or the system asks the run to end.
    pub interrupt: Interrupt,
    /// What the environment says about the network.
    pub network: Network,
}

impl World<'_> {
    /// Whether standard output may be coloured.
    pub fn uses_colour(&self) -> bool {
        self.terminal.colour.unwrap_or(self.terminal.stdout)
    }

    /// The columns of a line of output: a narrow terminal's own, and never more than people read well.
    pub fn columns(&self) -> usize {
        let columns = self.terminal.columns.filter(|_| self.terminal.stdout);
        columns.map_or(MOST_COLUMNS, |columns| columns.clamp(FEWEST_COLUMNS, MOST_COLUMNS))
    }
}

/// What the environment says about the network, and the clock of its answers.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Variables that name proxies, with their values.
    pub variables: Vec<(String, String)>,
    /// Tells when an answer was there; none where a run has one instant for everything.
    pub clock: Option<fn() -> Timestamp>,
}

/// What is known about the terminal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal {
    /// Whether standard input is one.
    pub stdin: bool,
    /// Whether standard output is one.
    pub stdout: bool,
    /// Whether standard error is one.
    pub stderr: bool,
    /// What the environment says about colour: forbidden, forced, or nothing.
    pub colour: Option<bool>,
    /// How many columns standard output has; none where it is no terminal.
    pub columns: Option<usize>,
}

/// Whether the run was asked to end, and by which signal; and a way to put that off while something
/// must not be left half done.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    signal: Arc<AtomicUsize>,
    busy: Arc<Mutex<()>>,
    /// How the terminal has to be left.
    terminal: Arc<Mutex<Option<Termios>>>,
}

impl Interrupt {
    /// Asks the run to end; waits until nothing would be left half done.
    pub fn set(&self, signal: usize) -> MutexGuard<'_, ()> {
        self.signal.store(signal, Ordering::SeqCst);
        self.leave_terminal();
        self.hold()
    }

    /// Remembers how the terminal has to be left, whatever ends the run.
    fn keep_terminal(&self, settings: Termios) {
        *self.terminal.lock().unwrap_or_else(PoisonError::into_inner) = Some(settings);
    }

    /// Leaves the terminal as it was found.
    fn leave_terminal(&self) {
        let settings = self.terminal.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(settings) = settings {
            tcsetattr(std::io::stdin(), OptionalActions::Now, &settings).unwrap_or_default();
        }
    }

    /// Whether the run was asked to end.
    pub fn is_set(&self) -> bool {
        self.signal() != 0
    }

    /// The signal that asked for it; 0 for none.
    pub fn signal(&self) -> usize {
        self.signal.load(Ordering::SeqCst)
    }

    /// Puts the end of the run off while the guard lives.
    pub fn hold(&self) -> MutexGuard<'_, ()> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Columns of a line, where the terminal has them or is none.
const MOST_COLUMNS: usize = 100;
/// Columns below which no text can be set.
const FEWEST_COLUMNS: usize = 40;
