//! Changes of text that several lints make.

use crate::source::{Source, Span};
use crate::syntax::tree::{NodeRef, Style};

/// Quotes inserted at both ends of a plain value, so that it reads as text: double ones, which JSON
/// has too. The value itself is not in the edit: it may be a secret.
pub(super) fn quote(span: Span) -> Vec<(Span, String)> {
    quote_with(span, '"')
}

/// The same for text in which some quote may stand; none where both kinds do.
pub(super) fn quote_text(span: Span, text: &str) -> Option<Vec<(Span, String)>> {
    let free = ['\'', '"'].into_iter().find(|quote| !text.contains(*quote))?;
    (free == '\'' || !text.contains('\\')).then(|| quote_with(span, free))
}

fn quote_with(span: Span, quote: char) -> Vec<(Span, String)> {
    vec![(Span::at(span.start), quote.to_string()), (Span::at(span.end), quote.to_string())]
}

/// Another text in place of a scalar's, within the quotes that it has.
pub(super) fn text(source: &Source, value: NodeRef<'_>, new: &str) -> Option<Vec<(Span, String)>> {
    let length = value.scalar()?.text.len();
    Some(vec![(part(source, value, 0, length)?, new.to_owned())])
}

/// The place of a part of a scalar's text in the source, where the two are written alike: plain
/// and quoted scalars on one line without escapes.
pub(super) fn part(source: &Source, value: NodeRef<'_>, start: usize, end: usize) -> Option<Span> {
    let scalar = value.scalar()?;
    let span = value.span();
    let inset = match scalar.style {
        Style::Plain => 0,
        Style::DoubleQuoted | Style::SingleQuoted => 1,
        Style::Folded | Style::Literal => return None,
    };
    let written = source.text().get(span.start + inset..span.end.checked_sub(inset)?)?;
    (written == scalar.text)
        .then(|| Span::new(span.start + inset + start, span.start + inset + end))
}

/// The lines of an entry in block style, for taking it out: from its key's line to the end of its
/// value's last line. None where something else stands on those lines.
pub(super) fn lines_of(source: &Source, key: Span, value: Span) -> Option<Span> {
    let text = source.text();
    let first = source.line(source.location(key.start).line);
    if !text[first.start..key.start].trim().is_empty() {
        return None;
    }
    let last_line = source.location(value.end.max(key.end)).line;
    let last = source.line(last_line);
    let behind = text.get(value.end.max(key.end)..last.end).unwrap_or_default().trim();
    let end =
        if last_line < source.line_count() { source.line(last_line + 1).start } else { text.len() };
    let is_free = behind.is_empty() || behind == ":" || behind.starts_with('#');
    is_free.then(|| Span::new(first.start, end))
}
