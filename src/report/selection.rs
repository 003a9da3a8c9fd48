//! Which findings count, and how much.

use std::collections::BTreeMap;

use crate::report::Baseline;
use crate::rule::{Finding, Severity};
use crate::settings::Settings;

/// Which findings count, and how much.
#[derive(Debug)]
pub struct Selection<'s> {
    /// Codes, beginnings of codes, or names; all where the list is empty.
    pub select: Vec<String>,
    /// Codes, beginnings of codes, or names.
    pub ignore: Vec<String>,
    /// Severities of rules by their codes.
    pub severities: BTreeMap<String, Severity>,
    /// Whether warnings fail the run.
    pub strict: bool,
    /// Findings that were there before the linter came.
    pub baseline: Option<&'s Baseline>,
    /// What `ssoctl.toml` accepts.
    pub settings: &'s Settings,
}

impl Selection<'_> {
    /// The finding as it counts here; none where it does not.
    pub(super) fn apply(&self, mut finding: Finding) -> Option<Finding> {
        let is_named = |names: &[String]| names.iter().any(|name| names_rule(name, &finding));
        if (!self.select.is_empty() && !is_named(&self.select)) || is_named(&self.ignore) {
            return None;
        }
        if let Some(severity) = self.severities.get(finding.rule.code) {
            finding.severity = *severity;
        }
        Some(finding)
    }
}

fn names_rule(name: &str, finding: &Finding) -> bool {
    let name = name.trim();
    name == finding.rule.name
        || (!name.is_empty() && finding.rule.code.starts_with(&name.to_ascii_uppercase()))
}
