//! Configurations against saved documents of their identity providers.

use std::path::Path;

use tempfile::TempDir;

use crate::run::{Found, SOUND, findings, ssoctl, write};

/// Two SAML providers.
const TWO: &str = "\
sso:
  enabled: true
  selection_mode: email_address
  identity_providers:
    - id: one
      name: One
      protocol: SAML
      entity_id: https://one.acme.test/idp
      metadata_url: https://one.acme.test/idp/metadata
      attribute_mapping: {uid: uid, email: email, email_verified: verified}
      email_domain: one.test
    - id: two
      name: Two
      protocol: SAML
      entity_id: https://two.acme.test/idp
      metadata_url: https://two.acme.test/idp/metadata
      attribute_mapping: {uid: uid, email: email, email_verified: verified}
      email_domain: two.test
";

/// A file of a folder, its path.
fn file(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    write(&path, text.as_bytes(), 0o600);
    path.to_str().expect("UTF-8").to_owned()
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A fixture's path.
fn document(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/documents").join(name);
    path.to_str().expect("UTF-8").to_owned()
}

fn codes(found: &[Found]) -> Vec<&str> {
    found.iter().map(|found| found.code.as_str()).collect()
}

fn metadata(entity_id: &str, binding: &str) -> String {
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{entity_id}\">\n\
         <IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n\
         <KeyDescriptor><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><KeyValue>\
         <RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>\
         </KeyInfo></KeyDescriptor>\
         <SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" \
         Location=\"https://one.acme.test/sso\"/>\n</IDPSSODescriptor>\n</EntityDescriptor>\n"
    )
}

#[test]
fn metadata_belongs_to_the_provider_with_its_entity_id() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", TWO);
    let saved = file(&folder, "idp.xml", &metadata("https://two.acme.test/idp", "HTTP-Redirect"));
    assert_eq!(codes(&findings(&[&config, "--metadata", &saved])), ["CVAT064", "CVAT064"]);
}

#[test]
fn metadata_belongs_to_the_provider_whose_entity_id_it_nearly_has() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", TWO);
    let saved = file(&folder, "idp.xml", &metadata("https://two.acme.test/idp/", "HTTP-Redirect"));
    let found = findings(&[&config, "--metadata", &saved]);
    let own: Vec<u64> =
        found.iter().filter(|found| found.code == "CVAT023").map(|found| found.line).collect();
    assert_eq!(own, [15]);
}

#[test]
fn metadata_of_nobody_is_said_to_be_compared_with_nothing() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", TWO);
    let saved = file(&folder, "idp.xml", &metadata("https://three.acme.test/idp", "HTTP-POST"));
    let run = ssoctl(&["validate", &config, "--metadata", &saved]);
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("belongs to no provider"), "{}", run.stderr);
    assert!(run.stderr.contains("--provider"), "{}", run.stderr);
}

#[test]
fn a_provider_that_is_named_takes_whatever_metadata_there_is() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", TWO);
    let saved = file(&folder, "idp.xml", &metadata("https://three.acme.test/idp", "HTTP-POST"));
    let found = findings(&[&config, "--metadata", &saved, "--provider", "one"]);
    let own: Vec<(&str, u64)> =
        found.iter().map(|found| (found.code.as_str(), found.line)).collect();
    assert!(own.contains(&("CVAT023", 8)), "{own:?}");
    assert!(own.contains(&("CVAT024", 2)), "{own:?}");
    assert!(!own.contains(&("CVAT023", 15)), "{own:?}");
}

