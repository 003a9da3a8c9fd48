//! What is wrong with an XML document.

use std::fmt;
use std::io;

use crate::rule::Rule;
use crate::source::{Span, printable};
use crate::xml::cards;

/// Why a document could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError {
    /// What is wrong.
    pub kind: XmlErrorKind,
    /// Where it is wrong.
    pub span: Span,
}

/// What is wrong with a document. All but [`XmlErrorKind::Limit`] and [`XmlErrorKind::Input`] are
/// faults of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum XmlErrorKind {
    /// Bytes that are no UTF-8, or a character that XML does not allow: what was found.
    Character(&'static str),
    /// A document type declaration, which SAML messages never need and attacks do.
    Dtd,
    /// An attribute, or a declaration of a namespace, stands twice in one element.
    DuplicateAttribute,
    /// An encoding other than UTF-8 was declared.
    Encoding(String),
    /// It is not well-formed (XML 1.0): what was found.
    IllFormed(&'static str),
    /// The bytes could not be had.
    Input(io::ErrorKind),
    /// One of our ceilings was reached.
    Limit(LimitKind),
    /// Namespaces in XML 1.0 do not allow it: what was found.
    Namespace(&'static str),
    /// Something besides the one root element: what was found.
    TrailingContent(&'static str),
    /// A version of XML other than 1.0 was declared.
    Version(String),
}

/// The ceiling that a document reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// Attributes of one element.
    Attributes,
    /// The size of the document.
    Bytes,
    /// Elements within elements.
    Depth,
    /// Namespace declarations, of one element or in force.
    Namespaces,
    /// All elements, comments and instructions.
    Nodes,
    /// The size of one tag, text, comment or instruction.
    Token,
}

impl XmlError {
    /// The document is not well-formed.
    pub(super) fn ill_formed(what: &'static str, span: Span) -> Self {
        Self { kind: XmlErrorKind::IllFormed(what), span }
    }

    /// The document reached a ceiling.
    pub(super) fn limit(limit: LimitKind, span: Span) -> Self {
        Self { kind: XmlErrorKind::Limit(limit), span }
    }

    /// The document breaks the rules of namespaces.
    pub(super) fn namespace(what: &'static str, span: Span) -> Self {
        Self { kind: XmlErrorKind::Namespace(what), span }
    }

    /// The document has more than its root.
    pub(super) fn trailing(what: &'static str, span: Span) -> Self {
        Self { kind: XmlErrorKind::TrailingContent(what), span }
    }

    /// Whether it is our ceiling that was reached, and not a fault of the document.
    pub fn is_limit(&self) -> bool {
        matches!(self.kind, XmlErrorKind::Limit(_))
    }

    /// Whether the document ends while an element is open.
    pub fn is_open_end(&self) -> bool {
        self.kind == XmlErrorKind::IllFormed(OPEN_END)
    }

    /// The rule that the document breaks.
    pub fn rule(&self) -> &'static Rule {
        match self.kind {
            XmlErrorKind::Character(_) => &cards::CHAR,
            XmlErrorKind::Dtd => &cards::DOCTYPE,
            XmlErrorKind::DuplicateAttribute => &cards::ATTRIBUTE_DUPLICATE,
            XmlErrorKind::Encoding(_) => &cards::ENCODING,
            XmlErrorKind::IllFormed(_) | XmlErrorKind::Input(_) => &cards::NOT_WELL_FORMED,
            XmlErrorKind::Limit(limit) => limit.rule(),
            XmlErrorKind::Namespace(_) => &cards::NAMESPACE,
            XmlErrorKind::TrailingContent(_) => &cards::TRAILING_CONTENT,
            XmlErrorKind::Version(_) => &cards::VERSION,
        }
    }
}

impl LimitKind {
    /// The rule of the ceiling.
    fn rule(self) -> &'static Rule {
        match self {
            Self::Attributes => &cards::ATTRIBUTES,
            Self::Bytes | Self::Token => &cards::SIZE,
            Self::Depth => &cards::DEPTH,
            Self::Namespaces => &cards::NAMESPACES,
            Self::Nodes => &cards::NODES,
        }
    }
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            XmlErrorKind::Dtd => f.write_str("a document type declaration is not read"),
            XmlErrorKind::DuplicateAttribute => {
                f.write_str("an attribute stands twice in one element")
            }
            XmlErrorKind::Encoding(name) => {
                write!(f, "the encoding {} is declared, but UTF-8 is read", printable(name))
            }
            XmlErrorKind::Character(what)
            | XmlErrorKind::IllFormed(what)
            | XmlErrorKind::Namespace(what)
            | XmlErrorKind::TrailingContent(what) => f.write_str(what),
            XmlErrorKind::Input(kind) => write!(f, "the document cannot be read: {kind}"),
            XmlErrorKind::Limit(limit) => limit.fmt(f),
            XmlErrorKind::Version(version) => {
                write!(f, "version {} of XML is declared, but 1.0 is read", printable(version))
            }
        }
    }
}

impl std::error::Error for XmlError {}

/// What is said of the last element that is open where the document ends.
pub(super) const OPEN_END: &str = "the document ends inside this element";

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Attributes => "an element has too many attributes",
            Self::Bytes => "the document is too large",
            Self::Depth => "the elements are nested too deep",
            Self::Namespaces => "too many namespaces are declared",
            Self::Nodes => "the document has too many elements, comments and instructions",
            Self::Token => "one tag or text is too large",
        })
    }
}
