//! What goes wrong in the sheet of Calabi.

use crate::rules::Lint;

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[];
