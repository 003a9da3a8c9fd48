//! A whole document, kept as it was read: comments and instructions too.

use crate::source::{Span, Spanned};
use crate::xml::event::{AttributeRef, Event, QualifiedName, Start, StartTag};
use crate::xml::reader::Reader;
use crate::xml::tag::Name;
use crate::xml::{Limits, XmlError};

pub use crate::xml::tag::Attribute as TreeAttribute;

/// A document. Its nodes stand in one list, in document order.
#[derive(Clone, Debug)]
pub struct Document {
    nodes: Vec<Node>,
    root: NodeId,
}

/// A node of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'d> {
    /// A comment.
    Comment(&'d str),
    /// An element.
    Element(&'d Element),
    /// A processing instruction.
    Instruction {
        /// Its name.
        target: &'d str,
        /// What follows the name.
        data: &'d str,
    },
    /// Text: all of it between two tags, comments or instructions.
    Text(&'d str),
}

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// The prefix of its name; empty for none.
    pub prefix: String,
    /// Its name.
    pub name: Name,
    /// Its attributes, in the order of the text.
    pub attributes: Vec<TreeAttribute>,
    /// The namespaces that it declares: prefix and namespace.
    pub declarations: Vec<(String, String)>,
    /// Where its start tag stands.
    pub start_tag: Span,
}

#[derive(Clone, Debug)]
struct Node {
    data: Data,
    parent: Option<NodeId>,
    next: Option<NodeId>,
    /// The first node behind this one and all below it.
    end: u32,
    span: Span,
}

#[derive(Clone, Debug)]
enum Data {
    Comment(String),
    /// What stands around the root element.
    Document,
    Element(Box<Element>),
    Instruction(String, String),
    Text(String),
}

impl Document {
    /// Reads a document.
    pub fn read(text: &str, limits: Limits) -> Result<Self, XmlError> {
        Self::read_bytes(text.as_bytes(), limits)
    }

    /// Reads a document from bytes, which must be UTF-8.
    pub fn read_bytes(bytes: &[u8], limits: Limits) -> Result<Self, XmlError> {
        let limits = Limits { nodes: limits.nodes.min(MOST), ..limits };
        Self::build(Reader::of_bytes(bytes, limits)?)
    }

    /// The root element.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// The element that a node is; none for text, comments and instructions.
    pub fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.node(id).data {
            Data::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The nodes directly below, in order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let first = id.0 + 1;
        let first = (first < self.node(id).end).then_some(NodeId(first));
        std::iter::successors(first, |&child| self.node(child).next)
    }

    /// The elements directly below, in order.
    pub fn elements(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        self.children(id).filter(|&child| self.element(child).is_some())
    }

    /// The node and all below it, in document order.
    pub fn descendants(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        (id.0..self.node(id).end).map(NodeId)
    }

    /// The numbers of a node and all below it; none at all without a node.
    pub(super) fn subtree(&self, id: Option<NodeId>) -> std::ops::Range<NodeId> {
        id.map_or(NodeId(0)..NodeId(0), |id| id..NodeId(self.node(id).end))
    }

    /// The element around; none around the root, and around what stands beside it.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent.filter(|&parent| self.element(parent).is_some())
    }

    /// The elements around, from the inside out.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.parent(id), |&parent| self.parent(parent))
    }

    /// Where the node stands; an element from its start tag to its end tag, both counted.
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// What the node is.
    pub fn kind(&self, id: NodeId) -> Kind<'_> {
        match &self.node(id).data {
            Data::Comment(text) => Kind::Comment(text),
            Data::Element(element) => Kind::Element(element),
            Data::Instruction(target, data) => Kind::Instruction { target, data },
            Data::Text(text) => Kind::Text(text),
            Data::Document => unreachable!("bug: the node around the root is not handed out"),
        }
    }

    /// The root element with the comments and instructions around it, in order.
    pub fn top(&self) -> impl Iterator<Item = NodeId> {
        self.children(NodeId(0))
    }

    /// All text below, in order; comments and instructions give none.
    pub fn text(&self, id: NodeId) -> String {
        let parts = self.descendants(id).map(|id| match &self.node(id).data {
            Data::Text(text) => text.as_str(),
            _ => "",
        });
        parts.collect()
    }

    /// Whether nothing but text stands below.
    pub fn is_plain_text(&self, id: NodeId) -> bool {
        self.children(id).all(|child| matches!(self.node(child).data, Data::Text(_)))
    }

    /// The namespaces in force in an element, sorted: prefix and namespace. The prefix `xml`,
    /// which is always in force, is left out.
    pub fn namespaces_in_scope(&self, id: NodeId) -> Vec<(String, String)> {
        let mut found = std::collections::BTreeMap::new();
        for element in std::iter::once(id).chain(self.ancestors(id)) {
            for (prefix, uri) in self.element(element).iter().flat_map(|one| &one.declarations) {
                found.entry(prefix.clone()).or_insert_with(|| uri.clone());
            }
        }
        found.remove("xml");
        found.into_iter().filter(|(_, uri)| !uri.is_empty()).collect()
    }

    /// The namespace that a prefix stands for in an element; none where it is not declared.
    pub fn namespace_of(&self, id: NodeId, prefix: &str) -> Option<&str> {
        let around = std::iter::once(id).chain(self.ancestors(id));
        let mut declared =
            around.filter_map(|id| self.element(id)).flat_map(|one| &one.declarations);
        let found = declared.find(|(known, _)| known == prefix);
        found.map(|(_, uri)| uri.as_str()).filter(|uri| !uri.is_empty())
    }

    fn node(&self, id: NodeId) -> &Node {
        let at = usize::try_from(id.0).expect("a number of a node fits into usize");
        &self.nodes[at]
    }

    fn build(mut reader: Reader<&[u8]>) -> Result<Self, XmlError> {
        let mut builder = Builder::default();
        builder.open(Data::Document, Span::at(0));
        while let Some(event) = reader.event()? {
            match event {
                Event::Comment(Spanned { value, span }) => {
                    builder.leaf(Data::Comment(value.to_owned()), span);
                }
                Event::End(span) => builder.close(span.end),
                Event::Instruction { target, data, span } => {
                    builder.leaf(Data::Instruction(target.to_owned(), data.to_owned()), span);
                }
                Event::Start(start) => {
                    builder.open(Data::Element(Box::new(Element::of(&start))), start.span);
                }
                Event::Text(Spanned { value, span }) => builder.text(value, span),
            }
        }
        let root = builder.nodes.iter().position(|node| matches!(node.data, Data::Element(_)));
        let root = root.expect("a sound document has a root");
        builder.close(0);
        let root = NodeId(u32::try_from(root).expect("nodes are counted"));
        Ok(Self { nodes: builder.nodes, root })
    }
}

