//! Whether a signature holds, and the bytes that it holds for.

use crate::crypto::digest::{digest, is_equal};
use crate::crypto::key::PublicKey;
use crate::saml::dsig::algorithm::{DigestMethod, SignatureMethod};
use crate::saml::dsig::fault::{Fault, FaultKind};
use crate::saml::dsig::shape::{Remark, Signature, SoundParts};
use crate::saml::dsig::signed_info::{self, Named, SignedInfo};
use crate::saml::dsig::{Policy, diagnosis, value};
use crate::source::Span;
use crate::xml::c14n::{Canonicalization, canonical};
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
        let text = std::str::from_utf8(&self.bytes);
        let text = text.expect("canonical bytes are UTF-8, for they come from text");
        let read = Document::read(text, limits);
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
    let check = Check { document, signature, parts, policy };
    let outcome = check.proved(keys);
    let weak = check.weak();
    match outcome {
        Ok(verified) if weak.is_empty() => Ok(verified),
        Ok(_) => Err(weak),
        Err(fault) => Err(std::iter::once(fault).chain(weak).collect()),
    }
}

/// One signature on its way to being verified.
struct Check<'c> {
    document: &'c Document,
    signature: &'c Signature,
    parts: &'c SoundParts,
    policy: &'c Policy,
}

impl Check<'_> {
    fn proved(&self, keys: &[PublicKey]) -> Result<Verified, Fault> {
        if keys.is_empty() {
            return Err(self.fault(FaultKind::NoKey));
        }
        let said = &self.parts.said;
        let signed_info = self.canonical(self.parts.signed_info, None, &said.canonicalization)?;
        let key = value::verifying(said.method, keys, &signed_info, &self.parts.value)
            .map_err(|tried| self.untrusted(&tried, keys, &signed_info))?;
        let believed = self.believed(&signed_info)?;
        let bytes = self.signed_bytes(&believed)?;
        self.check_digest(&believed, &bytes)?;
        Ok(Verified {
            bytes,
            node: self.signature.element,
            span: self.document.span(self.signature.element),
            element: self.signature.element_name.clone(),
            id: self.signature.id.clone(),
            key,
            method: believed.method,
            digest: believed.digest,
            remarks: self.signature.remarks(&believed),
        })
    }

    /// What the bytes say whose signature held. From here on nothing else is believed.
    fn believed(&self, signed_info: &[u8]) -> Result<SignedInfo, Fault> {
        let text = std::str::from_utf8(signed_info);
        let text = text.expect("canonical bytes are UTF-8, for they come from text");
        let document = Document::read(text, self.policy.limits)
            .map_err(|error| self.fault(FaultKind::Differential(error)))?;
        let mut faults = Vec::new();
        let root = document.root();
        let said = signed_info::read(&document, root, &mut Named::default(), &mut faults);
        let said = said.filter(|_| signed_info::is(&document, root, "SignedInfo"));
        let missing = || FaultKind::Cardinality { part: "SignedInfo".into(), matter: "is missing" };
        let said =
            said.ok_or_else(|| self.fault(faults.pop().map_or_else(missing, |fault| fault.kind)))?;
        if said.uri.strip_prefix('#') != Some(&self.signature.id) {
            return Err(self.fault(FaultKind::ReferenceUri(said.uri)));
        }
        Ok(said)
    }

    /// The canonical bytes of the signed element without exactly this signature.
    fn signed_bytes(&self, said: &SignedInfo) -> Result<Vec<u8>, Fault> {
        self.canonical(self.signature.element, Some(self.signature.node), &said.transform)
    }

    fn check_digest(&self, said: &SignedInfo, bytes: &[u8]) -> Result<(), Fault> {
        if said.digest_value == digest(said.digest.hash, b"") {
            return Err(self.fault(FaultKind::DigestEmpty));
        }
        if is_equal(&said.digest_value, &digest(said.digest.hash, bytes)) {
            return Ok(());
        }
        let change = diagnosis::change(bytes, |bytes| {
            is_equal(&said.digest_value, &digest(said.digest.hash, bytes))
        });
        Err(self.fault(FaultKind::DigestMismatch(change)))
    }

    /// Canonical bytes; that there are none is fatal, never a digest of nothing.
    fn canonical(
        &self,
        apex: NodeId,
        omit: Option<NodeId>,
        how: &Canonicalization,
    ) -> Result<Vec<u8>, Fault> {
        let failed = |why: String| self.fault(FaultKind::C14nFailed(why));
        let bytes =
            canonical(self.document, apex, omit, how).map_err(|error| failed(error.to_string()))?;
        if bytes.is_empty() { Err(failed("it is empty".to_owned())) } else { Ok(bytes) }
    }

    /// Why none of the pinned keys verified.
    fn untrusted(&self, tried: &value::Tried, keys: &[PublicKey], signed_info: &[u8]) -> Fault {
        let said = &self.parts.said;
        let signer = diagnosis::signer(self.document, self.signature, self.parts, signed_info);
        self.fault(match (tried, signer) {
            (value::Tried { fits: true, .. }, Some(signer)) => {
                FaultKind::KeyUntrusted(Box::new(signer))
            }
            (value::Tried { fits: true, .. }, None) => {
                let bytes = self.signed_bytes(said);
                let is_unchanged = bytes.is_ok_and(|bytes| {
                    is_equal(&said.digest_value, &digest(said.digest.hash, &bytes))
                });
                FaultKind::ValueMismatch { is_unchanged }
            }
            (value::Tried { small: Some(bits), .. }, _) => FaultKind::KeyWeak(*bits),
            (_, signer) => FaultKind::KeyAlgorithmMismatch {
                method: said.method.name.to_owned(),
                keys: keys.iter().map(PublicKey::describe).collect(),
                signer: signer.map(Box::new),
            },
        })
    }

    /// Weak algorithms, where they are not let through.
    fn weak(&self) -> Vec<Fault> {
        let said = &self.parts.said;
        let weak =
            [(said.method.is_weak(), said.method.name), (said.digest.is_weak(), said.digest.name)];
        let refused = weak.into_iter().filter(|(weak, _)| *weak && !self.policy.allows_sha1);
        refused.map(|(_, name)| self.fault(FaultKind::AlgorithmWeak(name.to_owned()))).collect()
    }

    fn fault(&self, kind: FaultKind) -> Fault {
        let element = self.document.element(self.signature.node);
        let own = self.document.span(self.signature.node);
        Fault::new(kind, element.map_or(own, |element| element.start_tag))
    }
}
