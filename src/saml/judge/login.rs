//! The judgement of a response.

use std::sync::Arc;

use crate::problem::Problem;
use crate::saml::cards::{saml, sig};
use crate::saml::dsig::{self, Detached, FaultKind, Verified};
use crate::saml::judge::differential::{self, Difference};
use crate::saml::judge::ledger::{Ledger, is, place};
use crate::saml::judge::opening::Opening;
use crate::saml::judge::proof::{Opened, Proof};
use crate::saml::judge::signatures::{self, Signatures};
use crate::saml::judge::view::{ShownAssertion, View, Window, WindowState};
use crate::saml::judge::{
    Case, Ground, Judged, Objections, Part, assertion, confirmation, identity, response, shown,
    structure, validation,
};
use crate::saml::message::{Assertion, AssertionPart, Message, Response};
use crate::source::{Source, Span};
use crate::verdict::{Unchecked, Verdict, Weight};
use crate::xml::cards as xml;
use crate::xml::tree::Document;

/// Judges a message that logs somebody in, or would like to.
pub(super) fn judge(
    case: Case<'_>,
    ground: &Ground<'_>,
    objections: Option<&Objections<'_>>,
    mut ledger: Ledger,
) -> Judged {
    let outer = Outer::check(&case, ground, &mut ledger);
    let read = Inner::read(&case, ground, &outer, &mut ledger);
    let mut view_parts = ViewParts::default();
    around(&case, ground, &outer, &mut ledger);
    if let Some(inner) = &read.inner {
        let is_mapped = objections.is_some();
        view_parts = inner.judge(&case, ground, is_mapped, &mut ledger);
    }
    validation::judge(&case, ground, &mut ledger);
    if let Some(Inner { source, decrypted: Some(document), signatures: Some(own), .. }) =
        &read.inner
    {
        let is_signed = own.has(document.root());
        validation::decrypted(Part { source, document }, ground, is_signed, &mut ledger);
    }
    by_skew(&case, &view_parts.windows, &mut ledger);
    let proof = prove(&case, ground, &outer, &read, &mut ledger);
    always_open(ground, &case, &mut ledger);
    finish(case, outer, read, view_parts, proof.as_ref(), objections, ledger)
}

/// What was found in the message as received.
struct Outer {
    signatures: Signatures,
    /// The signature beside it, if one came: whether it holds.
    detached: Option<(Option<Detached>, super::ShownSignature)>,
    /// Whether the reader looks at that one.
    reads_detached: bool,
}

impl Outer {
    fn check(case: &Case<'_>, ground: &Ground<'_>, ledger: &mut Ledger) -> Self {
        let part = case.part();
        let signatures = signatures::check(part, ground, false, ledger);
        structure::schema(part, ground, &signatures.shape, ledger);
        inside(part, ledger);
        let detached = signatures::detached(case, ground, ledger);
        Self { signatures, detached, reads_detached: ground.policy.reads_detached }
    }

    /// Whether the message itself carries a signature, sound or not.
    fn is_signed(&self, case: &Case<'_>) -> bool {
        let is_beside = self.reads_detached && self.detached.is_some();
        is_beside || self.signatures.has(case.document.root())
    }

    fn held_detached(&self) -> Option<&Detached> {
        let beside = self.detached.as_ref().filter(|_| self.reads_detached);
        beside.and_then(|(held, _)| held.as_ref())
    }
}

/// What was found of the assertion.
struct Read<'k> {
    inner: Option<Inner>,
    opening: Opening<'k>,
}

/// The assertion that is read.
struct Inner {
    source: Arc<Source>,
    /// The decrypted document; none where the assertion stands in the message.
    decrypted: Option<Document>,
    signatures: Option<Signatures>,
    assertion: Assertion,
    opened: Opened,
}

/// What the judgement of the assertion adds to the view.
#[derive(Default)]
struct ViewParts {
    windows: Vec<Window>,
    confirmations: Vec<Vec<String>>,
}

