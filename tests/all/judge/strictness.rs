//! What only a look at the schemas, into what is encrypted, or around the assertion finds; each with
//! honest twins.

use super::{decisive, expectation, judged, judged_by, told};
use crate::attacks::encrypt::{self, Cipher, Encryption, Transport};
use crate::attacks::keys::Method;
use crate::attacks::mint::{self, Protection, SAML, SAMLP, SIGNATURE, Spec};
use ssoctl::libraries::{pysaml2, python3_saml};
use ssoctl::saml::policy::Policy;

/// A change of the text of a message.
type Change<'c> = (&'c str, &'c str, &'c str);

#[test]
fn what_a_library_refuses_by_its_schemas_is_refused_with_its_eyes() {
    let own = "<samlp:Extensions><samlp:Foo></samlp:Foo></samlp:Extensions><samlp:Status>";
    let plain = "<samlp:Extensions><foo></foo></samlp:Extensions><samlp:Status>";
    let empty = "<samlp:Extensions></samlp:Extensions><samlp:Status>";
    let decision = "<saml:AuthzDecisionStatement Decision=\"Maybe\" Resource=\"urn:r\">\
                    <saml:Action Namespace=\"urn:a\">a</saml:Action>\
                    </saml:AuthzDecisionStatement><saml:AttributeStatement>";
    let proxied = "<saml:ProxyRestriction Count=\"-1\"></saml:ProxyRestriction></saml:Conditions>";
    let number = value("xsi:type=\"xs:integer\"", "abc");
    let nil = value("xsi:nil=\"true\"", "abc");
    let unknown = value("xsi:type=\"nope:string\"", "abc");
    let cases: [Change<'_>; 17] = [
        ("a blank behind an instant", "12:05:00Z", "12:05:00Z "),
        ("the hour 24", "2026-11-24T12:05:00Z", "2026-11-24T24:00:00Z"),
        ("the year 0000", "2026-11-24T11:55:00Z", "0000-01-01T00:00:00Z"),
        ("an empty AuthnContext", CLASS, ""),
        ("empty Extensions", "<samlp:Status>", empty),
        ("a child of Extensions without namespace", "<samlp:Status>", plain),
        ("a child of Extensions of their own namespace", "<samlp:Status>", own),
        ("text in a signature", "<ds:SignatureValue>", "x<ds:SignatureValue>"),
        ("an Id that is no name", "<ds:SignatureValue>", "<ds:SignatureValue Id=\"a b\">"),
        ("an unknown attribute", "Version=\"2.0\"", "Version=\"2.0\" foo=\"1\""),
        ("an ID that begins with a digit", "_assertion-1", "1assertion"),
        ("a number that is none", STATEMENT, &number),
        ("content beside xsi:nil", STATEMENT, &nil),
        ("a type that is not known", STATEMENT, &unknown),
        ("a decision that is none", STATEMENT, decision),
        ("a blank before an instant", "11:59:54Z", " 11:59:54Z"),
        ("a negative count", "</saml:Conditions>", proxied),
    ];
    for (what, from, to) in cases {
        let told = by_libraries(from, to);
        assert!(told.iter().all(|said| said.starts_with("reject")), "{what}: {told:?}");
    }
    let bare = |info: &str| {
        let info = format!("<ds:KeyInfo>{info}</ds:KeyInfo>");
        spec().signing(|signing| mint::Signing { key_info: info.clone(), ..signing }).mint()
    };
    for (text, is_fine) in [(bare(""), false), (bare("<ds:KeyName>k</ds:KeyName>"), true)] {
        let told = with_their_eyes(&text);
        assert!(told.iter().all(|said| said.starts_with("accept") == is_fine), "{told:?}");
    }
}

