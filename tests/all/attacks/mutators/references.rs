//! The shape of signatures (S09 to S20, S33, S37 to S49, S55 to S60, S63): signed by the provider's
//! key where the row is about what it signed, else changed afterwards.

use super::Mutator;
use crate::attacks::case::{Alive, Base, Case, Expected, accept_with, reject};
use crate::attacks::keys::{Hash, Method};
use crate::attacks::mint::{
    self, ASSERTION_ID, ENVELOPED, EXCLUSIVE, RESPONSE_ID, Signing, swap, swap_first,
};

pub(crate) const ROWS: [Mutator; 5] = [signed_info, cardinality, values, keys, presence];

/// What the provider's key signed differently.
fn signed_info(base: &Base) -> Vec<Case> {
    let id = if base.signs_response() { RESPONSE_ID } else { ASSERTION_ID };
    if base.signs_response() && base.signs_assertion() {
        return Vec::new();
    }
    let uri = format!("URI=\"#{id}\"");
    let transforms = format!(
        "<ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform><ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform>"
    );
    let with = |algorithm: &str| {
        transforms.replace("</ds:Transform><ds:Transform", &format!("</ds:Transform><ds:Transform Algorithm=\"{algorithm}\"></ds:Transform><ds:Transform"))
    };
    let exclusive = format!("<ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\">");
    let comments = format!("<ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}WithComments\">");
    let unknown = "<ds:CanonicalizationMethod Algorithm=\"urn:x:c14n\">".to_owned();
    let rows: Vec<(&str, &str, String, String, Expected)> = vec![
        ("S16", "empty", uri.clone(), "URI=\"\"".into(), reject("sig-reference-uri")),
        (
            "S17",
            "http",
            uri.clone(),
            "URI=\"http://evil.test/a.xml\"".into(),
            reject("sig-reference-uri"),
        ),
        (
            "S17",
            "file",
            uri.clone(),
            "URI=\"file:///etc/passwd\"".into(),
            reject("sig-reference-uri"),
        ),
        (
            "S18",
            "",
            uri.clone(),
            format!("URI=\"#xpointer(id('{id}'))\""),
            reject("sig-reference-uri"),
        ),
        ("S19", "", uri.clone(), "URI=\"#x' or '1'='1\"".into(), reject("sig-reference-uri")),
        ("S20", "", uri.clone(), "URI=\"#\"".into(), reject("sig-reference-uri")),
        ("S21", "", uri, "URI=\"#_nothing\"".into(), reject("sig-reference-unresolved")),
        (
            "S39",
            "",
            transforms.clone(),
            with("http://www.w3.org/TR/1999/REC-xslt-19991116"),
            reject("sig-transform"),
        ),
        (
            "S40",
            "xpath",
            transforms.clone(),
            with("http://www.w3.org/TR/1999/REC-xpath-19991116"),
            reject("sig-transform"),
        ),
        (
            "S40",
            "filter",
            transforms.clone(),
            with("http://www.w3.org/2002/06/xmldsig-filter2"),
            reject("sig-transform"),
        ),
        (
            "S40",
            "base64",
            transforms.clone(),
            with("http://www.w3.org/2000/09/xmldsig#base64"),
            reject("sig-transform"),
        ),
        ("S41", "thrice", transforms.clone(), with(EXCLUSIVE), reject("sig-transform")),
        (
            "S41",
            "no-enveloped",
            format!("<ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform>"),
            String::new(),
            reject("sig-transform"),
        ),
        ("S42", "", exclusive.clone(), unknown, reject("sig-c14n-method")),
        ("S43", "", exclusive, comments, reject("sig-c14n-method")),
    ];
    let cases = rows.into_iter().map(|(row, variant, from, to, expected)| {
        let spec = base.spec.clone().signing(|signing: Signing| signing.writing(&from, &to));
        // The naive verifier knows no other transforms; whoever runs them would be taken in.
        base.minted(row, variant, &spec, expected).alive(Alive::Reads)
    });
    let silent = |case: Case| if base.is_encrypted() { case.alive(Alive::Silent) } else { case };
    cases.map(silent).collect()
}

