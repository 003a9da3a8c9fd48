//! Members that must be there, and what they must be (Discovery section 3, RFC 8414 section 2).

use url::Url;

use crate::model::nearest;
use crate::oidc::cards::oidc as cards;
use crate::rule::{Findings, Rule, Severity};
use crate::rules::oidc::issuer::is_loopback;
use crate::rules::oidc::{Check, Document};
use crate::source::printable;
use crate::syntax::tree::{Kind, NodeRef, Value};

/// What is looked at.
pub(super) const CHECKS: &[Check] = &[
    endpoints,
    transport,
    code_flow,
    subject_types,
    algorithms,
    scopes,
    grants,
    response_modes,
    auth_methods,
    claims,
    kinds,
    misspelt,
    userinfo_signing,
];

fn endpoints(document: &Document<'_>, out: &mut Findings) {
    let needs_userinfo = document.profile.is_some_and(|profile| profile.needs_userinfo);
    for (name, rule) in ENDPOINTS {
        let is_userinfo = *name == "userinfo_endpoint";
        let message = match document.member(name) {
            None => format!("there is no {name}"),
            Some(value) => match value.key_text().map(Url::parse) {
                Some(Ok(url)) if url.has_host() && url.fragment().is_none() => continue,
                Some(_) => format!("{name} is no absolute address"),
                None => format!("{name} is no text"),
            },
        };
        let severity = match (is_userinfo, needs_userinfo) {
            (true, false) => Severity::Info,
            _ => Severity::Error,
        };
        let why = match document.profile {
            Some(profile) if severity == Severity::Error => {
                format!(
                    "{} takes it out of the document at each login and fails without it",
                    profile.app
                )
            }
            _ if is_userinfo => "claims then come in the ID token alone".to_owned(),
            _ => "without it no code becomes a login".to_owned(),
        };
        let found = document
            .problem(message, name)
            .why(why)
            .remedy("the discovery document of an OpenID Connect provider; one of a plain OAuth server or of an API lacks it")
            .severity(severity);
        document.report(out, rule, found);
    }
}

fn transport(document: &Document<'_>, out: &mut Findings) {
    for (key, value) in document.root.pairs().into_iter().flatten() {
        let (Some(name), Some(text)) = (key.key_text(), value.key_text()) else { continue };
        let is_endpoint = name.ends_with("_endpoint") || name == "jwks_uri";
        let Some(url) = Url::parse(text).ok().filter(|url| is_endpoint && url.scheme() == "http")
        else {
            continue;
        };
        let is_used = ENDPOINTS.iter().any(|(used, _)| *used == name);
        let severity = match (is_loopback(&url), is_used) {
            (true, _) => Severity::Info,
            (false, true) => Severity::Error,
            (false, false) => Severity::Warning,
        };
        let found = document
            .problem(format!("{} is plain http", printable(name)), name)
            .why("codes, tokens or keys pass here, and anybody in between can read or change them")
            .remedy("set the provider's public address to https; behind a proxy it must be told that TLS ends there")
            .severity(severity);
        document.report(out, &cards::PLAIN_HTTP_ENDPOINT, found);
    }
}

fn code_flow(document: &Document<'_>, out: &mut Findings) {
    let name = "response_types_supported";
    let found = match document.list(name) {
        Some(types) if types.contains(&"code") => return,
        Some(_) => document
            .problem("the response type code is not offered", name)
            .severity(Severity::Error),
        None => document
            .problem("the document does not say which response types are offered", name)
            .severity(Severity::Info),
    };
    let found = found
        .why("applications here log in with a code (response_type=code)")
        .remedy("switch the authorization code flow on, in Keycloak: Standard flow");
    document.report(out, &cards::NO_CODE_FLOW, found);
}

fn subject_types(document: &Document<'_>, out: &mut Findings) {
    let name = "subject_types_supported";
    let known = |types: Vec<&str>| types.iter().any(|one| ["public", "pairwise"].contains(one));
    if !document.list(name).is_some_and(known) {
        let found =
            document.problem("neither public nor pairwise is among the subject types", name);
        document.report(
            out,
            &cards::NO_SUBJECT_TYPES,
            found.why("the standard demands one of them"),
        );
    }
}

fn algorithms(document: &Document<'_>, out: &mut Findings) {
    let name = "id_token_signing_alg_values_supported";
    let Some(algorithms) = document.list(name) else {
        let found = document.problem("the document does not say how ID tokens are signed", name);
        return document.report(out, &cards::NO_RS256, found);
    };
    let is_asymmetric =
        |one: &&str| ["RS", "PS", "ES", "Ed"].iter().any(|kind| one.starts_with(kind));
    if algorithms.contains(&"RS256") {
        return;
    }
    let found = document
        .problem(format!("ID tokens are signed with {}", printable(&algorithms.join(", "))), name)
        .why("RS256 is what every client knows, and the standard demands it");
    let found = if algorithms.iter().any(is_asymmetric) {
        found
    } else {
        found
            .remedy("give the provider a signing key (authentik: Signing Key of the provider; Auth0: JSON Web Token Signature Algorithm RS256)")
            .severity(Severity::Warning)
    };
    document.report(out, &cards::NO_RS256, found);
}

