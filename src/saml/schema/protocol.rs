//! What the schemas of messages say beside those of metadata, and what the schemas of signatures and
//! encryption say in the form in which readers of messages ship them: some years older than the one
//! that metadata is judged by. The notation is that of [`super::tables`].

use crate::saml::schema::tables::{TypeRow, row};

/// Complex types of messages (saml-core-2.0-os section 3).
pub(super) const TYPES: &[TypeRow] = &[
    row(
        "samlp:RequestAbstractType",
        "",
        "saml:Issuer? ds:Signature? samlp:Extensions?",
        "ID!=xs:ID Version!=xs:string IssueInstant!=xs:dateTime Destination=xs:anyURI \
         Consent=xs:anyURI",
    ),
    row("samlp:ExtensionsType", "", "other+", ""),
    row(
        "samlp:StatusResponseType",
        "",
        "saml:Issuer? ds:Signature? samlp:Extensions? samlp:Status",
        "ID!=xs:ID InResponseTo=xs:NCName Version!=xs:string IssueInstant!=xs:dateTime \
         Destination=xs:anyURI Consent=xs:anyURI",
    ),
    row("samlp:StatusType", "", "samlp:StatusCode samlp:StatusMessage? samlp:StatusDetail?", ""),
    row("samlp:StatusCodeType", "", "samlp:StatusCode?", "Value!=xs:anyURI"),
    row("samlp:StatusDetailType", "", "any*", ""),
    row(
        "samlp:RequestedAuthnContextType",
        "",
        "(saml:AuthnContextClassRef+ | saml:AuthnContextDeclRef+)",
        "Comparison=samlp:AuthnContextComparisonType",
    ),
    row(
        "samlp:AuthnRequestType",
        "samlp:RequestAbstractType",
        "saml:Subject? samlp:NameIDPolicy? saml:Conditions? samlp:RequestedAuthnContext? \
         samlp:Scoping?",
        "ForceAuthn=xs:boolean IsPassive=xs:boolean ProtocolBinding=xs:anyURI \
         AssertionConsumerServiceIndex=xs:unsignedShort AssertionConsumerServiceURL=xs:anyURI \
         AttributeConsumingServiceIndex=xs:unsignedShort ProviderName=xs:string",
    ),
    row(
        "samlp:NameIDPolicyType",
        "",
        "",
        "Format=xs:anyURI SPNameQualifier=xs:string AllowCreate=xs:boolean",
    ),
    row(
        "samlp:ScopingType",
        "",
        "samlp:IDPList? samlp:RequesterID*",
        "ProxyCount=xs:nonNegativeInteger",
    ),
    row("samlp:IDPListType", "", "samlp:IDPEntry+ samlp:GetComplete?", ""),
    row("samlp:IDPEntryType", "", "", "ProviderID!=xs:anyURI Name=xs:string Loc=xs:anyURI"),
    row(
        "samlp:ResponseType",
        "samlp:StatusResponseType",
        "(saml:Assertion | saml:EncryptedAssertion)*",
        "",
    ),
    row("samlp:AssertionIDRequestType", "samlp:RequestAbstractType", "saml:AssertionIDRef+", ""),
    row("samlp:SubjectQueryAbstractType", "samlp:RequestAbstractType", "saml:Subject", ""),
    row(
        "samlp:AuthnQueryType",
        "samlp:SubjectQueryAbstractType",
        "samlp:RequestedAuthnContext?",
        "SessionIndex=xs:string",
    ),
    row("samlp:AttributeQueryType", "samlp:SubjectQueryAbstractType", "saml:Attribute*", ""),
    row(
        "samlp:AuthzDecisionQueryType",
        "samlp:SubjectQueryAbstractType",
        "saml:Action+ saml:Evidence?",
        "Resource!=xs:anyURI",
    ),
    row("samlp:ArtifactResolveType", "samlp:RequestAbstractType", "samlp:Artifact", ""),
    row("samlp:ArtifactResponseType", "samlp:StatusResponseType", "any?", ""),
    row(
        "samlp:ManageNameIDRequestType",
        "samlp:RequestAbstractType",
        "(saml:NameID | saml:EncryptedID) (samlp:NewID | samlp:NewEncryptedID | samlp:Terminate)",
        "",
    ),
    row("samlp:TerminateType", "", "", ""),
    row(
        "samlp:NameIDMappingRequestType",
        "samlp:RequestAbstractType",
        "(saml:BaseID | saml:NameID | saml:EncryptedID) samlp:NameIDPolicy",
        "",
    ),
    row(
        "samlp:NameIDMappingResponseType",
        "samlp:StatusResponseType",
        "(saml:NameID | saml:EncryptedID)",
        "",
    ),
    row(
        "samlp:LogoutRequestType",
        "samlp:RequestAbstractType",
        "(saml:BaseID | saml:NameID | saml:EncryptedID) samlp:SessionIndex*",
        "Reason=xs:string NotOnOrAfter=xs:dateTime",
    ),
];

