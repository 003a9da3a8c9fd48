//! Encryption and signatures around each other (E03, E04, E13 to E16, E18): what is signed inside
//! and outside, what stands in plaintext, and how many keys lead to it.

use super::Mutator;
use crate::attacks::case::{
    ACCEPT, Alive, Base, Case, Expected, accept_with, limit, malformed, reject, undecided,
};
use crate::attacks::encrypt::{self, Cipher, Encryption, Place, SECRET, Transport};
use crate::attacks::keys::Method;
use crate::attacks::mint::{
    self, ASSERTION_ID, DS, EMAIL, FORGED, HONEST, Protection, SAML, attribute, swap, swap_first,
};

pub(crate) const ROWS: [Mutator; 6] = [orders, plaintexts, nested, names, references, recipients];

/// E03, E04: both signatures count, the outer over what was received and the inner over what was
/// decrypted.
fn orders(base: &Base) -> Vec<Case> {
    if !base.is_encrypted() {
        return Vec::new();
    }
    let mut cases = vec![base.case("E03", "", base.text.clone(), ACCEPT).untwinned()];
    if base.signs_response() {
        // The same assertion, encrypted once more after the response was signed.
        let again = Encryption::new(Cipher::Aes128Gcm, Transport::OaepMgf1p);
        let sealed = encrypt::assertion(&base.spec.minted_assertion(), &again);
        let own = mint::element(&base.text, "saml:EncryptedAssertion").to_owned();
        let exchanged = swap_first(&base.text, &own, &sealed);
        let in_place = swap_first(&base.text, &own, &base.spec.minted_assertion());
        let changed = reject("sig-digest-mismatch");
        cases.push(base.case("E03", "exchanged", exchanged, changed));
        cases.push(base.case("E03", "in-place", in_place, changed));
    }
    if base.spec.protection == Protection::Both {
        let broken = swap(&base.spec.minted_assertion(), HONEST, FORGED);
        let sealed = encrypt::assertion(&broken, &Encryption::default());
        let mut case =
            base.forgery("E04", "", base.spec.around(&sealed), reject("sig-digest-mismatch"));
        case.plain = Some(base.spec.around(&broken));
        cases.push(case);
    }
    if base.spec.protection == Protection::Assertion {
        // Whoever has the certificate of the reader can encrypt what he likes.
        let broken = swap(&base.spec.minted_assertion(), HONEST, FORGED);
        let sealed = encrypt::assertion(&broken, &Encryption::default());
        let text = base.spec.around(&sealed);
        cases.push(base.case("E04", "alone", text, reject("sig-digest-mismatch")));
        let key = if base.spec.inner.key == "idp-rsa" { "attacker" } else { "attacker-p256" };
        let mut spec = base.spec.clone().asserting(HONEST, FORGED);
        spec.inner = mint::Signing::new(key, spec.inner.method);
        let text = spec.mint();
        let plain = spec.around(&spec.minted_assertion());
        let mut case = base.case("E04", "attacker", text, reject("sig-key-untrusted"));
        case = case.alive(Alive::Embedded);
        case.plain = Some(plain);
        cases.push(case);
    }
    cases
}

