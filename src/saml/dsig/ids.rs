//! The IDs of a document: what carries them, and that each is one element's alone.

use std::collections::BTreeMap;

use crate::saml::dsig::fault::{Fault, FaultKind};
use crate::xml::tree::{Document, Element, NodeId, TreeAttribute};

/// All IDs of a document, however they are spelled.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// The first element with an attribute `ID`, by its value.
    exact: BTreeMap<String, NodeId>,
    /// The first element with any attribute that looks like an ID, by its value.
    alike: BTreeMap<String, NodeId>,
}

impl Ids {
    /// Collects the IDs, and what is wrong with them.
    pub(super) fn collect(document: &Document, faults: &mut Vec<Fault>) -> Self {
        let mut ids = Self::default();
        for node in document.descendants(document.root()) {
            let Some(element) = document.element(node) else { continue };
            ids.take(node, element, faults);
        }
        ids
    }

    fn take(&mut self, node: NodeId, element: &Element, faults: &mut Vec<Fault>) {
        let mut alike = element.attributes.iter().filter(|attribute| looks_like_id(attribute));
        let Some(first) = alike.next() else { return };
        if let Some(second) = alike.next() {
            let kind = FaultKind::IdAmbiguous(written(first), written(second));
            faults.push(Fault::new(kind, element.start_tag));
        }
        for attribute in element.attributes.iter().filter(|attribute| looks_like_id(attribute)) {
            let id = &attribute.value.value;
            match self.alike.get(id) {
                Some(&other) if other != node => {
                    faults
                        .push(Fault::new(FaultKind::DuplicateId(id.clone()), attribute.value.span));
                }
                _ => {
                    self.alike.insert(id.clone(), node);
                }
            }
        }
        if let Some(id) = element.attribute("ID") {
            self.exact.entry(id.value.value.clone()).or_insert(node);
        }
    }

    /// Where a reference leads. Only `ID` counts; another spelling is found only so that it can be
    /// told.
    pub(super) fn target(&self, id: &str) -> Option<NodeId> {
        self.exact.get(id).or_else(|| self.alike.get(id)).copied()
    }
}

/// Whether a text can be referred to: characters of names and colons, so that no expression and no
/// second meaning fits in.
pub(super) fn is_safe(id: &str) -> bool {
    let is_safe = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    !id.is_empty() && id.chars().all(is_safe)
}

/// Whether it is an ID as XML has it: a name without a colon.
pub(super) fn is_name(id: &str) -> bool {
    let starts = id.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts && !id.contains(':') && is_safe(id)
}

/// Whether some reader takes an attribute for the ID of its element.
pub(in crate::saml) fn looks_like_id(attribute: &TreeAttribute) -> bool {
    is_like(&attribute.name.local)
}

/// Whether a name is a spelling of `ID`.
pub(super) fn is_like(local: &str) -> bool {
    local.eq_ignore_ascii_case("id")
}

fn written(attribute: &TreeAttribute) -> String {
    match attribute.prefix.as_str() {
        "" => attribute.name.local.clone(),
        prefix => format!("{prefix}:{}", attribute.name.local),
    }
}
