//! Signatures: RSA (RFC 8017), ECDSA (FIPS 186-5), Ed25519 (RFC 8032), HMAC (RFC 2104).

use hmac::{Hmac, KeyInit as _, Mac as _};
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pss::Pss;
use rsa::signature::hazmat::PrehashVerifier as _;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use crate::crypto::digest::{Hash, digest};
use crate::crypto::key::{KeyError, PrivateKey, PublicKey};

use super::key::{PrivateKind, PublicKind};

/// A way to sign with a pair of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// ECDSA; the signature is the pair of numbers in full length, one behind the other.
    Ecdsa(Hash),
    /// EdDSA on Curve25519.
    Ed25519,
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Hash),
    /// RSASSA-PSS; the same hash makes the mask, and the salt is as long as it.
    RsaPss(Hash),
}

impl Scheme {
    /// Its name, as people write it: `RSA-SHA256`.
    pub fn name(self) -> String {
        let short = |hash: Hash| hash.name().replace('-', "");
        match self {
            Self::Ecdsa(hash) => format!("ECDSA-{}", short(hash)),
            Self::Ed25519 => "Ed25519".to_owned(),
            Self::RsaPkcs1(hash) => format!("RSA-{}", short(hash)),
            Self::RsaPss(hash) => format!("RSA-PSS-{}", short(hash)),
        }
    }

    /// The hash that it signs; none where the scheme brings its own.
    pub fn hash(self) -> Option<Hash> {
        match self {
            Self::Ecdsa(hash) | Self::RsaPkcs1(hash) | Self::RsaPss(hash) => Some(hash),
            Self::Ed25519 => None,
        }
    }
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// It is not what the key signed.
    Invalid,
    /// The key is of another kind than the scheme.
    KeyMismatch,
}

/// Whether a signature over a message holds.
pub fn verify(
    scheme: Scheme,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    let holds = match (scheme, &key.kind) {
        (Scheme::Ed25519, PublicKind::Ed25519(key)) => {
            let signature = ed25519_dalek::Signature::from_slice(signature);
            signature.is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
        }
        (Scheme::RsaPkcs1(hash), PublicKind::Rsa(key)) => {
            key.verify(pkcs1(hash), &digest(hash, message), signature).is_ok()
        }
        (Scheme::RsaPss(hash), PublicKind::Rsa(key)) => {
            verifies_pss(hash, key, &digest(hash, message), signature)
        }
        (Scheme::Ecdsa(hash), PublicKind::P256(key)) => {
            let signature = p256::ecdsa::Signature::from_slice(signature);
            let digest = widened(digest(hash, message), 32);
            signature.is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok())
        }
        (Scheme::Ecdsa(hash), PublicKind::P384(key)) => {
            let signature = p384::ecdsa::Signature::from_slice(signature);
            let digest = widened(digest(hash, message), 48);
            signature.is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok())
        }
        (Scheme::Ecdsa(hash), PublicKind::P521(key)) => {
            let signature = p521::ecdsa::Signature::from_slice(signature);
            let digest = widened(digest(hash, message), 66);
            signature.is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok())
        }
        _ => return Err(VerifyError::KeyMismatch),
    };
    if holds { Ok(()) } else { Err(VerifyError::Invalid) }
}

