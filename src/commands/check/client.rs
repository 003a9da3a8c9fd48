//! The client that a configuration describes, as far as probes need it.

use secrecy::SecretString;
use url::Url;

use crate::libraries::allauth;
use crate::model::{Protocol, Provider, Role, Setting};
use crate::problem::Place;
use crate::rules::Subject;
use crate::rules::probes::Places;

/// A client of an application. What is not known, or a template, is none.
pub(super) struct Client {
    /// The client id.
    pub(super) id: String,
    /// The client secret.
    pub(super) secret: Option<SecretString>,
    /// The redirect URI that the application names.
    pub(super) redirect_uri: Option<String>,
    /// The scopes that it asks for.
    pub(super) scope: &'static str,
    /// Whether it sends PKCE.
    pub(super) pkce: bool,
    /// How it proves itself, where that is configured.
    pub(super) method: Option<String>,
    /// Whether its library is known, and with it what is not configured.
    pub(super) is_modelled: bool,
    /// Addresses that the configuration names: a secret goes to their origins alone.
    pub(super) named: Vec<Url>,
    /// The authorization endpoint, where the application is told.
    pub(super) authorization_endpoint: Option<Url>,
    /// The token endpoint, where the application is told.
    pub(super) token_endpoint: Option<Url>,
    /// Where findings stand.
    pub(super) places: Places,
}

/// The client of a provider; none where no client id can be read.
pub(super) fn client(subject: &Subject<'_>, provider: &Provider<'_>) -> Option<Client> {
    let id = provider.text(Role::ClientId)?.to_owned();
    let address = |role: Role| provider.text(role).and_then(|text| Url::parse(text).ok());
    let named =
        [Role::IssuerUrl, Role::IssuerBase, Role::AuthorizationEndpoint, Role::TokenEndpoint];
    let is_modelled = subject.app.id == "cvat";
    let pkce = [provider.setting(Role::Pkce), subject.config.setting(Role::Pkce)];
    let pkce = pkce.into_iter().flatten().find(|setting| setting.is_present());
    Some(Client {
        id,
        secret: provider.text(Role::ClientSecret).map(SecretString::from),
        redirect_uri: redirect_uri(subject, provider),
        scope: if is_modelled { allauth::SCOPE } else { "openid" },
        pkce: pkce.and_then(Setting::boolean) == Some(true),
        method: provider.text(Role::TokenAuthMethod).map(str::to_owned),
        is_modelled,
        named: named.into_iter().filter_map(address).collect(),
        authorization_endpoint: address(Role::AuthorizationEndpoint),
        token_endpoint: address(Role::TokenEndpoint),
        places: places(subject, provider, pkce)?,
    })
}

/// The address that the application names in its requests, where all of it is known.
fn redirect_uri(subject: &Subject<'_>, provider: &Provider<'_>) -> Option<String> {
    if let Some(told) = provider.text(Role::Callback) {
        return Some(told.to_owned());
    }
    let id = provider.text(Role::Id)?;
    let uri = subject.app.callback(Protocol::Oidc, Some(subject.base_url()?), id)?;
    Url::parse(&uri).is_ok().then_some(uri)
}

fn places(
    subject: &Subject<'_>,
    provider: &Provider<'_>,
    pkce: Option<&Setting<'_>>,
) -> Option<Places> {
    let place = |setting: Option<&Setting<'_>>| -> Option<Place> {
        setting
            .filter(|setting| setting.entry.is_some())
            .map(|setting| subject.value_place(setting))
    };
    let client_id = place(provider.setting(Role::ClientId))?;
    let or_id = |found: Option<Place>| found.unwrap_or_else(|| client_id.clone());
    Some(Places {
        client_secret: or_id(place(provider.setting(Role::ClientSecret))),
        method: or_id(place(provider.setting(Role::TokenAuthMethod))),
        pkce: or_id(place(pkce)),
        client_id,
    })
}
