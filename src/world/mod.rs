//! All that lies outside: the clock, the streams, the terminal, the disk. Only this module, `main`
//! and the renderers' writers touch it.

pub mod disk;
mod git;
mod parallel;

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

pub use git::Repositories;
pub use parallel::map as parallel_map;

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
}

impl World<'_> {
    /// Whether standard output may be coloured.
    pub fn uses_colour(&self) -> bool {
        self.terminal.colour.unwrap_or(self.terminal.stdout)
    }
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
}

/// Whether the run was asked to end, checked between steps so that nothing is left half done.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Asks the run to end.
    pub fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether the run was asked to end.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
