//! Signatures: what xmlsec1 signed holds, and nothing else does.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use ssoctl::crypto::digest::{Hash, digest};
use ssoctl::crypto::key::{PrivateKey, PublicKey};
use ssoctl::crypto::signature::{Scheme, sign};
use ssoctl::rule::Rule;
use ssoctl::saml::dsig::{
    Change, Fault, FaultKind, Policy, Remark, Shape, Verified, detached, shape, stream, verify,
};
use ssoctl::source::Source;
use ssoctl::verdict::Weight;
use ssoctl::xml::c14n::{Canonicalization, canonical};
use ssoctl::xml::tree::{Document, NodeId};
use ssoctl::xml::{Limits, Reader};

#[test]
fn what_xmlsec1_signed_holds_with_its_key() {
    for (name, key, method, element) in SIGNED {
        let verified = verified(&fixture(name), &[certificate(key)], STRICT);
        let verified = verified.unwrap_or_else(|codes| panic!("{name}: {codes:?}"));
        assert_eq!(verified.method().name, method, "{name}");
        assert_eq!(verified.element().local, element, "{name}");
        let document = verified.document(Limits::MESSAGE).expect("canonical bytes read");
        let text = document.text(document.root());
        assert!(text.contains("ada@corp.test") && text.contains("a < b & c\r\nd "), "{name}");
    }
}

#[test]
fn sha1_is_refused_unless_it_is_let_through() {
    let keys = [certificate("rsa")];
    let text = fixture("rsa-sha1");
    let weak = "sig-algorithm-weak";
    assert_eq!(verified(&text, &keys, STRICT).map(drop), Err(vec![weak, weak]));
    let lax = Policy { allows_sha1: true, ..STRICT };
    let verified = verified(&text, &keys, lax).expect("SHA-1 is let through");
    assert_eq!(verified.remarks(), [Remark::WeakDigest, Remark::WeakSignature]);
}

#[test]
fn inclusive_canonicalisation_is_remarked_and_exclusive_is_not() {
    let keys = [certificate("rsa")];
    let remarks = |name: &str| {
        let verified = verified(&fixture(name), &keys, STRICT).expect("it holds");
        verified.remarks().to_vec()
    };
    assert_eq!(remarks("inclusive"), [Remark::InclusiveCanonicalization]);
    assert_eq!(remarks("rsa-sha256"), []);
}

#[test]
fn both_signatures_of_a_message_hold() {
    let document = read(&fixture("both"));
    let shape = shape(&document);
    assert!(shape.faults().is_empty());
    let names: Vec<String> = shape
        .signatures()
        .iter()
        .map(|one| verify(&document, one, &[certificate("rsa")], &STRICT).expect("it holds"))
        .map(|verified| verified.element().local.clone())
        .collect();
    assert_eq!(names, ["Response", "Assertion"]);
}

#[test]
fn the_second_pinned_key_is_tried_and_named() {
    let keys = [certificate("stranger"), certificate("p256"), certificate("rsa")];
    assert_eq!(verified(&fixture("rsa-sha256"), &keys, STRICT).expect("it holds").key(), 2);
}

#[test]
fn a_key_that_is_not_pinned_is_named_by_its_certificate() {
    let document = read(&fixture("rsa-sha256"));
    let faults = verify(&document, only(&shape(&document)), &[certificate("stranger")], &STRICT)
        .expect_err("another key");
    let FaultKind::KeyUntrusted(signer) = &faults[0].kind else { panic!("{faults:?}") };
    let certificate = signer.certificate.as_ref().expect("it is embedded");
    assert_eq!(certificate.subject, "O=Acme, CN=rsa.corp.test");
    let der = der("rsa.crt");
    let hex: Vec<String> =
        digest(Hash::Sha256, &der).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(signer.fingerprint, hex.join(":"));
}

#[test]
fn without_a_key_nothing_is_decided() {
    let document = read(&fixture("rsa-sha256"));
    let faults = verify(&document, only(&shape(&document)), &[], &STRICT).expect_err("no key");
    assert_eq!(faults[0].rule().name, "sig-no-key");
    assert_eq!(faults[0].weight(), Weight::Undecided);
}

