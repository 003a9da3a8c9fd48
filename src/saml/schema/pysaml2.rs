//! What pysaml2 makes of the values of attributes. It holds not the message as it came against the
//! schemas but what it writes after reading it, and there a value with text and without a type is an
//! `xs:string`, and prefixes of types that it does not know are not declared.

use crate::saml::message::ASSERTION;
use crate::saml::schema::fault::{Fault, FaultKind};
use crate::saml::schema::value::{Simple, is_space};
use crate::saml::schema::{XS, XSI};
use crate::xml::tree::{Document, Element, Kind, NodeId};

/// What keeps attribute values from being valid once they are written again.
pub fn rewritten(document: &Document) -> Vec<Fault> {
    let all = document.descendants(document.root());
    let of_element = |id: NodeId| {
        let element = document.element(id).filter(|one| one.name.namespace == ASSERTION)?;
        let kind = match element.name.local.as_str() {
            VALUE => fault(document, id, element)?,
            "Attribute" => verified(element, "Name", |name| !name.is_empty(), "no empty text")?,
            "SubjectConfirmationData" | "SubjectLocality" => {
                verified(element, "Address", is_address, "an IP address")?
            }
            _ => return None,
        };
        Some(Fault { kind, span: element.start_tag })
    };
    all.filter_map(of_element).collect()
}

/// What the library verifies of a value beside its type.
fn verified(
    element: &Element,
    name: &str,
    fits: impl Fn(&str) -> bool,
    expected: &str,
) -> Option<FaultKind> {
    element.attribute(name).filter(|one| !fits(&one.value.value))?;
    Some(FaultKind::Value { name: name.to_owned(), expected: expected.to_owned() })
}

fn is_address(text: &str) -> bool {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    text.is_empty() || bare.parse::<std::net::IpAddr>().is_ok()
}

fn fault(document: &Document, id: NodeId, element: &Element) -> Option<FaultKind> {
    let leading = document.children(id).find_map(|child| match document.kind(child) {
        Kind::Text(text) => Some(text),
        Kind::Element(_) => Some(""),
        _ => None,
    });
    let text = leading.unwrap_or_default().trim_matches(is_space);
    if text.is_empty() {
        return None;
    }
    let of_type = element.attributes.iter().find(|one| one.name.is(XSI, "type"));
    match of_type {
        Some(of_type) => mistyped(document, id, &of_type.value.value, text),
        None => untyped(document, id, element),
    }
}

/// A value without a type, which becomes a string.
fn untyped(document: &Document, id: NodeId, element: &Element) -> Option<FaultKind> {
    let parent = format!("saml:{VALUE}");
    let child = document.elements(id).find_map(|child| document.element(child));
    if let Some(child) = child {
        let element = child.name.local.clone();
        return Some(FaultKind::UnexpectedElement { parent, element, expected: Vec::new() });
    }
    let foreign = element.attributes.iter().find(|one| one.name.namespace != XSI)?;
    let attribute = foreign.name.local.clone();
    Some(FaultKind::UnexpectedAttribute { element: parent, attribute })
}

/// A value whose type is not declared, or whose text is not read as one of the type.
fn mistyped(document: &Document, id: NodeId, name: &str, text: &str) -> Option<FaultKind> {
    let name = name.trim_matches(is_space);
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let is_usual = ["", "xs", "xsd"].contains(&prefix);
    if !is_usual && document.namespace_of(id, prefix) == Some(XS) {
        return Some(FaultKind::UnknownType(name.to_owned()));
    }
    let (fits, expected) = match local {
        "boolean" => {
            let small = text.to_lowercase();
            (small == "true" || small == "false", "true or false")
        }
        "date" => (Simple::PartOfDate("", "").lets_in(text) && text.len() == 10, "a plain date"),
        "double" | "float" => (!text.contains(['I', 'N']), "a number"),
        _ => return None,
    };
    let value =
        || FaultKind::Value { name: format!("saml:{VALUE}"), expected: expected.to_owned() };
    (!fits).then(value)
}

const VALUE: &str = "AttributeValue";
