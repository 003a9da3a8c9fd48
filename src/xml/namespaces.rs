//! Prefixes and what they stand for (Namespaces in XML 1.0).

/// The declarations in force, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    bindings: Vec<Binding>,
}

#[derive(Debug)]
struct Binding {
    /// How many elements were open when it was declared, its own included.
    depth: usize,
    /// Empty for the default namespace.
    prefix: String,
    /// Empty where the default namespace is taken back.
    uri: String,
}

impl Namespaces {
    /// Takes in a declaration; false where the declaration is not allowed.
    pub(super) fn declare(&mut self, depth: usize, prefix: &str, uri: String) -> bool {
        let is_allowed = match prefix {
            "xml" => uri == XML,
            "xmlns" => false,
            prefix => uri != XML && uri != XMLNS && (prefix.is_empty() || !uri.is_empty()),
        };
        if is_allowed {
            self.bindings.push(Binding { depth, prefix: prefix.to_owned(), uri });
        }
        is_allowed
    }

    /// How many declarations are in force.
    pub(super) fn len(&self) -> usize {
        self.bindings.len()
    }

    /// Forgets what was declared on elements deeper than this.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.bindings.last().is_some_and(|binding| binding.depth > depth) {
            self.bindings.pop();
        }
    }

    /// What a prefix stands for; the empty prefix is the default namespace, and stands for the
    /// empty text where none is declared.
    pub(super) fn resolve(&self, prefix: &str) -> Option<&str> {
        let found = self.bindings.iter().rev().find(|binding| binding.prefix == prefix);
        match (found, prefix) {
            (Some(binding), _) => Some(&binding.uri),
            (None, "") => Some(""),
            (None, "xml") => Some(XML),
            (None, _) => None,
        }
    }
}

/// What the prefix `xml` always stands for.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// What the prefix `xmlns` always stands for.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
