//! What keeps a text from being a search filter, in words for its author.

use std::{error, fmt};

use crate::source::Span;

/// Why a text is no search filter, and the place to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// What is wrong.
    pub kind: FilterErrorKind,
    /// The place to look at, in bytes of the text.
    pub span: Span,
}

/// What is wrong with the text of a filter. All but `TooDeep` are faults of its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterErrorKind {
    /// A text before `=` that is no attribute.
    BadAttribute,
    /// A backslash that no two hexadecimal digits follow.
    BadEscape,
    /// A text between colons that is neither `dn` nor a matching rule.
    BadRule,
    /// Nothing but blanks.
    Blank,
    /// Two `*` with nothing between them.
    DoubleStar,
    /// A test without `=`.
    MissingEquals,
    /// A part of `&`, `|` or `!` without its parentheses.
    MissingParenthesis,
    /// A NUL character; it is written `\00`.
    Nul,
    /// `!` of nothing, or of several parts.
    OneOperand,
    /// Text around a whole filter, be it a blank.
    SurroundingText,
    /// A parenthesis within a parenthesis, with no `&`, `|` or `!` between them.
    SuperfluousParenthesis,
    /// Our ceiling on parts within parts was reached.
    TooDeep,
    /// A parenthesis that is never closed.
    Unclosed,
    /// A character that a value holds only as an escape: `(`, `)`, and `*` where no substring can
    /// be asked for.
    Unescaped(char),
}

impl fmt::Display for FilterError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.kind {
            FilterErrorKind::BadAttribute => {
                "no attribute: a name such as `cn` or an OID stands directly before the `=`"
            }
            FilterErrorKind::BadEscape => {
                "no escape: a backslash stands before two hexadecimal digits, and is itself written `\\5c`"
            }
            FilterErrorKind::BadRule => {
                "no matching rule: expected is `attribute:dn:rule:=value`, with an OID or a name as rule"
            }
            FilterErrorKind::Blank => "a filter of blanks only: servers refuse what is sent for it",
            FilterErrorKind::DoubleStar => {
                "nothing stands between two `*`: one is enough, and a star itself is written `\\2a`"
            }
            FilterErrorKind::MissingEquals => {
                "no `=` in this test: expected is `(attribute=value)`"
            }
            FilterErrorKind::MissingParenthesis => {
                "a part of `&`, `|` or `!` stands in parentheses of its own"
            }
            FilterErrorKind::Nul => "a NUL character is written `\\00`",
            FilterErrorKind::OneOperand => "`!` takes exactly one part, with no blank behind it",
            FilterErrorKind::SurroundingText => {
                "text outside the parentheses of the filter, blanks included"
            }
            FilterErrorKind::SuperfluousParenthesis => {
                "a second parenthesis without `&`, `|` or `!`"
            }
            FilterErrorKind::TooDeep => "more parts within parts than are read",
            FilterErrorKind::Unclosed => "this parenthesis is never closed",
            FilterErrorKind::Unescaped(found) => {
                return write!(
                    out,
                    "`{found}` inside a value is written `\\{:02x}`",
                    u32::from(found)
                );
            }
        };
        out.write_str(text)
    }
}

impl error::Error for FilterError {}
