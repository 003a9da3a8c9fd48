//! What the schemas of OASIS allow in messages (saml-schema-protocol-2.0, saml-schema-assertion-2.0):
//! which elements, in which order and how often, and which attributes.
//!
//! What a rule of its own judges is left to that rule, which can say more: missing issuers,
//! conditions, confirmations and statements, and empty audiences.

use std::collections::BTreeSet;

use crate::saml::message::{ASSERTION, PROTOCOL};
use crate::source::Span;
use crate::xml::tree::{Document, Element, NodeId};

/// Something that the schemas do not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFault {
    /// What it is.
    pub kind: SchemaFaultKind,
    /// Where it stands.
    pub span: Span,
    /// The element.
    pub node: NodeId,
    /// The element around it, or the element itself where an attribute or text is at fault.
    pub within: String,
}

/// What the schemas do not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaFaultKind {
    /// An element inside one that holds text only: the names of both.
    ElementInText(String),
    /// An attribute that has to be there is not: its name.
    MissingAttribute(&'static str),
    /// An element that has to be there is not: its name.
    MissingElement(&'static str),
    /// An element that stands after one that has to follow it: its name.
    Order(String),
    /// An element that is there more often than it may be: its name.
    Repeated(String),
    /// Text where only elements may stand.
    Text,
    /// An attribute that is not known there: its name.
    UnknownAttribute(String),
    /// An element that is not known there: its name.
    UnknownElement(String),
}

/// Everything in a message, or in an assertion of its own, that the schemas do not allow.
pub fn faults(document: &Document) -> Vec<SchemaFault> {
    let mut faults = Vec::new();
    let mut open = vec![document.root()];
    while let Some(node) = open.pop() {
        let Some(model) = Model::of(document, node) else { continue };
        let check = Check { document, node, model, within: local(document, node) };
        check.attributes(&mut faults);
        check.children(&mut faults);
        if !matches!(model.content, Content::Any | Content::Text) {
            open.extend(document.elements(node));
        }
    }
    faults.sort_by_key(|fault| fault.span.start);
    faults
}

impl SchemaFaultKind {
    /// It in words, for an element of that name.
    pub fn message(&self, within: &str) -> String {
        match self {
            Self::ElementInText(name) => format!("{name} stands inside {within}, which is text"),
            Self::MissingAttribute(name) | Self::MissingElement(name) => {
                format!("{within} has no {name}")
            }
            Self::Order(name) => format!("{name} stands in the wrong place in {within}"),
            Self::Repeated(name) => format!("{within} has more than one {name}"),
            Self::Text => format!("{within} has text between its elements"),
            Self::UnknownAttribute(name) => format!("{within} has an unknown attribute {name}"),
            Self::UnknownElement(name) => format!("{within} has an unknown element {name}"),
        }
    }

    /// Whether readers that do not validate pass over it.
    pub fn is_attribute(&self) -> bool {
        matches!(self, Self::UnknownAttribute(_))
    }
}

/// One element that is checked.
struct Check<'c> {
    document: &'c Document,
    node: NodeId,
    model: &'static Model,
    within: String,
}

