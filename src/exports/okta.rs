//! An application as Okta's API gives it.

use crate::exports::at::At;
use crate::exports::callback::{Callback, Use};
use crate::exports::groups::{GroupClaim, GroupFilter, GroupTest};
use crate::exports::stated::Stated;
use crate::exports::{Attribute, Carrier, Export, Signs};
use crate::model::Protocol;

/// Whether an object is an application.
pub(super) fn fits(at: &At<'_>) -> bool {
    let is_text = at.get("signOnMode").is_some_and(|mode| mode.text().is_some());
    is_text
        || SETTINGS.iter().any(|key| at.find(&["settings", key]).is_some_and(|one| one.is_map()))
}

/// What an application says.
pub(super) fn read(at: &At<'_>) -> Export {
    let mode = at.get("signOnMode").and_then(|mode| mode.text()).map(|mode| mode.value);
    let protocol = match mode.as_deref() {
        Some("SAML_2_0") => Some(Protocol::Saml),
        Some("OPENID_CONNECT") => Some(Protocol::Oidc),
        Some(_) => None,
        None if at.find(&["settings", "oauthClient"]).is_some() => Some(Protocol::Oidc),
        None => Some(Protocol::Saml),
    };
    let status = at.get("status").and_then(|status| status.text());
    let mut export = Export {
        name: at.get("label").and_then(|label| label.text()),
        protocol,
        enabled: status.map(|status| status.map(|word| word == "ACTIVE")),
        ..Export::new(at)
    };
    if let Some(sign_on) =
        at.find(&["settings", "signOn"]).filter(|_| protocol == Some(Protocol::Saml))
    {
        take_sign_on(&sign_on, &mut export);
    }
    if protocol == Some(Protocol::Oidc) {
        take_client(at, &mut export);
    }
    export
}

fn take_sign_on(sign_on: &At<'_>, export: &mut Export) {
    let text = |key: &str| sign_on.get(key)?.text();
    let flag = |key: &str| sign_on.get(key)?.boolean();
    // What an integration of the catalogue brings is replaced by what the administrator sets.
    let replaced = |key: &str, by: &str| text(by).or_else(|| text(key));
    let endpoints = sign_on.get("acsEndpoints").iter().flat_map(At::items).collect::<Vec<_>>();
    let more = endpoints.iter().filter_map(|endpoint| endpoint.get("url")?.text());
    let consumers = replaced("ssoAcsUrl", "ssoAcsUrlOverride").into_iter().chain(more);
    export.callbacks = consumers.map(|url| Callback::exact(url, Use::AssertionConsumer)).collect();
    export.entity_ids = replaced("audience", "audienceOverride").into_iter().collect();
    export.recipients =
        [("recipient", "recipientOverride"), ("destination", "destinationOverride")]
            .into_iter()
            .filter_map(|(key, by)| replaced(key, by))
            .collect();
    export.signs = Signs { response: flag("responseSigned"), assertion: flag("assertionSigned") };
    export.signature_algorithm = text("signatureAlgorithm");
    export.digest_algorithm = text("digestAlgorithm");
    export.encrypts_assertions = encryption(sign_on);
    export.demands_signed_requests = flag("samlSignedRequestEnabled");
    export.name_id_format = text("subjectNameIdFormat");
    let slo = sign_on.get("slo").filter(|slo| {
        slo.get("enabled").and_then(|enabled| enabled.boolean()).is_none_or(|on| on.value)
    });
    export.slo = slo.iter().filter_map(|slo| slo.get("logoutUrl")?.text()).collect();
    for key in STATEMENTS {
        for statement in sign_on.get(key).iter().flat_map(At::items) {
            take_statement(&statement, export);
        }
    }
}

/// Whether assertions are encrypted: as a switch, or by naming how.
fn encryption(sign_on: &At<'_>) -> Option<Stated<bool>> {
    let switch = sign_on.find(&["assertionEncryption", "enabled"]).and_then(|on| on.boolean());
    let named = || {
        let algorithm = sign_on.find(&["assertionEncryption", "encryptionAlgorithm"]);
        let algorithm = algorithm.or_else(|| sign_on.get("encryptionAlgorithm"));
        algorithm.and_then(|algorithm| algorithm.text()).map(|one| one.map(|_| true))
    };
    switch.or_else(named)
}

fn take_statement(statement: &At<'_>, export: &mut Export) {
    let text = |key: &str| statement.get(key)?.text();
    let Some(name) = text("name") else { return };
    if text("type").is_some_and(|kind| kind.value == "GROUP") {
        let how = text("filterType").and_then(|word| test(&word.value));
        let filter = how.zip(text("filterValue"));
        let filter = filter.map(|(test, value)| GroupFilter { test, value });
        export.groups.push(GroupClaim {
            name: Some(name.clone()),
            filter,
            ..GroupClaim::default()
        });
    }
    export.attributes.push(Attribute {
        name,
        format: text("namespace"),
        sources: statement.get("values").map(|values| values.texts()).unwrap_or_default(),
        carrier: Carrier::Assertion,
    });
}

fn test(word: &str) -> Option<GroupTest> {
    TESTS.iter().find(|(known, _)| *known == word).map(|&(_, test)| test)
}

fn take_client(at: &At<'_>, export: &mut Export) {
    let credential = |key: &str| at.find(&["credentials", "oauthClient", key]);
    let setting = |key: &str| at.find(&["settings", "oauthClient", key]);
    let wildcard = setting("wildcard_redirect").and_then(|word| word.text());
    let takes_pattern = wildcard.is_some_and(|word| word.value == "SUBDOMAIN");
    let redirects = setting("redirect_uris").map(|uris| uris.texts()).unwrap_or_default();
    export.callbacks = redirects
        .into_iter()
        .map(|url| {
            if takes_pattern {
                Callback::host_pattern(url, Use::Redirect)
            } else {
                Callback::exact(url, Use::Redirect)
            }
        })
        .collect();
    export.client_id = credential("client_id").and_then(|id| id.text());
    export.token_auth_method =
        credential("token_endpoint_auth_method").and_then(|method| method.text());
    let pkce = credential("pkce_required").and_then(|pkce| pkce.boolean());
    export.pkce = pkce.filter(|pkce| pkce.value).map(|pkce| pkce.map(|_| "S256".to_owned()));
}

/// Keys under `settings` that only an application of Okta has.
const SETTINGS: [&str; 2] = ["signOn", "oauthClient"];

/// Keys under which attribute statements stand.
const STATEMENTS: [&str; 2] = ["attributeStatements", "configuredAttributeStatements"];

/// Words of `filterType`.
const TESTS: [(&str, GroupTest); 4] = [
    ("CONTAINS", GroupTest::Contains),
    ("EQUALS", GroupTest::Equals),
    ("REGEX", GroupTest::Regex),
    ("STARTS_WITH", GroupTest::StartsWith),
];
