//! `check`: what an address or a file turns out to be.

use serde_json::Value;

use crate::run::{Run, ssoctl, write};
use crate::server::{Server, answer};

const KEYS: &str = r#"{"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig",
  "alg": "ES256", "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
  "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}]}"#;
const APPLICATION: &str = r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.acme.test/metadata"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.acme.test/acs" index="0"/></SPSSODescriptor></EntityDescriptor>"#;

/// A server that has documents at their own addresses and answers nothing else.
fn documents() -> Server {
    Server::new(|head, out| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let (kind, body) = match path {
            "/meta.xml" | "/federation" => ("text/xml", APPLICATION),
            "/jwks.json" | "/oauth2/v1/keys" | "/.well-known/jwks.json" => {
                ("application/json", KEYS)
            }
            _ => return drop(out.write_all(&answer("404 Not Found", "", b"not here"))),
        };
        let headers = format!("Content-Type: {kind}\r\n");
        drop(out.write_all(&answer("200 OK", &headers, body.as_bytes())));
    })
}

fn seen(run: &Run) -> Vec<(String, bool)> {
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let lines = report["view"]["seen"].as_array().expect("a list").iter();
    lines
        .map(|line| (line["what"].as_str().expect("text").to_owned(), line["ok"] == true))
        .collect()
}

#[test]
fn the_address_of_a_document_is_asked_itself_and_judged_as_what_it_is() {
    let server = documents();
    for (path, what) in [
        ("/meta.xml", "metadata"),
        ("/federation", "metadata"),
        ("/jwks.json", "keys"),
        ("/oauth2/v1/keys", "keys"),
        ("/.well-known/jwks.json", "keys"),
    ] {
        let run = ssoctl(&["check", "--format", "json", &server.url(path)]);
        assert_eq!((run.code, seen(&run)), (0, vec![(what.to_owned(), true)]), "{path}");
    }
}

/// A federation of so many entities, the last two of one name.
fn federation(count: usize) -> String {
    let entities = (0..count).map(|n| {
        let n = n.min(count - 2);
        APPLICATION.replace("sp.acme.test/metadata", &format!("sp{n}.acme.test/metadata"))
    });
    let entities: String = entities.collect();
    format!(
        "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{entities}</EntitiesDescriptor>"
    )
}

#[test]
fn a_large_federation_is_judged_alike_from_an_address_and_from_a_file() {
    let text = federation(4000);
    assert!(text.len() > 1 << 20);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("federation.xml");
    write(&file, text.as_bytes(), 0o600);
    let server = Server::new(move |_, out| {
        let headers = "Content-Type: application/samlmetadata+xml\r\n";
        drop(out.write_all(&answer("200 OK", headers, text.as_bytes())));
    });
    let codes = |target: &str| -> Vec<String> {
        let run = ssoctl(&["check", "--format", "json", target]);
        let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let found = report["findings"].as_array().expect("a list").iter();
        let codes = found.map(|one| one["code"].as_str().expect("text").to_owned());
        // The address alone comes over plain http.
        codes.filter(|code| !code.starts_with("NET")).collect()
    };
    assert_eq!(codes(&server.url("/federation.xml")), ["META008"]);
    assert_eq!(codes(file.to_str().expect("UTF-8")), ["META008"]);
    assert_eq!(server.connections(), 1, "it is asked once");
}

#[test]
fn a_file_that_never_ends_is_not_read_to_its_end() {
    for command in ["check", "decode-assertion"] {
        let run = ssoctl(&[command, "/dev/zero"]);
        let said = run.stdout + &run.stderr;
        assert!(run.code > 0 && said.contains("has more than"), "{command}: {said}");
    }
}

#[test]
fn a_document_that_is_not_there_is_missed_under_its_own_address() {
    let server = documents();
    for path in ["/none.xml", "/jwks-none.json", "/none.json"] {
        let run = ssoctl(&["check", "--format", "json", &server.url(path)]);
        assert_eq!(run.code, 1, "{path}");
        assert!(!run.stdout.contains(&format!("{path}/.well-known")), "{}", run.stdout);
    }
}

#[test]
fn what_stands_behind_the_hash_of_an_address_is_asked_nowhere() {
    let server = documents();
    let run = ssoctl(&["check", &server.url("/console#view/Apps")]);
    assert_eq!(run.code, 1);
    let asked = server.url("/console/.well-known/openid-configuration");
    assert!(run.stdout.contains(&asked), "{}", run.stdout);
}

#[test]
fn an_administrators_console_is_named_with_the_issuer_that_is_meant() {
    let run = ssoctl(&["check", "https://portal.azure.com/#view/Microsoft_AAD_IAM"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("https://login.microsoftonline.com/TENANT/v2.0"), "{}", run.stderr);
    let other = ssoctl(&["check", "--timeout", "1", "https://portal.azure.com.acme.test"]);
    assert!(!other.stderr.contains("console"), "{}", other.stderr);
}

#[test]
fn metadata_of_an_application_is_called_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sp.xml");
    write(&file, APPLICATION.as_bytes(), 0o600);
    let run = ssoctl(&["check", file.to_str().expect("UTF-8")]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let text = "metadata of an application, not of an identity provider";
    assert!(run.stdout.contains(text), "{}", run.stdout);
}

#[test]
fn a_file_that_nobody_can_ask_about_is_called_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("given");
    for (bytes, what, hint) in [
        (&b"\x89PNG\r\n\x1a\n\0"[..], "a picture", "metadata"),
        (b"<!doctype html><title>log in</title>", "a web page", "document itself"),
        (b"-----BEGIN CERTIFICATE-----\nMIIC\n", "a PEM block", "--cert FILE"),
        (b"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.AAAA\n", "a token", "decode-token"),
        (b" \n", "empty", "a key set"),
    ] {
        write(&file, bytes, 0o600);
        let run = ssoctl(&["check", file.to_str().expect("UTF-8")]);
        assert_eq!(run.code, 2, "{what}");
        assert!(run.stderr.contains(what) && run.stderr.contains(hint), "{what}: {}", run.stderr);
        assert!(!run.stderr.contains("CLEARML") && !run.stderr.contains("eyJ"), "{}", run.stderr);
    }
}

#[test]
fn what_kept_an_answer_away_is_told_once() {
    let run = ssoctl(&["check", "http://127.0.0.1:1"]);
    assert_eq!(run.stdout.matches("cannot be had").count(), 1, "{}", run.stdout);
    assert!(run.stdout.contains("OIDC001, see below"), "{}", run.stdout);
}

#[test]
fn a_place_in_a_long_line_is_named_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("keys.json");
    let key = r#"{"kty": "oct", "kid": "a", "k": "c2VjcmV0c2VjcmV0"}"#;
    let text = format!(r#"{{"note": "{}", "keys": [{key}]}}"#, "x".repeat(2000));
    write(&file, text.as_bytes(), 0o600);
    let run = ssoctl(&["check", file.to_str().expect("UTF-8")]);
    assert!(run.stdout.contains("JWKS006"), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.trim() != ":::"), "{}", run.stdout);
}