#[test]
fn a_key_of_another_kind_does_not_fit() {
    assert_eq!(
        verified(&fixture("rsa-sha256"), &[certificate("p256")], STRICT).map(drop),
        Err(vec!["sig-key-alg-mismatch"])
    );
    assert_eq!(
        verified(&fixture("ecdsa-p256"), &[certificate("rsa")], STRICT).map(drop),
        Err(vec!["sig-key-alg-mismatch"])
    );
}

#[test]
fn changes_after_signing_are_told_apart() {
    let honest = fixture("rsa-sha256");
    let change = |text: &str| {
        let document = read(text);
        let keys = [certificate("rsa")];
        let faults = verify(&document, only(&shape(&document)), &keys, &STRICT);
        faults.expect_err("it was changed")[0].kind.clone()
    };
    let forged = honest.replace("ada@", "eve@");
    assert_eq!(change(&forged), FaultKind::DigestMismatch(Some(Change::MaybeIndented)));
    let line_ends = honest.replace("</saml:NameID>", "&#13;</saml:NameID>");
    assert_eq!(change(&line_ends), FaultKind::DigestMismatch(Some(Change::MaybeIndented)));
    let dense = minted(&response("_a", &assertion("_a", "_a")), "rsa", RSA);
    let pretty = dense.replace("<saml:Subject>", "\n  <saml:Subject>");
    assert_eq!(change(&pretty), FaultKind::DigestMismatch(Some(Change::Indented)));
    let pasted = dense.replace("ada@corp.test", "ada@corp.test&#13;");
    assert_eq!(change(&pasted), FaultKind::DigestMismatch(Some(Change::LineEnds)));
    let forged = dense.replace("ada@", "eve@");
    assert_eq!(change(&forged), FaultKind::DigestMismatch(None));
    let value = dense.find("<ds:SignatureValue>").expect("a value") + 25;
    let flipped = if dense.as_bytes()[value] == b'A' { "B" } else { "A" };
    let broken = format!("{}{flipped}{}", &dense[..value], &dense[value + 1..]);
    assert!(matches!(change(&broken), FaultKind::ValueMismatch { is_unchanged: true, .. }));
}

#[test]
fn a_signature_that_was_reformatted_is_not_blamed_on_the_certificate() {
    let dense = minted(&response("_a", &assertion("_a", "_a")), "rsa", RSA);
    let fault = |text: &str, keys: &[&str]| {
        let document = read(text);
        let keys: Vec<PublicKey> = keys.iter().map(|name| certificate(name)).collect();
        let faults = verify(&document, only(&shape(&document)), &keys, &STRICT);
        let fault = faults.expect_err("it was changed")[0].clone();
        let problem = fault.problem(&Arc::new(Source::new("message.xml", text)));
        (fault.kind, problem.remedy.unwrap_or_default())
    };
    let pretty = dense.replace("<ds:SignatureMethod", "\n  <ds:SignatureMethod");
    let line_ends = dense.replace("<ds:DigestValue>", "<ds:DigestValue>&#13;");
    for (text, expected) in [(&pretty, Change::Indented), (&line_ends, Change::LineEnds)] {
        let (kind, remedy) = fault(text, &["rsa"]);
        let FaultKind::ValueMismatch { change, .. } = kind else { panic!("{kind:?}") };
        assert_eq!(change, Some(expected), "{text}");
        assert!(remedy.contains("not a pretty-printed copy"), "{remedy}");
    }
    let other = dense.replace("<ds:DigestValue>", "<ds:DigestValue> ");
    let (kind, remedy) = fault(&other, &["rsa"]);
    assert!(matches!(kind, FaultKind::ValueMismatch { embeds_pinned: false, .. }), "{kind:?}");
    assert!(remedy.starts_with("pin the certificate"), "{remedy}");
}

