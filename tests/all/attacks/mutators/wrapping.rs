//! Signed parts moved to where they are verified and not read (S01 to S08, S22 to S32, S34 to S37).

use super::{Mutator, at_end, before_assertion, extended, forged, other_message};
use super::{forged_template, without_response_signature};
use crate::attacks::case::{Base, Case, reject};
use crate::attacks::mint::{
    self, ASSERTION_ID, RESPONSE_ID, SAMLP, element, swap, swap_first, taken,
};

pub(crate) const ROWS: [Mutator; 9] = [
    around_responses,
    around_assertions,
    beside_assertions,
    hidden_in_response,
    duplicate_ids,
    positions,
    other_elements,
    other_carriers,
    decoys,
];

/// S01, S02 and their like: the signed response moves, a forged one takes its place.
fn around_responses(base: &Base) -> Vec<Case> {
    if !base.signs_response() {
        return Vec::new();
    }
    let (bare, signature) = taken(&base.text, "ds:Signature");
    let outer = swap(&before_assertion(&response("_evil", &signature), &forged("_evil-2")), "", "");
    let inside = swap_first(&outer, "</ds:Signature>", &format!("{bare}</ds:Signature>"));
    let behind = swap_first(&outer, "</ds:Signature>", &format!("</ds:Signature>{bare}"));
    let before = swap_first(&outer, "<ds:Signature ", &format!("{bare}<ds:Signature "));
    let object = swap_first(
        &outer,
        "</ds:Signature>",
        &format!("<ds:Object>{bare}</ds:Object></ds:Signature>"),
    );
    let last = at_end(&outer, &bare);
    let extensions = extended(&outer, &bare);
    let forgeries = [
        ("S01", "", inside, "sig-coverage"),
        ("S02", "", before, "sig-coverage"),
        ("S02", "behind", behind, "sig-coverage"),
        ("S02", "last", last, "sig-coverage"),
        ("S26", "response", extensions, "sig-coverage"),
        ("S37", "response", object, "sig-object-child"),
    ];
    forgeries
        .map(|(row, variant, text, reason)| base.forgery(row, variant, text, reject(reason)))
        .into()
}

/// A forged response with a place for an assertion behind its status.
fn response(id: &str, signature: &str) -> String {
    let plain = other_message("Response", id);
    let plain = swap(&plain, mint::SIGNATURE, signature);
    let attributes =
        format!("Destination=\"{}\" ID=\"{id}\" InResponseTo=\"{}\"", mint::ACS, mint::REQUEST);
    swap_first(&plain, &format!("ID=\"{id}\""), &attributes)
}

/// S04 to S08: the signed assertion moves below or behind a forged one.
fn around_assertions(base: &Base) -> Vec<Case> {
    if !base.signs_assertion() || base.is_encrypted() {
        return Vec::new();
    }
    let text = without_response_signature(base);
    let (around, original) = taken(&text, "saml:Assertion");
    let (bare, signature) = taken(&original, "ds:Signature");
    let evil = forged("_evil");
    let holder = swap_first(&evil, "</saml:Issuer>", &format!("</saml:Issuer>{signature}"));
    let within =
        |inner: &str| swap_first(&holder, "</ds:Signature>", &format!("{inner}</ds:Signature>"));
    let wraps = swap_first(&evil, "</saml:Assertion>", &format!("{original}</saml:Assertion>"));
    let put = |what: &str| before_assertion(&around, what);
    let twice = forged(ASSERTION_ID);
    let forgeries = [
        ("S04", "", put(&wraps), "sig-coverage"),
        ("S05", "", at_end(&put(&holder), &bare), "sig-coverage"),
        ("S06", "", put(&within(&bare)), "sig-coverage"),
        ("S07", "", extended(&put(&original), &twice), "sig-duplicate-id"),
        ("S08", "", put(&within(&format!("<ds:Object>{bare}</ds:Object>"))), "sig-object-child"),
        ("S26", "", extended(&put(&evil), &original), "sig-coverage"),
        ("S28", "detail", put_in_status(&put(&evil), &original), "sig-coverage"),
        (
            "S30",
            "",
            put(&format!("<w:Wrapper xmlns:w=\"urn:w\">{original}</w:Wrapper>{evil}")),
            "saml-schema",
        ),
        ("S22", "advice", put(&advised(&original, &twice, &evil)), "sig-duplicate-id"),
    ];
    forgeries
        .map(|(row, variant, text, reason)| base.forgery(row, variant, text, reject(reason)))
        .into()
}

fn put_in_status(text: &str, what: &str) -> String {
    let detail = format!("<samlp:StatusDetail>{what}</samlp:StatusDetail></samlp:Status>");
    swap_first(text, "</samlp:Status>", &detail)
}