/// E14, E15: plaintext is read as strictly as the message around it, and alone.
fn plaintexts(base: &Base) -> Vec<Case> {
    if !base.is_encrypted() || base.spec.protection == Protection::Both {
        return Vec::new();
    }
    let honest = base.spec.minted_assertion();
    let sealed = |plain: &str| base.spec.around(&encrypt::assertion(plain, &Encryption::default()));
    let at_subject =
        |more: &str| swap_first(&honest, "<saml:Subject>", &format!("{more}<saml:Subject>"));
    let deep = format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000));
    let wide: String = (0..65).map(|number| format!(" a{number}=\"\"")).collect();
    let spaces: String =
        (0..33).map(|number| format!(" xmlns:n{number}=\"urn:{number}\"")).collect();
    let laughs = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let root = "<saml:Assertion ";
    let other = format!("<saml:Advice xmlns:saml=\"{SAML}\">{honest}</saml:Advice>");
    let name = format!(">{HONEST}</saml:NameID>");
    let rows: Vec<(&str, String, Expected)> = vec![
        ("doctype", format!("<!DOCTYPE a>{honest}"), malformed("xml-doctype")),
        ("entities", format!("{laughs}{honest}"), malformed("xml-doctype")),
        ("two-roots", format!("{honest}{honest}"), malformed("xml-trailing-content")),
        ("text-behind", format!("{honest}x"), malformed("xml-trailing-content")),
        ("empty", String::new(), malformed("xml-not-well-formed")),
        ("cut", honest[..honest.len() - 9].to_owned(), malformed("xml-not-well-formed")),
        ("character", at_subject("\u{1}"), malformed("xml-char")),
        ("version", format!("<?xml version=\"1.1\"?>{honest}"), malformed("xml-version")),
        ("prefix", at_subject("<x:y></x:y>"), malformed("xml-namespace")),
        (
            "twice",
            swap_first(&honest, root, &format!("{root}Version=\"2.0\" ")),
            malformed("xml-attribute-duplicate"),
        ),
        ("depth", at_subject(&deep), limit("xml-depth")),
        (
            "attributes",
            swap_first(&honest, root, &format!("<saml:Assertion{wide} ")),
            limit("xml-attributes"),
        ),
        (
            "namespaces",
            swap_first(&honest, root, &format!("<saml:Assertion{spaces} ")),
            limit("xml-namespaces"),
        ),
        ("other", other, reject("saml-schema")),
        (
            "response",
            swap(&base.spec.response, mint::ASSERTION, &honest).replace(mint::SIGNATURE, ""),
            reject("sig-duplicate-id"),
        ),
        ("outer-id", swap(&honest, ASSERTION_ID, mint::RESPONSE_ID), reject("sig-duplicate-id")),
        (
            "comment",
            swap(&honest, &name, ">alice<!---->@corp.test</saml:NameID>"),
            reject("xml-differential"),
        ),
        (
            "instruction",
            swap(&honest, &name, ">alice<?x y?>@corp.test</saml:NameID>"),
            reject("xml-differential"),
        ),
    ];
    let mut cases: Vec<Case> = rows
        .into_iter()
        .map(|(variant, plain, expected)| base.case("E14", variant, sealed(&plain), expected))
        .collect();
    let bytes =
        encrypt::encrypted(&[honest.as_bytes(), b"\xff\xfe"].concat(), &Encryption::default());
    let wrapped =
        format!("<saml:EncryptedAssertion xmlns:saml=\"{SAML}\">{bytes}</saml:EncryptedAssertion>");
    cases.push(base.case("E14", "bytes", base.spec.around(&wrapped), reject("enc-failed")));
    let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{honest}\n");
    cases.push(base.case("E14", "declared", sealed(&declared), ACCEPT).untwinned());
    // The digest is over the canonical form, which declares what the plaintext leaves out.
    let bare = swap_first(&honest, &format!(" xmlns:saml=\"{SAML}\""), "");
    let found = accept_with("enc-namespaces");
    cases.push(base.case("E15", "", sealed(&bare), found).untwinned());
    let unknown = swap_first(&bare, "<saml:Subject>", "<other:a></other:a><saml:Subject>");
    cases.push(base.case("E15", "unknown", sealed(&unknown), malformed("xml-namespace")));
    cases
}

/// E16: encrypted inside encrypted.
fn nested(base: &Base) -> Vec<Case> {
    if !base.is_encrypted() {
        return Vec::new();
    }
    let how = Encryption::default();
    let honest = base.spec.minted_assertion();
    let once =
        encrypt::assertion(&honest, &how).replace("_data-1", "_data-2").replace("_key-1", "_key-2");
    let twice = encrypt::assertion(&once, &how);
    let data = encrypt::encrypted(honest.as_bytes(), &how).replace("_data-1", "_data-2");
    let bare = encrypt::assertion(&data.replace("_key-1", "_key-2"), &how);
    let rows = [("twice", twice), ("data", bare)];
    let deep = limit("enc-depth");
    rows.map(|(variant, text)| base.case("E16", variant, base.spec.around(&text), deep)).into()
}

