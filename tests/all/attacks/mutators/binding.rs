//! How a message travels (B01 to B14): queries and forms that the provider's key really signed, and
//! what somebody on the way makes of them.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

use super::{Mutator, forged, other_message};
use crate::attacks::case::{
    Alive, Base, Case, Expected, accept_with, limit, malformed, reject, undecided,
};
use crate::attacks::keys::{self, Method};
use crate::attacks::mint::{self, ACS, ASSERTION, FORGED, HONEST, Protection};

pub(crate) const ROWS: [Mutator; 7] =
    [honest, rewritten, algorithms, parameters, streams, values, simple_sign];

/// A signed query in pieces, each as it is written in the address.
#[derive(Clone)]
struct Query {
    name: &'static str,
    message: String,
    relay_state: Option<String>,
    algorithm: String,
    signature: String,
}

impl Query {
    /// Signed as the binding has it; `escape` is how the sender writes values.
    fn signed(
        base: &Base,
        xml: &str,
        relay_state: Option<&str>,
        escape: fn(&str) -> String,
    ) -> Self {
        let signing = &base.spec.outer;
        let mut query = Self {
            name: "SAMLResponse",
            message: escape(&STANDARD.encode(deflated(xml.as_bytes()))),
            relay_state: relay_state.map(escape),
            algorithm: escape(signing.method.uri()),
            signature: String::new(),
        };
        let value = keys::sign(signing.method, signing.key, query.octets().as_bytes());
        query.signature = escape(&STANDARD.encode(value));
        query
    }

    fn octets(&self) -> String {
        let state = self.relay_state.as_ref().map(|state| format!("&RelayState={state}"));
        let state = state.unwrap_or_default();
        format!("{}={}{state}&SigAlg={}", self.name, self.message, self.algorithm)
    }

    fn address(&self) -> String {
        format!("{ACS}?{}&Signature={}", self.octets(), self.signature)
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut changed = self.clone();
        change(&mut changed);
        changed.address()
    }
}

/// A signed query and a signed form, for other tests.
pub(crate) fn honest_carriers(base: &Base) -> Vec<(&'static str, String)> {
    let form = form(base, &unsigned(base), Some("/tasks"));
    vec![("query", query(base).address()), ("simple-sign", form)]
}

/// The message that travels, with nothing signed in it.
fn unsigned(base: &Base) -> String {
    let mut spec = base.spec.clone();
    spec.protection = Protection::None;
    spec.mint()
}

fn is_ours(base: &Base) -> bool {
    base.spec.protection == Protection::Response
}

fn query(base: &Base) -> Query {
    Query::signed(base, &unsigned(base), Some("/tasks?page=2"), capital)
}

fn case(
    base: &Base,
    row: &str,
    variant: &str,
    bytes: impl Into<Vec<u8>>,
    expected: Expected,
) -> Case {
    twinned(base, row, variant, bytes, expected, query(base).address())
}

fn twinned(
    base: &Base,
    row: &str,
    variant: &str,
    bytes: impl Into<Vec<u8>>,
    expected: Expected,
    honest: String,
) -> Case {
    let mut case = base.case(row, variant, bytes, expected).alive(Alive::Silent);
    if let Some(twin) = &mut case.twin {
        twin.bytes = honest.into_bytes();
    }
    case
}

/// What real senders do, each in its own way, which must be read as it was signed.
fn honest(base: &Base) -> Vec<Case> {
    if !is_ours(base) {
        return Vec::new();
    }
    let xml = unsigned(base);
    let found = accept_with("bind-response-in-address");
    let state = Some("/tasks?page=2");
    let with =
        |state: Option<&str>, escape: fn(&str) -> String| Query::signed(base, &xml, state, escape);
    let usual = query(base);
    let Query { message, algorithm, signature, .. } = &usual;
    let relay_state = usual.relay_state.as_deref().unwrap_or_default();
    // Other parameters, and any order of them: what is signed has the order of the binding.
    let shuffled = format!(
        "{ACS}?lang=en&Signature={signature}&SigAlg={algorithm}&RelayState={relay_state}\
         &SAMLResponse={message}&utm=x#top"
    );
    let deflate = "urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE";
    let named = format!("{}&SAMLEncoding={deflate}", usual.address());
    let long = "x".repeat(81);
    let relay = |value: &str| with(Some(value), capital).address();
    let rows: Vec<(&str, &str, String, Expected)> = vec![
        ("B08", "capital", usual.address(), found),
        ("B08", "small", with(state, small).address(), found),
        ("B08", "plus", with(Some("a b"), plus).address(), found),
        ("B08", "without-state", with(None, capital).address(), found),
        ("B08", "empty-state", with(Some(""), capital).address(), found),
        ("B08", "shuffled", shuffled, found),
        ("B05", "named-encoding", named, found),
        ("B12", "long", relay(&long), accept_with("bind-relay-state")),
        ("B12", "address", relay("https://evil.test/"), accept_with("bind-relay-state")),
        ("B12", "slashes", relay("//evil.test/"), accept_with("bind-relay-state")),
        ("B12", "script", relay("javascript:alert(1)"), accept_with("bind-relay-state")),
        ("B12", "markup", relay("<script>"), accept_with("bind-relay-state")),
        ("B12", "control", relay("a\u{1b}[31m"), accept_with("bind-relay-state")),
        ("B12", "own-address", relay("https://cvat.acme.test/tasks"), found),
    ];
    let cases = rows.into_iter().map(|(row, variant, address, expected)| {
        case(base, row, variant, address, expected).untwinned()
    });
    cases.collect()
}

