//! The tripwire: what was signed and what was received have to read the same.

use crate::saml::message::ASSERTION;
use crate::source::Span;
use crate::xml::Name;
use crate::xml::tree::{Document, Element, Kind, NodeId};

/// Where two readings of one element differ.
pub(super) enum Difference {
    /// A comment, an instruction or a marked section stands in a value.
    Inside {
        /// What it is.
        what: &'static str,
        /// The element whose value it is.
        element: String,
        /// Where it stands.
        span: Span,
    },
    /// The signed bytes hold something else.
    Signed(Span),
}

/// Where an element as received, but for one signature, differs from what its signed bytes say.
pub(super) fn signed(
    received: &Document,
    node: NodeId,
    signature: Option<NodeId>,
    verified: &Document,
) -> Option<Difference> {
    let mut ours = Elements::of(received, node, signature);
    let mut theirs = Elements::of(verified, verified.root(), None);
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return None,
            (Some((one, id)), Some((other, _))) if one == other => {
                debug_assert!(received.element(id).is_some(), "elements only");
            }
            (Some((_, id)), _) => return Some(Difference::Signed(received.span(id))),
            (None, Some(_)) => return Some(Difference::Signed(received.span(node))),
        }
    }
}

/// Values of a message in which something else than text stands.
pub(super) fn inside(document: &Document) -> Vec<Difference> {
    let mut found = Vec::new();
    for id in document.descendants(document.root()) {
        let Some(element) = document.element(id) else { continue };
        let is_value = VALUES.iter().any(|local| element.is(ASSERTION, local));
        if !is_value || document.elements(id).next().is_some() {
            continue;
        }
        for child in document.children(id) {
            let span = document.span(child);
            let what = match document.kind(child) {
                Kind::Comment(_) => "a comment",
                Kind::Instruction { .. } => "a processing instruction",
                _ => continue,
            };
            found.push(Difference::Inside { what, element: element.name.local.clone(), span });
        }
    }
    found
}

/// Elements whose text is read.
const VALUES: [&str; 5] =
    ["NameID", "Issuer", "Audience", "AttributeValue", "AuthnContextClassRef"];

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// An attribute: its namespace, local name and value.
type Attribute<'d> = (&'d str, &'d str, &'d str);

/// What two readings of one element have to agree in: depth, name, attributes, own text.
#[derive(PartialEq, Eq)]
struct Outline<'d> {
    depth: usize,
    namespace: &'d str,
    local: &'d str,
    attributes: Vec<Attribute<'d>>,
    text: String,
}

/// The elements of a subtree in order, without one of them.
struct Elements<'d> {
    document: &'d Document,
    omit: Option<NodeId>,
    /// Elements that are still to come, and how deep they are.
    open: Vec<(NodeId, usize)>,
}

impl<'d> Elements<'d> {
    fn of(document: &'d Document, node: NodeId, omit: Option<NodeId>) -> Self {
        Self { document, omit, open: vec![(node, 0)] }
    }

    fn outline(&self, element: &'d Element, id: NodeId, depth: usize) -> Outline<'d> {
        // Inclusive canonicalisation takes those over from the elements around the signed one.
        let is_inherited = |name: &Name| depth == 0 && name.namespace == XML;
        let own = element.attributes.iter().filter(|attribute| !is_inherited(&attribute.name));
        let one = own.map(|attribute| {
            let name = &attribute.name;
            (name.namespace.as_str(), name.local.as_str(), attribute.value.value.as_str())
        });
        let mut attributes: Vec<_> = one.collect();
        attributes.sort_unstable();
        let own = self.document.children(id).filter_map(|child| match self.document.kind(child) {
            Kind::Text(text) => Some(text),
            _ => None,
        });
        let text = own.collect();
        Outline {
            depth,
            namespace: &element.name.namespace,
            local: &element.name.local,
            attributes,
            text,
        }
    }
}

impl<'d> Iterator for Elements<'d> {
    type Item = (Outline<'d>, NodeId);

    fn next(&mut self) -> Option<Self::Item> {
        let (id, depth) = self.open.pop()?;
        let element = self.document.element(id)?;
        let mut below: Vec<NodeId> =
            self.document.elements(id).filter(|&child| Some(child) != self.omit).collect();
        below.reverse();
        self.open.extend(below.into_iter().map(|child| (child, depth + 1)));
        Some((self.outline(element, id, depth), id))
    }
}
