//! `--fix`, `--unsafe-fixes` and `--diff`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use similar::TextDiff;

use crate::commands::validate::config::{Depth, Job};
use crate::commands::validate::input::{LIMITS, Loaded};
use crate::commands::validate::{judging, outcome};
use crate::commands::{Failure, Outcome};
use crate::deployment::{Document, Unreadable};
use crate::fix;
use crate::report::Report;
use crate::source::{Source, printable};
use crate::world::{World, disk};

/// Fixes until nothing is left that can be fixed, writes what changed, and reports what remains.
pub(super) fn fix(
    job: &Job,
    loaded: Loaded,
    report: Report,
    depth: Depth,
    world: &mut World<'_>,
) -> Result<Report, Failure> {
    let texts = originals(&loaded);
    let (loaded, report, count) = rounds(job, loaded, report, depth, world)?;
    if world.interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    let mut written = 0;
    for source in sources(&loaded) {
        let name = source.name();
        let is_changed = texts.get(name).is_some_and(|before| before != source.text());
        if is_stdin(job, name) {
            world.stdout.write_all(source.text().as_bytes())?;
            world.stdout.flush()?;
        } else if is_changed {
            disk::replace(Path::new(name), source.text().as_bytes())
                .map_err(|error| Failure::file("write", name, &error))?;
            written += 1;
        }
    }
    if count > 0 && !job.style.quiet {
        let made = plural(count, "fix", "fixes");
        let place = if written == 0 {
            String::new()
        } else {
            format!(" in {}", plural(written, "file", "files"))
        };
        writeln!(world.stderr, "made {made}{place}")?;
    }
    Ok(report)
}

/// Shows what fixing would change. The outcome is that of the findings as they are.
pub(super) fn diff(
    job: &Job,
    loaded: &Loaded,
    report: &Report,
    world: &mut World<'_>,
) -> Result<Outcome, Failure> {
    let depth = job.fixes.unwrap_or(Depth::Safe);
    let texts = originals(loaded);
    let again = reloaded(loaded, &BTreeMap::new());
    let first = judging::report(job, &again, world)?;
    let (fixed, _, count) = rounds(job, again, first, depth, world)?;
    let before: BTreeMap<String, Arc<Source>> =
        sources(loaded).map(|source| (source.name().to_owned(), Arc::clone(source))).collect();
    for source in sources(&fixed) {
        let name = source.name();
        if texts.get(name).is_some_and(|text| text != source.text()) {
            // Both sides are masked, so that no secret is shown as context.
            let (old, new) = (before[name].masked(), source.masked());
            let diff = TextDiff::from_lines(&old, &new);
            let mut unified = diff.unified_diff();
            let name = printable(name);
            let text = unified.header(&format!("a/{name}"), &format!("b/{name}")).to_string();
            for line in text.split_inclusive('\n') {
                world.stdout.write_all(shown_line(line).as_bytes())?;
            }
        }
    }
    world.stdout.flush()?;
    if !job.style.quiet {
        let more = report.findings.len();
        writeln!(
            world.stderr,
            "{} would be made, {} found",
            plural(count, "fix", "fixes"),
            plural(more, "finding", "findings")
        )?;
    }
    Ok(outcome(report))
}

fn shown_line(line: &str) -> String {
    let body = line.trim_end_matches(['\n', '\r']);
    format!("{}{}", printable(body), &line[body.len()..])
}

/// Rounds of fixing: each applies what does not overlap, reads the result and judges it again.
fn rounds(
    job: &Job,
    mut loaded: Loaded,
    mut report: Report,
    depth: Depth,
    world: &World<'_>,
) -> Result<(Loaded, Report, usize), Failure> {
    let mut count = 0;
    for _ in 0..MOST_ROUNDS {
        let fixed: Vec<(String, fix::Fixed)> = sources(&loaded)
            .map(|source| {
                (
                    source.name().to_owned(),
                    fix::apply(&report, source.name(), source.text(), depth == Depth::Unsafe),
                )
            })
            .filter(|(_, fixed)| fixed.count > 0)
            .collect();
        if fixed.is_empty() {
            break;
        }
        let made: usize = fixed.iter().map(|(_, fixed)| fixed.count).sum();
        let texts = fixed.into_iter().map(|(name, fixed)| (name, fixed.text)).collect();
        let next = reloaded(&loaded, &texts);
        if is_broken(&loaded, &next) {
            break;
        }
        report = judging::report(job, &next, world)?;
        loaded = next;
        count += made;
    }
    Ok((loaded, report, count))
}

/// Whether a text that could be read no longer can: then the round is not taken over.
fn is_broken(before: &Loaded, after: &Loaded) -> bool {
    let unreadable = |loaded: &Loaded| {
        loaded
            .deployments
            .iter()
            .map(|loaded| loaded.deployment.unreadable().count())
            .sum::<usize>()
    };
    unreadable(after) > unreadable(before)
}

/// The same deployments with some texts replaced.
fn reloaded(loaded: &Loaded, texts: &BTreeMap<String, String>) -> Loaded {
    let text = |source: &Source| {
        texts.get(source.name()).cloned().unwrap_or_else(|| source.text().to_owned())
    };
    let again =
        |reading: &Result<Document, Unreadable>,
         read: fn(&str, String) -> Result<Document, Unreadable>| match reading {
            Ok(document) => read(document.source.name(), text(&document.source)),
            Err(unreadable) => Err(Unreadable {
                source: Arc::clone(&unreadable.source),
                fault: unreadable.fault.clone(),
            }),
        };
    let deployments = loaded.deployments.iter().map(|old| {
        let deployment = &old.deployment;
        let yaml = |name: &str, text| Document::yaml(name, text, &LIMITS);
        let main = deployment.main.as_ref().map(|reading| again(reading, yaml));
        let environment = deployment
            .environment
            .iter()
            .map(|reading| Arc::new(again(reading, Document::environment)));
        let environment = environment.collect();
        let (judges_environment, exposure) = (deployment.judges_environment, deployment.exposure);
        let deployment =
            crate::deployment::Deployment { main, environment, judges_environment, exposure };
        crate::commands::validate::input::LoadedDeployment {
            app: old.app,
            deployment,
            base_url: old.base_url.clone(),
        }
    });
    Loaded { deployments: deployments.collect() }
}

/// Every source once, in order.
fn sources(loaded: &Loaded) -> impl Iterator<Item = &Arc<Source>> {
    let mut seen = std::collections::HashSet::new();
    let all = loaded.deployments.iter().flat_map(|loaded| {
        loaded
            .deployment
            .document()
            .into_iter()
            .chain(loaded.deployment.environment_documents())
            .map(|document| &document.source)
    });
    all.filter(move |source| seen.insert(source.name().to_owned()))
}

fn originals(loaded: &Loaded) -> BTreeMap<String, String> {
    sources(loaded).map(|source| (source.name().to_owned(), source.text().to_owned())).collect()
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
