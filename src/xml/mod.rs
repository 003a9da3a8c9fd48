//! XML as SAML may have it: checked, without a DTD, under ceilings, as a stream of events.
//!
//! quick-xml finds the tokens. What it leaves to its caller is done here: one root and nothing
//! around it, names, attributes, namespaces, characters, references. One reader serves texts and
//! streams of any length in constant memory; nothing recurses. [`tree`] keeps a document whole,
//! [`c14n`] writes its canonical form.

pub mod c14n;
pub mod cards;
mod error;
mod event;
mod input;
mod namespaces;
mod parts;
mod reader;
mod tag;
mod token;
pub mod tree;
pub mod write;

pub use self::error::{LimitKind, XmlError, XmlErrorKind};
pub use self::event::{AttributeRef, Event, QualifiedName, Start, StartTag};
pub use self::reader::Reader;
pub use self::tag::{Attribute, Name, is_name};

/// How far reading goes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes a document may have.
    pub bytes: usize,
    /// The most elements that may be open at once.
    pub depth: usize,
    /// The most elements, comments and instructions a document may have.
    pub nodes: usize,
    /// The most attributes of one element, namespace declarations counted.
    pub attributes: usize,
    /// The most namespace declarations of one element.
    pub declarations: usize,
    /// The most namespace declarations in force at once.
    pub namespaces: usize,
    /// The most bytes of one tag, text, comment or instruction.
    pub token: usize,
}

impl Limits {
    /// What a message may have.
    pub const MESSAGE: Self = Self {
        bytes: 1 << 20,
        depth: 100,
        nodes: 50_000,
        attributes: 64,
        declarations: 32,
        namespaces: 512,
        token: 1 << 20,
    };

    /// What metadata may have that is read as a stream, whatever its size.
    pub const STREAM: Self = Self {
        bytes: usize::MAX,
        depth: 64,
        nodes: usize::MAX,
        attributes: 64,
        declarations: 64,
        namespaces: 512,
        token: 1 << 20,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, nodes: 400_000, ..Self::STREAM }
    }
}