/// A forged assertion whose advice holds the real one and a copy of its ID.
fn advised(original: &str, twice: &str, evil: &str) -> String {
    let advice = format!("<saml:Advice>{original}{twice}</saml:Advice><saml:AuthnStatement ");
    swap_first(evil, "<saml:AuthnStatement ", &advice)
}

/// S03, S29, S31, S32: two assertions, one of them signed.
fn beside_assertions(base: &Base) -> Vec<Case> {
    if base.signs_response() && !base.signs_assertion() {
        return Vec::new();
    }
    if base.is_encrypted() {
        return Vec::new();
    }
    let text = without_response_signature(base);
    let evil = forged("_evil");
    let (around, original) = taken(&text, "saml:Assertion");
    // Below an assertion the prefix is declared already: the text is its own canonical form.
    let advised = evil.replace(&format!(" xmlns:saml=\"{}\"", mint::SAML), "");
    let ancestor = base.spec.inner.sign(
        &swap_first(
            &base.spec.assertion,
            "<saml:AuthnStatement ",
            &format!("<saml:Advice>{advised}</saml:Advice><saml:AuthnStatement "),
        ),
        ASSERTION_ID,
    );
    let doubled = swap(&original, mint::HONEST, mint::FORGED);
    let doubled = swap(&doubled, ASSERTION_ID, "_evil");
    let reason = reject("saml-multiple-assertions");
    let mut cases = vec![
        base.forgery("S03", "", before_assertion(&text, &evil), reason),
        base.forgery("S29", "", at_end(&text, &doubled), reason),
        base.forgery("S31", "", at_end(&text, &evil), reason),
        base.forgery(
            "S27",
            "",
            before_assertion(&around, &evil_with_advice(&original)),
            reject("sig-missing"),
        ),
    ];
    // What an assertion advises is not read: the honest one is.
    let message = before_assertion(&around, &ancestor);
    if !base.signs_response() {
        let advice = base.case("S66", "unsigned", message, crate::attacks::case::ACCEPT);
        cases.push(advice.untwinned());
    }
    let nested = swap_first(&text, "</saml:Subject>", &format!("</saml:Subject>{evil}"));
    cases.push(
        base.case("S32", "", nested, reject("saml-schema"))
            .alive(crate::attacks::case::Alive::Reads),
    );
    cases
}

fn evil_with_advice(original: &str) -> String {
    let advice = format!("<saml:Advice>{original}</saml:Advice><saml:AuthnStatement ");
    swap_first(&forged("_evil"), "<saml:AuthnStatement ", &advice)
}

/// S27, S28, S30 on signed responses: the whole genuine response is parked in a forged one.
fn hidden_in_response(base: &Base) -> Vec<Case> {
    if !base.signs_response() {
        return Vec::new();
    }
    let outer = before_assertion(&response("_evil", ""), &forged("_evil-2"));
    let detail = put_in_status(&outer, &base.text);
    let wrapped = format!("<w:Wrapper xmlns:w=\"urn:w\">{}</w:Wrapper>", base.text);
    vec![
        base.forgery("S28", "response", detail, reject("sig-coverage")),
        base.forgery("S30", "response", before_assertion(&outer, &wrapped), reject("saml-schema")),
        base.forgery("S26", "whole", extended(&outer, &base.text), reject("sig-coverage")),
    ]
}

/// S22: two elements of one ID.
fn duplicate_ids(base: &Base) -> Vec<Case> {
    if base.is_encrypted() {
        return Vec::new();
    }
    let mut cases = Vec::new();
    if base.signs_response() {
        let (bare, signature) = taken(&base.text, "ds:Signature");
        let outer = before_assertion(&response(RESPONSE_ID, &signature), &forged("_evil"));
        cases.push(base.forgery(
            "S22",
            "response",
            extended(&outer, &bare),
            reject("sig-duplicate-id"),
        ));
        let spec = base.spec.clone().responding(RESPONSE_ID, ASSERTION_ID);
        let mut spec = spec;
        spec.protection = mint::Protection::None;
        let text = base
            .spec
            .outer
            .sign(&spec.response.replace(mint::ASSERTION, &spec.minted_assertion()), ASSERTION_ID);
        cases.push(base.case("S22", "both", text, reject("sig-duplicate-id")));
    } else {
        let copy = forged(ASSERTION_ID);
        for (variant, text) in [
            ("before", before_assertion(&base.text, &copy)),
            ("after", at_end(&base.text, &copy)),
            ("extension", extended(&base.text, &copy)),
        ] {
            cases.push(base.forgery("S22", variant, text, reject("sig-duplicate-id")));
        }
        let text = swap_first(&base.text, RESPONSE_ID, ASSERTION_ID);
        cases.push(base.case("S22", "root", text, reject("sig-duplicate-id")));
    }
    cases
}

