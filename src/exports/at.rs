//! A place in an export: its node, the way to it, and whose format it is in.

use crate::exports::stated::Stated;
use crate::idps::Idp;
use crate::idps::facts::Source;
use crate::source::{KeyPath, Step};
use crate::syntax::tree::{Kind, NodeRef};

/// A place in an export.
#[derive(Clone, Debug)]
pub(super) struct At<'t> {
    /// What stands there.
    pub(super) node: NodeRef<'t>,
    /// The way to it.
    pub(super) path: KeyPath,
    /// The provider whose data file knows the keys.
    pub(super) idp: &'static Idp,
    /// How many steps lead to the object from which that file counts.
    base: usize,
}

impl<'t> At<'t> {
    /// The root of a document.
    pub(super) fn root(node: NodeRef<'t>, idp: &'static Idp) -> Self {
        Self { node, path: KeyPath::default(), idp, base: 0 }
    }

    /// The same place as the object from which a provider's file counts.
    pub(super) fn of(&self, idp: &'static Idp) -> Self {
        Self { node: self.node, path: self.path.clone(), idp, base: self.path.0.len() }
    }

    /// What stands under a key; none where it is missing or `null`.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let node = self.node.get(key).filter(|node| !node.is_null())?;
        Some(self.then(node, self.path.key(key)))
    }

    /// What stands at the end of a way of keys.
    pub(super) fn find(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |at, key| at.get(key))
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> Vec<Self> {
        let items = self.node.items().into_iter().flatten().enumerate();
        items.map(|(index, node)| self.then(node, self.path.index(index))).collect()
    }

    /// Keys and what stands under them, of a map.
    pub(super) fn pairs(&self) -> Vec<(&'t str, Self)> {
        let pairs = self.node.pairs().into_iter().flatten();
        let keyed = pairs.filter_map(|(key, value)| Some((key.key_text()?, value)));
        keyed.map(|(key, value)| (key, self.then(value, self.path.key(key)))).collect()
    }

    /// Whether it is a map.
    pub(super) fn is_map(&self) -> bool {
        self.node.entries().is_some()
    }

    /// Text that is more than white space.
    pub(super) fn text(&self) -> Option<Stated<String>> {
        let text = self.node.key_text().filter(|text| !text.trim().is_empty())?;
        Some(self.stated(text.to_owned()))
    }

    /// The texts of a list, or the one text that stands in a list's place.
    pub(super) fn texts(&self) -> Vec<Stated<String>> {
        match self.text() {
            Some(text) => vec![text],
            None => self.items().iter().filter_map(Self::text).collect(),
        }
    }

    /// True or false, also as text.
    pub(super) fn boolean(&self) -> Option<Stated<bool>> {
        let scalar = self.node.scalar()?;
        let value = match (&scalar.kind, scalar.text.as_str()) {
            (&Kind::Bool(value), _) => value,
            (Kind::Text, "true") => true,
            (Kind::Text, "false") => false,
            _ => return None,
        };
        Some(self.stated(value))
    }

    /// Something that follows from what stands here.
    pub(super) fn stated<T>(&self, value: T) -> Stated<T> {
        let (span, path) = (self.node.span(), self.path.clone());
        Stated { value, span, path, source: self.source(), is_default: false }
    }

    /// What holds where nothing is written under a key of this map.
    pub(super) fn default<T>(&self, key: &str, value: T) -> Stated<T> {
        let absent = self.then(self.node, self.path.key(key));
        Stated { is_default: true, ..absent.stated(value) }
    }

    fn then(&self, node: NodeRef<'t>, path: KeyPath) -> Self {
        Self { node, path, idp: self.idp, base: self.base }
    }

    /// How it is known what stands here: as the nearest key above that the file has.
    fn source(&self) -> Source {
        let keys = self.path.0.iter().skip(self.base);
        let mut way = KeyPath(keys.filter(|step| matches!(step, Step::Key(_))).cloned().collect());
        let known = &self.idp.facts().export.keys;
        while !way.0.is_empty() {
            let name = way.to_string();
            if let Some(key) = known.iter().find(|key| key.path == name) {
                return key.source;
            }
            way.0.pop();
        }
        Source::General
    }
}