impl Inner {
    fn read<'k>(
        case: &Case<'_>,
        ground: &Ground<'k>,
        outer: &Outer,
        ledger: &mut Ledger,
    ) -> Read<'k> {
        let mut opening = Opening::new(ground);
        let inner = match &case.message {
            Message::Assertion(assertion) => {
                Some(Self::plain(case, ground, assertion, &mut opening, ledger))
            }
            Message::Response(response) => {
                structure::count(case.part(), ground, response, ledger);
                match response.assertions.first() {
                    Some(AssertionPart::Plain(assertion)) => {
                        Some(Self::plain(case, ground, assertion, &mut opening, ledger))
                    }
                    Some(AssertionPart::Encrypted(node)) => {
                        let part = case.part();
                        let opened = opening.assertion(part, ground, *node, ledger);
                        opened.map(|opened| Self::decrypted(opened, ground, &mut opening, ledger))
                    }
                    None => None,
                }
            }
            _ => None,
        };
        unsigned(case, ground, outer, inner.as_ref(), ledger);
        Read { inner, opening }
    }

    fn plain(
        case: &Case<'_>,
        ground: &Ground<'_>,
        assertion: &Assertion,
        opening: &mut Opening<'_>,
        ledger: &mut Ledger,
    ) -> Self {
        let opened = opening.parts(case.part(), ground, assertion, ledger);
        Self {
            source: Arc::clone(case.source),
            decrypted: None,
            signatures: None,
            assertion: assertion.clone(),
            opened,
        }
    }

    fn decrypted(
        (source, document): (Arc<Source>, Document),
        ground: &Ground<'_>,
        opening: &mut Opening<'_>,
        ledger: &mut Ledger,
    ) -> Self {
        let part = Part { source: &source, document: &document };
        let signatures = signatures::check(part, ground, true, ledger);
        structure::schema(part, ground, &signatures.shape, ledger);
        inside(part, ledger);
        let assertion = Assertion::read(&document, document.root());
        let alone = AssertionPart::Plain(Box::new(assertion.clone()));
        structure::alone(part, ground, &alone, ledger);
        let opened = opening.parts(part, ground, &assertion, ledger);
        Self { source, decrypted: Some(document), signatures: Some(signatures), assertion, opened }
    }

    fn part<'p>(&'p self, case: &'p Case<'_>) -> Part<'p> {
        let document = self.decrypted.as_ref().unwrap_or(&case.document);
        Part { source: &self.source, document }
    }

    /// The signatures among which that of the assertion is.
    fn signatures<'s>(&'s self, outer: &'s Outer) -> &'s Signatures {
        self.signatures.as_ref().unwrap_or(&outer.signatures)
    }

    fn judge(
        &self,
        case: &Case<'_>,
        ground: &Ground<'_>,
        is_mapped: bool,
        ledger: &mut Ledger,
    ) -> ViewParts {
        let part = self.part(case);
        let mut windows = assertion::judge(part, ground, &self.assertion, ledger);
        let response = case.response();
        let answered = response.and_then(|response| response.in_response_to.as_ref());
        let answered = answered.map(|id| id.value.as_str());
        let confirmed = confirmation::judge(part, ground, &self.assertion, answered, ledger);
        windows.extend(confirmed.windows);
        let name = self.opened.name.as_ref();
        identity::judge(part, ground, &self.assertion, name, is_mapped, ledger);
        issuers_agree(case, part, &self.assertion, ledger);
        ViewParts { windows, confirmations: confirmed.told }
    }
}

impl Case<'_> {
    fn part(&self) -> Part<'_> {
        Part { source: self.source, document: &self.document }
    }

    fn response(&self) -> Option<&Response> {
        match &self.message {
            Message::Response(response) => Some(response),
            _ => None,
        }
    }

    /// Where the message begins.
    fn tag(&self) -> Span {
        let root = self.document.element(self.document.root());
        root.map_or(Span::at(0), |element| element.start_tag)
    }
}

/// What stands in values beside text.
fn inside(part: Part<'_>, ledger: &mut Ledger) {
    for found in differential::inside(part.document) {
        let Difference::Inside { what, element, span } = found else { continue };
        let problem = part
            .problem(format!("{what} stands inside {element}"), span)
            .why("some readers see only the text before it");
        ledger.reject(&xml::DIFFERENTIAL, problem);
    }
}

/// What the message around the assertion says.
fn around(case: &Case<'_>, ground: &Ground<'_>, outer: &Outer, ledger: &mut Ledger) {
    let part = case.part();
    if let Some(why) = &ground.expectation.disabled {
        let problem = part.problem(format!("the configuration takes no logins: {why}"), case.tag());
        ledger.reject(&saml::CONNECTION_DISABLED, problem);
    }
    let Some(answer) = case.response() else {
        if matches!(case.message, Message::Assertion(_)) {
            let problem = part
                .problem("an assertion without the response around it", case.tag())
                .remedy("give the whole SAMLResponse");
            ledger.add(&saml::MESSAGE_TYPE, Weight::Undecided, problem);
        }
        return;
    };
    let head = &answer.head;
    structure::version(part, "the response", head.version.as_ref(), head.tag, ledger);
    structure::id(part, ground, head.id.as_ref(), ledger);
    response::status(part, answer.status.as_ref(), head.tag, ledger);
    ledger.checked("status", &[&saml::STATUS]);
    let is_signed = outer.is_signed(case);
    let acs = &ground.expectation.acs;
    response::destination(part, ground, head, acs, is_signed, ledger);
    response::in_response_to(part, ground, answer, ledger);
    response::issued(part, ground, "the response", head.issue_instant.as_ref(), ledger);
    if let Some(issuer) = &head.issuer {
        response::issuer(part, ground, "the response", issuer, ledger);
    }
}