#[test]
fn every_method_that_we_sign_with_holds() {
    let methods = [
        (
            "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            Scheme::RsaPss(Hash::Sha256),
            "rsa",
        ),
        (
            "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
            Scheme::RsaPss(Hash::Sha512),
            "rsa",
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224",
            Scheme::RsaPkcs1(Hash::Sha224),
            "rsa",
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Scheme::Ecdsa(Hash::Sha256),
            "p256",
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
            Scheme::Ecdsa(Hash::Sha384),
            "p384",
        ),
    ];
    for (uri, scheme, key) in methods {
        let template = response("_a", &assertion("_a", "_a")).replace(RSA_SHA256, uri);
        let text = minted(&template, key, scheme);
        assert!(verified(&text, &[certificate(key)], STRICT).is_ok(), "{uri}");
    }
}

#[test]
fn attacks_on_the_shape_are_refused_for_their_reason() {
    for (what, text, name) in attacks() {
        let document = Document::read(&text, Limits::MESSAGE);
        let document = document.unwrap_or_else(|error| panic!("{what}: {error}"));
        let shape = shape(&document);
        let first = shape.faults().first().map(|fault| fault.rule().name);
        assert_eq!(first, Some(name), "{what}: {:?}", shape.faults());
        for signature in shape.signatures() {
            let outcome = verify(&document, signature, &[certificate("rsa")], &STRICT);
            let is_whole = signature.faults().is_empty();
            assert!(is_whole || outcome.is_err(), "{what}");
        }
    }
}

#[test]
fn honest_twins_of_the_attacks_have_no_fault() {
    for (what, text) in twins() {
        let document = read(&text);
        let shape = shape(&document);
        assert!(shape.faults().is_empty(), "{what}: {:?}", shape.faults());
        for signature in shape.signatures() {
            let outcome = verify(&document, signature, &[certificate("rsa")], &STRICT);
            assert!(outcome.is_ok(), "{what}: {outcome:?}");
        }
    }
}

#[test]
fn of_two_signatures_of_one_element_neither_is_verified() {
    let signed = minted(&response("_r", &assertion("_a", "_a")), "rsa", RSA);
    let decoy = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";
    let text = signed.replace("<saml:Subject>", &format!("{decoy}<saml:Subject>"));
    let document = read(&text);
    let shape = shape(&document);
    assert_eq!(shape.signatures().len(), 2);
    for signature in shape.signatures() {
        let outcome = verify(&document, signature, &[certificate("rsa")], &STRICT);
        assert_eq!(outcome.expect_err("two")[0].rule().name, "sig-multiple");
    }
}

#[test]
fn a_signature_in_advice_is_ignored() {
    let inner = assertion("_inner", "_inner");
    let advice = format!("<saml:Advice>{inner}</saml:Advice>");
    let text = response(
        "_r",
        &assertion("_a", "_a").replace("<saml:Subject>", &format!("{advice}<saml:Subject>")),
    );
    let document = read(&text);
    let shape = shape(&document);
    assert_eq!(shape.ignored().len(), 1);
    assert_eq!(shape.signatures().len(), 1);
    assert!(shape.faults().is_empty());
}

#[test]
fn a_namespace_that_cannot_be_canonicalised_is_fatal() {
    let text = response("_a", &assertion("_a", "_a"));
    let text = minted(&text, "rsa", RSA);
    let text = text.replace("<saml:Subject>", "<saml:Subject xmlns:x=\"relative\" x:a=\"\">");
    assert_eq!(
        verified(&text, &[certificate("rsa")], STRICT).map(drop),
        Err(vec!["sig-c14n-failed"])
    );
}

#[test]
fn a_digest_of_nothing_is_never_right() {
    let empty = STANDARD.encode(digest(Hash::Sha256, b""));
    let template = response("_a", &assertion("_a", "_a"));
    let text = minted_with(&template, "rsa", RSA, |_| empty.clone());
    assert_eq!(
        verified(&text, &[certificate("rsa")], STRICT).map(drop),
        Err(vec!["sig-digest-empty"])
    );
}