impl Check<'_> {
    fn attributes(&self, faults: &mut Vec<SchemaFault>) {
        let element = self.document.element(self.node).expect("only elements have models");
        for attribute in &element.attributes {
            let name = attribute.name.local.as_str();
            let is_known = if attribute.name.namespace.is_empty() {
                self.model.attributes.contains(&name) || self.model.foreign == Foreign::Any
            } else {
                attribute.name.namespace == XSI || self.model.foreign != Foreign::None
            };
            if !is_known {
                let kind = SchemaFaultKind::UnknownAttribute(name.to_owned());
                faults.push(self.fault(kind, attribute.value.span, self.node));
            }
        }
        let missing = self.model.required.iter().filter(|name| element.attribute(name).is_none());
        faults.extend(missing.map(|name| {
            self.fault(SchemaFaultKind::MissingAttribute(name), element.start_tag, self.node)
        }));
    }

    fn children(&self, faults: &mut Vec<SchemaFault>) {
        match self.model.content {
            Content::Any => {}
            Content::Text => self.text_only(faults),
            Content::Parts(parts) => {
                self.no_text(faults);
                self.parts(parts, faults);
            }
        }
    }

    fn text_only(&self, faults: &mut Vec<SchemaFault>) {
        for child in self.document.elements(self.node) {
            let kind = SchemaFaultKind::ElementInText(local(self.document, child));
            faults.push(self.fault(kind, self.document.span(child), child));
        }
    }

    fn no_text(&self, faults: &mut Vec<SchemaFault>) {
        let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        let text =
            self.document.children(self.node).find(|&child| match self.document.kind(child) {
                crate::xml::tree::Kind::Text(text) => !text.chars().all(blank),
                _ => false,
            });
        if let Some(text) = text {
            faults.push(self.fault(SchemaFaultKind::Text, self.document.span(text), self.node));
        }
    }

    fn parts(&self, parts: &'static [Part], faults: &mut Vec<SchemaFault>) {
        let mut at = 0;
        let mut counts = vec![0_usize; parts.len()];
        let mut once = BTreeSet::new();
        for child in self.document.elements(self.node) {
            let element = self.document.element(child).expect("one of the elements");
            let name = element.name.local.clone();
            let found = parts.iter().position(|part| part.takes(element));
            let kind = match found {
                None if self.is_condition() => continue,
                None => SchemaFaultKind::UnknownElement(name),
                Some(found) if found < at => SchemaFaultKind::Order(name),
                Some(found) => {
                    at = found;
                    counts[found] += 1;
                    let local = element.name.local.as_str();
                    let is_again = Part::limits(element) && !once.insert(local);
                    if (parts[found].is_many && !is_again) || counts[found] == 1 {
                        continue;
                    }
                    SchemaFaultKind::Repeated(name)
                }
            };
            faults.push(self.fault(kind, element.start_tag, child));
        }
        let missing =
            parts.iter().zip(&counts).filter(|(part, count)| part.is_required && **count == 0);
        let tag = self.document.element(self.node).map_or(Span::at(0), |element| element.start_tag);
        faults.extend(missing.map(|(part, _)| {
            self.fault(SchemaFaultKind::MissingElement(part.first()), tag, self.node)
        }));
    }

    /// Conditions that SAML does not know have a rule of their own.
    fn is_condition(&self) -> bool {
        self.model.local == "Conditions"
    }

    fn fault(&self, kind: SchemaFaultKind, span: Span, node: NodeId) -> SchemaFault {
        SchemaFault { kind, span, node, within: self.within.clone() }
    }
}

fn local(document: &Document, node: NodeId) -> String {
    document.element(node).map(|element| element.name.local.clone()).unwrap_or_default()
}

/// What may stand in an element.
#[derive(Clone, Copy)]
struct Model {
    namespace: &'static str,
    local: &'static str,
    attributes: &'static [&'static str],
    required: &'static [&'static str],
    /// Which other attributes may be there.
    foreign: Foreign,
    content: Content,
}

/// Attributes that may be there beside those that are named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Foreign {
    /// All: the element is of any type.
    Any,
    /// None.
    None,
    /// Those of other namespaces.
    Other,
}

/// The content of an element.
#[derive(Clone, Copy)]
enum Content {
    /// Anything.
    Any,
    /// Elements in this order.
    Parts(&'static [Part]),
    /// Text.
    Text,
}

/// A step in the order of the content: elements of which any may stand there.
struct Part {
    names: &'static [(&'static str, &'static str)],
    is_required: bool,
    is_many: bool,
}

impl Model {
    fn of(document: &Document, node: NodeId) -> Option<&'static Self> {
        let element = document.element(node)?;
        MODELS.iter().find(|model| element.is(model.namespace, model.local))
    }
}

impl Part {
    fn takes(&self, element: &Element) -> bool {
        self.names.iter().any(|(namespace, local)| element.is(namespace, local))
    }

    /// Whether there may be only one of an element although there may be several of its siblings
    /// (saml-core-2.0-os sections 2.5.1.5 and 2.5.1.6).
    fn limits(element: &Element) -> bool {
        ["OneTimeUse", "ProxyRestriction"].contains(&element.name.local.as_str())
    }

    fn first(&self) -> &'static str {
        self.names.first().map_or("", |(_, local)| local)
    }
}

const fn may(names: &'static [(&'static str, &'static str)]) -> Part {
    Part { names, is_required: false, is_many: false }
}

const fn must(names: &'static [(&'static str, &'static str)]) -> Part {
    Part { names, is_required: true, is_many: false }
}

const fn many(names: &'static [(&'static str, &'static str)]) -> Part {
    Part { names, is_required: false, is_many: true }
}

const fn some(names: &'static [(&'static str, &'static str)]) -> Part {
    Part { names, is_required: true, is_many: true }
}

const fn model(
    (namespace, local): (&'static str, &'static str),
    attributes: &'static [&'static str],
    required: &'static [&'static str],
    content: Content,
) -> Model {
    Model { namespace, local, attributes, required, foreign: Foreign::None, content }
}

