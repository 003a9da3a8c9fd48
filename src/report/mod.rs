//! The one place where findings are selected, re-levelled, accepted, sorted and counted.

mod allow;
mod baseline;
mod fingerprint;
pub mod judgement;
pub mod message;
mod selection;
pub mod token;
mod view;

use std::collections::HashSet;

use jiff::Timestamp;

pub use baseline::Baseline;
pub use selection::Selection;
pub use view::{ProviderView, TargetView};

use self::judgement::Judgement;

use crate::problem::{Problem, Safety};
use crate::rule::{Finding, Severity};
use crate::settings::Suppression;
use crate::source::Source;

/// What one run found.
#[derive(Debug)]
pub struct Report {
    /// The command that made it.
    pub command: &'static str,
    /// The instant of judgement.
    pub at: Timestamp,
    /// What was judged, and what it was understood as.
    pub targets: Vec<TargetView>,
    /// What is wrong: by file, then by place.
    pub findings: Vec<ReportedFinding>,
    /// Findings that a baseline hides.
    pub in_baseline: usize,
    /// Whether warnings fail the run.
    pub strict: bool,
    /// What a message or token came to; none for what is no such thing.
    pub judgement: Option<Box<Judgement>>,
    /// What was asked or read beside configurations, and what was found there.
    pub seen: Vec<Seen>,
}

/// What one document said, in a line: one part of the view of `check`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Seen {
    /// Whose it is: the id of a provider, or a host or file.
    pub of: String,
    /// What it is: `discovery`, `keys`, `metadata`, `clock`, or what a probe tried.
    pub what: String,
    /// Whether it could be had and read.
    pub ok: bool,
    /// What it says, in a few words.
    pub says: String,
    /// Where it was asked.
    pub url: Option<String>,
    /// How long the answer took, in milliseconds.
    pub milliseconds: Option<u64>,
}

/// A finding as it is reported: nothing secret and nothing dangerous in its words.
#[derive(Debug)]
pub struct ReportedFinding {
    /// The finding.
    pub finding: Finding,
    /// Stable while other parts of the file change.
    pub fingerprint: String,
}

impl ReportedFinding {
    /// Whether another finding says the same of another place.
    fn reads_as(&self, other: &Self) -> bool {
        let (one, two) = (&self.finding, &other.finding);
        one.rule.code == two.rule.code
            && one.severity == two.severity
            && one.problem.message == two.problem.message
            && one.problem.comparison == two.problem.comparison
            && one.problem.remedy == two.problem.remedy
    }
}

/// What was found in one target, before selection.
#[derive(Debug)]
pub struct Judged {
    /// What it was understood as; none for documents that belong to no configuration.
    pub view: Option<TargetView>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Comments that allow findings, by the name of their source.
    pub suppressions: Vec<(std::sync::Arc<Source>, Suppression)>,
}

impl Judged {
    /// Findings about documents that belong to no configuration.
    pub fn loose(findings: Vec<Finding>) -> Self {
        Self { view: None, findings, suppressions: Vec::new() }
    }
}

impl Report {
    /// The findings for people: those that read alike, but for their place, once and with their
    /// number. Each signature of a message has the same to say when the key is a wrong one.
    pub fn told_once(&self) -> Vec<(&ReportedFinding, usize)> {
        let mut told: Vec<(&ReportedFinding, usize)> = Vec::new();
        for reported in &self.findings {
            match told.iter_mut().find(|(known, _)| known.reads_as(reported)) {
                Some((_, count)) => *count += 1,
                None => told.push((reported, 1)),
            }
        }
        told
    }

    /// Selects and orders what was found.
    pub fn new(
        command: &'static str,
        at: Timestamp,
        judged: Vec<Judged>,
        selection: &Selection<'_>,
    ) -> Self {
        let mut targets = Vec::new();
        let mut findings: Vec<Finding> = Vec::new();
        let mut suppressions = Vec::new();
        for target in judged {
            let selected = target.findings.into_iter();
            findings.extend(selected.filter_map(|finding| selection.apply(finding)));
            suppressions.extend(target.suppressions);
            targets.extend(target.view);
        }
        let mut findings = allow::by_comments(findings, &suppressions, selection);
        // What is wrong with a suppression is selected like everything else.
        findings = findings.into_iter().filter_map(|finding| selection.apply(finding)).collect();
        findings = allow::by_settings(findings, selection, &targets);
        findings.sort_by(order);
        remove_repeated(&mut findings);
        let mut reported = fingerprint::all(findings);
        let before = reported.len();
        if let Some(baseline) = selection.baseline {
            reported.retain(|finding| !baseline.holds(finding));
        }
        let in_baseline = before - reported.len();
        for finding in &mut reported {
            scrub(&mut finding.finding.problem);
        }
        Self {
            command,
            at,
            targets,
            findings: reported,
            in_baseline,
            strict: selection.strict,
            seen: Vec::new(),
            judgement: None,
        }
    }

