//! YAML as `PyYAML`'s `SafeLoader` reads it, which is YAML 1.1 with ways of its own.
//!
//! Four steps, each asked for one thing at a time by the next: the scanner finds tokens, the parser
//! makes events, the composer makes nodes, the constructor gives them their values. None of them
//! recurses, so no text can exhaust the stack.

mod base64;
mod block;
mod class;
mod compose;
mod construct;
mod cursor;
mod decimal;
mod error;
mod event;
mod flow;
mod handles;
mod key;
mod merge;
mod number;
mod parser;
mod plain;
mod property;
mod quoted;
mod scanner;
mod timestamp;
mod token;
mod wording;

use crate::source::Span;
use crate::syntax::tree::Tree;

pub use self::error::{Context, LimitKind, YamlError, YamlErrorKind};
pub use self::event::{Mark, PyEvent};

/// How far reading goes, and what it lets through.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The most bytes a text may have.
    pub bytes: usize,
    /// The most collections that may be open at once. `PyYAML` itself gives up near 490.
    pub depth: usize,
    /// The most values a text may have, each alias counted with all that it stands for.
    pub nodes: usize,
    /// Tags of values that another program fills in, such as `!vault`; with handles expanded.
    pub filled_in_later: &'o [&'o str],
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { bytes: 1024 * 1024, depth: 64, nodes: 100_000, filled_in_later: &[] }
    }
}

/// The document as `yaml.safe_load` would load it: exactly one, or none.
///
/// Where `PyYAML` and this differ: depth, size and the digits of a number have ceilings; a value
/// that holds an alias to itself is refused; a lone surrogate in an escape becomes U+FFFD; digits
/// outside ASCII make no number under `!!int` and `!!float`.
pub fn read(text: &str, options: &Options<'_>) -> Result<Tree, YamlError> {
    check_characters(text, options)
        .and_then(|()| compose::read(text, options))
        .map_err(|error| error.or_template(text))
}

/// The events of all documents as `yaml.parse` would give them.
pub fn events(text: &str, options: &Options<'_>) -> Result<Vec<PyEvent>, YamlError> {
    check_characters(text, options)?;
    let marks = event::Marks::new(text);
    let mut parser = parser::Parser::new(text, options.depth);
    let mut events = Vec::new();
    loop {
        let event = parser.event().map_err(|error| error.or_template(text))?;
        let is_last = matches!(event.content, event::Content::StreamEnd);
        events.push(event.into_py(&marks));
        if is_last {
            return Ok(events);
        }
    }
}

/// Refuses what is too large, and characters that are not printable.
fn check_characters(text: &str, options: &Options<'_>) -> Result<(), YamlError> {
    if text.len() > options.bytes {
        let kind = YamlErrorKind::Limit(LimitKind::Bytes);
        return Err(YamlError::new(kind, Span::at(0)));
    }
    match cursor::first_unprintable(text) {
        Some(span) => Err(YamlError::syntax("a character that cannot be printed", span)),
        None => Ok(()),
    }
}
