//! Plaintext as a document of its own.

use std::collections::BTreeSet;

use crate::saml::decrypt::encrypted::{XENC, at, is};
use crate::saml::decrypt::fault::{Fault, FaultKind};
use crate::saml::dsig::looks_like_id;
use crate::xml::tree::{Document, NodeId};
use crate::xml::{Limits, XmlError, XmlErrorKind};

/// Plaintext that was read.
pub(super) struct Plaintext {
    /// The text, with namespaces added where it needed them.
    pub(super) text: String,
    /// The text as a document.
    pub(super) document: Document,
    /// The prefixes that were added.
    pub(super) added: Vec<String>,
}

/// Reads plaintext, as it is or with the namespaces in force around it (xmlenc-core1 section 4.5).
pub(super) fn read(
    around: &Document,
    node: NodeId,
    text: String,
    limits: Limits,
) -> Result<Plaintext, Fault> {
    let fault = |kind| at(around, node, kind);
    let plaintext = match Document::read(&text, limits) {
        Ok(document) if !lacks_default(&document) => {
            Plaintext { text, document, added: Vec::new() }
        }
        outcome => with_namespaces(around, node, text, limits, outcome)
            .map_err(|error| fault(FaultKind::Plaintext(error)))?,
    };
    check(around, node, &plaintext.document).map_err(fault)?;
    Ok(plaintext)
}

/// That plaintext is not encrypted once more, and repeats no ID.
fn check(around: &Document, node: NodeId, document: &Document) -> Result<(), FaultKind> {
    let mut inside = document.descendants(document.root());
    let is_nested = inside.any(|node| is(document, node, XENC, "EncryptedData"));
    let is_whole = around.element(node).is_some_and(|e| e.name.local == "EncryptedAssertion");
    if is_nested && (!is_whole || is_encrypted(document, document.root())) {
        return Err(FaultKind::Depth("the decrypted part is encrypted once more"));
    }
    let outer: BTreeSet<&str> = ids(around).collect();
    let repeated = ids(document).find(|id| outer.contains(id));
    repeated.map_or(Ok(()), |id| Err(FaultKind::DuplicateId(id.to_owned())))
}

/// Whether the root is in no namespace, as if a default one around it had been meant.
fn lacks_default(document: &Document) -> bool {
    document.element(document.root()).is_some_and(|root| root.name.namespace.is_empty())
}

fn with_namespaces(
    around: &Document,
    node: NodeId,
    text: String,
    limits: Limits,
    outcome: Result<Document, XmlError>,
) -> Result<Plaintext, XmlError> {
    let can_help = match &outcome {
        Ok(_) => true,
        Err(error) => matches!(error.kind, XmlErrorKind::Namespace(_)),
    };
    let scope = if can_help { around.namespaces_in_scope(node) } else { Vec::new() };
    if let Some((extended, added)) = extended(&text, scope)
        && let Ok(document) = Document::read(&extended, limits)
    {
        return Ok(Plaintext { text: extended, document, added });
    }
    outcome.map(|document| Plaintext { text, document, added: Vec::new() })
}

/// The text with declarations in the start tag of its root; none where there is nothing to add.
fn extended(text: &str, scope: Vec<(String, String)>) -> Option<(String, Vec<String>)> {
    let start = text.match_indices('<').map(|(at, _)| at + 1);
    let start = start.into_iter().find(|&at| !text[at..].starts_with(['?', '!']))?;
    let ends_name = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
    let end = start + text[start..].find(ends_name)?;
    let tag = &text[end..end + text[end..].find('>')?];
    let mut added = Vec::new();
    let mut declarations = String::new();
    for (prefix, uri) in scope {
        let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        let is_declared = tag.split_ascii_whitespace().any(|word| {
            word.strip_prefix(name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        });
        if is_declared {
            continue;
        }
        let uri = uri.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        declarations.extend([" ", &name, "=\"", &uri, "\""]);
        added.push(name);
    }
    let extended = format!("{}{declarations}{}", &text[..end], &text[end..]);
    (!added.is_empty()).then_some((extended, added))
}

fn is_encrypted(document: &Document, node: NodeId) -> bool {
    document.element(node).is_some_and(|element| element.name.local.starts_with("Encrypted"))
}

/// All that looks like an ID in a document.
fn ids(document: &Document) -> impl Iterator<Item = &str> {
    let elements = document.descendants(document.root()).filter_map(|n| document.element(n));
    let attributes = elements.flat_map(|element| &element.attributes);
    let alike = attributes.filter(|attribute| looks_like_id(attribute));
    alike.map(|attribute| attribute.value.value.as_str())
}
