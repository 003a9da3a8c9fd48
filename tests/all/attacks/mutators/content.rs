//! What messages say and leave out (A04, A26, A27, A35 to A37, A40, I01, I03 to I05, I10), and
//! logout messages (A42).

use super::{Mutator, before_assertion, forged};
use crate::attacks::case::{
    ACCEPT, Alive, Base, Case, Expected, NOTHING, Settings, accept_with, reject,
};
use crate::attacks::keys::Method;
use crate::attacks::mint::{
    self, ACS, ASSERTION_ID, EMAIL, FORGED, HONEST, ISSUER, OTHER_ISSUER, Protection, REQUEST,
    RESPONSE_ID, SAML, SAMLP, Signing, attribute, swap, swap_first,
};

pub(crate) const ROWS: [Mutator; 5] = [identifiers, unsolicited, attributes, names, logout];

/// A04: no ID, or an empty one.
fn identifiers(base: &Base) -> Vec<Case> {
    let mut cases = Vec::new();
    let (response, assertion) =
        (format!(" ID=\"{RESPONSE_ID}\""), format!(" ID=\"{ASSERTION_ID}\""));
    let silent = |case: Case| if base.is_encrypted() { case.alive(Alive::Silent) } else { case };
    // Where the element itself is not signed the rest of the signatures holds all the same.
    if !base.signs_response() {
        for (variant, to) in [("response", ""), ("response-empty", " ID=\"\"")] {
            let spec = base.spec.clone().responding(&response, to);
            cases.push(silent(base.minted("A04", variant, &spec, reject("saml-schema"))));
        }
    }
    if !base.signs_assertion() {
        for (variant, to) in [("assertion", ""), ("assertion-empty", " ID=\"\"")] {
            let spec = base.spec.clone().asserting(&assertion, to);
            cases.push(silent(base.minted("A04", variant, &spec, reject("saml-schema"))));
        }
    }
    if base.is_encrypted() {
        return cases;
    }
    let written = if base.signs_response() { &response } else { &assertion };
    let text = swap_first(&base.text, written, "");
    cases.push(base.case("A04", "signed", text, reject("saml-schema")).alive(Alive::Silent));
    for (row, variant, instant) in
        [("A04", "no-instant", ""), ("A04", "instant-empty", " IssueInstant=\"\"")]
    {
        let spec = base.spec.clone().responding(" IssueInstant=\"2026-11-24T11:59:55Z\"", instant);
        let reason = if instant.is_empty() { "saml-schema" } else { "saml-time-format" };
        cases.push(base.minted(row, variant, &spec, reject(reason)));
    }
    cases
}

/// What a message says does not depend on the algorithm that it is signed by: not all are minted.
fn is_taken(base: &Base) -> bool {
    match base.spec.outer.method {
        Method::RsaSha256 => true,
        Method::EcdsaSha256 => !base.is_encrypted(),
        _ => false,
    }
}

/// A26, A27: an answer to no request, and one that says it may be used once.
fn unsolicited(base: &Base) -> Vec<Case> {
    if !is_taken(base) {
        return Vec::new();
    }
    let silent = |case: Case| if base.is_encrypted() { case.alive(Alive::Silent) } else { case };
    let answers = format!(" InResponseTo=\"{REQUEST}\"");
    let bare = base.spec.clone().responding(&answers, "").asserting(&answers, "");
    let without = |mut settings: Settings| {
        settings.request = None;
        settings
    };
    let half = base.spec.clone().asserting(&answers, "");
    let other = base.spec.clone().responding(&answers, "");
    let restriction = "</saml:AudienceRestriction>";
    let once = format!("{restriction}<saml:OneTimeUse></saml:OneTimeUse>");
    let once = base.spec.clone().asserting(restriction, &once);
    let cases = vec![
        base.minted("A26", "", &bare, ACCEPT).judged(without).untwinned(),
        base.minted("A26", "asked", &bare, reject("saml-in-response-to")),
        base.minted("A26", "confirmation", &half, reject("saml-in-response-to")),
        base.minted("A26", "response", &other, reject("saml-in-response-to")),
        base.minted("A27", "once", &once, ACCEPT).untwinned(),
    ];
    cases.into_iter().map(silent).collect()
}

