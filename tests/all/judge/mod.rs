//! The judgement of messages: each rule by a message that breaks only that one, and the honest twin.

#![allow(clippy::too_many_lines, reason = "tables of cases")]

mod strictness;

use std::sync::Arc;

use crate::attacks::encrypt;
use crate::attacks::keys::{self, Hash, Method};
use crate::attacks::mint::{self, ACS, AUDIENCE, ISSUER, NOW, Protection, REQUEST, Spec};
use ssoctl::crypto::key::PrivateKey;
use ssoctl::libraries::{pysaml2, python3_saml};
use ssoctl::saml::expectation::Expectation;
use ssoctl::saml::judge::{Input, Judged, judge};
use ssoctl::saml::policy::Policy;
use ssoctl::source::Source;
use ssoctl::verdict::{Class, Verdict};
use ssoctl::xml::Limits;

#[test]
fn honest_messages_are_accepted_however_they_are_signed() {
    for (protection, key, method) in [
        (Protection::Response, "idp-rsa", Method::RsaSha256),
        (Protection::Assertion, "idp-p256", Method::EcdsaSha256),
        (Protection::Both, "idp-p256", Method::EcdsaSha256),
    ] {
        let judged = judged(&Spec::new(protection, key, method).mint());
        assert_eq!(told(&judged), "accept []", "{protection:?} {method:?}");
        let sent = judged.sent.expect("accepted");
        assert_eq!(sent.name_id.expect("a name").value, mint::HONEST);
        let names: Vec<&str> = sent.attributes.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["uid", "email", "groups"]);
    }
}

