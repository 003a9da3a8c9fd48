//! What the schemas of metadata and of its usual extensions say, as tables.
//!
//! A row of [`TYPES`] is a complex type: its name, the type that it extends, what it holds, and its
//! attributes. What it holds is written as a pattern: `?`, `*` and `+` behind an element or a group,
//! `|` between alternatives; `other` is an element of another namespace, `any` one of any namespace,
//! `strict` one of another namespace that must be known, `known` one of any that must be. An element of its own stands with its type
//! behind `=`. `only` in front narrows the type that is extended to this. `mixed` in front lets text stand between elements, `= type` is text alone.
//! An attribute that must be there has `!` behind its name; `+other` lets in attributes of other
//! namespaces.

/// A complex type.
pub(super) struct TypeRow {
    /// Its name.
    pub(super) name: &'static str,
    /// The type that it extends; empty for none.
    pub(super) base: &'static str,
    /// What it holds, behind what its base holds.
    pub(super) content: &'static str,
    /// Its attributes, beside those of its base.
    pub(super) attributes: &'static str,
}

pub(super) const fn row(
    name: &'static str,
    base: &'static str,
    content: &'static str,
    attributes: &'static str,
) -> TypeRow {
    TypeRow { name, base, content, attributes }
}

/// Complex types of metadata (saml-metadata-2.0-os), and of its extensions for user interfaces
/// (sstc-saml-metadata-ui-v1.0), registration (saml-metadata-rpi-v1.0), attributes
/// (sstc-metadata-attr) and algorithms (sstc-saml-metadata-algsupport-v1.0).
pub(super) const TYPES: &[TypeRow] = &[
    row("md:localizedNameType", "", "= xs:string", "xml:lang!=xml:lang"),
    row("md:localizedURIType", "", "= xs:anyURI", "xml:lang!=xml:lang"),
    row("md:ExtensionsType", "", "other+", ""),
    row(
        "md:EndpointType",
        "",
        "other*",
        "Binding!=xs:anyURI Location!=xs:anyURI ResponseLocation=xs:anyURI +other",
    ),
    row(
        "md:IndexedEndpointType",
        "md:EndpointType",
        "",
        "index!=xs:unsignedShort isDefault=xs:boolean",
    ),
    row(
        "md:EntitiesDescriptorType",
        "",
        "ds:Signature? md:Extensions? (md:EntityDescriptor | md:EntitiesDescriptor)+",
        "validUntil=xs:dateTime cacheDuration=xs:duration ID=xs:ID Name=xs:string",
    ),
    row(
        "md:EntityDescriptorType",
        "",
        "ds:Signature? md:Extensions? ((md:RoleDescriptor | md:IDPSSODescriptor \
         | md:SPSSODescriptor | md:AuthnAuthorityDescriptor | md:AttributeAuthorityDescriptor \
         | md:PDPDescriptor)+ | md:AffiliationDescriptor) md:Organization? md:ContactPerson* \
         md:AdditionalMetadataLocation*",
        "entityID!=md:entityIDType validUntil=xs:dateTime cacheDuration=xs:duration ID=xs:ID \
         +other",
    ),
    row(
        "md:OrganizationType",
        "",
        "md:Extensions? md:OrganizationName+ md:OrganizationDisplayName+ md:OrganizationURL+",
        "+other",
    ),
    row(
        "md:ContactType",
        "",
        "md:Extensions? md:Company? md:GivenName? md:SurName? md:EmailAddress* md:TelephoneNumber*",
        "contactType!=md:ContactTypeType +other",
    ),
    row("md:AdditionalMetadataLocationType", "", "= xs:anyURI", "namespace!=xs:anyURI"),
    row(
        "md:RoleDescriptorType",
        "",
        "ds:Signature? md:Extensions? md:KeyDescriptor* md:Organization? md:ContactPerson*",
        "ID=xs:ID validUntil=xs:dateTime cacheDuration=xs:duration \
         protocolSupportEnumeration!=md:anyURIListType errorURL=xs:anyURI +other",
    ),
    row("md:KeyDescriptorType", "", "ds:KeyInfo md:EncryptionMethod*", "use=md:KeyTypes"),
    row(
        "md:SSODescriptorType",
        "md:RoleDescriptorType",
        "md:ArtifactResolutionService* md:SingleLogoutService* md:ManageNameIDService* \
         md:NameIDFormat*",
        "",
    ),
    row(
        "md:IDPSSODescriptorType",
        "md:SSODescriptorType",
        "md:SingleSignOnService+ md:NameIDMappingService* md:AssertionIDRequestService* \
         md:AttributeProfile* saml:Attribute*",
        "WantAuthnRequestsSigned=xs:boolean",
    ),
    row(
        "md:SPSSODescriptorType",
        "md:SSODescriptorType",
        "md:AssertionConsumerService+ md:AttributeConsumingService*",
        "AuthnRequestsSigned=xs:boolean WantAssertionsSigned=xs:boolean",
    ),
    row(
        "md:AttributeConsumingServiceType",
        "",
        "md:ServiceName+ md:ServiceDescription* md:RequestedAttribute+",
        "index!=xs:unsignedShort isDefault=xs:boolean",
    ),
    row("md:RequestedAttributeType", "saml:AttributeType", "", "isRequired=xs:boolean"),
    row(
        "md:AuthnAuthorityDescriptorType",
        "md:RoleDescriptorType",
        "md:AuthnQueryService+ md:AssertionIDRequestService* md:NameIDFormat*",
        "",
    ),
    row(
        "md:PDPDescriptorType",
        "md:RoleDescriptorType",
        "md:AuthzService+ md:AssertionIDRequestService* md:NameIDFormat*",
        "",
    ),
    row(
        "md:AttributeAuthorityDescriptorType",
        "md:RoleDescriptorType",
        "md:AttributeService+ md:AssertionIDRequestService* md:NameIDFormat* md:AttributeProfile* \
         saml:Attribute*",
        "",
    ),
    row(
        "md:AffiliationDescriptorType",
        "",
        "ds:Signature? md:Extensions? md:AffiliateMember+ md:KeyDescriptor*",
        "affiliationOwnerID!=md:entityIDType validUntil=xs:dateTime cacheDuration=xs:duration \
         ID=xs:ID +other",
    ),
    row(
        "mdui:UIInfoType",
        "",
        "(mdui:DisplayName | mdui:Description | mdui:Keywords | mdui:Logo | mdui:InformationURL \
         | mdui:PrivacyStatementURL | other)*",
        "",
    ),
    row("mdui:KeywordsType", "", "= xs:string", "xml:lang!=xml:lang"),
    row(
        "mdui:LogoType",
        "",
        "= xs:anyURI",
        "height!=xs:positiveInteger width!=xs:positiveInteger xml:lang=xml:lang",
    ),
    row(
        "mdui:DiscoHintsType",
        "",
        "(mdui:IPHint | mdui:DomainHint | mdui:GeolocationHint | other)*",
        "",
    ),
    row(
        "mdrpi:RegistrationInfoType",
        "",
        "mdrpi:RegistrationPolicy* other*",
        "registrationAuthority!=xs:string registrationInstant=xs:dateTime +other",
    ),
    row(
        "mdrpi:PublicationInfoType",
        "",
        "mdrpi:UsagePolicy* other*",
        "publisher!=xs:string creationInstant=xs:dateTime publicationId=xs:string +other",
    ),
    row("mdrpi:PublicationPathType", "", "mdrpi:Publication*", ""),
    row(
        "mdrpi:PublicationType",
        "",
        "",
        "publisher!=xs:string creationInstant=xs:dateTime publicationId=xs:string",
    ),
    row("mdattr:EntityAttributesType", "", "(saml:Attribute | saml:Assertion)+", ""),
    row("alg:DigestMethodType", "", "any*", "Algorithm!=xs:anyURI"),
    row(
        "alg:SigningMethodType",
        "",
        "any*",
        "Algorithm!=xs:anyURI MinKeySize=xs:positiveInteger MaxKeySize=xs:positiveInteger",
    ),
];

