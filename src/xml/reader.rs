//! From tokens to checked events.

use std::io::BufRead;
use std::mem;

use quick_xml::errors::Error;

use crate::source::{Span, Spanned};
use crate::xml::Limits;
use crate::xml::error::{LimitKind, OPEN_END, XmlError, XmlErrorKind};
use crate::xml::event::{AttributeParts, Event, NameParts, Start};
use crate::xml::input::Input;
use crate::xml::namespaces::{self, Meaning, Namespaces};
use crate::xml::parts::Tag;
use crate::xml::tag::{self, Written};
use crate::xml::token::{Kind, told};

type Result<T> = std::result::Result<T, XmlError>;

/// A document as far as it was read.
pub struct Reader<R> {
    tokens: quick_xml::Reader<Input<R>>,
    limits: Limits,
    /// The bytes of the byte order mark.
    base: usize,
    /// The bytes that were read.
    position: usize,
    /// The token that was read last, as it is written.
    raw: String,
    /// What is meant where something else is written.
    scratch: String,
    tag: Tag,
    namespaces: Namespaces,
    /// Where the start tags of the open elements stand.
    open: Vec<Span>,
    nodes: usize,
    /// Whether the root element was met.
    has_root: bool,
    /// Where the element that was started last ends, if it is empty.
    ends_at: Option<Span>,
    /// The declared encoding, if only ASCII reads the same in it, and where it is declared.
    only_ascii: Option<Spanned<String>>,
}

/// An event without a borrow: places in the raw token, or the scratch.
#[derive(Clone, Copy)]
enum Found {
    Comment(Span),
    End(Span),
    Instruction { target: (usize, usize), span: Span },
    Start(Span),
    Text { place: Option<(usize, usize)>, span: Span },
}

impl<'t> Reader<&'t [u8]> {
    /// A reader at the start of a text.
    pub fn new(text: &'t str, limits: Limits) -> Result<Self> {
        Self::of_bytes(text.as_bytes(), limits)
    }

    /// A reader at the start of bytes that should be UTF-8.
    pub fn of_bytes(bytes: &'t [u8], limits: Limits) -> Result<Self> {
        if bytes.len() > limits.bytes {
            return Err(XmlError::limit(LimitKind::Bytes, Span::at(0)));
        }
        Self::of_stream(bytes, limits)
    }
}

impl<R: BufRead> Reader<R> {
    /// A reader at the start of a stream. It keeps one token and what the open elements declare,
    /// however long the stream is.
    pub fn of_stream(stream: R, limits: Limits) -> Result<Self> {
        let (input, base) = Input::new(stream, limits)?;
        Ok(Self {
            tokens: quick_xml::Reader::from_reader(input),
            limits,
            base,
            position: base,
            raw: String::new(),
            scratch: String::new(),
            tag: Tag::default(),
            namespaces: Namespaces::default(),
            open: Vec::new(),
            nodes: 0,
            has_root: false,
            ends_at: None,
            only_ascii: None,
        })
    }

    /// The next piece; none at the end of a sound document.
    pub fn event(&mut self) -> Result<Option<Event<'_>>> {
        let found = self.found()?;
        Ok(found.map(|found| self.shown(found)))
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    fn found(&mut self) -> Result<Option<Found>> {
        if let Some(end) = self.ends_at.take() {
            return Ok(Some(self.leave(end)));
        }
        loop {
            let start = self.position;
            let kind = self.token(start)?;
            let span = Span::new(start, self.position);
            if let Kind::Eof = kind {
                return self.end_of_document().map(|()| None);
            }
            let raw = mem::take(&mut self.raw);
            let found = self.judged(kind, &raw, span);
            self.raw = raw;
            if let Some(found) = found? {
                return Ok(Some(found));
            }
        }
    }

