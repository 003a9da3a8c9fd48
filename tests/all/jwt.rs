//! ID tokens: every attack is refused by the rule that names it, and its honest twin is not.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use ssoctl::crypto::digest::Hash;
use ssoctl::crypto::encryption::{KeyTransport, wrap_key};
use ssoctl::crypto::jose::{Content, seal};
use ssoctl::crypto::key::PrivateKey;
use ssoctl::crypto::signature::{Scheme, sign};
use ssoctl::oidc::jwt::{
    Algorithm, Expectation, Issuer, Judged, KeySet, Means, NoToken, Object, Reader, Secret, judge,
    read,
};
use ssoctl::source::Source;

use crate::run::{NOW, Run, ssoctl, ssoctl_with, write};

/// Noon of 24 November 2026.
const AT: i64 = 1_795_521_600;
const ISSUER: &str = "https://idp.acme.test";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/jwt")
}

fn private(name: &str) -> PrivateKey {
    let text = fs::read_to_string(folder().join(format!("keys/{name}.key"))).expect("a key");
    PrivateKey::from_pem(&text).expect("a private key")
}

fn secret() -> Vec<u8> {
    fs::read(folder().join("client.secret")).expect("a secret")
}

/// The public part of a key, as a member of a key set.
fn public(name: &str) -> Value {
    let text = fs::read_to_string(folder().join("public.json")).expect("a file");
    let all: Value = serde_json::from_str(&text).expect("JSON");
    all[name].clone()
}

fn with(mut key: Value, name: &str, value: Value) -> Value {
    key[name] = value;
    key
}

fn without(mut key: Value, name: &str) -> Value {
    key.as_object_mut().expect("an object").remove(name);
    key
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "248289761001", "aud": "cvat", "exp": AT + 1200, "iat": AT - 300,
        "nonce": "n-0S6", "email": "ada@corp.test", "email_verified": true,
    })
}

fn encoded(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A token of a header and claims as texts, signed as one algorithm does.
fn minted(header: &str, claims: &str, algorithm: &str, key: &str) -> String {
    let input = format!("{}.{}", encoded(header), encoded(claims));
    let means = Algorithm::named(algorithm).map(|algorithm| algorithm.means);
    let signature = match means {
        Some(Means::Pair(scheme, ..)) => {
            sign(scheme, &private(key), input.as_bytes()).expect("a signature")
        }
        _ => Vec::new(),
    };
    format!("{input}.{}", encoded(signature))
}

/// A sound token by the RSA key, but for what is changed.
#[expect(clippy::needless_pass_by_value, reason = "tests write it in place")]
fn token(header: Value, claims: &Value) -> String {
    minted(&header.to_string(), &claims.to_string(), "RS256", "rsa")
}

fn header() -> Value {
    json!({"alg": "RS256", "kid": "rsa", "typ": "JWT"})
}

fn key_set(keys: &[Value]) -> KeySet {
    let text: Arc<str> = json!({ "keys": keys }).to_string().into();
    let source = Arc::new(Source::new("keys.json", text));
    KeySet::read(&source, "keys.json").expect("a key set")
}

fn expectation(keys: &[Value]) -> Expectation {
    let mut expectation = Expectation::at(NOW.parse().expect("an instant"));
    expectation.issuer = Some(Issuer { value: ISSUER.to_owned(), is_address: false });
    expectation.client_id = Some("cvat".to_owned());
    expectation.nonce = Some("n-0S6".to_owned());
    expectation.keys = Some(key_set(keys));
    expectation
}

fn usual() -> Expectation {
    expectation(&[public("rsa"), public("p256"), public("ed25519")])
}

/// The class, and the name of the rule that decided.
fn outcome(judged: &Judged) -> (&'static str, Option<&'static str>) {
    let verdict = &judged.verdict;
    (verdict.class().word(), verdict.decisive().map(|rule| rule.name))
}

fn judged(token: &str, expectation: &Expectation) -> Judged {
    judge(token, "token", expectation, None)
}

#[track_caller]
fn refused(token: &str, expectation: &Expectation, rule: &str) {
    assert_eq!(outcome(&judged(token, expectation)), ("reject", Some(rule)), "{token}");
}

#[track_caller]
fn malformed(token: &str, rule: &str) {
    assert_eq!(outcome(&judged(token, &usual())), ("malformed", Some(rule)), "{token}");
}

#[track_caller]
fn accepted(token: &str, expectation: &Expectation) {
    let judged = judged(token, expectation);
    assert_eq!(outcome(&judged), ("accept", None), "{:?}", judged.verdict);
    let grave = judged.verdict.findings().into_iter().map(|one| one.rule.name);
    assert_eq!(grave.collect::<Vec<_>>(), [""; 0], "{token}");
}

/// Accepted, with something that somebody should look at.
#[track_caller]
fn warned(token: &str, expectation: &Expectation, rule: &str) {
    let judged = judged(token, expectation);
    assert_eq!(outcome(&judged), ("accept", None), "{:?}", judged.verdict);
    let names: Vec<_> = judged.verdict.reasons().iter().map(|one| one.rule.name).collect();
    assert_eq!(names, [rule]);
}

fn changed(name: &str, value: Value) -> String {
    token(header(), &with(claims(), name, value))
}

fn lacking(name: &str) -> String {
    token(header(), &without(claims(), name))
}

fn in_header(name: &str, value: Value) -> String {
    token(with(header(), name, value), &claims())
}

#[test]
fn tokens_of_another_implementation_are_accepted_in_every_algorithm() {
    let text = fs::read_to_string(folder().join("vectors.jsonl")).expect("a file");
    let keys = ["rsa", "p256", "p384", "p521", "ed25519"].map(public);
    let mut count = 0;
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).expect("JSON");
        let mut expectation = expectation(&keys);
        expectation.secret = Some(Secret::new(secret()));
        expectation.decryption_keys = vec![private("client")];
        let (what, token) = (row["what"].as_str().expect("text"), row["token"].as_str());
        let token = token.expect("text");
        if what.starts_with("RSA1_5") {
            refused(token, &expectation, "enc-keytransport");
            expectation.allows_rsa15 = true;
            warned(token, &expectation, "enc-keytransport");
        } else {
            accepted(token, &expectation);
        }
        // No other key and no changed character passes.
        let at = token.len() - 20;
        let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
        let broken = format!("{}{other}{}", &token[..at], &token[at + 1..]);
        let judged = judged(&broken, &expectation);
        assert_eq!(judged.verdict.class().word(), "reject", "{what}");
        count += 1;
    }
    assert_eq!(count, 21);
}

#[test]
fn nobody_signs_by_saying_so() {
    for name in ["none", "None", "NONE", "nOnE", " none"] {
        let header = json!({"alg": name, "kid": "rsa"}).to_string();
        let bare = minted(&header, &claims().to_string(), "none", "rsa");
        refused(&bare, &usual(), "jwt-alg-none");
        refused(&format!("{bare}AAAA"), &usual(), "jwt-alg-none");
    }
    accepted(&token(header(), &claims()), &usual());
}

#[test]
fn the_token_does_not_choose_how_it_is_verified() {
    for name in ["HS256", "rs256", "RS256 ", "RS1", "ES256K", ""] {
        refused(&in_header("alg", json!(name)), &usual(), "jwt-alg-not-allowed");
    }
    refused(&in_header("alg", json!(null)), &usual(), "jwt-alg-not-allowed");
    refused(&in_header("alg", json!(["RS256"])), &usual(), "jwt-alg-not-allowed");
    let mut narrow = usual();
    narrow.algorithms = vec![Algorithm::named("ES256").expect("known")];
    refused(&token(header(), &claims()), &narrow, "jwt-alg-not-allowed");
    narrow.algorithms = vec![Algorithm::named("RS256").expect("known")];
    accepted(&token(header(), &claims()), &narrow);
}

