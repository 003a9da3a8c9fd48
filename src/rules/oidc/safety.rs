//! What a document says about the safety of logins (RFC 9700 and the extensions).

use url::Url;

use crate::oidc::cards::oidc as cards;
use crate::rule::{Findings, Severity};
use crate::rules::oidc::{Check, Document};
use crate::source::printable;

/// What is looked at.
pub(super) const CHECKS: &[Check] =
    &[pkce, flows, id_tokens, demands, logout, encryption, foreign_endpoints];

fn pkce(document: &Document<'_>, out: &mut Findings) {
    let name = "code_challenge_methods_supported";
    let Some(methods) = document.list(name) else {
        let found = document
            .problem("the document does not say whether PKCE is taken", name)
            .why("many providers take it all the same (Entra, AD FS, Cognito)");
        return document.report(out, &cards::NO_PKCE, found);
    };
    if !methods.contains(&"S256") {
        let found = document
            .problem("PKCE with S256 is not offered", name)
            .why("a code that somebody else got hold of can be used")
            .severity(Severity::Warning);
        document.report(out, &cards::NO_PKCE, found);
    }
    for method in methods.iter().filter(|method| **method != "S256") {
        let message = match *method {
            "plain" => "PKCE without a hash is offered too".to_owned(),
            other => format!("{} is no way of PKCE", printable(other)),
        };
        document.report(out, &cards::PLAIN_PKCE, document.problem(message, name));
    }
}

fn flows(document: &Document<'_>, out: &mut Findings) {
    let name = "response_types_supported";
    let types = document.list(name).unwrap_or_default();
    let is_implicit =
        |one: &&&str| one.split(' ').any(|part| ["token", "id_token"].contains(&part));
    if let Some(one) = types.iter().find(is_implicit) {
        let message = format!("the response type {} is offered", printable(one));
        document.report(out, &cards::IMPLICIT_FLOW, document.problem(message, name));
    }
    let name = "grant_types_supported";
    if document.list(name).unwrap_or_default().contains(&"password") {
        let found = document.problem("clients may take passwords (grant type password)", name);
        document.report(out, &cards::PASSWORD_GRANT, found);
    }
    let name = "authorization_response_iss_parameter_supported";
    if document.is_true(name) {
        let found = document.problem("the answer at the callback names its issuer (iss)", name);
        document.report(out, &cards::ISSUER_IN_RESPONSE, found);
    }
}

fn id_tokens(document: &Document<'_>, out: &mut Findings) {
    let name = "id_token_signing_alg_values_supported";
    let algorithms = document.list(name).unwrap_or_default();
    if algorithms.contains(&"none") {
        let found = document
            .problem("ID tokens without a signature are offered", name)
            .why("a client that takes what the token says would believe anybody; it must be registered for one algorithm");
        document.report(out, &cards::UNSIGNED_ID_TOKEN, found);
    }
    if algorithms.iter().any(|one| one.starts_with("HS")) {
        let found = document
            .problem("ID tokens may be signed with the client secret (HS256 and the like)", name)
            .why("which algorithm a client gets is set at the client; with HS256 nobody verifies tokens by the key set");
        document.report(out, &cards::SYMMETRIC_ID_TOKEN, found);
    }
}

fn demands(document: &Document<'_>, out: &mut Findings) {
    let name = "require_pushed_authorization_requests";
    if document.is_true(name) {
        let mut found = document
            .problem("requests must be pushed before the browser is sent (PAR)", name)
            .why("an application that cannot push them gets an error page in place of the login page");
        if let Some(profile) = document.profile {
            let why =
                format!("{} cannot push requests, so no one gets to the login page", profile.app);
            found = found.why(why).severity(Severity::Error);
        }
        let found = found.remedy("let this client send plain requests");
        document.report(out, &cards::PUSHED_REQUESTS_ONLY, found);
    }
    let name = "require_signed_request_object";
    if document.is_true(name) {
        let mut found = document
            .problem("requests must be signed", name)
            .why("an application that sends plain requests gets an error page in place of the login page");
        if let Some(profile) = document.profile {
            let why =
                format!("{} sends plain requests, so no one gets to the login page", profile.app);
            found = found.why(why).severity(Severity::Error);
        }
        let found = found.remedy("let this client send plain requests");
        document.report(out, &cards::SIGNED_REQUESTS_ONLY, found);
    }
}

fn logout(document: &Document<'_>, out: &mut Findings) {
    for (flag, base) in LOGOUT {
        if document.is_true(flag) && !document.is_true(base) {
            let found = document.problem(format!("{flag} is true without {base}"), flag);
            document.report(out, &cards::LOPSIDED_LOGOUT, found);
        }
    }
}

fn encryption(document: &Document<'_>, out: &mut Findings) {
    let name = "id_token_encryption_alg_values_supported";
    if document.list(name).unwrap_or_default().contains(&"RSA1_5") {
        let found = document.problem("RSA1_5 is offered for encrypted ID tokens", name);
        document.report(out, &cards::RSA15_OFFERED, found);
    }
}

fn foreign_endpoints(document: &Document<'_>, out: &mut Findings) {
    let Some(issuer) = document.text("issuer").and_then(|issuer| Url::parse(issuer).ok()) else {
        return;
    };
    let Some(own) = issuer.host_str() else { return };
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        let Some(url) = document.text(name).and_then(|text| Url::parse(text).ok()) else {
            continue;
        };
        let Some(host) = url.host_str().filter(|host| !is_same_domain(own, host)) else { continue };
        let found = document
            .problem(format!("{name} stands under {}, another domain than the issuer's", printable(host)), name)
            .why("whoever holds that domain sees codes and secrets, or makes the keys that tokens are verified with")
            .remedy("nothing where the provider is known to do so; else ask whose domain it is")
            .severity(Severity::Warning);
        document.report(out, &cards::FOREIGN_ENDPOINT, found);
    }
}

/// Whether two hosts belong to one registrable domain.
fn is_same_domain(one: &str, other: &str) -> bool {
    if one.eq_ignore_ascii_case(other) {
        return true;
    }
    let domain = |host: &str| psl::domain_str(host).map(str::to_ascii_lowercase);
    domain(one).is_some() && domain(one) == domain(other)
}

/// Flags of logout, and those that they build on.
const LOGOUT: [(&str, &str); 2] = [
    ("frontchannel_logout_session_supported", "frontchannel_logout_supported"),
    ("backchannel_logout_session_supported", "backchannel_logout_supported"),
];
