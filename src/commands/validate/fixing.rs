//! `--fix`, `--unsafe-fixes` and `--diff`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use similar::TextDiff;

use crate::commands::validate::config::{Depth, Job};
use crate::commands::validate::input::{LIMITS, Target, Text};
use crate::commands::validate::{judging, outcome};
use crate::commands::{Failure, Outcome};
use crate::deployment::Document;
use crate::fix;
use crate::report::Report;
use crate::source::printable;
use crate::world::{World, disk};

/// Texts by their names.
type Texts = BTreeMap<String, Arc<str>>;

/// Fixes until nothing is left that can be fixed, writes what changed, and reports what remains.
pub(super) fn fix(
    job: &Job,
    targets: &[Target],
    report: Report,
    depth: Depth,
    world: &mut World<'_>,
) -> Result<Report, Failure> {
    let before = texts(targets);
    let (targets, report, count) = rounds(job, targets.to_vec(), report, depth, world)?;
    if world.interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    let mut written = 0;
    for (name, text) in texts(&targets) {
        if is_stdin(job, &name) {
            world.stdout.write_all(text.as_bytes())?;
            world.stdout.flush()?;
        } else if before.get(&name) != Some(&text) {
            let _held = world.interrupt.hold();
            let replaced = disk::replace(Path::new(&name), text.as_bytes());
            replaced.map_err(|error| Failure::file("write", &name, &error))?;
            written += 1;
        }
    }
    if count > 0 && !job.style.quiet {
        let made = plural(count, "fix", "fixes");
        let files = plural(written, "file", "files");
        let place = if written == 0 { String::new() } else { format!(" in {files}") };
        drop(writeln!(world.stderr, "made {made}{place}"));
    }
    Ok(report)
}

/// Shows what fixing would change. The outcome is that of the findings as they are.
pub(super) fn diff(
    job: &Job,
    targets: &[Target],
    report: &Report,
    world: &mut World<'_>,
) -> Result<Outcome, Failure> {
    let depth = job.fixes.unwrap_or(Depth::Safe);
    let again = judging::report(job, targets, world)?;
    let (fixed, _, count) = rounds(job, targets.to_vec(), again, depth, world)?;
    let before = texts(targets);
    for (name, text) in texts(&fixed) {
        let Some(old) = before.get(&name).filter(|old| **old != text) else { continue };
        // Both sides are masked, so that no secret is shown as context.
        let is_environment = is_environment(targets, &name);
        let (old, new) = (masked(&name, old, is_environment), masked(&name, &text, is_environment));
        let diff = TextDiff::from_lines(&old, &new);
        let name = printable(&name);
        let text =
            diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string();
        for line in text.split_inclusive('\n') {
            world.stdout.write_all(shown_line(line).as_bytes())?;
        }
    }
    world.stdout.flush()?;
    if !job.style.quiet {
        let found = plural(report.findings.len(), "finding", "findings");
        drop(writeln!(world.stderr, "{} would be made, {found}", plural(count, "fix", "fixes")));
    }
    Ok(outcome(report))
}

fn shown_line(line: &str) -> String {
    let body = line.trim_end_matches(['\n', '\r']);
    let shown = body.replace('\t', "\u{1}");
    let shown = printable(&shown).replace("\\u{1}", "\t");
    format!("{shown}{}", line[body.len()..].trim_start_matches('\r'))
}

/// Rounds of fixing: each applies what does not overlap, reads the result and judges it again.
fn rounds(
    job: &Job,
    mut targets: Vec<Target>,
    mut report: Report,
    depth: Depth,
    world: &World<'_>,
) -> Result<(Vec<Target>, Report, usize), Failure> {
    let mut count = 0;
    for _ in 0..MOST_ROUNDS {
        let mut changed = Texts::new();
        let mut made = 0;
        for (name, text) in texts(&targets) {
            let is_environment = is_environment(&targets, &name);
            let accepts = |text: &str| parses(&name, text, is_environment);
            let fixed = fix::apply(&report, &name, &text, depth == Depth::Unsafe, accepts);
            if fixed.count > 0 {
                made += fixed.count;
                changed.insert(name, fixed.text.into());
            }
        }
        if changed.is_empty() {
            break;
        }
        targets = reloaded(&targets, &changed);
        report = judging::report(job, &targets, world)?;
        count += made;
    }
    Ok((targets, report, count))
}

/// Whether a text can be read.
fn parses(name: &str, text: &str, is_environment: bool) -> bool {
    if is_environment {
        return Document::environment(name, text.into()).is_ok();
    }
    Document::yaml(name, text.into(), &LIMITS).is_ok()
}

/// The same targets with some texts replaced.
fn reloaded(targets: &[Target], texts: &Texts) -> Vec<Target> {
    let changed = |target: &Target| {
        let mut target = target.clone();
        if let Some(Text::Readable { name, text }) = &mut target.configuration
            && let Some(new) = texts.get(name)
        {
            *text = Arc::clone(new);
        }
        for reading in &mut target.environment {
            let name = reading.as_ref().as_ref().map(|document| document.source.name().to_owned());
            if let Ok(name) = name
                && let Some(new) = texts.get(&name)
            {
                *reading = Arc::new(Document::environment(&name, Arc::clone(new)));
            }
        }
        target
    };
    targets.iter().map(changed).collect()
}

/// Every text that can be read, once, under its name.
fn texts(targets: &[Target]) -> Texts {
    let mut texts = Texts::new();
    for target in targets {
        if let Some(Text::Readable { name, text }) = &target.configuration {
            texts.insert(name.clone(), Arc::clone(text));
        }
        for document in
            target.environment.iter().filter_map(|reading| reading.as_ref().as_ref().ok())
        {
            texts.insert(document.source.name().to_owned(), document.source.shared_text());
        }
    }
    texts
}

/// A text with its secrets masked.
fn masked(name: &str, text: &Arc<str>, is_environment: bool) -> String {
    let document = if is_environment {
        Document::environment(name, Arc::clone(text))
    } else {
        Document::yaml(name, Arc::clone(text), &LIMITS)
    };
    match document {
        Ok(document) => document.source.masked(),
        Err(unreadable) => unreadable.source.masked(),
    }
}

fn is_environment(targets: &[Target], name: &str) -> bool {
    let configurations = targets.iter().filter_map(|target| target.configuration.as_ref());
    !configurations
        .into_iter()
        .any(|text| matches!(text, Text::Readable { name: own, .. } if own == name))
}

fn is_stdin(job: &Job, name: &str) -> bool {
    let has_stdin = job.paths.iter().any(|path| path == Path::new("-"));
    has_stdin && name == job.stdin_filename.as_deref().unwrap_or("-")
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Each round mends at least one thing; more are never needed for a file that is read at all.
const MOST_ROUNDS: usize = 10;
