//! From nodes to values: types, keys, duplicates, in the order in which `SafeLoader` makes them.
//!
//! That order matters: what a merge key brings in, or what stands beside a `=`, is never made by
//! itself, so nothing is wrong with it.

use std::collections::{HashMap, VecDeque};
use std::mem;

use crate::syntax::tree::{Entry, Kind, Node, NodeId, Scalar, Style, Value};
use crate::syntax::yaml::class::Class;
use crate::syntax::yaml::compose::Nodes;
use crate::syntax::yaml::cursor::Result;
use crate::syntax::yaml::error::{LimitKind, YamlError, YamlErrorKind};
use crate::syntax::yaml::key::Key;
use crate::syntax::yaml::number::{self, Fault};
use crate::syntax::yaml::{base64, key, merge, timestamp};

/// The values of a document as they are made.
#[derive(Debug)]
pub(super) struct Constructor {
    nodes: Nodes,
    /// Collections whose values are still to be made.
    queue: VecDeque<NodeId>,
    /// Maps that a tag reads as a scalar: `!!str {=: text}`.
    scalars: HashMap<NodeId, Scalar>,
    /// Steps from map to map in search of a scalar.
    steps: usize,
    ceiling: usize,
}

impl Constructor {
    /// A constructor that follows at most `ceiling` maps in search of scalars.
    pub(super) fn new(nodes: Nodes, ceiling: usize) -> Self {
        Self { nodes, queue: VecDeque::new(), scalars: HashMap::new(), steps: 0, ceiling }
    }

    /// Makes the value of `root` and of all that belongs to it.
    pub(super) fn construct(&mut self, root: NodeId) -> Result<()> {
        self.visit(root)?;
        while let Some(id) = self.queue.pop_front() {
            self.fill(id)?;
        }
        Ok(())
    }

    /// The nodes with their values.
    pub(super) fn into_nodes(mut self) -> Vec<Node> {
        for (index, node) in self.nodes.list.iter_mut().enumerate() {
            let id = u32::try_from(index).map(NodeId);
            let scalar = id.ok().and_then(|id| self.scalars.remove(&id));
            if let Some(scalar) = scalar {
                node.value = Value::Scalar(scalar);
            }
        }
        self.nodes.list
    }

    /// Makes a scalar, or notes a collection for later.
    fn visit(&mut self, id: NodeId) -> Result<()> {
        let facts = self.nodes.facts_mut(id);
        if mem::replace(&mut facts.built, true) {
            return Ok(());
        }
        let class = facts.class;
        let expected = match (class, &self.nodes.node(id).value) {
            (Class::FilledIn, Value::Scalar(_)) => return Ok(()),
            (Class::FilledIn | Class::Seq | Class::Pairs, Value::List(_))
            | (Class::FilledIn | Class::Map | Class::Set, Value::Map(_)) => {
                self.queue.push_back(id);
                return Ok(());
            }
            (Class::Map | Class::Set, _) => "a map",
            (Class::Seq | Class::Pairs, _) => "a list",
            (Class::Merge | Class::Value | Class::Object, _) => return Err(self.no_reader(id)),
            _ => return self.scalar(id, class),
        };
        Err(self.error(id, YamlErrorKind::WrongKind { expected }))
    }

    /// Makes the scalar that stands at a node.
    fn scalar(&mut self, id: NodeId, class: Class) -> Result<()> {
        let source = self.scalar_source(id)?;
        let Value::Scalar(scalar) = &self.nodes.node(source).value else {
            return Ok(());
        };
        if source != id && class == Class::Timestamp {
            let expected = "a date or a time";
            return Err(self.error(id, YamlErrorKind::WrongKind { expected }));
        }
        let kind = kind(class, &scalar.text).map_err(|kind| self.error(id, kind))?;
        if source == id {
            if let Value::Scalar(scalar) = &mut self.nodes.node_mut(id).value {
                scalar.kind = kind;
            }
            return Ok(());
        }
        let scalar = Scalar { text: scalar.text.clone(), style: Style::Plain, kind };
        self.scalars.insert(id, scalar);
        Ok(())
    }

    /// The node whose text a scalar has: itself, or of a map the value under `=`.
    fn scalar_source(&mut self, id: NodeId) -> Result<NodeId> {
        let mut source = id;
        loop {
            let entries = match &self.nodes.node(source).value {
                Value::Scalar(_) => return Ok(source),
                Value::List(_) => return Err(self.wants_text(source)),
                Value::Map(entries) => entries,
            };
            self.steps += entries.len() + 1;
            let found =
                entries.iter().find(|entry| self.nodes.facts(entry.key).class == Class::Value);
            source = match found {
                Some(entry) => entry.value,
                None => return Err(self.wants_text(source)),
            };
            if self.steps > self.ceiling {
                return Err(self.error(id, YamlErrorKind::Limit(LimitKind::Nodes)));
            }
        }
    }

