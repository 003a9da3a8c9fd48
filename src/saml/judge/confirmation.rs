//! Whether whoever brings an assertion is entitled to: each confirmation by itself.

use crate::problem::Problem;
use crate::rule::Rule;
use crate::saml::cards::saml;
use crate::saml::judge::ledger::{Ledger, weighed};
use crate::saml::judge::response::{lax, matched, spelled};
use crate::saml::judge::view::{Window, WindowState};
use crate::saml::judge::{Ground, Part, nearness, shown, window};
use crate::saml::message::{Assertion, BEARER, Confirmation, ConfirmationData, Instant};
use crate::saml::policy::Point;
use crate::verdict::{Reason, Unchecked, Weight};

/// What came of the confirmations.
#[derive(Default)]
pub(super) struct Confirmed {
    /// What is wrong with each, in order.
    pub(super) told: Vec<Vec<String>>,
    /// From when and until when each holds.
    pub(super) windows: Vec<Window>,
}

/// That one confirmation for bearers holds by itself (saml-profiles-2.0-os section 4.1.4.3).
pub(super) fn judge(
    part: Part<'_>,
    ground: &Ground<'_>,
    assertion: &Assertion,
    answered: Option<&str>,
    ledger: &mut Ledger,
) -> Confirmed {
    let mut confirmed = Confirmed::default();
    let mut bearers = Vec::new();
    for confirmation in &assertion.confirmations {
        let check = Check { part, ground, answered };
        let (reasons, window) = check.one(confirmation);
        confirmed.windows.extend(window);
        confirmed.told.push(reasons.iter().map(|one| one.problem.message.clone()).collect());
        if is_bearer(confirmation) {
            bearers.push(reasons);
        }
    }
    if ground.expectation.acs.is_empty() {
        ledger.unchecked.push(Unchecked { item: "recipient", how: "pass --acs" });
    }
    decide(part, assertion, bearers, ledger);
    ledger.checked("subject-confirmation", &RULES);
    confirmed
}

/// The first confirmation that holds decides; where none does, what they have in common is told.
fn decide(
    part: Part<'_>,
    assertion: &Assertion,
    mut bearers: Vec<Vec<Reason>>,
    ledger: &mut Ledger,
) {
    if let Some(at) = bearers.iter().position(|reasons| holds(reasons)) {
        return ledger.extend(bearers.swap_remove(at));
    }
    let tag = assertion.confirmations.first().map(|confirmation| confirmation.tag);
    let tag = tag.or(assertion.subject).unwrap_or(assertion.tag);
    let message = match (assertion.confirmations.len(), bearers.len()) {
        (0, _) => "the subject has no confirmation",
        (_, 0) => "no confirmation is one for bearers",
        (_, 1) => return ledger.extend(bearers.remove(0)),
        _ => "none of the confirmations holds by itself",
    };
    let mut problem = part.problem(message, tag);
    for (number, reasons) in bearers.iter().enumerate() {
        let refused = reasons.iter().filter(|reason| reason.weight == Weight::Reject);
        let told: Vec<&str> = refused.map(|reason| reason.problem.message.as_str()).collect();
        problem = problem.note(format!("confirmation {}: {}", number + 1, told.join("; ")));
    }
    let shared = bearers.first().and_then(|first| common(first, &bearers[1..])).cloned();
    match shared {
        Some(reason) => ledger.extend([reason]),
        None => ledger.reject(&saml::SUBJECT_CONFIRMATION, problem),
    }
}

/// A reason that all of several confirmations fail by.
fn common<'r>(first: &'r [Reason], others: &[Vec<Reason>]) -> Option<&'r Reason> {
    let refuses = |reason: &&Reason| reason.weight == Weight::Reject;
    let has = |reasons: &[Reason], rule: &'static Rule| {
        reasons.iter().filter(refuses).any(|reason| std::ptr::eq(reason.rule, rule))
    };
    first.iter().filter(refuses).find(|reason| others.iter().all(|other| has(other, reason.rule)))
}

fn holds(reasons: &[Reason]) -> bool {
    reasons.iter().all(|reason| reason.weight > Weight::Undecided)
}

fn is_bearer(confirmation: &Confirmation) -> bool {
    confirmation.method.as_ref().is_some_and(|method| method.value == BEARER)
}

/// What one confirmation is judged by.
struct Check<'c> {
    part: Part<'c>,
    ground: &'c Ground<'c>,
    /// The request that the response says it answers.
    answered: Option<&'c str>,
}

