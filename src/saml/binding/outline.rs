//! What the beginning of a message says, without reading the rest.

use crate::xml::{Event, Limits, QualifiedName, Reader, StartTag as _};

/// What the beginning of a message says. Nothing of it is verified: it chooses and pairs messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The local name of the root element: `Response`; `XML` where it cannot be read.
    pub kind: String,
    /// The namespace of the root element.
    pub namespace: String,
    /// Its `ID`.
    pub id: Option<String>,
    /// Its `InResponseTo`.
    pub in_response_to: Option<String>,
    /// Its `Destination`.
    pub destination: Option<String>,
    /// Its `IssueInstant`.
    pub issue_instant: Option<String>,
    /// Its `AssertionConsumerServiceURL`.
    pub acs: Option<String>,
    /// The text of the `Issuer` that it begins with.
    pub issuer: Option<String>,
}

impl Outline {
    /// The outline of a document; one that cannot be read has hardly any.
    pub fn of(xml: &str) -> Self {
        let limits = Limits { bytes: usize::MAX, ..Limits::default() };
        let mut outline = Self { kind: "XML".to_owned(), ..Self::default() };
        let Ok(mut reader) = Reader::new(xml, limits) else { return outline };
        let (mut has_root, mut is_issuer) = (false, false);
        for _ in 0..MOST_EVENTS {
            match reader.event() {
                Ok(Some(Event::Start(start))) if !has_root => {
                    for attribute in start.attributes() {
                        outline.note(&attribute.name, attribute.value.value);
                    }
                    start.name().namespace.clone_into(&mut outline.namespace);
                    start.name().local.clone_into(&mut outline.kind);
                    has_root = true;
                }
                Ok(Some(Event::Start(start))) if start.name().is(ASSERTION, "Issuer") => {
                    is_issuer = true;
                }
                Ok(Some(Event::Text(text))) if is_issuer => {
                    outline.issuer.get_or_insert_default().push_str(text.value);
                }
                Ok(Some(Event::Text(_))) => {}
                _ => break,
            }
        }
        outline.issuer = outline.issuer.map(|issuer| issuer.trim().to_owned());
        outline
    }

    /// Whether it is a message or an assertion of SAML 2.0 or 1.1.
    pub fn is_message(&self) -> bool {
        let is_protocol = self.namespace == PROTOCOL
            || (self.namespace == ASSERTION
                && matches!(self.kind.as_str(), "Assertion" | "EncryptedAssertion"));
        is_protocol || OLD.contains(&self.namespace.as_str())
    }

    fn note(&mut self, name: &QualifiedName<'_>, value: &str) {
        if !name.namespace.is_empty() {
            return;
        }
        let slot = match name.local {
            "ID" => &mut self.id,
            "InResponseTo" => &mut self.in_response_to,
            "Destination" => &mut self.destination,
            "IssueInstant" => &mut self.issue_instant,
            "AssertionConsumerServiceURL" => &mut self.acs,
            _ => return,
        };
        *slot = Some(value.to_owned());
    }
}

/// Room for the root, its white space and the issuer.
const MOST_EVENTS: usize = 16;
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// SAML 1.1.
const OLD: [&str; 2] =
    ["urn:oasis:names:tc:SAML:1.0:protocol", "urn:oasis:names:tc:SAML:1.0:assertion"];
