//! Keys and values of signatures (S14, S44 to S46, S49 to S54, S56, S58, S59, X19): which keys are
//! trusted, and what a value has to be.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Mutator;
use crate::attacks::case::{
    ACCEPT, Alive, Base, Case, Expected, Settings, accept_with, limit, reject,
};
use crate::attacks::keys::{self, Hash, Method};
use crate::attacks::mint::{
    self, ASSERTION_ID, DS, EXCLUSIVE, FORGED, HONEST, Protection, RESPONSE_ID, Signing, swap,
    swap_first,
};

pub(crate) const ROWS: [Mutator; 7] =
    [prefix_lists, symmetric, pinned, curves, paddings, key_infos, digests];

fn is_plain(base: &Base) -> bool {
    !base.is_encrypted()
}

fn trusting(names: Vec<&'static str>) -> impl FnOnce(Settings) -> Settings {
    |mut settings| {
        settings.certificates = names;
        settings
    }
}

/// S44: what the provider signed with a list of prefixes.
fn prefix_lists(base: &Base) -> Vec<Case> {
    if !is_plain(base) {
        return Vec::new();
    }
    let transform = format!("<ds:Transform Algorithm=\"{EXCLUSIVE}\">");
    let method = format!("<ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\">");
    let list = |namespace: &str, prefixes: &str| {
        format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"{namespace}\" PrefixList=\"{prefixes}\">\
             </ec:InclusiveNamespaces>"
        )
    };
    let listed = |place: &str, namespace: &str, prefixes: &str| {
        let written = format!("{place}{}", list(namespace, prefixes));
        base.spec.clone().signing(|signing| signing.writing(place, &written))
    };
    let many = |count: usize| {
        let names: Vec<String> = (0..count).map(|number| format!("p{number}")).collect();
        names.join(" ")
    };
    let rows: Vec<(&str, mint::Spec, Expected)> = vec![
        ("unused", listed(&transform, EXCLUSIVE, "xs xsi"), ACCEPT),
        ("declared", listed(&transform, EXCLUSIVE, "saml"), ACCEPT),
        ("default", listed(&transform, EXCLUSIVE, "#default"), ACCEPT),
        ("method", listed(&method, EXCLUSIVE, "xs"), ACCEPT),
        ("long", listed(&transform, EXCLUSIVE, &many(2000)), limit("xml-namespaces")),
        ("long-method", listed(&method, EXCLUSIVE, &many(2000)), limit("xml-namespaces")),
        ("wrong-namespace", listed(&transform, "urn:x", "xs"), reject("sig-transform")),
    ];
    let cases = rows.into_iter().map(|(variant, spec, expected)| {
        let case = base.minted("S44", variant, &spec, expected).alive(Alive::Reads);
        if expected == ACCEPT { case.alive(Alive::Accepts).untwinned() } else { case }
    });
    cases.collect()
}

/// S45, S46: a message that somebody signed with the public certificate for a secret.
fn symmetric(base: &Base) -> Vec<Case> {
    if !is_plain(base) {
        return Vec::new();
    }
    let key = base.spec.outer.key;
    let forged = base
        .spec
        .clone()
        .asserting(HONEST, FORGED)
        .signing(|_| Signing::new(key, Method::HmacSha256));
    let empty = format!("<ds:SignatureMethod Algorithm=\"{}\">", Method::HmacSha256.uri());
    let short = |bits: &str| {
        let cut = format!("{empty}<ds:HMACOutputLength>{bits}</ds:HMACOutputLength>");
        let spec = forged.clone().signing(|signing| signing.writing(&empty, &cut));
        let text = spec.mint();
        let value = mint::element(&text, "ds:SignatureValue").to_owned();
        let bytes = if bits == "8" { "AA==" } else { "" };
        text.replace(&value, &format!("<ds:SignatureValue>{bytes}</ds:SignatureValue>"))
    };
    let own = format!("<ds:SignatureMethod Algorithm=\"{}\">", base.spec.outer.method.uri());
    let long = format!("{own}<ds:HMACOutputLength>8</ds:HMACOutputLength>");
    let cut = base.spec.clone().signing(|signing| signing.writing(&own, &long));
    vec![
        base.forgery("S45", "signed", forged.mint(), reject("sig-hmac")),
        base.case("S46", "nothing", short("0"), reject("sig-hmac")).alive(Alive::Reads),
        base.case("S46", "byte", short("8"), reject("sig-hmac")).alive(Alive::Reads),
        base.minted("S46", "on-a-key", &cut, reject("")),
    ]
}

