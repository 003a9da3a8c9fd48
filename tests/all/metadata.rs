//! SAML metadata: structure, findings, and reading as a stream.

use std::fs;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use ssoctl::crypto::key::PublicKey;
use ssoctl::pki;
use ssoctl::rule::{Findings, Severity};
use ssoctl::rules::metadata::{MetadataSubject, judge};
use ssoctl::saml::dsig::Policy;
use ssoctl::saml::metadata::{self, Options, Part, Streamed, UnreadableKind, stream};
use ssoctl::source::{Location, Source};
use ssoctl::xml::Limits;

use crate::run::{NOW, ssoctl};

// structure

#[test]
fn metadata_as_the_schema_has_it_is_silent_and_one_departure_is_told_at_its_place() {
    assert_eq!(structure(&sound()), Vec::<String>::new());
    for (from, to, said, at) in DEPARTURES {
        let text = sound().replacen(from, to, 1);
        assert_ne!(text, sound(), "{from}");
        let document = metadata::read(&text, Limits::default()).expect("metadata");
        let fault = document.faults.first().unwrap_or_else(|| panic!("{from} -> {to}: nothing"));
        assert_eq!(fault.kind.to_string(), *said);
        assert!(text[fault.span.start..].starts_with(at), "{said}: {}", &text[fault.span.range()]);
    }
}

#[test]
fn what_stands_in_extensions_is_let_through_unless_it_is_known_and_wrong() {
    let foreign = "<md:Extensions><x:y xmlns:x=\"urn:x\" z=\"1\">t<x:w/></x:y></md:Extensions>";
    let with = |inside: &str| sound().replacen("<md:IDPSSO", &format!("{inside}<md:IDPSSO"), 1);
    assert_eq!(structure(&with(foreign)), Vec::<String>::new());
    let ui = "<md:Extensions><u:UIInfo xmlns:u=\"urn:oasis:names:tc:SAML:metadata:ui\"><u:Logo>https://a.test/</u:Logo></u:UIInfo></md:Extensions>";
    let said = ["mdui:Logo has no attribute height", "mdui:Logo has no attribute width"];
    assert_eq!(structure(&with(ui)), said);
}

#[test]
fn a_role_of_another_protocol_is_let_through() {
    let other = "<md:RoleDescriptor xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:fed=\"http://docs.oasis-open.org/wsfed/federation/200706\" i:type=\"fed:SecurityTokenServiceType\" protocolSupportEnumeration=\"http://docs.oasis-open.org/wsfed/federation/200706\"><fed:TokenTypesOffered/></md:RoleDescriptor>";
    let text = sound().replacen("<md:IDPSSO", &format!("{other}<md:IDPSSO"), 1);
    assert_eq!(structure(&text), Vec::<String>::new());
    let bare = other.replace(" i:type=\"fed:SecurityTokenServiceType\"", "");
    let text = sound().replacen("<md:IDPSSO", &format!("{bare}<md:IDPSSO"), 1);
    assert_eq!(structure(&text)[0], "md:RoleDescriptor does not say its xsi:type");
}

// findings

#[test]
fn one_thing_wrong_is_one_finding_under_its_name() {
    assert_eq!(errors_and_warnings(&sound(), None), Vec::<(String, Severity)>::new());
    for (from, to, name, severity) in WRONG {
        let text = sound().replacen(from, to, 1);
        assert_ne!(text, sound(), "{from}");
        let expected = vec![((*name).to_owned(), *severity)];
        assert_eq!(errors_and_warnings(&text, None), expected, "{from} -> {to}");
    }
}

#[test]
fn an_encryption_key_alone_signs_nothing_and_a_key_without_use_does() {
    let encryption = sound().replace(" use=\"signing\"", " use=\"encryption\"");
    assert_eq!(names(&encryption, None), ["md-no-signing-key"]);
    let any = sound().replace(" use=\"signing\"", "");
    assert_eq!(errors_and_warnings(&any, None), Vec::<(String, Severity)>::new());
}

