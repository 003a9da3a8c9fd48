//! Signatures beside a message: of HTTP-Redirect and HTTP-POST-SimpleSign (saml-bindings-2.0-os
//! section 3.4.4.1 and saml-binding-simplesign).

use crate::crypto::key::PublicKey;
use crate::saml::dsig::algorithm::{self, SignatureMethod};
use crate::saml::dsig::fault::FaultKind;
use crate::saml::dsig::remark::Remark;
use crate::saml::dsig::{Policy, value};

/// A detached signature that held. Only [`detached`] makes one.
#[derive(Clone, Debug)]
#[must_use]
pub struct Detached {
    key: usize,
    method: &'static SignatureMethod,
    remarks: Vec<Remark>,
}

impl Detached {
    /// Which of the pinned keys verified it, from 0.
    pub fn key(&self) -> usize {
        self.key
    }

    /// The signature method.
    pub fn method(&self) -> &'static SignatureMethod {
        self.method
    }

    /// What somebody should know about it.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
}

/// Verifies a signature over octets as they were received, with the pinned keys. The faults are
/// never none; the first is the decisive one.
pub fn detached(
    octets: &[u8],
    method: &str,
    signature: &[u8],
    keys: &[PublicKey],
    policy: &Policy,
) -> Result<Detached, Vec<FaultKind>> {
    let Some(known) = SignatureMethod::from_uri(method) else {
        let uri = method.to_owned();
        let is_hmac = algorithm::is_hmac(method);
        let kind = if is_hmac { FaultKind::Hmac(uri) } else { FaultKind::Algorithm(uri) };
        return Err(vec![kind]);
    };
    let is_refused = known.is_weak() && !policy.allows_sha1;
    let weak = is_refused.then(|| FaultKind::AlgorithmWeak(known.name.to_owned()));
    match (key(known, octets, signature, keys), weak) {
        (Ok(key), None) => {
            let remarks = known.is_weak().then_some(Remark::WeakSignature).into_iter().collect();
            Ok(Detached { key, method: known, remarks })
        }
        (Ok(_), Some(weak)) => Err(vec![weak]),
        (Err(kind), weak) => Err(std::iter::once(kind).chain(weak).collect()),
    }
}

fn key(
    method: &'static SignatureMethod,
    octets: &[u8],
    signature: &[u8],
    keys: &[PublicKey],
) -> Result<usize, FaultKind> {
    if keys.is_empty() {
        return Err(FaultKind::NoKey);
    }
    value::verifying(method, keys, octets, signature).map_err(|tried| match tried {
        value::Tried { fits: true, .. } => {
            FaultKind::ValueMismatch { is_unchanged: false, embeds_pinned: false, change: None }
        }
        value::Tried { weak: Some(weakness), .. } => FaultKind::KeyWeak(weakness),
        value::Tried { .. } => FaultKind::KeyAlgorithmMismatch {
            method: method.name.to_owned(),
            keys: keys.iter().map(PublicKey::describe).collect(),
            signer: None,
        },
    })
}
