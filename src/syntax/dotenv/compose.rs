//! Environment files as Docker Compose reads them (compose-go, package dotenv).

use std::ops::Range;

use crate::source::Span;
use crate::syntax::placed::Placed;
use crate::syntax::tree::{Comment, Style};

use super::lines::{Assignment, Lines, Odd, OddKind, Part, line_end};

/// Reads on behind every line that Compose refuses, so that each is known.
pub(super) fn lines(text: &str) -> Lines {
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, at, lines: Lines::default() };
    while reader.skip_to_statement() {
        reader.statement();
    }
    reader.lines
}

struct Reader<'s> {
    text: &'s str,
    at: usize,
    lines: Lines,
}

/// How a name ends.
enum NameEnd {
    /// At the end of the text.
    Text,
    /// At the end of its line.
    Line,
    /// At a sign that a value follows.
    Sign,
    /// At a character that it must not have.
    Wrong(char),
}

impl Reader<'_> {
    /// Skips white space and comments; false at the end of the text.
    fn skip_to_statement(&mut self) -> bool {
        loop {
            let rest = &self.text[self.at..];
            self.at += rest.len() - rest.trim_start().len();
            if !self.text[self.at..].starts_with('#') {
                return self.at < self.text.len();
            }
            let end = line_end(self.text, self.at);
            let before = &self.text[..self.at];
            let alone =
                before.trim_end_matches([' ', '\t']).ends_with('\n') || before.trim().is_empty();
            self.lines.comments.push(Comment { span: Span::new(self.at, end), alone });
            self.at = end;
        }
    }

    fn statement(&mut self) {
        self.skip_export();
        let start = self.at;
        let (end, how) = name_end(&self.text[start..]);
        let end = start + end;
        let name = self.text[start..end].trim_end();
        let name_span = Span::new(start, start + name.len());
        match how {
            NameEnd::Wrong(c) => {
                let line = Span::new(start, line_end(self.text, start));
                let name = self.text[line.range()].split(['=', ':']).next().unwrap_or_default();
                let span = Span::new(start, start + name.trim_end().len());
                let span = if span.is_empty() { line } else { span };
                self.refuse(span, OddKind::CharacterInName(c));
            }
            _ if name.contains(' ') => self.refuse(name_span, OddKind::BlankInName),
            NameEnd::Text => {
                self.refuse(Span::new(start, self.text.len()), OddKind::LoneName);
            }
            NameEnd::Line => {
                self.at = end + 1;
                let value_span = Span::at(name_span.end);
                self.push(name_span, None, value_span, Style::Plain);
            }
            NameEnd::Sign => {
                let rest = &self.text[end + 1..];
                self.at = end + 1 + rest.len() - rest.trim_start_matches(is_blank).len();
                self.value(name_span);
            }
        }
    }

    fn skip_export(&mut self) {
        let rest = &self.text[self.at..];
        let behind = rest.strip_prefix("export").filter(|rest| {
            // Compose asks for ASCII white space behind the word and skips more than that.
            rest.starts_with(['\t', '\n', '\u{c}', '\r', ' '])
        });
        if let Some(behind) = behind {
            self.at = self.text.len() - behind.trim_start_matches(is_blank).len();
        }
    }

    fn value(&mut self, name: Span) {
        match self.text[self.at..].bytes().next() {
            Some(quote @ (b'"' | b'\'')) => self.quoted(name, quote),
            _ => self.unquoted(name),
        }
    }

    fn unquoted(&mut self, name: Span) {
        let start = self.at;
        let end = line_end(self.text, start);
        let line = &self.text[start..end];
        let comment = line.find(" #");
        if let Some(at) = comment {
            let span = Span::new(start + at + 1, end);
            self.lines.comments.push(Comment { span, alone: false });
        }
        let value = line[..comment.unwrap_or(line.len())].trim_end();
        let part = Part::Template(Placed::linear(value, start));
        self.push(name, Some(part), Span::new(start, start + value.len()), Style::Plain);
        self.at = (end + 1).min(self.text.len());
    }

    fn quoted(&mut self, name: Span, quote: u8) {
        let start = self.at;
        let Some((inner, end)) = unquote(self.text, start + 1, quote) else {
            let span = Span::new(start, line_end(self.text, start));
            return self.refuse(span, OddKind::UnclosedQuote);
        };
        self.at = end;
        let span = Span::new(start, end);
        if quote == b'"' {
            self.push(name, Some(Part::Template(unescape(&inner))), span, Style::DoubleQuoted);
        } else {
            self.push(name, Some(Part::Literal(inner)), span, Style::SingleQuoted);
        }
    }

    fn push(&mut self, name_span: Span, part: Option<Part>, value_span: Span, style: Style) {
        let name = self.text[name_span.range()].to_owned();
        if name.is_empty() {
            let span = Span::new(name_span.start, value_span.end);
            if !span.is_empty() {
                self.lines.odd.push(Odd { span, kind: OddKind::NoName });
            }
            return;
        }
        let parts = part.map(|part| vec![part]);
        self.lines.assignments.push(Assignment { name, name_span, parts, value_span, style });
    }

    fn refuse(&mut self, span: Span, kind: OddKind) {
        self.lines.odd.push(Odd { span, kind });
        self.at = line_end(self.text, self.at);
    }
}

