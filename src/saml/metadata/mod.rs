//! SAML 2.0 metadata (OASIS saml-metadata-2.0-os section 2): who an entity is, where it is spoken
//! to, and which keys it signs with.
//!
//! What is read is data only. Nothing here says whether a signature over the document holds.

mod read;
mod seat;
mod stream;
mod tag;
mod unreadable;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use crate::pki;
use crate::saml::schema;
use crate::source::{Span, Spanned};

pub use self::read::read;
pub use self::stream::{Options, Part, Streamed, stream};
pub use self::unreadable::{Unreadable, UnreadableKind};

/// HTTP-Redirect (saml-bindings-2.0-os section 3.4).
pub const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// HTTP-POST (saml-bindings-2.0-os section 3.5).
pub const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// A metadata document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The entities, those of nested groups included, in the order of the text. Of a stream only the
    /// one that was chosen.
    pub entities: Vec<Entity>,
    /// Where the start tag of the root element stands.
    pub root: Span,
    /// Whether the root element is a group of entities.
    pub is_group: bool,
    /// The name of the group.
    pub name: Option<Spanned<String>>,
    /// The end of validity of the root.
    pub valid_until: Option<ValidUntil>,
    /// How long the root may be kept.
    pub cache_duration: Option<Spanned<String>>,
    /// How long each group may be kept.
    pub cache_durations: Vec<Spanned<String>>,
    /// How many entities there are.
    pub count: usize,
    /// How many of them are identity providers.
    pub idp_count: usize,
    /// How many of them are service providers.
    pub sp_count: usize,
    /// The names of the first of them.
    pub listed: Vec<Listed>,
    /// Names that more than one entity has.
    pub duplicates: Vec<Spanned<String>>,
    /// The first departures from the schemas.
    pub faults: Vec<schema::Fault>,
    /// How many departures there are.
    pub fault_count: usize,
}

/// An entity in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub entity_id: String,
    /// Whether it is an identity provider.
    pub is_idp: bool,
    /// Whether it is a service provider.
    pub is_sp: bool,
}

/// A `ContactPerson` (section 2.3.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// What it is for.
    pub kind: String,
    /// The first address.
    pub email: Option<String>,
}

impl Metadata {
    /// The entities that are identity providers.
    pub fn identity_providers(&self) -> impl Iterator<Item = &Entity> {
        self.entities.iter().filter(|entity| entity.idp.is_some())
    }

    /// Whether it describes applications only: service providers and no identity provider.
    pub fn is_of_service_providers(&self) -> bool {
        self.identity_providers().next().is_none() && self.entities.iter().any(Entity::is_sp)
    }

    /// The entity with this id, byte for byte.
    pub fn by_id(&self, entity_id: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.entity_id.value == entity_id)
    }
}

/// An `EntityDescriptor` (section 2.3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// Its name; empty, at the start tag, where it is missing.
    pub entity_id: Spanned<String>,
    /// Where its start tag stands.
    pub span: Span,
    /// What it says as an identity provider: of several such roles the first that speaks SAML 2.0.
    pub idp: Option<Box<IdpRole>>,
    /// What it says as a service provider.
    pub sp: Option<Box<SpRole>>,
    /// Ends of validity, its own and those of the groups around it.
    pub ends: Vec<ValidUntil>,
    /// Whether it or a group around it has a signature, sound or not.
    pub has_signature: bool,
    /// The algorithms of those signatures.
    pub signature_methods: Vec<Spanned<String>>,
    /// From its start tag to its end tag.
    pub whole: Span,
    /// How long it may be kept.
    pub cache_duration: Option<Spanned<String>>,
    /// The name that its users are shown.
    pub display_name: Option<String>,
    /// The name of its organization.
    pub organization: Option<String>,
    /// Whom to ask.
    pub contacts: Vec<Contact>,
    /// Who registered it.
    pub registered_by: Option<Spanned<String>>,
    /// Values of its attributes as an entity, such as entity categories.
    pub categories: Vec<String>,
}

impl Entity {
    /// Whether it is a service provider.
    pub fn is_sp(&self) -> bool {
        self.sp.is_some()
    }

    /// The end of validity that comes first, the role's as identity provider counted.
    pub fn valid_until(&self) -> Option<&ValidUntil> {
        let role = self.idp.iter().flat_map(|idp| &idp.valid_until);
        let ends = self.ends.iter().chain(role);
        ends.filter(|end| end.instant.is_some()).min_by_key(|end| end.instant)
    }

    /// The single sign-on endpoint that takes requests over HTTP-Redirect.
    pub fn redirect_sso(&self) -> Option<&Endpoint> {
        self.sso(REDIRECT)
    }

