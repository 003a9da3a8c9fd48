//! Encrypted parts: what xmlsec1 encrypted is read with the right key, and with no other.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ssoctl::crypto::digest::Hash;
use ssoctl::crypto::encryption::{Cipher, KeyTransport, encrypt, wrap_key};
use ssoctl::crypto::key::PrivateKey;
use ssoctl::saml::decrypt::{Decrypted, Decryption, Fault, FaultKind, Policy, Remark, facts};
use ssoctl::verdict::Weight;
use ssoctl::xml::Limits;
use ssoctl::xml::tree::{Document, NodeId};

#[test]
fn what_xmlsec1_encrypted_is_read_with_its_key() {
    for (name, content, transport) in ENCRYPTED {
        let text = fixture(name);
        let decrypted = decrypted(&text, &[key("stranger"), key("recipient")], policy());
        let decrypted = decrypted.unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        assert_eq!(decrypted.facts.content, content, "{name}");
        assert_eq!(decrypted.facts.transport, transport, "{name}");
        assert_eq!(decrypted.facts.key, Some(1), "{name}");
        assert_eq!(decrypted.facts.recipients, ["https://app.acme.test/"], "{name}");
        let document = &decrypted.document;
        let root = document.element(document.root()).expect("a root");
        assert_eq!(root.name.local, "Assertion", "{name}");
        assert!(document.text(document.root()).contains("ada@corp.test"), "{name}");
        let document = read(&text);
        let known = facts(&document, around(&document)).expect("facts");
        assert_eq!(known.content, content, "{name}");
    }
}

#[test]
fn weak_encryption_is_remarked_and_gcm_is_not() {
    let remarks = |name: &str| {
        decrypted(&fixture(name), &[key("recipient")], policy()).expect("it decrypts").remarks
    };
    assert_eq!(remarks("aes256-gcm"), []);
    assert_eq!(remarks("aes128-cbc"), [Remark::Unauthenticated("AES-128-CBC")]);
    assert_eq!(remarks("3des-cbc"), [Remark::Unauthenticated("3DES-CBC"), Remark::TripleDes]);
    assert_eq!(remarks("rsa15"), [Remark::Unauthenticated("AES-128-CBC"), Remark::Rsa15]);
}

#[test]
fn rsa15_is_refused_unless_it_is_let_through() {
    let strict = Policy { allows_rsa15: false, ..policy() };
    let fault = decrypted(&fixture("rsa15"), &[key("recipient")], strict).expect_err("refused");
    assert_eq!(fault.rule().name, "enc-keytransport");
}

#[test]
fn without_the_key_nothing_is_decided_and_the_recipient_is_named() {
    for keys in [vec![], vec![key("stranger")]] {
        let fault = decrypted(&fixture("aes256-gcm"), &keys, policy()).expect_err("no key");
        assert_eq!(fault.weight(), Weight::Undecided);
        let FaultKind::KeyMissing(wanted) = &fault.kind else { panic!("{fault:?}") };
        assert_eq!(wanted.recipients, ["https://app.acme.test/"]);
        assert!(wanted.certificates[0].starts_with("O=Acme, CN=recipient.corp.test (SHA-256 "));
        assert_eq!(wanted.tried, keys.len());
    }
}

#[test]
fn every_variant_of_oaep_that_we_mint_decrypts() {
    for digest in [Hash::Sha1, Hash::Sha256, Hash::Sha512] {
        for mgf in [Hash::Sha1, Hash::Sha256, Hash::Sha512] {
            let text = minted(&oaep(digest, mgf), Cipher::Aes256Gcm, PLAIN);
            let decrypted = decrypted(&text, &[key("recipient")], policy());
            assert!(decrypted.is_ok(), "{digest:?} {mgf:?} {decrypted:?}");
        }
    }
}