/// That response and assertion name the same identity provider.
fn issuers_agree(case: &Case<'_>, part: Part<'_>, assertion: &Assertion, ledger: &mut Ledger) {
    let outer = case.response().and_then(|response| response.head.issuer.as_ref());
    let (Some(outer), Some(inner)) = (outer, &assertion.issuer) else { return };
    if outer.value == inner.value {
        return;
    }
    let problem = part
        .problem("response and assertion name two identity providers", inner.span)
        .compared(super::nearness::compared(std::slice::from_ref(&outer.value), &inner.value))
        .related(place(case.source, outer.span), "the response names this one");
    ledger.reject(&saml::ISSUER, problem);
}

/// That something is signed, and what the reader wants signed.
fn unsigned(
    case: &Case<'_>,
    ground: &Ground<'_>,
    outer: &Outer,
    inner: Option<&Inner>,
    ledger: &mut Ledger,
) {
    let is_message_signed = outer.is_signed(case);
    let has = |inner: &Inner| inner.signatures(outer).has(inner.assertion.node);
    let is_assertion_signed = inner.is_some_and(has);
    let is_closed = inner.is_none() && case.response().is_some_and(|r| !r.assertions.is_empty());
    let missing = |what: &str| dsig::Fault::new(FaultKind::Missing(what.to_owned()), case.tag());
    if case.response().is_some_and(Response::has_failed) {
        return;
    }
    if !is_message_signed && !is_assertion_signed && !is_closed {
        let mut reason = missing("neither the response nor the assertion").reason(case.source);
        if let (Some(_), Some(reader)) = (&outer.detached, &ground.policy.reader) {
            let name = reader.name();
            let why = format!("{name} does not look at the signature beside the message");
            reason.problem.why = Some(why);
        }
        return ledger.extend([reason]);
    }
    let Some(reader) = &ground.policy.reader else { return };
    let wanted = [
        (ground.policy.signed.message && !is_message_signed, "the response"),
        (ground.policy.signed.assertion && !is_assertion_signed && !is_closed, "the assertion"),
    ];
    for (_, what) in wanted.into_iter().filter(|(is_wanted, _)| *is_wanted) {
        let mut reason = missing(what).reason(case.source);
        reason.problem.why = Some(format!("{} wants it signed", reader.name()));
        reason.problem.remedy = Some(format!("let the identity provider sign {what}"));
        ledger.extend([reason]);
    }
}

/// The proof of what the assertion says, and that the key is that of its issuer.
fn prove(
    case: &Case<'_>,
    ground: &Ground<'_>,
    outer: &Outer,
    read: &Read<'_>,
    ledger: &mut Ledger,
) -> Option<Proof> {
    let inner = read.inner.as_ref()?;
    let own = inner.signatures(outer).of(inner.assertion.node);
    let around = outer.signatures.of(case.document.root());
    let beside = outer.held_detached();
    let keys = [own.map(Verified::key), around.map(Verified::key), beside.map(Detached::key)];
    if keys.iter().all(Option::is_none) {
        signatures::unusable(case, ground, ledger);
    }
    for key in keys.into_iter().flatten() {
        bound(inner.part(case), ground, key, &inner.assertion, ledger);
    }
    let fault = |fault: dsig::Fault| fault.reason(case.source);
    let proven = match (own.or(around.filter(|_| inner.decrypted.is_none())), &inner.decrypted) {
        (Some(verified), _) => Proof::of(verified, ground.limits),
        (None, Some(plain)) => match (around, beside) {
            (Some(around), _) => Ok(Proof::of_decrypted(around, plain)),
            (None, Some(beside)) => Ok(Proof::of_detached(beside, plain)),
            (None, None) => Ok(None),
        },
        (None, None) => Ok(beside.and_then(|held| Proof::of_detached(held, &case.document))),
    };
    let proof = proven.map_err(|found| ledger.extend([fault(found)])).ok().flatten();
    if proof.is_some() {
        ledger.checked("signature", &[&sig::MISSING]);
    }
    proof
}

