//! Messages that only wear their reader down: each ends in its refusal, and soon.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::case::{Base, Expected, accept_with, limit, malformed, reject};
use super::encrypt::{self, Encryption};
use super::keys::Method;
use super::mint::{self, ASSERTION_ID, DS, HONEST, Protection, SAML, Spec, swap, swap_first};
use super::product;

/// A message of about a megabyte, and what has to come of it.
struct Bomb {
    name: &'static str,
    bytes: Vec<u8>,
    expected: Expected,
}

#[test]
fn every_bomb_ends_in_its_refusal_within_its_time() {
    let base = base();
    let mut wrong = String::new();
    let all = [documents(&base), signatures(&base), contents(&base), carriers(&base)];
    for bomb in all.into_iter().flatten() {
        let start = used();
        let outcome = product::judge(&bomb.bytes, &base.settings);
        let spent = used().saturating_sub(start);
        let is_right = outcome.class == bomb.expected.class
            && (bomb.expected.reason.is_empty() || outcome.reasons.contains(&bomb.expected.reason));
        if !is_right || spent > MOST {
            let count = outcome.reasons.len();
            let reasons = outcome.reasons[..count.min(3)].join(", ");
            let (name, class, spent) = (bomb.name, outcome.class, spent.as_millis());
            writeln!(wrong, "{name}: {spent} ms, {class}, {count}: {reasons}")
                .expect("into memory");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// How long this thread was at work: other programs on the machine do not count where the system
/// tells them apart.
pub(super) fn used() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let own = told.and_then(|told| told.split(' ').next()?.parse().ok());
    own.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

fn base() -> Base {
    let spec = Spec::new(Protection::Assertion, "idp-rsa", Method::RsaSha256);
    Base::new("bombs".to_owned(), spec, "idp-rsa")
}

fn bomb(name: &'static str, bytes: impl Into<Vec<u8>>, expected: Expected) -> Bomb {
    Bomb { name, bytes: bytes.into(), expected }
}

/// What no reader of XML has to survive.
fn documents(base: &Base) -> Vec<Bomb> {
    let text = &base.text;
    let at_status =
        |more: &str| swap_first(text, "<samlp:Status>", &format!("{more}<samlp:Status>"));
    let numbered = |count: usize, one: fn(usize) -> String| (0..count).map(one).collect::<String>();
    let mut laughs = "<!DOCTYPE a [<!ENTITY e0 \"ha\">".to_owned();
    for level in 1..40 {
        let below = format!("&e{};", level - 1).repeat(10);
        write!(laughs, "<!ENTITY e{level} \"{below}\">").expect("into memory");
    }
    let quadratic = format!("<!DOCTYPE a [<!ENTITY e \"{}\">]>", "x".repeat(500_000));
    let attributes = numbered(60_000, |number| format!(" a{number}=\"\""));
    let spaces = numbered(30_000, |number| format!(" xmlns:n{number}=\"urn:{number}\""));
    let mut levels = String::new();
    for level in 0..20 {
        let own: String =
            (0..31).map(|number| format!(" xmlns:n{level}-{number}=\"urn:{number}\"")).collect();
        write!(levels, "<a{own}>").expect("into memory");
    }
    levels.push_str(&"</a>".repeat(20));
    let most = 900_000;
    let ids = numbered(30_000, |number| format!("<a ID=\"i{number}\"/>"));
    vec![
        bomb("entities", format!("{laughs}]>{text}"), malformed("xml-doctype")),
        bomb("entity-quadratic", format!("{quadratic}{text}"), malformed("xml-doctype")),
        bomb("depth", at_status(&"<a>".repeat(most / 3)), limit("xml-depth")),
        bomb(
            "depth-border",
            at_status(&format!("{}{}", "<a>".repeat(98), "</a>".repeat(98))),
            reject("saml-schema"),
        ),
        bomb(
            "attributes",
            swap_first(text, "<samlp:Status>", &format!("<samlp:Status{attributes}>")),
            limit("xml-attributes"),
        ),
        bomb(
            "namespaces",
            swap_first(text, "<samlp:Status>", &format!("<samlp:Status{spaces}>")),
            limit("xml-attributes"),
        ),
        bomb("namespaces-by-level", at_status(&levels), limit("xml-namespaces")),
        bomb("nodes", at_status(&"<a/>".repeat(200_000)), limit("xml-nodes")),
        bomb("nodes-border", at_status(&"<a/>".repeat(49_000)), reject("saml-schema")),
        bomb("comments", at_status(&"<!---->".repeat(49_000)), accept_with("")),
        bomb(
            "comments-in-name",
            swap(
                text,
                &format!(">{HONEST}</saml:NameID>"),
                &format!(">{}{HONEST}</saml:NameID>", "<!---->".repeat(49_000)),
            ),
            reject("xml-differential"),
        ),
        bomb(
            "text",
            swap(
                text,
                &format!(">{HONEST}</saml:NameID>"),
                &format!(">{}</saml:NameID>", "x".repeat(most)),
            ),
            reject("sig-digest-mismatch"),
        ),
        bomb(
            "references",
            swap(
                text,
                &format!(">{HONEST}</saml:NameID>"),
                &format!(">{}</saml:NameID>", "&#x61;".repeat(most / 6)),
            ),
            reject("sig-digest-mismatch"),
        ),
        bomb(
            "sections",
            swap(
                text,
                &format!(">{HONEST}</saml:NameID>"),
                &format!(">{}</saml:NameID>", "<![CDATA[a]]>".repeat(60_000)),
            ),
            reject("sig-digest-mismatch"),
        ),
        bomb(
            "attribute-value",
            swap_first(text, mint::ACS, &"x".repeat(most)),
            reject("saml-destination"),
        ),
        bomb(
            "name",
            at_status(&format!("<{0}></{0}>", "a".repeat(most / 2))),
            reject("saml-schema"),
        ),
        bomb("size", at_status(&"x".repeat(2 << 20)), limit("bind-size")),
        bomb("ids", at_status(&ids), reject("saml-schema")),
        bomb("same-ids", at_status(&"<a ID=\"_x\"/>".repeat(49_000)), reject("sig-duplicate-id")),
        bomb("open-tags", "<samlp:Response ".repeat(60_000), FOREIGN),
        bomb("open-brackets", format!("<samlp:Response>{}", "<".repeat(most)), FOREIGN),
    ]
}

/// What makes signatures dear.
fn signatures(base: &Base) -> Vec<Bomb> {
    let text = &base.text;
    let own = mint::element(text, "ds:Signature").to_owned();
    let with = |from: &str, to: &str| swap_first(text, from, to);
    let empty = format!("<ds:Signature xmlns:ds=\"{DS}\"/>");
    let transform = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"/>";
    let reference = mint::element(text, "ds:Reference").to_owned();
    let certificate = mint::element(text, "ds:X509Certificate").to_owned();
    let info = |count: usize| {
        format!("{certificate}{}", "<ds:X509Certificate>AAAA</ds:X509Certificate>".repeat(count))
    };
    let number = STANDARD.encode(vec![0xff_u8; 1024]);
    let value = format!(
        "<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{number}</ds:Modulus>\
         <ds:Exponent>{number}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>"
    );
    let key_info = mint::element(text, "ds:KeyInfo").to_owned();
    let signature_value = mint::element(text, "ds:SignatureValue").to_owned();
    let garbage = format!("<ds:SignatureValue>{}</ds:SignatureValue>", "A".repeat(344));
    let dear = swap_first(&with(&key_info, &value), &signature_value, &garbage);
    let assertion = mint::element(text, "saml:Assertion").to_owned();
    let many: String =
        (0..180).map(|at| assertion.replace(ASSERTION_ID, &format!("_a{at}"))).collect();
    let list: String = (0..100_000).map(|at| format!("p{at} ")).collect();
    let exclusive = format!("<ds:Transform Algorithm=\"{}\">", mint::EXCLUSIVE);
    let listed = format!(
        "{exclusive}<ec:InclusiveNamespaces xmlns:ec=\"{}\" PrefixList=\"{list}\"/>",
        mint::EXCLUSIVE
    );
    let nested = format!(
        "{}{}",
        format!("<ds:Signature xmlns:ds=\"{DS}\">").repeat(90),
        "</ds:Signature>".repeat(90)
    );
    let object = format!("<ds:Object>{}</ds:Object></ds:Signature>", "<a/>".repeat(40_000));
    vec![
        bomb("signatures", with(&own, &own.repeat(200)), limit("sig-multiple")),
        bomb("empty-signatures", with(&own, &empty.repeat(15_000)), limit("sig-multiple")),
        bomb(
            "signatures-in-status",
            with("<samlp:Status>", &format!("<samlp:Status>{}", empty.repeat(15_000))),
            limit("sig-multiple"),
        ),
        bomb(
            "nested-signatures",
            with("<samlp:Status>", &format!("{nested}<samlp:Status>")),
            limit("sig-multiple"),
        ),
        bomb("signed-assertions", with(&assertion, &many), limit("sig-multiple")),
        bomb(
            "references",
            with(&reference, &reference.repeat(1500)),
            reject("sig-reference-count"),
        ),
        bomb(
            "transforms",
            with("<ds:Transforms>", &format!("<ds:Transforms>{}", transform.repeat(9_000))),
            reject("sig-transform"),
        ),
        bomb("certificates", with(&certificate, &info(18_000)), accept_with("")),
        bomb("real-certificates", with(&certificate, &certificate.repeat(600)), accept_with("")),
        bomb("dear-key", dear, reject("sig-value-mismatch")),
        bomb("prefix-list", with(&exclusive, &listed), limit("xml-namespaces")),
        bomb("object", with("</ds:Signature>", &object), reject("sig-object-child")),
        bomb(
            "value",
            with(
                &signature_value,
                &format!("<ds:SignatureValue>{}</ds:SignatureValue>", "A".repeat(900_000)),
            ),
            reject("sig-value-mismatch"),
        ),
        bomb("canonical", canonical(base), reject("sig-value-mismatch")),
    ]
}

/// Inclusive canonicalisation of many elements with many namespaces around them, for which nobody
/// signed.
fn canonical(base: &Base) -> String {
    let mut spec = base.spec.clone();
    let inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    spec.inner = spec.inner.writing(mint::EXCLUSIVE, inclusive);
    let mut content = String::new();
    for level in 0..16 {
        let own: String =
            (0..31).map(|number| format!(" xmlns:n{level}-{number}=\"urn:{number}\"")).collect();
        write!(content, "<n{level}-1:a{own}>").expect("into memory");
    }
    content.push_str(&"<n3-3:a n2-2:b=\"\"/>".repeat(30_000));
    for level in (0..16).rev() {
        write!(content, "</n{level}-1:a>").expect("into memory");
    }
    let text = spec.mint();
    let value = mint::element(&text, "ds:SignatureValue").to_owned();
    let garbage = format!("<ds:SignatureValue>{}</ds:SignatureValue>", "A".repeat(344));
    let text = swap_first(&text, &value, &garbage);
    swap_first(&text, ">annotators<", &format!(">{content}<"))
}

/// Many of what an assertion may hold many of.
fn contents(base: &Base) -> Vec<Bomb> {
    let text = &base.text;
    let with = |from: &str, to: &str| swap_first(text, from, to);
    let before = |at: &str, more: &str| with(at, &format!("{more}{at}"));
    let changed = reject("sig-digest-mismatch");
    let named: String = (0..26_000).map(|at| format!("<saml:Attribute Name=\"{at}\"/>")).collect();
    let same = "<saml:Attribute Name=\"x\"/>".repeat(30_000);
    let friendly: String = (0..8_000)
        .map(|at| format!("<saml:Attribute Name=\"n{at}\"><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>"))
        .collect();
    let statement = "</saml:AttributeStatement>";
    let confirmation = mint::element(text, "saml:SubjectConfirmation").to_owned();
    let restriction = mint::element(text, "saml:AudienceRestriction").to_owned();
    let authentication = mint::element(text, "saml:AuthnStatement").to_owned();
    let unknown = "<x/>".repeat(24_000);
    let once = "<saml:OneTimeUse/>".repeat(24_000);
    let statuses = "<samlp:Status/>".repeat(24_000);
    let code = "<samlp:StatusCode Value=\"x\">";
    let codes = format!("{}{}", code.repeat(90), "</samlp:StatusCode>".repeat(90));
    let sealed = encrypt::wrapped(
        "<saml:EncryptedAttribute>",
        &format!("<saml:Attribute xmlns:saml=\"{SAML}\" Name=\"x\"/>"),
        &Encryption::default(),
    );
    let sealed: String = (0..600)
        .map(|at| {
            sealed.replace("_data-1", &format!("_d{at}")).replace("_key-1", &format!("_k{at}"))
        })
        .collect();
    let evil = encrypt::assertion(&base.spec.minted_assertion(), &Encryption::default());
    let evil: String = (0..100)
        .map(|at| evil.replace("_data-1", &format!("_d{at}")).replace("_key-1", &format!("_k{at}")))
        .collect();
    let audiences = "<saml:Audience>x</saml:Audience>".repeat(25_000);
    let advice = format!(
        "<saml:Advice>{}</saml:Advice>",
        "<saml:AssertionIDRef>x</saml:AssertionIDRef>".repeat(20_000)
    );
    vec![
        bomb("attributes-by-name", before(statement, &named), changed),
        bomb("attributes-of-a-name", before(statement, &same), changed),
        bomb("attributes-with-values", before(statement, &friendly), changed),
        bomb("confirmations", before(&confirmation, &confirmation.repeat(1800)), changed),
        bomb("restrictions", before(&restriction, &restriction.repeat(4000)), changed),
        bomb(
            "audiences",
            with("</saml:AudienceRestriction>", &format!("{audiences}</saml:AudienceRestriction>")),
            changed,
        ),
        bomb("authentications", before(&authentication, &authentication.repeat(1500)), changed),
        bomb("single-uses", before(&restriction, &format!("{unknown}{once}")), changed),
        bomb(
            "statuses",
            before("<samlp:Status>", &format!("{unknown}{statuses}")),
            reject("saml-schema"),
        ),
        bomb(
            "status-codes",
            with("</samlp:Status>", &format!("{codes}</samlp:Status>")),
            reject(""),
        ),
        bomb("sealed-attributes", before(statement, &sealed), limit("enc-recipients")),
        bomb(
            "sealed-assertions",
            before("<saml:Assertion ", &evil),
            reject("saml-multiple-assertions"),
        ),
        bomb("advice", before("<saml:AuthnStatement ", &advice), changed),
        bomb("plaintext", hidden_depth(base), limit("xml-depth")),
        bomb("ciphertext", ciphertext(), reject("enc-failed")),
    ]
}

fn hidden_depth(base: &Base) -> String {
    let deep = format!("{}{}", "<a>".repeat(60_000), "</a>".repeat(60_000));
    let plain = swap_first(
        &base.spec.minted_assertion(),
        "<saml:Subject>",
        &format!("{deep}<saml:Subject>"),
    );
    base.spec.around(&encrypt::assertion(&plain, &Encryption::default()))
}

fn ciphertext() -> String {
    let mut spec = Spec::new(Protection::Assertion, "idp-rsa", Method::RsaSha256);
    spec.encryption = Some(Encryption::default());
    let text = spec.mint();
    let value = mint::element(&text, "xenc:CipherValue").to_owned();
    let long = format!("<xenc:CipherValue>{}</xenc:CipherValue>", "A".repeat(700_000));
    let at = text.rfind("<xenc:CipherValue>").expect("the content");
    let last = &text[at..text[at..].find("</xenc:CipherValue>").expect("an end") + at + 19];
    assert_ne!(last, value, "the first is that of the key");
    text.replacen(last, &long, 1)
}

/// What grows when it is unpacked.
fn carriers(base: &Base) -> Vec<Bomb> {
    let spaces = deflated(&vec![b' '; 64 << 20]);
    let encoded = STANDARD.encode(&spaces);
    let escaped = encoded.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let twice = STANDARD.encode(deflated(&spaces)).replace('+', "%2B").replace('/', "%2F");
    let address = |value: &str| format!("{}?SAMLResponse={value}", mint::ACS);
    let parameters = format!("{}&{}", address(&escaped), "a=b&".repeat(200_000));
    let honest = STANDARD.encode(&base.text);
    let states =
        format!("SAMLResponse={}{}", honest.replace('+', "%2B"), "&RelayState=a".repeat(100_000));
    let page =
        format!("<html><form>{}</form></html>", "<input name=\"a\" value=\"b\">".repeat(100_000));
    vec![
        bomb("deflate", address(&escaped), limit("bind-inflate-limit")),
        bomb("deflate-bare", encoded.clone(), limit("bind-inflate-limit")),
        bomb(
            "deflate-in-form",
            format!("SAMLResponse={escaped}&RelayState=x"),
            limit("bind-inflate-limit"),
        ),
        bomb("deflate-twice", address(&twice), malformed("")),
        bomb("base64-of-it", STANDARD.encode(&encoded), malformed("bind-encoding")),
        bomb("parameters", parameters, limit("bind-inflate-limit")),
        bomb("states", states, malformed("bind-duplicate-param")),
        bomb("page", page, FOREIGN),
        bomb("percent", format!("SAMLResponse={}", "%41".repeat(600_000)), malformed("")),
        bomb("letters", format!("SAMLResponse={}", "A".repeat(3 << 20)), limit("bind-size")),
        bomb("spaces", " ".repeat(5 << 20), limit("bind-size")),
        bomb("brackets", "[".repeat(1 << 20), FOREIGN),
    ]
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("into memory");
    encoder.finish().expect("into memory")
}

/// What is no message at all.
const FOREIGN: Expected = Expected { class: "foreign", reason: "" };
/// What one may take in a build without optimisation, on a machine that does other things too: in
/// a release each takes less than a second.
pub(super) const MOST: Duration = Duration::from_secs(5);
