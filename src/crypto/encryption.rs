//! Decryption, and encryption for what is made here.

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::{AeadInOut as _, KeyInit};
use aes_gcm::{AesGcm, Nonce, Tag};
use cbc::cipher::block_padding::NoPadding;
use des::TdesEde3;
use getrandom::SysRng;
use rsa::oaep::Oaep;
use rsa::pkcs1v15::Pkcs1v15Encrypt;
use rsa::traits::PaddingScheme;
use secrecy::SecretSlice;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use crate::crypto::digest::Hash;
use crate::crypto::key::{PrivateKey, PublicKey};

use super::key::{PrivateKind, PublicKind};

/// A cipher for data (XML Encryption 1.1 section 5.2). The initial value stands before the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cipher {
    /// AES with a key of 128 bits, chained; nothing protects the text from changes.
    Aes128Cbc,
    /// AES with a key of 128 bits, authenticated.
    Aes128Gcm,
    /// AES with a key of 192 bits, chained.
    Aes192Cbc,
    /// AES with a key of 192 bits, authenticated.
    Aes192Gcm,
    /// AES with a key of 256 bits, chained.
    Aes256Cbc,
    /// AES with a key of 256 bits, authenticated.
    Aes256Gcm,
    /// Triple DES, chained: legacy.
    TripleDesCbc,
}

impl Cipher {
    /// Its name, as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aes128Cbc => "AES-128-CBC",
            Self::Aes128Gcm => "AES-128-GCM",
            Self::Aes192Cbc => "AES-192-CBC",
            Self::Aes192Gcm => "AES-192-GCM",
            Self::Aes256Cbc => "AES-256-CBC",
            Self::Aes256Gcm => "AES-256-GCM",
            Self::TripleDesCbc => "3DES-CBC",
        }
    }

    /// The bytes of its key.
    pub fn key_length(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::Aes128Gcm => 16,
            Self::Aes192Cbc | Self::Aes192Gcm | Self::TripleDesCbc => 24,
            Self::Aes256Cbc | Self::Aes256Gcm => 32,
        }
    }

    /// Whether a change of the text is noticed.
    pub fn is_authenticated(self) -> bool {
        matches!(self, Self::Aes128Gcm | Self::Aes192Gcm | Self::Aes256Gcm)
    }
}

/// A way to wrap the key of the data for its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyTransport {
    /// RSAES-OAEP: the digest of the label, the one of the mask, and the label.
    Oaep {
        /// The digest of the label.
        digest: Hash,
        /// The digest that makes the mask.
        mgf: Hash,
        /// The label; none for the empty one.
        label: Option<Vec<u8>>,
    },
    /// RSAES-PKCS1-v1_5, which tells attackers too much.
    Pkcs1v15,
}

/// Why nothing comes out. It says no more, so that nobody learns from it where the text is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecryptError;

impl std::fmt::Display for DecryptError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it cannot be decrypted with this key")
    }
}

impl std::error::Error for DecryptError {}

type Result<T> = std::result::Result<T, DecryptError>;

/// The key of the data, out of its wrapping.
pub fn unwrap_key(
    transport: &KeyTransport,
    key: &PrivateKey,
    wrapped: &[u8],
) -> Result<SecretSlice<u8>> {
    let PrivateKind::Rsa(key) = &key.0 else { return Err(DecryptError) };
    let failed = |_| DecryptError;
    let bytes = match transport {
        KeyTransport::Pkcs1v15 => key.decrypt(Pkcs1v15Encrypt, wrapped).map_err(failed)?,
        KeyTransport::Oaep { digest, mgf, label } => {
            struct Unwrap<'a>(&'a rsa::PrivateKey, &'a [u8]);
            impl WithPadding for Unwrap<'_> {
                fn run(self, padding: impl PaddingScheme) -> Result<Vec<u8>> {
                    self.0.decrypt(padding, self.1).map_err(|_| DecryptError)
                }
            }
            with_oaep(*digest, *mgf, label.as_deref(), Unwrap(key, wrapped))?
        }
    };
    Ok(SecretSlice::from(bytes))
}

