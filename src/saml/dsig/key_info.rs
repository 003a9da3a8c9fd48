//! Keys that a signature embeds. They are told to people and never trusted: anybody can embed one.

use crate::crypto::key::{PublicKey, fingerprint};
use crate::pki::Certificate;
use crate::saml::dsig::fault::{Signer, SignerCertificate};
use crate::saml::dsig::signed_info::{self, base64, is};
use crate::xml::tree::{Document, NodeId};

/// The certificates in the `KeyInfo` of a signature, in DER.
pub(super) fn certificates(document: &Document, signature: NodeId) -> Vec<Vec<u8>> {
    let parts = signed_info::Parts { document, node: signature };
    let infos = parts.all("KeyInfo");
    let below = infos.into_iter().flat_map(|info| document.descendants(info));
    let found = below.filter(|&node| is(document, node, "X509Certificate"));
    found.take(MOST).filter_map(|node| base64(&document.text(node))).collect()
}

/// A key that a signature embeds, and how to speak of it.
pub(super) struct Embedded {
    /// The key.
    pub(super) key: PublicKey,
    /// Whose it claims to be.
    pub(super) signer: Signer,
}

/// The keys of embedded certificates and of a bare RSA key.
pub(super) fn embedded(
    document: &Document,
    key_info: Option<NodeId>,
    certificates: &[Vec<u8>],
) -> Vec<Embedded> {
    let mut found: Vec<Embedded> = certificates.iter().filter_map(|der| certified(der)).collect();
    let bare = key_info.and_then(|info| bare_rsa(document, info));
    found.extend(bare.map(|key| {
        let signer = Signer { fingerprint: key.fingerprint(), certificate: None };
        Embedded { key, signer }
    }));
    found
}

fn certified(der: &[u8]) -> Option<Embedded> {
    let key = PublicKey::from_certificate(der).ok()?;
    let certificate = Certificate::from_der(der).map(|certificate| SignerCertificate {
        subject: certificate.subject,
        not_before: certificate.not_before,
        not_after: certificate.not_after,
    });
    let fingerprint = fingerprint(der);
    Some(Embedded { key, signer: Signer { fingerprint, certificate } })
}

fn bare_rsa(document: &Document, key_info: NodeId) -> Option<PublicKey> {
    let mut below = document.descendants(key_info);
    let value = below.find(|&node| is(document, node, "RSAKeyValue"))?;
    let parts = signed_info::Parts { document, node: value };
    let number = |local: &str| {
        let found = parts.all(local);
        found.first().and_then(|&node| base64(&document.text(node)))
    };
    PublicKey::from_rsa_components(&number("Modulus")?, &number("Exponent")?).ok()
}

/// More certificates than an honest signature embeds.
const MOST: usize = 16;
