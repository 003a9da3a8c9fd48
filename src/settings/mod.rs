//! `ssoctl.toml`, and comments that allow a finding.

mod file;
mod suppression;

pub use file::{Accepted, FileTarget, LintSettings, Settings, SettingsError};
pub use suppression::{Suppression, suppressions};
