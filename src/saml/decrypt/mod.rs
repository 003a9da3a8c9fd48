//! Encrypted parts of messages: assertions, names and attributes (XML Encryption as
//! saml-core-2.0-os sections 2.2.4, 2.3.4, 2.7.3.2 and 6 have it).
//!
//! What comes out is a document of its own, read with the same ceilings as the one around it. That
//! it could be decrypted proves nothing: anybody can encrypt for a public key.

mod algorithm;
mod encrypted;
mod facts;
mod fault;
mod plaintext;

use secrecy::ExposeSecret as _;

use crate::crypto::digest::Hash;
use crate::crypto::encryption::{self, KeyTransport};
use crate::crypto::key::{PrivateKey, PublicKey};
use crate::saml::decrypt::encrypted::{EncryptedData, EncryptedKey, at};
use crate::saml::decrypt::fault::MOST_KEYS;
use crate::xml::Limits;
use crate::xml::tree::{Document, NodeId};

pub use self::algorithm::name;
pub use self::facts::{Facts, Remark, facts};
pub use self::fault::{Fault, FaultKind, Wanted};

/// What is let through although it is weak, and how far reading goes.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whether keys encrypted with RSA 1.5 are decrypted, with a remark.
    pub allows_rsa15: bool,
    /// The name of whoever decrypts: keys for this recipient are tried first.
    pub recipient: Option<String>,
    /// How far the plaintext is read: as far as the document around it.
    pub limits: Limits,
}

/// A part that was decrypted.
#[derive(Debug)]
#[must_use]
pub struct Decrypted {
    /// The plaintext; with namespaces added where it relied on those around it.
    pub text: String,
    /// The plaintext as a document of its own.
    pub document: Document,
    /// How it was encrypted, and for which key.
    pub facts: Facts,
    /// What somebody should know about the encryption.
    pub remarks: Vec<Remark>,
}

/// The decryption of one message: its keys, and how many attempts are left for all of its parts.
#[derive(Debug)]
pub struct Decryption<'k> {
    keys: &'k [PrivateKey],
    policy: Policy,
    attempts: usize,
}

impl<'k> Decryption<'k> {
    /// A decryption with some keys.
    pub fn new(keys: &'k [PrivateKey], policy: Policy) -> Self {
        Self { keys, policy, attempts: MOST_ATTEMPTS }
    }

    /// Decrypts what is in an `EncryptedAssertion`, `EncryptedID` or `EncryptedAttribute`.
    pub fn decrypt(&mut self, document: &Document, around: NodeId) -> Result<Decrypted, Fault> {
        if self.keys.len() > MOST_KEYS {
            return Err(at(document, around, FaultKind::Keys(self.keys.len())));
        }
        let data = EncryptedData::read(document, around, self.policy.allows_rsa15)?;
        let (bytes, used, key) = self.opened(document, &data)?;
        let failed = || at(document, data.node, FaultKind::Failed);
        let text = String::from_utf8(bytes).map_err(|_| failed())?;
        let plaintext = plaintext::read(document, around, text, self.policy.limits)?;
        let mut facts = facts::of(&data, used);
        facts.key = Some(key);
        let remarks = facts::remarks(&data, used, plaintext.added);
        Ok(Decrypted { text: plaintext.text, document: plaintext.document, facts, remarks })
    }

