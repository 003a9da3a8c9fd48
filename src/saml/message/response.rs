//! Answers.

use crate::saml::message::reader::Reader;
use crate::saml::message::{ASSERTION, Assertion, Attributed, Instant, SUCCESS, Text};
use crate::source::Span;
use crate::xml::tree::{Document, NodeId};

/// What all messages begin with.
#[derive(Clone, Debug)]
pub struct Head {
    /// The root element.
    pub node: NodeId,
    /// Where its start tag stands.
    pub tag: Span,
    /// Its ID.
    pub id: Option<Attributed>,
    /// Its version of SAML.
    pub version: Option<Attributed>,
    /// When it was made.
    pub issue_instant: Option<Instant>,
    /// Where it was sent to.
    pub destination: Option<Attributed>,
    /// Who made it.
    pub issuer: Option<Text>,
}

/// The answer to a request to log in.
#[derive(Clone, Debug)]
pub struct Response {
    /// What all messages begin with.
    pub head: Head,
    /// The ID of the request.
    pub in_response_to: Option<Attributed>,
    /// How it went.
    pub status: Option<Status>,
    /// Its assertions, plain and encrypted, in order.
    pub assertions: Vec<AssertionPart>,
}

impl Response {
    /// Whether it says that the login failed, and so carries no assertion.
    pub fn has_failed(&self) -> bool {
        self.assertions.is_empty() && self.status.as_ref().is_some_and(|one| !one.is_success())
    }
}

/// An assertion of a response.
#[derive(Clone, Debug)]
pub enum AssertionPart {
    /// An `EncryptedAssertion`.
    Encrypted(NodeId),
    /// An `Assertion`.
    Plain(Box<Assertion>),
}

/// How it went.
#[derive(Clone, Debug)]
pub struct Status {
    /// Where it stands.
    pub span: Span,
    /// The code, and those inside it, the outermost first.
    pub codes: Vec<Attributed>,
    /// What it says in words.
    pub message: Option<Text>,
}

/// The answer to a request to log out.
#[derive(Clone, Debug)]
pub struct LogoutResponse {
    /// What all messages begin with.
    pub head: Head,
    /// The ID of the request.
    pub in_response_to: Option<Attributed>,
    /// How it went.
    pub status: Option<Status>,
}

impl Response {
    /// Reads a `samlp:Response`.
    pub fn read(document: &Document, node: NodeId) -> Self {
        let reader = Reader { document };
        let parts = document.elements(node).filter_map(|child| part(document, child));
        Self {
            head: head(reader, node),
            in_response_to: reader.attribute(node, "InResponseTo"),
            status: status(reader, node),
            assertions: parts.collect(),
        }
    }
}

impl AssertionPart {
    /// The element.
    pub fn node(&self) -> NodeId {
        match self {
            Self::Encrypted(node) => *node,
            Self::Plain(assertion) => assertion.node,
        }
    }
}

impl Status {
    /// Whether the login succeeded.
    pub fn is_success(&self) -> bool {
        self.codes.first().is_some_and(|code| code.value == SUCCESS)
    }
}

/// Reads a `samlp:LogoutResponse`.
pub(super) fn logout(reader: Reader<'_>, node: NodeId) -> LogoutResponse {
    LogoutResponse {
        head: head(reader, node),
        in_response_to: reader.attribute(node, "InResponseTo"),
        status: status(reader, node),
    }
}

/// Reads what all messages begin with.
pub(super) fn head(reader: Reader<'_>, node: NodeId) -> Head {
    Head {
        node,
        tag: reader.tag(node),
        id: reader.attribute(node, "ID"),
        version: reader.attribute(node, "Version"),
        issue_instant: reader.instant(node, "IssueInstant"),
        destination: reader.attribute(node, "Destination"),
        issuer: reader.assertion(node, "Issuer").map(|issuer| reader.text(issuer)),
    }
}

fn part(document: &Document, node: NodeId) -> Option<AssertionPart> {
    let element = document.element(node)?;
    if element.is(ASSERTION, "Assertion") {
        return Some(AssertionPart::Plain(Box::new(Assertion::read(document, node))));
    }
    element.is(ASSERTION, "EncryptedAssertion").then_some(AssertionPart::Encrypted(node))
}

fn status(reader: Reader<'_>, node: NodeId) -> Option<Status> {
    let status = reader.protocol(node, "Status")?;
    let codes = std::iter::successors(reader.protocol(status, "StatusCode"), |&code| {
        reader.protocol(code, "StatusCode")
    });
    Some(Status {
        span: reader.document.span(status),
        codes: codes.filter_map(|code| reader.attribute(code, "Value")).collect(),
        message: reader.protocol(status, "StatusMessage").map(|message| reader.text(message)),
    })
}
