//! How a message is built.

use crate::saml::cards::saml;
use crate::saml::dsig::{FaultKind, Shape};
use crate::saml::judge::ledger::{Ledger, weighed};
use crate::saml::judge::{Case, Ground, Part, shown};
use crate::saml::message::schema::{self, SchemaFault, SchemaFaultKind};
use crate::saml::message::{ASSERTION, AssertionPart, Attributed, PROTOCOL, Response};
use crate::saml::policy::Point;
use crate::source::Span;
use crate::verdict::{Reason, Weight};
use crate::xml::tree::{Document, NodeId};

/// That a document is no message of SAML 2.0.
pub(super) fn foreign(case: &Case<'_>, ledger: &mut Ledger) {
    let element = case.document.element(case.document.root()).expect("the root is an element");
    let part = Part { source: case.source, document: &case.document };
    let (local, namespace) = (&element.name.local, &element.name.namespace);
    if local == "Response" || local == "Assertion" {
        let message = format!("{local} is of the namespace {}", shown(namespace));
        let problem = part.problem(message, element.start_tag).remedy("send SAML 2.0");
        return ledger.reject(&saml::VERSION, problem);
    }
    let message = format!("{local} is no message that logs anybody in");
    ledger.reject(&saml::MESSAGE_TYPE, part.problem(message, element.start_tag));
}

/// That the elements and attributes of a document are those of the schemas.
pub(super) fn schema(part: Part<'_>, ground: &Ground<'_>, shape: &Shape, ledger: &mut Ledger) {
    for fault in schema::faults(part.document) {
        let problem = part.problem(fault.kind.message(&fault.within), fault.span);
        if is_old_version(part.document, &fault) {
            let problem = problem.remedy("send SAML 2.0");
            ledger.reject(&saml::VERSION, problem);
        } else if fault.kind.is_attribute() {
            ledger.point(ground.policy, Point::UnknownAttribute, &saml::SCHEMA, problem);
        } else if is_leading(part.document, shape, &fault) {
            ledger.leading.push(Reason { rule: &saml::SCHEMA, weight: Weight::Reject, problem });
        } else {
            ledger.reject(&saml::SCHEMA, problem);
        }
    }
}

/// That the version is 2.0.
pub(super) fn version(
    part: Part<'_>,
    of: &str,
    version: Option<&Attributed>,
    tag: Span,
    ledger: &mut Ledger,
) {
    let problem = match version {
        Some(version) if version.value == "2.0" => return,
        Some(version) => {
            part.problem(format!("{of} is of version {}", shown(&version.value)), version.span)
        }
        None => part.problem(format!("{of} names no version"), tag),
    };
    ledger.reject(&saml::VERSION, problem.remedy("send SAML 2.0"));
}

/// That an ID is written as XML demands.
pub(super) fn id(
    part: Part<'_>,
    ground: &Ground<'_>,
    id: Option<&Attributed>,
    ledger: &mut Ledger,
) {
    let Some(id) = id else { return };
    if id.value.is_empty() {
        let problem = part.problem("the ID is empty", id.span).why("nothing can refer to it");
        return ledger.reject(&saml::SCHEMA, problem);
    }
    let starts = id.value.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if starts && id.value.chars().all(is_name) {
        return;
    }
    let message = format!("the ID {} is no name as XML has it", shown(&id.value));
    let problem = part.problem(message, id.span).why("readers that validate refuse it");
    let Some((weight, problem)) = weighed(ground.policy, Point::IdNoName, problem) else { return };
    ledger.add(&saml::ID_NCNAME, weight, problem);
}

/// That there is exactly one assertion.
pub(super) fn count(part: Part<'_>, ground: &Ground<'_>, response: &Response, ledger: &mut Ledger) {
    match response.assertions.as_slice() {
        // A login that failed has none.
        [] if response.has_failed() => {}
        [] => {
            let problem = part.problem("the response carries no assertion", response.head.tag);
            ledger.reject(&saml::NO_ASSERTION, problem);
        }
        [one] => alone(part, ground, one, ledger),
        [_, second, ..] => {
            let count = response.assertions.len();
            let span = part.document.element(second.node()).map(|element| element.start_tag);
            let message = format!("the response carries {count} assertions");
            let problem = part
                .problem(message, span.unwrap_or(response.head.tag))
                .why("one reader verifies the one while another reads the other");
            ledger.reject(&saml::MULTIPLE_ASSERTIONS, problem);
        }
    }
}

/// That no other assertion stands in or beside the one that is read.
pub(super) fn alone(part: Part<'_>, ground: &Ground<'_>, one: &AssertionPart, ledger: &mut Ledger) {
    let document = part.document;
    for node in document.descendants(document.root()) {
        if node == one.node() || node == document.root() || !is_assertion(document, node) {
            continue;
        }
        let span = document.element(node).map_or(Span::at(0), |element| element.start_tag);
        let is_advice = document.ancestors(node).any(|n| is(document, n, ASSERTION, "Advice"));
        let is_within = document.ancestors(node).any(|above| above == one.node());
        if is_within && !is_advice {
            let problem = part.problem("an assertion stands inside another one", span);
            ledger.reject(&saml::MULTIPLE_ASSERTIONS, problem);
            continue;
        }
        let point = if is_within { Point::AdvisedAssertions } else { Point::StrayAssertions };
        let problem = part.problem("another assertion stands where none is read", span);
        ledger.point(ground.policy, point, &saml::MULTIPLE_ASSERTIONS, problem);
    }
}

/// Whether a fault of the schema says more about what was done to the message than the faults of
/// its signatures: an assertion is wrapped in something, or a signature is merely late.
fn is_leading(document: &Document, shape: &Shape, fault: &SchemaFault) -> bool {
    let wraps = || document.descendants(fault.node).any(|node| is_assertion(document, node));
    let is_below_root = document.parent(fault.node) == Some(document.root());
    match &fault.kind {
        SchemaFaultKind::UnknownElement(_) => {
            is_below_root
                && is(document, document.root(), PROTOCOL, "Response")
                && !is_assertion(document, fault.node)
                && wraps()
        }
        SchemaFaultKind::Order(name) if name == "Signature" => {
            let signature = shape.signatures().iter().find(|one| one.node() == fault.node);
            signature.is_some_and(|signature| {
                let reference = signature.named().reference.as_deref().unwrap_or_default();
                reference.strip_prefix('#') == Some(signature.id())
                    && signature.faults().iter().all(|f| matches!(f.kind, FaultKind::Position(_)))
            })
        }
        _ => false,
    }
}

/// Whether an unknown element is an assertion of another version of SAML.
fn is_old_version(document: &Document, fault: &SchemaFault) -> bool {
    let is_unknown = matches!(fault.kind, SchemaFaultKind::UnknownElement(_));
    let element = document.element(fault.node).filter(|_| is_unknown);
    element.is_some_and(|element| {
        let namespace = element.name.namespace.as_str();
        element.name.local == "Assertion"
            && namespace.starts_with("urn:oasis:names:tc:SAML:")
            && namespace != ASSERTION
    })
}

/// Whether a node is an assertion, encrypted or not.
pub(super) fn is_assertion(document: &Document, node: NodeId) -> bool {
    is(document, node, ASSERTION, "Assertion")
        || is(document, node, ASSERTION, "EncryptedAssertion")
}

fn is(document: &Document, node: NodeId, namespace: &str, local: &str) -> bool {
    document.element(node).is_some_and(|element| element.is(namespace, local))
}
