//! What became of a signature, in words.

use crate::report::Report;
use crate::report::message::SignatureView;
use crate::rule::Severity;

/// What became of a signature, and what was found about all of them: a key that is not pinned and an
/// algorithm that nobody accepts are other things than a signature that fails.
pub(super) fn state(signature: &SignatureView, report: &Report) -> &'static str {
    let errors = report.findings.iter().map(|one| &one.finding);
    let errors = errors.filter(|finding| finding.severity == Severity::Error);
    let codes: Vec<&str> = errors.map(|finding| finding.rule.code).collect();
    let is_told = |code: &str| codes.contains(&code);
    match signature.holds {
        Some(true) => "holds",
        None if NO_KEY.iter().any(|code| is_told(code)) => "not verified: no key was given",
        None => "not verified",
        Some(false) if is_weak(&signature.algorithm) && is_told(WEAK) => {
            "SHA-1 or MD5, not accepted"
        }
        Some(false) => {
            let mut found =
                STATES.iter().filter(|(code, _)| is_told(code)).map(|(_, words)| *words);
            // Where several things are wrong, nothing says which of them this one has.
            match (found.next(), found.next()) {
                (Some(only), None) => only,
                (Some(_), Some(_)) => "does not hold",
                (None, _) => "not accepted",
            }
        }
    }
}

fn is_weak(algorithm: &str) -> bool {
    let name = algorithm.to_ascii_uppercase();
    name.contains("SHA1") || name.contains("SHA-1") || name.contains("MD5")
}

/// The rule about algorithms that rest on a broken hash.
const WEAK: &str = "SIG002";
/// Rules that say: there was no key.
const NO_KEY: [&str; 2] = ["JWT026", "SIG022"];
/// Rules, and what they say of a signature in a few words.
const STATES: [(&str, &str); 4] = [
    ("JWT028", "fails with the key that was given"),
    ("SIG009", "does not hold: what it covers was changed"),
    ("SIG018", "made by a key that is not pinned"),
    ("SIG029", "does not hold with any key that was given"),
];
