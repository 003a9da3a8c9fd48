//! From tokens to checked events.

use std::borrow::Cow;

use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::Event as Token;

use crate::source::{Span, Spanned};
use crate::xml::Limits;
use crate::xml::error::{LimitKind, XmlError, XmlErrorKind};
use crate::xml::namespaces::Namespaces;
use crate::xml::tag::{self, Attribute, Name};

type Result<T> = std::result::Result<T, XmlError>;

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'t> {
    /// An element ends.
    End,
    /// An element starts.
    Start {
        /// Its name.
        name: Name,
        /// Its attributes, in the order of the text.
        attributes: Vec<Attribute>,
        /// Where the start tag stands.
        span: Span,
    },
    /// Text inside an element, or a part of it: references and CDATA sections come apart.
    Text(Spanned<Cow<'t, str>>),
}

/// A document as far as it was read.
pub struct Reader<'t> {
    text: &'t str,
    tokens: quick_xml::Reader<&'t [u8]>,
    limits: Limits,
    /// The bytes before the tokeniser's text.
    base: usize,
    namespaces: Namespaces,
    /// Where the start tags of the open elements stand.
    open: Vec<Span>,
    elements: usize,
    /// Whether the element that was started last is empty, so that its end comes next.
    ends_at_once: bool,
}

impl<'t> Reader<'t> {
    /// A reader at the start of a document.
    pub fn new(text: &'t str, limits: Limits) -> Result<Self> {
        if text.len() > limits.bytes {
            return Err(XmlError::limit(LimitKind::Bytes, Span::at(0)));
        }
        if let Some((at, c)) = text.char_indices().find(|&(_, c)| !tag::is_allowed(c)) {
            let span = Span::new(at, at + c.len_utf8());
            return Err(XmlError::ill_formed("a character that XML does not allow", span));
        }
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut tokens = quick_xml::Reader::from_str(body);
        tokens.config_mut().check_comments = true;
        Ok(Self {
            text,
            tokens,
            limits,
            base: text.len() - body.len(),
            namespaces: Namespaces::default(),
            open: Vec::new(),
            elements: 0,
            ends_at_once: false,
        })
    }

