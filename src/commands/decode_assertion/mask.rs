//! Hiding what is personal, so that a result can be shown to others.

use std::sync::Arc;

use crate::commands::decode_assertion::view::claimed;
use crate::rule::Finding;
use crate::saml::judge::View;
use crate::source::Source;

/// Whether and how values are hidden.
#[derive(Clone, Copy, Debug)]
pub(in crate::commands) struct Mask {
    /// Whether they are.
    pub(in crate::commands) is_on: bool,
}

impl Mask {
    /// A value as it may be shown: of an address its domain, of anything else its length.
    pub(in crate::commands) fn text(self, value: &str) -> String {
        if !self.is_on || value.is_empty() {
            return value.to_owned();
        }
        match value.split_once('@') {
            Some((_, domain)) if !domain.contains('@') => format!("***@{domain}"),
            _ => format!("*** ({} characters)", value.chars().count()),
        }
    }
}

/// Hides the values of a message wherever a finding speaks of them: its text becomes one in
/// which they are secrets.
pub(super) fn hide(findings: &mut [Finding], view: &View) {
    let Some(sent) = view.assertion.as_ref().map(claimed) else { return };
    let values = sent.attributes.into_iter().flat_map(|attribute| attribute.values);
    let name = sent.name_id.map(|name| name.value);
    hide_values(findings, &values.flatten().chain(name).collect::<Vec<String>>());
}

/// Hides values wherever a finding speaks of them.
pub(in crate::commands) fn hide_values(findings: &mut [Finding], values: &[String]) {
    for finding in findings {
        let place = &mut finding.problem.place;
        let (name, text) = (place.source.name(), place.source.text());
        let hidden = Source::understood(name, text, Vec::new(), &[], values.to_vec());
        place.source = Arc::new(hidden);
    }
}
