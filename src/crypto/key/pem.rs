//! Private keys in PEM (RFC 7468).

use ed25519_dalek::SigningKey as Ed25519Key;
use p256::SecretKey as P256Key;
use p384::SecretKey as P384Key;
use p521::SecretKey as P521Key;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;

use crate::crypto::key::{KeyError, PublicKey, PublicKind};

/// A private key. It shows nothing of itself.
#[derive(Clone)]
pub struct PrivateKey(pub(in crate::crypto) PrivateKind);

/// The kinds of private keys.
#[derive(Clone)]
pub(in crate::crypto) enum PrivateKind {
    Ed25519(Box<Ed25519Key>),
    P256(Box<P256Key>),
    P384(Box<P384Key>),
    P521(Box<P521Key>),
    Rsa(Box<rsa::PrivateKey>),
}

impl PrivateKey {
    /// Reads the first private key of a PEM text: PKCS#8, PKCS#1 or SEC1. Text around it, such as a
    /// certificate, is passed over.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let Some(block) = block(text) else { return Err(instead(text)) };
        match block.label {
            "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted),
            _ if block.text.contains("ENCRYPTED") => Err(KeyError::Encrypted),
            "PRIVATE KEY" => pkcs8(&block.text),
            "RSA PRIVATE KEY" => rsa::PrivateKey::from_pkcs1_pem(&block.text)
                .map(|key| Self(PrivateKind::Rsa(Box::new(key))))
                .map_err(|_| KeyError::NotKey),
            "EC PRIVATE KEY" => sec1(&block.text),
            _ => Err(KeyError::Unknown),
        }
    }

    /// The public key that belongs to it.
    pub fn public(&self) -> PublicKey {
        let kind = match &self.0 {
            PrivateKind::Ed25519(key) => PublicKind::Ed25519(Box::new(key.verifying_key())),
            PrivateKind::P256(key) => PublicKind::P256(Box::new(key.public_key().into())),
            PrivateKind::P384(key) => PublicKind::P384(Box::new(key.public_key().into())),
            PrivateKind::P521(key) => PublicKind::P521(Box::new(key.public_key().into())),
            PrivateKind::Rsa(key) => PublicKind::Rsa(Box::new(key.to_public_key())),
        };
        PublicKey::new(kind).expect("a key that was read can be written")
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

fn pkcs8(text: &str) -> Result<PrivateKey, KeyError> {
    let tries: [fn(&str) -> Option<PrivateKind>; 5] = [
        |text| Some(PrivateKind::Rsa(Box::new(rsa::PrivateKey::from_pkcs8_pem(text).ok()?))),
        |text| Some(PrivateKind::P256(Box::new(P256Key::from_pkcs8_pem(text).ok()?))),
        |text| Some(PrivateKind::P384(Box::new(P384Key::from_pkcs8_pem(text).ok()?))),
        |text| Some(PrivateKind::P521(Box::new(P521Key::from_pkcs8_pem(text).ok()?))),
        |text| Some(PrivateKind::Ed25519(Box::new(ed25519(text)?))),
    ];
    let found = tries.iter().find_map(|read| read(text));
    found.map(PrivateKey).ok_or(KeyError::Unknown)
}

/// An Ed25519 key of PKCS#8 (RFC 8410 section 7).
fn ed25519(text: &str) -> Option<Ed25519Key> {
    let (_, document) = rsa::pkcs8::SecretDocument::from_pem(text).ok()?;
    let seed = document.as_bytes().strip_prefix(ED25519_PKCS8.as_slice())?;
    Some(Ed25519Key::from_bytes(seed.get(..32)?.try_into().ok()?))
}

fn sec1(text: &str) -> Result<PrivateKey, KeyError> {
    let tries: [fn(&str) -> Option<PrivateKind>; 3] = [
        |text| Some(PrivateKind::P256(Box::new(P256Key::from_sec1_pem(text).ok()?))),
        |text| Some(PrivateKind::P384(Box::new(P384Key::from_sec1_pem(text).ok()?))),
        |text| Some(PrivateKind::P521(Box::new(P521Key::from_sec1_pem(text).ok()?))),
    ];
    let found = tries.iter().find_map(|read| read(text));
    found.map(PrivateKey).ok_or(KeyError::Unknown)
}

/// A block of PEM.
struct Block<'t> {
    label: &'t str,
    /// The block with its frame, each line without blanks around it.
    text: String,
}

/// The first block that names a private key.
fn block(text: &str) -> Option<Block<'_>> {
    let mut rest = text;
    while let Some(at) = rest.find(BEGIN) {
        let body = &rest[at + BEGIN.len()..];
        let label = &body[..body.find(DASHES)?];
        if label.ends_with("PRIVATE KEY") {
            let end = format!("-----END {label}-----");
            let length = body.find(&end)? + end.len();
            let whole = &rest[at..at + BEGIN.len() + length];
            let lines: Vec<&str> = whole.lines().map(str::trim).collect();
            return Some(Block { label, text: lines.join("\n") });
        }
        rest = body;
    }
    None
}

/// What a text is that holds no private key.
fn instead(text: &str) -> KeyError {
    if text.contains("-----BEGIN CERTIFICATE") {
        KeyError::Certificate
    } else if text.contains("PUBLIC KEY-----") {
        KeyError::Public
    } else {
        KeyError::NotKey
    }
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
/// What stands before the seed of an Ed25519 key in PKCS#8.
const ED25519_PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];