/// B08: what somebody on the way, well-meaning or not, makes of a signed query.
fn rewritten(base: &Base) -> Vec<Case> {
    if !is_ours(base) {
        return Vec::new();
    }
    let usual = query(base);
    let lower = Query::signed(base, &unsigned(base), Some("/tasks?page=2"), small);
    let bare = Query::signed(base, &unsigned(base), None, capital);
    let evil = unsigned(base);
    let evil = if base.is_encrypted() {
        evil.replace(mint::RESPONSE_ID, "_response-2")
    } else {
        mint::swap(&evil, HONEST, FORGED)
    };
    let evil = capital(&STANDARD.encode(deflated(evil.as_bytes())));
    let broken = reject("bind-redirect-signature");
    let swapped = Query { name: "SAMLRequest", ..usual.clone() };
    let attacker = {
        let mut spec = base.spec.clone();
        let is_ec = spec.outer.method == Method::EcdsaSha256;
        spec.outer.key = if is_ec { "attacker-p256" } else { "attacker" };
        let other = Base::new(base.name.clone(), spec, base.spec.outer.key);
        query(&other).address()
    };
    let rows: Vec<(&str, String, Expected)> = vec![
        ("re-encoded", lower.with(|q| *q = re_escaped(q, capital)), broken),
        ("re-encoded-small", usual.with(|q| *q = re_escaped(q, small)), broken),
        ("state-altered", usual.with(|q| q.relay_state = Some("%2Fevil".to_owned())), broken),
        ("state-removed", usual.with(|q| q.relay_state = None), broken),
        (
            "state-added",
            bare.with(|q| q.relay_state = Some("%2Fevil".to_owned())),
            reject("bind-coverage"),
        ),
        ("message-exchanged", usual.with(|q| q.message = evil), broken),
        ("state-space", usual.with(|q| q.relay_state = Some("%20".to_owned())), broken),
        ("attacker", attacker, broken),
        // The other name is another message: it is signed under its own.
        ("renamed", swapped.address(), broken),
    ];
    let cases = rows
        .into_iter()
        .map(|(variant, address, expected)| case(base, "B08", variant, address, expected));
    cases.collect()
}

