//! From tokens to events: the grammar, with a stack of its own.

use std::borrow::Cow;

use crate::source::{Span, Spanned};
use crate::syntax::tree::{Comment, Style, Tag};
use crate::syntax::yaml::cursor::Result;
use crate::syntax::yaml::error::{LimitKind, YamlError, YamlErrorKind};
use crate::syntax::yaml::event::{Content, Event};
use crate::syntax::yaml::handles::Handles;
use crate::syntax::yaml::scanner::Scanner;
use crate::syntax::yaml::token::{Load, Peek, ScalarText, Token, TokenKind};
use crate::syntax::yaml::wording;

/// The events of a text, found as they are asked for.
#[derive(Debug)]
pub(super) struct Parser<'t> {
    pub(super) scanner: Scanner<'t>,
    pub(super) state: State,
    /// Where to go on when the current node ends.
    pub(super) outer: Vec<State>,
    open: Vec<Open>,
    handles: Handles<'t>,
    /// The end of the last token's own text.
    last: usize,
    /// The last value, if it is in quotes.
    quoted: Option<Span>,
    depth: usize,
}

/// An open collection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    /// What it is.
    pub(super) kind: TokenKind,
    /// How it starts.
    pub(super) span: Span,
}

/// What the grammar expects next.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    BlockNode,
    Document,
    DocumentContent,
    DocumentEnd,
    FirstDocument,
    FlowFirstItem,
    FlowFirstKey,
    FlowItem,
    FlowKey,
    FlowMissingValue,
    FlowValue,
    IndentlessEntry,
    MappingKey,
    MappingValue,
    PairEnd,
    PairKey,
    PairValue,
    SequenceEntry,
    StreamStart,
}

/// Which kinds of node may stand somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Blocks as well.
    Block,
    /// Blocks, and a list no deeper than its key.
    BlockOrIndentless,
    /// No blocks: between brackets.
    Flow,
}

/// Anchor and tag of a node.
#[derive(Debug, Default)]
struct Properties<'t> {
    anchor: Option<Spanned<&'t str>>,
    tag: Option<Tag>,
    /// From the first to the last of them.
    span: Option<Span>,
}

impl<'t> Parser<'t> {
    /// The events of `text`, with at most `depth` collections open.
    pub(super) fn new(text: &'t str, depth: usize) -> Self {
        Self {
            scanner: Scanner::new(text),
            state: State::StreamStart,
            outer: Vec::new(),
            open: Vec::new(),
            handles: Handles::default(),
            last: 0,
            quoted: None,
            depth,
        }
    }

    /// The comments of what was read.
    pub(super) fn into_comments(self) -> Vec<Comment> {
        self.scanner.comments
    }

