//! What the message says (A01 to A13, A18 to A27, A32 to A41): all signed by the provider itself.

use super::Mutator;
use crate::attacks::case::{Base, Case, Expected, accept_with, reject, undecided};
use crate::attacks::mint::{
    ACS, ASSERTION, AUDIENCE, EMAIL, HONEST, ISSUER, OTHER_ISSUER, REQUEST,
};
use crate::attacks::mint::{Protection, attribute};

pub(crate) const ROWS: [Mutator; 5] = [response, assertion, conditions, confirmation, requests];

/// A change of one of the two texts: from, to.
type Change = (&'static str, &'static str, String, String, Expected);

fn change(
    row: &'static str,
    variant: &'static str,
    from: impl Into<String>,
    to: impl Into<String>,
    expected: Expected,
) -> Change {
    (row, variant, from.into(), to.into(), expected)
}

fn in_response(base: &Base, changes: Vec<Change>) -> Vec<Case> {
    let minted = changes.into_iter().map(|(row, variant, from, to, expected)| {
        base.minted(row, variant, &base.spec.clone().responding(&from, &to), expected)
    });
    minted.collect()
}

fn in_assertion(base: &Base, changes: Vec<Change>) -> Vec<Case> {
    let minted = changes.into_iter().map(|(row, variant, from, to, expected)| {
        base.minted(row, variant, &base.spec.clone().asserting(&from, &to), expected)
    });
    minted.collect()
}

/// Whether a change leaves nothing of the response protected, so that it is not the provider's.
fn response(base: &Base) -> Vec<Case> {
    let success = "urn:oasis:names:tc:SAML:2.0:status:Success";
    let failed = "urn:oasis:names:tc:SAML:2.0:status:Responder";
    let denied = format!(
        "{failed}\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\">\
         </samlp:StatusCode></samlp:StatusCode>"
    );
    let destination = format!(" Destination=\"{ACS}\"");
    let absent = if base.signs_response() {
        reject("saml-destination")
    } else {
        accept_with("saml-destination")
    };
    let mut cases = in_response(
        base,
        vec![
            change("A01", "", ASSERTION, "", reject("saml-no-assertion")),
            change("A02", "", success, failed, reject("saml-status")),
            change(
                "A02",
                "nested",
                format!("{success}\"></samlp:StatusCode>"),
                denied,
                reject("saml-status"),
            ),
            change("A03", "", "Version=\"2.0\"", "Version=\"1.1\"", reject("saml-version")),
            change("A05", "response", ISSUER, OTHER_ISSUER, reject("saml-issuer")),
            change("A07", "", ACS, "https://evil.test/acs/", reject("saml-destination")),
            change("A08", "", destination, "", absent),
            // Empty is no absence: it is an address, and not the application's.
            change("A08", "empty", ACS, "", reject("saml-destination")),
            change("A09", "slash", ACS, ACS.trim_end_matches('/'), reject("saml-destination")),
            change("A09", "case", "cvat.acme", "CVAT.acme", reject("saml-destination")),
            change("A09", "port", "acme.test/", "acme.test:443/", reject("saml-destination")),
            change("A09", "prefix", ACS, format!("{ACS}x"), reject("saml-destination")),
            change("A25", "response", REQUEST, "_request-2", reject("saml-in-response-to")),
        ],
    );
    for case in &mut cases {
        if case.row() == "A01" {
            case.alive = crate::attacks::case::Alive::Silent;
        }
    }
    cases
}

