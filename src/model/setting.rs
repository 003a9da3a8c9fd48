//! One setting: the card that says what it means, and the state in which it was found.

use std::sync::Arc;

use serde::Deserialize;

use crate::model::{Placeholder, Protocol, is_unknown, placeholder};
use crate::source::{KeyPath, Source, Span, Step};
use crate::syntax::tree::{self, NodeRef};

/// What an application expects under a key. Read from the application's data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SettingCard {
    /// The key as the application spells it.
    pub key: String,
    /// What the setting is for.
    pub role: Role,
    /// The kind of value.
    pub kind: Kind,
    /// The protocol that reads it; none for all.
    pub protocol: Option<Protocol>,
    /// Whether it must never be shown.
    #[serde(default)]
    pub secret: bool,
    /// What other software calls the same thing, for *did you mean*.
    #[serde(default)]
    pub also_known_as: Vec<String>,
    /// Where it is described.
    pub source: String,
}

/// What a setting is for, in the words of the protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A field of the user's account that an attribute fills.
    AccountField,
    /// Account fields and the attributes that fill them.
    AttributeMapping,
    /// The authorization endpoint (RFC 6749 section 3.1).
    AuthorizationEndpoint,
    /// The address to register at the identity provider, as the application computed it.
    Callback,
    /// The identity provider's signing certificate.
    Certificate,
    /// Client identifier (RFC 6749 section 2.2).
    ClientId,
    /// Client password (RFC 6749 section 2.3.1).
    ClientSecret,
    /// The company of the application in which new users are created.
    Company,
    /// Something else that the application computed.
    Computed,
    /// The e-mail domain that chooses this provider.
    EmailDomain,
    /// The master switch.
    Enabled,
    /// The identity provider's entity id (SAML metadata section 2.2.1).
    EntityId,
    /// Whether and how groups are taken over.
    Groups,
    /// The claim or attribute that names groups.
    GroupsClaim,
    /// Which groups of the identity provider are what in the application.
    GroupTable,
    /// The application's id for the provider.
    Id,
    /// The address that the endpoints of the provider have in common.
    IssuerBase,
    /// The address below which OpenID Connect discovery is found.
    IssuerUrl,
    /// The file that holds the identity provider's SAML metadata.
    MetadataFile,
    /// Address of the identity provider's SAML metadata.
    MetadataUrl,
    /// The identity provider's SAML metadata itself.
    MetadataXml,
    /// The name that people see.
    Name,
    /// What is like nothing else here.
    Other,
    /// One organization's word over a switch of the whole installation.
    Override,
    /// Proof Key for Code Exchange (RFC 7636).
    Pkce,
    /// The form helper that was chosen for the kind of identity provider.
    Preset,
    /// Which protocol the provider speaks.
    Protocol,
    /// The list of providers.
    Providers,
    /// Which identity provider pushes accounts over SCIM.
    ScimIdp,
    /// How a provider is chosen for a user.
    SelectionMode,
    /// The service provider's entity id: the application's own.
    SpEntityId,
    /// The identity provider's single sign-on endpoint.
    SsoUrl,
    /// Client authentication at the token endpoint (OpenID Connect Core section 9).
    TokenAuthMethod,
    /// The token endpoint (RFC 6749 section 3.2).
    TokenEndpoint,
    /// The rank of a provider.
    Weight,
}

/// The kind of value that a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// True or false.
    Boolean,
    /// An X.509 certificate.
    Certificate,
    /// One of a few words.
    Choice,
    /// A DNS domain.
    Domain,
    /// A name that must match another side's exactly.
    Identifier,
    /// A whole number.
    Integer,
    /// A name for people.
    Label,
    /// A list.
    List,
    /// A map.
    Map,
    /// An absolute URL.
    Url,
}

impl Kind {
    /// Whether text is meant.
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Boolean | Self::Integer | Self::List | Self::Map)
    }
}