fn scopes(document: &Document<'_>, out: &mut Findings) {
    let name = "scopes_supported";
    let Some(scopes) = document.list(name) else { return };
    if !scopes.contains(&"openid") {
        let found = document
            .problem("openid is not among the scopes", name)
            .why("without that scope there is no ID token")
            .remedy("allow the scope openid for the client");
        document.report(out, &cards::NO_OPENID_SCOPE, found);
    }
    let is_legal = |scope: &str| {
        !scope.is_empty() && scope.chars().all(|c| matches!(c, '!' | '#'..='[' | ']'..='~'))
    };
    for scope in scopes.iter().filter(|scope| !is_legal(scope)) {
        let message = format!("the scope {} cannot be asked for", printable(scope));
        let found = document
            .problem(message, name)
            .why("RFC 6749 section 3.3 allows visible ASCII without quotes and backslashes");
        document.report(out, &cards::ILLEGAL_SCOPE, found);
    }
}

fn grants(document: &Document<'_>, out: &mut Findings) {
    let name = "grant_types_supported";
    let Some(grants) = document.list(name).filter(|grants| !grants.is_empty()) else { return };
    if !grants.contains(&"authorization_code") {
        let found = document
            .problem("the grant type authorization_code is not offered", name)
            .why("applications here log in with a code")
            .remedy("switch the authorization code flow on");
        document.report(out, &cards::NO_CODE_GRANT, found);
    }
}

fn response_modes(document: &Document<'_>, out: &mut Findings) {
    let name = "response_modes_supported";
    let Some(modes) = document.list(name) else { return };
    if !modes.iter().any(|mode| ["query", "form_post"].contains(mode)) {
        let found = document.problem("codes come back neither in the query nor by form", name);
        document.report(out, &cards::NO_USABLE_RESPONSE_MODE, found);
    }
}

fn auth_methods(document: &Document<'_>, out: &mut Findings) {
    let name = "token_endpoint_auth_methods_supported";
    let Some(methods) = document.list(name) else {
        let found = document
            .problem("the document does not say how clients prove themselves", name)
            .why("by the standard that means client_secret_basic alone; django-allauth sends client_secret_post all the same")
            .severity(Severity::Info);
        return document.report(out, &cards::UNKNOWN_AUTH_METHOD, found);
    };
    for method in methods.iter().filter(|method| !AUTH_METHODS.contains(method)) {
        let found = document
            .problem(format!("{} is no registered way to prove oneself", printable(method)), name);
        document.report(out, &cards::UNKNOWN_AUTH_METHOD, found);
    }
    let signs = methods.iter().any(|one| ["private_key_jwt", "client_secret_jwt"].contains(one));
    let listed = document.list("token_endpoint_auth_signing_alg_values_supported");
    let has_none = listed.as_ref().is_some_and(|all| all.contains(&"none"));
    if has_none || (signs && listed.is_none()) {
        let message = if has_none {
            "client assertions without a signature are offered"
        } else {
            "client assertions are offered, and their algorithms are not said"
        };
        let found = document.problem(message, name);
        document.report(out, &cards::NO_AUTH_SIGNING_ALG, found);
    }
}

fn claims(document: &Document<'_>, out: &mut Findings) {
    let name = "claims_supported";
    let (Some(profile), Some(listed)) = (document.profile, document.list(name)) else { return };
    for claim in profile.claims.iter().filter(|claim| !listed.contains(&claim.as_str())) {
        let found = document
            .problem(format!("the claim {} is not among those listed", printable(claim)), name)
            .why("the list need not be complete: look at a token before you change the mapping");
        document.report(out, &cards::UNLISTED_CLAIM, found);
    }
}

fn kinds(document: &Document<'_>, out: &mut Findings) {
    for (key, value) in document.root.pairs().into_iter().flatten() {
        let Some(name) = key.key_text() else { continue };
        let is_boolean = BOOLEANS.contains(&name);
        let is_list = LISTS.contains(&name);
        let is_text = name.ends_with("_endpoint") || ["jwks_uri", "issuer"].contains(&name);
        if !(is_boolean || is_list || is_text) {
            continue;
        }
        let expected = match () {
            () if value.is_null() => "left out instead of null",
            () if is_list && is_empty(value) => "left out instead of empty",
            () if is_list && !is_list_of_texts(value) => "a list of texts",
            () if is_boolean && !is_bool(value) => "true or false, without quotes",
            () if is_text && value.key_text().is_none() => "a text",
            () => continue,
        };
        let found = document
            .problem(format!("{} is to be {expected}", printable(name)), name)
            .why("strict clients refuse the document, others take the member for absent");
        document.report(out, &cards::WRONG_MEMBER_TYPE, found);
    }
}

