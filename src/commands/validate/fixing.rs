//! `--fix`, `--unsafe-fixes` and `--diff`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use similar::TextDiff;

use crate::commands::validate::config::{Depth, Job};
use crate::commands::validate::input::{Content, LIMITS, Target, Text};
use crate::commands::validate::{judging, outcome};
use crate::commands::{Failure, Outcome};
use crate::deployment::{Document, FileKind};
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
        let kind = kind_of(targets, &name);
        let (old, new) = (masked(kind, &name, old), masked(kind, &name, &text));
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
            let kind = kind_of(&targets, &name);
            let accepts = |text: &str| Document::read(kind, &name, text.into(), &LIMITS).is_ok();
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

/// The same targets with some texts replaced.
fn reloaded(targets: &[Target], texts: &Texts) -> Vec<Target> {
    let renew = |kind: FileKind, content: &mut Content| {
        let Some((name, _)) = content.readable() else { return };
        let Some(new) = texts.get(&name) else { return };
        *content = match content {
            Content::Read(_) => {
                Content::Read(Arc::new(Document::read(kind, &name, Arc::clone(new), &LIMITS)))
            }
            Content::Text(_) => Content::Text(Text::Readable { name, text: Arc::clone(new) }),
        };
    };
    let changed = |target: &Target| {
        let mut target = target.clone();
        if let Some((_, Text::Readable { name, text })) = &mut target.main
            && let Some(new) = texts.get(name)
        {
            *text = Arc::clone(new);
        }
        for part in &mut target.parts {
            renew(part.kind, &mut part.content);
        }
        target
    };
    targets.iter().map(changed).collect()
}

/// Every text that can be read and is judged, once, under its name.
fn texts(targets: &[Target]) -> Texts {
    let mut texts = Texts::new();
    for target in targets {
        if let Some((_, Text::Readable { name, text })) = &target.main {
            texts.insert(name.clone(), Arc::clone(text));
        }
        texts.extend(target.parts.iter().filter_map(|part| part.content.readable()));
    }
    texts
}

/// A text with its secrets masked.
fn masked(kind: FileKind, name: &str, text: &Arc<str>) -> String {
    match Document::read(kind, name, Arc::clone(text), &LIMITS) {
        Ok(document) => document.source.masked(),
        Err(unreadable) => unreadable.source.masked(),
    }
}

/// What a text is to the target that has it.
fn kind_of(targets: &[Target], name: &str) -> FileKind {
    let mains = targets.iter().filter_map(|target| target.main.as_ref());
    let mains = mains.map(|(kind, text)| (*kind, text.name().to_owned()));
    let parts = targets.iter().flat_map(|target| &target.parts);
    let parts = parts.filter_map(|part| Some((part.kind, part.content.readable()?.0)));
    let mut all = mains.chain(parts);
    all.find(|(_, own)| own == name).map_or(FileKind::Configuration, |(kind, _)| kind)
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