    fn shown(&self, found: Found) -> Event<'_> {
        let text = |place: Option<(usize, usize)>| match place {
            Some((from, to)) => &self.raw[from..to],
            None => self.scratch.as_str(),
        };
        match found {
            Found::Comment(span) => Event::Comment(Spanned { value: &self.scratch, span }),
            Found::End(span) => Event::End(span),
            Found::Instruction { target, span } => {
                Event::Instruction { target: text(Some(target)), data: &self.scratch, span }
            }
            Found::Start(span) => Event::Start(Start {
                span,
                raw: &self.raw,
                scratch: &self.scratch,
                name: self.tag.name,
                attributes: &self.tag.attributes,
                namespaces: &self.namespaces,
                first: self.tag.first,
            }),
            Found::Text { place, span } => Event::Text(Spanned { value: text(place), span }),
        }
    }

    /// Reads the next token.
    fn token(&mut self, start: usize) -> Result<Kind> {
        self.scratch.clear();
        let mut buffer = mem::take(&mut self.raw).into_bytes();
        buffer.clear();
        self.tokens.get_mut().begin(self.limits.token.saturating_add(1));
        let read = self.tokens.read_event_into(&mut buffer);
        let kind = match read.map(|token| Kind::of(&token)) {
            Ok(kind) => kind,
            Err(error) => return Err(self.translated(&error, start, &buffer)),
        };
        self.position = start + buffer.len();
        if buffer.len() > self.limits.token {
            return Err(XmlError::limit(LimitKind::Token, Span::at(start)));
        }
        self.raw = String::from_utf8(buffer)
            .map_err(|error| not_utf8(start + error.utf8_error().valid_up_to()))?;
        if let Some((at, c)) = tag::forbidden(&self.raw) {
            let span = Span::new(start + at, start + at + c.len_utf8());
            return Err(XmlError { kind: XmlErrorKind::Character(FORBIDDEN), span });
        }
        match self.only_ascii.take_if(|_| !self.raw.is_ascii()) {
            Some(Spanned { value, span }) => {
                Err(XmlError { kind: XmlErrorKind::Encoding(value), span })
            }
            None => Ok(kind),
        }
    }

    /// What a token gives; none where it says nothing.
    fn judged(&mut self, kind: Kind, raw: &str, span: Span) -> Result<Option<Found>> {
        match kind {
            Kind::Start => self.start(raw, raw.len() - 1, span).map(Some),
            Kind::Empty => {
                self.ends_at = Some(Span::at(span.end));
                self.start(raw, raw.len() - 2, span).map(Some)
            }
            Kind::End => Ok(Some(self.leave(span))),
            Kind::Text => self.characters(raw, span),
            Kind::Cdata => {
                let place = (CDATA_OPEN.len(), raw.len() - CDATA_CLOSE.len());
                self.inside(raw, place, span).map(Some)
            }
            Kind::Reference => {
                self.must_be_inside(span)?;
                self.scratch.push(tag::referenced(&raw[1..raw.len() - 1], span)?);
                Ok(Some(Found::Text { place: None, span }))
            }
            Kind::Comment => self.comment(raw, span).map(Some),
            Kind::Declaration => self.declaration(raw, span).map(|()| None),
            Kind::Instruction => self.instruction(raw, span).map(Some),
            Kind::Dtd => Err(XmlError { kind: XmlErrorKind::Dtd, span }),
            Kind::Eof => Ok(None),
        }
    }

    fn start(&mut self, raw: &str, end: usize, span: Span) -> Result<Found> {
        if self.open.is_empty() && mem::replace(&mut self.has_root, true) {
            return Err(XmlError::trailing("a second root element", span));
        }
        self.count(span)?;
        if self.open.len() >= self.limits.depth {
            return Err(XmlError::limit(LimitKind::Depth, span));
        }
        self.open.push(span);
        let mut tag = mem::take(&mut self.tag);
        tag.begin(self.namespaces.len());
        let most = self.limits.attributes;
        let name_end = tag::parts(raw, (1, end), span.start, most, &mut tag.written)?;
        for &one in &tag.written {
            self.declare(raw, one, tag.first, span.start)?;
        }
        tag.name = self.resolved(raw, (1, name_end), span.start, true)?;
        for &one in tag.written.iter().filter(|one| declared_prefix(raw, **one).is_none()) {
            let attribute = self.attribute(raw, one, span.start)?;
            tag.attributes.push(attribute);
        }
        let is_double = tag.has_equal_names(raw, &self.namespaces);
        self.tag = tag;
        if is_double {
            return Err(XmlError { kind: XmlErrorKind::DuplicateAttribute, span });
        }
        Ok(Found::Start(span))
    }

    fn attribute(&mut self, raw: &str, one: Written, base: usize) -> Result<AttributeParts> {
        let name = self.resolved(raw, one.name, base, false)?;
        let span = Span::new(base + one.value.0, base + one.value.1);
        let value = &raw[one.value.0..one.value.1];
        if tag::is_normal(value) {
            return Ok(AttributeParts { name, value: one.value, is_normalised: false, span });
        }
        let from = self.scratch.len();
        tag::normalise(value, span, &mut self.scratch)?;
        Ok(AttributeParts { name, value: (from, self.scratch.len()), is_normalised: true, span })
    }

    /// Takes in a namespace declaration, if the attribute is one.
    fn declare(&mut self, raw: &str, one: Written, first: usize, base: usize) -> Result<()> {
        let Some(prefix) = declared_prefix(raw, one) else { return Ok(()) };
        let place = Span::new(base + one.name.0, base + one.name.1);
        let own = self.namespaces.len() - first;
        if self.namespaces.len() >= self.limits.namespaces || own >= self.limits.declarations {
            return Err(XmlError::limit(LimitKind::Namespaces, place));
        }
        let mut uri = String::new();
        let value = Span::new(base + one.value.0, base + one.value.1);
        tag::normalise(&raw[one.value.0..one.value.1], value, &mut uri)?;
        let is_name = one.name.1 - one.name.0 == DECLARES.len() || tag::is_name(prefix);
        if !is_name || !namespaces::is_allowed(prefix, &uri) {
            return Err(XmlError::namespace("a namespace declaration that is not allowed", place));
        }
        if self.namespaces.is_declared_at(self.open.len(), prefix) {
            return Err(XmlError { kind: XmlErrorKind::DuplicateAttribute, span: place });
        }
        self.namespaces.push(self.open.len(), prefix, uri);
        Ok(())
    }

    fn resolved(
        &self,
        raw: &str,
        (start, end): (usize, usize),
        base: usize,
        takes_default: bool,
    ) -> Result<NameParts> {
        let span = Span::new(base + start, base + end);
        let name = &raw[start..end];
        let (prefix, local) = tag::qualified(name).ok_or_else(|| misnamed(name, span))?;
        let meaning = match &name[..prefix] {
            "" if !takes_default => Some(Meaning::Nothing),
            "xmlns" => None,
            prefix => self.namespaces.meaning(prefix),
        };
        let unbound = XmlError::namespace("a prefix that no xmlns declares", span);
        Ok(NameParts { start, prefix, local: start + local, end, meaning: meaning.ok_or(unbound)? })
    }

    fn leave(&mut self, span: Span) -> Found {
        self.open.pop();
        self.namespaces.leave(self.open.len());
        Found::End(span)
    }

    fn count(&mut self, span: Span) -> Result<()> {
        self.nodes += 1;
        let is_too_many = self.nodes > self.limits.nodes;
        if is_too_many { Err(XmlError::limit(LimitKind::Nodes, span)) } else { Ok(()) }
    }

    fn characters(&mut self, raw: &str, span: Span) -> Result<Option<Found>> {
        if self.open.is_empty() {
            return match raw.find(|c| !tag::is_space(c)) {
                Some(at) => {
                    let place = Span::new(span.start + at, span.end);
                    Err(XmlError::trailing(OUTSIDE, place))
                }
                None => Ok(None),
            };
        }
        if let Some(at) = raw.find(CDATA_CLOSE) {
            let place = Span::new(span.start + at, span.start + at + CDATA_CLOSE.len());
            return Err(XmlError::ill_formed("`]]>` outside a CDATA section", place));
        }
        self.inside(raw, (0, raw.len()), span).map(Some)
    }

    /// Text, with line ends as XML 1.0 section 2.11 has them.
    fn inside(&mut self, raw: &str, (from, to): (usize, usize), span: Span) -> Result<Found> {
        self.must_be_inside(span)?;
        let text = &raw[from..to];
        if !text.as_bytes().contains(&b'\r') {
            return Ok(Found::Text { place: Some((from, to)), span });
        }
        tag::with_line_ends(text, &mut self.scratch);
        Ok(Found::Text { place: None, span })
    }

    fn must_be_inside(&self, span: Span) -> Result<()> {
        if self.open.is_empty() { Err(XmlError::trailing(OUTSIDE, span)) } else { Ok(()) }
    }

    fn comment(&mut self, raw: &str, span: Span) -> Result<Found> {
        self.count(span)?;
        let inside = &raw[COMMENT_OPEN.len()..raw.len() - COMMENT_CLOSE.len()];
        // A hyphen before the end makes two as well.
        let hyphens = inside.find("--").or(inside.ends_with('-').then(|| inside.len() - 1));
        if let Some(at) = hyphens {
            let place = span.start + COMMENT_OPEN.len() + at;
            return Err(XmlError::ill_formed("`--` inside a comment", Span::new(place, place + 1)));
        }
        tag::with_line_ends(inside, &mut self.scratch);
        Ok(Found::Comment(span))
    }

    fn instruction(&mut self, raw: &str, span: Span) -> Result<Found> {
        self.count(span)?;
        let inside = &raw[2..raw.len() - 2];
        let length = inside.find(tag::is_space).unwrap_or(inside.len());
        let target = &inside[..length];
        if !tag::is_name(target) || target.eq_ignore_ascii_case("xml") {
            return Err(XmlError::ill_formed("the name of a processing instruction", span));
        }
        let data = inside[length..].trim_start_matches(tag::is_space);
        tag::with_line_ends(data, &mut self.scratch);
        Ok(Found::Instruction { target: (2, 2 + length), span })
    }

    /// Checks `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`.
    fn declaration(&mut self, raw: &str, span: Span) -> Result<()> {
        if span.start != self.base {
            let what = "the XML declaration is not at the very beginning";
            return Err(XmlError::trailing(what, span));
        }
        let mut written = Vec::new();
        let inside = (2, raw.len() - 2);
        tag::parts(raw, inside, span.start, DECLARED.len(), &mut written)?;
        let name = |one: &Written| &raw[one.name.0..one.name.1];
        let mut rest = DECLARED.iter();
        let is_ordered = written.iter().all(|one| rest.any(|known| *known == name(one)));
        if !is_ordered || written.first().map(name) != Some(DECLARED[0]) {
            return Err(XmlError::ill_formed("an XML declaration that is none", span));
        }
        for one in &written {
            let value = &raw[one.value.0..one.value.1];
            let place = Span::new(span.start + one.value.0, span.start + one.value.1);
            self.declared(name(one), Spanned { value, span: place })?;
        }
        Ok(())
    }

    fn declared(&mut self, name: &str, Spanned { value, span }: Spanned<&str>) -> Result<()> {
        match name {
            "version" if value == "1.0" => Ok(()),
            "version" => Err(XmlError { kind: XmlErrorKind::Version(value.to_owned()), span }),
            "standalone" if matches!(value, "yes" | "no") => Ok(()),
            "standalone" => Err(XmlError::ill_formed("standalone is neither yes nor no", span)),
            _ => {
                let lower = value.to_ascii_lowercase();
                if matches!(lower.as_str(), "utf-8" | "utf8") {
                    return Ok(());
                }
                if reads_ascii(&lower) {
                    self.only_ascii = Some(Spanned { value: value.to_owned(), span });
                    return Ok(());
                }
                Err(XmlError { kind: XmlErrorKind::Encoding(value.to_owned()), span })
            }
        }
    }

    fn end_of_document(&self) -> Result<()> {
        match self.open.last() {
            Some(&span) => Err(XmlError::ill_formed(OPEN_END, span)),
            None if !self.has_root => {
                Err(XmlError::ill_formed("there is no element", Span::at(self.position)))
            }
            None => Ok(()),
        }
    }

    /// The tokeniser's error in our words. `buffer` is what was read of the token.
    fn translated(&self, cause: &Error, start: usize, buffer: &[u8]) -> XmlError {
        if buffer.get(..DTD_OPEN.len()).is_some_and(|open| open.eq_ignore_ascii_case(DTD_OPEN)) {
            let span = Span::new(start, start + DTD_OPEN.len());
            return XmlError { kind: XmlErrorKind::Dtd, span };
        }
        if let Some(limit) = self.tokens.get_ref().reached() {
            return XmlError::limit(limit, Span::at(start));
        }
        if let Err(error) = std::str::from_utf8(buffer)
            && (error.error_len().is_some() || matches!(cause, Error::Encoding(_)))
        {
            return not_utf8(start + error.valid_up_to());
        }
        if let Error::Io(error) = cause {
            return XmlError { kind: XmlErrorKind::Input(error.kind()), span: Span::at(start) };
        }
        XmlError::ill_formed(told(cause), Span::at(start))
    }
}

