//! Algorithm identifiers of XML Signature (xmldsig-core1, RFC 9231) and what they are to us.

use crate::crypto::digest::Hash;
use crate::crypto::signature::Scheme;

/// A signature method: its URI, and what people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureMethod {
    /// The URI in `SignatureMethod` or in the `SigAlg` of a query.
    pub uri: &'static str,
    /// The name that people use: `RSA-SHA256`.
    pub name: &'static str,
    /// How it is verified.
    pub scheme: Scheme,
    /// The hash that it rests on.
    pub hash: Hash,
}

/// A digest method: its URI, and what people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestMethod {
    /// The URI in `DigestMethod`.
    pub uri: &'static str,
    /// The name that people use: `SHA-256`.
    pub name: &'static str,
    /// The hash.
    pub hash: Hash,
}

impl SignatureMethod {
    /// The method of a URI; none where it is unknown or must not be used.
    pub fn from_uri(uri: &str) -> Option<&'static Self> {
        SIGNATURES.iter().find(|method| method.uri == uri)
    }

    /// Whether it rests on a hash that can be forged.
    pub fn is_weak(&self) -> bool {
        self.hash == Hash::Sha1
    }
}

impl DigestMethod {
    /// The method of a URI; none where it is unknown or must not be used.
    pub fn from_uri(uri: &str) -> Option<&'static Self> {
        DIGESTS.iter().find(|method| method.uri == uri)
    }

    /// Whether it can be forged.
    pub fn is_weak(&self) -> bool {
        self.hash == Hash::Sha1
    }
}

/// What people call the algorithm of a URI; the URI itself where it has no such name.
pub fn name(uri: &str) -> &str {
    let signature = SIGNATURES.iter().map(|method| (method.uri, method.name));
    let digest = DIGESTS.iter().map(|method| (method.uri, method.name));
    let mut known = signature.chain(digest).chain(CANONICAL).chain(REFUSED);
    known.find(|(known, _)| *known == uri).map_or(uri, |(_, name)| name)
}

/// Whether an algorithm is outdated or must not be used at all.
pub fn is_weak(uri: &str) -> bool {
    let signature = SignatureMethod::from_uri(uri).is_some_and(SignatureMethod::is_weak);
    let digest = DigestMethod::from_uri(uri).is_some_and(DigestMethod::is_weak);
    signature || digest || REFUSED.iter().any(|(refused, _)| *refused == uri)
}

/// Whether it is a symmetric method, whose key would have to be known to both sides.
pub(super) fn is_hmac(uri: &str) -> bool {
    uri.rsplit('#').next().unwrap_or_default().starts_with("hmac-")
}

/// The digest that has been forged for twenty years; it is named so that it can be refused by name.
pub(super) const MD5: &str = "http://www.w3.org/2001/04/xmldsig-more#md5";
/// The transform that leaves out the signature itself.
pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// Canonical XML 1.0, which holds where no other is named (xmldsig-core1 section 4.4.3.2).
pub(super) const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

/// The same with comments, which are kept only to be refused where none may stand.
pub(super) const INCLUSIVE_WITH_COMMENTS: &str =
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";

const fn method(
    uri: &'static str,
    name: &'static str,
    scheme: Scheme,
    hash: Hash,
) -> SignatureMethod {
    SignatureMethod { uri, name, scheme, hash }
}

