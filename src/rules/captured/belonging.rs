//! Which provider of a configuration a saved document belongs to.

use std::sync::Arc;

use crate::deployment::Saved;
use crate::exports::Export;
use crate::model::{Protocol, Provider, Role};
use crate::oidc;
use crate::oidc::discovery::Discovery;
use crate::rules::Subject;
use crate::rules::captured::differences::{distance, is_near};
use crate::rules::urls::parts;
use crate::saml::metadata::{self, Entity, IdpRole, Metadata};
use crate::source::Source;

/// An identity provider's entity in saved metadata, and the provider of the configuration that it is.
pub(in crate::rules) struct Described<'s> {
    pub(in crate::rules) source: &'s Arc<Source>,
    pub(in crate::rules) entity: &'s Entity,
    pub(in crate::rules) role: &'s IdpRole,
    /// None where there is no configuration.
    pub(in crate::rules) provider: Option<&'s Provider<'s>>,
}

/// What an identity provider has on record of the application, and the provider of the configuration
/// that it is.
pub(in crate::rules) struct Registered<'s> {
    pub(in crate::rules) source: &'s Arc<Source>,
    pub(in crate::rules) export: &'s Export,
    pub(in crate::rules) protocol: Protocol,
    /// None where there is no configuration.
    pub(in crate::rules) provider: Option<&'s Provider<'s>>,
    /// The application's id for the provider.
    pub(in crate::rules) id: Option<&'s str>,
}

/// The identity providers in saved metadata that providers of the configuration are.
pub(in crate::rules) fn described<'s>(cx: &'s Subject<'s>) -> Vec<Described<'s>> {
    let mut found = Vec::new();
    for saved in &cx.deployment.captured.metadata {
        let Some(metadata) = saved.document() else { continue };
        if cx.is_without_configuration() {
            found.extend(entity(saved, metadata, None));
        }
        let providers = of_metadata(cx, saved, metadata).into_iter();
        found.extend(providers.filter_map(|provider| entity(saved, metadata, Some(provider))));
    }
    found
}

fn entity<'s, E>(
    saved: &'s Saved<Metadata, E>,
    metadata: &'s Metadata,
    provider: Option<&'s Provider<'s>>,
) -> Option<Described<'s>> {
    let all: Vec<&Entity> = metadata.identity_providers().collect();
    let wanted = provider.and_then(|provider| provider.text(Role::EntityId));
    let named = wanted.and_then(|wanted| {
        let exact = all.iter().find(|entity| entity.entity_id.value == wanted);
        exact.or_else(|| all.iter().find(|entity| is_near(wanted, &entity.entity_id.value)))
    });
    let only = if all.len() == 1 { all.first() } else { None };
    let entity = named.or(only).copied()?;
    let role = entity.idp.as_deref()?;
    Some(Described { source: &saved.source, entity, role, provider })
}

/// The providers that metadata belongs to: by entity id, else the only one.
pub(in crate::rules) fn of_metadata<'s>(
    cx: &'s Subject<'s>,
    saved: &Saved<Metadata, metadata::Unreadable>,
    metadata: &Metadata,
) -> Vec<&'s Provider<'s>> {
    let ids: Vec<&str> =
        metadata.identity_providers().map(|one| one.entity_id.value.as_str()).collect();
    let fits = |provider: &Provider<'_>, same: fn(&str, &str) -> bool| {
        provider.text(Role::EntityId).is_some_and(|own| ids.iter().any(|id| same(own, id)))
    };
    chosen(
        cx,
        Protocol::Saml,
        saved.provider.as_deref(),
        |provider| fits(provider, |a, b| a == b),
        |provider| fits(provider, is_near),
    )
}

/// The providers that a discovery document belongs to: by issuer, else the only one.
pub(in crate::rules) fn of_discovery<'s>(
    cx: &'s Subject<'s>,
    saved: &Saved<Discovery, oidc::Unreadable>,
    discovery: &Discovery,
) -> Vec<&'s Provider<'s>> {
    let issuer = discovery.issuer.as_ref().map_or("", |issuer| issuer.value.as_str());
    let own = |provider: &Provider<'s>| {
        let url = provider.text(Role::IssuerUrl).or_else(|| provider.text(Role::IssuerBase));
        url.map(without_suffix)
    };
    chosen(
        cx,
        Protocol::Oidc,
        saved.provider.as_deref(),
        |provider| own(provider) == Some(issuer),
        |provider| own(provider).is_some_and(|own| is_near(own, issuer)),
    )
}

