//! Walking over all maps of a document.

use std::collections::HashSet;
use std::rc::Rc;

use crate::source::KeyPath;
use crate::syntax::tree::{NodeRef, Tree};

/// The way to a node, made into a path only where it is needed.
pub(super) struct Trail<'t> {
    parent: Option<Rc<Self>>,
    step: Option<TrailStep<'t>>,
}

enum TrailStep<'t> {
    Key(&'t str),
    Index(usize),
}

impl<'t> Trail<'t> {
    /// The path to the node.
    pub(super) fn path(&self) -> KeyPath {
        let above = self.parent.as_ref().map(|parent| parent.path()).unwrap_or_default();
        match self.step {
            Some(TrailStep::Key(key)) => above.key(key),
            Some(TrailStep::Index(index)) => above.index(index),
            None => above,
        }
    }

    /// The path to what stands under a key there.
    pub(super) fn key(&self, key: &str) -> KeyPath {
        self.path().key(key)
    }

    fn then(self: &Rc<Self>, step: TrailStep<'t>) -> Rc<Self> {
        Rc::new(Self { parent: Some(Rc::clone(self)), step: Some(step) })
    }
}

/// All maps with the way to them, in no order; each once, however many aliases name it. The depth
/// of a way is bounded by the reader.
pub(super) fn maps(tree: &Tree) -> Vec<(NodeRef<'_>, Rc<Trail<'_>>)> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let top = Rc::new(Trail { parent: None, step: None });
    let mut open: Vec<(NodeRef<'_>, Rc<Trail<'_>>)> =
        tree.root().map(|root| (root, top)).into_iter().collect();
    while let Some((node, trail)) = open.pop() {
        if !seen.insert(node.id) {
            continue;
        }
        for (index, item) in node.items().into_iter().flatten().enumerate() {
            if item.scalar().is_none() {
                open.push((item, trail.then(TrailStep::Index(index))));
            }
        }
        for entry in node.entries().unwrap_or_default() {
            let value = NodeRef { tree, id: entry.value };
            if value.scalar().is_none() {
                let key = NodeRef { tree, id: entry.key };
                let name = key.scalar().map_or("?", |scalar| scalar.text.as_str());
                open.push((value, trail.then(TrailStep::Key(name))));
            }
        }
        if node.entries().is_some() {
            found.push((node, trail));
        }
    }
    found
}