/// Things that may stand once.
fn cardinality(base: &Base) -> Vec<Case> {
    let text = &base.text;
    if base.is_encrypted() && !base.signs_response() {
        return Vec::new();
    }
    let twice = |name: &str| {
        let element = mint::element(first_signature(text), name).to_owned();
        swap_first(text, &element, &format!("{element}{element}"))
    };
    let signature = first_signature(text).to_owned();
    let value = mint::element(&signature, "ds:DigestValue").to_owned();
    let inner = value.trim_start_matches("<ds:DigestValue>").trim_end_matches("</ds:DigestValue>");
    let commented = format!("<ds:DigestValue>AAAA<!--x-->{inner}</ds:DigestValue>");
    let info = mint::element(&signature, "ds:SignedInfo").to_owned();
    let wrapped = swap_first(text, &info, &format!("<ds:Wrap>{info}</ds:Wrap>"));
    let object = swap_first(text, "</ds:Signature>", "<ds:Object></ds:Object></ds:Signature>");
    let manifest = swap_first(
        text,
        "</ds:Signature>",
        "<ds:Object><ds:Manifest></ds:Manifest></ds:Object></ds:Signature>",
    );
    let rows = vec![
        ("S09", "", twice("ds:SignedInfo"), "sig-cardinality"),
        ("S10", "", wrapped, "sig-cardinality"),
        ("S11", "", swap_first(text, &value, &commented), "sig-encoding"),
        ("S12", "value", twice("ds:SignatureValue"), "sig-cardinality"),
        ("S12", "key-info", twice("ds:KeyInfo"), "sig-cardinality"),
        ("S12", "c14n", twice("ds:CanonicalizationMethod"), "sig-cardinality"),
        ("S12", "method", twice("ds:SignatureMethod"), "sig-cardinality"),
        ("S12", "digest", twice("ds:DigestValue"), "sig-cardinality"),
        ("S15", "", twice("ds:Reference"), "sig-reference-count"),
        (
            "S33",
            "",
            swap_first(text, &signature, &format!("{signature}{signature}")),
            "sig-multiple",
        ),
        ("S37", "empty", object, "sig-object-child"),
        ("S38", "", manifest, "sig-object-child"),
    ];
    let cases = rows.into_iter().map(|(row, variant, text, reason)| {
        base.case(row, variant, text, reject(reason)).alive(Alive::Silent)
    });
    cases.collect()
}

/// Values that were changed afterwards.
fn values(base: &Base) -> Vec<Case> {
    if base.is_encrypted() {
        return Vec::new();
    }
    let text = &base.text;
    let forged = swap(text, mint::HONEST, mint::FORGED);
    let value = mint::element(first_signature(text), "ds:SignatureValue").to_owned();
    let flipped = value.replacen("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", 1);
    let inner =
        value.trim_start_matches("<ds:SignatureValue>").trim_end_matches("</ds:SignatureValue>");
    let spaced =
        format!("<ds:SignatureValue>\n{}\n{}\n</ds:SignatureValue>", &inner[..20], &inner[20..]);
    vec![
        base.case("S63", "changed", forged, reject("sig-digest-mismatch")).alive(Alive::Reads),
        base.case("S52", "value", swap_first(text, &value, &flipped), reject("sig-value-mismatch"))
            .alive(Alive::Reads),
        base.case("S13", "", swap_first(text, &value, &spaced), accept_with(""))
            .alive(Alive::Silent),
    ]
}

/// Keys and algorithms.
fn keys(base: &Base) -> Vec<Case> {
    if base.is_encrypted() {
        return Vec::new();
    }
    let mut cases = Vec::new();
    let method = method_of(&base.spec.outer);
    let key = if method == Method::EcdsaSha256 { "attacker-p256" } else { "attacker" };
    let attacker = base.spec.clone().signing(|_| Signing::new(key, method));
    let attacker = attacker.asserting(mint::HONEST, mint::FORGED);
    let embedded = base.minted("S55", "", &attacker, reject("sig-key-untrusted"));
    cases.push(embedded.alive(Alive::Embedded));
    let weak = base.spec.clone().signing(|mut signing| {
        signing.digest = Hash::Sha1;
        signing
    });
    cases.push(base.minted("S48", "", &weak, reject("sig-algorithm-weak")).alive(Alive::Reads));
    let algorithm = method_of(&base.spec.outer).uri();
    for (row, variant, uri, reason) in [
        ("S45", "", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", "sig-hmac"),
        ("S45", "sha1", "http://www.w3.org/2000/09/xmldsig#hmac-sha1", "sig-hmac"),
        ("S47", "md5", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5", "sig-algorithm"),
        ("S47", "dsa", "http://www.w3.org/2000/09/xmldsig#dsa-sha1", "sig-algorithm"),
        ("S47", "unknown", "urn:x:signature", "sig-algorithm"),
    ] {
        let text = swap(&base.text, algorithm, uri);
        cases.push(base.case(row, variant, text, reject(reason)).alive(Alive::Reads));
    }
    cases
}

fn method_of(signing: &Signing) -> Method {
    signing.method
}

/// No signature at all.
fn presence(base: &Base) -> Vec<Case> {
    let mut spec = base.spec.clone();
    spec.protection = mint::Protection::None;
    let row = if base.is_encrypted() { "E01" } else { "S60" };
    let alive = if base.is_encrypted() { Alive::Silent } else { Alive::Reads };
    vec![base.minted(row, "", &spec, reject("sig-missing")).alive(alive)]
}

/// The first signature in a text.
fn first_signature(text: &str) -> &str {
    let start = text.find("<ds:Signature ").expect("a signature");
    let end =
        text[start..].find("</ds:Signature>").expect("its end") + start + "</ds:Signature>".len();
    &text[start..end]
}
