//! When a token holds.

use jiff::Timestamp;

use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::claims::{Claim, Claims};
use crate::oidc::jwt::ledger::Ledger;
use crate::problem::{Comparison, Problem};
use crate::verdict::Weight;

/// The token has not expired: `exp` itself is outside.
pub(super) fn expiry(claims: &Claims<'_>, ledger: &mut Ledger) {
    let expectation = claims.expectation;
    let end = match claims.instant("exp", ledger) {
        Claim::There(end) => end,
        Claim::Misfit => return,
        Claim::Absent => {
            let problem = claims
                .problem("there is no exp", "exp")
                .why("a token that never expires can be used for ever");
            return ledger.reject(&cards::EXP, problem);
        }
    };
    let now = seconds(expectation.at);
    let reader = expectation.reader;
    let allowed = reader.map_or(expectation.skew, |reader| reader.expiry_skew);
    if now >= end + small(allowed) {
        let message = format!("the token expired {} ago", length(now - end));
        let problem = claims
            .problem(message, "exp")
            .compared(Comparison {
                expected: format!("after {}", clock(now)),
                got: clock(end),
                difference: None,
            })
            .remedy("log in again; where the clock of the application is ahead, set it right");
        let problem = match reader {
            Some(reader) if now < end + small(expectation.skew) => {
                problem.why(format!("{} allows clocks no difference here", reader.name))
            }
            _ => problem.why("an old token may be in anybody's hands"),
        };
        return ledger.reject(&cards::EXP, problem);
    }
    if now >= end {
        let message = format!(
            "the token expired {} ago, which clocks that differ by {allowed} s allow",
            length(now - end)
        );
        ledger.add(&cards::EXP, Weight::Note, claims.problem(message, "exp"));
    }
    if end - now > FAR {
        far(claims, end, end - now, ledger);
    }
}

/// The end of a token that is further away than tokens live.
fn far(claims: &Claims<'_>, end: f64, left: f64, ledger: &mut Ledger) {
    if end <= MILLISECONDS {
        let problem = claims
            .problem(format!("the token is valid for {}", length(left)), "exp")
            .why("whoever gets hold of it can use it as long")
            .remedy("a shorter life of ID tokens at the provider: minutes are enough");
        return ledger.add(&cards::EXP_FAR, Weight::Warning, problem);
    }
    // Where the token's beginning counts so too, that is refused, and names this one along.
    if in_milliseconds(claims).iter().all(|name| *name == "exp") {
        let effect = format!("the token would be valid for {}", length(left));
        ledger.add(&cards::EXP_FAR, Weight::Warning, counted_wrong(claims, "exp", &effect));
    }
}