fn assertion(base: &Base) -> Vec<Case> {
    let statement = between(&base.spec.assertion, "<saml:AuthnStatement", "</saml:AuthnStatement>");
    let name = format!("<saml:NameID Format=\"{EMAIL}\">{HONEST}</saml:NameID>");
    let groups = attribute("groups", "annotators");
    in_assertion(
        base,
        vec![
            change(
                "A03",
                "assertion",
                "Version=\"2.0\"",
                "Version=\"1.1\"",
                reject("saml-version"),
            ),
            change(
                "A05",
                "assertion",
                format!("<saml:Issuer>{ISSUER}"),
                "<saml:Issuer>https://x.test",
                reject("saml-issuer"),
            ),
            change(
                "A05",
                "slash",
                format!("<saml:Issuer>{ISSUER}"),
                format!("<saml:Issuer>{ISSUER}/"),
                reject("saml-issuer"),
            ),
            change(
                "A05",
                "blank",
                format!("<saml:Issuer>{ISSUER}"),
                "<saml:Issuer>",
                reject("saml-issuer"),
            ),
            change(
                "A32",
                "empty",
                format!(">{HONEST}</saml:NameID>"),
                "></saml:NameID>",
                reject("saml-nameid"),
            ),
            change(
                "A32",
                "blank",
                format!(">{HONEST}</saml:NameID>"),
                ">  </saml:NameID>",
                reject("saml-nameid"),
            ),
            change("A32", "absent", name, "", reject("saml-nameid")),
            change(
                "A33",
                "",
                "<saml:NameID ",
                "<saml:NameID SPNameQualifier=\"https://other.test\" ",
                reject("saml-nameid-qualifier"),
            )
            .sorted(),
            change(
                "A34",
                "",
                EMAIL,
                "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
                accept_with("saml-nameid-transient"),
            ),
            change("A38", "", statement.as_str(), "", reject("saml-authn-statement")),
            change(
                "A40",
                "unknown",
                "</saml:Assertion>",
                "<saml:Extra></saml:Extra></saml:Assertion>",
                reject("saml-schema"),
            ),
            change(
                "A40",
                "order",
                statement.clone() + "<saml:AttributeStatement>",
                format!(
                    "<saml:AttributeStatement>{groups}</saml:AttributeStatement>{statement}<saml:AttributeStatement>"
                ),
                accept_with(""),
            ),
            change(
                "I03",
                "zero-width",
                format!(">{HONEST}</saml:NameID>"),
                ">ali\u{200b}ce@corp.test</saml:NameID>",
                reject("id-control"),
            ),
            change(
                "I03",
                "bidi",
                format!(">{HONEST}</saml:NameID>"),
                ">ali\u{202e}ce@corp.test</saml:NameID>",
                reject("id-control"),
            ),
            change(
                "I02",
                "",
                format!(">{HONEST}</saml:NameID>"),
                ">\u{430}lice@corp.test</saml:NameID>",
                accept_with("id-confusable"),
            ),
        ],
    )
}

/// Exclusive canonicalisation sorts attributes: what is added must stand in its place.
trait Sorted {
    fn sorted(self) -> Self;
}

impl Sorted for Change {
    fn sorted(self) -> Self {
        let (row, variant, _, _, expected) = self;
        let from = format!("<saml:NameID Format=\"{EMAIL}\">");
        let to = format!("<saml:NameID Format=\"{EMAIL}\" SPNameQualifier=\"https://other.test\">");
        (row, variant, from, to, expected)
    }
}

fn conditions(base: &Base) -> Vec<Case> {
    let whole = between(&base.spec.assertion, "<saml:Conditions", "</saml:Conditions>");
    let audience = format!("<saml:Audience>{AUDIENCE}</saml:Audience>");
    let restriction = format!("<saml:AudienceRestriction>{audience}</saml:AudienceRestriction>");
    let other = "<saml:AudienceRestriction><saml:Audience>https://other.test</saml:Audience>\
        </saml:AudienceRestriction>";
    let unknown = "<x:Weather xmlns:x=\"urn:x\"></x:Weather>";
    let typed = format!(
        "<saml:Condition xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:type=\"Weather\"></saml:Condition>{restriction}"
    );
    in_assertion(
        base,
        vec![
            change(
                "A11",
                "other",
                audience.clone(),
                "<saml:Audience>https://other.test</saml:Audience>",
                reject("saml-audience"),
            ),
            change("A11", "absent", restriction.clone(), "", reject("saml-audience")),
            change(
                "A11",
                "slash",
                audience.clone(),
                format!("<saml:Audience>{}</saml:Audience>", AUDIENCE.trim_end_matches('/')),
                reject("saml-audience"),
            ),
            change(
                "A12",
                "",
                restriction.clone(),
                format!("{restriction}{other}"),
                reject("saml-audience"),
            ),
            change("A13", "", audience, "<saml:Audience></saml:Audience>", reject("saml-audience")),
            change("A18", "", whole.as_str(), "", reject("saml-conditions-missing")),
            change("A19", "", whole.clone(), format!("{whole}{whole}"), reject("saml-schema")),
            change(
                "A19",
                "one-time-use",
                restriction.clone(),
                format!(
                    "{restriction}<saml:OneTimeUse></saml:OneTimeUse><saml:OneTimeUse></saml:OneTimeUse>"
                ),
                reject("saml-schema"),
            ),
            change("A20", "typed", restriction.clone(), typed, reject("saml-condition-unknown")),
            change(
                "A20",
                "foreign",
                restriction.clone(),
                format!("{restriction}{unknown}"),
                reject("saml-condition-unknown"),
            ),
        ],
    )
}

