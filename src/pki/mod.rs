//! X.509 certificates (RFC 5280): dates, keys and signature algorithms.

pub mod cards;

use jiff::Timestamp;
use x509_parser::parse_x509_certificate;
use x509_parser::prelude::X509Certificate;
use x509_parser::public_key::PublicKey;

/// What a judgement about a certificate needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The subject's name, as OpenSSL prints it.
    pub subject: String,
    /// First instant of validity.
    pub not_before: Timestamp,
    /// Last instant of validity.
    pub not_after: Timestamp,
    /// The public key.
    pub key: Key,
    /// A signature algorithm that is broken, if the certificate was signed with one.
    pub broken_signature: Option<&'static str>,
}

/// A public key's kind and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA with a modulus of so many bits.
    Rsa(usize),
    /// An elliptic curve with a field of so many bits.
    EllipticCurve(usize),
    /// Anything else.
    Other,
}

/// The certificates of a PEM text in DER, in order; what is none is passed over.
pub fn pem_certificates(text: &str) -> Vec<Vec<u8>> {
    let blocks = x509_parser::pem::Pem::iter_from_buffer(text.as_bytes());
    let certificates = blocks.filter_map(Result::ok).filter(|block| block.label == "CERTIFICATE");
    certificates.map(|block| block.contents).collect()
}

impl Certificate {
    /// Reads one certificate in DER; none where the bytes are no certificate or go on behind it.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (rest, certificate) = parse_x509_certificate(der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let validity = certificate.validity();
        Some(Self {
            subject: certificate.subject().to_string(),
            not_before: Timestamp::from_second(validity.not_before.timestamp()).ok()?,
            not_after: Timestamp::from_second(validity.not_after.timestamp()).ok()?,
            key: key(&certificate),
            broken_signature: broken(&certificate.signature_algorithm.algorithm.to_id_string()),
        })
    }
}

fn key(certificate: &X509Certificate<'_>) -> Key {
    match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => Key::Rsa(key.key_size()),
        Ok(PublicKey::EC(point)) => Key::EllipticCurve(point.key_size()),
        _ => Key::Other,
    }
}

fn broken(algorithm: &str) -> Option<&'static str> {
    BROKEN.iter().find(|(oid, _)| *oid == algorithm).map(|(_, name)| *name)
}

/// Signature algorithms (RFC 3279, RFC 5758) on a hash that can be forged.
const BROKEN: [(&str, &str); 6] = [
    ("1.2.840.113549.1.1.2", "MD2"),
    ("1.2.840.113549.1.1.4", "MD5"),
    ("1.2.840.113549.1.1.5", "SHA-1"),
    ("1.3.14.3.2.29", "SHA-1"),
    ("1.2.840.10040.4.3", "SHA-1"),
    ("1.2.840.10045.4.1", "SHA-1"),
];