/// S49 to S51, S58, S59: which keys are pinned.
fn pinned(base: &Base) -> Vec<Case> {
    let key = base.spec.outer.key;
    let is_ec = base.spec.outer.method == Method::EcdsaSha256;
    let other = if is_ec { "idp-rsa" } else { "idp-p256" };
    let alive = |case: Case| {
        if base.is_encrypted() { case.alive(Alive::Silent) } else { case.alive(Alive::Reads) }
    };
    let same = |row: &str, variant: &str, expected, names: Vec<&'static str>| {
        alive(base.case(row, variant, base.text.clone(), expected).judged(trusting(names)))
    };
    let mut cases = vec![
        same("S49", "", reject("sig-key-alg-mismatch"), vec![other]),
        same("S51", "", limit("sig-key-size"), vec!["huge"]),
        same("S51", "beside", ACCEPT, vec!["huge", key]).untwinned(),
        same("S58", "second", ACCEPT, vec![other, "idp-rsa-next", key]).untwinned(),
        same("S58", "neither", reject("sig-key-untrusted"), vec!["idp-rsa-next", "idp-p384"]),
    ];
    if is_ec {
        let neither = cases.pop().expect("the last one").judged(trusting(vec!["attacker-p256"]));
        cases.push(neither);
        let mut spec = base.spec.clone();
        (spec.outer, spec.inner) = (p384(), p384());
        let larger =
            base.minted("S58", "p384", &spec, ACCEPT).judged(trusting(vec![key, "idp-p384"]));
        cases.push(alive(larger).untwinned());
        return cases;
    }
    if base.spec.outer.method != Method::RsaSha256 {
        return cases;
    }
    let resigned =
        |key: &'static str| base.spec.clone().signing(|_| Signing::new(key, Method::RsaSha256));
    let weak = base.minted("S50", "", &resigned("idp-weak"), reject("sig-key-weak"));
    cases.push(alive(weak.judged(trusting(vec!["idp-weak"]))));
    let next = base.minted("S58", "next", &resigned("idp-rsa-next"), ACCEPT);
    cases.push(alive(next.judged(trusting(vec![key, "idp-rsa-next"]))).untwinned());
    for (variant, name) in [("expired", "idp-rsa-expired"), ("future", "idp-rsa-future")] {
        let found = accept_with("sig-cert-expired");
        cases.push(same("S59", variant, found, vec![name]).untwinned());
    }
    cases
}

fn p384() -> Signing {
    Signing::new("idp-p384", Method::EcdsaSha384)
}

/// S53: values that are no signature of the curve.
fn curves(base: &Base) -> Vec<Case> {
    if !is_plain(base) || base.spec.outer.method != Method::EcdsaSha256 {
        return Vec::new();
    }
    if base.spec.protection == Protection::Both {
        return Vec::new();
    }
    let element = mint::element(&base.text, "ds:SignatureValue").to_owned();
    let inner =
        element.trim_start_matches("<ds:SignatureValue>").trim_end_matches("</ds:SignatureValue>");
    let value = STANDARD.decode(inner).expect("base64");
    let (r, s) = value.split_at(32);
    let zero = [0_u8; 32];
    let order = ORDER.to_vec();
    let one = [&zero[1..], &[1]].concat();
    // The other of the two values that every signature has: it verifies in the mathematics, and
    // whoever takes it takes nothing that the key did not sign.
    let rows: Vec<(&str, Vec<u8>)> = vec![
        ("zeroes", [zero, zero].concat()),
        ("zero-r", [&zero, s].concat()),
        ("zero-s", [r, &zero].concat()),
        ("order", [&order[..], &order].concat()),
        ("order-s", [r, &order].concat()),
        ("ones", [&one[..], &one].concat()),
        ("all", vec![0xff; 64]),
        ("empty", Vec::new()),
        ("half", r.to_vec()),
        ("short", value[..63].to_vec()),
        ("long", [&value[..], &[0]].concat()),
        ("padded", [&[0], r, &[0], s].concat()),
        ("exchanged", [s, r].concat()),
        ("der", der(r, s)),
    ];
    let cases = rows.into_iter().map(|(variant, bytes)| {
        let written = format!("<ds:SignatureValue>{}</ds:SignatureValue>", STANDARD.encode(bytes));
        let text = swap_first(&base.text, &element, &written);
        let reason = if variant == "empty" { "" } else { "sig-value-mismatch" };
        base.case("S53", variant, text, reject(reason)).alive(Alive::Reads)
    });
    cases.collect()
}

