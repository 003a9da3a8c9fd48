//! Looking into elements by their names.

use crate::saml::message::{ASSERTION, Attributed, Instant, PROTOCOL, Text};
use crate::source::Span;
use crate::xml::tree::{Document, Element, NodeId};

/// A document that is looked into.
#[derive(Clone, Copy)]
pub(super) struct Reader<'d> {
    /// The document.
    pub(super) document: &'d Document,
}

impl<'d> Reader<'d> {
    /// An element that is known to be one.
    pub(super) fn element(self, node: NodeId) -> &'d Element {
        self.document.element(node).expect("elements are looked for among elements")
    }

    /// The elements of that name directly below.
    pub(super) fn all(
        self,
        node: NodeId,
        namespace: &'static str,
        local: &'static str,
    ) -> impl Iterator<Item = NodeId> + use<'d> {
        let document = self.document;
        let is = move |&id: &NodeId| {
            document.element(id).is_some_and(|element| element.is(namespace, local))
        };
        document.elements(node).filter(is)
    }

    /// The first element of assertions of that name directly below.
    pub(super) fn assertion(self, node: NodeId, local: &'static str) -> Option<NodeId> {
        self.all(node, ASSERTION, local).next()
    }

    /// The first element of messages of that name directly below.
    pub(super) fn protocol(self, node: NodeId, local: &'static str) -> Option<NodeId> {
        self.all(node, PROTOCOL, local).next()
    }

    /// The text of an element.
    pub(super) fn text(self, node: NodeId) -> Text {
        let spans = || self.document.children(node).map(|child| self.document.span(child));
        let span = match (spans().next(), spans().last()) {
            (Some(first), Some(last)) => Span::new(first.start, last.end),
            _ => self.document.span(node),
        };
        let is_plain = self.document.is_plain_text(node);
        Text { value: self.document.text(node), is_plain, span, node }
    }

    /// An attribute.
    pub(super) fn attribute(self, node: NodeId, local: &str) -> Option<Attributed> {
        self.element(node).attribute(local).map(|attribute| attribute.value.clone())
    }

    /// An attribute that holds an instant.
    pub(super) fn instant(self, node: NodeId, local: &str) -> Option<Instant> {
        self.attribute(node, local).map(Instant::read)
    }

    /// Where the start tag of an element stands.
    pub(super) fn tag(self, node: NodeId) -> Span {
        self.element(node).start_tag
    }
}
