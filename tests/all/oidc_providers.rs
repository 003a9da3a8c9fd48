//! Look-alikes of the providers in use: a sound configuration passes with each, and the pastes that
//! are known to go wrong lead to the right issuer.

use std::path::Path;

use serde_json::{Value, json};
use ssoctl::oidc::candidates::candidates;
use tempfile::TempDir;

use crate::run::{Run, ssoctl, write};

/// A provider as CVAT is told of it: folder, `server_url`, client id, further lines.
type Provider = (&'static str, &'static str, &'static str, &'static str);

const TENANT: &str = "2f1c7d9e-0a4b-4c6d-8e2f-9a41b3c5d7e9";

const PROVIDERS: [Provider; 15] = [
    (
        "entra",
        "https://login.microsoftonline.com/2f1c7d9e-0a4b-4c6d-8e2f-9a41b3c5d7e9/v2.0",
        "7d1e9c40-52ab-4f86-9b3d-08e6c5a2f714",
        "",
    ),
    ("okta-org", "https://acme.okta.com", "0oa1b2c3d4e5f6g7h8i9", ""),
    ("okta-custom", "https://acme.okta.com/oauth2/default", "0oa1b2c3d4e5f6g7h8i9", ""),
    ("auth0", "https://acme.eu.auth0.com", "kT5wQ8zR2nV7xB4mL9cJ3hF6sD1gP0yA", ""),
    ("keycloak", "https://sso.acme.test/realms/staff", "cvat", ""),
    (
        "google",
        "https://accounts.google.com",
        "482913570624-k3v9q1x7m5n2b8c4z6l0j7h5g3f1d9s8.apps.googleusercontent.com",
        "",
    ),
    ("onelogin", "https://acme.onelogin.com/oidc/2", "cvat-acme", ""),
    (
        "pingone",
        "https://auth.pingone.eu/5e8c1a2b-7d3f-4a96-b0c1-6f2d9e4b8a37/as",
        "c0a4e6d2-9b17-4f53-8e21-7d3a5c9f1b86",
        "",
    ),
    ("pingfederate", "https://ping.acme.test:9031", "cvat", ""),
    ("jumpcloud", "https://oauth.id.jumpcloud.com", "9f2c41d7-6e83-4b05-a1d9-3c7e5f8b2a60", ""),
    ("adfs", "https://fs.acme.test/adfs", "b8d2f6a1-4c79-4e30-95ab-2e1f7c6d3890", ""),
    (
        "cognito",
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab3dEf6hI",
        "5k2m8q1v7x3z9b4n6c0j",
        "",
    ),
    (
        "duo",
        "https://sso-1a2b3c4d.sso.duosecurity.com/oidc/DI7KQ2W9XN4PTB8RZJ5V",
        "DI7KQ2W9XN4PTB8RZJ5V",
        "",
    ),
    (
        "authentik",
        "https://id.acme.test/application/o/cvat",
        "qW8eR5tY2uI9oP4aS7dF1gH6jK3lZ0xC",
        "",
    ),
    ("gitlab", "https://gitlab.acme.test", "8c1d5e9f2a6b3074", ""),
];

/// A document of a provider.
fn document(folder: &str, name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oidc").join(folder).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()))
}

/// A folder with a recording of the provider, which took so long, and a configuration that names
/// it.
fn folder(provider: &Provider, milliseconds: u32) -> TempDir {
    let (name, server_url, client_id, more) = provider;
    let folder = tempfile::tempdir().expect("a folder");
    let discovery = document(name, "openid-configuration.json");
    let keys_at: Value = serde_json::from_str(&discovery).expect("JSON");
    let keys_at = keys_at["jwks_uri"].as_str().expect("an address").to_owned();
    let exchange = |url: &str, body: &str| {
        json!({
            "url": url, "status": 200, "content_type": "application/json", "date": crate::run::NOW,
            "received": crate::run::NOW, "max_age": null, "location": null, "milliseconds": milliseconds,
            "certificate": null, "body": body,
        })
    };
    let discovery_at = format!("{server_url}/.well-known/openid-configuration");
    let exchanges = [exchange(&discovery_at, "discovery"), exchange(&keys_at, "keys")];
    let index = json!({ "version": 1, "at": crate::run::NOW, "exchanges": exchanges });
    let file = |name: &str, text: &str| write(&folder.path().join(name), text.as_bytes(), 0o600);
    file("index.json", &index.to_string());
    file("discovery", &discovery);
    file("keys", &document(name, "keys.json"));
    file(
        "auth_config.yml",
        &format!(
            "sso:\n  enabled: true\n  selection_mode: email_address\n  identity_providers:\n    \
             - id: staff\n      name: Staff\n      protocol: OIDC\n      \
             server_url: {server_url}\n      client_id: {client_id}\n      \
             client_secret: \"Zq8Hn2~Lr5Tk9Vw3Xy7Bc1Df4\"\n      email_domain: acme.test\n{more}"
        ),
    );
    folder
}

