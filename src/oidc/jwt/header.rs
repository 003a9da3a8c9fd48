//! What a header may say (RFC 7515 section 4, RFC 8725 section 3).

use serde_json::Value as Json;

use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::algorithm::Algorithm;
use crate::oidc::jwt::expectation::Expectation;
use crate::oidc::jwt::ledger::Ledger;
use crate::oidc::jwt::object::Object;
use crate::problem::Problem;
use crate::rule::Rule;
use crate::source::printable;
use crate::verdict::Weight;

/// Judges everything in a header but the key; gives the algorithm, where it is one that is allowed.
pub(super) fn judge(
    header: &Object,
    expectation: &Expectation,
    ledger: &mut Ledger,
) -> Option<&'static Algorithm> {
    let found = ledger.check("alg", |ledger| algorithm(header, expectation, ledger));
    ledger.check("header extensions", |ledger| extensions(header, ledger));
    ledger.check("header keys", |ledger| keys(header, ledger));
    ledger.check("typ", |ledger| kind(header, ledger));
    found
}

/// Judges what the header of an encryption says beside how to decrypt.
pub(super) fn outer(header: &Object, ledger: &mut Ledger) {
    if header.members.contains_key("b64") {
        let problem = Problem::new("the outer header has b64", header.place("b64"))
            .why("that is for signatures alone, and readers differ in what they make of it here");
        ledger.reject(&cards::B64, problem);
    }
    keys(header, ledger);
    for name in ["typ", "cty"] {
        if header.members.get(name).is_some_and(|value| !value.is_string()) {
            let problem = Problem::new(format!("{name} is no text"), header.place(name));
            ledger.reject(&cards::TYP, problem);
        }
    }
}

/// The claims that an outer header repeats are those inside (RFC 7519 section 5.3).
pub(super) fn replicated(outer: &Object, claims: &Object, ledger: &mut Ledger) {
    for (name, rule) in REPLICATED {
        let (Some(outside), Some(inside)) = (outer.members.get(name), claims.members.get(name))
        else {
            continue;
        };
        // A list of one is the same audience as that one.
        let bare = |value: &Json| match value {
            Json::Array(all) if all.len() == 1 => all[0].clone(),
            value => value.clone(),
        };
        if bare(outside) == bare(inside) {
            continue;
        }
        let message = format!("{name} of the outer header is another than that inside");
        let problem = Problem::new(message, outer.place(name))
            .why("nobody signed the outer header, and what is chosen by it may be somebody else's");
        ledger.reject(rule, problem);
    }
}

fn algorithm(
    header: &Object,
    expectation: &Expectation,
    ledger: &mut Ledger,
) -> Option<&'static Algorithm> {
    let problem = |message: String| Problem::new(message, header.place("alg"));
    let Some(name) = header.text("alg") else {
        let what = if header.get("alg").is_some() { "is no text" } else { "is missing" };
        ledger.reject(&cards::ALG_NOT_ALLOWED, problem(format!("alg {what}")));
        return None;
    };
    if name.trim().eq_ignore_ascii_case("none") {
        let problem = problem(format!("alg is {}", printable(name)))
            .why("anybody can write such a token")
            .remedy("the provider has to sign ID tokens with RS256 or ES256");
        ledger.reject(&cards::ALG_NONE, problem);
        return None;
    }
    let known = Algorithm::named(name);
    if let Some(known) = known.filter(|known| expectation.allows(known)) {
        return Some(known);
    }
    let problem = problem(format!("alg is {}, which is not allowed here", printable(name)));
    let problem = match known {
        None => problem.remedy(format!("one of {}", allowed(expectation))),
        Some(_) if name.starts_with("HS") => problem
            .why("whoever knows the secret can make such tokens, and a public key is none")
            .remedy(
                "a key pair at the provider (RS256 or ES256); where the client is registered for \
                 this one: --client-secret-file FILE",
            ),
        Some(_) => problem.remedy(format!("allowed: {}", allowed(expectation))),
    };
    ledger.reject(&cards::ALG_NOT_ALLOWED, problem);
    None
}