#[test]
fn a_secret_counts_where_one_was_given_and_is_long_enough() {
    let text = fs::read_to_string(folder().join("vectors.jsonl")).expect("a file");
    let row = text.lines().find(|line| line.contains("\"HS256\"")).expect("a row");
    let row: Value = serde_json::from_str(row).expect("JSON");
    let token = row["token"].as_str().expect("text");
    refused(token, &usual(), "jwt-alg-not-allowed");
    let mut asked = usual();
    asked.algorithms = vec![Algorithm::named("HS256").expect("known")];
    assert_eq!(outcome(&judged(token, &asked)), ("undecided", Some("jwt-no-key")));
    asked.secret = Some(Secret::new(b"short".to_vec()));
    refused(token, &asked, "jwt-hmac-key-short");
    asked.secret = Some(Secret::new(vec![b'x'; 32]));
    refused(token, &asked, "jwt-sig");
    asked.secret = Some(Secret::new(secret()));
    accepted(token, &asked);
}

#[test]
fn keys_fit_the_algorithm_or_do_not_count() {
    let sound = token(header(), &claims());
    let changes = [
        ("use", json!("enc")),
        ("alg", json!("PS256")),
        ("alg", json!("RSA-OAEP")),
        ("key_ops", json!(["sign"])),
        ("kty", json!("EC")),
    ];
    for (name, value) in changes {
        let keys = [with(public("rsa"), name, value)];
        refused(&sound, &expectation(&keys), "jwt-alg-key-mismatch");
        let nameless = token(without(header(), "kid"), &claims());
        refused(&nameless, &expectation(&keys), "jwt-alg-key-mismatch");
    }
    let other = json!({"alg": "ES384", "kid": "p256"}).to_string();
    let other = minted(&other, &claims().to_string(), "ES384", "p384");
    refused(&other, &usual(), "jwt-alg-key-mismatch");
    let fits = with(with(public("rsa"), "alg", json!("RS256")), "key_ops", json!(["verify"]));
    accepted(&sound, &expectation(&[without(fits, "use")]));
}

#[test]
fn names_of_keys_are_texts_and_nothing_else() {
    let nameless = token(without(header(), "kid"), &claims());
    accepted(&nameless, &usual());
    accepted(&nameless, &expectation(&[without(public("rsa"), "kid")]));
    warned(&nameless, &expectation(&[public("rsa"), public("rsa-other")]), "jwt-kid-absent");
    refused(&nameless, &expectation(&[public("rsa-other")]), "jwt-sig");
    refused(&nameless, &expectation(&[public("p256"), public("p384")]), "jwt-kid-unknown");
    refused(&nameless, &expectation(&[]), "jwt-kid-unknown");
    for name in ["new", "RSA", "rsa ", "../../dev/null", "' OR 1=1", "$(id)", "https://evil.test/k"]
    {
        refused(&in_header("kid", json!(name)), &usual(), "jwt-kid-unknown");
    }
    refused(&in_header("kid", json!(7)), &usual(), "jwt-claim-type");
    let odd = with(public("rsa"), "kid", json!("../../keys/' OR 1=1"));
    accepted(&in_header("kid", json!("../../keys/' OR 1=1")), &expectation(&[odd]));
}

#[test]
fn two_keys_of_one_name_are_refused_where_they_are_alike() {
    let sound = token(header(), &claims());
    let twin = with(public("rsa-other"), "kid", json!("rsa"));
    refused(&sound, &expectation(&[public("rsa"), twin.clone()]), "jwk-duplicate-kid");
    refused(&sound, &expectation(&[twin, public("rsa")]), "jwk-duplicate-kid");
    let unlike = with(public("p256"), "kid", json!("rsa"));
    warned(&sound, &expectation(&[unlike, public("rsa")]), "jwk-duplicate-kid");
}

