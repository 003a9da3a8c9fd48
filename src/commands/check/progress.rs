//! A progress bar on a terminal, when several answers are waited for.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::commands::check::Args;
use crate::render::Format;
use crate::world::{Interrupt, World};

/// A bar that is drawn only where somebody looks.
pub(super) struct Bar {
    bar: ProgressBar,
    /// Set once the run is to end.
    pub(super) interrupt: Interrupt,
}

impl Bar {
    /// A bar for so many questions.
    pub(super) fn new(world: &World<'_>, args: &Args, questions: usize) -> Self {
        let is_for_people = matches!(args.format, Format::Text);
        let is_watched = world.terminal.stderr && !args.quiet && is_for_people;
        let bar = if is_watched && questions >= SEVERAL {
            let length = u64::try_from(questions).unwrap_or(u64::MAX);
            let target = ProgressDrawTarget::stderr_with_hz(10);
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} asked, {elapsed}")
                .expect("the template is fixed");
            let bar = ProgressBar::with_draw_target(Some(length), target).with_style(style);
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        } else {
            ProgressBar::hidden()
        };
        Self { bar, interrupt: world.interrupt.clone() }
    }

    /// One answer more.
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

/// Fewer are not worth a bar.
const SEVERAL: usize = 2;
