//! From events to nodes: anchors, aliases and the ceilings.

use std::collections::HashMap;

use crate::source::Span;
use crate::syntax::tree::{Entry, Kind, Node, NodeId, Origin, Scalar, Style, Tag, Tree, Value};
use crate::syntax::yaml::Options;
use crate::syntax::yaml::class::Class;
use crate::syntax::yaml::construct::Constructor;
use crate::syntax::yaml::cursor::Result;
use crate::syntax::yaml::error::{LimitKind, YamlError, YamlErrorKind};
use crate::syntax::yaml::event::{Content, Event};
use crate::syntax::yaml::parser::Parser;

/// The one document of a text.
pub(super) fn read(text: &str, options: &Options<'_>) -> Result<Tree> {
    let mut composer = Composer {
        options: *options,
        nodes: Nodes::for_text(text),
        anchors: HashMap::new(),
        frames: Vec::new(),
        root: None,
        counted: 0,
    };
    let mut parser = Parser::new(text, options.depth);
    parser.event()?;
    let first = parser.event()?;
    if !matches!(first.content, Content::StreamEnd) {
        composer.document(&mut parser)?;
        let next = parser.event()?;
        if !matches!(next.content, Content::StreamEnd) {
            let kind = YamlErrorKind::SeveralDocuments;
            return Err(YamlError::new(kind, next.span));
        }
    }
    let root = composer.root;
    let mut constructor = Constructor::new(composer.nodes, options.nodes);
    if let Some(root) = root {
        constructor.construct(root)?;
    }
    Ok(Tree { nodes: constructor.into_nodes(), root, comments: parser.into_comments() })
}

/// Nodes, and beside them what the tree does not show.
#[derive(Debug)]
pub(super) struct Nodes {
    /// The nodes of the tree.
    pub(super) list: Vec<Node>,
    /// One for each node.
    pub(super) facts: Vec<Facts>,
}

/// What has to be known of a node while the tree grows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// Its type.
    pub(super) class: Class,
    /// How many nodes it holds, itself and each alias's target included.
    pub(super) size: usize,
    /// Whether its end is not read yet.
    pub(super) open: bool,
    /// Whether it was constructed.
    pub(super) built: bool,
    /// Whether its merge keys were followed.
    pub(super) flat: bool,
}

/// How many bytes of a text come to one node, about.
const BYTES_A_NODE: usize = 16;

impl Nodes {
    /// No nodes, with room for those of a text.
    fn for_text(text: &str) -> Self {
        let capacity = text.len() / BYTES_A_NODE;
        Self { list: Vec::with_capacity(capacity), facts: Vec::with_capacity(capacity) }
    }

    /// The position of a node in both lists.
    pub(super) fn index(id: NodeId) -> usize {
        usize::try_from(id.0).expect("bug: a u32 does not fit into usize")
    }

    /// The node.
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.list[Self::index(id)]
    }

    /// The node, for changing it.
    pub(super) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.list[Self::index(id)]
    }

    /// What is known of the node.
    pub(super) fn facts(&self, id: NodeId) -> Facts {
        self.facts[Self::index(id)]
    }

    /// What is known of the node, for changing it.
    pub(super) fn facts_mut(&mut self, id: NodeId) -> &mut Facts {
        &mut self.facts[Self::index(id)]
    }

    fn push(&mut self, node: Node, class: Class, open: bool) -> Option<NodeId> {
        let id = NodeId(u32::try_from(self.list.len()).ok()?);
        self.list.push(node);
        self.facts.push(Facts { class, size: 1, open, built: false, flat: false });
        Some(id)
    }
}

/// The document as far as it was read.
#[derive(Debug)]
struct Composer<'t, 'o> {
    options: Options<'o>,
    nodes: Nodes,
    anchors: HashMap<&'t str, NodeId>,
    frames: Vec<Frame>,
    root: Option<NodeId>,
    /// Nodes so far, each alias's target counted with all it holds.
    counted: usize,
}

/// An open collection.
#[derive(Clone, Copy, Debug)]
struct Frame {
    id: NodeId,
    in_brackets: bool,
    /// The key whose value comes next.
    key: Option<NodeId>,
    /// The end of the last value's own text.
    end: usize,
}

