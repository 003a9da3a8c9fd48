//! From paths to targets: reading, recognising, putting together.

mod captured;
mod open;
mod refusal;
mod together;
mod wanted;

use std::io::Write as _;
use std::sync::Arc;

use crate::apps::App;
use crate::commands::Failure;
use crate::commands::validate::config::Job;
use crate::deployment::{Captured, Document, Exposure, FileKind, Unreadable};
use crate::source::printable;
use crate::world::{Repositories, World, parallel_map};
pub(in crate::commands) use open::LIMITS;
use open::{Opened, Opener};

/// One thing that is judged: a configuration with what stands beside it, or carriers alone. Trees are
/// made when it is judged, and let go of afterwards.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) app: &'static App,
    /// None where only carriers are judged.
    pub(super) main: Option<(FileKind, Text)>,
    pub(super) exposure: Exposure,
    pub(super) parts: Vec<TargetPart>,
    pub(super) base_url: Option<String>,
    pub(super) captured: Arc<Captured>,
}

/// A file beside the configuration, or one of several that are it together.
#[derive(Clone, Debug)]
pub(super) struct TargetPart {
    pub(super) kind: FileKind,
    pub(super) content: Content,
    pub(super) exposure: Exposure,
    pub(super) is_judged: bool,
}

/// A file's text, or already what it says.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Read(Arc<Result<Document, Unreadable>>),
    Text(Text),
}

impl Content {
    /// Name and text, where it can be read.
    pub(super) fn readable(&self) -> Option<(String, Arc<str>)> {
        match self {
            Self::Read(reading) => {
                let document = reading.as_ref().as_ref().ok()?;
                Some((document.source.name().to_owned(), document.source.shared_text()))
            }
            Self::Text(Text::Readable { name, text }) => Some((name.clone(), Arc::clone(text))),
            Self::Text(Text::Unreadable(_)) => None,
        }
    }
}

/// A text under its name, as far as it is text.
#[derive(Clone, Debug)]
pub(super) enum Text {
    Readable { name: String, text: Arc<str> },
    Unreadable(Unreadable),
}

impl Text {
    /// The text itself, as far as it is text.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Readable { text, .. } => text,
            Self::Unreadable(unreadable) => unreadable.source.text(),
        }
    }

    /// The name under which it is shown.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Readable { name, .. } => name,
            Self::Unreadable(unreadable) => unreadable.source.name(),
        }
    }

    /// What it says, read in the way of its kind.
    pub(super) fn read(&self, kind: FileKind) -> Result<Document, Unreadable> {
        match self {
            Self::Readable { name, text } => Document::read(kind, name, Arc::clone(text), &LIMITS),
            Self::Unreadable(unreadable) => Err(unreadable.clone()),
        }
    }
}

/// Reads everything that a job names.
pub(super) fn load(job: &Job, world: &mut World<'_>) -> Result<Vec<Target>, Failure> {
    let captured = Arc::new(captured::load(job)?);
    if job.saved.are_alone {
        return Ok(vec![captured::alone(job, captured)]);
    }
    let wanted = wanted::all(job, world)?;
    let stdin = wanted::read_stdin(&wanted, world)?;
    let repositories = Repositories::default();
    let reader = Opener { job, stdin: stdin.as_deref(), repositories: &repositories };
    let progress = super::progress::Bar::new(world, job, wanted.len());
    let opened = parallel_map(&wanted, |file| {
        progress.step();
        (!progress.interrupt.is_set()).then(|| reader.open(file))
    });
    progress.finish();
    if world.interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    if let Some(file) = wanted.iter().find(|file| file.path.to_str().is_none())
        && job.fixes.is_some()
    {
        let name = refusal::name_of(job, &file.path);
        return Err(Failure::new(format!("cannot fix {name}: its name is not UTF-8"))
            .hint("rename it, or leave it out"));
    }
    let opened: Vec<Opened> = opened.into_iter().flatten().collect();
    for (file, opened) in wanted.iter().zip(&opened) {
        if let Opened::Failed(error) = opened
            && !file.is_named
        {
            let name = refusal::name_of(job, &file.path);
            drop(writeln!(world.stderr, "ssoctl: passed over {}: {error}", printable(&name)));
        }
    }
    let mut targets = together::together(job, wanted, opened)?;
    for target in &mut targets {
        target.captured = Arc::clone(&captured);
    }
    if targets.is_empty() && job.skips_unrecognised && job.paths_are_given {
        if !job.style.quiet {
            drop(writeln!(
                world.stderr,
                "ssoctl: none of the files is recognised; nothing was judged"
            ));
        }
        return Ok(targets);
    }
    if targets.is_empty() {
        return Err(refusal::nothing_found(job));
    }
    Ok(targets)
}