/// Signature methods that verify (RFC 9231 section 2.3).
#[rustfmt::skip]
const SIGNATURES: [SignatureMethod; 16] = [
    method("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "RSA-SHA256", Scheme::RsaPkcs1(Hash::Sha256), Hash::Sha256),
    method("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "RSA-SHA384", Scheme::RsaPkcs1(Hash::Sha384), Hash::Sha384),
    method("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "RSA-SHA512", Scheme::RsaPkcs1(Hash::Sha512), Hash::Sha512),
    method("http://www.w3.org/2001/04/xmldsig-more#rsa-sha224", "RSA-SHA224", Scheme::RsaPkcs1(Hash::Sha224), Hash::Sha224),
    method("http://www.w3.org/2000/09/xmldsig#rsa-sha1", "RSA-SHA1", Scheme::RsaPkcs1(Hash::Sha1), Hash::Sha1),
    method("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", "RSA-PSS-SHA256", Scheme::RsaPss(Hash::Sha256), Hash::Sha256),
    method("http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", "RSA-PSS-SHA384", Scheme::RsaPss(Hash::Sha384), Hash::Sha384),
    method("http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", "RSA-PSS-SHA512", Scheme::RsaPss(Hash::Sha512), Hash::Sha512),
    method("http://www.w3.org/2007/05/xmldsig-more#sha224-rsa-MGF1", "RSA-PSS-SHA224", Scheme::RsaPss(Hash::Sha224), Hash::Sha224),
    method("http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1", "RSA-PSS-SHA1", Scheme::RsaPss(Hash::Sha1), Hash::Sha1),
    method("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "ECDSA-SHA256", Scheme::Ecdsa(Hash::Sha256), Hash::Sha256),
    method("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "ECDSA-SHA384", Scheme::Ecdsa(Hash::Sha384), Hash::Sha384),
    method("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", "ECDSA-SHA512", Scheme::Ecdsa(Hash::Sha512), Hash::Sha512),
    method("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224", "ECDSA-SHA224", Scheme::Ecdsa(Hash::Sha224), Hash::Sha224),
    method("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1", "ECDSA-SHA1", Scheme::Ecdsa(Hash::Sha1), Hash::Sha1),
    method("http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519", "Ed25519", Scheme::Ed25519, Hash::Sha512),
];

/// Digest methods that are compared (xmldsig-core1 section 6.2, RFC 9231 section 2.1).
#[rustfmt::skip]
const DIGESTS: [DigestMethod; 5] = [
    DigestMethod { uri: "http://www.w3.org/2001/04/xmlenc#sha256", name: "SHA-256", hash: Hash::Sha256 },
    DigestMethod { uri: "http://www.w3.org/2001/04/xmldsig-more#sha384", name: "SHA-384", hash: Hash::Sha384 },
    DigestMethod { uri: "http://www.w3.org/2001/04/xmlenc#sha512", name: "SHA-512", hash: Hash::Sha512 },
    DigestMethod { uri: "http://www.w3.org/2001/04/xmldsig-more#sha224", name: "SHA-224", hash: Hash::Sha224 },
    DigestMethod { uri: "http://www.w3.org/2000/09/xmldsig#sha1", name: "SHA-1", hash: Hash::Sha1 },
];

/// Canonicalisations, with what people call them.
const CANONICAL: [(&str, &str); 6] = [
    ("http://www.w3.org/2001/10/xml-exc-c14n#", "exclusive C14N"),
    ("http://www.w3.org/2001/10/xml-exc-c14n#WithComments", "exclusive C14N with comments"),
    (INCLUSIVE, "inclusive C14N 1.0"),
    (INCLUSIVE_WITH_COMMENTS, "inclusive C14N 1.0 with comments"),
    ("http://www.w3.org/2006/12/xml-c14n11", "inclusive C14N 1.1"),
    ("http://www.w3.org/2006/12/xml-c14n11#WithComments", "inclusive C14N 1.1 with comments"),
];

/// Methods that never verify, with what people call them.
const REFUSED: [(&str, &str); 13] = [
    ("http://www.w3.org/2000/09/xmldsig#dsa-sha1", "DSA-SHA1"),
    ("http://www.w3.org/2009/xmldsig11#dsa-sha256", "DSA-SHA256"),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-md5", "RSA-MD5"),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160", "RSA-RIPEMD160"),
    ("http://www.w3.org/2007/05/xmldsig-more#ecdsa-ripemd160", "ECDSA-RIPEMD160"),
    (MD5, "MD5"),
    ("http://www.w3.org/2001/04/xmlenc#ripemd160", "RIPEMD-160"),
    ("http://www.w3.org/2000/09/xmldsig#hmac-sha1", "HMAC-SHA1"),
    ("http://www.w3.org/2001/04/xmldsig-more#hmac-md5", "HMAC-MD5"),
    ("http://www.w3.org/2001/04/xmldsig-more#hmac-sha224", "HMAC-SHA224"),
    ("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", "HMAC-SHA256"),
    ("http://www.w3.org/2001/04/xmldsig-more#hmac-sha384", "HMAC-SHA384"),
    ("http://www.w3.org/2001/04/xmldsig-more#hmac-sha512", "HMAC-SHA512"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_are_named_as_people_name_them() {
        assert_eq!(name("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"), "RSA-SHA256");
        assert_eq!(name("http://www.w3.org/2000/09/xmldsig#sha1"), "SHA-1");
        assert_eq!(name("http://www.w3.org/2001/10/xml-exc-c14n#"), "exclusive C14N");
        assert_eq!(name("urn:acme:made-up"), "urn:acme:made-up");
    }

    #[test]
    fn sha1_md5_dsa_and_hmac_are_weak_and_others_are_not() {
        for method in &SIGNATURES {
            assert_eq!(is_weak(method.uri), method.name.ends_with("SHA1"), "{}", method.name);
        }
        assert!(REFUSED.iter().all(|(uri, _)| is_weak(uri)));
        assert!(!is_weak("http://www.w3.org/2001/04/xmlenc#sha256"));
    }

    #[test]
    fn a_weak_method_of_refusal_never_verifies() {
        for (uri, name) in REFUSED {
            assert!(SignatureMethod::from_uri(uri).is_none(), "{name}");
            assert!(DigestMethod::from_uri(uri).is_none(), "{name}");
        }
    }

    #[test]
    fn every_hmac_is_known_by_its_name() {
        assert!(is_hmac("http://www.w3.org/2000/09/xmldsig#hmac-sha1"));
        assert!(!is_hmac("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"));
    }
}
