//! Words, places and groups that several forms share.

use std::collections::HashMap;

use crate::problem::Place;
use crate::render::{Style, json};
use crate::report::{Report, ReportedFinding};
use crate::rule::Severity;
use crate::source::{Location, printable};

/// One file of a report and what is wrong with it.
#[derive(Debug)]
pub(super) struct File<'r> {
    /// Its name, as it may be shown.
    pub(super) path: String,
    /// Its findings, in the order of the report.
    pub(super) findings: Vec<&'r ReportedFinding>,
}

/// The files of a report: the targets in their order, then whatever else has a finding.
pub(super) fn files(report: &Report) -> Vec<File<'_>> {
    let mut files = Vec::new();
    let mut places = HashMap::new();
    let targets = report.targets.iter().map(|target| (target.path.as_str(), None));
    let findings = report
        .findings
        .iter()
        .map(|reported| (reported.finding.problem.place.source.name(), Some(reported)));
    for (name, finding) in targets.chain(findings) {
        let place = *places.entry(name).or_insert(files.len());
        if place == files.len() {
            files.push(File { path: printable(name).into_owned(), findings: Vec::new() });
        }
        files[place].findings.extend(finding);
    }
    files
}

/// Whether a finding is told one by one: info findings only when everything is.
pub(super) fn is_told(reported: &ReportedFinding, style: Style) -> bool {
    style.verbose || reported.finding.severity != Severity::Info
}

/// What is wrong, then why it matters, what to write and further remarks: a line each.
pub(super) fn explained(reported: &ReportedFinding) -> String {
    let mut lines = vec![reported.finding.problem.message.clone()];
    lines.extend(json::notes(reported));
    lines.join("\n")
}

/// The code and the name of a rule: how a finding is called in a list.
pub(super) fn title(reported: &ReportedFinding) -> String {
    let rule = reported.finding.rule;
    format!("{} {}", rule.code, rule.name)
}

/// Where a place begins, and the first position after it.
pub(super) fn extent(place: &Place) -> (Location, Location) {
    let start = place.source.location(place.span.start);
    let end = place.source.location(place.span.end);
    (start, end.max(start))
}

/// A number of things: `1 error`, `2 errors`.
pub(super) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
