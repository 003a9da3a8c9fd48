//! The page that `decode-assertion --format html` makes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::attacks::encrypt::{Cipher, Encryption, Transport};
use crate::attacks::keys::{self, Hash, Method};
use crate::attacks::mint::{ACS, AUDIENCE, HONEST, Protection, REQUEST, Spec};
use crate::run::ssoctl;

#[test]
fn the_page_of_an_accepted_message_says_who_would_be_logged_in_and_what_is_signed() {
    let page = page(&both().mint(), &["--request-id", REQUEST]);
    for part in [
        "For the people who run CVAT",
        "Accepted:</span> CVAT would log in alice@corp.test",
        "Nothing has to be done.",
        "The account in CVAT",
        "over the <b>response</b>, RSA-SHA256",
        "over the <b>assertion</b>, RSA-SHA256",
        "(signed by 1, 2)",
        "<svg width=\"100%\"",
        "signature 1: holds, key ",
        "SHA-256 of the certificate: <code>",
        "Not checked:",
        "<b>replay</b>",
    ] {
        assert!(page.contains(part), "{part} in\n{page}");
    }
    assert!(!page.to_lowercase().contains("unverified.") && !page.contains("tag is-bad"));
}

#[test]
fn a_sound_message_that_the_application_refused_does_not_look_settled() {
    let settled = page(&har(302, "", &[]), &[]);
    assert!(settled.contains("<header class=\"good\">"), "{settled}");
    assert!(settled.contains("Nothing has to be done.") && !settled.contains("What to do first"));
    let refused = page(&har(403, "", &[]), &[]);
    for part in [
        "<header class=\"open\">",
        "is sound, but CVAT answered 403",
        "What to do first",
        "<li>look in the application&#39;s log of that moment",
    ] {
        assert!(refused.contains(part), "{part} in\n{refused}");
    }
    for part in ["Nothing has to be done", "CVAT would log in"] {
        assert!(!refused.contains(part), "{part} in\n{refused}");
    }
}

#[test]
fn a_page_that_tells_of_a_failure_is_no_success_whatever_its_status() {
    let words = "<h1>Third-party login failure</h1>";
    let finish = format!("{ACS}finish/");
    for (recording, told) in [
        (har(200, words, &[]), "but CVAT answered 200 and `Third-Party Login Failure`"),
        (har(302, "", &[(&finish, words)]), "but CVAT answered 200 and `Third-Party Login"),
        (har(403, "<p>CSRF verification failed.", &[]), "403 and `CSRF verification failed`"),
        (har(200, "<h1>x</h1>", &[]), "but CVAT answered 200, not with a redirect"),
    ] {
        let page = page(&recording, &[]);
        for part in ["<header class=\"open\">", told, "What to do first", "BIND013"] {
            assert!(page.contains(part), "{part} in\n{page}");
        }
    }
    let cause = page(&har(403, "CSRF verification failed", &[]), &[]);
    assert!(cause.contains("compare the ACS URL") && !cause.contains("often the check"), "{cause}");
    for behind in [("https://cvat.acme.test/", words), (&finish, "welcome")] {
        let page = page(&har(302, "", &[behind]), &[]);
        assert!(page.contains("Nothing has to be done.") && !page.contains("BIND013"), "{page}");
    }
}

#[test]
fn everything_but_an_accepted_message_is_called_unverified_and_has_no_account() {
    let message = assertion().mint();
    let forged = message.replace("annotators", "owners");
    for (message, arguments, word) in [
        (forged.as_str(), &["--request-id", REQUEST][..], "Rejected"),
        (&message, &["--at", "2026-11-25T12:00:00Z"], "Rejected"),
        (&message, &["--require-all"], "Undecided"),
        (REQUEST_MESSAGE, &[], "No verdict"),
    ] {
        let page = page(message, arguments);
        assert!(page.contains(&format!("{word}:</span>")), "{word} in\n{page}");
        assert!(page.contains("UNVERIFIED"), "{word}");
        assert!(!page.contains("The account"), "{word}");
    }
}

