//! XML Encryption as an identity provider does it, by the crates themselves.

use aes::cipher::{Block, BlockCipherEncrypt, BlockModeEncrypt as _, InnerIvInit as _, KeyInit};
use aes_gcm::aead::AeadInOut;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::{Oaep, Pkcs1v15Encrypt};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::keys::{self, Counter, Hash};
use super::mint::{DS, SAML};

const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";

/// A cipher for the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    Aes128Cbc,
    Aes128Gcm,
    Aes192Cbc,
    Aes192Gcm,
    Aes256Cbc,
    Aes256Gcm,
    TripleDes,
}

/// How the content's key travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    /// The URI of 2009: digest, then the hash of the mask generation.
    Oaep(Hash, Hash),
    /// The URI of 2001: SHA-1 both times.
    OaepMgf1p,
    /// The same with a digest named, as many providers write.
    OaepMgf1pSha256,
    Rsa15,
}

/// Where the EncryptedKey stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Beside,
    Inside,
}

/// How something is encrypted.
#[derive(Clone, Debug)]
pub(crate) struct Encryption {
    pub(crate) cipher: Cipher,
    pub(crate) transport: Transport,
    pub(crate) recipient: &'static str,
    pub(crate) place: Place,
    /// What is written differently afterwards: from, to.
    pub(crate) edits: Vec<(String, String)>,
    /// What is done to the bytes of the content, initialisation vector first.
    pub(crate) damage: Option<fn(&mut Vec<u8>)>,
}

impl Encryption {
    pub(crate) fn new(cipher: Cipher, transport: Transport) -> Self {
        let place = Place::Inside;
        Self { cipher, transport, recipient: "sp", place, edits: Vec::new(), damage: None }
    }

    pub(crate) fn writing(mut self, from: &str, to: &str) -> Self {
        self.edits.push((from.to_owned(), to.to_owned()));
        self
    }
}

impl Default for Encryption {
    fn default() -> Self {
        Self::new(Cipher::Aes256Gcm, Transport::OaepMgf1p)
    }
}

/// The assertion as an EncryptedAssertion.
pub(crate) fn assertion(plain: &str, how: &Encryption) -> String {
    wrapped(&format!("<saml:EncryptedAssertion xmlns:saml=\"{SAML}\">"), plain, how)
}

/// An identifier or attribute in the element that stands for it, whose start tag is given.
pub(crate) fn wrapped(start: &str, plain: &str, how: &Encryption) -> String {
    let name = start.trim_start_matches('<').split([' ', '>']).next().expect("a name");
    format!("{start}{}</{name}>", encrypted(plain.as_bytes(), how))
}

/// EncryptedData with its EncryptedKey.
pub(crate) fn encrypted(plain: &[u8], how: &Encryption) -> String {
    let secret = &SECRET[..how.cipher.key_length()];
    let mut bytes = how.cipher.encrypt(secret, plain);
    if let Some(damage) = how.damage {
        damage(&mut bytes);
    }
    let inside = how.place == Place::Inside;
    let key = encrypted_key(secret, how, inside);
    let (within, beside) = if inside { (key, String::new()) } else { (reference(), key) };
    let mut text = format!(
        "<xenc:EncryptedData xmlns:xenc=\"{XENC}\" Id=\"_data-1\" \
         Type=\"http://www.w3.org/2001/04/xmlenc#Element\">\
         <xenc:EncryptionMethod Algorithm=\"{}\"></xenc:EncryptionMethod>\
         <ds:KeyInfo xmlns:ds=\"{DS}\">{within}</ds:KeyInfo><xenc:CipherData>\
         <xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>{beside}",
        how.cipher.uri(),
        STANDARD.encode(bytes)
    );
    for (from, to) in &how.edits {
        text = super::mint::swap(&text, from, to);
    }
    text
}

fn reference() -> String {
    "<ds:RetrievalMethod Type=\"http://www.w3.org/2001/04/xmlenc#EncryptedKey\" \
     URI=\"#_key-1\"></ds:RetrievalMethod>"
        .to_owned()
}

/// One EncryptedKey for the recipient.
pub(crate) fn encrypted_key(secret: &[u8], how: &Encryption, inside: bool) -> String {
    let declared = if inside { String::new() } else { format!(" xmlns:xenc=\"{XENC}\"") };
    let (uri, parameters) = how.transport.method();
    // Inside KeyInfo the prefix is declared already: the text is its own canonical form.
    let inherited = format!(" xmlns:ds=\"{DS}\"");
    let parameters = if inside { parameters.replace(&inherited, "") } else { parameters };
    let wrapped = how.transport.wrap(how.recipient, secret);
    format!(
        "<xenc:EncryptedKey{declared} Id=\"_key-1\"><xenc:EncryptionMethod Algorithm=\"{uri}\">\
         {parameters}</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>{}\
         </xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>",
        STANDARD.encode(wrapped)
    )
}

