//! Metadata of any size, read once in constant memory: signature, structure and model in one pass.

use std::cell::RefCell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;
use std::sync::Arc;

use crate::crypto::key::PublicKey;
use crate::saml::dsig::stream::{Outcome, Stream};
use crate::saml::dsig::{Fault, Policy};
use crate::saml::metadata::read::{Keep, Pass};
use crate::saml::metadata::{Metadata, Unreadable, UnreadableKind};
use crate::source::{Location, Source, Span};
use crate::xml::{Limits, Reader};

/// How a stream is read.
pub struct Options<'k> {
    /// The name that messages show.
    pub name: &'k str,
    /// How far reading goes.
    pub limits: Limits,
    /// The entity that is kept; the first where nobody says.
    pub wanted: Option<&'k str>,
    /// The pinned keys; without one the signature is not looked at.
    pub keys: &'k [PublicKey],
    /// What is let through in a signature although it is weak.
    pub policy: Policy,
}

/// What a stream said.
#[derive(Debug)]
pub struct Streamed {
    metadata: Metadata,
    /// What came of the signature, where keys are pinned.
    pub signature: Option<Outcome>,
    /// The parts of the text that findings may be about.
    pub parts: Vec<Part>,
}

/// A part of a document's text.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its text.
    pub source: Arc<Source>,
    /// The first of its bytes, counted in the document.
    pub start: usize,
}

impl Streamed {
    /// What the document says: where keys are pinned, only if its signature held.
    pub fn metadata(&self) -> Option<&Metadata> {
        (self.signature.is_none() || self.held()).then_some(&self.metadata)
    }

    /// What the document says, whether or not its signature held.
    pub fn unverified_metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Whether keys are pinned and the signature of the root held with one of them.
    pub fn held(&self) -> bool {
        let verified = self.signature.as_ref().and_then(|outcome| outcome.verified.as_ref());
        matches!(verified, Some(Ok(_)))
    }

    /// What is wrong with the signature.
    pub fn faults(&self) -> &[Fault] {
        let verified = self.signature.as_ref().and_then(|outcome| outcome.verified.as_ref());
        match verified {
            Some(Err(faults)) => faults,
            _ => &[],
        }
    }
}

/// Reads metadata to its end. Nothing of it is handed out before the signature is decided.
pub fn stream<R: BufRead>(input: R, options: &Options<'_>) -> Result<Streamed, Unreadable> {
    let kept = Rc::new(RefCell::new(Kept::default()));
    let tee = Tee { input, kept: Rc::clone(&kept) };
    let mut reader = Reader::of_stream(tee, options.limits)?;
    let mut pass = Pass::new(Keep::One(options.wanted.map(str::to_owned)));
    let mut signature =
        (!options.keys.is_empty()).then(|| Stream::new(options.keys, options.policy));
    let mut parts = Parts { kept: &kept, name: options.name, found: Vec::new(), faults: 0 };
    let mut open = None;
    loop {
        let is_more = pass.step(&mut reader, |event| {
            if let Some(signature) = &mut signature {
                signature.event(event);
            }
        })?;
        if !is_more {
            break;
        }
        parts.follow(&pass, &mut open)?;
    }
    parts.head();
    let parts = parts.found;
    Ok(Streamed { metadata: pass.finish(), signature: signature.map(Stream::finish), parts })
}

/// The parts that are kept on the way.
struct Parts<'p> {
    kept: &'p RefCell<Kept>,
    name: &'p str,
    found: Vec<Part>,
    /// Faults of structure whose lines are kept.
    faults: usize,
}