#[test]
fn faulty_encryption_is_refused_for_its_reason() {
    let honest = minted(&oaep(Hash::Sha256, Hash::Sha256), Cipher::Aes256Gcm, PLAIN);
    let key_info = &honest[honest.find("<ds:KeyInfo").expect("one")
        ..honest.find("</ds:KeyInfo>").expect("an end") + "</ds:KeyInfo>".len()];
    let encrypted_key = key_info.replace("<ds:KeyInfo>", "").replace("</ds:KeyInfo>", "");
    let swap = |from: &str, to: &str| {
        assert!(honest.contains(from), "{from}");
        honest.replacen(from, to, 1)
    };
    let cut = |keep: usize| {
        let start = honest.rfind("<xenc:CipherValue>").expect("one") + 18;
        let end = honest.rfind("</xenc:CipherValue>").expect("an end");
        let bytes = STANDARD.decode(&honest[start..end]).expect("base64");
        let keep = bytes.len().min(keep);
        format!("{}{}{}", &honest[..start], STANDARD.encode(&bytes[..keep]), &honest[end..])
    };
    let gcm = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
    let reference = "<xenc:CipherReference URI=\"http://evil.test/\"/>";
    let value = &honest[honest.rfind("<xenc:CipherValue>").expect("one")
        ..honest.rfind("</xenc:CipherData>").expect("an end")];
    let retrieval = |uri: &str| {
        swap(key_info, &format!("<ds:KeyInfo><ds:RetrievalMethod URI=\"{uri}\"/></ds:KeyInfo>"))
    };
    let cases = [
        (cut(27), "enc-failed"),
        (cut(5), "enc-failed"),
        (swap(gcm, "http://www.w3.org/2009/xmlenc11#aes128-gcm"), "enc-failed"),
        (swap("xmlenc11#mgf1sha256", "xmlenc11#mgf1sha1"), "enc-failed"),
        (swap("xmlenc#sha256", "xmlenc#sha512"), "enc-failed"),
        (swap(gcm, "urn:x"), "enc-algorithm"),
        (swap(&format!("<xenc:EncryptionMethod Algorithm=\"{gcm}\"/>"), ""), "enc-algorithm"),
        (swap(OAEP, "http://www.w3.org/2001/04/xmlenc#kw-aes128"), "enc-keytransport"),
        (swap(value, reference), "enc-external-ref"),
        (retrieval("http://evil.test/key"), "enc-external-ref"),
        (
            swap(key_info, &format!("<ds:KeyInfo>{}</ds:KeyInfo>", encrypted_key.repeat(17))),
            "enc-recipients",
        ),
        (
            swap(
                "<xenc:EncryptedKey>",
                "<xenc:EncryptedKey><ds:KeyInfo><ds:RetrievalMethod URI=\"#k\"/></ds:KeyInfo>",
            ),
            "enc-depth",
        ),
        (swap(key_info, ""), "enc-structure"),
    ];
    for (text, code) in cases {
        let fault = decrypted(&text, &[key("recipient")], policy()).expect_err(code);
        assert_eq!(fault.rule().name, code, "{fault:?}");
    }
    let many: Vec<PrivateKey> = (0..17).map(|_| key("stranger")).collect();
    let fault = decrypted(&honest, &many, policy()).expect_err("too many");
    assert_eq!(fault.rule().name, "enc-keys");
}

#[test]
fn keys_beside_the_content_and_referred_to_are_found() {
    let honest = minted(&oaep(Hash::Sha1, Hash::Sha1), Cipher::Aes128Gcm, PLAIN);
    let from = honest.find("<ds:KeyInfo").expect("one");
    let to = honest.find("</ds:KeyInfo>").expect("an end") + "</ds:KeyInfo>".len();
    let info = &honest[from..to];
    let own = info.replace("<ds:KeyInfo>", "").replace("</ds:KeyInfo>", "");
    let spaces = "xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" \
                  xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
    let named = format!("<xenc:EncryptedKey {spaces} Id=\"_k\">");
    let own = own.replace("<xenc:EncryptedKey>", &named);
    let end = "</saml:EncryptedAssertion>";
    let beside = honest.replace(info, "").replace(end, &format!("{own}{end}"));
    let referring = honest
        .replace(info, "<ds:KeyInfo><ds:RetrievalMethod URI=\"#_k\"/></ds:KeyInfo>")
        .replace(end, &format!("{own}{end}"));
    for text in [beside, referring] {
        assert!(decrypted(&text, &[key("recipient")], policy()).is_ok());
    }
}