impl Check<'_> {
    fn one(&self, confirmation: &Confirmation) -> (Vec<Reason>, Option<Window>) {
        let refused = |message: String, span| {
            let problem = self.part.problem(message, span);
            vec![reason(&saml::SUBJECT_CONFIRMATION, Weight::Reject, problem)]
        };
        let Some(method) = &confirmation.method else {
            return (
                refused("the confirmation names no method".to_owned(), confirmation.tag),
                None,
            );
        };
        if method.value != BEARER {
            let message = format!("the method {} is not the one for bearers", shown(&method.value));
            return (refused(message, method.span), None);
        }
        let Some(data) = &confirmation.data else {
            let message = "the confirmation has no SubjectConfirmationData".to_owned();
            return (refused(message, confirmation.tag), None);
        };
        let mut reasons = Vec::new();
        self.recipient(data, &mut reasons);
        self.request(data, &mut reasons);
        let window = self.window(data, &mut reasons);
        (reasons, Some(window))
    }

    fn recipient(&self, data: &ConfirmationData, reasons: &mut Vec<Reason>) {
        let Some(recipient) = &data.recipient else {
            let problem = self.part.problem("the confirmation names no Recipient", data.tag);
            let point = Point::ConfirmationRecipientMissing;
            return reasons.extend(self.weighed(point, &saml::RECIPIENT, problem));
        };
        let expected = &self.ground.expectation.acs;
        let got = recipient.value.as_str();
        let how = self.ground.policy.recipient;
        let Some(weight) = matched(expected, got, how).filter(|_| !expected.is_empty()) else {
            return;
        };
        let problem = self
            .part
            .problem("the assertion is to be brought to another address", recipient.span)
            .compared(nearness::compared(expected, got))
            .remedy("register the address of the application at the identity provider, letter for letter");
        reasons.push(reason(&saml::RECIPIENT, weight, lax(problem, weight, self.ground)));
    }

    /// That it is for the known request, and for the one that the response answers.
    fn request(&self, data: &ConfirmationData, reasons: &mut Vec<Reason>) {
        let expected = self.ground.expectation.request_id.as_deref();
        let got = data.in_response_to.as_ref();
        let problem = match (expected.or(self.answered), got) {
            (Some(expected), Some(got)) if got.value != expected => self
                .part
                .problem("the confirmation is for another request", got.span)
                .compared(nearness::compared(&[expected.to_owned()], &got.value)),
            (Some(_), None) if expected.is_some() => {
                self.part.problem("the confirmation is for no request", data.tag)
            }
            // A response that answers nothing, around a confirmation that does.
            (None, Some(got)) => self
                .part
                .problem("the confirmation is for a request, the response answers none", got.span),
            _ => return,
        };
        reasons.push(reason(&saml::IN_RESPONSE_TO, Weight::Reject, problem));
    }

    fn window(&self, data: &ConfirmationData, reasons: &mut Vec<Reason>) -> Window {
        let clock = self.ground.clock_with(self.ground.policy.skew.confirmation);
        let bounds = [data.not_before.as_ref(), data.not_on_or_after.as_ref()];
        bounds.into_iter().flatten().for_each(|bound| self.spelling(bound, reasons));
        let window =
            clock.window("confirmation", data.not_before.as_ref(), data.not_on_or_after.as_ref());
        let now = self.ground.expectation.at;
        match &data.not_on_or_after {
            None => {
                let problem = self.part.problem("the confirmation has no NotOnOrAfter", data.tag);
                let point = Point::ConfirmationEndMissing;
                reasons.extend(self.weighed(point, &saml::SUBJECT_CONFIRMATION, problem));
            }
            Some(end) if window.state == WindowState::After => {
                let bound = window.to.unwrap_or(now);
                let problem = self
                    .part
                    .problem("the time to deliver the assertion has passed", end.span)
                    .compared(window::compared("before", bound, now));
                reasons.push(reason(&saml::EXPIRED, Weight::Reject, problem));
            }
            Some(_) => {}
        }
        self.not_before(data, &window, reasons);
        window
    }

    /// A confirmation for bearers must not say from when on it holds.
    fn not_before(&self, data: &ConfirmationData, window: &Window, reasons: &mut Vec<Reason>) {
        let Some(begin) = &data.not_before else { return };
        let now = self.ground.expectation.at;
        let is_future = self
            .ground
            .clock_with(self.ground.policy.skew.confirmation)
            .window("confirmation", Some(begin), None)
            .state
            == WindowState::Before;
        if is_future {
            let problem = self
                .part
                .problem("the confirmation is not valid yet", begin.span)
                .compared(window::compared("from", window.from.unwrap_or(now), now));
            reasons.push(reason(&saml::NOT_BEFORE, Weight::Reject, problem));
        } else {
            let message = "a confirmation for bearers must have no NotBefore";
            let problem = self.part.problem(message, begin.span);
            reasons.push(reason(&saml::BEARER_NOT_BEFORE, Weight::Warning, problem));
        }
    }

    fn spelling(&self, instant: &Instant, reasons: &mut Vec<Reason>) {
        let (found, _) = spelled(self.part, self.ground, instant);
        reasons.extend(found.map(|(weight, problem)| reason(&saml::TIME_FORMAT, weight, problem)));
    }

    fn weighed(&self, point: Point, rule: &'static Rule, problem: Problem) -> Option<Reason> {
        let (weight, problem) = weighed(self.ground.policy, point, problem)?;
        Some(reason(rule, weight, problem))
    }
}

fn reason(rule: &'static Rule, weight: Weight, problem: Problem) -> Reason {
    Reason { rule, weight, problem }
}

/// Rules by which confirmations fail.
static RULES: [&Rule; 4] =
    [&saml::SUBJECT_CONFIRMATION, &saml::RECIPIENT, &saml::NOT_BEFORE, &saml::IN_RESPONSE_TO];