/// Signs a message.
pub fn sign(scheme: Scheme, key: &PrivateKey, message: &[u8]) -> Result<Vec<u8>, KeyError> {
    use rsa::signature::Signer as _;
    use rsa::signature::hazmat::PrehashSigner as _;
    let failed = |_| KeyError::Unsound;
    match (scheme, &key.0) {
        (Scheme::Ed25519, PrivateKind::Ed25519(key)) => Ok(key.sign(message).to_bytes().to_vec()),
        (Scheme::RsaPkcs1(hash), PrivateKind::Rsa(key)) => {
            key.sign(pkcs1(hash), &digest(hash, message)).map_err(|_| KeyError::Unsound)
        }
        (Scheme::RsaPss(hash), PrivateKind::Rsa(key)) => sign_pss(hash, key, message),
        (Scheme::Ecdsa(hash), PrivateKind::P256(key)) => {
            let key = p256::ecdsa::SigningKey::from(&**key);
            let signature: Result<p256::ecdsa::Signature, _> =
                key.sign_prehash(&widened(digest(hash, message), 32));
            signature.map(|signature| signature.to_vec()).map_err(failed)
        }
        (Scheme::Ecdsa(hash), PrivateKind::P384(key)) => {
            let key = p384::ecdsa::SigningKey::from(&**key);
            let signature: Result<p384::ecdsa::Signature, _> =
                key.sign_prehash(&widened(digest(hash, message), 48));
            signature.map(|signature| signature.to_vec()).map_err(failed)
        }
        (Scheme::Ecdsa(hash), PrivateKind::P521(key)) => {
            let key = p521::ecdsa::SigningKey::from(&**key);
            let signature: Result<p521::ecdsa::Signature, _> =
                key.sign_prehash(&widened(digest(hash, message), 66));
            signature.map(|signature| signature.to_vec()).map_err(failed)
        }
        _ => Err(KeyError::Unknown),
    }
}

/// Whether a keyed digest of a message is the right one. The length must be the hash's own.
pub fn verify_hmac(hash: Hash, secret: &[u8], message: &[u8], tag: &[u8]) -> bool {
    macro_rules! holds {
        ($hash:ty) => {{
            let mac = Hmac::<$hash>::new_from_slice(secret);
            mac.is_ok_and(|mac| mac.chain_update(message).verify_slice(tag).is_ok())
        }};
    }
    match hash {
        Hash::Sha1 => holds!(Sha1),
        Hash::Sha224 => holds!(Sha224),
        Hash::Sha256 => holds!(Sha256),
        Hash::Sha384 => holds!(Sha384),
        Hash::Sha512 => holds!(Sha512),
    }
}

/// A digest at least as long as the field: the number stays the same.
fn widened(digest: Vec<u8>, length: usize) -> Vec<u8> {
    let mut widened = vec![0; length.saturating_sub(digest.len())];
    widened.extend(digest);
    widened
}

fn pkcs1(hash: Hash) -> Pkcs1v15Sign {
    match hash {
        Hash::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
        Hash::Sha224 => Pkcs1v15Sign::new::<Sha224>(),
        Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
    }
}

fn verifies_pss(hash: Hash, key: &rsa::PublicKey, digest: &[u8], signature: &[u8]) -> bool {
    let salt = hash.length();
    match hash {
        Hash::Sha1 => key.verify(Pss::<Sha1>::new_with_salt(salt), digest, signature),
        Hash::Sha224 => key.verify(Pss::<Sha224>::new_with_salt(salt), digest, signature),
        Hash::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(salt), digest, signature),
        Hash::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(salt), digest, signature),
        Hash::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(salt), digest, signature),
    }
    .is_ok()
}

fn sign_pss(hash: Hash, key: &rsa::PrivateKey, message: &[u8]) -> Result<Vec<u8>, KeyError> {
    let digest = digest(hash, message);
    match hash {
        Hash::Sha1 => key.pss_sign_prehash::<Sha1>(&digest),
        Hash::Sha224 => key.pss_sign_prehash::<Sha224>(&digest),
        Hash::Sha256 => key.pss_sign_prehash::<Sha256>(&digest),
        Hash::Sha384 => key.pss_sign_prehash::<Sha384>(&digest),
        Hash::Sha512 => key.pss_sign_prehash::<Sha512>(&digest),
    }
    .map_err(|_| KeyError::Unsound)
}

#[cfg(test)]
mod tests {
    use super::{Scheme, VerifyError, sign, verify};
    use crate::crypto::digest::Hash;
    use crate::crypto::encryption::{Cipher, KeyTransport, decrypt, encrypt, unwrap_key, wrap_key};
    use crate::crypto::key::{PrivateKey, PublicKey};
    use rsa::Generate as _;
    use rsa::pkcs8::EncodePrivateKey as _;
    use secrecy::ExposeSecret as _;

    fn keys() -> Vec<PrivateKey> {
        let ending = rsa::pkcs8::LineEnding::LF;
        let pem = [
            p256::SecretKey::generate().to_pkcs8_pem(ending).expect("a key"),
            p384::SecretKey::generate().to_pkcs8_pem(ending).expect("a key"),
            p521::SecretKey::generate().to_pkcs8_pem(ending).expect("a key"),
        ];
        pem.iter().map(|pem| PrivateKey::from_pem(pem).expect("a key")).collect()
    }

