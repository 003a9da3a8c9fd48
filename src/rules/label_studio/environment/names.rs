//! One setting under two of its names.

use crate::apps::label_studio_environment::LsVariable;
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::conf::environment::DUPLICATE_KEY;
use crate::rules::label_studio::environment::{Environment, report};

/// Told at the one that has no effect.
pub(super) fn contradicting(cx: &Environment<'_>, out: &mut Findings) {
    for set in cx.process.variables.iter().filter(|set| set.fact.is_some()) {
        let Some(first) = cx.process.lookup(set.name) else { continue };
        if first.variable.name == set.variable.name || !differ(&first, set) {
            continue;
        }
        let (own, first_name) = (&set.variable.name, &first.variable.name);
        let problem = Problem::new(format!("{own} has no effect beside {first_name}"), set.place())
            .severity(Severity::Warning)
            .related(first.place(), "this one counts")
            .why("both are names of one setting: LABEL_STUDIO_ is read first, then HEARTEX_, then the bare name")
            .remedy("keep one of them");
        report(&DUPLICATE_KEY.rule, set, problem, out);
    }
}

/// Whether two values are known to be different.
fn differ(one: &LsVariable<'_>, other: &LsVariable<'_>) -> bool {
    let (Some(text), Some(other_text)) = (one.variable.known(), other.variable.known()) else {
        return false;
    };
    let same_switch = one.boolean().zip(other.boolean()).is_some_and(|(one, other)| one == other);
    text != other_text && !same_switch
}