/// That a key belongs to whoever issued the assertion: keys of several providers are never pooled.
fn bound(
    part: Part<'_>,
    ground: &Ground<'_>,
    key: usize,
    assertion: &Assertion,
    ledger: &mut Ledger,
) {
    let entity = ground.expectation.keys.get(key).and_then(|pinned| pinned.entity.as_ref());
    let (Some(entity), Some(issuer)) = (entity, &assertion.issuer) else { return };
    if *entity == issuer.value {
        return;
    }
    let message = format!("the key that signed belongs to {}", shown(entity));
    let problem = part
        .problem(message, issuer.span)
        .compared(super::nearness::compared(std::slice::from_ref(entity), &issuer.value));
    let is_told = ledger.reasons.iter().any(|one| is(one.rule, &saml::ISSUER));
    if !is_told {
        ledger.reject(&saml::ISSUER, problem);
    }
}

/// What holds only because clocks may differ.
fn by_skew(case: &Case<'_>, windows: &[Window], ledger: &mut Ledger) {
    for window in windows.iter().filter(|window| window.state == WindowState::InsideBySkew) {
        let message = format!(
            "the {} hold only because clocks may differ by {} seconds",
            window.of, window.skew
        );
        let message = message.replace("confirmation hold", "confirmation holds");
        let message = message.replace("session hold ", "session holds ");
        let problem = Problem::new(message, place(case.source, case.tag()))
            .remedy("set the clocks of both sides");
        ledger.add(&saml::CLOCK_SKEW, Weight::Note, problem);
    }
}

/// What is never checked here, and that it was to be.
fn always_open(ground: &Ground<'_>, case: &Case<'_>, ledger: &mut Ledger) {
    ledger.unchecked.push(Unchecked { item: "replay", how: "" });
    let open: Vec<&Unchecked> = ledger.unchecked.iter().filter(|one| !one.how.is_empty()).collect();
    if !ground.expectation.requires_all || open.is_empty() {
        return;
    }
    let items: Vec<&str> = open.iter().map(|one| one.item).collect();
    let mut how: Vec<&str> = Vec::new();
    for one in &open {
        if !how.contains(&one.how) {
            how.push(one.how);
        }
    }
    let message = format!("not checked: {}", items.join(", "));
    let problem = Problem::new(message, place(case.source, case.tag())).remedy(how.join("; "));
    ledger.add(&saml::UNCHECKED, Weight::Undecided, problem);
}

fn finish(
    case: Case<'_>,
    outer: Outer,
    read: Read<'_>,
    parts: ViewParts,
    proof: Option<&Proof>,
    objections: Option<&Objections<'_>>,
    mut ledger: Ledger,
) -> Judged {
    let kind = case.message.kind();
    let opened = read.inner.as_ref().map(|inner| &inner.opened);
    let no_parts = Opened::default();
    let sent = proof.map(|proof| proof.sent(opened.unwrap_or(&no_parts)));
    let view = view(case, outer, read, parts, proof.is_some());
    if let (Some(sent), Some(objections), true) = (&sent, objections, ledger.is_clean()) {
        ledger.extend(objections(sent, &view));
    }
    let is_clean = ledger.is_clean();
    ledger.order();
    let verdict = Verdict::decide(ledger.reasons, ledger.unchecked, ledger.passed, proof.is_some());
    Judged {
        kind: Some(kind),
        verdict: Some(verdict),
        reasons: Vec::new(),
        view: Some(view),
        sent: sent.filter(|_| is_clean),
    }
}

fn view(case: Case<'_>, outer: Outer, read: Read<'_>, parts: ViewParts, is_proven: bool) -> View {
    let Outer { signatures, detached, .. } = outer;
    let mut shown: Vec<_> = detached.into_iter().map(|(_, shown)| shown).collect();
    shown.extend(signatures.shown);
    let assertion = read.inner.map(|inner| {
        shown.extend(inner.signatures.into_iter().flat_map(|one| one.shown));
        let own = match &inner.assertion.name {
            Some(super::SubjectName::Name(name)) => Some(name.clone()),
            _ => None,
        };
        let attributes = inner.assertion.attributes.iter().chain(&inner.opened.attributes);
        ShownAssertion {
            source: inner.source,
            attributes: attributes.cloned().collect(),
            name: own.or(inner.opened.name),
            decrypted: inner.decrypted,
            assertion: inner.assertion,
            confirmations: parts.confirmations,
        }
    });
    View {
        document: case.document,
        message: case.message,
        assertion,
        signatures: shown,
        encryptions: read.opening.shown,
        windows: parts.windows,
        is_proven,
    }
}