/// A35 to A37, A40, I04, I05, I10: attributes that can be read in more than one way are sent as
/// they are, and the login is not in doubt.
fn attributes(base: &Base) -> Vec<Case> {
    if !is_taken(base) {
        return Vec::new();
    }
    let silent = |case: Case| if base.is_encrypted() { case.alive(Alive::Silent) } else { case };
    let email = attribute("email", HONEST);
    let start = "<saml:AttributeStatement>";
    let statement = format!("</saml:AttributeStatement>{start}{email}</saml:AttributeStatement>");
    let friendly = swap_first(
        &attribute("urn:oid:1.2.3", FORGED),
        "<saml:Attribute ",
        "<saml:Attribute FriendlyName=\"email\" ",
    );
    let value = ">annotators</saml:AttributeValue>";
    let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
    let typed = |inner: &str| format!("<saml:Attribute Name=\"odd\">{inner}</saml:Attribute>");
    let odd = typed(&format!(
        "<saml:AttributeValue {xsi} xsi:nil=\"true\"></saml:AttributeValue>\
         <saml:AttributeValue></saml:AttributeValue><saml:AttributeValue> </saml:AttributeValue>\
         <saml:AttributeValue><saml:NameID Format=\"{EMAIL}\">{FORGED}</saml:NameID>\
         </saml:AttributeValue><saml:AttributeValue><a>{FORGED}</a></saml:AttributeValue>\
         <saml:AttributeValue>YWRtaW4=</saml:AttributeValue>"
    ));
    let no_values = typed("");
    let with = |more: &str| base.spec.clone().asserting(start, &format!("{start}{more}"));
    let doubled = accept_with("saml-attribute-duplicate");
    let mut rows: Vec<(&str, &str, mint::Spec, Expected)> = vec![
        ("A35", "", with(&email), doubled),
        ("A35", "other-value", with(&attribute("email", FORGED)), doubled),
        ("A35", "statements", base.spec.clone().asserting("</saml:AttributeStatement>", &statement), doubled),
        ("A36", "", with(&friendly), ACCEPT),
        ("A37", "", with(&odd), ACCEPT),
        ("A37", "no-values", with(&no_values), ACCEPT),
        (
            "I05",
            "separators",
            base.spec.clone().asserting(value, ">annotators,admin;root</saml:AttributeValue>"),
            ACCEPT,
        ),
        ("I10", "", with(&attribute("Groups", "admin")), ACCEPT),
        ("I04", "", with(&attribute("mail", "a</saml:AttributeValue><saml:AttributeValue>b")), ACCEPT),
        (
            "A40",
            "nameless",
            with("<saml:Attribute><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>"),
            reject("saml-schema"),
        ),
        ("A40", "text", with("x"), reject("saml-schema")),
        (
            "A40",
            "two-subjects",
            base.spec.clone().asserting("<saml:Subject>", "<saml:Subject></saml:Subject><saml:Subject>"),
            reject("saml-schema"),
        ),
        (
            "A40",
            "two-names",
            base.spec.clone().asserting(
                "<saml:SubjectConfirmation ",
                &format!("<saml:NameID Format=\"{EMAIL}\">{FORGED}</saml:NameID><saml:SubjectConfirmation "),
            ),
            reject("saml-schema"),
        ),
    ];
    let conditions = between(&base.spec.assertion, "<saml:Conditions", "</saml:Conditions>");
    let subject = between(&base.spec.assertion, "<saml:Subject>", "</saml:Subject>");
    let swapped = base
        .spec
        .clone()
        .asserting(&format!("{subject}{conditions}"), &format!("{conditions}{subject}"));
    rows.push(("A40", "conditions-first", swapped, reject("saml-schema")));
    if !base.is_encrypted() {
        rows.push((
            "A37",
            "comment",
            base.spec
                .clone()
                .signing(|signing| canonically(signing, "ann<!---->otators", "annotators"))
                .asserting(">annotators<", ">ann<!---->otators<"),
            reject("xml-differential"),
        ));
    }
    if base.signs_assertion() {
        let late = format!("{subject}{}", mint::SIGNATURE);
        let late = base.spec.clone().asserting(&format!("{}{subject}", mint::SIGNATURE), &late);
        rows.push(("A40", "late-signature", late, reject("saml-schema")));
    }
    if base.signs_response() {
        let late = "</samlp:Status>";
        let mut spec = base.spec.clone();
        spec.response = swap_first(&spec.response, mint::SIGNATURE, "");
        spec.response = swap_first(&spec.response, late, &format!("{late}{}", mint::SIGNATURE));
        rows.push(("A40", "late-response-signature", spec, reject("saml-schema")));
    }
    let cases = rows.into_iter().map(|(row, variant, spec, expected)| {
        let case = silent(base.minted(row, variant, &spec, expected));
        if expected.class == "accept" { case.untwinned() } else { case }
    });
    cases.collect()
}