#[test]
fn of_several_entities_the_one_that_is_asked_for_is_judged() {
    let group =
        group(&[("https://a.acme.test", ""), ("https://b.acme.test", "2020-01-01T00:00:00Z")]);
    assert_eq!(names(&group, None), Vec::<String>::new());
    assert_eq!(names(&group, Some("https://a.acme.test")), Vec::<String>::new());
    assert_eq!(names(&group, Some("https://b.acme.test")), ["md-expired"]);
    assert_eq!(names(&group, Some("https://c.acme.test")), ["md-entity-not-found"]);
}

#[test]
fn two_entities_of_one_name_are_told() {
    let group = group(&[("https://a.acme.test", ""), ("https://a.acme.test", "")]);
    assert_eq!(names(&group, None), ["md-entity-duplicate"]);
}

#[test]
fn the_end_of_a_group_ends_its_entities() {
    let group = group(&[("https://a.acme.test", "2036-01-01T00:00:00Z")]);
    let ended = group.replacen(
        "<md:EntitiesDescriptor",
        "<md:EntitiesDescriptor validUntil=\"2026-11-24T12:00:00Z\"",
        1,
    );
    assert_eq!(names(&ended, None), ["md-expired"]);
    let not_ended = group.replacen(
        "<md:EntitiesDescriptor",
        "<md:EntitiesDescriptor validUntil=\"2026-11-24T12:00:01Z\"",
        1,
    );
    assert_eq!(names(&not_ended, None), Vec::<String>::new());
}

// streams

#[test]
fn a_stream_is_read_like_a_text() {
    let text = group(&[("https://a.acme.test", ""), ("https://b.acme.test", "")]);
    let whole = metadata::read(&text, Limits::default()).expect("metadata");
    for room in [1, 7, 4096] {
        let streamed = read(&text, room, Some("https://b.acme.test"), &[]).expect("metadata");
        let document = streamed.metadata().expect("nothing is pinned");
        assert_eq!(document.entities, [whole.entities[1].clone()]);
        assert_eq!((document.count, &document.listed), (2, &whole.listed));
    }
}

#[test]
fn nothing_of_a_stream_is_handed_out_unless_a_pinned_key_signed_it() {
    let text = fixture("metadata.xml");
    let held = read(&text, 512, None, &[key("rsa")]).expect("metadata");
    assert!(held.held() && held.metadata().is_some());
    let foreign = read(&text, 512, None, &[key("stranger")]).expect("metadata");
    assert!(!foreign.held() && foreign.metadata().is_none() && !foreign.faults().is_empty());
    let changed = text.replacen("https://", "https://x", 1);
    let changed = read(&changed, 512, None, &[key("rsa")]).expect("metadata");
    assert!(!changed.held() && changed.metadata().is_none());
    let unsigned = read(&sound(), 512, None, &[key("rsa")]).expect("metadata");
    assert!(!unsigned.held() && unsigned.metadata().is_none());
}

#[test]
fn places_in_a_stream_are_those_of_the_whole_text() {
    let text = group(&[("https://a.acme.test", ""), ("https://b.acme.test", "")]);
    let text = text.replace("https://b.acme.test/sso", "http://b.acme.test/sso");
    let streamed = read(&text, 64, Some("https://b.acme.test"), &[]).expect("metadata");
    let found =
        judged(&streamed.parts, streamed.unverified_metadata(), Some("https://b.acme.test"));
    let found = found.0.iter().find(|one| one.rule.name == "md-url-scheme").expect("it is told");
    let place = &found.problem.place;
    let at = text.find("http://b").expect("it is there");
    let whole = Source::new("whole", text.as_str());
    assert_eq!(place.source.location(place.span.start), whole.location(at));
    assert_ne!(whole.location(at), Location { line: 1, column: 1 });
    assert_eq!(place.source.quote(place.span), "http://b.acme.test/sso");
}

#[test]
fn a_stream_keeps_no_more_than_one_entity() {
    let entity = group(&[("https://a.acme.test", "")]);
    let start = entity.find("<md:EntityDescriptor").expect("it is there");
    let end = entity.find("</md:EntitiesDescriptor").expect("it is there");
    let (head, one, tail) = (&entity[..start], &entity[start..end], &entity[end..]);
    let many = head.as_bytes().chain(Repeated::new(one, 4_000)).chain(tail.as_bytes());
    let options = options(None, &[]);
    let streamed = stream(BufReader::new(many), &options).expect("metadata");
    assert_eq!(streamed.metadata().expect("nothing is pinned").count, 4_000);
    let kept: usize = streamed.parts.iter().map(|part| part.source.text().len()).sum();
    assert!(kept < 2 * one.len() + head.len() + 1, "{kept}");
}

