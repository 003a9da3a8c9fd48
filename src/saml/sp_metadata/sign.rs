//! An enveloped signature over the whole document, where the schema wants it: first.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::crypto::digest::{Hash, digest};
use crate::crypto::key::{KeyFamily, PrivateKey};
use crate::crypto::signature::{Scheme, sign};
use crate::saml::sp_metadata::{Description, XML_SIGNATURE, x509_data};
use crate::xml::Limits;
use crate::xml::c14n::{Canonicalization, Method, canonical};
use crate::xml::tree::{Document, NodeId};
use crate::xml::write::{Tag, Unwritable};

/// Who signs.
#[derive(Debug)]
pub struct Signer {
    /// The key.
    pub key: PrivateKey,
    /// The certificate that belongs to it, in DER.
    pub certificate: Option<Vec<u8>>,
}

/// Why there is no signed document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignError {
    /// A value that cannot be written.
    Unwritable(Unwritable),
    /// A key of a kind for which XML Signature has no name here.
    Key,
    /// What was written has no canonical form: a value in it is no absolute URI.
    Form,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unwritable(unwritable) => unwritable.fmt(f),
            Self::Key => f.write_str("metadata is signed with an RSA key or one on a NIST curve"),
            Self::Form => f.write_str("the document has no canonical form"),
        }
    }
}

impl std::error::Error for SignError {}

impl From<Unwritable> for SignError {
    fn from(unwritable: Unwritable) -> Self {
        Self::Unwritable(unwritable)
    }
}

/// The document with a signature: exclusive canonicalisation, SHA-256.
pub fn signed(description: &Description, signer: &Signer) -> Result<String, SignError> {
    let (scheme, method) = match signer.key.public().family() {
        KeyFamily::Rsa => (Scheme::RsaPkcs1(Hash::Sha256), "rsa-sha256"),
        KeyFamily::Ec(_) => (Scheme::Ecdsa(Hash::Sha256), "ecdsa-sha256"),
        KeyFamily::Ed25519 => return Err(SignError::Key),
    };
    let id = identifier(&description.entity_id);
    let write = |hash: &str, value: &str| {
        let signature = signature(&id, method, hash, value, signer.certificate.as_deref());
        description.entity(Some((&id, signature))).document()
    };
    let hash = STANDARD.encode(digest(Hash::Sha256, &part(&write("", "")?, Part::Document)?));
    let bytes = part(&write(&hash, "")?, Part::SignedInfo)?;
    let value = sign(scheme, &signer.key, &bytes).map_err(|_| SignError::Key)?;
    Ok(write(&hash, &STANDARD.encode(value))?)
}

/// What of a document is canonicalised.
#[derive(Clone, Copy)]
enum Part {
    /// All but the signature.
    Document,
    /// What the signature value is over.
    SignedInfo,
}

fn part(text: &str, part: Part) -> Result<Vec<u8>, SignError> {
    let document = Document::read(text, Limits::default()).map_err(|_| SignError::Form)?;
    let first = |of: NodeId| document.elements(of).next().ok_or(SignError::Form);
    let signature = first(document.root())?;
    let (apex, omitted) = match part {
        Part::Document => (document.root(), Some(signature)),
        Part::SignedInfo => (first(signature)?, None),
    };
    canonical(&document, apex, omitted, &exclusive()).map_err(|_| SignError::Form)
}

fn exclusive() -> Canonicalization {
    Canonicalization { method: Method::Exclusive, with_comments: false, prefixes: Vec::new() }
}

fn signature(id: &str, method: &str, hash: &str, value: &str, certificate: Option<&[u8]>) -> Tag {
    let info = certificate.map(|der| Tag::new("ds:KeyInfo").holding([x509_data(der)]));
    Tag::new("ds:Signature")
        .holding([signed_info(id, method, hash), Tag::text("ds:SignatureValue", value)])
        .holding(info)
}

fn signed_info(id: &str, method: &str, hash: &str) -> Tag {
    let canonicalisation = exclusive().uri();
    let transforms = Tag::new("ds:Transforms").holding([
        algorithm("ds:Transform", format!("{XML_SIGNATURE}enveloped-signature")),
        algorithm("ds:Transform", canonicalisation.clone()),
    ]);
    let reference = Tag::new("ds:Reference").with("URI", format!("#{id}")).holding([
        transforms,
        algorithm("ds:DigestMethod", "http://www.w3.org/2001/04/xmlenc#sha256".to_owned()),
        Tag::text("ds:DigestValue", hash),
    ]);
    Tag::new("ds:SignedInfo").holding([
        algorithm("ds:CanonicalizationMethod", canonicalisation),
        algorithm("ds:SignatureMethod", format!("http://www.w3.org/2001/04/xmldsig-more#{method}")),
        reference,
    ])
}

fn algorithm(name: &'static str, uri: String) -> Tag {
    Tag::new(name).with("Algorithm", uri)
}

/// The same for the same entity: what is written twice is the same twice.
fn identifier(entity_id: &str) -> String {
    let hash = digest(Hash::Sha256, entity_id.as_bytes());
    hash.iter().take(16).fold("_".to_owned(), |id, byte| format!("{id}{byte:02x}"))
}
