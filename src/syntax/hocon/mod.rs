//! HOCON as pyhocon 0.3.63 reads it, which is narrower than HOCON in places and wider in others.
//!
//! The ClearML server reads each of its environment variables as `path: value` and its `*.conf`
//! files with that library. Four steps: tabs become spaces, as the library's parser makes them; the
//! grammar finds keys and pieces of values; pieces are joined; maps are merged and what other
//! places of the text answer is filled in. Depth has a ceiling, so recursion has one too.

mod build;
mod concat;
mod digits;
mod error;
mod include;
mod key;
mod lexer;
mod number;
mod parser;
mod period;
mod prepared;
mod resolve;
mod single;
mod write;

use crate::source::Span;
use crate::syntax::hocon::prepared::Prepared;
use crate::syntax::tree::Tree;

pub use self::error::{HoconError, HoconErrorKind, LimitKind};
pub use self::write::{quoted, reads_as_text, unquoted_trouble};

/// The tag of a value that the text alone does not tell: it depends on the environment, on another
/// file, or on what stood under the key before.
pub const SUBSTITUTION: &str = "hocon:substitution";
/// The tag of a value that was written as a substitution and answered by the same text.
pub const RESOLVED: &str = "hocon:resolved";
/// The tag of what `include` brings in: the key of a hidden entry, or an unknown value.
pub const INCLUDE: &str = "hocon:include";

/// How far reading goes.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The most bytes a text may have, tabs counted as the spaces they stand for.
    pub bytes: usize,
    /// The most lists and maps that may be open at once, steps of dotted keys included. pyhocon
    /// itself gives up near 60 lists and 35 maps.
    pub depth: usize,
    /// The most keys and values a text may have.
    pub nodes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { bytes: 1024 * 1024, depth: 64, nodes: 100_000 }
    }
}

/// A whole file as `ConfigFactory.parse_string` would load it.
pub fn read(text: &str, options: &Options) -> Result<Tree, HoconError> {
    parser::read(&Prepared::new(text, 0, options)?, options)
}

/// What the value of an environment variable becomes, with places in `text`.
///
/// A tab within the text stands for as many spaces as the path before it makes; [`value_of`] knows.
pub fn value(text: &str) -> Result<Tree, HoconError> {
    value_of("_", text)
}

/// What `path` becomes by `path: text`, with places in `text`.
///
/// Keys that the text sets besides are no part of the value; then its span ends before they start.
pub fn value_of(path: &str, text: &str) -> Result<Tree, HoconError> {
    let options = Options::default();
    let base = path.len() + 2;
    let prepared = Prepared::new(&format!("{path}: {text}"), base, &options)?;
    let mut tree = parser::read(&prepared, &options).map_err(|error| error.in_value(text))?;
    for part in key::parts(path, usize::MAX) {
        tree.root = tree.root.and_then(|map| key::value_under(&tree, map, &part));
    }
    Ok(tree)
}

/// Where a text of no characters stands.
fn nowhere() -> Span {
    Span::at(0)
}
