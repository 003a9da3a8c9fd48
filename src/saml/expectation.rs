//! What a message is judged by: whatever is known about the application and its identity provider.

use jiff::Timestamp;

use crate::crypto::key::{KeyError, PrivateKey, PublicKey, fingerprint};
use crate::pki::Certificate;

/// What a message is judged by. What is not known is empty, and then named as unchecked.
#[derive(Debug)]
pub struct Expectation {
    /// The instant of the judgement.
    pub at: Timestamp,
    /// Whose clock that is.
    pub clock: Clock,
    /// By how many seconds clocks may differ, where the user said so.
    pub skew: Option<i64>,
    /// Where the application takes answers.
    pub acs: Vec<String>,
    /// Where the application takes logout messages.
    pub logout: Vec<String>,
    /// The names of the application at the identity provider.
    pub audiences: Vec<String>,
    /// The entity ID of the identity provider.
    pub issuer: Option<String>,
    /// The keys of the identity provider.
    pub keys: Vec<PinnedKey>,
    /// Keys of the identity provider that cannot be used.
    pub unusable: Vec<UnusableKey>,
    /// The ID of the request that is answered.
    pub request_id: Option<String>,
    /// The application's private keys.
    pub decryption_keys: Vec<PrivateKey>,
    /// Whether keys encrypted with RSA 1.5 are decrypted.
    pub allows_rsa15: bool,
    /// Whether SHA-1 is let through.
    pub allows_sha1: bool,
    /// How many seconds ago the person may have logged in.
    pub max_age: Option<i64>,
    /// Whether anything unchecked keeps a message from being accepted.
    pub requires_all: bool,
    /// The format that the name of the person must have.
    pub name_format: Option<String>,
    /// The means of logging in, of which one must have been used.
    pub contexts: Vec<String>,
    /// Why the configuration takes no login of this provider at all: `is_enabled is false`.
    pub disabled: Option<String>,
}

/// Whose clock a message is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// That of a recording, which stands apart from the identity provider's and so explains a
    /// message that is untimely by it.
    Astray,
    /// That of this machine, or the one that the user named.
    Own,
    /// That of a recording: when the message arrived.
    Recorded,
}

/// A public key that the user trusts.
#[derive(Clone, Debug)]
pub struct PinnedKey {
    /// The key.
    pub key: PublicKey,
    /// Where it comes from: `idp.pem`, or the metadata of an entity.
    pub origin: String,
    /// The certificate around it.
    pub certificate: Option<Certified>,
    /// The entity whose metadata it comes from.
    pub entity: Option<String>,
}

/// What the certificate around a pinned key says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    /// Whose it is.
    pub subject: String,
    /// The SHA-256 of its bytes, as OpenSSL prints it.
    pub fingerprint: String,
    /// Its first instant.
    pub not_before: Timestamp,
    /// Its last instant.
    pub not_after: Timestamp,
}

impl PinnedKey {
    /// What people compare it by: the fingerprint of its certificate, or else of the key.
    pub fn fingerprint(&self) -> String {
        let certificate = self.certificate.as_ref();
        certificate.map_or_else(|| self.key.fingerprint(), |one| one.fingerprint.clone())
    }
}

/// A key that the user trusts and that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusableKey {
    /// Where it comes from.
    pub origin: String,
    /// What is wrong with it.
    pub error: KeyError,
}

impl Expectation {
    /// Nothing is known but the instant.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            clock: Clock::Own,
            skew: None,
            acs: Vec::new(),
            logout: Vec::new(),
            audiences: Vec::new(),
            issuer: None,
            keys: Vec::new(),
            unusable: Vec::new(),
            request_id: None,
            decryption_keys: Vec::new(),
            allows_rsa15: false,
            allows_sha1: false,
            max_age: None,
            requires_all: false,
            name_format: None,
            contexts: Vec::new(),
            disabled: None,
        }
    }

    /// Trusts the key of a certificate in DER, which is a signing key of an entity if one is given.
    pub fn pin(&mut self, der: &[u8], origin: &str, entity: Option<&str>) {
        match PublicKey::from_certificate(der) {
            Ok(key) => self.keys.push(PinnedKey {
                key,
                origin: origin.to_owned(),
                certificate: Certificate::from_der(der).map(|certificate| Certified {
                    subject: certificate.subject,
                    fingerprint: fingerprint(der),
                    not_before: certificate.not_before,
                    not_after: certificate.not_after,
                }),
                entity: entity.map(str::to_owned),
            }),
            Err(error) => self.unusable.push(UnusableKey { origin: origin.to_owned(), error }),
        }
    }

    /// The pinned keys alone.
    pub(super) fn public_keys(&self) -> Vec<PublicKey> {
        self.keys.iter().map(|pinned| pinned.key.clone()).collect()
    }
}
