//! Requests and logout messages: they log nobody in, so there is no verdict on them.

use crate::saml::cards::saml;
use crate::saml::dsig::{self, FaultKind};
use crate::saml::judge::ledger::Ledger;
use crate::saml::judge::view::{View, Window, WindowState};
use crate::saml::judge::{
    Case, Ground, Judged, Part, nearness, response, signatures, structure, window,
};
use crate::saml::message::{AuthnRequest, Message};
use crate::source::Span;
use crate::verdict::Weight;

/// Looks at a request or logout message.
pub(super) fn judge(case: Case<'_>, ground: &Ground<'_>, mut ledger: Ledger) -> Judged {
    let part = Part { source: case.source, document: &case.document };
    let found = signatures::check(part, ground, false, &mut ledger);
    let detached = signatures::detached(&case, ground, &mut ledger);
    let is_signed = detached.is_some() || found.has(case.document.root());
    structure::schema(part, ground, &found.shape, &mut ledger);
    head(part, &case, ground, &mut ledger);
    carried(part, &mut ledger);
    let windows = match &case.message {
        Message::AuthnRequest(request) => {
            context(part, request, &mut ledger);
            Vec::new()
        }
        _ => logout(part, &case, ground, is_signed, &mut ledger),
    };
    without_keys(ground, &mut ledger);
    ledger.order();
    let kind = case.message.kind();
    let mut shown: Vec<_> = detached.into_iter().map(|(_, shown)| shown).collect();
    shown.extend(found.shown);
    let view = View {
        document: case.document,
        message: case.message,
        assertion: None,
        signatures: shown,
        encryptions: Vec::new(),
        windows,
        is_proven: false,
    };
    let reasons = ledger.reasons;
    Judged { kind: Some(kind), verdict: None, reasons, view: Some(view), sent: None }
}

fn head(part: Part<'_>, case: &Case<'_>, ground: &Ground<'_>, ledger: &mut Ledger) {
    let Some(head) = case.message.head() else { return };
    let of = case.message.kind().name();
    structure::version(part, of, head.version.as_ref(), head.tag, ledger);
    structure::id(part, ground, head.id.as_ref(), ledger);
    response::issued(part, ground, of, head.issue_instant.as_ref(), ledger);
    if matches!(case.message, Message::AuthnRequest(_)) {
        return;
    }
    if let Some(issuer) = &head.issuer {
        response::issuer(part, ground, of, issuer, ledger);
    }
    let expected = &ground.expectation.logout;
    if let Some(got) = head.destination.as_ref().filter(|_| !expected.is_empty())
        && !expected.contains(&got.value)
    {
        let problem = part
            .problem("the message was sent to another address", got.span)
            .compared(nearness::compared(expected, &got.value));
        ledger.reject(&saml::DESTINATION, problem);
    }
}

/// That no assertion hides in a message that has none.
fn carried(part: Part<'_>, ledger: &mut Ledger) {
    let hidden = part.document.descendants(part.document.root()).find(|&node| {
        let element = part.document.element(node);
        element
            .is_some_and(|e| ["Assertion", "EncryptedAssertion"].contains(&e.name.local.as_str()))
    });
    let Some(hidden) = hidden else { return };
    let span = part.document.element(hidden).map_or(Span::at(0), |element| element.start_tag);
    let problem = part
        .problem("an assertion stands in a message that logs nobody in", span)
        .why("a signed message of one kind must not carry content of another");
    ledger.reject(&saml::MESSAGE_TYPE, problem);
}

/// That a request leaves the person a choice of how to log in.
fn context(part: Part<'_>, request: &AuthnRequest, ledger: &mut Ledger) {
    let Some(context) = &request.requested_context else { return };
    let is_exact = context.comparison.as_ref().is_none_or(|one| one.value == "exact");
    let [only] = context.classes.as_slice() else { return };
    let is_password = only.value.contains("Password");
    if is_exact && is_password {
        let problem = part
            .problem("the request allows only a password", only.span)
            .why("a login with a second factor, a certificate or a passkey fails, as AADSTS75011 or NoAuthnContext")
            .remedy("leave RequestedAuthnContext out");
        ledger.add(&saml::REQUESTED_CONTEXT, Weight::Warning, problem);
    }
}

fn logout(
    part: Part<'_>,
    case: &Case<'_>,
    ground: &Ground<'_>,
    is_signed: bool,
    ledger: &mut Ledger,
) -> Vec<Window> {
    let tag = case.message.head().map_or(Span::at(0), |head| head.tag);
    if !is_signed {
        let what = FaultKind::Missing("the message".to_owned());
        let mut reason = dsig::Fault::new(what, tag).reason(part.source);
        reason.problem.why = Some("anybody could log people out".to_owned());
        ledger.extend([reason]);
    }
    match &case.message {
        Message::LogoutResponse(answer) => {
            response::status(part, answer.status.as_ref(), tag, ledger);
            Vec::new()
        }
        Message::LogoutRequest(request) => {
            let Some(end) = &request.not_on_or_after else { return Vec::new() };
            response::instant_of(part, ground, end, ledger);
            let window = ground.clock().window("request", None, Some(end));
            if window.state == WindowState::After {
                let now = ground.expectation.at;
                let problem = part
                    .problem("the request is no longer valid", end.span)
                    .compared(window::compared("before", window.to.unwrap_or(now), now));
                ledger.reject(&saml::EXPIRED, problem);
            }
            vec![window]
        }
        _ => Vec::new(),
    }
}

/// Without keys, that signatures could not be verified is no fault of such a message.
fn without_keys(ground: &Ground<'_>, ledger: &mut Ledger) {
    if ground.expectation.keys.is_empty() {
        ledger.reasons.retain(|reason| reason.weight != Weight::Undecided);
    }
}
