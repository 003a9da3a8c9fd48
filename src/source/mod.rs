//! One text and where it came from: positions, key paths, and snippets with secrets masked.

mod key_path;
mod printable;
mod secrets;
mod text;

pub use key_path::{KeyPath, Step};
pub use printable::{is_unprintable, printable};
pub use secrets::{bare_name, in_text as secrets_in_text, is_secret_key};
pub use text::{Excerpt, Source};

use std::ops::Range;

/// A byte range of one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "bug: a span ends before it starts");
        Self { start, end }
    }

    /// An empty range at one place, for what is missing there.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The same range for indexing a text.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether no byte lies inside.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two ranges share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A value and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What stands there.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A position as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Line, from 1; lines end with LF, CR or CR LF, as editors count them.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}
