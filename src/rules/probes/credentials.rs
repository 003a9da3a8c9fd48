//! The client's credentials at the token endpoint.

use crate::oidc::cards::oidc as cards;
use crate::oidc::probe::{Method, Redeemed, Words};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::probes::login::is_turned_away;
use crate::rules::probes::{Line, Probes, fine};

/// What the token endpoint said of the client.
pub(super) fn judge(probes: &Probes, out: &mut Findings) -> Option<Line> {
    let (method, answer) = probes.redeemed.first()?;
    let redeemed = match answer {
        Ok(redeemed) => redeemed,
        Err(failure) => return Some(probes.unanswered(CREDENTIALS, failure, out)),
    };
    Some(match redeemed {
        Redeemed::Tokens => tokens(probes, out),
        Redeemed::CodeRefused(error) => fine(
            CREDENTIALS,
            format!(
                "id, secret and {} are probably right ({error}: most providers look at the client before the code)",
                method.name()
            ),
        ),
        // The redirect URI is a part of this request too.
        Redeemed::ClientRefused { says, .. }
            if says.error == Some("unauthorized_client")
                && is_turned_away(probes.login.as_ref()) =>
        {
            probes.undecided(CREDENTIALS, &format!("the token endpoint answers {says}"), out)
        }
        Redeemed::ClientRefused { says, .. } => refused(probes, *method, redeemed, says, out),
        Redeemed::Other { status, says } => {
            let says = format!("the token endpoint answers with status {status}, {says}");
            probes.undecided(CREDENTIALS, &says, out)
        }
    })
}

fn refused(
    probes: &Probes,
    method: Method,
    redeemed: &Redeemed,
    says: &Words,
    out: &mut Findings,
) -> Line {
    let second = probes.redeemed.get(1);
    if let Some((other, Ok(Redeemed::CodeRefused(_) | Redeemed::Tokens))) = second {
        return otherwise(probes, method, *other, says, out);
    }
    // The words of RFC 6749 section 5.2, in answer to what the application itself would send.
    let is_certain = probes.is_modelled && redeemed.is_invalid_client();
    let message = format!("the token endpoint refuses the client ({says})");
    let mut problem = probes
        .problem(message, &probes.places.client_secret)
        .why(as_sent(probes, method))
        .remedy("copy the secret's value anew from the client with this client id, and look whether it has expired")
        .severity(if is_certain { Severity::Error } else { Severity::Warning });
    if says.error == Some("unauthorized_client") {
        let note = "some providers say this of a wrong secret or redirect URI, the standard of a client that may not use the authorization code flow";
        problem = problem.note(note);
    }
    if matches!(second, Some((_, Ok(Redeemed::ClientRefused { .. })))) {
        problem = problem.note("it is refused in the form and in the header alike");
    }
    if let Some(number) = &says.number {
        problem = problem.note(format!("what it means: ssoctl explain {number}"));
    }
    Probes::wrong(&cards::REFUSED_CREDENTIALS, CREDENTIALS, problem, out)
}

/// The client is taken where it proves itself in the other way.
fn otherwise(
    probes: &Probes,
    method: Method,
    other: Method,
    says: &Words,
    out: &mut Findings,
) -> Line {
    let (method, other) = (method.name(), other.name());
    let sends = if probes.is_modelled { "sends" } else { "may send" };
    let message = format!("the provider takes {other}, and {} {sends} {method}", probes.app);
    let problem: Problem = probes
        .problem(message, &probes.places.method)
        .why(format!(
            "{method} was refused ({says}), {other} was not: the client is registered for it"
        ))
        .remedy(format!(
            "{other} in the application (CVAT: token_auth_method: {other}), or {method} for the client at the provider"
        ));
    let problem = if probes.is_modelled { problem } else { problem.severity(Severity::Info) };
    Probes::wrong(&cards::OTHER_AUTH_METHOD, CREDENTIALS, problem, out)
}

/// How near the request was to the application's own.
fn as_sent(probes: &Probes, method: Method) -> String {
    let (app, method) = (&probes.app, method.name());
    if probes.is_modelled {
        format!(
            "the request is the one that {app} sends at each login ({method}), apart from the code"
        )
    } else {
        format!("the secret was sent as {method}, and {app} sends the same one at each login")
    }
}

fn tokens(probes: &Probes, out: &mut Findings) -> Line {
    let problem = probes
        .problem("tokens are given for a code that nobody issued", &probes.places.client_id)
        .why("whoever knows the client can log in as somebody without a password")
        .remedy("this is a provider for trials: put no application behind it");
    Probes::wrong(&cards::INVENTED_CODE_TAKEN, CREDENTIALS, problem, out)
}

const CREDENTIALS: &str = "credentials";
