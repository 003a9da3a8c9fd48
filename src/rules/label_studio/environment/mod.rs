//! What goes wrong in the variables of Label Studio's processes.

mod booleans;
mod later;
mod names;
mod quotes;
mod signatures;

use std::collections::HashSet;

use crate::apps::label_studio_environment::{LsEnvironment, LsVariable, Process};
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Rule, Severity};
use crate::rules::Subject;
use crate::rules::label_studio::ldap;

/// One process under judgement.
pub(super) struct Environment<'s> {
    /// Its deployment.
    pub(super) subject: &'s Subject<'s>,
    /// What it gets.
    pub(super) process: &'s Process<'s>,
}

impl Environment<'_> {
    /// Whether LDAP is plainly switched on.
    pub(super) fn has_ldap(&self) -> bool {
        self.process.boolean(LDAP_SWITCH) == Some(true)
    }
}

/// Reports something about a variable, if its text is judged here.
pub(super) fn report(
    rule: &'static Rule,
    set: &LsVariable<'_>,
    problem: Problem,
    out: &mut Findings,
) {
    if set.is_judged {
        out.report(rule, problem);
    }
}

/// A check of one process.
type Judge = fn(&Environment<'_>, &mut Findings);

/// Everything that is wrong with the processes.
pub(super) fn judge(subject: &Subject<'_>, out: &mut Findings) {
    let carried = subject.deployment.carried();
    let environment = LsEnvironment::new(&carried);
    let start = out.0.len();
    for process in &environment.processes {
        let cx = Environment { subject, process };
        for judge in JUDGES {
            judge(&cx, out);
        }
        let of_ldap = out.0.len();
        for judge in ldap::JUDGES {
            judge(&cx, out);
        }
        if process.boolean(LDAP_SWITCH) == Some(false) {
            relevel(out, of_ldap);
        }
    }
    later::filled_in_later(&environment, out);
    once(out, start);
}

/// Nothing of LDAP is in force while it is switched off.
fn relevel(out: &mut Findings, start: usize) {
    for finding in &mut out.0[start..] {
        finding.severity = Severity::Info;
        let note = format!("{LDAP_SWITCH} is off, so this has no effect yet");
        finding.problem.notes.push(note);
    }
}

/// What several processes get from one place is told once.
fn once(out: &mut Findings, start: usize) {
    let mut seen = HashSet::new();
    let mut at = 0;
    out.0.retain(|finding| {
        at += 1;
        let Place { source, span, .. } = &finding.problem.place;
        at <= start || seen.insert((finding.rule.code, source.name().to_owned(), *span))
    });
}

/// The variable that switches LDAP on.
pub(super) const LDAP_SWITCH: &str = "AUTH_LDAP_ENABLED";

const JUDGES: &[Judge] = &[
    signatures::none_required,
    signatures::unmet,
    signatures::unchecked_tls,
    signatures::unsolicited,
    names::contradicting,
    quotes::quoted,
    booleans::unreadable,
];
