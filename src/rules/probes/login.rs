//! Requests to the authorization endpoint.

use crate::oidc::cards::oidc as cards;
use crate::oidc::probe::{Arrival, UNREGISTERED, Words};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::probes::{Answer, Line, Probes, fine};

/// The application's own request.
pub(super) fn own(probes: &Probes, out: &mut Findings) -> Option<Line> {
    let arrival = match probes.login.as_ref()? {
        Ok(arrival) => arrival,
        Err(failure) => return Some(probes.unanswered(REDIRECT, failure, out)),
    };
    if !arrival.is_taken() && is_taken(probes.other_pkce.as_ref()) {
        return Some(mismatch(probes, arrival, out));
    }
    Some(match arrival {
        Arrival::NobodyLoggedIn(error) => {
            fine(REDIRECT, format!("client id and redirect URI are on record ({error})"))
        }
        Arrival::Code => {
            fine(REDIRECT, "client id and redirect URI are on record; a code came without a login")
        }
        Arrival::Refused(words) => refused(probes, words, out),
        Arrival::Elsewhere(host) => elsewhere(probes, host, out),
        Arrival::Page { status, says, .. } => page(probes, arrival, *status, says, out),
    })
}

/// The same request is taken with the other choice of PKCE.
fn mismatch(probes: &Probes, arrival: &Arrival, out: &mut Findings) -> Line {
    let app = &probes.app;
    let (message, remedy) = if probes.pkce {
        (
            format!("the provider takes the request of {app} only without PKCE"),
            "switch PKCE off in the application, or let the client use it at the provider",
        )
    } else {
        (
            format!("the provider demands PKCE, and {app} is not set to send it"),
            "switch PKCE on in the application (CVAT: sso.enable_pkce: true)",
        )
    };
    let is_said =
        matches!(arrival, Arrival::Refused(words) if words.error == Some("invalid_request"));
    let is_certain = is_said && probes.is_modelled;
    let problem = probes
        .problem(message, &probes.places.pkce)
        .why("the same request was sent twice, with PKCE and without: one was taken, the other refused")
        .remedy(remedy)
        .severity(if is_certain { Severity::Error } else { Severity::Warning });
    Probes::wrong(&cards::PKCE_MISMATCH, PKCE, problem, out)
}

/// A refusal at the redirect URI: client and redirect URI are known, the request is not taken.
fn refused(probes: &Probes, words: &Words, out: &mut Findings) -> Line {
    match words.error {
        Some("server_error" | "temporarily_unavailable" | "access_denied") => {
            probes.undecided(REDIRECT, &format!("the provider answers {words}"), out)
        }
        Some("unauthorized_client" | "unsupported_response_type") => {
            let problem = not_allowed(probes, words);
            Probes::wrong(&cards::CLIENT_NOT_ALLOWED, REDIRECT, problem, out)
        }
        _ => {
            let message = format!("the provider refuses the login request ({words})");
            let problem = probes
                .problem(message, &probes.places.client_id)
                .why(format!(
                    "{} sends the same request at each login, but for prompt=none, which is refused here by few",
                    probes.app
                ))
                .remedy("compare scopes and grant types of the client at the provider");
            Probes::wrong(&cards::REFUSED_REQUEST, REDIRECT, explained(problem, words), out)
        }
    }
}

/// A client that is known and may not do this.
fn not_allowed(probes: &Probes, words: &Words) -> Problem {
    let message = format!("the client may not use the authorization code flow ({words})");
    let problem = probes
        .problem(message, &probes.places.client_id)
        .why(format!("{} logs people in by this flow alone", probes.app))
        .remedy("allow the grant authorization_code and the response type code for this client");
    explained(problem, words)
}

fn elsewhere(probes: &Probes, host: &str, out: &mut Findings) -> Line {
    // A provider that heeds no prompt=none shows its login page, but not to everybody.
    if is_turned_away(probes.unregistered.as_ref()) {
        return fine(REDIRECT, PROBABLY_KNOWN);
    }
    let says = format!("the browser would be sent to {host}, not to the redirect URI");
    probes.undecided(REDIRECT, &says, out)
}