/// E16: an encrypted name and an encrypted attribute, which the provider signed.
fn names(base: &Base) -> Vec<Case> {
    let is_taken = matches!(base.spec.outer.method, Method::RsaSha256);
    if !is_taken {
        return Vec::new();
    }
    let name = format!("<saml:NameID Format=\"{EMAIL}\">{HONEST}</saml:NameID>");
    let email = attribute("email", HONEST);
    let declared = |text: &str, element: &str| {
        swap_first(
            text,
            &format!("<saml:{element} "),
            &format!("<saml:{element} xmlns:saml=\"{SAML}\" "),
        )
    };
    let numbered = |text: String, number: u8| {
        text.replace("_data-1", &format!("_data-{number}"))
            .replace("_key-1", &format!("_key-{number}"))
    };
    let sealed_name = |plain: &str, how: &Encryption| {
        numbered(encrypt::wrapped("<saml:EncryptedID>", plain, how), 5)
    };
    let usual = Encryption::default();
    let plain_name = declared(&name, "NameID");
    let sealed = sealed_name(&plain_name, &usual);
    let attribute =
        encrypt::wrapped("<saml:EncryptedAttribute>", &declared(&email, "Attribute"), &usual);
    let attribute = numbered(attribute, 6);
    let with = |from: &str, to: &str| base.spec.clone().asserting(from, to);
    let both = with(&name, &sealed).asserting(&email, &attribute);
    let stranger = Encryption { recipient: "sp-other", ..Encryption::default() };
    let inner =
        encrypt::wrapped(&format!("<saml:EncryptedID xmlns:saml=\"{SAML}\">"), &plain_name, &usual);
    let wrong = sealed_name(&declared(&email, "Attribute"), &usual);
    let twice = sealed_name(&numbered(inner, 7), &usual);
    let rows = vec![
        ("name", with(&name, &sealed), ACCEPT),
        ("attribute", with(&email, &attribute), ACCEPT),
        ("both", both, ACCEPT),
        (
            "other-key",
            with(&name, &sealed_name(&plain_name, &stranger)),
            undecided("enc-key-missing"),
        ),
        ("name-twice", with(&name, &twice), limit("enc-depth")),
        ("name-is-attribute", with(&name, &wrong), reject("saml-schema")),
        (
            "name-empty",
            with(&name, &sealed_name(&plain_name.replace(HONEST, ""), &usual)),
            reject("saml-nameid"),
        ),
        (
            "name-doctype",
            with(&name, &sealed_name(&format!("<!DOCTYPE a>{plain_name}"), &usual)),
            malformed("xml-doctype"),
        ),
        (
            "name-comment",
            with(&name, &sealed_name(&plain_name.replace("alice@", "alice<!---->@"), &usual)),
            reject("xml-differential"),
        ),
        (
            "name-element",
            with(
                &name,
                &sealed_name(&plain_name.replace("alice@", "alice<saml:a></saml:a>@"), &usual),
            ),
            reject("saml-schema"),
        ),
        (
            "name-hidden",
            with(&name, &sealed_name(&plain_name.replace("alice@", "ali\u{200b}ce@"), &usual)),
            reject("id-control"),
        ),
    ];
    let cases = rows.into_iter().map(|(variant, spec, expected)| {
        base.minted("E16", variant, &spec, expected).alive(Alive::Silent)
    });
    cases.collect()
}

