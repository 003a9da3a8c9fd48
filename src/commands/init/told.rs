//! What is said after a configuration was written: to standard error, without values.

use std::io::Write as _;
use std::path::Path;

use crate::commands::cell::CellArgs;
use crate::report::Report;
use crate::rule::Severity;
use crate::setups::Draft;
use crate::source::printable;
use crate::world::World;

/// What is left to do.
pub(super) fn tell(
    draft: &Draft,
    report: &Report,
    named: &CellArgs,
    output: Option<&Path>,
    world: &mut World<'_>,
) {
    let name = output.map(|path| printable(&path.to_string_lossy()).into_owned());
    let mut lines = Vec::new();
    if let Some(name) = &name {
        let private =
            if draft.holds_secret { ", readable by you alone: it holds a secret" } else { "" };
        lines.push(format!("wrote {name}{private}"));
    }
    if !draft.open.is_empty() {
        lines.push(format!("to fill in: {}", draft.open.join(", ")));
    }
    if !draft.referred.is_empty() {
        let names = draft.referred.join(", ");
        lines.push(format!("secrets are not written here but looked up elsewhere: {names}"));
    }
    for place in &draft.beside {
        lines.push(format!("put the identity provider's metadata where {place} leads to"));
    }
    lines.extend(report.findings.iter().map(|one| &one.finding).filter_map(|finding| {
        let is_told = finding.severity != Severity::Info && !is_placeholder(finding.rule.code);
        let line = finding.problem.place.source.location(finding.problem.place.span.start).line;
        let text = format!(
            "line {line}: {}[{}]: {}",
            finding.severity, finding.rule.code, finding.problem.message
        );
        is_told.then(|| printable(&finding.problem.place.source.scrub(&text)).into_owned())
    }));
    if let Some(name) = &name {
        lines.push(format!("next: ssoctl validate {name}"));
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

/// Whether a rule names placeholders, which are listed already.
fn is_placeholder(code: &str) -> bool {
    PLACEHOLDERS.contains(&code)
}

const PLACEHOLDERS: [&str; 3] = ["CLR053", "CONF008", "CVAT008"];
