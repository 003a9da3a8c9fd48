//! The cards of CERT: certificates.

use crate::rule::family;

family! {
    include_str!("../../docs/rules/CERT.md");
    EXPIRED = "CERT001" "cert-expired" Error
        "a signing certificate past its last day";
    NOT_YET_VALID = "CERT002" "cert-not-yet-valid" Warning
        "a certificate whose first day is still to come";
    EXPIRES_SOON = "CERT003" "cert-expires-soon" Warning
        "a signing certificate that comes to its end";
    WEAK_KEY = "CERT004" "cert-weak-key" Warning
        "a certificate with a short RSA key";
    WEAK_SIGNATURE = "CERT005" "cert-weak-signature" Info
        "a certificate that is itself signed with SHA-1, MD5 or MD2";
    SEVERAL = "CERT006" "cert-several" Info
        "several signing certificates: one is about to replace another";
}