#[test]
fn what_to_do_first_names_no_flag_of_ssoctl_and_is_never_empty() {
    for arguments in [&["--at", "2026-11-25T12:00:00Z"][..], &["--request-id", REQUEST]] {
        let page = page(&assertion().mint().replace("annotators", "owners"), arguments);
        let (_, first) = page.split_once("What to do first").expect("something to do");
        let (first, _) = first.split_once("</header>").expect("its end");
        assert!(first.contains("<li>") && !first.contains(" --"), "{first}");
    }
    let late = page(&assertion().mint(), &["--at", "2026-11-25T12:00:00Z"]);
    assert!(late.contains("For whoever runs ssoctl"), "{late}");
}

#[test]
fn the_ends_of_a_span_stand_together_and_not_under_the_clock() {
    let page = page(&assertion().mint(), &["--at", "2026-11-25T12:00:00Z"]);
    let ends = page.split_once("class=\"quiet ends\">").expect("a span").1;
    let ends = ends.split_once("</p>").expect("its end").0;
    assert!(ends.contains(" to ") && !ends.contains('<'), "{ends}");
}

#[test]
fn what_a_forged_message_says_has_no_bar_beside_it() {
    let page = page(&assertion().mint().replace("annotators", "owners"), &[]);
    assert!(page.contains("signature 1: does not hold"), "{page}");
    assert!(page.contains("No signature was found to hold"));
    assert!(!page.contains("class=\"bar n1\"") && !page.contains("(signed by"));
}

#[test]
fn only_what_an_assertion_signature_covers_has_a_bar_beside_it() {
    let page = page(&assertion().mint(), &[]);
    let row = |name: &str| {
        let at = page.find(&format!("<b>{name}</b>")).expect("a row");
        let start = page[..at].rfind("<li>").expect("its start");
        &page[start..at]
    };
    for name in ["Response", "Status", "StatusCode", "Signature"] {
        assert!(!row(name).contains("bar n1"), "{name}");
    }
    for name in ["Assertion", "Subject", "NameID", "Conditions", "AttributeValue"] {
        assert!(row(name).contains("bar n1"), "{name}");
    }
}

#[test]
fn the_difference_between_two_texts_is_marked() {
    let short = AUDIENCE.trim_end_matches('/');
    let spec = assertion().asserting(&format!("{AUDIENCE}</"), &format!("{short}</"));
    let page = page(&spec.mint(), &["--request-id", REQUEST]);
    assert!(page.contains(&format!("{short}<mark>/</mark></code>")), "{page}");
    assert!(page.contains(&format!("{short}<mark class=\"gap\"")), "{page}");
    assert!(page.contains("What to do first"));
}

#[test]
fn an_encrypted_assertion_is_marked_as_such() {
    let page = page(&encrypted().mint(), &["--key", "app.key"]);
    for part in ["bar sealed", "(was encrypted)", "encrypted, decrypted below", "AES-256-GCM"] {
        assert!(page.contains(part), "{part} in\n{page}");
    }
    let closed = self::page(&encrypted().mint(), &[]);
    assert!(closed.contains("Rejected:</span>"), "CVAT has no key: {closed}");
    assert!(!closed.contains(HONEST) && !closed.contains("(was encrypted)"));
    assert!(!closed.contains("Looked for, but not sent"), "nobody can know");
}

#[test]
fn no_value_of_a_message_becomes_a_part_of_the_page() {
    let page = page(&hostile(), &[]);
    assert_eq!(page.matches("<script>").count(), 1, "only our own");
    assert_eq!(page.matches("<style>").count(), 1);
    assert!(!page.contains("<img") && !page.contains("</title><"));
    assert!(page.contains("\\u{202e}") && page.contains("\\u{85}"), "{page}");
    let bad = |c: char| c != '\n' && ssoctl::source::is_unprintable(c);
    assert!(!page.contains(bad));
}

#[test]
fn the_page_asks_nobody_for_anything() {
    for message in
        [both().mint(), hostile(), REQUEST_MESSAGE.to_owned(), "SAMLResponse=".to_owned()]
    {
        let page = page(&message, &[]);
        assert!(page.contains("default-src 'none'"));
        for word in
            ["@import", "url(", "<iframe", "<base", "<link rel=\"stylesheet", "fetch(", "action="]
        {
            assert!(!page.contains(word), "{word}");
        }
        for (at, name) in page.match_indices(" href=\"").chain(page.match_indices(" src=\"")) {
            assert!(page[at + name.len()..].starts_with("data:,"), "{}", &page[at..at + 60]);
        }
    }
}

