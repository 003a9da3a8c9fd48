//! Scalars without quotes (YAML 1.1, 9.1.3).

use std::borrow::Cow;

use crate::source::Span;
use crate::syntax::tree::Style;
use crate::syntax::yaml::cursor::{Cursor, may_break};
use crate::syntax::yaml::scanner::Scanner;
use crate::syntax::yaml::token::ScalarText;

/// Whether a plain scalar starts here.
pub(super) fn starts_here(scanner: &Scanner<'_>) -> bool {
    let cursor = &scanner.cursor;
    match cursor.byte(0) {
        b'-' => !cursor.blank(1),
        b'?' | b':' => !scanner.in_flow() && !cursor.blank(1),
        b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
        | b'"' | b'%' | b'@' | b'`' => false,
        _ => !cursor.blank(0),
    }
}

/// The plain scalar that starts here.
pub(super) fn scan<'t>(scanner: &mut Scanner<'t>) -> ScalarText<'t> {
    let start = scanner.cursor.at();
    let least_column = scanner.least_column();
    let mut folded = Folded::default();
    let mut line = Span::at(start);
    loop {
        let piece = scanner.cursor.at();
        let in_flow = scanner.in_flow();
        skip_piece(&mut scanner.cursor, in_flow);
        if scanner.cursor.at() == piece {
            break;
        }
        if !folded.gap.is_empty() {
            folded.end_line(&scanner.cursor.text()[line.range()]);
            line = Span::at(piece);
        }
        line = scanner.cursor.since(line.start);
        scanner.key_allowed = false;
        if !goes_on(scanner, least_column, &mut folded.gap) {
            break;
        }
    }
    let last = &scanner.cursor.text()[line.range()];
    ScalarText { text: folded.finish(last), style: Style::Plain, span: Span::new(start, line.end) }
}

/// The lines of a plain scalar before the last.
#[derive(Debug, Default)]
struct Folded {
    /// The text of the lines.
    text: String,
    /// What the break behind the current line stands for; empty on the line.
    gap: String,
}

impl Folded {
    fn end_line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push_str(&self.gap);
        self.gap.clear();
    }

    fn finish(mut self, last: &str) -> Cow<'_, str> {
        if self.text.is_empty() {
            return Cow::Borrowed(last);
        }
        self.text.push_str(last);
        Cow::Owned(self.text)
    }
}

/// Steps over text without white space.
fn skip_piece(cursor: &mut Cursor<'_>, in_flow: bool) {
    loop {
        cursor.skip_while(|byte| !may_end_piece(byte));
        let ends = match cursor.byte(0) {
            0 | b' ' | b'\t' => true,
            b':' => cursor.blank(1) || in_flow && is_flow_indicator(cursor.byte(1)),
            b'?' => in_flow,
            byte if is_flow_indicator(byte) => in_flow,
            _ => cursor.line_end(0),
        };
        if ends {
            return;
        }
        cursor.skip(1);
    }
}

fn may_end_piece(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b':' | b'?') || is_flow_indicator(byte) || may_break(byte)
}

fn is_flow_indicator(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

/// Steps over white space and tells whether more of the scalar may follow. `gap` becomes what a
/// line break stands for.
fn goes_on(scanner: &mut Scanner<'_>, least_column: usize, gap: &mut String) -> bool {
    let start = scanner.cursor.at();
    scanner.cursor.skip_spaces();
    if scanner.cursor.break_length(0) == 0 {
        return scanner.cursor.at() > start && scanner.cursor.byte(0) != b'#';
    }
    scanner.key_allowed = true;
    if !fold(&mut scanner.cursor, gap) || scanner.cursor.byte(0) == b'#' {
        return false;
    }
    scanner.in_flow() || scanner.cursor.column() >= least_column
}

/// Steps over line breaks and indentation; false where a mark between documents follows.
fn fold(cursor: &mut Cursor<'_>, gap: &mut String) -> bool {
    let first = cursor.line_break();
    if first != "\n" {
        gap.push_str(first);
    }
    loop {
        if cursor.separates_documents() {
            return false;
        }
        cursor.skip_spaces();
        let next = cursor.line_break();
        if next.is_empty() {
            break;
        }
        gap.push_str(next);
    }
    if gap.is_empty() {
        gap.push(' ');
    }
    true
}
