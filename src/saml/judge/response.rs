//! What the message around an assertion says. It is often not signed, and then it can only speak
//! against the login.

use crate::problem::Problem;
use crate::saml::cards::saml;
use crate::saml::judge::ledger::{Ledger, weighed};
use crate::saml::judge::nearness;
use crate::saml::judge::window::{self, Clock};
use crate::saml::judge::{Ground, Part, shown};
use crate::saml::message::{Attributed, Head, Instant, Response, Status, Text};
use crate::saml::policy::{Point, Policy, UrlMatch};
use crate::source::Span;
use crate::verdict::{Unchecked, Weight};

/// That the login succeeded.
pub(super) fn status(part: Part<'_>, status: Option<&Status>, tag: Span, ledger: &mut Ledger) {
    let problem = match status {
        None => part.problem("the message has no status", tag),
        Some(status) if status.is_success() => return,
        Some(status) => failure(part, status),
    };
    ledger.reject(&saml::STATUS, problem.why("the identity provider let nobody in"));
}

fn failure(part: Part<'_>, status: &Status) -> Problem {
    let last = |code: &Attributed| code.value.rsplit(':').next().unwrap_or_default().to_owned();
    let codes: Vec<String> = status.codes.iter().map(last).collect();
    let message = if codes.is_empty() {
        "the status has no code".to_owned()
    } else {
        format!("the identity provider answered {}", shown(&codes.join(" / ")))
    };
    let span = status.codes.first().map_or(status.span, |code| code.span);
    let mut problem = part.problem(message, span);
    if let Some(text) = &status.message {
        problem = problem.note(format!("it says: {}", shown(&text.value)));
    }
    match status.codes.last() {
        Some(code) => problem.remedy(format!("see `ssoctl explain {}`", last(code))),
        None => problem,
    }
}

/// That the message was sent to the application.
pub(super) fn destination(
    part: Part<'_>,
    ground: &Ground<'_>,
    head: &Head,
    expected: &[String],
    is_signed: bool,
    ledger: &mut Ledger,
) {
    let Some(destination) = head.destination.as_ref().filter(|one| !one.value.is_empty()) else {
        return no_destination(part, ground, head, is_signed, ledger);
    };
    if expected.is_empty() {
        return ledger.unchecked.push(Unchecked { item: "destination", how: "pass --acs" });
    }
    let got = destination.value.as_str();
    if let Some(weight) = matched(expected, got, ground.policy.destination) {
        let problem = part
            .problem("the message was sent to another address", destination.span)
            .compared(nearness::compared(expected, got))
            .remedy("register the address of the application at the identity provider, letter for letter");
        ledger.add(&saml::DESTINATION, weight, lax(problem, weight, ground));
    }
    ledger.checked("destination", &[&saml::DESTINATION]);
}

fn no_destination(
    part: Part<'_>,
    ground: &Ground<'_>,
    head: &Head,
    is_signed: bool,
    ledger: &mut Ledger,
) {
    let is_empty = head.destination.is_some();
    let span = head.destination.as_ref().map_or(head.tag, |destination| destination.span);
    let what = if is_empty { "the Destination is empty" } else { "the message has no Destination" };
    let problem = part.problem(what, span);
    if is_empty || is_signed {
        let problem = problem.why("a signed message that names no address can be sent anywhere");
        if is_empty {
            return ledger.reject(&saml::DESTINATION, problem);
        }
        return ledger.point(ground.policy, Point::DestinationMissing, &saml::DESTINATION, problem);
    }
    ledger.add(&saml::DESTINATION, Weight::Warning, problem);
}

/// What comes of an address that is none of the expected ones; none where it is one.
pub(super) fn matched(expected: &[String], got: &str, how: UrlMatch) -> Option<Weight> {
    if expected.iter().any(|one| one == got) {
        return None;
    }
    let is_near = expected.iter().any(|one| match how {
        UrlMatch::Exact => false,
        UrlMatch::Contains => got.contains(one.as_str()),
        UrlMatch::Prefix => small_host(got).starts_with(&small_host(one)),
    });
    Some(if is_near { Weight::Warning } else { Weight::Reject })
}

/// A problem that a reader lets through, with its name.
pub(super) fn lax(problem: Problem, weight: Weight, ground: &Ground<'_>) -> Problem {
    match &ground.policy.reader {
        Some(reader) if weight == Weight::Warning => {
            problem.note(format!("{} lets it through", reader.name()))
        }
        _ => problem,
    }
}

/// That the answer is to the request that is known.
pub(super) fn in_response_to(
    part: Part<'_>,
    ground: &Ground<'_>,
    response: &Response,
    ledger: &mut Ledger,
) {
    let answered = response.in_response_to.as_ref();
    if let Some(expected) = &ground.expectation.request_id {
        let problem = match answered {
            Some(got) if got.value == *expected => {
                return ledger.checked("in-response-to", &[&saml::IN_RESPONSE_TO]);
            }
            Some(got) => part
                .problem("the response answers another request", got.span)
                .compared(nearness::compared(std::slice::from_ref(expected), &got.value)),
            None => part.problem("the response answers no request", response.head.tag),
        };
        return ledger.reject(&saml::IN_RESPONSE_TO, problem);
    }
    let how = "pass --request-id";
    ledger.unchecked.push(Unchecked { item: "in-response-to", how });
    if answered.is_none() {
        let problem = part
            .problem("the response answers no request", response.head.tag)
            .remedy("start the login at the application, not at the identity provider");
        ledger.point(ground.policy, Point::Unsolicited, &saml::UNSOLICITED, problem);
    }
}