fn allowed(expectation: &Expectation) -> String {
    let all = Algorithm::of_pairs().chain(Algorithm::of_secrets());
    let names: Vec<&str> = all.filter(|one| expectation.allows(one)).map(|one| one.name).collect();
    names.join(", ")
}

fn extensions(header: &Object, ledger: &mut Ledger) {
    if header.members.contains_key("b64") {
        let problem = Problem::new("the header has b64", header.place("b64"))
            .why("then the signature is over other bytes than those that are read (RFC 7797)");
        ledger.reject(&cards::B64, problem);
    }
    let Some(demanded) = header.members.get("crit") else { return };
    let names = demanded.as_array().map(|all| {
        all.iter().map(|one| one.as_str().unwrap_or("?")).collect::<Vec<_>>().join(", ")
    });
    let names = names.filter(|names| !names.is_empty());
    let message = match names {
        Some(names) => format!("crit demands {}, which is not known here", printable(&names)),
        None => "crit is no list of names".to_owned(),
    };
    let problem = Problem::new(message, header.place("crit"))
        .why("a reader that does not know an extension must refuse the token (RFC 7515, 4.1.11)");
    ledger.reject(&cards::CRIT, problem);
}

fn keys(header: &Object, ledger: &mut Ledger) {
    for name in ["jku", "x5u"].into_iter().filter(|name| header.members.contains_key(*name)) {
        let problem = Problem::new(
            format!("the header has {name}, an address to fetch a key from"),
            header.place(name),
        )
        .why("whoever makes a token could name a key of their own; nothing was fetched")
        .remedy("keys come from the provider's key set only");
        ledger.reject(&cards::HEADER_KEY, problem);
    }
    for name in ["jwk", "x5c"].into_iter().filter(|name| header.members.contains_key(*name)) {
        let problem =
            Problem::new(format!("the header brings a key along ({name})"), header.place(name))
                .why("it is not looked at: a token cannot vouch for itself");
        ledger.add(&cards::HEADER_KEY, Weight::Note, problem);
    }
    let id = header.get("kid");
    if id.is_some_and(|id| !id.is_string()) {
        let problem = Problem::new("kid is no text", header.place("kid"));
        ledger.reject(&cards::CLAIM_TYPE, problem);
    }
}

fn kind(header: &Object, ledger: &mut Ledger) {
    let Some(typ) = header.members.get("typ") else { return };
    let Json::String(typ) = typ else {
        let problem = Problem::new("typ is no text", header.place("typ"));
        return ledger.reject(&cards::TYP, problem);
    };
    if ["jwt", "application/jwt"].contains(&typ.to_ascii_lowercase().as_str()) {
        return;
    }
    let kinds = [
        ("at+jwt", "an access token"),
        ("logout+jwt", "a logout token"),
        ("secevent+jwt", "a security event"),
        ("dpop+jwt", "a proof of possession"),
        ("token-introspection+jwt", "an answer about a token"),
        ("oauth-authz-req+jwt", "a request"),
    ];
    let short = typ.to_ascii_lowercase();
    let short = short.strip_prefix("application/").unwrap_or(&short);
    let what = kinds.iter().find(|(name, _)| *name == short).map(|(_, what)| *what);
    let what = what.unwrap_or("another kind of token");
    let problem =
        Problem::new(format!("typ is {}: this is {what}", printable(typ)), header.place("typ"))
            .why("a token made for something else must not log anyone in (RFC 8725, 3.11)")
            .remedy("take id_token out of the token response");
    ledger.reject(&cards::TYP, problem);
}

/// Claims that an outer header may repeat, and the rule that each falls under.
const REPLICATED: [(&str, &Rule); 6] = [
    ("iss", &cards::ISS),
    ("sub", &cards::SUB),
    ("aud", &cards::AUD),
    ("exp", &cards::EXP),
    ("nbf", &cards::NBF),
    ("iat", &cards::IAT),
];
