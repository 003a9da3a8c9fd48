//! What ClearML's server knows by name: its providers, and the keys below them.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::SettingCard;

/// What a key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Which e-mail addresses may sign in.
    EmailFilters,
    /// The users that the server itself knows, where LDAP is switched on.
    FixedUsers,
    /// The directory.
    Ldap,
    /// A provider that speaks OAuth 2.0 or OpenID Connect.
    Oauth,
    /// A provider that speaks SAML.
    Saml,
    /// All of single sign-on.
    Sso,
}

/// A key that the server reads.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyCard {
    /// What it belongs to.
    pub families: Vec<Family>,
    /// The section that it is read from.
    pub root: String,
    /// Providers that do not work without it: `*` for all, `!google` for all but one.
    #[serde(default)]
    needed: Vec<String>,
    /// What holds where it is absent.
    pub default: Option<String>,
    /// What it means.
    pub card: SettingCard,
}

/// A provider that the server has code for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderCard {
    /// Its name in paths and in the callback.
    pub key: String,
    /// What it speaks.
    pub family: Family,
    /// The identity provider that it is for.
    pub idp: String,
    /// Where this is known from.
    pub source: String,
}

/// The place of a path among what the server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The first part of the path.
    pub root: String,
    /// What the path belongs to.
    pub family: Family,
    /// The provider, where it belongs to one.
    pub provider: Option<String>,
    /// What follows.
    pub rest: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    #[serde(rename = "provider")]
    providers: Vec<ProviderCard>,
    #[serde(rename = "key")]
    keys: Vec<KeyCard>,
}

impl Family {
    /// The word in paths.
    pub fn word(self) -> &'static str {
        match self {
            Self::EmailFilters => "email_filters",
            Self::FixedUsers => "fixed_users",
            Self::Ldap => "ldap",
            Self::Oauth => "oauth_client",
            Self::Saml => "saml_client",
            Self::Sso => "sso",
        }
    }
}

impl KeyCard {
    /// Whether a provider does not work without it.
    pub fn is_needed(&self, provider: &str) -> bool {
        self.needed.iter().any(|who| match who.strip_prefix('!') {
            Some(not) => not != provider,
            None => who == "*" || who == provider,
        })
    }
}

impl Spot {
    /// The place of a path; none where it has nothing to do with single sign-on.
    pub fn of(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('.').collect();
        let spot = |family, provider: Option<&str>, rest: &[&str]| {
            (!rest.is_empty()).then(|| Self {
                root: parts[0].to_owned(),
                family,
                provider: provider.map(str::to_owned),
                rest: rest.join("."),
            })
        };
        match parts.as_slice() {
            [_, "login", "sso", "oauth_client", provider, rest @ ..] if !rest.is_empty() => {
                spot(Family::Oauth, Some(provider), rest)
            }
            [_, "login", "sso", "saml_client", provider, rest @ ..] if !rest.is_empty() => {
                spot(Family::Saml, Some(provider), rest)
            }
            [_, "login", "sso", rest @ ..] => spot(Family::Sso, None, rest),
            [_, "login", "email_filters", rest @ ..] => spot(Family::EmailFilters, None, rest),
            ["apiserver", "auth", "fixed_users", rest @ ..] => spot(Family::FixedUsers, None, rest),
            ["apiserver", "auth", "fixed_user_providers", "ldap", rest @ ..]
            | ["secure", "fixed_user_providers", "ldap", rest @ ..] => {
                spot(Family::Ldap, None, rest)
            }
            _ => None,
        }
    }

    /// The key that stands here.
    pub fn card(&self) -> Option<&'static KeyCard> {
        of(self.family).find(|key| key.card.key == self.rest)
    }

    /// Whether any name may stand here.
    pub fn is_open(&self) -> bool {
        match self.family {
            Family::FixedUsers => true,
            Family::Ldap => self.rest.starts_with("attributes."),
            _ => false,
        }
    }

    /// The way to what the key belongs to, under a section.
    pub fn base(&self, root: &str) -> String {
        match (self.family, root) {
            (Family::Ldap, "secure") => "secure.fixed_user_providers.ldap".to_owned(),
            (Family::Ldap, _) => "apiserver.auth.fixed_user_providers.ldap".to_owned(),
            (Family::FixedUsers, _) => "apiserver.auth.fixed_users".to_owned(),
            (Family::EmailFilters, root) => format!("{root}.login.email_filters"),
            (Family::Sso, root) => format!("{root}.login.sso"),
            (family, root) => {
                let provider = self.provider.as_deref().unwrap_or_default();
                format!("{root}.login.sso.{}.{provider}", family.word())
            }
        }
    }

    /// The whole path under a section.
    pub fn path(&self, root: &str) -> String {
        format!("{}.{}", self.base(root), self.rest)
    }
}

/// The keys of a family.
pub fn of(family: Family) -> impl Iterator<Item = &'static KeyCard> {
    DATA.keys.iter().filter(move |key| key.families.contains(&family))
}

/// The providers.
pub fn providers() -> &'static [ProviderCard] {
    &DATA.providers
}

/// The provider of a name.
pub fn provider(key: &str) -> Option<&'static ProviderCard> {
    DATA.providers.iter().find(|provider| provider.key == key)
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    toml::from_str(include_str!("../clearml-keys.toml"))
        .unwrap_or_else(|error| panic!("bug: keys of ClearML: {error}"))
});

#[cfg(test)]
mod tests {
    use super::{DATA, Family, Spot, of};

    #[test]
    fn every_fact_has_a_source_and_every_provider_an_identity_provider() {
        assert!(DATA.keys.iter().all(|key| !key.card.source.is_empty()));
        for provider in &DATA.providers {
            assert!(!provider.source.is_empty());
            assert!(crate::idps::by_id(&provider.idp).is_some(), "{}", provider.idp);
        }
    }

    #[test]
    fn google_alone_needs_no_endpoints() {
        let endpoint = of(Family::Oauth).find(|key| key.card.key == "authorize_url");
        let endpoint = endpoint.expect("a key of the table");
        assert!(endpoint.is_needed("okta") && !endpoint.is_needed("google"));
    }

    #[test]
    fn paths_outside_of_single_sign_on_have_no_place() {
        assert_eq!(Spot::of("apiserver.auth.cookies.secure"), None);
        assert_eq!(Spot::of("secure.login.sso"), None);
        let spot = Spot::of("services.login.sso.saml_client.duo.claims.name").expect("a place");
        assert_eq!((spot.provider.as_deref(), spot.rest.as_str()), (Some("duo"), "claims.name"));
    }
}
