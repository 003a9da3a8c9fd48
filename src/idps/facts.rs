//! What is recorded of a provider, each fact with its source.
//!
//! The tables and keys are those of the TOML files, in their order.

use serde::Deserialize;

/// Where a fact was learnt, which decides how loudly it may speak.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The guide of an application that connects to this provider.
    AppGuide,
    /// General product knowledge that no document at hand confirmed.
    General,
    /// Concluded from other facts.
    Inference,
    /// Read in the source of a library, seen in a real document, or executed.
    LibrarySource,
    /// Nothing is recorded; such an entry has no value.
    Unknown,
    /// The provider's own page, or its maintainers' word.
    Vendor,
}

impl Source {
    /// Whether a finding of severity error may rest on this alone.
    pub fn carries_error(self) -> bool {
        match self {
            Self::AppGuide | Self::LibrarySource | Self::Vendor => true,
            Self::General | Self::Inference | Self::Unknown => false,
        }
    }
}

/// One thing known of a provider.
///
/// Without a value the provider has no such thing, or, when the source is [`Source::Unknown`],
/// nobody wrote down what it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact<T> {
    /// What is known. Templates name what differs in braces: `https://{domain}/samlp/{client_id}`.
    pub value: Option<T>,
    /// How it is known.
    pub source: Source,
    /// What limits or explains it.
    #[serde(borrow)]
    pub note: Option<&'static str>,
}

impl<T> Fact<T> {
    /// Whether it is on record that the provider has no such thing.
    pub fn is_known_absent(&self) -> bool {
        self.value.is_none() && self.source != Source::Unknown
    }

    /// Whether a finding of severity error may rest on this alone.
    pub fn carries_error(&self) -> bool {
        self.source.carries_error()
    }
}

/// A fact that is told in a sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// The sentence.
    pub text: &'static str,
    /// How it is known.
    pub source: Source,
}

/// All that is recorded of one provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Facts {
    /// What people call it.
    pub names: Names,
    /// `OpenID` Connect.
    pub oidc: Oidc,
    /// SAML 2.0.
    pub saml: Saml,
    /// SAML attribute names.
    pub attributes: Attributes,
    /// Groups, over both protocols.
    pub groups: Groups,
    /// The certificate that signs SAML messages.
    pub certificate: Certificate,
    /// Provisioning.
    pub scim: Scim,
    /// The words of its console.
    pub labels: Labels,
    /// What a configuration exported from the provider holds.
    pub export: Export,
    /// What goes wrong.
    pub mistakes: Mistakes,
}

/// What people call a provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Names {
    /// Names it had before.
    pub former: Fact<Vec<&'static str>>,
    /// Other names in use.
    pub also: Fact<Vec<&'static str>>,
}

/// A provider over `OpenID` Connect.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Oidc {
    /// Shapes of the issuer, the one to prefer first.
    pub issuer: Fact<Vec<&'static str>>,
    /// Whether the issuer ends with a slash that is part of it.
    pub issuer_slash: Fact<bool>,
    /// Template of the authorization endpoint.
    pub authorization_endpoint: Fact<&'static str>,
    /// Template of the token endpoint.
    pub token_endpoint: Fact<&'static str>,
    /// Template of the userinfo endpoint.
    pub userinfo_endpoint: Fact<&'static str>,
    /// Template of the key set's address.
    pub jwks_uri: Fact<&'static str>,
    /// Template of the end-session endpoint.
    pub end_session_endpoint: Fact<&'static str>,
    /// Words that stand where a tenant belongs.
    pub aliases: Vec<Alias>,
    /// Shape of a client id.
    pub client_id: Fact<&'static str>,
    /// Shape of a client secret.
    pub client_secret: Fact<&'static str>,
    /// What becomes of the claim `email_verified`.
    pub email_verified: Fact<Sending>,
    /// The claim that carries groups.
    pub groups_claim: Fact<&'static str>,
    /// Departures of the discovery document and tokens from what one expects.
    pub quirks: Vec<Remark>,
}

/// A word that stands where a tenant belongs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The path segment: `common`.
    pub name: &'static str,
    /// The issuer that discovery then publishes.
    pub issuer: &'static str,
    /// Whether no token carries that issuer.
    pub breaks_issuer: bool,
    /// How it is known.
    pub source: Source,
}

/// Whether a provider sends something.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Sending {
    /// When the administrator sets it up.
    Custom,
    /// Not at all.
    Never,
    /// By itself.
    Sent,
}

