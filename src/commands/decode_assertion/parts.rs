//! The elements of a message down to what matters, for a picture of it.

use crate::commands::decode_assertion::mask::{Mask, is_personal};
use crate::report::message::PartView;
use crate::saml::judge::View;
use crate::xml::tree::{Document, NodeId};

/// The elements, in the order of the document, with what was decrypted in its place.
pub(super) fn of(view: &View, mask: Mask) -> Vec<PartView> {
    let mut parts = Vec::new();
    let held = |is_decrypted: bool| -> Vec<NodeId> {
        let signatures = view.signatures.iter().filter(|one| one.key.is_some());
        let own = signatures.filter(|one| one.is_decrypted == is_decrypted);
        own.filter_map(|one| one.node).collect()
    };
    let is_all_held = view.signatures.iter().any(|one| one.node.is_none() && one.key.is_some());
    let outer = held(false);
    let decrypted = view.assertion.as_ref().and_then(|assertion| assertion.decrypted.as_ref());
    for (node, depth) in shown(&view.document) {
        let is_signed = is_all_held || is_below(&view.document, node, &outer);
        let part = part(&view.document, node, depth, mask, is_signed);
        let is_envelope = part.name == "EncryptedAssertion";
        parts.push(part);
        let Some(inner) = decrypted.filter(|_| is_envelope) else { continue };
        let held = held(true);
        for (node, below) in shown(inner) {
            let is_signed = is_signed || is_below(inner, node, &held);
            let mut part = self::part(inner, node, depth + 1 + below, mask, is_signed);
            part.is_encrypted = true;
            parts.push(part);
        }
    }
    parts
}

/// Elements and how deep they stand, without what is inside a signature or encrypted data.
fn shown(document: &Document) -> Vec<(NodeId, usize)> {
    let mut found = Vec::new();
    let mut open = vec![(document.root(), 0)];
    while let Some((node, depth)) = open.pop() {
        if found.len() >= MOST_PARTS {
            break;
        }
        found.push((node, depth));
        let name = document.element(node).map_or("", |element| element.name.local.as_str());
        if !CLOSED.contains(&name) {
            let below: Vec<NodeId> = document.elements(node).collect();
            open.extend(below.into_iter().rev().map(|child| (child, depth + 1)));
        }
    }
    found
}

fn is_below(document: &Document, node: NodeId, held: &[NodeId]) -> bool {
    let mut at = Some(node);
    while let Some(node) = at {
        if held.contains(&node) {
            return true;
        }
        at = document.parent(node);
    }
    false
}

fn part(document: &Document, node: NodeId, depth: usize, mask: Mask, is_signed: bool) -> PartView {
    let Some(element) = document.element(node) else { return PartView::default() };
    let name = element.name.local.clone();
    let of = |name: &str| element.attribute(name).map(|one| one.value.value.clone());
    let label = of("ID").or_else(|| of("Name")).or_else(|| of("Value")).or_else(|| {
        let is_leaf = document.elements(node).next().is_none();
        let text = document.text(node);
        let text: String = text.trim().chars().take(LONGEST_LABEL).collect();
        let text = if is_personal(&name) { mask.text(&text) } else { text };
        (is_leaf && !CLOSED.contains(&name.as_str())).then_some(text)
    });
    PartView { name, depth, label: label.unwrap_or_default(), is_signed, is_encrypted: false }
}

const MOST_PARTS: usize = 400;
const LONGEST_LABEL: usize = 120;
/// Elements whose inside tells nobody anything.
const CLOSED: [&str; 4] = ["Signature", "EncryptedAssertion", "EncryptedID", "EncryptedAttribute"];
