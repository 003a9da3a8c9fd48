//! How the entry of somebody who logs in is found.

use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::label_studio::environment::{Environment, LDAP_SWITCH, report};
use crate::rules::label_studio::environment_cards::{TEMPLATE_WITHOUT_USER, USER_LOOKUP};

pub(super) fn template_without_user(cx: &Environment<'_>, out: &mut Findings) {
    let Some((set, template)) = cx.process.text(TEMPLATE) else { return };
    if template.contains("%(user)s") {
        return;
    }
    let message = format!("{} has no %(user)s", set.variable.name);
    let problem = Problem::new(message, set.place())
        .why("what somebody types takes the place of %(user)s; without it everybody asks for one and the same entry")
        .remedy("uid=%(user)s,ou=people,dc=acme,dc=test");
    report(&TEMPLATE_WITHOUT_USER.rule, &set, problem, out);
}

pub(super) fn two_or_none(cx: &Environment<'_>, out: &mut Findings) {
    let process = cx.process;
    if let (Some((template, _)), Some((bases, _))) = (process.text(TEMPLATE), process.text(BASES)) {
        let problem =
            Problem::new("users are looked up by a template and by a search at once", bases.place())
                .related(template.place(), "the template")
                .why("while the template is set, the directory is not searched: nobody whose entry lies elsewhere can log in")
                .remedy(format!("{TEMPLATE}= with nothing behind it, or no {BASES}"));
        report(&USER_LOOKUP.rule, &bases, problem, out);
        return;
    }
    let Some(switch) = process.lookup(LDAP_SWITCH).filter(|_| cx.has_ldap()) else { return };
    if process.has(TEMPLATE) || process.has(BASES) || !process.is_complete {
        return;
    }
    let problem = Problem::new("nothing says how users are looked up", switch.place())
        .why("with neither a template nor a search no entry is ever found, and nobody can log in")
        .remedy(format!("{BASES}=ou=people,dc=acme,dc=test, or {TEMPLATE}"));
    report(&USER_LOOKUP.rule, &switch, problem, out);
}

const TEMPLATE: &str = "AUTH_LDAP_USER_DN_TEMPLATE";
const BASES: &str = "AUTH_LDAP_USER_SEARCH_BASES";