/// Wraps a key for its reader.
pub fn wrap_key(transport: &KeyTransport, reader: &PublicKey, key: &[u8]) -> Result<Vec<u8>> {
    let PublicKind::Rsa(reader) = &reader.kind else { return Err(DecryptError) };
    match transport {
        KeyTransport::Pkcs1v15 => reader.pkcs1v15_encrypt(key).map_err(|_| DecryptError),
        KeyTransport::Oaep { digest, mgf, label } => {
            struct Wrap<'a>(&'a rsa::PublicKey, &'a [u8]);
            impl WithPadding for Wrap<'_> {
                fn run(self, padding: impl PaddingScheme) -> Result<Vec<u8>> {
                    self.0.encrypt(&mut SysRng, padding, self.1).map_err(|_| DecryptError)
                }
            }
            with_oaep(*digest, *mgf, label.as_deref(), Wrap(reader, key))
        }
    }
}

/// The text of some data. Nothing comes out of data that was changed, where the cipher notices it.
pub fn decrypt(cipher: Cipher, key: &[u8], data: &[u8]) -> Result<Vec<u8>> {
    if key.len() != cipher.key_length() {
        return Err(DecryptError);
    }
    match cipher {
        Cipher::Aes128Cbc => unchained::<cbc::Decryptor<Aes128>, 16>(key, data),
        Cipher::Aes192Cbc => unchained::<cbc::Decryptor<Aes192>, 16>(key, data),
        Cipher::Aes256Cbc => unchained::<cbc::Decryptor<Aes256>, 16>(key, data),
        Cipher::TripleDesCbc => unchained::<cbc::Decryptor<TdesEde3>, 8>(key, data),
        Cipher::Aes128Gcm => opened::<Aes128>(key, data),
        Cipher::Aes192Gcm => opened::<Aes192>(key, data),
        Cipher::Aes256Gcm => opened::<Aes256>(key, data),
    }
}

/// Encrypts a text; the initial value stands before it.
pub fn encrypt(cipher: Cipher, key: &[u8], initial: &[u8], text: &[u8]) -> Result<Vec<u8>> {
    if key.len() != cipher.key_length() {
        return Err(DecryptError);
    }
    match cipher {
        Cipher::Aes128Cbc => chained::<cbc::Encryptor<Aes128>, 16>(key, initial, text),
        Cipher::Aes192Cbc => chained::<cbc::Encryptor<Aes192>, 16>(key, initial, text),
        Cipher::Aes256Cbc => chained::<cbc::Encryptor<Aes256>, 16>(key, initial, text),
        Cipher::TripleDesCbc => chained::<cbc::Encryptor<TdesEde3>, 8>(key, initial, text),
        Cipher::Aes128Gcm => sealed::<Aes128>(key, initial, text),
        Cipher::Aes192Gcm => sealed::<Aes192>(key, initial, text),
        Cipher::Aes256Gcm => sealed::<Aes256>(key, initial, text),
    }
}

/// What is done with a padding, whose type depends on two hashes.
trait WithPadding {
    fn run(self, padding: impl PaddingScheme) -> Result<Vec<u8>>;
}

/// Chooses the type of OAEP for two hashes.
fn with_oaep(
    digest: Hash,
    mgf: Hash,
    label: Option<&[u8]>,
    work: impl WithPadding,
) -> Result<Vec<u8>> {
    let label = label.unwrap_or_default();
    macro_rules! masked {
        ($digest:ty) => {
            match mgf {
                Hash::Sha1 => work.run(Oaep::<$digest, Sha1>::new_with_mgf_hash_and_label(label)),
                Hash::Sha224 => {
                    work.run(Oaep::<$digest, Sha224>::new_with_mgf_hash_and_label(label))
                }
                Hash::Sha256 => {
                    work.run(Oaep::<$digest, Sha256>::new_with_mgf_hash_and_label(label))
                }
                Hash::Sha384 => {
                    work.run(Oaep::<$digest, Sha384>::new_with_mgf_hash_and_label(label))
                }
                Hash::Sha512 => {
                    work.run(Oaep::<$digest, Sha512>::new_with_mgf_hash_and_label(label))
                }
            }
        };
    }
    match digest {
        Hash::Sha1 => masked!(Sha1),
        Hash::Sha224 => masked!(Sha224),
        Hash::Sha256 => masked!(Sha256),
        Hash::Sha384 => masked!(Sha384),
        Hash::Sha512 => masked!(Sha512),
    }
}

