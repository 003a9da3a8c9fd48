//! Switches that are neither yes nor no.

use crate::apps::label_studio_environment::{LsKind, LsVariable, boolean};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::label_studio::environment::{Environment, report};
use crate::rules::label_studio::environment_cards::UNREADABLE_BOOLEAN;

pub(super) fn unreadable(cx: &Environment<'_>, out: &mut Findings) {
    for set in &cx.process.variables {
        let Some(text) = unread(set) else { continue };
        let name = &set.variable.name;
        let what = if text.is_empty() { "is set to nothing" } else { "is neither yes nor no" };
        let problem = Problem::new(format!("{name} {what}"), set.place())
            .why("Label Studio reads true, yes, on, 1 and false, no, not, off, 0, in any case, and does not start with another word");
        let problem = match meant(text) {
            Some(word) => {
                let problem = problem.remedy(format!("{name}={word}"));
                match set.variable.rewrite(word) {
                    Some(edits) => problem.safe_fix(format!("write {word}"), edits),
                    None => problem,
                }
            }
            None => problem.remedy("1 or 0"),
        };
        report(&UNREADABLE_BOOLEAN.rule, set, problem, out);
    }
}

/// The text of a switch that is no yes or no.
fn unread<'t>(set: &LsVariable<'t>) -> Option<&'t str> {
    let kind = set.fact?.kind;
    let is_switch = matches!(kind, LsKind::Boolean | LsKind::OptionalBoolean);
    let text = set.variable.known().filter(|_| is_switch && !set.variable.holds_secret)?;
    let may_be_empty = kind == LsKind::OptionalBoolean && text.is_empty();
    (boolean(text).is_none() && !may_be_empty).then_some(text)
}

/// The word that is plainly meant.
fn meant(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    match boolean(&text) {
        Some(true) => Some("1"),
        Some(false) => Some("0"),
        None if ["y", "t", "enabled", "enable"].contains(&text.as_str()) => Some("1"),
        None if ["n", "f", "disabled", "disable"].contains(&text.as_str()) => Some("0"),
        None => None,
    }
}
