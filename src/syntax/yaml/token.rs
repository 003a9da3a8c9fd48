//! What the scanner finds in a text.

use std::borrow::Cow;

use crate::source::{Span, Spanned};
use crate::syntax::tree::Style;

/// One mark or piece of text, with its place.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Its place; empty for what is only understood, such as the end of a block.
    pub(super) span: Span,
    /// What it carries.
    pub(super) load: Load<'t>,
    /// What is understood before it since a `:` was found behind it.
    pub(super) before: Before,
}

/// A token as the parser sees it before taking it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peek {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Its place.
    pub(super) span: Span,
    /// The place of what is written there, for what is only understood before it.
    pub(super) written: Span,
}

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `*name`.
    Alias,
    /// `&name`.
    Anchor,
    /// The end of a block map or list.
    BlockEnd,
    /// `- `.
    BlockEntry,
    /// The start of a block map.
    BlockMappingStart,
    /// The start of a block list.
    BlockSequenceStart,
    /// `%NAME ...`.
    Directive,
    /// `...`.
    DocumentEnd,
    /// `---`.
    DocumentStart,
    /// `,`.
    FlowEntry,
    /// `}`.
    FlowMappingEnd,
    /// `{`.
    FlowMappingStart,
    /// `]`.
    FlowSequenceEnd,
    /// `[`.
    FlowSequenceStart,
    /// `? `, or the start of a key that a `:` follows.
    Key,
    /// A value.
    Scalar,
    /// The end of the text.
    StreamEnd,
    /// `!tag`.
    Tag,
    /// `:`.
    Value,
}

/// What a token carries.
#[derive(Clone, Debug)]
pub(super) enum Load<'t> {
    /// A directive.
    Directive(Directive<'t>),
    /// The name of an anchor or alias.
    Name(&'t str),
    /// Nothing.
    Nothing,
    /// A value.
    Scalar(ScalarText<'t>),
    /// A tag: its handle, none for `!<...>` and a lone `!`, and what follows.
    Tag(Option<&'t str>, Cow<'t, str>),
}

/// A value as it was written and read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScalarText<'t> {
    /// The text after unquoting and folding.
    pub(super) text: Cow<'t, str>,
    /// How it was written.
    pub(super) style: Style,
    /// The value's own text: the token's place without blank lines behind a block.
    pub(super) span: Span,
}

/// A directive (YAML 1.1, 7.1.1).
#[derive(Clone, Debug)]
pub(super) enum Directive<'t> {
    /// Any other, which is ignored.
    Reserved,
    /// `%TAG handle prefix`.
    Tag(Spanned<&'t str>, Cow<'t, str>),
    /// `%YAML 1.1`: whether the major version is 1.
    Yaml(bool),
}

/// What is understood before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// That it is a key.
    Key,
    /// That it is the first key of a block map.
    MappingAndKey,
    /// Nothing.
    Nothing,
}

impl Token<'_> {
    /// A token that carries nothing.
    pub(super) fn mark(kind: TokenKind, span: Span) -> Self {
        Self { kind, span, load: Load::Nothing, before: Before::Nothing }
    }
}