#[test]
fn an_unknown_provider_is_refused_with_the_list() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", TWO);
    let saved = file(&folder, "idp.xml", &metadata("https://one.acme.test/idp", "HTTP-Redirect"));
    let run = ssoctl(&["validate", &config, "--metadata", &saved, "--provider", "three"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no provider has the id `three`"), "{}", run.stderr);
    assert!(run.stderr.contains("one, two"), "{}", run.stderr);
}

#[test]
fn a_provider_without_a_document_is_refused() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", TWO);
    let run = ssoctl(&["validate", &config, "--provider", "one"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--provider"), "{}", run.stderr);
}

#[test]
fn a_saved_document_that_is_not_there_ends_the_run() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", TWO);
    for flag in ["--metadata", "--discovery", "--jwks", "--idp-export"] {
        let run = ssoctl(&["validate", &config, flag, "/nowhere/at-all.xml"]);
        assert_eq!(run.code, 2, "{flag}");
        assert!(run.stderr.contains("at-all.xml"), "{}", run.stderr);
    }
}

#[test]
fn a_document_of_another_kind_is_a_finding_at_its_file() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", SOUND);
    for (flag, name) in [
        ("--metadata", "metadata/login-page.html"),
        ("--metadata", "metadata/response.xml"),
        ("--metadata", "metadata/doctype.xml"),
        ("--metadata", "discovery/okta-org.json"),
        ("--discovery", "metadata/okta.xml"),
        ("--discovery", "discovery/error.json"),
        ("--discovery", "jwks/rsa.json"),
        ("--jwks", "discovery/okta-org.json"),
        ("--jwks", "metadata/login-page.html"),
        ("--idp-export", "exports/keycloak-adapter.json"),
        ("--idp-export", "discovery/okta-org.json"),
        ("--idp-export", "metadata/login-page.html"),
    ] {
        let found = findings(&[&config, flag, &document(name)]);
        assert_eq!(codes(&found), ["IDP004"], "{flag} {name}");
        assert!(found[0].path.ends_with(name), "{}", found[0].path);
    }
}

#[test]
fn the_right_documents_of_a_sound_configuration_are_silent() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", SOUND);
    let found = findings(&[
        &config,
        "--discovery",
        &document("discovery/okta-org.json"),
        "--jwks",
        &document("jwks/rsa.json"),
    ]);
    assert_eq!(codes(&found), Vec::<&str>::new());
}

#[test]
fn metadata_that_serves_two_configurations_is_told_once() {
    let folder = folder();
    let one = file(&folder, "one/auth_config.yml", SOUND);
    let two = file(&folder, "two/auth_config.yml", SOUND);
    let found = findings(&[&one, &two, "--metadata", &document("metadata/service-provider.xml")]);
    assert_eq!(codes(&found), ["IDP003"]);
}

#[test]
fn an_expired_certificate_and_a_past_end_are_told_at_the_metadata() {
    let folder = folder();
    let text = SOUND.replace("OIDC", "SAML").replace(
        "      server_url: https://acme.okta.com\n      client_id: 0oa1b2c3d4e5f6g7h8i9\n      client_secret: \"Zq8Hn2Lr5Tk9Vw3Xy7Bc1Df4\"\n",
        "      entity_id: http://www.okta.com/exk1fhq2k4Xz9Lm3P5d7\n      metadata_url: https://acme.okta.com/app/exk1fhq2k4Xz9Lm3P5d7/sso/saml/metadata\n      attribute_mapping: {uid: uid, email: email, email_verified: verified}\n",
    );
    let config = file(&folder, "auth_config.yml", &text);
    for (name, expected) in [
        ("okta.xml", vec!["CVAT064"]),
        ("okta-expired-certificate.xml", vec!["CVAT064", "CVAT026"]),
        ("okta-past-valid-until.xml", vec!["CVAT064", "IDP008"]),
        ("okta-post-only.xml", vec!["CVAT064", "CVAT024"]),
    ] {
        let found = findings(&[&config, "--metadata", &document(&format!("metadata/{name}"))]);
        assert_eq!(codes(&found), expected, "{name}: {found:?}");
    }
}

