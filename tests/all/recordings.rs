//! What a recording of a login tells beside the message: when it arrived, whose clock is wrong, and
//! what was not recorded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::attacks::mint::{ACS, REQUEST};
use crate::decode_assertion::{Room, sound};
use crate::run::Run;

#[test]
fn a_recording_is_judged_as_of_when_the_message_arrived() {
    let room = Room::new();
    let recording = Recording { application: Some("Mon, 23 Nov 2026 12:00:02 GMT"), ..yesterday() };
    let run = judged(&room, &recording, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let told = "judged as of 2026-11-23T12:00:02Z, when it was recorded; --at judges at another";
    assert!(run.stdout.contains(told), "{}", run.stdout);
    let run = judged(&room, &recording, &["--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(report["at"], "2026-11-23T12:00:02Z", "{}", run.stdout);
    assert_eq!(report["view"]["recorded"], report["at"], "{}", run.stdout);
    let later = judged(&room, &recording, &["--at", "2026-11-24T12:00:00Z"]);
    assert_eq!(later.code, 1, "{}", later.stdout);
    assert!(!later.stdout.contains("when it was recorded"), "{}", later.stdout);
}

#[test]
fn without_the_clock_of_the_application_that_of_the_browser_counts() {
    let room = Room::new();
    let run = judged(&room, &Recording { application: None, ..yesterday() }, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("judged as of 2026-11-23T12:00:01Z"), "{}", run.stdout);
}

#[test]
fn a_message_without_a_recording_is_judged_as_of_now() {
    let room = Room::new();
    let run = room.run(&message(), &["--cert", "idp.crt"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(!run.stdout.contains("when it was recorded"), "{}", run.stdout);
}

#[test]
fn a_clock_that_makes_a_message_untimely_is_the_first_cause() {
    let room = Room::new();
    for (date, told) in [
        ("Mon, 23 Nov 2026 13:00:01 GMT", "3597 s behind that of cvat.acme.test"),
        ("Mon, 23 Nov 2026 11:00:01 GMT", "3599 s ahead of that of cvat.acme.test"),
    ] {
        for (provider, origin) in [
            (Some("Mon, 23 Nov 2026 12:00:00 GMT"), "https://idp.corp.test"),
            (Some("Mon, 23 Nov 2026 12:00:00 GMT"), "null"),
        ] {
            let recording = Recording { application: Some(date), provider, origin, ..yesterday() };
            let run = judged(&room, &recording, &[]);
            assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
            let first = run.stdout.split("\n\n").nth(1).unwrap_or_default();
            assert!(first.starts_with("error[BIND011]"), "{}", run.stdout);
            assert!(first.contains(told), "{}", run.stdout);
            assert!(!run.stdout.contains("with --at"), "{}", run.stdout);
        }
    }
}

#[test]
fn without_a_date_of_the_identity_provider_its_message_and_the_browser_tell_the_clock() {
    let room = Room::new();
    let ahead = Some("Mon, 23 Nov 2026 13:00:01 GMT");
    let recording = Recording { application: ahead, provider: None, ..yesterday() };
    let run = judged(&room, &recording, &[]);
    assert!(run.stdout.contains("error[BIND011]"), "{}", run.stdout);
    assert!(run.stdout.contains(" s behind that of cvat.acme.test"), "{}", run.stdout);
    let recording = Recording { asked: false, ..recording };
    let run = judged(&room, &recording, &[]);
    assert!(run.stdout.contains("3599 s ahead of that of the browser"), "{}", run.stdout);
}

#[test]
fn a_clock_that_explains_nothing_stays_a_warning() {
    let room = Room::new();
    let late = Some("Mon, 23 Nov 2026 12:01:02 GMT");
    let run = judged(&room, &Recording { application: late, ..yesterday() }, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("warning[BIND011]"), "{}", run.stdout);
    let at = ["--at", "2026-11-24T12:00:00Z"];
    let run = judged(&room, &Recording { application: late, ..yesterday() }, &at);
    assert!(run.stdout.contains("error[SAML029]"), "{}", run.stdout);
    assert!(run.stdout.contains("warning[BIND011]"), "{}", run.stdout);
}

#[test]
fn a_recording_without_the_posted_body_is_undecided() {
    let room = Room::new();
    let mut har: Value = serde_json::from_str(&yesterday().har()).expect("JSON");
    har["log"]["entries"][1]["request"]["postData"] = json!({"mimeType": "x", "text": ""});
    let run = room.run(&har.to_string(), &["--cert", "idp.crt"]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    for part in [ACS, "BIND016", "the recording has no body", "content and sensitive data"] {
        assert!(run.stdout.replace("\n   ", " ").contains(part), "{part} in\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("nothing else would stop it"), "{}", run.stdout);
    let chosen = room.run(&har.to_string(), &["--cert", "idp.crt", "--message", "1"]);
    assert!(chosen.stdout.starts_with("AuthnRequest"), "{}", chosen.stdout);
}

#[test]
fn a_sound_message_that_was_answered_with_an_error_is_not_told_as_a_login() {
    let room = Room::new();
    let har = yesterday().har().replace("302", "403");
    let run = room.run(&har, &["--cert", "idp.crt"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("but the application answered 403"), "{}", run.stdout);
    assert!(run.stdout.contains("a proxy or a firewall"), "{}", run.stdout);
    let run = room.by_configuration(&har, &[]);
    assert!(run.stdout.contains("but CVAT answered 403"), "{}", run.stdout);
    assert!(!run.stdout.contains("would log in"), "{}", run.stdout);
}

fn judged(room: &Room, recording: &Recording, more: &[&str]) -> Run {
    room.run(&recording.har(), &[&["--cert", "idp.crt"], more].concat())
}

/// The recording of a login a day before the day of the tests.
#[derive(Clone)]
struct Recording {
    /// The `Date` of the identity provider's answer.
    provider: Option<&'static str>,
    /// The `Date` of the application's answer.
    application: Option<&'static str>,
    /// The page that sent the form, as its header says.
    origin: &'static str,
    /// Whether the request was recorded.
    asked: bool,
}

fn yesterday() -> Recording {
    Recording {
        provider: Some("Mon, 23 Nov 2026 12:00:00 GMT"),
        application: Some("Mon, 23 Nov 2026 12:00:01 GMT"),
        origin: "https://idp.corp.test",
        asked: true,
    }
}

impl Recording {
    fn har(&self) -> String {
        let form = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(STANDARD.encode(text).as_bytes()).collect()
        };
        let date = |date: Option<&str>| {
            let field = |date: &str| json!({"name": "Date", "value": date});
            date.map(field).into_iter().collect::<Vec<Value>>()
        };
        let asked = json!({
            "startedDateTime": "2026-11-23T11:59:59Z", "time": 900,
            "request": {"method": "POST", "url": "https://idp.corp.test/sso", "headers": [],
                "postData": {"text": format!("SAMLRequest={}", form(&asked()))}},
            "response": {"status": 200, "headers": date(self.provider)}});
        let answered = json!({
            "startedDateTime": "2026-11-23T12:00:01Z", "time": 200,
            "request": {"method": "POST", "url": ACS,
                "headers": [{"name": "Origin", "value": self.origin}],
                "postData": {"text": format!("SAMLResponse={}", form(&message()))}},
            "response": {"status": 302, "headers": date(self.application)}});
        let entries = if self.asked { vec![asked, answered] } else { vec![answered] };
        json!({"log": {"entries": entries}}).to_string()
    }
}

fn message() -> String {
    let day = ("2026-11-24T", "2026-11-23T");
    sound().asserting(day.0, day.1).responding(day.0, day.1).mint()
}

fn asked() -> String {
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         ID=\"{REQUEST}\" Version=\"2.0\" IssueInstant=\"2026-11-23T11:59:58Z\" \
         Destination=\"https://idp.corp.test/sso\" AssertionConsumerServiceURL=\"{ACS}\"/>"
    )
}
