//! What OpenSSL signed and encrypted is read as it meant it, and nothing that was changed is.

use secrecy::ExposeSecret as _;
use ssoctl::crypto::digest::Hash;
use ssoctl::crypto::encryption::{Cipher, KeyTransport, decrypt, encrypt, unwrap_key};
use ssoctl::crypto::generate::self_signed;
use ssoctl::crypto::key::{PrivateKey, PublicKey};
use ssoctl::crypto::signature::{Scheme, sign, verify};

const SIGNATURES: &str = include_str!("../../fixtures/crypto/signatures.txt");
const TRANSPORT: &str = include_str!("../../fixtures/crypto/transport.txt");
const CIPHERS: &str = include_str!("../../fixtures/crypto/ciphers.txt");
const READER: &str = include_str!("../../fixtures/crypto/reader.pem");

/// A signature of the file.
struct Signed {
    scheme: Scheme,
    key: PublicKey,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Signed {
    fn holds(&self, signature: &[u8]) -> bool {
        verify(self.scheme, &self.key, &self.message, signature).is_ok()
    }
}

#[test]
fn signatures_of_openssl_hold_and_no_change_of_them_does() {
    for signed in signatures() {
        let name = format!("{:?} {}", signed.scheme, signed.key.describe());
        assert!(signed.holds(&signed.signature), "{name}");
        for at in [0, signed.signature.len() / 2, signed.signature.len() - 1] {
            let mut changed = signed.signature.clone();
            changed[at] ^= 1;
            assert!(!signed.holds(&changed), "{name} at {at}");
        }
        assert!(!signed.holds(&signed.signature[1..]), "{name}: short");
        assert!(!signed.holds(&[&[0], signed.signature.as_slice()].concat()), "{name}: long");
        assert!(!signed.holds(&[]), "{name}: empty");
        let other = [signed.message.as_slice(), b"!"].concat();
        assert!(verify(signed.scheme, &signed.key, &other, &signed.signature).is_err(), "{name}");
    }
}

#[test]
fn ecdsa_takes_the_fixed_pair_only() {
    for signed in signatures().iter().filter(|one| matches!(one.scheme, Scheme::Ecdsa(_))) {
        let half = signed.signature.len() / 2;
        let (r, s) = signed.signature.split_at(half);
        let zero = vec![0; half];
        for pair in [[r, &zero], [&zero, s], [&zero, &zero]] {
            assert!(!signed.holds(&pair.concat()));
        }
        let number = |one: &[u8]| {
            let length = u8::try_from(one.len() + 1).expect("short");
            [&[2, length, 0][..], one].concat()
        };
        let numbers = [number(r), number(s)].concat();
        let length = u8::try_from(numbers.len()).expect("short");
        assert!(!signed.holds(&[&[0x30, length][..], &numbers].concat()), "DER");
    }
}

#[test]
fn every_wrapping_of_openssl_opens_and_no_other_parameters_do() {
    let reader = PrivateKey::from_pem(READER).expect("a key");
    for row in rows(TRANSPORT) {
        let (wrapped, key) = (bytes(row[3]), bytes(row[4]));
        let transport = match row[0] {
            "pkcs1" => KeyTransport::Pkcs1v15,
            digest => KeyTransport::Oaep {
                digest: hash(digest),
                mgf: hash(row[1]),
                label: (row[2] != "-").then(|| bytes(row[2])),
            },
        };
        let opened = unwrap_key(&transport, &reader, &wrapped).expect("it opens");
        assert_eq!(opened.expose_secret(), key, "{transport:?}");
        if let KeyTransport::Oaep { digest, mgf, .. } = transport {
            let label = Some(b"another".to_vec());
            let other = KeyTransport::Oaep { digest, mgf, label };
            assert!(unwrap_key(&other, &reader, &wrapped).is_err());
        }
        for bad in [&wrapped[1..], &[]] {
            let opened = unwrap_key(&transport, &reader, bad);
            assert!(opened.is_err() || opened.is_ok_and(|own| own.expose_secret() != key));
        }
    }
}

#[test]
fn what_openssl_encrypted_opens_and_what_was_cut_or_changed_does_not() {
    for row in rows(CIPHERS) {
        let cipher = cipher(row[0]);
        let (key, data, plain) = (bytes(row[1]), bytes(row[2]), bytes(row[3]));
        assert_eq!(decrypt(cipher, &key, &data), Ok(plain), "{}", row[0]);
        for length in 0..data.len() {
            let cut = decrypt(cipher, &key, &data[..length]);
            assert!(cut.is_err() || !cipher.is_authenticated(), "{}: {length} bytes", row[0]);
        }
        assert!(decrypt(cipher, &key[1..], &data).is_err(), "{}: short key", row[0]);
        if cipher.is_authenticated() {
            for at in 0..data.len() {
                let mut changed = data.clone();
                changed[at] ^= 1;
                assert!(decrypt(cipher, &key, &changed).is_err(), "{}: byte {at}", row[0]);
            }
        }
    }
}

#[test]
fn every_length_encrypted_here_opens_again() {
    for row in rows(CIPHERS) {
        let (cipher, key) = (cipher(row[0]), bytes(row[1]));
        let vector = if cipher.is_authenticated() { 12 } else { block(row[0]) };
        for length in 0..40 {
            let text = vec![7; length];
            let data = encrypt(cipher, &key, &vec![9; vector], &text).expect("encrypted");
            assert_eq!(decrypt(cipher, &key, &data), Ok(text), "{} {length}", row[0]);
        }
    }
}

#[test]
fn a_made_key_signs_for_its_certificate_and_is_shown_by_nothing() {
    let made = self_signed("app.acme.test", (2026, 11, 24), (2036, 11, 24)).expect("a key");
    let text = made.key.expose_secret();
    assert!(!format!("{made:?}").contains(text.lines().nth(1).expect("lines")));
    let key = PrivateKey::from_pem(text).expect("a key");
    assert_eq!(key.public().describe(), "RSA 3072");
    let scheme = Scheme::RsaPkcs1(Hash::Sha256);
    let signature = sign(scheme, &key, b"a").expect("signed");
    assert!(verify(scheme, &key.public(), b"a", &signature).is_ok());
}

fn signatures() -> Vec<Signed> {
    let read = |row: Vec<&str>| Signed {
        scheme: match row[0] {
            "rsa" => Scheme::RsaPkcs1(hash(row[1])),
            "pss" => Scheme::RsaPss(hash(row[1])),
            "ecdsa" => Scheme::Ecdsa(hash(row[1])),
            _ => Scheme::Ed25519,
        },
        key: PublicKey::from_spki(&bytes(row[2])).expect("a key"),
        message: bytes(row[3]),
        signature: bytes(row[4]),
    };
    rows(SIGNATURES).map(read).collect()
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(|line| line.split(' ').collect())
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2).map(|at| &hex[at..at + 2]);
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect()
}

fn hash(name: &str) -> Hash {
    Hash::ALL.into_iter().find(|hash| hash.name() == name).expect("a hash")
}

fn cipher(name: &str) -> Cipher {
    let all = [
        Cipher::Aes128Cbc,
        Cipher::Aes128Gcm,
        Cipher::Aes192Cbc,
        Cipher::Aes192Gcm,
        Cipher::Aes256Cbc,
        Cipher::Aes256Gcm,
        Cipher::TripleDesCbc,
    ];
    all.into_iter().find(|cipher| cipher.name() == name).expect("a cipher")
}

fn block(name: &str) -> usize {
    if name == "3DES-CBC" { 8 } else { 16 }
}
