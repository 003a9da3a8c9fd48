//! Environment files as `docker run --env-file` reads them: a value is the rest of its line.

use crate::source::Span;
use crate::syntax::placed::Placed;
use crate::syntax::tree::{Comment, Style};

use super::lines::{Assignment, Lines, Odd, OddKind, Part};

/// Reads on behind every line that Docker refuses, so that each is known.
pub(super) fn lines(text: &str) -> Lines {
    let mut lines = Lines::default();
    let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for line in text[start..].split_inclusive('\n') {
        let content = line.strip_suffix('\n').unwrap_or(line);
        let content = content.strip_suffix('\r').unwrap_or(content);
        read_line(content, start, &mut lines);
        start += line.len();
    }
    lines
}

fn read_line(line: &str, start: usize, lines: &mut Lines) {
    let content = line.trim_start();
    let at = start + line.len() - content.len();
    let end = at + content.len();
    if content.is_empty() {
        return;
    }
    if content.starts_with('#') {
        return lines.comments.push(Comment { span: Span::new(at, end), alone: true });
    }
    let name = content.split('=').next().unwrap_or_default();
    let name_span = Span::new(at, at + name.len());
    if name.is_empty() {
        return lines.odd.push(Odd { span: Span::new(at, end), kind: OddKind::NoName });
    }
    if name.contains([' ', '\t']) {
        return lines.odd.push(Odd { span: name_span, kind: OddKind::BlankInName });
    }
    let value = content.get(name.len() + 1..);
    let from = value.map_or(end, |_| name_span.end + 1);
    lines.assignments.push(Assignment {
        name: name.to_owned(),
        name_span,
        parts: value.map(|value| vec![Part::Literal(Placed::linear(value, from))]),
        value_span: Span::new(from, end),
        style: Style::Plain,
    });
}