    /// The first single sign-on endpoint of a binding.
    pub fn sso(&self, binding: &str) -> Option<&Endpoint> {
        self.idp.as_ref()?.sso.iter().find(|endpoint| endpoint.binding == binding)
    }
}

/// An `IDPSSODescriptor` (section 2.4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdpRole {
    /// Where its start tag stands.
    pub span: Span,
    /// Whether it names SAML 2.0 among its protocols.
    pub speaks_saml2: bool,
    /// Whether it names a protocol of SAML 1.
    pub speaks_saml1: bool,
    /// The end of its validity, if it has one of its own.
    pub valid_until: Option<ValidUntil>,
    /// Whether requests must be signed, where it says so.
    pub want_authn_requests_signed: Option<Spanned<bool>>,
    /// Single sign-on services.
    pub sso: Vec<Endpoint>,
    /// Single logout services.
    pub slo: Vec<Endpoint>,
    /// Its keys.
    pub keys: Vec<Key>,
    /// `NameID` formats that it offers.
    pub name_id_formats: Vec<Spanned<String>>,
    /// Names of the attributes that it offers.
    pub attributes: Vec<Spanned<String>>,
}

impl IdpRole {
    /// The certificates that it may sign with: of keys for signing, and of keys for any use.
    pub fn signing(&self) -> impl Iterator<Item = &Certificate> {
        let keys = self.keys.iter().filter(|key| key.signs());
        keys.flat_map(|key| &key.certificates)
    }
}

/// An `SPSSODescriptor` (section 2.4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpRole {
    /// Where its start tag stands.
    pub span: Span,
    /// Assertion consumer services.
    pub acs: Vec<Endpoint>,
    /// Single logout services.
    pub slo: Vec<Endpoint>,
    /// Its keys.
    pub keys: Vec<Key>,
    /// Whether it signs its requests, where it says so.
    pub authn_requests_signed: Option<Spanned<bool>>,
    /// Whether it wants assertions signed, where it says so.
    pub want_assertions_signed: Option<Spanned<bool>>,
}

/// An endpoint (section 2.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How messages travel.
    pub binding: String,
    /// Where they go.
    pub location: Spanned<String>,
    /// Where the element's start tag stands.
    pub span: Span,
}

/// A `KeyDescriptor` (section 2.4.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// What it is for; none for anything.
    pub purpose: Option<Purpose>,
    /// Its certificates; none where the key comes bare.
    pub certificates: Vec<Certificate>,
    /// Whether the key comes bare, with a certificate beside it or none.
    pub has_value: bool,
    /// Algorithms that its owner decrypts.
    pub encryption_methods: Vec<String>,
    /// Where its start tag stands.
    pub span: Span,
}

impl Key {
    /// Whether messages may be signed with it.
    pub fn signs(&self) -> bool {
        matches!(self.purpose, None | Some(Purpose::Signing))
    }
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Messages to its owner are encrypted with it.
    Encryption,
    /// A word that the standard does not know.
    Other,
    /// Its owner signs with it.
    Signing,
}

/// An `X509Certificate` as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Base64, lines and all; white space around it taken off.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Certificate {
    /// The bytes; none where the text is no base64. A PEM frame, which does not belong there but
    /// which most libraries take off, is passed over.
    pub fn der(&self) -> Option<Vec<u8>> {
        let lines = self.text.lines().filter(|line| !line.trim_start().starts_with("-----"));
        let text: String = lines.flat_map(str::split_whitespace).collect();
        STANDARD.decode(text).ok().filter(|der| !der.is_empty())
    }

    /// The certificate; none where the text holds none.
    pub fn read(&self) -> Option<pki::Certificate> {
        pki::Certificate::from_der(&self.der()?)
    }
}

/// A `validUntil`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidUntil {
    /// As it is written.
    pub text: String,
    /// The instant; none where the text is no date with a time.
    pub instant: Option<Timestamp>,
    /// Where it stands.
    pub span: Span,
}

#[cfg(test)]
mod tests {
    use super::Certificate;
    use crate::source::Span;

    #[test]
    fn the_bytes_of_a_certificate_do_not_depend_on_its_lines() {
        let der = |text: &str| Certificate { text: text.into(), span: Span::at(0) }.der();
        let bytes = Some(vec![0, 16, 131, 16, 81, 135]);
        assert_eq!(der("ABCD\n  EFGH"), bytes);
        assert_eq!(der("-----BEGIN CERTIFICATE-----\nABCDEFGH\n-----END CERTIFICATE-----"), bytes);
        assert_eq!(der("ABCD*"), None);
        assert_eq!(der(""), None);
    }
}
