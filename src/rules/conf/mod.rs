//! What goes wrong in any configuration file.

mod duplicates;
pub(super) mod environment;
pub(in crate::rules) mod later;
mod merge;
mod placeholders;
pub(super) mod secret_expiry;
pub(super) mod suppression;
pub(super) mod unreadable;

use crate::rules::Lint;

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[
    &unreadable::UNPARSABLE,
    &unreadable::NOT_UTF_8,
    &unreadable::CEILING_REACHED,
    &environment::DUPLICATE_KEY,
    &unreadable::SEVERAL_DOCUMENTS,
    &unreadable::OBJECT_TAG,
    &unreadable::BROKEN_ALIAS,
    &placeholders::PLACEHOLDER,
    &later::FILLED_IN_LATER,
    &secret_expiry::SECRET_EXPIRY,
    &suppression::UNUSED,
    &suppression::UNFOUNDED,
    &merge::MERGE_CONFLICT,
];
