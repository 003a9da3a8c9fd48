//! SAML messages as they were received: every value with its place, nothing judged.
//!
//! Values are text only where nothing but text stands in them ([`Text::plain`]). What the schemas
//! of OASIS do not allow is found by [`schema`]; the reading itself takes the first of what may be
//! there once and leaves the rest to that check.

mod assertion;
mod instant;
mod reader;
mod request;
mod response;
pub mod schema;

pub use self::assertion::{
    Assertion, Attribute, AttributeValue, AuthnStatement, Conditions, Confirmation,
    ConfirmationData, Name, Restriction, SubjectName,
};
pub use self::instant::{Instant, InstantFault};
pub use self::request::{AuthnRequest, LogoutRequest, NamePolicy, RequestedContext};
pub use self::response::{AssertionPart, Head, LogoutResponse, Response, Status};

use crate::source::{Span, Spanned};
use crate::xml::Name as XmlName;
use crate::xml::tree::{Document, NodeId};

use self::reader::Reader;

/// A message.
#[derive(Clone, Debug)]
pub enum Message {
    /// An assertion without a message around it.
    Assertion(Assertion),
    /// A request to log somebody in.
    AuthnRequest(AuthnRequest),
    /// A request to log somebody out.
    LogoutRequest(LogoutRequest),
    /// The answer to such a request.
    LogoutResponse(LogoutResponse),
    /// Something else: its name.
    Other(XmlName),
    /// The answer to a request to log in.
    Response(Response),
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `saml:Assertion`.
    Assertion,
    /// `samlp:AuthnRequest`.
    AuthnRequest,
    /// `samlp:LogoutRequest`.
    LogoutRequest,
    /// `samlp:LogoutResponse`.
    LogoutResponse,
    /// No message of SAML 2.0 that is read here.
    Other,
    /// `samlp:Response`.
    Response,
}

/// The text of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// All text in it, whatever stands between.
    pub value: String,
    /// Whether nothing but text stands in it.
    pub is_plain: bool,
    /// Where the text stands; the element where it is empty.
    pub span: Span,
    /// The element.
    pub node: NodeId,
}

/// The value of an attribute, at its place.
pub type Attributed = Spanned<String>;

impl Message {
    /// Reads a whole document.
    pub fn read(document: &Document) -> Self {
        let root = document.root();
        let reader = Reader { document };
        let name = document.element(root).expect("the root is an element").name.clone();
        match Kind::of(&name) {
            Kind::Assertion => Self::Assertion(Assertion::read(document, root)),
            Kind::AuthnRequest => Self::AuthnRequest(request::authn(reader, root)),
            Kind::LogoutRequest => Self::LogoutRequest(request::logout(reader, root)),
            Kind::LogoutResponse => Self::LogoutResponse(response::logout(reader, root)),
            Kind::Other => Self::Other(name),
            Kind::Response => Self::Response(Response::read(document, root)),
        }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Assertion(_) => Kind::Assertion,
            Self::AuthnRequest(_) => Kind::AuthnRequest,
            Self::LogoutRequest(_) => Kind::LogoutRequest,
            Self::LogoutResponse(_) => Kind::LogoutResponse,
            Self::Other(_) => Kind::Other,
            Self::Response(_) => Kind::Response,
        }
    }

    /// What all messages begin with; none for a bare assertion and for what is no message.
    pub fn head(&self) -> Option<&Head> {
        match self {
            Self::AuthnRequest(request) => Some(&request.head),
            Self::LogoutRequest(request) => Some(&request.head),
            Self::LogoutResponse(response) => Some(&response.head),
            Self::Response(response) => Some(&response.head),
            Self::Assertion(_) | Self::Other(_) => None,
        }
    }
}

impl Kind {
    /// The kind of a root element.
    pub fn of(name: &XmlName) -> Self {
        match (name.namespace.as_str(), name.local.as_str()) {
            (ASSERTION, "Assertion") => Self::Assertion,
            (PROTOCOL, "AuthnRequest") => Self::AuthnRequest,
            (PROTOCOL, "LogoutRequest") => Self::LogoutRequest,
            (PROTOCOL, "LogoutResponse") => Self::LogoutResponse,
            (PROTOCOL, "Response") => Self::Response,
            _ => Self::Other,
        }
    }

    /// Its name as the specification has it; `document` for what is no message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assertion => "Assertion",
            Self::AuthnRequest => "AuthnRequest",
            Self::LogoutRequest => "LogoutRequest",
            Self::LogoutResponse => "LogoutResponse",
            Self::Other => "document",
            Self::Response => "Response",
        }
    }
}

impl Text {
    /// The text, where nothing else stands beside it.
    pub fn plain(&self) -> Option<&str> {
        self.is_plain.then_some(self.value.as_str())
    }
}

/// The namespace of messages.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The namespace of assertions.
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The way of confirming a subject that browsers use.
pub const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The status of success.
pub const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// The format of names that change with every login.
pub const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
/// The format of mail addresses.
pub const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