/// E13: keys that lead to keys, and content that stands elsewhere.
fn references(base: &Base) -> Vec<Case> {
    if !base.is_encrypted() {
        return Vec::new();
    }
    let beside = Encryption { place: Place::Beside, ..Encryption::default() };
    let honest = encrypt::assertion(&base.spec.minted_assertion(), &beside);
    let method = "rsa-oaep-mgf1p\"></xenc:EncryptionMethod>";
    let leading = |id: &str| {
        let info = format!(
            "<ds:KeyInfo xmlns:ds=\"{DS}\"><ds:RetrievalMethod URI=\"#{id}\"></ds:RetrievalMethod></ds:KeyInfo>"
        );
        swap_first(&honest, method, &format!("{method}{info}"))
    };
    let key = mint::element(&leading("_key-1"), "xenc:EncryptedKey").to_owned();
    let second = key.replace("Id=\"_key-1\"", "Id=\"_key-2\"");
    let two = swap_first(
        &leading("_key-2"),
        "</saml:EncryptedAssertion>",
        &format!("{second}</saml:EncryptedAssertion>"),
    );
    let within = {
        let plain = mint::element(&honest, "xenc:EncryptedKey").replace("_key-1", "_key-3");
        let info = format!("<ds:KeyInfo xmlns:ds=\"{DS}\">{plain}</ds:KeyInfo>");
        swap_first(&honest, method, &format!("{method}{info}"))
    };
    let value = mint::element(&honest, "xenc:CipherValue").to_owned();
    let elsewhere = |uri: &str| {
        swap_first(
            &honest,
            &value,
            &format!("<xenc:CipherReference URI=\"{uri}\"></xenc:CipherReference>"),
        )
    };
    let to = |id: &str| swap_first(&honest, "URI=\"#_key-1\"", &format!("URI=\"{id}\""));
    let transformed = swap_first(
        &honest,
        "URI=\"#_key-1\"></ds:RetrievalMethod>",
        "URI=\"#_key-1\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"></ds:Transform></ds:Transforms></ds:RetrievalMethod>",
    );
    let deep = limit("enc-depth");
    let outside = reject("enc-external-ref");
    let rows: Vec<(&str, String, Expected)> = vec![
        ("to-itself", leading("_key-1"), deep),
        ("two-cycle", two, deep),
        ("key-in-key", within, deep),
        ("content-http", elsewhere("http://evil.test/x"), outside),
        ("content-file", elsewhere("file:///etc/passwd"), outside),
        ("content-here", elsewhere("#_data-1"), outside),
        ("key-file", to("file:///etc/passwd"), outside),
        ("key-nowhere", to("#_nothing"), reject("enc-structure")),
        ("key-is-data", to("#_data-1"), reject("enc-structure")),
        ("key-transformed", transformed, reject("enc-structure")),
    ];
    let cases = rows.into_iter().map(|(variant, text, expected)| {
        base.case("E13", variant, base.spec.around(&text), expected)
    });
    cases.collect()
}

/// E18: many recipients, many keys.
fn recipients(base: &Base) -> Vec<Case> {
    if !base.is_encrypted() {
        return Vec::new();
    }
    let usual = Encryption::default();
    let honest = encrypt::assertion(&base.spec.minted_assertion(), &usual);
    let stranger = Encryption { recipient: "sp-other", ..Encryption::default() };
    let secret = &SECRET[..usual.cipher.key_length()];
    let other = encrypt::encrypted_key(secret, &stranger, true);
    let own = mint::element(&honest, "xenc:EncryptedKey").to_owned();
    let among = |count: usize| {
        let others: String =
            (0..count).map(|number| other.replace("_key-1", &format!("_key-x{number}"))).collect();
        base.spec.around(&swap_first(&honest, &own, &format!("{others}{own}")))
    };
    let keys = |own: usize, others: usize| {
        let mut keys = vec!["sp-other"; others];
        keys.extend(vec!["sp"; own]);
        move |mut settings: crate::attacks::case::Settings| {
            settings.decryption = keys;
            settings
        }
    };
    vec![
        base.case("E18", "sixteen", among(15), ACCEPT).untwinned(),
        base.case("E18", "seventeen", among(16), limit("enc-recipients")),
        base.case("E18", "thousand", among(1000), limit("enc-recipients")),
        base.case("E18", "sixteen-keys", base.text.clone(), ACCEPT).judged(keys(1, 15)).untwinned(),
        base.case("E18", "seventeen-keys", base.text.clone(), limit("enc-keys"))
            .judged(keys(1, 16)),
    ]
}