    /// A report on one message or token: the findings stay in the order of the verdict, the decisive
    /// one first.
    pub fn of_message(
        command: &'static str,
        at: Timestamp,
        judgement: Judgement,
        findings: Vec<Finding>,
        strict: bool,
    ) -> Self {
        let mut findings = fingerprint::all(findings);
        for finding in &mut findings {
            scrub(&mut finding.finding.problem);
        }
        let judgement = Some(Box::new(judgement));
        let (targets, seen) = (Vec::new(), Vec::new());
        Self { command, at, targets, findings, in_baseline: 0, strict, seen, judgement }
    }

    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.finding.severity == severity).count()
    }

    /// How many findings a program can mend without asking.
    pub fn fixable(&self) -> usize {
        self.fixes(Safety::Safe)
    }

    /// How many findings have a fix of that kind.
    pub fn fixes(&self, safety: Safety) -> usize {
        let problems = self.findings.iter().map(|finding| &finding.finding.problem);
        problems
            .filter(|problem| problem.fix.as_ref().is_some_and(|fix| fix.safety == safety))
            .count()
    }

    /// Whether the run fails.
    pub fn fails(&self) -> bool {
        self.count(Severity::Error) > 0 || (self.strict && self.count(Severity::Warning) > 0)
    }

    /// Whether a file could not be judged at all, because it is a template.
    pub fn is_undone(&self) -> bool {
        let mut findings = self.findings.iter().map(|finding| &finding.finding);
        findings.any(|finding| {
            finding.rule.code == "CONF010" && finding.problem.severity == Some(Severity::Error)
        })
    }
}

/// By file, line and column, the gravest first at one place.
fn order(one: &Finding, other: &Finding) -> std::cmp::Ordering {
    let key = |finding: &Finding| {
        let place = &finding.problem.place;
        (place.span.start, finding.severity, finding.rule.code)
    };
    let names = one.problem.place.source.name().cmp(other.problem.place.source.name());
    names.then_with(|| key(one).cmp(&key(other)))
}

/// One finding stands once, even where two targets share a file.
fn remove_repeated(findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        let problem = &finding.problem;
        let place = &problem.place;
        seen.insert((
            finding.rule.code,
            place.source.name().to_owned(),
            place.span,
            problem.message.clone(),
        ))
    });
}

/// The last gate before output: secrets out, dangerous characters written out.
fn scrub(problem: &mut Problem) {
    let mut sources = vec![std::sync::Arc::clone(&problem.place.source)];
    sources
        .extend(problem.related.iter().map(|related| std::sync::Arc::clone(&related.place.source)));
    let clean = |text: &mut String| {
        for source in &sources {
            *text = source.scrub(text);
        }
    };
    clean(&mut problem.message);
    for text in [&mut problem.label, &mut problem.why, &mut problem.remedy, &mut problem.provider]
        .into_iter()
        .flatten()
    {
        clean(text);
    }
    problem.notes.iter_mut().for_each(clean);
    if let Some(comparison) = &mut problem.comparison {
        clean(&mut comparison.expected);
        clean(&mut comparison.got);
        comparison.difference.iter_mut().for_each(clean);
    }
    problem.related.iter_mut().for_each(|related| clean(&mut related.message));
    if let Some(fix) = &mut problem.fix {
        clean(&mut fix.title);
    }
    // A fix is exact or it is not made: one that would have to show a secret is left out.
    let shows_secret = |text: &String| sources.iter().any(|source| source.holds_secret(text));
    let edits = problem.fix.iter().flat_map(|fix| &fix.edits);
    if edits.map(|edit| &edit.text).any(shows_secret) {
        problem.fix = None;
    }
}