/// B09, B10: an algorithm or a signature that is not there, or that is another.
fn algorithms(base: &Base) -> Vec<Case> {
    if !is_ours(base) {
        return Vec::new();
    }
    let usual = query(base);
    let unnamed = format!("&SigAlg={}", usual.algorithm);
    let unvalued = format!("&Signature={}", usual.signature);
    let algorithm = |uri: &str| usual.with(|query| query.algorithm = capital(uri));
    let signature = |value: &str| usual.with(|query| query.signature = capital(value));
    let address = usual.address();
    let stripped = mint::swap(&mint::swap(&address, &unnamed, ""), &unvalued, "");
    let rows: Vec<(&str, &str, String, Expected)> = vec![
        ("B09", "absent", mint::swap(&address, &unnamed, ""), reject("bind-sigalg")),
        ("B09", "empty", algorithm(""), reject("bind-sigalg")),
        ("B09", "unknown", algorithm("urn:x:none"), reject("bind-sigalg")),
        ("B09", "md5", algorithm(&format!("{MORE}rsa-md5")), reject("bind-sigalg")),
        ("B09", "hmac", algorithm(&format!("{MORE}hmac-sha256")), reject("bind-sigalg")),
        ("B09", "hmac-signed", hmac_signed(base, &usual), reject("sig-hmac")),
        (
            "B09",
            "dsa",
            algorithm("http://www.w3.org/2000/09/xmldsig#dsa-sha1"),
            reject("sig-algorithm"),
        ),
        ("B10", "empty", signature(""), reject("bind-redirect-signature")),
        ("B10", "blank", signature(" "), reject("bind-redirect-signature")),
        ("B10", "no-base64", signature("*"), reject("bind-redirect-signature")),
        ("B10", "absent", mint::swap(&address, &unvalued, ""), reject("bind-redirect-signature")),
        ("B10", "short", signature("AAAA"), reject("bind-redirect-signature")),
        ("B10", "stripped", stripped, reject("sig-missing")),
    ];
    let mut cases: Vec<Case> = rows
        .into_iter()
        .map(|(row, variant, address, expected)| case(base, row, variant, address, expected))
        .collect();
    if base.spec.outer.method == Method::RsaSha256 {
        let mut spec = base.spec.clone();
        spec.outer.method = Method::RsaSha1;
        let weak = query(&Base::new(base.name.clone(), spec, base.spec.outer.key)).address();
        cases.push(case(base, "B09", "sha1", weak.clone(), reject("sig-algorithm-weak")));
        let allowed = case(base, "B09", "sha1-allowed", weak, accept_with("sig-algorithm-weak"));
        cases.push(allowed.judged(|settings| settings.flagged("allow-sha1")).untwinned());
    }
    cases
}

/// A forged query whose HMAC has the public certificate for its secret.
fn hmac_signed(base: &Base, query: &Query) -> String {
    query.with(|query| {
        query.algorithm = capital(Method::HmacSha256.uri());
        let key = base.spec.outer.key;
        let value = keys::sign(Method::HmacSha256, key, query.octets().as_bytes());
        query.signature = capital(&STANDARD.encode(value));
    })
}

/// B07: parameters that come twice, and B05: an encoding of their own.
fn parameters(base: &Base) -> Vec<Case> {
    if !is_ours(base) {
        return Vec::new();
    }
    let address = query(base).address();
    let evil = forged_message();
    let evil = capital(&STANDARD.encode(deflated(evil.as_bytes())));
    let (_, parameters) = address.split_once('?').expect("a query");
    let before = |more: &str| format!("{ACS}?{more}&{parameters}");
    let behind = |more: &str| format!("{address}&{more}");
    let twice = malformed("bind-duplicate-param");
    let rows: Vec<(&str, &str, String, Expected)> = vec![
        ("B07", "before", before(&format!("SAMLResponse={evil}")), twice),
        ("B07", "behind", behind(&format!("SAMLResponse={evil}")), twice),
        ("B07", "escaped-name", behind(&format!("SAML%52esponse={evil}")), twice),
        ("B07", "empty", behind("SAMLResponse="), twice),
        ("B07", "bare", behind("SAMLResponse"), twice),
        ("B07", "both", behind(&format!("SAMLRequest={evil}")), twice),
        ("B07", "both-before", before(&format!("SAMLRequest={evil}")), twice),
        ("B07", "state", behind("RelayState=%2Fevil"), twice),
        ("B07", "algorithm", behind("SigAlg=urn%3Ax"), twice),
        ("B07", "signature", behind("Signature=AAAA"), twice),
        (
            "B05",
            "other-encoding",
            behind("SAMLEncoding=urn%3Ax%3Agzip"),
            malformed("bind-encoding"),
        ),
    ];
    let cases = rows
        .into_iter()
        .map(|(row, variant, address, expected)| case(base, row, variant, address, expected));
    cases.collect()
}