#[test]
fn what_the_schemas_leave_open_stays_accepted_with_the_eyes_of_the_libraries() {
    let extensions = "<samlp:Extensions><q:a xmlns:q=\"urn:q\" b=\"1\"><c></c></q:a>\
                      </samlp:Extensions><samlp:Status>";
    let detail = "</samlp:StatusCode><samlp:StatusMessage>fine</samlp:StatusMessage>\
                  <samlp:StatusDetail><a>b</a></samlp:StatusDetail>";
    let advice = "</saml:Conditions><saml:Advice><saml:AssertionIDRef>_x</saml:AssertionIDRef>\
                  <q:a xmlns:q=\"urn:q\">b</q:a></saml:Advice>";
    let declaration = "<saml:AuthnContextDecl><q:d xmlns:q=\"urn:q\" e=\"1\">f</q:d>\
                       </saml:AuthnContextDecl></saml:AuthnContext>";
    let cases: [Change<'_>; 11] = [
        ("a fraction of a second", "12:05:00Z", "12:05:00.1234567Z"),
        ("for ever", "2026-11-24T12:05:00Z", "9999-12-31T23:59:59Z"),
        ("for ever, as .NET writes it", "2026-11-24T20:00:00Z", "9999-12-31T23:59:59.9999999Z"),
        ("Extensions of others", "<samlp:Status>", extensions),
        ("a detail of the status", "</samlp:StatusCode>", detail),
        ("an advice", "</saml:Conditions>", advice),
        ("a declaration of the context", "</saml:AuthnContext>", declaration),
        ("a number", STATEMENT, &value("xsi:type=\"xs:integer\"", " 5 ")),
        ("nothing", STATEMENT, &value("xsi:nil=\"true\"", "")),
        ("elements of others", STATEMENT, &value("", "<q:a xmlns:q=\"urn:q\" b=\"1\">c</q:a>")),
        ("a name as a value", STATEMENT, &value("", "\n<saml:NameID>x</saml:NameID>\n")),
    ];
    for (what, from, to) in cases {
        let told = by_libraries(from, to);
        assert!(told.iter().all(|said| said.starts_with("accept")), "{what}: {told:?}");
    }
}

#[test]
fn an_instant_that_the_library_does_not_read_may_have_an_offset() {
    let policy = python3_saml::policy("CVAT", true);
    for (from, to, name) in [
        ("11:59:54Z", "11:59:54+00:00", None),
        ("12:05:01Z", "12:05:01+00:00", Some("saml-time-format")),
    ] {
        let judged = judged_by(&spec().asserting(from, to).mint(), &expectation(), &policy);
        assert_eq!(decisive(&judged), name, "{}", told(&judged));
    }
}

#[test]
fn a_namespace_without_canonical_form_is_refused_where_the_library_writes_one() {
    let libraries = [python3_saml::policy("CVAT", true), of_pysaml2(false)];
    for (uri, is_fine) in [("relative", false), ("urn:x y", false), ("urn:x", true)] {
        let signed = Spec::new(Protection::Assertion, "idp-p256", Method::EcdsaSha256).mint();
        let declared = format!("<samlp:Response xmlns:q=\"{uri}\" ");
        let text = mint::swap(&signed, "<samlp:Response ", &declared);
        assert_eq!(decisive(&judged(&text)), None, "{uri}");
        for policy in &libraries {
            let judged = judged_by(&text, &expectation(), policy);
            assert_eq!(decisive(&judged).is_none(), is_fine, "{uri} {}", told(&judged));
        }
    }
}

#[test]
fn values_that_pysaml2_cannot_write_again_are_refused_with_its_eyes_only() {
    for (attributes, text, is_fine) in [
        ("z=\"1\"", "b", false),
        ("", "b<q:a xmlns:q=\"urn:q\"></q:a>", false),
        ("xsi:type=\"tn:string\"", "b", false),
        ("xsi:type=\"xs:boolean\"", "1", false),
        ("xsi:type=\"xs:boolean\"", "true", true),
        ("xsi:type=\"xs:string\"", "b", true),
        ("z=\"1\"", "", true),
        ("", "b", true),
    ] {
        let spec = spec().asserting(STATEMENT, &value(attributes, text));
        let text = undeclared(spec).mint();
        let by = |policy| told(&judged_by(&text, &expectation(), &policy));
        let (strict, other) = (by(Policy::strict()), by(python3_saml::policy("CVAT", true)));
        assert!(strict.starts_with("accept") && other.starts_with("accept"), "{strict} {other}");
        assert_eq!(by(of_pysaml2(true)).starts_with("accept"), is_fine, "{attributes} {text}");
    }
}

