//! `check`: what a configuration names is asked and judged.

use std::io::Write;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::run::{Run, ssoctl, write};
use crate::server::{Server, answer};

const KEYS: &str = r#"{"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig",
  "alg": "ES256", "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
  "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}]}"#;

/// A provider whose document is changed to order: the host comes with each request.
fn provider(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Server {
    Server::new(move |head, out| {
        let host = head.split("host: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let base = format!("http://{}", host.unwrap_or_default());
        let path = head.split(' ').nth(1).unwrap_or_default();
        match path {
            "/.well-known/openid-configuration" => {
                let mut document = json!({
                    "issuer": base,
                    "authorization_endpoint": format!("{base}/authorize"),
                    "token_endpoint": format!("{base}/token"),
                    "userinfo_endpoint": format!("{base}/userinfo"),
                    "jwks_uri": format!("{base}/keys"),
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["ES256"],
                    "scopes_supported": ["openid"],
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    "code_challenge_methods_supported": ["S256"],
                });
                change(&mut document);
                json_answer(out, &document.to_string());
            }
            "/keys" => json_answer(out, KEYS),
            "/.well-known/oauth-authorization-server" => {
                let other = json!({
                    "issuer": base,
                    "authorization_endpoint": format!("{base}/authorize"),
                    "token_endpoint": format!("{base}/older/token"),
                    "response_types_supported": ["code"],
                });
                json_answer(out, &other.to_string());
            }
            "/page" | "/page/.well-known/openid-configuration" => {
                let headers = "Content-Type: text/html\r\n";
                send(out, &answer("200 OK", headers, b"<!DOCTYPE html><html>log in</html>"));
            }
            _ => send(out, &answer("404 Not Found", "", b"not here")),
        }
    })
}

fn json_answer(out: &mut dyn Write, body: &str) {
    let headers = "Content-Type: application/json\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\n";
    send(out, &answer("200 OK", headers, body.as_bytes()));
}

fn send(out: &mut dyn Write, bytes: &[u8]) {
    drop(out.write_all(bytes));
}

fn report(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{} {}", run.stdout, run.stderr))
}

/// Codes of errors and warnings.
fn grave(run: &Run) -> Vec<String> {
    let report = report(run);
    let findings = report["findings"].as_array().expect("a list").iter();
    let grave = findings.filter(|one| one["severity"] != "info");
    grave.map(|one| one["code"].as_str().expect("a code").to_owned()).collect()
}

fn configuration(server_url: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!(
        "sso:\n  enabled: true\n  selection_mode: email_address\n  identity_providers:\n    \
         - id: local\n      name: Local\n      protocol: OIDC\n      server_url: {server_url}\n      \
         client_id: cvat\n      client_secret: \"tB7wJ3xC9nF5hL2d\"\n      \
         email_domain: acme.test\n"
    );
    write(&folder.path().join("auth_config.yml"), text.as_bytes(), 0o600);
    folder
}

fn path(folder: &TempDir) -> String {
    folder.path().join("auth_config.yml").to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_sound_issuer_is_told_in_two_lines_and_quietly_in_none() {
    let server = provider(|_| {});
    let run = ssoctl(&["check", &server.url("")]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.contains("discovery  ok") && run.stdout.contains("1 key"), "{}", run.stdout);
    let run = ssoctl(&["check", "-q", &server.url("")]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    // Document, keys, and the document's OAuth form.
    assert_eq!(server.connections(), 6);
}

#[test]
fn the_faults_of_a_provider_are_named_and_fail_the_run() {
    let run = |change: fn(&mut Value)| {
        let server = provider(change);
        ssoctl(&["check", "--format", "json", &server.url("")])
    };
    let foreign = run(|document| document["issuer"] = json!("http://127.0.0.1:1"));
    assert_eq!(grave(&foreign), ["OIDC103"]);
    let lacking = run(|document| drop(document["token_endpoint"].take()));
    assert_eq!((lacking.code, grave(&lacking)), (1, vec!["OIDC202".to_owned()]));
    let keyless = run(|document| {
        let uri = document["jwks_uri"].as_str().expect("text").replace("/keys", "/nothing");
        document["jwks_uri"] = json!(uri);
    });
    assert_eq!((keyless.code, grave(&keyless)), (1, vec!["JWKS001".to_owned()]));
}

#[test]
fn a_usual_paste_is_asked_for_and_proposed() {
    let server = provider(|_| {});
    let run = ssoctl(&["check", &server.url("/authorize")]);
    assert_eq!(run.code, 1);
    let meant = server.url("");
    assert!(run.stdout.contains(&format!("fix: {meant} (")), "{}", run.stdout);
    let page = ssoctl(&["check", &server.url("/page")]);
    assert_eq!(page.code, 1);
    assert!(page.stdout.contains("a web page"), "{}", page.stdout);
}

#[test]
fn a_wrong_suffix_and_a_second_form_of_the_document_are_told() {
    let server = provider(|_| {});
    let underscore =
        ssoctl(&["check", "--format", "json", &server.url("/.well-known/openid_configuration")]);
    assert_eq!(grave(&underscore), ["OIDC003", "OIDC007"]);
    let both = ssoctl(&["check", "--format", "json", &server.url("")]);
    let findings = report(&both)["findings"].clone();
    let other = findings.as_array().expect("a list").iter().find(|one| one["code"] == "OIDC008");
    let message = other.expect("the OAuth form differs")["message"].clone();
    assert!(message.as_str().is_some_and(|text| text.ends_with("token_endpoint")), "{message}");
}

#[test]
fn an_id_that_is_no_address_leads_to_its_issuer() {
    let run = ssoctl(&["check", "2f1c7d9e-0a4b-4c6d-8e2f-9a41b3c5d7e9"]);
    assert_eq!(run.code, 2);
    let issuer = "https://login.microsoftonline.com/2f1c7d9e-0a4b-4c6d-8e2f-9a41b3c5d7e9/v2.0";
    assert!(run.stderr.contains(issuer), "{}", run.stderr);
    let plain = ssoctl(&["check", "nothing"]);
    assert!(!plain.stderr.contains("https://"), "{}", plain.stderr);
}

#[test]
fn who_cannot_be_reached_is_undecided_and_not_wrong() {
    let run = ssoctl(&["check", "http://127.0.0.1:1"]);
    assert_eq!(run.code, 3, "{}", run.stdout);
    assert!(run.stdout.contains("OIDC001") && run.stdout.contains("refused"), "{}", run.stdout);
    let typo = ssoctl(&["check", "id.acme.test"]);
    assert_eq!(typo.code, 2);
    assert!(typo.stderr.contains("https://id.acme.test"), "{}", typo.stderr);
    assert_eq!(ssoctl(&["check", "ftp://id.acme.test"]).code, 2);
}

#[test]
fn a_configuration_leads_inside_only_where_that_is_allowed() {
    let server = provider(|_| {});
    let folder = configuration(&server.url(""));
    let refused = ssoctl(&["check", "--format", "json", &path(&folder)]);
    assert_eq!((refused.code, grave(&refused)), (3, vec!["NET005".to_owned()]));
    assert_eq!(server.connections(), 0);
    let allowed = ssoctl(&["check", "--allow-private", "--format", "json", &path(&folder)]);
    assert_eq!((allowed.code, grave(&allowed)), (0, vec![]));
    let seen = report(&allowed)["view"]["seen"].clone();
    assert_eq!(seen[0]["of"], "local");
    assert_eq!((&seen[0]["what"], &seen[0]["ok"]), (&json!("discovery"), &json!(true)));
}

#[test]
fn what_the_application_needs_is_judged_with_the_answers() {
    let server = provider(|document| drop(document["userinfo_endpoint"].take()));
    let folder = configuration(&server.url(""));
    let run = ssoctl(&["check", "--allow-private", "--format", "json", &path(&folder)]);
    assert_eq!((run.code, grave(&run)), (1, vec!["CVAT019".to_owned()]));
}

#[test]
fn the_doubled_slash_is_an_error_where_it_does_not_answer() {
    let server = provider(|_| {});
    let folder = configuration(&server.url("/"));
    let run = ssoctl(&["check", "--allow-private", "--format", "json", &path(&folder)]);
    let codes = grave(&run);
    assert_eq!(run.code, 1);
    assert!(codes.contains(&"CVAT011".to_owned()), "{codes:?}");
}

#[test]
fn a_recording_is_judged_again_and_changes_since_then_are_told() {
    let server = provider(|_| {});
    let folder = configuration(&server.url(""));
    let kept = folder.path().join("kept");
    let kept = kept.to_str().expect("UTF-8");
    let live =
        ssoctl(&["check", "--allow-private", "--record", kept, "--format", "json", &path(&folder)]);
    assert_eq!(live.code, 0);
    let before = server.connections();
    let again = ssoctl(&["check", "--replay", kept, "--format", "json", &path(&folder)]);
    assert_eq!((again.code, grave(&again)), (0, vec![]));
    assert_eq!(server.connections(), before);
    let unchanged = ssoctl(&[
        "check",
        "--allow-private",
        "--against",
        kept,
        "--format",
        "json",
        &path(&folder),
    ]);
    assert_eq!(grave(&unchanged), Vec::<String>::new());
    let index = std::fs::read_to_string(folder.path().join("kept/index.json")).expect("an index");
    let index: Value = serde_json::from_str(&index).expect("JSON");
    let bodies = index["exchanges"].as_array().expect("a list").iter();
    let keys = bodies.filter_map(|one| one["body"].as_str()).find(|name| name.ends_with("keys"));
    let keys = folder.path().join("kept").join(keys.expect("a body"));
    std::fs::write(&keys, KEYS.replace("\"one\"", "\"older\"")).expect("written");
    let changed = ssoctl(&[
        "check",
        "--allow-private",
        "--against",
        kept,
        "--format",
        "json",
        &path(&folder),
    ]);
    assert_eq!(grave(&changed), ["NET010", "NET010"]);
}

#[test]
fn saved_documents_are_judged_without_network() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("keys.json");
    write(&file, br#"{"keys": [{"kty": "oct", "kid": "a", "k": "c2VjcmV0c2VjcmV0"}]}"#, 0o600);
    let run = ssoctl(&["check", "--format", "json", file.to_str().expect("UTF-8")]);
    assert_eq!((run.code, grave(&run)), (1, vec!["JWKS006".to_owned()]));
    assert!(!run.stdout.contains("c2VjcmV0c2VjcmV0"), "{}", run.stdout);
    let text = ssoctl(&["check", file.to_str().expect("UTF-8")]);
    assert!(!text.stdout.contains("c2VjcmV0c2VjcmV0"), "{}", text.stdout);
}

#[test]
fn all_targets_are_asked_at_once_and_told_in_their_order() {
    // Nobody gets an answer before everybody has asked.
    let all = std::sync::Arc::new(std::sync::Barrier::new(8));
    let server = Server::new(move |head, out| {
        let host = head.split("host: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let base = format!("http://{}", host.unwrap_or_default());
        let path = head.split(' ').nth(1).unwrap_or_default();
        let Some(own) = path.strip_suffix("/.well-known/openid-configuration") else {
            if path.ends_with("/keys") {
                json_answer(out, KEYS);
            } else {
                send(out, &answer("404 Not Found", "", b""));
            }
            return;
        };
        all.wait();
        let issuer = format!("{base}{own}");
        let document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        });
        json_answer(out, &document.to_string());
    });
    let config = configuration(&server.url("/7"));
    let path = path(&config);
    let issuers: Vec<String> = (0..7).map(|number| server.url(&format!("/{number}"))).collect();
    let mut arguments = vec!["check", "--allow-private", "--timeout", "20", "--format", "json"];
    arguments.extend(issuers.iter().map(String::as_str));
    arguments.push(&path);
    let run = ssoctl(&arguments);
    assert_eq!(run.code, 0, "{} {}", run.stdout, run.stderr);
    let seen = report(&run)["view"]["seen"].clone();
    let found = seen.as_array().expect("a list").iter().filter(|one| one["what"] == "discovery");
    let addresses: Vec<&str> = found.filter_map(|one| one["url"].as_str()).collect();
    let expected: Vec<String> = (0..8)
        .map(|number| server.url(&format!("/{number}/.well-known/openid-configuration")))
        .collect();
    assert_eq!(addresses, expected);
}

#[test]
fn metadata_from_an_address_is_held_to_the_pinned_certificate_like_a_file() {
    let folder = TempDir::new().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let sign = |key: &str| {
        let (key, acs) = (path(key), "https://app.acme.test/acs");
        let named = ["sp-metadata", "--entity-id", "urn:acme:app", "--acs", acs];
        let run = ssoctl(&[&named[..], &["--generate-key", &key, "--sign-key", &key]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let signed = sign("own.key");
    sign("other.key");
    let server = Server::new(move |_, out| {
        let headers = "Content-Type: application/samlmetadata+xml\r\n";
        send(out, &answer("200 OK", headers, signed.as_bytes()));
    });
    let url = server.url("/saml/metadata");
    let check = |more: &[&str]| ssoctl(&[&["check", &url], more].concat());
    let held = check(&["--cert", &path("own.crt")]);
    assert!(held.stdout.contains("signature holds"), "{}", held.stdout);
    assert_eq!(held.code, 0, "{}{}", held.stdout, held.stderr);
    let other = check(&["--cert", &path("other.crt")]);
    assert_eq!(other.code, 1, "{}", other.stdout);
    assert!(!other.stdout.contains("https://app.acme.test/acs"), "nothing of it is shown");
    let absent = check(&["--entity-id", "urn:acme:other"]);
    assert!(absent.code == 1 && absent.stdout.contains("META007"), "{}", absent.stdout);
    assert_eq!(check(&["--entity-id", "urn:acme:app"]).code, 0);
}
