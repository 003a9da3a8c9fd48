//! `ssoctl validate`: lint configurations offline.

mod args;
mod config;
mod fixing;
mod input;
mod judging;
mod progress;

pub use args::Args;
pub(in crate::commands) use args::{base_url, instant};
pub(in crate::commands) use input::LIMITS;
pub(in crate::commands) use judging::{judge_one, judge_text, judged};

use std::io::Write;

use crate::apps::App;
use crate::commands::{Failure, Outcome};
use crate::deployment::Deployment;
use crate::render::{self, Format};
use crate::report::{Baseline, Report, Selection};
use crate::world::{World, disk};
use config::Job;

/// Lints what the arguments name, and reports.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let job = Job::new(args, world)?;
    let targets = input::load(&job, world)?;
    let (report, unmatched) = judging::compared(&job, &targets, world)?;
    judging::tell_unmatched(&unmatched, world);
    if job.writes_baseline {
        return write_baseline(&job, &report, world);
    }
    if job.shows_diff {
        return fixing::diff(&job, &targets, &report, world);
    }
    let report = match job.fixes {
        Some(depth) => fixing::fix(&job, &targets, report, depth, world)?,
        None => report,
    };
    write_report(&job, &report, world)?;
    Ok(outcome(&report))
}

/// The deployment that the arguments name, judged or not.
pub(in crate::commands) fn open(
    args: &Args,
    world: &mut World<'_>,
) -> Result<(&'static App, Deployment), Failure> {
    let job = Job::new(args, world)?;
    let mut targets = input::load(&job, world)?;
    if targets.iter().any(|target| target.main.is_some()) {
        // Environment files that were named are targets of their own beside it.
        targets.retain(|target| target.main.is_some());
    }
    if let [one] = targets.as_slice() {
        return Ok((one.app, judging::deployment(one)));
    }
    let apps: Vec<&str> = targets.iter().map(|target| target.app.id.as_str()).collect();
    Err(Failure::new("several applications have settings here")
        .hint(format!("choose one: --app {}", apps.join("|"))))
}

fn outcome(report: &Report) -> Outcome {
    if report.is_undone() {
        Outcome::Impossible
    } else if report.fails() {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}

/// Writes the report to where it belongs: a file, or standard output; beside a fixed text, which
/// has standard output for itself, standard error.
fn write_report(job: &Job, report: &Report, world: &mut World<'_>) -> Result<(), Failure> {
    let mut text = Vec::new();
    render::render(report, job.style, &mut text)?;
    match &job.output {
        Some(path) => disk::write(path, &text)
            .map_err(|error| Failure::file("write", &path.to_string_lossy(), &error)),
        None if job.output_is_taken() => Ok(world.stderr.write_all(&text)?),
        None => {
            world.stdout.write_all(&text)?;
            Ok(world.stdout.flush()?)
        }
    }
}

fn write_baseline(job: &Job, report: &Report, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let path = job.baseline_path.as_ref().expect("the arguments demand a file to write to");
    let text = Baseline::write(path, report);
    disk::write(path, text.as_bytes())
        .map_err(|error| Failure::file("write", &path.to_string_lossy(), &error))?;
    let count = report.findings.len();
    let findings = if count == 1 { "finding" } else { "findings" };
    drop(writeln!(
        world.stderr,
        "wrote {count} {findings} to {}",
        crate::source::printable(&path.to_string_lossy())
    ));
    Ok(Outcome::Clean)
}

/// What is selected, from the command line over the settings.
fn selection(job: &Job) -> Selection<'_> {
    Selection {
        select: job.select.clone(),
        ignore: job.ignore.clone(),
        severities: job.severities.clone(),
        strict: job.strict,
        baseline: job.baseline.as_ref().filter(|_| !job.writes_baseline),
        settings: &job.settings,
    }
}

/// Whether a form is for machines, which need no words beside it.
fn is_for_machines(format: Format) -> bool {
    !matches!(format, Format::Text | Format::Markdown)
}
