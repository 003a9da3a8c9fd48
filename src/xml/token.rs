//! The tokeniser's words in ours.

use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::Event as Token;

use crate::xml::tag;

/// A token without what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Cdata,
    Comment,
    Declaration,
    Dtd,
    Empty,
    End,
    Eof,
    Instruction,
    Reference,
    Start,
    Text,
}

impl Kind {
    /// The kind of a token.
    pub(super) fn of(token: &Token<'_>) -> Self {
        match token {
            Token::CData(_) => Self::Cdata,
            Token::Comment(_) => Self::Comment,
            Token::Decl(_) => Self::Declaration,
            Token::DocType(_) => Self::Dtd,
            Token::Empty(_) => Self::Empty,
            Token::End(_) => Self::End,
            Token::Eof => Self::Eof,
            Token::GeneralRef(_) => Self::Reference,
            Token::PI(_) => Self::Instruction,
            Token::Start(_) => Self::Start,
            Token::Text(_) => Self::Text,
        }
    }
}

/// The tokeniser's error.
pub(super) fn told(error: &Error) -> &'static str {
    match error {
        Error::IllFormed(
            IllFormedError::MismatchedEndTag { .. } | IllFormedError::UnmatchedEndTag(_),
        ) => "an end tag that belongs to no element open here",
        Error::IllFormed(IllFormedError::UnclosedReference) => tag::BARE_AMPERSAND,
        Error::Syntax(SyntaxError::UnclosedCData) => "a CDATA section is not closed",
        Error::Syntax(SyntaxError::UnclosedComment) => "a comment is not closed",
        Error::Syntax(SyntaxError::UnclosedTag) => "a tag is not closed",
        Error::Syntax(
            SyntaxError::UnclosedDoubleQuotedAttributeValue
            | SyntaxError::UnclosedSingleQuotedAttributeValue,
        ) => "a quote is not closed",
        _ => "markup that is no XML",
    }
}
