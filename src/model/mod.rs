//! What an application was told, in the words of the protocols: settings with their places.

mod environment;
mod near;
mod placeholder;
mod setting;
mod template;

pub use environment::{Environment, Variable};
pub use near::{Nearness, nearest};
pub use placeholder::{Placeholder, is_reserved_host, placeholder};
pub use setting::{Kind, Role, Setting, SettingCard, State};
pub use template::{SECRET_TAGS, is_filled_in_later, is_unknown};

use std::sync::Arc;

use crate::idps::Idp;
use crate::source::{KeyPath, Source, Span};
use crate::syntax::tree::{NodeRef, Origin};

/// A single sign-on protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Lightweight Directory Access Protocol (RFC 4511): logins are checked by a bind.
    Ldap,
    /// OpenID Connect, or plain OAuth 2.0 where an application knows no more.
    Oidc,
    /// SAML 2.0 Web Browser SSO.
    Saml,
    /// System for Cross-domain Identity Management (RFC 7644): accounts are pushed.
    Scim,
}

impl Protocol {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ldap => "LDAP",
            Self::Oidc => "OIDC",
            Self::Saml => "SAML",
            Self::Scim => "SCIM",
        }
    }

    /// The word on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ldap => "ldap",
            Self::Oidc => "oidc",
            Self::Saml => "saml",
            Self::Scim => "scim",
        }
    }

    /// The protocol of a word on the command line.
    pub fn by_id(id: &str) -> Option<Self> {
        [Self::Ldap, Self::Oidc, Self::Saml, Self::Scim].into_iter().find(|one| one.id() == id)
    }
}

/// Everything one deployment of an application was told.
#[derive(Debug, Default)]
pub struct Config<'t> {
    /// The document's root, where there is a document.
    pub root: Option<NodeRef<'t>>,
    /// The settings that hold for all providers.
    pub settings: Vec<Setting<'t>>,
    /// The identity providers, in the order of the text.
    pub providers: Vec<Provider<'t>>,
    /// Variables of the process, where a file that sets them was read.
    pub environment: Environment,
    /// The application's own address, where its configuration says it.
    pub base_url: Option<String>,
}

impl<'t> Config<'t> {
    /// A setting that holds for all providers.
    pub fn setting(&self, role: Role) -> Option<&Setting<'t>> {
        self.settings.iter().find(|setting| setting.card.role == role)
    }

    /// Whether single sign-on is plainly switched off, so that the rest is not in force.
    pub fn is_switched_off(&self) -> bool {
        self.setting(Role::Enabled).is_some_and(|setting| setting.boolean() == Some(false))
    }
}

/// One identity provider as the application was told of it.
#[derive(Debug)]
pub struct Provider<'t> {
    /// The map that describes it; none where its settings are scattered over several texts.
    pub node: Option<NodeRef<'t>>,
    /// The way to that map.
    pub path: Arc<KeyPath>,
    /// Which identity provider its addresses give away.
    pub idp: &'static Idp,
    /// What it speaks; none where that cannot be told.
    pub protocol: Option<Protocol>,
    /// Its settings: one for each key that the application knows, absent ones included.
    pub settings: Vec<Setting<'t>>,
    /// Which account field is filled from which attribute; absent fields included.
    pub mapping: Vec<Setting<'t>>,
}

impl<'t> Provider<'t> {
    /// A setting of this provider.
    pub fn setting(&self, role: Role) -> Option<&Setting<'t>> {
        self.settings.iter().find(|setting| setting.card.role == role)
    }

    /// The honest text of a setting: none where it is absent, unknown, a placeholder or no text.
    pub fn text(&self, role: Role) -> Option<&'t str> {
        self.setting(role)?.text()
    }

    /// Whether a setting is written at all, whatever its value.
    pub fn has(&self, role: Role) -> bool {
        self.setting(role).is_some_and(Setting::is_present)
    }

    /// Where something that is missing would stand: at the first key.
    pub fn anchor(&self) -> Span {
        let Some(node) = self.node else { return self.first_key() };
        let own = node.entries().into_iter().flatten().filter(|entry| entry.origin == Origin::Own);
        let keys = own.map(|entry| node.tree.node(entry.key).span);
        keys.min().unwrap_or(node.span())
    }

    /// The key of the first setting that is written.
    fn first_key(&self) -> Span {
        let keys = self.settings.iter().filter_map(|setting| setting.entry);
        keys.map(|(key, _)| key.span()).next().unwrap_or_default()
    }

    /// The text in which its first setting stands, where that is not the configuration itself.
    pub fn source(&self) -> Option<&'t Arc<Source>> {
        let written = self.settings.iter().find(|setting| setting.entry.is_some());
        written.and_then(|setting| setting.source)
    }

    /// The field of the account that is filled under this name.
    pub fn mapped(&self, field: &str) -> Option<&Setting<'t>> {
        self.mapping.iter().find(|setting| setting.card.key == field)
    }

    /// What people call this provider: its id, or its name where it has none.
    pub fn label(&self) -> Option<&'t str> {
        self.setting(Role::Id).or_else(|| self.setting(Role::Name))?.written_text()
    }
}
