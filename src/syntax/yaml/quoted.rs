//! Scalars in quotes (YAML 1.1, 9.1.1 and 9.1.2).

use std::borrow::Cow;

use crate::source::Span;
use crate::syntax::tree::Style;
use crate::syntax::yaml::cursor::{Cursor, Result, may_break};
use crate::syntax::yaml::error::YamlError;
use crate::syntax::yaml::token::ScalarText;

/// The quoted scalar that starts here.
pub(super) fn scan<'t>(cursor: &mut Cursor<'t>, style: Style) -> Result<ScalarText<'t>> {
    let start = cursor.at();
    let double = style == Style::DoubleQuoted;
    let quote = cursor.byte(0);
    cursor.skip(1);
    cursor.skip_while(|byte| byte != quote && !(double && byte == b'\\') && !may_break(byte));
    let simple = cursor.byte(0) == quote && (double || cursor.byte(1) != quote);
    let text = if simple {
        Cow::Borrowed(cursor.text_since(start + 1))
    } else {
        let mut reader =
            Reader { start, quote, text: cursor.text_since(start + 1).to_owned(), kept: 0 };
        reader.read(cursor)?;
        Cow::Owned(reader.text)
    };
    cursor.skip(1);
    let span = cursor.since(start);
    Ok(ScalarText { text, style, span })
}

/// A quoted scalar that differs from its text.
#[derive(Debug)]
struct Reader {
    start: usize,
    quote: u8,
    text: String,
    /// How much of `text` stays when white space is cut at the end of a line.
    kept: usize,
}

impl Reader {
    /// Reads up to the closing quote.
    fn read(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let (quote, double) = (self.quote, self.quote == b'"');
        loop {
            match cursor.byte(0) {
                0 => return Err(self.never_closed()),
                b'\\' if double => self.escape(cursor)?,
                b'\'' if !double && cursor.byte(1) == b'\'' => {
                    self.text.push('\'');
                    cursor.skip(2);
                }
                byte if byte == quote => return Ok(()),
                _ if cursor.break_length(0) > 0 => self.fold(cursor)?,
                _ => self.run(cursor),
            }
        }
    }

    /// Reads text that stands for itself.
    fn run(&mut self, cursor: &mut Cursor<'_>) {
        let (quote, double) = (self.quote, self.quote == b'"');
        let start = cursor.at();
        loop {
            cursor
                .skip_while(|byte| byte != quote && !(double && byte == b'\\') && !may_break(byte));
            if cursor.byte(0) < 0x80 || cursor.break_length(0) > 0 {
                break;
            }
            cursor.skip(1);
        }
        self.text.push_str(cursor.text_since(start));
    }

    /// Reads line breaks with the white space around them.
    fn fold(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let written = self.text[self.kept..].trim_end_matches([' ', '\t']).len();
        self.text.truncate(self.kept + written);
        let first = cursor.line_break();
        if first != "\n" {
            self.text.push_str(first);
        }
        let before = self.text.len();
        self.breaks(cursor)?;
        if first == "\n" && self.text.len() == before {
            self.text.push(' ');
        }
        self.kept = self.text.len();
        Ok(())
    }

    /// Reads white space at the start of a line and the breaks of empty lines.
    fn breaks(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        loop {
            if cursor.separates_documents() {
                return Err(self.never_closed());
            }
            cursor.skip_while(|byte| matches!(byte, b' ' | b'\t'));
            let next = cursor.line_break();
            if next.is_empty() {
                return Ok(());
            }
            self.text.push_str(next);
        }
    }

    /// Reads an escape sequence (YAML 1.1, 5.6).
    fn escape(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let start = cursor.at();
        cursor.skip(1);
        if cursor.break_length(0) > 0 {
            cursor.line_break();
            self.breaks(cursor)?;
        } else if let Some(c) = short_escape(cursor.byte(0)) {
            cursor.skip(1);
            self.text.push(c);
        } else {
            let digits = match cursor.byte(0) {
                b'x' => 2,
                b'u' => 4,
                b'U' => 8,
                0 => return Err(self.never_closed()),
                _ => {
                    let message = "no such escape; a backslash is written `\\\\`";
                    let span = Span::new(start, cursor.here().end);
                    return Err(YamlError::syntax(message, span));
                }
            };
            cursor.skip(1);
            self.text.push(numbered(cursor, start, digits)?);
        }
        self.kept = self.text.len();
        Ok(())
    }

    fn never_closed(&self) -> YamlError {
        let quote = Span::new(self.start, self.start + 1);
        YamlError::syntax("this quote is never closed", quote)
    }
}

/// The character that one character after the backslash stands for.
fn short_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{B}',
        b'f' => '\u{C}',
        b'r' => '\r',
        b'e' => '\u{1B}',
        b' ' => ' ',
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'N' => '\u{85}',
        b'_' => '\u{A0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}

/// The character of a number in hexadecimal digits. `PyYAML` takes a lone surrogate as it is; a
/// Rust text cannot hold one, so U+FFFD stands in its place.
fn numbered(cursor: &mut Cursor<'_>, start: usize, digits: usize) -> Result<char> {
    let mut code = 0;
    for _ in 0..digits {
        let digit = char::from(cursor.byte(0)).to_digit(16).ok_or_else(|| {
            let span = Span::new(start, cursor.here().end);
            YamlError::syntax("expected more hexadecimal digits in this escape", span)
        })?;
        code = code << 4 | digit;
        cursor.skip(1);
    }
    if code > u32::from(char::MAX) {
        let message = "there is no character of this number";
        return Err(YamlError::syntax(message, cursor.since(start)));
    }
    Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
}
