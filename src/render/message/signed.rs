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
        Some(false) => {
            if let Some(words) = weakness(&signature.algorithm).filter(|_| is_told(WEAK)) {
                return words;
            }
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

/// What is said of an algorithm that rests on a broken hash.
fn weakness(algorithm: &str) -> Option<&'static str> {
    let name = algorithm.to_ascii_uppercase();
    match () {
        () if name.contains("SHA1") || name.contains("SHA-1") => Some("SHA-1, not accepted"),
        () if name.contains("MD5") => Some("MD5, not accepted"),
        () => None,
    }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::state;
    use crate::problem::{Place, Problem};
    use crate::report::Report;
    use crate::report::judgement::Judgement;
    use crate::report::message::SignatureView;
    use crate::rule::{Finding, Severity};
    use crate::source::{KeyPath, Source, Span};

    fn words(algorithm: &str, holds: Option<bool>, codes: &[&str]) -> &'static str {
        let place = || Place {
            source: Arc::new(Source::new("x", "")),
            span: Span::at(0),
            path: KeyPath::default(),
        };
        let finding = |code: &&str| Finding {
            rule: crate::rules::rule(code).expect("a rule"),
            severity: Severity::Error,
            problem: Problem::new("wrong", place()),
        };
        let findings = codes.iter().map(finding).collect();
        let judgement = Judgement {
            path: "x".to_owned(),
            verdict: None,
            message: None,
            token: None,
            app: None,
            hints: Vec::new(),
        };
        let report = Report::of_message("x", Timestamp::UNIX_EPOCH, judgement, findings, false);
        let view =
            SignatureView { algorithm: algorithm.to_owned(), holds, ..SignatureView::default() };
        state(&view, &report)
    }

    #[test]
    fn a_signature_that_was_not_trusted_is_not_said_to_fail() {
        let rsa = "RSA-SHA256";
        assert_eq!(words(rsa, Some(false), &["SIG018"]), "made by a key that is not pinned");
        assert_eq!(words("RSA-SHA1", Some(false), &["SIG002"]), "SHA-1, not accepted");
        assert_eq!(words(rsa, Some(false), &["SIG004"]), "not accepted");
        assert!(words(rsa, Some(false), &["SIG029"]).starts_with("does not hold"));
        assert!(words(rsa, Some(false), &["SIG009"]).starts_with("does not hold"));
        assert_eq!(words("RS256", Some(false), &["JWT028"]), "fails with the key that was given");
    }

    #[test]
    fn only_where_no_key_was_given_is_that_said() {
        assert_eq!(words("RS256", None, &["JWT026"]), "not verified: no key was given");
        assert_eq!(words("RS256", None, &["JWT024"]), "not verified");
        assert_eq!(words("RSA-SHA256", Some(true), &["SIG018"]), "holds");
        // Where several are told, each may be the other signature's.
        assert_eq!(words("RSA-SHA256", Some(false), &["SIG018", "SIG009"]), "does not hold");
    }
}
