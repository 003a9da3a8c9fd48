//! Public and private keys.

mod pem;
mod roca;

use ed25519_dalek::VerifyingKey as Ed25519Key;
use p256::ecdsa::VerifyingKey as P256Key;
use p384::ecdsa::VerifyingKey as P384Key;
use p521::ecdsa::VerifyingKey as P521Key;
use rsa::BoxedUint;
use rsa::pkcs8::{DecodePublicKey as _, EncodePublicKey as _};
use rsa::traits::PublicKeyParts as _;
use x509_parser::prelude::FromDer as _;

use crate::crypto::digest::{Hash, digest};

pub use self::pem::PrivateKey;
pub(super) use self::pem::PrivateKind;
pub use self::roca::is_factorable;

/// A public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub(super) kind: PublicKind,
    /// `SubjectPublicKeyInfo` in DER (RFC 5280 section 4.1).
    spki: Vec<u8>,
}

/// The kinds of public keys.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum PublicKind {
    Ed25519(Box<Ed25519Key>),
    P256(Box<P256Key>),
    P384(Box<P384Key>),
    P521(Box<P521Key>),
    Rsa(Box<rsa::PublicKey>),
}

/// What family a key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyFamily {
    /// EdDSA on Curve25519 (RFC 8032).
    Ed25519,
    /// An elliptic curve of NIST, by the bits of its field.
    Ec(usize),
    /// RSA.
    Rsa,
}

