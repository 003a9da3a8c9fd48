//! From targets to a report.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::apps::App;
use crate::commands::Failure;
use crate::commands::validate::config::Job;
use crate::commands::validate::input::{Content, LIMITS, Target, TargetPart};
use crate::commands::validate::selection;
use crate::deployment::{Deployment, Document, Exposure, FileKind, Part, Unreadable};
use crate::report::{Judged, Report, Selection, TargetView};
use crate::rules::{self, Registration, Subject};
use crate::settings::{Settings, suppressions};
use crate::source::printable;
use crate::world::{World, parallel_map};

/// Judges everything that was loaded.
pub(super) fn report(job: &Job, targets: &[Target], world: &World<'_>) -> Result<Report, Failure> {
    compared(job, targets, world).map(|(report, _)| report)
}

/// Judges everything that was loaded, and names the saved documents that were compared with nothing.
pub(super) fn compared(
    job: &Job,
    targets: &[Target],
    world: &World<'_>,
) -> Result<(Report, Vec<String>), Failure> {
    let interrupt = world.interrupt.clone();
    let judge = |target| (!interrupt.is_set()).then(|| judge_target(job, target));
    let results = parallel_map(targets, judge);
    if interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    let (mut judged, mut registrations) = (Vec::new(), Vec::new());
    let mut unmatched: Option<Vec<String>> = None;
    let mut names = Vec::new();
    for result in results.into_iter().flatten() {
        let mut registered = result.registrations;
        registrations.append(&mut registered);
        names.extend(result.names);
        // What belongs to a provider of any configuration was compared.
        if result.judged.view.as_ref().is_some_and(|view| !view.providers.is_empty()) {
            unmatched = Some(match unmatched {
                Some(before) => {
                    before.into_iter().filter(|name| result.unmatched.contains(name)).collect()
                }
                None => result.unmatched,
            });
        }
        judged.push(result.judged);
    }
    check_provider(job, &names)?;
    for finding in rules::judge_together(&registrations) {
        let name = finding.problem.place.source.name();
        if let Some(judged) = judged
            .iter_mut()
            .find(|judged| judged.view.as_ref().is_some_and(|view| view.path == name))
        {
            judged.findings.push(finding);
        }
    }
    let report = Report::new("validate", job.at, judged, &selection(job));
    Ok((report, unmatched.unwrap_or_default()))
}

/// A provider that no configuration has belongs to nothing.
fn check_provider(job: &Job, names: &[String]) -> Result<(), Failure> {
    let Some(id) = job.saved.provider.as_ref().filter(|_| !job.saved.are_alone) else {
        return Ok(());
    };
    let ids: Vec<&str> = names.iter().map(String::as_str).collect();
    if ids.contains(&id.as_str()) {
        return Ok(());
    }
    let failure = Failure::new(format!("no provider has the id `{}`", printable(id)));
    Err(match ids.as_slice() {
        [] => failure.hint("what was read has no providers"),
        _ => failure.hint(format!("there are: {}", printable(&ids.join(", ")))),
    })
}

/// Says that saved documents were compared with nothing.
pub(super) fn tell_unmatched(names: &[String], world: &mut World<'_>) {
    for name in names {
        drop(writeln!(
            world.stderr,
            "ssoctl: {} belongs to no provider that was read, so nothing was compared with it; \
             --provider ID says whose it is",
            printable(name)
        ));
    }
}

/// What comes of one target.
struct Outcome {
    judged: Judged,
    registrations: Vec<Registration>,
    /// The names by which its providers can be chosen.
    names: Vec<String>,
    /// Saved documents that belong to none of its providers.
    unmatched: Vec<String>,
}

/// Judges one text as CVAT's configuration, with everything selected.
pub(in crate::commands) fn judge_one(name: &str, text: &str, at: Timestamp) -> Report {
    let texts = [(name.to_owned(), text)];
    judge_text(&crate::apps::all()[0], FileKind::Configuration, &texts, None, at)
}

