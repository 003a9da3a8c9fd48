//! Signature algorithms of tokens (RFC 7518 section 3, RFC 8037).

use crate::crypto::digest::Hash;
use crate::crypto::signature::Scheme;

/// A signature algorithm.
#[derive(Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// Its name in `alg`.
    pub name: &'static str,
    /// How it signs.
    pub means: Means,
    /// The hash of `at_hash` and its like (Core section 3.1.3.6).
    pub hash: Hash,
}

/// How an algorithm signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// By a secret that both sides know.
    Hmac(Hash),
    /// By a pair of keys of a type and, where the type has any, of a curve.
    Pair(Scheme, &'static str, Option<&'static str>),
}

impl Algorithm {
    /// The algorithm of exactly this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|algorithm| algorithm.name == name)
    }

    /// Those by pairs of keys, which are allowed where nobody says more.
    pub fn of_pairs() -> impl Iterator<Item = &'static Self> {
        ALL.iter().filter(|algorithm| matches!(algorithm.means, Means::Pair(..)))
    }

    /// Those by a common secret.
    pub fn of_secrets() -> impl Iterator<Item = &'static Self> {
        ALL.iter().filter(|algorithm| matches!(algorithm.means, Means::Hmac(_)))
    }
}

const fn pair(
    name: &'static str,
    scheme: Scheme,
    key: (&'static str, Option<&'static str>),
    hash: Hash,
) -> Algorithm {
    Algorithm { name, means: Means::Pair(scheme, key.0, key.1), hash }
}

const fn hmac(name: &'static str, hash: Hash) -> Algorithm {
    Algorithm { name, means: Means::Hmac(hash), hash }
}

const RSA: (&str, Option<&str>) = ("RSA", None);
const ED25519: (&str, Option<&str>) = ("OKP", Some("Ed25519"));

/// All that are known.
static ALL: [Algorithm; 14] = [
    pair("RS256", Scheme::RsaPkcs1(Hash::Sha256), RSA, Hash::Sha256),
    pair("RS384", Scheme::RsaPkcs1(Hash::Sha384), RSA, Hash::Sha384),
    pair("RS512", Scheme::RsaPkcs1(Hash::Sha512), RSA, Hash::Sha512),
    pair("PS256", Scheme::RsaPss(Hash::Sha256), RSA, Hash::Sha256),
    pair("PS384", Scheme::RsaPss(Hash::Sha384), RSA, Hash::Sha384),
    pair("PS512", Scheme::RsaPss(Hash::Sha512), RSA, Hash::Sha512),
    pair("ES256", Scheme::Ecdsa(Hash::Sha256), ("EC", Some("P-256")), Hash::Sha256),
    pair("ES384", Scheme::Ecdsa(Hash::Sha384), ("EC", Some("P-384")), Hash::Sha384),
    pair("ES512", Scheme::Ecdsa(Hash::Sha512), ("EC", Some("P-521")), Hash::Sha512),
    pair("EdDSA", Scheme::Ed25519, ED25519, Hash::Sha512),
    pair("Ed25519", Scheme::Ed25519, ED25519, Hash::Sha512),
    hmac("HS256", Hash::Sha256),
    hmac("HS384", Hash::Sha384),
    hmac("HS512", Hash::Sha512),
];