    /// The plaintext, the encrypted key and the private key that gave it.
    fn opened<'d>(
        &mut self,
        document: &Document,
        data: &'d EncryptedData,
    ) -> Result<(Vec<u8>, &'d EncryptedKey, usize), Fault> {
        let mut is_ours = false;
        for encrypted in self.in_turn(data) {
            for (index, key) in self.keys.iter().enumerate() {
                if self.attempts == 0 {
                    let count = data.keys.len() * self.keys.len();
                    return Err(at(document, data.node, FaultKind::Recipients(count)));
                }
                self.attempts -= 1;
                is_ours |= is_for(encrypted, key);
                match open(data, encrypted, key) {
                    Opened::Plaintext(bytes) => return Ok((bytes, encrypted, index)),
                    Opened::OnlyKey => is_ours = true,
                    Opened::Nothing => {}
                }
            }
        }
        let is_ours = is_ours || self.is_declared_wrongly(data);
        let kind = if is_ours {
            FaultKind::Failed
        } else {
            FaultKind::KeyMissing(Box::new(self.wanted(data)))
        };
        Err(at(document, data.node, kind))
    }

    /// Whether a key does fit, with other parameters than the message declares: then the message is
    /// at fault, and not the choice of keys.
    fn is_declared_wrongly(&mut self, data: &EncryptedData) -> bool {
        let pairs = data.keys.len() * self.keys.len();
        if pairs > MOST_GUESSED || self.attempts < pairs * GUESSES {
            return false;
        }
        self.attempts -= pairs * GUESSES;
        data.keys.iter().any(|encrypted| {
            others(&encrypted.transport).iter().any(|other| {
                let fits = |key| encryption::unwrap_key(other, key, &encrypted.value).is_ok();
                self.keys.iter().any(fits)
            })
        })
    }

    /// The encrypted keys, those for the own name first.
    fn in_turn<'d>(&self, data: &'d EncryptedData) -> Vec<&'d EncryptedKey> {
        let mut keys: Vec<&EncryptedKey> = data.keys.iter().collect();
        let own = self.policy.recipient.as_deref();
        keys.sort_by_key(|key| key.recipient.is_some() && key.recipient.as_deref() != own);
        keys
    }

    fn wanted(&self, data: &EncryptedData) -> Wanted {
        let mut wanted = facts::wanted(data);
        wanted.tried = self.keys.len();
        wanted
    }
}

/// What came of one encrypted key and one private key.
enum Opened {
    /// Nothing.
    Nothing,
    /// The key was right and the content did not decrypt.
    OnlyKey,
    /// The plaintext.
    Plaintext(Vec<u8>),
}

fn open(data: &EncryptedData, encrypted: &EncryptedKey, key: &PrivateKey) -> Opened {
    let unwrapped = encryption::unwrap_key(&encrypted.transport, key, &encrypted.value);
    let Ok(unwrapped) = unwrapped else { return Opened::Nothing };
    match encryption::decrypt(data.method.cipher, unwrapped.expose_secret(), &data.value) {
        Ok(bytes) => Opened::Plaintext(bytes),
        // RSA 1.5 gives some key for every text, so that it gave one says nothing.
        Err(_) if encrypted.transport == KeyTransport::Pkcs1v15 => Opened::Nothing,
        Err(_) => Opened::OnlyKey,
    }
}

/// Whether an encrypted key names the certificate of a private key.
fn is_for(encrypted: &EncryptedKey, key: &PrivateKey) -> bool {
    let own = key.public();
    let certified = encrypted.certificates.iter();
    certified.filter_map(|der| PublicKey::from_certificate(der).ok()).any(|key| key == own)
}

/// Other parameters of RSA-OAEP than the declared ones; RSA 1.5 has none, and every key seems to
/// fit there.
fn others(declared: &KeyTransport) -> Vec<KeyTransport> {
    let KeyTransport::Oaep { label, .. } = declared else { return Vec::new() };
    let labels = if label.is_some() { vec![label.clone(), None] } else { vec![None] };
    let mut all = Vec::new();
    for label in labels {
        for digest in GUESSED {
            let with = |mgf| KeyTransport::Oaep { digest, mgf, label: label.clone() };
            all.extend(GUESSED.map(with));
        }
    }
    all
}

/// Hashes that senders use for RSA-OAEP.
const GUESSED: [Hash; 4] = [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512];
/// The most parameters that are tried of one key.
const GUESSES: usize = 2 * GUESSED.len() * GUESSED.len();
/// The most pairs of encrypted and private keys whose parameters are tried.
const MOST_GUESSED: usize = 4;
/// As many attempts at RSA as one part with the most of both kinds of keys needs, and more than any
/// honest message does.
const MOST_ATTEMPTS: usize = 256;
