//! The parts of one start tag.

use crate::xml::event::{AttributeParts, NameParts};
use crate::xml::namespaces::{Meaning, Namespaces};
use crate::xml::tag::Written;

/// The parts of the tag that was read last, in room that is used again.
#[derive(Default)]
pub(super) struct Tag {
    /// Attributes and declarations as they are written.
    pub(super) written: Vec<Written>,
    /// Its name.
    pub(super) name: NameParts,
    /// Its attributes.
    pub(super) attributes: Vec<AttributeParts>,
    /// The number of its first declaration.
    pub(super) first: usize,
    /// Room to sort attributes in.
    order: Vec<usize>,
}

impl Tag {
    /// Makes room for a tag whose first declaration will have this number.
    pub(super) fn begin(&mut self, first: usize) {
        self.written.clear();
        self.attributes.clear();
        self.first = first;
    }

    /// Whether two attributes have the same name, whatever their prefixes.
    pub(super) fn has_equal_names(&mut self, raw: &str, namespaces: &Namespaces) -> bool {
        if self.attributes.len() < 2 {
            return false;
        }
        let attributes = &self.attributes;
        let name = |at: usize| {
            let name = attributes[at].name;
            (&raw[name.local..name.end], namespaces.uri(name.meaning))
        };
        self.order.clear();
        self.order.extend(0..attributes.len());
        self.order.sort_unstable_by(|&a, &b| name(a).cmp(&name(b)));
        self.order.windows(2).any(|pair| name(pair[0]) == name(pair[1]))
    }
}

impl Default for NameParts {
    fn default() -> Self {
        Self { start: 0, prefix: 0, local: 0, end: 0, meaning: Meaning::Nothing }
    }
}