/// Both documents are replayed for the configuration, or for an issuer that is typed.
fn checked(provider: &Provider, typed: Option<&str>) -> Run {
    let folder = folder(provider, 40);
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let config = path("auth_config.yml");
    let target = typed.unwrap_or(&config);
    ssoctl(&["check", "--format", "json", "--replay", &path(""), target])
}

/// Whether the document and the keys were there.
fn is_seen(run: &Run) -> bool {
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let seen = report["view"]["seen"].as_array().expect("a list").clone();
    ["discovery", "keys"]
        .iter()
        .all(|what| seen.iter().any(|one| one["what"] == *what && one["ok"] == true))
}

/// Codes and messages of errors and warnings.
fn grave(run: &Run) -> Vec<String> {
    let report: Value = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|_| panic!("{} {}", run.stdout, run.stderr));
    let findings = report["findings"].as_array().expect("a list").iter();
    let grave = findings.filter(|one| one["severity"] != "info");
    grave.map(|one| format!("{} {} {}", one["severity"], one["code"], one["message"])).collect()
}

#[test]
fn a_sound_configuration_is_silent_with_every_provider() {
    let mut faults = Vec::new();
    for provider in &PROVIDERS {
        for typed in [None, Some(provider.1)] {
            let run = checked(provider, typed);
            let found = grave(&run);
            if run.code != 0 || !found.is_empty() || !is_seen(&run) {
                faults.push(format!("{} {typed:?}: {} {found:#?}", provider.0, run.code));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn usual_pastes_lead_to_the_issuer_of_every_provider() {
    let entra = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
    let of_entra = [
        TENANT.to_owned(),
        format!("https://{TENANT}/v2.0/"),
        format!("{entra}/"),
        format!("https://login.microsoftonline.com/{TENANT}"),
        format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/authorize"),
        format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token?x=1"),
        format!(
            "https://login.microsoftonline.com/{TENANT}/federationmetadata/2007-06/federationmetadata.xml"
        ),
        format!("https://sts.windows.net/{TENANT}/"),
    ];
    for given in of_entra {
        leads(&given, &entra);
    }
    for (given, issuer) in PASTES {
        leads(given, issuer);
    }
}

fn leads(given: &str, issuer: &str) {
    let found = candidates(given);
    assert!(found.iter().any(|one| one.issuer == issuer), "{given}: {found:#?}");
}

#[test]
fn a_provider_that_is_slower_than_the_application_waits_is_told() {
    let codes = |milliseconds: u32| {
        let folder = folder(&PROVIDERS[1], milliseconds);
        let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
        let config = path("auth_config.yml");
        grave(&ssoctl(&["check", "--format", "json", "--replay", &path(""), &config]))
    };
    assert_eq!(codes(1900), Vec::<String>::new());
    assert!(codes(2100)[0].starts_with("\"warning\" \"OIDC011\""), "{:?}", codes(2100));
    assert!(codes(5100)[0].starts_with("\"error\" \"OIDC011\""), "{:?}", codes(5100));
}

/// What is pasted in place of an issuer, and the issuer that is meant.
const PASTES: [(&str, &str); 45] = [
    (
        "https://login.microsoftonline.us/2f1c7d9e-0a4b-4c6d-8e2f-9a41b3c5d7e9",
        "https://login.microsoftonline.us/2f1c7d9e-0a4b-4c6d-8e2f-9a41b3c5d7e9/v2.0",
    ),
    (
        "https://login.microsoftonline.com/acme.onmicrosoft.com",
        "https://login.microsoftonline.com/acme.onmicrosoft.com/v2.0",
    ),
    ("https://acme-admin.okta.com", "https://acme.okta.com"),
    ("https://acme.okta.com/app/UserHome", "https://acme.okta.com"),
    ("https://acme.okta.com/oauth2/v1", "https://acme.okta.com"),
    ("https://acme.okta.com/oauth2/v1/authorize", "https://acme.okta.com"),
    ("https://acme.okta.com/oauth2", "https://acme.okta.com/oauth2/default"),
    ("https://acme.okta.com/oauth2/default/v1/authorize", "https://acme.okta.com/oauth2/default"),
    ("https://acme.okta.com/oauth2/aus7x/v1/token", "https://acme.okta.com/oauth2/aus7x"),
    ("https://acme.okta.com/home/oidc_client/0oa1b2/aln3c4", "https://acme.okta.com"),
    ("https://acme.okta.com/app/exk1b2/sso/saml/metadata", "https://acme.okta.com"),
    ("acme.eu.auth0.com", "https://acme.eu.auth0.com/"),
    ("https://acme.eu.auth0.com", "https://acme.eu.auth0.com/"),
    ("https://acme.eu.auth0.com/authorize", "https://acme.eu.auth0.com/"),
    ("https://sso.acme.test/admin/master/console/#/staff", "https://sso.acme.test/realms/staff"),
    ("https://sso.acme.test/realms/staff/account", "https://sso.acme.test/realms/staff"),
    (
        "https://sso.acme.test/realms/staff/protocol/saml/descriptor",
        "https://sso.acme.test/realms/staff",
    ),
    (
        "https://sso.acme.test/realms/staff/protocol/openid-connect/auth",
        "https://sso.acme.test/realms/staff",
    ),
    ("https://sso.acme.test/auth/realms/staff", "https://sso.acme.test/realms/staff"),
    ("https://sso.acme.test/realms/staff", "https://sso.acme.test/auth/realms/staff"),
    ("https://sso.acme.test/realms/staff/", "https://sso.acme.test/realms/staff"),
    ("https://www.googleapis.com/oauth2/v1/certs", "https://accounts.google.com"),
    ("https://accounts.google.com/o/oauth2/auth", "https://accounts.google.com"),
    ("https://accounts.google.com/o/saml2?idpid=C01", "https://accounts.google.com"),
    ("eu-west-1_Ab3dEf6hI", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab3dEf6hI"),
    (
        "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Ab3dEf6hI",
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab3dEf6hI",
    ),
    (
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab3dEf6hI/.well-known/jwks.json",
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab3dEf6hI",
    ),
    ("https://acme.onelogin.com", "https://acme.onelogin.com/oidc/2"),
    ("https://acme.onelogin.com/admin2/apps/77", "https://acme.onelogin.com/oidc/2"),
    ("https://acme.onelogin.com/oidc", "https://acme.onelogin.com/oidc/2"),
    (
        "5e8c1a2b-7d3f-4a96-b0c1-6f2d9e4b8a37",
        "https://auth.pingone.eu/5e8c1a2b-7d3f-4a96-b0c1-6f2d9e4b8a37/as",
    ),
    (
        "https://console.pingone.eu/?env=5e8c1a2b-7d3f-4a96-b0c1-6f2d9e4b8a37",
        "https://auth.pingone.eu/5e8c1a2b-7d3f-4a96-b0c1-6f2d9e4b8a37/as",
    ),
    (
        "https://auth.pingone.eu/5e8c1a2b-7d3f-4a96-b0c1-6f2d9e4b8a37",
        "https://auth.pingone.eu/5e8c1a2b-7d3f-4a96-b0c1-6f2d9e4b8a37/as",
    ),
    ("https://ping.acme.test:9999/pingfederate/app", "https://ping.acme.test:9031"),
    ("https://ping.acme.test:9031/as/authorization.oauth2", "https://ping.acme.test:9031"),
    ("https://console.jumpcloud.com/#/sso", "https://oauth.id.jumpcloud.com/"),
    ("https://oauth.id.jumpcloud.com", "https://oauth.id.jumpcloud.com/"),
    (
        "https://fs.acme.test/FederationMetadata/2007-06/FederationMetadata.xml",
        "https://fs.acme.test/adfs",
    ),
    ("https://fs.acme.test/adfs/ls", "https://fs.acme.test/adfs"),
    ("http://fs.acme.test/adfs/services/trust", "https://fs.acme.test/adfs"),
    ("https://id.acme.test/application/o/cvat", "https://id.acme.test/application/o/cvat/"),
    ("https://gitlab.acme.test/users/sign_in", "https://gitlab.acme.test"),
    ("https://id.acme.test/.well-known/openid_configuration", "https://id.acme.test"),
    (" \"https://id.acme.test/\" ", "https://id.acme.test"),
    ("id.acme.test", "https://id.acme.test"),
];