impl Parts<'_> {
    /// Keeps what belongs to the step that was made, and forgets what is behind it.
    fn follow(&mut self, pass: &Pass, open: &mut Option<usize>) -> Result<(), Unreadable> {
        if let Some(fault) = pass.faults().get(self.faults) {
            self.faults += 1;
            self.around(fault.span);
        }
        let now = pass.open_at();
        if now != *open {
            match (now, *open) {
                (Some(start), _) => {
                    self.head();
                    self.kept.borrow_mut().forget(start);
                }
                (None, Some(start)) => {
                    if pass.is_last_kept() {
                        self.whole(start);
                    }
                    let mut kept = self.kept.borrow_mut();
                    let end = kept.start + kept.text.len();
                    kept.forget(end);
                }
                (None, None) => {}
            }
            *open = now;
        }
        let kept = self.kept.borrow();
        if kept.text.len() > LARGEST_ENTITY {
            return Err(Unreadable {
                kind: UnreadableKind::EntitySize,
                span: Span::at(kept.start),
            });
        }
        Ok(())
    }

    /// The beginning of the document, once.
    fn head(&mut self) {
        let is_begun = self.found.iter().any(|part| part.start == 0);
        let kept = self.kept.borrow();
        if is_begun || kept.start > 0 {
            return;
        }
        let text = &kept.text[..kept.text.len().min(LARGEST_HEAD)];
        self.found.push(part(self.name, text, 0, kept.at));
    }

    fn whole(&mut self, start: usize) {
        let kept = self.kept.borrow();
        let text = kept.text.get(start - kept.start..).unwrap_or_default();
        self.found.push(part(self.name, text, kept.start, kept.at));
    }

    /// The lines around a place.
    fn around(&mut self, span: Span) {
        let kept = self.kept.borrow();
        let Some(at) = span.start.checked_sub(kept.start).filter(|&at| at < kept.text.len()) else {
            return;
        };
        let line = kept.text[..at].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let from = line.max(at.saturating_sub(LONGEST_BEFORE));
        let begins = kept.location(from);
        let to = kept.text.len().min(at + LONGEST_BEHIND);
        self.found.push(part(self.name, &kept.text[from..to], kept.start + from, begins));
    }
}

fn part(name: &str, text: &[u8], start: usize, begins: Location) -> Part {
    // Cut off inside a character, the end is no text: what stands before it is.
    let text = String::from_utf8_lossy(text).into_owned();
    Part { source: Arc::new(Source::part(name, text, begins)), start }
}

/// The bytes that were read and may still be wanted.
struct Kept {
    text: Vec<u8>,
    /// The first of them, counted in the document.
    start: usize,
    /// Where that stands.
    at: Location,
}

impl Default for Kept {
    fn default() -> Self {
        Self { text: Vec::new(), start: 0, at: Location { line: 1, column: 1 } }
    }
}

impl Kept {
    fn forget(&mut self, up_to: usize) {
        let count = up_to.saturating_sub(self.start).min(self.text.len());
        self.at = self.location(count);
        self.text.drain(..count);
        self.start += count;
    }

    /// Where a byte stands, counted from the first that is kept.
    fn location(&self, at: usize) -> Location {
        let before = &self.text[..at];
        #[allow(clippy::naive_bytecount, reason = "the compiler makes it fast enough")]
        let lines = before.iter().filter(|b| **b == b'\n').count();
        let line = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let column = before[line..].iter().filter(|b| **b & 0xc0 != 0x80).count() + 1;
        let column = if lines == 0 { column + self.at.column - 1 } else { column };
        Location { line: self.at.line + lines, column }
    }
}

/// A stream whose bytes are kept as they are read.
struct Tee<R> {
    input: R,
    kept: Rc<RefCell<Kept>>,
}

impl<R: BufRead> Read for Tee<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(buffer.len());
        buffer[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Tee<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What was filled is there without another read.
        if let Ok(available) = self.input.fill_buf() {
            let bytes = &available[..amount.min(available.len())];
            self.kept.borrow_mut().text.extend_from_slice(bytes);
        }
        self.input.consume(amount);
    }
}

/// The largest entity that is kept, and the most that may stand between two.
const LARGEST_ENTITY: usize = 4 << 20;
/// The most of the beginning of a document that is kept.
const LARGEST_HEAD: usize = 64 << 10;
/// The most of a line that is kept before a place.
const LONGEST_BEFORE: usize = 1 << 12;
/// The most that is kept behind it.
const LONGEST_BEHIND: usize = 1 << 12;