#[test]
fn plaintext_is_a_document_of_its_own() {
    let case = |plain: &str| {
        let text = minted(&oaep(Hash::Sha256, Hash::Sha1), Cipher::Aes256Gcm, plain);
        decrypted(&text, &[key("recipient")], policy())
    };
    let code = |plain: &str| case(plain).expect_err(plain).rule().name;
    assert_eq!(code("<!DOCTYPE a><a/>"), "xml-doctype");
    assert_eq!(code("<saml:Assertion xmlns:saml=\"urn:x\"/><b/>"), "xml-trailing-content");
    assert_eq!(code("<none:Assertion/>"), "xml-namespace");
    assert_eq!(code(&PLAIN.replace("_plain", "_r")), "sig-duplicate-id");
    assert_eq!(
        code("<xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"/>"),
        "enc-depth"
    );
    assert_eq!(code(&"<a>".repeat(200)), "xml-depth");
    let decrypted = case("<saml:Assertion ID=\"_plain\"/>").expect("prefixes from around");
    assert!(matches!(&decrypted.remarks[..], [Remark::Namespaces(_)]));
    let root = decrypted.document.element(decrypted.document.root()).expect("a root");
    assert_eq!(root.name.namespace, "urn:oasis:names:tc:SAML:2.0:assertion");
}

#[test]
fn no_truncation_of_encrypted_content_panics() {
    let text = fixture("aes256-gcm");
    let start = text.rfind("<xenc:CipherValue>").expect("one") + 18;
    let end = text.rfind("</xenc:CipherValue>").expect("an end");
    for cut in (start..end).step_by(97) {
        let text = format!("{}{}", &text[..cut], &text[end..]);
        assert!(decrypted(&text, &[key("recipient")], policy()).is_err());
    }
}

fn decrypted(text: &str, keys: &[PrivateKey], policy: Policy) -> Result<Decrypted, Fault> {
    let document = read(text);
    Decryption::new(keys, policy).decrypt(&document, around(&document))
}

fn around(document: &Document) -> NodeId {
    let is_it = |&node: &NodeId| {
        document.element(node).is_some_and(|one| one.name.local == "EncryptedAssertion")
    };
    document.descendants(document.root()).find(is_it).expect("something encrypted")
}

fn minted(transport: &KeyTransport, cipher: Cipher, plain: &str) -> String {
    let KeyTransport::Oaep { digest, mgf, .. } = transport else { panic!("OAEP only") };
    let session: Vec<u8> = (0..32).take(cipher.key_length()).collect();
    let wrapped = wrap_key(transport, &key("recipient").public(), &session).expect("it wraps");
    let data = encrypt(cipher, &session, &[7; 12], plain.as_bytes()).expect("it encrypts");
    let name = |hash: &Hash| hash.name().replace('-', "").to_lowercase();
    let digest = match digest {
        Hash::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1".to_owned(),
        hash => format!("http://www.w3.org/2001/04/xmlenc#{}", name(hash)),
    };
    let method = match cipher {
        Cipher::Aes128Gcm => "aes128-gcm",
        _ => "aes256-gcm",
    };
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_r\"><saml:EncryptedAssertion>\
         <xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
         <xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#{method}\"/>\
         <ds:KeyInfo><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm=\"{OAEP}\">\
         <ds:DigestMethod Algorithm=\"{digest}\"/><x:MGF xmlns:x=\"http://www.w3.org/2009/xmlenc11#\" \
         Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1{}\"/></xenc:EncryptionMethod>\
         <xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData>\
         </xenc:EncryptedKey></ds:KeyInfo>\
         <xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData>\
         </xenc:EncryptedData></saml:EncryptedAssertion></samlp:Response>",
        name(mgf),
        STANDARD.encode(wrapped),
        STANDARD.encode(data),
    )
}

fn oaep(digest: Hash, mgf: Hash) -> KeyTransport {
    KeyTransport::Oaep { digest, mgf, label: None }
}

fn policy() -> Policy {
    Policy { allows_rsa15: true, recipient: None, limits: Limits::MESSAGE }
}

fn read(text: &str) -> Document {
    Document::read(text, Limits::MESSAGE).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn fixture(name: &str) -> String {
    file(&format!("encrypted-{name}.xml"))
}

fn key(name: &str) -> PrivateKey {
    PrivateKey::from_pem(&file(&format!("{name}.key"))).expect("a key")
}

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/saml/xmlsec1");
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
const PLAIN: &str = "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
    ID=\"_plain\"><saml:Issuer>https://idp.corp.test/</saml:Issuer></saml:Assertion>";
const SHA1_OAEP: &str = "RSA-OAEP (SHA-1, MGF1 with SHA-1)";

/// What xmlsec1 encrypted: content and key, as people call their algorithms.
const ENCRYPTED: [(&str, &str, &str); 8] = [
    ("aes128-cbc", "AES-128-CBC", SHA1_OAEP),
    ("aes192-cbc", "AES-192-CBC", SHA1_OAEP),
    ("aes256-cbc", "AES-256-CBC", SHA1_OAEP),
    ("aes128-gcm", "AES-128-GCM", SHA1_OAEP),
    ("aes256-gcm", "AES-256-GCM", SHA1_OAEP),
    ("3des-cbc", "3DES-CBC", SHA1_OAEP),
    ("rsa15", "AES-128-CBC", "RSA 1.5"),
    ("oaep-label", "AES-256-GCM", SHA1_OAEP),
];