/// The text of chained data, without the padding of XML Encryption (section 5.2.2): the last byte
/// counts it, and the others may be anything.
fn unchained<C, const BLOCK: usize>(key: &[u8], data: &[u8]) -> Result<Vec<u8>>
where
    C: cbc::cipher::BlockModeDecrypt + cbc::cipher::KeyIvInit,
{
    if data.len() < 2 * BLOCK || !data.len().is_multiple_of(BLOCK) {
        return Err(DecryptError);
    }
    let (initial, text) = data.split_at(BLOCK);
    let cipher = C::new_from_slices(key, initial).map_err(|_| DecryptError)?;
    let mut text = text.to_vec();
    cipher.decrypt_padded::<NoPadding>(&mut text).map_err(|_| DecryptError)?;
    let padding = usize::from(*text.last().ok_or(DecryptError)?);
    if padding == 0 || padding > BLOCK {
        return Err(DecryptError);
    }
    text.truncate(text.len() - padding);
    Ok(text)
}

fn chained<C, const BLOCK: usize>(key: &[u8], initial: &[u8], text: &[u8]) -> Result<Vec<u8>>
where
    C: cbc::cipher::BlockModeEncrypt + cbc::cipher::KeyIvInit,
{
    let padding = BLOCK - text.len() % BLOCK;
    let mut padded = text.to_vec();
    padded.resize(text.len() + padding, 0);
    if let Some(last) = padded.last_mut() {
        *last = u8::try_from(padding).map_err(|_| DecryptError)?;
    }
    let cipher = C::new_from_slices(key, initial).map_err(|_| DecryptError)?;
    let length = padded.len();
    cipher.encrypt_padded::<NoPadding>(&mut padded, length).map_err(|_| DecryptError)?;
    Ok([initial, &padded].concat())
}

/// The text of authenticated data: twelve bytes of initial value before it, the whole tag behind.
fn opened<A>(key: &[u8], data: &[u8]) -> Result<Vec<u8>>
where
    AesGcm<A, U12>: KeyInit + aes_gcm::aead::AeadInOut<NonceSize = U12, TagSize = U16>,
{
    if data.len() < NONCE + TAG {
        return Err(DecryptError);
    }
    let (nonce, rest) = data.split_at(NONCE);
    let (text, tag) = rest.split_at(rest.len() - TAG);
    let cipher = <AesGcm<A, U12> as KeyInit>::new_from_slice(key).map_err(|_| DecryptError)?;
    let nonce = <&Nonce<U12>>::try_from(nonce).map_err(|_| DecryptError)?;
    let tag = <&Tag<U16>>::try_from(tag).map_err(|_| DecryptError)?;
    let mut text = text.to_vec();
    cipher
        .decrypt_inout_detached(nonce, &[], text.as_mut_slice().into(), tag)
        .map_err(|_| DecryptError)?;
    Ok(text)
}

fn sealed<A>(key: &[u8], nonce: &[u8], text: &[u8]) -> Result<Vec<u8>>
where
    AesGcm<A, U12>: KeyInit + aes_gcm::aead::AeadInOut<NonceSize = U12, TagSize = U16>,
{
    let cipher = <AesGcm<A, U12> as KeyInit>::new_from_slice(key).map_err(|_| DecryptError)?;
    let initial = <&Nonce<U12>>::try_from(nonce).map_err(|_| DecryptError)?;
    let mut text = text.to_vec();
    let tag = cipher
        .encrypt_inout_detached(initial, &[], text.as_mut_slice().into())
        .map_err(|_| DecryptError)?;
    Ok([nonce, &text, &tag].concat())
}

const NONCE: usize = 12;
const TAG: usize = 16;