#[test]
fn one_entity_of_five_mebibytes_is_refused() {
    let filler = "<!-- a logo -->".repeat((5 << 20) / 15);
    let text = sound().replacen("<md:IDPSSO", &format!("{filler}<md:IDPSSO"), 1);
    let refused = read(&text, 1 << 16, None, &[]).expect_err("it is too large");
    assert_eq!(refused.kind, UnreadableKind::EntitySize);
    assert!(refused.is_limit());
}

// the command

#[test]
fn check_of_a_file_ends_as_its_metadata_deserves() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    };
    let good = file("good.xml", &sound());
    let bad = file("bad.xml", &sound().replace(" use=\"signing\"", " use=\"encryption\""));
    assert_eq!(ssoctl(&["check", &good]).code, 0);
    assert_eq!(ssoctl(&["check", &bad]).code, 1);
    let signed = fixture_path("metadata.xml");
    let pinned = ssoctl(&["check", &signed, "--cert", &fixture_path("rsa.crt"), "--select", "SIG"]);
    assert_eq!(pinned.code, 0, "{}", pinned.stdout);
    assert!(pinned.stdout.contains("signature holds"), "{}", pinned.stdout);
    let stranger = ssoctl(&["check", &signed, "--cert", &fixture_path("stranger.crt")]);
    assert_eq!(stranger.code, 1);
    let unsigned = ssoctl(&["check", &good, "--cert", &fixture_path("rsa.crt")]);
    assert_eq!(unsigned.code, 1);
    assert!(unsigned.stdout.contains("META004"), "{}", unsigned.stdout);
}

fn sound() -> String {
    let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/documents/metadata/okta.xml");
    let other = fs::read_to_string(other).expect("a fixture");
    let start = other.find("X509Certificate>").expect("it has one") + "X509Certificate>".len();
    let length = other[start..].find('<').expect("it ends");
    let lines = &other[start..start + length];
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"https://idp.acme.test\" \
         validUntil=\"2027-06-01T00:00:00Z\" cacheDuration=\"PT6H\">\n\
         <md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n\
         <md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{lines}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\n\
         <md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://idp.acme.test/slo\"/>\n\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>\n\
         <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.acme.test/sso\"/>\n</md:IDPSSODescriptor>\n</md:EntityDescriptor>\n"
    )
}

/// Entities by name and end, in a group.
fn group(entities: &[(&str, &str)]) -> String {
    let mut text =
        String::from("<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">\n");
    for (name, end) in entities {
        let end = if end.is_empty() { "2027-06-01T00:00:00Z" } else { end };
        let one = sound().replace("https://idp.acme.test", name);
        text.push_str(&one.replace("2027-06-01T00:00:00Z", end));
    }
    text.push_str("</md:EntitiesDescriptor>\n");
    text
}

fn structure(text: &str) -> Vec<String> {
    let document = metadata::read(text, Limits::default()).expect("metadata");
    document.faults.iter().map(|fault| fault.kind.to_string()).collect()
}

fn judged(parts: &[Part], metadata: &metadata::Metadata, wanted: Option<&str>) -> Findings {
    let at = NOW.parse().expect("an instant");
    let mut found = Findings::default();
    judge(&MetadataSubject { parts, metadata, at, warn_days: 45, wanted }, &mut found);
    found
}

fn errors_and_warnings(text: &str, wanted: Option<&str>) -> Vec<(String, Severity)> {
    let document = metadata::read(text, Limits::default()).expect("metadata");
    let parts = [Part { source: Arc::new(Source::new("idp.xml", text)), start: 0 }];
    let found = judged(&parts, &document, wanted).0;
    let grave = found.into_iter().filter(|finding| finding.severity != Severity::Info);
    grave.map(|finding| (finding.rule.name.to_owned(), finding.severity)).collect()
}

fn names(text: &str, wanted: Option<&str>) -> Vec<String> {
    errors_and_warnings(text, wanted).into_iter().map(|(name, _)| name).collect()
}

fn options<'k>(wanted: Option<&'k str>, keys: &'k [PublicKey]) -> Options<'k> {
    let policy = Policy { allows_sha1: false, limits: Limits::STREAM };
    Options { name: "idp.xml", limits: Limits::STREAM, wanted, keys, policy }
}

fn read(
    text: &str,
    room: usize,
    wanted: Option<&str>,
    keys: &[PublicKey],
) -> Result<Streamed, metadata::Unreadable> {
    stream(BufReader::with_capacity(room, text.as_bytes()), &options(wanted, keys))
}

fn key(name: &str) -> PublicKey {
    let der = pki::pem_certificates(&fixture(&format!("{name}.crt")));
    PublicKey::from_certificate(&der[0]).expect("a key")
}

fn fixture(name: &str) -> String {
    fs::read_to_string(fixture_path(name)).expect("a fixture")
}

fn fixture_path(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/saml/xmlsec1");
    folder.join(name).to_str().expect("UTF-8").to_owned()
}

/// A text many times over.
struct Repeated<'t> {
    text: &'t [u8],
    at: usize,
    left: usize,
}

