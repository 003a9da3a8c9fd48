//! The cards of SIG: signatures of SAML messages and metadata.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/SIG.md");
    ALGORITHM = "SIG001" "sig-algorithm" Error
        "The signature uses an algorithm that no reader of SAML may accept";
    ALGORITHM_WEAK = "SIG002" "sig-algorithm-weak" Error
        "The signature rests on SHA-1 or MD5";
    C14N_FAILED = "SIG003" "sig-c14n-failed" Error
        "The signed part has no canonical form";
    C14N_METHOD = "SIG004" "sig-c14n-method" Error
        "The signature asks for a canonicalisation that is not allowed";
    CARDINALITY = "SIG005" "sig-cardinality" Error
        "A part of the signature is missing, repeated or out of place";
    CERT_EXPIRED = "SIG006" "sig-cert-expired" Warning
        "The certificate whose key verified the signature is outside its dates";
    COVERAGE = "SIG007" "sig-coverage" Error
        "The signature covers something other than what is read";
    DIGEST_EMPTY = "SIG008" "sig-digest-empty" Error
        "The digest is that of nothing at all";
    DIGEST_MISMATCH = "SIG009" "sig-digest-mismatch" Error
        "The content was changed after it was signed";
    DUPLICATE_ID = "SIG010" "sig-duplicate-id" Error
        "Two elements carry the same ID";
    ENCODING = "SIG011" "sig-encoding" Error
        "A digest or signature value is not plain base64";
    FINGERPRINT_WEAK = "SIG012" "sig-fingerprint-weak" Error
        "A certificate is pinned by a fingerprint that can be forged";
    HMAC = "SIG013" "sig-hmac" Error
        "The signature is an HMAC, which anybody who knows the public key could make";
    ID_AMBIGUOUS = "SIG014" "sig-id-ambiguous" Error
        "One element carries two IDs";
    INCLUSIVE_C14N = "SIG015" "sig-inclusive-c14n" Info
        "The signature depends on the namespaces around the signed part";
    KEY_ALG_MISMATCH = "SIG016" "sig-key-alg-mismatch" Error
        "No pinned key is of the kind that the signature algorithm needs";
    KEY_SIZE = "SIG017" "sig-key-size" Error
        "A pinned key is larger than 8192 bits";
    KEY_UNTRUSTED = "SIG018" "sig-key-untrusted" Error
        "The message was signed by a key that is not pinned";
    KEY_WEAK = "SIG019" "sig-key-weak" Error
        "A pinned RSA key is smaller than 2048 bits";
    MISSING = "SIG020" "sig-missing" Error
        "Nothing that would log somebody in is signed";
    MULTIPLE = "SIG021" "sig-multiple" Error
        "One element carries several signatures";
    NO_KEY = "SIG022" "sig-no-key" Error
        "No key is pinned to verify the signature with";
    OBJECT_CHILD = "SIG023" "sig-object-child" Error
        "The signature carries an Object";
    POSITION = "SIG024" "sig-position" Error
        "The signature does not stand where its element has it";
    REFERENCE_COUNT = "SIG025" "sig-reference-count" Error
        "The signature has no Reference, or several";
    REFERENCE_UNRESOLVED = "SIG026" "sig-reference-unresolved" Error
        "The signature refers to an ID that no element carries";
    REFERENCE_URI = "SIG027" "sig-reference-uri" Error
        "The signature does not refer to its element by a plain ID";
    TRANSFORM = "SIG028" "sig-transform" Error
        "The signature asks for transforms that SAML does not allow";
    VALUE_MISMATCH = "SIG029" "sig-value-mismatch" Error
        "The signature value fits none of the pinned keys";
}
