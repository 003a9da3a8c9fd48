//! What is said after a configuration was written: to standard error, without values.

use std::io::Write as _;
use std::path::PathBuf;

use crate::commands::cell::CellArgs;
use crate::report::Report;
use crate::rule::{Finding, Severity};
use crate::setups::Draft;
use crate::source::printable;
use crate::world::World;

/// What is left to do.
pub(super) fn tell(
    draft: &Draft,
    report: &Report,
    named: &CellArgs,
    paths: Option<&[PathBuf]>,
    world: &mut World<'_>,
) {
    let shown = |path: &PathBuf| printable(&path.to_string_lossy()).into_owned();
    let written: Vec<String> = paths.unwrap_or_default().iter().map(shown).collect();
    let mut lines = Vec::new();
    for (name, file) in written.iter().zip(&draft.files) {
        let private =
            if file.holds_secret { ", readable by you alone: it holds a secret" } else { "" };
        lines.push(format!("wrote {name}{private}"));
    }
    if !draft.open.is_empty() {
        lines.push(format!("to fill in: {}", draft.open.join(", ")));
    }
    if !draft.referred.is_empty() {
        let secrets = draft.referred.join(", ");
        lines.push(format!("secrets are not written here but looked up elsewhere: {secrets}"));
    }
    for place in &draft.beside {
        lines.push(format!("put the identity provider's metadata where {place} leads to"));
    }
    lines.extend(report.findings.iter().filter_map(|one| told(&one.finding)));
    if !written.is_empty() {
        lines.push(format!("next: ssoctl validate {}", written.join(" ")));
    }
    if let (Some(app), Some(idp), Some(protocol)) = (&named.app, &named.idp, &named.protocol) {
        lines.push(format!(
            "the other side: ssoctl setup --app {app} --idp {idp} --protocol {protocol}"
        ));
    }
    for line in lines {
        drop(writeln!(world.stderr, "{line}"));
    }
}

/// A finding in a line, unless it is about a placeholder: those are listed already.
fn told(finding: &Finding) -> Option<String> {
    let place = &finding.problem.place;
    let at = &place.source.text()[place.span.range()];
    let is_placeholder = at.contains('<') && at.contains('>') && !at.contains("</");
    if finding.severity == Severity::Info || is_placeholder {
        return None;
    }
    let line = place.source.location(place.span.start).line;
    let name = place.source.name();
    let (severity, code) = (finding.severity, finding.rule.code);
    let text = format!("{name}:{line}: {severity}[{code}]: {}", finding.problem.message);
    Some(printable(&place.source.scrub(&text)).into_owned())
}