/// Where the name ends that a text begins with, and how. White space inside is skipped.
fn name_end(text: &str) -> (usize, NameEnd) {
    for (at, c) in text.char_indices() {
        match c {
            '=' | ':' => return (at, NameEnd::Sign),
            '\n' => return (at, NameEnd::Line),
            '_' | '.' | '-' | '[' | ']' => {}
            c if is_blank(c) || c.is_alphabetic() || c.is_numeric() => {}
            c => return (at, NameEnd::Wrong(c)),
        }
    }
    (text.len(), NameEnd::Text)
}

/// The text up to the closing quote, with its backslashes except those before the quote, and the
/// place behind the quote.
fn unquote(text: &str, start: usize, quote: u8) -> Option<(Placed, usize)> {
    let mut inner = Placed::default();
    let mut from = start;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            b'\\' if !is_escaped => is_escaped = true,
            _ if byte == quote && is_escaped => {
                inner.push(&text[from..at - 1], from);
                from = at;
                is_escaped = false;
            }
            _ if byte == quote => {
                inner.push(&text[from..at], from);
                return Some((inner, at + 1));
            }
            _ => is_escaped = false,
        }
    }
    None
}

/// Escapes of double quotes replaced: one step of its own, before variables are replaced.
fn unescape(inner: &Placed) -> Placed {
    let text = inner.text.as_str();
    let mut made = Placed::default();
    let mut at = 0;
    while let Some(found) = text[at..].find('\\') {
        made.push_piece(inner, at..at + found);
        at += found;
        let (range, replacement) = escape(&text[at..]);
        let end = at + range.end;
        match replacement {
            Some(replacement) => made.push_foreign(&replacement),
            None => made.push_piece(inner, at..end),
        }
        at = end;
    }
    made.push_piece(inner, at..text.len());
    made
}

/// How much of a text that begins with a backslash is one escape, and what it becomes; none where
/// it stays as it is.
fn escape(text: &str) -> (Range<usize>, Option<String>) {
    let kind = text[1..].chars().next();
    let made = match kind {
        Some('a') => "\u{7}",
        Some('b') => "\u{8}",
        Some('f') => "\u{c}",
        Some('n') => "\n",
        Some('r') => "\r",
        Some('t') => "\t",
        Some('v') => "\u{b}",
        Some('"') => "\"",
        Some('\\') => "\\",
        // The step that follows makes one of two.
        Some('$') => "$$",
        Some('0') => return octal(text),
        _ => return (0..1, None),
    };
    (0..2, Some(made.to_owned()))
}

/// `\0` and up to three digits: a character where they are three octal ones that fit a byte, else
/// the same without the zero.
fn octal(text: &str) -> (Range<usize>, Option<String>) {
    let digits = text[2..].bytes().take(3).take_while(u8::is_ascii_digit).count();
    let written = &text[2..2 + digits];
    let byte = (digits == 3).then(|| u8::from_str_radix(written, 8).ok()).flatten();
    let made = byte.map_or_else(|| format!("\\{written}"), |byte| char::from(byte).to_string());
    (0..2 + digits, Some(made))
}

/// White space inside a line.
fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}
