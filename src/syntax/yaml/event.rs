//! What the parser makes of the tokens, and the events as `PyYAML` prints them.

use crate::source::{Span, Spanned};
use crate::syntax::tree::{Style, Tag};
use crate::syntax::yaml::token::ScalarText;

/// One step through a text: a value, or the start or end of something that holds values.
#[derive(Clone, Debug)]
pub(super) struct Event<'t> {
    /// What it is.
    pub(super) content: Content<'t>,
    /// The place that `PyYAML` gives it, from its anchor or tag on.
    pub(super) marks: Span,
    /// The value's own text, for what has one; of a collection, its opening.
    pub(super) span: Span,
    /// The anchor, with its place.
    pub(super) anchor: Option<Spanned<&'t str>>,
    /// The tag, its handle expanded.
    pub(super) tag: Option<Tag>,
}

/// The kinds of event.
#[derive(Clone, Debug)]
pub(super) enum Content<'t> {
    /// An alias and the name it uses.
    Alias(&'t str),
    /// The end of a document; whether `...` is written.
    DocumentEnd(bool),
    /// The start of a document; whether `---` is written.
    DocumentStart(bool),
    /// The end of a map.
    MappingEnd,
    /// The start of a map; whether in brackets.
    MappingStart(bool),
    /// A value.
    Scalar(ScalarText<'t>),
    /// The end of a list.
    SequenceEnd,
    /// The start of a list; whether in brackets.
    SequenceStart(bool),
    /// The end of the text.
    StreamEnd,
    /// The start of the text.
    StreamStart,
}

/// An event as `yaml.parse` gives it, for comparing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PyEvent {
    /// `+STR`, `-STR`, `+DOC`, `-DOC`, `+SEQ`, `-SEQ`, `+MAP`, `-MAP`, `VAL` or `ALI`.
    pub kind: &'static str,
    /// A scalar's text.
    pub value: Option<String>,
    /// A scalar's mark (`:` where it is plain), `F` or `B` for collections in brackets or blocks,
    /// `E` or `I` for documents with or without their mark.
    pub style: Option<char>,
    /// The tag, its handle expanded.
    pub tag: Option<String>,
    /// The anchor's or alias's name.
    pub anchor: Option<String>,
    /// Where it starts.
    pub start: Mark,
    /// Where it ends.
    pub end: Mark,
}

/// A place as `PyYAML` counts: all three from 0, in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
    /// Characters since the start of the text.
    pub index: usize,
}

impl Event<'_> {
    /// The event in `PyYAML`'s words.
    pub(super) fn into_py(self, marks: &Marks<'_>) -> PyEvent {
        let (kind, style) = self.content.kind_and_style();
        let anchor = match self.content {
            Content::Alias(name) => Some(name.to_owned()),
            _ => self.anchor.map(|anchor| anchor.value.to_owned()),
        };
        let value = match self.content {
            Content::Scalar(scalar) => Some(scalar.text.into_owned()),
            _ => None,
        };
        PyEvent {
            kind,
            value,
            style,
            tag: self.tag.map(|tag| tag.name),
            anchor,
            start: marks.at(self.marks.start),
            end: marks.at(self.marks.end),
        }
    }
}

impl Content<'_> {
    fn kind_and_style(&self) -> (&'static str, Option<char>) {
        let written = |explicit: &bool| Some(if *explicit { 'E' } else { 'I' });
        let brackets = |flow: &bool| Some(if *flow { 'F' } else { 'B' });
        match self {
            Self::Alias(_) => ("ALI", None),
            Self::DocumentEnd(explicit) => ("-DOC", written(explicit)),
            Self::DocumentStart(explicit) => ("+DOC", written(explicit)),
            Self::MappingEnd => ("-MAP", None),
            Self::MappingStart(flow) => ("+MAP", brackets(flow)),
            Self::Scalar(scalar) => ("VAL", Some(style_mark(scalar.style))),
            Self::SequenceEnd => ("-SEQ", None),
            Self::SequenceStart(flow) => ("+SEQ", brackets(flow)),
            Self::StreamEnd => ("-STR", None),
            Self::StreamStart => ("+STR", None),
        }
    }
}

fn style_mark(style: Style) -> char {
    match style {
        Style::DoubleQuoted => '"',
        Style::Folded => '>',
        Style::Literal => '|',
        Style::Plain => ':',
        Style::SingleQuoted => '\'',
    }
}

/// The marks of a text, with one kept every so many bytes.
#[derive(Debug)]
pub(super) struct Marks<'t> {
    text: &'t str,
    kept: Vec<(usize, Mark)>,
}

/// How many bytes lie between kept marks.
const STRIDE: usize = 128;

impl<'t> Marks<'t> {
    /// The marks of `text`.
    pub(super) fn new(text: &'t str) -> Self {
        let mut kept = vec![(0, Mark::default())];
        let mut mark = Mark::default();
        let mut next = STRIDE;
        for (at, c) in text.char_indices() {
            if at >= next {
                kept.push((at, mark));
                next = at + STRIDE;
            }
            mark.step(c, text.as_bytes().get(at + c.len_utf8()).copied());
        }
        Self { text, kept }
    }

    /// The mark of a byte offset.
    fn at(&self, offset: usize) -> Mark {
        let after = self.kept.partition_point(|(at, _)| *at <= offset);
        let (start, mut mark) = self.kept[after - 1];
        for (at, c) in self.text[start..offset].char_indices() {
            let next = start + at + c.len_utf8();
            mark.step(c, self.text.as_bytes().get(next).copied());
        }
        mark
    }
}

impl Mark {
    /// Steps over a character; `next` is the byte behind it.
    fn step(&mut self, c: char, next: Option<u8>) {
        self.index += 1;
        match c {
            '\r' if next == Some(b'\n') => self.column += 1,
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                self.line += 1;
                self.column = 0;
            }
            '\u{FEFF}' => {}
            _ => self.column += 1,
        }
    }
}
