//! How a part is encrypted, and for whom: for showing.

use crate::crypto::encryption::KeyTransport;
use crate::crypto::key::fingerprint;
use crate::pki::Certificate;
use crate::rule::Rule;
use crate::saml::cards::enc;
use crate::saml::decrypt::algorithm::name;
use crate::saml::decrypt::encrypted::{EncryptedData, EncryptedKey};
use crate::saml::decrypt::fault::{Fault, Wanted};
use crate::verdict::Weight;
use crate::xml::tree::{Document, NodeId};

/// How a part is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What encrypts the content, as people call it: `AES-256-GCM`.
    pub content: &'static str,
    /// What encrypts the key, with its parameters: `RSA-OAEP (SHA-256, MGF1 with SHA-1)`.
    pub transport: String,
    /// Whom the message names as the recipients of its keys.
    pub recipients: Vec<String>,
    /// Which of the private keys decrypted it, from 0; none before.
    pub key: Option<usize>,
}

/// Something about an encryption that somebody should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Changes of the encrypted bytes go unnoticed: the cipher.
    Unauthenticated(&'static str),
    /// The plaintext took these prefixes from around it.
    Namespaces(Vec<String>),
    /// The key is encrypted with RSA 1.5, and that is let through.
    Rsa15,
    /// The content is encrypted with 3DES.
    TripleDes,
}

impl Remark {
    /// The card of its rule.
    pub fn rule(&self) -> &'static Rule {
        match self {
            Self::Unauthenticated(_) => &enc::CBC,
            Self::Namespaces(_) => &enc::NAMESPACES,
            Self::Rsa15 => &enc::KEYTRANSPORT,
            Self::TripleDes => &enc::ALGORITHM,
        }
    }

    /// What it does to a verdict.
    pub fn weight(&self) -> Weight {
        match self {
            Self::Namespaces(_) => Weight::Note,
            _ => Weight::Warning,
        }
    }

    /// It in words.
    pub fn message(&self) -> String {
        match self {
            Self::Unauthenticated(name) => {
                format!("encrypted with {name}, which does not notice changes")
            }
            Self::Namespaces(prefixes) => format!(
                "the decrypted part relies on what is declared around it: {}",
                prefixes.join(", ")
            ),
            Self::Rsa15 => "the key is encrypted with RSA 1.5".to_owned(),
            Self::TripleDes => "encrypted with 3DES".to_owned(),
        }
    }
}

/// How a part is encrypted, without decrypting it.
pub fn facts(document: &Document, around: NodeId) -> Result<Facts, Fault> {
    let data = EncryptedData::read(document, around, true)?;
    let first = data.keys.first().expect("encrypted data without a key is a fault");
    Ok(of(&data, first))
}

/// The facts of some content as one of its keys gives it.
pub(super) fn of(data: &EncryptedData, key: &EncryptedKey) -> Facts {
    let recipients = data.keys.iter().filter_map(|key| key.recipient.clone()).collect();
    Facts { content: data.method.name, transport: transport(&key.transport), recipients, key: None }
}

/// What is worth a remark.
pub(super) fn remarks(data: &EncryptedData, key: &EncryptedKey, added: Vec<String>) -> Vec<Remark> {
    let method = data.method;
    let is_triple_des = method.name.starts_with("3DES");
    let found = [
        (!method.cipher.is_authenticated(), Remark::Unauthenticated(method.name)),
        (is_triple_des, Remark::TripleDes),
        (key.transport == KeyTransport::Pkcs1v15, Remark::Rsa15),
        (!added.is_empty(), Remark::Namespaces(added)),
    ];
    found.into_iter().filter(|(holds, _)| *holds).map(|(_, remark)| remark).collect()
}

/// What the message says of the keys that would decrypt it.
pub(super) fn wanted(data: &EncryptedData) -> Wanted {
    let mut wanted = Wanted::default();
    for key in &data.keys {
        wanted.recipients.extend(key.recipient.clone());
        wanted.key_names.extend(key.names.iter().cloned());
        wanted.certificates.extend(key.certificates.iter().map(|der| certificate(der)));
    }
    wanted
}

fn certificate(der: &[u8]) -> String {
    let digest = fingerprint(der);
    match Certificate::from_der(der) {
        Some(certificate) => format!("{} (SHA-256 {digest})", certificate.subject),
        None => format!("SHA-256 {digest}"),
    }
}

fn transport(transport: &KeyTransport) -> String {
    match transport {
        KeyTransport::Oaep { digest, mgf, .. } => {
            format!("RSA-OAEP ({}, MGF1 with {})", digest.name(), mgf.name())
        }
        KeyTransport::Pkcs1v15 => name("http://www.w3.org/2001/04/xmlenc#rsa-1_5").to_owned(),
    }
}