fn canonically(mut signing: Signing, from: &str, to: &str) -> Signing {
    signing.canonical.push((from.to_owned(), to.to_owned()));
    signing
}

/// I01, I03: letters of the name that deceive.
fn names(base: &Base) -> Vec<Case> {
    if !is_taken(base) {
        return Vec::new();
    }
    let silent = |case: Case| if base.is_encrypted() { case.alive(Alive::Silent) } else { case };
    let named = |value: &str| {
        base.spec
            .clone()
            .asserting(&format!(">{HONEST}</saml:NameID>"), &format!(">{value}</saml:NameID>"))
    };
    let hidden = reject("id-control");
    let rows: Vec<(&str, &str, &str, Expected)> = vec![
        ("I01", "", "Alice@Corp.test", accept_with("id-case")),
        ("I01", "host", "alice@CORP.test", accept_with("id-case")),
        ("I02", "full-width", "\u{ff41}lice@corp.test", accept_with("id-confusable")),
        ("I02", "combining", "a\u{301}lice@corp.test", accept_with("id-confusable")),
        ("I03", "soft-hyphen", "ali\u{ad}ce@corp.test", hidden),
        ("I03", "joiner", "ali\u{200d}ce@corp.test", hidden),
        ("I03", "c1", "ali\u{85}ce@corp.test", hidden),
        ("I03", "mark", "\u{feff}alice@corp.test", hidden),
        ("I03", "tag", "alice@corp.test\u{e0041}", hidden),
        ("I03", "isolate", "\u{2066}alice@corp.test", hidden),
        ("I03", "line-end", "alice@corp.test\n", hidden),
        ("I03", "blank", " alice@corp.test", accept_with("id-control")),
    ];
    let cases = rows.into_iter().map(|(row, variant, value, expected)| {
        let case = silent(base.minted(row, variant, &named(value), expected));
        if expected.class == "accept" { case.untwinned() } else { case }
    });
    cases.collect()
}

