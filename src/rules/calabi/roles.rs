//! Roles of Calabi.

use crate::apps::calabi::{facts, mappings};
use crate::model::{Role, Setting, nearest};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject, edits};

pub(in crate::rules) static UNKNOWN: Lint = lint!(
    "CAL010",
    "unknown-role",
    Error,
    "a role that Calabi does not have",
    Check::Provider(unknown)
);
pub(in crate::rules) static PRIVILEGED_DEFAULT: Lint = lint!(
    "CAL011",
    "privileged-default-role",
    Warning,
    "people whom no mapping fits get more than the least role",
    Check::Provider(privileged_default)
);
pub(in crate::rules) static NO_ADMIN: Lint = lint!(
    "CAL017",
    "no-admin-mapping",
    Info,
    "no group is mapped to Admin",
    Check::Provider(no_admin)
);

fn unknown(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let rows = mappings(cx.provider);
    let roles = rows.iter().map(|row| row.setting("role"));
    for setting in default_role(cx).into_iter().chain(roles) {
        let Some(role) = setting.text().filter(|role| !is_role(role)) else { continue };
        out.report(&UNKNOWN.rule, unknown_role(cx, setting, role));
    }
}

fn unknown_role(cx: &ProviderSubject<'_>, setting: &Setting<'_>, role: &str) -> Problem {
    let roles = &facts().roles.value;
    let near = nearest(role, roles.iter().map(String::as_str)).map(|(near, _)| near);
    let problem = cx
        .value_problem(format!("Calabi has no role {}", cx.subject.shown(setting)), setting)
        .why("the form offers four roles, and nothing else can be chosen there");
    let Some(near) = near else {
        return problem.remedy(format!("one of {}", roles.join(", ")));
    };
    let source = cx.subject.document().map(|document| &document.source);
    let edit =
        source.zip(setting.value()).and_then(|(source, value)| edits::text(source, value, near));
    let problem = problem.remedy(format!("did you mean {near}?"));
    match edit {
        Some(edit) => problem.unsafe_fix(format!("write {near}"), edit),
        None => problem,
    }
}

fn privileged_default(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let facts = facts();
    let least = &facts.least_role.value;
    let Some(setting) = default_role(cx) else { return };
    let Some(role) = setting.text().filter(|role| is_role(role) && role != least) else { return };
    let is_most = role == facts.most_role.value;
    let problem = cx
        .value_problem(format!("everybody whom no mapping fits becomes {role}"), setting)
        .severity(if is_most { Severity::Warning } else { Severity::Info })
        .why(
            "a group that is missing, renamed or not sent then gives rights instead of taking them",
        )
        .remedy(format!("{least} in Default Role, and a group for {role}"));
    out.report(&PRIVILEGED_DEFAULT.rule, problem);
}

fn no_admin(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let rows = mappings(cx.provider);
    let most = &facts().most_role.value;
    let is_known = |setting: &Setting<'_>| setting.text().is_some_and(is_role);
    if rows.is_empty() || rows.iter().any(|row| !is_known(row.setting("role"))) {
        return;
    }
    let is_most = |setting: &Setting<'_>| setting.text().is_some_and(|role| role == most);
    if rows.iter().any(|row| is_most(row.setting("role"))) || default_role(cx).is_some_and(is_most)
    {
        return;
    }
    let Some(table) = cx.provider.setting(Role::GroupTable) else { return };
    let problem =
        Problem::new(format!("no group is mapped to {most}"), cx.subject.key_place(table))
            .why("nobody who comes this way can administer Calabi")
            .remedy(
                "an administrator with a local password, kept for such days, or a row for Admin",
            );
    out.report(&NO_ADMIN.rule, problem);
}

fn default_role<'s>(cx: &ProviderSubject<'s>) -> Option<&'s Setting<'s>> {
    cx.provider.settings.iter().find(|setting| setting.card.key == "default_role")
}

fn is_role(role: &str) -> bool {
    facts().roles.value.iter().any(|known| known == role)
}
