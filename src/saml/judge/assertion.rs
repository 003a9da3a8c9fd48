//! What an assertion says about itself.

use std::collections::BTreeMap;

use crate::saml::cards::saml;
use crate::saml::expectation::Clock;
use crate::saml::judge::ledger::Ledger;
use crate::saml::judge::response::{instant_of, issued, issuer, made_at};
use crate::saml::judge::view::{Window, WindowState};
use crate::saml::judge::{Ground, Part, nearness, shown, structure, window};
use crate::saml::message::{Assertion, AuthnStatement, Conditions, Restriction, Text};
use crate::saml::policy::{Point, Stance};
use crate::verdict::Unchecked;

/// Everything but confirmations and the name of the person.
pub(super) fn judge(
    part: Part<'_>,
    ground: &Ground<'_>,
    assertion: &Assertion,
    ledger: &mut Ledger,
) -> Vec<Window> {
    structure::version(part, "the assertion", assertion.version.as_ref(), assertion.tag, ledger);
    structure::id(part, ground, assertion.id.as_ref(), ledger);
    issued(part, ground, "the assertion", assertion.issue_instant.as_ref(), ledger);
    made_by(part, ground, assertion, ledger);
    let mut windows = Vec::new();
    if let Some(conditions) = &assertion.conditions {
        windows.push(validity(part, ground, conditions, ledger));
        audiences(part, ground, conditions, ledger);
        unknown(part, ground, conditions, ledger);
    } else {
        let problem = part
            .problem("the assertion has no Conditions", assertion.tag)
            .why("it holds for every application and for ever");
        ledger.point(ground.policy, Point::ConditionsMissing, &saml::CONDITIONS_MISSING, problem);
    }
    windows.extend(statements(part, ground, assertion, ledger));
    attributes(part, ground, assertion, ledger);
    windows
}

/// That the assertion was made by the expected identity provider, at all.
fn made_by(part: Part<'_>, ground: &Ground<'_>, assertion: &Assertion, ledger: &mut Ledger) {
    let named = assertion.issuer.as_ref().filter(|issuer| !issuer.value.trim().is_empty());
    if let Some(text) = named {
        issuer(part, ground, "the assertion", text, ledger);
    } else {
        let problem = part.problem("the assertion names no Issuer", assertion.tag);
        ledger.reject(&saml::ISSUER, problem);
    }
    if ground.expectation.issuer.is_none() {
        let how = "pass --issuer or --metadata";
        ledger.unchecked.push(Unchecked { item: "issuer", how });
    } else {
        ledger.checked("issuer", &[&saml::ISSUER]);
    }
}

/// That the assertion holds now.
fn validity(
    part: Part<'_>,
    ground: &Ground<'_>,
    conditions: &Conditions,
    ledger: &mut Ledger,
) -> Window {
    let (begin, end) = (conditions.not_before.as_ref(), conditions.not_on_or_after.as_ref());
    let from = begin.and_then(|begin| instant_of(part, ground, begin, ledger));
    let to = end.and_then(|end| instant_of(part, ground, end, ledger));
    let window = ground.clock().window("conditions", begin, end);
    let now = ground.expectation.at;
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        let problem = part.problem("the assertion ends before it begins", conditions.tag);
        ledger.reject(&saml::SCHEMA, problem);
    }
    let clocks = format!("clocks may differ by {} seconds here", window.skew);
    match window.state {
        WindowState::After => {
            let span = end.map_or(conditions.tag, |end| end.span);
            let problem = part
                .problem("the assertion is no longer valid", span)
                .compared(window::compared("before", to.unwrap_or(now), now))
                .note(clocks)
                .remedy(too_late(ground));
            ledger.reject(&saml::EXPIRED, problem);
        }
        WindowState::Before => {
            let span = begin.map_or(conditions.tag, |begin| begin.span);
            let problem = part
                .problem("the assertion is not valid yet", span)
                .compared(window::compared("from", from.unwrap_or(now), now))
                .note(clocks)
                .remedy(too_early(ground));
            ledger.reject(&saml::NOT_YET_VALID, problem);
        }
        WindowState::Inside | WindowState::InsideBySkew => {}
    }
    ledger.checked("validity", &[&saml::EXPIRED, &saml::NOT_YET_VALID, &saml::TIME_FORMAT]);
    window
}

