//! What goes wrong in the variables and files of ClearML's server.

use crate::rules::Lint;

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[];
