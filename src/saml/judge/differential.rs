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
    let around = inherited(received, node);
    let mut is_apex = true;
    loop {
        let (mut one, mut other) = (ours.next(), theirs.next());
        if std::mem::take(&mut is_apex) {
            without_inherited(&around, &mut one, &mut other);
        }
        match (one, other) {
            (None, None) => return None,
            (Some((one, id)), Some((other, _))) if one == other => {
                debug_assert!(received.element(id).is_some(), "elements only");
            }
            (Some((_, id)), _) => return Some(Difference::Signed(received.span(id))),
            (None, Some(_)) => return Some(Difference::Signed(received.span(node))),
        }
    }
}

/// Attributes of XML itself that inclusive canonicalisation takes over from the elements around
/// (xml-c14n section 2.4, xml-c14n11 section 2.4).
fn inherited(document: &Document, node: NodeId) -> Vec<Attribute<'_>> {
    let of = |id: NodeId| {
        let attributes = document.element(id).into_iter().flat_map(|one| &one.attributes);
        attributes.filter(|one| one.name.namespace == XML).map(|one| {
            (one.name.namespace.as_str(), one.name.local.as_str(), one.value.value.as_str())
        })
    };
    let mut found: Vec<Attribute<'_>> = Vec::new();
    for attribute in document.ancestors(node).flat_map(of) {
        if !found.iter().any(|(_, local, _)| *local == attribute.1) {
            found.push(attribute);
        }
    }
    found
}

/// Leaves what the signed apex took over out of the comparison. A base is joined with those around
/// it (xml-c14n11 section 2.4) and means nothing in a message.
fn without_inherited(
    around: &[Attribute<'_>],
    received: &mut Option<(Outline<'_>, NodeId)>,
    signed: &mut Option<(Outline<'_>, NodeId)>,
) {
    let (Some((received, _)), Some((signed, _))) = (received, signed) else { return };
    let has_base = around.iter().any(|(_, local, _)| *local == "base");
    let is_base = |one: &Attribute<'_>| has_base && one.0 == XML && one.1 == "base";
    received.attributes.retain(|one| !is_base(one));
    let own =
        |one: &Attribute<'_>| received.attributes.iter().any(|o| (o.0, o.1) == (one.0, one.1));
    signed.attributes.retain(|one| !is_base(one) && (own(one) || !around.contains(one)));
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
