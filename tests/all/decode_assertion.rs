//! `ssoctl decode-assertion`: verdicts, exit codes and what is told, on messages of an own minter.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::attacks::encrypt::{Cipher, Encryption, Transport};
use crate::attacks::keys::{self, Hash, Method};
use crate::attacks::mint::{ACS, AUDIENCE, HONEST, ISSUER, Protection, REQUEST, Spec};
use crate::run::{Run, ssoctl, ssoctl_with};

#[test]
fn a_refusal_is_explained_by_the_number_in_its_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("refused.xml");
    fs::write(&file, REFUSED).expect("written");
    let run = ssoctl(&[
        "decode-assertion",
        file.to_str().expect("UTF-8"),
        "--at",
        "2026-11-24T12:00:00Z",
    ]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    for words in ["SAML003", "answered `Responder / AuthnFailed`", "= means: ", "= usual cause: "] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    let known = &ssoctl::apps::errors::named("AADSTS50105")[0];
    let fix: String = known.fix.split(' ').take(3).collect::<Vec<_>>().join(" ");
    assert!(run.stdout.contains(&fix), "{fix}: {}", run.stdout);
    fs::write(&file, REFUSED.replace("AADSTS50105: ", "")).expect("written");
    let run = ssoctl(&["decode-assertion", file.to_str().expect("UTF-8")]);
    assert!(
        run.stdout.contains("= means: the person could not be authenticated"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_sound_message_is_accepted_and_the_account_is_told() {
    let room = Room::new();
    let run = room.by_configuration(&sound().mint(), &["--request-id", REQUEST]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    for part in [
        "ACCEPTED  CVAT would log in alice@corp.test (uid 00u1)",
        "RSA-SHA256, key ",
        "-> email",
        "-> uid",
        "not used",
        "not made (replay)",
    ] {
        assert!(run.stdout.contains(part), "{part} in\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("UNVERIFIED"), "{}", run.stdout);
}

#[test]
fn a_message_for_another_application_is_rejected_with_both_texts() {
    let room = Room::new();
    let short = AUDIENCE.trim_end_matches('/');
    let spec = sound().asserting(&format!("{AUDIENCE}</"), &format!("{short}</"));
    let run = room.by_configuration(&spec.mint(), &[]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    for part in [
        "REJECTED  CVAT would not log anyone in",
        &format!("expected  {AUDIENCE}\n"),
        &format!("got       {short}\n"),
        "slash",
        "UNVERIFIED until",
    ] {
        assert!(run.stdout.contains(part), "{part} in\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("would log in"), "{}", run.stdout);
}

#[test]
fn the_exit_code_is_that_of_the_verdict() {
    let room = Room::new();
    let parts = ["--cert", "idp.crt", "--acs", ACS, "--audience", AUDIENCE, "--issuer", ISSUER];
    let certificate = [&parts[..], &["--request-id", REQUEST]].concat();
    let message = sound().mint();
    let forged = message.replace("annotators", "owners");
    let base64 = STANDARD.encode(&message);
    let escaped: String = url::form_urlencoded::byte_serialize(base64.as_bytes()).collect();
    for (message, arguments, code) in [
        (message.as_str(), &certificate[..], 0),
        (&message, &[&certificate[..8], &["--require-all"]].concat()[..], 3),
        (&message, &[&certificate[..], &["--require-all"]].concat()[..], 0),
        (&message, &[], 3),
        (&message, &["--cert", "other.crt"], 1),
        (&forged, &certificate[..], 1),
        (&format!("SAMLResponse={escaped}&SAMLResponse={escaped}"), &certificate[..], 1),
        (&format!("SAMLResponse={escaped}"), &certificate[..], 0),
        ("<note/>", &certificate[..], 2),
        (&message, &["--cert", "missing.crt"], 2),
        (&message, &["--cert", "app.key"], 2),
        (&message, &["--config", "auth_config.yml", "--provider", "nobody"], 2),
    ] {
        let run = room.run(message, arguments);
        assert_eq!(run.code, code, "{arguments:?}\n{}{}", run.stdout, run.stderr);
    }
}

#[test]
fn of_a_federation_only_the_keys_of_the_sender_count() {
    let room = Room::new();
    let entity = |id: &str, file: &str| {
        format!(
            "<m:EntityDescriptor entityID=\"{id}\"><m:IDPSSODescriptor \
             protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <m:KeyDescriptor use=\"signing\"><d:KeyInfo><d:X509Data><d:X509Certificate>{}\
             </d:X509Certificate></d:X509Data></d:KeyInfo></m:KeyDescriptor>\
             <m:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
             Location=\"https://idp.corp.test/sso\"/></m:IDPSSODescriptor></m:EntityDescriptor>",
            keys::certificate_base64(file)
        )
    };
    let federation = |sender: &str, other: &str, filler: usize| {
        format!(
            "<m:EntitiesDescriptor xmlns:m=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
             xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\">{}{}{}</m:EntitiesDescriptor>",
            entity(ISSUER, sender),
            entity("https://other.corp.test/saml", other),
            (0..filler)
                .map(|n| entity(&format!("https://n{n}.test/"), "idp-rsa"))
                .collect::<String>()
        )
    };
    let message = sound().mint();
    for filler in [0, 6000] {
        room.write("right.xml", &federation("idp-rsa", "other-idp", filler));
        room.write("swapped.xml", &federation("other-idp", "idp-rsa", filler));
        let run = room.run(&message, &["--metadata", "right.xml"]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        let run = room.run(&message, &["--metadata", "swapped.xml"]);
        assert_eq!(run.code, 1, "another member signed it:\n{}{}", run.stdout, run.stderr);
        let run = room.run(&message, &["--metadata", "right.xml", "--issuer", "https://x.test/"]);
        assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    }
}

#[test]
fn a_reformatted_message_is_not_blamed_on_the_certificate() {
    let room = Room::new();
    let pretty = sound().mint().replace("><", ">\n  <");
    let dense =
        sound().signing(|signing| signing.writing("<ds:SignedInfo>", "<ds:SignedInfo>\n  "));
    let noblanks = dense.mint().replace("<ds:SignedInfo>\n  ", "<ds:SignedInfo>");
    for message in [&pretty, &noblanks] {
        let run = room.run(message, &["--cert", "idp.crt"]);
        assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains("the certificate is the right one"), "{}", run.stdout);
        assert!(run.stdout.contains("not a pretty-printed copy"), "{}", run.stdout);
        assert!(!run.stdout.contains("pin the certificate"), "{}", run.stdout);
        let run = room.run(message, &["--cert", "other.crt"]);
        assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        assert!(!run.stdout.contains("certificate is the right one"), "{}", run.stdout);
    }
}

#[test]
fn a_stranger_among_keys_is_shown_beside_those_that_were_given() {
    let room = Room::new();
    let run = room.run(&sound().mint(), &["--cert", "other.crt"]);
    assert!(run.stdout.contains("SIG018"), "{}", run.stdout);
    let printed = |name: &str| {
        let digest = ssoctl::crypto::key::fingerprint(&keys::certificate_der(name));
        assert!(run.stdout.replace("\n     ", " ").contains(&digest), "{digest}\n{}", run.stdout);
        digest
    };
    assert_ne!(printed("idp-rsa"), printed("other-idp"));
    let run = room.run(&sound().mint(), &["--cert", "idp.crt", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(report["view"]["signatures"][0]["key"], printed("idp-rsa"));
}

#[test]
fn what_was_not_checked_stands_beside_the_acceptance() {
    let room = Room::new();
    let run = room.run(&sound().mint(), &["--cert", "idp.crt"]);
    let first: Vec<&str> = run.stdout.lines().take_while(|line| !line.is_empty()).collect();
    let first = first.join(" ");
    assert!(first.starts_with("ACCEPTED  the message is sound so far"), "{first}");
    for item in ["audience", "issuer", "recipient"] {
        assert!(first.contains(item), "{item} in {first}");
    }
}

#[test]
fn a_login_that_failed_is_not_asked_for_an_assertion() {
    let room = Room::new();
    let failed = concat!(
        "<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' ID='_a' Version='2.0' ",
        "IssueInstant='2026-11-24T12:00:00Z'><p:Status><p:StatusCode ",
        "Value='urn:oasis:names:tc:SAML:2.0:status:Responder'/></p:Status></p:Response>",
    );
    let run = room.run(failed, &["--cert", "idp.crt"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stdout.contains("error[SAML003]"), "{}", run.stdout);
    for consequence in ["SAML004", "SIG020"] {
        assert!(!run.stdout.contains(consequence), "{consequence} in\n{}", run.stdout);
    }
}

#[test]
fn a_key_that_does_not_fit_is_called_so() {
    let room = Room::new();
    room.write("wrong.key", &keys::pem("idp-rsa.key"));
    let mut spec = sound();
    let transport = Transport::Oaep(Hash::Sha256, Hash::Sha256);
    spec.encryption = Some(Encryption::new(Cipher::Aes256Gcm, transport));
    let run = room.run(&spec.mint(), &["--cert", "idp.crt", "--key", "wrong.key"]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("the given private key (--key) does not fit"), "{}", run.stdout);
    assert!(!run.stdout.contains("nothing else would stop it"), "{}", run.stdout);
    assert!(run.stdout.contains("nothing outside of what is encrypted"), "{}", run.stdout);
}

#[test]
fn what_cvat_cannot_decrypt_is_not_asked_a_key_for() {
    let room = Room::new();
    let mut spec = sound();
    let transport = Transport::Oaep(Hash::Sha256, Hash::Sha256);
    spec.encryption = Some(Encryption::new(Cipher::Aes256Gcm, transport));
    let run = room.by_configuration(&spec.mint(), &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("turn encryption off"), "{}", run.stdout);
    assert!(!run.stdout.contains("private key"), "{}", run.stdout);
}

#[test]
fn a_message_in_the_place_of_its_file_is_named_and_not_shown() {
    let base64 = STANDARD.encode(format!("<?xml version='1.0'?>{REQUEST_MESSAGE}"));
    let plain = STANDARD.encode(REQUEST_MESSAGE);
    for input in [
        "https://cvat.acme.test/acs?SAMLResponse=abcdef",
        "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.",
        REQUEST_MESSAGE,
        &base64,
        &plain,
    ] {
        for command in ["decode-assertion", "decode-token"] {
            let run = ssoctl(&[command, input]);
            assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
            assert!(run.stderr.contains("is the content itself"), "{}", run.stderr);
            let start: String = input.chars().take(12).collect();
            assert!(!run.stderr.contains(&start), "{}", run.stderr);
        }
    }
    let run = ssoctl(&["decode-assertion", "response.txt"]);
    assert!(run.stderr.contains("no such file"), "{}", run.stderr);
}

#[test]
fn a_message_that_was_cut_off_is_told_how_far_it_goes() {
    let room = Room::new();
    let message = sound().mint();
    let in_text = message.find("alice").expect("a name") + 3;
    let in_tag = message.find("<saml:Subject").expect("a tag") + 5;
    for end in [in_text, in_tag] {
        let run = room.run(&message[..end], &["--cert", "idp.crt"]);
        assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        let told = format!("the message is cut off after {end} characters");
        assert!(run.stdout.contains(&told), "{}", run.stdout);
        assert!(run.stdout.contains("copy all of it"), "{}", run.stdout);
    }
    let crossed = message.replace("</samlp:Response>", "</samlp:Other>");
    let run = room.run(&crossed, &["--cert", "idp.crt"]);
    assert!(!run.stdout.contains("cut off"), "{}", run.stdout);
}

#[test]
fn places_in_decoded_text_are_no_places_of_the_file() {
    let room = Room::new();
    let message = sound().mint().replace("annotators", "owners");
    let encoded = STANDARD.encode(&message);
    let places = |message: &str, format: &str| {
        let run = room.run(message, &["--cert", "idp.crt", "--format", format]);
        assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        run.stdout
    };
    for (format, mark) in [("sarif", "\"region\""), ("github", ",line="), ("markdown", " 1:")] {
        assert!(places(&message, format).contains(mark), "{format}");
        assert!(!places(&encoded, format).contains(mark), "{format}");
    }
    assert!(places(&encoded, "json").contains("of the decoded message"));
    assert!(!places(&message, "json").contains("of the decoded message"));
    assert!(places(&encoded, "markdown").contains("in 1 file"));
}

#[test]
fn without_a_key_nothing_is_decided_and_what_is_missing_is_told() {
    let room = Room::new();
    let run = room.run(&sound().mint(), &[]);
    assert!(run.stdout.starts_with("UNDECIDED"), "{}", run.stdout);
    assert!(run.stdout.contains("--metadata or --cert"), "{}", run.stdout);
    assert!(run.stdout.contains("UNVERIFIED"), "{}", run.stdout);
}

#[test]
fn an_encrypted_assertion_is_read_with_the_key_of_the_application() {
    let room = Room::new();
    let mut spec = sound();
    let transport = Transport::Oaep(Hash::Sha256, Hash::Sha256);
    spec.encryption = Some(Encryption::new(Cipher::Aes256Gcm, transport));
    let message = spec.mint();
    let trusted = ["--cert", "idp.crt"];
    let run = room.run(&message, &[&trusted[..], &["--key", "app.key"]].concat());
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("encrypted assertion: AES-256-GCM"), "{}", run.stdout);
    let closed = room.run(&message, &trusted);
    assert_eq!(closed.code, 3, "{}{}", closed.stdout, closed.stderr);
}

#[test]
fn the_report_follows_its_schema_whatever_the_verdict() {
    let room = Room::new();
    let schema = fs::read_to_string("schemas/report.schema.json").expect("a file");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let message = sound().mint();
    let configuration = ["--config", "auth_config.yml", "--base-url", "https://cvat.acme.test"];
    for (message, class) in [
        (message.as_str(), json!("accept")),
        (&message.replace("annotators", "owners"), json!("reject")),
        (
            "<!DOCTYPE x><Response xmlns='urn:oasis:names:tc:SAML:2.0:protocol'/>",
            json!("malformed"),
        ),
        (REQUEST_MESSAGE, Value::Null),
    ] {
        let run = room.run(message, &[&configuration[..], &["--format", "json"]].concat());
        let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{}", run.stdout);
        assert_eq!(report["verdict"]["class"], class, "{}", run.stdout);
        assert_eq!(report["verdict"]["account"].is_object(), class == "accept");
    }
}

#[test]
fn a_masked_report_holds_nothing_personal() {
    let room = Room::new();
    let named = || sound().asserting("annotators", "zebra-team");
    let expired = named().asserting(
        "11:55:00Z\" NotOnOrAfter=\"2026-11-24T12:05",
        "11:50:00Z\" NotOnOrAfter=\"2026-11-24T11:51",
    );
    for message in [named().mint(), expired.mint()] {
        for format in ["text", "json", "html", "sarif", "markdown"] {
            let run = room.by_configuration(&message, &["--mask", "--verbose", "--format", format]);
            for personal in [HONEST, "alice", "00u1", "zebra-team"] {
                assert!(!run.stdout.contains(personal), "{personal} in {format}:\n{}", run.stdout);
            }
        }
    }
}

#[test]
fn plain_text_in_a_file_that_is_called_otherwise_is_told() {
    let room = Room::new();
    let told = |name: &str, format: &str| {
        let file = room.path(name);
        let arguments = ["--cert", "idp.crt", "-o", &file, "--format", format];
        room.run(&sound().mint(), &arguments).stderr.contains("--format html writes html")
    };
    assert!(told("page.html", "text") && told("PAGE.HTM", "text"));
    assert!(!told("page.txt", "text") && !told("page.html", "html"));
}

#[test]
fn a_masked_report_keeps_known_codes_and_no_folders() {
    let room = Room::new();
    for format in ["text", "json", "html"] {
        let arguments = ["--mask", "-v", "--format", format];
        let run = room.by_configuration(REFUSED, &arguments);
        assert!(run.stdout.contains("AADSTS50105 ***"), "{format}: {}", run.stdout);
        assert!(!run.stdout.contains("to a role"), "{format}: {}", run.stdout);
        let folder = room.path("");
        for message in
            [sound().mint(), REFUSED.to_owned(), "SAMLResponse=PG5v&SAMLResponse=PG5v".to_owned()]
        {
            let run = room.by_configuration(&message, &arguments);
            assert!(!run.stdout.contains(&folder), "{format}: {}", run.stdout);
        }
    }
}

#[test]
fn what_a_masked_report_hides_stays_hidden_however_words_name_it() {
    let room = Room::new();
    let shown = |message: &str, more: &[&str]| {
        let formats = ["text", "json", "html", "sarif", "markdown", "github", "junit"];
        let run = |format: &&str| {
            let arguments = [&["--mask", "-v", "--format", format], more].concat();
            let run = room.by_configuration(message, &arguments);
            assert!(run.code < 3, "{format}: {}", run.stderr);
            run.stdout
        };
        formats.iter().map(run).collect::<String>()
    };
    let escaped = sound().asserting("alice@corp.test", "ALICE&#8238;ZEBEDEE@corp.test").mint();
    let inside = sound().asserting(">annotators<", "><x>ZEBEDEE</x><").mint();
    let full_name = sound().asserting(">00u1<", ">ZEBEDEE Person<").mint();
    let refused = REFUSED.replace("the person", "ZEBEDEE");
    for message in [escaped, inside, full_name, refused] {
        let shown = shown(&message, &[]);
        assert!(!shown.to_uppercase().contains("ZEBEDEE"), "{message}\n{shown}");
    }
}

#[test]
fn a_message_that_breaks_one_rule_a_thousand_times_is_told_shortly() {
    let room = Room::new();
    let comments = "<!---->a".repeat(3000);
    let message = sound().asserting(">annotators<", &format!(">{comments}<")).mint();
    let run = room.by_configuration(&message, &["--mask", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    assert!(findings.iter().any(|one| one["code"] == "XML014") && findings.len() < 100);
}

#[test]
fn what_the_application_asked_for_is_what_its_answer_is_held_to() {
    let room = Room::new();
    let config = ["--config", "auth_config.yml"];
    let with = |spec: &Spec| har(&spec.mint(), REQUEST);
    for arguments in [&config[..], &["--cert", "idp.crt"]] {
        let sound = room.run(&with(&sound()), arguments);
        assert_eq!(sound.code, 0, "{}{}", sound.stdout, sound.stderr);
        assert!(!sound.stdout.contains("audience: pass"), "{}", sound.stdout);
        let other = sound_for("https://cvat.acme.test");
        let run = room.run(&with(&other), arguments);
        assert_eq!(run.code, 1, "{}", run.stdout);
        assert!(run.stdout.contains("error[SAML010]"), "{}", run.stdout);
    }
    let bare = ACS.trim_end_matches('/');
    let spec = sound().responding(ACS, bare).asserting(ACS, bare);
    let recorded =
        with(&spec).replace(&format!("\"url\":\"{ACS}\""), &format!("\"url\":\"{bare}\""));
    assert!(recorded.contains(&format!("\"{bare}\"")), "the slash is lost on the way too");
    for arguments in [&config[..], &["--cert", "idp.crt"]] {
        let run = room.run(&recorded, arguments);
        assert_eq!(run.code, 1, "{}", run.stdout);
        assert!(run.stdout.contains("the final slash is missing"), "{}", run.stdout);
    }
}

#[test]
fn a_recorded_request_of_another_application_answers_nothing() {
    let room = Room::new();
    let foreign = har(&sound().mint(), REQUEST);
    let own = STANDARD.encode(REQUEST_MESSAGE);
    let own: String = url::form_urlencoded::byte_serialize(own.as_bytes()).collect();
    let other = REQUEST_MESSAGE.replace("cvat.acme.test", "other.acme.test");
    let other = STANDARD.encode(other);
    let other: String = url::form_urlencoded::byte_serialize(other.as_bytes()).collect();
    let unchecked = "in response to: pass --request-id";
    let run = room.by_configuration(&foreign, &[]);
    assert!(!run.stdout.contains(unchecked), "{}", run.stdout);
    let foreign = foreign.replace(&own, &other);
    let run = room.by_configuration(&foreign, &[]);
    assert!(run.stdout.contains(unchecked), "{}", run.stdout);
}

#[test]
fn a_response_that_the_application_does_not_read_is_not_accepted_for_it() {
    let room = Room::new();
    let recorded = har(&sound().mint(), REQUEST);
    let posted = |from: &str, to: &str| {
        let changed = recorded.replacen(from, to, 2);
        assert_ne!(changed, recorded, "{from}");
        changed
    };
    assert_eq!(room.by_configuration(&recorded, &[]).code, 0);
    let refused = [
        (posted("\"method\":\"POST\"", "\"method\":\"GET\""), "BIND015"),
        (
            posted(&format!("\"url\":\"{ACS}\""), "\"url\":\"https://cvat.acme.test/other\""),
            "SAML008",
        ),
        (
            posted(
                &format!("\"url\":\"{ACS}\""),
                &format!("\"url\":\"{}\"", ACS.replace("https", "http")),
            ),
            "SAML008",
        ),
    ];
    for (recording, code) in refused {
        let run = room.by_configuration(&recording, &[]);
        assert_eq!(run.code, 1, "{code}: {}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains(&format!("error[{code}]")), "{}", run.stdout);
    }
    let queried = posted(&format!("\"url\":\"{ACS}\""), &format!("\"url\":\"{ACS}?next=1\""));
    assert_eq!(room.by_configuration(&queried, &[]).code, 0, "a query is not compared");
}

fn sound_for(audience: &str) -> Spec {
    sound().asserting(AUDIENCE, audience)
}

#[test]
fn an_address_that_is_mapped_and_not_sent_is_warned_of_with_the_nearest() {
    let room = Room::new();
    let transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
    let spec = sound()
        .asserting("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", transient)
        .asserting("Name=\"email\"", "Name=\"Email\"");
    let run = room.by_configuration(&spec.mint(), &["--request-id", REQUEST]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("warning[SAML103]"), "{}", run.stdout);
    assert!(run.stdout.contains("map email to `Email`"), "{}", run.stdout);
    assert!(!run.stdout.contains("SAML020"), "the uid is an attribute: {}", run.stdout);
    let sound = room.by_configuration(&sound().mint(), &["--request-id", REQUEST]);
    assert!(!sound.stdout.contains("SAML103"), "{}", sound.stdout);
}

#[test]
fn of_several_providers_the_one_that_sent_the_message_is_taken() {
    let room = Room::new();
    let own = fs::read_to_string(room.path("auth_config.yml")).expect("a configuration");
    let entry = own.split("identity_providers:\n").nth(1).expect("a provider");
    let other =
        entry.replace("okta-saml", "other").replace("idp.corp.test/saml", "other.test/saml");
    room.write("two.yml", &format!("{own}{other}"));
    let arguments = ["--config", "two.yml", "--base-url", "https://cvat.acme.test"];
    let run = room.run(&sound().mint(), &arguments);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    room.write("twice.yml", &format!("{own}{}", entry.replace("okta-saml", "other")));
    let run = room.run(&sound().mint(), &["--config", "twice.yml"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(
        run.stderr.contains("the message is from https://idp.corp.test/saml"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_recording_gives_the_request_and_the_address_that_are_compared() {
    let room = Room::new();
    let run = room.run(&har(&sound().mint(), REQUEST), &["--cert", "idp.crt"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    for part in ["HAR > POST form > base64 > Response", "AuthnRequest", "* 2 POST Response"] {
        assert!(run.stdout.contains(part), "{part} in\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("--request-id"), "it is checked:\n{}", run.stdout);
    let other = har(&sound().mint(), "_other");
    let run = room.run(&other, &["--cert", "idp.crt", "-v"]);
    assert!(run.stdout.contains("BIND014"), "{}", run.stdout);
}

#[test]
fn an_expired_message_of_a_recording_names_the_clock_by_which_it_arrived() {
    let room = Room::new();
    let arguments = ["--cert", "idp.crt", "--at", "2026-11-25T12:00:00Z"];
    let run = room.run(&har(&sound().mint(), REQUEST), &arguments);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stdout.contains("24 h too late") || run.stdout.contains("23 h too late"));
    assert!(!run.stdout.contains("hint: it arrived"), "the clock was given:\n{}", run.stdout);
}

#[test]
fn a_request_is_shown_without_a_verdict() {
    let room = Room::new();
    let run = room.run(REQUEST_MESSAGE, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.starts_with("AuthnRequest  from"), "{}", run.stdout);
    assert!(run.stdout.contains(ACS), "{}", run.stdout);
}

#[test]
fn a_file_that_is_no_message_is_refused_with_the_command_that_reads_it() {
    let room = Room::new();
    room.write("idp.xml", "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'/>");
    let path = room.path("idp.xml");
    let run = ssoctl(&["decode-assertion", &path]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains(&format!("ssoctl check {path}")), "{}", run.stderr);
    let run = ssoctl_with(&["decode-assertion", "-"], b"sso:\n  enabled: true\n");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("ssoctl validate -"), "{}", run.stderr);
}

#[test]
fn no_value_of_a_message_acts_on_the_terminal() {
    let room = Room::new();
    let hostile = sound()
        .asserting("annotators", "a\u{202e}b")
        .asserting(">00u1<", ">&#x9;\u{feff}&#xD;\u{85}<");
    let run = room.run(&hostile.mint(), &["--cert", "idp.crt", "-v"]);
    let bad = |c: char| c != '\n' && ssoctl::source::is_unprintable(c);
    assert!(!run.stdout.contains(bad), "{:?}", run.stdout);
}

#[test]
fn no_cut_and_no_flip_of_a_message_panics_or_is_accepted() {
    let room = Room::new();
    let message = sound().mint();
    let base64 = STANDARD.encode(&message);
    for text in [message.as_str(), &base64] {
        for at in (0..text.len()).step_by(1 + text.len() / 60) {
            let mut flipped = text.as_bytes().to_vec();
            flipped[at] ^= 1 << (at % 7);
            for changed in [&text.as_bytes()[..at], &flipped] {
                let input = String::from_utf8_lossy(changed);
                let run = room.run(&input, &["--cert", "idp.crt", "--format", "json"]);
                assert_ne!(run.code, 101, "{input}");
                let is_accepted = run.code == 0;
                assert!(!is_accepted || is_unchanged(&input, &message), "at {at}: {input}");
            }
        }
    }
}

/// Whether a change lies outside of what the assertion's signature covers.
fn is_unchanged(input: &str, message: &str) -> bool {
    let plain = STANDARD.decode(input.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let input = plain.unwrap_or_else(|| input.to_owned());
    let covered = |text: &str| {
        let start = text.find("<saml:Assertion").unwrap_or(0);
        let end = text.find("<ds:Signature").unwrap_or(text.len()).max(start);
        let behind = text.find("<saml:Subject>").unwrap_or(end);
        let last = text.find("</saml:Assertion>").unwrap_or(text.len()).max(behind);
        format!("{}{}", &text[start..end], &text[behind..last])
    };
    covered(&input) == covered(message)
}

#[test]
fn quiet_says_nothing_of_an_accepted_message_and_all_of_a_rejected_one() {
    let room = Room::new();
    let message = sound().mint();
    let run = room.run(&message, &["--cert", "idp.crt", "-q"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    let run = room.run(&message.replace("annotators", "owners"), &["--cert", "idp.crt", "-q"]);
    assert!(run.stdout.starts_with("REJECTED"), "{}", run.stdout);
}

pub(crate) fn sound() -> Spec {
    Spec::new(Protection::Assertion, "idp-rsa", Method::RsaSha256)
}

/// A folder with certificates, keys and a configuration.
pub(crate) struct Room(TempDir);

impl Room {
    pub(crate) fn new() -> Self {
        let room = Self(tempfile::tempdir().expect("a folder"));
        for (name, from) in
            [("idp.crt", "idp-rsa.crt"), ("other.crt", "other-idp.crt"), ("app.key", "sp.key")]
        {
            room.write(name, &keys::pem(from));
        }
        let pem = keys::pem("idp-rsa.crt");
        let certificate =
            pem.replace("-----BEGIN", "        -----BEGIN").trim().replace('\n', "\n        ");
        let certificate = format!("        {}\n", certificate.trim());
        room.write("auth_config.yml", &CONFIGURATION.replace("CERTIFICATE", &certificate));
        room
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("UTF-8").to_owned()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).expect("written");
    }

    /// Runs the command on a message; arguments that name a file of the room are made paths.
    pub(crate) fn run(&self, message: &str, arguments: &[&str]) -> Run {
        self.write("message.txt", message);
        let input = self.path("message.txt");
        let is_file = |name: &str| Path::new(name).extension().is_some() && !name.contains('/');
        let arguments: Vec<String> = arguments
            .iter()
            .map(|one| if is_file(one) { self.path(one) } else { (*one).to_owned() })
            .collect();
        let arguments: Vec<&str> = ["decode-assertion", &input]
            .into_iter()
            .chain(arguments.iter().map(String::as_str))
            .collect();
        ssoctl(&arguments)
    }

    pub(crate) fn by_configuration(&self, message: &str, arguments: &[&str]) -> Run {
        let configuration = ["--config", "auth_config.yml", "--base-url", "https://cvat.acme.test"];
        self.run(message, &[&configuration[..], arguments].concat())
    }
}

fn har(message: &str, request: &str) -> String {
    let form = |text: &str| -> String {
        url::form_urlencoded::byte_serialize(STANDARD.encode(text).as_bytes()).collect()
    };
    let asked = REQUEST_MESSAGE.replace(REQUEST, request);
    let date = json!([{"name": "Date", "value": "Tue, 24 Nov 2026 12:00:00 GMT"}]);
    json!({"log": {"entries": [
        {"request": {"method": "POST", "url": "https://idp.corp.test/sso", "headers": [],
            "postData": {"text": format!("SAMLRequest={}", form(&asked))}},
         "response": {"status": 200, "headers": date}},
        {"request": {"method": "POST", "url": ACS, "headers": [],
            "postData": {"text": format!("SAMLResponse={}", form(message))}},
         "response": {"status": 302, "headers": date}},
    ]}})
    .to_string()
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
";
/// A response that lets nobody in, with a number of the identity provider.
const REFUSED: &str = concat!(
    r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r""#,
    r#" Version="2.0" IssueInstant="2026-11-24T11:59:00Z">"#,
    r#"<saml:Issuer>https://idp.corp.test/saml</saml:Issuer><samlp:Status>"#,
    r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">"#,
    r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/>"#,
    r#"</samlp:StatusCode>"#,
    r#"<samlp:StatusMessage>AADSTS50105: the person is not assigned to a role"#,
    r#"</samlp:StatusMessage></samlp:Status></samlp:Response>"#,
);
