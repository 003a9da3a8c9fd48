//! Discovery documents and key sets: each fault is named, and sound ones of any maker pass.

use std::sync::Arc;

use serde_json::{Value, json};
use ssoctl::idps;
use ssoctl::rule::{Findings, Severity};
use ssoctl::rules::oidc::{Document, KeySet, Profile, judge_discovery, judge_keys};
use ssoctl::source::Source;
use ssoctl::syntax::json::{Options, read};

const LIMITS: Options = Options { bytes: 1 << 20, depth: 32, nodes: 20_000 };

fn sound() -> Value {
    json!({
        "issuer": "https://id.acme.test",
        "authorization_endpoint": "https://id.acme.test/authorize",
        "token_endpoint": "https://id.acme.test/token",
        "userinfo_endpoint": "https://id.acme.test/userinfo",
        "jwks_uri": "https://id.acme.test/keys",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "email"],
    })
}

fn allauth() -> Profile {
    Profile {
        app: "CVAT",
        compares_issuer: false,
        needs_userinfo: true,
        claims: vec!["email".to_owned()],
    }
}

fn judged(document: &Value, profile: Option<&Profile>, asked: &str) -> Vec<(String, Severity)> {
    let text = document.to_string();
    let json = read(&text, &LIMITS).expect("JSON");
    let source = Arc::new(Source::new("openid-configuration", text.as_str()));
    let issuer = document["issuer"].as_str().unwrap_or_default();
    let subject = Document {
        source: &source,
        root: json.tree.root().expect("a value"),
        asked: Some(asked),
        idp: idps::recognise(issuer),
        profile,
        provider: None,
    };
    let mut findings = Findings::default();
    judge_discovery(&subject, &mut findings);
    findings.0.iter().map(|one| (one.rule.code.to_owned(), one.severity)).collect()
}

#[test]
fn a_sound_document_has_nothing_to_be_told() {
    assert_eq!(judged(&sound(), None, "https://id.acme.test"), []);
    assert_eq!(judged(&sound(), Some(&allauth()), "https://id.acme.test"), []);
}

