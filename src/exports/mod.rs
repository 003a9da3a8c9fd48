//! What identity providers export of an application that is registered with them.
//!
//! Every format is told from its content, so that nobody has to name it. What a key means is known
//! more or less well; the provider's data file says how, and each fact here carries that along.
//! Secrets in an export are never read.

mod at;
mod auth0;
mod callback;
mod entra;
mod groups;
mod keycloak;
mod okta;
mod stated;

use std::fmt;

use crate::exports::at::At;
use crate::idps::{self, Idp};
use crate::model::Protocol;
use crate::source::{KeyPath, Span};
use crate::syntax::tree::{Tree, Value};

pub use self::callback::{Callback, Matching, Use};
pub use self::groups::{GroupClaim, GroupFilter, GroupTest};
pub use self::stated::{Stated, is_sha1};

/// An application as an identity provider has it on record.
#[derive(Clone, Debug)]
pub struct Export {
    /// The provider whose format this is.
    pub idp: &'static Idp,
    /// The way to the application's object.
    pub path: KeyPath,
    /// Where that object stands.
    pub span: Span,
    /// What people call the application there.
    pub name: Option<Stated<String>>,
    /// What the application speaks, where the export tells.
    pub protocol: Option<Protocol>,
    /// Whether it is switched on.
    pub enabled: Option<Stated<bool>>,
    /// Client identifier (RFC 6749 section 2.2).
    pub client_id: Option<Stated<String>>,
    /// Addresses to which answers may go.
    pub callbacks: Vec<Callback>,
    /// Names of the application in SAML: audience, entity id, identifier.
    pub entity_ids: Vec<Stated<String>>,
    /// `Recipient` and `Destination` that are set once and for all.
    pub recipients: Vec<Stated<String>>,
    /// What is signed.
    pub signs: Signs,
    /// The algorithm of signatures, in the provider's spelling; see [`is_sha1`].
    pub signature_algorithm: Option<Stated<String>>,
    /// The algorithm of digests, in the provider's spelling; see [`is_sha1`].
    pub digest_algorithm: Option<Stated<String>>,
    /// Whether assertions are encrypted.
    pub encrypts_assertions: Option<Stated<bool>>,
    /// Whether requests that are not signed are refused.
    pub demands_signed_requests: Option<Stated<bool>>,
    /// The `NameID` format, in the provider's spelling.
    pub name_id_format: Option<Stated<String>>,
    /// Attributes and claims that are set up. What the provider sends by itself is not here.
    pub attributes: Vec<Attribute>,
    /// How groups are sent.
    pub groups: Vec<GroupClaim>,
    /// Where logouts are sent.
    pub slo: Vec<Stated<String>>,
    /// The method of PKCE that is demanded (RFC 7636).
    pub pkce: Option<Stated<String>>,
    /// How the client proves itself at the token endpoint.
    pub token_auth_method: Option<Stated<String>>,
}

/// What of a response is signed, where the export tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// The response.
    pub response: Option<Stated<bool>>,
    /// The assertion.
    pub assertion: Option<Stated<bool>>,
}

/// An attribute or a claim that is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The name that the application sees.
    pub name: Stated<String>,
    /// The `NameFormat`, in the provider's spelling.
    pub format: Option<Stated<String>>,
    /// What fills it: expressions, or properties of the user.
    pub sources: Vec<Stated<String>>,
    /// What carries it.
    pub carrier: Carrier,
}

/// What carries an attribute or claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A SAML assertion.
    Assertion,
    /// A token, or the userinfo answer.
    Token,
}

impl Export {
    /// The callback that admits an address, if one does.
    pub fn admitting(&self, address: &str) -> Option<&Callback> {
        self.callbacks.iter().find(|callback| callback.admits(address))
    }

    /// The attribute with this name, byte for byte.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.value == name)
    }

    /// An export of which nothing is known but whose it is.
    fn new(at: &At<'_>) -> Self {
        Self {
            idp: at.idp,
            path: at.path.clone(),
            span: at.node.span(),
            name: None,
            protocol: None,
            enabled: None,
            client_id: None,
            callbacks: Vec::new(),
            entity_ids: Vec::new(),
            recipients: Vec::new(),
            signs: Signs::default(),
            signature_algorithm: None,
            digest_algorithm: None,
            encrypts_assertions: None,
            demands_signed_requests: None,
            name_id_format: None,
            attributes: Vec::new(),
            groups: Vec::new(),
            slo: Vec::new(),
            pkce: None,
            token_auth_method: None,
        }
    }
}

