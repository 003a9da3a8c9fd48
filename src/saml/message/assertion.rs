//! Assertions.

use crate::saml::message::reader::Reader;
use crate::saml::message::{ASSERTION, Attributed, Instant, Text};
use crate::source::Span;
use crate::xml::tree::{Document, NodeId};

/// An assertion.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// Its element.
    pub node: NodeId,
    /// Where its start tag stands.
    pub tag: Span,
    /// Its ID.
    pub id: Option<Attributed>,
    /// Its version of SAML.
    pub version: Option<Attributed>,
    /// When it was made.
    pub issue_instant: Option<Instant>,
    /// Who made it.
    pub issuer: Option<Text>,
    /// Where its subject stands.
    pub subject: Option<Span>,
    /// Whom it is about.
    pub name: Option<SubjectName>,
    /// How whoever brings it can be known to be entitled to.
    pub confirmations: Vec<Confirmation>,
    /// When and for whom it holds.
    pub conditions: Option<Conditions>,
    /// How the person logged in.
    pub authn_statements: Vec<AuthnStatement>,
    /// How many statements of attributes there are.
    pub attribute_statements: usize,
    /// What is said about the person, in order.
    pub attributes: Vec<Attribute>,
    /// Attributes that are encrypted.
    pub encrypted_attributes: Vec<NodeId>,
    /// Assertions in its advice, which are not read.
    pub advised: usize,
}

/// Whom a message is about.
#[derive(Clone, Debug)]
pub enum SubjectName {
    /// A `BaseID`, which only extensions use.
    Base(NodeId),
    /// An `EncryptedID`.
    Encrypted(NodeId),
    /// A `NameID`.
    Name(Name),
}

/// A name of a person.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name.
    pub text: Text,
    /// Its format.
    pub format: Option<Attributed>,
    /// The domain in which it is a name.
    pub name_qualifier: Option<Attributed>,
    /// The reader for whom it is a name.
    pub sp_name_qualifier: Option<Attributed>,
}

/// A way to know that whoever brings an assertion is entitled to.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// Where its start tag stands.
    pub tag: Span,
    /// Its method.
    pub method: Option<Attributed>,
    /// The rest.
    pub data: Option<ConfirmationData>,
}

/// What a confirmation depends on.
#[derive(Clone, Debug)]
pub struct ConfirmationData {
    /// Where its start tag stands.
    pub tag: Span,
    /// From when on it holds.
    pub not_before: Option<Instant>,
    /// Until when it holds.
    pub not_on_or_after: Option<Instant>,
    /// Where the assertion has to be brought.
    pub recipient: Option<Attributed>,
    /// The ID of the request.
    pub in_response_to: Option<Attributed>,
    /// The network address from which it has to be brought.
    pub address: Option<Attributed>,
}

/// When and for whom an assertion holds.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// Where their start tag stands.
    pub tag: Span,
    /// From when on.
    pub not_before: Option<Instant>,
    /// Until when.
    pub not_on_or_after: Option<Instant>,
    /// For whom; every one of them has to hold.
    pub restrictions: Vec<Restriction>,
    /// Whether it may be used only once.
    pub is_one_time: bool,
    /// Conditions that SAML does not know: the name of each.
    pub unknown: Vec<(String, Span)>,
}

/// For whom an assertion holds.
#[derive(Clone, Debug)]
pub struct Restriction {
    /// Where its start tag stands.
    pub tag: Span,
    /// The readers; one of them is enough.
    pub audiences: Vec<Text>,
}

/// How a person logged in.
#[derive(Clone, Debug)]
pub struct AuthnStatement {
    /// Where its start tag stands.
    pub tag: Span,
    /// When.
    pub instant: Option<Instant>,
    /// The session at the identity provider.
    pub session_index: Option<Attributed>,
    /// Until when that session lasts.
    pub session_not_on_or_after: Option<Instant>,
    /// By what means.
    pub class: Option<Text>,
}

/// Something said about a person.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Where its start tag stands.
    pub tag: Span,
    /// Its name; empty where it has none.
    pub name: Attributed,
    /// What kind of name that is.
    pub name_format: Option<Attributed>,
    /// A name for people.
    pub friendly_name: Option<Attributed>,
    /// Its values, in order.
    pub values: Vec<AttributeValue>,
}

/// A value of an attribute.
#[derive(Clone, Debug)]
pub struct AttributeValue {
    /// Its text.
    pub text: Text,
    /// Whether it says that it is no value (`xsi:nil`).
    pub is_nil: bool,
}