/// The two numbers as ASN.1 has them.
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| {
        let sign: &[u8] = if bytes[0] > 0x7f { &[0] } else { &[] };
        let length = u8::try_from(bytes.len() + sign.len()).expect("short");
        [&[2, length], sign, bytes].concat()
    };
    let content = [number(r), number(s)].concat();
    let length = u8::try_from(content.len()).expect("short");
    [&[0x30, length], &content[..]].concat()
}

/// S54 and S52: paddings other than the one that is named.
fn paddings(base: &Base) -> Vec<Case> {
    let named = base.spec.outer.method;
    let is_rsa = matches!(named, Method::PssSha256 | Method::RsaSha256);
    if !is_plain(base) || !is_rsa || base.spec.protection == Protection::Both {
        return Vec::new();
    }
    let exchanged = |row: &str, variant: &str, value: Vec<u8>| {
        let element = mint::element(&base.text, "ds:SignatureValue").to_owned();
        let value = format!("<ds:SignatureValue>{}</ds:SignatureValue>", STANDARD.encode(value));
        let text = swap_first(&base.text, &element, &value);
        base.case(row, variant, text, reject("sig-value-mismatch")).alive(Alive::Reads)
    };
    let info = canonical_info(&base.text);
    let key = base.spec.outer.key;
    let mut cases = Vec::new();
    if named == Method::PssSha256 {
        for salt in [0, 20, 31, 33] {
            let value = keys::sign_pss(key, info.as_bytes(), salt);
            cases.push(exchanged("S54", &format!("salt-{salt}"), value));
        }
        let other = keys::sign(Method::RsaSha256, key, info.as_bytes());
        cases.push(exchanged("S54", "other-padding", other));
        for (variant, uri) in [
            ("parameters", "http://www.w3.org/2007/05/xmldsig-more#rsa-pss"),
            ("sha3", "http://www.w3.org/2007/05/xmldsig-more#sha3-256-rsa-MGF1"),
            ("md5", "http://www.w3.org/2007/05/xmldsig-more#md5-rsa-MGF1"),
        ] {
            let text = swap(&base.text, named.uri(), uri);
            cases
                .push(base.case("S54", variant, text, reject("sig-algorithm")).alive(Alive::Reads));
        }
    } else {
        let other = keys::sign(Method::PssSha256, key, info.as_bytes());
        cases.push(exchanged("S52", "other-padding", other));
        let hash = keys::sign(Method::RsaSha512, key, info.as_bytes());
        cases.push(exchanged("S52", "other-hash", hash));
        let honest = keys::sign(Method::RsaSha256, key, info.as_bytes());
        cases.push(exchanged("S52", "zero-in-front", [&[0], &honest[..]].concat()));
        cases.push(exchanged("S52", "cut", honest[..255].to_vec()));
        cases.push(exchanged("S52", "nothing-but-zeroes", vec![0; 256]));
        cases.push(exchanged("S52", "one", [vec![0; 255], vec![1]].concat()));
    }
    cases
}

/// The first SignedInfo as it was signed.
fn canonical_info(text: &str) -> String {
    let info = mint::element(text, "ds:SignedInfo");
    swap_first(info, "<ds:SignedInfo>", &format!("<ds:SignedInfo xmlns:ds=\"{DS}\">"))
}