/// A provider over SAML 2.0.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Saml {
    /// Shapes of the entity id.
    pub entity_id: Fact<Vec<&'static str>>,
    /// Templates of the metadata's address.
    pub metadata_url: Fact<Vec<&'static str>>,
    /// Templates of the single sign-on service.
    pub sso_url: Fact<Vec<&'static str>>,
    /// Templates of the single logout service.
    pub slo_url: Fact<Vec<&'static str>>,
    /// `NameID` format when nobody changes it.
    pub name_id_format: Fact<&'static str>,
    /// What the `NameID` holds when nobody changes it.
    pub name_id_value: Fact<&'static str>,
    /// The attributes' `NameFormat` when nobody changes it.
    pub name_format: Fact<&'static str>,
    /// What is signed when nobody changes it.
    pub signed: Fact<Signed>,
    /// Whether messages may come signed with SHA-1.
    pub sha1: Fact<Sha1>,
    /// Whether metadata offers single sign-on over HTTP-Redirect.
    pub redirect_binding: Fact<Offer>,
    /// Whether unsigned requests are refused when nobody changes it.
    pub wants_signed_requests: Fact<bool>,
    /// What becomes of the attribute that says the e-mail address is verified.
    pub email_verified: Fact<Sending>,
}

/// The parts of a response that are signed.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Signed {
    /// The assertion.
    Assertion,
    /// The response and the assertion.
    Both,
    /// As each connection is set up.
    Configured,
    /// The response around the assertion.
    Response,
}

/// How likely SHA-1 is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Sha1 {
    /// It is what an application gets that asks for nothing.
    Default,
    /// Old applications have it still.
    Legacy,
    /// It is not used.
    Never,
    /// An administrator can choose it.
    Selectable,
}

/// Whether something is offered.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// Not at all.
    No,
    /// When the administrator ticks it.
    OptIn,
    /// By itself.
    Yes,
}

/// SAML attributes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Attributes {
    /// Whether the names come from the provider, not from the administrator.
    pub fixed: Fact<bool>,
    /// The names known to be sent.
    pub sent: Vec<Attribute>,
    /// Names that look like attributes and never are.
    pub never: Vec<Attribute>,
}

/// A SAML attribute name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// The `Name`, byte for byte.
    pub name: &'static str,
    /// What it holds.
    pub holds: &'static str,
    /// The account field it suits (`uid`, `username`, `email`, `first_name`, `last_name`,
    /// `email_verified`, `display_name`, `groups`).
    #[serde(borrow)]
    pub suits: Option<&'static str>,
    /// Whether it is sent without being set up.
    #[serde(default)]
    pub by_default: bool,
    /// How it is known.
    pub source: Source,
}

/// Groups in tokens and assertions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Groups {
    /// Whether they are sent without being set up.
    pub by_default: Fact<bool>,
    /// Names of the SAML attribute.
    pub attribute: Fact<Vec<&'static str>>,
    /// What the values look like, the usual one first.
    pub values: Fact<Vec<GroupValue>>,
    /// Whether plain names can be sent.
    pub names_possible: Fact<bool>,
    /// Most groups in an assertion.
    pub limit_saml: Fact<u16>,
    /// Most groups in a token.
    pub limit_token: Fact<u16>,
    /// How to send fewer, or the right ones.
    pub cure: Fact<&'static str>,
}

/// What a group is called in a message.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum GroupValue {
    /// A distinguished name.
    Dn,
    /// All names in one value.
    Joined,
    /// Its name.
    Name,
    /// A GUID.
    ObjectId,
    /// The path from the root: `/Team`.
    Path,
    /// A Windows security identifier.
    Sid,
}

/// The certificate that signs SAML messages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Certificate {
    /// What shares one certificate.
    pub scope: Fact<&'static str>,
    /// How long it lasts.
    pub lifetime_years: Fact<u16>,
    /// Whether two stand in metadata during a change.
    pub overlaps: Fact<bool>,
    /// Whether the provider changes it by itself.
    pub rolls_over: Fact<bool>,
}

/// Provisioning.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Scim {
    /// Whether it provisions applications of one's own.
    pub outbound: Fact<bool>,
}

/// The words of the console.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Labels {
    /// Fields that take a value of the application.
    pub paste: Vec<Field>,
    /// Fields that show a value for the application.
    pub find: Vec<Field>,
    /// How people are let in.
    pub assignment: Fact<&'static str>,
}

/// A field of the console.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// `oidc`, `saml` or `scim`.
    pub protocol: &'static str,
    /// What it is, in the specification's word: `redirect_uri`, `acs_url`, `entity_id`.
    pub what: &'static str,
    /// The label.
    pub label: &'static str,
    /// The pages on the way to it.
    #[serde(borrow)]
    pub place: Option<&'static str>,
    /// How it is known.
    pub source: Source,
}

/// What a configuration exported from the provider holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Export {
    /// Its keys.
    pub keys: Vec<ExportKey>,
}

/// A key of an exported configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportKey {
    /// The way to it: `attributes["saml.client.signature"]`.
    pub path: &'static str,
    /// What it holds.
    pub holds: &'static str,
    /// How it is known.
    pub source: Source,
}

/// What goes wrong, and what to ask before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Mistakes {
    /// What people get wrong.
    pub common: Vec<Remark>,
    /// What must be asked of whoever knows a provider that is not known by name.
    pub questions: Vec<Remark>,
}