impl Assertion {
    /// Reads a `saml:Assertion`.
    pub fn read(document: &Document, node: NodeId) -> Self {
        let reader = Reader { document };
        let all = |local| reader.all(node, ASSERTION, local);
        let below =
            |local| all("AttributeStatement").flat_map(move |s| reader.all(s, ASSERTION, local));
        let subject = reader.assertion(node, "Subject");
        let advice = all("Advice").flat_map(|advice| document.descendants(advice));
        let is_assertion = |id: &NodeId| {
            let element = document.element(*id);
            element.is_some_and(|e| {
                e.is(ASSERTION, "Assertion") || e.is(ASSERTION, "EncryptedAssertion")
            })
        };
        Self {
            node,
            tag: reader.tag(node),
            id: reader.attribute(node, "ID"),
            version: reader.attribute(node, "Version"),
            issue_instant: reader.instant(node, "IssueInstant"),
            issuer: reader.assertion(node, "Issuer").map(|issuer| reader.text(issuer)),
            subject: subject.map(|subject| reader.tag(subject)),
            name: subject.and_then(|subject| subject_name(reader, subject)),
            confirmations: subject
                .map(|subject| confirmations(reader, subject))
                .unwrap_or_default(),
            conditions: reader.assertion(node, "Conditions").map(|node| conditions(reader, node)),
            authn_statements: all("AuthnStatement").map(|node| authn(reader, node)).collect(),
            attribute_statements: all("AttributeStatement").count(),
            attributes: below("Attribute").map(|node| Attribute::read(document, node)).collect(),
            encrypted_attributes: below("EncryptedAttribute").collect(),
            advised: advice.filter(is_assertion).count(),
        }
    }
}

impl Name {
    /// Reads a `saml:NameID`.
    pub fn read(document: &Document, node: NodeId) -> Self {
        let reader = Reader { document };
        Self {
            text: reader.text(node),
            format: reader.attribute(node, "Format"),
            name_qualifier: reader.attribute(node, "NameQualifier"),
            sp_name_qualifier: reader.attribute(node, "SPNameQualifier"),
        }
    }
}

impl Attribute {
    /// Reads a `saml:Attribute`.
    pub fn read(document: &Document, node: NodeId) -> Self {
        let reader = Reader { document };
        let values = reader.all(node, ASSERTION, "AttributeValue");
        Self {
            tag: reader.tag(node),
            name: reader.attribute(node, "Name").unwrap_or_default(),
            name_format: reader.attribute(node, "NameFormat"),
            friendly_name: reader.attribute(node, "FriendlyName"),
            values: values.map(|value| value_of(reader, value)).collect(),
        }
    }
}

impl AttributeValue {
    /// What an application reads: the text, where it is plain and there is a value at all.
    pub fn plain(&self) -> Option<&str> {
        self.text.plain().filter(|_| !self.is_nil)
    }
}

/// Reads whom something is about.
pub(super) fn subject_name(reader: Reader<'_>, node: NodeId) -> Option<SubjectName> {
    let name = reader.assertion(node, "NameID");
    let encrypted = reader.assertion(node, "EncryptedID");
    let name = name.map(|node| SubjectName::Name(Name::read(reader.document, node)));
    name.or_else(|| encrypted.map(SubjectName::Encrypted))
        .or_else(|| reader.assertion(node, "BaseID").map(SubjectName::Base))
}

fn confirmations(reader: Reader<'_>, subject: NodeId) -> Vec<Confirmation> {
    let read = |node| Confirmation {
        tag: reader.tag(node),
        method: reader.attribute(node, "Method"),
        data: reader.assertion(node, "SubjectConfirmationData").map(|data| ConfirmationData {
            tag: reader.tag(data),
            not_before: reader.instant(data, "NotBefore"),
            not_on_or_after: reader.instant(data, "NotOnOrAfter"),
            recipient: reader.attribute(data, "Recipient"),
            in_response_to: reader.attribute(data, "InResponseTo"),
            address: reader.attribute(data, "Address"),
        }),
    };
    reader.all(subject, ASSERTION, "SubjectConfirmation").map(read).collect()
}

fn conditions(reader: Reader<'_>, node: NodeId) -> Conditions {
    let restriction = |node| Restriction {
        tag: reader.tag(node),
        audiences: reader.all(node, ASSERTION, "Audience").map(|node| reader.text(node)).collect(),
    };
    let unknown = reader.document.elements(node).filter(|&child| {
        let element = reader.element(child);
        !CONDITIONS.iter().any(|local| element.is(ASSERTION, local))
    });
    Conditions {
        tag: reader.tag(node),
        not_before: reader.instant(node, "NotBefore"),
        not_on_or_after: reader.instant(node, "NotOnOrAfter"),
        restrictions: reader.all(node, ASSERTION, "AudienceRestriction").map(restriction).collect(),
        is_one_time: reader.assertion(node, "OneTimeUse").is_some(),
        unknown: unknown
            .map(|node| (reader.element(node).name.local.clone(), reader.tag(node)))
            .collect(),
    }
}

fn authn(reader: Reader<'_>, node: NodeId) -> AuthnStatement {
    let context = reader.assertion(node, "AuthnContext");
    let class = context.and_then(|context| reader.assertion(context, "AuthnContextClassRef"));
    AuthnStatement {
        tag: reader.tag(node),
        instant: reader.instant(node, "AuthnInstant"),
        session_index: reader.attribute(node, "SessionIndex"),
        session_not_on_or_after: reader.instant(node, "SessionNotOnOrAfter"),
        class: class.map(|class| reader.text(class)),
    }
}

fn value_of(reader: Reader<'_>, node: NodeId) -> AttributeValue {
    let mut attributes = reader.element(node).attributes.iter();
    let is_nil = attributes
        .any(|one| one.name.is(XSI, "nil") && ["true", "1"].contains(&one.value.value.trim()));
    AttributeValue { text: reader.text(node), is_nil }
}

/// Conditions that SAML knows.
const CONDITIONS: [&str; 3] = ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"];
/// The namespace of `xsi:nil` and `xsi:type`.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
