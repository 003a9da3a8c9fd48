//! What a text is that is no SAML metadata.

use std::fmt;

use crate::source::{Span, printable};
use crate::syntax::nature::Nature;
use crate::xml::{Name, XmlError, XmlErrorKind};

/// Why a text is no metadata, and where that shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What it is instead.
    pub kind: UnreadableKind,
    /// Where that shows.
    pub span: Span,
}

/// What a text is instead of metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadableKind {
    /// One entity, or what stands between two, is larger than is kept.
    EntitySize,
    /// It begins like something else, such as a web page.
    Nature(Nature),
    /// XML of another kind: its root element.
    Root(Name),
    /// XML that cannot be read.
    Xml(XmlErrorKind),
}

impl Unreadable {
    /// Whether it is our ceiling that was reached, and not a fault of the text.
    pub fn is_limit(&self) -> bool {
        matches!(
            self.kind,
            UnreadableKind::EntitySize | UnreadableKind::Xml(XmlErrorKind::Limit(_))
        )
    }
}

impl From<XmlError> for Unreadable {
    fn from(error: XmlError) -> Self {
        Self { kind: UnreadableKind::Xml(error.kind), span: error.span }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            UnreadableKind::EntitySize => f.write_str("one entity is larger than 4 MiB"),
            UnreadableKind::Nature(nature) => write!(f, "this is {}", nature.name()),
            UnreadableKind::Root(name) => {
                write!(f, "this is XML with the root element `{}`", printable(&name.local))
            }
            UnreadableKind::Xml(kind) => {
                let error = XmlError { kind: kind.clone(), span: self.span };
                error.fmt(f)
            }
        }
    }
}

impl std::error::Error for Unreadable {}