/// Elements that may stand wherever their namespace may, and their types.
pub(super) const ELEMENTS: &[(&str, &str)] = &[
    ("samlp:Extensions", "samlp:ExtensionsType"),
    ("samlp:Status", "samlp:StatusType"),
    ("samlp:StatusCode", "samlp:StatusCodeType"),
    ("samlp:StatusMessage", "xs:string"),
    ("samlp:StatusDetail", "samlp:StatusDetailType"),
    ("samlp:RequestedAuthnContext", "samlp:RequestedAuthnContextType"),
    ("samlp:AuthnRequest", "samlp:AuthnRequestType"),
    ("samlp:NameIDPolicy", "samlp:NameIDPolicyType"),
    ("samlp:Scoping", "samlp:ScopingType"),
    ("samlp:RequesterID", "xs:anyURI"),
    ("samlp:IDPList", "samlp:IDPListType"),
    ("samlp:IDPEntry", "samlp:IDPEntryType"),
    ("samlp:GetComplete", "xs:anyURI"),
    ("samlp:AssertionIDRequest", "samlp:AssertionIDRequestType"),
    ("samlp:SubjectQuery", "samlp:SubjectQueryAbstractType"),
    ("samlp:AuthnQuery", "samlp:AuthnQueryType"),
    ("samlp:AttributeQuery", "samlp:AttributeQueryType"),
    ("samlp:AuthzDecisionQuery", "samlp:AuthzDecisionQueryType"),
    ("samlp:ArtifactResolve", "samlp:ArtifactResolveType"),
    ("samlp:Artifact", "xs:string"),
    ("samlp:ArtifactResponse", "samlp:ArtifactResponseType"),
    ("samlp:ManageNameIDRequest", "samlp:ManageNameIDRequestType"),
    ("samlp:ManageNameIDResponse", "samlp:StatusResponseType"),
    ("samlp:NewID", "xs:string"),
    ("samlp:NewEncryptedID", "saml:EncryptedElementType"),
    ("samlp:Terminate", "samlp:TerminateType"),
    ("samlp:NameIDMappingRequest", "samlp:NameIDMappingRequestType"),
    ("samlp:NameIDMappingResponse", "samlp:NameIDMappingResponseType"),
    ("samlp:Response", "samlp:ResponseType"),
    ("samlp:LogoutRequest", "samlp:LogoutRequestType"),
    ("samlp:SessionIndex", "xs:string"),
    ("samlp:LogoutResponse", "samlp:StatusResponseType"),
];

/// Types of XML Signature and XML Encryption as first published, which differ from those that
/// metadata is judged by: what parameters of algorithms hold has to be known.
pub(super) const FIRST_PUBLISHED: &[TypeRow] = &[
    row("ds:CanonicalizationMethodType", "", "mixed known*", "Algorithm!=xs:anyURI"),
    row(
        "ds:SignatureMethodType",
        "",
        "mixed ds:HMACOutputLength=xs:integer? strict*",
        "Algorithm!=xs:anyURI",
    ),
    row("ds:RetrievalMethodType", "", "ds:Transforms?", "URI=xs:anyURI Type=xs:anyURI"),
];

/// The same with serial numbers that are numbers.
pub(super) const NUMBERED: TypeRow = row(
    "ds:X509IssuerSerialType",
    "",
    "ds:X509IssuerName=xs:string ds:X509SerialNumber=xs:integer",
    "",
);