/// Judges texts as the files of an application, with everything selected. Of files that stand at the
/// head of a deployment there is one.
pub(in crate::commands) fn judge_text(
    app: &'static App,
    kind: FileKind,
    texts: &[(String, &str)],
    base_url: Option<String>,
    at: Timestamp,
) -> Report {
    let mut deployment = Deployment { main_kind: kind, ..Deployment::default() };
    for (name, text) in texts {
        let reading = Document::read(kind, name, (*text).into(), &LIMITS);
        if kind.is_main() {
            deployment.main = Some(reading);
        } else {
            let exposure = Exposure::default();
            let reading = Arc::new(reading);
            deployment.parts.push(Part { kind, reading, exposure, is_judged: true });
        }
    }
    let config = app.config(&deployment);
    let subject = Subject {
        app,
        deployment: &deployment,
        config,
        at,
        warn_days: None,
        base_url,
        secret_ends: Vec::new(),
    };
    let settings = Settings::default();
    let selection = Selection {
        select: Vec::new(),
        ignore: Vec::new(),
        severities: BTreeMap::new(),
        strict: false,
        baseline: None,
        settings: &settings,
    };
    Report::new("demo", at, vec![judged(&subject)], &selection)
}

/// Reads and judges one target. Its trees end here; what remains is what was found.
fn judge_target(job: &Job, target: &Target) -> Outcome {
    let deployment = deployment(target);
    let subject = Subject {
        app: target.app,
        deployment: &deployment,
        config: target.app.config(&deployment),
        at: job.at,
        warn_days: job.warn_days,
        base_url: target.base_url.clone(),
        secret_ends: secret_ends(job, &deployment),
    };
    Outcome {
        judged: judged(&subject),
        registrations: rules::registrations(&subject),
        names: rules::provider_names(&subject).into_iter().map(str::to_owned).collect(),
        unmatched: rules::unmatched(&subject).into_iter().map(str::to_owned).collect(),
    }
}

/// What a target's texts say.
pub(super) fn deployment(target: &Target) -> Deployment {
    let part = |part: &TargetPart| Part {
        kind: part.kind,
        reading: match &part.content {
            Content::Read(reading) => Arc::clone(reading),
            Content::Text(text) => Arc::new(text.read(part.kind)),
        },
        exposure: part.exposure,
        is_judged: part.is_judged,
    };
    Deployment {
        main: target.main.as_ref().map(|(kind, text)| text.read(*kind)),
        main_kind: target.main.as_ref().map_or(FileKind::Configuration, |(kind, _)| *kind),
        parts: target.parts.iter().map(part).collect(),
        exposure: target.exposure,
        captured: Arc::clone(&target.captured),
        ..Deployment::default()
    }
}

/// What `[secrets]` of `ssoctl.toml` says about this file.
fn secret_ends(job: &Job, deployment: &Deployment) -> Vec<(String, Date)> {
    let secrets = &job.settings.secrets;
    let Some(document) = deployment.document().filter(|_| !secrets.is_empty()) else {
        return Vec::new();
    };
    let folder = job.settings.folder.as_deref().and_then(|folder| std::path::absolute(folder).ok());
    let folder = folder.unwrap_or_default();
    let own = std::path::absolute(document.source.name()).ok();
    let entries = secrets.iter().filter_map(|(key, end)| {
        let (path, key_path) = key.split_once(':')?;
        (Some(folder.join(path)) == own).then(|| (key_path.to_owned(), *end))
    });
    entries.collect()
}

pub(in crate::commands) fn judged(subject: &Subject<'_>) -> Judged {
    let deployment = subject.deployment;
    let suppressions = deployment.judged_documents().flat_map(|document| {
        let found = suppressions(document).into_iter();
        found.map(|suppression| (Arc::clone(&document.source), suppression))
    });
    let suppressions = suppressions.collect();
    let (path, kind) = named(deployment);
    let view = TargetView::new(&path, kind, subject);
    Judged { view: Some(view), findings: rules::judge(subject), suppressions }
}

/// The name of a deployment: its configuration's, else that of its first file that is judged.
fn named(deployment: &Deployment) -> (String, FileKind) {
    let name = |reading: &Result<Document, Unreadable>| match reading {
        Ok(document) => document.source.name().to_owned(),
        Err(unreadable) => unreadable.source.name().to_owned(),
    };
    let first = deployment.parts.iter().find(|part| part.is_judged);
    match (&deployment.main, first) {
        (Some(main), _) => (name(main), deployment.main_kind),
        (None, Some(part)) => (name(&part.reading), part.kind),
        (None, None) => {
            let first = deployment.captured.sources().next();
            (first.map_or_else(String::new, |source| source.name().to_owned()), FileKind::Saved)
        }
    }
}
