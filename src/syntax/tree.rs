//! The tree that every format is read into.

use crate::source::Span;

/// A document as the application sees it: values resolved, merges done, every place kept.
///
/// Nodes live in one list and name each other by position, so an alias costs nothing and neither
/// reading nor dropping a tree recurses.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// All nodes; [`NodeId`] is a position in it.
    pub nodes: Vec<Node>,
    /// The document's value; none where the text holds no document.
    pub root: Option<NodeId>,
    /// Comments in the order of the text.
    pub comments: Vec<Comment>,
}

/// The position of a node in [`Tree::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A comment: its text without the mark, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the mark (`#`) to the end of the line, without the line break.
    pub span: Span,
    /// Whether nothing but white space stands before it on its line.
    pub alone: bool,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value's own text: with quotes, without anchor, tag or comment. A block scalar starts at
    /// its indicator and ends with its last line of text. An empty value is an empty span.
    pub span: Span,
    /// The tag as written (`!vault`, `!!str`), if any. HOCON has none: there it tells what a value
    /// depends on, see [`hocon`](crate::syntax::hocon).
    pub tag: Option<Tag>,
    /// What the value is.
    pub value: Value,
}

/// A tag as it was written and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Where it stands.
    pub span: Span,
    /// With handles expanded: `tag:yaml.org,2002:str`, `!vault`.
    pub name: String,
}

/// The three kinds of value.
#[derive(Clone, Debug)]
pub enum Value {
    /// A list of values.
    List(Vec<NodeId>),
    /// A map, in the order of the text.
    Map(Vec<Entry>),
    /// A single value.
    Scalar(Scalar),
}

/// A key and its value.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The key.
    pub key: NodeId,
    /// The value.
    pub value: NodeId,
    /// How the entry came here and whether it counts.
    pub origin: Origin,
    /// Whether a later entry of the same key, or the map's own entry over a merged one, hides it.
    pub hidden: bool,
}

/// Where an entry of a map comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Brought in by a merge key (`<<`).
    Merged,
    /// Written in the map itself.
    Own,
}

/// A single value: what it reads as, and how it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text after unquoting and folding.
    pub text: String,
    /// How it was written.
    pub style: Style,
    /// What the application's reader makes of it.
    pub kind: Kind,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// In double quotes.
    DoubleQuoted,
    /// As a folded block (`>`).
    Folded,
    /// As a literal block (`|`).
    Literal,
    /// Without quotes.
    Plain,
    /// In single quotes.
    SingleQuoted,
}

/// What a scalar resolves to.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Base64 bytes (`!!binary`).
    Binary,
    /// True or false.
    Bool(bool),
    /// A length of time, which HOCON has: its number and its unit in full ("10 seconds").
    Duration(String),
    /// A number with a fraction; infinities and not-a-number included.
    Float(f64),
    /// A whole number in decimal digits, of any size.
    Int(String),
    /// Nothing: empty, `~`, `null`.
    Null,
    /// Text.
    Text,
    /// A date, or a date with a time; as the application's reader prints it.
    Timestamp(String),
}

impl Tree {
    /// The node at a position that this tree gave out.
    pub fn node(&self, id: NodeId) -> &Node {
        let index = usize::try_from(id.0).expect("a u32 fits into usize");
        &self.nodes[index]
    }

    /// Where scalars stand that have a tag, or that several places share by aliases.
    pub fn tagged_or_shared(&self) -> Vec<Span> {
        let mut uses = vec![0_u32; self.nodes.len()];
        let mut count = |id: NodeId| {
            if let Some(uses) = usize::try_from(id.0).ok().and_then(|index| uses.get_mut(index)) {
                *uses += 1;
            }
        };
        for node in &self.nodes {
            match &node.value {
                Value::List(items) => items.iter().copied().for_each(&mut count),
                Value::Map(entries) => {
                    entries.iter().flat_map(|entry| [entry.key, entry.value]).for_each(&mut count);
                }
                Value::Scalar(_) => {}
            }
        }
        let nodes = self.nodes.iter().zip(uses);
        let found = nodes.filter(|(node, uses)| {
            matches!(node.value, Value::Scalar(_)) && (node.tag.is_some() || *uses > 1)
        });
        found.map(|(node, _)| node.span).filter(|span| !span.is_empty()).collect()
    }

    /// The document's value, for walking down.
    pub fn root(&self) -> Option<NodeRef<'_>> {
        self.root.map(|id| NodeRef { tree: self, id })
    }
}

/// A node together with its tree, for walking down.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'t> {
    /// The tree that holds the node.
    pub tree: &'t Tree,
    /// The node.
    pub id: NodeId,
}

impl<'t> NodeRef<'t> {
    /// The node itself.
    pub fn node(self) -> &'t Node {
        self.tree.node(self.id)
    }

    /// Where the value stands.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// The scalar, if it is one.
    pub fn scalar(self) -> Option<&'t Scalar> {
        match &self.node().value {
            Value::Scalar(scalar) => Some(scalar),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The items, if it is a list.
    pub fn items(self) -> Option<impl Iterator<Item = NodeRef<'t>>> {
        let tree = self.tree;
        match &self.node().value {
            Value::List(items) => Some(items.iter().map(move |&id| NodeRef { tree, id })),
            Value::Map(_) | Value::Scalar(_) => None,
        }
    }

    /// All entries as written, hidden ones included, if it is a map.
    pub fn entries(self) -> Option<&'t [Entry]> {
        match &self.node().value {
            Value::Map(entries) => Some(entries),
            Value::List(_) | Value::Scalar(_) => None,
        }
    }

    /// Keys and values that count, if it is a map; keys are scalars.
    pub fn pairs(self) -> Option<impl Iterator<Item = (NodeRef<'t>, NodeRef<'t>)>> {
        let tree = self.tree;
        let entries = self.entries()?;
        Some(
            entries.iter().filter(|entry| !entry.hidden).map(move |entry| {
                (NodeRef { tree, id: entry.key }, NodeRef { tree, id: entry.value })
            }),
        )
    }

    /// Key and value under a text key, if it is a map that has it.
    pub fn entry(self, key: &str) -> Option<(Self, Self)> {
        self.pairs()?.find(|(name, _)| name.key_text() == Some(key))
    }

    /// The value under a text key, if it is a map that has it.
    pub fn get(self, key: &str) -> Option<Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The text of a key that is text.
    pub fn key_text(self) -> Option<&'t str> {
        self.scalar().filter(|scalar| scalar.kind == Kind::Text).map(|scalar| scalar.text.as_str())
    }

    /// Whether it is nothing: empty, `~`, `null`.
    pub fn is_null(self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.kind == Kind::Null)
    }
}