/// What to do about an assertion that came too late.
fn too_late(ground: &Ground<'_>) -> &'static str {
    match ground.expectation.clock {
        Clock::Own => "judge an old message at its own time with --at",
        Clock::Recorded => "log in anew, without a pause before the form is sent on",
        Clock::Astray => "set the clocks of both sides",
    }
}

/// What to do about an assertion that came too early.
fn too_early(ground: &Ground<'_>) -> &'static str {
    match ground.expectation.clock {
        Clock::Own => "set the clocks of both sides, or judge it at its own time with --at",
        Clock::Recorded | Clock::Astray => "set the clocks of both sides",
    }
}

/// That the assertion is meant for the application: all restrictions have to name it.
fn audiences(part: Part<'_>, ground: &Ground<'_>, conditions: &Conditions, ledger: &mut Ledger) {
    let restrictions = &conditions.restrictions;
    if restrictions.is_empty() {
        let problem = part
            .problem("the assertion names no Audience", conditions.tag)
            .why("an assertion for everybody can be taken from one application to another");
        return ledger.point(ground.policy, Point::AudienceMissing, &saml::AUDIENCE, problem);
    }
    let expected = &ground.expectation.audiences;
    if expected.is_empty() {
        ledger.unchecked.push(Unchecked { item: "audience", how: "pass --audience" });
    }
    let is_met =
        |one: &Restriction| one.audiences.iter().any(|audience| is_own(expected, audience));
    let is_any_met = restrictions.iter().any(is_met);
    for restriction in restrictions {
        let given: Vec<&str> = restriction.audiences.iter().map(|one| one.value.as_str()).collect();
        let is_void = given.iter().all(|audience| audience.trim().is_empty());
        if !is_void && (expected.is_empty() || is_met(restriction)) {
            continue;
        }
        let span = restriction.audiences.first().map_or(restriction.tag, |one| one.span);
        let problem = part.problem("the assertion is meant for another application", span);
        let problem = if is_void {
            problem.note("the audience is empty")
        } else {
            problem.compared(nearest(expected, &given))
        };
        let problem = problem.remedy(
            "if what is expected is right, set the audience (entity ID) of the application at the \
             identity provider",
        );
        if is_any_met {
            let point = Point::AudienceOfSeveral;
            ledger.point(ground.policy, point, &saml::AUDIENCE, problem);
        } else {
            ledger.reject(&saml::AUDIENCE, problem);
        }
    }
    if !expected.is_empty() {
        ledger.checked("audience", &[&saml::AUDIENCE]);
    }
}

fn is_own(expected: &[String], audience: &Text) -> bool {
    !audience.value.is_empty() && expected.contains(&audience.value)
}

fn nearest(expected: &[String], given: &[&str]) -> crate::problem::Comparison {
    let compared = |got: &&str| nearness::compared(expected, got);
    let near = given.iter().map(compared).find(|one| one.difference.is_some());
    near.unwrap_or_else(|| nearness::compared(expected, &given.join(", ")))
}

fn unknown(part: Part<'_>, ground: &Ground<'_>, conditions: &Conditions, ledger: &mut Ledger) {
    for (name, span) in &conditions.unknown {
        let problem = part
            .problem(format!("the condition {} is not known", shown(name)), *span)
            .why("whether it holds cannot be said, and so not whether the assertion does");
        ledger.point(ground.policy, Point::ConditionUnknown, &saml::CONDITION_UNKNOWN, problem);
    }
}

/// That somebody logged in, when, by what means, and that the session lasts.
fn statements(
    part: Part<'_>,
    ground: &Ground<'_>,
    assertion: &Assertion,
    ledger: &mut Ledger,
) -> Vec<Window> {
    let statements = &assertion.authn_statements;
    let problem = |message: &str| part.problem(message, assertion.tag);
    let point = match statements.len() {
        0 => Some((Point::AuthnMissing, "the assertion has no AuthnStatement")),
        1 => None,
        _ => Some((Point::AuthnSeveral, "the assertion has several AuthnStatements")),
    };
    if let Some((point, message)) = point {
        ledger.point(ground.policy, point, &saml::AUTHN_STATEMENT, problem(message));
    }
    let mut windows = Vec::new();
    for statement in statements {
        logged_in(part, ground, statement, ledger);
        windows.extend(session(part, ground, statement, ledger));
    }
    context(part, ground, assertion, ledger);
    ledger.checked("authn-statement", &[&saml::AUTHN_STATEMENT]);
    windows
}

fn logged_in(part: Part<'_>, ground: &Ground<'_>, statement: &AuthnStatement, ledger: &mut Ledger) {
    let Some(instant) = &statement.instant else { return };
    let Some(at) = made_at(part, ground, instant, ledger) else { return };
    let now = ground.expectation.at;
    if ground.clock().is_future(at) {
        let problem = part
            .problem("the login of the person lies in the future", instant.span)
            .compared(window::compared("before", now, at))
            .remedy("set the clocks of both sides");
        ledger.point(ground.policy, Point::IssuedInFuture, &saml::ISSUE_INSTANT, problem);
    }
    let Some(most) = ground.expectation.max_age else { return };
    if ground.clock().is_older(at, most) {
        let problem = part
            .problem(format!("the person logged in more than {most} seconds ago"), instant.span)
            .compared(window::compared("after", at, now));
        ledger.reject(&saml::ISSUE_INSTANT, problem);
    }
}

fn session(
    part: Part<'_>,
    ground: &Ground<'_>,
    statement: &AuthnStatement,
    ledger: &mut Ledger,
) -> Option<Window> {
    let end = statement.session_not_on_or_after.as_ref()?;
    let to = instant_of(part, ground, end, ledger)?;
    let clock = ground.clock_with(ground.policy.skew.session);
    let window = clock.window("session", None, Some(end));
    if window.state == WindowState::After {
        let now = ground.expectation.at;
        let problem = part
            .problem("the session at the identity provider is over", end.span)
            .compared(window::compared("before", to, now));
        ledger.reject(&saml::SESSION_EXPIRED, problem);
    }
    Some(window)
}

/// That the person logged in by one of the means that are asked for.
fn context(part: Part<'_>, ground: &Ground<'_>, assertion: &Assertion, ledger: &mut Ledger) {
    let wanted = &ground.expectation.contexts;
    if wanted.is_empty() {
        return;
    }
    for statement in &assertion.authn_statements {
        let class = statement.class.as_ref();
        if class.is_some_and(|class| wanted.iter().any(|one| one == class.value.trim())) {
            continue;
        }
        let got = class.map_or("", |class| class.value.as_str());
        let problem = part
            .problem(
                "the person logged in by other means than those asked for",
                class.map_or(statement.tag, |class| class.span),
            )
            .compared(nearness::compared(wanted, got));
        ledger.reject(&saml::AUTHN_CONTEXT, problem);
    }
}

/// That there are attributes where the reader wants some, and which of them came several times.
fn attributes(part: Part<'_>, ground: &Ground<'_>, assertion: &Assertion, ledger: &mut Ledger) {
    if assertion.attribute_statements == 0 {
        let problem = part
            .problem("the assertion carries no attributes", assertion.tag)
            .remedy("let the identity provider send the mapped attributes");
        let point = Point::AttributesMissing;
        if ground.policy.stance(point) != Stance::Accept {
            ledger.point(ground.policy, point, &saml::ATTRIBUTES_MISSING, problem);
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for attribute in &assertion.attributes {
        let name = attribute.name.value.as_str();
        let count = counts.entry(name).or_default();
        *count += 1;
        if *count != 2 {
            continue;
        }
        let message = format!("the attribute {} is there several times", shown(name));
        let problem = part.problem(message, attribute.name.span);
        ledger.add(&saml::ATTRIBUTE_DUPLICATE, crate::verdict::Weight::Note, problem);
    }
}
