//! Accounts that an identity provider is to push.

use crate::idps;
use crate::model::Role;
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};

pub(in crate::rules) static NO_OUTBOUND: Lint = lint!(
    "IDP015",
    "scim-from-idp-without-it",
    Error,
    "SCIM is asked of an identity provider that pushes no accounts",
    Check::Settings(no_outbound)
);

fn no_outbound(cx: &Subject<'_>, out: &mut Findings) {
    let Some(setting) = cx.config.setting(Role::ScimIdp) else { return };
    let Some(idp) = setting.text().and_then(idps::named) else { return };
    let outbound = &idp.facts().scim.outbound;
    if outbound.value != Some(false) {
        return;
    }
    let severity = if outbound.carries_error() { Severity::Error } else { Severity::Warning };
    let message = format!("{} pushes no accounts over SCIM to {}", idp.name, cx.app.name);
    let problem = Problem::new(message, cx.value_place(setting))
        .severity(severity)
        .why("no account would ever be created, changed or blocked from there")
        .remedy("accounts that are made at the first login, by hand or by another directory");
    out.report(&NO_OUTBOUND.rule, problem);
}
