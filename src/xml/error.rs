//! What is wrong with an XML document.

use std::fmt;

use crate::source::Span;

/// Why a document could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError {
    /// What is wrong.
    pub kind: XmlErrorKind,
    /// Where it is wrong.
    pub span: Span,
}

/// What is wrong with a document. All but [`XmlErrorKind::Limit`] are faults of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum XmlErrorKind {
    /// A document type declaration, which SAML messages never need and attacks do.
    Dtd,
    /// An encoding other than UTF-8 was declared.
    Encoding(String),
    /// It is not well-formed (XML 1.0 and Namespaces in XML 1.0): what was found.
    IllFormed(&'static str),
    /// One of our ceilings was reached.
    Limit(LimitKind),
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
    /// All elements.
    Elements,
    /// Namespace declarations in force.
    Namespaces,
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
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            XmlErrorKind::Dtd => f.write_str("a document type declaration is not read"),
            XmlErrorKind::Encoding(name) => {
                write!(f, "the encoding {name} is declared, but UTF-8 is read")
            }
            XmlErrorKind::IllFormed(what) => f.write_str(what),
            XmlErrorKind::Limit(limit) => limit.fmt(f),
        }
    }
}

impl std::error::Error for XmlError {}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Attributes => "an element has too many attributes",
            Self::Bytes => "the document is too large",
            Self::Depth => "the elements are nested too deep",
            Self::Elements => "the document has too many elements",
            Self::Namespaces => "too many namespaces are declared",
            Self::Token => "one tag or text is too large",
        })
    }
}
