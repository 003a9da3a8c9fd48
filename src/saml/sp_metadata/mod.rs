//! Metadata of a service provider, to be written (saml-metadata-2.0-os section 2.4.4).

mod sign;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use crate::saml::metadata::{POST, REDIRECT};
use crate::xml::write::{Tag, Unwritable};

pub use self::sign::{SignError, Signer, signed};

/// What a service provider says of itself.
#[derive(Clone, Debug, Default)]
pub struct Description {
    /// Its name.
    pub entity_id: String,
    /// When this ends to be true.
    pub valid_until: Option<Timestamp>,
    /// Where responses go; the first is the default.
    pub acs: Vec<String>,
    /// Where logout messages go.
    pub slo: Vec<String>,
    /// `NameID` formats that it takes, the best first.
    pub name_id_formats: Vec<String>,
    /// Certificates that it signs with, in DER.
    pub signing: Vec<Vec<u8>>,
    /// Certificates that messages to it are encrypted for, in DER.
    pub encryption: Vec<Vec<u8>>,
    /// Whether it signs its requests, where that is known.
    pub signs_requests: Option<bool>,
    /// What it wants to be told about people, if anything is said.
    pub service: Option<Service>,
    /// Who is behind it.
    pub organization: Option<Organization>,
    /// Whom to ask.
    pub contacts: Vec<Contact>,
}

/// An `AttributeConsumingService`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// What it wants to be told.
    pub attributes: Vec<Requested>,
}

/// A `RequestedAttribute`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requested {
    /// The attribute's name in the assertion.
    pub name: String,
    /// What the application calls it.
    pub friendly_name: String,
    /// Whether no login succeeds without it.
    pub is_required: bool,
}

/// An `Organization`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The name in registers.
    pub name: String,
    /// The name that people know.
    pub display_name: String,
    /// Its pages.
    pub url: String,
}

/// A `ContactPerson`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// What to ask about: one of [`CONTACT_KINDS`].
    pub kind: String,
    /// Who it is.
    pub name: String,
    /// Where mail goes.
    pub email: String,
}

impl Description {
    /// The document, without a signature.
    pub fn document(&self) -> Result<String, Unwritable> {
        self.entity(None).document()
    }

    /// The entity; with an identifier and a signature where one is given.
    fn entity(&self, signature: Option<(&str, Tag)>) -> Tag {
        let (id, signature) = signature.unzip();
        Tag::new("md:EntityDescriptor")
            .with("xmlns:md", "urn:oasis:names:tc:SAML:2.0:metadata")
            .with("xmlns:ds", XML_SIGNATURE)
            .with_some("ID", id)
            .with("entityID", self.entity_id.as_str())
            .with_some("validUntil", self.valid_until.map(|until| until.to_string()))
            .holding(signature)
            .holding([self.role()])
            .holding(self.organization.as_ref().map(organization))
            .holding(self.contacts.iter().map(contact))
    }

    /// The role; its elements in the order of the schema.
    fn role(&self) -> Tag {
        let formats = self.name_id_formats.iter();
        Tag::new("md:SPSSODescriptor")
            .with_some("AuthnRequestsSigned", self.signs_requests.map(|yes| yes.to_string()))
            .with("protocolSupportEnumeration", "urn:oasis:names:tc:SAML:2.0:protocol")
            .holding(self.signing.iter().map(|der| key("signing", der)))
            .holding(self.encryption.iter().map(|der| key("encryption", der)))
            .holding(self.slo.iter().map(|to| endpoint("md:SingleLogoutService", REDIRECT, to)))
            .holding(formats.map(|format| Tag::text("md:NameIDFormat", format)))
            .holding(self.acs.iter().enumerate().map(|(index, location)| acs(index, location)))
            .holding(self.service.as_ref().map(service))
    }
}

fn key(purpose: &str, der: &[u8]) -> Tag {
    let info = Tag::new("ds:KeyInfo").holding([x509_data(der)]);
    Tag::new("md:KeyDescriptor").with("use", purpose).holding([info])
}

fn x509_data(der: &[u8]) -> Tag {
    Tag::new("ds:X509Data").holding([Tag::text("ds:X509Certificate", wrapped(der))])
}

fn endpoint(name: &'static str, binding: &str, location: &str) -> Tag {
    Tag::new(name).with("Binding", binding).with("Location", location)
}

fn acs(index: usize, location: &str) -> Tag {
    endpoint("md:AssertionConsumerService", POST, location)
        .with("index", index.to_string())
        .with_some("isDefault", (index == 0).then_some("true"))
}

fn service(service: &Service) -> Tag {
    let requested = |one: &Requested| {
        Tag::new("md:RequestedAttribute")
            .with("Name", one.name.as_str())
            .with("NameFormat", name_format(&one.name))
            .with("FriendlyName", one.friendly_name.as_str())
            .with_some("isRequired", one.is_required.then_some("true"))
    };
    Tag::new("md:AttributeConsumingService")
        .with("index", "0")
        .with("isDefault", "true")
        .holding([in_english("md:ServiceName", &service.name)])
        .holding(service.attributes.iter().map(requested))
}

/// The name's format (saml-core-2.0-os section 8.2): a URI's own, else any.
fn name_format(name: &str) -> &'static str {
    if ["urn:", "http://", "https://"].iter().any(|start| name.starts_with(start)) {
        "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
    } else {
        "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
    }
}

fn organization(organization: &Organization) -> Tag {
    Tag::new("md:Organization").holding([
        in_english("md:OrganizationName", &organization.name),
        in_english("md:OrganizationDisplayName", &organization.display_name),
        in_english("md:OrganizationURL", &organization.url),
    ])
}

fn contact(contact: &Contact) -> Tag {
    Tag::new("md:ContactPerson").with("contactType", contact.kind.as_str()).holding([
        Tag::text("md:GivenName", contact.name.as_str()),
        Tag::text("md:EmailAddress", format!("mailto:{}", contact.email)),
    ])
}

fn in_english(name: &'static str, text: &str) -> Tag {
    Tag::text(name, text).with("xml:lang", "en")
}

/// Base64 in lines, as certificates are usually written.
fn wrapped(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let mut lines = String::from("\n");
    for (at, one) in text.chars().enumerate() {
        if at > 0 && at % LINE == 0 {
            lines.push('\n');
        }
        lines.push(one);
    }
    lines.push('\n');
    lines
}

/// What a contact can be for.
pub const CONTACT_KINDS: [&str; 5] = ["technical", "support", "administrative", "billing", "other"];
/// The namespace of XML Signature.
const XML_SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The length of a line of base64 (RFC 7468).
const LINE: usize = 64;
