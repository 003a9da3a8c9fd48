//! Blocks of text, literal and folded (YAML 1.1, 9.2).

use std::borrow::Cow;

use crate::source::Span;
use crate::syntax::tree::Style;
use crate::syntax::yaml::cursor::{Cursor, Result};
use crate::syntax::yaml::error::YamlError;
use crate::syntax::yaml::scanner::Scanner;
use crate::syntax::yaml::token::ScalarText;

/// What is being read, for errors.
const HEADER: &str = "the header of a block of text";

/// The block scalar that starts here, and the token's place: `PyYAML` counts the line breaks
/// behind the text to it.
pub(super) fn scan<'t>(scanner: &mut Scanner<'t>, style: Style) -> Result<(Span, ScalarText<'t>)> {
    let start = scanner.cursor.at();
    scanner.cursor.skip(1);
    let header = Header::read(&mut scanner.cursor, start)?;
    let header_end = scanner.cursor.at();
    scanner.rest_of_header(HEADER, start)?;
    let least = scanner.least_column().max(1);
    let mut body = Body {
        folded: style == Style::Folded,
        indent: least + header.indentation.unwrap_or(1) - 1,
        text: String::new(),
        breaks: String::new(),
        last_break: "",
        token_end: scanner.cursor.at(),
        text_end: header_end,
    };
    body.read(&mut scanner.cursor, header.indentation.is_none());
    let scalar = ScalarText {
        style,
        span: Span::new(start, body.text_end),
        text: Cow::Owned(match header.chomping {
            Chomping::Clip => body.text + body.last_break,
            Chomping::Keep => body.text + body.last_break + &body.breaks,
            Chomping::Strip => body.text,
        }),
    };
    Ok((Span::new(start, body.token_end), scalar))
}

/// What becomes of the line breaks behind the text (YAML 1.1, 9.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chomping {
    /// One stays.
    Clip,
    /// All stay: `+`.
    Keep,
    /// None stays: `-`.
    Strip,
}

/// What stands behind `|` or `>`.
#[derive(Clone, Copy, Debug)]
struct Header {
    chomping: Chomping,
    /// How much deeper the text stands, if written.
    indentation: Option<usize>,
}

impl Header {
    fn read(cursor: &mut Cursor<'_>, start: usize) -> Result<Self> {
        let mut header = Self { chomping: Chomping::Clip, indentation: None };
        let chomping_first = header.chomping(cursor);
        header.indentation(cursor)?;
        if !chomping_first {
            header.chomping(cursor);
        }
        if !cursor.space_or_end(0) {
            let message = "expected `+`, `-`, a digit or the end of the line";
            let error = YamlError::syntax(message, cursor.here());
            return Err(error.within(HEADER, cursor.since(start)));
        }
        Ok(header)
    }

    fn chomping(&mut self, cursor: &mut Cursor<'_>) -> bool {
        self.chomping = match cursor.byte(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return false,
        };
        cursor.skip(1);
        true
    }

    fn indentation(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let byte = cursor.byte(0);
        if !byte.is_ascii_digit() {
            return Ok(());
        }
        if byte == b'0' {
            let message = "text cannot be indented by 0; write 1 to 9";
            return Err(YamlError::syntax(message, cursor.here()));
        }
        self.indentation = Some(usize::from(byte - b'0'));
        cursor.skip(1);
        Ok(())
    }
}

/// The lines of a block as they are read.
#[derive(Debug)]
struct Body {
    folded: bool,
    /// The column of the text.
    indent: usize,
    text: String,
    /// Breaks of empty lines that the text may go on behind.
    breaks: String,
    /// What the break behind the last line of text stands for.
    last_break: &'static str,
    token_end: usize,
    text_end: usize,
}

impl Body {
    fn read(&mut self, cursor: &mut Cursor<'_>, find_indent: bool) {
        if find_indent {
            let found = self.find_indent(cursor);
            self.indent = self.indent.max(found);
        } else {
            self.empty_lines(cursor);
        }
        while self.is_text(cursor) {
            self.text.push_str(&self.breaks);
            let flush = !matches!(cursor.byte(0), b' ' | b'\t');
            self.text.push_str(cursor.rest_of_line());
            self.text_end = cursor.at();
            self.last_break = cursor.line_break();
            self.empty_lines(cursor);
            if !self.is_text(cursor) {
                break;
            }
            let flush = flush && !matches!(cursor.byte(0), b' ' | b'\t');
            if !(self.folded && flush && self.last_break == "\n") {
                self.text.push_str(self.last_break);
            } else if self.breaks.is_empty() {
                self.text.push(' ');
            }
        }
    }

    /// Whether a line of text goes on here.
    fn is_text(&self, cursor: &Cursor<'_>) -> bool {
        cursor.at() - cursor.line() == self.indent && cursor.byte(0) != 0
    }

    /// Steps over empty lines before the text, and to the text; gives the largest column on the
    /// way.
    fn find_indent(&mut self, cursor: &mut Cursor<'_>) -> usize {
        let mut largest = 0;
        loop {
            cursor.skip_spaces();
            if cursor.at() > self.token_end {
                largest = largest.max(cursor.at() - cursor.line());
            }
            let next = cursor.line_break();
            if next.is_empty() {
                return largest;
            }
            self.breaks.push_str(next);
            self.token_end = cursor.at();
        }
    }

    /// Steps over empty lines and over indentation up to the text's column.
    fn empty_lines(&mut self, cursor: &mut Cursor<'_>) {
        self.breaks.clear();
        self.token_end = cursor.at();
        loop {
            while cursor.at() - cursor.line() < self.indent && cursor.byte(0) == b' ' {
                cursor.skip(1);
            }
            let next = cursor.line_break();
            if next.is_empty() {
                return;
            }
            self.breaks.push_str(next);
            self.token_end = cursor.at();
        }
    }
}