#[test]
fn each_rule_of_the_assertion_refuses_for_its_own_reason() {
    let bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    let restriction = format!(
        "<saml:AudienceRestriction><saml:Audience>{AUDIENCE}</saml:Audience>\
         </saml:AudienceRestriction>"
    );
    let other = restriction.replace(AUDIENCE, "https://other.test/");
    let both = format!("{restriction}{other}");
    let conditions_end = "NotOnOrAfter=\"2026-11-24T12:05:00Z\"";
    let recipient = format!("Recipient=\"{ACS}\"");
    let end = "NotOnOrAfter=\"2026-11-24T12:05:01Z\"";
    let version = "11:59:54Z\" Version=\"2.0\"";
    let cases: [(&str, &str, &str); 40] = [
        (&format!("<saml:Issuer>{ISSUER}"), "<saml:Issuer>https://other.test/", "saml-issuer"),
        (&format!("<saml:Issuer>{ISSUER}"), &format!("<saml:Issuer>{ISSUER}/"), "saml-issuer"),
        (&format!("<saml:Issuer>{ISSUER}"), "<saml:Issuer>", "saml-issuer"),
        (AUDIENCE, "https://other.test/", "saml-audience"),
        (AUDIENCE, "", "saml-audience"),
        (&restriction, "", "saml-audience"),
        (&restriction, &both, "saml-audience"),
        (conditions_end, "NotOnOrAfter=\"2026-11-24T11:57:00Z\"", "saml-expired"),
        (conditions_end, "NotOnOrAfter=\"2026-11-24T11:54:00Z\"", "saml-schema"),
        (
            "NotBefore=\"2026-11-24T11:55:00Z\"",
            "NotBefore=\"2026-11-24T12:03:01Z\"",
            "saml-not-yet-valid",
        ),
        (conditions_end, "NotOnOrAfter=\"2026-11-24T12:05:00\"", "saml-time-format"),
        (conditions_end, "NotOnOrAfter=\"12026-11-24T12:05:00Z\"", "saml-time-format"),
        ("<saml:Conditions ", "<saml:Conditions Count=\"1\" ", "-"),
        (
            "</saml:Conditions>",
            "</saml:Conditions><saml:Conditions></saml:Conditions>",
            "saml-schema",
        ),
        (
            "</saml:Conditions>",
            "<saml:Condition></saml:Condition></saml:Conditions>",
            "saml-condition-unknown",
        ),
        ("</saml:Conditions>", "<saml:OneTimeUse></saml:OneTimeUse></saml:Conditions>", "-"),
        (&recipient, "Recipient=\"https://other.test/\"", "saml-recipient"),
        (&format!(" {recipient}"), "", "saml-recipient"),
        ("NotOnOrAfter=\"2026-11-24T12:05:01Z\" ", "", "saml-subject-confirmation"),
        ("12:05:01Z", "11:57:00Z", "saml-expired"),
        (
            end,
            "NotBefore=\"2026-11-24T12:04:00Z\" NotOnOrAfter=\"2026-11-24T12:05:01Z\"",
            "saml-not-before",
        ),
        (end, "NotBefore=\"2026-11-24T11:00:00Z\" NotOnOrAfter=\"2026-11-24T12:05:01Z\"", "-"),
        (bearer, "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key", "saml-subject-confirmation"),
        (&format!(" Method=\"{bearer}\""), "", "saml-subject-confirmation"),
        (&format!("InResponseTo=\"{REQUEST}\""), "InResponseTo=\"_other\"", "saml-in-response-to"),
        ("20:00:00Z", "11:57:00Z", "saml-session-expired"),
        (
            "AuthnInstant=\"2026-11-24T11:59:50Z\"",
            "AuthnInstant=\"2026-11-24T12:03:01Z\"",
            "saml-issue-instant",
        ),
        (
            "IssueInstant=\"2026-11-24T11:59:54Z\"",
            "IssueInstant=\"2030-01-01T00:00:00Z\"",
            "saml-issue-instant",
        ),
        ("saml:AuthnStatement", "saml:Statement", "saml-authn-statement"),
        (">alice@corp.test</saml:NameID>", "></saml:NameID>", "saml-nameid"),
        (">alice@corp.test</saml:NameID>", "> </saml:NameID>", "saml-nameid"),
        (">alice@corp.test</saml:NameID>", ">alice\u{200b}@corp.test</saml:NameID>", "id-control"),
        (">alice@corp.test</saml:NameID>", ">Alice@corp.test</saml:NameID>", "-"),
        (
            ">alice@corp.test</saml:NameID>",
            " SPNameQualifier=\"https://other.test/\">alice@corp.test</saml:NameID>",
            "saml-nameid-qualifier",
        ),
        ("1.1:nameid-format:emailAddress", "2.0:nameid-format:transient", "-"),
        (version, "11:59:54Z\" Version=\"1.1\"", "saml-version"),
        (version, "11:59:54Z\"", "saml-version"),
        ("<saml:NameID ", "<saml:NameID><x></x></saml:NameID><saml:NameID ", "saml-schema"),
        ("<saml:Subject>", "<x></x><saml:Subject>", "saml-schema"),
        ("NotBefore=\"2026-11-24T11:55:00Z\"", "NotBefore=\"2026-11-24T12:00:00Z\"", "-"),
    ];
    for (from, to, name) in cases {
        let spec = Spec::new(Protection::Assertion, "idp-p256", Method::EcdsaSha256);
        let judged = judged(&spec.asserting(from, to).mint());
        let expected = if name == "-" { None } else { Some(name) };
        assert_eq!(decisive(&judged), expected, "{from} -> {to}: {}", told(&judged));
        assert_eq!(judged.sent.is_some(), expected.is_none(), "{from} -> {to}");
    }
}