#[test]
fn secret_parts_in_a_key_set_spoil_it() {
    let sound = token(header(), &claims());
    let symmetric = json!({"kty": "oct", "kid": "shared", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQ"});
    refused(&sound, &expectation(&[public("rsa"), symmetric]), "jwk-symmetric");
    let private = with(public("rsa"), "d", json!("c2VjcmV0LXNlY3JldC1zZWNyZXQ"));
    refused(&sound, &expectation(&[private]), "jwk-private-in-set");
    let null = with(public("rsa"), "d", json!(null));
    accepted(&sound, &expectation(&[null]));
}

#[test]
fn weak_and_unsound_keys_are_refused() {
    let weak = minted(
        &json!({"alg": "RS256", "kid": "rsa-weak"}).to_string(),
        &claims().to_string(),
        "RS256",
        "rsa-weak",
    );
    refused(&weak, &expectation(&[public("rsa-weak")]), "jwk-weak");
    let sound = token(header(), &claims());
    for value in ["AQ", "Ag"] {
        let keys = [with(public("rsa"), "e", json!(value))];
        refused(&sound, &expectation(&keys), "jwk-weak");
    }
    let ec = minted(
        &json!({"alg": "ES256", "kid": "p256"}).to_string(),
        &claims().to_string(),
        "ES256",
        "p256",
    );
    let off = with(public("p256"), "x", public("p256")["y"].clone());
    refused(&ec, &expectation(&[off]), "jwk-weak");
    accepted(&ec, &expectation(&[public("p256")]));
    // A weak key beside it harms no token of a sound one.
    accepted(&sound, &expectation(&[public("rsa-weak"), public("rsa")]));
}

#[test]
fn a_token_does_not_vouch_for_itself() {
    for kid in ["rsa", "attacker"] {
        let header = json!({"alg": "RS256", "kid": kid, "jwk": public("rsa-other")}).to_string();
        let forged = minted(&header, &claims().to_string(), "RS256", "rsa-other");
        refused(&forged, &usual(), "jwt-sig");
    }
    for name in ["jku", "x5u"] {
        refused(&in_header(name, json!("https://evil.test/keys")), &usual(), "jwt-header-key");
    }
    warned(&in_header("jwk", public("rsa")), &usual(), "jwt-header-key");
    accepted(&in_header("x5t", json!("abc")), &usual());
}

#[test]
fn extensions_and_other_kinds_are_refused() {
    for value in
        [json!(["exp"]), json!([]), json!(["x", "x"]), json!(["alg"]), json!("x"), json!(null)]
    {
        refused(&in_header("crit", value), &usual(), "jwt-crit");
    }
    let b64 = json!({"alg": "RS256", "kid": "rsa", "b64": false, "crit": ["b64"]});
    refused(&token(b64, &claims()), &usual(), "jwt-b64");
    for typ in ["at+jwt", "application/at+jwt", "logout+jwt", "AT+JWT", "dpop+jwt"] {
        refused(&in_header("typ", json!(typ)), &usual(), "jwt-typ");
    }
    for typ in ["JWT", "jwt", "application/jwt"] {
        accepted(&in_header("typ", json!(typ)), &usual());
    }
    accepted(&token(without(header(), "typ"), &claims()), &usual());
    let logout = "http://schemas.openid.net/event/backchannel-logout";
    refused(&changed("events", json!({ logout: {} })), &usual(), "jwt-typ");
    refused(&changed("typ", json!("Bearer")), &usual(), "jwt-typ");
    refused(&changed("token_use", json!("access")), &usual(), "jwt-typ");
    accepted(&changed("typ", json!("ID")), &usual());
    accepted(&changed("token_use", json!("id")), &usual());
}

#[test]
fn only_the_compact_form_is_a_token() {
    let sound = token(header(), &claims());
    malformed(&format!("{sound}."), "jwt-structure");
    malformed(&format!("{sound}.e30"), "jwt-structure");
    malformed(&".".repeat(50_000), "jwt-structure");
    malformed("", "jwt-structure");
    malformed("abc", "jwt-structure");
    malformed(&format!("{sound}="), "jwt-structure");
    malformed(&sound.replacen('.', ".\n", 1), "jwt-structure");
    malformed(&sound.replacen('.', "+.", 1), "jwt-structure");
    // 256 bytes leave four bits behind the last whole byte, which must be zero.
    let last = sound.pop_last();
    let next = char::from(u8::try_from(u32::from(last.1) + 1).expect("ASCII"));
    malformed(&format!("{}{next}", last.0), "jwt-structure");
    let limit = judged(&"a".repeat(70_000), &usual());
    assert_eq!(outcome(&limit), ("limit", Some("jwt-size")));
    let large = in_header("x", json!("y".repeat(10_000)));
    assert_eq!(outcome(&judged(&large, &usual())), ("limit", Some("jwt-size")));
}

trait PopLast {
    fn pop_last(&self) -> (&str, char);
}

impl PopLast for String {
    fn pop_last(&self) -> (&str, char) {
        let last = self.chars().last().expect("a character");
        (&self[..self.len() - last.len_utf8()], last)
    }
}

#[test]
fn hostile_json_inside_is_no_token() {
    let text = |claims: &str| minted(&header().to_string(), claims, "RS256", "rsa");
    let twice = claims().to_string().replacen('{', r#"{"sub":"x","#, 1);
    malformed(&text(&twice), "jwt-json-duplicate");
    let escaped = claims().to_string().replacen('{', r#"{"\u0061ud":"x","#, 1);
    malformed(&text(&escaped), "jwt-json-duplicate");
    let deep = claims().to_string().replacen('{', r#"{"x":{"a":{"b":1,"b":1}},"#, 1);
    malformed(&text(&deep), "jwt-json-duplicate");
    for faulty in
        ["", "[]", "null", "{", "\u{feff}{}", r#"{"a":1e400}"#, r#"{"a":"\ud800"}"#, "{\"a\":01}"]
    {
        let rule = if faulty.is_empty() { "jwt-structure" } else { "jwt-json" };
        malformed(&text(faulty), rule);
    }
    let nested = format!("{{\"a\":{}1{}}}", "[".repeat(9_000), "]".repeat(9_000));
    assert_eq!(outcome(&judged(&text(&nested), &usual())), ("limit", Some("jwt-depth")));
    let big = claims().to_string().replacen('{', r#"{"big":18446744073709551616,"#, 1);
    accepted(&text(&big), &usual());
}

#[test]
fn claims_of_another_kind_are_refused_and_never_taken_for_absent() {
    let wrong = [
        ("exp", json!("1795522800")),
        ("exp", json!(true)),
        ("iat", json!("now")),
        ("nbf", json!({})),
        ("aud", json!({"cvat": 1})),
        ("aud", json!(["cvat", 7])),
        ("iss", json!([ISSUER])),
        ("sub", json!(248_289_761_001_i64)),
        ("azp", json!(["cvat"])),
        ("nonce", json!(["n-0S6"])),
        ("auth_time", json!("x")),
        ("at_hash", json!(1)),
    ];
    for (name, value) in wrong {
        refused(&changed(name, value), &usual(), "jwt-claim-type");
    }
    accepted(&changed("exp", fraction(1200)), &usual());
    accepted(&changed("nbf", json!(null)), &usual());
}

/// Half a second more than so many after the instant of the tests.
fn fraction(seconds: i64) -> Value {
    serde_json::from_str(&format!("{}.5", AT + seconds)).expect("a number")
}

#[test]
fn a_token_holds_until_its_end_and_not_at_it() {
    let mut exact = usual();
    exact.skew = 0;
    refused(&changed("exp", json!(AT)), &exact, "jwt-exp");
    accepted(&changed("exp", json!(AT + 1)), &exact);
    accepted(&changed("exp", fraction(0)), &exact);
    refused(&lacking("exp"), &exact, "jwt-exp");
    refused(&changed("exp", json!(-1)), &exact, "jwt-exp");
    refused(&changed("exp", json!(AT - 180)), &usual(), "jwt-exp");
    warned(&changed("exp", json!(AT - 179)), &usual(), "jwt-exp");
    warned(&changed("exp", json!(AT + 3_000_000)), &usual(), "jwt-exp-far");
    warned(&changed("exp", json!((AT + 1200) * 1000)), &usual(), "jwt-exp-far");
    // CVAT's library allows no difference.
    let mut cvat = usual();
    cvat.reader = Some(Reader::CVAT);
    refused(&changed("exp", json!(AT - 1)), &cvat, "jwt-exp");
    accepted(&changed("exp", json!(AT + 1)), &cvat);
}

#[test]
fn the_beginning_of_a_token_is_not_in_the_future() {
    refused(&changed("nbf", json!(AT + 181)), &usual(), "jwt-nbf");
    accepted(&changed("nbf", json!(AT + 180)), &usual());
    refused(&changed("iat", json!(AT + 181)), &usual(), "jwt-iat-future");
    accepted(&changed("iat", json!(AT + 180)), &usual());
    refused(&lacking("iat"), &usual(), "jwt-iat");
    let mut fresh = usual();
    fresh.max_age = Some(3600);
    let week = with(with(claims(), "iat", json!(AT - 604_800)), "auth_time", json!(AT));
    refused(&token(header(), &week), &fresh, "jwt-iat");
    accepted(&token(header(), &week), &usual());
}

#[test]
fn authentication_is_as_recent_and_strong_as_asked() {
    let mut fresh = usual();
    fresh.max_age = Some(3600);
    refused(&token(header(), &claims()), &fresh, "jwt-auth-time");
    refused(&changed("auth_time", json!(AT - 3781)), &fresh, "jwt-auth-time");
    accepted(&changed("auth_time", json!(AT - 3780)), &fresh);
    let mut strong = usual();
    strong.acr = vec!["phr".to_owned(), "phrh".to_owned()];
    refused(&token(header(), &claims()), &strong, "jwt-acr");
    refused(&changed("acr", json!("1")), &strong, "jwt-acr");
    accepted(&changed("acr", json!("phrh")), &strong);
}

#[test]
fn issuers_are_compared_byte_for_byte() {
    for other in
        ["https://idp.acme.test/", "https://IDP.acme.test", "http://idp.acme.test", "x", ""]
    {
        refused(&changed("iss", json!(other)), &usual(), "jwt-iss");
    }
    refused(&lacking("iss"), &usual(), "jwt-iss");
    let judged = judged(&changed("iss", json!("https://idp.acme.test/")), &usual());
    let compared = judged.verdict.reasons()[0].problem.comparison.clone().expect("two texts");
    assert_eq!(compared.difference.as_deref(), Some("a final slash too many"));
}

#[test]
fn a_template_needs_the_tenants_that_may_log_in() {
    let mut many = usual();
    let value = "https://login.acme.test/{tenantid}/v2.0".to_owned();
    many.issuer = Some(Issuer { value, is_address: false });
    let of = |tid: &str, iss: &str| {
        let iss = format!("https://login.acme.test/{iss}/v2.0");
        token(header(), &with(with(claims(), "tid", json!(tid)), "iss", json!(iss)))
    };
    assert_eq!(outcome(&judged(&of("one", "one"), &many)), ("undecided", Some("jwt-iss-template")));
    many.tenants = vec!["one".to_owned()];
    accepted(&of("one", "one"), &many);
    refused(&of("two", "two"), &many, "jwt-iss");
    refused(&of("one", "two"), &many, "jwt-iss");
    refused(&changed("iss", json!("https://login.acme.test/{tenantid}/v2.0")), &many, "jwt-iss");
}

#[test]
fn the_audience_is_the_client_and_nobody_else() {
    let with_party =
        |aud: Value, azp: Value| token(header(), &with(with(claims(), "aud", aud), "azp", azp));
    for aud in
        [json!("other"), json!(["other"]), json!([]), json!(""), json!("CVAT"), json!("cvat ")]
    {
        refused(&changed("aud", aud), &usual(), "jwt-aud");
    }
    refused(&lacking("aud"), &usual(), "jwt-aud");
    refused(&with_party(json!(["cvat", "evil"]), json!("cvat")), &usual(), "jwt-aud");
    let mut trusting = usual();
    trusting.audiences = vec!["api".to_owned()];
    accepted(&with_party(json!(["cvat", "api"]), json!("cvat")), &trusting);
    refused(&changed("aud", json!(["cvat", "api"])), &trusting, "jwt-azp");
    refused(&with_party(json!("cvat"), json!("other")), &usual(), "jwt-azp");
    accepted(&with_party(json!(["cvat"]), json!("cvat")), &usual());
}

#[test]
fn the_nonce_is_that_of_the_request() {
    refused(&changed("nonce", json!("other")), &usual(), "jwt-nonce");
    refused(&lacking("nonce"), &usual(), "jwt-nonce");
    let mut open = usual();
    open.nonce = None;
    let judged = judged(&token(header(), &claims()), &open);
    assert_eq!(outcome(&judged), ("accept", None));
    assert_eq!(
        judged.verdict.unchecked().iter().map(|one| one.item).collect::<Vec<_>>(),
        ["nonce"]
    );
    open.requires_all = true;
    let strict = self::judged(&token(header(), &claims()), &open);
    assert_eq!(outcome(&strict), ("undecided", Some("jwt-unchecked")));
}

#[test]
fn hashes_bind_what_came_with_the_token() {
    // The left half of SHA-256 of "access-1".
    let whole = ssoctl::crypto::digest::digest(Hash::Sha256, b"access-1");
    let half = encoded(&whole[..16]);
    let response = |hash: Option<&str>, access: &str| {
        let claims = match hash {
            Some(hash) => with(claims(), "at_hash", json!(hash)),
            None => claims(),
        };
        let text = json!({"id_token": token(header(), &claims), "access_token": access});
        read(text.to_string().as_bytes(), "response").expect("a response")
    };
    let judged = |received: ssoctl::oidc::jwt::Received| {
        let mut expectation = usual();
        expectation.beside = received.beside;
        outcome(&judge(&received.token, "token", &expectation, None))
    };
    assert_eq!(judged(response(Some(&half), "access-1")), ("accept", None));
    assert_eq!(judged(response(None, "access-1")), ("accept", None));
    assert_eq!(judged(response(Some(&half), "access-2")), ("reject", Some("jwt-at-hash")));
    let long = encoded(&whole);
    assert_eq!(judged(response(Some(&long), "access-1")), ("reject", Some("jwt-at-hash")));
    let front = |hash: Option<&str>| {
        let claims = hash.map_or_else(claims, |hash| with(claims(), "at_hash", json!(hash)));
        let token = token(header(), &claims);
        let text =
            format!("https://app.acme.test/cb#id_token={token}&access_token=access-1&state=s");
        read(text.as_bytes(), "address").expect("an address")
    };
    assert_eq!(judged(front(Some(&half))), ("accept", None));
    assert_eq!(judged(front(None)), ("reject", Some("jwt-at-hash")));
}

#[test]
fn the_subject_is_somebody_and_userinfo_the_same() {
    refused(&lacking("sub"), &usual(), "jwt-sub");
    refused(&changed("sub", json!("")), &usual(), "jwt-sub");
    refused(&changed("sub", json!("x".repeat(256))), &usual(), "jwt-sub");
    accepted(&changed("sub", json!("x".repeat(255))), &usual());
    let userinfo = |text: &str| {
        let mut expectation = usual();
        expectation.userinfo = Some(Object::read(text.as_bytes(), "userinfo").expect("JSON"));
        expectation
    };
    let sound = token(header(), &claims());
    accepted(&sound, &userinfo(r#"{"sub":"248289761001"}"#));
    refused(&sound, &userinfo(r#"{"sub":"1"}"#), "jwt-sub");
    refused(&sound, &userinfo(r#"{"email":"x@corp.test"}"#), "jwt-sub");
}

#[test]
fn an_address_that_nobody_vouches_for_is_told() {
    for claims in
        [without(claims(), "email_verified"), with(claims(), "email_verified", json!(false))]
    {
        warned(&token(header(), &claims), &usual(), "id-email-unverified");
    }
    warned(&changed("email_verified", json!("true")), &usual(), "jwt-claim-type");
}

#[test]
fn signatures_hold_by_the_letter_only() {
    let header = json!({"alg": "ES256", "kid": "p256"}).to_string();
    let sound = minted(&header, &claims().to_string(), "ES256", "p256");
    accepted(&sound, &usual());
    let (input, signature) = sound.rsplit_once('.').expect("three parts");
    let bytes = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    let mut forms: Vec<Vec<u8>> = vec![vec![0; 64], Vec::new(), vec![0; 63], vec![1; 65]];
    forms.push([&[0; 32], &bytes[32..]].concat());
    forms.push([&bytes[..32], &[0; 32]].concat());
    forms.push([&[0], bytes.as_slice()].concat());
    // The same pair in DER.
    let number = |half: &[u8]| [&[2, 33, 0], half].concat();
    let pair = [number(&bytes[..32]), number(&bytes[32..])].concat();
    forms.push([&[0x30, u8::try_from(pair.len()).expect("short")], pair.as_slice()].concat());
    for form in forms {
        refused(&format!("{input}.{}", encoded(form)), &usual(), "jwt-sig");
    }
    let header = json!({"alg": "EdDSA", "kid": "ed25519"}).to_string();
    let edwards = minted(&header, &claims().to_string(), "EdDSA", "ed25519");
    accepted(&edwards, &usual());
    let (input, signature) = edwards.rsplit_once('.').expect("three parts");
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    // S and the order of the group: a second spelling of the same number.
    let order: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0_u16;
    for (byte, add) in bytes[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    refused(&format!("{input}.{}", encoded(bytes)), &usual(), "jwt-sig");
    let (input, _) = token(self::header(), &claims())
        .rsplit_once('.')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .expect("parts");
    refused(&format!("{input}."), &usual(), "jwt-sig");
    let other = minted(&self::header().to_string(), &claims().to_string(), "RS256", "rsa-other");
    refused(&other, &usual(), "jwt-sig");
}

/// An encrypted token around some text.
fn sealed(header: &Value, content: &str) -> String {
    let beside = encoded(header.to_string());
    let transport = KeyTransport::Oaep { digest: Hash::Sha256, mgf: Hash::Sha256, label: None };
    let (key, initial) = ([7; 32], [9; 12]);
    let wrapped = wrap_key(&transport, &private("client").public(), &key).expect("a key");
    let (text, tag) = seal(Content::A256Gcm, &key, &initial, beside.as_bytes(), content.as_bytes())
        .expect("data");
    [beside, encoded(wrapped), encoded(initial), encoded(text), encoded(tag)].join(".")
}

#[test]
fn encryption_proves_nothing_and_odd_encryption_is_refused() {
    let outer = json!({"alg": "RSA-OAEP-256", "enc": "A256GCM"});
    let inner = token(header(), &claims());
    let mut holder = usual();
    holder.decryption_keys = vec![private("client")];
    accepted(&sealed(&outer, &inner), &holder);
    assert_eq!(
        outcome(&judged(&sealed(&outer, &inner), &usual())),
        ("undecided", Some("enc-key-missing"))
    );
    for content in [claims().to_string(), sealed(&outer, &inner), String::new(), "a.b".to_owned()] {
        let token = sealed(&outer, &content);
        let rule = if content.is_empty() { "malformed" } else { "reject" };
        assert_eq!(outcome(&judged(&token, &holder)), (rule, Some("jwt-structure")), "{content}");
    }
    for alg in ["PBES2-HS256+A128KW", "dir", "ECDH-ES", "A128KW", "", "RSA-OAEP-257"] {
        let outer = json!({"alg": alg, "enc": "A256GCM", "p2c": 100_000_000});
        refused(&sealed(&outer, &inner), &holder, "enc-algorithm");
    }
    let outer = |name: &str, value: Value| {
        with(json!({"alg": "RSA-OAEP-256", "enc": "A256GCM"}), name, value)
    };
    refused(&sealed(&outer("alg", json!("RSA1_5")), &inner), &holder, "enc-keytransport");
    refused(&sealed(&outer("enc", json!("A256CTR")), &inner), &holder, "enc-algorithm");
    refused(&sealed(&outer("crit", json!(["exp"])), &inner), &holder, "jwt-crit");
    let zipped = sealed(&outer("zip", json!("DEF")), &inner);
    assert_eq!(outcome(&judged(&zipped, &holder)), ("limit", Some("bind-inflate-limit")));
    let sound = sealed(&outer("cty", json!("JWT")), &inner);
    let (rest, tag) = sound.rsplit_once('.').expect("five parts");
    let short = &URL_SAFE_NO_PAD.decode(tag).expect("base64url")[..12];
    refused(&format!("{rest}.{}", encoded(short)), &holder, "enc-failed");
    refused(&format!("{rest}."), &holder, "enc-failed");
    holder.decryption_keys = vec![private("rsa")];
    refused(&sound, &holder, "enc-failed");
}

#[test]
fn the_outer_header_of_an_encryption_is_judged_and_may_repeat_claims() {
    let inner = token(header(), &claims());
    let mut holder = usual();
    holder.decryption_keys = vec![private("client")];
    let outer = |name: &str, value: Value| {
        let outer = with(json!({"alg": "RSA-OAEP-256", "enc": "A256GCM"}), name, value);
        sealed(&outer, &inner)
    };
    for (name, value, rule) in [
        ("jku", json!("https://evil.test/keys"), "jwt-header-key"),
        ("x5u", json!("https://evil.test/keys"), "jwt-header-key"),
        ("b64", json!(false), "jwt-b64"),
        ("typ", json!(["JWT"]), "jwt-typ"),
        ("cty", json!(1), "jwt-typ"),
        ("kid", json!(7), "jwt-claim-type"),
        ("iss", json!("https://evil.test"), "jwt-iss"),
        ("sub", json!("admin"), "jwt-sub"),
        ("aud", json!(["cvat", "other"]), "jwt-aud"),
        ("exp", json!(AT + 9999), "jwt-exp"),
    ] {
        refused(&outer(name, value), &holder, rule);
    }
    for (name, value) in [
        ("typ", json!("JWE")),
        ("cty", json!("JWT")),
        ("kid", json!("client")),
        ("iss", json!(ISSUER)),
        ("sub", json!("248289761001")),
        ("aud", json!(["cvat"])),
        ("unknown", json!(1)),
    ] {
        accepted(&outer(name, value), &holder);
    }
}

#[test]
fn a_subject_with_characters_that_nobody_sees_is_refused() {
    for sub in ["ada\0", "ada\n", "a\rda", "\u{7f}ada", "a\u{202e}da", "ada\u{200b}", "a\u{85}"] {
        refused(&changed("sub", json!(sub)), &usual(), "jwt-sub");
    }
    for sub in [" ada", "ada ", "zo\u{eb}"] {
        warned(&changed("sub", json!(sub)), &usual(), "jwt-sub");
    }
    accepted(&changed("sub", json!("ada lovelace|auth0~1")), &usual());
}

#[test]
fn a_parameter_of_the_protocol_comes_once_and_others_as_often_as_they_like() {
    let token = token(header(), &claims());
    let address = |rest: &str| format!("https://app.acme.test/cb{rest}");
    for (rest, name) in [
        (format!("#id_token={token}&id_token={token}"), "id_token"),
        (format!("#id_token=x.y.z&id%5Ftoken={token}"), "id_token"),
        (format!("?id_token=x.y.z#id_token={token}"), "id_token"),
        (format!("#id_token={token}&state=a&state=b"), "state"),
        (format!("#code=a&id_token={token}&code=a"), "code"),
        (format!("#iss=a&id_token={token}&iss=b"), "iss"),
        (format!("#access_token=a&access_token=b&id_token={token}"), "access_token"),
        (format!("#session_state=a&session_state=b&id_token={token}"), "session_state"),
        (format!("#error=a&error=b&id_token={token}"), "error"),
    ] {
        let Err(NoToken::Faulty(reason)) = read(address(&rest).as_bytes(), "address") else {
            panic!("{rest}");
        };
        assert_eq!(reason.rule.name, "bind-duplicate-param");
        assert!(reason.problem.message.starts_with(&format!("{name} comes more")), "{rest}");
    }
    for rest in [
        format!("#id_token={token}&state=a&lang=de&lang=en"),
        format!("?tab=1&tab=2#state=a&id_token={token}"),
        format!("#id_token={token}&state=id_token%3D1"),
    ] {
        let received = read(address(&rest).as_bytes(), "address").expect("an address");
        assert_eq!(received.token, token, "{rest}");
    }
    let form = format!("id_token={token}&state=a&id_token={token}");
    assert!(matches!(read(form.as_bytes(), "form"), Err(NoToken::Faulty(_))));
}

#[test]
fn truncated_and_changed_tokens_are_never_accepted() {
    let tokens = [
        token(header(), &claims()),
        sealed(&json!({"alg": "RSA-OAEP-256", "enc": "A256GCM"}), &token(header(), &claims())),
    ];
    // Keys of a curve keep this fast.
    let small = json!({"alg": "EdDSA", "kid": "ed25519"}).to_string();
    let small = minted(&small, &claims().to_string(), "EdDSA", "ed25519");
    let mut expectation = usual();
    expectation.decryption_keys = vec![private("client")];
    let is_refused = |text: &str| {
        let judged = judged(text, &expectation);
        assert_ne!(judged.verdict.class().word(), "accept", "{text}");
        drop(read(text.as_bytes(), "x"));
    };
    for end in 0..small.len() {
        is_refused(&small[..end]);
        for other in ["A", ".", "\0", "=", "é"] {
            if &small[end..=end] != other {
                is_refused(&format!("{}{other}{}", &small[..end], &small[end + 1..]));
            }
        }
    }
    for token in tokens {
        for end in (0..token.len()).step_by(37) {
            is_refused(&token[..end]);
        }
    }
}

#[test]
fn pastes_are_taken_as_they_come() {
    let sound = token(header(), &claims());
    let response =
        json!({"token_type": "Bearer", "id_token": sound, "access_token": "a"}).to_string();
    let forms = [
        (sound.clone(), vec![]),
        (format!("{sound}\n"), vec![]),
        (format!("  {sound}\r\n\n"), vec!["white space"]),
        (format!("Bearer {sound}"), vec!["header"]),
        (format!("Authorization: Bearer {sound}\n"), vec!["header"]),
        (format!("\"{sound}\""), vec!["quotes"]),
        (response.clone(), vec!["token response"]),
        (format!("\n{response}\n"), vec!["white space", "token response"]),
        (format!("code=x&id_token={sound}&state=y"), vec!["form"]),
    ];
    for (text, layers) in forms {
        let received = read(text.as_bytes(), "x").expect("a token");
        assert_eq!((received.token.as_str(), received.layers), (sound.as_str(), layers), "{text}");
    }
}

struct Case(tempfile::TempDir);

impl Case {
    fn new(token: &str, keys: &[Value]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder.path().join("token.txt"), token.as_bytes(), 0o600);
        let keys = json!({ "keys": keys }).to_string();
        write(&folder.path().join("keys.json"), keys.as_bytes(), 0o600);
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn run(&self, more: &[&str]) -> Run {
        let (token, keys) = (self.path("token.txt"), self.path("keys.json"));
        let mut arguments = vec!["decode-token", &token, "--jwks", &keys];
        arguments.extend(more);
        ssoctl(&arguments)
    }
}

fn document(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{} {}", run.stdout, run.stderr))
}

const PARTS: [&str; 6] = ["--issuer", ISSUER, "--client-id", "cvat", "--nonce", "n-0S6"];

#[test]
fn the_command_gives_verdict_view_and_exit_code() {
    let case = Case::new(&token(header(), &claims()), &[public("rsa")]);
    let run = case.run(&PARTS);
    assert_eq!(run.code, 0, "{} {}", run.stdout, run.stderr);
    assert!(run.stdout.starts_with("ACCEPTED  the token is sound"), "{}", run.stdout);
    assert!(!run.stdout.contains("UNVERIFIED"));
    let json = [&PARTS[..], &["--format", "json"]].concat();
    let report = document(&case.run(&json));
    assert_eq!(report["verdict"]["class"], "accept");
    assert_eq!(report["verdict"]["signed"], json!(["token"]));
    assert_eq!(report["view"]["kind"], "ID token");
    assert_eq!(report["view"]["verified"], true);
    assert_eq!(report["view"]["claims"]["sub"], "248289761001");
    assert_eq!(report["view"]["signatures"][0]["algorithm"], "RS256");
    let text = fs::read_to_string(
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas/report.schema.json"),
    );
    let schema: Value = serde_json::from_str(&text.expect("a file")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&report), "{report}");
    let forged =
        Case::new(&token(header(), &claims()), &[with(public("rsa-other"), "kid", json!("rsa"))]);
    let run = forged.run(&PARTS);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("REJECTED") && run.stdout.contains("UNVERIFIED"), "{}", run.stdout);
    let report = document(&forged.run(&json));
    assert_eq!(report["findings"][0]["name"], "jwt-sig");
    assert_eq!(report["view"]["verified"], false);
    assert_eq!(report["verdict"].get("account"), None);
}

#[test]
fn without_a_key_nothing_is_decided() {
    let case = Case::new(&token(header(), &claims()), &[]);
    let run = ssoctl(&["decode-token", &case.path("token.txt")]);
    assert_eq!(run.code, 3, "{}", run.stdout);
    assert!(
        run.stdout.contains("UNDECIDED") && run.stdout.contains("UNVERIFIED"),
        "{}",
        run.stdout
    );
    // A set without a fitting key is another matter.
    assert_eq!(case.run(&PARTS).code, 1);
    // What is wrong for certain outweighs what is missing.
    let run = ssoctl_with(&["decode-token", "-"], lacking("exp").as_bytes());
    assert_eq!(run.code, 1, "{}", run.stdout);
}

#[test]
fn other_inputs_are_named_with_what_to_do() {
    let told = [
        ("<samlp:Response/>", "decode-assertion"),
        (r#"{"keys": []}"#, "--jwks"),
        (r#"{"issuer": "x", "jwks_uri": "y"}"#, "--discovery"),
        (r#"{"error": "invalid_grant"}"#, "explain invalid_grant"),
        (r#"{"access_token": "x"}"#, "openid"),
        (r#"{"sub": "x"}"#, "--userinfo"),
        ("https://idp.acme.test", "ssoctl check"),
        ("-----BEGIN PRIVATE KEY-----", "--key"),
        ("", "paste"),
    ];
    for (text, hint) in told {
        let run = ssoctl_with(&["decode-token", "-"], text.as_bytes());
        assert_eq!(run.code, 2, "{text}");
        assert!(run.stderr.contains(hint), "{text}: {}", run.stderr);
    }
    let polyglot = r#"{"payload": "e30", "protected": "e30", "signature": "e30"}"#;
    let run = ssoctl_with(&["decode-token", "-", "--format", "json"], polyglot.as_bytes());
    assert_eq!(run.code, 1);
    assert_eq!(document(&run)["findings"][0]["name"], "jwt-structure");
    let run = ssoctl_with(&["decode-token", "-", "--format", "json"], &vec![b'a'; 10 << 20]);
    assert_eq!((run.code, &document(&run)["verdict"]["class"]), (1, &json!("limit")));
}

#[test]
fn secrets_are_in_no_output() {
    let response = json!({
        "id_token": token(header(), &claims()), "access_token": "at-secret-4711",
        "refresh_token": "rt-secret-4712",
    });
    let case =
        Case::new(&response.to_string(), &[with(public("rsa"), "d", json!("d-secret-4713"))]);
    write(&case.0.path().join("secret"), b"cs-secret-4714-short", 0o600);
    for format in ["text", "json", "html", "sarif", "markdown"] {
        let secret = case.path("secret");
        let run = case.run(&["--format", format, "--client-secret-file", &secret, "-v"]);
        assert_eq!(run.code, 1);
        assert!(!run.stdout.contains("secret-47"), "{}", run.stdout);
        assert!(
            !run.stdout.contains(token(header(), &claims()).rsplit_once('.').expect("parts").1)
        );
    }
    let masked = case.run(&["--mask", "-v"]);
    assert!(!masked.stdout.contains("ada@corp"), "{}", masked.stdout);
    assert!(!masked.stdout.contains("248289761001"), "{}", masked.stdout);
}

#[test]
fn a_short_client_secret_is_a_fault_of_the_command_line() {
    let header = json!({"alg": "HS256"}).to_string();
    let case = Case::new(&minted(&header, &claims().to_string(), "HS256", "rsa"), &[]);
    write(&case.0.path().join("secret"), b"short\n", 0o600);
    let run = case.run(&["--client-secret-file", &case.path("secret")]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("5 bytes") && run.stderr.contains("jwt-hmac-key-short"),
        "{}",
        run.stderr
    );
}

const CONFIGURATION: &str = "sso:\n  enabled: true\n  selection_mode: email_address\n  \
    identity_providers:\n    - id: acme\n      name: Acme\n      protocol: OIDC\n      \
    server_url: https://idp.acme.test\n      client_id: cvat\n      \
    client_secret: \"tB7wJ3xC9nF5hL2d\"\n      email_domain: corp.test\n";

#[test]
fn a_configuration_says_what_cvat_makes_of_the_token() {
    let case = Case::new(&token(header(), &claims()), &[public("rsa")]);
    write(&case.0.path().join("auth_config.yml"), CONFIGURATION.as_bytes(), 0o600);
    let config = case.path("auth_config.yml");
    let parts = ["--config", config.as_str(), "--provider", "acme"];
    let run = case.run(&parts);
    assert_eq!(run.code, 0, "{} {}", run.stdout, run.stderr);
    assert!(
        run.stdout.contains("CVAT would log in ada@corp.test (uid 248289761001)"),
        "{}",
        run.stdout
    );
    let report = document(&case.run(&[&parts[..], &["--format", "json"]].concat()));
    assert_eq!(report["verdict"]["account"]["uid"], "248289761001");
    assert_eq!(report["targets"][0]["app"], "cvat");
    // The signature counts, and what CVAT does about it is told.
    let forged =
        Case::new(&token(header(), &claims()), &[with(public("rsa-other"), "kid", json!("rsa"))]);
    let run = forged.run(&parts);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("CVAT does not verify the signature"), "{}", run.stdout);
    // An issuer that only the discovery document can settle.
    let other = Case::new(&changed("iss", json!("https://login.acme.test")), &[public("rsa")]);
    assert_eq!(other.run(&parts).code, 3);
    let slash = Case::new(&changed("iss", json!("https://idp.acme.test/")), &[public("rsa")]);
    assert_eq!(slash.run(&parts).code, 0);
    // A text where CVAT needs true or false.
    let odd = Case::new(&changed("email_verified", json!("true")), &[public("rsa")]);
    let run = odd.run(&parts);
    assert_eq!(run.code, 1, "{}", run.stdout);
    let twice = Case::new(&changed("exp", json!(AT - 10)), &[public("rsa")]);
    let run = twice.run(&parts);
    assert!(
        run.code == 1 && run.stdout.contains("CVAT allows clocks no difference"),
        "{}",
        run.stdout
    );
}

#[test]
fn keys_are_fetched_where_that_is_asked_for_and_from_nobody_else() {
    let keys = json!({"keys": [public("rsa")]}).to_string();
    let server = crate::server::Server::new(move |head, out| {
        let host = head.split("host: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let base = format!("http://{}", host.unwrap_or_default());
        let body = if head.contains(" /keys ") {
            keys.clone()
        } else {
            json!({"issuer": base, "jwks_uri": format!("{base}/keys"),
                "authorization_endpoint": "x"})
            .to_string()
        };
        let answer =
            crate::server::answer("200 OK", "Content-Type: application/json\r\n", body.as_bytes());
        drop(out.write_all(&answer));
    });
    let issuer = server.url("");
    let case = Case::new(&changed("iss", json!(issuer)), &[]);
    let token = case.path("token.txt");
    let parts = ["decode-token", &token, "--issuer", &issuer, "--client-id", "cvat"];
    let run = ssoctl(&parts);
    assert_eq!((run.code, server.connections()), (3, 0), "{}", run.stdout);
    let run = ssoctl(&[&parts[..], &["--fetch"]].concat());
    assert_eq!(run.code, 0, "{} {}", run.stdout, run.stderr);
    assert_eq!(server.requests().len(), 2);
    let run = ssoctl(&["decode-token", &token, "--fetch"]);
    assert_eq!(run.code, 2);
    let run = ssoctl(&["decode-token", &token, "--fetch", "--issuer", "http://127.0.0.1:9"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stdout.contains("could not be had"), "{}", run.stdout);
}

#[test]
fn the_scheme_of_the_minter_is_that_of_the_name() {
    let means = Algorithm::named("PS256").expect("known").means;
    assert_eq!(means, Means::Pair(Scheme::RsaPss(Hash::Sha256), "RSA", None));
}

/// The only finding of a rule, as the judgement has it.
fn told(judged: &Judged, rule: &str) -> ssoctl::problem::Problem {
    let mut found = judged.verdict.reasons().iter().filter(|one| one.rule.name == rule);
    let problem = found.next().unwrap_or_else(|| panic!("no {rule}")).problem.clone();
    assert!(found.next().is_none(), "{rule} twice");
    problem
}

#[test]
fn milliseconds_are_the_cause_and_what_follows_from_them_is_not() {
    let mut both = claims();
    both["iat"] = json!((AT - 300) * 1000);
    both["exp"] = json!((AT + 1200) * 1000);
    let found = judged(&token(header(), &both), &usual());
    assert_eq!(outcome(&found), ("reject", Some("jwt-iat-future")));
    let names: Vec<&str> = found.verdict.reasons().iter().map(|one| one.rule.name).collect();
    assert!(!names.contains(&"jwt-exp-far"), "{names:?}");
    let problem = told(&found, "jwt-iat-future");
    assert_eq!(problem.message, "iat and exp count milliseconds, and seconds are meant");
    assert!(problem.remedy.is_some_and(|remedy| remedy.contains("divide by 1000")));
    let one = judged(&changed("exp", json!((AT + 1200) * 1000)), &usual());
    let problem = told(&one, "jwt-exp-far");
    assert!(problem.message.starts_with("exp counts milliseconds") && problem.remedy.is_some());
    let beginning = judged(&changed("nbf", json!((AT - 300) * 1000)), &usual());
    assert_eq!(outcome(&beginning), ("reject", Some("jwt-nbf")));
    assert!(told(&beginning, "jwt-nbf").message.contains("milliseconds"));
    // A clock that is wrong by an hour counts seconds.
    let late = judged(&changed("iat", json!(AT + 3600)), &usual());
    assert!(!told(&late, "jwt-iat-future").message.contains("milliseconds"));
}

#[test]
fn a_paste_that_was_broken_into_lines_is_joined_and_that_is_said() {
    let sound = token(header(), &claims());
    let lines = |before: &str, end: &str| {
        let pieces = sound.as_bytes().chunks(70).map(|piece| String::from_utf8_lossy(piece));
        pieces.map(|piece| format!("{before}{piece}{end}")).collect::<Vec<_>>().concat()
    };
    for text in [lines("", "\n"), lines("> ", "\n"), lines(">> ", "\r\n"), lines("  ", " \n")] {
        let received = read(text.as_bytes(), "x").expect("a token");
        assert_eq!(received.token, sound, "{text}");
        assert!(received.layers.contains(&"line breaks"), "{:?}", received.layers);
    }
    // Words around it, and a blank within a line, are no line breaks.
    for text in [format!("here it is:\n{sound}"), sound.replacen('.', ". ", 1)] {
        let received = read(text.as_bytes(), "x").expect("a text");
        assert!(received.token != sound && received.layers.is_empty(), "{text}");
        malformed(&received.token, "jwt-structure");
    }
}

#[test]
fn what_is_no_token_is_called_what_it_is() {
    let page = "<!DOCTYPE html><html><title>log in</title>";
    let message = base64::engine::general_purpose::STANDARD
        .encode("<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>");
    let denied = "https://app.acme.test/cb?error=access_denied&error_description=no+consent";
    let told: [(&[u8], &str, &str); 6] = [
        (page.as_bytes(), "a web page", "token endpoint"),
        (message.as_bytes(), "SAML message", "decode-assertion"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no text", "eyJ"),
        (denied.as_bytes(), "(access_denied): no consent", "explain access_denied"),
        (b"https://app.acme.test/cb?code=SplxlOBe&state=x", "a code", "token endpoint"),
        (
            br#"{"error": "invalid_client", "error_description": "AADSTS7000215: Invalid"}"#,
            "AADSTS7000215: Invalid",
            "copy its Value",
        ),
    ];
    for (input, what, hint) in told {
        let run = ssoctl_with(&["decode-token", "-"], input);
        assert_eq!(run.code, 2, "{what}: {}", run.stdout);
        assert!(run.stderr.contains(what) && run.stderr.contains(hint), "{what}: {}", run.stderr);
        assert!(!run.stderr.contains("SplxlOBe"), "{}", run.stderr);
    }
    let opaque = judged("ya29.A0ARrdaM", &usual());
    let remedy = opaque.verdict.reasons()[0].problem.remedy.clone().expect("a remedy");
    assert!(remedy.contains("opaque access token") && remedy.contains("id_token"), "{remedy}");
    let cut = judged("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0", &usual());
    let remedy = cut.verdict.reasons()[0].problem.remedy.clone().expect("a remedy");
    assert!(remedy.contains("cut off"), "{remedy}");
}

#[test]
fn a_token_in_place_of_a_files_name_is_understood_and_not_repeated() {
    let sound = token(header(), &claims());
    let address = format!("https://app.acme.test/cb#id_token={sound}");
    for typed in [&sound, &address, &format!("Bearer {sound}")] {
        let run = ssoctl(&["decode-token", typed]);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains("paste") && !run.stderr.contains("eyJ"), "{}", run.stderr);
    }
    let plain = ssoctl(&["decode-token", "token-of-ada.txt"]);
    assert!(plain.stderr.contains("no such file"), "{}", plain.stderr);
}

#[test]
fn keys_that_did_not_come_are_missed_with_the_reason() {
    let case = Case::new(&changed("iss", json!("http://127.0.0.1:9")), &[]);
    let token = case.path("token.txt");
    let parts = ["decode-token", &token, "--client-id", "cvat", "--issuer", "http://127.0.0.1:9"];
    let run = ssoctl(&[&parts[..], &["--fetch"]].concat());
    assert_eq!(run.code, 3, "{}", run.stdout);
    assert_eq!(run.stdout.matches("could not be had").count(), 1, "{}", run.stdout);
    assert!(!run.stdout.contains("or --fetch"), "{}", run.stdout);
    let offline = ssoctl(&parts);
    assert!(offline.stdout.contains("or --fetch"), "{}", offline.stdout);
}

#[test]
fn a_slash_that_only_the_document_can_settle_is_warned_of() {
    let case = Case::new(&changed("iss", json!("https://idp.acme.test/")), &[public("rsa")]);
    write(&case.0.path().join("auth_config.yml"), CONFIGURATION.as_bytes(), 0o600);
    let config = case.path("auth_config.yml");
    let parts = ["--config", config.as_str(), "--provider", "acme", "--format", "json"];
    let run = case.run(&parts);
    let report = document(&run);
    let found = report["findings"].as_array().expect("a list").iter();
    let slash = found.into_iter().find(|one| one["name"] == "jwt-iss").expect("it is told");
    assert_eq!((run.code, &slash["severity"]), (0, &json!("warning")));
    assert_eq!(case.run(&[&parts[..], &["--strict"]].concat()).code, 1);
    let same = Case::new(&changed("iss", json!("https://idp.acme.test")), &[public("rsa")]);
    write(&same.0.path().join("auth_config.yml"), CONFIGURATION.as_bytes(), 0o600);
    let config = same.path("auth_config.yml");
    let run = same.run(&["--config", &config, "--provider", "acme", "--format", "json"]);
    assert!(!run.stdout.contains("jwt-iss"), "{}", run.stdout);
}

#[test]
fn a_signature_that_fails_is_said_to_fail_and_what_helps_comes_first() {
    let other = with(public("rsa-other"), "kid", json!("rsa"));
    let forged = Case::new(&token(header(), &claims()), &[other]);
    let report = document(&forged.run(&[&PARTS[..], &["--format", "json"]].concat()));
    assert_eq!(report["view"]["signatures"][0]["holds"], json!(false));
    let notes = report["findings"][0]["notes"].to_string();
    assert!(notes.contains("fix: the token anew"), "{notes}");
    let page = forged.run(&[&PARTS[..], &["--format", "html"]].concat()).stdout;
    assert!(!page.contains("no key was given"), "it was given");
    // Without a key nothing is known of the signature.
    let case = Case::new(&token(header(), &claims()), &[]);
    let run = ssoctl(&["decode-token", &case.path("token.txt"), "--format", "json"]);
    assert_eq!(document(&run)["view"]["signatures"][0]["holds"], Value::Null);
}

/// A configuration of CVAT with one provider.
const CVAT: &str = "sso:
  enabled: true
  selection_mode: email_address
  identity_providers:
    - id: staff
      name: Staff
      protocol: OIDC
      server_url: https://idp.acme.test
      client_id: cvat
      client_secret: keep-0123456789abcdef
      email_domain: corp.test
";

#[test]
fn the_headline_says_where_the_application_looks_less_closely() {
    let lead = |claims: &Value, more: &[&str]| {
        let case = Case::new(&token(header(), claims), &[public("rsa")]);
        write(&case.0.path().join("cvat.yml"), CVAT.as_bytes(), 0o600);
        let config = case.path("cvat.yml");
        let run = case.run(&[&["--config", &config], more].concat());
        assert_eq!(run.code, 1, "{} {}", run.stdout, run.stderr);
        run.stdout.split("\n\n").next().unwrap_or_default().replace("\n ", "")
    };
    let passed = "REJECTED  this token should log nobody in, though CVAT would let it through";
    let refused = "REJECTED  CVAT would not log anyone in";
    let several = with(with(claims(), "aud", json!(["cvat", "other"])), "azp", json!("cvat"));
    assert!(lead(&several, &[]).starts_with(passed), "{}", lead(&several, &[]));
    let nonce = lead(&claims(), &["--nonce", "n-1"]);
    assert!(nonce.starts_with(passed), "{nonce}");
    // One reason that the application stops at is enough.
    let late = lead(&with(several, "exp", json!(AT - 600)), &[]);
    assert!(late.starts_with(refused), "{late}");
}

#[test]
fn a_token_for_another_key_says_which_key_and_that_nothing_else_was_seen() {
    let outer = json!({"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": "enc-7"});
    let case = Case::new(&sealed(&outer, &token(header(), &claims())), &[public("rsa")]);
    let wrong = folder().join("keys/rsa.key").to_string_lossy().into_owned();
    let run = case.run(&[&PARTS[..], &["--key", &wrong]].concat());
    assert_eq!(run.code, 1, "{} {}", run.stdout, run.stderr);
    assert!(run.stdout.contains("fix: --key FILE"), "{}", run.stdout);
    assert!(run.stdout.contains("its header names the key enc-7"), "{}", run.stdout);
    assert!(run.stdout.contains("Nothing else could be looked at"), "{}", run.stdout);
}

#[test]
fn a_time_in_quotes_is_told_to_lose_them() {
    let quoted = judged(&token(header(), &with(claims(), "exp", json!("1795522800"))), &usual());
    let remedies: Vec<_> =
        quoted.verdict.reasons().iter().filter_map(|one| one.problem.remedy.as_deref()).collect();
    assert!(remedies.iter().any(|one| one.contains("without quotes")), "{remedies:?}");
}