/// S56: KeyInfo tells who signed, and is never a reason to trust.
fn key_infos(base: &Base) -> Vec<Case> {
    if !is_plain(base) {
        return Vec::new();
    }
    let method = base.spec.outer.method;
    let attacker = if method == Method::EcdsaSha256 { "attacker-p256" } else { "attacker" };
    let info = |content: &str| format!("<ds:KeyInfo>{content}</ds:KeyInfo>");
    let value = if method == Method::EcdsaSha256 {
        "<ds:KeyName>idp</ds:KeyName>".to_owned()
    } else {
        let (modulus, exponent) = keys::rsa_numbers(attacker);
        format!(
            "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{}</ds:Modulus><ds:Exponent>{}\
             </ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
            STANDARD.encode(modulus),
            STANDARD.encode(exponent)
        )
    };
    let remote = "<ds:RetrievalMethod URI=\"http://evil.test/key\"></ds:RetrievalMethod>";
    let file = "<ds:RetrievalMethod URI=\"file:///etc/passwd\"></ds:RetrievalMethod>";
    let pointer = "<dsig11:KeyInfoReference xmlns:dsig11=\"http://www.w3.org/2009/xmldsig11#\" \
        URI=\"http://evil.test/key\"></dsig11:KeyInfoReference>";
    let stranger = keys::certificate_base64("other-idp");
    let certificate =
        format!("<ds:X509Data><ds:X509Certificate>{stranger}</ds:X509Certificate></ds:X509Data>");
    let garbage = "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>";
    let known = keys::certificate_base64(base.spec.outer.key);
    let pretends =
        format!("<ds:X509Data><ds:X509Certificate>{known}</ds:X509Certificate></ds:X509Data>");
    let mut cases = Vec::new();
    for (variant, content) in [
        ("value", value.as_str()),
        ("remote", remote),
        ("file", file),
        ("pointer", pointer),
        ("stranger", &certificate),
        ("garbage", garbage),
        ("pretends", &pretends),
        ("nothing", ""),
    ] {
        let key_info = if content.is_empty() { String::new() } else { info(content) };
        let with = |key: &'static str| {
            base.spec
                .clone()
                .signing(|_| Signing { key_info: key_info.clone(), ..Signing::new(key, method) })
        };
        let honest =
            base.minted("S56", &format!("honest-{variant}"), &with(base.spec.outer.key), ACCEPT);
        cases.push(honest.untwinned());
        // Whose key it was can be told only where the message brings it.
        let is_told = variant == "value" && method != Method::EcdsaSha256;
        let reason = if is_told { "sig-key-untrusted" } else { "sig-value-mismatch" };
        let forged = with(attacker).asserting(HONEST, FORGED);
        cases.push(base.minted("S56", variant, &forged, reject(reason)).alive(Alive::Embedded));
    }
    cases
}

/// S14, X19: digests of nothing, and no digest at all, signed by the provider's own key.
fn digests(base: &Base) -> Vec<Case> {
    if !is_plain(base) {
        return Vec::new();
    }
    let empty = |hash: Hash| {
        base.spec.clone().signing(|mut signing| {
            signing.digest = hash;
            signing.digested = Some(String::new());
            signing
        })
    };
    let mut cases = Vec::new();
    for (variant, hash) in [("", Hash::Sha256), ("sha384", Hash::Sha384), ("sha512", Hash::Sha512)]
    {
        let nothing = base.minted("X19", variant, &empty(hash), reject("sig-digest-empty"));
        cases.push(nothing.alive(Alive::Reads));
    }
    let void = swap_first(
        &empty(Hash::Sha256).asserting(HONEST, FORGED).mint(),
        "<saml:Assertion ",
        "<saml:Assertion xmlns:r=\"relative\" r:a=\"1\" ",
    );
    // A canonicaliser that writes nothing for such a document would let it in.
    cases.push(base.case("X19", "void", void, reject("sig-c14n-failed")).alive(Alive::Reads));
    let text = &base.text;
    let reference = mint::element(text, "ds:Reference").to_owned();
    if base.spec.protection != Protection::Both {
        let none = Signing::clone(&base.spec.outer);
        let id = if base.signs_response() { RESPONSE_ID } else { ASSERTION_ID };
        let bare = info_without_reference(&none, id);
        let signed = swap_first(text, mint::element(text, "ds:Signature"), &bare);
        assert!(!signed.contains(&reference), "no reference is left");
        let forged = swap(&signed, HONEST, FORGED);
        cases.push(base.forgery("S14", "", forged, reject("sig-reference-count")));
    }
    cases
}

/// A signature whose key signed a SignedInfo without any Reference.
fn info_without_reference(signing: &Signing, id: &str) -> String {
    let plain = signing.signature(&signing.digest.of(b""), id);
    let reference = mint::element(&plain, "ds:Reference").to_owned();
    let info = swap_first(mint::element(&plain, "ds:SignedInfo"), &reference, "");
    let canonical =
        swap_first(&info, "<ds:SignedInfo>", &format!("<ds:SignedInfo xmlns:ds=\"{DS}\">"));
    let value = STANDARD.encode(keys::sign(signing.method, signing.key, canonical.as_bytes()));
    let old = mint::element(&plain, "ds:SignatureValue").to_owned();
    let text = swap_first(&plain, &old, &format!("<ds:SignatureValue>{value}</ds:SignatureValue>"));
    swap_first(&text, &reference, "")
}

/// The order of the group of P-256.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];
