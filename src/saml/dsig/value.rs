//! The signature value against the pinned keys.

use crate::crypto::key::{KeyFamily, PublicKey};
use crate::crypto::signature::{self, Scheme, VerifyError};
use crate::saml::dsig::algorithm::SignatureMethod;

/// What came of trying the pinned keys, where none verified.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// Whether a key of the right kind and size was among them.
    pub(super) fits: bool,
    /// Why a key was not tried.
    pub(super) weak: Option<KeyWeakness>,
}

/// Why an RSA key is worth nothing, whatever it signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyWeakness {
    /// It has so many bits only.
    Bits(usize),
    /// It comes from a generator whose keys can be factored.
    Factorable,
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
        if let Some(weakness) = weakness(key) {
            if matches!(method.scheme, Scheme::RsaPkcs1(_) | Scheme::RsaPss(_)) {
                tried.weak = Some(weakness);
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

fn weakness(key: &PublicKey) -> Option<KeyWeakness> {
    if key.family() != KeyFamily::Rsa {
        None
    } else if key.bits() < SMALLEST_RSA {
        Some(KeyWeakness::Bits(key.bits()))
    } else {
        key.is_factorable().then_some(KeyWeakness::Factorable)
    }
}

/// An RSA key of fewer bits could be broken by somebody with time.
const SMALLEST_RSA: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    /// A power of the generator that left its mark, of more than 2048 bits.
    fn marked() -> Vec<u8> {
        let mut number = vec![1_u8];
        for _ in 0..130 {
            // 65537 times a number is itself and itself two bytes higher.
            let mut product = vec![0; number.len() + 2];
            let mut carry = 0;
            for (at, byte) in product.iter_mut().enumerate() {
                let low = number.get(at).copied().unwrap_or_default();
                let high = at.checked_sub(2).and_then(|at| number.get(at)).copied();
                let sum = u16::from(low) + u16::from(high.unwrap_or_default()) + carry;
                (*byte, carry) = (u8::try_from(sum % 256).expect("a byte"), sum / 256);
            }
            number = product;
        }
        number.reverse();
        number
    }

    #[test]
    fn a_key_that_can_be_factored_is_not_tried_and_another_is() {
        let mut modulus = marked();
        let key = |modulus: &[u8]| PublicKey::from_rsa_components(modulus, &[1, 0, 1]);
        assert_eq!(weakness(&key(&modulus).expect("a key")), Some(KeyWeakness::Factorable));
        let last = modulus.last_mut().expect("bytes");
        *last ^= 2;
        assert_eq!(weakness(&key(&modulus).expect("a key")), None);
    }
}