/// The provider that somebody named; else those that fit; else those that nearly fit; else the only
/// one of the protocol.
fn chosen<'s>(
    cx: &'s Subject<'s>,
    protocol: Protocol,
    fetched_for: Option<&str>,
    fits: impl Fn(&Provider<'s>) -> bool,
    nearly: impl Fn(&Provider<'s>) -> bool,
) -> Vec<&'s Provider<'s>> {
    let providers = cx.config.providers.iter();
    let all: Vec<&Provider<'s>> =
        providers.filter(|provider| provider.protocol == Some(protocol)).collect();
    if let Some(id) = fetched_for.or(cx.deployment.captured.provider.as_deref()) {
        return all.into_iter().filter(|provider| is_named(provider, id)).collect();
    }
    let exact: Vec<_> = all.iter().copied().filter(|provider| fits(provider)).collect();
    if !exact.is_empty() {
        return exact;
    }
    let near: Vec<_> = all.iter().copied().filter(|provider| nearly(provider)).collect();
    match (near.is_empty(), all.len()) {
        (false, _) => near,
        (true, 1) => all,
        _ => Vec::new(),
    }
}

/// An issuer's address without the end under which discovery is found.
pub(in crate::rules) fn without_suffix(url: &str) -> &str {
    url.split_once("/.well-known/").map_or(url, |(base, _)| base)
}

/// What identity providers have on record of the application.
pub(in crate::rules) fn registered<'s>(cx: &'s Subject<'s>) -> Vec<Registered<'s>> {
    let mut found = Vec::new();
    for saved in &cx.deployment.captured.exports {
        let Some(exports) = saved.document() else { continue };
        if cx.is_without_configuration() {
            found.extend(alone(cx, exports).into_iter().filter_map(|export| {
                let (protocol, provider) = (export.protocol?, None);
                let id = cx.deployment.captured.provider.as_deref();
                Some(Registered { source: &saved.source, export, protocol, provider, id })
            }));
        }
        for provider in &cx.config.providers {
            let Some(protocol) = provider.protocol else { continue };
            let Some(export) = of_provider(cx, provider, protocol, exports) else { continue };
            let (provider, id) = (Some(provider), provider.text(Role::Id));
            found.push(Registered { source: &saved.source, export, protocol, provider, id });
        }
    }
    found
}

/// Whether a provider is the one of a name.
fn is_named(provider: &Provider<'_>, name: &str) -> bool {
    self::name(provider) == Some(name)
}

/// A provider's id, or where it has none what people call it.
fn name<'p>(provider: &Provider<'p>) -> Option<&'p str> {
    provider.label().or_else(|| provider.text(Role::Name))
}

/// The names by which the providers of a configuration can be chosen.
pub fn provider_names<'s>(cx: &Subject<'s>) -> Vec<&'s str> {
    cx.config.providers.iter().filter_map(name).collect()
}

/// Of applications on record, the one that a provider of the configuration is.
fn of_provider<'s>(
    cx: &Subject<'_>,
    provider: &Provider<'_>,
    protocol: Protocol,
    exports: &'s [Export],
) -> Option<&'s Export> {
    let given = cx.deployment.captured.provider.as_deref();
    if given.is_some_and(|given| !is_named(provider, given)) {
        return None;
    }
    let speaks = |export: &&Export| export.protocol.is_none_or(|own| own == protocol);
    let all: Vec<&Export> = exports.iter().filter(speaks).filter(|one| !is_built_in(one)).collect();
    let client = provider.text(Role::ClientId).filter(|_| protocol == Protocol::Oidc);
    if let Some(client) = client {
        let own =
            |export: &&&Export| export.client_id.as_ref().is_some_and(|id| id.value == client);
        if let Some(found) = all.iter().find(own) {
            return Some(found);
        }
    }
    // Another client id is another application, unless somebody says otherwise.
    let is_other = |export: &Export| client.is_some() && export.client_id.is_some();
    let rest: Vec<&Export> =
        all.into_iter().filter(|export| given.is_some() || !is_other(export)).collect();
    let id = provider.text(Role::Id).unwrap_or_default();
    let own_name = provider.text(Role::SpEntityId);
    by_address(cx, protocol, id, own_name, &rest).or_else(|| {
        let peers = cx.config.providers.iter().filter(|peer| peer.protocol == Some(protocol));
        let is_only = given.is_some() || peers.count() == 1;
        match rest.as_slice() {
            [only] if is_only => Some(*only),
            _ => None,
        }
    })
}

