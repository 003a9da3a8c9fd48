//! What departs from the schemas.

use std::fmt;

use crate::source::{Span, printable};

/// A departure, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// Where it shows: a start tag, a value, or text.
    pub span: Span,
}

/// A departure from the schemas. Names are written with the usual prefixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// An element of a type that must be narrowed by `xsi:type`, which is missing.
    AbstractType(String),
    /// An id that another element has too.
    DuplicateId(String),
    /// An element ends before everything is there.
    Incomplete {
        /// The element.
        element: String,
        /// What may come next.
        expected: Vec<&'static str>,
    },
    /// An attribute that must be there is not.
    MissingAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// A namespace that is no absolute URI: there is no canonical form with one.
    Namespace(String),
    /// `xsi:nil` where it may not stand, or beside content.
    Nil(String),
    /// Text where only elements may stand.
    Text(String),
    /// An attribute that the element may not have.
    UnexpectedAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: String,
    },
    /// An element that may not stand here.
    UnexpectedElement {
        /// The element around it.
        parent: String,
        /// It.
        element: String,
        /// What may stand here.
        expected: Vec<&'static str>,
    },
    /// A type named by `xsi:type` that is not known, or does not fit.
    UnknownType(String),
    /// A value of another type.
    Value {
        /// The element or attribute.
        name: String,
        /// What it must be.
        expected: String,
    },
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |name: &str| printable(name).into_owned();
        match self {
            Self::AbstractType(element) => {
                write!(f, "{} does not say its xsi:type", shown(element))
            }
            Self::DuplicateId(id) => write!(f, "two elements have the id `{}`", shown(id)),
            Self::Incomplete { element, expected } => {
                write!(f, "{} ends without {}", shown(element), list(expected))
            }
            Self::MissingAttribute { element, attribute } => {
                write!(f, "{} has no attribute {attribute}", shown(element))
            }
            Self::Namespace(uri) => {
                write!(f, "the namespace `{}` is no absolute URI", shown(uri))
            }
            Self::Nil(element) => write!(f, "xsi:nil does not belong to {}", shown(element)),
            Self::Text(element) => write!(f, "{} holds text beside its elements", shown(element)),
            Self::UnexpectedAttribute { element, attribute } => {
                write!(f, "{} cannot have an attribute {}", shown(element), shown(attribute))
            }
            Self::UnexpectedElement { parent, element, expected } if expected.is_empty() => {
                write!(f, "{} cannot stand here in {}", shown(element), shown(parent))
            }
            Self::UnexpectedElement { parent, element, expected } => write!(
                f,
                "{} cannot stand here in {}, where {} may follow",
                shown(element),
                shown(parent),
                list(expected)
            ),
            Self::UnknownType(name) => {
                write!(f, "the xsi:type `{}` does not fit here", shown(name))
            }
            Self::Value { name, expected } => write!(f, "{} must be {expected}", shown(name)),
        }
    }
}

fn list(names: &[&str]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        names => names.join(", "),
    }
}
