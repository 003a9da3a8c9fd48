//! JSON (RFC 8259), with the places of keys and values.
//!
//! Comments and trailing commas are let through and told, for some readers refuse them and some
//! do not. A stack of open lists and maps stands in for recursion, so no text can exhaust the
//! program's own.

mod error;
mod read;

use crate::source::Span;
use crate::syntax::tree::Tree;

pub use self::error::{JsonError, JsonErrorKind, LimitKind};
pub use self::read::read;

/// A JSON text as a tree, and what in it is no JSON by the letter.
#[derive(Clone, Debug, Default)]
pub struct Json {
    /// The value. Keys that a later equal key replaces are hidden; the comments are here too.
    pub tree: Tree,
    /// Commas with no value behind them.
    pub trailing_commas: Vec<Span>,
    /// Whether the text begins with a byte order mark, which RFC 8259 lets a reader refuse.
    pub has_byte_order_mark: bool,
}

impl Json {
    /// Whether there are comments, which RFC 8259 does not know.
    pub fn has_comments(&self) -> bool {
        !self.tree.comments.is_empty()
    }

    /// The first place that a strict reader refuses; none where the text is JSON by the letter.
    pub fn first_departure(&self) -> Option<(Departure, Span)> {
        let comment = self.tree.comments.first().map(|comment| (Departure::Comment, comment.span));
        let comma = self.trailing_commas.first().map(|&span| (Departure::TrailingComma, span));
        [comment, comma].into_iter().flatten().min_by_key(|(_, span)| span.start)
    }
}

/// What a lenient reader lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// `// text` or `/* text */`.
    Comment,
    /// A comma before a closing bracket.
    TrailingComma,
}

impl Departure {
    /// The thing, for a sentence such as "JSON has no ...".
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "comments",
            Self::TrailingComma => "trailing commas",
        }
    }
}

/// How far reading goes.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The most bytes a text may have.
    pub bytes: usize,
    /// The most lists and maps that may be open at once.
    pub depth: usize,
    /// The most values a text may have, keys counted.
    pub nodes: usize,
}

impl Options {
    /// Room for the export of a whole realm or of every application of an organisation.
    pub const EXPORT: Self = Self { bytes: 16 << 20, depth: 64, nodes: 400_000 };
}

impl Default for Options {
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: 64, nodes: 100_000 }
    }
}