/// B01, B02, B06: streams that are no plain DEFLATE of one message, all of them signed.
fn streams(base: &Base) -> Vec<Case> {
    if !is_ours(base) || base.is_encrypted() {
        return Vec::new();
    }
    let xml = unsigned(base);
    let stream = deflated(xml.as_bytes());
    let carrying = |bytes: &[u8]| {
        let mut query = query(base);
        query.message = capital(&STANDARD.encode(bytes));
        let signing = &base.spec.outer;
        let value = keys::sign(signing.method, signing.key, query.octets().as_bytes());
        query.signature = capital(&STANDARD.encode(value));
        query.address()
    };
    let spaces = deflated(&vec![b' '; 4 << 20]);
    let comment: String = (0..190_000_u32).map(|number| format!("{number:x}.")).collect();
    let large =
        mint::swap_first(&xml, "<samlp:Status>", &format!("<!--{comment}--><samlp:Status>"));
    let large = deflated(large.as_bytes());
    assert!(large.len() < 1 << 20, "under the ceiling while it is compressed");
    let again = deflated(&stream);
    let cut = &stream[..stream.len() - 20];
    let rows: Vec<(&str, &str, String, Expected)> = vec![
        ("B01", "", carrying(&spaces), limit("bind-inflate-limit")),
        ("B02", "", carrying(&large), limit("bind-inflate-limit")),
        ("B06", "zlib", carrying(&zlib(xml.as_bytes())), malformed("bind-inflate-trailing")),
        (
            "B06",
            "byte",
            carrying(&[&stream[..], b"\0"].concat()),
            malformed("bind-inflate-trailing"),
        ),
        (
            "B06",
            "second",
            carrying(&[&stream[..], &deflated(forged_message().as_bytes())].concat()),
            malformed("bind-inflate-trailing"),
        ),
        ("B06", "cut", carrying(cut), malformed("bind-encoding")),
        ("B05", "twice", carrying(&again), malformed("")),
        (
            "B05",
            "base64-twice",
            carrying(STANDARD.encode(&stream).as_bytes()),
            malformed("bind-encoding"),
        ),
        ("B05", "uncompressed", carrying(xml.as_bytes()), malformed("bind-encoding")),
    ];
    let cases = rows
        .into_iter()
        .map(|(row, variant, address, expected)| case(base, row, variant, address, expected));
    cases.collect()
}

/// B03, B04, B05, B14: one value, in a form, whose message is signed in itself.
fn values(base: &Base) -> Vec<Case> {
    if base.is_encrypted() {
        return Vec::new();
    }
    let encoded = STANDARD.encode(&base.text);
    let form = |value: &str| format!("SAMLResponse={}", capital(value));
    let honest = form(&encoded);
    let make = |row: &str, variant: &str, bytes: Vec<u8>, expected| {
        twinned(base, row, variant, bytes, expected, honest.clone())
    };
    let lines: Vec<String> = encoded
        .as_bytes()
        .chunks(76)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    // Blanks behind the root, until the base64 has a padding whose bits can be set.
    let padded = format!("{}{}", base.text, " ".repeat((4 - base.text.len() % 3) % 3));
    let padded = STANDARD.encode(padded);
    let stray = padded.replacen("A==", "B==", 1).replacen("g==", "h==", 1).replacen("o=", "p=", 1);
    let cut = encoded.trim_end_matches('=');
    let unpadded = if cut.len().is_multiple_of(4) { &encoded[..encoded.len() - 1] } else { cut };
    let mut cases = vec![
        make("B04", "lines", form(&lines.join("\r\n")).into(), accept_with("")).untwinned(),
        make("B04", "trailing-bits", form(&stray).into(), malformed("bind-base64")),
        make("B04", "unpadded", form(unpadded).into(), malformed("bind-base64")),
        make(
            "B04",
            "foreign",
            form(&encoded.replacen('A', "*", 1)).into(),
            malformed("bind-base64"),
        ),
        make(
            "B04",
            "url-safe",
            form(&format!("-{}", &encoded[1..])).into(),
            malformed("bind-base64"),
        ),
        make(
            "B04",
            "behind-padding",
            form(&format!("{encoded}====")).into(),
            malformed("bind-base64"),
        ),
        make("B04", "plus-lost", form(&encoded.replace('+', " ")).into(), malformed("")),
        make("B05", "double", form(&STANDARD.encode(&encoded)).into(), malformed("bind-encoding")),
        make("B05", "raw", form(&base.text).into(), malformed("bind-encoding")),
        make("B05", "nothing", form("").into(), malformed("bind-encoding")),
        make("B05", "percent", b"SAMLResponse=%zz".to_vec(), malformed("bind-encoding")),
    ];
    assert_ne!(stray, padded, "{padded}");
    if is_ours(base) {
        cases.extend([
            make("B03", "", form_of_letters((4 << 20) + 4), limit("bind-size")),
            make("B03", "value", form_of_letters((2 << 20) + 4), limit("bind-size")),
        ]);
    }
    let artifact = other_message("ArtifactResponse", "_artifact").replace(mint::SIGNATURE, "");
    let artifact = mint::swap_first(
        &artifact,
        "</samlp:ArtifactResponse>",
        &format!("{}</samlp:ArtifactResponse>", base.text),
    );
    cases.push(make(
        "B14",
        "artifact-response",
        form(&STANDARD.encode(artifact)).into(),
        reject("saml-message-type"),
    ));
    if base.signs_assertion() {
        let alone = base.spec.minted_assertion();
        cases.push(make(
            "B14",
            "assertion",
            form(&STANDARD.encode(alone)).into(),
            undecided("saml-message-type"),
        ));
    }
    for kind in ["LogoutResponse", "AuthnRequest"] {
        let other = other_message(kind, "_other").replace(mint::SIGNATURE, &forged("_evil"));
        let expected = Expected { class: "none", reason: "saml-message-type" };
        cases.push(make("B14", kind, form(&STANDARD.encode(other)).into(), expected));
    }
    cases
}