    #[test]
    fn what_a_curve_signed_holds_for_its_key_and_message_alone() {
        let keys = keys();
        for hash in Hash::ALL {
            for (number, key) in keys.iter().enumerate() {
                let scheme = Scheme::Ecdsa(hash);
                let mut signature = sign(scheme, key, b"message").expect("a signature");
                for (other, key) in keys.iter().enumerate() {
                    let holds = verify(scheme, &key.public(), b"message", &signature).is_ok();
                    assert_eq!(holds, other == number, "{hash:?}");
                }
                let public = key.public();
                assert_eq!(
                    verify(scheme, &public, b"massage", &signature),
                    Err(VerifyError::Invalid)
                );
                signature[3] ^= 1;
                let flipped = verify(scheme, &public, b"message", &signature);
                assert_eq!(flipped, Err(VerifyError::Invalid));
                let zero = vec![0; signature.len()];
                assert_eq!(verify(scheme, &public, b"message", &zero), Err(VerifyError::Invalid));
                signature.push(0);
                let longer = verify(scheme, &public, b"message", &signature);
                assert_eq!(longer, Err(VerifyError::Invalid));
            }
        }
    }

    #[test]
    fn a_public_key_is_the_same_however_it_is_read() {
        for key in keys() {
            let public = key.public();
            assert_eq!(PublicKey::from_spki(public.spki()), Ok(public));
        }
    }

    #[test]
    fn rsa_signs_and_unwraps_in_every_way() {
        let key = rsa::PrivateKey::new(&mut getrandom::SysRng, 1024).expect("a key");
        let pem = key.to_pkcs8_pem(rsa::pkcs8::LineEnding::LF).expect("a key");
        let key = PrivateKey::from_pem(&pem).expect("a key");
        for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha384] {
            for scheme in [Scheme::RsaPkcs1(hash), Scheme::RsaPss(hash)] {
                let signature = sign(scheme, &key, b"message").expect("a signature");
                assert_eq!(verify(scheme, &key.public(), b"message", &signature), Ok(()));
                assert!(verify(scheme, &key.public(), b"Message", &signature).is_err());
            }
            for mgf in [Hash::Sha1, Hash::Sha256] {
                let label = Some(b"label".to_vec());
                let transport = KeyTransport::Oaep { digest: hash, mgf, label };
                let Ok(wrapped) = wrap_key(&transport, &key.public(), &[7; 16]) else {
                    continue;
                };
                let bytes = unwrap_key(&transport, &key, &wrapped).expect("the key");
                assert_eq!(bytes.expose_secret(), [7; 16]);
                let other = KeyTransport::Oaep { digest: hash, mgf, label: None };
                assert!(unwrap_key(&other, &key, &wrapped).is_err());
            }
        }
    }

    #[test]
    fn what_was_encrypted_comes_out_again_and_changes_are_noticed_where_they_can_be() {
        let all = [
            (Cipher::Aes128Cbc, 16),
            (Cipher::Aes192Cbc, 16),
            (Cipher::Aes256Cbc, 16),
            (Cipher::TripleDesCbc, 8),
            (Cipher::Aes128Gcm, 12),
            (Cipher::Aes192Gcm, 12),
            (Cipher::Aes256Gcm, 12),
        ];
        for (cipher, initial) in all {
            let key: Vec<u8> = (1..).take(cipher.key_length()).collect();
            for length in [0, 1, 15, 16, 17, 100] {
                let text = vec![b'x'; length];
                let data = encrypt(cipher, &key, &vec![9; initial], &text).expect("data");
                assert_eq!(decrypt(cipher, &key, &data), Ok(text), "{cipher:?} {length}");
                if cipher.is_authenticated() {
                    for at in 0..data.len() {
                        let mut changed = data.clone();
                        changed[at] ^= 1;
                        assert!(decrypt(cipher, &key, &changed).is_err());
                        assert!(decrypt(cipher, &key, &data[..at]).is_err());
                    }
                }
            }
        }
    }
}
