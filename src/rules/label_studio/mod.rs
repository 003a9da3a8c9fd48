//! What goes wrong in the settings and the environment of Label Studio.

mod environment;
pub(super) mod environment_cards;
mod ldap;

use crate::rules::Lint;

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[];
