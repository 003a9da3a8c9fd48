//! How a response reached the application, as far as that can be told: by which method, and where.

use crate::problem::{Comparison, Place, Problem};
use crate::saml::binding::{Exchange, Received};
use crate::saml::cards::bind::BIND_RESPONSE_IN_ADDRESS;
use crate::saml::cards::saml;
use crate::saml::expectation::Expectation;
use crate::saml::policy::{Policy, Reader};
use crate::verdict::{Reason, Weight};

/// Adds what the delivery of a response says against it. Applications read responses from the body
/// of a POST at their own address alone; without an application it is for the user to know.
pub(super) fn judge(
    received: &Received,
    expectation: &Expectation,
    policy: &Policy,
    place: impl Fn() -> Place,
    reasons: &mut Vec<Reason>,
) {
    if received.outline.kind != "Response" {
        return;
    }
    let capture = received.capture.as_ref();
    let exchange = capture.and_then(|capture| capture.exchanges.get(capture.chosen));
    if let Some(reader) = &policy.reader {
        by_method(exchange, reader, &place, reasons);
    }
    if let Some(exchange) = exchange {
        reasons.extend(elsewhere(exchange, expectation, policy, place()));
    }
}

fn by_method(
    exchange: Option<&Exchange>,
    reader: &Reader,
    place: &impl Fn() -> Place,
    reasons: &mut Vec<Reason>,
) {
    let code = BIND_RESPONSE_IN_ADDRESS.code;
    let is_told = reasons.iter().any(|reason| reason.rule.code == code);
    let is_get = exchange.is_some_and(|one| !one.method.eq_ignore_ascii_case("POST"));
    if is_get && !is_told {
        let message = "the response did not come by POST";
        let problem = Problem::new(message, place())
            .remedy("set the binding of the assertion consumer service to HTTP-POST");
        reasons.push(Reason { rule: &BIND_RESPONSE_IN_ADDRESS, weight: Weight::Reject, problem });
    }
    for reason in reasons.iter_mut().filter(|reason| reason.rule.code == code) {
        reason.weight = Weight::Reject;
        let why = format!("{} reads responses from posted forms alone", reader.name());
        reason.problem.why = Some(why);
    }
}

/// That the recording shows it at another address than the application's own.
fn elsewhere(
    exchange: &Exchange,
    expectation: &Expectation,
    policy: &Policy,
    place: Place,
) -> Option<Reason> {
    let address = exchange.address.split(['?', '#']).next().unwrap_or_default();
    if expectation.acs.is_empty() || expectation.acs.iter().any(|acs| acs == address) {
        return None;
    }
    let mut problem = Problem::new("the message was delivered to another address", place)
        .why("an application reads a message under its own address alone")
        .remedy(
            "register the address of the application at the identity provider, letter for letter",
        );
    problem.comparison = Some(Comparison {
        expected: expectation.acs.join(" or "),
        got: address.to_owned(),
        difference: None,
    });
    let weight = if policy.compares_delivery { Weight::Reject } else { Weight::Warning };
    Some(Reason { rule: &saml::DESTINATION, weight, problem })
}
