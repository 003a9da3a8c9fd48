//! Certificates that are too weak.

use crate::pki::Key;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject, inline_certificate};

pub(in crate::rules) static WEAK: Lint = lint!(
    "IDP006",
    "weak-certificate",
    Warning,
    "a certificate with a short RSA key or a broken signature algorithm",
    Check::Provider(weak)
);

fn weak(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, Ok(certificate))) = inline_certificate(cx) else { return };
    let what = match (certificate.key, certificate.broken_signature) {
        (Key::Rsa(bits), _) if bits < SHORTEST_RSA => format!("has an RSA key of {bits} bits"),
        (_, Some(hash)) => format!("is signed with {hash}"),
        _ => return,
    };
    let problem = cx
        .value_problem(format!("the identity provider's certificate {what}"), setting)
        .why("signatures made with such keys and hashes can be forged by those who try hard enough")
        .remedy("a new signing certificate at the identity provider: RSA of 2048 bits or more, or P-256, with SHA-256");
    out.report(&WEAK.rule, problem);
}

/// NIST SP 800-57: what is acceptable today.
const SHORTEST_RSA: usize = 2048;
