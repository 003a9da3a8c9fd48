//! A text that came out of another one, with the place of every piece that was taken over as it is.

use std::ops::Range;

use crate::source::Span;
use crate::syntax::tree::{Node, Scalar, Style, Value};

/// A text after unquoting or substitution, and where its pieces stand in the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// The text.
    pub text: String,
    runs: Vec<Run>,
}

/// Bytes that were taken over as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    /// Where they begin in the text.
    at: usize,
    /// Where they begin in the source.
    from: usize,
    /// How many.
    len: usize,
}

impl Placed {
    /// A text that stands in the source as it is.
    pub fn linear(text: &str, from: usize) -> Self {
        let mut placed = Self::default();
        placed.push(text, from);
        placed
    }

    /// A text that stands nowhere in the source.
    pub fn nowhere(text: String) -> Self {
        Self { text, runs: Vec::new() }
    }

    /// Appends a piece that stands in the source.
    pub fn push(&mut self, text: &str, from: usize) {
        match self.runs.last_mut() {
            Some(run) if run.from + run.len == from && run.at + run.len == self.text.len() => {
                run.len += text.len();
            }
            _ if text.is_empty() => {}
            _ => self.runs.push(Run { at: self.text.len(), from, len: text.len() }),
        }
        self.text.push_str(text);
    }

    /// Appends a piece that stands nowhere in the source.
    pub fn push_foreign(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends a piece of another such text, which must begin and end between characters.
    pub fn push_piece(&mut self, other: &Self, range: Range<usize>) {
        let first = other.runs.partition_point(|run| run.at + run.len <= range.start);
        let mut at = range.start;
        for run in &other.runs[first..] {
            let start = run.at.max(at);
            let end = (run.at + run.len).min(range.end);
            if start >= end {
                break;
            }
            self.push_foreign(&other.text[at..start]);
            self.push(&other.text[start..end], run.from + start - run.at);
            at = end;
        }
        self.push_foreign(&other.text[at..range.end]);
    }

    /// A piece of it.
    #[must_use]
    pub fn piece(&self, range: Range<usize>) -> Self {
        let mut piece = Self::default();
        piece.push_piece(self, range);
        piece
    }

    /// Where a byte of the text stands in the source; the end of the text, where what is before it
    /// ends.
    pub fn place(&self, offset: usize) -> Option<usize> {
        let next = self.runs.partition_point(|run| run.at + run.len <= offset);
        if let Some(run) = self.runs.get(next).filter(|run| run.at <= offset) {
            return Some(run.from + offset - run.at);
        }
        let last = self.runs.last()?;
        let is_end = offset == self.text.len() && last.at + last.len == offset;
        is_end.then_some(last.from + last.len)
    }
}

/// The text of a scalar of a tree with its places; without places where it cannot be told how the
/// text came out of the source.
pub fn of_scalar(node: &Node, source: &str) -> Option<Placed> {
    let Value::Scalar(scalar) = &node.value else { return None };
    Some(aligned(scalar, node.span, source).unwrap_or_else(|| Placed::nowhere(scalar.text.clone())))
}

fn aligned(scalar: &Scalar, span: Span, source: &str) -> Option<Placed> {
    let quoted = matches!(scalar.style, Style::DoubleQuoted | Style::SingleQuoted);
    let inner = if quoted { span.start + 1..span.end.checked_sub(1)? } else { span.range() };
    let written = source.get(inner.clone())?;
    if written == scalar.text {
        return Some(Placed::linear(&scalar.text, inner.start));
    }
    let mut aligner =
        Aligner { written, base: inner.start, at: 0, text: &scalar.text, style: scalar.style };
    aligner.align()
}

/// Walks along a text and what it was written as.
struct Aligner<'s> {
    written: &'s str,
    base: usize,
    at: usize,
    text: &'s str,
    style: Style,
}

impl Aligner<'_> {
    fn align(&mut self) -> Option<Placed> {
        let mut placed = Placed::default();
        let mut done = 0;
        if matches!(self.style, Style::Folded | Style::Literal) {
            self.at = self.written.find('\n')?;
        }
        while self.at < self.written.len() {
            let rest = &self.written[self.at..];
            let next = rest.chars().next()?;
            let breaks = rest.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
            if breaks {
                self.at += rest.len() - rest.trim_start().len();
                let blank = &self.text[done..];
                let blank = &blank[..blank.len() - blank.trim_start_matches([' ', '\n']).len()];
                placed.push_foreign(blank);
                done += blank.len();
                continue;
            }
            let escape = self.escape(rest);
            if let Some(len) = escape {
                self.at += len;
                if rest.starts_with("\\\n") || rest.starts_with("\\\r") {
                    self.at +=
                        self.written[self.at..].len() - self.written[self.at..].trim_start().len();
                    continue;
                }
                let made = self.text[done..].chars().next()?;
                placed.push_foreign(&self.text[done..done + made.len_utf8()]);
                done += made.len_utf8();
                continue;
            }
            if !self.text[done..].starts_with(next) {
                return None;
            }
            let len = next.len_utf8();
            placed.push(&rest[..len], self.base + self.at);
            self.at += len;
            done += len;
        }
        placed.push_foreign(self.text[done..].trim_end_matches('\n'));
        let trailing = &self.text[placed.text.len()..];
        placed.push_foreign(trailing);
        (placed.text == self.text).then_some(placed)
    }

    /// How many bytes of the writing make one character by an escape, if one stands here.
    fn escape(&self, rest: &str) -> Option<usize> {
        match self.style {
            Style::SingleQuoted => rest.starts_with("''").then_some(2),
            Style::DoubleQuoted => {
                let kind = rest.strip_prefix('\\')?.chars().next()?;
                let digits = match kind {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    _ => 0,
                };
                Some((1 + kind.len_utf8() + digits).min(rest.len()))
            }
            Style::Folded | Style::Literal | Style::Plain => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Placed, of_scalar};
    use crate::syntax::yaml::{Options, read};

    /// The word "mark" of a value, as the source has it at the place found.
    fn word_at_mark(text: &str) -> Option<String> {
        let tree = read(text, &Options::default()).expect("it is sound");
        let value = tree.root()?.get("k")?;
        let placed = of_scalar(value.node(), text)?;
        let at = placed.place(placed.text.find("mark")?)?;
        Some(text[at..].chars().take(4).collect())
    }

    #[test]
    fn every_style_keeps_the_places() {
        for text in [
            "k: a mark\n",
            "k: 'it''s mark'\n",
            "k: \"\\u00e9\\n\\\"mark\"\n",
            "k: \"a\\\n  mark\"\n",
            "k: a\n  b\n\n  mark c\n",
            "k: |\n  a\n    b\n  mark\n",
            "k: >-\n  a\n  mark\n",
        ] {
            assert_eq!(word_at_mark(text).as_deref(), Some("mark"), "{text:?}");
        }
    }

    #[test]
    fn a_piece_keeps_its_places() {
        let mut placed = Placed::linear("abc", 10);
        placed.push_foreign("XY");
        placed.push("def", 20);
        let piece = placed.piece(2..7);
        assert_eq!(piece.text, "cXYde");
        assert_eq!(piece.place(0), Some(12));
        assert_eq!(piece.place(1), None);
        assert_eq!(piece.place(4), Some(21));
        assert_eq!(piece.place(5), Some(22));
    }
}