#[test]
fn a_detached_signature_is_over_the_octets() {
    let octets = b"SAMLRequest=x&RelayState=y&SigAlg=z";
    let signature = sign(RSA, &private("rsa"), octets).expect("it signs");
    let keys = [certificate("stranger"), certificate("rsa")];
    let held = detached(octets, RSA_SHA256, &signature, &keys, &STRICT).expect("it holds");
    assert_eq!(held.key(), 1);
    let codes = |octets: &[u8], method: &str, keys: &[PublicKey]| {
        let faults = detached(octets, method, &signature, keys, &STRICT).map(drop);
        faults.map_err(|faults| faults[0].rule().name)
    };
    assert_eq!(codes(b"SAMLRequest=w", RSA_SHA256, &keys), Err("sig-value-mismatch"));
    assert_eq!(codes(octets, "urn:acme:none", &keys), Err("sig-algorithm"));
    assert_eq!(
        codes(octets, "http://www.w3.org/2000/09/xmldsig#hmac-sha1", &keys),
        Err("sig-hmac")
    );
    assert_eq!(codes(octets, RSA_SHA256, &[]), Err("sig-no-key"));
}

#[test]
fn a_stream_verifies_as_the_tree_does() {
    for name in ["metadata", "metadata-inclusive"] {
        let text = fixture(name);
        let whole = verified(&text, &[certificate("rsa")], STRICT).expect("it holds");
        let outcome = streamed(&text, &[certificate("stranger"), certificate("rsa")]);
        let verified = outcome.expect("signed").expect("it holds");
        assert_eq!((verified.id(), verified.key()), ("_group", 1), "{name}");
        assert_eq!(verified.element(), whole.element());
        assert_eq!(verified.remarks(), whole.remarks());
    }
}

#[test]
fn a_changed_stream_is_refused_for_its_reason() {
    let honest = fixture("metadata");
    let keys = [certificate("rsa")];
    let codes = |text: &str, keys: &[PublicKey]| {
        assert!(Document::read(text, Limits::MESSAGE).is_ok(), "{text}");
        let outcome = streamed(text, keys);
        outcome.map(|outcome| outcome.map(drop).map_err(|codes| codes[0]))
    };
    let signature = &honest[honest.find("<ds:Signature ").expect("one")
        ..honest.find("</ds:Signature>").expect("an end") + "</ds:Signature>".len()];
    let swap = |from: &str, to: &str| {
        assert!(honest.contains(from), "{from}");
        honest.replacen(from, to, 1)
    };
    let last = "</md:EntitiesDescriptor>";
    let cases = [
        (swap("idp1", "evil"), "sig-digest-mismatch"),
        (swap("xml:lang=\"en\"", "xml:lang=\"de\""), "sig-digest-mismatch"),
        (swap(last, &format!("<md:EntityDescriptor ID=\"_group\"/>{last}")), "sig-duplicate-id"),
        (swap(last, &format!("{signature}{last}")), "sig-multiple"),
        (format!("{}{}", swap(signature, "").replace(last, signature), last), "sig-position"),
        (swap("ID=\"_group\"", "ID=\"_evil\""), "sig-reference-unresolved"),
        (swap("ID=\"_group\"", "ID=\"_evil\"").replace("\"_e1\"", "\"_group\""), "sig-coverage"),
        (swap("URI=\"#_group\"", "URI=\"\""), "sig-reference-uri"),
        (swap("ID=\"_group\"", "ID=\"_group\" id=\"x\""), "sig-id-ambiguous"),
        (swap(RSA_SHA256, "urn:x"), "sig-algorithm"),
        (swap(last, &format!("<x xmlns=\"relative\"/>{last}")), "sig-c14n-failed"),
    ];
    for (text, code) in cases {
        assert_eq!(codes(&text, &keys), Some(Err(code)));
    }
    assert_eq!(codes(&honest, &[]), Some(Err("sig-no-key")));
    assert_eq!(codes(&honest, &[certificate("stranger")]), Some(Err("sig-key-untrusted")));
    assert_eq!(codes(&swap(signature, ""), &keys), None);
}

