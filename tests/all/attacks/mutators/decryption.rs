//! What is encrypted (E02 to E18): the provider, or anybody who has the reader's certificate, made
//! it so.

use super::{Mutator, at_end, forged};
use crate::attacks::case::{ACCEPT, Base, Case, Expected, accept_with, reject, undecided};
use crate::attacks::encrypt::{self, Cipher, Encryption, Place, Transport};
use crate::attacks::keys::Hash;

pub(crate) const ROWS: [Mutator; 4] = [honest, damaged, written, mixed];

fn encrypted(base: &Base, how: Encryption) -> String {
    let mut spec = base.spec.clone();
    spec.encryption = Some(how);
    spec.mint()
}

/// What real providers send, which must be read.
fn honest(base: &Base) -> Vec<Case> {
    if !base.is_encrypted() {
        return Vec::new();
    }
    let oaep = Transport::OaepMgf1p;
    let new = |digest, mgf| Encryption::new(Cipher::Aes256Gcm, Transport::Oaep(digest, mgf));
    let beside = Encryption { place: Place::Beside, ..Encryption::default() };
    let rows: Vec<(&str, &str, Encryption, Expected)> = vec![
        ("E06", "cbc-128", Encryption::new(Cipher::Aes128Cbc, oaep), accept_with("enc-cbc")),
        ("E06", "cbc-192", Encryption::new(Cipher::Aes192Cbc, oaep), accept_with("enc-cbc")),
        ("E06", "cbc-256", Encryption::new(Cipher::Aes256Cbc, oaep), accept_with("enc-cbc")),
        ("E10", "3des", Encryption::new(Cipher::TripleDes, oaep), accept_with("enc-algorithm")),
        ("E11", "gcm-128", Encryption::new(Cipher::Aes128Gcm, oaep), ACCEPT),
        ("E11", "gcm-192", Encryption::new(Cipher::Aes192Gcm, oaep), ACCEPT),
        (
            "E11",
            "named-digest",
            Encryption::new(Cipher::Aes256Gcm, Transport::OaepMgf1pSha256),
            ACCEPT,
        ),
        ("E11", "sha256", new(Hash::Sha256, Hash::Sha256), ACCEPT),
        ("E11", "sha256-sha1", new(Hash::Sha256, Hash::Sha1), ACCEPT),
        ("E11", "sha1-sha256", new(Hash::Sha1, Hash::Sha256), ACCEPT),
        ("E13", "beside", beside, ACCEPT),
    ];
    let cases = rows.into_iter().map(|(row, variant, how, expected)| {
        base.case(row, variant, encrypted(base, how), expected).untwinned()
    });
    cases.collect()
}

fn damaged(base: &Base) -> Vec<Case> {
    if !base.is_encrypted() {
        return Vec::new();
    }
    let damage = |cipher, damage: fn(&mut Vec<u8>)| Encryption {
        damage: Some(damage),
        ..Encryption::new(cipher, Transport::OaepMgf1p)
    };
    let rows: Vec<(&str, &str, Encryption)> = vec![
        ("E07", "tag-short", damage(Cipher::Aes256Gcm, |bytes| bytes.truncate(bytes.len() - 4))),
        ("E07", "tag-flipped", damage(Cipher::Aes256Gcm, |bytes| flip_last(bytes))),
        ("E07", "text-flipped", damage(Cipher::Aes256Gcm, |bytes| bytes[40] ^= 1)),
        ("E08", "short", damage(Cipher::Aes256Gcm, |bytes| bytes.truncate(20))),
        ("E08", "empty", damage(Cipher::Aes256Gcm, Vec::clear)),
        ("E08", "cbc-short", damage(Cipher::Aes128Cbc, |bytes| bytes.truncate(16))),
        ("E08", "cbc-odd", damage(Cipher::Aes128Cbc, |bytes| bytes.truncate(bytes.len() - 3))),
    ];
    let cases = rows.into_iter().map(|(row, variant, how)| {
        base.case(row, variant, encrypted(base, how), reject("enc-failed"))
    });
    cases.collect()
}

fn flip_last(bytes: &mut [u8]) {
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
}

/// What the message says of its encryption.
fn written(base: &Base) -> Vec<Case> {
    if !base.is_encrypted() {
        return Vec::new();
    }
    let gcm = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
    let mgf1p = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    let rsa15 = Encryption::new(Cipher::Aes256Gcm, Transport::Rsa15);
    let other = Encryption { recipient: "sp-other", ..Encryption::default() };
    let method = |from: &str, to: &str| Encryption::default().writing(from, to);
    let external = Encryption { place: Place::Beside, ..Encryption::default() }
        .writing("URI=\"#_key-1\"", "URI=\"http://evil.test/key\"");
    let rows: Vec<(&str, &str, Encryption, Expected)> = vec![
        ("E05", "", rsa15.clone(), reject("enc-keytransport")),
        ("E10", "unknown", method(gcm, "urn:x:cipher"), reject("enc-algorithm")),
        ("E12", "cipher", method(&format!(" Algorithm=\"{gcm}\""), ""), reject("enc-algorithm")),
        (
            "E12",
            "transport",
            method(&format!(" Algorithm=\"{mgf1p}\""), ""),
            reject("enc-algorithm"),
        ),
        ("E13", "external", external, reject("enc-external-ref")),
        ("E17", "other", other, undecided("enc-key-missing")),
    ];
    let mut cases: Vec<Case> = rows
        .into_iter()
        .map(|(row, variant, how, expected)| {
            base.case(row, variant, encrypted(base, how), expected)
        })
        .collect();
    let without = base.case("E17", "none", base.text.clone(), undecided("enc-key-missing"));
    cases.push(without.judged(|mut settings| {
        settings.decryption.clear();
        settings
    }));
    let allowed =
        base.case("E05", "allowed", encrypted(base, rsa15), accept_with("enc-keytransport"));
    cases.push(allowed.judged(|settings| settings.flagged("allow-rsa15")).untwinned());
    cases
}

/// A plain assertion beside an encrypted one, and an encrypted forgery.
fn mixed(base: &Base) -> Vec<Case> {
    if !base.is_encrypted() || base.signs_response() {
        return Vec::new();
    }
    let twice = at_end(&base.text, &forged("_evil"));
    let sealed = encrypt::assertion(&forged("_evil"), &Encryption::default());
    let both = at_end(&base.text, &sealed);
    let mut plain = base.spec.clone();
    plain.encryption = None;
    let second = at_end(&plain.mint(), &sealed);
    let rows =
        [("E02", "plain", twice), ("E02", "two", both), ("E02", "signed-and-sealed", second)];
    let cases = rows.map(|(row, variant, text)| {
        base.case(row, variant, text, reject("saml-multiple-assertions"))
    });
    cases.into()
}
