//! What stands inside a start tag, and references wherever they stand.

use crate::source::{Span, Spanned};
use crate::xml::error::{LimitKind, XmlError, XmlErrorKind};

/// A name with its namespace in the prefix's place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The namespace; empty for none.
    pub namespace: String,
    /// The name without its prefix.
    pub local: String,
}

impl Name {
    /// Whether it is this name.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.local == local && self.namespace == namespace
    }
}

/// An attribute on its own; declarations of namespaces are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its prefix; empty for none.
    pub prefix: String,
    /// Its name.
    pub name: Name,
    /// Its value, normalised, and where it stands, without the quotes.
    pub value: Spanned<String>,
}

/// An attribute as it is written, as places in the tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    /// The name.
    pub(super) name: (usize, usize),
    /// The value without its quotes.
    pub(super) value: (usize, usize),
}

/// The length of the prefix of a qualified name, and where its local part starts.
pub(super) fn qualified(name: &str) -> Option<(usize, usize)> {
    let prefix = name.bytes().position(|b| b == b':');
    let local = prefix.map_or(0, |at| at + 1);
    let is_sound = prefix.is_none_or(|at| is_name(&name[..at])) && is_name(&name[local..]);
    is_sound.then_some((prefix.unwrap_or(0), local))
}

/// The end of the name at `from` in a tag, and the attributes behind it, up to `end`.
///
/// `base` is the place of the tag's first byte.
pub(super) fn parts(
    raw: &str,
    (from, end): (usize, usize),
    base: usize,
    most: usize,
    written: &mut Vec<Written>,
) -> Result<usize, XmlError> {
    let bytes = &raw.as_bytes()[..end];
    let name_end = skipped(bytes, from, |b| !is_space_byte(b) && b != b'=');
    let mut at = name_end;
    loop {
        let start = skipped(bytes, at, is_space_byte);
        if start == end {
            return Ok(name_end);
        }
        if start == at {
            let place = Span::at(base + start);
            return Err(XmlError::ill_formed("white space is missing between attributes", place));
        }
        if written.len() == most {
            return Err(XmlError::limit(LimitKind::Attributes, Span::at(base + start)));
        }
        let (attribute, next) = attribute(bytes, start, base)?;
        written.push(attribute);
        at = next;
    }
}

/// The attribute at a place, and the place behind it.
fn attribute(bytes: &[u8], start: usize, base: usize) -> Result<(Written, usize), XmlError> {
    let broken = |what, at: usize| XmlError::ill_formed(what, Span::at(base + at));
    let name_end = skipped(bytes, start, |b| !is_space_byte(b) && b != b'=');
    let equals = skipped(bytes, name_end, is_space_byte);
    if bytes.get(equals) != Some(&b'=') {
        return Err(broken("an attribute without a value", equals));
    }
    let open = skipped(bytes, equals + 1, is_space_byte);
    let quote = bytes.get(open).copied().filter(|b| matches!(b, b'"' | b'\''));
    let quote = quote.ok_or(broken("the value of an attribute is not quoted", open))?;
    let close = skipped(bytes, open + 1, |b| b != quote);
    if close == bytes.len() {
        return Err(broken("a quote is not closed", open));
    }
    Ok((Written { name: (start, name_end), value: (open + 1, close) }, close + 1))
}

/// The first place from `at` on whose byte is none of these.
fn skipped(bytes: &[u8], at: usize, is_one: impl Fn(u8) -> bool) -> usize {
    let rest = &bytes[at..];
    at + rest.iter().position(|&b| !is_one(b)).unwrap_or(rest.len())
}

/// Whether a value stands as it is meant (XML 1.0 section 3.3.3).
pub(super) fn is_normal(value: &str) -> bool {
    !value.bytes().any(|b| matches!(b, b'&' | b'<' | b'\t' | b'\n' | b'\r'))
}

