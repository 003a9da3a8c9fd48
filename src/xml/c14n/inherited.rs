//! Attributes of the prefix `xml` that an apex takes over from the elements around it.

use crate::xml::c14n::Method;
use crate::xml::c14n::base;
use crate::xml::event::StartTag;
use crate::xml::namespaces::XML;

/// Attributes of the prefix `xml` around the apex, the innermost last.
pub(super) struct Inherited {
    method: Method,
    attributes: Vec<Attribute>,
}

struct Attribute {
    /// How many elements were open, its own included.
    depth: usize,
    local: String,
    value: String,
}

/// An attribute to be written; in this order they are written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Written<'w> {
    pub(super) namespace: &'w str,
    pub(super) local: &'w str,
    pub(super) prefix: &'w str,
    pub(super) value: &'w str,
}

impl Inherited {
    /// None yet.
    pub(super) fn of(method: Method) -> Self {
        Self { method, attributes: Vec::new() }
    }

    /// Takes in an element around the apex.
    pub(super) fn enter(&mut self, depth: usize, tag: &impl StartTag) {
        if self.method == Method::Exclusive {
            return;
        }
        let own = tag.attributes().filter(|attribute| attribute.name.namespace == XML);
        self.attributes.extend(own.map(|attribute| Attribute {
            depth,
            local: attribute.name.local.to_owned(),
            value: attribute.value.value.to_owned(),
        }));
    }

    /// Forgets what stood on elements deeper than this.
    pub(super) fn leave(&mut self, depth: usize) {
        self.attributes.retain(|one| one.depth <= depth);
    }

    /// The `xml:base` of the apex, where it is not its own (Canonical XML 1.1 section 2.4).
    pub(super) fn base(&self, own: &[Written<'_>]) -> Option<String> {
        let around = self.attributes.iter().rev().filter(|one| one.local == BASE);
        let around: Vec<&str> = around.map(|one| one.value.as_str()).collect();
        if self.method != Method::Inclusive11 || around.is_empty() {
            return None;
        }
        let own = own.iter().find(|one| one.namespace == XML && one.local == BASE);
        let mut inside_out = own.map(|one| one.value).into_iter().chain(around);
        let innermost = inside_out.next()?.to_owned();
        Some(inside_out.fold(innermost, |reference, base| base::joined(base, &reference)))
    }

    /// Adds what the apex takes over (Canonical XML 1.0 and 1.1, section 2.4); `base` is its
    /// `xml:base`, where that is not its own.
    pub(super) fn add_to<'w>(&'w self, written: &mut Vec<Written<'w>>, base: Option<&'w str>) {
        if let Some(value) = base {
            written.retain(|one| one.namespace != XML || one.local != BASE);
            if !value.is_empty() {
                written.push(Written { namespace: XML, local: BASE, prefix: "xml", value });
            }
        }
        for Attribute { local, value, .. } in self.attributes.iter().rev() {
            let is_taken = match self.method {
                Method::Exclusive => false,
                Method::Inclusive10 => true,
                Method::Inclusive11 => matches!(local.as_str(), "lang" | "space"),
            };
            let stands = |there: &Written<'_>| there.namespace == XML && there.local == *local;
            if is_taken && !written.iter().any(stands) {
                written.push(Written { namespace: XML, local, prefix: "xml", value });
            }
        }
    }
}

/// The local part of `xml:base`.
const BASE: &str = "base";