fn form_of_letters(count: usize) -> Vec<u8> {
    format!("SAMLResponse={}", "A".repeat(count)).into_bytes()
}

/// B13: a form whose signature stands beside the message (POST-SimpleSign).
fn simple_sign(base: &Base) -> Vec<Case> {
    if !is_ours(base) {
        return Vec::new();
    }
    let xml = unsigned(base);
    let (honest, bare) = (form(base, &xml, Some("/tasks")), form(base, &xml, None));
    let broken = reject("bind-redirect-signature");
    let encoded = capital(&STANDARD.encode(&xml));
    let evil = capital(&STANDARD.encode(forged_message()));
    let make = |variant: &str, body: String, expected| {
        twinned(base, "B13", variant, body, expected, honest.clone())
    };
    vec![
        make("honest", honest.clone(), accept_with("")).untwinned(),
        make("honest-without-state", bare.clone(), accept_with("")).untwinned(),
        make("state-altered", mint::swap(&honest, "%2Ftasks", "%2Fevil"), broken),
        make("state-added", format!("{bare}&RelayState=%2Fevil"), reject("bind-coverage")),
        make("message-exchanged", mint::swap(&honest, &encoded, &evil), broken),
        make(
            "message-twice",
            format!("{honest}&SAMLResponse={evil}"),
            malformed("bind-duplicate-param"),
        ),
        // Signed as a query is: over the base64, not over the message itself.
        make("signed-as-query", as_query(base, &xml), broken),
    ]
}

fn form(base: &Base, xml: &str, relay_state: Option<&str>) -> String {
    let signing = &base.spec.outer;
    let uri = signing.method.uri();
    let state = relay_state.map_or_else(String::new, |state| format!("&RelayState={state}"));
    let octets = format!("SAMLResponse={xml}{state}&SigAlg={uri}");
    let value = STANDARD.encode(keys::sign(signing.method, signing.key, octets.as_bytes()));
    let state =
        relay_state.map_or_else(String::new, |state| format!("&RelayState={}", capital(state)));
    format!(
        "SAMLResponse={}{state}&SigAlg={}&Signature={}",
        capital(&STANDARD.encode(xml)),
        capital(uri),
        capital(&value)
    )
}

fn as_query(base: &Base, xml: &str) -> String {
    let signing = &base.spec.outer;
    let octets = format!(
        "SAMLResponse={}&SigAlg={}",
        capital(&STANDARD.encode(xml)),
        capital(signing.method.uri())
    );
    let value = STANDARD.encode(keys::sign(signing.method, signing.key, octets.as_bytes()));
    format!("{octets}&Signature={}", capital(&value))
}

/// What an attacker would like to be read.
fn forged_message() -> String {
    let plain = mint::Spec::new(Protection::None, "idp-rsa", Method::RsaSha256);
    mint::swap(&plain.response, ASSERTION, &forged("_evil")).replace(mint::SIGNATURE, "")
}

/// The same query with its values escaped anew.
fn re_escaped(query: &Query, escape: fn(&str) -> String) -> Query {
    let again = |text: &String| escape(&plain(text));
    Query {
        name: query.name,
        message: again(&query.message),
        relay_state: query.relay_state.as_ref().map(again),
        algorithm: again(&query.algorithm),
        signature: again(&query.signature),
    }
}

fn plain(text: &str) -> String {
    let mut pieces = text.split('%');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = u8::from_str_radix(&piece[..2], 16).expect("two digits");
        plain.push(char::from(code));
        plain.push_str(&piece[2..]);
    }
    plain
}

fn capital(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

fn small(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02x}"),
    };
    text.bytes().map(escape).collect()
}

fn plus(text: &str) -> String {
    capital(text).replace("%20", "+")
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("into memory");
    encoder.finish().expect("into memory")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("into memory");
    encoder.finish().expect("into memory")
}

const MORE: &str = "http://www.w3.org/2001/04/xmldsig-more#";