#[test]
fn each_fault_of_a_document_is_named_alone() {
    let (error, warning, info) = (Severity::Error, Severity::Warning, Severity::Info);
    let faults = [
        ("issuer", Value::Null, "OIDC101", error),
        ("issuer", json!("http://id.acme.test"), "OIDC101", error),
        ("issuer", json!("https://id.acme.test?x=1"), "OIDC102", error),
        ("issuer", json!("https://other.acme.test"), "OIDC103", warning),
        ("issuer", json!("https://id.acme.test/"), "OIDC103", info),
        ("issuer", json!("https://id.acme.test/{tenantid}"), "OIDC105", warning),
        ("authorization_endpoint", json!("/authorize"), "OIDC201", error),
        ("authorization_endpoint", json!("http://id.acme.test/a"), "OIDC217", error),
        ("token_endpoint", Value::Null, "OIDC202", error),
        ("jwks_uri", json!(7), "OIDC203", error),
        ("userinfo_endpoint", json!("https://x.evil.test/u"), "OIDC318", warning),
        ("revocation_endpoint", json!("http://id.acme.test/r"), "OIDC217", warning),
        ("response_types_supported", json!(["none"]), "OIDC205", error),
        ("response_types_supported", json!(["code", "code token"]), "OIDC303", info),
        ("subject_types_supported", json!(["ephemeral"]), "OIDC206", info),
        ("id_token_signing_alg_values_supported", json!(["ES256"]), "OIDC207", info),
        ("id_token_signing_alg_values_supported", json!(["HS256"]), "OIDC207", warning),
        ("id_token_signing_alg_values_supported", json!(["RS256", "none"]), "OIDC305", info),
        ("id_token_signing_alg_values_supported", json!(["RS256", "HS256"]), "OIDC306", info),
        ("scopes_supported", json!(["profile"]), "OIDC208", warning),
        ("scopes_supported", json!(["openid", "a b"]), "OIDC209", warning),
        ("grant_types_supported", json!(["client_credentials"]), "OIDC210", error),
        ("grant_types_supported", json!(["authorization_code", "password"]), "OIDC304", info),
        ("response_modes_supported", json!(["fragment"]), "OIDC211", info),
        ("token_endpoint_auth_methods_supported", Value::Null, "OIDC212", info),
        (
            "token_endpoint_auth_methods_supported",
            json!(["client_secret_basic", "magic"]),
            "OIDC212",
            info,
        ),
        ("token_endpoint_auth_methods_supported", json!(["private_key_jwt"]), "OIDC213", info),
        ("claims_parameter_supported", json!("true"), "OIDC215", info),
        ("claims_locales_supported", json!([]), "OIDC215", info),
        ("require_pushed_authorization_requests", json!(true), "OIDC308", warning),
        ("require_signed_request_object", json!(true), "OIDC309", warning),
        ("code_challenge_methods_supported", Value::Null, "OIDC301", info),
        ("code_challenge_methods_supported", json!(["S256", "plain"]), "OIDC302", info),
        ("authorization_response_iss_parameter_supported", json!(true), "OIDC307", info),
        ("backchannel_logout_session_supported", json!(true), "OIDC316", info),
        ("id_token_encryption_alg_values_supported", json!(["RSA1_5"]), "OIDC317", info),
        ("userinfo_signing_alg_values_supported", json!(["RS256"]), "OIDC220", info),
        ("end_session_endpiont", json!("https://id.acme.test/out"), "OIDC216", info),
    ];
    for (name, value, code, severity) in faults {
        let mut document = sound();
        match value {
            Value::Null => drop(document.as_object_mut().expect("an object").remove(name)),
            value => document[name] = value,
        }
        let found = judged(&document, None, "https://id.acme.test");
        let told = found.iter().find(|(own, _)| own == code);
        assert_eq!(told.map(|(_, own)| *own), Some(severity), "{name}: {found:?}");
        let graver = found.iter().filter(|(own, grade)| own != code && *grade == Severity::Error);
        // An issuer of another kind is another issuer too.
        let others: Vec<_> = graver.collect();
        assert!(others.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn what_breaks_the_application_is_raised_by_its_profile() {
    let profile = allauth();
    let grade = |name: &str, value: Value, code: &str| {
        let mut document = sound();
        match value {
            Value::Null => drop(document.as_object_mut().expect("an object").remove(name)),
            value => document[name] = value,
        }
        let found = judged(&document, Some(&profile), "https://id.acme.test");
        found.into_iter().find(|(own, _)| own == code).map(|(_, severity)| severity)
    };
    let error = Some(Severity::Error);
    assert_eq!(grade("userinfo_endpoint", Value::Null, "OIDC204"), error);
    assert_eq!(grade("issuer", json!("https://id.acme.test/{tenantid}"), "OIDC105"), error);
    assert_eq!(grade("require_pushed_authorization_requests", json!(true), "OIDC308"), error);
    let warning = Some(Severity::Warning);
    assert_eq!(grade("issuer", json!("https://other.acme.test"), "OIDC103"), warning);
    assert_eq!(grade("claims_supported", json!(["sub"]), "OIDC214"), Some(Severity::Info));
}

#[test]
fn a_known_provider_is_never_warned_about_what_it_does_on_purpose() {
    let mut entra = sound();
    let base = "https://login.microsoftonline.com/2f1c7d9e-0a4b-4c6d-8e2f-9a41b3c5d7e9";
    entra["issuer"] = json!(format!("{base}/v2.0"));
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        entra[name] = json!(format!("{base}/{name}"));
    }
    entra["userinfo_endpoint"] = json!("https://graph.microsoft.com/oidc/userinfo");
    entra["request_uri_parameter_supported"] = json!(false);
    entra["rbac_url"] = json!("https://pas.windows.net");
    entra["kerberos_endpoint"] = Value::Null;
    for name in ["code_challenge_methods_supported", "grant_types_supported"] {
        entra.as_object_mut().expect("an object").remove(name);
    }
    let found = judged(&entra, Some(&allauth()), &format!("{base}/v2.0"));
    let grave: Vec<_> = found.iter().filter(|(_, grade)| *grade != Severity::Info).collect();
    assert!(grave.is_empty(), "{grave:?}");
}

fn keys_judged(keys: &Value, algorithms: &[&str]) -> Vec<(String, Severity)> {
    let text = json!({ "keys": keys }).to_string();
    let json = read(&text, &LIMITS).expect("JSON");
    let source = Arc::new(Source::new("keys", text.as_str()));
    let subject = KeySet {
        source: &source,
        root: json.tree.root().expect("a value"),
        algorithms: Some(algorithms.iter().map(|&one| one.to_owned()).collect()),
        idp: idps::recognise("https://id.acme.test"),
        provider: None,
        at: "2026-11-24T12:00:00Z".parse().expect("an instant"),
    };
    let mut findings = Findings::default();
    judge_keys(&subject, &mut findings);
    findings.0.iter().map(|one| (one.rule.code.to_owned(), one.severity)).collect()
}

/// The point that FIPS 186 gives as the generator of P-256.
fn curve_key() -> Value {
    json!({
        "kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "alg": "ES256",
        "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
        "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
    })
}

#[test]
fn each_fault_of_a_key_is_named() {
    assert_eq!(keys_judged(&json!([curve_key()]), &["ES256"]), []);
    let (error, warning, info) = (Severity::Error, Severity::Warning, Severity::Info);
    let faults = [
        ("kid", Value::Null, "JWKS007", info),
        ("x", Value::Null, "JWKS004", warning),
        ("x", json!("axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY="), "JWKS005", info),
        ("x", json!("AxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY"), "JWKS011", error),
        ("d", json!("secretsecret"), "JWKS006", error),
        ("alg", json!("ES521"), "JWKS010", warning),
        ("key_ops", json!(["encrypt"]), "JWKS009", warning),
        ("x5c", json!(["nonsense"]), "JWKS014", warning),
        ("crv", json!("P-999"), "JWKS013", info),
        ("issuer", json!("https://other.test"), "JWKS017", info),
    ];
    for (name, value, code, severity) in faults {
        let mut key = curve_key();
        match value {
            Value::Null => drop(key.as_object_mut().expect("an object").remove(name)),
            value => key[name] = value,
        }
        let found = keys_judged(&json!([key]), &["ES256"]);
        let told = found.iter().find(|(own, _)| own == code);
        assert_eq!(told.map(|(_, own)| *own), Some(severity), "{name}: {found:?}");
    }
    let named = |keys: &Value, algorithms: &[&str], code: &str| {
        keys_judged(keys, algorithms).iter().any(|(own, _)| own == code)
    };
    assert!(named(&json!([]), &[], "JWKS002"));
    assert!(named(&json!([curve_key(), curve_key()]), &["ES256"], "JWKS008"));
    assert!(named(&json!([curve_key()]), &["RS256", "ES256"], "JWKS016"));
    let symmetric = json!([{"kty": "oct", "k": "c2VjcmV0", "kid": "s"}]);
    assert!(named(&symmetric, &[], "JWKS006"));
    let small = json!([{"kty": "RSA", "kid": "r", "e": "AQAB", "n": "w".repeat(171)}]);
    assert!(named(&small, &["RS256"], "JWKS011"));
}

#[test]
fn nothing_of_a_published_private_part_is_shown() {
    let mut key = curve_key();
    key["d"] = json!("pR1v4t3p4rt");
    let text = json!({ "keys": [key] }).to_string();
    let json = read(&text, &LIMITS).expect("JSON");
    let source = Arc::new(Source::new("keys", text.as_str()));
    let subject = KeySet {
        source: &source,
        root: json.tree.root().expect("a value"),
        algorithms: None,
        idp: idps::recognise("https://id.acme.test"),
        provider: None,
        at: "2026-11-24T12:00:00Z".parse().expect("an instant"),
    };
    let mut findings = Findings::default();
    judge_keys(&subject, &mut findings);
    for finding in findings.0 {
        let span = finding.problem.place.span;
        assert!(!text[span.range()].contains("pR1v4t3p4rt"), "{}", finding.rule.code);
    }
}