fn confirmation(base: &Base) -> Vec<Case> {
    let whole =
        between(&base.spec.assertion, "<saml:SubjectConfirmation ", "</saml:SubjectConfirmation>");
    let data = between(&whole, "<saml:SubjectConfirmationData", "</saml:SubjectConfirmationData>");
    let bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    let broken = whole.replace(ACS, "https://evil.test/");
    let late = whole.replace("12:05:01", "11:00:00");
    in_assertion(
        base,
        vec![
            change(
                "A10",
                "other",
                format!("Recipient=\"{ACS}\""),
                "Recipient=\"https://evil.test/\"",
                reject("saml-recipient"),
            ),
            change(
                "A10",
                "slash",
                format!("Recipient=\"{ACS}\""),
                format!("Recipient=\"{}\"", ACS.trim_end_matches('/')),
                reject("saml-recipient"),
            ),
            change("A10", "absent", format!(" Recipient=\"{ACS}\""), "", reject("saml-recipient")),
            change("A21", "no-data", data.as_str(), "", reject("saml-subject-confirmation")),
            change(
                "A21",
                "no-end",
                " NotOnOrAfter=\"2026-11-24T12:05:01Z\" Recipient",
                " Recipient",
                reject("saml-subject-confirmation"),
            ),
            change(
                "A22",
                "future",
                "NotOnOrAfter=\"2026-11-24T12:05:01Z\"",
                "NotBefore=\"2026-11-24T12:04:00Z\" NotOnOrAfter=\"2026-11-24T12:05:01Z\"",
                reject("saml-not-before"),
            ),
            change(
                "A22",
                "past",
                "NotOnOrAfter=\"2026-11-24T12:05:01Z\"",
                "NotBefore=\"2026-11-24T11:59:00Z\" NotOnOrAfter=\"2026-11-24T12:05:01Z\"",
                accept_with("saml-bearer-not-before"),
            ),
            change(
                "A23",
                "holder",
                bearer,
                "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key",
                reject("saml-subject-confirmation"),
            ),
            change(
                "A23",
                "vouches",
                bearer,
                "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches",
                reject("saml-subject-confirmation"),
            ),
            change(
                "A24",
                "mixed",
                whole.clone(),
                format!("{broken}{late}"),
                reject("saml-subject-confirmation"),
            ),
            change("A24", "one-good", whole.clone(), format!("{broken}{whole}"), accept_with("")),
            change(
                "A25",
                "confirmation",
                format!("InResponseTo=\"{REQUEST}\" NotOnOrAfter"),
                "InResponseTo=\"_request-2\" NotOnOrAfter",
                reject("saml-in-response-to"),
            ),
            change("A21", "none", whole.as_str(), "", reject("saml-subject-confirmation")),
        ],
    )
}

/// Messages judged otherwise: no key at hand, another connection, another request.
fn requests(base: &Base) -> Vec<Case> {
    let same = |row, variant, expected| base.case(row, variant, base.text.clone(), expected);
    let mut cases = vec![
        same("A06", "", reject("saml-issuer")).judged(|mut settings| {
            OTHER_ISSUER.clone_into(&mut settings.issuer);
            settings
        }),
        same("S61", "", undecided("sig-no-key")).judged(|mut settings| {
            settings.certificates.clear();
            settings
        }),
        same("A41", "", reject("saml-connection-disabled"))
            .judged(|settings| settings.flagged("disabled")),
        same("A39", "", reject("saml-authn-context"))
            .judged(|settings| settings.flagged("requested-context")),
        same("A34", "demanded", reject("saml-nameid-format"))
            .judged(|settings| settings.flagged("persistent")),
    ];
    for case in &mut cases {
        case.alive = crate::attacks::case::Alive::Silent;
    }
    if base.spec.protection == Protection::None {
        cases.clear();
    }
    cases
}

/// The text from the first `start` to the first `end` behind it.
fn between(text: &str, start: &str, end: &str) -> String {
    let from = text.find(start).unwrap_or_else(|| panic!("no {start}"));
    let to = text[from..].find(end).expect("an end") + from + end.len();
    text[from..to].to_owned()
}
