//! Encrypted parts.

use std::sync::Arc;

use crate::problem::Problem;
use crate::saml::cards::{enc, saml};
use crate::saml::decrypt::{self, Decrypted, Decryption};
use crate::saml::dsig;
use crate::saml::judge::differential::{self, Difference};
use crate::saml::judge::ledger::{Ledger, place};
use crate::saml::judge::proof::Opened;
use crate::saml::judge::view::ShownEncryption;
use crate::saml::judge::{Ground, Part, structure};
use crate::saml::message::schema;
use crate::saml::message::{ASSERTION, Assertion, Attribute, Name, SubjectName};
use crate::saml::policy::{Point, Stance};
use crate::saml::schema::Vocabulary;
use crate::source::{Source, Span};
use crate::verdict::Weight;
use crate::xml::cards as xml;
use crate::xml::tree::{Document, NodeId};

/// The decryption of one message.
pub(super) struct Opening<'k> {
    decryption: Decryption<'k>,
    /// All encrypted parts, for showing.
    pub(super) shown: Vec<ShownEncryption>,
}

impl<'k> Opening<'k> {
    /// With the application's keys.
    pub(super) fn new(ground: &Ground<'k>) -> Self {
        let policy = decrypt::Policy {
            allows_rsa15: ground.expectation.allows_rsa15,
            recipient: ground.expectation.audiences.first().cloned(),
            limits: ground.limits,
        };
        let decryption = Decryption::new(&ground.expectation.decryption_keys, policy);
        Self { decryption, shown: Vec::new() }
    }

    /// An encrypted assertion as a document of its own.
    pub(super) fn assertion(
        &mut self,
        part: Part<'_>,
        ground: &Ground<'_>,
        node: NodeId,
        ledger: &mut Ledger,
    ) -> Option<(Arc<Source>, Document)> {
        refused(part, ground, Point::Encrypted, node, ledger);
        let decrypted = self.open(part, ground, node, ledger)?;
        let name = format!("{} (decrypted)", part.source.name());
        let source = Arc::new(Source::new(name, decrypted.text).decoded(true));
        let document = decrypted.document;
        if !is(&document, document.root(), "Assertion") {
            let message = "what is encrypted as an assertion is something else";
            ledger.reject(&saml::SCHEMA, part.problem(message, tag(part.document, node)));
            return None;
        }
        Some((source, document))
    }

    /// The encrypted parts of an assertion.
    pub(super) fn parts(
        &mut self,
        part: Part<'_>,
        ground: &Ground<'_>,
        assertion: &Assertion,
        ledger: &mut Ledger,
    ) -> Opened {
        let mut opened = Opened::default();
        if let Some(SubjectName::Encrypted(node)) = assertion.name {
            refused(part, ground, Point::Encrypted, node, ledger);
            let decrypted = self.inner(part, ground, node, "NameID", ledger);
            opened.name = decrypted.map(|one| Name::read(&one, one.root()));
        }
        for &node in &assertion.encrypted_attributes {
            refused(part, ground, Point::EncryptedAttributes, node, ledger);
            let decrypted = self.inner(part, ground, node, "Attribute", ledger);
            opened.attributes.extend(decrypted.map(|one| Attribute::read(&one, one.root())));
        }
        opened
    }

    fn inner(
        &mut self,
        part: Part<'_>,
        ground: &Ground<'_>,
        node: NodeId,
        local: &str,
        ledger: &mut Ledger,
    ) -> Option<Document> {
        let document = self.open(part, ground, node, ledger)?.document;
        if is(&document, document.root(), local) {
            strict(part, ground, node, &document, ledger);
            return Some(document);
        }
        let message = format!("what is encrypted as {local} is something else");
        ledger.reject(&saml::SCHEMA, part.problem(message, tag(part.document, node)));
        None
    }