/// That a message or assertion was not made in the future, nor too long ago.
pub(super) fn issued(
    part: Part<'_>,
    ground: &Ground<'_>,
    of: &str,
    issued: Option<&Instant>,
    ledger: &mut Ledger,
) {
    let Some(instant) = issued else { return };
    let Some(at) = made_at(part, ground, instant, ledger) else { return };
    let clock = ground.clock();
    let now = ground.expectation.at;
    let is_future = clock.is_future(at);
    let far = ground.policy.issue_window.filter(|seconds| {
        clock.is_older(at, *seconds) || Clock { at, ..clock }.is_older(now, *seconds)
    });
    if let (Some(_), Some(reader)) = (far, &ground.policy.reader) {
        let problem = part
            .problem(format!("{of} was made at another time than now"), instant.span)
            .compared(window::compared("about", now, at))
            .why(format!("{} refuses it", reader.name()));
        return ledger.reject(&saml::ISSUE_INSTANT, problem);
    }
    if is_future {
        let problem = part
            .problem(format!("{of} was made in the future"), instant.span)
            .compared(window::compared("before", now, at))
            .remedy("set the clocks of both sides");
        ledger.point(ground.policy, Point::IssuedInFuture, &saml::ISSUE_INSTANT, problem);
    }
}

/// The instant that is written, and what is wrong with how it is.
pub(super) fn instant_of(
    part: Part<'_>,
    ground: &Ground<'_>,
    instant: &Instant,
    ledger: &mut Ledger,
) -> Option<jiff::Timestamp> {
    let (found, at) = spelled(part, ground, instant);
    if let Some((weight, problem)) = found {
        ledger.add(&saml::TIME_FORMAT, weight, problem);
    }
    at
}

/// The instant at which something was made, and what is wrong with how it is written. Not every
/// library reads it.
pub(super) fn made_at(
    part: Part<'_>,
    ground: &Ground<'_>,
    instant: &Instant,
    ledger: &mut Ledger,
) -> Option<jiff::Timestamp> {
    if ground.policy.reads_issue_instants {
        return instant_of(part, ground, instant, ledger);
    }
    let policy = Policy::strict();
    instant_of(part, &Ground { policy: &policy, ..*ground }, instant, ledger)
}

/// What is wrong with how an instant is written, and the instant.
pub(super) fn spelled(
    part: Part<'_>,
    ground: &Ground<'_>,
    instant: &Instant,
) -> (Option<(Weight, Problem)>, Option<jiff::Timestamp>) {
    match instant.at {
        Ok(at) if instant.has_offset => {
            let message = format!("{} is not written in UTC", shown(&instant.text));
            let problem = part.problem(message, instant.span).remedy("end it with Z");
            (weighed(ground.policy, Point::Offset, problem), Some(at))
        }
        Ok(at) if instant.is_unusual => {
            let message = format!("{} is not written plainly", shown(&instant.text));
            let problem = part
                .problem(message, instant.span)
                .remedy("write hours from 00 to 23, and no space around");
            (weighed(ground.policy, Point::InstantSpelling, problem), Some(at))
        }
        Ok(at) => (None, Some(at)),
        Err(fault) => {
            let message = format!("{} {}", shown(&instant.text), fault.message());
            (Some((Weight::Reject, part.problem(message, instant.span))), None)
        }
    }
}

/// That the message was made by the expected identity provider.
pub(super) fn issuer(
    part: Part<'_>,
    ground: &Ground<'_>,
    of: &str,
    issuer: &Text,
    ledger: &mut Ledger,
) {
    let Some(expected) = &ground.expectation.issuer else { return };
    if issuer.value == *expected {
        return;
    }
    let problem = part
        .problem(format!("{of} was made by another identity provider"), issuer.span)
        .compared(nearness::compared(std::slice::from_ref(expected), &issuer.value))
        .remedy("write the Issuer as it is into the configuration, if it is the right one");
    ledger.reject(&saml::ISSUER, problem);
}

/// A URL with the letters of its scheme and host small, as python's urlsplit takes it apart.
fn small_host(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    format!("{}://{}{path}", scheme.to_lowercase(), host.to_lowercase())
}

impl Ground<'_> {
    /// The clock for conditions and instants.
    pub(super) fn clock(&self) -> Clock {
        self.clock_with(self.policy.skew.conditions)
    }

    /// The clock with the skew that a place allows, unless the user said another one.
    pub(super) fn clock_with(&self, skew: i64) -> Clock {
        Clock {
            at: self.expectation.at,
            skew: self.expectation.skew.unwrap_or(skew).max(0),
            is_end_inside: self.policy.skew.is_end_inside,
        }
    }
}