/// A document that is no export which is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unrecognised {
    /// What it is instead.
    pub kind: UnrecognisedKind,
    /// Where that shows.
    pub span: Span,
}

/// What a document is instead of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnrecognisedKind {
    /// Keycloak's file for an adapter, which says nothing of the client's settings.
    AdapterConfig,
    /// A discovery document.
    Discovery,
    /// A list without applications.
    Empty,
    /// Neither an object nor a list of objects.
    NoObject,
    /// A Keycloak realm that was exported without its clients.
    RealmWithoutClients,
    /// An object of another kind.
    Unknown,
}

/// The applications of an exported document: one, or all of a realm or of a list.
///
/// In a list what is not recognised is passed over, as long as something is.
pub fn read(tree: &Tree) -> Result<Vec<Export>, Unrecognised> {
    let Some(root) = tree.root() else {
        return Err(Unrecognised { kind: UnrecognisedKind::NoObject, span: Span::at(0) });
    };
    let fail = |kind| Unrecognised { kind, span: root.span() };
    let at = At::root(root, idps::recognise(""));
    let listed = match root.node().value {
        Value::List(_) => Some(at.items()),
        Value::Map(_) => LISTS.iter().find_map(|key| at.get(key)).map(|list| list.items()),
        Value::Scalar(_) => return Err(fail(UnrecognisedKind::NoObject)),
    };
    if let Some(export) = application(&at) {
        return Ok(vec![export]);
    }
    let Some(listed) = listed else { return Err(fail(instead(&at))) };
    let found: Vec<Export> = listed.iter().filter_map(application).collect();
    match found.is_empty() {
        false => Ok(found),
        true if listed.is_empty() => Err(fail(UnrecognisedKind::Empty)),
        true => Err(fail(UnrecognisedKind::Unknown)),
    }
}

/// The application of an object, in whatever format it is.
fn application(at: &At<'_>) -> Option<Export> {
    FORMATS.iter().find(|format| (format.fits)(at)).map(|format| {
        let idp = idps::by_id(format.idp).expect("every format's provider has a file");
        (format.read)(&at.of(idp))
    })
}

/// What an object is that is no application.
fn instead(at: &At<'_>) -> UnrecognisedKind {
    let has = |key| at.get(key).is_some();
    if has("auth-server-url") && has("realm") {
        UnrecognisedKind::AdapterConfig
    } else if has("issuer") && (has("authorization_endpoint") || has("jwks_uri")) {
        UnrecognisedKind::Discovery
    } else if has("realm") && (has("sslRequired") || has("accessTokenLifespan")) {
        UnrecognisedKind::RealmWithoutClients
    } else {
        UnrecognisedKind::Unknown
    }
}

/// A format of export.
struct Format {
    /// Whose it is.
    idp: &'static str,
    /// Whether an object is in it.
    fits: fn(&At<'_>) -> bool,
    /// What the object says.
    read: fn(&At<'_>) -> Export,
}

/// The formats, the more telling ones first.
const FORMATS: [Format; 5] = [
    Format { idp: "okta", fits: okta::fits, read: okta::read },
    Format { idp: "keycloak", fits: keycloak::fits, read: keycloak::read },
    Format { idp: "entra", fits: entra::fits, read: entra::read },
    Format { idp: "auth0", fits: auth0::fits, read: auth0::read },
    Format { idp: "auth0", fits: auth0::fits_settings, read: auth0::read_settings },
];

/// Keys under which a document lists applications: a Keycloak realm's, and those of an answer of
/// Microsoft Graph.
const LISTS: [&str; 2] = ["clients", "value"];

impl fmt::Display for Unrecognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            UnrecognisedKind::AdapterConfig => {
                "this is a Keycloak adapter configuration, not the export of a client"
            }
            UnrecognisedKind::Discovery => "this is a discovery document",
            UnrecognisedKind::Empty => "this list has no applications",
            UnrecognisedKind::NoObject => "this is no JSON object",
            UnrecognisedKind::RealmWithoutClients => "this realm was exported without its clients",
            UnrecognisedKind::Unknown => {
                "this is no application of Auth0, Keycloak, Microsoft Entra ID or Okta"
            }
        })
    }
}

impl std::error::Error for Unrecognised {}
