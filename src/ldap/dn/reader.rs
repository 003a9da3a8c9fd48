//! The reader of distinguished names, from left to right, as libldap reads.

use crate::ldap::dn::{Attribute, Dn, DnError, DnErrorKind, Form, Note, Rdn};
use crate::source::{Span, Spanned};

/// Reads a whole text.
pub(super) fn read(text: &str) -> Result<Dn, DnError> {
    if let Some(at) = text.find('\0') {
        return Err(DnError { kind: DnErrorKind::Nul, span: Span::new(at, at + 1) });
    }
    let mut reader = Reader { text, at: 0, notes: Vec::new() };
    let mut rdns = Vec::new();
    while !text.is_empty() {
        rdns.push(reader.rdn()?);
        match reader.peek() {
            None => break,
            Some(b',') => reader.at += 1,
            Some(_) => {
                reader.note(Note::Semicolon, Span::new(reader.at, reader.at + 1));
                reader.at += 1;
            }
        }
    }
    Ok(Dn { rdns, notes: reader.notes })
}

struct Reader<'s> {
    text: &'s str,
    at: usize,
    notes: Vec<Spanned<Note>>,
}

/// A value with its place and the way it was written.
type Value = (Spanned<Vec<u8>>, Form);

impl Reader<'_> {
    /// Reads up to a separator or the end.
    fn rdn(&mut self) -> Result<Rdn, DnError> {
        let mut attributes = Vec::new();
        loop {
            attributes.push(self.attribute()?);
            if self.peek() != Some(b'+') {
                break;
            }
            self.at += 1;
        }
        let ends = attributes.first().zip(attributes.last());
        let (first, last) = ends.expect("the loop reads one at least");
        let span = Span::new(first.name.span.start, last.value.span.end);
        Ok(Rdn { attributes, span })
    }

    fn attribute(&mut self) -> Result<Attribute, DnError> {
        let separator = self.at.saturating_sub(1);
        self.skip_blanks();
        let name = self.name(separator)?;
        self.skip_blanks();
        if self.peek() != Some(b'=') {
            return Err(self.without_equals(name.span));
        }
        self.at += 1;
        self.skip_blanks();
        let (value, form) = match self.peek() {
            Some(b'#') => self.hexadecimal(),
            Some(b'"') => self.quoted(),
            _ => self.plain(),
        }?;
        Ok(Attribute { name, value, form })
    }

    /// The attribute type; `separator` is where the part before it ended.
    fn name(&mut self, separator: usize) -> Result<Spanned<String>, DnError> {
        let start = self.at;
        match self.peek() {
            Some(byte) if byte.is_ascii_digit() => self.oid(),
            Some(byte) if byte.is_ascii_alphabetic() => self.skip_while(is_name_byte),
            None | Some(b',' | b'+' | b';') => {
                return Err(self.error(
                    DnErrorKind::EmptyName,
                    separator,
                    start.max(separator + 1),
                ));
            }
            Some(_) => return Err(self.bad_name(start)),
        }
        let span = Span::new(start, self.at);
        let value = self.text[span.range()].to_owned();
        let is_descriptor = value.starts_with(|c: char| c.is_ascii_alphabetic());
        if is_descriptor && self.peek() == Some(b';') {
            let start = self.at;
            self.skip_while(|byte| is_name_byte(byte) || byte == b';');
            // Without `=` this is a separator behind a part that lacks its value.
            if self.text[self.at..].trim_start_matches(BLANKS).starts_with('=') {
                self.note(Note::Option, Span::new(start, self.at));
            } else {
                self.at = start;
            }
        }
        Ok(Spanned { value, span })
    }

    /// Dotted numbers: a dot is taken in only with the digit behind it.
    fn oid(&mut self) {
        self.skip_while(|byte| byte.is_ascii_digit());
        while self.peek() == Some(b'.') && self.byte(1).is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
            self.skip_while(|byte| byte.is_ascii_digit());
        }
    }

    fn hexadecimal(&mut self) -> Result<Value, DnError> {
        let start = self.at;
        self.at += 1;
        let mut value = Vec::new();
        while let Some(byte) = self.hexadecimal_pair(0) {
            value.push(byte);
            self.at += 2;
        }
        let end = self.at;
        // libldap takes `#` for an empty value before a separator and refuses it at the end.
        let is_lone = end == start + 1 && self.peek().is_none();
        if is_lone || self.peek().is_some_and(|byte| !is_blank(byte) && !is_value_end(byte)) {
            self.skip_while(|byte| !is_value_end(byte));
            return Err(self.error(DnErrorKind::BadHexadecimal, start, self.at));
        }
        self.skip_blanks();
        let ignored = self.at;
        self.skip_while(|byte| !is_value_end(byte));
        let text = self.text[ignored..self.at].trim_end_matches(BLANKS);
        if !text.is_empty() {
            self.note(Note::IgnoredText, Span::new(ignored, ignored + text.len()));
        }
        Ok((Spanned { value, span: Span::new(start, end) }, Form::Hexadecimal))
    }

    /// A value in quotes: a backslash is dropped, whatever it stands before.
    fn quoted(&mut self) -> Result<Value, DnError> {
        let start = self.at;
        let unclosed = self.error(DnErrorKind::UnclosedQuote, start, self.text.len());
        self.at += 1;
        let mut value = Vec::new();
        loop {
            let Some(byte) = self.peek() else { return Err(unclosed) };
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => {
                    let Some(byte) = self.peek() else { return Err(unclosed) };
                    value.push(byte);
                    self.at += 1;
                }
                byte => value.push(byte),
            }
        }
        let span = Span::new(start, self.at);
        self.note(Note::Quoted, span);
        self.skip_blanks();
        let rest = self.at;
        self.skip_while(|byte| !is_value_end(byte));
        if self.at > rest {
            return Err(self.error(DnErrorKind::TextAfterQuote, rest, self.at));
        }
        Ok((Spanned { value, span }, Form::Quoted))
    }

    /// A text with escapes. A blank is part of its end only directly behind a backslash, even
    /// where that one is the second of a pair: so libldap counts.
    fn plain(&mut self) -> Result<Value, DnError> {
        let start = self.at;
        let mut value = Vec::new();
        while let Some(byte) = self.peek().filter(|&byte| !is_value_end(byte)) {
            match byte {
                b'\\' => value.push(self.escape()?),
                b'"' | b'<' | b'>' => {
                    let kind = DnErrorKind::Unescaped(char::from(byte));
                    return Err(self.error(kind, self.at, self.at + 1));
                }
                byte => {
                    value.push(byte);
                    self.at += 1;
                }
            }
        }
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        while end > start + 1 && is_blank(bytes[end - 1]) && bytes[end - 2] != b'\\' {
            end -= 1;
            value.pop();
        }
        Ok((Spanned { value, span: Span::new(start, end) }, Form::Text))
    }

    fn escape(&mut self) -> Result<u8, DnError> {
        let start = self.at;
        if let Some(byte) = self.hexadecimal_pair(1) {
            self.at += 3;
            return Ok(byte);
        }
        if let Some(byte) = self.byte(1).filter(|&byte| is_blank(byte) || is_special(byte)) {
            self.at += 2;
            return Ok(byte);
        }
        let next = self.text[start + 1..].chars().next().map_or(0, char::len_utf8);
        Err(self.error(DnErrorKind::BadEscape, start, start + 1 + next))
    }

    fn hexadecimal_pair(&self, ahead: usize) -> Option<u8> {
        let digit = |at| self.byte(at).and_then(|byte| char::from(byte).to_digit(16));
        let (high, low) = (digit(ahead)?, digit(ahead + 1)?);
        u8::try_from(high * 16 + low).ok()
    }

    /// The error at a name without `=`: what stands up to the next separator lacks it.
    fn without_equals(&mut self, name: Span) -> DnError {
        if self.text[name.range()].eq_ignore_ascii_case("oid") && self.peek() == Some(b'.') {
            return self.error(DnErrorKind::OidPrefix, name.start, name.end + 1);
        }
        self.bad_name(name.start)
    }

    /// The error at a part that does not begin with an attribute type and `=`.
    fn bad_name(&mut self, start: usize) -> DnError {
        self.skip_while(|byte| !is_value_end(byte) && byte != b'=');
        let kind = match self.peek() {
            Some(b'=') => DnErrorKind::BadAttribute,
            _ => DnErrorKind::MissingEquals,
        };
        let len = self.text[start..self.at].trim_end_matches(BLANKS).len();
        self.error(kind, start, start + len.max(1))
    }

    fn note(&mut self, value: Note, span: Span) {
        self.notes.push(Spanned { value, span });
    }

    fn error(&self, kind: DnErrorKind, start: usize, end: usize) -> DnError {
        let end = end.min(self.text.len());
        DnError { kind, span: Span::new(start.min(end), end) }
    }

    fn skip_blanks(&mut self) {
        self.skip_while(is_blank);
    }

    fn skip_while(&mut self, is_wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&is_wanted) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.byte(0)
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn is_value_end(byte: u8) -> bool {
    matches!(byte, b',' | b'+' | b';')
}

/// What may stand behind a backslash besides blanks and digits.
fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'#' | b'+' | b',' | b';' | b'<' | b'=' | b'>' | b'\\')
}

/// What [`is_blank`] takes, as characters.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];