    /// The next event. After the end of the text there is none.
    pub(super) fn event(&mut self) -> Result<Event<'t>> {
        match self.state {
            State::BlockNode => self.node(Place::Block),
            State::Document => self.document(),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::FirstDocument => self.first_document(),
            State::FlowFirstItem => self.flow_item(true),
            State::FlowFirstKey => self.flow_key(true),
            State::FlowItem => self.flow_item(false),
            State::FlowKey => self.flow_key(false),
            State::FlowMissingValue => self.missing(State::FlowKey),
            State::FlowValue => self.flow_value(),
            State::IndentlessEntry => self.indentless_entry(),
            State::MappingKey => self.mapping_key(),
            State::MappingValue => self.mapping_value(),
            State::PairEnd => self.pair_end(),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::SequenceEntry => self.sequence_entry(),
            State::StreamStart => {
                self.state = State::FirstDocument;
                Ok(bare(Content::StreamStart, Span::at(0)))
            }
        }
    }

    /// A token that does not fit behind what stands before it.
    fn misfit(&self, found: Peek) -> YamlError {
        let text = self.scanner.cursor.text();
        wording::behind_quotes(text, found, self.quoted)
            .unwrap_or_else(|| wording::misfit(found, self.open.last()))
    }

    /// A token between brackets where `,` or the closing bracket was to stand.
    pub(super) fn no_separator(&self, found: Peek) -> YamlError {
        let text = self.scanner.cursor.text();
        wording::behind_quotes(text, found, self.quoted)
            .unwrap_or_else(|| wording::no_separator(text, found, self.open.last()))
    }

    fn next_is(&mut self, kinds: &[TokenKind]) -> Result<bool> {
        Ok(kinds.contains(&self.scanner.peek()?.kind))
    }

    /// Takes the token that was shown last.
    pub(super) fn take(&mut self) -> Token<'t> {
        let token = self.scanner.take();
        match &token.load {
            Load::Scalar(scalar) => {
                self.last = scalar.span.end;
                let quoted = matches!(scalar.style, Style::DoubleQuoted | Style::SingleQuoted);
                self.quoted = quoted.then_some(scalar.span);
            }
            _ if token.kind == TokenKind::BlockEnd => {}
            _ => self.last = token.span.end,
        }
        token
    }

    fn first_document(&mut self) -> Result<Event<'t>> {
        if self.next_is(&[TokenKind::Directive, TokenKind::DocumentStart, TokenKind::StreamEnd])? {
            return self.document();
        }
        let start = Span::at(self.scanner.peek()?.span.start);
        self.outer.push(State::DocumentEnd);
        self.state = State::BlockNode;
        Ok(bare(Content::DocumentStart(false), start))
    }

    fn document(&mut self) -> Result<Event<'t>> {
        while self.next_is(&[TokenKind::DocumentEnd])? {
            self.take();
        }
        let start = self.scanner.peek()?.span;
        if self.next_is(&[TokenKind::StreamEnd])? {
            return Ok(bare(Content::StreamEnd, start));
        }
        self.handles.clear();
        while self.next_is(&[TokenKind::Directive])? {
            let token = self.take();
            if let Load::Directive(directive) = token.load {
                self.handles.directive(directive, token.span)?;
            }
        }
        let next = self.scanner.peek()?;
        if next.kind != TokenKind::DocumentStart {
            return Err(self.misfit(next));
        }
        let end = self.take().span.end;
        self.outer.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        let marks = Span::new(start.start, end);
        Ok(bare(Content::DocumentStart(true), marks))
    }

    fn document_content(&mut self) -> Result<Event<'t>> {
        let is_empty = self.next_is(&[
            TokenKind::Directive,
            TokenKind::DocumentEnd,
            TokenKind::DocumentStart,
            TokenKind::StreamEnd,
        ])?;
        if is_empty {
            let state = self.pop();
            return self.missing(state);
        }
        self.node(Place::Block)
    }

    fn document_end(&mut self) -> Result<Event<'t>> {
        self.state = State::Document;
        let next = self.scanner.peek()?;
        let explicit = next.kind == TokenKind::DocumentEnd;
        let mut marks = Span::at(next.span.start);
        if explicit {
            marks = self.take().span;
        }
        Ok(bare(Content::DocumentEnd(explicit), marks))
    }

    /// The state behind the current node.
    fn pop(&mut self) -> State {
        self.outer.pop().expect("bug: a node has no state behind it")
    }

    /// A value that is not written, before the next token.
    pub(super) fn missing(&mut self, state: State) -> Result<Event<'t>> {
        let mark = self.scanner.peek()?.span.start;
        Ok(self.empty(mark, state))
    }

    /// A value that is not written, at `mark` in `PyYAML`'s count.
    fn empty(&mut self, mark: usize, state: State) -> Event<'t> {
        self.state = state;
        bare(Content::Scalar(empty_scalar(self.last)), Span::at(mark))
    }

    /// A node, and the state behind it; or an empty value where one of `ends` follows.
    pub(super) fn node_unless(
        &mut self,
        ends: &[TokenKind],
        mark: Span,
        place: Place,
        then: State,
    ) -> Result<Event<'t>> {
        if self.next_is(ends)? {
            return Ok(self.empty(mark.end, then));
        }
        self.outer.push(then);
        self.node(place)
    }

    pub(super) fn node(&mut self, place: Place) -> Result<Event<'t>> {
        if self.next_is(&[TokenKind::Alias])? {
            let token = self.take();
            self.state = self.pop();
            let name = match token.load {
                Load::Name(name) => name,
                _ => "",
            };
            return Ok(bare(Content::Alias(name), token.span));
        }
        let properties = self.properties()?;
        let next = self.scanner.peek()?;
        let indentless = place == Place::BlockOrIndentless && next.kind == TokenKind::BlockEntry;
        let (content, end) = match next.kind {
            TokenKind::BlockEntry if indentless => {
                self.state = State::IndentlessEntry;
                (Content::SequenceStart(false), next.span.end)
            }
            TokenKind::Scalar => return Ok(self.scalar(properties)),
            TokenKind::FlowSequenceStart => {
                self.state = State::FlowFirstItem;
                (Content::SequenceStart(true), next.span.end)
            }
            TokenKind::FlowMappingStart => {
                self.state = State::FlowFirstKey;
                (Content::MappingStart(true), next.span.end)
            }
            TokenKind::BlockSequenceStart if place != Place::Flow => {
                self.state = State::SequenceEntry;
                (Content::SequenceStart(false), next.span.start)
            }
            TokenKind::BlockMappingStart if place != Place::Flow => {
                self.state = State::MappingKey;
                (Content::MappingStart(false), next.span.start)
            }
            _ => return self.bare_properties(properties),
        };
        self.push_open(next.kind, next.span)?;
        if !indentless {
            self.take();
        }
        Ok(properties.event(content, next.span, end))
    }

    /// Opens a collection.
    pub(super) fn push_open(&mut self, kind: TokenKind, span: Span) -> Result<()> {
        if self.open.len() >= self.depth {
            let kind = YamlErrorKind::Limit(LimitKind::Depth);
            return Err(YamlError::new(kind, span));
        }
        self.open.push(Open { kind, span });
        Ok(())
    }

    /// Closes the innermost collection.
    pub(super) fn end(&mut self, content: Content<'t>, marks: Span) -> Event<'t> {
        self.open.pop();
        self.state = self.pop();
        bare(content, marks)
    }

    fn scalar(&mut self, properties: Properties<'t>) -> Event<'t> {
        let token = self.take();
        self.state = self.pop();
        let scalar = match token.load {
            Load::Scalar(scalar) => scalar,
            _ => empty_scalar(token.span.end),
        };
        let span = scalar.span;
        let start = properties.span.map_or(token.span.start, |span| span.start);
        let mut event = properties.event(Content::Scalar(scalar), span, token.span.end);
        event.marks = Span::new(start, token.span.end);
        event
    }

    /// A node of which only anchor or tag are written.
    fn bare_properties(&mut self, properties: Properties<'t>) -> Result<Event<'t>> {
        let Some(span) = properties.span else {
            let next = self.scanner.peek()?;
            return Err(wording::no_value(next, self.open.last()));
        };
        self.state = self.pop();
        let scalar = Content::Scalar(empty_scalar(span.end));
        Ok(properties.event(scalar, Span::at(span.end), span.end))
    }

    /// One anchor and one tag at most, in either order.
    fn properties(&mut self) -> Result<Properties<'t>> {
        let mut properties = Properties::default();
        loop {
            let kind = self.scanner.peek()?.kind;
            let wanted = match kind {
                TokenKind::Anchor => properties.anchor.is_none(),
                TokenKind::Tag => properties.tag.is_none(),
                _ => false,
            };
            if !wanted {
                return Ok(properties);
            }
            let Token { span, load, .. } = self.take();
            match load {
                Load::Name(value) => properties.anchor = Some(Spanned { value, span }),
                Load::Tag(handle, suffix) => {
                    let name = self.handles.expand(handle, &suffix, span)?;
                    properties.tag = Some(Tag { span, name });
                }
                _ => {}
            }
            let start = properties.span.unwrap_or(span).start;
            properties.span = Some(Span::new(start, span.end));
        }
    }

    fn sequence_entry(&mut self) -> Result<Event<'t>> {
        let next = self.scanner.peek()?;
        match next.kind {
            TokenKind::BlockEntry => {
                self.take();
                let ends = [TokenKind::BlockEntry, TokenKind::BlockEnd];
                self.node_unless(&ends, next.span, Place::Block, State::SequenceEntry)
            }
            TokenKind::BlockEnd => {
                self.take();
                Ok(self.end(Content::SequenceEnd, next.span))
            }
            _ => Err(self.misfit(next)),
        }
    }

    fn indentless_entry(&mut self) -> Result<Event<'t>> {
        let next = self.scanner.peek()?;
        if next.kind != TokenKind::BlockEntry {
            let marks = Span::at(next.span.start);
            return Ok(self.end(Content::SequenceEnd, marks));
        }
        self.take();
        let ends = [TokenKind::BlockEntry, TokenKind::Key, TokenKind::Value, TokenKind::BlockEnd];
        self.node_unless(&ends, next.span, Place::Block, State::IndentlessEntry)
    }

    fn mapping_key(&mut self) -> Result<Event<'t>> {
        let next = self.scanner.peek()?;
        match next.kind {
            TokenKind::Key => {
                self.take();
                self.node_unless(
                    &BLOCK_PAIR_ENDS,
                    next.span,
                    Place::BlockOrIndentless,
                    State::MappingValue,
                )
            }
            TokenKind::BlockEnd => {
                self.take();
                Ok(self.end(Content::MappingEnd, next.span))
            }
            _ => Err(self.misfit(next)),
        }
    }

    fn mapping_value(&mut self) -> Result<Event<'t>> {
        let next = self.scanner.peek()?;
        if next.kind != TokenKind::Value {
            return self.missing(State::MappingKey);
        }
        self.take();
        self.node_unless(&BLOCK_PAIR_ENDS, next.span, Place::BlockOrIndentless, State::MappingKey)
    }
}

impl<'t> Properties<'t> {
    /// The event of a node with these properties.
    fn event(self, content: Content<'t>, span: Span, end: usize) -> Event<'t> {
        let start = self.span.map_or(span.start, |span| span.start);
        Event { content, marks: Span::new(start, end), span, anchor: self.anchor, tag: self.tag }
    }
}

/// What ends an unwritten key or value of a block map.
const BLOCK_PAIR_ENDS: [TokenKind; 3] = [TokenKind::Key, TokenKind::Value, TokenKind::BlockEnd];

fn empty_scalar<'t>(at: usize) -> ScalarText<'t> {
    ScalarText { text: Cow::Borrowed(""), style: Style::Plain, span: Span::at(at) }
}

/// An event without anchor and tag.
pub(super) fn bare(content: Content<'_>, marks: Span) -> Event<'_> {
    let span = match &content {
        Content::Scalar(scalar) => scalar.span,
        _ => marks,
    };
    Event { content, marks, span, anchor: None, tag: None }
}
