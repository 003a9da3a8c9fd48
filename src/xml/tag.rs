//! What stands inside a start tag, and references wherever they stand.

use crate::source::{Span, Spanned};
use crate::xml::error::{LimitKind, XmlError};

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

/// An attribute; declarations of namespaces are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Its value, normalised, and where it stands, without the quotes.
    pub value: Spanned<String>,
}

/// An attribute as it is written: with its prefix, and references in the value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'t> {
    /// The name.
    pub(super) name: &'t str,
    /// Where the name stands.
    pub(super) name_span: Span,
    /// The value without its quotes.
    pub(super) value: &'t str,
    /// Where the value stands.
    pub(super) value_span: Span,
}

/// Prefix and local part of a qualified name; the prefix is empty where there is none.
pub(super) fn qualified(name: &str) -> Option<(&str, &str)> {
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) if is_name(prefix) => (prefix, local),
        Some(_) => return None,
        None => ("", name),
    };
    is_name(local).then_some((prefix, local))
}

/// The name at the start of what stands between the angle brackets, and the attributes behind it.
///
/// `base` is the place of the first byte of `inside`.
pub(super) fn parts(
    inside: &str,
    base: usize,
    most: usize,
) -> Result<(&str, Vec<Written<'_>>), XmlError> {
    let end = inside.find(is_space).unwrap_or(inside.len());
    let mut written = Vec::new();
    let mut at = end;
    loop {
        let blank = inside[at..].len() - inside[at..].trim_start_matches(is_space).len();
        let start = at + blank;
        if start == inside.len() {
            return Ok((&inside[..end], written));
        }
        if blank == 0 {
            let place = Span::at(base + start);
            return Err(XmlError::ill_formed("white space is missing between attributes", place));
        }
        if written.len() == most {
            return Err(XmlError::limit(LimitKind::Attributes, Span::at(base + start)));
        }
        let (attribute, length) = attribute(&inside[start..], base + start)?;
        written.push(attribute);
        at = start + length;
    }
}

/// The attribute at the start of a text that begins at `base`, and its length.
fn attribute(text: &str, base: usize) -> Result<(Written<'_>, usize), XmlError> {
    let broken = |what, at: usize| XmlError::ill_formed(what, Span::at(base + at));
    let name_end = text.find(|c| is_space(c) || c == '=').unwrap_or(text.len());
    let after_name = text[name_end..].trim_start_matches(is_space);
    let equals = text.len() - after_name.len();
    let after_equals = after_name.strip_prefix('=');
    let after_equals = after_equals.ok_or(broken("an attribute without a value", equals))?;
    let quoted = after_equals.trim_start_matches(is_space);
    let open = text.len() - quoted.len();
    let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''));
    let quote = quote.ok_or(broken("the value of an attribute is not quoted", open))?;
    let length = quoted[1..].find(quote).ok_or(broken("a quote is not closed", open))?;
    let (start, end) = (open + 1, open + 1 + length);
    let written = Written {
        name: &text[..name_end],
        name_span: Span::new(base, base + name_end),
        value: &text[start..end],
        value_span: Span::new(base + start, base + end),
    };
    Ok((written, end + 1))
}

/// A value as XML 1.0 section 3.3.3 normalises it.
pub(super) fn normalised(value: &str, span: Span) -> Result<String, XmlError> {
    if let Some(at) = value.find('<') {
        let place = Span::new(span.start + at, span.start + at + 1);
        return Err(XmlError::ill_formed("`<` inside the value of an attribute", place));
    }
    let mut text = String::with_capacity(value.len());
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
    Ok(text)
}

/// The character that `&name;` stands for.
pub(super) fn referenced(name: &str, span: Span) -> Result<char, XmlError> {
    let digits = |digits: &str, radix| {
        let is_plain = digits.chars().all(|c| c.is_digit(radix));
        let number = is_plain.then(|| u32::from_str_radix(digits, radix).ok()).flatten();
        number.and_then(char::from_u32).filter(|&c| is_allowed(c))
    };
    let found = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix('x') {
            Some(number) => digits(number, 16),
            None => digits(number, 10),
        },
        None => FIVE.iter().find(|(known, _)| *known == name).map(|&(_, c)| c),
    };
    found.ok_or(XmlError::ill_formed("a reference to something that is not defined", span))
}

/// Whether XML 1.0 allows the character in a document (section 2.2).
pub(super) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// White space in the sense of XML.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Whether it is a name without a colon (Namespaces in XML 1.0 section 3).
pub(super) fn is_name(text: &str) -> bool {
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
