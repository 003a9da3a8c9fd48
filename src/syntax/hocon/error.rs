//! What keeps a text from being read, in words for its author.

use std::fmt;

use crate::source::Span;

/// Why a text cannot be read, and the place to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoconError {
    /// What is wrong.
    pub kind: HoconErrorKind,
    /// The place to look at, in bytes.
    pub span: Span,
}

/// What is wrong with a text. All but [`HoconErrorKind::Limit`] are faults of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoconErrorKind {
    /// A duration that Python cannot hold.
    BadDuration,
    /// `include` with something other than a name in quotes behind it.
    BadInclude,
    /// A backslash with nothing behind it.
    LoneBackslash,
    /// One of our ceilings was reached.
    Limit(LimitKind),
    /// A key without `=`, `:` or `{` behind it.
    MissingSeparator,
    /// Pieces of one value that cannot be joined: text, a list and a map.
    MixedKinds,
    /// A map, or a key below this one, where the key already has a single value or a list.
    NoMap,
    /// A key of no characters.
    NoName,
    /// A character that cannot stand outside quotes.
    Special(char),
    /// A bracket or quote that is never closed.
    Unclosed(char),
    /// `${` without its `}`, or with nothing between them.
    UnclosedSubstitution,
    /// A closing bracket without its opening one.
    Unopened(char),
}

/// The ceiling that a text reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// The size of the text.
    Bytes,
    /// Lists and maps within each other.
    Depth,
    /// Digits of a duration.
    Digits,
    /// Keys and values.
    Nodes,
}

impl HoconError {
    /// An error at a place.
    pub(super) fn new(kind: HoconErrorKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// The same error as the author of a single value sees it: a comma ended the value.
    pub(super) fn in_value(self, text: &str) -> Self {
        if self.kind != HoconErrorKind::MissingSeparator {
            return self;
        }
        let before = text[..self.span.start].trim_end();
        match before.strip_suffix(',') {
            Some(rest) => {
                let comma = Span::new(rest.len(), before.len());
                Self::new(HoconErrorKind::Special(','), comma)
            }
            None => self,
        }
    }
}

impl fmt::Display for HoconError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for HoconError {}

impl fmt::Display for HoconErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadDuration => f.write_str("the duration is too long"),
            Self::BadInclude => f.write_str("`include` takes a name in double quotes"),
            Self::Limit(limit) => limit.fmt(f),
            Self::LoneBackslash => f.write_str("nothing stands behind this `\\`"),
            Self::MissingSeparator => f.write_str("expected `=` or `:` after this key"),
            Self::MixedKinds => f.write_str("text, a list and a map cannot be joined to one value"),
            Self::NoMap => f.write_str("the key has a value already that is no map"),
            Self::NoName => f.write_str("the key has no name"),
            Self::Special('`') => f.write_str("a backtick needs quotes in HOCON"),
            Self::Special(c) if c.is_control() || c.is_whitespace() => {
                write!(f, "the character U+{:04X} needs quotes in HOCON", u32::from(*c))
            }
            Self::Special(c) => write!(f, "`{c}` needs quotes in HOCON"),
            Self::Unclosed('"') => f.write_str("this quote is never closed"),
            Self::Unclosed(c) => write!(f, "this `{c}` is never closed"),
            Self::UnclosedSubstitution => f.write_str("this `${` names nothing or lacks its `}`"),
            Self::Unopened(c) => write!(f, "this `{c}` closes nothing"),
        }
    }
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "the text is too large",
            Self::Depth => "the values are nested too deep",
            Self::Digits => "the duration has too many digits",
            Self::Nodes => "the text holds too many values",
        })
    }
}
