//! What an application's library refuses because it holds messages against the schemas before it
//! reads them.

use std::sync::Arc;

use crate::problem::Place;
use crate::saml::cards::saml;
use crate::saml::judge::ledger::{Ledger, is};
use crate::saml::judge::{Case, Ground, Part};
use crate::saml::message::Message;
use crate::saml::schema::{Fault, FaultKind, Validator, Vocabulary, pysaml2};
use crate::source::Span;
use crate::verdict::{Reason, Weight};
use crate::xml::{Limits, Reader, XmlError};

/// That a message is what the library's schemas describe. What was told already is not told again.
pub(super) fn judge(case: &Case<'_>, ground: &Ground<'_>, ledger: &mut Ledger) {
    let is_login = matches!(case.message, Message::Assertion(_) | Message::Response(_));
    let (Some(vocabulary), Some(reader), true) =
        (ground.policy.schemas, &ground.policy.reader, is_login)
    else {
        return;
    };
    if refusals(ledger).any(|reason| is(reason.rule, &saml::SCHEMA)) {
        return;
    }
    let part = Part { source: case.source, document: &case.document };
    for fault in faults(part, vocabulary, ground.limits) {
        if is_told(part, ledger, fault.span) {
            continue;
        }
        let problem = part
            .problem(fault.kind.to_string(), fault.span)
            .why(format!("{} validates messages and refuses it", reader.name()));
        ledger.reject(&saml::SCHEMA, problem);
    }
}

/// That a decrypted assertion is what the library's schemas describe. pysaml2 looks at one without
/// signature only for values that are not of their type.
pub(super) fn decrypted(part: Part<'_>, ground: &Ground<'_>, is_signed: bool, ledger: &mut Ledger) {
    let (Some(vocabulary), Some(reader)) = (ground.policy.schemas, &ground.policy.reader) else {
        return;
    };
    let is_whole = is_signed || vocabulary != Vocabulary::Pysaml2;
    let is_of_value =
        |kind: &FaultKind| matches!(kind, FaultKind::Value { name, .. } if name == VALUE);
    for fault in faults(part, vocabulary, ground.limits) {
        if is_told(part, ledger, fault.span) || !(is_whole || is_of_value(&fault.kind)) {
            continue;
        }
        let problem = part
            .problem(fault.kind.to_string(), fault.span)
            .why(format!("{} validates what it decrypts and refuses it", reader.name()));
        ledger.reject(&saml::SCHEMA, problem);
    }
}

fn faults(part: Part<'_>, vocabulary: Vocabulary, limits: Limits) -> Vec<Fault> {
    let faults = validated(part.source.text(), vocabulary, limits);
    let mut faults = faults.expect("the document was read before");
    if vocabulary == Vocabulary::Pysaml2 {
        faults.extend(pysaml2::rewritten(part.document));
    }
    faults
}

fn validated(text: &str, vocabulary: Vocabulary, limits: Limits) -> Result<Vec<Fault>, XmlError> {
    let mut reader = Reader::new(text, limits)?;
    let mut validator = Validator::new(vocabulary);
    while let Some(event) = reader.event()? {
        validator.event(&event);
    }
    Ok(validator.faults().to_vec())
}

/// Whether the message is refused already for something at that place.
fn is_told(part: Part<'_>, ledger: &Ledger, span: Span) -> bool {
    refusals(ledger).any(|reason| {
        let Place { source, span: other, .. } = &reason.problem.place;
        let end = |span: Span| span.end.max(span.start + 1);
        let is_there = other.start < end(span) && span.start < end(*other);
        is_there && Arc::ptr_eq(source, part.source)
    })
}

fn refusals(ledger: &Ledger) -> impl Iterator<Item = &Reason> {
    let all = ledger.reasons.iter().chain(&ledger.leading);
    all.filter(|reason| reason.weight <= Weight::Reject)
}

/// How messages show the element of a value.
const VALUE: &str = "saml:AttributeValue";