/// The prefix that an attribute declares: empty for the default namespace.
fn declared_prefix(raw: &str, one: Written) -> Option<&str> {
    let name = &raw[one.name.0..one.name.1];
    let rest = name.strip_prefix(DECLARES)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(':') }
}

/// Whether text that is ASCII reads the same in an encoding as in UTF-8.
fn reads_ascii(encoding: &str) -> bool {
    let is_member = |(family, numbers): &(&str, std::ops::RangeInclusive<u16>)| {
        let number = encoding.strip_prefix(family).and_then(|number| number.parse().ok());
        number.is_some_and(|number| numbers.contains(&number))
    };
    ASCII.contains(&encoding) || ASCII_FAMILIES.iter().any(is_member)
}

/// What is wrong with a name: too many colons, or characters that no name has.
fn misnamed(name: &str, span: Span) -> XmlError {
    if name.split(':').all(|part| part.is_empty() || tag::is_name(part)) && name.contains(':') {
        return XmlError::namespace("a name whose colons part it in no prefix and name", span);
    }
    XmlError::ill_formed("the name of an element or attribute", span)
}

fn not_utf8(at: usize) -> XmlError {
    XmlError { kind: XmlErrorKind::Character("bytes that are no UTF-8"), span: Span::at(at) }
}

/// The name of attributes that declare namespaces, up to the colon.
const DECLARES: &str = "xmlns";
const CDATA_OPEN: &str = "<![CDATA[";
const CDATA_CLOSE: &str = "]]>";
const COMMENT_OPEN: &str = "<!--";
const COMMENT_CLOSE: &str = "-->";
const DTD_OPEN: &[u8] = b"<!DOCTYPE";
/// What is said of text that stands where none may.
const OUTSIDE: &str = "text outside the root element";
/// What is said of a character outside XML 1.0 section 2.2.
const FORBIDDEN: &str = "a character that XML does not allow";
/// What an XML declaration may say, in this order.
const DECLARED: [&str; 3] = ["version", "encoding", "standalone"];
/// Names of encodings in which ASCII text is the same bytes as in UTF-8.
const ASCII: [&str; 4] = ["ascii", "iso-646-us", "latin1", "us-ascii"];
/// Names of families of such encodings, and the numbers that their members have.
const ASCII_FAMILIES: [(&str, std::ops::RangeInclusive<u16>); 2] =
    [("iso-8859-", 1..=16), ("windows-", 1250..=1258)];