impl<'t> Composer<'t, '_> {
    /// Reads a document to its end.
    fn document(&mut self, parser: &mut Parser<'t>) -> Result<()> {
        loop {
            let event = parser.event()?;
            match event.content {
                Content::DocumentEnd(_) => return Ok(()),
                Content::Alias(name) => self.alias(name, event.span)?,
                Content::MappingEnd | Content::SequenceEnd => self.close(event.span),
                Content::Scalar(_) => self.scalar(event)?,
                Content::MappingStart(flow) => self.open(event, Value::Map(Vec::new()), flow)?,
                Content::SequenceStart(flow) => self.open(event, Value::List(Vec::new()), flow)?,
                Content::DocumentStart(_) | Content::StreamEnd | Content::StreamStart => {}
            }
        }
    }

    /// Counts nodes against the ceiling.
    fn count(&mut self, nodes: usize, span: Span) -> Result<()> {
        self.counted = self.counted.saturating_add(nodes);
        if self.counted > self.options.nodes {
            return Err(too_many(span));
        }
        Ok(())
    }

    fn alias(&mut self, name: &str, span: Span) -> Result<()> {
        let Some(&id) = self.anchors.get(name) else {
            let kind = YamlErrorKind::UnknownAlias(name.to_owned());
            return Err(YamlError::new(kind, span));
        };
        let facts = self.nodes.facts(id);
        if facts.open {
            let kind = YamlErrorKind::RecursiveAlias(name.to_owned());
            let target = self.nodes.node(id).span;
            return Err(YamlError::new(kind, span).within("its value", target));
        }
        self.count(facts.size, span)?;
        self.attach(id, span.end);
        Ok(())
    }

    fn scalar(&mut self, event: Event<'t>) -> Result<()> {
        let Content::Scalar(scalar) = event.content else {
            return Ok(());
        };
        let class = match &event.tag {
            Some(tag) if tag.name != "!" => self.class_of(tag),
            None if scalar.style != Style::Plain => Class::Str,
            _ => Class::of_text(&scalar.text),
        };
        let value = Value::Scalar(Scalar {
            text: scalar.text.into_owned(),
            style: scalar.style,
            kind: Kind::Text,
        });
        let node = Node { span: event.span, tag: event.tag, value };
        let id = self.push(node, class, false)?;
        self.anchor(event.anchor.map(|anchor| (anchor.value, anchor.span)), id)?;
        self.attach(id, event.span.end);
        Ok(())
    }

    fn open(&mut self, event: Event<'t>, value: Value, in_brackets: bool) -> Result<()> {
        let plain = match value {
            Value::Map(_) => Class::Map,
            _ => Class::Seq,
        };
        let class = match &event.tag {
            Some(tag) if tag.name != "!" => self.class_of(tag),
            _ => plain,
        };
        let node = Node { span: event.span, tag: event.tag, value };
        let id = self.push(node, class, true)?;
        self.anchor(event.anchor.map(|anchor| (anchor.value, anchor.span)), id)?;
        self.frames.push(Frame { id, in_brackets, key: None, end: event.span.end });
        Ok(())
    }

    fn close(&mut self, bracket: Span) {
        let frame = self.frames.pop();
        let frame = frame.expect("bug: a collection ends that did not start");
        let is_written = frame.in_brackets && !bracket.is_empty();
        let end = if is_written { bracket.end } else { frame.end };
        let node = self.nodes.node_mut(frame.id);
        node.span = Span::new(node.span.start, end);
        self.nodes.facts_mut(frame.id).open = false;
        self.attach(frame.id, end);
    }

    fn class_of(&self, tag: &Tag) -> Class {
        Class::of_tag(&tag.name, self.options.filled_in_later)
    }

    fn push(&mut self, node: Node, class: Class, open: bool) -> Result<NodeId> {
        let span = node.span;
        self.count(1, span)?;
        self.nodes.push(node, class, open).ok_or_else(|| too_many(span))
    }

    /// Gives a node its name.
    fn anchor(&mut self, anchor: Option<(&'t str, Span)>, id: NodeId) -> Result<()> {
        let Some((name, span)) = anchor else {
            return Ok(());
        };
        match self.anchors.insert(name, id) {
            Some(first) => {
                let kind = YamlErrorKind::DuplicateAnchor(name.to_owned());
                let first = self.nodes.node(first).span;
                Err(YamlError::new(kind, span).within("the first value of this name", first))
            }
            None => Ok(()),
        }
    }

    /// Puts a node that is complete where it belongs.
    fn attach(&mut self, id: NodeId, end: usize) {
        let size = self.nodes.facts(id).size;
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(id);
            return;
        };
        frame.end = end;
        self.nodes.facts_mut(frame.id).size += size;
        match &mut self.nodes.node_mut(frame.id).value {
            Value::List(items) => items.push(id),
            Value::Map(entries) => match frame.key.take() {
                None => frame.key = Some(id),
                Some(key) => {
                    entries.push(Entry { key, value: id, origin: Origin::Own, hidden: false });
                }
            },
            Value::Scalar(_) => {}
        }
    }
}

fn too_many(span: Span) -> YamlError {
    YamlError::new(YamlErrorKind::Limit(LimitKind::Nodes), span)
}