fn page(probes: &Probes, arrival: &Arrival, status: u16, says: &Words, out: &mut Findings) -> Line {
    if !arrival.is_turned_away() && says.number.is_none() {
        if status < 500 && is_turned_away(probes.unregistered.as_ref()) {
            return fine(REDIRECT, PROBABLY_KNOWN);
        }
        let what = described(arrival, status);
        return probes.undecided(REDIRECT, &format!("{what} in place of an answer"), out);
    }
    let words = if *says == Words::default() { String::new() } else { format!(", {says}") };
    let message = format!(
        "the client id or the redirect URI is probably not on record (a page with status {status}{words})"
    );
    let problem = probes
        .problem(message, &probes.places.client_id)
        .why("a provider that knows both answers at the redirect URI; one that does not has nobody to answer to, and shows a page")
        .remedy("compare both with the client at the provider, letter by letter: `ssoctl setup --config FILE` prints the redirect URI");
    Probes::wrong(&cards::UNKNOWN_CLIENT_OR_REDIRECT, REDIRECT, explained(problem, says), out)
}

/// Whether PKCE is demanded.
pub(super) fn pkce(probes: &Probes, out: &mut Findings) -> Option<Line> {
    if !is_taken(probes.login.as_ref()) {
        return None;
    }
    let other = match probes.other_pkce.as_ref()? {
        Ok(other) => other,
        Err(failure) => return Some(probes.unanswered(PKCE, failure, out)),
    };
    if other.is_taken() {
        let problem = probes
            .problem("the provider takes requests with PKCE and without", &probes.places.pkce)
            .why(
                "PKCE protects a code best where the provider demands it (RFC 9700, section 2.1.1)",
            )
            .remedy("demand PKCE for this client at the provider, once the application sends it");
        out.report(&cards::PKCE_NOT_DEMANDED, problem);
        return Some(fine(PKCE, "taken, and not demanded"));
    }
    let says = if probes.pkce { "demanded, and sent" } else { "refused, and not sent" };
    Some(fine(PKCE, says))
}

/// Where an answer to an address that nobody registered goes.
pub(super) fn unregistered(probes: &Probes, out: &mut Findings) -> Option<Line> {
    let arrival = match probes.unregistered.as_ref()? {
        Ok(arrival) => arrival,
        Err(failure) => return Some(probes.unanswered(UNREGISTERED_REDIRECT, failure, out)),
    };
    Some(match arrival {
        Arrival::Elsewhere(host) => {
            let says = format!(
                "nothing is sent there at once (the browser would be sent to {host}; after a login it may be)"
            );
            fine(UNREGISTERED_REDIRECT, says)
        }
        Arrival::Page { status, .. } if arrival.is_turned_away() => fine(
            UNREGISTERED_REDIRECT,
            format!("nothing is sent there (a page with status {status})"),
        ),
        Arrival::Page { status, .. } => {
            let what = described(arrival, *status);
            let says = format!("nothing is sent there at once ({what}; after a login it may be)");
            fine(UNREGISTERED_REDIRECT, says)
        }
        Arrival::Code | Arrival::NobodyLoggedIn(_) | Arrival::Refused(_) => {
            let message =
                format!("answers are sent to {UNREGISTERED}, which nobody can have registered");
            let problem = probes
                .problem(message, &probes.places.client_id)
                .why("whoever makes a link can have people's authorization codes sent to a page of their own")
                .remedy("register full redirect URIs, without wildcards, and have the provider compare them exactly");
            Probes::wrong(&cards::OPEN_REDIRECT, UNREGISTERED_REDIRECT, problem, out)
        }
    })
}

fn explained(problem: Problem, words: &Words) -> Problem {
    match words.number.as_deref().or(words.error) {
        Some(name) => problem.note(format!("what it means: ssoctl explain {name}")),
        None => problem,
    }
}

fn is_taken(answer: Option<&Answer<Arrival>>) -> bool {
    matches!(answer, Some(Ok(arrival)) if arrival.is_taken())
}

pub(super) fn is_turned_away(answer: Option<&Answer<Arrival>>) -> bool {
    matches!(answer, Some(Ok(arrival)) if arrival.is_turned_away())
}

/// What a page is called.
fn described(arrival: &Arrival, status: u16) -> String {
    if matches!(arrival, Arrival::Page { asks_to_log_in: true, .. }) {
        return format!("a login page with status {status}");
    }
    format!("a page with status {status}")
}

const PROBABLY_KNOWN: &str =
    "client id and redirect URI are probably on record: an unregistered one is answered otherwise";
const REDIRECT: &str = "redirect";
const PKCE: &str = "pkce";
const UNREGISTERED_REDIRECT: &str = "other redirect";
