//! An application as Auth0's Management API gives it, and the *Settings* of its SAML2 add-on.

use crate::exports::at::At;
use crate::exports::callback::{Callback, Use};
use crate::exports::groups::GroupClaim;
use crate::exports::{Attribute, Carrier, Export, Signs};
use crate::model::Protocol;

/// Whether an object is an application.
pub(super) fn fits(at: &At<'_>) -> bool {
    at.get("client_id").is_some_and(|id| id.text().is_some())
        && TELLING.iter().any(|key| at.get(key).is_some())
}

/// What an application says.
pub(super) fn read(at: &At<'_>) -> Export {
    let text = |key: &str| at.get(key)?.text();
    let addon = at.find(&["addons", "samlp"]).filter(At::is_map);
    let used_as = if addon.is_some() { Use::AssertionConsumer } else { Use::Redirect };
    let callbacks = at.get("callbacks").map(|urls| urls.texts()).unwrap_or_default();
    let mut export = Export {
        name: text("name"),
        protocol: Some(if addon.is_some() { Protocol::Saml } else { Protocol::Oidc }),
        client_id: text("client_id"),
        callbacks: callbacks.into_iter().map(|url| Callback::host_pattern(url, used_as)).collect(),
        token_auth_method: text("token_endpoint_auth_method"),
        ..Export::new(at)
    };
    if let Some(addon) = addon {
        take_settings(&addon.of(at.idp), &mut export);
    }
    export
}

/// Whether an object is what stands under *Settings* of the add-on: known keys and no other.
pub(super) fn fits_settings(at: &At<'_>) -> bool {
    let pairs = at.pairs();
    let is_addon = at.get("samlp").is_some_and(|addon| addon.is_map());
    let is_known = !pairs.is_empty() && pairs.iter().all(|(key, _)| SETTINGS.contains(key));
    is_addon || is_known
}

/// What the settings of the add-on say.
pub(super) fn read_settings(at: &At<'_>) -> Export {
    let settings = at.get("samlp").filter(At::is_map).unwrap_or_else(|| at.clone());
    let settings = settings.of(at.idp);
    let mut export = Export { protocol: Some(Protocol::Saml), ..Export::new(&settings) };
    take_settings(&settings, &mut export);
    export
}

fn take_settings(settings: &At<'_>, export: &mut Export) {
    let text = |key: &str| settings.get(key)?.text();
    let or_default = |key: &str, value: &str| {
        Some(text(key).unwrap_or_else(|| settings.default(key, value.to_owned())))
    };
    export.entity_ids = text("audience").into_iter().collect();
    export.recipients = ["recipient", "destination"].into_iter().filter_map(text).collect();
    // The response is signed in the assertion's place, never beside it.
    let signs_response = settings
        .get("signResponse")
        .and_then(|signs| signs.boolean())
        .unwrap_or_else(|| settings.default("signResponse", false));
    export.signs = Signs {
        response: Some(signs_response.clone()),
        assertion: Some(signs_response.map(|signs| !signs)),
    };
    export.signature_algorithm = or_default("signatureAlgorithm", "rsa-sha1");
    export.digest_algorithm = or_default("digestAlgorithm", "sha1");
    export.name_id_format = or_default("nameIdentifierFormat", UNSPECIFIED);
    export.slo = settings.find(&["logout", "callback"]).iter().filter_map(At::text).collect();
    for (property, value) in settings.get("mappings").iter().flat_map(At::pairs) {
        for name in value.texts() {
            if property == "groups" {
                let name = Some(name.clone());
                export.groups.push(GroupClaim { name, ..GroupClaim::default() });
            }
            let sources = vec![value.stated(property.to_owned())];
            let carrier = Carrier::Assertion;
            export.attributes.push(Attribute { name, format: None, sources, carrier });
        }
    }
}

/// Keys of which an application has at least one beside its id.
const TELLING: [&str; 7] = [
    "addons",
    "app_type",
    "callbacks",
    "is_first_party",
    "jwt_configuration",
    "oidc_conformant",
    "tenant",
];

/// Keys that the add-on's settings may have.
const SETTINGS: [&str; 23] = [
    "audience",
    "authnContextClassRef",
    "binding",
    "createUpnClaim",
    "destination",
    "digestAlgorithm",
    "includeAttributeNameFormat",
    "issuer",
    "lifetimeInSeconds",
    "logout",
    "mapIdentities",
    "mapUnknownClaimsAsIs",
    "mappings",
    "nameIdentifierFormat",
    "nameIdentifierProbes",
    "passthroughClaimsWithNoMapping",
    "recipient",
    "relayState",
    "signResponse",
    "signatureAlgorithm",
    "signingCert",
    "subject",
    "typedAttributes",
];

/// The `NameID` format when nobody sets one.
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
