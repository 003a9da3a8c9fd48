//! Environment files line by line, each dialect with its own rules, wrong lines included.

use crate::source::Span;
use crate::syntax::placed::Placed;
use crate::syntax::tree::{Comment, Style};

use super::{compose, docker, shell};

/// Whose rules an environment file is read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Docker Compose: `env_file` and `.env`.
    Compose,
    /// `docker run --env-file`, and `env_file` of Compose with `format: raw`: nothing is stripped.
    Docker,
    /// The `export` lines of a POSIX shell.
    Shell,
}

/// What an environment file says.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The variables in the order of the text.
    pub assignments: Vec<Assignment>,
    /// What the dialect refuses or reads otherwise than it looks.
    pub odd: Vec<Odd>,
    /// Comments in the order of the text.
    pub comments: Vec<Comment>,
}

/// One variable that a line sets.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// What its value is put together from; none where it is taken over from the surroundings.
    pub parts: Option<Vec<Part>>,
    /// The value as written, quotes included.
    pub value_span: Span,
    /// How the value was written.
    pub style: Style,
}

/// A piece of a value, before anything is replaced in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Something that only a run of the script can tell.
    Computed,
    /// Text as it is.
    Literal(Placed),
    /// The value of a variable.
    Reference(String),
    /// Text in which Compose replaces `$NAME` and the like.
    Template(Placed),
}

/// A piece of an environment file that its reader does not take as an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// Where it stands: the name where there is one, else the whole line.
    pub span: Span,
    /// What is wrong with it.
    pub kind: OddKind,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddKind {
    /// A name that has a blank in it.
    BlankInName,
    /// A character that no name may have.
    CharacterInName(char),
    /// A line without `=`, the last of the file: it sets a variable without a name.
    LoneName,
    /// Nothing stands before `=`.
    NoName,
    /// A quote that is never closed.
    UnclosedQuote,
}

/// The lines of an environment file; what a dialect refuses is passed over and kept aside.
pub fn lines(text: &str, dialect: Dialect) -> Lines {
    match dialect {
        Dialect::Compose => compose::lines(text),
        Dialect::Docker => docker::lines(text),
        Dialect::Shell => shell::lines(text),
    }
}

/// The end of the line that a place is in.
pub(super) fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |n| from + n)
}
