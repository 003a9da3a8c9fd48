//! A client as Keycloak exports it, alone or in its realm.

use crate::exports::at::At;
use crate::exports::callback::{Callback, Matching, Use};
use crate::exports::groups::GroupClaim;
use crate::exports::stated::Stated;
use crate::exports::{Attribute, Carrier, Export, Signs};
use crate::model::Protocol;

/// Whether an object is a client.
pub(super) fn fits(at: &At<'_>) -> bool {
    at.get("clientId").is_some_and(|id| id.text().is_some())
        && TELLING.iter().any(|key| at.get(key).is_some())
}

/// What a client says.
pub(super) fn read(at: &At<'_>) -> Export {
    let text = |key: &str| at.get(key)?.text();
    let attribute = |key: &str| at.find(&["attributes", key]);
    let flag = |key: &str| attribute(key)?.boolean();
    let word = |key: &str| attribute(key)?.text();
    let protocol = match text("protocol").map(|protocol| protocol.value).as_deref() {
        Some("saml") => Some(Protocol::Saml),
        Some("openid-connect") | None => Some(Protocol::Oidc),
        Some(_) => None,
    };
    let is_saml = protocol == Some(Protocol::Saml);
    let is_public = at.get("publicClient").and_then(|public| public.boolean());
    let mut export = Export {
        name: text("name"),
        protocol,
        enabled: at.get("enabled").and_then(|enabled| enabled.boolean()),
        callbacks: callbacks(at, is_saml),
        client_id: text("clientId").filter(|_| !is_saml),
        entity_ids: text("clientId").filter(|_| is_saml).into_iter().collect(),
        pkce: word("pkce.code.challenge.method"),
        token_auth_method: is_public
            .filter(|public| public.value)
            .map(|public| public.map(|_| "none".to_owned())),
        ..Export::new(at)
    };
    if is_saml {
        export.signs = Signs {
            response: flag("saml.server.signature"),
            assertion: flag("saml.assertion.signature"),
        };
        export.signature_algorithm = word("saml.signature.algorithm");
        export.encrypts_assertions = flag("saml.encrypt");
        export.demands_signed_requests = flag("saml.client.signature");
        export.name_id_format = word("saml_name_id_format");
        export.slo = SLO.iter().filter_map(|key| word(key)).collect();
    }
    for mapper in at.get("protocolMappers").iter().flat_map(At::items) {
        take_mapper(&mapper, is_saml, &mut export);
    }
    export
}

fn callbacks(at: &At<'_>, is_saml: bool) -> Vec<Callback> {
    let root = at.get("rootUrl").and_then(|root| root.text()).map(|root| root.value);
    let redirects = at.get("redirectUris").map(|uris| uris.texts()).unwrap_or_default();
    let mut found: Vec<Callback> =
        redirects.into_iter().map(|uri| redirect(uri, root.as_deref())).collect();
    if is_saml {
        let consumers = ACS.iter().filter_map(|key| at.find(&["attributes", key])?.text());
        let processing = at.get("adminUrl").and_then(|url| url.text());
        let urls = consumers.chain(processing);
        found.extend(urls.map(|url| Callback::exact(url, Use::AssertionConsumer)));
    }
    found
}

/// A redirect URI: one that begins with a slash is continued from the root URL.
fn redirect(uri: Stated<String>, root: Option<&str>) -> Callback {
    let url = match root.filter(|root| !root.contains("${")) {
        Some(root) if uri.value.starts_with('/') => {
            uri.map(|path| format!("{}{path}", root.trim_end_matches('/')))
        }
        _ => uri,
    };
    let is_open = url.value.ends_with('*') && !url.value.contains('?');
    let matching = if is_open { Matching::Prefix } else { Matching::Exact };
    Callback { url, used_as: Use::Redirect, matching }
}

fn take_mapper(mapper: &At<'_>, is_saml: bool, export: &mut Export) {
    let kind = mapper.get("protocolMapper").and_then(|kind| kind.text());
    let Some(kind) = kind.map(|kind| kind.value) else { return };
    let config = |key: &str| mapper.find(&["config", key]);
    let name_key = if is_saml { "attribute.name" } else { "claim.name" };
    let Some(name) = config(name_key).and_then(|name| name.text()) else { return };
    if GROUP_MAPPERS.contains(&kind.as_str()) {
        export.groups.push(GroupClaim {
            name: Some(name.clone()),
            full_path: config("full.path").and_then(|full| full.boolean()),
            single: config("single").and_then(|single| single.boolean()),
            ..GroupClaim::default()
        });
    }
    export.attributes.push(Attribute {
        name,
        format: config("attribute.nameformat").and_then(|format| format.text()),
        sources: config("user.attribute").iter().filter_map(At::text).collect(),
        carrier: if is_saml { Carrier::Assertion } else { Carrier::Token },
    });
}

/// Keys of which a client has at least one beside its id.
const TELLING: [&str; 7] = [
    "attributes",
    "protocol",
    "protocolMappers",
    "publicClient",
    "redirectUris",
    "standardFlowEnabled",
    "webOrigins",
];

/// Attributes with addresses of assertion consumer services.
const ACS: [&str; 2] = ["saml_assertion_consumer_url_post", "saml_assertion_consumer_url_redirect"];

/// Attributes with addresses of single logout services.
const SLO: [&str; 2] =
    ["saml_single_logout_service_url_post", "saml_single_logout_service_url_redirect"];

/// Mappers that send groups.
const GROUP_MAPPERS: [&str; 2] = ["oidc-group-membership-mapper", "saml-group-membership-mapper"];