#[test]
fn no_truncation_of_a_signed_message_panics() {
    let text = fixture("rsa-sha256");
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)).step_by(7) {
        try_all(&text[..end]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_flipped_byte_verifies_other_content(at in 0usize..6000, bit in 0u8..7) {
        let honest = fixture("rsa-sha256");
        let mut bytes = honest.clone().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(bytes) {
            let before = verified(&honest, &[certificate("rsa")], STRICT).expect("it holds");
            if let Some(after) = try_all(&text) {
                prop_assert_eq!(before.bytes(), after.bytes());
            }
        }
    }

    #[test]
    fn stream_and_tree_agree_on_every_flipped_byte(at in 0usize..4000, bit in 0u8..7) {
        let mut bytes = fixture("metadata").into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let text = String::from_utf8(bytes).unwrap_or_default();
        if Document::read(&text, Limits::MESSAGE).is_ok() {
            let held = streamed(&text, &[certificate("rsa")]).is_some_and(|held| held.is_ok());
            prop_assert_eq!(held, try_all(&text).is_some());
        }
    }
}

fn streamed(text: &str, keys: &[PublicKey]) -> Option<Result<stream::Verified, Vec<&'static str>>> {
    let mut reader = Reader::new(text, Limits::MESSAGE).expect("a reader");
    let mut stream = stream::Stream::new(keys, STRICT);
    while let Some(event) = reader.event().expect("sound") {
        stream.event(&event);
    }
    let codes = |faults: Vec<Fault>| faults.iter().map(|fault| fault.rule().name).collect();
    stream.finish().verified.map(|outcome| outcome.map_err(codes))
}

fn try_all(text: &str) -> Option<Verified> {
    let document = Document::read(text, Limits::MESSAGE).ok()?;
    let shape = shape(&document);
    let signature = shape.signatures().first()?;
    verify(&document, signature, &[certificate("rsa")], &STRICT).ok()
}

/// Attacks: what they are, the message, and the rule that it breaks first.
fn attacks() -> Vec<(&'static str, String, &'static str)> {
    let signed = minted(&response("_r", &assertion("_a", "_a")), "rsa", RSA);
    let edited = EDITS.iter().map(|&(what, from, to, code)| {
        assert!(signed.contains(from), "{from}");
        (what, signed.replacen(from, to, 1), code)
    });
    let prefixes = format!(
        "exc-c14n#\"><x:InclusiveNamespaces xmlns:x=\"{EXCLUSIVE}\" PrefixList=\"{}\"/>\
         </ds:Transform></ds:Transforms>",
        "a ".repeat(5000)
    );
    let reference = &signed
        [signed.find("<ds:Reference").expect("one")..signed.find("</ds:SignedInfo>").expect("one")];
    let others = [
        (
            "endless prefixes",
            signed.replace("exc-c14n#\"/></ds:Transforms>", &prefixes),
            "xml-namespaces",
        ),
        ("no reference", signed.replace(reference, ""), "sig-reference-count"),
    ];
    edited.chain(others).chain(wrapped(&signed)).collect()
}

/// Attacks that move the signature, or what it signs.
fn wrapped(signed: &str) -> Vec<(&'static str, String, &'static str)> {
    let inner = &signed[signed.find("<saml:Assertion").expect("one")
        ..signed.find("</samlp:Response>").expect("an end")];
    let at = inner.find("<ds:Signature ").expect("one");
    let end = inner.find("</ds:Signature>").expect("one") + "</ds:Signature>".len();
    let signature = &inner[at..end];
    let bare = format!("{}{}", &inner[..at], &inner[end..]);
    let forged = bare.replace("\"_a\"", "\"_evil\"").replace("ada@", "eve@");
    let before = |text: &str, mark: &str, what: &str| {
        assert!(text.contains(mark), "{mark}");
        text.replacen(mark, &format!("{what}{mark}"), 1)
    };
    let around = |what: &str| before(&forged, "<saml:Subject>", what);
    let whole = |content: &str| response("_r", content);
    let hiding = before(signature, "</ds:Signature>", &bare);
    let object = format!("<ds:Object>{bare}</ds:Object>");
    let object = before(signature, "</ds:Signature>", &object);
    let extension = |what: &str, text: &str| {
        let what = format!("<samlp:Extensions>{what}</samlp:Extensions>");
        before(text, "<samlp:Status>", &what)
    };
    let other = signature.replace("#_a", "#_i");
    let issuer = bare.replace("<saml:Issuer>", &format!("<saml:Issuer Id=\"_i\">{other}"));
    let last = bare.replace("</saml:Subject>", &format!("</saml:Subject>{signature}"));
    vec![
        ("XSW4", whole(&around(inner)), "sig-coverage"),
        ("XSW5", whole(&format!("{}{bare}", around(signature))), "sig-coverage"),
        ("XSW6", whole(&around(&hiding)), "sig-coverage"),
        ("XSW7", extension(&bare, signed), "sig-duplicate-id"),
        ("XSW8", whole(&around(&object)), "sig-object-child"),
        ("parked in Extensions", extension(inner, &whole(&forged)), "sig-coverage"),
        (
            "moved to the response",
            before(&whole(&bare), "<samlp:Status>", signature),
            "sig-position",
        ),
        ("over the issuer", whole(&issuer), "sig-coverage"),
        ("twice", before(signed, "<saml:Subject>", signature), "sig-multiple"),
        ("after the subject", whole(&last), "sig-position"),
    ]
}