    /// The next piece; none at the end of a sound document.
    pub fn event(&mut self) -> Result<Option<Event<'t>>> {
        if self.ends_at_once {
            self.ends_at_once = false;
            return Ok(Some(self.leave()));
        }
        loop {
            let start = self.position();
            let token = self.tokens.read_event();
            let token = token.map_err(|error| self.translated(&error, start))?;
            let span = Span::new(start, self.position());
            if span.end - span.start > self.limits.token {
                return Err(XmlError::limit(LimitKind::Token, Span::at(span.start)));
            }
            match token {
                Token::Eof => return self.end_of_document().map(|()| None),
                token => {
                    if let Some(event) = self.judged(&token, span)? {
                        return Ok(Some(event));
                    }
                }
            }
        }
    }

    fn position(&self) -> usize {
        let position = usize::try_from(self.tokens.buffer_position());
        self.base + position.expect("a place inside a text fits into usize")
    }

    /// What a token gives; none where it says nothing.
    fn judged(&mut self, token: &Token<'t>, span: Span) -> Result<Option<Event<'t>>> {
        let raw = &self.text[span.range()];
        match token {
            Token::Start(_) => self.start(&raw[1..raw.len() - 1], span).map(Some),
            Token::Empty(_) => {
                self.ends_at_once = true;
                self.start(&raw[1..raw.len() - 2], span).map(Some)
            }
            Token::End(_) => Ok(Some(self.leave())),
            Token::Text(_) => self.characters(raw, span),
            Token::CData(_) => {
                let text = Cow::Borrowed(&raw[CDATA_OPEN.len()..raw.len() - CDATA_CLOSE.len()]);
                self.inside(text, span).map(Some)
            }
            Token::GeneralRef(_) => {
                let c = tag::referenced(&raw[1..raw.len() - 1], span)?;
                self.inside(Cow::Owned(c.to_string()), span).map(Some)
            }
            Token::Decl(_) => self.declaration(raw, span).map(|()| None),
            Token::PI(_) => instruction(raw, span).map(|()| None),
            Token::DocType(_) => Err(XmlError { kind: XmlErrorKind::Dtd, span }),
            Token::Comment(_) | Token::Eof => Ok(None),
        }
    }

    fn start(&mut self, inside: &'t str, span: Span) -> Result<Event<'t>> {
        if self.open.is_empty() && self.elements > 0 {
            return Err(XmlError::ill_formed("a second root element", span));
        }
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err(XmlError::limit(LimitKind::Elements, span));
        }
        if self.open.len() >= self.limits.depth {
            return Err(XmlError::limit(LimitKind::Depth, span));
        }
        self.open.push(span);
        let base = span.start + 1;
        let (name, written) = tag::parts(inside, base, self.limits.attributes)?;
        for one in &written {
            self.declare(one)?;
        }
        let name = self.resolved(name, Span::new(base, base + name.len()), true)?;
        let mut attributes = Vec::new();
        for one in written.iter().filter(|one| declared_prefix(one.name).is_none()) {
            let text = tag::normalised(one.value, one.value_span)?;
            let value = Spanned { value: text, span: one.value_span };
            attributes
                .push(Attribute { name: self.resolved(one.name, one.name_span, false)?, value });
        }
        if has_equal_names(&attributes) {
            return Err(XmlError::ill_formed("an attribute stands twice in one element", span));
        }
        Ok(Event::Start { name, attributes, span })
    }

    /// Takes in a namespace declaration, if the attribute is one.
    fn declare(&mut self, one: &tag::Written<'t>) -> Result<()> {
        let Some(prefix) = declared_prefix(one.name) else { return Ok(()) };
        if self.namespaces.len() >= self.limits.namespaces {
            return Err(XmlError::limit(LimitKind::Namespaces, one.name_span));
        }
        let uri = tag::normalised(one.value, one.value_span)?;
        let is_name = prefix.is_empty() || tag::is_name(prefix);
        if is_name && self.namespaces.declare(self.open.len(), prefix, uri) {
            return Ok(());
        }
        Err(XmlError::ill_formed("a namespace declaration that is not allowed", one.name_span))
    }

    fn resolved(&self, name: &str, span: Span, takes_default: bool) -> Result<Name> {
        let parts = tag::qualified(name);
        let (prefix, local) =
            parts.ok_or(XmlError::ill_formed("the name of an element or attribute", span))?;
        let namespace = match (prefix, takes_default) {
            ("", false) => Some(""),
            (prefix, _) => self.namespaces.resolve(prefix),
        };
        let namespace =
            namespace.ok_or(XmlError::ill_formed("a prefix that no xmlns declares", span))?;
        Ok(Name { namespace: namespace.to_owned(), local: local.to_owned() })
    }

    fn leave(&mut self) -> Event<'t> {
        self.open.pop();
        self.namespaces.leave(self.open.len());
        Event::End
    }

    fn characters(&self, raw: &'t str, span: Span) -> Result<Option<Event<'t>>> {
        if self.open.is_empty() {
            return match raw.find(|c| !tag::is_space(c)) {
                Some(at) => {
                    let place = Span::new(span.start + at, span.end);
                    Err(XmlError::ill_formed("text outside the root element", place))
                }
                None => Ok(None),
            };
        }
        if let Some(at) = raw.find("]]>") {
            let place = Span::new(span.start + at, span.start + at + 3);
            return Err(XmlError::ill_formed("`]]>` outside a CDATA section", place));
        }
        self.inside(Cow::Borrowed(raw), span).map(Some)
    }

    /// Text, with line ends as XML 1.0 section 2.11 has them.
    fn inside(&self, text: Cow<'t, str>, span: Span) -> Result<Event<'t>> {
        if self.open.is_empty() {
            return Err(XmlError::ill_formed("text outside the root element", span));
        }
        let is_written = matches!(text, Cow::Borrowed(_));
        let value = if is_written && text.contains('\r') {
            Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
        } else {
            text
        };
        Ok(Event::Text(Spanned { value, span }))
    }

    /// Checks `<?xml version="1.0" encoding="UTF-8"?>`.
    fn declaration(&self, raw: &'t str, span: Span) -> Result<()> {
        let broken = |what| XmlError::ill_formed(what, span);
        if span.start != self.base {
            return Err(broken("the XML declaration is not at the very beginning"));
        }
        let inside = &raw[2..raw.len() - 2];
        let (_, written) = tag::parts(inside, span.start + 2, DECLARED.len())?;
        let names: Vec<&str> = written.iter().map(|one| one.name).collect();
        let mut rest = DECLARED.iter();
        let is_ordered = names.iter().all(|name| rest.any(|known| known == name));
        if !is_ordered || names.first() != Some(&DECLARED[0]) || written[0].value != "1.0" {
            return Err(broken("the XML declaration is not one of version 1.0"));
        }
        match written.iter().find(|one| one.name == DECLARED[1]) {
            Some(one) if !self.reads(one.value) => {
                let kind = XmlErrorKind::Encoding(one.value.to_owned());
                Err(XmlError { kind, span: one.value_span })
            }
            _ => Ok(()),
        }
    }

    /// Whether text in an encoding reads the same as the UTF-8 that is here.
    fn reads(&self, encoding: &str) -> bool {
        let encoding = encoding.to_ascii_lowercase();
        let extends_ascii = ASCII.iter().any(|start| encoding.starts_with(start));
        matches!(encoding.as_str(), "utf-8" | "utf8") || (extends_ascii && self.text.is_ascii())
    }

    fn end_of_document(&self) -> Result<()> {
        match self.open.last() {
            Some(&span) => Err(XmlError::ill_formed("the document ends inside this element", span)),
            None if self.elements == 0 => {
                Err(XmlError::ill_formed("there is no element", Span::at(self.text.len())))
            }
            None => Ok(()),
        }
    }

    /// The tokeniser's error in our words.
    fn translated(&self, error: &Error, start: usize) -> XmlError {
        let what = match error {
            Error::IllFormed(
                IllFormedError::MismatchedEndTag { .. } | IllFormedError::UnmatchedEndTag(_),
            ) => "an end tag that belongs to no element open here",
            Error::IllFormed(IllFormedError::DoubleHyphenInComment) => "`--` inside a comment",
            Error::IllFormed(IllFormedError::UnclosedReference) => tag::BARE_AMPERSAND,
            Error::Syntax(SyntaxError::UnclosedCData) => "a CDATA section is not closed",
            Error::Syntax(SyntaxError::UnclosedComment) => "a comment is not closed",
            Error::Syntax(SyntaxError::UnclosedDoctype)
            | Error::IllFormed(IllFormedError::MissingDoctypeName) => {
                return XmlError { kind: XmlErrorKind::Dtd, span: self.place(start) };
            }
            Error::Syntax(SyntaxError::UnclosedTag) => "a tag is not closed",
            Error::Syntax(
                SyntaxError::UnclosedDoubleQuotedAttributeValue
                | SyntaxError::UnclosedSingleQuotedAttributeValue,
            ) => "a quote is not closed",
            _ => "markup that is no XML",
        };
        let at = usize::try_from(self.tokens.error_position()).map_or(start, |at| self.base + at);
        XmlError::ill_formed(what, self.place(at))
    }

    /// A place inside the text, whatever the tokeniser counted.
    fn place(&self, at: usize) -> Span {
        Span::at(self.text.floor_char_boundary(at))
    }
}

/// The prefix that an attribute declares: empty for the default namespace.
fn declared_prefix(name: &str) -> Option<&str> {
    if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
}

fn has_equal_names(attributes: &[Attribute]) -> bool {
    let mut names: Vec<&Name> = attributes.iter().map(|attribute| &attribute.name).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

/// Checks a processing instruction, which says nothing to us.
fn instruction(raw: &str, span: Span) -> Result<()> {
    let inside = &raw[2..raw.len() - 2];
    let target = inside.split(tag::is_space).next().unwrap_or_default();
    if tag::is_name(target) && !target.eq_ignore_ascii_case("xml") {
        return Ok(());
    }
    Err(XmlError::ill_formed("the name of a processing instruction", span))
}

const CDATA_OPEN: &str = "<![CDATA[";
const CDATA_CLOSE: &str = "]]>";
/// What an XML declaration may say, in this order.
const DECLARED: [&str; 3] = ["version", "encoding", "standalone"];
/// Beginnings of the names of encodings in which ASCII text is the same bytes as in UTF-8.
const ASCII: [&str; 5] = ["ascii", "iso-8859-", "latin", "us-ascii", "windows-125"];
