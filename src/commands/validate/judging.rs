//! From targets to a report.

use std::collections::BTreeMap;
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
use crate::world::{World, parallel_map};

/// Judges everything that was loaded.
pub(super) fn report(job: &Job, targets: &[Target], world: &World<'_>) -> Result<Report, Failure> {
    let interrupt = world.interrupt.clone();
    let judge = |target| (!interrupt.is_set()).then(|| judge_target(job, target));
    let results = parallel_map(targets, judge);
    if interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    let (mut judged, mut registrations) = (Vec::new(), Vec::new());
    for (one, mut registered) in results.into_iter().flatten() {
        judged.push(one);
        registrations.append(&mut registered);
    }
    for finding in rules::judge_together(&registrations) {
        let name = finding.problem.place.source.name();
        if let Some(judged) = judged.iter_mut().find(|judged| judged.view.path == name) {
            judged.findings.push(finding);
        }
    }
    Ok(Report::new("validate", job.at, judged, &selection(job)))
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
fn judge_target(job: &Job, target: &Target) -> (Judged, Vec<Registration>) {
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
    (judged(&subject), rules::registrations(&subject))
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

fn judged(subject: &Subject<'_>) -> Judged {
    let deployment = subject.deployment;
    let suppressions = deployment.judged_documents().flat_map(|document| {
        let found = suppressions(document).into_iter();
        found.map(|suppression| (Arc::clone(&document.source), suppression))
    });
    let suppressions = suppressions.collect();
    let (path, kind) = named(deployment);
    let view = TargetView::new(&path, kind, subject);
    Judged { view, findings: rules::judge(subject), suppressions }
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
        (None, None) => (String::new(), FileKind::Environment),
    }
}
