//! Which signatures hold.

use crate::problem::Problem;
use crate::saml::cards::sig;
use crate::saml::dsig::{self, Detached, FaultKind, Remark, Shape, Verified};
use crate::saml::judge::differential::Difference;
use crate::saml::judge::ledger::{Ledger, is, place};
use crate::saml::judge::view::ShownSignature;
use crate::saml::judge::{Case, Ground, Part, differential};
use crate::source::Span;
use crate::verdict::{Reason, Weight};
use crate::xml::cards as xml;
use crate::xml::tree::NodeId;

/// The signatures of one document.
pub(super) struct Signatures {
    /// What they look like.
    pub(super) shape: Shape,
    /// Those that hold.
    pub(super) verified: Vec<Verified>,
    /// All, for showing.
    pub(super) shown: Vec<ShownSignature>,
}

impl Signatures {
    /// Whether an element carries a signature, sound or not.
    pub(super) fn has(&self, element: NodeId) -> bool {
        self.shape.of(element).is_some()
    }

    /// The signature of an element that holds.
    pub(super) fn of(&self, element: NodeId) -> Option<&Verified> {
        self.verified.iter().find(|verified| verified.node() == element)
    }
}

/// Verifies all signatures of a document.
pub(super) fn check(
    part: Part<'_>,
    ground: &Ground<'_>,
    is_decrypted: bool,
    ledger: &mut Ledger,
) -> Signatures {
    let shape = dsig::shape(part.document);
    ledger.extend(shape.faults().iter().map(|fault| fault.reason(part.source)));
    let keys = ground.expectation.public_keys();
    let policy = ground.signature_policy();
    let mut verified = Vec::new();
    let mut shown = Vec::new();
    for signature in shape.signatures() {
        let mut one = ShownSignature {
            of: signature.element_name().local.clone(),
            node: Some(signature.element()),
            is_decrypted,
            named: signature.named().clone(),
            key: None,
            span: part.document.span(signature.node()),
        };
        match dsig::verify(part.document, signature, &keys, &policy) {
            Ok(held) => {
                one.key = Some(held.key());
                let place = place(part.source, one.span);
                remark(held.remarks(), held.key(), ground, &Problem::new("", place), ledger);
                compare(part, signature.node(), &held, ground, ledger);
                verified.push(held);
            }
            Err(faults) => {
                let reasons = faults.iter().map(|fault| fault.reason(part.source));
                ledger.extend(reasons.map(|reason| named(reason, ground)));
            }
        }
        shown.push(one);
    }
    Signatures { shape, verified, shown }
}

/// Verifies the signature beside a message.
pub(super) fn detached(
    case: &Case<'_>,
    ground: &Ground<'_>,
    ledger: &mut Ledger,
) -> Option<(Option<Detached>, ShownSignature)> {
    let beside = case.detached?;
    let keys = ground.expectation.public_keys();
    let span = case.document.element(case.document.root()).map_or(Span::at(0), |e| e.start_tag);
    let mut shown = ShownSignature {
        of: "message".to_owned(),
        node: None,
        is_decrypted: false,
        named: dsig::Named { method: Some(beside.algorithm.to_owned()), ..dsig::Named::default() },
        key: None,
        span,
    };
    let policy = ground.signature_policy();
    match dsig::detached(beside.octets, beside.algorithm, beside.value, &keys, &policy) {
        Ok(held) => {
            shown.key = Some(held.key());
            let place = place(case.source, span);
            remark(held.remarks(), held.key(), ground, &Problem::new("", place), ledger);
            Some((Some(held), shown))
        }
        Err(kinds) => {
            let fault = |kind: FaultKind| dsig::Fault::new(kind, span).reason(case.source);
            ledger.extend(kinds.into_iter().map(|kind| named(fault(kind), ground)));
            Some((None, shown))
        }
    }
}

/// Says which pinned keys cannot be used, where none of the others verified anything.
pub(super) fn unusable(case: &Case<'_>, ground: &Ground<'_>, ledger: &mut Ledger) {
    let span = case.document.element(case.document.root()).map_or(Span::at(0), |e| e.start_tag);
    for key in &ground.expectation.unusable {
        if let Some(kind) = FaultKind::of_key(key.error) {
            let mut reason = dsig::Fault::new(kind, span).reason(case.source);
            reason.problem.notes.push(format!("the key comes from {}", key.origin));
            ledger.extend([reason]);
        }
    }
}

