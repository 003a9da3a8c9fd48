//! What is wrong with a JSON text.

use std::fmt;

use crate::source::Span;

/// Why a text could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// Where it is wrong.
    pub span: Span,
    /// The bracket that is open there, if the error has to do with one.
    pub open: Option<Span>,
}

/// What is wrong with a text. All but [`JsonErrorKind::Limit`] are faults of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonErrorKind {
    /// A backslash before something that it cannot stand before, or half of a surrogate pair.
    BadEscape,
    /// A closing bracket of the other kind, or without an opening one.
    BadBracket,
    /// Digits that are no JSON number.
    BadNumber,
    /// A line break, tab or other control character inside a string.
    ControlCharacter,
    /// Nothing but white space and comments.
    Empty,
    /// A comma that separates nothing.
    ExtraComma,
    /// One of our ceilings was reached.
    Limit(LimitKind),
    /// No colon between key and value.
    MissingColon,
    /// No comma between two entries or items.
    MissingComma,
    /// A colon, but no value behind it.
    MissingValue,
    /// A character that JSON gives no meaning.
    Stray,
    /// A second value behind the first.
    SecondValue,
    /// A string in single quotes.
    SingleQuotes,
    /// A comment that is not closed.
    UnclosedComment,
    /// The text ends inside a list or map.
    UnclosedBracket,
    /// The text ends inside a string.
    UnclosedString,
    /// A key without quotes.
    UnquotedKey,
    /// A word that is none of `true`, `false` and `null`.
    UnquotedText,
}

/// The ceiling that a text reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// The size of the text.
    Bytes,
    /// Lists and maps within one another.
    Depth,
    /// Values, keys counted.
    Nodes,
}

impl JsonError {
    /// An error that has to do with no bracket.
    pub(super) fn new(kind: JsonErrorKind, span: Span) -> Self {
        Self { kind, span, open: None }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for JsonError {}

impl fmt::Display for JsonErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadEscape => "a backslash sequence that JSON does not know",
            Self::BadBracket => "this bracket closes nothing",
            Self::BadNumber => "this is not a number",
            Self::ControlCharacter => {
                "a line break or control character inside a string, where \\n belongs"
            }
            Self::Empty => "there is no value",
            Self::ExtraComma => "a comma with no value before it",
            Self::Limit(limit) => return limit.fmt(f),
            Self::MissingColon => "a colon is missing behind the key",
            Self::MissingComma => "a comma is missing before this",
            Self::MissingValue => "a value is missing behind the colon",
            Self::Stray => "a character that has no meaning in JSON",
            Self::SecondValue => "a second value starts here",
            Self::SingleQuotes => "text is in single quotes, where double ones belong",
            Self::UnclosedComment => "the comment is not closed",
            Self::UnclosedBracket => "the text ends before this bracket is closed",
            Self::UnclosedString => "the quote is not closed",
            Self::UnquotedKey => "the key is not in double quotes",
            Self::UnquotedText => "text is not in double quotes",
        })
    }
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "the text is too large",
            Self::Depth => "the values are nested too deep",
            Self::Nodes => "the text holds too many values",
        })
    }
}
