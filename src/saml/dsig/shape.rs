//! What the signatures of a document look like, judged before any cryptography: where they stand,
//! what they refer to, and that they say nothing that SAML does not allow (saml-core-2.0-os
//! section 5.4).

use crate::saml::dsig::DS;
use crate::saml::dsig::fault::{Fault, FaultKind};
use crate::saml::dsig::ids::{self, Ids};
use crate::saml::dsig::key_info;
use crate::saml::dsig::place;
use crate::saml::dsig::signed_info::{self, Named, Parts, SignedInfo};
use crate::xml::Name;
use crate::xml::c14n::Method;
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

/// Something about a sound signature that somebody should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The ID is no XML name, which some readers refuse.
    IdIsNoName,
    /// Inclusive canonicalisation: moving the element to another place breaks the signature.
    InclusiveCanonicalization,
    /// The digest is SHA-1, and that is let through.
    WeakDigest,
    /// The signature rests on SHA-1, and that is let through.
    WeakSignature,
}

/// Judges the signatures and IDs of a document.
pub fn shape(document: &Document) -> Shape {
    let mut faults = Vec::new();
    let ids = Ids::collect(document, &mut faults);
    let ambiguity = faults.first().cloned();
    let mut shape = Shape { signatures: Vec::new(), ignored: Vec::new(), faults };
    for node in document.descendants(document.root()) {
        if !signed_info::is(document, node, "Signature") {
            continue;
        }
        if place::is_in_advice(document, node) {
            shape.ignored.push(node);
            continue;
        }
        let mut signature = read(document, node, &ids);
        shape.faults.extend(signature.faults.iter().cloned());
        signature.faults.extend(ambiguity.clone());
        shape.signatures.push(signature);
    }
    shape.faults.sort_by_key(|fault| fault.kind.rank());
    shape
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

    /// What somebody should know about it, if it holds.
    pub(super) fn remarks(&self, said: &SignedInfo) -> Vec<Remark> {
        let is_inclusive = |method: &Method| !matches!(method, Method::Exclusive);
        let methods = [&said.canonicalization.method, &said.transform.method];
        let found = [
            (!ids::is_name(&self.id), Remark::IdIsNoName),
            (methods.into_iter().any(is_inclusive), Remark::InclusiveCanonicalization),
            (said.digest.is_weak(), Remark::WeakDigest),
            (said.method.is_weak(), Remark::WeakSignature),
        ];
        found.into_iter().filter(|(holds, _)| *holds).map(|(_, remark)| remark).collect()
    }
}

fn read(document: &Document, node: NodeId, ids: &Ids) -> Signature {
    let mut faults = Vec::new();
    let mut named = Named::default();
    let parts = sound_parts(document, node, &mut named, &mut faults);
    let element = document.parent(node).unwrap_or(node);
    let id = own_id(document, element);
    let name = document.element(element).map(|element| element.name.clone());
    let name = name.unwrap_or(Name { namespace: String::new(), local: String::new() });
    place::judge(document, node, named.reference.as_deref(), ids, &mut faults);
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
