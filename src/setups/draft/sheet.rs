//! The sheet in which Calabi's form is recorded.

use crate::deployment::FileKind;
use crate::setups::draft::{Draft, Writing};
use crate::setups::{Cell, Given};

/// Whether a sheet of this cell exists.
pub(super) fn records(_: &'static Cell) -> bool {
    false
}

/// The sheet.
pub(super) fn draft(writing: &Writing<'_>, _: &Given) -> Draft {
    writing.draft(String::new(), FileKind::Configuration, "calabi-sso.yml", &[])
}
