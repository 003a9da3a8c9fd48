//! A progress bar, on a terminal, when it takes longer than a moment.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::commands::validate::config::Job;
use crate::commands::validate::is_for_machines;
use crate::world::{Interrupt, World};

/// A bar that is drawn only where somebody looks.
#[derive(Debug)]
pub(super) struct Bar {
    bar: ProgressBar,
    pub(super) interrupt: Interrupt,
}

impl Bar {
    /// A bar for so many files.
    pub(super) fn new(world: &World<'_>, job: &Job, files: usize) -> Self {
        let watched =
            world.terminal.stderr && !job.style.quiet && !is_for_machines(job.style.format);
        let length = u64::try_from(files).unwrap_or(u64::MAX);
        let bar = if watched && files >= MANY {
            let target = ProgressDrawTarget::stderr_with_hz(10);
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files")
                .expect("the template is fixed");
            let bar = ProgressBar::with_draw_target(Some(length), target).with_style(style);
            bar.set_position(0);
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        } else {
            ProgressBar::hidden()
        };
        Self { bar, interrupt: world.interrupt.clone() }
    }

    /// One file more.
    pub(super) fn step(&self) {
        if !self.bar.is_hidden() {
            self.bar.inc(1);
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Fewer files are done in less than a moment.
const MANY: usize = 2000;