#[test]
fn the_policy_of_the_page_allows_its_own_script_and_style_and_nothing_else() {
    let page = page(&both().mint(), &[]);
    assert!(!page.contains("'unsafe-inline'"));
    assert!(!page.contains(" style=\"") && !page.contains(" onclick="));
    for tag in ["script", "style"] {
        let (_, rest) = page.split_once(&format!("<{tag}>")).expect("it opens");
        let (text, _) = rest.split_once(&format!("</{tag}>")).expect("it closes");
        let hash = base64::Engine::encode(&STANDARD, Hash::Sha256.of(text.as_bytes()));
        assert!(page.contains(&format!("{tag}-src 'sha256-{hash}'")), "{tag}");
    }
}

#[test]
fn the_page_is_well_formed_for_its_main_part() {
    for message in [both().mint(), encrypted().mint(), hostile(), REQUEST_MESSAGE.to_owned()] {
        let page = page(&message, &["--key", "app.key"]);
        let (_, main) = page.split_once("<main>").expect("it opens");
        let (main, _) = main.split_once("</main>").expect("it closes");
        let xml = format!("<main>{}</main>", main.replace(" hidden>", ">").replace("<br>", ""));
        let read = ssoctl::xml::tree::Document::read(&xml, ssoctl::xml::Limits::default());
        assert!(read.is_ok(), "{:?}\n{xml}", read.err());
    }
}

#[test]
fn a_masked_page_shows_nothing_personal() {
    for message in [both().mint(), both().mint().replace("annotators", "owners")] {
        let page = page(&message, &["--mask"]);
        for personal in [HONEST, "alice", "00u1", "annotators"] {
            assert!(!page.contains(personal), "{personal} in\n{page}");
        }
        assert!(page.contains("***@corp.test"));
    }
}

#[test]
fn a_large_message_makes_a_page_of_bounded_size_in_time() {
    let one =
        "<saml:Attribute Name=\"a\"><saml:AttributeValue>b</saml:AttributeValue></saml:Attribute>";
    let signature = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"></ds:Signature>";
    let statement = format!("<saml:AttributeStatement>{}", one.repeat(3000));
    let many = assertion().asserting("<saml:AttributeStatement>", &statement);
    let message =
        many.mint().replace("<samlp:Status>", &format!("{}<samlp:Status>", signature.repeat(200)));
    let start = Instant::now();
    let page = page(&message, &[]);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    assert!(page.len() < 1 << 20, "{}", page.len());
}

/// For tests/browser/message_test.py, which opens them.
#[test]
fn pages_for_the_browser_are_written() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("message");
    fs::create_dir_all(&folder).expect("a folder");
    let short = AUDIENCE.trim_end_matches('/');
    let rejected = both().asserting(&format!("{AUDIENCE}</"), &format!("{short}</"));
    let sound = ["--request-id", REQUEST, "--key", "app.key"];
    for (name, message, arguments) in [
        ("accepted", both().mint(), &sound[..]),
        ("encrypted", encrypted().mint(), &sound),
        ("rejected", rejected.mint(), &sound),
        ("forged", both().mint().replace("annotators", "owners"), &sound),
        ("expired", assertion().mint(), &["--at", "2026-11-25T14:00:00Z"]),
        ("undecided", both().mint(), &["--require-all"]),
        ("closed", encrypted().mint(), &[]),
        ("request", REQUEST_MESSAGE.to_owned(), &[]),
        ("malformed", "SAMLResponse=PG5v&SAMLResponse=PG5v".to_owned(), &[]),
        ("masked", both().mint(), &["--mask"]),
        ("hostile", hostile(), &[]),
    ] {
        fs::write(folder.join(format!("{name}.html")), page(&message, arguments)).expect("written");
    }
}

fn assertion() -> Spec {
    Spec::new(Protection::Assertion, "idp-rsa", Method::RsaSha256)
}

fn both() -> Spec {
    Spec::new(Protection::Both, "idp-rsa", Method::RsaSha256)
}

