//! What the page says before everything else: whose it is, the verdict, what to do first.

use crate::render::message::headline;
use crate::render::message::page::shown;
use crate::report::Report;
use crate::report::judgement::{Judgement, VerdictView};
use crate::rule::Severity;

/// What to do first.
pub(super) struct Todo {
    /// The steps; where there is none, nothing has to be done.
    pub(super) steps: Vec<String>,
    /// A command to type, where one helps.
    pub(super) command: Option<String>,
}

impl Todo {
    /// What to do about a verdict: the remedies of what speaks against it, or what is missing.
    pub(super) fn new(report: &Report, judgement: &Judgement) -> Self {
        let verdict = judgement.verdict.as_ref();
        match verdict.map(|verdict| (verdict.class, verdict)) {
            None => Self { steps: Vec::new(), command: None },
            Some(("accept", verdict)) => {
                let mut steps = against(report, Severity::Warning);
                steps.extend(missing(verdict, |item| headline::open(judgement).contains(&item)));
                Self { steps, command: None }
            }
            Some(("undecided", verdict)) => {
                Self { steps: missing(verdict, |_| true), command: None }
            }
            Some((_, verdict)) => {
                let steps = against(report, Severity::Error);
                let command = verdict.code.map(|code| format!("ssoctl explain {code}"));
                Self { steps, command }
            }
        }
    }

    /// Whether there is nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.command.is_none()
    }
}

/// What helps against findings of a severity, or else the first of them.
fn against(report: &Report, severity: Severity) -> Vec<String> {
    let steps = remedies(report, severity);
    if steps.is_empty() { reason(report, severity) } else { steps }
}

/// What helps against findings, the decisive one first, each once: the part of each remedy that is
/// to be done at the application or at its identity provider.
fn remedies(report: &Report, severity: Severity) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for remedy in told(report, severity) {
        let parts: Vec<&str> = remedy.split("; ").filter(|part| !is_flagged(part)).collect();
        let step = shown(&parts.join("; "));
        if steps.len() < MOST_STEPS && !step.is_empty() && !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps
}

/// Where nothing is known that helps: what decided.
fn reason(report: &Report, severity: Severity) -> Vec<String> {
    let mut found = report.findings.iter().filter(|one| one.finding.severity == severity);
    let first = found.next().map(|one| &one.finding.problem.message);
    first.map(|message| format!("look into this: {}", shown(message))).into_iter().collect()
}

/// The remedies of findings of a severity.
fn told(report: &Report, severity: Severity) -> impl Iterator<Item = &str> {
    let found = report.findings.iter().filter(move |one| one.finding.severity == severity);
    found.filter_map(|one| one.finding.problem.remedy.as_deref())
}

/// Whether a text is about how ssoctl is run, which the other administrator does not do.
pub(super) fn is_flagged(text: &str) -> bool {
    text.contains("ssoctl ")
        || text.split([' ', '(']).any(|word| {
            word.strip_prefix("--")
                .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        })
}

/// What whoever runs ssoctl could do otherwise, each once: parts of remedies, and hints.
pub(super) fn asides(report: &Report, judgement: &Judgement, hints: &[&str]) -> Vec<String> {
    let class = judgement.verdict.as_ref().map(|verdict| verdict.class);
    let listed = match class {
        None | Some("undecided") => None,
        Some("accept") => Some(Severity::Warning),
        Some(_) => Some(Severity::Error),
    };
    let remedies = listed.into_iter().flat_map(|severity| told(report, severity));
    let parts = remedies.flat_map(|remedy| remedy.split("; "));
    let mut all: Vec<String> = Vec::new();
    for aside in parts.filter(|part| is_flagged(part)).chain(hints.iter().copied()) {
        let aside = shown(aside);
        if all.len() < MOST_ASIDES && !all.contains(&aside) {
            all.push(aside);
        }
    }
    all
}

/// What to give so that items can be checked, each once.
fn missing(verdict: &VerdictView, counts: impl Fn(&'static str) -> bool) -> Vec<String> {
    let mut steps: Vec<(&str, Vec<String>)> = Vec::new();
    let items = verdict.how.iter().filter(|(item, _)| counts(item));
    for (item, how) in items.filter(|(_, how)| !how.is_empty()) {
        let item = item.replace('-', " ");
        match steps.iter_mut().find(|(known, _)| known == how) {
            Some((_, items)) => items.push(item),
            None => steps.push((how, vec![item])),
        }
    }
    let step = |(how, items): (&str, Vec<String>)| {
        format!("run ssoctl again, and {how} (for: {})", items.join(", "))
    };
    steps.into_iter().map(step).collect()
}

/// The verdict in a sentence.
pub(super) fn sentence(judgement: &Judgement) -> String {
    let app = judgement.app.as_ref().map(|app| shown(&app.name));
    let Some(verdict) = &judgement.verdict else {
        return format!("this {} logs nobody in", judgement.noun());
    };
    match (verdict.class, app) {
        ("accept", app) => headline::accepted(judgement, app.as_deref()),
        ("reject", Some(app)) => format!("{app} would not log anyone in"),
        ("reject", None) => format!("this {} must not log anyone in", judgement.noun()),
        ("malformed", _) => format!("this {} cannot be read as one", judgement.noun()),
        ("limit", _) => "a ceiling was reached, so nothing is said about the content".to_owned(),
        _ => "something is missing to decide it".to_owned(),
    }
}

/// The title of the window.
pub(super) fn title(judgement: &Judgement) -> String {
    let kind = judgement.message.as_ref().map_or("message", |message| message.kind.as_str());
    let app = judgement.app.as_ref();
    let app = app.map_or_else(String::new, |app| format!(" for {}", shown(&app.name)));
    let saml = if judgement.noun() == "token" { "" } else { "SAML " };
    format!("{saml}{}{app}", shown(kind))
}

/// What was looked at: the file, what stood in it, whom it names as its sender.
pub(super) fn subject(judgement: &Judgement) -> String {
    let input = match judgement.path.as_str() {
        "-" => "what was given on standard input".to_owned(),
        path => shown(path),
    };
    let Some(message) = &judgement.message else { return input };
    let from = message.issuer.as_ref();
    let from =
        from.map_or_else(String::new, |from| format!(" that names {} as its issuer", shown(from)));
    format!("{input}: {}{from}", shown(&message.kind))
}

/// More than that nobody reads.
const MOST_ASIDES: usize = 8;
/// More than that nobody does first.
const MOST_STEPS: usize = 3;
