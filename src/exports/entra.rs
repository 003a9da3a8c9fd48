//! An application's manifest of Microsoft Entra ID, in the older format and in that of Microsoft
//! Graph, and an enterprise application (service principal) as Microsoft Graph gives it.

use crate::exports::at::At;
use crate::exports::callback::{Callback, Use};
use crate::exports::groups::GroupClaim;
use crate::exports::{Attribute, Carrier, Export};
use crate::model::Protocol;

/// Whether an object is an application.
pub(super) fn fits(at: &At<'_>) -> bool {
    at.get("appId").is_some_and(|id| id.text().is_some())
        && TELLING.iter().any(|key| at.get(key).is_some())
}

/// What an application says.
pub(super) fn read(at: &At<'_>) -> Export {
    let text = |keys: &[&str]| at.find(keys)?.text();
    let texts = |keys: &[&str]| at.find(keys).map(|list| list.texts()).unwrap_or_default();
    let mode = text(&["preferredSingleSignOnMode"]).map(|mode| mode.value);
    let protocol = match mode.as_deref() {
        Some("saml") => Some(Protocol::Saml),
        Some("oidc") => Some(Protocol::Oidc),
        _ => None,
    };
    let mut export = Export {
        name: text(&["displayName"]).or_else(|| text(&["name"])),
        protocol,
        enabled: at.get("accountEnabled").and_then(|enabled| enabled.boolean()),
        client_id: text(&["appId"]),
        callbacks: callbacks(at),
        encrypts_assertions: text(&["tokenEncryptionKeyId"]).map(|key| key.map(|_| true)),
        ..Export::new(at)
    };
    export.entity_ids = ["identifierUris", "servicePrincipalNames"]
        .into_iter()
        .flat_map(|key| texts(&[key]))
        .collect();
    let logout = [text(&["logoutUrl"]), text(&["web", "logoutUrl"])];
    export.slo = logout.into_iter().flatten().collect();
    take_claims(at, &mut export);
    export
}

fn callbacks(at: &At<'_>) -> Vec<Callback> {
    let mut found = Vec::new();
    for (keys, used_as) in LISTS {
        let urls = at.find(keys).map(|list| list.texts()).unwrap_or_default();
        found.extend(urls.into_iter().map(|url| Callback::host_pattern(url, used_as)));
    }
    for reply in at.get("replyUrlsWithType").iter().flat_map(At::items) {
        let kind = reply.get("type").and_then(|kind| kind.text()).map(|kind| kind.value);
        let used_as = match kind.as_deref() {
            Some("Spa") => Use::SinglePage,
            Some("InstalledClient") => Use::Native,
            _ => Use::Redirect,
        };
        let url = reply.get("url").and_then(|url| url.text());
        found.extend(url.map(|url| Callback::host_pattern(url, used_as)));
    }
    found
}

fn take_claims(at: &At<'_>, export: &mut Export) {
    let scope = at.get("groupMembershipClaims").and_then(|scope| scope.text());
    if let Some(scope) = scope.filter(|scope| scope.value != "None") {
        export.groups.push(GroupClaim { scope: Some(scope), ..GroupClaim::default() });
    }
    for (key, carrier) in TOKENS {
        for claim in at.find(&["optionalClaims", key]).iter().flat_map(At::items) {
            let Some(name) = claim.get("name").and_then(|name| name.text()) else { continue };
            let sources = claim.get("additionalProperties").map(|all| all.texts());
            let sources = sources.unwrap_or_default();
            export.attributes.push(Attribute { name, format: None, sources, carrier });
        }
    }
}

/// Keys of which an application has at least one beside its id.
const TELLING: [&str; 8] = [
    "identifierUris",
    "publicClient",
    "replyUrls",
    "replyUrlsWithType",
    "servicePrincipalNames",
    "signInAudience",
    "spa",
    "web",
];

/// Where lists of addresses stand.
const LISTS: [(&[&str], Use); 4] = [
    (&["publicClient", "redirectUris"], Use::Native),
    (&["replyUrls"], Use::Redirect),
    (&["spa", "redirectUris"], Use::SinglePage),
    (&["web", "redirectUris"], Use::Redirect),
];

/// Lists of optional claims, by what carries them.
const TOKENS: [(&str, Carrier); 3] = [
    ("accessToken", Carrier::Token),
    ("idToken", Carrier::Token),
    ("saml2Token", Carrier::Assertion),
];