fn encrypted() -> Spec {
    let mut spec = assertion();
    let transport = Transport::Oaep(Hash::Sha256, Hash::Sha256);
    spec.encryption = Some(Encryption::new(Cipher::Aes256Gcm, transport));
    spec
}

/// A recording: the post to the application, its answer, and pages that came behind it.
fn har(status: u16, body: &str, behind: &[(&str, &str)]) -> String {
    let form: String =
        url::form_urlencoded::byte_serialize(STANDARD.encode(assertion().mint()).as_bytes())
            .collect();
    let date = json!([{"name": "Date", "value": "Tue, 24 Nov 2026 12:00:00 GMT"}]);
    let post = json!({
        "request": {"method": "POST", "url": ACS, "headers": [],
            "postData": {"text": format!("SAMLResponse={form}")}},
        "response": {"status": status, "headers": date, "content": {"text": body}}});
    let page = |(url, text): &(&str, &str)| {
        json!({"request": {"method": "GET", "url": url, "headers": []},
            "response": {"status": 200, "headers": date, "content": {"text": text}}})
    };
    let entries: Vec<_> = std::iter::once(post).chain(behind.iter().map(page)).collect();
    json!({"log": {"entries": entries}}).to_string()
}

/// A message whose values try to be markup, to turn around and to be very long.
fn hostile() -> String {
    let long = "W".repeat(3000);
    let markup =
        "&lt;/code>&lt;/title>&lt;script>hacked=1&lt;/script>&lt;img src=x onerror=hacked=2>";
    let spec = assertion()
        .asserting("annotators", &format!("{markup}\u{202e}b\u{85}{long}"))
        .asserting(">00u1<", ">'\" {{7*7}} {% x %}<")
        .asserting(&format!("{AUDIENCE}</"), &format!("{AUDIENCE}{markup}{long}</"));
    spec.mint()
}

/// Runs the command by a configuration of CVAT; arguments that name a file are made paths.
fn page(message: &str, arguments: &[&str]) -> String {
    let room = tempfile::tempdir().expect("a folder");
    let path = |name: &str| -> PathBuf { room.path().join(name) };
    let certificate = format!("        {}", keys::pem("idp-rsa.crt").trim_end());
    let certificate = certificate.replace('\n', "\n        ");
    fs::write(path("auth_config.yml"), CONFIGURATION.replace("CERTIFICATE", &certificate))
        .expect("written");
    fs::write(path("app.key"), keys::pem("sp.key")).expect("written");
    fs::write(path("message.txt"), message).expect("written");
    let fixed =
        ["message.txt", "--config", "auth_config.yml", "--format", "html", "--output", "page.html"];
    let base = ["decode-assertion", "--base-url", "https://cvat.acme.test"];
    let all = base.iter().chain(&fixed).chain(arguments);
    let is_file = |name: &str| Path::new(name).extension().is_some() && !name.contains('/');
    let all: Vec<String> = all
        .map(|one| {
            if is_file(one) { path(one).to_string_lossy().into_owned() } else { (*one).to_owned() }
        })
        .collect();
    let run = ssoctl(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let page = fs::read_to_string(path("page.html"));
    let page = page.unwrap_or_else(|_| panic!("no page: {}{}", run.stdout, run.stderr));
    page.replace(&*room.path().to_string_lossy(), "room")
}

const REQUEST_MESSAGE: &str = concat!(
    "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_request-1\" ",
    "Version=\"2.0\" IssueInstant=\"2026-11-24T11:59:40Z\" ",
    "Destination=\"https://idp.corp.test/sso\" AssertionConsumerServiceURL=",
    "\"https://cvat.acme.test/api/auth/saml/okta-saml/acs/\">",
    "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">",
    "https://cvat.acme.test/api/auth/saml/okta-saml/metadata/</saml:Issuer></samlp:AuthnRequest>",
);

const CONFIGURATION: &str = "\
sso:
  enabled: true
  identity_providers:
    - id: okta-saml
      name: Okta
      protocol: SAML
      entity_id: https://idp.corp.test/saml
      sso_url: https://idp.corp.test/sso
      x509_cert: |
CERTIFICATE
      attribute_mapping:
        uid: uid
        email: email
        first_name: givenName
        groups: memberOf
";