    /// Makes what a collection holds.
    fn fill(&mut self, id: NodeId) -> Result<()> {
        let class = self.nodes.facts(id).class;
        if matches!(self.nodes.node(id).value, Value::Map(_)) {
            merge::flatten(&mut self.nodes, id)?;
        }
        match mem::replace(&mut self.nodes.node_mut(id).value, Value::List(Vec::new())) {
            Value::List(items) => {
                for &item in &items {
                    if class == Class::Pairs {
                        self.pair(item)?;
                    } else {
                        self.visit(item)?;
                    }
                }
                self.nodes.node_mut(id).value = Value::List(items);
            }
            Value::Map(mut entries) => {
                for entry in &entries {
                    self.entry(*entry)?;
                }
                self.hide(&mut entries);
                self.nodes.node_mut(id).value = Value::Map(entries);
            }
            Value::Scalar(_) => {}
        }
        Ok(())
    }

    /// Makes a key, which Python must be able to hash, and its value.
    fn entry(&mut self, entry: Entry) -> Result<()> {
        self.visit(entry.key)?;
        let is_collection = matches!(
            self.nodes.facts(entry.key).class,
            Class::Map | Class::Pairs | Class::Seq | Class::Set
        ) || !self.is_scalar(entry.key);
        if is_collection {
            return Err(self.error(entry.key, YamlErrorKind::UnhashableKey));
        }
        self.visit(entry.value)
    }

    fn is_scalar(&self, id: NodeId) -> bool {
        self.made_scalar(id).is_some()
    }

    /// The scalar of a node that was made.
    fn made_scalar(&self, id: NodeId) -> Option<&Scalar> {
        match &self.nodes.node(id).value {
            Value::Scalar(scalar) => Some(scalar),
            Value::List(_) | Value::Map(_) => self.scalars.get(&id),
        }
    }

    /// Makes key and value of one item of `!!omap` or `!!pairs`.
    fn pair(&mut self, item: NodeId) -> Result<()> {
        let pair = match &self.nodes.node(item).value {
            Value::Map(entries) if entries.len() == 1 => entries[0],
            _ => {
                let expected = "maps with one key each";
                return Err(self.error(item, YamlErrorKind::WrongKind { expected }));
            }
        };
        self.visit(pair.key)?;
        self.visit(pair.value)
    }

    /// Hides every entry that a later one of an equal key replaces.
    fn hide(&self, entries: &mut [Entry]) {
        let keys: Vec<Option<Key<'_>>> =
            entries.iter().map(|entry| self.made_scalar(entry.key).map(Key::of)).collect();
        key::hide_replaced(&keys, |index| entries[index].hidden = true);
    }

    fn error(&self, id: NodeId, kind: YamlErrorKind) -> YamlError {
        YamlError::new(kind, self.nodes.node(id).span)
    }

    fn wants_text(&self, id: NodeId) -> YamlError {
        let expected = "text, not a list or map";
        self.error(id, YamlErrorKind::WrongKind { expected })
    }

    /// A value that no constructor reads.
    fn no_reader(&self, id: NodeId) -> YamlError {
        let node = self.nodes.node(id);
        match (self.nodes.facts(id).class, &node.tag) {
            (Class::Object, Some(tag)) => {
                YamlError::new(YamlErrorKind::ObjectTag(tag.name.clone()), tag.span)
            }
            (Class::Merge, _) => {
                let expected = "a value; `<<` is a key, or text in quotes";
                self.error(id, YamlErrorKind::BadScalar { expected })
            }
            _ => {
                let expected = "a value; text that is only `=` needs quotes";
                self.error(id, YamlErrorKind::BadScalar { expected })
            }
        }
    }
}

/// What a text is as a scalar of a type.
fn kind(class: Class, text: &str) -> std::result::Result<Kind, YamlErrorKind> {
    let bad = |expected| YamlErrorKind::BadScalar { expected };
    let number = |fault, expected| match fault {
        Fault::Refused => bad(expected),
        Fault::TooLong => YamlErrorKind::Limit(LimitKind::Digits),
    };
    match class {
        Class::Binary => match base64::decode(text) {
            Some(_) => Ok(Kind::Binary),
            None => Err(bad("base64")),
        },
        Class::Bool => match text.to_lowercase().as_str() {
            "yes" | "true" | "on" => Ok(Kind::Bool(true)),
            "no" | "false" | "off" => Ok(Kind::Bool(false)),
            _ => Err(bad("true or false")),
        },
        Class::Float => {
            number::float(text).map(Kind::Float).map_err(|fault| number(fault, "a number"))
        }
        Class::Int => {
            number::int(text).map(Kind::Int).map_err(|fault| number(fault, "a whole number"))
        }
        Class::Null => Ok(Kind::Null),
        Class::Timestamp => {
            timestamp::print(text).map(Kind::Timestamp).ok_or(bad("a date or time that exists"))
        }
        _ => Ok(Kind::Text),
    }
}
