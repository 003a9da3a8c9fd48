//! When the message holds (A14 to A17, A28 to A30).

use super::Mutator;
use crate::attacks::case::{Base, Case, Expected, accept_with, reject};

pub(crate) const ROWS: [Mutator; 3] = [edges, windows, syntax];

/// The same message at other instants: the skew is 180 seconds.
fn edges(base: &Base) -> Vec<Case> {
    let instants: [(&str, &str, &str, Expected); 6] = [
        ("A14", "exact", "2026-11-24T12:08:00Z", reject("saml-expired")),
        ("A14", "before", "2026-11-24T12:07:59Z", accept_with("")),
        ("A15", "exact", "2026-11-24T11:56:55Z", accept_with("")),
        ("A15", "early", "2026-11-24T11:51:59Z", reject("saml-not-yet-valid")),
        ("A16", "hours", "2026-11-24T14:00:00Z", reject("saml-expired")),
        ("A28", "day", "2026-11-25T12:00:00Z", reject("saml-session-expired")),
    ];
    let at = |instant: &'static str| {
        move |mut settings: crate::attacks::case::Settings| {
            instant.clone_into(&mut settings.at);
            settings
        }
    };
    let cases = instants.map(|(row, variant, instant, expected)| {
        base.case(row, variant, base.text.clone(), expected).judged(at(instant))
    });
    cases.into()
}

fn windows(base: &Base) -> Vec<Case> {
    let minted = |row, variant, from: &str, to: &str, expected| {
        base.minted(row, variant, &base.spec.clone().asserting(from, to), expected)
    };
    vec![
        minted(
            "A17",
            "",
            "NotBefore=\"2026-11-24T11:55:00Z\"",
            "NotBefore=\"2026-11-24T12:06:00Z\"",
            reject("saml-schema"),
        ),
        minted("A28", "past", "T20:00:00Z", "T10:00:00Z", reject("saml-session-expired")),
        minted(
            "A29",
            "future",
            "IssueInstant=\"2026-11-24T11:59:54Z\"",
            "IssueInstant=\"2026-11-24T13:59:54Z\"",
            reject("saml-issue-instant"),
        ),
        minted(
            "A14",
            "past",
            "NotOnOrAfter=\"2026-11-24T12:05:00Z\"",
            "NotOnOrAfter=\"2026-11-24T11:55:30Z\"",
            reject("saml-expired"),
        ),
        minted(
            "A14",
            "confirmation",
            "NotOnOrAfter=\"2026-11-24T12:05:01Z\"",
            "NotOnOrAfter=\"2026-11-24T11:00:01Z\"",
            reject("saml-expired"),
        ),
    ]
}

fn syntax(base: &Base) -> Vec<Case> {
    let odd = [
        ("no-zone", "2026-11-24T12:05:00"),
        ("day", "2026-11-24"),
        ("words", "tomorrow"),
        ("leap", "2026-11-24T12:05:60Z"),
        ("month", "2026-13-24T12:05:00Z"),
        ("year", "99999-11-24T12:05:00Z"),
        ("empty", ""),
    ];
    let cases = odd.map(|(variant, text)| {
        let to = format!("NotOnOrAfter=\"{text}\"><saml:Aud");
        let spec =
            base.spec.clone().asserting("NotOnOrAfter=\"2026-11-24T12:05:00Z\"><saml:Aud", &to);
        base.minted("A30", variant, &spec, reject("saml-time-format"))
    });
    let mut cases: Vec<Case> = cases.into();
    let offset = "NotOnOrAfter=\"2026-11-24T13:05:00+01:00\"><saml:Aud";
    let spec =
        base.spec.clone().asserting("NotOnOrAfter=\"2026-11-24T12:05:00Z\"><saml:Aud", offset);
    cases.push(base.minted("A30", "offset", &spec, accept_with("")));
    let digits = "NotOnOrAfter=\"2026-11-24T12:05:00.12345678901234567890Z\"><saml:Aud";
    let spec =
        base.spec.clone().asserting("NotOnOrAfter=\"2026-11-24T12:05:00Z\"><saml:Aud", digits);
    cases.push(base.minted("A30", "digits", &spec, accept_with("")));
    cases
}
