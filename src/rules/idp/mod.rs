//! What goes wrong with identity providers, whatever the application.

mod addresses;
mod certificate;
mod name_id;
pub(super) mod reuse;
mod scim;

use crate::rules::Lint;

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[
    &addresses::ADMIN_CONSOLE_URL,
    &addresses::SWAPPED_PARTY_URL,
    &certificate::WEAK,
    &name_id::NONEXISTENT_FORMAT,
    &scim::NO_OUTBOUND,
    &reuse::REUSED_SP_ENTITY_ID,
];
