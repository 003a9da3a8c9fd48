//! What keeps a text from being a distinguished name, in words for its author.

use std::{error, fmt};

use crate::source::Span;

/// Why a text is no distinguished name, and the place to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnError {
    /// What is wrong.
    pub kind: DnErrorKind,
    /// The place to look at, in bytes of the text.
    pub span: Span,
}

/// What is wrong with the text of a distinguished name. All are faults of its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DnErrorKind {
    /// A character where an attribute type begins, and none can begin with it.
    BadAttribute,
    /// A backslash before what needs none and is no pair of hexadecimal digits.
    BadEscape,
    /// A `#` value that is no row of pairs of hexadecimal digits.
    BadHexadecimal,
    /// Nothing where an attribute is expected: a separator too many.
    EmptyName,
    /// A part without `=`, as when a comma inside a value is not escaped.
    MissingEquals,
    /// A NUL character.
    Nul,
    /// `OID.` before an OID (RFC 1779), which libldap does not take.
    OidPrefix,
    /// Text between the closing quote of a value and the next separator.
    TextAfterQuote,
    /// A value whose opening quote is never closed.
    UnclosedQuote,
    /// A character that a value holds only behind a backslash.
    Unescaped(char),
}

impl fmt::Display for DnError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.kind {
            DnErrorKind::BadAttribute => {
                "no attribute type: a name such as `cn` or an OID is expected"
            }
            DnErrorKind::BadEscape => {
                "no escape: a backslash stands before a special character or two hexadecimal digits, and is itself written `\\\\`"
            }
            DnErrorKind::BadHexadecimal => {
                "no encoded value: `#` is followed by pairs of hexadecimal digits; a text that begins with it is written `\\#`"
            }
            DnErrorKind::EmptyName => "nothing stands here: one separator too many",
            DnErrorKind::MissingEquals => {
                "no `=` in this part: expected is `type=value`; a comma inside a value is written `\\,`"
            }
            DnErrorKind::Nul => "a NUL character",
            DnErrorKind::OidPrefix => "`OID.` is not read: an OID stands alone, as in `2.5.4.3=`",
            DnErrorKind::TextAfterQuote => "text behind the closing quote of a value",
            DnErrorKind::UnclosedQuote => "this quote is never closed",
            DnErrorKind::Unescaped(found) => {
                return write!(out, "`{found}` inside a value is written `\\{found}`");
            }
        };
        out.write_str(text)
    }
}

impl error::Error for DnError {}
