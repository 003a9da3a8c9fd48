//! Nodes, and maps as keys are put into them.

use std::collections::{HashMap, HashSet};

use crate::source::Span;
use crate::syntax::hocon::error::{HoconError, HoconErrorKind, LimitKind};
use crate::syntax::hocon::key::stored_name;
use crate::syntax::hocon::{INCLUDE, Options, SUBSTITUTION};
use crate::syntax::tree::{Entry, Kind, Node, NodeId, Origin, Scalar, Style, Tag, Value};

type Result<T> = std::result::Result<T, HoconError>;

/// A step of a key with its place.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The name as pyhocon stores it, with its quotes where it has a special character.
    pub(super) name: String,
    /// Where it stands.
    pub(super) span: Span,
    /// Whether it is written in quotes.
    pub(super) style: Style,
}

/// The nodes so far, and where the keys of each map are.
#[derive(Debug)]
pub(super) struct Builder {
    /// The nodes of the tree.
    pub(super) nodes: Vec<Node>,
    /// Positions of the entries that count, by map and key.
    index: HashMap<(NodeId, String), usize>,
    /// Values under keys that held a substitution before, or that hold one after a list or map:
    /// what pyhocon makes of them depends on the order in which it answers substitutions.
    doubtful: HashSet<NodeId>,
    /// The most nodes.
    most: usize,
}

impl Builder {
    /// No nodes.
    pub(super) fn new(options: &Options) -> Self {
        Self {
            nodes: Vec::new(),
            index: HashMap::new(),
            doubtful: HashSet::new(),
            most: options.nodes,
        }
    }

    /// A new node.
    pub(super) fn node(&mut self, span: Span, value: Value) -> Result<NodeId> {
        if self.nodes.len() >= self.most {
            return Err(HoconError::new(HoconErrorKind::Limit(LimitKind::Nodes), span));
        }
        let id = u32::try_from(self.nodes.len()).expect("the ceiling is lower");
        self.nodes.push(Node { span, tag: None, value });
        Ok(NodeId(id))
    }

    /// A new node of a value that only other texts tell; its text is what is written.
    pub(super) fn unknown(&mut self, span: Span, tag: &str, written: &str) -> Result<NodeId> {
        let text = written.to_owned();
        let scalar = Scalar { text, style: Style::Plain, kind: Kind::Text };
        let id = self.node(span, Value::Scalar(scalar))?;
        self.get_mut(id).tag = Some(Tag { span, name: tag.to_owned() });
        Ok(id)
    }

    /// A new map with nothing in it.
    pub(super) fn map(&mut self, span: Span) -> Result<NodeId> {
        self.node(span, Value::Map(Vec::new()))
    }

    /// A node.
    pub(super) fn get(&self, id: NodeId) -> &Node {
        &self.nodes[position(id)]
    }

