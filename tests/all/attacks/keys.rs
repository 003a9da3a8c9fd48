//! The keys of the corpus, and what is done with them: by the crates themselves, never by the
//! product.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::sync::{Mutex, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::pkcs8::DecodePrivateKey as _;
use rsa::rand_core::{TryCryptoRng, TryRng};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// A digest by which something is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(crate) fn uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

/// A signature algorithm of the corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Method {
    EcdsaSha256,
    EcdsaSha384,
    /// The secret is the public certificate: what a confused verifier would use.
    HmacSha256,
    PssSha256,
    RsaSha1,
    RsaSha256,
    RsaSha384,
    RsaSha512,
}

impl Method {
    pub(crate) fn uri(self) -> &'static str {
        match self {
            Self::EcdsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Self::EcdsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
            Self::HmacSha256 => "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
            Self::PssSha256 => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            Self::RsaSha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Self::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::RsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::RsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        }
    }

    pub(crate) fn from_uri(uri: &str) -> Option<Self> {
        ALL.into_iter().find(|method| method.uri() == uri)
    }
}

const ALL: [Method; 8] = [
    Method::EcdsaSha256,
    Method::EcdsaSha384,
    Method::HmacSha256,
    Method::PssSha256,
    Method::RsaSha1,
    Method::RsaSha256,
    Method::RsaSha384,
    Method::RsaSha512,
];

/// The text of a file of `fixtures/saml/keys`.
pub(crate) fn pem(file: &str) -> String {
    let path = format!("{}/fixtures/saml/keys/{file}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("the key is there")
}

/// The base64 of a certificate, in one line.
pub(crate) fn certificate_base64(name: &str) -> String {
    let pem = pem(&format!("{name}.crt"));
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

/// The bytes of a certificate.
pub(crate) fn certificate_der(name: &str) -> Vec<u8> {
    STANDARD.decode(certificate_base64(name)).expect("base64")
}

/// The RSA key of a name.
pub(crate) fn rsa_key(name: &str) -> rsa::PrivateKey {
    static KEYS: OnceLock<Mutex<BTreeMap<String, rsa::PrivateKey>>> = OnceLock::new();
    let mut keys = KEYS.get_or_init(Mutex::default).lock().expect("no panic holds it");
    let read =
        || rsa::PrivateKey::from_pkcs8_pem(&pem(&format!("{name}.key"))).expect("an RSA key");
    keys.entry(name.to_owned()).or_insert_with(read).clone()
}

/// Signs with the key of a name.
pub(crate) fn sign(method: Method, key: &str, message: &[u8]) -> Vec<u8> {
    let ec = || pem(&format!("{key}.key"));
    let rsa = || rsa_key(key);
    match method {
        Method::EcdsaSha256 => {
            let key = p256::ecdsa::SigningKey::from_pkcs8_pem(&ec()).expect("a P-256 key");
            let signature: p256::ecdsa::Signature = key.sign(message);
            signature.to_bytes().to_vec()
        }
        Method::EcdsaSha384 => {
            let key = p384::ecdsa::SigningKey::from_pkcs8_pem(&ec()).expect("a P-384 key");
            let signature: p384::ecdsa::Signature = key.sign(message);
            signature.to_bytes().to_vec()
        }
        Method::HmacSha256 => hmac(&certificate_der(key), message),
        Method::PssSha256 => {
            rsa().pss_sign_with_rng::<Sha256, _>(&mut Counter(0), message).expect("signs")
        }
        Method::RsaSha1 => rsa().pkcs1v15_sign::<Sha1>(message).expect("signs"),
        Method::RsaSha256 => rsa().pkcs1v15_sign::<Sha256>(message).expect("signs"),
        Method::RsaSha384 => rsa().pkcs1v15_sign::<Sha384>(message).expect("signs"),
        Method::RsaSha512 => rsa().pkcs1v15_sign::<Sha512>(message).expect("signs"),
    }
}

/// Signs by RSA-PSS with SHA-256 and a salt of some length.
pub(crate) fn sign_pss(key: &str, message: &[u8], salt: usize) -> Vec<u8> {
    let padding = rsa::Pss::<Sha256>::new_with_salt(salt);
    let digest = Sha256::digest(message);
    rsa_key(key).sign_with_rng(&mut Counter(0), padding, &digest).expect("signs")
}

/// Modulus and exponent of an RSA key, the highest byte first.
pub(crate) fn rsa_numbers(key: &str) -> (Vec<u8>, Vec<u8>) {
    use rsa::traits::PublicKeyParts as _;
    let key = rsa_key(key).to_public_key();
    (key.n_bytes().to_vec(), key.e_bytes().to_vec())
}

/// Whether a signature is by the key of a certificate that is kept by this name.
pub(crate) fn verifies(method: Method, key: &str, message: &[u8], signature: &[u8]) -> bool {
    let rsa = || rsa_key(key).to_public_key();
    match method {
        Method::EcdsaSha256 => {
            let Ok(signature) = p256::ecdsa::Signature::from_slice(signature) else { return false };
            let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_pem(&pem(&format!("{key}.key")))
            else {
                return false;
            };
            key.verifying_key().verify(message, &signature).is_ok()
        }
        Method::EcdsaSha384 => {
            let Ok(signature) = p384::ecdsa::Signature::from_slice(signature) else { return false };
            let Ok(key) = p384::ecdsa::SigningKey::from_pkcs8_pem(&pem(&format!("{key}.key")))
            else {
                return false;
            };
            key.verifying_key().verify(message, &signature).is_ok()
        }
        Method::HmacSha256 => hmac(&certificate_der(key), message) == signature,
        _ if key.contains("p256") || key.contains("p384") => false,
        Method::PssSha256 => rsa().pss_verify::<Sha256>(message, signature).is_ok(),
        Method::RsaSha1 => rsa().pkcs1v15_verify::<Sha1>(message, signature).is_ok(),
        Method::RsaSha256 => rsa().pkcs1v15_verify::<Sha256>(message, signature).is_ok(),
        Method::RsaSha384 => rsa().pkcs1v15_verify::<Sha384>(message, signature).is_ok(),
        Method::RsaSha512 => rsa().pkcs1v15_verify::<Sha512>(message, signature).is_ok(),
    }
}

fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// "Random" bytes that are the same in every run, so that the corpus is: digests of a counter.
pub(crate) struct Counter(pub(crate) u64);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        for chunk in target.chunks_mut(32) {
            self.0 += 1;
            let digest = Sha256::digest(self.0.to_le_bytes());
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}
