//! What goes wrong in the variables and files of ClearML's server.

pub(super) mod captured;
mod carriers;
mod companies;
mod context;
mod endpoints;
mod groups;
mod ldap;
mod names;
pub(super) mod saml;
mod types;
mod values;

use std::sync::Arc;

use context::Context;

use crate::rule::Findings;
use crate::rules::{Lint, Subject};

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[
    &names::UNKNOWN_KEY,
    &names::WRONG_ROOT,
    &names::UNKNOWN_PROVIDER,
    &names::WRONG_PREFIX,
    &names::CAMEL_CASE,
    &names::SET_TWICE,
    &names::STRAY_CHARACTER,
    &values::UNPARSABLE,
    &values::CUT,
    &types::OTHER_TYPE,
    &types::NO_LIST,
    &types::NO_BOOLEAN,
    &values::UNRESOLVED,
    &values::NOT_TEXT,
    &values::DOLLAR,
    &endpoints::MISSING,
    &endpoints::BAD_URL,
    &endpoints::MIXED,
    &endpoints::ENTRA,
    &captured::FOREIGN_ENDPOINT,
    &endpoints::PKCE,
    &saml::IDP_ENTITY_ID,
    &saml::NO_METADATA,
    &captured::NO_REDIRECT_ENDPOINT,
    &captured::EXPIRED,
    &saml::NOT_MOUNTED,
    &saml::RENAMED_CLAIM,
    &saml::DEFAULT_CLAIMS,
    &groups::NOT_ENABLED,
    &groups::ENTRA_CLAIM,
    &groups::GUID,
    &groups::DN,
    &groups::MUST_EXIST,
    &groups::PROHIBITION,
    &companies::NONE,
    &companies::OF_OTHER,
    &companies::ODD_ID,
    &companies::PLACEHOLDER,
    &carriers::WRONG_SERVICE,
    &captured::CALLBACK_MISMATCH,
    &carriers::API_HOST,
    &ldap::CONTRADICTION,
    &ldap::UNCHECKED,
    &carriers::EQUAL_NAMES,
    &carriers::PLAIN_SECRET,
];

/// Everything at once: the texts are read with the server's eyes a single time.
fn judge(subject: &Subject<'_>, out: &mut Findings) {
    let cx = Context::new(subject);
    let before = out.0.len();
    for check in CHECKS {
        check(&cx, out);
    }
    let parts = subject.deployment.parts.iter().filter(|part| !part.is_judged);
    let others: Vec<_> = parts.filter_map(|part| part.document()).collect();
    let mut at = 0;
    out.0.retain(|finding| {
        at += 1;
        let source = &finding.problem.place.source;
        at <= before || !others.iter().any(|document| Arc::ptr_eq(&document.source, source))
    });
}

const CHECKS: [fn(&Context<'_>, &mut Findings); 10] = [
    names::judge,
    values::judge,
    types::judge,
    endpoints::judge,
    saml::judge,
    groups::judge,
    companies::judge,
    companies::placeholders,
    carriers::judge,
    ldap::judge,
];