impl Transport {
    fn method(self) -> (String, String) {
        let digest = |hash: Hash| {
            format!(
                "<ds:DigestMethod xmlns:ds=\"{DS}\" Algorithm=\"{}\"></ds:DigestMethod>",
                hash.uri()
            )
        };
        match self {
            Self::Rsa15 => (format!("{XENC}rsa-1_5"), String::new()),
            Self::OaepMgf1p => (format!("{XENC}rsa-oaep-mgf1p"), String::new()),
            Self::OaepMgf1pSha256 => (format!("{XENC}rsa-oaep-mgf1p"), digest(Hash::Sha256)),
            Self::Oaep(hash, mask) => {
                let name = format!("{mask:?}").to_lowercase();
                let mask = format!(
                    "<xenc11:MGF xmlns:xenc11=\"{XENC11}\" Algorithm=\"{XENC11}mgf1{name}\">\
                     </xenc11:MGF>"
                );
                (format!("{XENC11}rsa-oaep"), digest(hash) + &mask)
            }
        }
    }

    fn wrap(self, recipient: &str, secret: &[u8]) -> Vec<u8> {
        let key = keys::rsa_key(recipient).to_public_key();
        let rng = &mut Counter(7);
        match self {
            Self::Rsa15 => key.encrypt(rng, Pkcs1v15Encrypt, secret),
            Self::OaepMgf1p | Self::Oaep(Hash::Sha1, Hash::Sha1) => {
                key.encrypt(rng, Oaep::<Sha1>::new(), secret)
            }
            Self::OaepMgf1pSha256 | Self::Oaep(Hash::Sha256, Hash::Sha1) => {
                key.encrypt(rng, Oaep::<Sha256, Sha1>::new_with_mgf_hash(), secret)
            }
            Self::Oaep(Hash::Sha512, Hash::Sha512) => {
                key.encrypt(rng, Oaep::<Sha512>::new(), secret)
            }
            Self::Oaep(Hash::Sha1, Hash::Sha256) => {
                key.encrypt(rng, Oaep::<Sha1, Sha256>::new_with_mgf_hash(), secret)
            }
            Self::Oaep(_, _) => key.encrypt(rng, Oaep::<Sha256>::new(), secret),
        }
        .expect("encrypts")
    }
}

impl Cipher {
    pub(crate) fn uri(self) -> &'static str {
        match self {
            Self::Aes128Cbc => "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
            Self::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Self::Aes192Cbc => "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
            Self::Aes192Gcm => "http://www.w3.org/2009/xmlenc11#aes192-gcm",
            Self::Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
            Self::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            Self::TripleDes => "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
        }
    }

    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::Aes128Gcm => 16,
            Self::Aes192Cbc | Self::Aes192Gcm | Self::TripleDes => 24,
            Self::Aes256Cbc | Self::Aes256Gcm => 32,
        }
    }

    fn encrypt(self, secret: &[u8], plain: &[u8]) -> Vec<u8> {
        match self {
            Self::Aes128Cbc => cbc::<aes::Aes128>(secret, plain, 16),
            Self::Aes192Cbc => cbc::<aes::Aes192>(secret, plain, 16),
            Self::Aes256Cbc => cbc::<aes::Aes256>(secret, plain, 16),
            Self::TripleDes => cbc::<des::TdesEde3>(secret, plain, 8),
            Self::Aes128Gcm => gcm::<aes_gcm::Aes128Gcm>(secret, plain),
            Self::Aes192Gcm => gcm::<aes_gcm::AesGcm<aes::Aes192, Twelve>>(secret, plain),
            Self::Aes256Gcm => gcm::<aes_gcm::Aes256Gcm>(secret, plain),
        }
    }
}

type Twelve = aes::cipher::consts::U12;

/// XML Encryption pads with anything and ends with the number of bytes added.
fn cbc<C: BlockCipherEncrypt + KeyInit>(secret: &[u8], plain: &[u8], size: usize) -> Vec<u8> {
    let mut padded = plain.to_vec();
    let missing = size - plain.len() % size;
    padded.resize(plain.len() + missing - 1, 0xA5);
    padded.push(u8::try_from(missing).expect("at most a block"));
    let cipher = C::new_from_slice(secret).expect("the key fits");
    let vector = &VECTOR[..size];
    let mut mode = ::cbc::Encryptor::<C>::inner_iv_slice_init(cipher, vector).expect("it fits");
    let mut bytes = vector.to_vec();
    for chunk in padded.chunks(size) {
        let mut block = Block::<C>::default();
        block.copy_from_slice(chunk);
        mode.encrypt_block(&mut block);
        bytes.extend_from_slice(&block);
    }
    bytes
}

fn gcm<C: AeadInOut + KeyInit>(secret: &[u8], plain: &[u8]) -> Vec<u8> {
    let cipher = C::new_from_slice(secret).expect("the key fits");
    let vector = &VECTOR[..12];
    let nonce = vector.try_into().expect("twelve bytes");
    let mut content = plain.to_vec();
    cipher.encrypt_in_place(nonce, b"", &mut content).expect("encrypts");
    [vector, &content].concat()
}

pub(crate) const SECRET: [u8; 32] = *b"sixteen bytes and sixteen bytes.";
const VECTOR: [u8; 16] = *b"initial vector 1";