#[test]
fn what_is_encrypted_in_an_assertion_is_held_to_the_rules_of_what_is_not() {
    let name = |text: &str| format!("<saml:NameID xmlns:saml=\"{SAML}\">{text}</saml:NameID>");
    let attribute = |text: &str| mint::attribute("secret", text);
    let attribute = |text: &str| {
        attribute(text).replacen("Attribute ", &format!("Attribute xmlns:saml=\"{SAML}\" "), 1)
    };
    let hidden = spec().minted_assertion().replace("_assertion-1", "_hidden-1");
    let signature = spec().mint();
    let signature = mint::element(&signature, "ds:Signature").to_owned();
    for (plain, name) in [
        (name(mint::HONEST), None),
        (name("alice<!-- x -->@corp.test"), Some("xml-differential")),
        (name("alice<?x y?>@corp.test"), Some("xml-differential")),
        (name("alice<b></b>@corp.test"), Some("saml-schema")),
        (attribute("x"), None),
        (attribute("x<!-- y -->"), Some("xml-differential")),
        (attribute("x").replace("Name=\"secret\"", ""), Some("saml-schema")),
        (attribute(&hidden), Some("saml-multiple-assertions")),
        (attribute(&signature), Some("sig-reference-unresolved")),
    ] {
        let how = Encryption::new(Cipher::Aes256Gcm, Transport::OaepMgf1p);
        let (from, start) = if plain.contains("NameID") && !plain.contains("secret") {
            (mint::element(&spec().assertion, "saml:NameID").to_owned(), "EncryptedID")
        } else {
            ("</saml:AttributeStatement>".to_owned(), "EncryptedAttribute")
        };
        let mut sealed = encrypt::wrapped(&format!("<saml:{start}>"), &plain, &how);
        if start == "EncryptedAttribute" {
            sealed.push_str(&from);
        }
        let judged = judged(&spec().asserting(&from, &sealed).mint());
        assert_eq!(decisive(&judged), name, "{plain}: {}", told(&judged));
    }
}

#[test]
fn a_decrypted_assertion_is_held_against_the_schemas_of_the_library() {
    let number = |text: &str| value("xsi:type=\"xs:integer\"", text);
    let (wrong, right) = (number("abc"), number("12"));
    for (from, to, is_fine) in [
        (STATEMENT, STATEMENT, true),
        (STATEMENT, right.as_str(), true),
        (STATEMENT, wrong.as_str(), false),
        (CLASS, "", false),
    ] {
        let text = sealed(|spec| undeclared(spec.asserting(from, to))).mint();
        // CVAT reads nothing that is encrypted.
        let [_, pysaml2] = &with_their_eyes(&text)[..] else { panic!("two libraries") };
        assert_eq!(pysaml2.starts_with("accept"), is_fine, "{to}: {pysaml2}");
    }
}

#[test]
fn a_declaration_in_what_is_encrypted_is_refused_by_those_who_cannot_open_it() {
    let name = mint::element(&spec().assertion, "saml:NameID").to_owned();
    let plain = format!("<saml:NameID xmlns:saml=\"{SAML}\">{}</saml:NameID>", mint::HONEST);
    let declared = format!("<?xml version=\"1.0\"?>{plain}");
    for (plain, is_declared) in [(plain.clone(), false), (declared, true)] {
        let how = Encryption::new(Cipher::Aes256Gcm, Transport::OaepMgf1p);
        let wrapped = encrypt::wrapped("<saml:EncryptedID>", &plain, &how);
        let text = spec().asserting(&name, &wrapped).mint();
        for said in with_their_eyes(&text) {
            assert_eq!(said.contains("XML declaration"), is_declared, "{said}");
        }
    }
}

#[test]
fn an_assertion_where_none_is_read_is_told_of() {
    let stray = spec().minted_assertion().replace("_assertion-1", "_stray-1");
    for (inside, is_stray) in [(stray.as_str(), true), ("<a>b</a>", false)] {
        let detail =
            format!("</samlp:StatusCode><samlp:StatusDetail>{inside}</samlp:StatusDetail>");
        let text = spec().responding("</samlp:StatusCode>", &detail).mint();
        let judged = judged(&text);
        assert_eq!(decisive(&judged), None, "{}", told(&judged));
        assert_eq!(told(&judged).contains("saml-multiple-assertions"), is_stray);
        let judged = judged_by(&text, &expectation(), &python3_saml::policy("CVAT", true));
        assert_eq!(decisive(&judged).is_some(), is_stray, "{}", told(&judged));
    }
}