#[test]
fn each_rule_of_the_response_refuses_for_its_own_reason() {
    let destination = format!("Destination=\"{ACS}\"");
    let answered = format!("InResponseTo=\"{REQUEST}\" ");
    let status = "<samlp:Status><samlp:StatusCode \
                  Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode>\
                  </samlp:Status>";
    let cases: [(&str, &str, &str); 14] = [
        (&destination, "Destination=\"https://other.test/\"", "saml-destination"),
        (&destination, "Destination=\"\"", "saml-destination"),
        (&format!("{destination} "), "", "saml-destination"),
        (ACS, &ACS.to_uppercase(), "saml-destination"),
        (&answered, "", "saml-in-response-to"),
        (&answered, "InResponseTo=\"_other\" ", "saml-in-response-to"),
        ("status:Success", "status:Responder", "saml-status"),
        (status, "<samlp:Status></samlp:Status>", "saml-status"),
        (status, "", "saml-status"),
        ("Version=\"2.0\"", "Version=\"2.1\"", "saml-version"),
        (" ID=\"_response-1\"", "", "saml-schema"),
        (
            "IssueInstant=\"2026-11-24T11:59:55Z\"",
            "IssueInstant=\"2026-11-24T12:03:01Z\"",
            "saml-issue-instant",
        ),
        (ISSUER, "https://other.test/", "saml-issuer"),
        ("{assertion}", "", "saml-no-assertion"),
    ];
    for (from, to, name) in cases {
        let is_signed = from != " ID=\"_response-1\"";
        let protection = if is_signed { Protection::Response } else { Protection::Assertion };
        let spec = Spec::new(protection, "idp-p256", Method::EcdsaSha256);
        let judged = judged(&spec.responding(from, to).mint());
        assert_eq!(decisive(&judged), Some(name), "{from} -> {to}: {}", told(&judged));
        assert!(judged.sent.is_none());
    }
}

#[test]
fn what_is_not_signed_or_changed_or_signed_by_another_is_refused() {
    let spec = Spec::new(Protection::Response, "idp-rsa", Method::RsaSha256);
    let cases = [
        (Spec::new(Protection::None, "idp-rsa", Method::RsaSha256).mint(), "sig-missing"),
        (spec.mint().replace(mint::HONEST, mint::FORGED), "sig-digest-mismatch"),
        (
            Spec::new(Protection::Response, "attacker", Method::RsaSha256).mint(),
            "sig-key-untrusted",
        ),
        (spec.mint().replace("alice@corp", "alice<!-- -->@corp"), "xml-differential"),
        (spec.mint().replace("alice@corp", "alice<?x y?>@corp"), "sig-digest-mismatch"),
        (
            Spec::new(Protection::Response, "idp-rsa", Method::RsaSha1)
                .signing(|mut one| {
                    one.digest = Hash::Sha1;
                    one
                })
                .mint(),
            "sig-algorithm-weak",
        ),
    ];
    for (text, name) in cases {
        let judged = judged(&text);
        assert_eq!(decisive(&judged), Some(name), "{}", told(&judged));
        assert!(judged.sent.is_none());
    }
}

#[test]
fn without_a_key_nothing_is_decided_and_a_refusal_still_is() {
    let spec = Spec::new(Protection::Both, "idp-rsa", Method::RsaSha256);
    let mut expectation = expectation();
    expectation.keys.clear();
    let open = judged_by(&spec.mint(), &expectation, &Policy::strict());
    assert_eq!(verdict(&open).class(), Class::Undecided, "{}", told(&open));
    assert_eq!(decisive(&open), Some("sig-no-key"));
    let wrong = spec.asserting(AUDIENCE, "https://other.test/").mint();
    let wrong = judged_by(&wrong, &expectation, &Policy::strict());
    assert_eq!(decisive(&wrong), Some("saml-audience"));
}

#[test]
fn encrypted_assertions_are_read_with_the_key_and_undecided_without() {
    for protection in
        [Protection::Response, Protection::Assertion, Protection::Both, Protection::None]
    {
        let mut spec = Spec::new(protection, "idp-p256", Method::EcdsaSha256);
        spec.encryption = Some(encrypt::Encryption::new(
            encrypt::Cipher::Aes256Gcm,
            encrypt::Transport::OaepMgf1p,
        ));
        let text = spec.mint();
        let judged = judged(&text);
        let expected = if protection == Protection::None { "reject" } else { "accept" };
        assert!(told(&judged).starts_with(expected), "{protection:?}: {}", told(&judged));
        let sent = judged.sent.and_then(|sent| sent.name_id).map(|name| name.value);
        assert_eq!(sent.as_deref() == Some(mint::HONEST), protection != Protection::None);
        let mut without = expectation();
        without.decryption_keys.clear();
        let closed = judged_by(&text, &without, &Policy::strict());
        assert_eq!(verdict(&closed).class(), Class::Undecided, "{}", told(&closed));
        assert_eq!(decisive(&closed), Some("enc-key-missing"));
    }
}