/// The application whose entity id or callback is that of the configuration, or nearly.
fn by_address<'s>(
    cx: &Subject<'_>,
    protocol: Protocol,
    id: &str,
    own_name: Option<&str>,
    exports: &[&'s Export],
) -> Option<&'s Export> {
    let base = cx.base_url();
    let callback = base.and_then(|base| cx.app.callback(protocol, Some(base), id));
    let template = || cx.app.saml_entity_id(Some(base?), id);
    let entity_id = own_name.map(str::to_owned).or_else(template);
    let entity_id = entity_id.filter(|_| protocol == Protocol::Saml);
    let far = |export: &Export| {
        let names = export.entity_ids.iter().map(|one| (&entity_id, one.value.as_str()));
        let names = names.filter_map(|(own, other)| Some(distance(own.as_deref()?, other)));
        let urls = export.callbacks.iter().filter_map(|one| {
            let callback = callback.as_deref()?;
            let admits = one.admits(callback);
            Some(if admits { ADMITTED } else { distance(callback, &one.url.value) })
        });
        names.chain(urls).min()
    };
    let mut near: Vec<(u8, &Export)> =
        exports.iter().filter_map(|export| Some((far(export)?, *export))).collect();
    near.retain(|(far, _)| *far < FAR);
    near.sort_by_key(|(far, _)| *far);
    match near.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, export), ..] => Some(export),
        [] => None,
    }
}

/// Applications on record that are judged without a configuration.
fn alone<'s>(cx: &Subject<'_>, exports: &'s [Export]) -> Vec<&'s Export> {
    let all: Vec<&Export> = exports.iter().filter(|export| !is_built_in(export)).collect();
    if all.len() < 2 {
        return all;
    }
    if let Some(id) = cx.deployment.captured.provider.as_deref() {
        let protocols = [Protocol::Oidc, Protocol::Saml].into_iter();
        return protocols
            .filter_map(|protocol| {
                let speaks = |export: &&&Export| export.protocol == Some(protocol);
                let own: Vec<&Export> = all.iter().filter(speaks).copied().collect();
                by_address(cx, protocol, id, None, &own)
            })
            .collect();
    }
    let host = cx.base_url().and_then(parts).map(|parts| parts.host);
    let is_own = |export: &&Export| {
        let mut callbacks = export.callbacks.iter();
        callbacks.any(|callback| {
            let own = parts(&callback.url.value).map(|parts| parts.host);
            own.zip(host).is_some_and(|(own, host)| own.eq_ignore_ascii_case(host))
        })
    };
    all.into_iter().filter(is_own).collect()
}

/// Whether it is a client that every realm of Keycloak has.
fn is_built_in(export: &Export) -> bool {
    let id = export.client_id.as_ref().map_or("", |id| id.value.as_str());
    export.idp.id == "keycloak" && (BUILT_IN.contains(&id) || id.ends_with("-realm"))
}

/// Saved documents that belong to no provider of the configuration, by name.
pub fn unmatched<'s>(cx: &'s Subject<'s>) -> Vec<&'s str> {
    let captured = &cx.deployment.captured;
    let mut found = Vec::new();
    if cx.config.providers.is_empty() {
        return found;
    }
    for saved in &captured.metadata {
        let Some(metadata) = saved.document() else { continue };
        let is_of_idp = metadata.identity_providers().next().is_some();
        if is_of_idp && of_metadata(cx, saved, metadata).is_empty() {
            found.push(saved.source.name());
        }
    }
    for saved in &captured.discoveries {
        if saved.document().is_some_and(|discovery| of_discovery(cx, saved, discovery).is_empty()) {
            found.push(saved.source.name());
        }
    }
    let registered = registered(cx);
    for saved in captured.exports.iter().filter(|saved| saved.document().is_some()) {
        if !registered.iter().any(|one| Arc::ptr_eq(one.source, &saved.source)) {
            found.push(saved.source.name());
        }
    }
    found
}

/// Addresses that far apart have another host or another path.
const FAR: u8 = 4;
/// How far an address is from a pattern that admits it.
const ADMITTED: u8 = 1;
/// Clients that every realm has (Keycloak's server administration guide).
const BUILT_IN: [&str; 6] = [
    "account",
    "account-console",
    "admin-cli",
    "broker",
    "realm-management",
    "security-admin-console",
];
