//! Where a signature stands, and whether what it refers to is what it stands in.

use crate::saml::dsig::fault::{Fault, FaultKind};
use crate::saml::dsig::ids::{self, Ids};
use crate::saml::dsig::shape::own_id;
use crate::saml::dsig::{ASSERTION, METADATA, PROTOCOL, signed_info};
use crate::xml::tree::{Document, Element, NodeId};

/// Judges where a signature stands and what it refers to. `is_only` says whether its parent has no
/// other.
pub(super) fn judge(
    document: &Document,
    signature: NodeId,
    is_only: bool,
    reference: Option<&str>,
    ids: &Ids,
    faults: &mut Vec<Fault>,
) {
    let place = document.element(signature).map_or(document.span(signature), |e| e.start_tag);
    let mut fault = |kind| faults.push(Fault::new(kind, place));
    let Some(parent) = document.parent(signature) else {
        fault(FaultKind::Position(String::new()));
        return;
    };
    refers(document, parent, reference, ids).into_iter().for_each(&mut fault);
    if !is_signable(document, parent) {
        return;
    }
    if !is_only {
        fault(FaultKind::Multiple(local(document, parent)));
    } else if !stands_in_order(document, parent, signature) {
        fault(FaultKind::Position(local(document, parent)));
    }
}

/// Whether an element is called like a signature, stands where one belongs, and is none.
pub(super) fn is_decoy(document: &Document, node: NodeId) -> bool {
    let is_called = |element: &Element| element.name.local == "Signature";
    document.element(node).is_some_and(is_called)
        && !signed_info::is(document, node, "Signature")
        && document.parent(node).is_some_and(|parent| is_signable(document, parent))
}

/// What is wrong with what a signature in `parent` refers to.
fn refers(
    document: &Document,
    parent: NodeId,
    reference: Option<&str>,
    ids: &Ids,
) -> Option<FaultKind> {
    let uri = reference.unwrap_or_default();
    let stands = is_signable(document, parent);
    let Some(id) = uri.strip_prefix('#').filter(|id| ids::is_safe(id)) else {
        return Some(FaultKind::ReferenceUri(uri.to_owned()));
    };
    if stands && own_id(document, parent) == id {
        return None;
    }
    let coverage = |node: NodeId| {
        Some(FaultKind::Coverage { id: id.to_owned(), element: local(document, node) })
    };
    match ids.target(id) {
        None => Some(FaultKind::ReferenceUnresolved(id.to_owned())),
        Some(target) if target == parent && stands => {
            Some(FaultKind::ReferenceUnresolved(id.to_owned()))
        }
        Some(target)
            if is_signable(document, target) && moved(document, parent, target, stands) =>
        {
            Some(FaultKind::Position(local(document, target)))
        }
        Some(target) => coverage(target),
    }
}

/// Whether a signature was moved away from what it signs, rather than put on something else: it
/// stands where nothing is signed, or around what it signs.
fn moved(document: &Document, parent: NodeId, target: NodeId, stands: bool) -> bool {
    !stands || document.ancestors(target).any(|above| above == parent)
}

/// Whether an element is one that SAML signs, in a place where it is read: the document itself, an
/// assertion of a response, an entity or a group or a role of metadata.
pub(super) fn is_signable(document: &Document, node: NodeId) -> bool {
    let Some(element) = document.element(node) else { return false };
    let Some(parent) = document.parent(node) else {
        return element.name.namespace == PROTOCOL
            || element.is(ASSERTION, "Assertion")
            || DESCRIPTORS.iter().any(|local| element.is(METADATA, local))
            || is_group(element);
    };
    let Some(above) = document.element(parent) else { return false };
    if element.is(ASSERTION, "Assertion") {
        return above.is(PROTOCOL, "Response") && document.parent(parent).is_none();
    }
    if element.is(METADATA, "EntityDescriptor") || is_group(element) {
        return is_group(above)
            && document.ancestors(parent).all(|node| is_group_at(document, node));
    }
    let is_role = DESCRIPTORS.iter().any(|local| element.is(METADATA, local));
    is_role && above.is(METADATA, "EntityDescriptor") && is_signable(document, parent)
}

/// Whether a node lies in the advice of an assertion, which is not read.
pub(super) fn is_in_advice(document: &Document, node: NodeId) -> bool {
    document
        .ancestors(node)
        .any(|above| document.element(above).is_some_and(|e| e.is(ASSERTION, "Advice")))
}

fn is_group(element: &Element) -> bool {
    element.is(METADATA, "EntitiesDescriptor")
}

fn is_group_at(document: &Document, node: NodeId) -> bool {
    document.element(node).is_some_and(is_group)
}

/// Whether a signature comes first in its element, the issuer of messages and assertions excepted.
fn stands_in_order(document: &Document, parent: NodeId, signature: NodeId) -> bool {
    let before = document.elements(parent).take_while(|&child| child != signature);
    let before: Vec<&Element> = before.filter_map(|child| document.element(child)).collect();
    let is_metadata =
        document.element(parent).is_some_and(|element| element.name.namespace == METADATA);
    match before[..] {
        [] => true,
        [first] => !is_metadata && first.is(ASSERTION, "Issuer"),
        _ => false,
    }
}

fn local(document: &Document, node: NodeId) -> String {
    document.element(node).map(|element| element.name.local.clone()).unwrap_or_default()
}

/// Elements of metadata below a group that may carry a signature (saml-metadata-2.0-os section 2).
const DESCRIPTORS: [&str; 8] = [
    "AffiliationDescriptor",
    "AttributeAuthorityDescriptor",
    "AuthnAuthorityDescriptor",
    "EntityDescriptor",
    "IDPSSODescriptor",
    "PDPDescriptor",
    "RoleDescriptor",
    "SPSSODescriptor",
];
