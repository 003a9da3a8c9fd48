//! What was found in a message, for showing. Nothing in it was checked unless it says so.

use std::sync::Arc;

use jiff::Timestamp;

use crate::saml::decrypt::Facts;
use crate::saml::dsig::Named;
use crate::saml::message::{Assertion, Attribute, Message, Name};
use crate::source::{Source, Span};
use crate::xml::tree::{Document, NodeId};

/// What was found in a message.
#[derive(Debug)]
pub struct View {
    /// The message as it was received.
    pub document: Document,
    /// What it says.
    pub message: Message,
    /// Its assertion, where there is one and it can be read.
    pub assertion: Option<ShownAssertion>,
    /// Every signature, in order; a detached one first.
    pub signatures: Vec<ShownSignature>,
    /// Every encrypted part, in order.
    pub encryptions: Vec<ShownEncryption>,
    /// From when and until when what holds.
    pub windows: Vec<Window>,
    /// Whether what the assertion says is proven. If not, all of it is only claimed.
    pub is_proven: bool,
}

/// An assertion.
#[derive(Debug)]
pub struct ShownAssertion {
    /// The text that it stands in: the message, or what was decrypted.
    pub source: Arc<Source>,
    /// That text as a document, where it was decrypted.
    pub decrypted: Option<Document>,
    /// What it says.
    pub assertion: Assertion,
    /// The name of the person, decrypted if need be.
    pub name: Option<Name>,
    /// What it says about the person, decrypted attributes last.
    pub attributes: Vec<Attribute>,
    /// How each of its confirmations fares: what is wrong with it.
    pub confirmations: Vec<Vec<String>>,
}

/// A signature.
#[derive(Clone, Debug)]
pub struct ShownSignature {
    /// What it stands in: `Response`, `Assertion`; `message` for one beside the message.
    pub of: String,
    /// The element that it is of; none for one beside the message.
    pub node: Option<NodeId>,
    /// Whether that element lies in decrypted text.
    pub is_decrypted: bool,
    /// What it names.
    pub named: Named,
    /// The pinned key that it held with: a number in the expectation's list.
    pub key: Option<usize>,
    /// Where it stands.
    pub span: Span,
}

/// An encrypted part.
#[derive(Clone, Debug)]
pub struct ShownEncryption {
    /// What is encrypted: `EncryptedAssertion`, `EncryptedID`, `EncryptedAttribute`.
    pub of: String,
    /// How; none where that cannot be read.
    pub facts: Option<Facts>,
    /// Whether it could be decrypted.
    pub is_open: bool,
    /// Where it stands.
    pub span: Span,
}

/// From when and until when something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// What: `conditions`, `confirmation`, `session`.
    pub of: &'static str,
    /// From when on.
    pub from: Option<Timestamp>,
    /// Until when.
    pub to: Option<Timestamp>,
    /// By how many seconds clocks may differ.
    pub skew: i64,
    /// Where the instant of the judgement lies.
    pub state: WindowState,
}

/// Where an instant lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WindowState {
    /// Behind the end.
    After,
    /// Before the beginning.
    Before,
    /// Inside.
    Inside,
    /// Inside only because clocks may differ.
    InsideBySkew,
}

impl WindowState {
    /// Whether it is inside.
    pub fn is_inside(self) -> bool {
        matches!(self, Self::Inside | Self::InsideBySkew)
    }

    /// The word for it in machine output.
    pub fn word(self) -> &'static str {
        match self {
            Self::After => "after",
            Self::Before => "before",
            Self::Inside => "inside",
            Self::InsideBySkew => "inside-by-skew",
        }
    }
}
