//! What a token belongs to: the request, and what came with it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};

use crate::crypto::digest::digest;
use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::claims::{Claim, Claims};
use crate::oidc::jwt::ledger::Ledger;
use crate::saml::judge::nearness::compared;

/// The token answers the request.
pub(super) fn nonce(claims: &Claims<'_>, ledger: &mut Ledger) {
    let found = claims.text("nonce", ledger);
    let expectation = claims.expectation;
    let Some(expected) = &expectation.nonce else {
        if expectation.reader.is_none_or(|reader| reader.sends_nonce) {
            ledger.leave("nonce", "pass --nonce N");
        }
        return;
    };
    let problem = match found {
        Claim::Misfit => return,
        Claim::There(got) if got == expected => return,
        Claim::There(got) => claims
            .problem("nonce is another one than the request's", "nonce")
            .compared(compared(std::slice::from_ref(expected), got)),
        Claim::Absent => claims.problem("there is no nonce, and the request had one", "nonce"),
    };
    let problem = problem.why("the token answers another login, which may be somebody else's");
    ledger.reject(&cards::NONCE, problem);
}

/// The token belongs to what came with it (Core sections 3.1.3.6, 3.3.2.11).
pub(super) fn hashes(claims: &Claims<'_>, ledger: &mut Ledger) {
    let beside = &claims.expectation.beside;
    let all: [(&str, &str, &Option<SecretString>); 3] = [
        ("at_hash", "the access token", &beside.access_token),
        ("c_hash", "the code", &beside.code),
        ("s_hash", "the state", &beside.state),
    ];
    for (name, what, value) in all {
        let found = claims.text(name, ledger);
        match (found, value) {
            (Claim::There(got), Some(value)) => hash(claims, name, what, got, value, ledger),
            (Claim::There(_), None) if name == "at_hash" => {
                ledger.leave("at-hash", "pass the whole token response");
            }
            (Claim::Absent, Some(_)) if beside.is_front_channel && name != "s_hash" => {
                let problem = claims
                    .problem(format!("there is no {name}, and {what} came with the token"), name)
                    .why("what comes through the browser can be exchanged there");
                ledger.reject(&cards::AT_HASH, problem);
            }
            _ => {}
        }
    }
}

fn hash(
    claims: &Claims<'_>,
    name: &str,
    what: &str,
    got: &str,
    value: &SecretString,
    ledger: &mut Ledger,
) {
    let Some(algorithm) = claims.algorithm else { return };
    let whole = digest(algorithm.hash, value.expose_secret().as_bytes());
    let half = URL_SAFE_NO_PAD.encode(&whole[..whole.len() / 2]);
    if half == got {
        return;
    }
    let message = format!("{name} is not that of {what} beside the token");
    let problem = claims
        .problem(message, name)
        .why(format!("the left half of its {} was expected", algorithm.hash.name()))
        .remedy("take token and answer from one login");
    ledger.reject(&cards::AT_HASH, problem);
}