/// A42: logout messages, which get findings and no verdict.
fn logout(base: &Base) -> Vec<Case> {
    if base.spec.protection != Protection::Response || base.is_encrypted() {
        return Vec::new();
    }
    let signing = &base.spec.outer;
    let request = request();
    let response = swap_first(
        &super::other_message("LogoutResponse", "_logout"),
        "ID=\"_logout\"",
        &format!("Destination=\"{}\" ID=\"_logout\"", mint::LOGOUT),
    );
    let signed = |text: &str| signing.sign(text, "_logout");
    let with = |from: &str, to: &str| signed(&swap(&request, from, to));
    let key = if signing.method == Method::EcdsaSha256 { "attacker-p256" } else { "attacker" };
    let attacker = Signing::new(key, signing.method);
    let honest = signed(&request);
    let found = |reason: &'static str| Expected { class: "none", reason };
    let forged_name = swap(&honest, HONEST, FORGED);
    let evil = swap(&swap(&request, HONEST, FORGED), "_logout", "_evil");
    let wrapped = swap_first(
        &evil.replace(mint::SIGNATURE, ""),
        "<saml:NameID ",
        &format!("<samlp:Extensions>{honest}</samlp:Extensions><saml:NameID "),
    );
    let unsigned = request.replace(mint::SIGNATURE, "");
    let rows: Vec<(&str, String, Expected)> = vec![
        ("unsigned", unsigned, found("sig-missing")),
        ("changed", forged_name, found("sig-digest-mismatch")),
        (
            "attacker",
            attacker.sign(&swap(&request, HONEST, FORGED), "_logout"),
            found("sig-key-untrusted"),
        ),
        ("wrapped", wrapped, found("sig-coverage")),
        ("expired", with("2026-11-24T12:05:00Z", "2026-11-24T11:00:00Z"), found("saml-expired")),
        (
            "future",
            with("2026-11-24T11:59:55Z", "2026-11-24T13:00:00Z"),
            found("saml-issue-instant"),
        ),
        ("issuer", with(ISSUER, OTHER_ISSUER), found("saml-issuer")),
        ("destination", with(mint::LOGOUT, ACS), found("saml-destination")),
        ("version", with("Version=\"2.0\"", "Version=\"1.1\""), found("saml-version")),
        (
            "no-id",
            swap(&request, " ID=\"_logout\"", "").replace(mint::SIGNATURE, ""),
            found("saml-schema"),
        ),
        (
            "no-name",
            signed(&swap(&request, &between(&request, "<saml:NameID ", "</saml:NameID>"), "")),
            found("saml-schema"),
        ),
        ("time", with("2026-11-24T12:05:00Z", "later"), found("saml-time-format")),
        ("hidden-assertion", signed(&hidden_assertion(&request)), found("saml-message-type")),
        ("response-unsigned", response.replace(mint::SIGNATURE, ""), found("sig-missing")),
        (
            "response-failed",
            signed(&swap(&response, "status:Success", "status:Responder")),
            found("saml-status"),
        ),
        ("response-issuer", signed(&swap(&response, ISSUER, OTHER_ISSUER)), found("saml-issuer")),
        (
            "response-elsewhere",
            signed(&swap(&response, mint::LOGOUT, ACS)),
            found("saml-destination"),
        ),
    ];
    let mut cases: Vec<Case> = rows
        .into_iter()
        .map(|(variant, text, expected)| {
            let mut case = base.case("A42", variant, text, expected).alive(Alive::Silent);
            if let Some(twin) = &mut case.twin {
                let is_answer = variant.starts_with("response");
                let text = if is_answer { signed(&response) } else { honest.clone() };
                twin.bytes = text.into_bytes();
                twin.expected = Expected { class: "none", reason: NOTHING };
            }
            case
        })
        .collect();
    let nothing = Expected { class: "none", reason: NOTHING };
    cases
        .push(base.case("A42", "honest", honest.clone(), nothing).untwinned().alive(Alive::Silent));
    // Not a login, whatever stands beside it.
    let parked =
        swap(&base.spec.response, mint::ASSERTION, &forged("_evil")).replace(mint::SIGNATURE, "");
    let parked = before_assertion(&parked, "");
    let parked = super::extended(&parked, &honest);
    cases.push(
        base.forgery("A42", "as-carrier", parked, reject("sig-coverage")).alive(Alive::Forged),
    );
    cases
}

fn hidden_assertion(request: &str) -> String {
    let hidden = format!("<samlp:Extensions>{}</samlp:Extensions><saml:NameID ", forged("_evil"));
    swap_first(request, "<saml:NameID ", &hidden)
}

fn request() -> String {
    format!(
        "<samlp:LogoutRequest xmlns:samlp=\"{SAMLP}\" Destination=\"{}\" ID=\"_logout\" \
         IssueInstant=\"2026-11-24T11:59:55Z\" NotOnOrAfter=\"2026-11-24T12:05:00Z\" \
         Version=\"2.0\"><saml:Issuer xmlns:saml=\"{SAML}\">{ISSUER}</saml:Issuer>{}\
         <saml:NameID xmlns:saml=\"{SAML}\" Format=\"{EMAIL}\">{HONEST}</saml:NameID>\
         <samlp:SessionIndex>_session-1</samlp:SessionIndex></samlp:LogoutRequest>",
        mint::LOGOUT,
        mint::SIGNATURE
    )
}

/// The text from the first `start` to the first `end` behind it.
fn between(text: &str, start: &str, end: &str) -> String {
    let from = text.find(start).unwrap_or_else(|| panic!("no {start}"));
    let to = text[from..].find(end).expect("an end") + from + end.len();
    text[from..to].to_owned()
}
