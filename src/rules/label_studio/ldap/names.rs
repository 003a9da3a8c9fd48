//! Variables that Label Studio does not document.

use crate::apps::label_studio_environment::{LsVariable, facts};
use crate::model::nearest;
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::label_studio::environment::{Environment, report};
use crate::rules::label_studio::environment_cards::UNKNOWN_VARIABLE;
use crate::source::Span;

pub(super) fn unknown(cx: &Environment<'_>, out: &mut Findings) {
    for set in &cx.process.variables {
        if set.fact.is_some() || !set.name.starts_with("AUTH_LDAP_") {
            continue;
        }
        let is_among = |names: &[String]| names.iter().any(|name| name == set.name);
        // What somebody wrote behind the name in its place may be anything, and is not shown.
        let is_sign = |c: char| matches!(c, ':' | '=') || c.is_whitespace();
        let name = set.variable.name.split(is_sign).next().unwrap_or_default();
        let message = format!("{name} is no variable of Label Studio's guide");
        let problem = Problem::new(message, set.name_place());
        let problem = if is_among(&facts().other_names.value) {
            problem
                .severity(Severity::Info)
                .why("it is a setting of the library django-auth-ldap, and whether Label Studio takes it from a variable is not documented")
                .remedy("test that it has an effect")
        } else if is_among(&facts().former_names.value) {
            problem
                .severity(Severity::Info)
                .why("an older release read it, for a role of another name")
                .remedy(
                    "AUTH_LDAP_ORGANIZATION_ROLE_REVIEWER or AUTH_LDAP_ORGANIZATION_ROLE_ANNOTATOR",
                )
        } else if let Some(meant) = meant(set) {
            let problem = problem
                .label(format!("did you mean {meant}?"))
                .why("a variable of a name that nobody reads has no effect")
                .remedy(meant);
            renamed(cx, set, meant, problem)
        } else {
            problem
                .severity(Severity::Info)
                .why("whether a release reads it is not documented")
                .remedy("test that it has an effect, or leave it out")
        };
        report(&UNKNOWN_VARIABLE.rule, set, problem, out);
    }
}

/// The variable that is plainly meant.
fn meant(set: &LsVariable<'_>) -> Option<&'static str> {
    let known = || facts().variables.iter().map(|fact| fact.name.as_str());
    // `..._ROLE_ADMIN` for the one name that goes on after it.
    let mut longer = known().filter(|name| name.starts_with(set.name) && *name != set.name);
    let only = longer.next().filter(|_| longer.next().is_none());
    nearest(set.name, known()).map(|(name, _)| name).or(only)
}

/// With the change of name, where the name stands there as it is and is free.
fn renamed(cx: &Environment<'_>, set: &LsVariable<'_>, meant: &str, problem: Problem) -> Problem {
    let whole = set.variable.name_span;
    let written = set.document.source.text().get(whole.range());
    let start = whole.end.checked_sub(set.name.len());
    let is_free = cx.process.lookup(meant).is_none();
    match (written, start) {
        (Some(written), Some(start)) if written == set.variable.name && is_free => problem
            .safe_fix(
                format!("rename it to {meant}"),
                vec![(Span::new(start, whole.end), meant.to_owned())],
            ),
        _ => problem,
    }
}
