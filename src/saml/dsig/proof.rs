//! The signature value, and what `SignedInfo` says once that held.

use crate::crypto::digest::{digest, is_equal};
use crate::crypto::key::PublicKey;
use crate::saml::dsig::fault::FaultKind;
use crate::saml::dsig::shape::SoundParts;
use crate::saml::dsig::signed_info::{self, Named, SignedInfo};
use crate::saml::dsig::{Policy, diagnosis, value};
use crate::xml::c14n::{Canonicalization, canonical};
use crate::xml::tree::{Document, NodeId};

/// A signature with the document that holds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'c> {
    /// The document that the parts stand in.
    pub(super) document: &'c Document,
    /// The parts of the signature.
    pub(super) parts: &'c SoundParts,
    /// The certificates that it embeds.
    pub(super) certificates: &'c [Vec<u8>],
    /// The ID of the element that it stands in.
    pub(super) id: &'c str,
}

/// A signature value that held: with which key, and what the bytes say that it is over.
#[derive(Debug)]
pub(super) struct Proof {
    /// The index of the pinned key.
    pub(super) key: usize,
    /// What is signed, read from the canonical bytes.
    pub(super) said: SignedInfo,
}

impl Claim<'_> {
    /// Checks the signature value, and reads what it is over from the bytes that it is over.
    pub(super) fn prove(&self, keys: &[PublicKey], policy: &Policy) -> Result<Proof, FaultKind> {
        if keys.is_empty() {
            return Err(FaultKind::NoKey);
        }
        let said = &self.parts.said;
        let bytes =
            canonical_bytes(self.document, self.parts.signed_info, None, &said.canonicalization)?;
        let key = value::verifying(said.method, keys, &bytes, &self.parts.value)
            .map_err(|tried| self.untrusted(&tried, keys, &bytes))?;
        Ok(Proof { key, said: self.believed(&bytes, policy)? })
    }

    /// What the bytes say whose signature held. From here on nothing else is believed.
    fn believed(&self, bytes: &[u8], policy: &Policy) -> Result<SignedInfo, FaultKind> {
        let document =
            Document::read_bytes(bytes, policy.limits).map_err(FaultKind::Differential)?;
        let mut faults = Vec::new();
        let root = document.root();
        let said = signed_info::read(&document, root, &mut Named::default(), &mut faults);
        let said = said.filter(|_| signed_info::is(&document, root, "SignedInfo"));
        let missing = || FaultKind::Cardinality { part: "SignedInfo".into(), matter: "is missing" };
        let said = said.ok_or_else(|| faults.pop().map_or_else(missing, |fault| fault.kind))?;
        match said.uri.strip_prefix('#') {
            Some(id) if id == self.id => Ok(said),
            _ => Err(FaultKind::ReferenceUri(said.uri)),
        }
    }

    /// Why none of the pinned keys verified.
    fn untrusted(&self, tried: &value::Tried, keys: &[PublicKey], bytes: &[u8]) -> FaultKind {
        let signer = diagnosis::signer(self, bytes, keys);
        let change = || {
            let method = self.parts.said.method;
            let holds =
                |changed: &[u8]| value::verifying(method, keys, changed, &self.parts.value).is_ok();
            diagnosis::change(bytes, holds)
        };
        match (tried, signer) {
            (value::Tried { fits: true, .. }, Some(signer)) => {
                FaultKind::KeyUntrusted(Box::new(signer))
            }
            (value::Tried { fits: true, .. }, None) => {
                let embeds_pinned = diagnosis::embeds(self, keys);
                FaultKind::ValueMismatch { is_unchanged: false, embeds_pinned, change: change() }
            }
            (value::Tried { weak: Some(weakness), .. }, _) => FaultKind::KeyWeak(*weakness),
            (_, signer) => FaultKind::KeyAlgorithmMismatch {
                method: self.parts.said.method.name.to_owned(),
                keys: keys.iter().map(PublicKey::describe).collect(),
                signer: signer.map(Box::new),
            },
        }
    }
}

impl SignedInfo {
    /// Whether a digest is the one that it gives; a digest of nothing never is.
    pub(super) fn check_digest(&self, digested: &[u8]) -> Result<(), FaultKind> {
        if self.digest_value == digest(self.digest.hash, b"") {
            Err(FaultKind::DigestEmpty)
        } else if is_equal(&self.digest_value, digested) {
            Ok(())
        } else {
            Err(FaultKind::DigestMismatch(None))
        }
    }

    /// The names of weak algorithms that are not let through.
    pub(super) fn refused(&self, policy: &Policy) -> impl Iterator<Item = FaultKind> {
        let weak =
            [(self.method.is_weak(), self.method.name), (self.digest.is_weak(), self.digest.name)];
        let is_refused = !policy.allows_sha1;
        let refused = weak.into_iter().filter(move |(is_weak, _)| *is_weak && is_refused);
        refused.map(|(_, name)| FaultKind::AlgorithmWeak(name.to_owned()))
    }
}

/// Canonical bytes; that there are none is fatal, never a digest of nothing.
pub(super) fn canonical_bytes(
    document: &Document,
    apex: NodeId,
    omit: Option<NodeId>,
    how: &Canonicalization,
) -> Result<Vec<u8>, FaultKind> {
    let bytes = canonical(document, apex, omit, how)
        .map_err(|error| FaultKind::C14nFailed(error.to_string()))?;
    if bytes.is_empty() {
        return Err(FaultKind::C14nFailed("it is empty".to_owned()));
    }
    Ok(bytes)
}
