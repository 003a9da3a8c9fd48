//! When a token holds.

use jiff::Timestamp;

use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::claims::{Claim, Claims};
use crate::oidc::jwt::ledger::Ledger;
use crate::problem::Comparison;
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
        let is_milliseconds = end > MILLISECONDS;
        let message = format!("the token is valid for {}", length(end - now));
        let why = if is_milliseconds {
            "the number looks like milliseconds, and seconds are meant"
        } else {
            "whoever gets hold of it can use it as long"
        };
        let problem = claims.problem(message, "exp").why(why);
        ledger.add(&cards::EXP_FAR, Weight::Warning, problem);
    }
}

/// The token is valid already.
pub(super) fn not_before(claims: &Claims<'_>, ledger: &mut Ledger) {
    let Claim::There(start) = claims.instant("nbf", ledger) else { return };
    let now = seconds(claims.expectation.at);
    if start > now + small(claims.expectation.skew) {
        let message = format!("the token is valid in {} only", length(start - now));
        let problem = claims.problem(message, "nbf").remedy(CLOCKS);
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
        let message = format!("the token was issued {} from now", length(issued - now));
        let problem = claims.problem(message, "iat").remedy(CLOCKS);
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
            format!("the person logs in {} from now", length(at - now))
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
