//! Algorithm identifiers of XML Encryption (xmlenc-core1 section 5) and what they are to us.

use crate::crypto::digest::Hash;
use crate::crypto::encryption::Cipher;

/// What encrypts the content: its URI, and what people call it.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockMethod {
    /// The URI in `EncryptionMethod`.
    pub(super) uri: &'static str,
    /// The name that people use: `AES-256-GCM`.
    pub(super) name: &'static str,
    /// The cipher.
    pub(super) cipher: Cipher,
}

/// What encrypts the key of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TransportMethod {
    /// RSA-OAEP with MGF1 over SHA-1 (section 5.5.2, `rsa-oaep-mgf1p`).
    OaepMgf1p,
    /// RSA-OAEP with a mask generation of its own (section 5.5.2, `rsa-oaep`).
    Oaep,
    /// RSA as PKCS#1 1.5 has it (section 5.5.1).
    Rsa15,
}

impl BlockMethod {
    /// The method of a URI.
    pub(super) fn from_uri(uri: &str) -> Option<&'static Self> {
        BLOCKS.iter().find(|method| method.uri == uri)
    }
}

impl TransportMethod {
    /// The method of a URI.
    pub(super) fn from_uri(uri: &str) -> Option<Self> {
        TRANSPORTS.iter().find(|(known, ..)| *known == uri).map(|&(_, _, method)| method)
    }
}

/// The hash of a mask generation function (section 5.5.2).
pub(super) fn mask_hash(uri: &str) -> Option<Hash> {
    MASKS.iter().find(|(known, _)| *known == uri).map(|&(_, hash)| hash)
}

/// What people call the algorithm of a URI; the URI itself where it has no such name.
pub fn name(uri: &str) -> &str {
    let blocks = BLOCKS.iter().map(|method| (method.uri, method.name));
    let transports = TRANSPORTS.iter().map(|&(uri, name, _)| (uri, name));
    let mut known = blocks.chain(transports);
    known.find(|(known, _)| *known == uri).map_or(uri, |(_, name)| name)
}

const fn block(uri: &'static str, name: &'static str, cipher: Cipher) -> BlockMethod {
    BlockMethod { uri, name, cipher }
}

/// What decrypts (section 5.2).
#[rustfmt::skip]
const BLOCKS: [BlockMethod; 7] = [
    block("http://www.w3.org/2009/xmlenc11#aes128-gcm", "AES-128-GCM", Cipher::Aes128Gcm),
    block("http://www.w3.org/2009/xmlenc11#aes192-gcm", "AES-192-GCM", Cipher::Aes192Gcm),
    block("http://www.w3.org/2009/xmlenc11#aes256-gcm", "AES-256-GCM", Cipher::Aes256Gcm),
    block("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "AES-128-CBC", Cipher::Aes128Cbc),
    block("http://www.w3.org/2001/04/xmlenc#aes192-cbc", "AES-192-CBC", Cipher::Aes192Cbc),
    block("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "AES-256-CBC", Cipher::Aes256Cbc),
    block("http://www.w3.org/2001/04/xmlenc#tripledes-cbc", "3DES-CBC", Cipher::TripleDesCbc),
];

/// What decrypts keys (section 5.5).
const TRANSPORTS: [(&str, &str, TransportMethod); 3] = [
    ("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "RSA-OAEP", TransportMethod::OaepMgf1p),
    ("http://www.w3.org/2009/xmlenc11#rsa-oaep", "RSA-OAEP", TransportMethod::Oaep),
    ("http://www.w3.org/2001/04/xmlenc#rsa-1_5", "RSA 1.5", TransportMethod::Rsa15),
];

/// Mask generation functions of RSA-OAEP.
const MASKS: [(&str, Hash); 5] = [
    ("http://www.w3.org/2009/xmlenc11#mgf1sha1", Hash::Sha1),
    ("http://www.w3.org/2009/xmlenc11#mgf1sha224", Hash::Sha224),
    ("http://www.w3.org/2009/xmlenc11#mgf1sha256", Hash::Sha256),
    ("http://www.w3.org/2009/xmlenc11#mgf1sha384", Hash::Sha384),
    ("http://www.w3.org/2009/xmlenc11#mgf1sha512", Hash::Sha512),
];
