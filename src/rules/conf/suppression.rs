//! Cards of what can be wrong with a suppression; the report finds it, once all findings are known.

use crate::rules::card::lint;
use crate::rules::{Check, Lint};

/// A suppression that hides nothing.
pub static UNUSED: Lint = lint!(
    "CONF012",
    "unused-suppression",
    Warning,
    "a suppression that suppresses nothing",
    Check::Elsewhere
);
/// A suppression without a reason, or of a code that does not exist.
pub static UNFOUNDED: Lint = lint!(
    "CONF013",
    "unfounded-suppression",
    Warning,
    "a suppression without a reason, or of an unknown code",
    Check::Elsewhere
);
