//! The signature value against the pinned keys.

use crate::crypto::key::{KeyFamily, PublicKey};
use crate::crypto::signature::{self, Scheme, VerifyError};
use crate::saml::dsig::algorithm::SignatureMethod;

/// What came of trying the pinned keys, where none verified.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// Whether a key of the right kind and size was among them.
    pub(super) fits: bool,
    /// The size of a key that was too small to be tried.
    pub(super) small: Option<usize>,
}

/// The index of the pinned key that verifies a signature value.
pub(super) fn verifying(
    method: &SignatureMethod,
    keys: &[PublicKey],
    message: &[u8],
    value: &[u8],
) -> Result<usize, Tried> {
    let mut tried = Tried::default();
    for (index, key) in keys.iter().enumerate() {
        if key.family() == KeyFamily::Rsa && key.bits() < SMALLEST_RSA {
            if matches!(method.scheme, Scheme::RsaPkcs1(_) | Scheme::RsaPss(_)) {
                tried.small = Some(key.bits());
            }
            continue;
        }
        match signature::verify(method.scheme, key, message, value) {
            Ok(()) => return Ok(index),
            Err(VerifyError::Invalid) => tried.fits = true,
            Err(VerifyError::KeyMismatch) => {}
        }
    }
    Err(tried)
}

/// An RSA key of fewer bits could be broken by somebody with time.
const SMALLEST_RSA: usize = 2048;