/// Messages that differ from attacks in one thing, and are fine.
fn twins() -> Vec<(&'static str, String)> {
    let prefixed = |text: &str| {
        text.replace("<ds:", "<sig:").replace("</ds:", "</sig:").replace("xmlns:ds", "xmlns:sig")
    };
    let template = response("_r", &assertion("_a", "_a"));
    let inclusive_list = template.replace(
        &format!("\"{EXCLUSIVE}\"/></ds:Transforms>"),
        &format!("\"{EXCLUSIVE}\"><x:InclusiveNamespaces xmlns:x=\"{EXCLUSIVE}\" PrefixList=\"#default saml xs none\"/></ds:Transform></ds:Transforms>"),
    );
    let only_enveloped =
        template.replace(&format!("<ds:Transform Algorithm=\"{EXCLUSIVE}\"/>"), "");
    let broken_lines = |text: &str| {
        let at = text.find("<ds:SignatureValue>").expect("a value") + 30;
        format!("{}\r\n\t {}", &text[..at], &text[at..])
    };
    vec![
        ("plain", minted(&template, "rsa", RSA)),
        ("other prefixes", prefixed(&minted_as(&template, "rsa", RSA, prefixed))),
        ("prefixes listed", minted(&inclusive_list, "rsa", RSA)),
        ("default canonicalisation", minted(&only_enveloped, "rsa", RSA)),
        ("broken lines", broken_lines(&minted(&template, "rsa", RSA))),
        ("an ID that is no name", minted(&response("_r", &assertion("0a", "0a")), "rsa", RSA)),
        ("a bare assertion", minted(&assertion("_a", "_a"), "rsa", RSA)),
    ]
}

fn response(id: &str, content: &str) -> String {
    let id = if content.contains(&format!("ID=\"{id}\"")) { "_response" } else { id };
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}\">\
         <samlp:Status><samlp:StatusCode/></samlp:Status>{content}</samlp:Response>"
    )
}

fn assertion(id: &str, reference: &str) -> String {
    format!(
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\">\
         <saml:Issuer>https://idp.corp.test/</saml:Issuer>\
         <ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>\
         <ds:SignatureMethod Algorithm=\"{RSA_SHA256}\"/><ds:Reference URI=\"#{reference}\">\
         <ds:Transforms><ds:Transform Algorithm=\"{ENVELOPED}\"/>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\"/></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
         <ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo>\
         <ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>\
         <saml:Subject><saml:NameID>ada@corp.test</saml:NameID></saml:Subject></saml:Assertion>"
    )
}

/// A template with digest and signature filled in.
fn minted(template: &str, key: &str, scheme: Scheme) -> String {
    minted_as(template, key, scheme, str::to_owned)
}

/// The same, for a text that is going to be respelled.
fn minted_as(
    template: &str,
    key: &str,
    scheme: Scheme,
    spelled: impl Fn(&str) -> String,
) -> String {
    let respelled = spelled(template);
    let value = digest_of(&respelled);
    let filled = template.replace(">AAAA</ds:DigestValue>", &format!(">{value}</ds:DigestValue>"));
    with_value(&filled, &value_of(&spelled(&filled), key, scheme))
}

