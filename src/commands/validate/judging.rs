//! From deployments to a report.

use std::sync::Arc;

use jiff::Timestamp;

use crate::commands::Failure;
use crate::commands::validate::config::Job;
use crate::commands::validate::input::{LIMITS, Loaded, LoadedDeployment};
use crate::commands::validate::selection;
use crate::deployment::{Deployment, Document};
use crate::report::{Judged, Report, Selection, TargetKind, TargetView};
use crate::rules::{self, Subject};
use crate::settings::{Settings, suppressions};
use crate::world::{World, parallel_map};

/// Judges everything that was loaded.
pub(super) fn report(job: &Job, loaded: &Loaded, world: &World<'_>) -> Result<Report, Failure> {
    let subjects: Vec<Subject<'_>> =
        parallel_map(&loaded.deployments, |deployment| subject(job, deployment));
    let mut judged: Vec<Judged> = parallel_map(&subjects, judged);
    if world.interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    for finding in rules::judge_together(&subjects) {
        let name = finding.problem.place.source.name().to_owned();
        let at = judged.iter_mut().find(|judged| judged.view.path == name);
        if let Some(judged) = at {
            judged.findings.push(finding);
        }
    }
    Ok(Report::new("validate", job.at, judged, &selection(job)))
}

/// Judges one text as an application's configuration: for `demo` and for tests of pages.
pub(in crate::commands) fn judge_one(name: &str, text: &str, at: Timestamp) -> Report {
    let main = Document::yaml(name, text.to_owned(), &LIMITS);
    let deployment =
        Deployment { main: Some(main), judges_environment: true, ..Deployment::default() };
    let app = &crate::apps::all()[0];
    let config = app.config(&deployment);
    let subject = Subject {
        app,
        deployment: &deployment,
        config,
        at,
        warn_days: None,
        base_url: None,
        secret_ends: Vec::new(),
    };
    let settings = Settings::default();
    let selection = Selection {
        select: Vec::new(),
        ignore: Vec::new(),
        severities: std::collections::BTreeMap::new(),
        strict: false,
        baseline: None,
        settings: &settings,
    };
    Report::new("demo", at, vec![judged(&subject)], &selection)
}

fn subject<'l>(job: &Job, loaded: &'l LoadedDeployment) -> Subject<'l> {
    let deployment = &loaded.deployment;
    Subject {
        app: loaded.app,
        deployment,
        config: loaded.app.config(deployment),
        at: job.at,
        warn_days: job.warn_days,
        base_url: loaded.base_url.clone(),
        secret_ends: secret_ends(job, deployment),
    }
}

/// What `[secrets]` of `ssoctl.toml` says about this file.
fn secret_ends(job: &Job, deployment: &Deployment) -> Vec<(String, jiff::civil::Date)> {
    let Some(document) = deployment.document().filter(|_| !job.settings.secrets.is_empty()) else {
        return Vec::new();
    };
    let folder = job
        .settings
        .folder
        .as_deref()
        .and_then(|folder| std::path::absolute(folder).ok())
        .unwrap_or_default();
    let own = std::path::absolute(document.source.name()).ok();
    let entries = job.settings.secrets.iter().filter_map(|(key, end)| {
        let (path, key_path) = key.split_once(':')?;
        (Some(folder.join(path)) == own).then(|| (key_path.to_owned(), *end))
    });
    entries.collect()
}

fn judged(subject: &Subject<'_>) -> Judged {
    let deployment = subject.deployment;
    let documents = deployment
        .document()
        .into_iter()
        .chain(deployment.environment_documents().filter(|_| deployment.judges_environment));
    let suppressions = documents.flat_map(|document| {
        suppressions(document)
            .into_iter()
            .map(|suppression| (Arc::clone(&document.source), suppression))
    });
    let suppressions = suppressions.collect();
    let (path, kind) = named(deployment);
    Judged {
        view: TargetView::new(&path, kind, subject),
        findings: rules::judge(subject),
        suppressions,
    }
}

/// The name of a deployment: its configuration's, else its first environment file's.
fn named(deployment: &Deployment) -> (String, TargetKind) {
    let name = |reading: &Result<Document, crate::deployment::Unreadable>| match reading {
        Ok(document) => document.source.name().to_owned(),
        Err(unreadable) => unreadable.source.name().to_owned(),
    };
    match (&deployment.main, deployment.environment.first()) {
        (Some(main), _) => (name(main), TargetKind::Configuration),
        (None, Some(environment)) => (name(environment), TargetKind::Environment),
        (None, None) => (String::new(), TargetKind::Environment),
    }
}
