//! Variables whose values something else fills in.

use crate::apps::label_studio_environment::LsEnvironment;
use crate::carriers::Seen;
use crate::deployment::FileKind;
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::conf::later::FILLED_IN_LATER;
use crate::rules::label_studio::environment::report;

/// Once a file, at the first such variable; environment files are looked at elsewhere.
pub(super) fn filled_in_later(environment: &LsEnvironment<'_>, out: &mut Findings) {
    let mut told: Vec<&str> = Vec::new();
    for set in environment.processes.iter().flat_map(|process| &process.variables) {
        let file = set.document.source.name();
        let is_unknown = set.variable.seen == Seen::Unknown && set.fact.is_some();
        if !is_unknown || set.kind == FileKind::Environment || told.contains(&file) {
            continue;
        }
        told.push(file);
        let message = format!("{} is filled in later, and is not judged", set.variable.name);
        let problem = Problem::new(message, set.place())
            .severity(Severity::Info)
            .why("what stands here is a reference, not the value that Label Studio gets")
            .remedy("lint it where the reference is known as well");
        report(&FILLED_IN_LATER.rule, set, problem, out);
    }
}
