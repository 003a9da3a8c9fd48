//! What a reader hands out.

use crate::source::{Span, Spanned};
use crate::xml::namespaces::{Binding, Meaning, Namespaces};
use crate::xml::tag::{Attribute, Name};

/// A piece of a document. It borrows from the reader: nothing is copied before it is asked for.
#[derive(Clone, Debug)]
pub enum Event<'r> {
    /// A comment.
    Comment(Spanned<&'r str>),
    /// An element ends: where its end tag stands, or the end of its only tag.
    End(Span),
    /// A processing instruction.
    Instruction {
        /// Its name.
        target: &'r str,
        /// What follows the name.
        data: &'r str,
        /// Where it stands.
        span: Span,
    },
    /// An element starts.
    Start(Start<'r>),
    /// Text inside an element, or a part of it: references and CDATA sections come apart.
    Text(Spanned<&'r str>),
}

/// A name as it is written and as it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QualifiedName<'r> {
    /// The prefix; empty for none.
    pub prefix: &'r str,
    /// The namespace; empty for none.
    pub namespace: &'r str,
    /// The name without its prefix.
    pub local: &'r str,
}

impl QualifiedName<'_> {
    /// Whether it is this name, whatever its prefix.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.local == local && self.namespace == namespace
    }

    /// The name without its prefix, on its own.
    pub fn to_name(&self) -> Name {
        Name { namespace: self.namespace.to_owned(), local: self.local.to_owned() }
    }
}

/// An attribute of a start tag; declarations of namespaces are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeRef<'r> {
    /// Its name.
    pub name: QualifiedName<'r>,
    /// Its value, normalised, and where it stands, without the quotes.
    pub value: Spanned<&'r str>,
}

/// A start tag, read or kept in a tree.
pub trait StartTag {
    /// Its name.
    fn name(&self) -> QualifiedName<'_>;
    /// The namespaces that it declares: prefix and namespace.
    fn declarations(&self) -> impl Iterator<Item = (&str, &str)>;
    /// Its attributes, in the order of the text.
    fn attributes(&self) -> impl Iterator<Item = AttributeRef<'_>>;

    /// The attribute of that name without a namespace.
    fn attribute(&self, local: &str) -> Option<AttributeRef<'_>> {
        self.attributes().find(|attribute| attribute.name.is("", local))
    }
}

/// The start tag that was read last.
#[derive(Clone, Copy, Debug)]
pub struct Start<'r> {
    /// Where it stands.
    pub span: Span,
    /// The tag as it is written.
    pub(super) raw: &'r str,
    /// Values that are not what is written.
    pub(super) scratch: &'r str,
    pub(super) name: NameParts,
    pub(super) attributes: &'r [AttributeParts],
    pub(super) namespaces: &'r Namespaces,
    /// The number of its first declaration.
    pub(super) first: usize,
}

/// A name as places in a tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameParts {
    /// Where it starts.
    pub(super) start: usize,
    /// The length of the prefix.
    pub(super) prefix: usize,
    /// Where its local part starts.
    pub(super) local: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// What its prefix stands for.
    pub(super) meaning: Meaning,
}

/// An attribute as places in a tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttributeParts {
    /// Its name.
    pub(super) name: NameParts,
    /// Its value: from where to where.
    pub(super) value: (usize, usize),
    /// Whether the value stands in the scratch.
    pub(super) is_normalised: bool,
    /// Where the value stands in the document.
    pub(super) span: Span,
}

impl<'r> Start<'r> {
    /// Its attributes, on their own.
    pub fn to_attributes(&self) -> Vec<Attribute> {
        self.attributes.iter().map(|parts| self.attribute_of(parts).to_attribute()).collect()
    }

    /// The namespace that a prefix stands for here; that of elements without one for an empty prefix.
    pub fn namespace_of(&self, prefix: &str) -> Option<&'r str> {
        self.namespaces.meaning(prefix).map(|meaning| self.namespaces.uri(meaning))
    }

    fn name_of(&self, parts: NameParts) -> QualifiedName<'r> {
        QualifiedName {
            prefix: &self.raw[parts.start..parts.start + parts.prefix],
            namespace: self.namespaces.uri(parts.meaning),
            local: &self.raw[parts.local..parts.end],
        }
    }

    fn attribute_of(&self, parts: &AttributeParts) -> AttributeRef<'r> {
        let text = if parts.is_normalised { self.scratch } else { self.raw };
        let value = &text[parts.value.0..parts.value.1];
        AttributeRef { name: self.name_of(parts.name), value: Spanned { value, span: parts.span } }
    }
}

impl StartTag for Start<'_> {
    fn name(&self) -> QualifiedName<'_> {
        self.name_of(self.name)
    }

    fn declarations(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.namespaces.since(self.first);
        all.iter().map(|Binding { prefix, uri, .. }| (prefix.as_str(), uri.as_str()))
    }

    fn attributes(&self) -> impl Iterator<Item = AttributeRef<'_>> {
        self.attributes.iter().map(|parts| self.attribute_of(parts))
    }
}

impl AttributeRef<'_> {
    /// The attribute on its own.
    pub fn to_attribute(&self) -> Attribute {
        let value = Spanned { value: self.value.value.to_owned(), span: self.value.span };
        Attribute { prefix: self.name.prefix.to_owned(), name: self.name.to_name(), value }
    }
}
