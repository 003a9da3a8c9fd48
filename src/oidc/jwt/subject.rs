//! What kind of token it is, and whom it is about.

use serde_json::Value as Json;

use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::claims::{Claim, Claims};
use crate::oidc::jwt::ledger::Ledger;
use crate::saml::judge::nearness::compared;
use crate::source::{is_unprintable, printable};
use crate::verdict::Weight;

/// The claims are those of no other kind of token.
pub(super) fn kind(claims: &Claims<'_>, ledger: &mut Ledger) {
    let object = claims.object;
    let says = |name: &str, words: &[&str]| {
        let own = object.text(name).unwrap_or_default();
        words.iter().any(|word| own.eq_ignore_ascii_case(word))
    };
    let (name, what) = if object.members.contains_key("events") {
        ("events", "a logout token or a security event")
    } else if says("typ", &["bearer"]) || says("token_use", &["access"]) {
        (if object.text("typ").is_some() { "typ" } else { "token_use" }, "an access token")
    } else if says("typ", &["refresh", "offline"]) {
        ("typ", "a refresh token")
    } else if says("typ", &["logout"]) {
        ("typ", "a logout token")
    } else {
        return;
    };
    let problem = claims
        .problem(format!("this is {what}, by its claim {name}"), name)
        .why("a token made for something else must not log anyone in (RFC 8725, 3.11)")
        .remedy("take id_token out of the token response");
    ledger.reject(&cards::TYP, problem);
}

/// There is a subject of a sound length, made of letters that show.
pub(super) fn judge(claims: &Claims<'_>, ledger: &mut Ledger) {
    let subject = match claims.text("sub", ledger) {
        Claim::There(subject) => subject,
        Claim::Misfit => return,
        Claim::Absent => "",
    };
    let length = subject.chars().count();
    let message = match length {
        0 => "there is no sub, so the token is about nobody".to_owned(),
        _ if length > LONGEST => format!("sub has {length} characters, and {LONGEST} is the most"),
        _ if subject.chars().any(is_unprintable) => {
            let problem = claims
                .problem(
                    format!("sub {} has characters that nobody sees", printable(subject)),
                    "sub",
                )
                .why("two names that look the same would be two persons");
            return ledger.reject(&cards::SUB, problem);
        }
        _ if subject.trim() != subject => {
            let problem = claims
                .problem("sub is padded with blanks", "sub")
                .why("applications differ in whether they take them off");
            return ledger.add(&cards::SUB, Weight::Warning, problem);
        }
        _ if !subject.is_ascii() => {
            let problem = claims
                .problem("sub has characters outside of ASCII", "sub")
                .why("databases compare such characters each in its own way (Core, section 2)");
            return ledger.add(&cards::SUB, Weight::Warning, problem);
        }
        _ => return,
    };
    let problem = claims.problem(message, "sub").why("issuer and sub together are the account");
    ledger.reject(&cards::SUB, problem);
}

/// The answer of the userinfo endpoint is about the same person (Core section 5.3.2).
pub(super) fn userinfo(claims: &Claims<'_>, ledger: &mut Ledger) {
    let Some(userinfo) = &claims.expectation.userinfo else { return };
    let own = claims.object.text("sub");
    let problem = match userinfo.get("sub") {
        Some(Json::String(sub)) if Some(sub.as_str()) == own => return,
        Some(Json::String(sub)) => {
            let place = userinfo.place("sub");
            crate::problem::Problem::new("userinfo is about another sub", place)
                .compared(compared(&[own.unwrap_or_default().to_owned()], sub))
        }
        _ => crate::problem::Problem::new("userinfo has no sub", userinfo.place("sub")),
    };
    let problem = problem.why("its claims may be somebody else's");
    ledger.reject(&cards::SUB, problem);
}

/// The person logged in by the means that were asked for.
pub(super) fn acr(claims: &Claims<'_>, ledger: &mut Ledger) {
    let found = claims.text("acr", ledger);
    let asked = &claims.expectation.acr;
    if asked.is_empty() {
        return;
    }
    let problem = match found {
        Claim::Misfit => return,
        Claim::There(got) if asked.iter().any(|one| one == got) => return,
        Claim::There(got) => claims
            .problem("the person logged in by other means than were asked for", "acr")
            .compared(compared(asked, got)),
        Claim::Absent => claims.problem(
            format!("there is no acr, and {} was asked for", printable(&asked.join(" or "))),
            "acr",
        ),
    };
    ledger.reject(&cards::ACR, problem);
}

/// Whether the provider vouches for the address.
pub(super) fn email(claims: &Claims<'_>, ledger: &mut Ledger) {
    let object = claims.object;
    if object.text("email").is_none() {
        return;
    }
    match object.get("email_verified") {
        Some(Json::Bool(true)) => {}
        // What the application makes of it stands with the account.
        Some(Json::Bool(false)) | None => {
            let problem = claims
                .problem(
                    "the token has an e-mail address and does not say that it is verified",
                    "email",
                )
                .why("anybody may have typed it, so no account must be found by it");
            ledger.add(&cards::EMAIL_UNVERIFIED, Weight::Note, problem);
        }
        Some(_) if claims.expectation.reader.is_none() => {
            let problem = claims
                .problem("email_verified is neither true nor false", "email_verified")
                .why("many readers take any text for true, even \"false\"");
            ledger.add(&cards::CLAIM_TYPE, Weight::Warning, problem);
        }
        Some(_) => {}
    }
}

const LONGEST: usize = 255;
