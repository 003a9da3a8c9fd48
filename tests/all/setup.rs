//! `ssoctl setup`: the sheet, its files, and what differs in a configuration.

use std::fs;

use serde_json::Value as Json;

use crate::run::{SOUND, ssoctl, ssoctl_with, write};

#[test]
fn every_format_is_written_and_json_keeps_its_schema() {
    for (format, start) in
        [("text", "In Keycloak"), ("markdown", "# "), ("json", "{"), ("html", "<!DOCTYPE html>")]
    {
        let run = ssoctl(&[KEYCLOAK.as_slice(), &["--format", format]].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{format}");
        let text = run.stdout.to_lowercase();
        assert!(text.contains(&start.to_lowercase()), "{format}: {}", run.stdout);
        assert!(run.stdout.contains("https://cvat.acme.test/api/auth/saml/kc/acs/"), "{format}");
    }
    let run = ssoctl(&[KEYCLOAK.as_slice(), &["--format", "json"]].concat());
    assert_valid(&run.stdout);
}

#[test]
fn html_goes_into_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sheet.html");
    let more = ["--format", "html", "-o", path.to_str().expect("UTF-8")];
    let run = ssoctl(&[KEYCLOAK.as_slice(), &more].concat());
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(run.stderr.starts_with("wrote "), "{}", run.stderr);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    assert!(fs::read_to_string(&path).expect("a file").contains("<html"));
    let again = ssoctl(&[KEYCLOAK.as_slice(), &more].concat());
    assert!(again.stderr.starts_with("replaced "), "{}", again.stderr);
}