#[test]
fn what_inclusive_canonicalisation_takes_over_is_no_difference() {
    let inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    let transform = |method: &str| format!("<ds:Transform Algorithm=\"{method}\">");
    let mut spec = Spec::new(Protection::Assertion, "idp-p256", Method::EcdsaSha256);
    spec.inner = spec.inner.writing(&transform(mint::EXCLUSIVE), &transform(inclusive));
    let own = format!("xmlns:saml=\"{SAML}\"");
    spec.inner.canonical = vec![
        (format!("{own} ID"), format!("{own} xmlns:samlp=\"{SAMLP}\" ID")),
        ("Version=\"2.0\">".to_owned(), "Version=\"2.0\" xml:lang=\"en\">".to_owned()),
    ];
    let text = mint::swap(
        &spec.mint(),
        "Version=\"2.0\"><saml:Issuer xmlns",
        "Version=\"2.0\" xml:lang=\"en\"><saml:Issuer xmlns",
    );
    let accepted = judged(&text);
    assert_eq!(decisive(&accepted), None, "{}", told(&accepted));
    let other = judged(&mint::swap(&text, "xml:lang=\"en\"", "xml:lang=\"de\""));
    assert_eq!(decisive(&other), Some("sig-digest-mismatch"));
}

fn spec() -> Spec {
    Spec::new(Protection::Response, "idp-p256", Method::EcdsaSha256)
}

/// A signed response with a signed assertion that is encrypted.
fn sealed(change: impl Fn(Spec) -> Spec) -> Spec {
    let mut spec = change(Spec::new(Protection::Both, "idp-p256", Method::EcdsaSha256));
    spec.inner.canonical = std::mem::take(&mut spec.outer.canonical);
    spec.encryption = Some(Encryption::new(Cipher::Aes256Gcm, Transport::OaepMgf1p));
    spec
}

/// An attribute with one value, before the others.
fn value(attributes: &str, text: &str) -> String {
    let mut declarations = String::new();
    for (prefix, uri) in PREFIXES {
        if attributes.contains(&format!("{prefix}:")) {
            declarations.push_str(&declaration(prefix, uri));
        }
    }
    let space = if attributes.is_empty() { "" } else { " " };
    format!(
        "{STATEMENT}<saml:Attribute Name=\"other\"><saml:AttributeValue{declarations}{space}\
         {attributes}>{text}</saml:AttributeValue></saml:Attribute>"
    )
}

fn declaration(prefix: &str, uri: &str) -> String {
    format!(" xmlns:{prefix}=\"{uri}\"")
}

/// The same message, signed as exclusive canonicalisation has it: without the prefixes that only
/// values speak of.
fn undeclared(mut spec: Spec) -> Spec {
    for (prefix, uri) in PREFIXES.iter().filter(|(prefix, _)| *prefix != "xsi") {
        let declaration = declaration(prefix, uri);
        if spec.assertion.contains(&declaration) {
            spec.outer.canonical.push((declaration, String::new()));
        }
    }
    spec
}

/// What python3-saml and pysaml2 make of a changed message.
fn by_libraries(from: &str, to: &str) -> [String; 2] {
    let spec = spec();
    with_their_eyes(&if spec.assertion.contains(from) {
        let assertion = mint::swap_first(&spec.assertion, from, to);
        undeclared(Spec { assertion, ..spec }).mint()
    } else if spec.response.replace(SIGNATURE, "").contains(from) {
        Spec { response: mint::swap_first(&spec.response, from, to), ..spec }.mint()
    } else {
        mint::swap_first(&spec.mint(), from, to)
    })
}

fn with_their_eyes(text: &str) -> [String; 2] {
    [python3_saml::policy("CVAT", true), of_pysaml2(true)]
        .map(|policy| told(&judged_by(text, &expectation(), &policy)))
}

fn of_pysaml2(response_signed: bool) -> Policy {
    let switches = pysaml2::Switches { response_signed, ..pysaml2::Switches::default() };
    pysaml2::policy("Label Studio", switches)
}

/// Prefixes of values, and what they stand for.
const PREFIXES: [(&str, &str); 3] = [
    ("tn", "http://www.w3.org/2001/XMLSchema"),
    ("xs", "http://www.w3.org/2001/XMLSchema"),
    ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
];
const STATEMENT: &str = "<saml:AttributeStatement>";
const CLASS: &str = "<saml:AuthnContextClassRef>\
                     urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\
                     </saml:AuthnContextClassRef>";
