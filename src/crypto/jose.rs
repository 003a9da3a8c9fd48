//! Authenticated encryption of the content of tokens (RFC 7518 section 5).

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{AesGcm, Nonce, Tag};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::Hmac;
use sha2::{Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq as _;

use crate::crypto::encryption::DecryptError;

/// A way to encrypt the content of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// AES-128 in CBC mode with HMAC SHA-256.
    A128CbcHs256,
    /// AES-128 in Galois counter mode.
    A128Gcm,
    /// AES-192 in CBC mode with HMAC SHA-384.
    A192CbcHs384,
    /// AES-192 in Galois counter mode.
    A192Gcm,
    /// AES-256 in CBC mode with HMAC SHA-512.
    A256CbcHs512,
    /// AES-256 in Galois counter mode.
    A256Gcm,
}

/// The parts of an encrypted content.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'s> {
    /// The initial value.
    pub initial: &'s [u8],
    /// What is protected besides.
    pub beside: &'s [u8],
    /// The encrypted text.
    pub text: &'s [u8],
    /// The tag.
    pub tag: &'s [u8],
}

impl Content {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::A128CbcHs256,
        Self::A128Gcm,
        Self::A192CbcHs384,
        Self::A192Gcm,
        Self::A256CbcHs512,
        Self::A256Gcm,
    ];

    /// Its name in `enc`.
    pub fn name(self) -> &'static str {
        match self {
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A128Gcm => "A128GCM",
            Self::A192CbcHs384 => "A192CBC-HS384",
            Self::A192Gcm => "A192GCM",
            Self::A256CbcHs512 => "A256CBC-HS512",
            Self::A256Gcm => "A256GCM",
        }
    }

    /// The bytes of its key.
    pub fn key_length(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A192Gcm => 24,
            Self::A256Gcm | Self::A128CbcHs256 => 32,
            Self::A192CbcHs384 => 48,
            Self::A256CbcHs512 => 64,
        }
    }

    /// The bytes of its initial value.
    pub fn initial_length(self) -> usize {
        match self {
            Self::A128Gcm | Self::A192Gcm | Self::A256Gcm => 12,
            Self::A128CbcHs256 | Self::A192CbcHs384 | Self::A256CbcHs512 => 16,
        }
    }

    /// The bytes of its tag.
    pub fn tag_length(self) -> usize {
        match self {
            Self::A192CbcHs384 => 24,
            Self::A256CbcHs512 => 32,
            _ => 16,
        }
    }
}

/// The content, where nothing of it was changed.
pub fn open(content: Content, key: &[u8], sealed: Sealed<'_>) -> Result<Vec<u8>, DecryptError> {
    let fits = key.len() == content.key_length()
        && sealed.initial.len() == content.initial_length()
        && sealed.tag.len() == content.tag_length();
    if !fits {
        return Err(DecryptError);
    }
    let (mac_key, text_key) = key.split_at(key.len() / 2);
    let is_right = |whole: &[u8]| bool::from(whole[..sealed.tag.len()].ct_eq(sealed.tag));
    match content {
        Content::A128Gcm => opened::<Aes128>(key, sealed),
        Content::A192Gcm => opened::<Aes192>(key, sealed),
        Content::A256Gcm => opened::<Aes256>(key, sealed),
        Content::A128CbcHs256 if is_right(&tag::<Hmac<Sha256>>(mac_key, sealed)?) => {
            unchained::<cbc::Decryptor<Aes128>>(text_key, sealed)
        }
        Content::A192CbcHs384 if is_right(&tag::<Hmac<Sha384>>(mac_key, sealed)?) => {
            unchained::<cbc::Decryptor<Aes192>>(text_key, sealed)
        }
        Content::A256CbcHs512 if is_right(&tag::<Hmac<Sha512>>(mac_key, sealed)?) => {
            unchained::<cbc::Decryptor<Aes256>>(text_key, sealed)
        }
        _ => Err(DecryptError),
    }
}

/// The encrypted text of a content, and its tag.
pub fn seal(
    content: Content,
    key: &[u8],
    initial: &[u8],
    beside: &[u8],
    text: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), DecryptError> {
    if key.len() != content.key_length() || initial.len() != content.initial_length() {
        return Err(DecryptError);
    }
    let (mac_key, text_key) = key.split_at(key.len() / 2);
    let text = match content {
        Content::A128Gcm => return sealed::<Aes128>(key, initial, beside, text),
        Content::A192Gcm => return sealed::<Aes192>(key, initial, beside, text),
        Content::A256Gcm => return sealed::<Aes256>(key, initial, beside, text),
        Content::A128CbcHs256 => chained::<cbc::Encryptor<Aes128>>(text_key, initial, text)?,
        Content::A192CbcHs384 => chained::<cbc::Encryptor<Aes192>>(text_key, initial, text)?,
        Content::A256CbcHs512 => chained::<cbc::Encryptor<Aes256>>(text_key, initial, text)?,
    };
    let parts = Sealed { initial, beside, text: &text, tag: &[] };
    let mut tag = match content {
        Content::A192CbcHs384 => tag::<Hmac<Sha384>>(mac_key, parts)?,
        Content::A256CbcHs512 => tag::<Hmac<Sha512>>(mac_key, parts)?,
        _ => tag::<Hmac<Sha256>>(mac_key, parts)?,
    };
    tag.truncate(content.tag_length());
    Ok((text, tag))
}

