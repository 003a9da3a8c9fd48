//! Whether a signature holds, and the bytes that it holds for.

use crate::crypto::digest::digest;
use crate::crypto::key::PublicKey;
use crate::saml::dsig::algorithm::{DigestMethod, SignatureMethod};
use crate::saml::dsig::fault::{Fault, FaultKind};
use crate::saml::dsig::proof::{Claim, canonical_bytes};
use crate::saml::dsig::remark::Remark;
use crate::saml::dsig::shape::{Signature, SoundParts};
use crate::saml::dsig::signed_info::SignedInfo;
use crate::saml::dsig::{Policy, diagnosis};
use crate::source::Span;
use crate::xml::tree::{Document, NodeId};
use crate::xml::{Limits, Name};

/// A signed element whose signature held with a pinned key. Only [`verify`] makes one.
#[derive(Clone, Debug)]
#[must_use]
pub struct Verified {
    bytes: Vec<u8>,
    node: NodeId,
    span: Span,
    element: Name,
    id: String,
    key: usize,
    method: &'static SignatureMethod,
    digest: &'static DigestMethod,
    remarks: Vec<Remark>,
}

impl Verified {
    /// The canonical bytes that were hashed. What is read from anywhere else was not signed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The signed element, read anew from those bytes. That they do not read is a fault: then
    /// received text and signed bytes are two different things.
    pub fn document(&self, limits: Limits) -> Result<Document, Fault> {
        let read = Document::read_bytes(&self.bytes, limits);
        read.map_err(|error| Fault::new(FaultKind::Differential(error), self.span))
    }

    /// Where the signed element stands in the received document.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// The name of the signed element.
    pub fn element(&self) -> &Name {
        &self.element
    }

    /// Its ID.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Which of the pinned keys verified it, from 0.
    pub fn key(&self) -> usize {
        self.key
    }

    /// The signature method.
    pub fn method(&self) -> &'static SignatureMethod {
        self.method
    }

    /// The digest method.
    pub fn digest(&self) -> &'static DigestMethod {
        self.digest
    }

    /// What somebody should know about the signature.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
}

/// Verifies a signature with the pinned keys. The faults are never none; the first is the decisive
/// one.
pub fn verify(
    document: &Document,
    signature: &Signature,
    keys: &[PublicKey],
    policy: &Policy,
) -> Result<Verified, Vec<Fault>> {
    let Some(parts) = signature.parts.as_deref().filter(|_| signature.faults.is_empty()) else {
        return Err(signature.faults.clone());
    };
    let outcome = proved(document, signature, parts, keys, policy);
    let refused: Vec<FaultKind> = parts.said.refused(policy).collect();
    let place = document.element(signature.node).map_or(Span::at(0), |element| element.start_tag);
    let faults = |kinds: Vec<FaultKind>| {
        kinds.into_iter().map(|kind| Fault::new(kind, place)).collect::<Vec<Fault>>()
    };
    match outcome {
        Ok(verified) if refused.is_empty() => Ok(verified),
        Ok(_) => Err(faults(refused)),
        Err(kind) => Err(faults(std::iter::once(kind).chain(refused).collect())),
    }
}

fn proved(
    document: &Document,
    signature: &Signature,
    parts: &SoundParts,
    keys: &[PublicKey],
    policy: &Policy,
) -> Result<Verified, FaultKind> {
    let Signature { node, element, element_name, id, certificates, .. } = signature;
    let claim = Claim { document, parts, certificates, id };
    // Exactly this signature is left out, and nothing else that looks like it.
    let signed =
        |said: &SignedInfo| canonical_bytes(document, *element, Some(*node), &said.transform);
    let holds =
        |said: &SignedInfo, bytes: &[u8]| said.check_digest(&digest(said.digest.hash, bytes));
    let proof = claim.prove(keys, policy).map_err(|kind| match kind {
        FaultKind::ValueMismatch { embeds_pinned, change, .. } => {
            let bytes = signed(&parts.said);
            let is_unchanged = bytes.is_ok_and(|bytes| holds(&parts.said, &bytes).is_ok());
            FaultKind::ValueMismatch { is_unchanged, embeds_pinned, change }
        }
        kind => kind,
    })?;
    let said = proof.said;
    let bytes = signed(&said)?;
    holds(&said, &bytes).map_err(|kind| match kind {
        FaultKind::DigestMismatch(_) => {
            FaultKind::DigestMismatch(diagnosis::change(&bytes, |changed| {
                holds(&said, changed).is_ok()
            }))
        }
        kind => kind,
    })?;
    Ok(Verified {
        bytes,
        node: *element,
        span: document.span(*element),
        element: element_name.clone(),
        id: id.clone(),
        key: proof.key,
        method: said.method,
        digest: said.digest,
        remarks: said.remarks(id),
    })
}