fn misspelt(document: &Document<'_>, out: &mut Findings) {
    let known: Vec<&str> = known_members().collect();
    for (key, _) in document.root.pairs().into_iter().flatten() {
        let Some(name) = key.key_text().filter(|name| !known.contains(name)) else { continue };
        let Some((near, _)) = nearest(name, known.iter().copied()) else { continue };
        if document.member(near).is_some() {
            continue;
        }
        let found = document
            .problem(format!("{} is no member that anybody reads", printable(name)), name)
            .label(format!("near: {near}"));
        document.report(out, &cards::UNKNOWN_MEMBER, found);
    }
}

fn userinfo_signing(document: &Document<'_>, out: &mut Findings) {
    let name = "userinfo_signing_alg_values_supported";
    let Some(listed) = document.list(name) else { return };
    if !listed.is_empty() && !listed.contains(&"none") {
        let found = document
            .problem("userinfo answers can be signed tokens instead of JSON", name)
            .why("an application that reads JSON only (django-allauth) needs the client set to unsigned userinfo, which is the default");
        document.report(out, &cards::SIGNED_USERINFO_ONLY, found);
    }
}

fn is_empty(value: NodeRef<'_>) -> bool {
    value.items().is_some_and(|mut items| items.next().is_none())
}

fn is_list_of_texts(value: NodeRef<'_>) -> bool {
    value.items().is_some_and(|mut items| items.all(|item| item.key_text().is_some()))
}

fn is_bool(value: NodeRef<'_>) -> bool {
    matches!(&value.node().value, Value::Scalar(scalar) if matches!(scalar.kind, Kind::Bool(_)))
}

fn known_members() -> impl Iterator<Item = &'static str> {
    let endpoints = ENDPOINTS.iter().map(|(name, _)| *name);
    endpoints.chain(LISTS).chain(BOOLEANS).chain(OTHERS)
}

/// Endpoints that a login needs.
const ENDPOINTS: &[(&str, &Rule)] = &[
    ("authorization_endpoint", &cards::NO_AUTHORIZATION_ENDPOINT),
    ("token_endpoint", &cards::NO_TOKEN_ENDPOINT),
    ("jwks_uri", &cards::NO_JWKS_URI),
    ("userinfo_endpoint", &cards::NO_USERINFO_ENDPOINT),
];

/// Ways to prove oneself at the token endpoint (the IANA registry of OAuth parameters).
const AUTH_METHODS: [&str; 8] = [
    "attest_jwt_client_auth",
    "client_secret_basic",
    "client_secret_jwt",
    "client_secret_post",
    "none",
    "private_key_jwt",
    "self_signed_tls_client_auth",
    "tls_client_auth",
];

const LISTS: [&str; 24] = [
    "acr_values_supported",
    "authorization_encryption_alg_values_supported",
    "authorization_signing_alg_values_supported",
    "backchannel_token_delivery_modes_supported",
    "claim_types_supported",
    "claims_locales_supported",
    "claims_supported",
    "code_challenge_methods_supported",
    "display_values_supported",
    "dpop_signing_alg_values_supported",
    "grant_types_supported",
    "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported",
    "id_token_signing_alg_values_supported",
    "introspection_endpoint_auth_methods_supported",
    "prompt_values_supported",
    "request_object_signing_alg_values_supported",
    "response_modes_supported",
    "response_types_supported",
    "revocation_endpoint_auth_methods_supported",
    "scopes_supported",
    "subject_types_supported",
    "token_endpoint_auth_methods_supported",
    "userinfo_signing_alg_values_supported",
];

const BOOLEANS: [&str; 13] = [
    "authorization_response_iss_parameter_supported",
    "backchannel_logout_session_supported",
    "backchannel_logout_supported",
    "claims_parameter_supported",
    "frontchannel_logout_session_supported",
    "frontchannel_logout_supported",
    "http_logout_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "require_pushed_authorization_requests",
    "require_request_uri_registration",
    "require_signed_request_object",
    "tls_client_certificate_bound_access_tokens",
];

const OTHERS: [&str; 28] = [
    "backchannel_authentication_endpoint",
    "check_session_iframe",
    "device_authorization_endpoint",
    "end_session_endpoint",
    "introspection_endpoint",
    "introspection_endpoint_auth_signing_alg_values_supported",
    "issuer",
    "mtls_endpoint_aliases",
    "op_policy_uri",
    "op_tos_uri",
    "pushed_authorization_request_endpoint",
    "registration_endpoint",
    "request_object_encryption_alg_values_supported",
    "request_object_encryption_enc_values_supported",
    "revocation_endpoint",
    "revocation_endpoint_auth_signing_alg_values_supported",
    "service_documentation",
    "signed_metadata",
    "token_endpoint_auth_signing_alg_values_supported",
    "ui_locales_supported",
    "userinfo_encryption_alg_values_supported",
    "userinfo_encryption_enc_values_supported",
    "authorization_details_types_supported",
    "authorization_encryption_enc_values_supported",
    "backchannel_user_code_parameter_supported",
    "backchannel_authentication_request_signing_alg_values_supported",
    "protected_resources",
    "client_id_metadata_document_supported",
];