#[test]
fn what_was_not_checked_is_named() {
    let text = Spec::new(Protection::Both, "idp-rsa", Method::RsaSha256).mint();
    let bare = || {
        let mut bare = Expectation::at(NOW.parse().expect("an instant"));
        bare.pin(&keys::certificate_der("idp-rsa"), "idp-rsa.crt", None);
        bare
    };
    let judged = judged_by(&text, &bare(), &Policy::strict());
    let open: Vec<&str> = verdict(&judged).unchecked().iter().map(|one| one.item).collect();
    let items = ["issuer", "audience", "recipient", "destination", "in-response-to", "replay"];
    assert_eq!(open.len(), items.len(), "{open:?}");
    assert!(items.iter().all(|item| open.contains(item)), "{open:?}");
    let mut all = bare();
    all.requires_all = true;
    let judged = judged_by(&text, &all, &Policy::strict());
    assert_eq!(decisive(&judged), Some("saml-unchecked"));
    assert_eq!(verdict(&judged).class(), Class::Undecided);
}

#[test]
fn cvat_refuses_what_its_library_refuses_and_lets_through_what_that_lets_through() {
    let policy = python3_saml::policy("CVAT", true);
    let mut expectation = expectation();
    expectation.request_id = None;
    expectation.decryption_keys.clear();
    let answered = format!("InResponseTo=\"{REQUEST}\" ");
    let statement = "<saml:AttributeStatement>";
    let spec = || Spec::new(Protection::Response, "idp-p256", Method::EcdsaSha256);
    let none = |spec: Spec| {
        let start = spec.assertion.find(statement).expect("a statement");
        let end = spec.assertion.find("</saml:Assertion>").expect("an end");
        Spec {
            assertion: format!("{}{}", &spec.assertion[..start], &spec.assertion[end..]),
            ..spec
        }
    };
    let encrypted = |mut spec: Spec| {
        spec.encryption = Some(encrypt::Encryption::new(
            encrypt::Cipher::Aes256Gcm,
            encrypt::Transport::OaepMgf1p,
        ));
        spec
    };
    let cases = [
        (spec(), None),
        (spec().responding(&answered, "").asserting(&answered, ""), Some("saml-unsolicited")),
        (none(spec()), Some("saml-attributes-missing")),
        (encrypted(spec()), Some("enc-key-missing")),
        (spec().asserting("12:05:00Z", "11:55:01Z").asserting("11:55:00Z", "11:50:00Z"), None),
        (spec().asserting("12:05:01Z", "11:59:59Z"), Some("saml-expired")),
        (spec().asserting(AUDIENCE, "https://other.test/"), Some("saml-audience")),
        (spec().responding(&format!("{ACS}\""), &format!("{ACS}?x=1\"")), None),
        (spec().asserting("12:05:00Z", "12:05:00+00:00"), Some("saml-time-format")),
    ];
    for (spec, name) in cases {
        let judged = judged_by(&spec.mint(), &expectation, &policy);
        assert_eq!(decisive(&judged), name, "{}", told(&judged));
    }
}

#[test]
fn pysaml2_wants_the_response_signed_and_allows_no_difference_of_clocks() {
    let switches = pysaml2::Switches::default();
    let policy = pysaml2::policy("Label Studio", switches);
    let assertion =
        pysaml2::Switches { response_signed: false, assertions_signed: true, ..switches };
    let assertion = pysaml2::policy("Label Studio", assertion);
    let spec = |protection| Spec::new(protection, "idp-p256", Method::EcdsaSha256);
    let late = spec(Protection::Response).asserting("12:05:00Z", "11:59:59Z");
    let cases = [
        (spec(Protection::Response), &policy, None),
        (spec(Protection::Assertion), &policy, Some("sig-missing")),
        (spec(Protection::Assertion), &assertion, None),
        (spec(Protection::Response), &assertion, Some("sig-missing")),
        (late, &policy, Some("saml-expired")),
    ];
    for (spec, policy, name) in cases {
        let judged = judged_by(&spec.mint(), &expectation(), policy);
        assert_eq!(decisive(&judged), name, "{}", told(&judged));
    }
}