/// A value as XML 1.0 section 3.3.3 normalises it, written behind `text`.
pub(super) fn normalise(value: &str, span: Span, text: &mut String) -> Result<(), XmlError> {
    if let Some(at) = value.find('<') {
        let place = Span::new(span.start + at, span.start + at + 1);
        return Err(XmlError::ill_formed("`<` inside the value of an attribute", place));
    }
    let mut rest = value;
    while let Some(at) = rest.find(['&', '\t', '\n', '\r']) {
        text.push_str(&rest[..at]);
        let found = &rest[at..];
        let place = span.start + (value.len() - found.len());
        if let Some(reference) = found.strip_prefix('&') {
            let end = reference.find(';');
            let end =
                end.ok_or(XmlError::ill_formed(BARE_AMPERSAND, Span::new(place, place + 1)))?;
            text.push(referenced(&reference[..end], Span::new(place, place + end + 2))?);
            rest = &reference[end + 1..];
        } else {
            text.push(' ');
            rest = found.strip_prefix("\r\n").unwrap_or(&found[1..]);
        }
    }
    text.push_str(rest);
    Ok(())
}

/// Text with line ends as XML 1.0 section 2.11 has them, written behind `text`.
pub(super) fn with_line_ends(written: &str, text: &mut String) {
    let mut rest = written;
    while let Some(at) = rest.find('\r') {
        text.push_str(&rest[..at]);
        text.push('\n');
        let found = &rest[at..];
        rest = found.strip_prefix("\r\n").unwrap_or(&found[1..]);
    }
    text.push_str(rest);
}

/// The first character that XML does not allow, and its place.
pub(super) fn forbidden(text: &str) -> Option<(usize, char)> {
    // U+FFFE and U+FFFF begin with this byte; all other such characters are control characters.
    const NONCHARACTER: u8 = 0xef;
    let is_suspect = |b: u8| (b < b' ' && !is_space_byte(b)) || b == NONCHARACTER;
    if !text.bytes().fold(false, |any, b| any | is_suspect(b)) {
        return None;
    }
    text.char_indices().find(|&(_, c)| !is_allowed(c))
}

/// The character that `&name;` stands for.
pub(super) fn referenced(name: &str, span: Span) -> Result<char, XmlError> {
    let Some(number) = name.strip_prefix('#') else {
        let known = FIVE.iter().find(|(known, _)| *known == name).map(|&(_, c)| c);
        let unknown = XmlError::ill_formed("a reference to something that is not defined", span);
        return known.ok_or(unknown);
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(XmlError::ill_formed("a reference that is no number", span));
    }
    let number = u32::from_str_radix(digits, radix).ok();
    let found = number.and_then(char::from_u32).filter(|&c| is_allowed(c));
    let kind = XmlErrorKind::Character("a reference to a character that XML does not allow");
    found.ok_or(XmlError { kind, span })
}

/// Whether XML 1.0 allows the character in a document (section 2.2).
pub(super) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// White space in the sense of XML.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

fn is_space_byte(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether it is a name without a colon (Namespaces in XML 1.0 section 3).
pub fn is_name(text: &str) -> bool {
    if text.is_ascii() {
        let starts = |b: u8| b.is_ascii_alphabetic() || b == b'_';
        let continues = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        return text.bytes().next().is_some_and(starts) && text.bytes().all(continues);
    }
    let mut chars = text.chars();
    chars.next().is_some_and(starts_name) && chars.all(continues_name)
}

fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic()
        || c == '_'
        || NAME_START.iter().any(|&(from, to)| (from..=to).contains(&c))
}

fn continues_name(c: char) -> bool {
    starts_name(c)
        || c.is_ascii_digit()
        || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// What is said of a `&` that begins no reference.
pub(super) const BARE_AMPERSAND: &str = "a bare `&`, where `&amp;` belongs";

/// The entities that exist without a DTD (XML 1.0 section 4.6).
const FIVE: [(&str, char); 5] =
    [("amp", '&'), ("apos", '\''), ("gt", '>'), ("lt", '<'), ("quot", '"')];

/// Characters outside ASCII that a name may begin with (XML 1.0 section 2.3).
const NAME_START: [(char, char); 12] = [
    ('\u{c0}', '\u{d6}'),
    ('\u{d8}', '\u{f6}'),
    ('\u{f8}', '\u{2ff}'),
    ('\u{370}', '\u{37d}'),
    ('\u{37f}', '\u{1fff}'),
    ('\u{200c}', '\u{200d}'),
    ('\u{2070}', '\u{218f}'),
    ('\u{2c00}', '\u{2fef}'),
    ('\u{3001}', '\u{d7ff}'),
    ('\u{f900}', '\u{fdcf}'),
    ('\u{fdf0}', '\u{fffd}'),
    ('\u{10000}', '\u{effff}'),
];