impl Ground<'_> {
    /// What signatures are held to.
    fn signature_policy(&self) -> dsig::Policy {
        let allows_sha1 = self.policy.sha1.unwrap_or(self.expectation.allows_sha1);
        dsig::Policy { allows_sha1, limits: self.limits }
    }
}

/// That what was signed reads as what was received.
fn compare(
    part: Part<'_>,
    signature: NodeId,
    held: &Verified,
    ground: &Ground<'_>,
    ledger: &mut Ledger,
) {
    let document = match held.document(ground.limits) {
        Ok(document) => document,
        Err(fault) => return ledger.extend([fault.reason(part.source)]),
    };
    let found = differential::signed(part.document, held.node(), Some(signature), &document);
    if let Some(Difference::Signed(span)) = found {
        let message = "what was received does not read as what was signed";
        ledger.reject(&xml::DIFFERENTIAL, part.problem(message, span));
    }
}

/// What somebody should know about a signature that holds.
fn remark(remarks: &[Remark], key: usize, ground: &Ground<'_>, at: &Problem, ledger: &mut Ledger) {
    for remark in remarks {
        let (rule, weight, message) = match remark {
            Remark::IdIsNoName => continue,
            Remark::InclusiveCanonicalization => (
                &sig::INCLUSIVE_C14N,
                Weight::Note,
                "the signature uses inclusive canonicalisation",
            ),
            Remark::WeakDigest => (&sig::ALGORITHM_WEAK, Weight::Warning, "the digest is SHA-1"),
            Remark::WeakSignature => {
                (&sig::ALGORITHM_WEAK, Weight::Warning, "the signature rests on SHA-1")
            }
        };
        let mut problem = Problem::new(message, at.place.clone());
        if let (Some(true), Some(reader)) = (ground.policy.sha1, &ground.policy.reader)
            && weight == Weight::Warning
        {
            problem = problem.note(format!("{} lets it through", reader.name()));
        }
        ledger.add(rule, weight, problem);
    }
    dates(key, ground, at, ledger);
}

/// That the certificate of a key is within its dates; most readers do not look.
fn dates(key: usize, ground: &Ground<'_>, at: &Problem, ledger: &mut Ledger) {
    let pinned = ground.expectation.keys.get(key);
    let Some((pinned, certificate)) = pinned.and_then(|key| Some((key, key.certificate.as_ref()?)))
    else {
        return;
    };
    let now = ground.expectation.at;
    let message = if now > certificate.not_after {
        format!("the certificate from {} expired at {}", pinned.origin, certificate.not_after)
    } else if now < certificate.not_before {
        format!("the certificate from {} begins at {}", pinned.origin, certificate.not_before)
    } else {
        return;
    };
    let problem = Problem::new(message, at.place.clone())
        .why("the key still verifies, for readers of SAML do not look at these dates")
        .remedy("find out whether the identity provider is about to change its key");
    ledger.add(&sig::CERT_EXPIRED, Weight::Warning, problem);
}

/// A reason with the name of the reader that is stricter than the user.
fn named(mut reason: Reason, ground: &Ground<'_>) -> Reason {
    let is_weak = is(reason.rule, &sig::ALGORITHM_WEAK);
    if let (true, Some(false), Some(reader)) = (is_weak, ground.policy.sha1, &ground.policy.reader)
    {
        reason.problem.why = Some(format!("{} refuses SHA-1", reader.name()));
        reason.problem.remedy =
            Some("set the identity provider to sign with RSA-SHA256".to_owned());
    }
    if is(reason.rule, &sig::KEY_UNTRUSTED) {
        let given = ground.expectation.keys.iter().take(MOST_GIVEN).map(|pinned| {
            let subject = pinned.certificate.as_ref().map_or("a key", |one| one.subject.as_str());
            format!("given: {subject} (SHA-256 {}; {})", pinned.fingerprint(), pinned.origin)
        });
        reason.problem.notes.extend(given);
    }
    reason
}

/// More pinned keys than an identity provider has at one time are not listed.
const MOST_GIVEN: usize = 3;
