//! The reader of a single test: attribute, sign and value.

use crate::ldap::filter::{FilterError, FilterErrorKind, Item, Test};
use crate::source::{Span, Spanned};

/// Where the parenthesis stands that closes a test: the first one that is neither behind a
/// backslash nor part of a placeholder, nor the partner of one inside.
pub(super) fn end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        at += match bytes.get(at)? {
            b'\\' => 2,
            b'%' => placeholder(&text[at..]).unwrap_or(1),
            b'(' => {
                depth += 1;
                1
            }
            b')' if depth == 0 => return Some(at),
            b')' => {
                depth -= 1;
                1
            }
            _ => 1,
        };
    }
}

/// Reads a test that fills a part of the text.
pub(super) fn read(text: &str, span: Span) -> Result<Item, FilterError> {
    let reader = Reader { text };
    let Some(equals) = text[span.range()].find('=').map(|at| span.start + at) else {
        let start = if span.is_empty() { span.start - 1 } else { span.start };
        return Err(error(FilterErrorKind::MissingEquals, start, span.end));
    };
    let value = Span::new(equals + 1, span.end);
    let sign = text[span.start..equals].bytes().last().unwrap_or_default();
    let name_end = if matches!(sign, b'<' | b'>' | b'~' | b':') { equals - 1 } else { equals };
    let left = Span::new(span.start, name_end);
    if sign == b':' {
        return reader.extensible(left, value);
    }
    let attribute = Some(reader.attribute(left)?);
    let asked = match sign {
        b'<' => Test::LessOrEqual(reader.value(value)?),
        b'>' => Test::GreaterOrEqual(reader.value(value)?),
        b'~' => Test::Approximate(reader.value(value)?),
        _ => reader.equality(value)?,
    };
    Ok(Item { attribute, test: asked, value_span: value })
}

struct Reader<'s> {
    text: &'s str,
}

impl Reader<'_> {
    /// Presence, substrings or plain equality, as the stars say.
    fn equality(&self, span: Span) -> Result<Test, FilterError> {
        if &self.text[span.range()] == "*" {
            return Ok(Test::Presence);
        }
        let mut parts = vec![Vec::new()];
        let mut last_star = None;
        let mut at = span.start;
        while at < span.end {
            if self.text[at..].starts_with('*') {
                if last_star.is_some_and(|star| star + 1 == at) {
                    return Err(error(FilterErrorKind::DoubleStar, at - 1, at + 1));
                }
                last_star = Some(at);
                parts.push(Vec::new());
                at += 1;
            } else {
                let part = parts.last_mut().expect("one part at least");
                at = self.character(at, span.end, part)?;
            }
        }
        if parts.len() > 1 {
            return Ok(Test::Substrings(parts));
        }
        Ok(Test::Equality(parts.pop().unwrap_or_default()))
    }

    fn value(&self, span: Span) -> Result<Vec<u8>, FilterError> {
        let mut value = Vec::new();
        let mut at = span.start;
        while at < span.end {
            at = self.character(at, span.end, &mut value)?;
        }
        Ok(value)
    }

    /// Reads one character, escape or placeholder into a value; gives the place behind it.
    fn character(&self, at: usize, end: usize, into: &mut Vec<u8>) -> Result<usize, FilterError> {
        let rest = &self.text[at..end];
        let bytes = rest.as_bytes();
        if let Some(len) = placeholder(rest) {
            into.extend(&bytes[..len]);
            return Ok(at + len);
        }
        match bytes[0] {
            b'\\' => {
                let (byte, len) = escape(bytes).ok_or_else(|| {
                    let next = rest[1..].chars().next().map_or(0, char::len_utf8);
                    error(FilterErrorKind::BadEscape, at, at + 1 + next)
                })?;
                into.push(byte);
                Ok(at + len)
            }
            byte @ (b'(' | b')' | b'*') => {
                Err(error(FilterErrorKind::Unescaped(char::from(byte)), at, at + 1))
            }
            _ => {
                let plain = rest.find(['\\', '(', ')', '*', '%']).unwrap_or(rest.len()).max(1);
                into.extend(&bytes[..plain]);
                Ok(at + plain)
            }
        }
    }

    /// `attribute:dn:rule:=value`, each of the three optional, but not both attribute and rule.
    fn extensible(&self, left: Span, value: Span) -> Result<Item, FilterError> {
        let text = &self.text[left.range()];
        let (name, behind) = text.split_once(':').unwrap_or((text, ""));
        let (with_dn, rule) = match behind.split_once(':') {
            Some((dn, rule)) if dn.eq_ignore_ascii_case("dn") => (true, rule),
            Some(_) => return Err(self.bad_rule(left, name)),
            None if behind.eq_ignore_ascii_case("dn") => (true, ""),
            None => (false, behind),
        };
        if name.is_empty() && rule.is_empty() {
            return Err(error(FilterErrorKind::BadAttribute, left.start, left.end + 2));
        }
        let name = Span::new(left.start, left.start + name.len());
        let attribute = (!name.is_empty()).then(|| self.attribute(name)).transpose()?;
        if !rule.is_empty() && !is_rule(rule) {
            return Err(self.bad_rule(left, &self.text[name.range()]));
        }
        let rule = (!rule.is_empty()).then(|| rule.to_owned());
        let asked = Test::Extensible { rule, with_dn, value: self.value(value)? };
        Ok(Item { attribute, test: asked, value_span: value })
    }

    fn bad_rule(&self, left: Span, name: &str) -> FilterError {
        debug_assert!(self.text[left.range()].starts_with(name), "bug: another attribute's rule");
        error(FilterErrorKind::BadRule, left.start + name.len(), left.end)
    }

    fn attribute(&self, span: Span) -> Result<Spanned<String>, FilterError> {
        let value = &self.text[span.range()];
        if !is_description(value) {
            let end = span.end.max(span.start + 1);
            return Err(error(FilterErrorKind::BadAttribute, span.start, end));
        }
        Ok(Spanned { value: value.to_owned(), span })
    }
}

/// A byte written as an escape, and how long the escape is.
fn escape(bytes: &[u8]) -> Option<(u8, usize)> {
    let digit = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    match (digit(1), digit(2)) {
        (Some(high), Some(low)) => u8::try_from(high * 16 + low).ok().map(|byte| (byte, 3)),
        (Some(_), None) => None,
        (None, _) => {
            let byte = *bytes.get(1)?;
            matches!(byte, b'(' | b')' | b'*' | b'\\').then_some((byte, 2))
        }
    }
}

/// The length of a placeholder that holds parentheses, `%(name)s`, if the text begins with one.
fn placeholder(text: &str) -> Option<usize> {
    let name = text.strip_prefix("%(")?;
    let len = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    (len > 0 && name[len..].starts_with(")s")).then_some(len + 4)
}

/// An attribute type with options: `cn`, `2.5.4.3`, `cn;lang-de`.
fn is_description(text: &str) -> bool {
    let mut parts = text.split(';');
    let is_option = |option: &str| !option.is_empty() && option.bytes().all(is_name_byte);
    parts.next().is_some_and(is_rule) && parts.all(is_option)
}

/// A name, or numbers with single dots between them.
fn is_rule(text: &str) -> bool {
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return text.bytes().all(is_name_byte);
    }
    text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn error(kind: FilterErrorKind, start: usize, end: usize) -> FilterError {
    FilterError { kind, span: Span::new(start, end) }
}