impl Element {
    /// Whether it has this name.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.name.is(namespace, local)
    }

    /// The attribute of that name without a namespace.
    pub fn attribute(&self, local: &str) -> Option<&TreeAttribute> {
        self.attributes.iter().find(|attribute| attribute.name.is("", local))
    }

    fn of(start: &Start<'_>) -> Self {
        let name = start.name();
        let declared = |(prefix, uri): (&str, &str)| (prefix.to_owned(), uri.to_owned());
        Self {
            prefix: name.prefix.to_owned(),
            name: name.to_name(),
            attributes: start.to_attributes(),
            declarations: start.declarations().map(declared).collect(),
            start_tag: start.span,
        }
    }
}

impl StartTag for Element {
    fn name(&self) -> QualifiedName<'_> {
        let Name { namespace, local } = &self.name;
        QualifiedName { prefix: &self.prefix, namespace, local }
    }

    fn declarations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.declarations.iter().map(|(prefix, uri)| (prefix.as_str(), uri.as_str()))
    }

    fn attributes(&self) -> impl Iterator<Item = AttributeRef<'_>> {
        self.attributes.iter().map(|TreeAttribute { prefix, name, value }| AttributeRef {
            name: QualifiedName { prefix, namespace: &name.namespace, local: &name.local },
            value: Spanned { value: &value.value, span: value.span },
        })
    }
}

/// A document as far as it was built.
#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    /// The open nodes, and the last child of each.
    open: Vec<(NodeId, Option<NodeId>)>,
}

impl Builder {
    fn open(&mut self, data: Data, span: Span) {
        let id = self.add(data, span);
        self.open.push((id, None));
    }

    fn leaf(&mut self, data: Data, span: Span) {
        self.add(data, span);
    }

    fn close(&mut self, end: usize) {
        let (id, _) = self.open.pop().expect("the reader closes what it opened");
        let next = self.next();
        let node = self.node(id);
        node.end = next;
        node.span.end = node.span.end.max(end);
    }

    /// Takes in text; what references and CDATA sections took apart is one node.
    fn text(&mut self, text: &str, span: Span) {
        let last = self.open.last().and_then(|&(_, last)| last);
        if let Some(last) = last
            && let node = self.node(last)
            && let Data::Text(before) = &mut node.data
        {
            before.push_str(text);
            node.span.end = span.end;
            return;
        }
        self.add(Data::Text(text.to_owned()), span);
    }

    fn add(&mut self, data: Data, span: Span) -> NodeId {
        let id = NodeId(self.next());
        let parent = self.open.last_mut().map(|(parent, last)| (*parent, last.replace(id)));
        if let Some((_, Some(last))) = parent {
            self.node(last).next = Some(id);
        }
        let parent = parent.map(|(parent, _)| parent);
        self.nodes.push(Node { data, parent, next: None, end: id.0 + 1, span });
        id
    }

    fn next(&self) -> u32 {
        u32::try_from(self.nodes.len())
            .expect("a document of four thousand million nodes is refused")
    }

    fn node(&mut self, id: NodeId) -> &mut Node {
        let at = usize::try_from(id.0).expect("a number of a node fits into usize");
        &mut self.nodes[at]
    }
}

/// The most nodes of a tree, texts not counted: with them their numbers still fit.
const MOST: usize = 1 << 30;
