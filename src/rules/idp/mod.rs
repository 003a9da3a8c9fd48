//! What goes wrong with identity providers, whatever the application.

mod addresses;
mod certificate;
mod name_id;
pub(super) mod reuse;
mod scim;

use crate::rules::Lint;
use crate::rules::captured::{certificates, discovery, documents, metadata, registration};

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[
    &addresses::ADMIN_CONSOLE_URL,
    &addresses::SWAPPED_PARTY_URL,
    &documents::SP_METADATA,
    &documents::WRONG_DOCUMENT,
    &certificates::EXPIRED,
    &certificate::WEAK,
    &certificates::ROLLOVER,
    &metadata::EXPIRED,
    &metadata::MISSING_BINDING,
    &registration::CALLBACK_MISMATCH,
    &registration::WILDCARD_REDIRECT,
    &name_id::NONEXISTENT_FORMAT,
    &scim::NO_OUTBOUND,
    &discovery::FOREIGN_ISSUER,
    &reuse::REUSED_SP_ENTITY_ID,
];
