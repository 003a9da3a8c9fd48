//! What goes wrong in the settings and the environment of Label Studio.

use crate::rules::Lint;

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[];
