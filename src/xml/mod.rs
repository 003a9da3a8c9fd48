//! XML as SAML may have it: checked, without a DTD, under ceilings, as a stream of elements.
//!
//! quick-xml finds the tokens. What it leaves to its caller is done here: one root and nothing
//! around it, names, attributes, namespaces, characters, references. Nothing is copied before it
//! is asked for, nothing recurses.

pub mod cards;
mod error;
mod namespaces;
mod reader;
mod tag;

pub use self::error::{LimitKind, XmlError, XmlErrorKind};
pub use self::reader::{Event, Reader};
pub use self::tag::{Attribute, Name};

/// How far reading goes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes a document may have.
    pub bytes: usize,
    /// The most elements that may be open at once.
    pub depth: usize,
    /// The most elements a document may have.
    pub elements: usize,
    /// The most attributes of one element, namespace declarations counted.
    pub attributes: usize,
    /// The most namespace declarations in force at once.
    pub namespaces: usize,
    /// The most bytes of one tag, text, comment or instruction.
    pub token: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 << 20,
            depth: 64,
            elements: 400_000,
            attributes: 64,
            namespaces: 128,
            token: 1 << 20,
        }
    }
}
