//! What a signature that held allows to be believed.

use crate::saml::dsig::{Detached, Fault, Verified};
use crate::saml::message::{Assertion, Attribute, AttributeValue, Kind, Name, SubjectName};
use crate::sent::{Sent, SentAttribute, SentName};
use crate::xml::Limits;
use crate::xml::tree::{Document, NodeId};

/// An assertion as its signed bytes have it. It is made only from what a signature held for.
#[derive(Debug)]
#[must_use]
pub(super) struct Proof {
    assertion: Assertion,
}

/// Parts of an assertion that were encrypted each by itself, in plain.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// The name of the person.
    pub(super) name: Option<Name>,
    /// Attributes.
    pub(super) attributes: Vec<Attribute>,
}

impl Proof {
    /// The one assertion of a response, or the assertion itself, read from the bytes that were
    /// hashed. None where those bytes hold none in plain.
    pub(super) fn of(verified: &Verified, limits: Limits) -> Result<Option<Self>, Fault> {
        let document = verified.document(limits)?;
        Ok(only_assertion(&document)
            .map(|node| Self { assertion: Assertion::read(&document, node) }))
    }

    /// An assertion that was decrypted from a message whose signature covers the encrypted bytes.
    pub(super) fn of_decrypted(outer: &Verified, plain: &Document) -> Option<Self> {
        let is_response = outer.element().local == "Response";
        let node = only_assertion(plain).filter(|_| is_response)?;
        Some(Self { assertion: Assertion::read(plain, node) })
    }

    /// The assertion of a message whose octets a detached signature covers.
    pub(super) fn of_detached(_held: &Detached, received: &Document) -> Option<Self> {
        only_assertion(received).map(|node| Self { assertion: Assertion::read(received, node) })
    }

    /// What is sent about the person.
    pub(super) fn sent(&self, opened: &Opened) -> Sent {
        let name = match &self.assertion.name {
            Some(SubjectName::Name(name)) => Some(name),
            _ => opened.name.as_ref(),
        };
        let attributes = self.assertion.attributes.iter().chain(&opened.attributes);
        Sent { name_id: name.and_then(sent_name), attributes: attributes.map(sent).collect() }
    }
}

/// The one assertion that is read of a response or of a document of its own.
fn only_assertion(document: &Document) -> Option<NodeId> {
    let root = document.root();
    match Kind::of(&document.element(root)?.name) {
        Kind::Assertion => Some(root),
        Kind::Response => {
            let is = |&id: &NodeId| {
                document.element(id).is_some_and(|e| Kind::of(&e.name) == Kind::Assertion)
            };
            let mut all = document.elements(root).filter(is);
            let first = all.next()?;
            all.next().is_none().then_some(first)
        }
        _ => None,
    }
}

fn sent_name(name: &Name) -> Option<SentName> {
    let value = name.text.plain()?.to_owned();
    Some(SentName { value, format: name.format.as_ref().map(|format| format.value.clone()) })
}

fn sent(attribute: &Attribute) -> SentAttribute {
    let value =
        |one: &Option<crate::saml::message::Attributed>| one.as_ref().map(|v| v.value.clone());
    let plain = |one: &AttributeValue| one.plain().map(str::to_owned);
    SentAttribute {
        name: attribute.name.value.clone(),
        name_format: value(&attribute.name_format),
        friendly_name: value(&attribute.friendly_name),
        values: attribute.values.iter().map(plain).collect(),
    }
}
