//! What the claims of an ID token must say (OpenID Connect Core 1.0 sections 2, 3.1.3.7).

use serde_json::Value as Json;

use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::algorithm::Algorithm;
use crate::oidc::jwt::expectation::Expectation;
use crate::oidc::jwt::ledger::Ledger;
use crate::oidc::jwt::object::Object;
use crate::oidc::jwt::{audience, beside, issuer, subject, time};
use crate::problem::Problem;

/// The claims of a token and what they are judged by.
pub(super) struct Claims<'c> {
    /// The claims.
    pub(super) object: &'c Object,
    /// What they are judged by.
    pub(super) expectation: &'c Expectation,
    /// The algorithm of the signature, where it is known.
    pub(super) algorithm: Option<&'static Algorithm>,
}

/// A look at one thing in the claims.
type Check = fn(&Claims<'_>, &mut Ledger);

/// Judges all claims. Every rule is looked at, whatever the others find.
pub(super) fn judge(claims: &Claims<'_>, ledger: &mut Ledger) {
    for (item, check) in CHECKS {
        ledger.check(item, |ledger| check(claims, ledger));
    }
}

/// What times have to be.
const SECONDS: &str = "a number of seconds";

/// All checks, in the order in which they are told.
const CHECKS: [(&str, Check); 14] = [
    ("kind", subject::kind),
    ("iss", issuer::judge),
    ("aud", audience::judge),
    ("azp", audience::authorized_party),
    ("nonce", beside::nonce),
    ("hashes", beside::hashes),
    ("sub", subject::judge),
    ("userinfo", subject::userinfo),
    ("acr", subject::acr),
    ("exp", time::expiry),
    ("nbf", time::not_before),
    ("iat", time::issued),
    ("auth_time", time::authentication),
    ("e-mail", subject::email),
];

impl Claims<'_> {
    /// A problem with a claim.
    pub(super) fn problem(&self, message: impl Into<String>, name: &str) -> Problem {
        let problem = Problem::new(message, self.object.place(name));
        match self.expectation.told(name) {
            Some(note) => problem.note(note),
            None => problem,
        }
    }

    /// A claim that is text; none where it is absent. One of another kind is refused, and is not the
    /// same as an absent one.
    pub(super) fn text(&self, name: &str, ledger: &mut Ledger) -> Claim<&str> {
        match self.object.get(name) {
            None => Claim::Absent,
            Some(Json::String(text)) => Claim::There(text),
            Some(_) => self.misfit(name, "text", ledger),
        }
    }

    /// A claim that is an instant, in seconds.
    pub(super) fn instant(&self, name: &str, ledger: &mut Ledger) -> Claim<f64> {
        match self.object.get(name) {
            None => Claim::Absent,
            Some(Json::Number(number)) => match number.as_f64().filter(|one| one.is_finite()) {
                Some(seconds) => Claim::There(seconds),
                None => self.misfit(name, SECONDS, ledger),
            },
            Some(_) => self.misfit(name, SECONDS, ledger),
        }
    }

    /// Says that a claim is of the wrong kind.
    pub(super) fn misfit<T>(&self, name: &str, expected: &str, ledger: &mut Ledger) -> Claim<T> {
        let problem = self
            .problem(format!("{name} is not {expected}"), name)
            .why("a reader that takes such a claim for absent leaves its check out");
        let is_quoted = expected == SECONDS && self.object.get(name).is_some_and(Json::is_string);
        let problem = if is_quoted {
            problem.remedy("at the provider, numbers without quotes for the times")
        } else {
            problem.remedy(format!("at the provider, {expected}"))
        };
        ledger.reject(&cards::CLAIM_TYPE, problem);
        Claim::Misfit
    }
}

/// A claim as it was looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Claim<T> {
    /// It is not there.
    Absent,
    /// It is of another kind than it has to be, which was told.
    Misfit,
    /// It is there.
    There(T),
}
