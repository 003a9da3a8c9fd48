//! Which elements of metadata say something to us, and what.

use crate::xml::QualifiedName;

/// What an open element is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seat {
    Acs,
    Attribute,
    Category,
    Certificate,
    Contact,
    DigestMethod,
    DisplayName,
    Elsewhere,
    Email,
    EncryptionMethod,
    Entities,
    Entity,
    EntityAttribute,
    EntityAttributes,
    Extensions,
    Idp,
    Key,
    KeyInfo,
    KeyValue,
    NameIdFormat,
    Organization,
    OrganizationName,
    Reference,
    Registration,
    RoleExtensions,
    Signature,
    SignatureMethod,
    SignedInfo,
    Slo,
    Sp,
    Sso,
    UiInfo,
    X509Data,
}

/// What an element is inside another.
pub(super) fn seat_in(parent: Seat, name: QualifiedName<'_>) -> Seat {
    let known = STEPS
        .iter()
        .find(|(from, namespace, local, _)| *from == parent && name.is(namespace, local));
    known.map_or(Seat::Elsewhere, |&(_, _, _, seat)| seat)
}

/// The namespace of metadata.
pub(super) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// The namespace of assertions.
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The namespace of XML signatures.
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// The namespace of what user interfaces show (sstc-saml-metadata-ui-v1.0).
const UI: &str = "urn:oasis:names:tc:SAML:metadata:ui";
/// The namespace of registration (saml-metadata-rpi-v1.0).
const REGISTRATION: &str = "urn:oasis:names:tc:SAML:metadata:rpi";
/// The namespace of attributes of entities (sstc-metadata-attr).
const ATTRIBUTES: &str = "urn:oasis:names:tc:SAML:metadata:attribute";

/// Elements whose text says something to us.
pub(super) const TEXTS: [Seat; 6] = [
    Seat::Category,
    Seat::Certificate,
    Seat::DisplayName,
    Seat::Email,
    Seat::NameIdFormat,
    Seat::OrganizationName,
];

/// Root elements of metadata.
pub(super) const ROOTS: [(&str, Seat); 2] =
    [("EntitiesDescriptor", Seat::Entities), ("EntityDescriptor", Seat::Entity)];

/// Which element inside which other says something to us.
const STEPS: [(Seat, &str, &str, Seat); 36] = [
    (Seat::Entities, METADATA, "EntitiesDescriptor", Seat::Entities),
    (Seat::Entities, METADATA, "EntityDescriptor", Seat::Entity),
    (Seat::Entities, SIGNATURE, "Signature", Seat::Signature),
    (Seat::Entity, SIGNATURE, "Signature", Seat::Signature),
    (Seat::Entity, METADATA, "IDPSSODescriptor", Seat::Idp),
    (Seat::Entity, METADATA, "SPSSODescriptor", Seat::Sp),
    (Seat::Idp, METADATA, "KeyDescriptor", Seat::Key),
    (Seat::Idp, METADATA, "SingleSignOnService", Seat::Sso),
    (Seat::Idp, METADATA, "SingleLogoutService", Seat::Slo),
    (Seat::Idp, METADATA, "NameIDFormat", Seat::NameIdFormat),
    (Seat::Idp, ASSERTION, "Attribute", Seat::Attribute),
    (Seat::Sp, METADATA, "AssertionConsumerService", Seat::Acs),
    (Seat::Sp, METADATA, "SingleLogoutService", Seat::Slo),
    (Seat::Key, SIGNATURE, "KeyInfo", Seat::KeyInfo),
    (Seat::KeyInfo, SIGNATURE, "X509Data", Seat::X509Data),
    (Seat::X509Data, SIGNATURE, "X509Certificate", Seat::Certificate),
    (Seat::Sp, METADATA, "KeyDescriptor", Seat::Key),
    (Seat::KeyInfo, SIGNATURE, "KeyValue", Seat::KeyValue),
    (Seat::Key, METADATA, "EncryptionMethod", Seat::EncryptionMethod),
    (Seat::Signature, SIGNATURE, "SignedInfo", Seat::SignedInfo),
    (Seat::SignedInfo, SIGNATURE, "SignatureMethod", Seat::SignatureMethod),
    (Seat::SignedInfo, SIGNATURE, "Reference", Seat::Reference),
    (Seat::Reference, SIGNATURE, "DigestMethod", Seat::DigestMethod),
    (Seat::Entity, METADATA, "Extensions", Seat::Extensions),
    (Seat::Idp, METADATA, "Extensions", Seat::RoleExtensions),
    (Seat::Sp, METADATA, "Extensions", Seat::RoleExtensions),
    (Seat::RoleExtensions, UI, "UIInfo", Seat::UiInfo),
    (Seat::UiInfo, UI, "DisplayName", Seat::DisplayName),
    (Seat::Extensions, REGISTRATION, "RegistrationInfo", Seat::Registration),
    (Seat::Extensions, ATTRIBUTES, "EntityAttributes", Seat::EntityAttributes),
    (Seat::EntityAttributes, ASSERTION, "Attribute", Seat::EntityAttribute),
    (Seat::EntityAttribute, ASSERTION, "AttributeValue", Seat::Category),
    (Seat::Entity, METADATA, "Organization", Seat::Organization),
    (Seat::Organization, METADATA, "OrganizationDisplayName", Seat::OrganizationName),
    (Seat::Entity, METADATA, "ContactPerson", Seat::Contact),
    (Seat::Contact, METADATA, "EmailAddress", Seat::Email),
];
