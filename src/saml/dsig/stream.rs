//! The signature of a document that is too large to be kept: metadata of any size.
//!
//! The signature of the root element comes first in it, so its algorithms are known before the
//! content that it covers. The digest is made as the content passes, and decided at the end: before
//! [`Stream::finish`] nothing that was read has been proved.

use crate::crypto::digest::Digest;
use crate::crypto::key::PublicKey;
use crate::saml::dsig::algorithm::{DigestMethod, SignatureMethod};
use crate::saml::dsig::fault::{Fault, FaultKind};
use crate::saml::dsig::head::{Bounded, Head};
use crate::saml::dsig::ids;
use crate::saml::dsig::proof::{Claim, Proof};
use crate::saml::dsig::remark::Remark;
use crate::saml::dsig::shape::sound_parts_alone;
use crate::saml::dsig::signed_info::{Named, SignedInfo};
use crate::saml::dsig::{DS, Policy, key_info};
use crate::source::Span;
use crate::xml::c14n::{Canonicalizer, Sink};
use crate::xml::tree::Document;
use crate::xml::{Event, Limits, Name, Start, StartTag};

/// A document on its way through, seen for the signature of its root element.
pub struct Stream<'k> {
    keys: &'k [PublicKey],
    policy: Policy,
    depth: usize,
    state: State,
    root: Option<Root>,
    named: Named,
    certificates: Vec<Vec<u8>>,
    said: Option<SignedInfo>,
    proof: Option<Result<Proof, FaultKind>>,
    faults: Vec<Fault>,
    /// The place of the signature, where its faults are told.
    place: Span,
    /// Whether another element has the ID that the signature refers to.
    leads_elsewhere: Option<String>,
}

/// What the stream is in.
enum State {
    /// Before the signature: what came so far.
    Before(Box<Head>),
    /// Inside the signature: its bytes so far, and the depth at which it ends.
    Signature(Box<Head>, Box<Canonicalizer<Bounded>>, usize),
    /// Behind it: the digest of what is signed, if there is something to digest.
    Content(Box<Canonicalizer<Hashing>>),
    /// Nothing more is to be digested.
    Nothing,
}

/// The signed element, of which only the start tag is kept.
struct Root {
    name: Name,
    id: String,
}

/// A digest that canonical bytes go into.
struct Hashing(Digest);

impl Sink for Hashing {
    fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

/// A root element whose signature held with a pinned key. Only [`Stream::finish`] makes one.
#[derive(Clone, Debug)]
#[must_use]
pub struct Verified {
    element: Name,
    id: String,
    key: usize,
    method: &'static SignatureMethod,
    digest: &'static DigestMethod,
    remarks: Vec<Remark>,
}

impl Verified {
    /// The name of the signed element.
    pub fn element(&self) -> &Name {
        &self.element
    }

    /// Its ID.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Which of the pinned keys verified it, from 0.
    pub fn key(&self) -> usize {
        self.key
    }

    /// The signature method.
    pub fn method(&self) -> &'static SignatureMethod {
        self.method
    }

    /// The digest method.
    pub fn digest(&self) -> &'static DigestMethod {
        self.digest
    }

    /// What somebody should know about the signature.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
}

/// What came of a document.
#[derive(Debug)]
pub struct Outcome {
    /// Whether the signature of the root held. None without a signature there.
    pub verified: Option<Result<Verified, Vec<Fault>>>,
    /// The algorithms and the reference that the signature names.
    pub named: Named,
    /// The certificates that it embeds, in DER. They prove nothing.
    pub certificates: Vec<Vec<u8>>,
}

impl<'k> Stream<'k> {
    /// A stream before its first event.
    pub fn new(keys: &'k [PublicKey], policy: Policy) -> Self {
        Self {
            keys,
            policy,
            depth: 0,
            state: State::Before(Box::default()),
            root: None,
            named: Named::default(),
            certificates: Vec::new(),
            said: None,
            proof: None,
            faults: Vec::new(),
            place: Span::at(0),
            leads_elsewhere: None,
        }
    }