    fn open(
        &mut self,
        part: Part<'_>,
        ground: &Ground<'_>,
        node: NodeId,
        ledger: &mut Ledger,
    ) -> Option<Decrypted> {
        let span = tag(part.document, node);
        let of = part.document.element(node).map(|element| element.name.local.clone());
        let outcome = self.decryption.decrypt(part.document, node);
        let known = || decrypt::facts(part.document, node).ok();
        let facts = outcome.as_ref().map_or_else(|_| known(), |one| Some(one.facts.clone()));
        let is_open = outcome.is_ok();
        self.shown.push(ShownEncryption { of: of.unwrap_or_default(), facts, is_open, span });
        match outcome {
            Ok(decrypted) => {
                for remark in &decrypted.remarks {
                    let problem = Problem::new(remark.message(), place(part.source, span));
                    ledger.add(remark.rule(), remark.weight(), problem);
                }
                unreadable(part, ground, node, &decrypted, ledger);
                Some(decrypted)
            }
            Err(fault) => {
                // What the application refuses anyway needs no key.
                let is_refused = ledger.reasons.iter().any(|reason| {
                    reason.rule.code == enc::KEY_MISSING.code
                        && reason.weight == Weight::Reject
                        && reason.problem.place.span == span
                });
                let is_about_keys = matches!(fault.kind, decrypt::FaultKind::KeyMissing(_));
                if !(is_refused && is_about_keys) {
                    ledger.extend([fault.reason(part.source)]);
                }
                None
            }
        }
    }
}

/// That a decrypted name or attribute is built as strictly as one in plain: as the schemas have it,
/// with nothing but text in its values, and with neither assertions nor signatures inside.
fn strict(
    part: Part<'_>,
    ground: &Ground<'_>,
    node: NodeId,
    document: &Document,
    ledger: &mut Ledger,
) {
    let tag = tag(part.document, node);
    let shape = dsig::shape(document);
    let signatures = shape.signatures().iter().flat_map(dsig::Signature::faults);
    for fault in shape.faults().iter().chain(signatures) {
        let fault = dsig::Fault { span: tag, ..fault.clone() };
        ledger.extend([fault.reason(part.source)]);
    }
    let mut nodes = document.descendants(document.root());
    if nodes.any(|inner| structure::is_assertion(document, inner)) {
        let problem = part.problem("an assertion is hidden in what is encrypted", tag);
        ledger.reject(&saml::MULTIPLE_ASSERTIONS, problem);
    }
    for fault in schema::faults(document) {
        let problem = part.problem(fault.kind.message(&fault.within), tag);
        if fault.kind.is_attribute() {
            ledger.point(ground.policy, Point::UnknownAttribute, &saml::SCHEMA, problem);
        } else {
            ledger.reject(&saml::SCHEMA, problem);
        }
    }
    for found in differential::inside(document) {
        let Difference::Inside { what, element, .. } = found else { continue };
        let problem = part
            .problem(format!("{what} stands inside the decrypted {element}"), tag)
            .why("some readers see only the text before it");
        ledger.reject(&xml::DIFFERENTIAL, problem);
    }
}

/// That the library can put the plaintext where the encrypted part stood: without an XML
/// declaration, and for pysaml2, which writes the message again first and renames its prefixes,
/// without prefixes from around it. Names such as `ns1` may be those that it gives itself.
fn unreadable(
    part: Part<'_>,
    ground: &Ground<'_>,
    node: NodeId,
    decrypted: &Decrypted,
    ledger: &mut Ledger,
) {
    let (Some(vocabulary), Some(reader)) = (ground.policy.schemas, &ground.policy.reader) else {
        return;
    };
    let is_own = |prefix: &str| prefix.strip_prefix("ns").is_some_and(is_number);
    let borrows = decrypted.remarks.iter().any(|remark| {
        matches!(remark, decrypt::Remark::Namespaces(all) if !all.iter().all(|one| is_own(one)))
    });
    let message = if decrypted.text.starts_with("<?xml ") {
        "what is encrypted begins with an XML declaration"
    } else if borrows && vocabulary == Vocabulary::Pysaml2 {
        "what is encrypted uses prefixes that are declared only around it"
    } else {
        return;
    };
    let problem = part
        .problem(message, tag(part.document, node))
        .why(format!("{} cannot read it once decrypted", reader.name()));
    ledger.reject(&saml::SCHEMA, problem);
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// That the application can read what is encrypted.
fn refused(part: Part<'_>, ground: &Ground<'_>, point: Point, node: NodeId, ledger: &mut Ledger) {
    if ground.policy.stance(point) != Stance::Refuse {
        return;
    }
    let app = ground.policy.reader.as_ref().map_or("the application", |one| one.app.as_str());
    let problem = part
        .problem(format!("{app} cannot read what is encrypted"), tag(part.document, node))
        .remedy("turn encryption off for this application at the identity provider");
    ledger.add(&enc::KEY_MISSING, Weight::Reject, problem);
}

fn tag(document: &Document, node: NodeId) -> Span {
    document.element(node).map_or(Span::at(0), |element| element.start_tag)
}

fn is(document: &Document, node: NodeId, local: &str) -> bool {
    document.element(node).is_some_and(|element| element.is(ASSERTION, local))
}