/// Elements that may stand wherever their namespace may, and their types.
pub(super) const ELEMENTS: &[(&str, &str)] = &[
    ("md:Extensions", "md:ExtensionsType"),
    ("md:EntitiesDescriptor", "md:EntitiesDescriptorType"),
    ("md:EntityDescriptor", "md:EntityDescriptorType"),
    ("md:Organization", "md:OrganizationType"),
    ("md:OrganizationName", "md:localizedNameType"),
    ("md:OrganizationDisplayName", "md:localizedNameType"),
    ("md:OrganizationURL", "md:localizedURIType"),
    ("md:ContactPerson", "md:ContactType"),
    ("md:Company", "xs:string"),
    ("md:GivenName", "xs:string"),
    ("md:SurName", "xs:string"),
    ("md:EmailAddress", "xs:anyURI"),
    ("md:TelephoneNumber", "xs:string"),
    ("md:AdditionalMetadataLocation", "md:AdditionalMetadataLocationType"),
    ("md:RoleDescriptor", "md:RoleDescriptorType"),
    ("md:KeyDescriptor", "md:KeyDescriptorType"),
    ("md:EncryptionMethod", "xenc:EncryptionMethodType"),
    ("md:ArtifactResolutionService", "md:IndexedEndpointType"),
    ("md:SingleLogoutService", "md:EndpointType"),
    ("md:ManageNameIDService", "md:EndpointType"),
    ("md:NameIDFormat", "xs:anyURI"),
    ("md:IDPSSODescriptor", "md:IDPSSODescriptorType"),
    ("md:SingleSignOnService", "md:EndpointType"),
    ("md:NameIDMappingService", "md:EndpointType"),
    ("md:AssertionIDRequestService", "md:EndpointType"),
    ("md:AttributeProfile", "xs:anyURI"),
    ("md:SPSSODescriptor", "md:SPSSODescriptorType"),
    ("md:AssertionConsumerService", "md:IndexedEndpointType"),
    ("md:AttributeConsumingService", "md:AttributeConsumingServiceType"),
    ("md:ServiceName", "md:localizedNameType"),
    ("md:ServiceDescription", "md:localizedNameType"),
    ("md:RequestedAttribute", "md:RequestedAttributeType"),
    ("md:AuthnAuthorityDescriptor", "md:AuthnAuthorityDescriptorType"),
    ("md:AuthnQueryService", "md:EndpointType"),
    ("md:PDPDescriptor", "md:PDPDescriptorType"),
    ("md:AuthzService", "md:EndpointType"),
    ("md:AttributeAuthorityDescriptor", "md:AttributeAuthorityDescriptorType"),
    ("md:AttributeService", "md:EndpointType"),
    ("md:AffiliationDescriptor", "md:AffiliationDescriptorType"),
    ("md:AffiliateMember", "md:entityIDType"),
    ("mdui:UIInfo", "mdui:UIInfoType"),
    ("mdui:DisplayName", "md:localizedNameType"),
    ("mdui:Description", "md:localizedNameType"),
    ("mdui:InformationURL", "md:localizedURIType"),
    ("mdui:PrivacyStatementURL", "md:localizedURIType"),
    ("mdui:Keywords", "mdui:KeywordsType"),
    ("mdui:Logo", "mdui:LogoType"),
    ("mdui:DiscoHints", "mdui:DiscoHintsType"),
    ("mdui:IPHint", "xs:string"),
    ("mdui:DomainHint", "xs:string"),
    ("mdui:GeolocationHint", "xs:anyURI"),
    ("mdrpi:RegistrationInfo", "mdrpi:RegistrationInfoType"),
    ("mdrpi:RegistrationPolicy", "md:localizedURIType"),
    ("mdrpi:PublicationInfo", "mdrpi:PublicationInfoType"),
    ("mdrpi:UsagePolicy", "md:localizedURIType"),
    ("mdrpi:PublicationPath", "mdrpi:PublicationPathType"),
    ("mdrpi:Publication", "mdrpi:PublicationType"),
    ("mdattr:EntityAttributes", "mdattr:EntityAttributesType"),
    ("alg:DigestMethod", "alg:DigestMethodType"),
    ("alg:SigningMethod", "alg:SigningMethodType"),
    ("idpdisc:DiscoveryResponse", "md:IndexedEndpointType"),
    ("init:RequestInitiator", "md:EndpointType"),
];

