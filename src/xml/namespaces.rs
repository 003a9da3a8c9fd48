//! Prefixes and what they stand for (Namespaces in XML 1.0).

use std::collections::HashMap;

/// The declarations in force, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    bindings: Vec<Binding>,
    /// The innermost declaration of each prefix.
    innermost: HashMap<Box<str>, usize>,
}

/// A declaration.
#[derive(Debug)]
pub(super) struct Binding {
    /// How many elements were open when it was declared, its own included.
    depth: usize,
    /// The declaration of the same prefix that it hides.
    hidden: Option<usize>,
    /// Empty for the default namespace.
    pub(super) prefix: String,
    /// Empty where the default namespace is taken back.
    pub(super) uri: String,
}

/// What a prefix stands for, without a borrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// What a declaration says.
    Declared(usize),
    /// No namespace.
    Nothing,
    /// What `xml` always stands for.
    Xml,
}

impl Namespaces {
    /// Takes in a declaration, whatever it says.
    pub(super) fn push(&mut self, depth: usize, prefix: &str, uri: String) {
        let hidden = self.innermost.insert(prefix.into(), self.bindings.len());
        self.bindings.push(Binding { depth, hidden, prefix: prefix.to_owned(), uri });
    }

    /// Whether an element at this depth has declared the prefix already.
    pub(super) fn is_declared_at(&self, depth: usize, prefix: &str) -> bool {
        self.innermost(prefix).is_some_and(|at| self.bindings[at].depth == depth)
    }

    /// How many declarations are in force.
    pub(super) fn len(&self) -> usize {
        self.bindings.len()
    }

    /// The declarations from the one with this number on.
    pub(super) fn since(&self, first: usize) -> &[Binding] {
        &self.bindings[first..]
    }

    /// The declarations that nothing hides.
    pub(super) fn in_scope(&self) -> impl Iterator<Item = &Binding> {
        let is_innermost = |at: usize, prefix: &str| self.innermost(prefix) == Some(at);
        let all = self.bindings.iter().enumerate();
        all.filter(move |(at, one)| is_innermost(*at, &one.prefix)).map(|(_, one)| one)
    }

    /// Forgets what was declared on elements deeper than this.
    pub(super) fn leave(&mut self, depth: usize) {
        while let Some(last) = self.bindings.pop_if(|binding| binding.depth > depth) {
            match (last.hidden, self.innermost.get_mut(last.prefix.as_str())) {
                (Some(hidden), Some(innermost)) => *innermost = hidden,
                _ => drop(self.innermost.remove(last.prefix.as_str())),
            }
        }
    }

    /// What a prefix stands for; the empty prefix is the default namespace.
    pub(super) fn meaning(&self, prefix: &str) -> Option<Meaning> {
        match (self.innermost(prefix), prefix) {
            (Some(at), _) => Some(Meaning::Declared(at)),
            (None, "") => Some(Meaning::Nothing),
            (None, "xml") => Some(Meaning::Xml),
            (None, _) => None,
        }
    }

    /// The namespace that a meaning gives.
    pub(super) fn uri(&self, meaning: Meaning) -> &str {
        match meaning {
            Meaning::Declared(at) => &self.bindings[at].uri,
            Meaning::Nothing => "",
            Meaning::Xml => XML,
        }
    }

    /// What a prefix stands for as text; none where nothing declares it, but for the default.
    pub(super) fn resolve(&self, prefix: &str) -> Option<&str> {
        self.meaning(prefix).map(|meaning| self.uri(meaning))
    }

    /// The declaration of a prefix that is in force. Few are looked through, many looked up.
    fn innermost(&self, prefix: &str) -> Option<usize> {
        if self.bindings.len() > FEW {
            return self.innermost.get(prefix).copied();
        }
        self.bindings.iter().rposition(|binding| binding.prefix == prefix)
    }
}

/// Whether a declaration is allowed (Namespaces in XML 1.0 section 3).
pub(super) fn is_allowed(prefix: &str, uri: &str) -> bool {
    match prefix {
        "xml" => uri == XML,
        "xmlns" => false,
        prefix => uri != XML && uri != XMLNS && (prefix.is_empty() || !uri.is_empty()),
    }
}

/// What the prefix `xml` always stands for.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// What the prefix `xmlns` always stands for.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
/// How many declarations are looked through faster than looked up.
const FEW: usize = 16;