fn minted_with(
    template: &str,
    key: &str,
    scheme: Scheme,
    digest: impl Fn(&str) -> String,
) -> String {
    let value = digest(template);
    let filled = template.replace(">AAAA</ds:DigestValue>", &format!(">{value}</ds:DigestValue>"));
    with_value(&filled, &value_of(&filled, key, scheme))
}

fn with_value(text: &str, value: &str) -> String {
    text.replace(">AAAA</ds:SignatureValue>", &format!(">{value}</ds:SignatureValue>"))
}

fn digest_of(text: &str) -> String {
    let document = read(text);
    let signature = first(&document, "Signature");
    let element = document.parent(signature).expect("it stands in an element");
    let transforms: Vec<NodeId> = all(&document, "Transform").collect();
    let how = match transforms.get(1) {
        Some(&second) => canonicalization(&document, second),
        None => Canonicalization::from_uri("http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
            .expect("known"),
    };
    let bytes = canonical(&document, element, Some(signature), &how).expect("canonical");
    STANDARD.encode(digest(Hash::Sha256, &bytes))
}

fn value_of(text: &str, key: &str, scheme: Scheme) -> String {
    let document = read(text);
    let how = canonicalization(&document, first(&document, "CanonicalizationMethod"));
    let bytes =
        canonical(&document, first(&document, "SignedInfo"), None, &how).expect("canonical");
    STANDARD.encode(sign(scheme, &private(key), &bytes).expect("it signs"))
}

fn canonicalization(document: &Document, node: NodeId) -> Canonicalization {
    let uri =
        &document.element(node).expect("one").attribute("Algorithm").expect("one").value.value;
    let how = Canonicalization::from_uri(uri).expect("known");
    match document.elements(node).next().and_then(|list| document.element(list)) {
        Some(list) => {
            how.with_prefix_list(&list.attribute("PrefixList").expect("a list").value.value)
        }
        None => how,
    }
}

fn all<'d>(document: &'d Document, local: &'d str) -> impl Iterator<Item = NodeId> + 'd {
    document.descendants(document.root()).filter(move |&node| {
        document.element(node).is_some_and(|element| element.name.local == local)
    })
}

fn first(document: &Document, local: &str) -> NodeId {
    all(document, local).next().unwrap_or_else(|| panic!("no {local}"))
}

fn verified(text: &str, keys: &[PublicKey], policy: Policy) -> Result<Verified, Vec<&'static str>> {
    let document = read(text);
    let names = |rule: &'static Rule| rule.name;
    verify(&document, only(&shape(&document)), keys, &policy)
        .map_err(|faults| faults.iter().map(|fault| names(fault.rule())).collect())
}

fn only(shape: &Shape) -> &ssoctl::saml::dsig::Signature {
    assert!(shape.faults().is_empty(), "{:?}", shape.faults());
    shape.signatures().first().expect("a signature")
}