/// Attributes that are known wherever foreign ones may stand.
pub(super) const ATTRIBUTES: &[(&str, &str)] = &[
    ("xml:lang", "xml:lang"),
    ("xml:space", "xml:space"),
    ("xml:base", "xs:anyURI"),
    ("xml:id", "xs:ID"),
    ("aslo:supportsAsynchronous", "xs:boolean"),
    ("ext:OriginalIssuer", "xs:anyURI"),
    ("ext:LastModified", "xs:dateTime"),
];

/// Types that no element may have as it stands: `xsi:type` must say which of their extensions it is.
pub(super) const ABSTRACT: &[&str] = &[
    "md:RoleDescriptorType",
    "md:SSODescriptorType",
    "samlp:RequestAbstractType",
    "samlp:SubjectQueryAbstractType",
    "saml:BaseIDAbstractType",
    "saml:ConditionAbstractType",
    "saml:StatementAbstractType",
    "xenc:EncryptedType",
];

/// Namespaces by the prefixes of these tables.
pub(super) const NAMESPACES: &[(&str, &str)] = &[
    ("md", "urn:oasis:names:tc:SAML:2.0:metadata"),
    ("samlp", "urn:oasis:names:tc:SAML:2.0:protocol"),
    ("ds", "http://www.w3.org/2000/09/xmldsig#"),
    ("saml", "urn:oasis:names:tc:SAML:2.0:assertion"),
    ("mdui", "urn:oasis:names:tc:SAML:metadata:ui"),
    ("mdrpi", "urn:oasis:names:tc:SAML:metadata:rpi"),
    ("mdattr", "urn:oasis:names:tc:SAML:metadata:attribute"),
    ("alg", "urn:oasis:names:tc:SAML:metadata:algsupport"),
    ("idpdisc", "urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol"),
    ("init", "urn:oasis:names:tc:SAML:profiles:SSO:request-init"),
    ("xenc", "http://www.w3.org/2001/04/xmlenc#"),
    ("xenc11", "http://www.w3.org/2009/xmlenc11#"),
    ("dsig11", "http://www.w3.org/2009/xmldsig11#"),
    ("xml", "http://www.w3.org/XML/1998/namespace"),
    ("xs", "http://www.w3.org/2001/XMLSchema"),
    ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ("aslo", "urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo"),
    ("ext", "urn:oasis:names:tc:SAML:attribute:ext"),
];