#[test]
fn what_cannot_exist_is_refused_with_the_reason_and_with_what_does() {
    let run = ssoctl(&["setup", "--app", "cvat", "--idp", "cognito", "--protocol", "saml"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("cannot be a SAML identity provider"), "{}", run.stderr);
    assert!(run.stderr.contains("--app cvat --idp cognito --protocol oidc"), "{}", run.stderr);
    let run = ssoctl(&["setup", "--app", "calabi", "--idp", "okta", "--protocol", "oidc"]);
    assert!(run.stderr.contains("over SAML only") && run.stderr.contains("okta scim"));
}

#[test]
fn missing_and_misspelt_flags_are_usage_errors_with_the_values() {
    let run = ssoctl(&["setup", "--app", "cvat", "--protocol", "ldap"]);
    assert_eq!(run.code, 2);
    let run = ssoctl(&["setup", "--app", "label-studio", "--protocol", "scim"]);
    assert!(run.code == 2 && run.stderr.contains("--idp entra|okta|onelogin|pingone|jumpcloud"));
    let run = ssoctl(&["setup", "--app", "cvat", "--idp", "keycloack", "--protocol", "saml"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("'keycloak'") && run.stderr.contains("jumpcloud"));
    let run = ssoctl(&["setup", "--app", "cvat", "--idp", "okta", "--base-url", "cvat"]);
    assert!(run.code == 2 && run.stderr.contains("must be a URL"), "{}", run.stderr);
}

#[test]
fn label_studio_takes_its_token_or_its_whole_address() {
    let named = ["setup", "--app", "label-studio", "--idp", "okta", "--protocol", "saml"];
    for token in [
        ["--token", "t0k3n", "--base-url", "https://ls.acme.test"].as_slice(),
        &["--token", "https://ls.acme.test/saml/t0k3n/acs"],
    ] {
        let run = ssoctl(&[named.as_slice(), token].concat());
        assert!(run.stdout.contains("https://ls.acme.test/saml/t0k3n/acs"), "{}", run.stdout);
    }
}

#[test]
fn answers_fill_the_sheet_and_secrets_never_do() {
    let named = ["setup", "--app", "cvat", "--idp", "entra", "--protocol", "oidc"];
    let answers = b"tenant_id: 2f1c3b4a-1111-4000-8000-abcdefabcdef\nclient_secret: Zq8Hn2Lr5Tk9\n";
    for format in ["text", "markdown", "json", "html"] {
        let more = ["--answers", "-", "--format", format];
        let run = ssoctl_with(&[named.as_slice(), &more].concat(), answers);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stdout.contains("2f1c3b4a-1111-4000-8000-abcdefabcdef/v2.0"), "{format}");
        assert!(!run.stdout.contains("Zq8Hn2Lr5Tk9") && !run.stderr.contains("Zq8Hn2Lr5Tk9"));
    }
}

#[test]
fn files_to_import_are_printed_or_written_and_never_replaced_silently() {
    let run = ssoctl(&[KEYCLOAK.as_slice(), &["--import", "keycloak-client.json"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let client: Json = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(client["protocol"], "saml");
    let run = ssoctl(&[KEYCLOAK.as_slice(), &["--import", "keycloak-clients.json"]].concat());
    assert!(run.code == 2 && run.stderr.contains("did you mean keycloak-client.json?"));
    let google = ["setup", "--app", "cvat", "--idp", "google", "--protocol", "saml"];
    let run = ssoctl(&[google.as_slice(), &["--import", "x.json"]].concat());
    assert!(run.code == 2 && run.stderr.contains("nothing can be imported"), "{}", run.stderr);
    let folder = tempfile::tempdir().expect("a folder");
    let into = folder.path().join("imports");
    let more = ["--import-dir", into.to_str().expect("UTF-8")];
    let run = ssoctl(&[KEYCLOAK.as_slice(), &more].concat());
    assert!(run.code == 0 && run.stderr.contains("Clients > Import client"), "{}", run.stderr);
    let file = into.join("keycloak-client.json");
    assert!(run.stdout.contains("In Keycloak") && file.is_file());
    fs::write(&file, "mine").expect("written");
    let run = ssoctl(&[KEYCLOAK.as_slice(), &more].concat());
    assert!(run.code == 2 && run.stderr.contains("--force"), "{}", run.stderr);
    assert_eq!(fs::read(&file).expect("read"), b"mine");
    let run = ssoctl(&[KEYCLOAK.as_slice(), &more, &["--force"]].concat());
    assert!(run.code == 0 && fs::read(&file).expect("read") != b"mine");
}

#[test]
fn a_configuration_names_its_own_setup_and_nothing_differs_in_a_sound_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = config(&folder, SOUND);
    let run = ssoctl(&["setup", "--config", &path, "--base-url", "https://cvat.acme.test"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let redirect = "https://cvat.acme.test/api/auth/oidc/okta-main/login/callback/";
    assert!(run.stdout.contains("In Okta") && run.stdout.contains(redirect), "{}", run.stdout);
    assert!(run.stdout.contains("Nothing differs in"), "{}", run.stdout);
    let env = folder.path().join("cvat.env");
    write(&env, b"CVAT_BASE_URL=https://cvat.corp.test\n", 0o600);
    let env = ["--env-file", env.to_str().expect("UTF-8")];
    let run = ssoctl(&[["setup", "--config", &path].as_slice(), &env].concat());
    assert!(run.stdout.contains("https://cvat.corp.test/api/auth/oidc/"), "{}", run.stderr);
}

#[test]
fn what_differs_is_said_in_every_format_and_secrets_are_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = config(&folder, DIFFERENT);
    for format in ["text", "markdown", "json", "html"] {
        let run = ssoctl(&["setup", "--config", &path, "--format", format]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let said = if format == "html" { &run.stderr } else { &run.stdout };
        for part in ["attribute_mapping.uid", "nameidentifier", "objectidentifier"] {
            assert!(said.contains(part), "{format} {part}: {said}");
        }
    }
    let run = ssoctl(&["setup", "--config", &path, "--format", "json"]);
    assert_valid(&run.stdout);
    let sheet: Json = serde_json::from_str(&run.stdout).expect("JSON");
    let keys: Vec<&str> = sheet["differs"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|d| d["key"].as_str())
        .collect();
    assert_eq!(keys, ["entity_id", "attribute_mapping.uid", "attribute_mapping.last_name"]);
    assert_eq!(sheet["differs"][2]["found"], Json::Null);
}

#[test]
fn one_of_several_providers_must_be_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let second = SOUND.split("    - ").nth(1).expect("a provider");
    let second = second.replace("okta-main", "second").replace("acme.test", "corp.test");
    let path = config(&folder, &format!("{SOUND}    - {second}"));
    let run = ssoctl(&["setup", "--config", &path]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("--provider okta-main|second"), "{}", run.stderr);
    let run = ssoctl(&["setup", "--config", &path, "--provider", "second"]);
    assert!(run.code == 0 && run.stdout.contains("/oidc/second/"), "{}", run.stderr);
    let run = ssoctl(&["setup", "--config", &path, "--provider", "secnd"]);
    assert!(run.code == 2 && run.stderr.contains("did you mean second?"), "{}", run.stderr);
}

#[test]
fn a_configuration_that_cannot_be_read_or_is_none_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = config(&folder, "sso: [\n");
    let run = ssoctl(&["setup", "--config", &broken]);
    assert!(run.code == 2 && run.stderr.contains("ssoctl validate"), "{}", run.stderr);
    let run = ssoctl(&["setup", "--config", "nowhere.yml"]);
    assert!(run.code == 2 && run.stderr.contains("nowhere.yml"), "{}", run.stderr);
    let empty = config(&folder, "sso:\n  enabled: true\n");
    let run = ssoctl(&["setup", "--config", &empty]);
    assert!(run.code == 2 && run.stderr.contains("--idp"), "{}", run.stderr);
}

fn config(folder: &tempfile::TempDir, text: &str) -> String {
    let path = folder.path().join("auth_config.yml");
    write(&path, text.as_bytes(), 0o600);
    path.to_str().expect("UTF-8").to_owned()
}

fn assert_valid(text: &str) {
    let sheet: Json = serde_json::from_str(text).expect("JSON");
    let schema: Json =
        serde_json::from_str(include_str!("../../schemas/setup.schema.json")).expect("JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    let errors: Vec<String> = schema.iter_errors(&sheet).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

const KEYCLOAK: [&str; 11] = [
    "setup",
    "--app",
    "cvat",
    "--idp",
    "keycloak",
    "--protocol",
    "saml",
    "--provider",
    "kc",
    "--base-url",
    "https://cvat.acme.test",
];
/// Entra over SAML with three values that are not those of the sheet.
const DIFFERENT: &str = "\
sso:
  enabled: true
  selection_mode: email_address
  identity_providers:
    - id: entra
      name: Staff
      protocol: SAML
      entity_id: https://sts.windows.net/2f1c3b4a-1111-4000-8000-abcdefabcdef
      metadata_url: https://login.microsoftonline.com/2f1c3b4a-1111-4000-8000-abcdefabcdef/federationmetadata/2007-06/federationmetadata.xml?appid=3f1c3b4a-1111-4000-8000-abcdefabcdef
      email_domain: acme.test
      attribute_mapping:
        uid: http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier
        username: http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name
        email: http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress
        first_name: http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname
";
