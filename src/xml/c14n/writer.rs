//! From events to canonical bytes.

use crate::xml::c14n::inherited::{Inherited, Written};
use crate::xml::c14n::{C14nError, Canonicalization, Method};
use crate::xml::event::{Event, QualifiedName, StartTag};
use crate::xml::namespaces::Namespaces;

/// What takes canonical bytes: a buffer, a digest.
pub trait Sink {
    /// Takes the next bytes.
    fn take(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn take(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// A sink that hands bytes to a function.
pub struct Each<F>(pub F);

impl<F: FnMut(&[u8])> Sink for Each<F> {
    fn take(&mut self, bytes: &[u8]) {
        self.0(bytes);
    }
}

/// Writes the canonical form of the events that it is given.
///
/// Elements around the apex come first, by [`Canonicalizer::around`]; the first element after them
/// is the apex. A subtree that is left out is not handed over at all.
pub struct Canonicalizer<S> {
    method: Method,
    with_comments: bool,
    /// Prefixes that are treated as in inclusive canonicalisation, sorted.
    prefixes: Vec<String>,
    sink: S,
    /// Bytes that the sink has not been given yet.
    buffer: Vec<u8>,
    /// What the elements around the apex declare.
    context: Namespaces,
    /// Attributes of the prefix `xml` around the apex.
    inherited: Inherited,
    /// How many elements are open around the apex.
    around: usize,
    /// What is declared in the bytes written.
    rendered: Namespaces,
    /// The names of the open elements, one behind the other, and where each begins.
    names: String,
    open: Vec<usize>,
    /// Whether the apex was met.
    has_apex: bool,
}

impl<S: Sink> Canonicalizer<S> {
    /// A writer into a sink.
    pub fn new(how: Canonicalization, sink: S) -> Self {
        let mut prefixes = how.prefixes;
        prefixes.sort_unstable();
        Self {
            method: how.method,
            with_comments: how.with_comments,
            prefixes,
            sink,
            buffer: Vec::with_capacity(ROOM + ROOM / 4),
            context: Namespaces::default(),
            inherited: Inherited::of(how.method),
            around: 0,
            rendered: Namespaces::default(),
            names: String::new(),
            open: Vec::new(),
            has_apex: false,
        }
    }

    /// Takes in the start of an element around the apex, which is not written.
    pub fn around(&mut self, tag: &impl StartTag) {
        self.around += 1;
        let depth = self.around;
        for (prefix, uri) in tag.declarations() {
            self.context.push(depth, prefix, uri.to_owned());
        }
        self.inherited.enter(depth, tag);
    }

    /// Takes in the end of an element around the apex.
    pub fn leave(&mut self) {
        self.around = self.around.saturating_sub(1);
        self.context.leave(self.around);
        self.inherited.leave(self.around);
    }

    /// Takes in any event of the apex or below it.
    pub fn event(&mut self, event: &Event<'_>) -> Result<(), C14nError> {
        match event {
            Event::Comment(text) => self.comment(text.value),
            Event::End(_) => self.end(),
            Event::Instruction { target, data, .. } => self.instruction(target, data),
            Event::Start(tag) => return self.start(tag).map_err(|error| error.at(tag.span)),
            Event::Text(text) => self.text(text.value),
        }
        Ok(())
    }

    /// Writes a start tag.
    pub fn start(&mut self, tag: &impl StartTag) -> Result<(), C14nError> {
        let name = tag.name();
        let is_apex = self.open.is_empty();
        self.has_apex = true;
        self.open.push(self.names.len());
        if !name.prefix.is_empty() {
            self.names.push_str(name.prefix);
            self.names.push(':');
        }
        self.names.push_str(name.local);
        self.buffer.push(b'<');
        let from = self.open.last().copied().unwrap_or_default();
        self.buffer.extend_from_slice(&self.names.as_bytes()[from..]);
        self.declarations(tag, name, is_apex)?;
        self.attributes(tag, is_apex);
        self.buffer.push(b'>');
        self.flush_if_full();
        Ok(())
    }

    /// Writes an end tag.
    pub fn end(&mut self) {
        let Some(from) = self.open.pop() else { return };
        self.buffer.extend_from_slice(b"</");
        self.buffer.extend_from_slice(&self.names.as_bytes()[from..]);
        self.buffer.push(b'>');
        self.names.truncate(from);
        self.rendered.leave(self.open.len());
        self.flush_if_full();
    }

    /// Writes text.
    pub fn text(&mut self, text: &str) {
        escape(text, &mut self.buffer, in_text);
        self.flush_if_full();
    }

    /// Writes a comment, if comments go in.
    pub fn comment(&mut self, text: &str) {
        if self.with_comments {
            self.beside_root(|buffer| {
                buffer.extend_from_slice(b"<!--");
                buffer.extend_from_slice(text.as_bytes());
                buffer.extend_from_slice(b"-->");
            });
        }
    }

    /// Writes a processing instruction.
    pub fn instruction(&mut self, target: &str, data: &str) {
        self.beside_root(|buffer| {
            buffer.extend_from_slice(b"<?");
            buffer.extend_from_slice(target.as_bytes());
            if !data.is_empty() {
                buffer.push(b' ');
                buffer.extend_from_slice(data.as_bytes());
            }
            buffer.extend_from_slice(b"?>");
        });
    }

    /// Ends the form: the sink, which has all of it. No form is ever empty.
    pub fn finish(mut self) -> Result<S, C14nError> {
        if !self.open.is_empty() || !self.has_apex {
            return Err(C14nError::Unfinished);
        }
        self.sink.take(&self.buffer);
        Ok(self.sink)
    }

    /// Writes something that may stand outside the root, then on a line of its own.
    fn beside_root(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let is_outside = self.open.is_empty();
        if is_outside && self.has_apex {
            self.buffer.push(b'\n');
        }
        write(&mut self.buffer);
        if is_outside && !self.has_apex {
            self.buffer.push(b'\n');
        }
        self.flush_if_full();
    }

    /// Writes the namespaces that a start tag needs and that are not in force yet.
    fn declarations(
        &mut self,
        tag: &impl StartTag,
        name: QualifiedName<'_>,
        is_apex: bool,
    ) -> Result<(), C14nError> {
        let mut new: Vec<(&str, &str)> = Vec::new();
        let rendered = &self.rendered;
        let need =
            |prefix: &str, uri: &str| prefix != "xml" && rendered.resolve(prefix) != Some(uri);
        for (prefix, uri) in tag.declarations() {
            if is_relative(uri) {
                return Err(C14nError::RelativeNamespace(uri.to_owned(), None));
            }
            if self.is_inclusive(prefix) && need(prefix, uri) {
                new.push((prefix, uri));
            }
        }
        if is_apex {
            let around = self.context.in_scope().map(|one| (one.prefix.as_str(), one.uri.as_str()));
            for (prefix, uri) in around {
                let is_hidden = tag.declarations().any(|(own, _)| own == prefix);
                if !is_hidden && self.is_inclusive(prefix) && need(prefix, uri) {
                    new.push((prefix, uri));
                }
            }
        }
        let used = tag.attributes().map(|attribute| attribute.name);
        let used = used.filter(|name| !name.prefix.is_empty());
        for QualifiedName { prefix, namespace, .. } in std::iter::once(name).chain(used) {
            if need(prefix, namespace) {
                new.push((prefix, namespace));
            }
        }
        new.sort_unstable();
        new.dedup();
        let depth = self.open.len();
        for (prefix, uri) in new {
            if is_relative(uri) {
                return Err(C14nError::RelativeNamespace(uri.to_owned(), None));
            }
            self.buffer.extend_from_slice(b" xmlns");
            if !prefix.is_empty() {
                self.buffer.push(b':');
                self.buffer.extend_from_slice(prefix.as_bytes());
            }
            value(uri, &mut self.buffer);
            self.rendered.push(depth, prefix, uri.to_owned());
        }
        Ok(())
    }

    /// Whether a namespace goes in wherever it is declared, used or not.
    fn is_inclusive(&self, prefix: &str) -> bool {
        self.method != Method::Exclusive
            || self.prefixes.binary_search_by(|one| one.as_str().cmp(prefix)).is_ok()
    }

    fn attributes(&mut self, tag: &impl StartTag, is_apex: bool) {
        let mut written: Vec<Written<'_>> = Vec::new();
        written.extend(tag.attributes().map(|attribute| Written {
            namespace: attribute.name.namespace,
            local: attribute.name.local,
            prefix: attribute.name.prefix,
            value: attribute.value.value,
        }));
        let base = if is_apex { self.inherited.base(&written) } else { None };
        if is_apex {
            self.inherited.add_to(&mut written, base.as_deref());
        }
        written.sort_unstable();
        for one in written {
            self.buffer.push(b' ');
            if !one.prefix.is_empty() {
                self.buffer.extend_from_slice(one.prefix.as_bytes());
                self.buffer.push(b':');
            }
            self.buffer.extend_from_slice(one.local.as_bytes());
            value(one.value, &mut self.buffer);
        }
    }

    fn flush_if_full(&mut self) {
        if self.buffer.len() >= ROOM {
            self.sink.take(&self.buffer);
            self.buffer.clear();
        }
    }
}

/// Writes `="value"`.
fn value(value: &str, buffer: &mut Vec<u8>) {
    buffer.extend_from_slice(b"=\"");
    escape(value, buffer, in_value);
    buffer.push(b'"');
}

/// Writes text in which some characters stand as references.
fn escape(text: &str, buffer: &mut Vec<u8>, reference: impl Fn(u8) -> Option<&'static str>) {
    let mut rest = text.as_bytes();
    loop {
        let at = plain_length(rest, |b| reference(b).is_some());
        buffer.extend_from_slice(&rest[..at]);
        let Some(&byte) = rest.get(at) else { return };
        buffer.extend_from_slice(reference(byte).unwrap_or_default().as_bytes());
        rest = &rest[at + 1..];
    }
}

/// How many bytes stand before the first that is special. Without a branch for each byte the
/// compiler looks at many at once, and most text has none.
fn plain_length(bytes: &[u8], is_special: impl Fn(u8) -> bool) -> usize {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let has_any = |block: &[u8; BLOCK]| block.iter().fold(false, |any, &b| any | is_special(b));
    let start = blocks.iter().take_while(|block| !has_any(block)).count() * BLOCK;
    let rest = &bytes[start..];
    start + rest.iter().position(|&b| is_special(b)).unwrap_or(rest.len())
}

/// How a byte of text is written (Canonical XML 1.0 section 2.3).
fn in_text(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}

/// How a byte of an attribute's value is written (Canonical XML 1.0 section 2.3).
fn in_value(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}

/// Whether a namespace is a URI without a scheme; to have none is no such thing.
fn is_relative(uri: &str) -> bool {
    let Some((scheme, _)) = uri.split_once(':') else { return !uri.is_empty() };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    !is_scheme
}

/// How many bytes are looked at together.
const BLOCK: usize = 32;
/// How many bytes are kept before the sink is given them.
const ROOM: usize = 1 << 14;
