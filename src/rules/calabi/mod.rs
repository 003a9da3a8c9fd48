//! What goes wrong in the sheet of Calabi. The sheet records what stands in forms, so its findings
//! say what to change there; only slips of the sheet itself have fixes.

mod addresses;
mod attributes;
mod captured;
mod groups;
pub(super) mod metadata;
mod roles;
mod scim;
mod session;
mod shape;
mod signing;

use crate::idps::Idp;
use crate::rules::Lint;

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[
    &addresses::WRONG_ACS_URL,
    &addresses::WRONG_ENTITY_ID,
    &addresses::SWAPPED,
    &addresses::WRONG_HOST,
    &attributes::MISSING,
    &attributes::OTHER_CASE,
    &attributes::UNREGISTERED_FORMAT,
    &attributes::NAME_ID_FORMAT,
    &addresses::WRONG_SLO_URL,
    &roles::UNKNOWN,
    &roles::PRIVILEGED_DEFAULT,
    &groups::TWO_ROLES,
    &groups::OUTSIDE_FILTER,
    &groups::MIXED_KINDS,
    &attributes::NO_GROUPS,
    &groups::CASE_ONLY,
    &roles::NO_ADMIN,
    &metadata::INVALID_URL,
    &metadata::GOOGLE,
    &metadata::OWN,
    &signing::WEAK,
    &addresses::WRONG_SCIM_URL,
    &scim::UNSUPPORTED,
    &scim::PLAIN_TOKEN,
    &session::OUT_OF_RANGE,
    &session::IDLE_TOO_LONG,
    &session::OPTIONAL_MFA,
    &metadata::NO_DEFAULT,
    &shape::UNKNOWN_KEY,
    &shape::WRONG_TYPE,
    &shape::MISSING_SETTING,
];

/// Where a value of Calabi is typed in at an identity provider, in the words of its console.
fn field_at(idp: &Idp, what: &str, otherwise: &str) -> String {
    let paste = &idp.facts().labels.paste;
    let field = paste.iter().find(|field| field.protocol == "saml" && field.what == what);
    field.map_or_else(
        || format!("{otherwise} at the identity provider"),
        |field| format!("{} at {}", field.label, idp.name),
    )
}