/// S24: the signature stands somewhere else.
fn positions(base: &Base) -> Vec<Case> {
    if !base.signs_assertion() || base.is_encrypted() {
        return Vec::new();
    }
    let text = without_response_signature(base);
    let (bare, signature) = taken(&text, "ds:Signature");
    // The assertion is hashed without any signature, so it may stand anywhere.
    let moved = [
        (
            "status",
            swap_first(
                &bare,
                "</samlp:Status>",
                &format!("<samlp:StatusDetail>{signature}</samlp:StatusDetail></samlp:Status>"),
            ),
        ),
        ("extensions", extended(&bare, &signature)),
        ("end", at_end(&bare, &signature)),
    ];
    moved.map(|(variant, text)| base.case("S24", variant, text, reject("sig-position"))).into()
}

/// S25: what is signed is no message.
fn other_elements(base: &Base) -> Vec<Case> {
    if base.is_encrypted() || base.spec.protection == mint::Protection::Both {
        return Vec::new();
    }
    let signing = &base.spec.outer;
    let id = "_part";
    let status = element(&base.text, "samlp:Status")
        .replace("<samlp:Status>", &format!("<samlp:Status xmlns:samlp=\"{SAMLP}\" ID=\"{id}\">"));
    let digest = signing.digest.of(status.as_bytes());
    let signature = signing.signature(&digest, id);
    let forged = response("_evil", &signature);
    let forged = swap_first(&forged, "<samlp:Status>", &format!("<samlp:Status ID=\"{id}\">"));
    let text = before_assertion(&forged, &super::forged("_evil-2"));
    vec![base.forgery("S25", "status", text, reject("sig-coverage"))]
}

/// S35, S36: another document that the provider signed carries the forged assertion.
fn other_carriers(base: &Base) -> Vec<Case> {
    if base.spec.protection != mint::Protection::Response || base.is_encrypted() {
        return Vec::new();
    }
    let signing = &base.spec.outer;
    let failed = swap(&response("_failed", mint::SIGNATURE), "status:Success", "status:Responder");
    let failed = signing.sign(&failed, "_failed");
    let honest = base.case("S35", "plain", failed.clone(), reject("saml-status"));
    let parked = before_assertion(&response("_evil", ""), &forged("_evil-2"));
    let logout = signing.sign(&other_message("LogoutResponse", "_logout"), "_logout");
    let metadata = signing.sign(
        &format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
             ID=\"_metadata\" entityID=\"{}\">{}<md:IDPSSODescriptor \
             protocolSupportEnumeration=\"{SAMLP}\"><md:SingleSignOnService \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
             Location=\"https://idp.corp.test/sso\"></md:SingleSignOnService>\
             </md:IDPSSODescriptor></md:EntityDescriptor>",
            mint::ISSUER,
            mint::SIGNATURE
        ),
        "_metadata",
    );
    vec![
        honest,
        base.forgery("S35", "parked", extended(&parked, &failed), reject("sig-coverage")),
        base.forgery("S36", "logout", extended(&parked, &logout), reject("sig-coverage")),
        base.forgery("S36", "metadata", extended(&parked, &metadata), reject("sig-coverage")),
        base.case(
            "S36",
            "assertion-in-logout",
            swap_first(
                &logout,
                "</samlp:LogoutResponse>",
                &format!("{}</samlp:LogoutResponse>", forged("_evil")),
            ),
            super::super::case::Expected { class: "none", reason: "saml-schema" },
        )
        .alive(crate::attacks::case::Alive::Reads),
    ]
}

/// S33, S34: a second signature stands beside the real one.
fn decoys(base: &Base) -> Vec<Case> {
    if base.is_encrypted() {
        return Vec::new();
    }
    let (around, id) =
        if base.signs_response() { ("response", RESPONSE_ID) } else { ("assertion", ASSERTION_ID) };
    let signature = element(&base.text, "ds:Signature").to_owned();
    let doubled = swap_first(&base.text, &signature, &format!("{signature}{signature}"));
    let value = element(&signature, "ds:SignatureValue");
    let decoy = format!(
        "<ds:Signature xmlns:ds=\"{}\">{value}{}</ds:Signature>",
        mint::DS,
        forged("_evil")
    );
    let smuggled = swap_first(&base.text, &signature, &format!("{signature}{decoy}"));
    let attacker = mint::Signing::new("attacker", crate::attacks::keys::Method::RsaSha256);
    let beside = attacker.sign(&forged_template(id), id);
    let beside = element(&beside, "ds:Signature").to_owned();
    let other = swap_first(&base.text, &signature, &format!("{signature}{beside}"));
    vec![
        base.case("S33", around, doubled, reject("sig-multiple")),
        base.case("S33", &format!("attacker-{around}"), other, reject("sig-multiple"))
            .alive(crate::attacks::case::Alive::Reads),
        base.forgery("S34", around, smuggled, reject("sig-multiple")),
    ]
}