    /// Takes in the next event. Every event of the document has to come, in order.
    pub fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(start) => self.start(start),
            Event::End(_) => {}
            _ if self.depth == 0 => return,
            _ => {}
        }
        self.pass(event);
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                self.leave();
            }
            _ => {}
        }
    }

    /// Decides, at the end of the document.
    pub fn finish(mut self) -> Outcome {
        let digested = match std::mem::replace(&mut self.state, State::Nothing) {
            State::Content(writer) => Some(
                writer
                    .finish()
                    .map(|hashing| hashing.0.finish())
                    .map_err(|error| FaultKind::C14nFailed(error.to_string())),
            ),
            _ => None,
        };
        let verified = self.verdict(digested);
        Outcome { verified, named: self.named, certificates: self.certificates }
    }

    fn verdict(
        &mut self,
        digested: Option<Result<Vec<u8>, FaultKind>>,
    ) -> Option<Result<Verified, Vec<Fault>>> {
        let mut faults = std::mem::take(&mut self.faults);
        let reference = self.named.reference.clone().unwrap_or_default();
        if let Some(fault) = self.misleads(&reference) {
            faults.push(fault);
        }
        let Some(proof) = self.proof.take() else {
            faults.sort_by_key(|fault| fault.kind.rank());
            return (!faults.is_empty()).then_some(Err(faults));
        };
        let place = self.place;
        let mut fault = |kind| faults.push(Fault::new(kind, place));
        let is_unchanged = match (&digested, &self.said) {
            (Some(Ok(digest)), Some(said)) => said.check_digest(digest).is_ok(),
            _ => false,
        };
        let proof = match (proof, digested) {
            (Err(FaultKind::ValueMismatch { embeds_pinned, change, .. }), _) => {
                Err(FaultKind::ValueMismatch { is_unchanged, embeds_pinned, change })
            }
            (Err(kind), _) | (Ok(_), Some(Err(kind))) => Err(kind),
            (Ok(proof), Some(Ok(digest))) => proof.said.check_digest(&digest).map(|()| proof),
            (Ok(_), None) => Err(FaultKind::C14nFailed("it is empty".to_owned())),
        };
        match proof {
            Ok(proof) => {
                proof.said.refused(&self.policy).for_each(&mut fault);
                faults.sort_by_key(|fault| fault.kind.rank());
                Some(if faults.is_empty() { Ok(self.made(&proof)) } else { Err(faults) })
            }
            Err(kind) => {
                fault(kind);
                faults.sort_by_key(|fault| fault.kind.rank());
                Some(Err(faults))
            }
        }
    }

    fn made(&mut self, proof: &Proof) -> Verified {
        let root = self.root.take().expect("a signature stands in a root");
        Verified {
            remarks: proof.said.remarks(&root.id),
            element: root.name,
            id: root.id,
            key: proof.key,
            method: proof.said.method,
            digest: proof.said.digest,
        }
    }

    fn start(&mut self, start: &Start<'_>) {
        if self.depth == 0 && self.root.is_none() {
            let id = start.attribute("ID").map(|id| id.value.value.to_owned());
            let root = Root { name: start.name().to_name(), id: id.unwrap_or_default() };
            let alike = start.attributes().filter(|one| ids::is_like(one.name.local));
            let names: Vec<String> = alike.map(|one| one.name.local.to_owned()).collect();
            if let [first, second, ..] = &names[..] {
                let kind = FaultKind::IdAmbiguous(first.clone(), second.clone());
                self.faults.push(Fault::new(kind, start.span));
            }
            self.root = Some(root);
            return;
        }
        self.see_ids(start);
        let is_signature = start.name().is(DS, "Signature");
        if self.depth != 1 {
            return;
        }
        match std::mem::replace(&mut self.state, State::Nothing) {
            State::Before(head) if is_signature => {
                self.place = start.span;
                let writer = head.signature_writer();
                self.state = State::Signature(head, Box::new(writer), self.depth);
            }
            // The first child is none, so the root is not signed where that would be read.
            State::Before(_) => {}
            state => self.state = state,
        }
        let is_told = self.faults.len() >= MOST_FAULTS;
        if is_signature && !is_told && !matches!(self.state, State::Signature(..)) {
            let local = self.root.as_ref().map(|root| root.name.local.clone()).unwrap_or_default();
            let kind = match self.proof {
                Some(_) => FaultKind::Multiple(local),
                None => FaultKind::Position(local),
            };
            self.faults.push(Fault::new(kind, start.span));
        }
    }

    /// Looks for the ID of the root, or the one that is referred to, on another element.
    fn see_ids(&mut self, start: &Start<'_>) {
        let Some(root) = &self.root else { return };
        for attribute in start.attributes().filter(|one| ids::is_like(one.name.local)) {
            let value = attribute.value.value;
            let is_told = self.faults.len() >= MOST_FAULTS;
            if value == root.id && !value.is_empty() && !is_told {
                let kind = FaultKind::DuplicateId(value.to_owned());
                self.faults.push(Fault::new(kind, attribute.value.span));
            }
            let reference = self.named.reference.as_deref().and_then(|uri| uri.strip_prefix('#'));
            if reference == Some(value) {
                self.leads_elsewhere = Some(start.name().local.to_owned());
            }
        }
    }

    /// Hands an event to whatever is made of it.
    fn pass(&mut self, event: &Event<'_>) {
        let outcome = match &mut self.state {
            State::Before(head) => {
                head.take(event);
                Ok(())
            }
            State::Signature(_, writer, _) => writer.event(event),
            State::Content(writer) => writer.event(event),
            State::Nothing => Ok(()),
        };
        if let Err(error) = outcome {
            let is_signature = matches!(self.state, State::Signature(..));
            self.state = State::Nothing;
            let kind = FaultKind::C14nFailed(error.to_string());
            if is_signature {
                self.proof = Some(Err(kind));
            } else {
                self.faults.push(Fault::new(kind, self.place));
            }
        }
    }

    /// At the end of the signature, reads it and begins the digest.
    fn leave(&mut self) {
        let is_over = matches!(self.state, State::Signature(_, _, depth) if depth == self.depth);
        if !is_over {
            return;
        }
        let State::Signature(head, writer, _) = std::mem::replace(&mut self.state, State::Nothing)
        else {
            return;
        };
        let bytes = writer.finish().map_err(|error| FaultKind::C14nFailed(error.to_string()));
        let bytes = bytes.and_then(|bytes| {
            let large = || FaultKind::C14nFailed("the signature is too large".to_owned());
            bytes.whole().ok_or_else(large)
        });
        match bytes.and_then(|bytes| self.read(&bytes)) {
            Ok(said) => {
                let hashing = Hashing(Digest::new(said.digest.hash));
                match head.content_writer(&said.transform, hashing) {
                    Ok(writer) => self.state = State::Content(Box::new(writer)),
                    Err(kind) => self.faults.push(Fault::new(kind, self.place)),
                }
                self.said = Some(said);
            }
            Err(kind) => self.proof = Some(Err(kind)),
        }
    }

    /// Reads the signature and checks its value; gives what it says is signed.
    fn read(&mut self, bytes: &[u8]) -> Result<SignedInfo, FaultKind> {
        let document =
            Document::read_bytes(bytes, Limits::MESSAGE).map_err(FaultKind::Differential)?;
        let mut faults = Vec::new();
        let parts = sound_parts_alone(&document, &mut self.named, &mut faults);
        self.certificates = key_info::certificates(&document, document.root());
        faults.sort_by_key(|fault| fault.kind.rank());
        let mut kinds = faults.into_iter().map(|fault| fault.kind);
        let first = kinds.next();
        self.faults.extend(kinds.map(|kind| Fault::new(kind, self.place)));
        if let Some(kind) = first {
            return Err(kind);
        }
        let parts = parts.expect("a signature with parts missing has a fault");
        let id = self.root.as_ref().map(|root| root.id.as_str()).unwrap_or_default();
        let certificates = &self.certificates;
        let claim = Claim { document: &document, parts: &parts, certificates, id };
        let proof = claim.prove(self.keys, &self.policy);
        let said = proof.as_ref().map_or(parts.said.clone(), |proof| proof.said.clone());
        self.proof = Some(proof);
        Ok(said)
    }

    /// What is wrong with what the signature refers to.
    fn misleads(&self, uri: &str) -> Option<Fault> {
        let is_told = self.named.reference.is_some();
        let root = self.root.as_ref().filter(|_| self.proof.is_some() && is_told)?;
        let kind = match uri.strip_prefix('#').filter(|id| ids::is_safe(id)) {
            None => FaultKind::ReferenceUri(uri.to_owned()),
            Some(id) if id == root.id => return None,
            Some(id) => match &self.leads_elsewhere {
                Some(element) => {
                    FaultKind::Coverage { id: id.to_owned(), element: element.clone() }
                }
                None => FaultKind::ReferenceUnresolved(id.to_owned()),
            },
        };
        Some(Fault::new(kind, self.place))
    }
}

/// After so many faults further ones say nothing more.
const MOST_FAULTS: usize = 16;