fn opened<A>(key: &[u8], sealed: Sealed<'_>) -> Result<Vec<u8>, DecryptError>
where
    AesGcm<A, U12>: KeyInit + AeadInOut<NonceSize = U12, TagSize = U16>,
{
    let cipher = <AesGcm<A, U12> as KeyInit>::new_from_slice(key).map_err(|_| DecryptError)?;
    let nonce = <&Nonce<U12>>::try_from(sealed.initial).map_err(|_| DecryptError)?;
    let tag = <&Tag<U16>>::try_from(sealed.tag).map_err(|_| DecryptError)?;
    let mut text = sealed.text.to_vec();
    cipher
        .decrypt_inout_detached(nonce, sealed.beside, text.as_mut_slice().into(), tag)
        .map_err(|_| DecryptError)?;
    Ok(text)
}

fn sealed<A>(
    key: &[u8],
    initial: &[u8],
    beside: &[u8],
    text: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), DecryptError>
where
    AesGcm<A, U12>: KeyInit + AeadInOut<NonceSize = U12, TagSize = U16>,
{
    let cipher = <AesGcm<A, U12> as KeyInit>::new_from_slice(key).map_err(|_| DecryptError)?;
    let nonce = <&Nonce<U12>>::try_from(initial).map_err(|_| DecryptError)?;
    let mut text = text.to_vec();
    let tag = cipher
        .encrypt_inout_detached(nonce, beside, text.as_mut_slice().into())
        .map_err(|_| DecryptError)?;
    Ok((text, tag.to_vec()))
}

/// The keyed digest of everything, whole (RFC 7518 section 5.2.2.1).
fn tag<M: hmac::Mac + KeyInit>(key: &[u8], sealed: Sealed<'_>) -> Result<Vec<u8>, DecryptError> {
    let bits = u64::try_from(sealed.beside.len()).map_err(|_| DecryptError)? * 8;
    let mac = <M as KeyInit>::new_from_slice(key).map_err(|_| DecryptError)?;
    let mac = mac.chain_update(sealed.beside).chain_update(sealed.initial);
    let mac = mac.chain_update(sealed.text).chain_update(bits.to_be_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

fn unchained<C: BlockModeDecrypt + KeyIvInit>(
    key: &[u8],
    sealed: Sealed<'_>,
) -> Result<Vec<u8>, DecryptError> {
    let cipher = C::new_from_slices(key, sealed.initial).map_err(|_| DecryptError)?;
    let mut text = sealed.text.to_vec();
    let length = cipher.decrypt_padded::<Pkcs7>(&mut text).map_err(|_| DecryptError)?.len();
    text.truncate(length);
    Ok(text)
}

fn chained<C: BlockModeEncrypt + KeyIvInit>(
    key: &[u8],
    initial: &[u8],
    text: &[u8],
) -> Result<Vec<u8>, DecryptError> {
    let cipher = C::new_from_slices(key, initial).map_err(|_| DecryptError)?;
    let mut padded = text.to_vec();
    padded.resize(text.len() + BLOCK - text.len() % BLOCK, 0);
    let written = cipher.encrypt_padded::<Pkcs7>(&mut padded, text.len());
    Ok(written.map_err(|_| DecryptError)?.to_vec())
}

const BLOCK: usize = 16;

#[cfg(test)]
mod tests {
    use super::{Content, Sealed, open, seal};

    #[test]
    fn what_was_sealed_opens_and_no_changed_byte_does() {
        for content in Content::ALL {
            let key: Vec<u8> = (1..).take(content.key_length()).collect();
            let initial = vec![7; content.initial_length()];
            for length in [0, 1, 15, 16, 17] {
                let text = vec![b'x'; length];
                let (sealed, tag) = seal(content, &key, &initial, b"header", &text).expect("data");
                let parts =
                    Sealed { initial: &initial, beside: b"header", text: &sealed, tag: &tag };
                assert_eq!(open(content, &key, parts), Ok(text), "{content:?} {length}");
                for at in 0..tag.len() {
                    let mut changed = tag.clone();
                    changed[at] ^= 1;
                    assert!(open(content, &key, Sealed { tag: &changed, ..parts }).is_err());
                    assert!(open(content, &key, Sealed { tag: &tag[..at], ..parts }).is_err());
                }
                for at in 0..sealed.len() {
                    let mut changed = sealed.clone();
                    changed[at] ^= 1;
                    assert!(open(content, &key, Sealed { text: &changed, ..parts }).is_err());
                }
                assert!(open(content, &key, Sealed { beside: b"Header", ..parts }).is_err());
            }
        }
    }

    #[test]
    fn the_vector_of_rfc_7518_appendix_b_1_opens() {
        let key: Vec<u8> = (0..32).collect();
        let beside = b"The second principle of Auguste Kerckhoffs";
        let initial = [
            0x1a, 0xf3, 0x8c, 0x2d, 0xc2, 0xb9, 0x6f, 0xfd, 0xd8, 0x66, 0x94, 0x09, 0x23, 0x41,
            0xbc, 0x04,
        ];
        let text = b"A cipher system must not be required to be secret, and it must be able to \
                     fall into the hands of the enemy without inconvenience";
        let (_, tag) = seal(Content::A128CbcHs256, &key, &initial, beside, text).expect("sealed");
        let expected = [
            0x65, 0x2c, 0x3f, 0xa3, 0x6b, 0x0a, 0x7c, 0x5b, 0x32, 0x19, 0xfa, 0xb3, 0xa3, 0x0b,
            0xc1, 0xc4,
        ];
        assert_eq!(tag, expected);
    }
}