const fn open(model: Model) -> Model {
    Model { foreign: Foreign::Other, ..model }
}

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
const A: &str = ASSERTION;
const P: &str = PROTOCOL;
const ISSUER: (&str, &str) = (A, "Issuer");
const SIGNATURE: (&str, &str) = (DS, "Signature");
const EXTENSIONS: (&str, &str) = (P, "Extensions");
const NAMES: &[(&str, &str)] = &[(A, "NameID"), (A, "EncryptedID"), (A, "BaseID")];
const ENCRYPTED: Content =
    Content::Parts(&[must(&[(XENC, "EncryptedData")]), many(&[(XENC, "EncryptedKey")])]);
const REQUEST: [&str; 5] = ["ID", "Version", "IssueInstant", "Destination", "Consent"];
const RESPONSE: &[&str] =
    &["ID", "Version", "IssueInstant", "Destination", "Consent", "InResponseTo"];
const NAME_ID: &[&str] = &["Format", "NameQualifier", "SPNameQualifier", "SPProvidedID"];
const DATED: &[&str] = &["ID", "IssueInstant"];
const NONE: &[&str] = &[];

/// What may stand in which element. Elements that are not listed may hold anything.
#[rustfmt::skip]
static MODELS: [Model; 37] = [
    model((P, "Response"), RESPONSE, DATED, Content::Parts(&[
        may(&[ISSUER]), may(&[SIGNATURE]), may(&[EXTENSIONS]), may(&[(P, "Status")]),
        many(&[(A, "Assertion"), (A, "EncryptedAssertion")]),
    ])),
    model((P, "LogoutResponse"), RESPONSE, DATED, Content::Parts(&[
        may(&[ISSUER]), may(&[SIGNATURE]), may(&[EXTENSIONS]), may(&[(P, "Status")]),
    ])),
    model((P, "LogoutRequest"),
        &["ID", "Version", "IssueInstant", "Destination", "Consent", "Reason", "NotOnOrAfter"], DATED,
        Content::Parts(&[
            may(&[ISSUER]), may(&[SIGNATURE]), may(&[EXTENSIONS]), must(NAMES),
            many(&[(P, "SessionIndex")]),
        ])),
    model((P, "AuthnRequest"), &[
        REQUEST[0], REQUEST[1], REQUEST[2], REQUEST[3], REQUEST[4], "ForceAuthn", "IsPassive",
        "ProtocolBinding", "AssertionConsumerServiceIndex", "AssertionConsumerServiceURL",
        "AttributeConsumingServiceIndex", "ProviderName",
    ], DATED, Content::Parts(&[
        may(&[ISSUER]), may(&[SIGNATURE]), may(&[EXTENSIONS]), may(&[(A, "Subject")]),
        may(&[(P, "NameIDPolicy")]), may(&[(A, "Conditions")]),
        may(&[(P, "RequestedAuthnContext")]), may(&[(P, "Scoping")]),
    ])),
    model((P, "NameIDPolicy"), &["Format", "SPNameQualifier", "AllowCreate"], NONE,
        Content::Parts(&[])),
    model((P, "RequestedAuthnContext"), &["Comparison"], NONE, Content::Parts(&[
        some(&[(A, "AuthnContextClassRef"), (A, "AuthnContextDeclRef")]),
    ])),
    model((P, "SessionIndex"), NONE, NONE, Content::Text),
    model((P, "Status"), NONE, NONE, Content::Parts(&[
        may(&[(P, "StatusCode")]), may(&[(P, "StatusMessage")]), may(&[(P, "StatusDetail")]),
    ])),
    model((P, "StatusCode"), &["Value"], NONE, Content::Parts(&[may(&[(P, "StatusCode")])])),
    model((P, "StatusMessage"), NONE, NONE, Content::Text),
    model((P, "StatusDetail"), NONE, NONE, Content::Any),
    model((P, "Extensions"), NONE, NONE, Content::Any),
    model((A, "Assertion"), &["ID", "Version", "IssueInstant"], DATED, Content::Parts(&[
        may(&[ISSUER]), may(&[SIGNATURE]), may(&[(A, "Subject")]), may(&[(A, "Conditions")]),
        may(&[(A, "Advice")]),
        many(&[(A, "AuthnStatement"), (A, "AttributeStatement"), (A, "AuthzDecisionStatement"), (A, "Statement")]),
    ])),
    model((A, "EncryptedAssertion"), NONE, NONE, ENCRYPTED),
    model((A, "EncryptedID"), NONE, NONE, ENCRYPTED),
    model((A, "EncryptedAttribute"), NONE, NONE, ENCRYPTED),
    model((A, "Issuer"), NAME_ID, NONE, Content::Text),
    model((A, "NameID"), NAME_ID, NONE, Content::Text),
    model((A, "Advice"), NONE, NONE, Content::Any),
    model((A, "Subject"), NONE, NONE, Content::Parts(&[
        may(NAMES), many(&[(A, "SubjectConfirmation")]),
    ])),
    model((A, "SubjectConfirmation"), &["Method"], NONE, Content::Parts(&[
        may(NAMES), may(&[(A, "SubjectConfirmationData")]),
    ])),
    open(model((A, "SubjectConfirmationData"),
        &["NotBefore", "NotOnOrAfter", "Recipient", "InResponseTo", "Address"], NONE, Content::Any)),
    model((A, "Conditions"), &["NotBefore", "NotOnOrAfter"], NONE, Content::Parts(&[
        many(&[(A, "AudienceRestriction"), (A, "OneTimeUse"), (A, "ProxyRestriction")]),
    ])),
    model((A, "AudienceRestriction"), NONE, NONE, Content::Parts(&[many(&[(A, "Audience")])])),
    model((A, "Audience"), NONE, NONE, Content::Text),
    model((A, "OneTimeUse"), NONE, NONE, Content::Parts(&[])),
    model((A, "ProxyRestriction"), &["Count"], NONE, Content::Parts(&[many(&[(A, "Audience")])])),
    model((A, "AuthnStatement"), &["AuthnInstant", "SessionIndex", "SessionNotOnOrAfter"],
        &["AuthnInstant"], Content::Parts(&[
            may(&[(A, "SubjectLocality")]), must(&[(A, "AuthnContext")]),
        ])),
    model((A, "SubjectLocality"), &["Address", "DNSName"], NONE, Content::Parts(&[])),
    model((A, "AuthnContext"), NONE, NONE, Content::Parts(&[
        may(&[(A, "AuthnContextClassRef")]),
        may(&[(A, "AuthnContextDecl"), (A, "AuthnContextDeclRef")]),
        many(&[(A, "AuthenticatingAuthority")]),
    ])),
    model((A, "AuthnContextClassRef"), NONE, NONE, Content::Text),
    model((A, "AuthnContextDeclRef"), NONE, NONE, Content::Text),
    model((A, "AuthenticatingAuthority"), NONE, NONE, Content::Text),
    model((A, "AttributeStatement"), NONE, NONE, Content::Parts(&[
        some(&[(A, "Attribute"), (A, "EncryptedAttribute")]),
    ])),
    open(model((A, "Attribute"), &["Name", "NameFormat", "FriendlyName"], &["Name"],
        Content::Parts(&[many(&[(A, "AttributeValue")])]))),
    Model { foreign: Foreign::Any, ..model((A, "AttributeValue"), NONE, NONE, Content::Any) },
    model((P, "Scoping"), &["ProxyCount"], NONE, Content::Any),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    fn messages(body: &str) -> Vec<String> {
        let text = format!(
            "<p:Response xmlns:p='{P}' xmlns='{A}' ID='_r' Version='2.0' IssueInstant='x'>{body}\
             </p:Response>"
        );
        let document = Document::read(&text, Limits::MESSAGE).expect("sound XML");
        faults(&document).iter().map(|fault| fault.kind.message(&fault.within)).collect()
    }

    #[test]
    fn an_honest_message_has_no_faults() {
        let body = "<Issuer>a</Issuer><p:Status><p:StatusCode Value='x'/></p:Status>\n \
                    <Assertion ID='_a' Version='2.0' IssueInstant='x'><Issuer>a</Issuer>\
                    <Subject><NameID>x</NameID><SubjectConfirmation Method='m'/></Subject>\
                    <Conditions><OneTimeUse/><AudienceRestriction><Audience>a</Audience>\
                    </AudienceRestriction><AudienceRestriction/></Conditions></Assertion>";
        assert_eq!(messages(body), Vec::<String>::new());
    }

    #[test]
    fn what_is_unknown_repeated_out_of_order_or_missing_is_told() {
        let told = [
            ("<x/>", "Response has an unknown element x"),
            ("<p:Status/><Issuer/>", "Issuer stands in the wrong place in Response"),
            ("<p:Status/><p:Status/>", "Response has more than one Status"),
            ("<Issuer><b/></Issuer>", "b stands inside Issuer, which is text"),
            ("text", "Response has text between its elements"),
            ("<Issuer y='1'/>", "Issuer has an unknown attribute y"),
            ("<EncryptedAssertion/>", "EncryptedAssertion has no EncryptedData"),
        ];
        for (body, message) in told {
            assert_eq!(messages(body), [message], "{body}");
        }
        let conditions = "<Assertion ID='_a' IssueInstant='x'><Conditions><OneTimeUse/>\
                          <OneTimeUse/></Conditions></Assertion>";
        assert_eq!(messages(conditions), ["Conditions has more than one OneTimeUse"]);
    }
}