/// The instants of the token that can only be milliseconds.
fn in_milliseconds(claims: &Claims<'_>) -> Vec<&'static str> {
    let is_so = |name: &&str| {
        let number = claims.object.get(name).and_then(serde_json::Value::as_f64);
        number.is_some_and(|number| number > MILLISECONDS)
    };
    ["nbf", "iat", "exp"].into_iter().filter(is_so).collect()
}

/// An instant that counts milliseconds: the cause, before what follows from it.
fn counted_wrong(claims: &Claims<'_>, name: &str, effect: &str) -> Problem {
    let names = in_milliseconds(claims);
    let (names, verb) = match names.as_slice() {
        [] | [_] => (name.to_owned(), "counts"),
        [first, rest @ ..] => (format!("{first} and {}", rest.join(" and ")), "count"),
    };
    claims
        .problem(format!("{names} {verb} milliseconds, and seconds are meant"), name)
        .why(format!("read as seconds, {effect}"))
        .remedy(
            "whole seconds since 1970 at the provider: divide by 1000 in the script or mapping that \
             writes the claim",
        )
}

/// The token is valid already.
pub(super) fn not_before(claims: &Claims<'_>, ledger: &mut Ledger) {
    let Claim::There(start) = claims.instant("nbf", ledger) else { return };
    let now = seconds(claims.expectation.at);
    if start > now + small(claims.expectation.skew) {
        let problem = if start > MILLISECONDS {
            let effect = format!("the token would be valid in {} only", length(start - now));
            counted_wrong(claims, "nbf", &effect)
        } else {
            let message = format!("the token is valid in {} only", length(start - now));
            claims.problem(message, "nbf").remedy(CLOCKS)
        };
        ledger.reject(&cards::NBF, problem);
    }
}

/// The token says when it was issued, and that is not in the future.
pub(super) fn issued(claims: &Claims<'_>, ledger: &mut Ledger) {
    let expectation = claims.expectation;
    let issued = match claims.instant("iat", ledger) {
        Claim::There(issued) => issued,
        Claim::Misfit => return,
        Claim::Absent => {
            let problem = claims
                .problem("there is no iat", "iat")
                .why("an ID token has to say when it was issued (Core, section 2)");
            return ledger.reject(&cards::IAT, problem);
        }
    };
    let now = seconds(expectation.at);
    if issued > now + small(expectation.skew) {
        let problem = if issued > MILLISECONDS {
            let effect = format!("the token would be issued {} from now", length(issued - now));
            counted_wrong(claims, "iat", &effect)
        } else {
            let message = format!("the token was issued {} from now", length(issued - now));
            claims.problem(message, "iat").remedy(CLOCKS)
        };
        return ledger.reject(&cards::IAT_FUTURE, problem);
    }
    let Some(age) = expectation.max_age else { return };
    if now > issued + small(age) + small(expectation.skew) {
        let message =
            format!("the token was issued {} ago, and {age} s were allowed", length(now - issued));
        ledger.reject(&cards::IAT, claims.problem(message, "iat"));
    }
}

/// The person logged in recently enough, where that was asked for.
pub(super) fn authentication(claims: &Claims<'_>, ledger: &mut Ledger) {
    let expectation = claims.expectation;
    let found = claims.instant("auth_time", ledger);
    let Some(age) = expectation.max_age else { return };
    let now = seconds(expectation.at);
    let message = match found {
        Claim::Absent => "there is no auth_time, and a login not too long ago was asked for".into(),
        Claim::There(at) if now > at + small(age) + small(expectation.skew) => {
            format!("the person logged in {} ago, and {age} s were allowed", length(now - at))
        }
        Claim::There(at) if at > now + small(expectation.skew) => {
            format!("auth_time is {} from now, and the person has logged in", length(at - now))
        }
        Claim::Misfit | Claim::There(_) => return,
    };
    let problem = claims
        .problem(message, "auth_time")
        .remedy("the application has to ask with max_age, and the provider to answer auth_time");
    ledger.reject(&cards::AUTH_TIME, problem);
}

/// An instant as a number of seconds; whole microseconds are kept.
#[expect(
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "microseconds of this age fit"
)]
fn seconds(at: Timestamp) -> f64 {
    at.as_microsecond() as f64 / 1_000_000.0
}

/// A small number of seconds.
#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "2^53 s is no skew")]
fn small(seconds: i64) -> f64 {
    seconds as f64
}

/// An instant for people; one that no calendar has as its number.
#[expect(clippy::cast_possible_truncation, clippy::as_conversions, reason = "it saturates")]
fn clock(seconds: f64) -> String {
    let whole = seconds.floor() as i64;
    Timestamp::from_second(whole).map_or_else(|_| seconds.to_string(), |at| at.to_string())
}

/// A length of time in words.
#[expect(clippy::cast_possible_truncation, clippy::as_conversions, reason = "it saturates")]
fn length(seconds: f64) -> String {
    let seconds = seconds.max(0.0) as i64;
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} minutes", seconds / 60),
        7200..=172_799 => format!("{} hours", seconds / 3600),
        172_800..=63_072_000 => format!("{} days", seconds / 86_400),
        _ => format!("{} years", seconds / 31_557_600),
    }
}

const CLOCKS: &str = "set the clocks of application and provider right (NTP)";
/// Seconds of validity past which somebody should look: a week.
const FAR: f64 = 604_800.0;
/// A number past which seconds cannot be meant: the year 5138.
const MILLISECONDS: f64 = 100_000_000_000.0;