#[test]
fn requests_and_other_documents_get_no_login() {
    let protocol = mint::SAMLP;
    let cases = [
        (
            format!(
                "<p:AuthnRequest xmlns:p='{protocol}' ID='_1' Version='2.0' IssueInstant='{NOW}'/>"
            ),
            None,
        ),
        (
            format!(
                "<p:LogoutResponse xmlns:p='{protocol}' ID='_1' Version='2.0' IssueInstant='{NOW}'/>"
            ),
            None,
        ),
        (
            "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'/>".to_owned(),
            Some("saml-message-type"),
        ),
        (
            "<Response xmlns='urn:oasis:names:tc:SAML:1.0:protocol'/>".to_owned(),
            Some("saml-version"),
        ),
        ("<a><b></a>".to_owned(), Some("xml-not-well-formed")),
        (String::new(), Some("xml-not-well-formed")),
        ("<!DOCTYPE a><a/>".to_owned(), Some("xml-doctype")),
    ];
    for (text, name) in cases {
        let judged = judged(&text);
        assert_eq!(judged.verdict.is_none(), name.is_none(), "{text}");
        assert_eq!(decisive(&judged), name, "{text}");
        assert!(judged.sent.is_none());
    }
}

#[test]
fn a_message_cut_off_or_flipped_anywhere_never_logs_another_in() {
    let text = Spec::new(Protection::Assertion, "idp-p256", Method::EcdsaSha256).mint();
    let expectation = expectation();
    let strict = Policy::strict();
    for at in (0..text.len()).step_by(61) {
        let cut = judged_by(&text[..at], &expectation, &strict);
        assert!(cut.sent.is_none(), "{at}");
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        let Ok(flipped) = String::from_utf8(bytes) else { continue };
        let flipped = judged_by(&flipped, &expectation, &strict);
        let name = flipped.sent.and_then(|sent| sent.name_id).map(|name| name.value);
        assert!(name.is_none_or(|name| name == mint::HONEST), "{at}");
    }
}

fn judged(text: &str) -> Judged {
    judged_by(text, &expectation(), &Policy::strict())
}

fn judged_by(text: &str, expectation: &Expectation, policy: &Policy) -> Judged {
    let source = Arc::new(Source::new("message.xml", text));
    let input = Input {
        source: &source,
        detached: None,
        reasons: Vec::new(),
        limits: Limits::MESSAGE,
        objections: None,
    };
    judge(input, expectation, policy)
}

fn expectation() -> Expectation {
    let mut expectation = Expectation::at(NOW.parse().expect("an instant"));
    expectation.acs = vec![ACS.to_owned()];
    expectation.audiences = vec![AUDIENCE.to_owned()];
    expectation.issuer = Some(ISSUER.to_owned());
    expectation.request_id = Some(REQUEST.to_owned());
    for name in ["idp-rsa", "idp-p256"] {
        expectation.pin(&keys::certificate_der(name), name, Some(ISSUER));
    }
    let key = PrivateKey::from_pem(&keys::pem("sp.key")).expect("a key");
    expectation.decryption_keys = vec![key];
    expectation
}

fn verdict(judged: &Judged) -> &Verdict {
    judged.verdict.as_ref().expect("a verdict")
}

fn decisive(judged: &Judged) -> Option<&'static str> {
    judged.verdict.as_ref().and_then(Verdict::decisive).map(|rule| rule.name)
}

/// The class and everything found, for reading.
fn told(judged: &Judged) -> String {
    let Some(verdict) = &judged.verdict else { return "no verdict".to_owned() };
    let reasons: Vec<String> = verdict
        .reasons()
        .iter()
        .map(|reason| format!("{}: {}", reason.rule.name, reason.problem.message))
        .collect();
    format!("{} {reasons:?}", verdict.class().word())
}
