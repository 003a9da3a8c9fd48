//! What the signatures of a document look like, judged before any cryptography: where they stand,
//! what they refer to, and that they say nothing that SAML does not allow (saml-core-2.0-os
//! section 5.4).

use std::collections::BTreeMap;

use crate::saml::dsig::DS;
use crate::saml::dsig::fault::{Fault, FaultKind};
use crate::saml::dsig::ids::Ids;
use crate::saml::dsig::key_info;
use crate::saml::dsig::place;
use crate::saml::dsig::signed_info::{self, Named, Parts, SignedInfo};
use crate::xml::Name;
use crate::xml::tree::{Document, NodeId};

/// The signatures of a document, and everything that is wrong with them or with its IDs.
#[derive(Debug)]
pub struct Shape {
    signatures: Vec<Signature>,
    ignored: Vec<NodeId>,
    faults: Vec<Fault>,
}

/// A signature that stands where one may stand, sound or not.
#[derive(Debug)]
pub struct Signature {
    pub(super) node: NodeId,
    pub(super) element: NodeId,
    pub(super) element_name: Name,
    pub(super) id: String,
    pub(super) named: Named,
    pub(super) parts: Option<Box<SoundParts>>,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) faults: Vec<Fault>,
}

/// The parts of a signature without a fault.
#[derive(Debug)]
pub(super) struct SoundParts {
    /// Its `SignedInfo`.
    pub(super) signed_info: NodeId,
    /// What that says, as received.
    pub(super) said: SignedInfo,
    /// Its signature value.
    pub(super) value: Vec<u8>,
    /// Its `KeyInfo`, never trusted.
    pub(super) key_info: Option<NodeId>,
}

/// Judges the signatures and IDs of a document.
pub fn shape(document: &Document) -> Shape {
    let mut faults = Vec::new();
    let ids = Ids::collect(document, &mut faults);
    let ambiguity = faults.first().cloned();
    let all = document.descendants(document.root());
    let (ignored, mut nodes): (Vec<NodeId>, Vec<NodeId>) = all
        .filter(|&node| signed_info::is(document, node, "Signature"))
        .partition(|&node| place::is_in_advice(document, node));
    let mut counts: BTreeMap<Option<NodeId>, usize> = BTreeMap::new();
    for &node in &nodes {
        *counts.entry(document.parent(node)).or_default() += 1;
    }
    if let Some(&next) = nodes.get(MOST_SIGNATURES) {
        faults.push(Fault::new(FaultKind::Signatures(nodes.len()), document.span(next)));
        nodes.truncate(MOST_SIGNATURES);
    }
    let mut signatures = Vec::new();
    for node in nodes {
        let is_only = counts.get(&document.parent(node)) == Some(&1);
        let mut signature = read(document, node, is_only, &ids);
        faults.extend(signature.faults.iter().cloned());
        signature.faults.extend(ambiguity.clone());
        signatures.push(signature);
    }
    let all = document.descendants(document.root());
    faults.extend(all.filter(|&node| place::is_decoy(document, node)).map(|node| {
        let element = "an element of another namespace".to_owned();
        let kind = FaultKind::Coverage { id: String::new(), element };
        Fault::new(kind, document.element(node).map_or(document.span(node), |e| e.start_tag))
    }));
    faults.sort_by_key(|fault| fault.kind.rank());
    faults.truncate(MOST_FAULTS);
    Shape { signatures, ignored, faults }
}

impl Shape {
    /// All signatures but those in an `Advice`.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The signature of an element: the one that is its child.
    pub fn of(&self, element: NodeId) -> Option<&Signature> {
        self.signatures.iter().find(|signature| signature.element == element)
    }

    /// The signatures inside an `Advice`, which nobody looks at.
    pub fn ignored(&self) -> &[NodeId] {
        &self.ignored
    }

    /// Everything that is wrong, the most telling first.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl Signature {
    /// Itself.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// The element that it is a child of, and that it signs if it holds.
    pub fn element(&self) -> NodeId {
        self.element
    }

    /// The name of that element.
    pub fn element_name(&self) -> &Name {
        &self.element_name
    }

    /// The ID of that element; empty where it has none.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The algorithms and the reference that it names, allowed or not.
    pub fn named(&self) -> &Named {
        &self.named
    }

    /// The certificates that it embeds, in DER. They prove nothing.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    /// What is wrong with it, or with the IDs of its document.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

fn read(document: &Document, node: NodeId, is_only: bool, ids: &Ids) -> Signature {
    let mut faults = Vec::new();
    let mut named = Named::default();
    let parts = sound_parts(document, node, &mut named, &mut faults);
    let element = document.parent(node).unwrap_or(node);
    let id = own_id(document, element);
    let name = document.element(element).map(|element| element.name.clone());
    let name = name.unwrap_or(Name { namespace: String::new(), local: String::new() });
    place::judge(document, node, is_only, named.reference.as_deref(), ids, &mut faults);
    faults.sort_by_key(|fault| fault.kind.rank());
    Signature {
        node,
        element,
        element_name: name,
        id,
        named,
        parts: parts.filter(|_| faults.is_empty()).map(Box::new),
        certificates: key_info::certificates(document, node),
        faults,
    }
}

/// The ID of an element, in the only spelling that counts.
pub(super) fn own_id(document: &Document, element: NodeId) -> String {
    let attribute = document.element(element).and_then(|element| element.attribute("ID"));
    attribute.map(|attribute| attribute.value.value.clone()).unwrap_or_default()
}

/// The parts of a signature that is a document of its own.
pub(super) fn sound_parts_alone(
    document: &Document,
    named: &mut Named,
    faults: &mut Vec<Fault>,
) -> Option<SoundParts> {
    sound_parts(document, document.root(), named, faults)
}

fn sound_parts(
    document: &Document,
    node: NodeId,
    named: &mut Named,
    faults: &mut Vec<Fault>,
) -> Option<SoundParts> {
    let parts = Parts { document, node };
    if let Some(&object) = parts.all("Object").first() {
        faults.push(Fault::new(FaultKind::ObjectChild, document.span(object)));
    }
    parts.check_order(&["SignedInfo", "SignatureValue", "KeyInfo", "Object"], faults);
    let signed_info = parts.one("SignedInfo", faults);
    let value = parts.one("SignatureValue", faults);
    let value = value.and_then(|node| signed_info::base64_leaf(document, node, faults));
    let key_info = parts.optional("KeyInfo", faults);
    let signed_info = signed_info?;
    let said = signed_info::read(document, signed_info, named, faults)?;
    Some(SoundParts { signed_info, said, value: value?, key_info })
}

/// Whether an element is a signature, by its expanded name.
pub fn is_signature(name: &Name) -> bool {
    name.is(DS, "Signature")
}

/// More signatures than are looked at: an honest message has two.
const MOST_SIGNATURES: usize = 64;
/// After so many faults further ones say nothing more.
const MOST_FAULTS: usize = 64;