fn read(text: &str) -> Document {
    Document::read(text, Limits::MESSAGE).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn fixture(name: &str) -> String {
    file(&format!("{name}.xml"))
}

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/saml/xmlsec1");
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn der(name: &str) -> Vec<u8> {
    let pem = file(name);
    let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(lines).expect("base64")
}

fn certificate(name: &str) -> PublicKey {
    PublicKey::from_certificate(&der(&format!("{name}.crt"))).expect("a key")
}

fn private(name: &str) -> PrivateKey {
    PrivateKey::from_pem(&file(&format!("{name}.key"))).expect("a key")
}

const RSA: Scheme = Scheme::RsaPkcs1(Hash::Sha256);
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const STRICT: Policy = Policy { allows_sha1: false, limits: Limits::MESSAGE };
/// Documents that xmlsec1 signed: the key, the method as people call it, and the signed element.
const SIGNED: [(&str, &str, &str, &str); 8] = [
    ("rsa-sha256", "rsa", "RSA-SHA256", "Assertion"),
    ("rsa-sha384", "rsa", "RSA-SHA384", "Assertion"),
    ("rsa-sha512", "rsa", "RSA-SHA512", "Response"),
    ("ecdsa-p256", "p256", "ECDSA-SHA256", "Assertion"),
    ("ecdsa-p384", "p384", "ECDSA-SHA384", "Response"),
    ("ecdsa-p521", "p521", "ECDSA-SHA512", "Assertion"),
    ("inclusive", "rsa", "RSA-SHA256", "Assertion"),
    ("inclusive11", "rsa", "RSA-SHA256", "Assertion"),
];

/// Attacks that change one thing in a signed message: what, from, to, and the rule.
#[rustfmt::skip]
const EDITS: [(&str, &str, &str, &str); 28] = [
    ("two SignedInfo", "</ds:SignedInfo>", "</ds:SignedInfo><ds:SignedInfo/>", "sig-cardinality"),
    ("SignedInfo in a wrapper", "<ds:SignedInfo>", "<ds:Wrapper/><ds:SignedInfo>", "sig-cardinality"),
    ("two SignatureValue", "<ds:SignatureValue>", "<ds:SignatureValue>AA==</ds:SignatureValue><ds:SignatureValue>", "sig-cardinality"),
    ("two DigestMethod", "<ds:DigestMethod ", "<ds:DigestMethod/><ds:DigestMethod ", "sig-cardinality"),
    ("two KeyInfo", "</ds:Signature>", "<ds:KeyInfo/><ds:KeyInfo/></ds:Signature>", "sig-cardinality"),
    ("comment in the digest", "</ds:DigestValue>", "<!-- --></ds:DigestValue>", "sig-encoding"),
    ("element in the value", "</ds:SignatureValue>", "<x/></ds:SignatureValue>", "sig-encoding"),
    ("empty URI", "URI=\"#_a\"", "URI=\"\"", "sig-reference-uri"),
    ("no URI", "URI=\"#_a\"", "", "sig-reference-uri"),
    ("external URI", "URI=\"#_a\"", "URI=\"http://evil.test/#_a\"", "sig-reference-uri"),
    ("XPointer", "URI=\"#_a\"", "URI=\"#xpointer(id('_a'))\"", "sig-reference-uri"),
    ("quotes", "URI=\"#_a\"", "URI=\"#_a' or 1=1\"", "sig-reference-uri"),
    ("empty fragment", "URI=\"#_a\"", "URI=\"#\"", "sig-reference-uri"),
    ("white space", "URI=\"#_a\"", "URI=\"#_a \"", "sig-reference-uri"),
    ("to nothing", "URI=\"#_a\"", "URI=\"#_b\"", "sig-reference-unresolved"),
    ("id in another case", " ID=\"_a\"", " Id=\"_a\"", "sig-reference-unresolved"),
    ("two IDs", " ID=\"_a\"", " ID=\"_a\" xml:id=\"_a2\"", "sig-id-ambiguous"),
    ("the same ID twice", "<saml:Subject>", "<saml:Subject ID=\"_r\">", "sig-duplicate-id"),
    ("another namespace", "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">", "<ds:Signature xmlns:ds=\"urn:x\">", "sig-coverage"),
    ("an Object", "</ds:Signature>", "<ds:Object/></ds:Signature>", "sig-object-child"),
    ("XSLT", "2001/10/xml-exc-c14n#\"/></ds:Transforms>", "TR/1999/REC-xslt-19991116\"/></ds:Transforms>", "sig-transform"),
    ("enveloped missing", "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>", "", "sig-transform"),
    ("three transforms", "</ds:Transforms>", "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>", "sig-transform"),
    ("unknown canonicalisation", "<ds:CanonicalizationMethod Algorithm=\"", "<ds:CanonicalizationMethod Algorithm=\"x", "sig-c14n-method"),
    ("with comments", "exc-c14n#\"/></ds:Transforms>", "exc-c14n#WithComments\"/></ds:Transforms>", "sig-c14n-method"),
    ("HMAC", "xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256", "sig-hmac"),
    ("MD5", "xmldsig-more#rsa-sha256", "xmldsig-more#rsa-md5", "sig-algorithm"),
    ("MD5 digest", "2001/04/xmlenc#sha256", "2001/04/xmldsig-more#md5", "sig-algorithm-weak"),
];
