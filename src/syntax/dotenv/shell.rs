//! The lines of a shell script that set variables, with the quoting of a POSIX shell. Other lines
//! are passed over.

use crate::source::Span;
use crate::syntax::placed::Placed;
use crate::syntax::tree::{Comment, Style};

use super::lines::{Assignment, Lines, Odd, OddKind, Part, line_end};

/// Assignments alone on their line, and those behind `export` and its like.
pub(super) fn lines(text: &str) -> Lines {
    let mut reader = Reader { text, at: 0, lines: Lines::default() };
    while reader.at < text.len() {
        reader.line();
    }
    reader.lines
}

struct Reader<'s> {
    text: &'s str,
    at: usize,
    lines: Lines,
}

/// What a word of the shell was read as.
struct Word {
    parts: Vec<Part>,
    span: Span,
    style: Style,
}

impl Reader<'_> {
    fn line(&mut self) {
        self.skip_blanks();
        let rest = &self.text[self.at..];
        if rest.starts_with('#') {
            self.comment(true);
        } else {
            self.skip_command();
            while self.assignment() {
                self.skip_blanks();
            }
            if self.text[self.at..].starts_with('#') {
                self.comment(false);
            }
        }
        self.at = (line_end(self.text, self.at) + 1).min(self.text.len());
    }

    fn comment(&mut self, alone: bool) {
        let end = line_end(self.text, self.at);
        let len = self.text[self.at..end].trim_end_matches('\r').len();
        self.lines.comments.push(Comment { span: Span::new(self.at, self.at + len), alone });
        self.at = end;
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\u{feff}', ';']).len();
    }

    fn skip_command(&mut self) {
        for command in ["export", "readonly", "declare -x", "typeset -x", "set -a;", "env"] {
            let behind = self.text[self.at..].strip_prefix(command);
            if behind.is_some_and(|rest| rest.starts_with([' ', '\t'])) {
                self.at += command.len();
                self.skip_blanks();
                return;
            }
        }
    }

    /// Reads an assignment, if one stands here.
    fn assignment(&mut self) -> bool {
        let start = self.at;
        let window = self.text.floor_char_boundary(start + LONGEST_NAME);
        let window = &self.text[start..window];
        let Some(equals) = window.find(['=', '\n']) else { return false };
        if window[equals..].starts_with('\n') {
            return false;
        }
        let name = &self.text[start..start + equals];
        let name_span = Span::new(start, start + name.len());
        if !is_name(name) {
            // A word that only looks like a name is told of; the arguments of commands are not.
            let wrong = name.trim_start_matches(['`', '"', '\'', '$']);
            if let Some(c) = name.chars().find(|c| !is_name_character(*c))
                && is_name(wrong.trim_end_matches([' ', '`', '"', '\'', ':']))
            {
                let kind =
                    if c == ' ' { OddKind::BlankInName } else { OddKind::CharacterInName(c) };
                self.lines.odd.push(Odd { span: name_span, kind });
            }
            return false;
        }
        let Some(word) = word(self.text, name_span.end + 1) else {
            let end = line_end(self.text, start);
            let span = Span::new(name_span.end + 1, end);
            self.lines.odd.push(Odd { span, kind: OddKind::UnclosedQuote });
            self.at = end;
            return false;
        };
        self.at = word.span.end;
        self.lines.assignments.push(Assignment {
            name: name.to_owned(),
            name_span,
            parts: Some(word.parts),
            value_span: word.span,
            style: word.style,
        });
        true
    }
}