/// One setting as it was found.
#[derive(Clone, Debug)]
pub struct Setting<'t> {
    /// What it means.
    pub card: &'static SettingCard,
    /// The way to the map in which it stands, or would stand.
    pub parent: Arc<KeyPath>,
    /// Key and value, where they are written.
    pub entry: Option<(NodeRef<'t>, NodeRef<'t>)>,
    /// What is there.
    pub state: State<'t>,
    /// The text in which it stands, where that is not the configuration itself.
    pub source: Option<&'t Arc<Source>>,
}

/// What is there, as far as it can be judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State<'t> {
    /// Not written.
    Absent,
    /// Written without a value, or with blank text.
    Empty,
    /// Not written, but a key beside it plainly means it; the entry is that one.
    Misspelt,
    /// A value of another kind than text.
    Other,
    /// A hint that somebody forgot to replace.
    Placeholder(Placeholder),
    /// Text that can be judged. Names reserved for documentation are here too.
    Text(&'t str),
    /// Present, but filled in by something that runs later.
    Unknown,
}

impl<'t> Setting<'t> {
    /// A setting in the state in which the entry leaves it.
    pub fn new(
        card: &'static SettingCard,
        parent: &Arc<KeyPath>,
        entry: Option<(NodeRef<'t>, NodeRef<'t>)>,
    ) -> Self {
        let parent = Arc::clone(parent);
        let state = entry.map_or(State::Absent, |(_, value)| state(card, value));
        Self { card, parent, entry, state, source: None }
    }

    /// A setting that is written under a key which the application does not know.
    pub fn misspelt(
        card: &'static SettingCard,
        parent: &Arc<KeyPath>,
        entry: (NodeRef<'t>, NodeRef<'t>),
    ) -> Self {
        let parent = Arc::clone(parent);
        Self { card, parent, entry: Some(entry), state: State::Misspelt, source: None }
    }

    /// The way to the value, also where it is absent.
    pub fn path(&self) -> KeyPath {
        self.parent.key(&self.card.key)
    }

    /// Whether the setting stands, or would stand, at a path.
    pub fn is_at(&self, path: &KeyPath) -> bool {
        matches!(path.0.split_last(), Some((Step::Key(key), parent))
            if *key == self.card.key && *parent == *self.parent.0)
    }

    /// Whether the key is there with something under it.
    pub fn is_present(&self) -> bool {
        !matches!(self.state, State::Absent | State::Empty)
    }

    /// The value's node.
    pub fn value(&self) -> Option<NodeRef<'t>> {
        self.entry.map(|(_, value)| value)
    }

    /// The value's node, where the application reads it.
    pub fn read_value(&self) -> Option<NodeRef<'t>> {
        self.value().filter(|_| self.state != State::Misspelt)
    }

    /// Where the value stands.
    pub fn span(&self) -> Option<Span> {
        self.value().map(NodeRef::span)
    }

    /// The honest text.
    pub fn text(&self) -> Option<&'t str> {
        match self.state {
            State::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text as written, honest or not.
    pub fn written_text(&self) -> Option<&'t str> {
        let scalar = self.read_value()?.scalar()?;
        (scalar.kind == tree::Kind::Text).then_some(scalar.text.as_str())
    }

    /// The truth value, where it is one.
    pub fn boolean(&self) -> Option<bool> {
        match self.read_value()?.scalar()?.kind {
            tree::Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The whole number, where it is one that can be compared.
    pub fn integer(&self) -> Option<i128> {
        match &self.read_value()?.scalar()?.kind {
            tree::Kind::Int(digits) => digits.parse().ok(),
            _ => None,
        }
    }
}

fn state<'t>(card: &SettingCard, value: NodeRef<'t>) -> State<'t> {
    if is_unknown(value) {
        return State::Unknown;
    }
    let Some(scalar) = value.scalar() else { return State::Other };
    match scalar.kind {
        tree::Kind::Null => State::Empty,
        tree::Kind::Text if scalar.text.trim().is_empty() => State::Empty,
        tree::Kind::Text => match placeholder(card, &scalar.text) {
            Some(found @ Placeholder::Hint(_)) => State::Placeholder(found),
            Some(Placeholder::ReservedName) | None => State::Text(&scalar.text),
        },
        _ => State::Other,
    }
}