/// Why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// A certificate where a key is meant.
    Certificate,
    /// The key is locked with a passphrase.
    Encrypted,
    /// Neither PEM nor DER of a key.
    NotKey,
    /// A public key where a private one is meant.
    Public,
    /// RSA beyond what is computed here: the modulus has more than 8,192 bits, or the exponent is
    /// beyond 33 bits.
    TooLarge(usize),
    /// RSA below 1,024 bits, which is nothing.
    TooSmall(usize),
    /// A kind or curve that is not known here.
    Unknown,
    /// Numbers that make no key: a point off the curve, an exponent that is even or below three.
    Unsound,
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` in DER.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let (rest, info) =
            x509_parser::x509::SubjectPublicKeyInfo::from_der(der).map_err(|_| KeyError::NotKey)?;
        if !rest.is_empty() {
            return Err(KeyError::NotKey);
        }
        let kind = match info.algorithm.algorithm.to_id_string().as_str() {
            // rsaEncryption, and the one that is bound to PSS (RFC 4055).
            "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => {
                let parsed = info.parsed().map_err(|_| KeyError::Unsound)?;
                let x509_parser::public_key::PublicKey::RSA(key) = parsed else {
                    return Err(KeyError::Unsound);
                };
                return Self::from_rsa_components(key.modulus, key.exponent);
            }
            "1.2.840.10045.2.1" => elliptic(der, &info)?,
            "1.3.101.112" => {
                let bytes = <[u8; 32]>::try_from(info.subject_public_key.data.as_ref());
                return Self::ed25519(&bytes.map_err(|_| KeyError::Unsound)?);
            }
            _ => return Err(KeyError::Unknown),
        };
        Self::new(kind)
    }

    /// The key of a certificate in DER.
    pub fn from_certificate(der: &[u8]) -> Result<Self, KeyError> {
        let (_, certificate) =
            x509_parser::parse_x509_certificate(der).map_err(|_| KeyError::NotKey)?;
        Self::from_spki(certificate.public_key().raw)
    }

    /// An RSA key of its numbers, the highest byte first.
    pub fn from_rsa_components(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let bits = bits(modulus);
        if bits > LARGEST || self::bits(exponent) > LARGEST_EXPONENT {
            return Err(KeyError::TooLarge(bits));
        }
        if bits < SMALLEST {
            return Err(KeyError::TooSmall(bits));
        }
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
        if !is_odd(modulus) || !is_odd(exponent) || self::bits(exponent) < 2 {
            return Err(KeyError::Unsound);
        }
        let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(stripped(bytes));
        let key = rsa::PublicKey::new(number(modulus), number(exponent));
        Self::new(PublicKind::Rsa(Box::new(key.map_err(|_| KeyError::Unsound)?)))
    }

    /// A key on a curve of NIST with a field of so many bits, of its coordinates in full length.
    pub fn from_ec_point(field: usize, x: &[u8], y: &[u8]) -> Result<Self, KeyError> {
        let point = [&[4], x, y].concat();
        let length = field.div_ceil(8);
        if x.len() != length || y.len() != length {
            return Err(KeyError::Unsound);
        }
        let unsound = |_| KeyError::Unsound;
        Self::new(match field {
            256 => PublicKind::P256(Box::new(P256Key::from_sec1_bytes(&point).map_err(unsound)?)),
            384 => PublicKind::P384(Box::new(P384Key::from_sec1_bytes(&point).map_err(unsound)?)),
            521 => PublicKind::P521(Box::new(P521Key::from_sec1_bytes(&point).map_err(unsound)?)),
            _ => return Err(KeyError::Unknown),
        })
    }

    /// An Ed25519 key of its 32 bytes. Points of small order are refused.
    pub fn ed25519(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = Ed25519Key::from_bytes(bytes).map_err(|_| KeyError::Unsound)?;
        if key.is_weak() {
            return Err(KeyError::Unsound);
        }
        Self::new(PublicKind::Ed25519(Box::new(key)))
    }

    pub(super) fn new(kind: PublicKind) -> Result<Self, KeyError> {
        let spki = match &kind {
            PublicKind::Ed25519(key) => [ED25519_SPKI.as_slice(), key.as_bytes()].concat(),
            PublicKind::P256(key) => spki(key.to_public_key_der())?,
            PublicKind::P384(key) => spki(key.to_public_key_der())?,
            PublicKind::P521(key) => spki(key.to_public_key_der())?,
            PublicKind::Rsa(key) => spki(key.to_public_key_der())?,
        };
        Ok(Self { kind, spki })
    }

    /// What family it belongs to.
    pub fn family(&self) -> KeyFamily {
        match &self.kind {
            PublicKind::Ed25519(_) => KeyFamily::Ed25519,
            PublicKind::P256(_) => KeyFamily::Ec(256),
            PublicKind::P384(_) => KeyFamily::Ec(384),
            PublicKind::P521(_) => KeyFamily::Ec(521),
            PublicKind::Rsa(_) => KeyFamily::Rsa,
        }
    }

    /// The bits of its modulus or field.
    pub fn bits(&self) -> usize {
        match &self.kind {
            PublicKind::Rsa(key) => bits(&key.n_bytes()),
            PublicKind::P256(_) | PublicKind::Ed25519(_) => 256,
            PublicKind::P384(_) => 384,
            PublicKind::P521(_) => 521,
        }
    }

    /// Whether it is an RSA key of a generator whose keys can be factored.
    pub fn is_factorable(&self) -> bool {
        matches!(&self.kind, PublicKind::Rsa(key) if is_factorable(&key.n_bytes()))
    }

    /// Kind and size, as people say it: `RSA 2048`.
    pub fn describe(&self) -> String {
        match self.family() {
            KeyFamily::Ed25519 => "Ed25519".to_owned(),
            KeyFamily::Ec(field) => format!("EC P-{field}"),
            KeyFamily::Rsa => format!("RSA {}", self.bits()),
        }
    }

    /// `SubjectPublicKeyInfo` in DER.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// SHA-256 of the `SubjectPublicKeyInfo`: pairs of hexadecimal digits with colons in between.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.spki)
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({} {})", self.describe(), self.fingerprint())
    }
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Certificate => f.write_str("this is a certificate, and a private key is needed"),
            Self::Encrypted => f.write_str("the key is locked with a passphrase"),
            Self::NotKey => f.write_str("this is no key"),
            Self::Public => f.write_str("this is a public key, and a private one is needed"),
            Self::TooLarge(bits) => write!(f, "an RSA key of {bits} bits is too large"),
            Self::TooSmall(bits) => write!(f, "an RSA key of {bits} bits is too small"),
            Self::Unknown => f.write_str("the key is of a kind that is not known here"),
            Self::Unsound => f.write_str("the numbers make no key"),
        }
    }
}

impl std::error::Error for KeyError {}

/// SHA-256 of some bytes: pairs of hexadecimal digits with colons in between.
pub fn fingerprint(bytes: &[u8]) -> String {
    let pairs: Vec<String> =
        digest(Hash::Sha256, bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(":")
}

fn elliptic(
    der: &[u8],
    info: &x509_parser::x509::SubjectPublicKeyInfo<'_>,
) -> Result<PublicKind, KeyError> {
    let parameters = info.algorithm.parameters.as_ref();
    let curve = parameters.and_then(|any| any.as_oid().ok()).map(|oid| oid.to_id_string());
    let unsound = |_| KeyError::Unsound;
    Ok(match curve.as_deref() {
        Some("1.2.840.10045.3.1.7") => {
            PublicKind::P256(Box::new(P256Key::from_public_key_der(der).map_err(unsound)?))
        }
        Some("1.3.132.0.34") => {
            PublicKind::P384(Box::new(P384Key::from_public_key_der(der).map_err(unsound)?))
        }
        Some("1.3.132.0.35") => {
            PublicKind::P521(Box::new(P521Key::from_public_key_der(der).map_err(unsound)?))
        }
        _ => return Err(KeyError::Unknown),
    })
}

fn spki<E>(document: Result<rsa::pkcs8::Document, E>) -> Result<Vec<u8>, KeyError> {
    document.map(rsa::pkcs8::Document::into_vec).map_err(|_| KeyError::Unsound)
}

/// The bits of a number, the highest byte first.
fn bits(number: &[u8]) -> usize {
    let number = stripped(number);
    let zeros = number.first().map_or(0, |byte| byte.leading_zeros());
    number.len() * 8 - usize::try_from(zeros).expect("at most eight")
}

/// A number without zeros in front.
fn stripped(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

const SMALLEST: usize = 1024;
const LARGEST: usize = 8192;
const LARGEST_EXPONENT: usize = 33;
/// What stands before the 32 bytes of an Ed25519 key in a `SubjectPublicKeyInfo` (RFC 8410).
const ED25519_SPKI: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
