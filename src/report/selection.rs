//! Which findings count, and how much.

use std::collections::BTreeMap;

use crate::report::Baseline;
use crate::rule::{Finding, Rule, Severity};
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
    /// Whether findings of a rule count here at all.
    pub(super) fn takes(&self, rule: &Rule) -> bool {
        let is_named = |names: &[String]| names.iter().any(|name| rule.is_named(name));
        (self.select.is_empty() || is_named(&self.select)) && !is_named(&self.ignore)
    }

    /// The finding as it counts here; none where it does not.
    pub(super) fn apply(&self, mut finding: Finding) -> Option<Finding> {
        if !self.takes(finding.rule) {
            return None;
        }
        if let Some(severity) = self.severities.get(finding.rule.code) {
            finding.severity = *severity;
        }
        Some(finding)
    }
}