    /// A node, for changing it.
    pub(super) fn get_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[position(id)]
    }

    /// Whether the node is a map.
    pub(super) fn is_map(&self, id: NodeId) -> bool {
        matches!(self.get(id).value, Value::Map(_))
    }

    /// Whether the node is a list.
    pub(super) fn is_list(&self, id: NodeId) -> bool {
        matches!(self.get(id).value, Value::List(_))
    }

    /// Whether the node's value is known only at run time.
    pub(super) fn is_unknown(&self, id: NodeId) -> bool {
        self.get(id).tag.as_ref().is_some_and(|tag| [SUBSTITUTION, INCLUDE].contains(&&*tag.name))
    }

    /// The scalar that the node is and that is known.
    pub(super) fn scalar(&self, id: NodeId) -> Option<&Scalar> {
        match &self.get(id).value {
            Value::Scalar(scalar) if !self.is_unknown(id) => Some(scalar),
            _ => None,
        }
    }

    /// The value that counts under a key.
    pub(super) fn find(&self, map: NodeId, name: &str) -> Option<NodeId> {
        let position = *self.index.get(&(map, name.to_owned()))?;
        self.entries(map).get(position).map(|entry| entry.value)
    }

    fn entries(&self, map: NodeId) -> &[Entry] {
        match &self.get(map).value {
            Value::Map(entries) => entries,
            Value::List(_) | Value::Scalar(_) => &[],
        }
    }

    fn entries_mut(&mut self, map: NodeId) -> &mut Vec<Entry> {
        match &mut self.get_mut(map).value {
            Value::Map(entries) => entries,
            Value::List(_) | Value::Scalar(_) => unreachable!("bug: keys are put into maps"),
        }
    }

    /// Puts a value under a key and hides what was there.
    pub(super) fn set(&mut self, map: NodeId, step: &Step, value: NodeId) -> Result<()> {
        let text = step.name.trim_matches('"').to_owned();
        let scalar = Scalar { text, style: step.style, kind: Kind::Text };
        let key = self.node(step.span, Value::Scalar(scalar))?;
        self.link(map, step.name.clone(), key, value);
        Ok(())
    }

    fn link(&mut self, map: NodeId, name: String, key: NodeId, value: NodeId) {
        let position = self.entries(map).len();
        if let Some(before) = self.index.insert((map, name), position) {
            let entry = &mut self.entries_mut(map)[before];
            entry.hidden = true;
            let before = entry.value;
            let is_single = matches!(self.get(before).value, Value::Scalar(_));
            if self.holds_unknown(before) || !is_single && self.is_unknown(value) {
                self.doubtful.insert(value);
            }
        }
        self.entries_mut(map).push(Entry { key, value, origin: Origin::Own, hidden: false });
    }

    /// Whether a value or a part of it is known only at run time. Each value is hidden once, so
    /// all calls together look at each node once.
    fn holds_unknown(&self, id: NodeId) -> bool {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if self.is_unknown(id) || self.doubtful.contains(&id) {
                return true;
            }
            match &self.get(id).value {
                Value::List(items) => open.extend(items),
                Value::Map(entries) => {
                    let counting = entries.iter().filter(|entry| !entry.hidden);
                    open.extend(counting.map(|entry| entry.value));
                }
                Value::Scalar(_) => {}
            }
        }
        false
    }

    /// Whether the value depends on the order in which substitutions are answered.
    pub(super) fn is_doubtful(&self, id: NodeId) -> bool {
        self.doubtful.contains(&id)
    }

    /// Makes values unknown that depend on the order in which substitutions are answered.
    pub(super) fn forget_doubtful(&mut self) {
        for index in 0..self.nodes.len() {
            let id = NodeId(u32::try_from(index).expect("the ceiling is lower"));
            if !self.is_doubtful(id) || self.is_unknown(id) {
                continue;
            }
            let node = self.get_mut(id);
            node.tag = Some(Tag { span: node.span, name: SUBSTITUTION.to_owned() });
            if !matches!(node.value, Value::Scalar(_)) {
                let (text, style) = (String::new(), Style::Plain);
                node.value = Value::Scalar(Scalar { text, style, kind: Kind::Text });
            }
        }
    }

    /// Notes what a map includes: an entry that counts for nothing.
    pub(super) fn include(&mut self, map: NodeId, span: Span, written: &str) -> Result<()> {
        let key = self.unknown(span, INCLUDE, "include")?;
        let value = self.unknown(span, INCLUDE, written)?;
        let entry = Entry { key, value, origin: Origin::Merged, hidden: true };
        self.entries_mut(map).push(entry);
        Ok(())
    }

    /// Puts a list, or a value below further steps, under a key: what is no map makes way.
    pub(super) fn put(&mut self, map: NodeId, steps: &[Step], value: NodeId) -> Result<()> {
        let Some((first, rest)) = steps.split_first() else { return Err(no_name(Span::at(0))) };
        if rest.is_empty() {
            if first.name.is_empty() {
                return Err(no_name(first.span));
            }
            return match self.find(map, &first.name) {
                Some(before) if self.is_map(before) && self.is_map(value) => {
                    self.merge(before, value);
                    Ok(())
                }
                _ => self.set(map, first, value),
            };
        }
        let next = match self.find(map, &first.name) {
            Some(next) if self.is_map(next) => next,
            _ => {
                let next = self.map(joined(first.span, self.get(value).span))?;
                self.set(map, first, next)?;
                next
            }
        };
        self.put(next, rest, value)
    }

    /// Puts a map where a map may be and a single value must not.
    pub(super) fn put_map(&mut self, map: NodeId, step: &Step, value: NodeId) -> Result<()> {
        match self.find(map, &step.name) {
            Some(before) if self.is_map(before) => {
                self.merge(before, value);
                Ok(())
            }
            Some(before) if self.is_unknown(before) => {
                let written = step.name.clone();
                let unknown = self.unknown(step.span, SUBSTITUTION, &written)?;
                self.set(map, step, unknown)
            }
            Some(before) if !self.is_null(before) => {
                Err(HoconError::new(HoconErrorKind::NoMap, step.span))
            }
            _ => self.set(map, step, value),
        }
    }

    fn is_null(&self, id: NodeId) -> bool {
        self.scalar(id).is_some_and(|scalar| scalar.kind == Kind::Null)
    }

    /// Moves the entries of one map into another; maps under the same key become one.
    pub(super) fn merge(&mut self, into: NodeId, from: NodeId) {
        for entry in std::mem::take(self.entries_mut(from)) {
            if entry.hidden {
                self.entries_mut(into).push(entry);
                continue;
            }
            let name = self.stored_name(entry.key);
            self.index.remove(&(from, name.clone()));
            match self.find(into, &name) {
                Some(before) if self.is_map(before) && self.is_map(entry.value) => {
                    self.merge(before, entry.value);
                }
                _ => self.link(into, name, entry.key, entry.value),
            }
        }
    }

    /// The name under which a key is stored.
    fn stored_name(&self, key: NodeId) -> String {
        let text = self.scalar(key).map_or("", |scalar| scalar.text.as_str());
        stored_name(text)
    }
}

/// From the start of a key to the end of its value.
pub(super) fn joined(key: Span, value: Span) -> Span {
    Span::new(key.start, key.end.max(value.end))
}

fn position(id: NodeId) -> usize {
    usize::try_from(id.0).expect("a u32 fits into usize")
}

/// A key without a name.
pub(super) fn no_name(span: Span) -> HoconError {
    HoconError::new(HoconErrorKind::NoName, span)
}