#[test]
fn secrets_of_an_export_are_not_shown() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", SOUND);
    let secret = "Zt5Wq8Rn2Lk7Mv4X";
    let export = format!(
        "{{\"clientId\": \"0oa1b2c3d4e5f6g7h8i9\", \"secret\": \"{secret}\", \"client_secret\": \"{secret}\",\n\
         \"redirectUris\": [\"https://cvat.acme.test/*\"], \"secret\": \"{secret}\", \"attributes\": {{\"saml.signing.private.key\": \"{secret}\"}}}}"
    );
    let export = file(&folder, "client.json", &export);
    for format in ["text", "json", "sarif", "markdown"] {
        let run = ssoctl(&[
            "validate",
            &config,
            "--idp-export",
            &export,
            "--base-url",
            "https://cvat.acme.test",
            "--format",
            format,
            "--verbose",
        ]);
        assert!(run.stdout.contains("IDP011"), "{format}: {}", run.stdout);
        assert!(!run.stdout.contains(secret), "{format}: {}", run.stdout);
        assert!(!run.stderr.contains(secret), "{format}");
    }
}

#[test]
fn of_a_realm_only_the_client_of_the_configuration_is_judged() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", SOUND);
    let other = r#"{"clientId": "wiki", "redirectUris": ["http://wiki.acme.test/*"], "protocol": "openid-connect"}"#;
    let built_in = r#"{"clientId": "account", "redirectUris": ["/realms/staff/account/*"], "protocol": "openid-connect"}"#;
    let own = r#"{"clientId": "0oa1b2c3d4e5f6g7h8i9", "redirectUris": ["https://cvat.acme.test/api/auth/oidc/okta-main/login/callback/"], "protocol": "openid-connect"}"#;
    let base = ["--base-url", "https://cvat.acme.test"];
    let realm = |clients: &str| format!("{{\"realm\": \"staff\", \"clients\": [{clients}]}}");
    let good = file(&folder, "good.json", &realm(&format!("{built_in}, {other}, {own}")));
    let found = findings(&[&config, "--idp-export", &good, base[0], base[1]]);
    assert_eq!(codes(&found), Vec::<&str>::new());
    let foreign = file(&folder, "foreign.json", &realm(&format!("{built_in}, {other}")));
    let found = findings(&[&config, "--idp-export", &foreign, base[0], base[1]]);
    assert_eq!(codes(&found), Vec::<&str>::new());
}

#[test]
fn an_export_alone_needs_an_application() {
    let export = document("exports/keycloak-saml-client.json");
    let run = ssoctl(&["validate", "--idp-export", &export]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--app"), "{}", run.stderr);
}

#[test]
fn an_export_alone_is_judged_against_what_the_command_line_says() {
    let export = document("exports/keycloak-saml-client.json");
    let common = ["--idp-export", &export, "--app", "cvat", "--provider", "acme"];
    let base = |url: &'static str| common.iter().copied().chain(["--base-url", url]);
    let right: Vec<&str> = base("https://cvat.acme.test").collect();
    assert_eq!(codes(&findings(&right)), ["IDP011", "CVAT061"]);
    let wrong: Vec<&str> = base("https://cvat.corp.test").collect();
    let found = findings(&wrong);
    assert_eq!(codes(&found).iter().filter(|code| **code == "CVAT060").count(), 2, "{found:?}");
}

#[test]
fn no_saved_document_cut_at_any_byte_panics() {
    let folder = folder();
    let config = file(&folder, "auth_config.yml", TWO);
    for (flag, name) in [
        ("--metadata", "metadata/keycloak.xml"),
        ("--discovery", "discovery/okta-org.json"),
        ("--jwks", "jwks/rsa.json"),
        ("--idp-export", "exports/keycloak-saml-client.json"),
    ] {
        let text = std::fs::read_to_string(document(name)).expect("a fixture");
        for at in (0..text.len()).step_by(97).filter(|at| text.is_char_boundary(*at)) {
            let cut = file(&folder, "cut", &text[..at]);
            let run = ssoctl(&["validate", &config, flag, &cut, "--provider", "one"]);
            assert!(run.code < 2, "{name} at {at}: {}", run.stderr);
        }
    }
}
