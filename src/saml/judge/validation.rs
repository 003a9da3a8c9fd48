//! What an application's library refuses because it holds messages against the schemas before it
//! reads them.

use std::sync::Arc;

use crate::problem::Place;
use crate::saml::cards::saml;
use crate::saml::judge::ledger::{Ledger, is};
use crate::saml::judge::{Case, Ground, Part};
use crate::saml::message::Message;
use crate::saml::schema::{Fault, Validator, Vocabulary, pysaml2};
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
    let faults = faults(case.source.text(), vocabulary, ground.limits);
    let mut faults = faults.expect("the document was read before");
    if vocabulary == Vocabulary::Pysaml2 {
        faults.extend(pysaml2::rewritten(&case.document));
    }
    for fault in faults {
        if is_told(case, ledger, fault.span) {
            continue;
        }
        let problem = part
            .problem(fault.kind.to_string(), fault.span)
            .why(format!("{} validates messages and refuses it", reader.name()));
        ledger.reject(&saml::SCHEMA, problem);
    }
}

fn faults(text: &str, vocabulary: Vocabulary, limits: Limits) -> Result<Vec<Fault>, XmlError> {
    let mut reader = Reader::new(text, limits)?;
    let mut validator = Validator::new(vocabulary);
    while let Some(event) = reader.event()? {
        validator.event(&event);
    }
    Ok(validator.faults().to_vec())
}

/// Whether the message is refused already for something at that place.
fn is_told(case: &Case<'_>, ledger: &Ledger, span: Span) -> bool {
    refusals(ledger).any(|reason| {
        let Place { source, span: other, .. } = &reason.problem.place;
        let end = |span: Span| span.end.max(span.start + 1);
        let is_there = other.start < end(span) && span.start < end(*other);
        is_there && Arc::ptr_eq(source, case.source)
    })
}

fn refusals(ledger: &Ledger) -> impl Iterator<Item = &Reason> {
    let all = ledger.reasons.iter().chain(&ledger.leading);
    all.filter(|reason| reason.weight <= Weight::Reject)
}
