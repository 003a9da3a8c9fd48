//! Whom a token is for.

use serde_json::Value as Json;

use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::claims::{Claim, Claims};
use crate::oidc::jwt::ledger::Ledger;
use crate::saml::judge::nearness::compared;
use crate::source::printable;

/// The client is an audience, and every other audience is trusted.
pub(super) fn judge(claims: &Claims<'_>, ledger: &mut Ledger) {
    let audiences = match audiences(claims, ledger) {
        Claim::There(audiences) => audiences,
        Claim::Misfit => return,
        Claim::Absent => Vec::new(),
    };
    if audiences.is_empty() {
        let problem = claims
            .problem("there is no audience (aud)", "aud")
            .why("a token for nobody is none for this client");
        return ledger.reject(&cards::AUD, problem);
    }
    let expectation = claims.expectation;
    let Some(client) = &expectation.client_id else {
        return ledger.leave("audience", "pass --client-id ID");
    };
    if !audiences.contains(&client.as_str()) {
        let problem = claims
            .problem("the token is for another client", "aud")
            .compared(compared(std::slice::from_ref(client), &audiences.join(", ")))
            .why("aud has to hold the client ID of the application")
            .remedy("compare the client ID in the configuration with the one in the console");
        return ledger.reject(&cards::AUD, problem);
    }
    let is_foreign = |one: &&&str| {
        **one != client.as_str() && !expectation.audiences.iter().any(|own| own == **one)
    };
    let foreign: Vec<&str> = audiences.iter().filter(is_foreign).copied().collect();
    if !foreign.is_empty() {
        let message = format!("aud also names {}", printable(&foreign.join(", ")));
        let problem = claims
            .problem(message, "aud")
            .why("every audience could use the token here (Core, 3.1.3.7)")
            .remedy(
                "--audience ID for each one that is trusted; else one audience at the provider",
            );
        let problem = match expectation.reader {
            Some(reader) => problem.note(reader.lets_audiences_through()),
            None => problem,
        };
        ledger.reject(&cards::AUD, problem);
    }
}

/// Whom it was issued to is the client, and said where there are several audiences.
pub(super) fn authorized_party(claims: &Claims<'_>, ledger: &mut Ledger) {
    let party = claims.text("azp", ledger);
    let several = match claims.object.get("aud") {
        Some(Json::Array(all)) => {
            all.iter().any(|one| Some(one) != all.first()) && all.iter().all(Json::is_string)
        }
        _ => false,
    };
    match (party, &claims.expectation.client_id) {
        (Claim::There(party), Some(client)) if party != client => {
            let problem = claims
                .problem("the token was issued to another client", "azp")
                .compared(compared(std::slice::from_ref(client), party))
                .why("azp names the one client that may use it");
            ledger.reject(&cards::AZP, problem);
        }
        (Claim::Absent, _) if several => {
            let problem = claims
                .problem("there are several audiences and no azp", "azp")
                .why("nobody can tell which of them asked for the token");
            ledger.reject(&cards::AZP, problem);
        }
        _ => {}
    }
}

fn audiences<'c>(claims: &'c Claims<'_>, ledger: &mut Ledger) -> Claim<Vec<&'c str>> {
    let expected = "text, or a list of texts";
    match claims.object.get("aud") {
        None => Claim::Absent,
        Some(Json::String(one)) => {
            Claim::There(if one.is_empty() { Vec::new() } else { vec![one.as_str()] })
        }
        Some(Json::Array(all)) => match all.iter().map(Json::as_str).collect() {
            Some(all) => Claim::There(all),
            None => claims.misfit("aud", expected, ledger),
        },
        Some(_) => claims.misfit("aud", expected, ledger),
    }
}