impl<'t> Repeated<'t> {
    fn new(text: &'t str, times: usize) -> Self {
        Self { text: text.as_bytes(), at: 0, left: times }
    }
}

impl Read for Repeated<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let length = buffer.len().min(self.text.len() - self.at);
        buffer[..length].copy_from_slice(&self.text[self.at..self.at + length]);
        self.at += length;
        if self.at == self.text.len() {
            self.at = 0;
            self.left -= 1;
        }
        Ok(length)
    }
}

/// What is changed in sound metadata, what is said of it, and what stands at the place.
const DEPARTURES: &[(&str, &str, &str, &str)] = &[
    (
        " entityID=\"https://idp.acme.test\"",
        "",
        "md:EntityDescriptor has no attribute entityID",
        "<md:EntityDescriptor",
    ),
    ("\"PT6H\"", "\"6H\"", "cacheDuration must be a duration such as PT6H or P7D", "6H"),
    (
        "\"2027-06-01T00:00:00Z\"",
        "\"2027-06-31T00:00:00Z\"",
        "validUntil must be an instant such as 2027-01-31T12:00:00Z",
        "2027-06-31",
    ),
    ("use=\"signing\"", "use=\"sign\"", "use must be encryption or signing", "sign\""),
    ("use=\"signing\"", "foo=\"1\"", "md:KeyDescriptor cannot have an attribute foo", "1\""),
    (
        "md:NameIDFormat>\n<md:SingleSignOnService",
        "md:NameIDFormat>\n<md:SingleSignOnService Foo=\"1\"",
        "md:SingleSignOnService cannot have an attribute Foo",
        "1\"",
    ),
    (
        "<md:SingleSignOnService",
        "<md:AttributeProfile>urn:x</md:AttributeProfile><md:SingleSignOnService",
        "md:AttributeProfile cannot stand here in md:IDPSSODescriptor, where md:NameIDFormat or md:SingleSignOnService may follow",
        "<md:AttributeProfile",
    ),
];

/// What is changed in sound metadata, and the one finding that comes of it.
const WRONG: &[(&str, &str, &str, Severity)] = &[
    ("2027-06-01T00:00:00Z", "2026-11-24T11:59:59Z", "md-expired", Severity::Error),
    ("PT6H", "PT0S", "md-duration", Severity::Error),
    ("https://idp.acme.test/sso", "http://idp.acme.test/sso", "md-url-scheme", Severity::Error),
    ("https://idp.acme.test/sso", "javascript:alert(1)", "md-url-scheme", Severity::Error),
    (
        "https://idp.acme.test/sso",
        "https://idp.acme.test/sso?tenant=1&amp;SAMLRequest=x",
        "md-endpoint-query",
        Severity::Error,
    ),
    (
        "entityID=\"https://idp.acme.test\"",
        "entityID=\"https://idp.acme.test/a b\"",
        "md-entity-id",
        Severity::Warning,
    ),
    ("bindings:HTTP-Redirect", "bindings:SOAP", "md-no-endpoint", Severity::Warning),
    ("use=\"signing\"", "use=\"signing\" foo=\"1\"", "md-structure", Severity::Warning),
];