/// The word that starts at a place; none where one of its quotes is never closed.
fn word(text: &str, start: usize) -> Option<Word> {
    let mut parts = Parts::default();
    let mut at = start;
    while let Some(c) = text[at..].chars().next() {
        match c {
            ' ' | '\t' | '\n' | '\r' | ';' | '&' | '|' | '<' | '>' | '(' | ')' => break,
            '\'' => {
                let len = text[at + 1..].find('\'')?;
                parts.literal(&text[at + 1..at + 1 + len], at + 1);
                at += len + 2;
            }
            '"' => at = double_quoted(text, at + 1, &mut parts)?,
            '\\' => at = escaped(text, at, &mut parts, |_| true),
            '$' if text[at..].starts_with("$'") => {
                let len = text[at + 2..].find('\'')?;
                parts.0.push(Part::Computed);
                at += len + 3;
            }
            '$' => at = reference(text, at, &mut parts),
            '`' => {
                let len = text[at + 1..].find('`')?;
                parts.0.push(Part::Computed);
                at += len + 2;
            }
            c => {
                parts.literal(&text[at..at + c.len_utf8()], at);
                at += c.len_utf8();
            }
        }
    }
    let span = Span::new(start, at);
    Some(Word { parts: parts.0, span, style: style_of(&text[span.range()]) })
}

/// The inside of double quotes; the place behind the closing one.
fn double_quoted(text: &str, start: usize, parts: &mut Parts) -> Option<usize> {
    let mut at = start;
    loop {
        let c = text[at..].chars().next()?;
        match c {
            '"' => return Some(at + 1),
            '\\' => {
                at = escaped(text, at, parts, |next| matches!(next, '"' | '\\' | '$' | '`' | '\n'));
            }
            '$' => at = reference(text, at, parts),
            '`' => {
                at += text[at + 1..].find('`')? + 2;
                parts.0.push(Part::Computed);
            }
            c => {
                parts.literal(&text[at..at + c.len_utf8()], at);
                at += c.len_utf8();
            }
        }
    }
}

/// A backslash and what follows; the place behind them.
fn escaped(text: &str, at: usize, parts: &mut Parts, is_special: fn(char) -> bool) -> usize {
    let Some(next) = text[at + 1..].chars().next() else {
        parts.literal("\\", at);
        return at + 1;
    };
    let end = at + 1 + next.len_utf8();
    match next {
        '\n' if is_special(next) => {}
        next if is_special(next) => parts.literal(&text[at + 1..end], at + 1),
        _ => parts.literal(&text[at..end], at),
    }
    end
}

/// A `$` and what it refers to; the place behind it.
fn reference(text: &str, at: usize, parts: &mut Parts) -> usize {
    let rest = &text[at + 1..];
    if let Some(inside) = rest.strip_prefix('{') {
        let len = inside.find(['}', '\n']).unwrap_or(inside.len());
        let is_closed = inside[len..].starts_with('}');
        let name = &inside[..len];
        let part = if is_closed && is_name(name) {
            Part::Reference(name.to_owned())
        } else {
            Part::Computed
        };
        parts.0.push(part);
        return at + 2 + len + usize::from(is_closed);
    }
    let len = rest.find(|c: char| !is_name_character(c)).unwrap_or(rest.len());
    if is_name(&rest[..len]) {
        parts.0.push(Part::Reference(rest[..len].to_owned()));
        return at + 1 + len;
    }
    let next = rest.chars().next();
    if next.is_some_and(|c| c.is_ascii_digit() || "@*#?-$!(".contains(c)) {
        parts.0.push(Part::Computed);
        return if next == Some('(') { command_end(text, at + 1) } else { at + 2 };
    }
    parts.literal("$", at);
    at + 1
}

/// The place behind the parenthesis that closes the one at a place, or the end of the line.
fn command_end(text: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'\n' => return at,
            b'(' => depth += 1,
            b')' if depth <= 1 => return at + 1,
            b')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Pieces of a word, literal neighbours joined.
#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn literal(&mut self, text: &str, from: usize) {
        if let Some(Part::Literal(placed)) = self.0.last_mut() {
            placed.push(text, from);
        } else {
            self.0.push(Part::Literal(Placed::linear(text, from)));
        }
    }
}

/// How a word is quoted as a whole; a patchwork counts as unquoted.
fn style_of(written: &str) -> Style {
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    match written.chars().next() {
        Some('\'') if written.len() > 1 && !inner.contains('\'') => Style::SingleQuoted,
        Some('"') if written.len() > 1 && !inner.replace("\\\"", "").contains('"') => {
            Style::DoubleQuoted
        }
        _ => Style::Plain,
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(is_name_character)
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Bytes of the longest name that is looked for.
const LONGEST_NAME: usize = 512;
